"""Evaluations and relations as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.codebook import Codebook, given_codebook
from framing.codebook.model import Evaluation
from framing.corpus import Corpus, Document, given_corpus
from framing.corpus.given import arabic_expected
from framing.errors import FramingError
from framing.language import Tokens, grammar, tokenise
from framing.matching.compiled import Compiled, compile_codebook
from framing.matching.matcher import Matches
from framing.matching.mentions import Mentions, actor_mentions
from framing.matching.negation import negated
from framing.stance.arguments import Arguments
from framing.stance.attachment import Attacher
from framing.stance.lexicon import Evaluative, evaluative_lexicon
from framing.voice.phrases import Reader
from framing.voice.tables import VoiceOfTokens, in_batches, made_from, voices

if TYPE_CHECKING:
    import pandas as pd

    from framing.table import Table

#: Columns of `evaluations` and `relations` with their types.
COLUMNS = {
    "doc_id": "str", "paragraph": "int64", "sentence": "int64", "source": "str", "target": "str", "polarity": "int64",
    "quad": "str", "cameo": "str", "intensity": "float64", "weight": "float64", "term": "str", "start": "int64",
    "end": "int64", "evidence": "str", "negated": "bool", "voice": "str", "speaker": "str", "side": "str",
}  # fmt: skip

#: To refuse cooperation or support is an act of its own (CAMEO 12, reject), not the absence of one.
_REFUSAL = Evaluation("refusal", -1, "verbal_conflict", "120", -4.0)


def evaluations(corpus: Corpus | Document, codebook: Codebook, *, margin: str = "default") -> Table:
    """Find every evaluation that attaches to an actor: who (if known) supports or opposes whom.

    The columns are those of `relations`; `source` is missing where the text does not say who evaluates.
    """
    corpus, codebook = given_corpus(corpus), given_codebook(codebook)
    arabic_expected(corpus, "relations")
    return evaluated(corpus, codebook, margin)[0]


def evaluated(corpus: Corpus, codebook: Codebook, margin: str, what: str = "evaluations") -> tuple[Table, pd.DataFrame]:
    """Return the evaluations, and where each voice is heard: doc_id, sentence, voice, speaker, side.

    `what` is said on the progress bar.
    """
    import pandas as pd

    from framing.table import Table

    if not codebook.actors or not codebook.evaluations:
        message = (
            f"codebook {codebook.name!r} has no actors or no evaluative terms; relations need both. "
            "Load it with actors='cuba-russia-us', or add actors.yml and evaluative.yml"
        )
        raise FramingError(message)
    compiled = compile_codebook(codebook, margin)
    rows: list[dict[str, Any]] = []
    heard = [_heard((), None)]
    for documents in in_batches(corpus, what):
        tokens = tokenise([document.text for document in documents])
        grammar.prepare(set(np.unique(tokens.type).tolist()))
        mentions = actor_mentions(compiled.matcher.match(tokens), compiled)
        spoken = voices(documents, tokens, mentions, compiled)
        rows += _rows(documents, tokens, mentions, spoken, compiled, margin)
        heard.append(spoken.split(_heard(documents, tokens), tokens)[list(_HEARD)])
    table = Table(rows, columns=list(COLUMNS)).astype(COLUMNS)
    table.attrs["provenance"] = made_from(corpus, codebook, margin=margin)
    return table, pd.concat([part for part in heard if len(part)] or heard[:1], ignore_index=True)


_HEARD = ("doc_id", "sentence", "voice", "speaker", "side")


def _heard(documents: Sequence[Document], tokens: Tokens | None) -> pd.DataFrame:
    """Return the sentences of a batch, all the narrator's, for `VoiceOfTokens.split`."""
    import pandas as pd

    ids = np.asarray([document.id for document in documents], object)
    none = np.zeros(0, np.int64)
    text, number = (tokens.spans.sentence_text, tokens.spans.sentence_number) if tokens else (none, none)
    voice = {"voice": "narrator", "speaker": None, "side": None}
    return pd.DataFrame({"doc_id": ids[text], "sentence": number.astype(np.int64)}).assign(**voice)


