"""Figures of reliability and validity."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices, closest
from framing.plot import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Krippendorff's thresholds.
_TENTATIVE, _GOOD = 0.667, 0.8
_FIGURES = {"precision": "precision", "recall": "recall", "f1": "F1"}


def agreement(
    table: pd.DataFrame,
    *,
    measure: str | None = None,
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "single",
) -> Axes:
    """Plot how far coders agree, with intervals and the thresholds for tentative and good.

    Parameters
    ----------
    table : DataFrame
        From `fr.agreement`.
    measure : str, optional
        Where the table has several; by default its first.
    labels : mapping, optional
        Names to print for frames and coders, in any script.
    ax : Axes, optional
    width : {"single", "double"}
        Journal column width of a new figure.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from framing import agreement as measured, plot
    >>> codes = pd.DataFrame({"amal": [1, 1, 0, 0, 0, 0, 1, 0], "badr": [1, 1, 0, 0, 0, 0, 0, 0]})
    >>> plot.agreement(measured(codes)).get_xlabel()
    'alpha'
    """
    style.columns_needed(table, ("coders", "measure", "value", "low", "high"), "agreement")
    measures = list(dict.fromkeys(table["measure"]))
    wanted = measure or measures[0]
    if wanted not in measures:
        message = f"the table has no measure {wanted!r}{closest(wanted, measures)}; it has {choices(measures)}"
        raise FramingError(message)
    rows = table[table["measure"] == wanted].reset_index(drop=True)
    several = len(set(rows["coders"])) > 1
    by = [name for name in ("frame", "coders") if name in rows and (name == "frame" or several or "frame" not in rows)]
    names = _names(rows, by, labels)
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.05 + 0.34 * len(rows))
        if wanted in ("alpha", "kappa"):
            ax.axvspan(_GOOD, 1, color="#e3f0e9", zorder=0, linewidth=0)
            ax.axvspan(_TENTATIVE, _GOOD, color="#f2f2f2", zorder=0, linewidth=0)
            for place, text in (((_TENTATIVE + _GOOD) / 2, "tentative"), ((_GOOD + 1) / 2, "good")):
                ax.annotate(text, (place, 1), (0, 3), xycoords=("data", "axes fraction"), textcoords="offset points",
                            ha="center", va="bottom", fontsize=7, color=style.GREY)  # fmt: skip
        _intervals(ax, rows, "value", ("low", "high"), np.arange(len(rows)), number=0, missing="undefined")
        ax.set_yticks(np.arange(len(rows)), names)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        least = float(np.nanmin(rows[["value", "low"]].to_numpy(float), initial=1.0))
        ax.set_xlim(0.5 if least > 0.55 else min(0.0, least), 1)  # narrow intervals stay visible
        ax.set_xlabel(wanted)
    ax.framing_data = rows  # type: ignore[attr-defined]
    return ax


def validation(
    scores: Any, *, labels: Mapping[str, str] | None = None, ax: Axes | None = None, width: str = "single"
) -> Axes:
    """Plot precision, recall and F1 per frame (and group), with intervals.

    Parameters
    ----------
    scores : Validation or DataFrame
        From `fr.validate`, or its `.scores`.
    labels, ax, width
        As in `plot.agreement`.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from framing import plot
    >>> row = {"frame": "alliance", "precision": 0.9, "recall": 0.7, "f1": 0.79}
    >>> bounds = {f"{name}_{side}": row[name] for name in ("precision", "recall", "f1") for side in ("low", "high")}
    >>> plot.validation(pd.DataFrame([{**row, **bounds}])).get_xlabel()
    "agreement with people's codes"
    """
    table: pd.DataFrame = getattr(scores, "scores", scores)
    style.columns_needed(table, ("frame", *_FIGURES), "validation")
    by = list(table.columns[: list(table.columns).index("frame") + 1])
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.0 + 0.5 * len(table))
        for number, (figure, name) in enumerate(_FIGURES.items()):
            y = np.arange(len(table)) + 0.22 * (number - 1)
            _intervals(ax, table, figure, (f"{figure}_low", f"{figure}_high"), y, number=number, label=name)
        ax.set_yticks(np.arange(len(table)), _names(table, [by[-1], *by[:-1]], labels))
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_xlim(0, 1)
        ax.set_xlabel("agreement with people's codes")
        ax.figure.legend(*ax.get_legend_handles_labels(), loc="outside lower left", ncols=3, handletextpad=0.2)
    ax.framing_data = table  # type: ignore[attr-defined]
    return ax


def corrected(
    table: pd.DataFrame,
    *,
    quantity: str = "mean",
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "single",
) -> Axes:
    """Plot naive and corrected shares, or differences, side by side.

    Parameters
    ----------
    table : DataFrame
        From `fr.corrected`.
    quantity : {"mean", "difference"}
    labels, ax, width
        As in `plot.agreement`.

    Returns
    -------
    Axes
        Hollow and thin: the machine's codes as they are; filled: corrected.

    Examples
    --------
    >>> import pandas as pd
    >>> from framing import plot
    >>> row = {"quantity": "mean", "frame": "alliance", "naive": 0.2, "naive_low": 0.15, "naive_high": 0.25}
    >>> ax = plot.corrected(pd.DataFrame([{**row, "corrected": 0.3, "low": 0.2, "high": 0.4}]))
    >>> ax.get_xlabel()
    'share of units with the frame'
    """
    style.columns_needed(table, ("quantity", "frame", "naive", "naive_low", "corrected", "low"), "corrected")
    rows = table[table["quantity"] == quantity].reset_index(drop=True)
    if not len(rows):
        known = list(dict.fromkeys(table["quantity"]))
        message = f"the table has no {quantity!r}{closest(quantity, known)}; it has {choices(known)}"
        raise FramingError(message)
    by = list(rows.columns[1 : list(rows.columns).index("frame")])
    frames = list(dict.fromkeys(rows["frame"]))
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.15 + 0.28 * len(rows) + (0.25 * len(frames) if by else 0))
        if quantity == "difference":
            ax.axvline(0, color=style.GREY, linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
        place, ticks = 0.0, []
        for frame in frames:
            part = rows[rows["frame"] == frame]
            title = (labels or {}).get(frame, frame.replace("_", " "))
            if by:
                ticks.append((place, title, True))
                place += 0.9
            y = place + np.arange(len(part))
            _intervals(
                ax, part, "naive", ("naive_low", "naive_high"), y - 0.15, number=1, label="machine alone", hollow=True
            )
            _intervals(
                ax, part, "corrected", ("low", "high"), y + 0.15, number=0, label="corrected", missing="too few codes"
            )
            names = _names(part, by, labels) if by else [title]
            ticks += [(at, name, False) for at, name in zip(y.tolist(), names, strict=True)]
            place = float(y[-1]) + (1.2 if by else 1)
        ax.set_yticks([at for at, *_ in ticks], [name for _, name, _ in ticks])
        for tick, (_, _, bold) in zip(ax.get_yticklabels(), ticks, strict=True):
            tick.set_fontweight("bold" if bold else "normal")
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(place - 0.5, -0.6)
        if quantity == "mean":
            ax.set_xlim(left=0)
        of = "share of units with the frame"
        ax.set_xlabel(of if quantity == "mean" else f"difference in {of}")
        handles, names = ax.get_legend_handles_labels()
        first = dict(zip(names[::-1], handles[::-1], strict=True))
        shown = [name for name in ("machine alone", "corrected") if name in first]
        ax.figure.legend([first[name] for name in shown], shown, loc="outside lower left", ncols=2, handletextpad=0.2)
    ax.framing_data = rows  # type: ignore[attr-defined]
    return ax


def labels_needed(
    plan: pd.DataFrame, *, labels: Mapping[str, str] | None = None, ax: Axes | None = None, width: str = "single"
) -> Axes:
    """Plot the width of the interval against the number of coded units.

    Parameters
    ----------
    plan : DataFrame
        From `fr.labels_needed`.
    labels, ax, width
        As in `plot.agreement`.

    Returns
    -------
    Axes
        A line per frame (and group), named at its end; thin and dotted: people's codes without the machine.

    Examples
    --------
    >>> import pandas as pd
    >>> from framing import plot
    >>> rows = [("alliance", 100, 0.14, 0.18), ("alliance", 400, 0.06, 0.08)]
    >>> plot.labels_needed(pd.DataFrame(rows, columns=["frame", "coded", "width", "width_people"])).get_xlabel()
    'units coded by people'
    """
    style.columns_needed(plan, ("frame", "coded", "width", "width_people"), "labels_needed")
    by = list(plan.columns[: list(plan.columns).index("frame")])
    with style.house_style():
        ax = style.axes(ax, width=width, height=2.7)
        ends = []
        for number, (_, part) in enumerate(plan.groupby([*by, "frame"], sort=False, dropna=False)):
            colour = style.COLOURS[number % 6]
            x = part["coded"].to_numpy(float)
            ax.plot(x, part["width_people"], color=colour, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=2)
            ax.plot(x, part["width"], color=colour, marker=style.MARKERS[number % 6], markersize=4.5,
                    markeredgecolor="white", markeredgewidth=0.5, zorder=3)  # fmt: skip
            name = _names(part.head(1), ["frame", *by], labels)[0]
            ends.append((float(part["width"].iloc[-1]), name, colour))
        top = float(np.nanmax(plan[["width", "width_people"]].to_numpy(float))) * 1.05
        last = float(plan["coded"].max())
        for (value, name, colour), y in zip(ends, _apart([value for value, *_ in ends], 0.075 * top), strict=True):
            ax.annotate(name, (last, value), (last * 1.03, y), textcoords="data", va="center", fontsize=8, color=colour,
                        annotation_clip=False)  # fmt: skip
        ax.set_xlim(0, last * 1.02)
        ax.set_ylim(0, top)
        ax.grid(axis="y")
        ax.set_xlabel("units coded by people")
        ax.set_ylabel("width of the interval")
        ax.plot([], [], color=style.GREY, marker="o", markersize=4.5, label="with the machine")
        ax.plot([], [], color=style.GREY, linewidth=0.9, linestyle=(0, (1, 1.5)), label="people alone")
        ax.legend(loc="upper right")
    ax.framing_data = plan  # type: ignore[attr-defined]
    return ax


def _intervals(
    ax: Axes,
    rows: pd.DataFrame,
    figure: str,
    bounds: tuple[str, str],
    y: Any,
    *,
    number: int,
    label: str | None = None,
    missing: str = "no evidence",
    hollow: bool = False,
) -> None:
    """Draw a marker with its interval per row; a value that is missing is said to be so."""
    value = rows[figure].to_numpy(float)
    known = ~np.isnan(value)
    colour, marker = style.COLOURS[number % 6], style.MARKERS[number % 6]
    reach = rows[list(bounds)].to_numpy(float)
    ax.hlines(y[known], reach[known, 0], reach[known, 1], color=colour, linewidth=1.1 if hollow else 2)
    ax.plot(value[known], y[known], marker, color=colour, label=label, zorder=3, clip_on=False,
            markerfacecolor="white" if hollow else colour, markeredgecolor=colour if hollow else "white",
            markeredgewidth=1.1 if hollow else 0.6, markersize=5 if hollow else 6)  # fmt: skip
    for place in np.asarray(y)[~known]:
        ax.annotate(missing, (0, place), (4, 0), textcoords="offset points", va="center", fontsize=7, color=style.GREY)


def _names(rows: pd.DataFrame, by: Sequence[str], labels: Mapping[str, str] | None) -> list[str]:
    """Return what each row is called: its labels, joined."""
    import pandas as pd

    known = dict(labels or {})
    names = []
    for values in rows[list(by)].astype(object).itertuples(index=False, name=None):
        parts = [known.get(str(v), str(v).replace("_", " ")) for v in values if not pd.isna(v)]
        names.append(", ".join(parts) or "all")
    return names


def _apart(values: Sequence[float], gap: float) -> list[float]:
    """Return places for labels near `values`, at least `gap` apart."""
    places = np.asarray(values, float)
    order = np.argsort(places)
    for before, after in itertools.pairwise(order.tolist()):
        places[after] = max(places[after], places[before] + gap)
    return [float(place) for place in places]
