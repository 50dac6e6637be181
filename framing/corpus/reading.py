"""Reading documents and corpora: a text file, a folder, a CSV, a JSONL or a Parquet file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from framing.corpus.corpus import Corpus
from framing.corpus.document import Document
from framing.corpus.textfile import read_text
from framing.errors import FramingError, choices, closest

_ID_NAMES = ("id", "doc_id", "docid", "document_id")
_TEXT_NAMES = ("text", "content", "body")


def read_document(path: str | Path, *, id: str | None = None, **metadata: Any) -> Document:
    """Read one text file as a document.

    Parameters
    ----------
    path : str or Path
        A plain-text file. UTF-8 is expected; Windows-1256, UTF-16 and other encodings are recognised,
        converted and reported by a warning.
    id : str, optional
        Defaults to the file's name without its ending.
    **metadata
        Title, outlet, date and whatever else is known.

    Raises
    ------
    FramingError
        When the file is missing, empty, binary or a folder.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "note.txt"); _ = path.write_text("كوبا", "utf-8")
    >>> read_document(path, outlet="al-madar")
    Document(id='note', 4 characters, outlet='al-madar')
    """
    path = Path(path)
    return Document(id=id or path.stem, text=read_text(path), **metadata)


def read_corpus(path: str | Path, *, name: str | None = None, columns: Mapping[str, str] | None = None) -> Corpus:
    """Read a corpus.

    Parameters
    ----------
    path : str or Path
        A folder with ``documents.csv`` (one row per document, column ``id``) and the texts as
        ``texts/<id>.txt`` or ``<id>.txt``; a folder of text files only; or one CSV, JSONL or Parquet
        file with a text column; or one text file.
    name : str, optional
        Defaults to the name of the folder or file.
    columns : mapping, optional
        Renames columns of the file: ``{"Headline": "title", "Body": "text"}``.

    Returns
    -------
    Corpus
        Columns that the toolkit does not know are kept as metadata.

    Raises
    ------
    FramingError
        Naming the file and row: a text is missing, two ids are alike, there is no text column.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); _ = (folder / "a.txt").write_text("كوبا", "utf-8")
    >>> read_corpus(folder).ids
    ('a',)
    """
    path = Path(path)
    renamed = dict(columns or {})
    if path.is_dir():
        documents = _folder(path, renamed)
    elif path.suffix.lower() in (".jsonl", ".ndjson"):
        documents = _documents(_jsonl(path), path, renamed)
    elif path.suffix.lower() in (".csv", ".tsv"):
        documents = _documents(read_table(path), path, renamed)
    elif path.suffix.lower() == ".parquet":
        documents = _documents(_parquet(path), path, renamed)
    else:
        documents = iter([read_document(path)])
    try:
        return Corpus(documents, name or path.resolve().stem)
    except FramingError as error:
        if "must be unique" in str(error):
            message = f"{path}: {error}"
            raise FramingError(message) from None
        raise


def _folder(folder: Path, renamed: Mapping[str, str]) -> Iterator[Document]:
    table = folder / "documents.csv"
    if not table.is_file():
        files = sorted(file for file in folder.rglob("*.txt") if not file.name.startswith("."))
        if not files:
            message = f"{folder}: a corpus folder needs documents.csv or at least one .txt file, and has neither"
            raise FramingError(message)
        for file in files:
            yield read_document(file, id="/".join(file.relative_to(folder).with_suffix("").parts))
        return
    for number, row in enumerate(read_table(table), 2):
        row = {renamed.get(key, key): value for key, value in row.items()}
        if not row.get("id"):
            message = f"{table}, row {number}: no id; the column 'id' names each text file"
            raise FramingError(message)
        yield Document(text=read_text(text_file(folder, row["id"], f"{table}, row {number}")), **row)


def text_file(folder: Path, id: str, where: str) -> Path:
    """Return the file that holds the text of document `id`; it must lie inside `folder`."""
    for candidate in (folder / "texts" / f"{id}.txt", folder / f"{id}.txt"):
        if not candidate.resolve().is_relative_to(folder.resolve()):
            message = f"{where}: the id {id!r} leads outside the corpus folder"
            raise FramingError(message)
        if candidate.is_file():
            return candidate
    message = f"{where}: no text for {id!r}; expected texts/{id}.txt in {folder}"
    raise FramingError(message)


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file as mappings, empty cells left out.

    A byte-order mark, semicolons or tabs as separators, and other encodings than UTF-8 are recognised.
    """
    text = read_text(path).removeprefix("\ufeff")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    rows = []
    try:
        for row in reader:
            if None in row:
                message = f"{path}, line {reader.line_num}: more cells than there are column names"
                raise FramingError(message)
            rows.append({(key or "").strip(): value for key, value in row.items() if value not in (None, "")})
    except csv.Error as error:
        message = f"{path}, line {reader.line_num}: not a readable CSV file ({error})"
        raise FramingError(message) from None
    return rows


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                message = f"{path}, line {number}: not valid JSON ({error})"
                raise FramingError(message) from None
            if not isinstance(row, dict):
                message = f"{path}, line {number}: a JSON object is expected, found {type(row).__name__}"
                raise FramingError(message)
            yield row


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        file = pq.ParquetFile(path)
    except (ArrowException, OSError) as error:
        message = f"{path}: not a readable Parquet file ({error})"
        raise FramingError(message) from None
    with file:
        for batch in file.iter_batches(2_000):
            yield from batch.to_pylist()


def _documents(rows: Any, path: Path, renamed: Mapping[str, str]) -> Iterator[Document]:
    for number, raw in enumerate(rows, 1):
        row = {renamed.get(key, key): value for key, value in raw.items() if value is not None}
        text = row.pop(_named(row, _TEXT_NAMES, path, number), None)
        id = row.pop(_named(row, _ID_NAMES, path, number, optional=True), None) or f"{path.stem}-{number}"
        row.pop("id", None)
        if "lang" in row and "language" not in row:
            row["language"] = row.pop("lang")
        if not isinstance(text, str):
            message = f"{path}, row {number}: the text is missing"
            raise FramingError(message)
        yield Document(id=str(id), text=text, **{key: value for key, value in row.items() if key != "text"})


def _named(row: Mapping[str, Any], names: tuple[str, ...], path: Path, number: int, *, optional: bool = False) -> str:
    found = next((name for name in names if name in row), None)
    if found or optional:
        return found or ""
    near = closest(names[0], row)
    message = (
        f"{path}, row {number}: no column {choices(names)}{near}; the row has {choices(row)}. "
        f"Name it with columns={{'…': {names[0]!r}}}"
    )
    raise FramingError(message)
