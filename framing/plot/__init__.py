"""Figures: one function per table; it takes the table and returns Axes."""

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
