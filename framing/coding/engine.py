"""Coding: corpus × codebook → codings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.codebook import Codebook, Condition, given_codebook
from framing.coding.codings import COLUMNS, MEASURED, Codings
from framing.coding.sketches import SKETCH, sketches
from framing.corpus import Corpus, Document, given_corpus
from framing.errors import FramingError, choices, closest
from framing.language import MARGINS, Tokens, key, tokenise
from framing.language.shown import whole_characters
from framing.matching.compiled import Compiled, compile_codebook
from framing.matching.conditions import Conditions
from framing.matching.matcher import Matches, longest
from framing.matching.mentions import actor_mentions
from framing.matching.negation import negated
from framing.matching.terms import ROUTES
from framing.voice.tables import in_batches, made_from

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_NUMBERS = {"paragraph": "int64", "sentence": "int64", "start": "int64", "end": "int64", "words": "int64",
            "weight": "float64", "negated": "bool", "headline": "bool", "polarity": "float64"}  # fmt: skip
_ROUTE_NAMES = np.asarray(ROUTES, object)


def code(
    corpus: Corpus | Document | Iterable[Document],
    codebook: Codebook,
    *,
    margin: str = "default",
    negation: bool = True,
    voice: bool = True,
    batch: int = 2_000,
) -> Codings:
    """Apply a codebook to a corpus.

    Parameters
    ----------
    corpus : Corpus, Document or iterable of Document
    codebook : Codebook
    margin : {"strict", "default", "recall"}
        Which readings of an ambiguous word count: only the likeliest, those within a factor of ten of
        it, or all.
    negation : bool
        Mark negated hits. Without it nothing is marked, and every hit counts.
    voice : bool
        Attribute each hit to the narrator or to who is quoted. Without it all are the narrator's.
    batch : int
        Documents handled at a time; bounds memory, never changes a result.

    Returns
    -------
    Codings
        Within a frame hits do not overlap (the longest match wins); frames are independent of each other.

    Examples
    --------
    >>> book = Codebook.from_dict({"alliance": ["تعاون", "صداقة"]})
    >>> codings = code(Document(id="a", text="أكد على الصداقة والتعاون."), book)
    >>> codings.table[["start", "end", "evidence", "frame", "route"]].values.tolist()
    [[8, 15, 'الصداقة', 'alliance', 'clitic'], [16, 24, 'والتعاون', 'alliance', 'clitic']]
    """
    if margin not in MARGINS:
        message = f"margin {margin!r} is not known{closest(margin, MARGINS)}; choose one of {choices(MARGINS)}"
        raise FramingError(message)
    corpus, codebook = given_corpus(corpus), given_codebook(codebook)
    compiled = compile_codebook(codebook, margin)
    parts = [
        _code_batch(documents, compiled, codebook.name, negation=negation, voice=voice)
        for documents in in_batches(corpus, "coding", batch)
    ]
    table, units, documents, cancelled = (_typed(_stack([part[i] for part in parts], i)) for i in range(4))
    measured = list(MEASURED)  # last, also where a later batch brings metadata that earlier ones lack
    documents = documents[[*documents.columns.drop(measured), *measured]]
    facts = made_from(corpus, codebook, weighted=has_weights(codebook), margin=margin, negation=negation, voice=voice)
    return Codings(table, units, documents, tuple(codebook.frames), cancelled, facts)


def has_weights(codebook: Codebook) -> bool:
    """Say whether some entry's hits count for more or less than 1."""
    return any(entry.weight != 1 for frame in codebook.frames.values() for entry in frame.entries)


