"""Coding: corpus × codebook → codings, each with its evidence and its voice."""

from framing.coding.engine import code
from framing.coding.codings import COLUMNS, Codings

__all__ = ["COLUMNS", "Codings", "code"]
