"""Codings → tidy tables of scores, every figure with its interval."""

from framing.scores.frame_scores import frame_scores

__all__ = ["frame_scores"]
