"""The signed relation network: who stands with whom, as the text says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError
from framing.plot import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MOST_ARROWS = 40
_SUPPORTS, _OPPOSES = style.COLOURS[0], style.COLOURS[1]
#: Whether support: how far the curve bends, and its colour.
_LOOKS = {True: (0.14, _SUPPORTS), False: (0.32, _OPPOSES)}


def relations(table: pd.DataFrame, *, labels: Mapping[str, str] | None = None, most: int = 15, ax: Axes | None = None,
              width: str = "double") -> Axes:  # fmt: skip
    """Plot directed relations as a network on a circle.

    Support is a solid line with a filled arrow, opposition a dashed one with an open arrow; on each stands
    the number of places, and its width grows with it. Where a pair has both, both are drawn. Of many relations
    the 40 most frequent are drawn.

    Parameters
    ----------
    table : DataFrame
        From `fr.relations`; negated rows are left out.
    labels : mapping, optional
        Names to print for actors.
    most : int
        Actors to draw, those with most relations first.
    ax : Axes, optional
    width : {"single", "double"}

    Returns
    -------
    Axes

    Examples
    --------
    >>> from framing import Document, load_codebook, plot, relations
    >>> table = relations(Document(id="a", text="انتقدت واشنطن كوبا."), load_codebook("cuba-russia-us"))
    >>> sorted(text.get_text() for text in plot.relations(table).texts if text.get_text())
    ['1', 'cuba', 'usa']
    """
    style.columns_needed(table, ("source", "target", "polarity"), "relations")
    kept = table[~table["negated"]] if "negated" in table else table
    if not len(kept):
        message = "there is nothing to draw: the table has no relation that is not negated"
        raise FramingError(message)
    degree = kept["source"].value_counts().add(kept["target"].value_counts(), fill_value=0)
    actors = degree.sort_values(ascending=False, kind="stable").index[:most].tolist()
    kept = kept[kept["source"].isin(actors) & kept["target"].isin(actors)]
    counts = kept.groupby(["source", "target", "polarity"]).size()
    labels = dict(labels or {})
    place = _circle(actors)
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.4 if len(actors) == 2 else 3.2 if len(actors) <= 5 else 4.8)
        shown = counts.sort_values(ascending=False, kind="stable")[:_MOST_ARROWS].reset_index(name="n")
        ax.set_xlim(min(x for x, _ in place.values()) - 0.3, max(x for x, _ in place.values()) + 0.3)
        ax.set_ylim(*((-0.5, 0.5) if len(actors) == 2 else (-1.3, 1.3)))
        ax.axis("off")
        boxes = {}
        for actor, (x, y) in place.items():
            name = labels.get(actor, actor.replace("_", " "))
            text = ax.text(x, y, name, ha="center", va="center", fontsize=9, zorder=5,
                           bbox={"boxstyle": "round,pad=0.35", "fc": "white", "ec": style.GREY, "lw": 0.8})  # fmt: skip
            boxes[actor] = text.get_bbox_patch()
        for source, target, polarity, n in shown.itertuples(index=False, name=None):
            _arrow(ax, place[source], place[target], int(polarity), int(n), (boxes[source], boxes[target]))
        _legend(ax)
        ax.get_figure(root=True).draw_without_rendering()  # type: ignore[union-attr]  # the layout settles where the curves run
        for source, target, polarity, n in shown.itertuples(index=False, name=None):
            _count(ax, place[source], place[target], int(polarity), int(n))
    ax.framing_data = table  # type: ignore[attr-defined]
    return ax


def _circle(actors: list[str]) -> dict[str, tuple[float, float]]:
    """Place the actors: two on a line, more on an ellipse, the busiest on the left."""
    if len(actors) == 2:
        return {actors[0]: (-0.8, 0.0), actors[1]: (0.8, 0.0)}
    angles = np.pi - 2 * np.pi * np.arange(len(actors)) / len(actors)
    return {actor: (1.15 * float(np.cos(a)), 1.05 * float(np.sin(a))) for actor, a in zip(actors, angles, strict=True)}


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], polarity: int, n: int, boxes: tuple[Any, Any]
) -> None:
    """Draw an arrow from the edge of one actor's box to that of the other's, wider with more places."""
    options: dict[str, Any] = (
        {"arrowstyle": "-|>", "linestyle": "solid"} if polarity > 0 else {"arrowstyle": "->", "linestyle": (0, (4, 2))}
    )
    bend, colour = _LOOKS[polarity > 0]
    look = {"color": colour, "linewidth": 0.8 + 0.5 * np.log2(1 + n), "mutation_scale": 12, "zorder": 3}
    ax.annotate(
        "",
        end,
        start,
        arrowprops={
            **options,
            **look,
            "connectionstyle": f"arc3,rad={bend}",
            "patchA": boxes[0],
            "patchB": boxes[1],
            "shrinkA": 2,
            "shrinkB": 3,
        },
    )


def _count(ax: Axes, start: tuple[float, float], end: tuple[float, float], polarity: int, n: int) -> None:
    """Write the number of places on an arrow, nearer to its source, so that two opposite ones do not meet."""
    bend, colour = _LOOKS[polarity > 0]
    (x0, y0), (x1, y1) = ax.transData.transform([start, end])  # the curve is bent on the page, not in the data
    control = ((x0 + x1) / 2 + bend * (y1 - y0), (y0 + y1) / 2 - bend * (x1 - x0))
    weights = 0.49, 0.42, 0.09  # of a quadratic Bézier curve at 0.3
    spot = np.average([(x0, y0), control, (x1, y1)], axis=0, weights=weights)
    x, y = ax.transData.inverted().transform(spot).tolist()
    ax.text(x, y, str(n), ha="center", va="center", fontsize=7, color=colour, zorder=4,
            bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"})  # fmt: skip


def _legend(ax: Axes) -> None:
    from matplotlib.lines import Line2D

    lines = [
        Line2D([], [], color=_SUPPORTS, linestyle="solid", label="supports"),
        Line2D([], [], color=_OPPOSES, linestyle=(0, (4, 2)), label="opposes"),
    ]
    if len(ax.figure.axes) == 1 and ax.figure.get_layout_engine() is not None:
        ax.figure.legend(handles=lines, loc="outside lower left", ncols=2)
    else:
        ax.legend(handles=lines, loc="upper left", bbox_to_anchor=(0, 0), ncols=2)
