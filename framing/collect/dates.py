"""Dates as databases, feeds and newspapers write them, to ISO 8601."""

from __future__ import annotations

import datetime
import email.utils
import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"\s*(\d{4})-(\d{2})(?:-(\d{2}))?(?=$|[T\s])")
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T?\d{6}Z?)?\s*")
_YEAR = re.compile(r"\s*(1[89]\d\d|20\d\d)\s*")
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")


def iso_date(written: object) -> str | None:
    """Return a written date as ISO 8601, or None when it is none.

    ISO dates and times, 20181102 and 20181102T101500Z (GDELT), RFC 822 (feeds), English and Arabic dates, and
    numeric ones, day first, as Arabic newspapers write them. The time of day is left out.

    >>> [iso_date(d) for d in ("2018-11-02T10:15:00+03:00", "November 2, 2018 Friday", "02/11/2018", "Friday")]
    ['2018-11-02', '2018-11-02', '2018-11-02', None]
    """
    if isinstance(written, datetime.date):
        return written.isoformat()[:10]
    text = str(written or "")
    for pattern in (_ISO, _COMPACT):
        match = pattern.match(text) if pattern is _ISO else pattern.fullmatch(text)
        if match:
            return _checked(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if _YEAR.fullmatch(text):
        return text.strip()
    for pattern, day, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        for match in pattern.finditer(text):
            number = _MONTHS.get(match[month].lower())
            if number:
                return _checked(int(match[3]), number, int(match[day]))
    try:
        return email.utils.parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return _arabic(text)


def _checked(year: int, month: int, day: int | None) -> str | None:
    try:
        date = datetime.date(year, month, day or 1)
    except ValueError:
        return None
    return date.isoformat() if day else date.isoformat()[:7]


def _arabic(text: str) -> str | None:
    from framing.language import find_dates

    complete = [date.iso for date in find_dates(text[:200]) if "X" not in date.iso]
    if not complete or len(complete[0]) != 10:
        return complete[0] if complete else None
    return _checked(*(int(part) for part in complete[0].split("-")))
