"""What a page may show of any text: no character that could reorder, hide or break what stands around it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

#: Shown in place of a character that a page must not carry.
MARK = "\ufffd"
#: Explicit embeddings, overrides and isolates reorder what follows them, and a stray end of one closes the page's own;
#: controls, half characters and noncharacters are errors in HTML; annotation and tag characters cannot be seen.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff\ufdd0-\ufdef"
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f\U0001fffe\U0001ffff\U0010fffe\U0010ffff]"
)
_HALF = re.compile("[\ud800-\udfff]")
#: Arabic letters, marks and digits; presentation forms too.
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


def visible(text: str) -> str:
    r"""Return `text` of the same length, every unsafe character shown as a mark.

    >>> visible("a\u202eb")
    'a�b'
    """
    return _UNSAFE.sub(MARK, text)


def whole_characters(text: str) -> str:
    """Return `text` of the same length, every half of a character (a lone surrogate) shown as a mark."""
    return text if text.isascii() else _HALF.sub(MARK, text)


def short(text: object, limit: int = 160) -> str:
    r"""Return a text on one line, made safe and cut to `limit` characters.

    >>> short("one\ntwo three", limit=8)
    'one two…'
    """
    words = " ".join(visible(str(text)[: 4 * limit]).split())
    if len(words) <= limit:
        return words
    space = words.rfind(" ", 0, limit)
    return words[: space if space > limit // 2 else limit - 1].rstrip(" ,;:،؛") + "…"


def marked(text: str) -> list[tuple[str, int]]:
    r"""Return which unsafe characters occur, by code and name, and how often; the most frequent first.

    >>> marked("a\u202eb\u202e")
    [('U+202E RIGHT-TO-LEFT OVERRIDE', 2)]
    """
    counts = Counter(_UNSAFE.findall(text))
    return [(f"U+{ord(c):04X} {unicodedata.name(c, 'control character')}", n) for c, n in counts.most_common()]


def language_of(text: str) -> str | None:
    """Return "ar" for text with more Arabic letters than Latin ones, "en" for the reverse, None without either.

    >>> language_of("كوبا"), language_of("Cuba"), language_of("2018")
    ('ar', 'en', None)
    """
    start = text[:2000]
    arabic, latin = len(_ARABIC.findall(start)), len(_LATIN.findall(start))
    return None if not arabic + latin else "ar" if arabic >= latin else "en"
