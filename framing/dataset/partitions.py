"""A corpus in Parquet files, cut into parts that fit into memory."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress
from framing.corpus import Document
from framing.errors import FramingError, choices, closest

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ID_NAMES = ("id", "doc_id", "docid", "document_id")
_TEXT_NAMES = ("text", "content", "body")
#: A part holds at most so many documents, and about so many bytes, if its size is not chosen.
_ROWS, _BYTES = 10_000, 64_000_000


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """The Parquet files of a corpus, in the order of their names.

    `groups` are the row groups: number of the file, first row in the file, rows, bytes.
    """

    name: str
    files: tuple[Path, ...]
    columns: Mapping[str, str]
    groups: tuple[tuple[int, int, int, int], ...]

    @property
    def rows(self) -> int:
        return sum(rows for _, _, rows, _ in self.groups)

    def rows_per_file(self) -> list[int]:
        found = [0] * len(self.files)
        for file, _, rows, _ in self.groups:
            found[file] += rows
        return found

    def check(self) -> None:
        """Raise when there is no column with texts."""
        import pyarrow.parquet as pq

        names = [str(self.columns.get(name, name)) for name in pq.read_schema(self.files[0]).names]
        if not set(_TEXT_NAMES) & set(names):
            message = (
                f"{self.files[0]}: no column {choices(_TEXT_NAMES)}{closest('text', names)}; it has {choices(names)}. "
                "Say which one holds the texts with columns={'…': 'text'}"
            )
            raise FramingError(message)


def open_source(path: str | Path, columns: Mapping[str, str] | None = None) -> Source:
    """Return the Parquet file or folder of Parquet files at `path` as a source."""
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    path = Path(path)
    files = sorted(f for f in path.rglob("*.parquet") if not f.name.startswith((".", "_"))) if path.is_dir() else [path]
    if not files:
        message = f"{path}: no .parquet file in this folder"
        raise FramingError(message)
    groups: list[tuple[int, int, int, int]] = []
    for number, file in enumerate(files):
        if not file.is_file():
            message = f"{file}: no such file"
            raise FramingError(message)
        try:
            facts = pq.read_metadata(file)
        except (ArrowException, OSError) as error:
            message = f"{file}: not a readable Parquet file ({error})"
            raise FramingError(message) from None
        first = 0
        for row in range(facts.num_row_groups):
            group = facts.row_group(row)
            groups.append((number, first, group.num_rows, group.total_byte_size))
            first += group.num_rows
    renamed = {str(old): str(new) for old, new in (columns or {}).items()}
    source = Source(path.resolve().stem, tuple(file.resolve() for file in files), renamed, tuple(groups))
    source.check()
    return source


def bounds(source: Source, rows_per_partition: int | None) -> list[int]:
    """Return the rows, counted over all files, at which parts begin and end.

    Parts are made of whole row groups where these are small; a larger row group is cut evenly.
    """
    size = rows_per_partition or _comfortable(source)
    ends, filled, row = [0], 0, 0
    for _, _, rows, _ in source.groups:
        if filled and filled + rows > size:
            ends.append(row)
            filled = 0
        if rows > size:
            pieces = -(-rows // size)
            ends += [row + rows * piece // pieces for piece in range(1, pieces + 1)]
        else:
            filled += rows
        row += rows
    if filled or len(ends) == 1:
        ends.append(row)
    return ends


def _comfortable(source: Source) -> int:
    per_row = sum(size for *_, size in source.groups) / max(source.rows, 1)
    return max(1, min(_ROWS, int(_BYTES / max(per_row, 1))))


def rows_between(
    source: Source, begin: int, end: int, names: Sequence[str] | None = None
) -> Iterator[tuple[int, int, Any]]:
    """Yield record batches of the rows ``[begin, end)``: number of the file, first row of the batch in it, batch."""
    import pyarrow.parquet as pq

    offset = 0
    for number, file in enumerate(source.files):
        groups = [(row, first, rows) for row, first, rows in _groups_of(source, number)]
        n = sum(rows for *_, rows in groups)
        low, high = max(begin - offset, 0), min(end - offset, n)
        offset += n
        if low >= high:
            continue
        touched = [(row, first) for row, first, rows in groups if first < high and first + rows > low]
        at = touched[0][1]
        with pq.ParquetFile(file) as opened:
            for batch in opened.iter_batches(2_000, row_groups=[row for row, _ in touched], columns=names):
                skip, stop = max(low - at, 0), min(high - at, batch.num_rows)
                if skip < stop:
                    yield number, at + skip, batch.slice(skip, stop - skip)
                at += batch.num_rows
                if at >= high:
                    break


def _groups_of(source: Source, file: int) -> Iterator[tuple[int, int, int]]:
    row = 0
    for number, first, rows, _ in source.groups:
        if number == file:
            yield row, first, rows
            row += 1


def documents(source: Source, begin: int, end: int) -> Iterator[Document]:
    """Yield the documents of the rows ``[begin, end)``, as `fr.read_corpus` would read them."""
    for number, first, batch in rows_between(source, begin, end):
        for row, raw in enumerate(batch.to_pylist(), first + 1):
            yield _document(source, source.files[number], row, raw)


def _document(source: Source, file: Path, number: int, raw: Mapping[str, Any]) -> Document:
    row = {str(source.columns.get(key, key)): value for key, value in raw.items() if value is not None}
    text_name, id_name = (next((n for n in names if n in row), "") for names in (_TEXT_NAMES, _ID_NAMES))
    text, name = row.pop(text_name, None), row.pop(id_name, None)
    if not isinstance(text, str):
        message = f"{file}, row {number}: no text; fill it in or leave the row out"
        raise FramingError(message)
    if "lang" in row and "language" not in row:
        row["language"] = row.pop("lang")
    row = {key: value for key, value in row.items() if not key.startswith("__index_level_")}
    other = row.pop("doc_id", None)  # beside `id`: tables call the id itself so
    if other not in (None, name):
        row["original_doc_id"] = other
    return Document(text=text, **{**row, "id": f"{file.stem}-{number}" if name in (None, "") else str(name)})


def fingerprints(source: Source) -> list[dict[str, Any]]:
    """Return name, size and SHA-256 of each file."""
    found = []
    total = sum(file.stat().st_size for file in source.files)
    with progress.bar(what="corpus files", unit="B", total=total, unit_scale=True) as bar:
        for file in source.files:
            digest = hashlib.sha256()
            with file.open("rb") as opened:
                while block := opened.read(1 << 22):
                    digest.update(block)
                    bar.update(len(block))
            found.append({"file": file.name, "bytes": file.stat().st_size, "sha256": digest.hexdigest()})
    return found


def check_ids(source: Source) -> None:
    """Raise when two documents have one id. Only 64-bit hashes of the ids are held, and ids whose hashes meet."""
    hashes = np.concatenate([hashed for _, hashed in _hashed_ids(source)] or [np.zeros(0, np.uint64)])
    hashes.sort()
    met = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not len(met):
        return
    seen: set[str] = set()
    for ids, hashed in _hashed_ids(source):
        for id in ids[np.isin(hashed, met)]:
            if id in seen:
                message = f"{source.name}: document ids must be unique, but {id!r} occurs twice"
                raise FramingError(message)
            seen.add(id)


def _hashed_ids(source: Source) -> Iterator[tuple[NDArray[np.object_], NDArray[np.uint64]]]:
    """Yield the ids, batch by batch, as `_document` makes them, and their hashes."""
    import pandas as pd
    import pyarrow.parquet as pq

    names = {file: _id_columns(source, pq.read_schema(file).names) for file in source.files}
    if not any(names.values()) and len({file.stem for file in source.files}) == len(source.files):
        return  # all ids are made from names of files and numbers of rows
    at = 0
    for file, rows in zip(source.files, source.rows_per_file(), strict=True):
        made = (f"{file.stem}-{number}" for number in range(1, rows + 1))
        if not names[file]:
            ids = np.asarray(list(made), object)
            yield ids, pd.util.hash_array(ids, categorize=False)
        else:
            for _, _, batch in rows_between(source, at, at + rows, names[file]):
                columns = [batch.column(name).to_pylist() for name in names[file]]
                given = [next((id for id in row if id is not None), "") for row in zip(*columns, strict=True)]
                default = list(islice(made, len(given)))
                ids = np.asarray(
                    [other if id == "" else str(id) for id, other in zip(given, default, strict=True)], object
                )
                yield ids, pd.util.hash_array(ids, categorize=False)
        at += rows


def _id_columns(source: Source, columns: Sequence[str]) -> list[str]:
    """Return the columns of a file that can hold an id, by their names in the file, the first choice first."""
    names = {str(source.columns.get(name, name)): name for name in columns}
    return [names[name] for name in _ID_NAMES if name in names]
