"""Tables as CSV, from a verb to a pipe or to a file that may be opened in a spreadsheet."""

from __future__ import annotations

import sys
from typing import Any


def write_csv(table: Any, target: Any = None, **options: Any) -> None:
    """Write a table as CSV to a file, a path or standard output.

    Texts come from anywhere: a cell that a spreadsheet would run as a formula gets an apostrophe before it.

    >>> import pandas as pd
    >>> write_csv(pd.DataFrame({"left": ["=2+2", "تعاون"], "hits": [-1, 2]}))
    left,hits
    '=2+2,-1
    تعاون,2
    """
    from framing.codebook.exchange.table import guarded

    safe = table.map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)
    safe.columns = [guarded(str(name)) for name in table.columns]
    safe.to_csv(sys.stdout if target is None else target, index=False, **options)
