"""Checking a corpus: everything that is wrong with it, in one table, without stopping at the first fault."""

from __future__ import annotations

import dataclasses
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.corpus.corpus import Corpus
from framing.corpus.dates import impossible_date
from framing.corpus.document import Document
from framing.corpus.duplicates import near_duplicates
from framing.corpus.reading import no_text, read_rows, text_file
from framing.corpus.tables import read_table
from framing.corpus.textfile import read_text
from framing.errors import FramingError, FramingWarning, shown

if TYPE_CHECKING:
    import pandas as pd

#: What can be found, and how grave it is. An error makes results wrong or reading impossible.
PROBLEMS = {
    "unreadable": "error",
    "missing id": "error",
    "duplicate id": "error",
    "missing text": "error",
    "empty document": "error",
    "wrong encoding": "error",
    "converted encoding": "warning",
    "impossible date": "error",
    "wrong language": "error",
    "unknown document": "error",
    "wrong span": "error",
    "near-duplicates": "warning",
    "unlisted text": "warning",
    "markup": "warning",
    "missing file": "warning",
    "missing heading": "warning",
}

#: The seven headings of Datasheets for datasets (Gebru et al. 2021), by the word that names each.
HEADINGS = ("motivation", "composition", "collection", "preprocessing", "uses", "distribution", "maintenance")