def _stack(parts: Sequence[pd.DataFrame], which: int) -> pd.DataFrame:
    import pandas as pd

    if not parts:
        empty = _empty(which)
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in empty.items()})
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Give text columns one type whatever they hold: a column without speakers is still text."""
    texts = [name for name in (*COLUMNS, "reason", SKETCH) if name in table and name not in _NUMBERS]
    return table.astype(dict.fromkeys(texts, "str"))


def _empty(which: int) -> dict[str, str]:
    names: tuple[str, ...] = (
        COLUMNS,
        ("doc_id", "paragraph", "sentence", "start", "end", "words", "coder", "voice", "speaker", "side"),
        ("doc_id", *MEASURED),
        (*COLUMNS, "reason"),
    )[which]
    return {name: _NUMBERS.get(name, "str") for name in names}


@dataclasses.dataclass(frozen=True, slots=True)
class _Hits:
    """Hits of one batch: matches with the number of their frame."""

    matches: Matches
    frame: NDArray[np.int64]


def _code_batch(
    documents: Sequence[Document], compiled: Compiled, coder: str, *, negation: bool, voice: bool
) -> tuple[Any, Any, Any, Any]:
    tokens = tokenise([document.text for document in documents])
    matches = compiled.matcher.match(tokens)
    actors = actor_mentions(matches, compiled)
    hits, reasons = _settled(matches, actors.matches, tokens, compiled)
    counted = _nothing(reasons)
    denied = np.zeros(len(counted), bool)
    if negation and len(counted):
        denied = negated(tokens, hits.matches.first, hits.matches.last)
    units = _units(documents, tokens, coder)
    table = _table(documents, tokens, hits, denied, compiled, coder)
    if voice:
        from framing.voice import assign

        units = assign(table, units, documents, tokens, compiled, actors)
    cancelled = table[~counted].assign(reason=reasons[~counted])
    return table[counted].reset_index(drop=True), units, _documents(documents, tokens), cancelled.reset_index(drop=True)


def _settled(
    matches: Matches, actors: Matches, tokens: Tokens, compiled: Compiled
) -> tuple[_Hits, NDArray[np.object_]]:
    """Return the hits of a batch and, for each, why it does not count (None: it counts).

    Conditions first, then overlaps: an entry whose context is missing takes no words away from others.
    What was cancelled is kept where nothing that counts stands in its place.
    """
    columns = compiled.columns
    found = matches.take(columns.frame[matches.owner] >= 0)
    hits = _Hits(found, columns.frame[found.owner])
    reasons = _reasons(hits, matches, actors, tokens, compiled)
    free = _nothing(reasons)
    counts = np.zeros(len(found), bool)
    counts[free] = longest(found.take(free), hits.frame[free])
    lost = ~free
    lost[lost] = longest(found.take(lost), hits.frame[lost]) & ~_covered(hits, counts, lost)
    kept = (counts | lost) & ~columns.named[found.owner]
    return _Hits(found.take(kept), hits.frame[kept]), reasons[kept]


def _nothing(reasons: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.asarray([reason is None for reason in reasons.tolist()], bool)


def _covered(hits: _Hits, counts: NDArray[np.bool_], lost: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which of the `lost` matches share a token with one of the same frame that `counts`."""
    if not counts.any():
        return np.zeros(int(lost.sum()), bool)
    width = int(hits.matches.last.max()) + 1
    place = hits.frame[counts] * width + hits.matches.first[counts]
    order = np.argsort(place)
    place, frame, last = place[order], hits.frame[counts][order], hits.matches.last[counts][order]
    # Counted matches of a frame do not overlap: only the one that begins last before the end can.
    before = np.searchsorted(place, hits.frame[lost] * width + hits.matches.last[lost], side="right") - 1
    near = np.maximum(before, 0)
    return np.asarray((before >= 0) & (frame[near] == hits.frame[lost]) & (last[near] >= hits.matches.first[lost]))


def _reasons(hits: _Hits, matches: Matches, actors: Matches, tokens: Tokens, compiled: Compiled) -> NDArray[np.object_]:
    """Return, for each hit, why it does not count, or None."""
    reasons = np.full(len(hits.matches), None, object)
    by_condition: dict[tuple[int, Condition, bool], list[tuple[int, int]]] = {}
    conditional = np.flatnonzero(compiled.columns.conditional[hits.matches.owner])
    for row, owner in zip(conditional.tolist(), hits.matches.owner[conditional].tolist(), strict=True):
        entry = compiled.entries[owner]
        for place, condition in enumerate((*entry.requires, *entry.unless)):
            key_ = (entry.frame, condition, place < len(entry.requires))
            by_condition.setdefault(key_, []).append((row, place))
    if not by_condition:
        return reasons
    kinds = {actor.id: actor.kind for actor in compiled.codebook.actors.values()}
    decided: dict[int, int] = {}  # of several conditions the entry's first is the reason, whatever else is in the batch
    conditions = Conditions(tokens, matches, actors, compiled.actor_ids, kinds)
    for (frame, condition, wanted), cells in by_condition.items():
        owners = compiled.conditions.get((frame, condition), ())
        at, places = np.asarray(cells).T
        failed = conditions.met(condition, owners, hits.matches.first[at], hits.matches.last[at]) != wanted
        for row, place in zip(at[failed].tolist(), places[failed].tolist(), strict=True):
            if place < decided.get(row, place + 1):
                decided[row], reasons[row] = place, in_words(condition, wanted=wanted)
    return reasons


