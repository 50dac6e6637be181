"""Relations and stance as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.codebook.model import Evaluation
from framing.corpus import Corpus, Document
from framing.errors import FramingError, choices, closest
from framing.language import Tokens, grammar, tokenise
from framing.matching.compiled import Compiled, compile_codebook
from framing.matching.matcher import Matches
from framing.matching.mentions import Mentions, actor_mentions
from framing.matching.negation import negated
from framing.stance.arguments import Arguments
from framing.stance.attachment import Attacher
from framing.stance.lexicon import Evaluative, evaluative_lexicon
from framing.voice.phrases import Reader
from framing.voice.tables import voices

if TYPE_CHECKING:
    import pandas as pd

    from framing.codebook import Codebook

COLUMNS = ("doc_id", "paragraph", "sentence", "source", "target", "polarity", "quad", "cameo", "intensity", "term",
           "start", "end", "evidence", "negated", "voice", "speaker", "side")  # fmt: skip


#: To refuse cooperation or support is an act of its own (CAMEO 12, reject), not the absence of one.
_REFUSAL = Evaluation("refusal", -1, "verbal_conflict", "120", -4.0)


def evaluations(corpus: Corpus | Document, codebook: Codebook, *, margin: str = "default") -> pd.DataFrame:
    """Find every evaluation that attaches to an actor: who (if known) supports or opposes whom.

    The columns are those of `relations`; `source` is missing where the text does not say who evaluates.
    """
    import pandas as pd

    if isinstance(corpus, Document):
        corpus = Corpus([corpus])
    if not codebook.actors or not codebook.evaluations:
        message = (
            f"codebook {codebook.name!r} has no actors or no evaluative terms; relations need both. "
            "Load it with actors='cuba-russia-us', or add actors.yml and evaluative.yml"
        )
        raise FramingError(message)
    compiled = compile_codebook(codebook, margin)
    rows: list[dict[str, Any]] = []
    for documents in corpus.batches():
        rows += _batch(documents, compiled, margin)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"polarity": "int64", "intensity": "float64", "negated": "bool"})


def relations(corpus: Corpus | Document, codebook: Codebook, *, margin: str = "default") -> pd.DataFrame:
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
    DataFrame
        One row per relation and place: ``doc_id``, ``paragraph``, ``sentence``; ``source``, ``target``
        (actor ids); ``polarity`` (+1 supports, −1 opposes); ``quad`` (verbal or material × cooperation or
        conflict), ``cameo``, ``intensity`` (Goldstein 1992, −10 to 10); ``term``; ``start``, ``end``,
        ``evidence`` of the evaluative words; ``negated``; ``voice``, ``speaker``, ``side`` of who says so.
        A mutual relation gives two rows. A repetition in one sentence is one row.

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


def _batch(documents: Sequence[Document], compiled: Compiled, margin: str) -> list[dict[str, Any]]:
    tokens = tokenise([document.text for document in documents])
    grammar.prepare(set(np.unique(tokens.type).tolist()))
    mentions = actor_mentions(compiled.matcher.match(tokens), compiled)
    found, what = evaluative_lexicon(compiled.codebook, margin).find(tokens)
    denied = negated(tokens, found.first, found.last)
    spoken = voices(documents, tokens, mentions, compiled)
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


def stance(
    corpus: Corpus | Document,
    codebook: Codebook,
    *,
    targets: str | Iterable[str] | None = None,
    by: str | Sequence[str] = "doc_id",
    smoothing: float = 1.0,
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
    margin: str = "default",
) -> pd.DataFrame:
    """Score how a text evaluates an actor.

    stance = (favour − against) / (favour + against + k), where favour and against count the evaluative
    terms that attach to a mention of the target, whoever evaluates it; k is `smoothing`.

    Parameters
    ----------
    corpus : Corpus or Document
    codebook : Codebook
    targets : str or list of str, optional
        Actor ids; by default every actor to which something attaches.
    by : str or list of str
        ``doc_id``, ``voice``, ``speaker``, ``side`` or several of them.
    smoothing : float
    level, resamples, random_state
        Of the bootstrap over sentences.
    margin : {"strict", "default", "recall"}

    Returns
    -------
    DataFrame
        The columns of `by`, ``target``, ``favour``, ``against``, ``negated`` (not counted), ``stance`` in [−1, 1],
        ``low``, ``high``. Missing where nothing attaches.

    Examples
    --------
    >>> from framing import load_codebook
    >>> book = load_codebook("cuba-russia-us")
    >>> found = stance(Document(id="a", text="فرضت واشنطن عقوبات على كوبا."), book, targets="cuba")
    >>> found[["target", "favour", "against", "stance"]].values.tolist()
    [['cuba', 0, 1, -0.5]]
    """
    if isinstance(corpus, Document):
        corpus = Corpus([corpus])
    columns = [by] if isinstance(by, str) else list(by)
    known = ("doc_id", "voice", "speaker", "side")
    for name in columns:
        if name not in known:
            message = f"stance cannot be split by {name!r}{closest(name, known)}; choose from {choices(known)}"
            raise FramingError(message)
    wanted = None if targets is None else [targets] if isinstance(targets, str) else list(targets)
    for target in wanted or ():
        if target not in codebook.actors:
            message = f"codebook {codebook.name!r} has no actor {target!r}{closest(target, codebook.actors)}"
            raise FramingError(message)
    found = evaluations(corpus, codebook, margin=margin)
    return _score(
        found, corpus, columns, wanted, smoothing=smoothing, level=level, resamples=resamples, seed=random_state
    )


def _score(
    found: pd.DataFrame, corpus: Corpus, columns: list[str], wanted: list[str] | None, *,
    smoothing: float, level: float, resamples: int, seed: int,
) -> pd.DataFrame:  # fmt: skip
    import pandas as pd

    sizes = dict(zip(corpus.ids, corpus.describe()["sentences"].tolist(), strict=True))
    actors = wanted if wanted is not None else sorted(set(found["target"]))
    groups = dict(tuple(found.groupby(columns, dropna=False))) if len(found) else {}
    if columns == ["doc_id"]:
        groups = {(id,): groups.get((id,), found.iloc[:0]) for id in corpus.ids}
    rows: list[dict[str, Any]] = []
    for group, part in groups.items():
        for actor in actors:
            mine = part[part["target"] == actor].drop_duplicates(["doc_id", "start", "target", "polarity"])
            counted = mine[~mine["negated"]]
            favour, against = int((counted["polarity"] > 0).sum()), int((counted["polarity"] < 0).sum())
            row = {**dict(zip(columns, group, strict=True)), "target": actor, "favour": favour, "against": against,
                   "negated": int(mine["negated"].sum()), "stance": np.nan, "low": np.nan, "high": np.nan}  # fmt: skip
            if favour + against:
                row["stance"] = (favour - against) / (favour + against + smoothing)
                documents = {id: sizes[id] for id in dict.fromkeys(part["doc_id"])}
                row["low"], row["high"] = _interval(counted, documents, smoothing, level, resamples, seed)
            rows.append(row)
    return pd.DataFrame(rows, columns=[*columns, "target", "favour", "against", "negated", "stance", "low", "high"])


def _interval(
    counted: pd.DataFrame, documents: Mapping[str, int], smoothing: float, level: float, resamples: int, seed: int
) -> tuple[float, float]:
    """Bootstrap the stance over sentences (over documents and sentences, for several documents)."""
    from framing.scores import resampling

    first = dict(zip(documents, np.cumsum([0, *documents.values()])[:-1].tolist(), strict=True))
    values = np.zeros((sum(documents.values()), 2))
    places = counted["doc_id"].map(first).to_numpy(np.int64) + counted["sentence"].to_numpy(np.int64)
    np.add.at(values, (places, np.where(counted["polarity"].to_numpy() > 0, 0, 1)), 1.0)
    document = np.repeat(np.arange(len(documents)), list(documents.values()))
    replicates = next(resampling.resampled(values, document, np.zeros(len(values), np.int64), resamples, seed))

    favour, against = replicates.totals[:, 0], replicates.totals[:, 1]
    sample = (favour - against) / (favour + against + smoothing)
    low, high = resampling.percentiles(sample, level, np.full(len(sample), replicates.n))
    return float(low[0]), float(high[0])
