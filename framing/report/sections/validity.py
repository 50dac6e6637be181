"""How far the codes can be trusted: agreement between people, and the codebook against them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framing.errors import FramingError
from framing.report.charts import Scale
from framing.report.sections import attempt
from framing.report.sections.scores import mark

if TYPE_CHECKING:
    from framing.coding import Codings
    from framing.report.study import Study

#: Errors that are shown with their text: of each kind and frame, and of all.
_ERRORS_EACH, _MOST_ERRORS = 2, 12
_FIGURES = ("precision", "recall", "f1")


def content(study: Study) -> dict[str, Any]:
    """Return agreement per frame, and precision, recall and F1 with a few errors."""
    from framing.validity import adjudicate, validate

    people = study.people
    if people is None:
        raise FramingError(study.t.plain("validity.nobody"))
    t, options = study.t, study.options
    agreed, why, _ = attempt(_agreement, study, people) if len(people.coders) > 1 else (None, None, ())
    settled = adjudicate(people) if len(people.coders) > 1 else people
    found = validate(
        study.codings, against=settled, corpus=study.corpus.with_document(study.article), level=options.level,
        random_state=options.random_state,
    )  # fmt: skip
    scale = Scale(0, 1, ticks=(0, 0.5, 1))
    rows = [
        {
            "frame": _named(study, row["frame"]),
            "number": _number(study, row["frame"]),
            "units": t.number(int(row["units"]), 0),
            "figures": [
                (
                    t.interval(row[name], row[f"{name}_low"], row[f"{name}_high"], 2),
                    mark(scale, row[name], row[f"{name}_low"], row[f"{name}_high"]),
                )
                for name in _FIGURES
            ],
        }
        for row in found.scores.to_dict("records")
    ]
    errors = found.errors
    shown = (
        errors.groupby(["kind", "frame"], sort=False).head(_ERRORS_EACH).sort_values(["kind", "frame"], kind="stable")
    )
    return {
        "coders": t.listed(people.coders),
        "n_coders": len(people.coders),
        "agreement": agreed,
        "no_agreement": why,
        "rows": rows,
        "figures": _FIGURES,
        "scale": scale,
        "unit": str(settled.provenance.get("unit", "sentence")),
        "errors": [_error(study, row) for row in shown.head(_MOST_ERRORS).to_dict("records")],
        "n_errors": len(errors),
        "covers_article": study.article.id in set(people.units["doc_id"]),
    }


def _agreement(study: Study, people: Codings) -> list[dict[str, Any]]:
    from framing.validity import agreement
    from framing.validity.agreement import verdict

    options = study.options
    table = agreement(
        people, level=options.level, resamples=options.resamples or 200, random_state=options.random_state
    )
    scale = Scale(0, 1, ticks=(0, 0.667, 0.8, 1))
    rows = []
    for row in table.to_dict("records"):
        words = [verdict("alpha", value, value) for value in (row["value"], row["low"])]
        rows.append(
            {
                "frame": _named(study, row["frame"]),
                "number": _number(study, row["frame"]),
                "coders": study.t.name(row["coders"]),
                "units": study.t.number(int(row["units"]), 0),
                "alpha": study.t.interval(row["value"], row["low"], row["high"], 2),
                "mark": mark(scale, row["value"], row["low"], row["high"]),
                "verdict": study.t.word("verdict", words[0].partition(":")[0].replace(" ", "_")),
                "ticks": scale,
            }
        )
    return rows


def _named(study: Study, frame: Any) -> Any:
    return study.frame(str(frame))


def _number(study: Study, frame: Any) -> int:
    return study.frames.index(frame) if frame in study.frames else 0


def _error(study: Study, row: dict[Any, Any]) -> dict[str, Any]:
    t = study.t
    false_positive = row["kind"] == "false positive"
    because = row["because"] if isinstance(row["because"], str) else ""
    return {
        "kind": t("validity.false_positive" if false_positive else "validity.false_negative"),
        "frame": _named(study, row["frame"]),
        "text": t.name(row["text"], 240),
        "why": t("validity.found", evidence=t.name(row["evidence"], 80))
        if false_positive
        else t("validity.no_entry")
        if because == "no entry matches"
        else t("validity.uncounted", evidence=t.name(row["evidence"], 80)),
        "document": t.name(row["doc_id"], 60),
    }
