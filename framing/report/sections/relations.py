"""Who stands with whom in the article: directed relations, and how actors are evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from framing.report.charts import Scale
from framing.report.sections import attempt
from framing.report.sections.scores import mark

if TYPE_CHECKING:
    import pandas as pd

    from framing.report.study import Study

#: Actors in the table of pairs and in that of stance; relations that are listed.
_MOST_ACTORS, _MOST_RELATIONS = 8, 100


def content(study: Study) -> dict[str, Any]:
    """Return relations as a table of pairs, one by one, and stance towards each actor."""
    from framing.stance import relations

    found = relations(study.article, study.codebook, margin=study.options.margin)
    counted = found[~found["negated"].astype(bool)]
    scored, why, _ = attempt(_stance, study)
    return {
        **_pairs(study, counted),
        "relations": [_relation(study, row) for row in found.head(_MOST_RELATIONS).to_dict("records")],
        "n_relations": len(found),
        "stance": scored or [],
        "no_stance": why,
        "scale": Scale(-1, 1, ticks=(-1, 0, 1)),
    }


def _pairs(study: Study, counted: pd.DataFrame) -> dict[str, Any]:
    """Return how often each source supports and opposes each target."""
    t = study.t
    degree: dict[str, int] = {}
    for actor in [*counted["source"], *counted["target"]]:
        degree[actor] = degree.get(actor, 0) + 1
    ranked = sorted(degree, key=lambda actor: (-degree[actor], actor))
    actors = ranked[:_MOST_ACTORS]
    counts = counted.groupby(["source", "target", "polarity"]).size().to_dict() if len(counted) else {}
    sources = [actor for actor in actors if actor in set(counted["source"])]
    targets = [actor for actor in actors if actor in set(counted["target"])]
    return {
        "targets": [study.actor(actor) for actor in targets],
        "rows": [
            (
                study.actor(source),
                [
                    None
                    if source == target
                    else {
                        name: t.number(n, 0)
                        for name, polarity in (("supports", 1), ("opposes", -1))
                        if (n := int(counts.get((source, target, polarity), 0)))
                    }
                    for target in targets
                ],
            )
            for source in sources
        ],
        "left_out": max(0, len(ranked) - _MOST_ACTORS),
    }


def _relation(study: Study, row: Mapping[Any, Any]) -> dict[str, Any]:
    t = study.t
    speaker = row["speaker"] if isinstance(row["speaker"], str) else ""
    return {
        "source": study.actor(row["source"]),
        "target": study.actor(row["target"]),
        "verb": "supports" if row["polarity"] > 0 else "opposes",
        "quad": t.word("quad", row["quad"]),
        "intensity": t.number(float(row["intensity"])),
        "evidence": t.name(row["evidence"], 120),
        "voice": t.word("voice", row["voice"]),
        "speaker": t.name(speaker, 80) if speaker else Markup(""),
        "negated": bool(row["negated"]),
        "sentence": t.number(int(row["sentence"]) + 1, 0),
    }


def _stance(study: Study) -> list[dict[str, Any]]:
    from framing.stance import stance

    chosen = study.options
    table = stance(
        study.article, study.codebook, level=chosen.level, resamples=max(1, chosen.resamples),
        random_state=chosen.random_state, margin=chosen.margin,
    )  # fmt: skip
    table = table[table["stance"].notna()].assign(size=table["favour"] + table["against"])
    table = table.sort_values(["size", "target"], ascending=[False, True], kind="stable").head(_MOST_ACTORS)
    scale = Scale(-1, 1, ticks=(-1, 0, 1))
    return [
        {
            "target": study.actor(row["target"]),
            "favour": study.t.number(row["favour"], 0 if row["favour"].is_integer() else 1),
            "against": study.t.number(row["against"], 0 if row["against"].is_integer() else 1),
            "stance": study.t.interval(row["stance"], row["low"], row["high"], 2),
            "mark": mark(scale, row["stance"], row["low"], row["high"]),
        }
        for row in table.to_dict("records")
    ]
