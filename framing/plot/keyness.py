"""Words that set texts apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices, closest
from framing.plot import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MEASURES = {"z": "weighted log-odds, z", "G2": "G² (signed)", "log_ratio": "log₂ ratio of relative frequencies"}


def keyness(
    table: pd.DataFrame,
    *,
    n: int = 12,
    measure: str = "z",
    target: str = "target",
    reference: str = "reference",
    ax: Axes | None = None,
    width: str = "single",
) -> Axes:
    """Plot the words most typical of either side.

    Parameters
    ----------
    table : DataFrame
        From `fr.keyness`.
    n : int
        Words of each side.
    measure : {"z", "G2", "log_ratio"}
        What is drawn and by what words are chosen. `log_ratio` comes with its interval.
    target, reference : str
        What the legend calls the two sides.
    ax : Axes, optional
    width : {"single", "double"}
        Journal column width of a new figure.

    Returns
    -------
    Axes
        Beside each bar stand the occurrences in target and reference.

    Examples
    --------
    >>> from framing import Document, keyness, plot
    >>> one, other = Document(id="a", text="صداقة وصداقة وصداقة"), Document(id="b", text="عقوبات وعقوبات وعقوبات")
    >>> [text.get_text() for text in plot.keyness(keyness(one, other)).get_yticklabels()]
    ['صداقة', 'عقوبات']
    """
    if measure not in _MEASURES:
        message = f"measure {measure!r} is not known{closest(measure, _MEASURES)}; choose one of {choices(_MEASURES)}"
        raise FramingError(message)
    style.columns_needed(table, ("feature", measure, "n_target", "n_reference"), "keyness")
    ordered = table[table[measure].notna()].sort_values(measure, ascending=False, kind="stable")
    shown = _both_ends(ordered, measure, n)
    value = shown[measure].to_numpy(float)
    y = np.arange(len(shown))
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.0 + 0.19 * max(len(shown), 3))
        for rows, number, label in ((value > 0, 0, target), (value <= 0, 1, reference)):
            if rows.any():
                ax.barh(
                    y[rows], value[rows], height=0.68, color=style.COLOURS[number], hatch=style.HATCHES[number],
                    edgecolor="white", linewidth=0, label=f"more typical of {label}",
                )  # fmt: skip
        if measure == "log_ratio" and {"log_ratio_low", "log_ratio_high"} <= set(shown.columns):
            ax.hlines(y, shown["log_ratio_low"], shown["log_ratio_high"], color="black", linewidth=0.9)
        ax.axvline(0, color="black", linewidth=0.8)
        ax.set_yticks(y, shown["feature"])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.set_xlabel(_MEASURES[measure])
        for row, (a, b) in enumerate(zip(shown["n_target"].tolist(), shown["n_reference"].tolist(), strict=True)):
            place: Any = ("axes fraction", "data")
            ax.annotate(f"{a} : {b}", (1.02, row), xycoords=place, va="center", fontsize=7, color=style.GREY)
        style.legend_below(ax, ncols=1, handletextpad=0.5)
    ax.framing_data = shown  # type: ignore[attr-defined]
    return ax


def _both_ends(ordered: pd.DataFrame, measure: str, n: int) -> pd.DataFrame:
    import pandas as pd

    value = ordered[measure]
    shown = pd.concat([ordered[value > 0].head(n), ordered[value < 0].tail(n)])
    shown.attrs = ordered.attrs
    return shown
