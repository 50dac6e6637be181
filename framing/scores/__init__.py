"""Codings → tidy tables of scores, every figure with its interval."""

from framing.scores.frame_scores import frame_scores
from framing.scores.meeting import cooccurrence, frame_profile
from framing.scores.timeline import timeline

__all__ = ["cooccurrence", "frame_profile", "frame_scores", "timeline"]
