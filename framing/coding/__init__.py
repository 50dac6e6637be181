"""Coding: corpus × codebook → codings, each with its evidence and its voice."""

from framing.coding.codings import COLUMNS, MEASURED, Codings
from framing.coding.engine import code
from framing.coding.given import BY_PEOPLE, given_codings

__all__ = ["BY_PEOPLE", "COLUMNS", "MEASURED", "Codings", "code", "given_codings"]
