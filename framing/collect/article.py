"""The article on a web page, without what surrounds it."""

from __future__ import annotations

import codecs
import re
import warnings
from typing import Any
from urllib.parse import urlsplit

from framing.collect.items import clean_text, script_language
from framing.collect.needs import need
from framing.corpus.textfile import decode
from framing.errors import FramingError, FramingWarning

_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html[^>]*\slang\s*=\s*[\"']?([A-Za-z]{2,3})", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def article(
    raw: bytes, *, url: str | None = None, charset: str | None = None, min_words: int = 20
) -> tuple[str, dict[str, Any]]:
    """Return the text of the article on a page, and what the page says about it.

    Parameters
    ----------
    raw : bytes
        The page, HTML in any encoding.
    url : str, optional
        Where it is from.
    charset : str, optional
        As the server named it.
    min_words : int
        A page with less text than this has no article.

    Returns
    -------
    tuple of str and dict
        Paragraphs, one a line, and those of `title`, `outlet`, `date`, `language`, `author`, `url` that are known.
        The headline is metadata and not part of the text. Extraction is trafilatura's (Barbaresi 2021).

    Raises
    ------
    FramingError
        When there is no article on the page.
    """
    trafilatura = need("trafilatura", "Taking articles out of web pages")
    for logger in ("htmldate", "courlan", "justext"):
        need(logger, "Taking articles out of web pages")
    page = decode_page(raw, charset)
    try:
        found = trafilatura.bare_extraction(
            page, url=url, with_metadata=True, include_comments=False, include_tables=False
        )
    except Exception as error:  # a parser fed with anything at all: no page may end the run
        message = f"the page cannot be parsed ({type(error).__name__}: {error})"
        raise FramingError(message) from None
    title = (getattr(found, "title", None) or "").strip()
    text = _without_headline(getattr(found, "text", None) or "", title)
    if len(_WORD.findall(text)) < min_words:
        message = f"no article found on the page (less than {min_words} words of running text)"
        raise FramingError(message)
    language = _LANGUAGE.search(page[:5_000])
    host = urlsplit(url).hostname if url else None
    facts = {
        "title": title,
        "outlet": found.sitename or (host or "").removeprefix("www."),
        "date": found.date,
        "language": language[1].lower() if language else script_language(text),
        "author": found.author,
        "url": url,
    }
    return clean_text(text), {name: value for name, value in facts.items() if value}


def decode_page(raw: bytes, charset: str | None = None) -> str:
    """Decode a page: UTF-8, else what the server, then what the page says it is, else what fits.

    >>> decode_page('<meta charset="windows-1256"><p>كوبا'.encode("cp1256"))[-4:]
    'كوبا'
    """
    declared = _CHARSET.search(raw[:4_096])
    names = ["utf-8", charset, declared[1].decode("ascii") if declared else None]
    if not raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        for name in names:
            try:
                if name:  # what is valid UTF-8 is UTF-8, whatever it is labelled
                    return raw.decode(name)
            except (LookupError, UnicodeDecodeError):
                continue
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FramingWarning)
        return decode(raw, "the page")


def _without_headline(text: str, title: str) -> str:
    first, _, rest = text.partition("\n")
    return rest if title and first.strip() == title else text
