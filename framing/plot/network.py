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


def relations(table: pd.DataFrame, *, labels: Mapping[str, str] | None = None, most: int = 15, ax: Axes | None = None,
              width: str = "double") -> Axes:  # fmt: skip
    """Plot directed relations as a network on a circle.

    Support is a solid line with a filled arrow, opposition a dashed one with an open arrow; the width grows
    with the number of places. Where a pair has both, both are drawn. Of many relations the 40 most frequent
    are drawn.

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
    >>> sorted(text.get_text() for text in plot.relations(table).texts)
    ['cuba', 'usa']
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
        for source, target, polarity, n in shown.itertuples(index=False, name=None):
            _arrow(ax, place[source], place[target], int(polarity), int(n))
        for actor, (x, y) in place.items():
            name = labels.get(actor, actor.replace("_", " "))
            ax.text(x, y, name, ha="center", va="center", fontsize=9, zorder=5,
                    bbox={"boxstyle": "round,pad=0.35", "fc": "white", "ec": style.GREY, "lw": 0.8})  # fmt: skip
        ax.set_xlim(-1.35, 1.35)
        ax.set_ylim(*((-0.5, 0.5) if len(actors) == 2 else (-1.3, 1.3)))
        ax.axis("off")
        _legend(ax)
    ax.framing_data = table  # type: ignore[attr-defined]
    return ax


def _circle(actors: list[str]) -> dict[str, tuple[float, float]]:
    """Place the actors: two on a line, more on an ellipse, the busiest on the left."""
    if len(actors) == 2:
        return {actors[0]: (-0.8, 0.0), actors[1]: (0.8, 0.0)}
    angles = np.pi - 2 * np.pi * np.arange(len(actors)) / len(actors)
    return {actor: (1.15 * float(np.cos(a)), 1.05 * float(np.sin(a))) for actor, a in zip(actors, angles, strict=True)}


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], polarity: int, n: int) -> None:
    from matplotlib.patches import FancyArrowPatch

    options: dict[str, Any] = (
        {"arrowstyle": "-|>", "linestyle": "solid"} if polarity > 0 else {"arrowstyle": "->", "linestyle": (0, (4, 2))}
    )
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=f"arc3,rad={0.14 if polarity > 0 else 0.32}",
            color=_SUPPORTS if polarity > 0 else _OPPOSES,
            linewidth=0.8 + 0.7 * np.log2(1 + n),
            mutation_scale=11,
            shrinkA=16,
            shrinkB=18,
            zorder=3,
            **options,
        )
    )


def _legend(ax: Axes) -> None:
    from matplotlib.lines import Line2D

    lines = [
        Line2D([], [], color=_SUPPORTS, linestyle="solid", label="supports"),
        Line2D([], [], color=_OPPOSES, linestyle=(0, (4, 2)), label="opposes"),
    ]
    ax.legend(handles=lines, loc="lower center", bbox_to_anchor=(0.5, -0.12), ncols=2)
