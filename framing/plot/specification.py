"""The same conclusion under every choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices, closest
from framing.plot import style
from framing.plot.position import figure_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_CHOICES = ("margin", "negation", "weighting", "voice", "reference", "lexicon")
_WORDS = {
    ("negation", "True"): "negated left out",
    ("negation", "False"): "negated counted",
    ("weighting", "none"): "all words alike",
    ("weighting", "lead"): "lead weighs more",
    ("voice", "all"): "all voices",
    ("voice", "narrator"): "narrator only",
    ("lexicon", "all"): "whole lexicon",
    ("lexicon", "half"): "half of it",
    ("reference", "all"): "all other documents",
}


def specification_curve(
    curve: pd.DataFrame,
    *,
    frame: str | None = None,
    labels: Mapping[str, str] | None = None,
    width: str = "double",
) -> Axes:
    """Plot a difference under every specification, sorted, above the choices that made it.

    Parameters
    ----------
    curve : DataFrame
        From `fr.specification_curve`.
    frame : str, optional
        Which frame; needed where the table has several.
    labels : mapping, optional
        Names to print for frames and options, in any script.
    width : {"single", "double"}
        Journal column width.

    Returns
    -------
    Axes
        The upper ones; their figure has the choices below. Dark marks have an interval that excludes 0; the
        diamond is the main specification. The title says how many agree with it.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document, plot, specification_curve as curve_of
    >>> corpus = Corpus(Document(id=f"d{n}", text="تعاون " * n + "صداقة " + "خبر " * (20 - n)) for n in range(6))
    >>> book = Codebook.from_dict({"alliance": ["تعاون", "صداقة"]})
    >>> curve = curve_of(corpus, book, focal="d5", margins=["default"], voices=["all"], halves=2)
    >>> plot.specification_curve(curve).get_title(loc="left")
    'alliance: 12 of 12 specifications agree'
    """
    style.columns_needed(
        curve, ("frame", *_CHOICES, "difference", "low", "high", "main", "agrees"), "specification_curve"
    )
    labels = dict(labels or {})
    part = _of_frame(curve, frame).sort_values("difference", kind="stable", ignore_index=True)
    rows = _options(part, labels)
    with style.house_style():
        upper, lower = _two(width, len(rows))
        _curve(upper, part)
        name = str(part["frame"].iloc[0])
        agree = int(part["agrees"].sum())
        upper.set_title(f"{labels.get(name, name.replace('_', ' '))}: {agree} of {len(part)} specifications agree")
        upper.set_ylabel(f"difference in {figure_name('rate', curve)}".replace(" per", "\nper"))
        _choices(lower, rows)
        lower.set_xlabel("specifications, from the smallest difference to the largest")
    upper.framing_data = part  # type: ignore[attr-defined]
    return upper


def _of_frame(curve: pd.DataFrame, frame: str | None) -> pd.DataFrame:
    known = list(dict.fromkeys(curve["frame"]))
    if frame is None and len(known) != 1:
        message = f"the table has several frames; choose one with frame=: {choices(known)}"
        raise FramingError(message)
    wanted = known[0] if frame is None else frame
    if wanted not in known:
        message = f"the table has no frame {wanted!r}{closest(str(wanted), known)}; it has {choices(known)}"
        raise FramingError(message)
    part = curve[curve["frame"] == wanted]
    part.attrs = curve.attrs
    return part


def _two(width: str, n_rows: int) -> tuple[Axes, Axes]:
    heights = (1.7, 0.3 + 0.15 * n_rows)
    first = style.axes(None, width=width, height=sum(heights) + 0.7)
    figure: Any = first.figure
    first.remove()
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=heights)
    return upper, lower


def _options(part: pd.DataFrame, labels: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return the options of every choice that was made in more than one way, and where each was taken."""
    rows = []
    for name in _CHOICES:
        taken = part[name].astype(str)
        if name == "lexicon":
            taken = taken.str.replace(r"^half \d+$", "half", regex=True)
        options = list(dict.fromkeys([*taken[part["main"]], *taken.sort_values()]))
        if len(options) < 2:
            continue
        for option in options:
            shown = (
                labels.get(option) or _WORDS.get((name, option)) or (f"{option} margin" if name == "margin" else option)
            )
            rows.append((shown, np.flatnonzero(taken == option)))
        rows.append(("", np.zeros(0, int)))
    return rows[:-1]


def _curve(ax: Axes, part: pd.DataFrame) -> None:
    x = np.arange(len(part))
    value, low, high = (part[name].to_numpy(float) for name in ("difference", "low", "high"))
    apart = (low > 0) | (high < 0)
    ax.vlines(x, low, high, color="#c9c9c9", linewidth=max(0.3, min(1.6, 150 / len(part))), zorder=1)
    size = 3.4 if len(part) <= 150 else 1.8
    marks: Any = {"marker": "o", "linestyle": "none", "markersize": size, "markeredgewidth": 0}
    ax.plot(x[~apart], value[~apart], color="#8a8a8a", label="interval includes 0", zorder=2, **marks)
    ax.plot(x[apart], value[apart], color=style.COLOURS[0], label="excludes 0", zorder=3, **marks)
    main = np.flatnonzero(part["main"].to_numpy(bool))
    marks |= {"marker": "D", "markersize": 6.5, "markeredgewidth": 0.8, "markeredgecolor": "white"}
    ax.plot(x[main], value[main], color=style.COLOURS[1], label="main specification", zorder=4, clip_on=False, **marks)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.grid(visible=True, axis="y")
    ax.grid(visible=False, axis="x")
    handles, names = ax.get_legend_handles_labels()
    ax.figure.legend(handles, names, loc="outside lower left", ncols=3, handletextpad=0.2, markerscale=1.3)
    ax.set_xlim(-1, len(part))


def _choices(ax: Axes, rows: list[tuple[str, Any]]) -> None:
    for y, (_, taken) in enumerate(rows):
        ax.plot(taken, np.full(len(taken), y), "|", color=style.GREY, markersize=4, markeredgewidth=0.7)
    ax.set_yticks([y for y, (name, _) in enumerate(rows) if name], [name for name, _ in rows if name])
    ax.tick_params(axis="y", labelsize=7.5, length=0)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
