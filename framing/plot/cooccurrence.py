"""Which frames meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.plot import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def cooccurrence(
    table: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "single",
) -> Axes:
    """Plot how much more often frames meet than chance would have it.

    Parameters
    ----------
    table : DataFrame
        From `fr.cooccurrence`. One row of marks per pair of frames; where the table has several groups, each has a
        colour and marker of its own.
    labels : mapping, optional
        Names to print for frames and groups, in any script.
    ax : Axes, optional
    width : {"single", "double"}
        Journal column width of a new figure.

    Returns
    -------
    Axes
        The scale is logarithmic: twice as often is as far from 1 as half as often. What never met stands at the
        left edge. Without groups, the numbers of units that met and that chance would have are printed.

    Examples
    --------
    >>> from framing import Codebook, Document, code, cooccurrence as together, plot
    >>> book = Codebook.from_dict({"alliance": ["تعاون"], "threat": ["تهديد"]})
    >>> codings = code(Document(id="a", text="تعاون رغم التهديد. تعاون جديد. لقاء. خبر."), book)
    >>> [text.get_text() for text in plot.cooccurrence(together(codings)).get_yticklabels()]
    ['alliance × threat']
    """
    style.columns_needed(table, ("frame", "other", "both", "expected", "ratio", "low", "high"), "cooccurrence")
    labels = dict(labels or {})
    by = list(table.columns[: list(table.columns).index("frame")])
    keys = list(table[by].astype(object).where(table[by].notna(), None).itertuples(index=False, name=None))
    keys = keys or [()] * len(table)
    groups = list(dict.fromkeys(keys))
    pairs = list(dict.fromkeys(zip(table["frame"], table["other"], strict=True)))
    known = table[["ratio", "low", "high"]].to_numpy(float)
    edge = _edge(known)
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.0 + len(pairs) * (0.3 + 0.14 * len(groups)))
        ax.set_xscale("log")
        ax.axvline(1, color=style.GREY, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        spread = min(0.7, 0.2 * (len(groups) - 1))
        for number, group in enumerate(groups):
            offset = 0.0 if len(groups) == 1 else spread * (number / (len(groups) - 1) - 0.5)
            part = table[[key == group for key in keys]].set_index(["frame", "other"]).reindex(pairs)
            _draw(ax, part, edge, offset, (number, style.group_name(group, labels)))
        ax.set_xlim(left=edge)
        ax.set_yticks(
            range(len(pairs)), [" × ".join(labels.get(f, f.replace("_", " ")) for f in pair) for pair in pairs]
        )
        ax.set_ylim(max(len(pairs), 1) - 0.5, -0.5)
        _ticks(ax)
        ax.set_xlabel("met / expected by chance")
        if len(groups) > 1:
            for number, group in enumerate(groups):
                for row in range(len(pairs)):
                    style.name_row(
                        ax, row + spread * (number / (len(groups) - 1) - 0.5), style.group_name(group, labels)
                    )
        else:
            _counts(ax, table)
    ax.framing_data = table  # type: ignore[attr-defined]
    return ax


def _edge(known: Any) -> float:
    """Return the left end of the axis: below every positive bound, but never less than a sixteenth."""
    positive = known[known > 0]
    return float(np.clip(0.8 * positive.min(initial=1.0), 1 / 16, 0.5))


def _draw(ax: Axes, part: pd.DataFrame, edge: float, offset: float, line: tuple[int, str]) -> None:
    number, name = line
    y = np.arange(len(part)) + offset
    value, low, high = (part[column].to_numpy(float) for column in ("ratio", "low", "high"))
    known = ~np.isnan(value)
    colour, marker = style.COLOURS[number % 6], style.MARKERS[(number + number // 6) % 6]
    ax.hlines(y[known], np.maximum(low, edge)[known], np.maximum(high, edge)[known], color=colour, linewidth=2)
    ax.plot(
        np.maximum(value, edge)[known], y[known], marker, color=colour, markeredgecolor="white", markeredgewidth=0.6,
        label=name, zorder=3, clip_on=False,
    )  # fmt: skip
    for place in y[~known]:
        ax.annotate(
            "no evidence",
            (edge, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
            color=style.GREY,
        )


def _ticks(ax: Axes) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    low, high = ax.get_xlim()
    ticks = [tick for tick in (0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64) if low <= tick <= high]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    fractions = {0.0625: "1/16", 0.125: "1/8", 0.25: "1/4", 0.5: "1/2"}
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: fractions.get(value, f"{value:g}")))


def _counts(ax: Axes, table: pd.DataFrame) -> None:
    place: Any = ("axes fraction", "data")
    for row, (both, expected) in enumerate(zip(table["both"].tolist(), table["expected"].tolist(), strict=True)):
        text = "" if np.isnan(expected) else f"{both} / {expected:.1f}"
        ax.annotate(text, (1.02, row), xycoords=place, va="center", fontsize=7, color=style.GREY)
