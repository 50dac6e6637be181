"""Readers: from the bytes of a file to the texts in it, one function per kind of file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from framing.collect import archives
from framing.collect.article import article, decode_page
from framing.collect.dates import iso_date
from framing.collect.exports import database_export, language_code
from framing.collect.items import Fault, Found, Options
from framing.collect.needs import need
from framing.corpus.tables import parse_jsonl, parse_parquet, parse_table
from framing.corpus.textfile import decode
from framing.errors import FramingError, choices

Texts = Iterator[Found | Fault]

#: Usual names of columns, lower case.
COLUMNS = {
    "text": ("text", "content", "body", "article", "full_text", "fulltext", "full text", "article_text", "النص",
             "المحتوى"),
    "id": ("id", "doc_id", "docid", "document_id", "stories_id", "an"),
    "title": ("title", "headline", "head", "hd", "العنوان"),
    "outlet": ("outlet", "source", "media_name", "publication", "newspaper", "publisher", "sourcename", "domain", "sn",
               "المصدر"),
    "date": ("date", "publish_date", "published", "pub_date", "pubdate", "publication_date", "date_published",
             "seendate", "date_extracted", "pd", "التاريخ"),
    "url": ("url", "link", "address", "documentidentifier", "الرابط"),
    "language": ("language", "lang", "la"),
    "author": ("author", "byline", "by", "الكاتب"),
}  # fmt: skip


def read_bytes(name: str, raw: bytes, options: Options, depth: int = 0) -> Texts:
    """Yield the texts and faults of a file, by the ending of its name.

    Raises
    ------
    FramingError
        When the file as a whole cannot be read.
    """
    ending = PurePosixPath(name.lower()).suffix
    if ending == ".gz" and not name.lower().endswith(".warc.gz"):
        inner = name[:-3]
        yield from read_bytes(inner, archives.gunzip(raw, name), options, depth)
    elif ending == ".zip":
        yield from _zip(name, raw, options, depth)
    elif ending in READERS:
        yield from READERS[ending](name, raw, options)
    elif name.lower().endswith(".warc.gz"):
        yield from _warc(name, raw, options)
    else:
        message = (
            _OTHERWISE.get(ending)
            or f"no reader for {ending or 'files without an ending'}; there are {choices(FORMATS)}"
        )
        raise FramingError(message)


def _zip(name: str, raw: bytes, options: Options, depth: int) -> Texts:
    if depth >= 2:
        message = "an archive inside an archive inside an archive is not read"
        raise FramingError(message)
    for member, content in archives.zip_members(raw, name):
        base = PurePosixPath(member).name
        if base.startswith((".", "~$")) or member.startswith("__MACOSX/"):
            continue
        if isinstance(content, FramingError):
            yield Fault(member, str(content))
            continue
        try:
            for text in read_bytes(base, content, options, depth + 1):
                inner = f"{member}!{text.item}" if text.item else member
                yield Found(inner, text.text, text.metadata) if isinstance(text, Found) else Fault(inner, text.reason)
        except FramingError as error:
            yield Fault(member, str(error))


def _text(name: str, raw: bytes, options: Options) -> Texts:  # noqa: ARG001
    text = decode(raw, name)
    yield from database_export(text) or [Found("", text)]


def _html(name: str, raw: bytes, options: Options) -> Texts:  # noqa: ARG001
    if b"Document " in raw or b"Full Article" in raw:  # a Factiva export is a page too
        export = database_export(_html_lines(raw))
        if export:
            yield from export
            return
    text, facts = article(raw, min_words=options.min_words)
    if not facts.get("outlet"):
        facts.pop("outlet", None)
    yield Found("", text, facts)


def _html_lines(raw: bytes) -> str:
    """Return a page as lines: a block element each, table cells apart by a tab."""
    html = need("lxml.html", "Reading HTML")
    root = html.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", decode_page(raw)) or "<p></p>")
    for element in root.iter("script", "style"):
        element.text = ""
    for element in root.iter("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "td"):
        element.tail = ("\t" if element.tag == "td" else "\n") + (element.tail or "").lstrip()
        element.text = (element.text or "").lstrip()
    return str(root.text_content())


def _docx(name: str, raw: bytes, options: Options) -> Texts:  # noqa: ARG001
    docx = need("docx", "Reading DOCX", package="python-docx")
    archives.check_zip(raw, name)
    try:
        document = docx.Document(io.BytesIO(raw))
        lines = [line for block in document.iter_inner_content() for line in _docx_lines(block)]
    except Exception as error:  # whatever a broken file makes a parser say
        message = f"not a readable DOCX file ({type(error).__name__}: {error})"
        raise FramingError(message) from None
    text = "\n".join(lines)
    yield from database_export(text) or [Found("", text)]


def _docx_lines(block: Any) -> Iterable[str]:
    if hasattr(block, "rows"):
        return ["\t".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in block.rows]
    return [block.text]


def _rtf(name: str, raw: bytes, options: Options) -> Texts:  # noqa: ARG001
    striprtf = need("striprtf.striprtf", "Reading RTF")
    if not raw.lstrip().startswith(b"{\\rtf"):
        message = "not an RTF file, for all its name"
        raise FramingError(message)
    page = re.search(rb"\\ansicpg(\d+)", raw)
    encoding = (
        f"cp{int(page[1])}"
        if page and int(page[1]) not in (0, 65001)
        else "utf-8"
        if page and int(page[1]) == 65001
        else "cp1252"
    )
    try:
        text = striprtf.rtf_to_text(raw.decode(encoding, "replace"), encoding=encoding, errors="replace")
    except Exception as error:  # as above
        message = f"not a readable RTF file ({type(error).__name__}: {error})"
        raise FramingError(message) from None
    yield from database_export(text) or [Found("", text)]


def _pdf(name: str, raw: bytes, options: Options) -> Texts:  # noqa: ARG001
    pypdf = need("pypdf", "Reading PDF")
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            message = "the PDF needs a password"
            raise FramingError(message)
        pages = [page.extract_text() or "" for page in reader.pages]
    except FramingError:
        raise
    except Exception as error:  # as above
        message = f"not a readable PDF file ({type(error).__name__}: {error})"
        raise FramingError(message) from None
    text = "\n".join(pages)
    if not text.strip():
        message = "the PDF has no text layer (it is a scan); recognise its text (OCR) first"
        raise FramingError(message)
    yield from database_export(text) or [Found("", pdf_paragraphs(text))]


_PRESENTATION = re.compile(r"[\ufb50-\ufdfb\ufe70-\ufefc]+")
_ENDS = tuple('.!?؟:»"”…')


def pdf_paragraphs(text: str) -> str:
    r"""Join the lines of a PDF's text layer into paragraphs: a paragraph ends where a line ends with a sentence.

    Arabic presentation forms (ﻛﻮﺑﺎ), which are what many PDF files hold, become letters.

    >>> pdf_paragraphs("ﻛﻮﺑﺎ بلد\nفي الكاريبي.\nوروسيا بلد.")
    'كوبا بلد في الكاريبي.\nوروسيا بلد.'
    """
    import unicodedata

    text = _PRESENTATION.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    joined: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        if joined and line and joined[-1] and not joined[-1].endswith(_ENDS):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return "\n".join(line for line in joined if line)


def _csv(name: str, raw: bytes, options: Options) -> Texts:
    return rows_to_texts(parse_table(decode(raw, name), name), options)


def _jsonl(name: str, raw: bytes, options: Options) -> Texts:
    return rows_to_texts(parse_jsonl(decode(raw, name), name), options)


def _parquet(name: str, raw: bytes, options: Options) -> Texts:
    return rows_to_texts(parse_parquet(io.BytesIO(raw), name), options)


def _json(name: str, raw: bytes, options: Options) -> Texts:
    try:
        data = json.loads(decode(raw, name))
    except (ValueError, RecursionError) as error:
        message = f"not valid JSON ({error})"
        raise FramingError(message) from None
    if isinstance(data, dict):  # {"articles": [...]}: what programs return
        data = next((value for value in data.values() if isinstance(value, list)), [data])
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        message = "a JSON file must hold a list of objects, one per document"
        raise FramingError(message)
    return rows_to_texts(data, options)


def rows_to_texts(rows: Iterable[dict[str, Any]], options: Options) -> Texts:
    """Yield the text of each row of a table; columns of usual names, or those that are mapped, get ours.

    Raises
    ------
    FramingError
        When no row has a text.
    """
    named = [name_columns(row, options.columns) for row in rows]
    if not any("text" in row for row in named):
        found = list(dict.fromkeys(name for row in named[:100] for name in row))[:12]
        urls = "; it lists addresses, collect them with `framing collect urls`" if "url" in found else ""
        message = f"no column of texts (it has {choices(found)}); name it with --column NAME=text{urls}"
        raise FramingError(message)
    for number, row in enumerate(named, 1):
        text, item = row.pop("text", None), row.pop("id", None)
        item = "" if item in (None, "") else str(item)
        if isinstance(text, str) and text.strip():
            yield Found(item, text, {name: value for name, value in row.items() if value not in (None, "")})
        else:
            yield Fault(item or f"row {number}", f"no text in row {number}")


def name_columns(row: dict[str, Any], columns: Any) -> dict[str, Any]:
    """Rename the columns of a row to ours: those in `columns` first, then those of usual names; the rest stay.

    >>> name_columns({"Headline": "x", "Body": "y", "desk": "z", "pd": "2 Nov 2018"}, {"Body": "text"})
    {'title': 'x', 'text': 'y', 'desk': 'z', 'date': '2018-11-02'}
    """
    taken = set(columns.values())
    names: dict[str, str] = {}
    for ours, usual in COLUMNS.items():
        if ours not in taken:
            found = next(
                (
                    name
                    for wanted in usual
                    for name in row
                    if str(name).strip().casefold() == wanted and name not in columns
                ),
                None,
            )
            if found is not None:
                names[found] = ours
    named = {columns.get(name) or names.get(name) or str(name): value for name, value in row.items()}
    if named.get("date") not in (None, ""):
        date = iso_date(named["date"])
        named |= {"date": date} if date else {"date": None, "date_as_given": named["date"]}
    if named.get("language"):
        named["language"] = language_code(str(named["language"])) or named["language"]
    return named


def _warc(name: str, raw: bytes, options: Options) -> Texts:  # noqa: ARG001
    iterator = need("warcio.archiveiterator", "Reading WARC")
    exceptions = need("warcio.exceptions", "Reading WARC")
    number = 0
    try:
        for record in iterator.ArchiveIterator(io.BytesIO(raw)):
            if record.rec_type != "response" or record.http_headers is None:
                continue
            number += 1
            headers = record.http_headers
            kind = headers.get_header("Content-Type") or ""
            if not headers.get_statuscode().startswith("2") or "html" not in kind:
                continue
            address = record.rec_headers.get_header("WARC-Target-URI") or f"record {number}"
            content = record.content_stream().read(archives.MEMBER_BYTES)
            charset = re.search(r"charset=\"?([\w.:-]+)", kind)
            try:
                text, facts = article(
                    content, url=address, charset=charset[1] if charset else None, min_words=options.min_words
                )
            except FramingError as error:
                yield Fault(address, str(error))
                continue
            crawled = record.rec_headers.get_header("WARC-Date")
            yield Found(address, text, {**facts, "crawled": crawled} if crawled else facts)
    except (exceptions.ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        yield Fault(f"after {number} pages", f"the WARC file is damaged there ({error}); what follows is not read")
    if not number:
        message = "no web page in this WARC file"
        raise FramingError(message)


READERS: dict[str, Callable[[str, bytes, Options], Texts]] = {
    ".txt": _text,
    ".text": _text,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".docx": _docx,
    ".rtf": _rtf,
    ".pdf": _pdf,
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".json": _json,
    ".parquet": _parquet,
    ".warc": _warc,
}

#: Endings that can be read.
FORMATS = (*READERS, ".warc.gz", ".zip", ".gz")

_OTHERWISE = {
    ".doc": "the old Word format is not read; save it as .docx",
    ".odt": "OpenDocument is not read; save it as .docx",
    ".xls": "the old Excel format is not read; save the sheet as .csv (UTF-8)",
    ".xlsx": "Excel files are not read; save the sheet as .csv (UTF-8)",
    ".mhtml": "web archives of browsers are not read; save the page as HTML only",
}
