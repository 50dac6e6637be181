"""Collecting from files and folders."""

from __future__ import annotations

import dataclasses
import hashlib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing import progress
from framing.collect.addresses import page_id
from framing.collect.folder import Folder
from framing.collect.items import Fault, Found, Options, clean_text
from framing.collect.readers import FORMATS, read_bytes
from framing.corpus.reading import text_file
from framing.corpus.tables import read_table
from framing.errors import FramingError, FramingWarning

if TYPE_CHECKING:
    from framing.collect.report import Report

_TABLES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet")
_NOT_TEXTS = frozenset(("license.txt", "licence.txt", "readme.txt", "collected.jsonl"))


@dataclasses.dataclass(frozen=True, slots=True)
class _Source:
    """A file to read, the name it has in log and keys whatever folder the user stands in, and what is known of it."""

    path: Path
    name: str
    id: str
    metadata: Mapping[str, Any]


def files(
    paths: str | Path | Iterable[str | Path],
    into: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    min_words: int = 20,
) -> Report:
    r"""Collect documents from files and folders.

    Parameters
    ----------
    paths : path or iterable of paths
        Text, HTML (the article is taken out of the page), DOCX, RTF, PDF (with a text layer), CSV, JSON, JSONL,
        Parquet, WARC, and ZIP or gzip of these; exports of Nexis Uni and Factiva, which are recognised; folders of all
        these, at any depth; folders that are a corpus.
    into : str or Path
        The corpus folder to add to; made when it is missing.
    columns : mapping, optional
        Names of columns in tables that are not the usual ones: ``{"Headline": "title", "Body": "text"}``.
    metadata : mapping, optional
        What holds for all of them, whatever the files say: ``{"outlet": "al-madar", "language": "ar"}``.
    min_words : int
        A page with less running text than this has no article.

    Returns
    -------
    Report
        What cannot be read is named there with the reason, and the rest goes on. Files read before are not read
        again, and no document is kept twice: it is known by its file's name, its id there, and its text.

    Raises
    ------
    FramingError
        When a path does not exist, or the folder cannot be used.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> place = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (place / "articles.csv").write_text("Headline;Body\nخبر;كوبا وروسيا\n", "utf-8")
    >>> report = files(place / "articles.csv", place / "corpus")
    >>> report, report.corpus[0].title
    (Report(1 collected, 0 already there, 0 failed), 'خبر')
    """
    given = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    missing = [str(path) for path in given if not path.exists()]
    if missing:
        message = f"{missing[0]}: no such file or folder"
        raise FramingError(message)
    options = Options(columns=dict(columns or {}), min_words=min_words)
    settings = {
        "paths": [path.name for path in given],
        "columns": options.columns,
        "metadata": dict(metadata or {}),
        "min_words": min_words,
    }
    with Folder(into, "files", settings) as folder:
        for source in _watched(given, folder):
            _collect(source, folder, options, dict(metadata or {}))
        return folder.report()


def _watched(paths: list[Path], folder: Folder) -> Iterator[_Source]:
    sources = [source for path in paths for source in _sources(path, folder)]
    yield from progress.bar(sources, what="reading", unit="files")


def _sources(path: Path, folder: Folder) -> Iterator[_Source]:
    if path.is_file():
        yield _Source(path, path.name, path.stem, {})
        return
    top = path.resolve().name
    if (path / "documents.csv").is_file():
        for number, row in enumerate(read_table(path / "documents.csv"), 2):
            where = f"{top}/documents.csv, row {number}"
            try:
                file = text_file(path, row.get("id", ""), where)
            except FramingError as error:
                folder.fail(where, str(error))
                continue
            yield _Source(file, f"{top}/{file.relative_to(path).as_posix()}", row["id"], row)
        return
    for file in sorted(path.rglob("*")):
        relative = file.relative_to(path)
        hidden = any(part.startswith((".", "~$")) for part in relative.parts)
        if (
            not file.is_file()
            or hidden
            or file.name.lower() in _NOT_TEXTS
            or file.resolve().is_relative_to(folder.path.resolve())
        ):
            continue
        if file.name.lower().endswith(FORMATS):
            yield _Source(file, f"{top}/{relative.as_posix()}", relative.with_suffix("").as_posix(), {})
        else:
            folder.event(
                "note", f"{top}/{relative.as_posix()}", reason=f"not read: no reader for {file.suffix or 'this file'}"
            )


def _collect(source: _Source, folder: Folder, options: Options, metadata: dict[str, Any]) -> None:
    """Read one file and keep what is in it; whatever is wrong with it goes into the log, and no further."""
    try:
        raw = source.path.read_bytes()
    except OSError as error:
        folder.fail(source.name, f"cannot be read ({error.strerror or error})")
        return
    sha256 = hashlib.sha256(raw).hexdigest()
    if folder.was_read(source.name, sha256):
        folder.event("skipped", source.name, reason="this file was collected before")
        return
    faults = 0
    seen: dict[str, int] = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FramingWarning)
        try:
            for number, text in enumerate(read_bytes(source.path.name, raw, options), 1):
                faults += not _keep(text, source, folder, number=number, metadata=metadata, seen=seen)
        except FramingError as error:
            faults += 1
            folder.fail(source.name, str(error).removeprefix(f"{source.path.name}: "))
    for warning in caught:
        folder.event("note", source.name, reason=str(warning.message).removeprefix(f"{source.path.name}: "))
    if not faults:
        folder.event("read", source.name, sha256=sha256)


def _keep(
    text: Found | Fault, source: _Source, folder: Folder, *, number: int, metadata: dict[str, Any], seen: dict[str, int]
) -> bool:
    """Keep one text of a file; say whether it could be kept."""
    where = f"{source.name}!{text.item}" if text.item else source.name
    if isinstance(text, Fault):
        folder.fail(where, text.reason)
        return False
    try:
        digest = hashlib.sha256(clean_text(text.text).encode()).hexdigest()[:16]
    except FramingError as error:
        folder.fail(where, str(error))
        return False
    base = f"{where}#{digest}"
    seen[base] = seen.get(base, 0) + 1  # two equal texts without an id in one file are two documents
    key = base if seen[base] == 1 else f"{base}#{seen[base]}"
    folder.add(
        source=where,
        key=key,
        id=_wanted_id(source, text.item, number),
        text=text.text,
        metadata={**text.metadata, **source.metadata, **metadata},
    )
    return True


def _wanted_id(source: _Source, item: str, number: int) -> str:
    """Name a document: by its file, by its id in a table, by its address in a WARC file, else by file and part."""
    if source.path.suffix.lower() in _TABLES:
        return item or f"{source.id}-{number}"
    if item.startswith(("http://", "https://")):
        return page_id(item)
    return f"{source.id}/{item}" if item else source.id
