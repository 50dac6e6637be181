"""Tables of this room: they print well, and carry what they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from framing.table import Table


def result(table: pd.DataFrame, facts: Mapping[str, Any]) -> Table:
    """Return `table` as a table of results with its provenance in ``.attrs``."""
    from framing.table import Shared, Table

    found = Table(table)
    found.attrs.update(table.attrs)
    found.attrs["provenance"] = Shared(facts)
    return found
