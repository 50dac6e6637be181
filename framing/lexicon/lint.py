"""Checking a codebook: what would make a coder stumble, and what the engine cannot do with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from framing.codebook import Codebook, load_codebook
from framing.kwic.places import as_corpus
from framing.lexicon.entries import overlaps
from framing.lexicon.evidence import against_corpus, examples
from framing.lexicon.findings import LEVELS, Finding
from framing.lexicon.homographs import homographs

if TYPE_CHECKING:
    import pandas as pd

    from framing.corpus import Corpus, Document


def check_codebook(
    codebook: Codebook | str | Path,
    corpus: Corpus | Document | Iterable[Document] | None = None,
    *,
    min_matches: int = 5,
    cancelled: float = 0.5,
) -> pd.DataFrame:
    """Check a codebook, and what its entries do in a corpus.

    What cannot be loaded at all (an unknown field, an empty term, conditions in a circle) is an error of
    `fr.load_codebook`. Here are the mistakes that load.

    Parameters
    ----------
    codebook : Codebook, or what `fr.load_codebook` loads
    corpus : Corpus, Document or iterable of Document, optional
        Texts in which the entries should occur.
    min_matches : int
        Matches that an entry must have before the share of its cancelled ones is looked at.
    cancelled : float
        Share of cancelled matches from which on an entry is reported.

    Returns
    -------
    DataFrame
        One row per finding, the worst first: `level` (error, warning, note), `problem`, `frame`, `entry`,
        `detail`. Problems:

        - ``named_away``: the whole term is one of the frame's `names`, so it never counts (error).
        - ``duplicate``: another entry of the frame has the same words and the same conditions (warning).
        - ``overlap``: another entry of the frame matches the same words (note).
        - ``shared``: an entry of another frame matches the same words (note).
        - ``not_found``: the engine does not find the entry's own term (warning; a note where `pos` is given,
          which the bare term may not show).
        - ``homograph``: without context the word can be several parts of speech, and `pos` is open (note).
        - ``missing_definition``, ``missing_rules``, ``missing_example``, ``missing_source`` (warning; the last a note).
        - ``example_not_coded``, ``counter_example_coded``: the lexicon decides a rule's example otherwise (warning).
        - ``both_polarities``: an evaluative term supports and opposes (warning).
        - ``mostly_cancelled``: most matches in the corpus are cancelled by conditions (warning).
        - ``covered``: all matches in the corpus lie inside longer entries or names; ``never``: there are none (note).

    Examples
    --------
    >>> from framing import Codebook
    >>> book = Codebook.from_dict({"alliance": ["حليف", "حلفاء"]})
    >>> found = check_codebook(book)
    >>> found[found["problem"] == "duplicate"][["level", "entry", "detail"]].values.tolist()
    [['warning', 'حلفاء', "the entry 'حليف' has the same words"]]
    """
    import pandas as pd

    if not isinstance(codebook, Codebook):
        codebook = load_codebook(codebook)
    found = [*_documentation(codebook), *overlaps(codebook), *homographs(codebook), *examples(codebook)]
    found += _evaluations(codebook)
    if corpus is not None:
        found += against_corpus(codebook, as_corpus(corpus), min_matches=min_matches, cancelled=cancelled)
    order = {frame: row for row, frame in enumerate(codebook.frames)}
    found.sort(key=lambda f: (LEVELS.index(f.level), order.get(f.frame, len(order))))
    columns = [field.name for field in dataclasses.fields(Finding)]
    return pd.DataFrame([dataclasses.astuple(finding) for finding in found], columns=columns, dtype=object)


def _documentation(codebook: Codebook) -> Iterator[Finding]:
    for frame in codebook.frames.values():
        if not frame.definition:
            yield Finding(
                "warning", "missing_definition", frame.id, "", "a coder cannot know what the frame is: add definition"
            )
        for name, rules in (("include", frame.include), ("exclude", frame.exclude)):
            if not rules:
                yield Finding("warning", "missing_rules", frame.id, "", f"no rule under {name}")
            for rule in rules:
                missing = [n for n in ("example", "counter_example") if not getattr(rule, n).strip()]
                if missing:
                    detail = f"{name}: the rule {rule.rule!r} has no {' and no '.join(missing)}"
                    yield Finding("warning", "missing_example", frame.id, "", detail)
        if not frame.sources and not any(entry.source for entry in frame.entries):
            yield Finding("note", "missing_source", frame.id, "", "neither the frame nor an entry names a source")


def _evaluations(codebook: Codebook) -> Iterator[Finding]:
    from framing.language import key

    families: dict[str, dict[int, tuple[str, str]]] = {}
    for family in codebook.evaluations:
        for term in (*family.verb, *family.noun, *family.adjective, *family.phrase):
            families.setdefault(key(term), {}).setdefault(family.polarity, (family.id, term))
    for by_polarity in families.values():
        if len(by_polarity) > 1:
            (support, term), (opposition, _) = by_polarity[1], by_polarity[-1]
            yield Finding("warning", "both_polarities", "", term, f"supports in {support!r}, opposes in {opposition!r}")
