"""Figures of voices and stance: who frames how, and who is evaluated how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from framing.errors import FramingError
from framing.plot import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def voices(scores: pd.DataFrame, *, by: str | None = None, labels: Mapping[str, str] | None = None,
           ax: Axes | None = None, width: str = "double") -> Axes:  # fmt: skip
    """Plot how many hits of each frame each voice has: one stacked bar per frame.

    Parameters
    ----------
    scores : DataFrame
        From `fr.frame_scores` with ``voice``, ``side`` or ``speaker`` in `by`.
    by : str, optional
        Which of these columns to draw; by default the first that the table has.
    labels : mapping, optional
        Names to print for frames and voices.
    ax : Axes, optional
    width : {"single", "double"}

    Returns
    -------
    Axes

    Examples
    --------
    >>> from framing import Codebook, Document, code, frame_scores, plot
    >>> book = Codebook.from_dict({"alliance": ["تعاون"]})
    >>> scores = frame_scores(code(Document(id="a", text="تعاون."), book), by=["doc_id", "voice"])
    >>> plot.voices(scores).get_xlabel()
    'hits'
    """
    style.columns_needed(scores, ("frame", "hits"), "voices")
    choices = [name for name in ("voice", "side", "speaker") if name in scores]
    column = by or (choices[0] if choices else "")
    if column not in scores:
        message = "plot.voices needs a column voice, side or speaker; score with by=['doc_id', 'voice']"
        raise FramingError(message)
    labels = dict(labels or {})
    table = scores.assign(**{column: scores[column].fillna("(nobody named)")})
    counts = table.pivot_table(index="frame", columns=column, values="hits", aggfunc="sum", sort=False).fillna(0)
    counts = counts.loc[:, counts.sum().sort_values(ascending=False, kind="stable").index]
    if len(counts.columns) > len(style.COLOURS):  # no colour stands for two voices
        rest = counts.columns[len(style.COLOURS) - 1 :]
        counts = counts.drop(columns=rest).assign(**{f"{len(rest)} others": counts[rest].sum(axis=1)})
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.0 + 0.4 * len(counts))
        left = np.zeros(len(counts))
        for number, name in enumerate(counts):
            value = counts[name].to_numpy(float)
            ax.barh(
                np.arange(len(counts)), value, left=left, height=0.6, label=labels.get(str(name), str(name)),
                color=style.COLOURS[number % 6], hatch=style.HATCHES[number % 6], edgecolor="white", linewidth=0.8,
            )  # fmt: skip
            for row, (start, size) in enumerate(zip(left, value, strict=True)):
                if size:
                    ax.annotate(f"{size:.0f}", (start + size / 2, row), ha="center", va="center", fontsize=8,
                                bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"})  # fmt: skip
            left += value
        ax.set_yticks(range(len(counts)), [labels.get(frame, frame.replace("_", " ")) for frame in counts.index])
        ax.invert_yaxis()
        ax.set_xlabel("hits")
        ax.locator_params(axis="x", integer=True)
        ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.02), borderaxespad=0)
    ax.framing_data = scores  # type: ignore[attr-defined]
    return ax


def stance(
    table: pd.DataFrame, *, labels: Mapping[str, str] | None = None, ax: Axes | None = None, width: str = "single"
) -> Axes:
    """Plot stance towards each target with its interval: left of zero against, right in favour.

    Parameters
    ----------
    table : DataFrame
        From `fr.stance`. Several documents or voices are drawn beside each other.
    labels, ax, width
        As in `frame_scores`.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from framing import Document, load_codebook, plot, stance
    >>> table = stance(Document(id="a", text="انتقدت واشنطن كوبا."), load_codebook("cuba-russia-us"))
    >>> [float(end) for end in plot.stance(table).get_xlim()]
    [-1.0, 1.0]
    """
    style.columns_needed(table, ("target", "stance", "low", "high"), "stance")
    labels = dict(labels or {})
    by = list(table.columns[: list(table.columns).index("target")])
    groups = list(dict.fromkeys(map(tuple, table[by].astype(object).to_numpy())))
    known = table.groupby("target", sort=False)["stance"].apply(lambda values: values.notna().any())
    targets = [target for target in known.index if known[target]]
    if not targets:
        message = "there is nothing to draw: no evaluation attaches to any of the targets"
        raise FramingError(message)
    with style.house_style():
        ax = style.axes(ax, width=width, height=0.9 + len(targets) * (0.3 + 0.16 * len(groups)))
        spread = min(0.7, 0.2 * (len(groups) - 1))
        for number, group in enumerate(groups):
            part = table[(table[by].astype(object).to_numpy() == np.asarray(group, object)).all(axis=1)]
            part = part.set_index("target").reindex(targets)
            y = np.arange(len(targets)) + (0 if len(groups) == 1 else spread * (number / (len(groups) - 1) - 0.5))
            colour = style.COLOURS[number % 6]
            ax.hlines(y, part["low"], part["high"], color=colour, linewidth=2)
            name = ", ".join(labels.get(str(g), str(g).replace("_", " ")) for g in group)
            ax.plot(part["stance"], y, style.MARKERS[number % 6], color=colour, markeredgecolor="white", label=name,
                    zorder=3, clip_on=False)  # fmt: skip
            for place, value in zip(y.tolist(), part["stance"].tolist(), strict=True):
                if np.isnan(value):
                    ax.annotate("no evaluation", (0, place), (4, 0), textcoords="offset points", va="center",
                                fontsize=7, color=style.GREY)  # fmt: skip
                if len(groups) > 1:
                    style.name_row(ax, place, name)
        ax.axvline(0, color=style.GREY, linewidth=0.8, zorder=1)
        ax.set_yticks(range(len(targets)), [labels.get(t, t.replace("_", " ")) for t in targets])
        ax.set_ylim(len(targets) - 0.5, -0.5)
        ax.set_xlim(-1, 1)
        ax.set_xlabel("against  ←  stance  →  in favour")
    ax.framing_data = table  # type: ignore[attr-defined]
    return ax
