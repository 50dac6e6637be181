"""Dates as Arabic newspapers write them, to ISO 8601, with their spans in the raw text.

Double month names in either order (أبريل(نيسان)، نيسان/أبريل، مايو/ أيار), Maghreb names (جانفي),
Hijri dates that are written out, and Arabic-Indic digits.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from typing import NamedTuple

from framing.language import chars

_SPACE = r"[\s\u200e\u200f\u061c]*"


class DateMention(NamedTuple):
    """A date in a text: its half-open span, and its value in ISO 8601-2 (EDTF).

    Parts that are not said are written X: "2 نوفمبر" is ``XXXX-11-02``; "نوفمبر 2018" is ``2018-11``.
    `calendar` is ``gregorian`` or ``hijri``; Hijri dates are converted (Umm al-Qura) when complete.
    """

    start: int
    end: int
    iso: str
    calendar: str


@functools.lru_cache(maxsize=1)
def _months() -> tuple[dict[str, int], dict[str, int]]:
    import yaml

    text = importlib.resources.files("framing.language").joinpath("data", "months.yml").read_text("utf-8")
    data = yaml.safe_load(text)
    return tuple({chars.key(name): number for number, names in data[calendar].items() for name in names}
                 for calendar in ("gregorian", "hijri"))  # type: ignore[return-value]  # fmt: skip


@functools.lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    gregorian, hijri = _months()
    names = sorted({*gregorian, *hijri}, key=len, reverse=True)
    month = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)
    digits = r"[0-9]"
    return re.compile(
        rf"(?<![\w])(?:(?P<day>{digits}{{1,2}}){_SPACE}(?:من{_SPACE})?)?(?:شهر{_SPACE})?(?P<glue>[ول]|ب)?(?P<a>{month})"
        rf"(?:{_SPACE}[/(\[-]?{_SPACE}(?P<b>{month})(?:{_SPACE}[)\]])?)?(?!\w)"
        rf"(?:{_SPACE}[،,]?{_SPACE}(?:(?:من{_SPACE})?(?:ال)?عام{_SPACE}|سنة{_SPACE}|سنه{_SPACE})?(?P<year>{digits}{{4}})(?!\w))?"
        rf"|(?<!\w)(?P<d>{digits}{{1,2}})(?P<sep>[/.-])(?P<m>{digits}{{1,2}})(?P=sep)(?P<y>{digits}{{4}})(?!\w)"
        rf"|(?<!\w)(?P<y2>{digits}{{4}})(?P<sep2>[/.-])(?P<m2>{digits}{{1,2}})(?P=sep2)(?P<d2>{digits}{{1,2}})(?!\w)"
    )


def find_dates(text: str) -> list[DateMention]:
    """Return the dates written in `text`, in order.

    A month name alone is a date only with a day, a year or its double (مايو/أيار): most are words or
    names as well. Numeric dates are read day first, as Arabic newspapers write them.

    >>> find_dates("في ٢ نوفمبر/تشرين الثاني 2018")[0]
    DateMention(start=3, end=29, iso='2018-11-02', calendar='gregorian')
    """
    folded, offsets = _fold(text)
    found = []
    for match in _pattern().finditer(folded):
        value = _value(match)
        if value:
            start = match.start("glue") + len(match["glue"]) if match["glue"] and not match["day"] else match.start()
            end = len(folded[: match.end()].rstrip())
            found.append(DateMention(offsets[start], offsets[end - 1] + 1, *value))
    return found


def _fold(text: str) -> tuple[str, list[int]]:
    """Fold `text` character by character; return it with the raw offset of each character kept."""
    kept: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for folded in _fold_character(character):
            kept.append(folded)
            offsets.append(offset)
    return "".join(kept), offsets


@functools.lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    return chars.key(character)


def _value(match: re.Match[str]) -> tuple[str, str] | None:
    if match["y"] or match["y2"]:
        year, month, day = (match[name] or match[name + "2"] for name in "ymd")
        return _iso(int(year), int(month), int(day))
    gregorian, hijri = _months()
    a, b = (re.sub(r"\s+", " ", match[name]) if match[name] else None for name in "ab")
    year, day = (int(match[name]) if match[name] else None for name in ("year", "day"))
    if a is None:
        return None
    if a in hijri:
        return _hijri(year, hijri[a], day) if day and not b else None
    if b and gregorian.get(b) != gregorian[a]:
        return None
    if not (day or year or b):
        return None
    return _iso(year, gregorian[a], day)


def _iso(year: int | None, month: int, day: int | None) -> tuple[str, str] | None:
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    written = f"{year:04d}" if year else "XXXX"
    return f"{written}-{month:02d}" + (f"-{day:02d}" if day else ""), "gregorian"


def _hijri(year: int | None, month: int, day: int) -> tuple[str, str] | None:
    if year is None:
        return None
    from hijridate import Hijri

    try:
        return Hijri(year, month, day).to_gregorian().isoformat(), "hijri"
    except (ValueError, OverflowError):
        return None
