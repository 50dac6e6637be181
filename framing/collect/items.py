"""What a source yields: texts found, and faults that say why there is none."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from framing.errors import FramingError


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A text inside a file: `item` names it there ("" when it is the whole file)."""

    item: str
    text: str
    metadata: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """A part of a file that gave no text, and why."""

    item: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """How files are read: column names that are not the usual ones, and how short an article may be."""

    columns: Mapping[str, str] = dataclasses.field(default_factory=dict)
    min_words: int = 20


def clean_text(text: str) -> str:
    r"""Return a text as it is kept: no NUL, no byte-order mark, no half characters, Unix line ends, one at its end.

    Raises
    ------
    FramingError
        When nothing is left.

    Examples
    --------
    >>> clean_text("كوبا \r\nروسيا\x00")
    'كوبا\nروسيا\n'
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    text = text.encode("utf-8", "replace").decode("utf-8")
    lines = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n \t\u200e\u200f")
    if not lines:
        message = "the text is empty"
        raise FramingError(message)
    return lines + "\n"


def script_language(text: str) -> str | None:
    """Return ``ar`` or ``en`` by the script of most letters; None for neither.

    >>> script_language("كوبا وروسيا (Cuba)"), script_language("1959")
    ('ar', None)
    """
    arabic = sum("\u0620" <= character <= "\u064a" for character in text)
    latin = sum(character.isascii() and character.isalpha() for character in text)
    if not arabic and not latin:
        return None
    return "ar" if arabic > latin else "en"
