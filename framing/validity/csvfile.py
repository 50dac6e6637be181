"""Coding sheets as CSV: UTF-8 with a mark that Excel recognises, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.corpus.textfile import read_text
from framing.errors import FramingError
from framing.files import replacing
from framing.validity.cells import RawSheet

if TYPE_CHECKING:
    import pandas as pd

    from framing.codebook import Codebook

#: A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: Any) -> Any:
    """Return `text` so that no spreadsheet takes it for a formula: an apostrophe goes before it.

    >>> guarded("=2+2"), guarded("تعاون")
    ("'=2+2", 'تعاون')
    """
    return "'" + text if isinstance(text, str) and text.startswith(_FORMULA) else text


def write(path: Path, rows: pd.DataFrame, *, codebook: Codebook, facts: Mapping[str, str]) -> None:
    """Write one coder's sheet: `unit_id, before, text, after`, an empty column per frame, `note, coder`."""
    sheet = rows[["unit_id", "before", "text", "after"]].assign(
        **dict.fromkeys(codebook.frames, ""), note="", coder=facts["coder"]
    )
    write_table(path, sheet)


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write any table as CSV for a spreadsheet."""
    safe = table.map(guarded)
    with replacing(path) as file:
        file.write("\ufeff" + safe.to_csv(index=False, lineterminator="\n"))


def read(path: Path) -> RawSheet:
    """Read a CSV file, whatever a spreadsheet has made of its separators, quotes and encoding."""
    text = read_text(path).removeprefix("\ufeff")
    first = text.partition("\n")[0]
    if first.casefold().startswith("sep="):  # an Excel hint, not a row
        text = text.partition("\n")[2]
        first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        lines = list(reader)
    except csv.Error as error:
        message = f"{path}, line {reader.line_num}: not a readable CSV file ({error})"
        raise FramingError(message) from None
    return RawSheet.of_rows(str(path), lines)
