"""What a corpus holds: its documents by outlet, date and length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError
from framing.plot import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def coverage(
    table: pd.DataFrame,
    *,
    by: str = "outlet",
    focal: str | None = None,
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "double",
) -> Axes:
    """Plot documents as marks by date, one row per outlet; a mark's area is the document's length.

    Parameters
    ----------
    table : DataFrame
        One row per document with `date`, `words` and the column `by`: ``corpus.to_pandas()`` joined with
        ``corpus.describe()``. Documents without a date, or with an impossible one, are not drawn.
    by : str
        What a row is; ``"outlet_type"`` or any other column will do.
    focal : str, optional
        A date to mark by a dashed line.
    labels : mapping, optional
        Names to print for the rows, in any script.
    ax : Axes, optional
    width : {"single", "double"}

    Returns
    -------
    Axes
        Beside each row stand the number of documents drawn and their median length.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"outlet": ["x", "y"], "date": ["2018-11-02", "2018-11-03"], "words": [120, 240]})
    >>> [text.get_text() for text in coverage(table).texts]
    ['documents (words)', '1 (120)', '1 (240)']
    """
    import pandas as pd

    style.columns_needed(table, (by, "date", "words"), "coverage")
    dates = pd.to_datetime(table["date"], errors="coerce", format="mixed")
    drawn = table.assign(_date=dates)[dates.notna()]
    if not len(drawn):
        message = "there is nothing to draw over time: no document has a date; dates are written 2018-11-02"
        raise FramingError(message)
    drawn = drawn.assign(_row=drawn[by].astype(object).where(drawn[by].notna(), "(none)").astype(str))
    rows = drawn["_row"].value_counts().index.tolist()
    names = dict(labels or {})
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.0 + 0.27 * len(rows))
        ax.annotate("documents (words)", (1.015, 1), (0, 2), xycoords="axes fraction", textcoords="offset points",
                    fontsize=7.5, color=style.GREY)  # fmt: skip
        for y, row in enumerate(rows):
            part = drawn[drawn["_row"] == row].sort_values("_date")
            offset = 0.22 * (np.arange(len(part)) % 3 - 1)  # documents of one day stay visible
            look: dict[str, Any] = {"color": style.COLOURS[0], "edgecolors": "white", "linewidths": 0.4, "zorder": 3}
            area = 60 * part["words"].to_numpy(float) / max(float(drawn["words"].max()), 1.0)
            ax.scatter(part["_date"], y + offset, s=area + 2, alpha=0.8, **look)
            style.name_row(ax, y, f"{len(part)} ({part['words'].median():.0f})")
        if focal is not None:
            when: Any = pd.Timestamp(focal).to_pydatetime()
            ax.axvline(when, color="black", linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        ax.set_yticks(range(len(rows)), [names.get(row, row.replace("_", " ")) for row in rows])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        style.dates(ax)
    ax.framing_data = drawn.drop(columns=["_date", "_row"])  # type: ignore[attr-defined]
    return ax
