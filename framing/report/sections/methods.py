"""Methods and provenance: what was computed from what, with which choices, and what it does not show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from framing import provenance
from framing.language.chars import ARABIC, character_class
from framing.report.sections import attempt

if TYPE_CHECKING:
    from framing.codebook import Frame
    from framing.report.study import Study

_METADATA = ("title", "outlet", "outlet_type", "date", "language", "event", "url", "licence")
#: Rules of each frame, and columns of metadata, that are shown.
_MOST_RULES, _MOST_COLUMNS = 12, 20


def content(study: Study) -> dict[str, Any]:
    """Return the facts, the frames as the codebook defines them, and the limits."""
    return {
        "article": _article(study),
        "materials": _materials(study),
        "choices": _choices(study),
        "versions": list(provenance.versions().items()),
        "frames": [_frame(study, frame) for frame in study.codebook.frames.values()],
        "limits": _limits(study),
        "level": study.t.percent(study.options.level),
    }


def _article(study: Study) -> list[tuple[Any, Any]]:
    t, known = study.t, study.whole.metadata
    names = [name for name in _METADATA if name in known] + [name for name in known if name not in _METADATA]
    facts = [(t("fact.id"), t.name(study.whole.id))]
    facts += [(t.word("fact", name), t.name(known[name], 300)) for name in names[:_MOST_COLUMNS]]
    facts += [
        (
            t("fact.size"),
            t.listed([t("document.words", n=study.n_words), t("document.sentences", n=study.mine.n_sentences)]),
        ),
        (t("fact.sha256"), t.name(study.whole.sha256)),
    ]
    return facts


def _materials(study: Study) -> list[tuple[Any, Any]]:
    t, book = study.t, study.codebook
    facts = [
        (
            t("fact.corpus"),
            t("fact.corpus_size", corpus=study.corpus.name, documents=t("documents", n=len(study.corpus))),
        ),
        (t("fact.corpus_sha256"), t.name(study.corpus.fingerprint)),
    ]
    if study.copies:
        facts.append((t("fact.copies"), t.listed(study.copies[:5])))
    version = f" {book.version}" if book.version else ""
    facts += [
        (t("fact.codebook"), t.name(f"{book.title} ({book.name}{version})")),
        (t("fact.codebook_sha256"), t.name(book.fingerprint)),
    ]
    if book.metadata.get("licence"):
        facts.append((t("fact.codebook_licence"), t.name(book.metadata["licence"])))
    return facts


def _choices(study: Study) -> list[tuple[Any, Any]]:
    t, options = study.t, study.options
    morphology = str(study.codings.provenance.get("morphology", ""))
    reference = json.dumps(options.reference, ensure_ascii=False, default=str) if options.reference else None
    return [
        (t("fact.margin"), t.name(options.margin)),
        (t("fact.morphology"), t.name(morphology)),
        (t("fact.reference"), t.name(reference, 300) if reference else t("fact.all_others")),
        (t("fact.level"), t.percent(options.level)),
        (t("fact.resamples"), t.number(options.resamples, 0)),
        (t("fact.limit"), t.number(options.limit, 0)),
        (t("fact.seed"), t.number(options.random_state, 0)),
    ]


def _frame(study: Study, frame: Frame) -> dict[str, Any]:
    t = study.t
    return {
        "name": study.frame(frame.id),
        "id": t.name(frame.id),
        "number": study.frames.index(frame.id),
        "definition": t.name(frame.definition, 2_000) if frame.definition else "",
        "include": [t.name(rule.rule, 400) for rule in frame.include[:_MOST_RULES]],
        "exclude": [t.name(rule.rule, 400) for rule in frame.exclude[:_MOST_RULES]],
        "entries": t("entries", n=len(frame.entries)),
        "sources": [t.name(source, 400) for source in frame.sources[:_MOST_RULES]],
    }


def _limits(study: Study) -> list[Any]:
    t = study.t
    people, _, _ = attempt(lambda: study.people)
    limits = [t("limits.one_article", n=study.mine.n_sentences), t("limits.lexicon")]
    if people is None:
        limits.append(t("limits.not_validated"))
    if study.n_constructed:
        limits.append(t("limits.constructed"))
    if "clitic-rules" in str(study.codings.provenance.get("morphology", "")):
        limits.append(t("limits.morphology"))
    if study.is_cut:
        limits.append(t("limits.cut"))
    if not any(character_class(c) == ARABIC for c in study.article.text[:20_000]):
        limits.append(t("limits.not_arabic"))
    return [*limits, t("limits.frames")]
