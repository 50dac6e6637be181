"""What a codebook has already: which units its frames, names and actors match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framing.lexicon.entries import whole_matches
from framing.matching.compiled import compile_codebook

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framing.codebook import Codebook
    from framing.lexicon.wordstream import Wordstream


class Known:
    """Which frequent units of a stream a codebook matches as a whole."""

    def __init__(self, codebook: Codebook, stream: Wordstream) -> None:
        compiled = compile_codebook(codebook, "default")
        self._size = len(stream.keys)
        self._frames: dict[int, list[str]] = {}
        self._closed: dict[str, set[int]] = {frame: set() for frame in codebook.frames}
        units = stream.frequent.tolist()
        for unit, owners in zip(units, whole_matches(compiled, [stream.readable[u] for u in units]), strict=True):
            for owner in sorted(owners):
                held = compiled.entries.get(owner)
                if owner in compiled.actors:
                    for taken in self._closed.values():
                        taken.add(unit)
                elif held is not None:
                    frame = compiled.frame_ids[held.frame]
                    self._closed[frame].add(unit)
                    if held.entry is not None and frame not in self._frames.setdefault(unit, []):
                        self._frames[unit].append(frame)

    def closed(self, frame: str) -> NDArray[np.bool_]:
        """Say of each unit whether it can be no candidate for a frame."""
        closed = np.zeros(self._size, bool)
        closed[sorted(self._closed[frame])] = True
        return closed

    def frames_of(self, unit: int) -> list[str]:
        """Return the frames that have a unit."""
        return self._frames.get(unit, [])
