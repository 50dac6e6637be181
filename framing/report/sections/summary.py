"""The summary: two sentences with the numbers filled in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from framing.compare.compare import FEW
from framing.report.sections import attempt

if TYPE_CHECKING:
    import pandas as pd

    from framing.report.study import Study

#: Frames that the sentences name, and those among them that are equally frequent.
_MOST, _MOST_TIED = 3, 6
#: Points of the percentile scale that an interval may cover before the sentence gives no percentile.
_TOO_WIDE = 50


def content(study: Study) -> dict[str, Any]:
    """Return both sentences, and a figure for each frame."""
    scores = study.scores.sort_values(["rate", "hits"], ascending=False, kind="stable")
    place, why, _ = attempt(lambda: study.position)
    return {
        "sentences": (_what(study, scores), _where(study, scores, place, why)),
        "cards": [_card(study, row) for row in scores.to_dict("records")[:6]],
    }


def _card(study: Study, row: Mapping[Any, Any]) -> dict[str, Any]:
    t = study.t
    return {
        "frame": study.frame(row["frame"]),
        "number": study.frames.index(row["frame"]),
        "rate": t.number(row["rate"]),
        "interval": t("summary.between", low=row["low"], high=row["high"]) if row["low"] == row["low"] else "",
        "hits": t("hits", n=int(row["hits"])),
    }


def _what(study: Study, scores: pd.DataFrame) -> Markup:
    """Say which frame is strongest in the article, and whose words carry the hits."""
    t, n = study.t, study.n_words
    words = t("document.words", n=n)
    if not n:
        return t("summary.no_words")
    found = scores[scores["hits"] > 0].to_dict("records")
    names = t.listed([study.frame(id) for id in study.frames[:6]])
    if not found:
        return t("summary.nothing", words=words, frames=names)
    first = found[0]
    rate = t.interval(first["rate"], first["low"], first["high"])
    tied = [row for row in found if row["rate"] == first["rate"]]
    if len(tied) > 1:
        sentence = t("summary.tied", words=words, frames=_strong(study, tied), rate=rate)
    else:
        hits = t("hits", n=int(first["hits"]))
        sentence = t("summary.first", words=words, frame=study.frame(first["frame"]), hits=hits, rate=rate)
    rest = [
        t("summary.other", frame=study.frame(row["frame"]), rate=t.number(row["rate"]))
        for row in found[len(tied) : max(_MOST, len(tied))]
    ]
    if rest:
        sentence += t("summary.followed", frames=t.listed(rest))
    counted = study.mine.table[~study.mine.table["negated"]]
    others = float((counted["voice"] != "narrator").mean())
    return sentence + t("summary.voices", share=t.percent(others))


def _where(study: Study, scores: pd.DataFrame, place: pd.DataFrame | None, why: str | None) -> Markup:
    """Say where the article stands among the others."""
    t = study.t
    if place is None:
        return t("summary.alone", why=t.name(why or "", 300))
    n = int(place["n"].max())
    kind = "constructed" if study.n_constructed else "plain"
    kind = kind if study.options.reference is None else f"chosen_{kind}"
    others = t(f"summary.others.{kind}", n=n, corpus=study.corpus.name, label=place["reference"].iloc[0])
    if n < FEW:
        return t("summary.few", others=others, least=FEW)
    rows = {row["frame"]: row for row in place.to_dict("records")}
    placed, undecided = [], []
    for frame in scores["frame"].tolist()[:_MOST]:
        row = rows[frame]
        bounds = (row["percentile"], row["percentile_low"], row["percentile_high"])
        if math.isnan(row["percentile"]):
            continue
        if bounds[2] - bounds[1] > _TOO_WIDE:
            undecided.append(study.frame(frame))
        else:
            placed.append(t("summary.percentile", frame=study.frame(frame), percentile=t.interval(*bounds, 0)))
    if not placed and not undecided:
        return t("summary.alone", why=t("summary.no_rate"))
    key = "open" if not placed else "place_and_open" if undecided else "place"
    return t(f"summary.{key}", others=others, frames=t.listed(placed), open=t.listed(undecided))


def _strong(study: Study, rows: list[dict[Any, Any]]) -> Markup:
    names = [Markup("<strong>{}</strong>").format(study.frame(row["frame"])) for row in rows[:_MOST_TIED]]
    return study.t.listed(names)
