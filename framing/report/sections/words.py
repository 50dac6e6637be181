"""Words that set the article apart from the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from framing.report.study import Study

#: Words of each side.
_MOST = 12


def content(study: Study) -> dict[str, Any]:
    """Return the words most typical of the article, and those it has least of."""
    from framing.keyness import keyness

    table = keyness(
        study.article, study.corpus, stop_words=True, level=study.options.level, random_state=study.options.random_state
    )
    more = table[table["z"] > 0].head(_MOST)
    less = table[(table["z"] < 0) & (table["G2"] < 0)].sort_values(["G2", "feature"]).head(_MOST)
    return {
        "more": _rows(study, more, "z"),
        "less": _rows(study, less, "G2"),
        "n": len(study.corpus),
        "n_words": len(table),
        "totals": table.attrs["provenance"]["words"],
    }


def _rows(study: Study, table: pd.DataFrame, measure: str) -> list[Mapping[str, Any]]:
    t = study.t
    longest = float(table[measure].abs().max()) if len(table) else 1.0
    return [
        {
            "word": t.name(row["feature"], 60),
            "n_target": t.number(int(row["n_target"]), 0),
            "n_reference": t.number(int(row["n_reference"]), 0),
            "measure": t.number(row[measure]),
            "ratio": t.interval(row["log_ratio"], row["log_ratio_low"], row["log_ratio_high"]),
            "width": round(100 * abs(row[measure]) / longest, 1) if longest else 0.0,
        }
        for row in table.to_dict("records")
    ]
