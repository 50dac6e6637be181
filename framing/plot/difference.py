"""How far an article differs from others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices, closest
from framing.plot import style
from framing.plot.position import figure_name, row_names

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MEASURES = {"difference": "difference in {}", "effect": "standardised difference"}


def difference(
    place: pd.DataFrame,
    *,
    measure: str = "difference",
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "single",
) -> Axes:
    """Plot the differences between an article (or a group) and its reference, with intervals and adjusted p.

    Parameters
    ----------
    place : DataFrame
        From `fr.compare`.
    measure : {"difference", "effect"}
    labels : mapping, optional
        Names to print for frames, in any script.
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
    >>> plot.difference(compare(scores, "d24")).get_xlabel()
    'difference in hits per 1,000 words'
    """
    if measure not in _MEASURES:
        message = f"measure {measure!r} is not known{closest(measure, _MEASURES)}; choose one of {choices(_MEASURES)}"
        raise FramingError(message)
    low, high = f"{measure}_low", f"{measure}_high"
    style.columns_needed(place, ("frame", "figure", measure, low, high, "p_adjusted"), "difference")
    value = place[measure].to_numpy(float)
    known = ~np.isnan(value)
    y = np.arange(len(place))
    with style.house_style():
        ax = style.axes(ax, width=width, height=0.95 + 0.36 * len(place))
        ax.axvline(0, color=style.GREY, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        bounds = place[[low, high]].to_numpy(float)
        ax.hlines(y[known], bounds[known, 0], bounds[known, 1], color=style.COLOURS[0], linewidth=2)
        apart = known & ((bounds[:, 0] > 0) | (bounds[:, 1] < 0))
        for rows, face, label in (
            (apart, style.COLOURS[0], "interval excludes 0"),
            (known & ~apart, "white", "includes 0"),
        ):
            if rows.any():
                ax.plot(
                    value[rows],
                    y[rows],
                    "o",
                    color=style.COLOURS[0],
                    markerfacecolor=face,
                    markeredgewidth=1.4,
                    label=label,
                    zorder=3,
                )
        place_of: Any = ("axes fraction", "data")
        for row, p in enumerate(place["p_adjusted"].tolist()):
            text = (
                "no evidence"
                if not known[row]
                else ""
                if np.isnan(p)
                else "<.001"
                if p < 0.001
                else f"{p:.3f}".lstrip("0")
            )
            ax.annotate(text, (1.02, row), xycoords=place_of, va="center", fontsize=7, color=style.GREY)
        ax.annotate("adjusted p", (1.02, -0.42), xycoords=place_of, va="center", fontsize=7, color=style.GREY)
        ax.set_yticks(y, row_names(place, dict(labels or {})))
        ax.set_ylim(len(place) - 0.5, -0.6)
        figure = str(place["figure"].iloc[0]) if len(place) else "rate"
        ax.set_xlabel(_MEASURES[measure].format(figure_name(figure, place)))
        if apart.any() and (known & ~apart).any():
            style.legend_below(ax, ncols=2, handletextpad=0.2)
    ax.framing_data = place  # type: ignore[attr-defined]
    return ax
