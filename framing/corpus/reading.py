"""Reading documents and corpora: a text file, a folder, a CSV, a JSONL or a Parquet file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from framing.corpus.corpus import Corpus
from framing.corpus.dates import with_dates_checked
from framing.corpus.document import Document
from framing.corpus.tables import TABLES, read_dicts, read_table
from framing.corpus.textfile import read_text
from framing.errors import FramingError, choices, closest

_ID_NAMES = ("id", "doc_id", "docid", "document_id")
_TEXT_NAMES = ("text", "content", "body")
_NOT_TEXT = frozenset(
    (".html", ".htm", ".xhtml", ".docx", ".doc", ".odt", ".rtf", ".pdf", ".xlsx", ".xls", ".zip", ".gz", ".warc")
)


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
    if path.suffix.lower() in _NOT_TEXT and path.is_file():
        message = f"{path}: no plain text; `framing collect files {path.name} --into FOLDER` takes the text out of it"
        raise FramingError(message)
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
        Columns that the toolkit does not know are kept as metadata. Dates are ISO 8601; others stay text, with a
        warning.

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
    elif path.suffix.lower() in TABLES:
        documents = _documents(path, renamed)
    else:
        documents = iter([read_document(path)])
    try:
        return Corpus(with_dates_checked(documents, str(path)), name or path.resolve().stem)
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
    for number, raw in enumerate(read_table(table), 2):
        row = {renamed.get(key, key): value for key, value in raw.items()}
        if not row.get("id"):
            message = f"{table}, row {number}: no id; the column 'id' names each text file"
            raise FramingError(message)
        row.pop("text", None)  # the file is the text; a copy in the table would only disagree with it
        yield Document(text=read_text(text_file(folder, row["id"], f"{table}, row {number}")), **_without_doc_id(row))


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


def _without_doc_id(row: dict[str, Any]) -> dict[str, Any]:
    """Rename a column ``doc_id`` that stands beside ``id``: tables call the id itself so."""
    other = row.pop("doc_id", None)
    return row if other in (None, row.get("id")) else {**row, "original_doc_id": other}


def read_rows(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    """Yield id, text and metadata of each row of a table in a file; None for an id or a text that is missing."""
    renamed = columns or {}
    for raw in read_dicts(path):
        row = {str(renamed.get(key, key)): value for key, value in raw.items() if value is not None}
        text_name, id_name = (next((name for name in names if name in row), "") for names in (_TEXT_NAMES, _ID_NAMES))
        text, name = row.pop(text_name, None), row.pop(id_name, None)
        if "lang" in row and "language" not in row:
            row["language"] = row.pop("lang")
        more = {key: value for key, value in row.items() if not key.startswith("__index_level_")}
        yield name, text, _without_doc_id({"id": name, **more})


def no_text(names: Iterable[str]) -> str:
    """Say that none of these columns of a table is a text, and what to do."""
    names = list(names)
    return (
        f"no text; the columns {choices(_TEXT_NAMES)} are missing or empty{closest('text', names)}, "
        f"the row has {choices(names)}. Say which with columns={{'…': 'text'}}"
    )


def _documents(path: Path, renamed: Mapping[str, str]) -> Iterator[Document]:
    for number, (name, text, row) in enumerate(read_rows(path, renamed), 1):
        if not isinstance(text, str):
            message = f"{path}, row {number}: {no_text(name for name in row if name != 'id')}"
            raise FramingError(message)
        yield Document(text=text, **{**row, "id": f"{path.stem}-{number}" if name in (None, "") else str(name)})
