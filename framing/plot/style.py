"""House style: colours that survive colour blindness and photocopying, Arabic and Latin set together.

Okabe & Ito's (2008) palette, always with a marker or hatch of its own, so that no figure depends on
colour. Matplotlib ≥ 3.11 shapes Arabic and orders it right to left by itself: text is passed as it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError, choices, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe–Ito without black and yellow, which are poor on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
MARKERS = ("o", "s", "D", "^", "v", "P")
HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")
DASHES = ("solid", (0, (4, 2)), (0, (1, 1.5)), (0, (4, 1.5, 1, 1.5)), (0, (7, 2)), (0, (2, 1)))
GREY = "#5f5f5f"

#: Widths of a figure in inches: one and two columns of a journal page.
WIDTHS = {"single": 3.5, "double": 7.2}

_RC: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#444444",
    "axes.grid": True,
    "axes.grid.axis": "x",
    "axes.labelsize": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "figure.dpi": 120,
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.4,
    "lines.markersize": 6,
    "savefig.bbox": "tight",
    "svg.fonttype": "path",
    "svg.hashsalt": "framing",
    "xtick.labelsize": 8,
    "ytick.labelsize": 9,
}


#: What returns the table of a plot function, where it is not the function of `fr` with the same name.
_SOURCES = {
    "agreement": "fr.agreement(codings)",
    "corrected": "fr.corrected(machine, human)",
    "coverage": "corpus.to_pandas().merge(corpus.describe(), on='doc_id')",
    "difference": "fr.compare(scores, focal=…)",
    "frame_scores": "fr.frame_scores(codings)",
    "keyness": "fr.keyness(target, reference)",
    "place": "fr.place(article, model)",
    "position": "fr.compare(scores, focal=…)",
    "relations": "fr.relations(corpus, codebook)",
    "stance": "fr.stance(corpus, codebook)",
    "timeline": "fr.timeline(codings)",
    "topic_map": "model.map()",
    "topic_shares": "model.shares()",
    "topic_terms": "fr.topic_terms(model)",
    "validation": "fr.validate(machine, against=human)",
    "voices": "fr.frame_scores(codings, by=['doc_id', 'voice'])",
}


@contextlib.contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style inside this context."""
    import matplotlib as mpl

    interactive = mpl.is_interactive()
    try:
        with mpl.rc_context(_RC):
            try:
                yield
            finally:
                interactive = mpl.is_interactive()
    finally:  # a notebook's backend, loaded with the first figure, has turned it on: later figures are shown too
        mpl.interactive(interactive)


def axes(ax: Axes | None, *, width: str = "single", height: float = 2.4) -> Axes:
    """Return `ax`, or new axes of a journal's column width and this height in inches."""
    if width not in WIDTHS:
        message = f"width {width!r} is not known; choose one of {choices(WIDTHS)}"
        raise FramingError(message)
    if ax is not None:
        return ax
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = _pyplot_figure() or Figure()
    figure.set_size_inches(WIDTHS[width], height)
    figure.set_layout_engine("constrained")
    if figure.canvas is None:
        FigureCanvasAgg(figure)
    new: Axes = figure.subplots()
    return new


def _pyplot_figure() -> Any:
    import matplotlib.pyplot as plt

    return plt.figure()


def legend_below(ax: Axes, **options: Any) -> None:
    """Put the legend under the figure; under the axes, where they share a figure with others."""
    handles, texts = ax.get_legend_handles_labels()
    if len(ax.figure.axes) == 1 and ax.figure.get_layout_engine() is not None:
        ax.figure.legend(handles, texts, loc="outside lower left", **options)
    else:
        ax.legend(handles, texts, loc="upper left", bbox_to_anchor=(0, -0.16), borderaxespad=0, **options)


def name_row(ax: Axes, y: float, text: str) -> None:
    """Write what a row of marks is on its right, so that nobody has to look it up in a legend."""
    place: Any = ("axes fraction", "data")
    ax.annotate(text, (1.015, y), xycoords=place, va="center", fontsize=7.5, color=GREY, annotation_clip=False)


def columns_needed(table: Any, wanted: Iterable[str], function: str) -> None:
    """Raise when `table` is not what a plot function draws, and say which call returns it."""
    import pandas as pd

    source = _SOURCES.get(function, f"fr.{function}")
    if not isinstance(table, pd.DataFrame):
        message = f"plot.{function} draws the table that {source} returns, not {shown(table)}"
        raise FramingError(message)
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        message = f"plot.{function} needs the columns {choices(missing)}; pass the table that {source} returns"
        raise FramingError(message)


def dates(ax: Axes) -> None:
    """Let the horizontal axis show dates, as few and as short as will do."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator: Any = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def group_name(group: tuple[Any, ...], labels: Mapping[str, str]) -> str:
    """Return what to call a group of one or several columns."""
    parts = (labels.get(str(part), str(part).replace("_", " ")) for part in group if part is not None)
    return ", ".join(parts) or "(none)"
