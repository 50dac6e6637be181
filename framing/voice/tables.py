"""Attributions as a table, and voices for codings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress, provenance
from framing.codebook import Codebook, given_codebook, load_codebook
from framing.corpus import Corpus, Document, given_corpus
from framing.corpus.given import arabic_expected
from framing.language import Tokens, grammar, tokenise
from framing.matching.compiled import Compiled, compile_codebook
from framing.matching.mentions import Mentions, actor_mentions
from framing.voice.attribution import Attribution, Attributor
from framing.voice.speakers import Speakers, resolve

if TYPE_CHECKING:
    import pandas as pd

    from framing.table import Table

#: Which voice a stretch gives to what is coded inside it.
VOICES = {"direct": "quoted", "scare": "quoted", "indirect": "reported", "according_to": "reported"}
#: Columns of `attributions` with their types; places that may be missing are floats.
COLUMNS = {
    "doc_id": "str", "paragraph": "int64", "sentence": "int64", "start": "int64", "end": "int64",
    "cue": "str", "cue_start": "float64", "cue_end": "float64", "cue_stance": "str",
    "speaker": "str", "speaker_start": "float64", "speaker_end": "float64", "side": "str",
    "directness": "str", "text": "str",
}  # fmt: skip


def attributions(corpus: Corpus | Document, codebook: Codebook | None = None) -> Table:
    """Find who speaks: one row per attributed stretch.

    Parameters
    ----------
    corpus : Corpus or Document
    codebook : Codebook, optional
        Its actors name the speakers' sides; by default those of the codebook that ships.

    Returns
    -------
    Table
        A data frame: ``doc_id``, ``paragraph``, ``sentence``; ``start``, ``end`` of the attributed text
        (half-open, in the raw text) and that ``text``; ``cue``, the words that attribute it, with ``cue_start``,
        ``cue_end`` and ``cue_stance``: neutral (قال), assertive (أكد: the speaker commits strongly, or denies) or
        doubting (زعم: the writer keeps a distance, or the speaker doubts), all missing for quotation marks without
        a cue; ``speaker``, one name for everybody who is named in several ways (missing where nobody is), with
        ``speaker_start`` and ``speaker_end`` of the mention that is meant here; ``side``, the actor the speaker
        belongs to; ``directness``: direct (in quotation marks), indirect (after قال … إن), according_to (بحسب …),
        scare (a fragment in quotation marks inside another sentence). A stretch never crosses a sentence.
        ``attrs`` holds the `provenance`.

    Examples
    --------
    >>> found = attributions(Document(id="a", text="قال بيسكوف إن المحادثات مفيدة."))
    >>> found.loc[0, ["text", "cue", "cue_stance", "side", "directness"]].tolist()
    ['المحادثات مفيدة', 'قال', 'neutral', 'russia', 'indirect']
    """
    from framing.table import Table

    corpus = given_corpus(corpus)
    arabic_expected(corpus, "attributions")
    if codebook is None:
        codebook = load_codebook("cuba-russia-us")
    codebook = given_codebook(codebook)
    compiled = compile_codebook(codebook, "default")
    rows: list[dict[str, Any]] = []
    for documents in in_batches(corpus, "attributions"):
        tokens = tokenise([document.text for document in documents])
        mentions = actor_mentions(compiled.matcher.match(tokens), compiled)
        rows += _rows(documents, tokens, mentions, compiled)
    table = Table(rows, columns=list(COLUMNS)).astype(COLUMNS)
    table.attrs["provenance"] = made_from(corpus, codebook, margin="default")
    return table


def in_batches(corpus: Corpus, what: str, size: int = 500) -> Iterator[Sequence[Document]]:
    """Yield the documents in runs of at most `size`, with a progress bar where it takes longer than two seconds."""
    with progress.bar(what=what, unit="documents", total=len(corpus)) as bar:
        for documents in corpus.batches(size):
            yield documents
            bar.update(len(documents))


def made_from(corpus: Corpus, codebook: Codebook, **facts: Any) -> dict[str, Any]:
    """Return the provenance of what was found in a corpus with a codebook, and further `facts`."""
    return provenance.record(
        corpus=corpus.name,
        corpus_sha256=corpus.fingerprint,
        n_documents=len(corpus),
        codebook=codebook.name,
        codebook_version=codebook.version,
        codebook_sha256=codebook.fingerprint,
        **facts,
    )


def _found(documents: Sequence[Document], tokens: Tokens, mentions: Mentions, compiled: Compiled) -> Any:
    """Yield (text number, stretch, speaker, side) for every attributed stretch of a batch."""
    grammar.prepare(set(np.unique(tokens.type).tolist()))
    attributor = Attributor(tokens, mentions)
    for number, document in enumerate(documents):
        stretches: list[Attribution] = attributor.text(number)
        speakers = Speakers(attributor.read, mentions, compiled, document.text)
        for stretch, (speaker, side) in zip(stretches, resolve(stretches, speakers), strict=True):
            yield number, stretch, speaker, side


def _rows(
    documents: Sequence[Document], tokens: Tokens, mentions: Mentions, compiled: Compiled
) -> list[dict[str, Any]]:
    spans = tokens.spans
    start, end = spans.start.tolist(), spans.end.tolist()
    rows = []
    for number, stretch, speaker, side in _found(documents, tokens, mentions, compiled):
        if stretch.end <= stretch.first:
            continue
        sentence = int(spans.sentence[stretch.first])
        text = documents[number].text
        named = stretch.speaker
        rows.append(
            {
                "doc_id": documents[number].id,
                "paragraph": int(spans.sentence_paragraph[sentence]),
                "sentence": int(spans.sentence_number[sentence]),
                "start": start[stretch.first],
                "end": end[stretch.end - 1],
                **_cue(stretch, text, start, end),
                "speaker": speaker,
                "speaker_start": start[named[0]] if named else None,
                "speaker_end": end[named[1] - 1] if named else None,
                "side": side,
                "directness": stretch.directness,
                "text": text[start[stretch.first] : end[stretch.end - 1]],
            }
        )
    return rows


def _cue(stretch: Attribution, text: str, start: list[int], end: list[int]) -> dict[str, Any]:
    first, stop, stance = stretch.cue
    if stop <= first:
        return {"cue": None, "cue_start": None, "cue_end": None, "cue_stance": None}
    a, b = start[first], end[stop - 1]
    return {"cue": text[a:b], "cue_start": a, "cue_end": b, "cue_stance": stance}


def assign(
    table: pd.DataFrame,
    units: pd.DataFrame,
    documents: Sequence[Document],
    tokens: Tokens,
    compiled: Compiled,
    mentions: Mentions,
) -> pd.DataFrame:
    """Give every coding of a batch its voice, speaker and side, in place; return the units split by voice.

    Where stretches overlap the innermost counts: a quotation inside a report is quoted.
    """
    voice = voices(documents, tokens, mentions, compiled)
    first_token = {document.id: int(tokens.spans.first_token[row]) for row, document in enumerate(documents)}
    if len(table):
        base = table["doc_id"].map(first_token).to_numpy(np.int64)
        ends = dict(zip(first_token.values(), tokens.spans.first_token[1:].tolist(), strict=True))
        at = [
            b + int(np.searchsorted(tokens.spans.start[b : ends[b]], start))
            for b, start in zip(base.tolist(), table["start"].tolist(), strict=True)
        ]
        for column, values in voice.of(at).items():
            table[column] = values
    return voice.split(units, tokens)


def voices(documents: Sequence[Document], tokens: Tokens, mentions: Mentions, compiled: Compiled) -> VoiceOfTokens:
    """Return which voice each token of a batch belongs to."""
    found = VoiceOfTokens(len(tokens))
    for _, stretch, speaker, side in _found(documents, tokens, mentions, compiled):
        found.cover(stretch, speaker, side)
    return found


class VoiceOfTokens:
    """Which voice each token of a batch belongs to."""

    def __init__(self, n: int) -> None:
        self._number = np.zeros(n, np.int32)
        self._voices: list[tuple[str, str | None, str | None]] = [("narrator", None, None)]
        self._length = np.full(n, np.iinfo(np.int32).max, np.int32)

    def cover(self, stretch: Attribution, speaker: str | None, side: str | None) -> None:
        span = slice(stretch.first, stretch.end)
        inner = self._length[span] >= stretch.end - stretch.first
        self._voices.append((VOICES[stretch.directness], speaker, side))
        self._number[span][inner] = len(self._voices) - 1
        self._length[span][inner] = stretch.end - stretch.first

    def at(self, token: int) -> dict[str, str | None]:
        """Return voice, speaker and side of one token."""
        voice, speaker, side = self._voices[self._number[token]]
        return {"voice": voice, "speaker": speaker, "side": side}

    def of(self, tokens: list[int]) -> dict[str, list[str | None]]:
        chosen = [self._voices[self._number[token]] for token in tokens]
        return {name: [voice[part] for voice in chosen] for part, name in enumerate(("voice", "speaker", "side"))}

    def split(self, units: pd.DataFrame, tokens: Tokens) -> pd.DataFrame:
        """Return the units, each sentence cut where the voice changes."""
        sentence = tokens.spans.sentence
        if not len(sentence):
            return units
        edge = np.ones(len(sentence), bool)
        edge[1:] = (np.diff(sentence) != 0) | (np.diff(self._number) != 0)
        first = np.flatnonzero(edge)
        last = np.append(first[1:], len(sentence)) - 1
        words = np.add.reduceat(tokens.is_word.astype(np.int64), first)
        kept = (words > 0) | np.isin(first, np.flatnonzero(np.concatenate(([True], np.diff(sentence) != 0))))
        first, last, words = first[kept], last[kept], words[kept]
        rows = units.iloc[sentence[first]].reset_index(drop=True)
        rows["start"] = tokens.spans.start[first].astype(np.int64)
        rows["end"] = tokens.spans.end[last].astype(np.int64)
        rows["words"] = words
        for column, values in self.of(first.tolist()).items():
            rows[column] = values
        return rows
