"""Figures: one function per table; it takes the table and returns Axes."""

from __future__ import annotations

import sys
import types
from typing import Any

from framing.plot.cooccurrence import cooccurrence
from framing.plot.coverage import coverage
from framing.plot.difference import difference
from framing.plot.keyness import keyness
from framing.plot.network import relations
from framing.plot.position import position
from framing.plot.saving import save
from framing.plot.scores import frame_scores
from framing.plot.specification import specification_curve
from framing.plot.timeline import timeline
from framing.plot.topics import choose_k, place, topic_map, topic_shares, topic_terms, topics_by_frame
from framing.plot.validity import agreement, corrected, labels_needed, validation
from framing.plot.voices import stance, voices

__all__ = [
    "agreement",
    "choose_k",
    "cooccurrence",
    "corrected",
    "coverage",
    "difference",
    "frame_scores",
    "keyness",
    "labels_needed",
    "place",
    "position",
    "relations",
    "save",
    "specification_curve",
    "stance",
    "timeline",
    "topic_map",
    "topic_shares",
    "topic_terms",
    "topics_by_frame",
    "validation",
    "voices",
]

#: Modules of this room whose names look like functions, and what draws such a table.
_MODULES = {
    "network": "relations",
    "scores": "frame_scores",
    "topics": "topic_terms, topic_shares, topic_map, topics_by_frame, place or choose_k",
    "validity": "agreement, validation, corrected or labels_needed",
}


class _Plot(types.ModuleType):
    """Offers functions alone: `plot.scores` is not the module of that name, which `import` still finds."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _MODULES and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted(__all__)


def __getattr__(name: str) -> Any:
    from framing.errors import choices, closest

    known = f"; use {_MODULES[name]}" if name in _MODULES else closest(name, __all__)
    message = f"fr.plot has no function {name!r}{known}. It has {choices(__all__)}"
    raise AttributeError(message)


for _name in _MODULES:
    globals().pop(_name, None)
sys.modules[__name__].__class__ = _Plot
