"""Where an article stands among others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.plot import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NAMES = {
    "rate": "hits per 1,000 words",
    "coverage": "share of sentences",
    "share": "share of all frame hits",
    "prominence": "prominence (1 = chance)",
}


def figure_name(figure: str, table: pd.DataFrame) -> str:
    """Return what the axis of a figure is called; hits of a codebook with weights other than 1 are weighted ones."""
    name = NAMES.get(figure, figure)
    if not table.attrs.get("provenance", {}).get("weighted"):
        return name
    return {"rate": f"weighted {name}", "share": "share of all weighted frame hits"}.get(figure, name)


def position(
    place: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "single",
) -> Axes:
    """Plot an article's scores, with their intervals, on those of the documents it is compared with.

    Parameters
    ----------
    place : DataFrame
        From `fr.compare`. One row of marks per frame: a dot per reference document, a line from the first to the
        third quartile, and the focal score with its interval; beside it the percentile. Dots are rates as they
        were measured; the percentile is that of the shrunken ones, where short texts count for less.
    labels : mapping, optional
        Names to print for frames and for the focal document, in any script.
    ax : Axes, optional
    width : {"single", "double"}
        Journal column width of a new figure.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document, code, compare, frame_scores, plot
    >>> corpus = Corpus(Document(id=f"d{n}", text="تعاون " * n + "خبر " * (40 - n)) for n in range(25))
    >>> scores = frame_scores(code(corpus, Codebook.from_dict({"alliance": ["تعاون"]})))
    >>> plot.position(compare(scores, "d24")).get_xlabel()
    'hits per 1,000 words'
    """
    style.columns_needed(place, ("frame", "figure", "value", "low", "high", "percentile", "n"), "position")
    labels = dict(labels or {})
    reference = place.attrs.get("reference_scores", {})
    names = row_names(place, labels)
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.25 + 0.5 * len(place))
        for y, (row, key) in enumerate(zip(_records(place), _keys(place), strict=True)):
            _strip(ax, np.asarray(reference.get(key, []), float), y, first=y == 0, n=int(place["n"].max()))
            _focal(ax, row, y, label=labels.get(str(row["focal"]), str(row["focal"])) if y == 0 else "_")
        ax.set_yticks(range(len(place)), names)
        ax.set_ylim(len(place) - 0.4, -0.6)
        ax.set_xlim(left=0)
        ax.set_xlabel(figure_name(str(place["figure"].iloc[0]), place) if len(place) else "")
        if len(place) and place["figure"].iloc[0] == "rate":
            ax.plot([], [], " ", label="percentiles (with interval) are of shrunken rates")
        style.legend_below(ax, ncols=1 if width == "single" else 3, handletextpad=0.4)
    ax.framing_data = place  # type: ignore[attr-defined]
    return ax


def row_names(place: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """Return what to call each row: its frame and, where scores are split, the voice or whatever they are split by."""
    columns = _split(place)
    rows = place[columns].astype(object).where(place[columns].notna(), "none").to_numpy()
    return [", ".join(labels.get(str(part), str(part).replace("_", " ")) for part in reversed(row)) for row in rows]


def _records(place: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in place.to_dict("records")]


def _split(place: pd.DataFrame) -> list[str]:
    columns = [str(name) for name in place.columns]
    return columns[1 : columns.index("frame") + 1]


def _keys(place: pd.DataFrame) -> list[str]:
    return ["|".join(map(str, row)) for row in place[_split(place)].itertuples(index=False, name=None)]


def _strip(ax: Axes, values: Any, y: int, *, first: bool, n: int) -> None:
    """Draw the reference documents as dots, spread evenly up and down so that equal scores stay visible."""
    if not len(values):
        return
    offset = 0.16 * (np.argsort(np.argsort(values, kind="stable")) % 5 - 2) / 2
    size = 9 if len(values) <= 100 else 3
    label = f"reference documents (n = {n})" if first else "_"
    ax.scatter(values, y + offset, s=size, color="#9a9a9a", linewidths=0, alpha=0.8, label=label, zorder=2)
    low, high = np.quantile(values, (0.25, 0.75))
    ax.hlines(
        y + 0.3,
        low,
        high,
        color=style.GREY,
        linewidth=2.2,
        label="their middle half, median" if first else "_",
        zorder=2,
    )
    ax.plot(np.median(values), y + 0.3, "|", color="black", markersize=7, markeredgewidth=1.4, zorder=3)


def _focal(ax: Axes, row: Mapping[str, Any], y: int, *, label: str) -> None:
    value = row["value"]
    if np.isnan(value):
        text = {"xytext": (4, 0), "textcoords": "offset points", "va": "center", "fontsize": 7, "color": style.GREY}
        ax.annotate("no evidence", (0, y - 0.32), **text)  # type: ignore[arg-type]
        return
    ax.hlines(y - 0.32, row["low"], row["high"], color=style.COLOURS[1], linewidth=2, zorder=4)
    ax.plot(
        value,
        y - 0.32,
        "D",
        color=style.COLOURS[1],
        markeredgecolor="white",
        markeredgewidth=0.7,
        label=label,
        zorder=5,
    )
    if not np.isnan(row["percentile"]):
        low, high = row.get("percentile_low", np.nan), row.get("percentile_high", np.nan)
        shown = f"{row['percentile']:.0f}" + ("" if np.isnan(low) else f" ({low:.0f} to {high:.0f})")
        place: Any = ("axes fraction", "data")
        offset: Any = {"xytext": (0, 6), "textcoords": "offset points", "ha": "right", "va": "center"}
        ax.annotate(f"percentile {shown}", (1, y - 0.32), xycoords=place, fontsize=7, color=style.GREY, **offset)
