"""Addresses of web pages: one spelling for each page, and an id made of it."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from framing.errors import FramingError

#: Query parameters that say how a reader came, not what is read.
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|yclid|mc_cid|mc_eid|igshid|_ga)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_SAFE = "/%:@!$&'()*+,;=~-._"


def canonical(address: str) -> str:
    """Return an address in one spelling: host in lower case, Arabic escaped, no fragment, no tracking parameters.

    Raises
    ------
    FramingError
        When it is not the address of a web page.

    Examples
    --------
    >>> canonical("HTTP://Example.org:80/خبر?id=1&utm_source=x#top")
    'http://example.org/%D8%AE%D8%A8%D8%B1?id=1'
    """
    text = re.sub(r"[\t\r\n\u200b-\u200f\u202a-\u202e\ufeff]", "", address).strip()
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        scheme = host = ""
    if scheme not in _PORTS or not host:
        message = f"{address!r} is not the address of a web page; it must begin with http:// or https://"
        raise FramingError(message)
    place = f"[{host}]" if ":" in host else host
    if port and port != _PORTS[scheme]:
        place += f":{port}"
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((scheme, place, quote(parts.path or "/", safe=_SAFE), quote(query, safe=_SAFE + "?"), ""))


def host_of(address: str) -> str:
    """Return host and port of an address: what politeness is counted by."""
    return urlsplit(address).netloc


def page_id(address: str) -> str:
    """Return an id for a page: its host, the readable end of its path, and a short hash.

    >>> page_id("https://www.example.org/news/2018/%D8%AE%D8%A8%D8%B1.html")
    'example.org-خبر-f9d30f37'
    """
    parts = urlsplit(address)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    stem = re.sub(r"\.\w{2,5}$", "", last)
    words = re.sub(r"[^\w]+", "-", stem).strip("-")[:40].rstrip("-")
    digest = hashlib.sha256(address.encode()).hexdigest()[:8]
    return "-".join(part for part in ((parts.hostname or "page").removeprefix("www."), words, digest) if part)
