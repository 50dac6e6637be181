"""Dates of documents: ISO 8601 everywhere, and a word where they are not."""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from framing.corpus.document import Document
from framing.errors import FramingWarning, choices

_TIME = r"[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"(\d{{4}})(?:-(\d{{2}})(?:-(\d{{2}})(?:{_TIME})?)?)?")


def impossible_date(date: Any) -> str | None:
    """Say what is wrong with a date, or return None: ISO 8601 is expected, from 1800 until tomorrow.

    >>> impossible_date("2018-11-02"), impossible_date("2018-11"), impossible_date("2018-02-30")
    (None, None, "'2018-02-30' is no day of the calendar")
    """
    if isinstance(date, datetime.datetime | datetime.date):
        date = date.isoformat()
    match = _ISO.fullmatch(str(date).strip())
    if not match:
        return f"{date!r} is not an ISO date; write 2018-11-02, or 2018-11 or 2018 where no more is known"
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        day, month = (1 if part is None else part for part in (day, month))
        moment = datetime.datetime(year, month, day, hour or 0, minute or 0, min(second or 0, 59))
    except ValueError:
        return f"{date!r} is no day of the calendar"
    if year < 1800 or moment.date() > datetime.date.today() + datetime.timedelta(days=1):
        return f"{date!r} lies {'before 1800' if year < 1800 else 'in the future'}"
    return None


def is_iso(date: Any) -> bool:
    """Say whether a date is written as ISO 8601, whatever day it names.

    >>> is_iso("2024-03-06"), is_iso("06.03.2024")
    (True, False)
    """
    text = str(date).strip()
    return hasattr(date, "isoformat") or bool(_ISO.fullmatch(text) or re.fullmatch(r"\d{8}", text))


def with_dates_checked(documents: Iterable[Document], where: str) -> Iterator[Document]:
    """Yield the documents; at the end warn of dates that are not ISO 8601, which nothing can sort or compare."""
    odd: list[Document] = []
    for document in documents:
        if document.date is not None and not is_iso(document.date):
            odd.append(document)
        yield document
    if odd:
        shown = choices(dict.fromkeys(str(document.date) for document in odd[:3]))
        message = (
            f"{where}: {len(odd):,} dates are not ISO 8601 ({shown}) and stay text: these documents cannot be sorted, "
            "chosen or drawn by date. Write 2024-03-06, or 2024-03 or 2024 where no more is known"
        )
        warnings.warn(message, FramingWarning, stacklevel=4)
