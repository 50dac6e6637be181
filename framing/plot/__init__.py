"""Figures: one function per table; it takes the table and returns Axes."""

from framing.plot.saving import save
from framing.plot.scores import frame_scores

__all__ = ["frame_scores", "save"]
