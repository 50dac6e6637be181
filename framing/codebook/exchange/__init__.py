"""Other tools' dictionaries: imported as codebooks, and codebooks written for other tools."""

from framing.codebook.exchange.exporting import export_codebook
from framing.codebook.exchange.importing import import_codebook

__all__ = ["export_codebook", "import_codebook"]
