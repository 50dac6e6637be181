"""What a user passes for a table of results: taken, or refused with the call that returns such a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError, choices, shown

if TYPE_CHECKING:
    import pandas as pd


def given_table(value: Any, name: str, columns: Iterable[str], source: str) -> pd.DataFrame:
    """Return `value` if it is a table with these columns; else raise. `source` is the call that returns such a table.

    >>> given_table("كوبا", "scores", ["rate"], "fr.frame_scores(codings)")
    Traceback (most recent call last):
    ...
    framing.errors.FramingError: scores must be the table that fr.frame_scores(codings) returns, not str 'كوبا'
    """
    import pandas as pd

    if not isinstance(value, pd.DataFrame):
        message = f"{name} must be the table that {source} returns, not {shown(value)}"
        raise FramingError(message)
    missing = [column for column in columns if column not in value.columns]
    if missing:
        message = f"{name} has no columns {choices(missing)}; pass the table that {source} returns"
        raise FramingError(message)
    return value
