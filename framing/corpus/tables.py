"""Tables of documents in a file: CSV, JSONL, Parquet, to rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from framing.corpus.textfile import read_text
from framing.errors import FramingError, choices

#: Endings of the files that hold a table.
TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as mappings, empty cells left out.

    A byte-order mark, semicolons or tabs as separators, and other encodings than UTF-8 are recognised.
    """
    return parse_table(read_text(path), str(path))


def parse_table(text: str, where: str) -> list[dict[str, str]]:
    """Return the rows of CSV text as mappings, empty cells left out; `where` names its origin in messages."""
    text = text.removeprefix("\ufeff")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    limit = csv.field_size_limit(2**31 - 1)  # a cell may hold a whole article
    rows: list[dict[str, str]] = []
    began = 1
    try:
        names = _column_names(next(reader, []), where)
        for cells in reader:
            if len(cells) > len(names) and any(cells[len(names) :]):
                message = f"{where}, line {reader.line_num}: {len(cells)} cells, but only {len(names)} column names"
                raise FramingError(message)
            if cells:
                rows.append({name: value for name, value in zip(names, cells, strict=False) if value})
            began = reader.line_num + 1
    except csv.Error as error:
        message = (
            f"{where}, row that begins on line {began}: not readable as CSV ({error}); quotes in a cell are doubled"
        )
        raise FramingError(message) from None
    finally:
        csv.field_size_limit(limit)
    return rows


def _column_names(cells: list[str], where: str) -> list[str]:
    names = [name.strip() or f"column_{number}" for number, name in enumerate(cells, 1)]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        message = f"{where}: the column names {choices(sorted(twice))} occur twice; give each column a name of its own"
        raise FramingError(message)
    return names


def parse_jsonl(text: str, where: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON lines."""
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: U+2028 may stand in a text
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                message = f"{where}, line {number}: not valid JSON ({error})"
                raise FramingError(message) from None
            if not isinstance(row, dict):
                message = f"{where}, line {number}: a JSON object is expected, found {type(row).__name__}"
                raise FramingError(message)
            yield row


def parse_parquet(source: Any, where: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file, given as a path or an open binary file."""
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        file = pq.ParquetFile(source)
    except (ArrowException, OSError) as error:
        message = f"{where}: not a readable Parquet file ({error})"
        raise FramingError(message) from None
    with file:
        for batch in file.iter_batches(2_000):
            yield from batch.to_pylist()


def read_dicts(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a CSV, JSONL or Parquet file."""
    ending = path.suffix.lower()
    if ending == ".parquet":
        if not path.is_file():
            message = f"{path}: no such file"
            raise FramingError(message)
        yield from parse_parquet(path, str(path))
    elif ending in (".jsonl", ".ndjson"):
        yield from parse_jsonl(read_text(path), str(path))
    else:
        yield from read_table(path)