def relations(corpus: Corpus | Document, codebook: Codebook, *, margin: str = "default") -> Table:
    """Find directed relations between actors: in the text, source acts towards or speaks about target.

    Parameters
    ----------
    corpus : Corpus or Document
    codebook : Codebook
        With actors and evaluative terms.
    margin : {"strict", "default", "recall"}
        Which readings of a word count.

    Returns
    -------
    Table
        A data frame, one row per relation and place: ``doc_id``, ``paragraph``, ``sentence``; ``source``, ``target``
        (actor ids); ``polarity`` (+1 supports, −1 opposes); ``quad`` (verbal or material × cooperation or
        conflict), ``cameo``, ``intensity`` (Goldstein 1992, −10 to 10); ``weight`` of the evaluative term in
        the codebook; ``term``; ``start``, ``end``, ``evidence`` of the evaluative words; ``negated``;
        ``voice``, ``speaker``, ``side`` of who says so. A mutual relation gives two rows. A repetition in one
        sentence is one row. ``attrs`` holds the `provenance`.

    Examples
    --------
    >>> from framing import load_codebook
    >>> book = load_codebook("cuba-russia-us")
    >>> found = relations(Document(id="a", text="فرضت واشنطن عقوبات على كوبا."), book)
    >>> found[["source", "target", "polarity", "quad"]].values.tolist()
    [['usa', 'cuba', -1, 'material_conflict']]
    """
    found = evaluations(corpus, codebook, margin=margin)
    known = found.dropna(subset=["source"])
    return known.drop_duplicates(["doc_id", "sentence", "source", "target", "polarity"]).reset_index(drop=True)


def _rows(
    documents: Sequence[Document],
    tokens: Tokens,
    mentions: Mentions,
    spoken: VoiceOfTokens,
    compiled: Compiled,
    margin: str,
) -> list[dict[str, Any]]:
    found, what = evaluative_lexicon(compiled.codebook, margin).find(tokens)
    denied = negated(tokens, found.first, found.last)
    read = Reader(tokens, mentions)
    rows: list[dict[str, Any]] = []
    for sentence, first, end, carried in _sentences(tokens, mentions, read):
        a, b = np.searchsorted(found.first, (first, end))
        if a == b:
            continue
        arguments = Arguments(read, first, end, carried)
        attacher = Attacher(read, arguments, carried)
        for row in range(int(a), int(b)):
            at, last = int(found.first[row]), int(found.last[row])
            if _is_part_of_name(mentions, at, last, what[row]) or _is_prohibited(found, what, row):
                continue
            refusing = attacher.refusing(at) if denied[row] and what[row].family.polarity > 0 else ()
            family = _REFUSAL if refusing else what[row].family
            for attached in attacher.attach(what[row], at, last):
                if refusing and attached.source not in refusing:
                    continue
                place = _place(documents, tokens, sentence, at, last)
                rows.append(
                    {
                        **place,
                        "source": None if attached.source is None else compiled.actor_ids[attached.source],
                        "target": compiled.actor_ids[attached.target],
                        "polarity": family.polarity,
                        "quad": family.quad,
                        "cameo": family.cameo,
                        "intensity": family.goldstein,
                        "weight": what[row].family.weight,
                        "term": what[row].term,
                        "negated": bool(denied[row]) and not refusing,
                        **spoken.at(at),
                    }
                )
    return rows


def _is_part_of_name(mentions: Mentions, first: int, last: int, what: Evaluative) -> bool:
    """Say whether the words belong to an actor's name: منظمة حظر الأسلحة الكيميائية، الحلف الأطلسي."""
    matches = mentions.matches
    return any(
        last <= int(matches.last[row]) and (int(matches.first[row]) < first or what.family.mutual)
        for row in mentions.between(first - 4, first + 1)
    )


def _is_prohibited(found: Matches, what: list[Evaluative], row: int) -> bool:
    """Say whether a favour is what a hostile word right before it forbids: حظر إمداد إيران."""
    if row == 0 or what[row].family.polarity < 0 or what[row].kind == "adjective":
        return False
    return what[row - 1].family.polarity < 0 and int(found.last[row - 1]) == int(found.first[row]) - 1


def _sentences(tokens: Tokens, mentions: Mentions, read: Reader) -> Iterator[tuple[int, int, int, int | None]]:
    """Yield (sentence, first token, end, actor carried over from the sentence before in the same text)."""
    firsts, ends = (side.tolist() for side in tokens.sentence_bounds())
    texts = tokens.spans.sentence_text.tolist()
    carried: int | None = None
    for sentence, (first, end) in enumerate(zip(firsts, ends, strict=True)):
        if sentence and texts[sentence] != texts[sentence - 1]:
            carried = None
        yield sentence, first, end, carried
        rows = mentions.between(first, end)
        if rows:
            carried = _topic(mentions, read, rows)


def _topic(mentions: Mentions, read: Reader, rows: range) -> int:
    """Return the actor a sentence is about: its first mention that no preposition governs, else its first."""
    for row in rows:
        if not read.word(int(mentions.matches.first[row])).preposition:
            return int(mentions.matches.owner[row])
    return int(mentions.matches.owner[rows[0]])


def _place(documents: Sequence[Document], tokens: Tokens, sentence: int, first: int, last: int) -> dict[str, Any]:
    spans = tokens.spans
    document = documents[int(spans.sentence_text[sentence])]
    start, end = int(spans.start[first]), int(spans.end[last])
    return {
        "doc_id": document.id,
        "paragraph": int(spans.sentence_paragraph[sentence]),
        "sentence": int(spans.sentence_number[sentence]),
        "start": start,
        "end": end,
        "evidence": document.text[start:end],
    }
