"""Words that set texts apart, with effect size, dispersion and a test by documents."""

from framing.keyness.keyness import keyness

__all__ = ["keyness"]
