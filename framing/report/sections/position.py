"""Where the article stands in the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.compare.compare import FEW
from framing.report.charts import Scale, reaching, thinned
from framing.report.sections import attempt
from framing.report.sections.scores import mark

if TYPE_CHECKING:
    import pandas as pd

    from framing.report.study import Study


def content(study: Study) -> dict[str, Any]:
    """Return a comparison with the reference, and one with the documents on the same event where there are any."""
    first = _table(study, study.position)
    same = None
    event = study.article.event
    if study.options.reference is None and event and any(document.event == event for document in study.corpus):
        place, _, _ = attempt(study.compared, "event")
        same = _table(study, place) if place is not None else None
    return {"tables": [table for table in (first, same) if table is not None], "least": FEW}


def _table(study: Study, place: pd.DataFrame) -> dict[str, Any]:
    reference: Mapping[str, list[float]] = place.attrs.get("reference_scores", {})
    everything = [value for values in reference.values() for value in values]
    scale = reaching([*everything, *place["value"], *place["high"]])
    n = int(place["n"].max())
    label = str(place["reference"].iloc[0])
    all_others = label == "all other documents"
    event = study.article.event
    kind = "all" if all_others else "event" if label.startswith("same event:") else "chosen"
    return {
        "kind": kind,
        "event": event or "",
        "label": label,
        "n": n,
        "few": n < FEW,
        "scale": scale,
        "rows": [_row(study, row, reference.get(str(row["frame"]), []), scale, n) for row in place.to_dict("records")],
        "thinned": n > len(thinned(range(n))),
    }


def _row(study: Study, row: Mapping[Any, Any], values: list[float], scale: Scale, n: int) -> dict[str, Any]:
    t = study.t
    known = np.asarray([value for value in values if value == value])  # noqa: PLR0124
    quartiles = np.quantile(known, (0.25, 0.5, 0.75)).tolist() if len(known) else None
    dots = thinned(values)
    return {
        "frame": study.frame(row["frame"]),
        "number": study.frames.index(row["frame"]),
        "value": t("position.article", value=t.interval(row["value"], row["low"], row["high"])),
        "median": t("position.median", value=t.number(row["reference_median"])),
        "percentile": t.interval(row["percentile"], row["percentile_low"], row["percentile_high"], 0)
        if n >= FEW
        else None,
        "difference": t.interval(row["difference"], row["difference_low"], row["difference_high"]),
        "p": t.probability(row["p_adjusted"]),
        "mark": mark(scale, row["value"], row["low"], row["high"]),
        "dots": [(scale.at(value), (number % 5 - 2) * 2.6) for number, value in enumerate(dots)],
        "quartiles": [scale.at(value) for value in quartiles] if quartiles else None,
    }
