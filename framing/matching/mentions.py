"""Mentions of actors: where a text names a state, a bloc or someone who speaks for it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from framing.matching.compiled import EXCLUDED, Compiled
from framing.matching.matcher import Matches, longest

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions in the order of the text.

    `matches.owner` is the row of the actor in `Compiled.actor_ids`; `person` the id of the person who is
    named, or None where the actor itself is.
    """

    matches: Matches
    person: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.matches)

    def between(self, first: int, end: int) -> range:
        """Return the rows of the mentions that begin in tokens ``[first, end)``."""
        a, b = np.searchsorted(self.matches.first, (first, end))
        return range(int(a), int(b))


def actor_mentions(matches: Matches, compiled: Compiled) -> Mentions:
    """Return the mentions of actors among all matches of a codebook. Longer names win."""
    found = matches.owned_by(compiled.actors)
    standing = found.take(longest(found, np.zeros(len(found), np.int64)))
    whom = [compiled.actors[owner] for owner in standing.owner.tolist()]
    rows = np.asarray([row for row, _ in whom], np.int64)
    person = np.asarray([name for _, name in whom], object)
    real = rows != EXCLUDED
    kept = Matches(rows[real], standing.first[real], standing.last[real], standing.route[real])
    return Mentions(kept, person[real])
