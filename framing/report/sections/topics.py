"""The article among the topics of the corpus, where the corpus can carry a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framing.errors import FramingError
from framing.report.charts import reaching
from framing.report.sections.scores import mark
from framing.topics.limits import MIN_UNITS, UNITS_PER_TOPIC

if TYPE_CHECKING:
    from framing.report.study import Study
    from framing.topics import TopicModel

#: Topics, where nobody says how many; documents that are listed as nearest.
_USUAL, _NEAREST = 8, 6


def content(study: Study) -> dict[str, Any]:
    """Return the article's mixture of topics and the documents nearest to it."""
    from framing.topics import place

    if study.options.topics is False:
        raise FramingError(study.t.plain("topics.switched_off"))
    t, options = study.t, study.options
    model = _model(study)
    placed = place(
        study.article, model, n=_NEAREST, level=options.level, resamples=min(options.resamples, 1_000) or 200,
        random_state=options.random_state,
    )  # fmt: skip
    mixture = placed.mixture
    scale = reaching([*mixture["gamma"], *mixture["high"], *mixture["corpus"]], least=0.1)
    rows = [
        {
            "words": t.terms(model.words(int(row["topic"]), 6)),
            "share": t.interval(row["gamma"], row["low"], row["high"], 0, percent=True),
            "corpus": t.percent(row["corpus"]),
            "percentile": t.number(row["percentile"], 0),
            "mark": mark(scale, row["gamma"], row["low"], row["high"]),
            "mean": scale.at(row["corpus"]),
        }
        for row in mixture.to_dict("records")
    ]
    return {
        "rows": rows,
        "scale": scale,
        "k": model.k,
        "n": len(model.bags.full),
        "unit": model.bags.unit,
        "chosen": bool(options.topics),
        "nearest": [_nearest(study, row) for row in placed.nearest.to_dict("records")],
    }


def _model(study: Study) -> TopicModel:
    """Fit a model to the documents, or, where they are too few and their paragraphs are not, to the paragraphs."""
    from framing.topics import topic_model

    k = None if isinstance(study.options.topics, bool) else study.options.topics
    n = len(study.corpus)
    unit = "document"
    if n < MIN_UNITS:
        paragraphs = int(study.corpus.describe()["paragraphs"].sum()) if n else 0
        unit, n = ("paragraph", paragraphs) if paragraphs >= MIN_UNITS else (unit, n)
    usual = min(_USUAL, max(2, n // UNITS_PER_TOPIC))
    return topic_model(study.corpus, k=k or usual, unit=unit, random_state=study.options.random_state)


def _nearest(study: Study, row: dict[Any, Any]) -> dict[str, Any]:
    t = study.t
    title = row.get("title")
    about = [row[name] for name in ("outlet", "date") if isinstance(row.get(name), str)]
    return {
        "title": t.name(title if isinstance(title, str) else row["doc_id"]),
        "about": [t.name(part, 60) for part in about],
        "gain": t.number(row["gain"], 2),
        "shared": t.terms(row["shared"].split(" · ")) if row["shared"] else "",
    }
