"""Frames over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError, choices, closest
from framing.plot import style
from framing.plot.position import figure_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def timeline(
    table: pd.DataFrame,
    *,
    frames: str | Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "double",
) -> Axes:
    """Plot frames over time: a mark per period, a smoothed line and the band of its interval.

    Parameters
    ----------
    table : DataFrame
        From `fr.timeline`.
    frames : str or list of str, optional
        Which frames to draw. Each line (frame and group) has a colour, dash and marker of its own.
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
    >>> from framing import Codebook, Corpus, Document, code, plot, timeline as over_time
    >>> days = ["2018-01-10", "2018-02-10", "2018-03-10", "2018-04-10"]
    >>> corpus = Corpus(Document(id=day, text="تعاون " * n + "خبر", date=day) for n, day in enumerate(days))
    >>> line = over_time(code(corpus, Codebook.from_dict({"alliance": ["تعاون"]})), resamples=50, span=1)
    >>> plot.timeline(line).get_ylabel()
    'hits per 1,000 words'
    """
    style.columns_needed(table, ("period", "date", "frame", "smooth", "smooth_low", "smooth_high"), "timeline")
    labels = dict(labels or {})
    columns = [str(name) for name in table.columns]
    figure = columns[columns.index("words") + 1]
    wanted = _wanted(table, frames)
    drawn = table[table["frame"].isin(wanted)]
    by = columns[: columns.index("period")]
    split = drawn[[*by, "frame"]]
    keys = list(split.astype(object).where(split.notna(), None).itertuples(index=False, name=None))
    lines = list(dict.fromkeys(keys))
    alone = bool(by) and len(wanted) == 1
    shift = (drawn["date"].max() - drawn["date"].min()) / 250  # marks of one date stand side by side
    with style.house_style():
        ax = style.axes(ax, width=width, height=2.9)
        for number, line in enumerate(lines):
            part = drawn[[key == line for key in keys]]
            _draw(
                ax,
                part,
                figure,
                number,
                _name(line[: len(by)] if alone else line, labels),
                shift=shift * (number - (len(lines) - 1) / 2),
            )
        ax.grid(visible=True, axis="y")
        ax.grid(visible=False, axis="x")
        ax.set_ylim(bottom=0)
        ax.set_ylabel(figure_name(figure, table))
        if alone:
            ax.set_title(_name((wanted[0],), labels))
        style.dates(ax)
        style.legend_below(ax, ncols=3, handlelength=2.6)
    ax.framing_data = drawn  # type: ignore[attr-defined]
    return ax


def _wanted(table: pd.DataFrame, frames: str | Sequence[str] | None) -> list[str]:
    known = list(dict.fromkeys(table["frame"]))
    wanted = known if frames is None else [frames] if isinstance(frames, str) else list(frames)
    for name in wanted:
        if name not in known:
            message = f"the table has no frame {name!r}{closest(str(name), known)}; it has {choices(known)}"
            raise FramingError(message)
    return wanted


def _name(line: tuple[Any, ...], labels: Mapping[str, str]) -> str:
    parts = ["(none)" if part is None else labels.get(str(part), str(part).replace("_", " ")) for part in line]
    return ", ".join(reversed(parts))


def _draw(ax: Axes, part: pd.DataFrame, figure: str, number: int, name: str, *, shift: Any) -> None:
    low, high = ("low", "high") if figure == "rate" else (f"{figure}_low", f"{figure}_high")
    colour = style.COLOURS[number % 6]
    date = part["date"]
    marks: Any = {"color": colour, "alpha": 0.75}
    ax.vlines(date + shift, part[low].to_numpy(float), part[high].to_numpy(float), linewidth=0.8, **marks)
    ax.plot(
        date + shift,
        part[figure].to_numpy(float),
        style.MARKERS[(number + number // 6) % 6],
        markersize=4,
        markeredgewidth=0,
        **marks,
    )
    ax.plot(
        date,
        part["smooth"].to_numpy(float),
        color=colour,
        linestyle=style.DASHES[(number + number // 6) % 6],
        linewidth=1.8,
        label=name,
    )
    bounds = part[["smooth_low", "smooth_high"]].to_numpy(float)
    ax.fill_between(date, bounds[:, 0], bounds[:, 1], color=colour, alpha=0.13, linewidth=0)
