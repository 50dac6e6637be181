"""Entries against texts: the codebook's own examples, and a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from framing.coding import Codings, code
from framing.corpus import Corpus, Document
from framing.language import tokenise
from framing.lexicon.entries import owned_entries
from framing.lexicon.findings import Finding
from framing.matching.compiled import compile_codebook

if TYPE_CHECKING:
    from framing.codebook import Codebook


def examples(codebook: Codebook) -> Iterator[Finding]:
    """Find rules whose examples the lexicon decides otherwise than the rule does."""
    asked: list[tuple[str, str, str, bool, str]] = []
    for frame in codebook.frames.values():
        for name, rules, counts in (("include", frame.include, True), ("exclude", frame.exclude, False)):
            for rule in rules:
                asked.append((frame.id, name, rule.rule, counts, rule.example))
                asked.append((frame.id, name, rule.rule, not counts, rule.counter_example))
    asked = [row for row in asked if row[-1].strip()]
    if not asked:
        return
    codings = code(
        Corpus(Document(id=str(row), text=text) for row, (*_, text) in enumerate(asked)), codebook, voice=False
    )
    table = codings.table[~codings.table["negated"].astype(bool)]
    coded = set(zip(table["doc_id"], table["frame"], strict=True))
    for row, (frame, name, rule, counts, text) in enumerate(asked):
        if ((str(row), frame) in coded) != counts:
            problem = "example_not_coded" if counts else "counter_example_coded"
            does = "finds nothing in" if counts else "counts"
            yield Finding("warning", problem, frame, "", f"{name}, rule {rule!r}: the lexicon {does} {text!r}")


def against_corpus(codebook: Codebook, corpus: Corpus, *, min_matches: int, cancelled: float) -> Iterator[Finding]:
    """Find entries that never match in a corpus, or whose matches are mostly cancelled."""
    codings = code(corpus, codebook, voice=False)
    counted = codings.table.groupby(["frame", "entry"]).size().to_dict()
    void = codings.cancelled.groupby(["frame", "entry"]).size().to_dict()
    terms = dict.fromkeys((frame.id, entry.term) for frame in codebook.frames.values() for entry in frame.entries)
    for frame, entry in terms:
        lost = void.get((frame, entry), 0)
        total = lost + counted.get((frame, entry), 0)
        if total >= min_matches and lost / total > cancelled:
            detail = f"{lost} of {total} matches are cancelled: {_reasons(codings, frame, entry)}"
            yield Finding("warning", "mostly_cancelled", frame, entry, detail)
    silent = [key for key in terms if key not in counted and key not in void]
    if silent:
        raw = _raw_matches(codebook, corpus)
        for frame, entry in silent:
            matches = raw.get((frame, entry), 0)
            if matches:
                detail = f"all {matches} matches lie inside longer entries or names of the frame"
                yield Finding("note", "covered", frame, entry, detail)
            else:
                yield Finding(
                    "note", "never", frame, entry, f"no match in {len(corpus):,} documents of {corpus.name!r}"
                )


def _reasons(codings: Codings, frame: str, entry: str) -> str:
    table = codings.cancelled
    reasons = table[(table["frame"] == frame) & (table["entry"] == entry)]["reason"].value_counts()
    return "; ".join(f"{count} × {reason}" for reason, count in reasons.head(3).items())


def _raw_matches(codebook: Codebook, corpus: Corpus) -> dict[tuple[str, str], int]:
    """Count the matches of each entry before longer ones push others out."""
    compiled = compile_codebook(codebook, "default")
    owned = owned_entries(compiled)
    raw: dict[tuple[str, str], int] = {}
    for documents in corpus.batches():
        found = compiled.matcher.match(tokenise([document.text for document in documents]))
        for owner in found.owner.tolist():
            if owner in owned:
                key = (compiled.frame_ids[compiled.entries[owner].frame], owned[owner][1].term)
                raw[key] = raw.get(key, 0) + 1
    return raw
