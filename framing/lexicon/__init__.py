"""What one does with a lexicon beside coding: check it, grow it, use it as features."""

from framing.lexicon.expand import expand
from framing.lexicon.lint import check_codebook
from framing.lexicon.nested import outermost

__all__ = ["check_codebook", "expand", "outermost"]
