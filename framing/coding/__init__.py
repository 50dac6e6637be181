"""The matching engine: corpus × codebook → codings."""

from framing.coding.code import code
from framing.coding.codings import COLUMNS, Codings

__all__ = ["COLUMNS", "Codings", "code"]
