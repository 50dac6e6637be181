"""Cells of a filled-in sheet as they were found: what a person or a spreadsheet wrote, and where."""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from framing.errors import FramingError, choices

#: Column names that are not frames.
RESERVED = (
    "unit_id", "doc_id", "paragraph", "sentence", "start", "end", "words", "text", "before", "after", "coder", "note",
    "order", "stratum", "stratum_units", "inclusion",
)  # fmt: skip
_PRESENT = frozenset(("1", "true", "yes", "y", "نعم", "wahr", "vrai", "oui", "ja"))
_ABSENT = frozenset(("0", "false", "no", "n", "لا", "falsch", "faux", "non", "nein"))
#: What spreadsheets make of 1 and 0 where they are decimal numbers.
_ONE_ZERO = re.compile(r"^([01])[.,٫]0+$")
_INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u200b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"))


@dataclasses.dataclass(frozen=True)
class RawSheet:
    """One file as rows of raw cells, each row with its number in the file.

    `columns` are the names of the header in order, `rows` pairs of row number and values, `facts` what the
    file says about itself (coder, unit, frames). `place` is what a row is called where it is no row of a
    spreadsheet ("task").
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    place: str = ""

    @classmethod
    def of_rows(cls, file: str, lines: Sequence[Sequence[Any]], facts: Mapping[str, str] | None = None) -> RawSheet:
        """Find the header among the first rows and cut the rest to its width.

        Raises
        ------
        FramingError
            When no row names `unit_id` or `doc_id`, or two columns have one name.
        """
        heads = ([plain(cell) for cell in line] for line in lines[:20])
        at, names = next(((n, head) for n, head in enumerate(heads) if {"unit_id", "doc_id"} & set(head)), (-1, []))
        if at < 0:
            message = (
                f"{file}: no column 'unit_id' or 'doc_id' in its first rows, so no cell can be assigned to "
                "a unit; keep the header of the sheet as it was made"
            )
            raise FramingError(message)
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            message = f"{file}, row {at + 1}: two columns are called {choices(twice)}; delete or rename one"
            raise FramingError(message)
        filled = [(n, line) for n, line in enumerate(lines[at + 1 :], at + 2) if not all(map(is_empty, line))]
        width = max([len(names), *(len(line) for _, line in filled)])
        rows = tuple((n, (*line, *[None] * (width - len(line)))) for n, line in filled)
        return cls(file, (*names, *[""] * (width - len(names))), rows, dict(facts or {}))

    def cell(self, row: int, column: str) -> str:
        """Return the spreadsheet's name of a cell: ``C17`` (or ``task 17, alliance``)."""
        if self.place:
            return f"{self.place} {row}, {column}"
        return f"{letters(self.columns.index(column))}{row}" if column in self.columns else f"row {row}"


def letters(column: int) -> str:
    """Return the spreadsheet's name of a column, counted from 0.

    >>> letters(0), letters(26), letters(701)
    ('A', 'AA', 'ZZ')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def is_empty(value: Any) -> bool:
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or (isinstance(value, str) and not plain(value))
    )


def plain(value: Any) -> str:
    """Return a cell as text without surrounding blanks, invisible controls and a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).translate(_INVISIBLE).replace("\u00a0", " ").strip()
    return text.removeprefix("'") if text[:1] == "'" and text.count("'") == 1 else text


def read_code(value: Any) -> tuple[float, str]:
    """Return the code in a cell, and what is remarkable about it.

    1.0 present, 0.0 absent, NaN nothing in the cell. The remark is empty for a plain 1, 0 or empty cell,
    begins with ``read as`` when another spelling was understood, and is ``unknown code`` otherwise.

    >>> read_code(1), read_code("٠"), read_code("maybe")
    ((1.0, ''), (0.0, 'read as 0'), (nan, 'unknown code'))
    """
    if is_empty(value):
        return math.nan, ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (float(value), "") if value in (0, 1) else (math.nan, "unknown code")
    text = plain(value)
    folded = _ONE_ZERO.sub(r"\1", "".join(_digit(c) for c in text).casefold())
    code = 1.0 if folded in _PRESENT else 0.0 if folded in _ABSENT else math.nan
    if math.isnan(code):
        return code, "unknown code"
    return code, "" if str(value).strip() in ("0", "1") else f"read as {code:.0f}"


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return str(value) if value is not None and not character.isascii() else character


def read_number(value: Any) -> int | None:
    """Return the whole number in a cell (3, 3.0, "3", "٣"), or None."""
    text = "".join(_digit(c) for c in plain(value)).removesuffix(".0").removesuffix(",0")
    return int(text) if text.isascii() and text.isdigit() else None