_COLUMNS = ("level", "problem", "doc_id", "where", "detail")
_MARKUP = re.compile(r"</?(?:p|div|br|span|a|img|script|table)\b[^<>]*>|&(?:nbsp|quot|amp|lt|gt|#\d+);", re.IGNORECASE)
_MOJIBAKE = re.compile(r"[ØÙ][\u0080-\u00bf\u2018-\u203a€ŒœŠšŽžŸƒˆ˜†‡•…‰™]|[ÇáÊÓãäæåÑÏíÉ]{4,}")
_ARABIC = re.compile(r"[\u0620-\u064a\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclasses.dataclass(frozen=True, slots=True)
class _Finding:
    problem: str
    doc_id: str | None
    where: str
    detail: str


@dataclasses.dataclass(slots=True)
class _Row:
    """A row of a corpus's table, before anything was made of it."""

    where: str
    id: str | None
    values: dict[str, Any]


def check_corpus(path: str | Path, *, duplicates: bool = True) -> pd.DataFrame:
    r"""Report everything that is wrong with a corpus on disk.

    Parameters
    ----------
    path : str or Path
        What `read_corpus` reads: a folder, or a CSV, JSONL or Parquet file.
    duplicates : bool
        Look for near-duplicates too; see `near_duplicates`.

    Returns
    -------
    DataFrame
        One row per finding, none when the corpus is clean: `level` (``error`` makes results wrong, ``warning``
        is for the reader to weigh), `problem`, `doc_id` (None where it concerns no single document), `where`
        (file and row), `detail` (what was found and what to do). Problems: missing ids and texts, duplicate
        ids, empty documents, wrong encodings (not recognised, or decoded wrongly before), encodings that were
        recognised and converted to UTF-8, dates that are impossible or not ISO 8601,
        a language that the text is not in, near-duplicates, texts that no row lists, markup left in a text,
        a LICENSE or DATASHEET.md that is missing or lacks one of its seven headings, codings of unknown
        documents or with spans that do not hold their evidence.
        ``.attrs`` has `documents`, and with `duplicates` also `distinct` and `effective`.

    Raises
    ------
    FramingError
        When there is nothing at `path`.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()); (folder / "texts").mkdir()
    >>> _ = (folder / "documents.csv").write_text("id,date\na,2018-02-30\n", "utf-8")
    >>> check_corpus(folder)[["level", "problem", "doc_id"]].values.tolist()[:2]
    [['error', 'impossible date', 'a'], ['error', 'missing text', 'a']]
    """
    import pandas as pd

    given: Any = path
    if not isinstance(given, str | Path):
        message = (
            f"path must be a folder or file that fr.read_corpus reads, not {shown(given)}; what was read is checked "
            "where it lies, and fr.write_corpus(corpus, folder) puts it there"
        )
        raise FramingError(message)
    path = Path(path)
    if not path.exists():
        message = f"{path}: no such file or folder"
        raise FramingError(message)
    findings: list[_Finding] = []
    documents: list[Document] = []
    rows, texts = (_folder_rows if path.is_dir() else _file_rows)(path, findings)
    seen: dict[str, str] = {}
    for row in rows:
        _check_row(row, seen, findings)
        text = texts(row, findings)
        if text is not None and row.id:
            findings += _check_text(row, text)
            documents.append(Document(**{**_metadata(row.values), "id": row.id, "text": text}))
    unique = list({document.id: document for document in documents}.values())
    corpus = Corpus(unique, path.resolve().stem)
    if path.is_dir():
        findings += _check_folder(path, rows)
        findings += _check_codings(path, corpus)
    attributes: dict[str, Any] = {"documents": len(rows)}
    if duplicates:
        table = near_duplicates(corpus)
        findings += _clusters(table)
        attributes |= {name: table.attrs[name] for name in ("distinct", "effective")}
    order = {level: number for number, level in enumerate(("error", "warning"))}
    findings.sort(key=lambda finding: order[PROBLEMS[finding.problem]])
    result = pd.DataFrame(
        [(PROBLEMS[f.problem], f.problem, f.doc_id, f.where, f.detail) for f in findings],
        columns=list(_COLUMNS),
        dtype=object,
    )
    result.attrs.update(attributes)
    return result


def _metadata(values: dict[str, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in values.items() if key not in ("id", "doc_id", "text")}


def _folder_rows(folder: Path, findings: list[_Finding]) -> tuple[list[_Row], Any]:
    table = folder / "documents.csv"
    if not table.is_file():
        files = sorted(file for file in folder.rglob("*.txt") if not file.name.startswith("."))
        if not files:
            findings.append(_Finding("unreadable", None, str(folder), "neither documents.csv nor a .txt file in it"))
        named = {"/".join(file.relative_to(folder).with_suffix("").parts): file for file in files}
        rows = [_Row(str(file), name, {}) for name, file in named.items()]
        return rows, lambda row, found: _file_text(named[row.id or ""], row, found)
    rows = []
    for number, values in enumerate(_tolerant(lambda: read_table(table), table, findings), 2):
        rows.append(_Row(f"{table.name}, row {number}", values.get("id"), values))

    def text(row: _Row, found: list[_Finding]) -> str | None:
        if not row.id:
            return None
        try:
            file = text_file(folder, row.id, row.where)
        except FramingError as error:
            found.append(_Finding("missing text", row.id, row.where, str(error).partition(": ")[2]))
            return None
        return _file_text(file, row, found)

    return rows, text


def _file_rows(path: Path, findings: list[_Finding]) -> tuple[list[_Row], Any]:
    rows = []
    for number, (name, text, values) in enumerate(_tolerant(lambda: read_rows(path), path, findings), 1):
        known = f"{path.stem}-{number}" if name in (None, "") else str(name)  # as read_corpus does
        rows.append(_Row(f"{path.name}, row {number}", known, {**values, "text": text}))
    if rows and all(row.values["text"] is None for row in rows):
        names = dict.fromkeys(name for row in rows for name in row.values if name not in ("id", "text"))
        findings.append(_Finding("missing text", None, path.name, no_text(names)))
        return rows, lambda _row, _found: None

    def text_of(row: _Row, found: list[_Finding]) -> str | None:
        value = row.values.get("text")
        if isinstance(value, str) and value.strip():
            return value
        problem = "missing text" if value is None else "empty document"
        found.append(_Finding(problem, row.id, row.where, "this row has no text"))
        return None

    return rows, text_of


def _tolerant(read: Any, path: Path, findings: list[_Finding]) -> list[Any]:
    """Read rows; what stops the reading becomes a finding, and so does a conversion."""
    rows: list[Any] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FramingWarning)
        try:
            rows.extend(read())
        except FramingError as error:
            findings.append(_Finding("unreadable", None, path.name, _after_path(error)))
    findings += [_Finding("converted encoding", None, path.name, _after_path(w.message)) for w in caught]
    return rows


def _file_text(file: Path, row: _Row, findings: list[_Finding]) -> str | None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", FramingWarning)
        try:
            text = read_text(file)
        except FramingError as error:
            problem = "empty document" if "empty" in str(error) else "wrong encoding"
            findings.append(_Finding(problem, row.id, file.name, _after_path(error)))
            return None
    findings += [_Finding("converted encoding", row.id, file.name, _after_path(w.message)) for w in caught]
    return text


def _after_path(message: object) -> str:
    return str(message).partition(": ")[2] or str(message)


def _check_row(row: _Row, seen: dict[str, str], findings: list[_Finding]) -> None:
    if row.id is None:
        findings.append(_Finding("missing id", None, row.where, "the column 'id' is empty; it names the text"))
    elif row.id in seen:
        findings.append(_Finding("duplicate id", row.id, row.where, f"{seen[row.id]} has it too; ids must be unique"))
    else:
        seen[row.id] = row.where
    date = row.values.get("date")
    if date not in (None, ""):
        wrong = impossible_date(date)
        if wrong:
            findings.append(_Finding("impossible date", row.id, row.where, wrong))


def _check_text(row: _Row, text: str) -> Iterator[_Finding]:
    broken = text.count("\ufffd")
    if broken:
        yield _Finding(
            "wrong encoding", row.id, row.where, f"{broken} characters were lost in decoding (U+FFFD); take it anew"
        )
    mojibake = _MOJIBAKE.findall(text)
    if len(mojibake) > 3 and len(mojibake) * 2 > 0.1 * len(text):
        yield _Finding(
            "wrong encoding", row.id, row.where, "decoded with the wrong code page (Ø§Ù„… or ÇáÑÆ…); take it anew"
        )
    elif row.values.get("language") in ("ar", "en"):
        letters = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
        mine, other = letters if row.values["language"] == "ar" else letters[::-1]
        if other > mine:
            yield _Finding("wrong language", row.id, row.where, "most letters are not of the language in the table")
    markup = _MARKUP.findall(text)
    if markup:
        yield _Finding("markup", row.id, row.where, f"{len(markup)} tags or entities are left, such as {markup[0]!r}")


def _check_folder(folder: Path, rows: Sequence[_Row]) -> Iterator[_Finding]:
    if not (folder / "documents.csv").is_file():
        return
    listed = {row.id for row in rows}
    for file in sorted((folder / "texts").rglob("*.txt")):
        name = "/".join(file.relative_to(folder / "texts").with_suffix("").parts)
        if name not in listed and not file.name.startswith("."):
            yield _Finding(
                "unlisted text", name, f"texts/{name}.txt", "documents.csv has no row for it, so it is not read"
            )
    if not any(folder.glob("LICEN[SC]E*")) and not all(row.values.get("licence") for row in rows):
        yield _Finding(
            "missing file", None, "LICENSE", "name the licence of the texts, here or in the column 'licence'"
        )
    sheet = folder / "DATASHEET.md"
    if not sheet.is_file():
        yield _Finding("missing file", None, "DATASHEET.md", "say where the texts come from, under the seven headings")
        return
    lines = sheet.read_text("utf-8", "replace").splitlines()
    headings = " ".join(line.lower() for line in lines if line.startswith("#"))
    for heading in HEADINGS:
        if heading not in headings:
            yield _Finding("missing heading", None, "DATASHEET.md", f"no heading {heading.capitalize()!r}")


def _check_codings(folder: Path, corpus: Corpus) -> Iterator[_Finding]:
    for file in sorted(folder.glob("codings/*.csv")):
        findings: list[_Finding] = []
        rows = _tolerant(lambda file=file: read_table(file), file, findings)
        yield from findings
        for number, row in enumerate(rows, 2):
            where, name = f"codings/{file.name}, row {number}", row.get("doc_id", "")
            if name not in corpus:
                yield _Finding("unknown document", name or None, where, "no document of the corpus has this id")
            elif row.get("start", "").isdecimal() and row.get("end", "").isdecimal():
                text, start, end = corpus[name].text, int(row["start"]), int(row["end"])
                evidence = row.get("evidence", text[start:end])
                if not 0 <= start < end <= len(text) or text[start:end] != evidence:
                    yield _Finding("wrong span", name, where, f"[{start}, {end}) does not hold its evidence")


def _clusters(table: pd.DataFrame) -> Iterable[_Finding]:
    for number, part in table.groupby("cluster", sort=True):
        kept, *others = part["doc_id"]
        closest = part["similarity"].max()
        shown = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        detail = f"shares up to {closest:.0%} of its word sequences with {shown}; fr.deduplicate keeps the earliest"
        yield _Finding("near-duplicates", kept, f"cluster {number}", detail)
