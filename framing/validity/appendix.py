"""The methods appendix: everything a reviewer needs to judge and repeat an analysis, in one document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing import provenance
from framing.codebook import Codebook, Entry, given_codebook
from framing.coding import BY_PEOPLE, Codings, given_codings
from framing.coding.engine import in_words
from framing.corpus import Corpus, given_corpus
from framing.errors import FramingError, choices, closest, shown
from framing.files import replacing
from framing.table import Table
from framing.validity.agreement import GOOD, TENTATIVE
from framing.validity.markup import WRITERS, Block, Grid, Heading, Items, Paragraph
from framing.validity.validation import Validation

if TYPE_CHECKING:
    import pandas as pd

#: Precision or recall below this is named among the limits.
WEAK = 0.7
_ENDINGS = {".md": "markdown", ".tex": "latex", ".html": "html", ".htm": "html"}


def methods_appendix(
    corpus: Corpus,
    codebook: Codebook,
    *,
    codings: Codings | None = None,
    human: Codings | None = None,
    agreement: pd.DataFrame | None = None,
    validation: Validation | None = None,
    corrected: pd.DataFrame | None = None,
    sensitivity: pd.DataFrame | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    limits: Iterable[str] = (),
    entries: bool = True,
    title: str = "Methods appendix",
    format: str | None = None,
    path: str | Path | None = None,
) -> str:
    """Write the methods appendix of an analysis.

    Parameters
    ----------
    corpus, codebook
        What was analysed with what.
    codings : Codings, optional
        By the codebook; its parameters are reported.
    human : Codings, optional
        By people; the design of their sample is reported.
    agreement, corrected : DataFrame, optional
        From `fr.agreement` and `fr.corrected`.
    validation : Validation, optional
        From `fr.validate`.
    sensitivity : DataFrame, optional
        Of how conclusions depend on single entries or choices.
    tables : mapping from caption to DataFrame, optional
        Further results (frame scores, comparisons).
    limits : list of str, optional
        Your own, after those that follow from the figures.
    entries : bool
        List every entry of the codebook.
    title : str
    format : {"markdown", "latex", "html"}, optional
        By default what the ending of `path` says, else Markdown.
    path : str or Path, optional
        Also write it there.

    Returns
    -------
    str
        The document: corpus, codebook, coding, human codes, agreement, validity, estimates, sensitivity,
        limits, provenance. What was not done is said in its place.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document
    >>> corpus = Corpus([Document(id="a", text="تعاون جديد.", outlet="al-madar")], name="one")
    >>> text = methods_appendix(corpus, Codebook.from_dict({"alliance": ["تعاون"]}))
    >>> [line for line in text.splitlines() if line.startswith("## ")][:3]
    ['## Corpus', '## Codebook', '## Coding']
    """
    corpus, codebook = given_corpus(corpus), given_codebook(codebook)
    codings = None if codings is None else given_codings(codings)
    human = None if human is None else given_codings(human, "human", BY_PEOPLE)
    given: Any = validation
    if given is not None and not isinstance(given, Validation):
        message = f"validation must be what fr.validate(machine, against=human) returns, not {shown(given)}"
        raise FramingError(message)
    kind = format or _implied(path)
    if kind not in WRITERS:
        message = f"format {kind!r} is not known{closest(kind, WRITERS)}; choose one of {choices(WRITERS)}"
        raise FramingError(message)
    found = [corpus_facts(corpus), codebook_facts(codebook, entries=entries), _coding(codings), _people(human)]
    found += [_agreement(agreement), _validity(validation), _estimates(corrected, tables), _sensitivity(sensitivity)]
    found += [
        _limits(
            corpus,
            codings=codings,
            agreement=agreement,
            validation=validation,
            corrected=corrected,
            sensitivity=sensitivity,
            own=limits,
        )
    ]
    found += [_provenance(corpus, codebook, codings, (agreement, corrected, *(tables or {}).values()))]
    text = WRITERS[kind](title, [block for section in found for block in section])
    if path is not None:
        with replacing(path) as file:
            file.write(text)
    return text


def _implied(path: str | Path | None) -> str:
    """Return the format that the ending of a path says; Markdown without a path."""
    if path is None:
        return "markdown"
    kind = _ENDINGS.get(Path(path).suffix.lower())
    if kind is None:
        ending = repr(Path(path).suffix) if Path(path).suffix else "a file without ending"
        message = f"{path}: the appendix is written as {choices(_ENDINGS)}, not as {ending}; word processors open .html"
        raise FramingError(message)
    return kind


def grid(table: pd.DataFrame, caption: str = "", *, most: int = 400) -> Grid:
    """Return a data frame as a table of text, intervals beside their values."""
    shown = Table(table.head(most)).readable()
    columns = tuple(str(name).replace("_", " ") for name in shown.columns)
    rows = tuple(tuple(map(str, row)) for row in shown.itertuples(index=False, name=None))
    if len(table) > most:
        caption = f"{caption} (the first {most:,} of {len(table):,} rows)".strip()
    return Grid(columns, rows, caption)


def corpus_facts(corpus: Corpus) -> Iterator[Block]:
    """Describe a corpus: size, sources, dates, languages, licences, hash."""
    yield Heading("Corpus")
    size = corpus.describe()
    sums = size[["sentences", "words"]].sum()
    yield Paragraph(
        f"Corpus “{corpus.name}”: {len(corpus):,} documents, {int(sums['sentences']):,} sentences, "
        f"{int(sums['words']):,} words. SHA-256 of texts and metadata: {corpus.fingerprint}."
    )
    table = corpus.to_pandas()
    made = constructed(corpus)
    if made:
        yield Paragraph(
            f"{made:,} of the documents are constructed: written for teaching and testing. No finding "
            "about real media can come from them."
        )
    facts = []
    if "date" in table:
        dates = table["date"].dropna().astype(str)
        facts += (
            [
                f"Dates: {dates.min()} to {dates.max()}"
                + (f"; {len(table) - len(dates):,} without" if len(dates) < len(table) else "")
            ]
            if len(dates)
            else []
        )
    for name in ("language", "licence"):
        if name in table:
            counts = table[name].fillna("unknown").value_counts()
            facts.append(f"{name.capitalize()}: " + ", ".join(f"{value} ({n:,})" for value, n in counts.items()))
    if facts:
        yield Items(tuple(facts))
    if "outlet" in table:
        words = size.set_index("doc_id")["words"]
        by = table.assign(words=table["doc_id"].map(words)).groupby("outlet", dropna=False)
        yield grid(
            by.agg(documents=("doc_id", "size"), words=("words", "sum")).reset_index(), "Documents and words by outlet"
        )


def constructed(corpus: Corpus) -> int:
    """Return how many documents say of themselves that they were made up."""
    return sum(str(document["constructed"]).casefold() in ("yes", "true", "1") for document in corpus)


def codebook_facts(codebook: Codebook, *, entries: bool = True) -> Iterator[Block]:
    """Describe a codebook: definitions, rules, and, where asked for, every entry with its conditions."""
    yield Heading("Codebook")
    about = codebook.metadata
    authors = about.get("authors") or sorted({a for f in codebook.frames.values() for a in f.authors})
    parts = [
        f"Codebook “{codebook.title}” ({codebook.name})",
        f"version {codebook.version}" if codebook.version else "",
        f"by {', '.join(authors)}" if authors else "",
        f"licence {about['licence']}" if about.get("licence") else "",
    ]
    yield Paragraph(
        ", ".join(filter(None, parts)) + f"; {len(codebook.actors)} actors. SHA-256: {codebook.fingerprint}."
    )
    for frame in codebook.frames.values():
        yield Heading(f"Frame: {frame.title()} ({frame.id})", 2)
        if frame.definition:
            yield Paragraph(frame.definition)
        rules = [("counts", rule) for rule in frame.include] + [("does not count", rule) for rule in frame.exclude]
        if rules:
            rows = tuple((kind, r.rule, r.example, r.counter_example) for kind, r in rules)
            yield Grid(("", "rule", "example", "counter-example"), rows, f"Rules of {frame.title()}")
        if frame.sources:
            yield Paragraph("Sources: " + " ".join(frame.sources))
        conditions = _conditions(frame)
        if conditions:
            yield Paragraph(f"All entries of this frame: {conditions}.")
        if frame.names:
            yield Paragraph(f"Names, whose words no entry of this frame takes: {'; '.join(frame.names)}.")
        if not entries:
            yield Paragraph(f"{len(frame.entries):,} entries.")
            continue
        listed = tuple(
            (e.term, _matched(e), f"{e.weight:g}", "; ".join(e.variants), "; ".join(e.en), _conditions(e))
            for e in frame.entries
        )
        yield Grid(
            ("term", "match", "weight", "variants", "English", "conditions"),
            listed,
            f"Entries of {frame.title()} ({len(listed):,})",
        )


def _matched(entry: Entry) -> str:
    """Say how an entry meets the text: how it is matched, what wildcards mean, parts of speech, gap.

    >>> _matched(Entry("سعر", pos=("noun",))), _matched(Entry("وقف إطلاق", match="phrase", gap=1))
    ('lemma; noun', 'phrase; up to 1 word between')
    """
    parts = [f"{entry.match} ({entry.valuetype})" if entry.match == "pattern" else entry.match]
    if entry.pos:
        parts.append(" or ".join(entry.pos))
    if entry.gap:
        parts.append(f"up to {entry.gap} word{'s' if entry.gap > 1 else ''} between")
    return "; ".join(parts)


def _conditions(owner: Any) -> str:
    return "; ".join(
        [*(in_words(c, wanted=True) for c in owner.requires), *(in_words(c, wanted=False) for c in owner.unless)]
    )


def _coding(codings: Codings | None) -> Iterator[Block]:
    yield Heading("Coding")
    if codings is None:
        yield Paragraph("No codings by the codebook are reported.")
        return
    p = codings.provenance
    counted = codings.table[~codings.table["negated"].astype(bool)]
    hits = counted["frame"].value_counts()
    listed = ", ".join(f"{frame} {int(hits.get(frame, 0)):,}" for frame in codings.frames)
    yield Paragraph(
        f"Hits that count: {listed}; negated: {int(codings.table['negated'].sum()):,}; cancelled by a "
        f"condition: {len(codings.cancelled):,}."
    )
    known = [f"{name}: {_plain(p[name])}" for name in ("margin", "negation", "voice", "morphology") if name in p]
    if known:
        yield Items(tuple(known))


def _people(human: Codings | None) -> Iterator[Block]:
    yield Heading("Human coding")
    if human is None:
        yield Paragraph("Nobody coded by hand: the scores below were not validated.")
        return
    by_coder = human.units.groupby("coder", sort=False).size()
    listed = ", ".join(f"{coder} ({n:,})" for coder, n in by_coder.items())
    unit = human.provenance.get("unit", "sentence")
    yield Paragraph(
        f"Coded {unit}s by coder: {listed}; "
        f"{len(human.units.drop_duplicates(['doc_id', 'sentence'])):,} different ones. Frames: "
        f"{', '.join(human.frames)}."
    )
    coded = human.provenance.get("coded", human.provenance)
    design = coded.get("design")
    if design:
        strata = ", ".join(design.get("strata") or ()) or "no metadata"
        facts = (
            f"Sample: {design.get('n')} of {design.get('of')} units, stratified by {strata} and by what the "
            f"engine found (oversampled share {design.get('oversample')}), overlap {design.get('overlap')}, "
            f"seed {design.get('random_state')}; blinded, shuffled per coder."
        )
        yield Paragraph(facts)
    if {"stratum", "stratum_units", "inclusion"} <= set(human.units.columns):
        units = human.units.drop_duplicates(["doc_id", "sentence"])
        by = units.groupby("stratum").agg(
            coded=("sentence", "size"), units=("stratum_units", "first"), inclusion=("inclusion", "first")
        )
        yield grid(by.reset_index(), "Strata: coded units, units in the corpus, probability to be drawn")
    if "adjudicated" in human.provenance:
        a = human.provenance["adjudicated"]
        yield Paragraph(
            f"One code per unit from {', '.join(a['coders'])}: rule “{a['rule']}”, {a['decisions']} "
            "codes decided by hand."
        )
    remarks = coded.get("problems") or ()
    if remarks:
        counts: dict[str, int] = {}
        for remark in remarks:
            counts[remark["problem"]] = counts.get(remark["problem"], 0) + 1
        yield Items(tuple(f"{n:,} × {what}" for what, n in sorted(counts.items(), key=lambda pair: -pair[1])[:12]))


def _agreement(agreement: pd.DataFrame | None) -> Iterator[Block]:
    yield Heading("Agreement")
    if agreement is None:
        yield Paragraph("Agreement between coders was not measured.")
        return
    yield Paragraph(
        f"Thresholds for alpha and kappa: {GOOD} and above good, {TENTATIVE} to {GOOD} tentative, below "
        "not reliable (Krippendorff 2019). Intervals: bootstrap over units."
    )
    yield grid(agreement, "Agreement by frame and coders")


def _validity(validation: Validation | None) -> Iterator[Block]:
    yield Heading("Validity")
    if validation is None:
        yield Paragraph("The codebook was not compared with human codes on this corpus.")
        return
    yield Paragraph("Machine against human codes, weighted by the inverse of each unit's probability to be coded.")
    yield grid(validation.scores, "Precision, recall, F1 and MCC")
    yield grid(validation.confusion, "Confusion table: machine code against human code, counts and weighted")
    missed = validation.errors[validation.errors["kind"] == "false negative"]
    wrong = validation.errors[validation.errors["kind"] == "false positive"]
    if len(wrong):
        entries = (
            wrong.groupby(["frame", "entry"])
            .size()
            .rename("times")
            .reset_index()
            .sort_values("times", ascending=False, kind="stable")
        )
        yield grid(entries.head(15), "Entries behind false positives")
    if len(missed):
        why = missed["because"].where(
            missed["because"] == "no entry matches", "a hit was negated or cancelled by a condition"
        )
        yield grid(
            missed.assign(because=why).groupby(["frame", "because"]).size().rename("times").reset_index(),
            "Why units were missed",
        )


def _estimates(corrected: pd.DataFrame | None, tables: Mapping[str, pd.DataFrame] | None) -> Iterator[Block]:
    yield Heading("Estimates")
    if corrected is None:
        yield Paragraph("Estimates are those of the machine's codes; they were not corrected for its errors.")
    else:
        facts = corrected.attrs.get("provenance", {})
        about = {"population": "the process behind these documents", "corpus": "these documents"}.get(
            str(facts.get("target")), ""
        )
        yield Paragraph(
            "Share of units with the frame, as the machine codes it (naive) and corrected by "
            "design-based supervised learning (Egami et al. 2023; Angelopoulos et al. 2023). The "
            f"intervals are about {about or 'the target chosen'}."
        )
        yield grid(corrected, "Naive and corrected shares and differences")
    for caption, table in (tables or {}).items():
        yield grid(table, caption)


def _sensitivity(sensitivity: pd.DataFrame | None) -> Iterator[Block]:
    yield Heading("Sensitivity")
    if sensitivity is None:
        yield Paragraph("How far results hang on single entries of the codebook was not examined.")
        return
    yield grid(sensitivity, "Influence of entries and choices on the results")


def _limits(
    corpus: Corpus,
    *,
    codings: Codings | None,
    agreement: pd.DataFrame | None,
    validation: Validation | None,
    corrected: pd.DataFrame | None,
    sensitivity: pd.DataFrame | None,
    own: Iterable[str],
) -> Iterator[Block]:
    yield Heading("Limits")
    found = []
    if constructed(corpus):
        found.append("Documents of the corpus are constructed: what is found in them is no finding about real media.")
    if len(corpus) < 20:
        found.append(
            f"The corpus has {len(corpus)} documents; positions in it (percentiles) are not meaningful below 20."
        )
    if codings is not None and "clitic-rules" in str(codings.provenance.get("morphology", "")):
        found.append(
            "No Arabic morphology was installed: words were matched by clitic rules, which miss broken "
            "plurals and most verb forms."
        )
    if agreement is None:
        found.append("Whether two people would code alike is not known.")
    else:
        weak = agreement[agreement["measure"].isin(["alpha", "kappa"]) & ~(agreement["value"] >= TENTATIVE)]
        for row in weak.to_dict("records"):
            value = f"{row['value']:.2f}" if row["value"] == row["value"] else "undefined"
            about = f"{str(row['measure']).capitalize()} for {row.get('frame', 'the codes')} ({row['coders']})"
            found.append(f"{about} is {value}: {row['verdict']}.")
    if validation is None:
        found.append("The scores rest on a word list that was not checked against people's reading of this corpus.")
    else:
        weak = validation.scores[(validation.scores[["precision", "recall"]] < WEAK).any(axis=1)]
        found += [
            f"The codebook is weak for {row.frame}: precision {row.precision:.2f}, recall {row.recall:.2f}."
            for row in weak.itertuples()
        ]
    if corrected is None:
        found.append("Differences between groups may be differences in the codebook's errors.")
    if sensitivity is None:
        found.append("A single entry may carry a conclusion.")
    yield Items((*found, *own) or ("None was noticed.",))


def _provenance(
    corpus: Corpus, codebook: Codebook, codings: Codings | None, tables: Sequence[pd.DataFrame | None]
) -> Iterator[Block]:
    yield Heading("Provenance")
    facts: dict[str, Any] = provenance.record(corpus_sha256=corpus.fingerprint, codebook_sha256=codebook.fingerprint)
    for name, value in (codings.provenance if codings is not None else {}).items():
        facts.setdefault(name, value)
    for table in tables:
        for name, value in (table.attrs.get("provenance", {}) if table is not None else {}).items():
            if name in ("random_state", "resamples", "level", "metric", "target", "by"):
                facts.setdefault(name, value)
    rows = [
        (name, _plain(value))
        for name, value in facts.items()
        if name not in ("versions", "human", "coded", "problems", "parts")
    ]
    rows += [(f"version of {name}", value) for name, value in facts["versions"].items()]
    yield Grid(("what", "value"), tuple(rows), "Parameters, hashes, versions and seeds")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
