"""Keywords in context: where words, patterns and coded spans stand."""

from framing.kwic.concordance import kwic

__all__ = ["kwic"]
