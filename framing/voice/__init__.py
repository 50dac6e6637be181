"""Who speaks: quotations and reported speech, their speakers, and the side each speaks for."""

from framing.voice.tables import VOICES, assign, attributions

__all__ = ["VOICES", "assign", "attributions"]
