"""Coding: corpus × codebook → codings, each with its evidence and its voice."""

from framing.coding.codings import COLUMNS, Codings
from framing.coding.engine import code

__all__ = ["COLUMNS", "Codings", "code"]