def in_words(condition: Condition, *, wanted: bool) -> str:
    """Say in words which condition was not met (or, not `wanted`, was).

    >>> in_words(Condition(actor=("usa",)), wanted=True)
    'requires actor usa in the sentence'
    """
    what = []
    if condition.actor:
        count = f"{condition.count} of " if condition.count > 1 else ""
        nearest = "nearest " if condition.nearest else ""
        what.append(f"{nearest}actor {count}{', '.join(condition.actor)}")
    what += [f"entry {', '.join(condition.entry)}"] if condition.entry else []
    what += [f"word {', '.join(condition.term)}"] if condition.term else []
    words = "word" if condition.within == 1 else "words"
    where = f"within {condition.within} {words}" if isinstance(condition.within, int) else f"in the {condition.within}"
    side = "" if condition.side == "either" else f" {condition.side} it"
    return f"{'requires' if wanted else 'cancelled by'} {' or '.join(what)} {where}{side}"


def _units(documents: Sequence[Document], tokens: Tokens, coder: str) -> pd.DataFrame:
    import pandas as pd

    spans = tokens.spans
    ids = np.asarray([document.id for document in documents], object)
    n_sentences = len(spans.sentence_start)
    words = np.bincount(spans.sentence[tokens.is_word], minlength=n_sentences)[:n_sentences]
    return pd.DataFrame(
        {
            "doc_id": ids[spans.sentence_text],
            "paragraph": spans.sentence_paragraph.astype(np.int64),
            "sentence": spans.sentence_number.astype(np.int64),
            "start": spans.sentence_start.astype(np.int64),
            "end": spans.sentence_end.astype(np.int64),
            "words": words.astype(np.int64),
            "coder": coder,
            "voice": "narrator",
            "speaker": None,
            "side": None,
        }
    )


def _documents(documents: Sequence[Document], tokens: Tokens) -> pd.DataFrame:
    import pandas as pd

    rows = [{"doc_id": document.id, **document.metadata} for document in documents]
    headed = [_has_headline(document) for document in documents]
    measured: dict[str, Any] = {"words": tokens.n_words.astype(np.int64), "headline": headed, SKETCH: sketches(tokens)}
    return pd.DataFrame(rows).assign(**measured)


def _has_headline(document: Document) -> bool:
    """Say whether the text opens with the document's title, as a paragraph of its own."""
    return bool(document.title) and key(document.text.lstrip().partition("\n")[0].strip()) == key(
        str(document.title).strip()
    )


def _table(
    documents: Sequence[Document], tokens: Tokens, hits: _Hits, denied: Any, compiled: Compiled, coder: str
) -> pd.DataFrame:
    import pandas as pd

    spans, matches = tokens.spans, hits.matches
    sentence = spans.sentence[matches.first]
    text = spans.sentence_text[sentence]
    start = spans.start[matches.first].astype(np.int64)
    end = spans.end[matches.last].astype(np.int64)
    names = np.asarray(compiled.frame_ids, object)
    table = pd.DataFrame(
        {
            "doc_id": np.asarray([document.id for document in documents], object)[text],
            "paragraph": spans.sentence_paragraph[sentence].astype(np.int64),
            "sentence": spans.sentence_number[sentence].astype(np.int64),
            "start": start,
            "end": end,
            "evidence": _evidence(documents, text.tolist(), start.tolist(), end.tolist()),
            "frame": names[hits.frame] if len(names) else np.zeros(0, object),
            "entry": compiled.columns.term[matches.owner],
            "coder": coder,
            "route": _ROUTE_NAMES[matches.route],
            "weight": compiled.columns.weight[matches.owner],
            "negated": denied,
            "voice": "narrator",
            "speaker": None,
            "side": None,
            "target": None,
            "polarity": np.nan,
        }
    )
    return table[list(COLUMNS)]


def _evidence(documents: Sequence[Document], text: list[int], start: list[int], end: list[int]) -> list[str]:
    """Return the spans' texts; halves of characters, which no table can hold, are shown as marks."""
    spans = [documents[t].text[a:b] for t, a, b in zip(text, start, end, strict=True)]
    return spans if whole_characters(joined := "".join(spans)) == joined else [whole_characters(span) for span in spans]
