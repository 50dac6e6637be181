"""Frame scores with intervals, and where in the text each frame stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from framing.report.charts import Scale, reaching, thinned

if TYPE_CHECKING:
    from framing.report.study import Study

#: Ticks per frame in the picture of places.
_MOST_TICKS = 500


def content(study: Study) -> dict[str, Any]:
    """Return one row per frame, the scale of its rate, and the places of its hits."""
    t, scores = study.t, study.scores
    scale = reaching([*scores["rate"], *scores["high"]])
    rows = []
    for row in scores.to_dict("records"):
        shares = {
            name: t.interval(row[name], row[f"{name}_low"], row[f"{name}_high"], 0, percent=True)
            for name in ("coverage", "share")
        }
        rows.append(
            {
                "frame": study.frame(row["frame"]),
                "number": study.frames.index(row["frame"]),
                "hits": t.number(int(row["hits"]), 0),
                "negated": t.number(int(row["negated"]), 0),
                "rate": t.interval(row["rate"], row["low"], row["high"]),
                "chart": mark(scale, row["rate"], row["low"], row["high"]),
                **shares,
                "prominence": t.interval(row["prominence"], row["prominence_low"], row["prominence_high"], 2),
            }
        )
    counted = scores["hits"].sum()
    return {
        "rows": rows,
        "scale": scale,
        "places": _places(study) if counted else [],
        "words": t("document.words", n=study.n_words),
        "sentences": t("document.sentences", n=study.mine.n_sentences),
        "level": t.percent(study.options.level),
    }


def mark(scale: Scale, value: float, low: float, high: float) -> dict[str, Any] | None:
    """Return the places of a figure and of its interval, or None where it is missing."""
    return None if value != value else {"at": scale.at(value), "span": scale.span(low, high)}  # noqa: PLR0124


def _places(study: Study) -> list[dict[str, Any]]:
    """Return, per frame, where its hits stand between the beginning and the end of the text, and how many per third."""
    length = max(1, len(study.article.text))
    table = study.mine.table
    table = table[~table["negated"]]
    rows = []
    for number, id in enumerate(study.frames):
        starts = [start / length for start in table.loc[table["frame"] == id, "start"].tolist()]
        rows.append(
            {
                "frame": study.frame(id),
                "number": number,
                "ticks": [round(100 * place, 2) for place in thinned(starts, _MOST_TICKS)],
                "thirds": _thirds(starts),
            }
        )
    return rows


def _thirds(places: Sequence[float]) -> tuple[int, int, int]:
    first, second = (sum(place < bound for place in places) for bound in (1 / 3, 2 / 3))
    return first, second - first, len(places) - second
