"""Figures of topics: their terms, where they occur, how many there are, and where an article stands among them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.plot import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from framing.topics import Placement

#: The panels of `choose_k`: figure, name, and what else is drawn with it.
_PANELS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("c_npmi", "coherence (NPMI)", ()),
    ("exclusivity", "exclusivity", ()),
    ("perplexity", "held-out perplexity", ()),
    ("jaccard", "stability", ("rbo", "jaccard_resampled")),
)
_NAMES = {
    "jaccard": "Jaccard, other seeds",
    "rbo": "rank overlap, other seeds",
    "jaccard_resampled": "Jaccard, other documents",
}


def topic_terms(terms: pd.DataFrame, *, n: int = 8, columns: int = 3, value: str = "beta") -> Axes:
    """Plot the highest terms of each topic, one panel per topic.

    Parameters
    ----------
    terms : DataFrame
        From `fr.topic_terms`, or a model's `top_terms`; terms in the order of `rank`.
    n : int
        Terms per topic.
    columns : int
        Panels side by side.
    value : str
        The length of the bars: ``"beta"``, or ``"lift"``, ``"exclusivity"`` of `fr.topic_terms`.

    Returns
    -------
    Axes
        Of the first panel; `fr.plot.save` saves the whole figure.

    Examples
    --------
    >>> import pandas as pd
    >>> terms = pd.DataFrame({"topic": [0, 0], "rank": [1, 2], "readable": ["نفط", "أسعار"], "beta": [0.2, 0.1]})
    >>> topic_terms(terms).get_title("left")
    'topic 0'
    """
    style.columns_needed(terms, ("topic", "rank", "readable", value), "topic_terms")
    shown = terms[terms["rank"] <= n]
    topics = list(dict.fromkeys(shown["topic"]))
    columns = max(1, min(columns, len(topics)))
    rows = math.ceil(len(topics) / columns)
    with style.house_style():
        first = style.axes(None, width="double", height=rows * (0.55 + 0.19 * n))
        panels = _grid(first, rows, columns)
        most = float(shown[value].max())
        for ax, topic in zip(panels, topics, strict=False):
            part = shown[shown["topic"] == topic].sort_values("rank")
            ax.barh(range(len(part)), part[value], color=style.COLOURS[0], height=0.72)
            ax.set_yticks(range(len(part)), list(part["readable"]))
            ax.set_ylim(n - 0.4, -0.6)
            ax.set_xlim(0, most * 1.05)
            ax.set_title(f"topic {topic}")
            ax.tick_params(axis="y", length=0)
            ax.locator_params(axis="x", nbins=4)
        for ax in panels[len(topics) :]:
            ax.set_visible(False)
        engine = str(dict(terms.attrs.get("provenance", {})).get("engine", ""))
        of = "share of weight" if "nmf" in engine else "P(term | topic)"
        names = {"beta": of, "lift": "lift", "exclusivity": "exclusivity", "relevance": "relevance"}
        for ax in panels[max(0, len(topics) - columns) : len(topics)]:
            ax.set_xlabel(names.get(value, value))
    panels[0].framing_data = shown  # type: ignore[attr-defined]
    return panels[0]


def topic_shares(shares: pd.DataFrame, *, ax: Axes | None = None, width: str = "double") -> Axes:
    """Plot topic × group as a heat map with the share in every cell.

    Parameters
    ----------
    shares : DataFrame
        From `TopicModel.shares`.
    ax : Axes, optional
    width : {"single", "double"}

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"outlet": ["x", "y"], "topic": 0, "terms": "نفط", "share": [0.2, 0.7], "documents": 9})
    >>> len(topic_shares(shares).texts)
    2
    """
    style.columns_needed(shares, ("topic", "terms", "share", "documents"), "topic_shares")
    by = list(shares.columns[: list(shares.columns).index("topic")])
    groups = list(dict.fromkeys(shares[by].astype(str).agg(", ".join, axis=1)))
    topics = list(dict.fromkeys(shares["topic"]))
    grid = shares["share"].to_numpy(float).reshape(len(groups), len(topics)).T
    counts = shares["documents"].to_numpy(int).reshape(len(groups), len(topics))[:, 0]
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.1 + 0.34 * len(topics))
        ax.imshow(grid, cmap="Blues", vmin=0, vmax=max(float(np.nanmax(grid)), 1e-9), aspect="auto")
        for (row, column), value in np.ndenumerate(grid):
            dark = value > 0.6 * np.nanmax(grid)
            ink = "white" if dark else "black"
            ax.text(column, row, f"{value:.0%}", ha="center", va="center", fontsize=8, color=ink)
        slanted: dict[str, Any] = {"rotation": 40, "ha": "right", "rotation_mode": "anchor"} if len(groups) > 5 else {}
        between = " " if slanted else "\n"
        names = [f"{group}{between}(n = {count})" for group, count in zip(groups, counts, strict=True)]
        ax.set_xticks(range(len(groups)), names, **slanted)
        ax.set_yticks(range(len(topics)), _labels(shares))
        ax.tick_params(length=0)
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
    ax.framing_data = shares  # type: ignore[attr-defined]
    return ax


def place(
    placement: Placement | pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "double",
) -> Axes:
    """Plot the topic mixture of an article with its intervals, against the mean of the corpus.

    Parameters
    ----------
    placement : Placement or DataFrame
        From `fr.place`, or its `.mixture`.
    labels : mapping, optional
        What to call the article, by its id.
    ax : Axes, optional
    width : {"single", "double"}

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> mixture = pd.DataFrame({"topic": [0], "terms": "نفط", "gamma": 0.6, "low": 0.4, "high": 0.8, "corpus": 0.3})
    >>> place(mixture).get_xlabel()
    'share of the text'
    """
    mixture: Any = getattr(placement, "mixture", placement)
    style.columns_needed(mixture, ("topic", "terms", "gamma", "low", "high", "corpus"), "place")
    y = np.arange(len(mixture))
    with style.house_style():
        ax = style.axes(ax, width=width, height=1.0 + 0.27 * len(mixture))
        ax.hlines(y, mixture["low"], mixture["high"], color=style.COLOURS[1], linewidth=2)
        name = getattr(placement, "article", "article")
        name = (labels or {}).get(name, name)
        ours: dict[str, Any] = {"color": style.COLOURS[1], "markeredgecolor": "white", "zorder": 3, "clip_on": False}
        ax.plot(mixture["gamma"], y, style.MARKERS[0], label=name, **ours)
        theirs: dict[str, Any] = {"color": "white", "markeredgecolor": "#222222", "zorder": 2}
        ax.plot(mixture["corpus"], y, style.MARKERS[2], label="mean of the corpus", **theirs)
        ax.set_yticks(y, _labels(mixture))
        ax.set_ylim(len(mixture) - 0.5, -0.5)
        ax.set_xlim(left=0)
        ax.set_xlabel("share of the text")
        _percent(ax)
        style.legend_below(ax, ncols=2, handletextpad=0.4)
    ax.framing_data = mixture  # type: ignore[attr-defined]
    return ax


def choose_k(table: pd.DataFrame) -> Axes:
    """Plot what speaks for each number of topics: coherence, exclusivity, held-out perplexity, stability.

    Parameters
    ----------
    table : DataFrame
        From `fr.choose_k`. Bands hold 95 % of the seeds; the dashed line marks the suggestion.

    Returns
    -------
    Axes
        Of the first panel; `fr.plot.save` saves the whole figure.

    Examples
    --------
    >>> import pandas as pd
    >>> figures = ("c_npmi", "exclusivity", "perplexity", "jaccard", "rbo", "jaccard_resampled")
    >>> columns = {f"{name}{end}": [0.1, 0.2] for name in figures for end in ("", "_low", "_high")}
    >>> choose_k(pd.DataFrame({"k": [4, 5], **columns, "suggested": [False, True]})).get_title("left")
    'coherence (NPMI)'
    """
    needed = ["k", "suggested", *(name for panel in _PANELS for name in (panel[0], *panel[2]))]
    style.columns_needed(table, needed, "choose_k")
    with style.house_style():
        panels = _grid(style.axes(None, width="double", height=4.4), 2, 2)
        for ax, (figure, title, more) in zip(panels, _PANELS, strict=True):
            drawn = [name for name in (figure, *more) if table[name].notna().any()]
            for number, name in enumerate(drawn):
                colour = style.COLOURS[number]
                low, high = table[f"{name}_low"], table[f"{name}_high"]
                ax.fill_between(table["k"], low, high, color=colour, alpha=0.15, linewidth=0)
                look: dict[str, Any] = {"linestyle": style.DASHES[number], "marker": style.MARKERS[number]}
                ax.plot(table["k"], table[name], color=colour, markersize=4, label=_NAMES.get(name, name), **look)
            for k in table.loc[table["suggested"], "k"]:
                ax.axvline(k, color=style.GREY, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
                if ax is panels[0]:
                    at: Any = ("data", "axes fraction")
                    ax.annotate("best mean rank", (k, 0.98), (3, 0), xycoords=at, textcoords="offset points",
                                va="top", fontsize=7, color=style.GREY)  # fmt: skip
            ax.set_title(title)
            ax.set_xticks(table["k"] if len(table) <= 12 else table["k"][:: math.ceil(len(table) / 10)])
            ax.grid(visible=True, axis="y")
            if more:
                ax.set_ylim(0, 1)
                ax.legend(loc="best", handlelength=2.4)
        for ax in panels[2:]:
            ax.set_xlabel("number of topics")
    panels[0].framing_data = table  # type: ignore[attr-defined]
    return panels[0]


def topic_map(
    points: pd.DataFrame,
    *,
    labels: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    width: str = "double",
) -> Axes:
    """Plot documents as points, near each other when their topics are, the focal one marked.

    Parameters
    ----------
    points : DataFrame
        From `TopicModel.map`.
    labels : mapping, optional
        What to call the focal document, by its id.
    ax : Axes, optional
    width : {"single", "double"}

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> points = pd.DataFrame({"doc_id": ["a", "b"], "x": [0.0, 1.0], "y": [0.0, 0.5], "topic": [0, 1],
    ...                        "terms": ["نفط", "زيارة"], "focal": [False, True]})
    >>> len(topic_map(points).get_legend().get_texts())
    3
    """
    style.columns_needed(points, ("doc_id", "x", "y", "topic", "terms", "focal"), "topic_map")
    topics = points.drop_duplicates("topic").sort_values("topic")
    with style.house_style():
        ax = style.axes(ax, width=width, height=4.2 + 0.11 * len(topics))
        for topic, label in zip(topics["topic"].tolist(), _labels(topics), strict=True):
            part = points.loc[(points["topic"] == topic) & ~points["focal"], ["x", "y"]]
            spots = part.round(2).value_counts().reset_index()  # documents in one place: one larger mark
            look = _mark(int(topic))
            ax.scatter(spots["x"], spots["y"], s=22 * spots["count"] ** 0.7, alpha=0.8, **look)
            ax.scatter([], [], s=26, label=label, **look)
        for row in points[points["focal"]].to_dict("records"):
            star: dict[str, Any] = {
                "s": 170,
                "color": "black",
                "marker": "*",
                "edgecolors": "white",
                "linewidths": 0.8,
                "zorder": 5,
            }
            ax.scatter(row["x"], row["y"], label=(labels or {}).get(row["doc_id"], row["doc_id"]), **star)
        explained = points.attrs.get("explained")
        shares = [f" ({share:.0%} of the variation)" for share in explained] if explained else ["", ""]
        ax.set_xlabel(f"first component{shares[0]}")
        ax.set_ylabel(f"second component{shares[1]}")
        ax.grid(visible=True, axis="both")
        place_of: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (-0.02, -0.14), "handletextpad": 0.3}
        ax.legend(ncols=2 if width == "double" else 1, **place_of)
    ax.framing_data = points  # type: ignore[attr-defined]
    return ax


def topics_by_frame(table: pd.DataFrame, *, columns: int = 3) -> Axes:
    """Plot how far each topic lies above or below the average document, one panel per frame.

    Parameters
    ----------
    table : DataFrame
        From `fr.topics_by_frame`.
    columns : int
        Panels side by side.

    Returns
    -------
    Axes
        Of the first panel; `fr.plot.save` saves the whole figure.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {"frame": "alliance", "topic": 0, "terms": "نفط", "difference": 2.0}
    >>> topics_by_frame(pd.DataFrame([{**row, "difference_low": 1.0, "difference_high": 3.0}])).get_title("left")
    'alliance'
    """
    needed = ("frame", "topic", "terms", "difference", "difference_low", "difference_high")
    style.columns_needed(table, needed, "topics_by_frame")
    frames = list(dict.fromkeys(table["frame"]))
    columns = max(1, min(columns, len(frames)))
    rows = math.ceil(len(frames) / columns)
    n_topics = table["topic"].nunique()
    with style.house_style():
        panels = _grid(style.axes(None, width="double", height=rows * (0.8 + 0.25 * n_topics)), rows, columns)
        for number, (ax, frame) in enumerate(zip(panels, frames, strict=False)):
            part = table[table["frame"] == frame]
            y = np.arange(len(part))
            ax.axvline(0, color=style.GREY, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
            ax.hlines(y, part["difference_low"], part["difference_high"], color=style.COLOURS[0], linewidth=2)
            ax.plot(part["difference"], y, style.MARKERS[0], color=style.COLOURS[0], markeredgecolor="white")
            ax.set_yticks(y, _labels(part) if number % columns == 0 else [""] * len(y))
            ax.set_ylim(len(part) - 0.5, -0.5)
            ax.set_title(str(frame).replace("_", " "))
            ax.locator_params(axis="x", nbins=5)
        for ax in panels[len(frames) :]:
            ax.set_visible(False)
        figure: Any = panels[0].get_figure()
        figure.supxlabel("difference from the average document", fontsize=9)
    panels[0].framing_data = table  # type: ignore[attr-defined]
    return panels[0]


def _grid(first: Axes, rows: int, columns: int) -> list[Axes]:
    """Return a grid of axes in the figure of `first`, which they replace."""
    figure: Any = first.get_figure()
    first.remove()
    return list(figure.subplots(rows, columns, squeeze=False).ravel())


def _mark(topic: int) -> dict[str, Any]:
    """Return colour and marker of a topic: six shapes, filled, then hollow, so that grey prints tell them apart."""
    colour = style.COLOURS[(topic + topic // 6) % 6]
    marker = "X" if style.MARKERS[topic % 6] == "P" else style.MARKERS[topic % 6]
    if topic % 12 < 6:
        return {"facecolors": colour, "edgecolors": "white", "linewidths": 0.4, "marker": marker}
    return {"facecolors": "white", "edgecolors": colour, "linewidths": 1.1, "marker": marker}


def _labels(table: pd.DataFrame) -> list[str]:
    """Return the name of each topic: its terms, and its number where the line begins in either script."""
    rows = table.drop_duplicates("topic")
    return [f"{terms} ({topic})" for topic, terms in zip(rows["topic"], rows["terms"], strict=True)]


def _percent(ax: Axes) -> None:
    from matplotlib.ticker import PercentFormatter

    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
