"""Figures of frame scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from framing.plot import style
from framing.plot.position import figure_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_FIGURES = {
    "rate": ("low", "high"),
    "coverage": ("coverage_low", "coverage_high"),
    "share": ("share_low", "share_high"),
    "prominence": ("prominence_low", "prominence_high"),
}


def frame_scores(
    scores: pd.DataFrame,
    *,
    figure: str = "rate",
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "single",
) -> Axes:
    """Plot frame scores with their intervals.

    Parameters
    ----------
    scores : DataFrame
        From `fr.frame_scores`. One row of marks per frame; where the table has several groups (documents,
        voices, outlets), each has a row with a colour and marker of its own, and its name on the right.
    figure : {"rate", "coverage", "share", "prominence"}
    labels : mapping, optional
        Names to print for frames and groups, in any script.
    ax : Axes, optional
    width : {"single", "double"}
        Journal column width of a new figure.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from framing import Codebook, Document, code, frame_scores as score, plot
    >>> book = Codebook.from_dict({"alliance": ["تعاون"]})
    >>> ax = plot.frame_scores(score(code(Document(id="a", text="تعاون."), book)))
    >>> ax.get_xlabel()
    'hits per 1,000 words'
    """
    low, high = _FIGURES[figure]
    style.columns_needed(scores, ("frame", figure, low, high), "frame_scores")
    labels = dict(labels or {})
    by = list(scores.columns[: list(scores.columns).index("frame")])
    groups = list(dict.fromkeys(map(tuple, scores[by].astype(object).to_numpy())))
    frames = list(dict.fromkeys(scores["frame"]))
    with style.house_style():
        ax = style.axes(ax, width=width, height=0.9 + len(frames) * (0.34 + 0.16 * len(groups)))
        for number, group in enumerate(groups):
            part = scores[(scores[by].astype(object).to_numpy() == np.asarray(group, object)).all(axis=1)]
            _draw(
                ax,
                part,
                frames,
                _offset(number, len(groups)),
                number,
                figure=figure,
                low=low,
                high=high,
                label=style.group_name(group, labels),
            )
        ax.set_yticks(range(len(frames)), [labels.get(frame, frame.replace("_", " ")) for frame in frames])
        ax.set_ylim(len(frames) - 0.5, -0.5)
        if figure != "prominence":
            ax.set_xlim(left=0)
        else:
            ax.axvline(1, color=style.GREY, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        ax.set_xlabel(figure_name(figure, scores))
        if len(groups) > 1:
            for number, group in enumerate(groups):
                for row in range(len(frames)):
                    style.name_row(ax, row + _offset(number, len(groups)), style.group_name(group, labels))
    ax.framing_data = scores  # type: ignore[attr-defined]
    return ax


def _offset(number: int, groups: int) -> float:
    """Return how far below the middle of its frame a group stands, of so many groups."""
    return 0 if groups == 1 else min(0.7, 0.2 * (groups - 1)) * (number / (groups - 1) - 0.5)


def _draw(
    ax: Axes,
    part: pd.DataFrame,
    frames: list[str],
    offset: float,
    number: int,
    *,
    figure: str,
    low: str,
    high: str,
    label: str,
) -> None:
    by_frame = part.set_index("frame").reindex(frames)
    y = np.arange(len(frames)) + offset
    value = by_frame[figure].to_numpy(float)
    known = ~np.isnan(value)
    colour, marker = style.COLOURS[number % 6], style.MARKERS[number % 6]
    ax.hlines(
        y[known], by_frame[low].to_numpy(float)[known], by_frame[high].to_numpy(float)[known], color=colour, linewidth=2
    )
    ax.plot(
        value[known],
        y[known],
        marker,
        color=colour,
        markeredgecolor="white",
        markeredgewidth=0.6,
        label=label,
        zorder=3,
    )
    for place in y[~known]:
        ax.annotate(
            "no evidence",
            (0, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
            color=style.GREY,
        )
