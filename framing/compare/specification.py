"""The same comparison under every reasonable choice: how many of them agree?"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress, provenance
from framing.compare.copies import sketches_in, warn_of_copies_in
from framing.compare.reference import Focal, Reference, choose
from framing.compare.standing import Standing, standing
from framing.corpus import Document
from framing.errors import FramingError, choices, closest

if TYPE_CHECKING:
    import pandas as pd

    from framing.codebook import Codebook
    from framing.coding import Codings
    from framing.corpus import Corpus
    from framing.scores.resampling import Floats

WEIGHTINGS = ("none", "lead")
VOICES = ("all", "narrator")
#: The choices that make a specification, in the order in which they are shown.
CHOICES = ("margin", "negation", "weighting", "voice", "reference", "lexicon")


def specification_curve(
    corpus: Corpus,
    codebook: Codebook,
    *,
    focal: Focal,
    references: Mapping[str, Reference] | None = None,
    margins: Sequence[str] = ("default", "strict", "recall"),
    negation: Sequence[bool] = (True, False),
    weighting: Sequence[str] = WEIGHTINGS,
    voices: Sequence[str] = VOICES,
    halves: int = 10,
    level: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare an article with others under every combination of choices that an analyst could have made.

    Parameters
    ----------
    corpus : Corpus
        The focal and the reference documents together.
    codebook : Codebook
    focal : str, Document, list of str or mapping
        As in `fr.compare`.
    references : mapping from name to reference
        Each as in `fr.compare`: ``{"all": None, "same event": "event"}``. By default all other documents.
    margins : sequence of {"strict", "default", "recall"}
        Which readings of an ambiguous word count.
    negation : sequence of bool
        Whether negated hits are left out (True) or count like any other (False).
    weighting : sequence of {"none", "lead"}
        Whether every word counts the same, or words of the lead more (the position weights of prominence).
    voices : sequence of {"all", "narrator"}
        Whether quoted and reported speech counts.
    halves : int
        Beside the whole lexicon, random halves of each frame's entries.
    level : float
        Of the intervals.
    random_state : int

    Returns
    -------
    Table
        One row per frame and specification: `frame`, the choices `margin, negation, weighting, voice, reference,
        lexicon`, then `n` (reference documents), `value` and `reference_mean` (Σ weight per 1,000 words),
        `difference` with `low` and `high`, `effect`, `percentile`, `p`, `main` (the first option of every choice)
        and `agrees` (the difference has the sign it has in the main specification). ``attrs["agreement"]`` says
        per frame how many agree, and how many of them with an interval that excludes 0.

    Notes
    -----
    Rates are not shrunk here, and an entry that is left out takes its hits with it. The first option of each
    choice should be the one that the study reports.

    References: Simonsohn, U., Simmons, J. P., & Nelson, L. D. (2020). Specification curve analysis. Nature Human
    Behaviour, 4, 1208–1214. Steegen, S., et al. (2016). Increasing transparency through a multiverse analysis.
    Perspectives on Psychological Science, 11, 702–712.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document
    >>> corpus = Corpus(Document(id=f"d{n}", text="تعاون " * n + "صداقة " + "خبر " * (20 - n)) for n in range(6))
    >>> book = Codebook.from_dict({"alliance": ["تعاون", "صداقة"]})
    >>> curve = specification_curve(corpus, book, focal="d5", margins=["default"], voices=["all"], halves=2)
    >>> len(curve), curve.attrs["agreement"][0]["agree"]
    (12, 12)
    """
    from framing.codebook import given_codebook
    from framing.coding import code
    from framing.coding.engine import has_weights
    from framing.corpus import given_corpus

    corpus, codebook = given_corpus(corpus), given_codebook(codebook)
    _check(margins=margins, weighting=weighting, voices=voices, negation=negation)
    named = _named(references)
    lexicons = _Lexicons(codebook, halves, random_state)
    parts: list[pd.DataFrame] = []
    for margin in progress.bar(margins, what="coding", unit="margins"):
        coded = _Coded(code(corpus, codebook, margin=margin, voice="narrator" in voices), lexicons)
        sides = {name: choose(coded.documents, focal, reference, None) for name, reference in named.items()}
        if margin == margins[0]:
            for chosen in sides.values():
                warn_of_copies_in(chosen, coded.sketches, stacklevel=2)
        for denied, weight, voice in itertools.product(negation, weighting, voices):
            rates, known = coded.rates(without_negated=denied, lead=weight == "lead", narrator=voice == "narrator")
            for name, chosen in sides.items():
                kept = (chosen.focal | chosen.reference) & known
                if (chosen.focal & kept).any() and (chosen.reference & kept).any():
                    found = standing(rates[kept], chosen.focal[kept], level)
                    labels = {
                        "margin": margin,
                        "negation": denied,
                        "weighting": weight,
                        "voice": voice,
                        "reference": name,
                    }
                    parts.append(lexicons.rows(found, labels, int((kept & ~chosen.focal).sum())))
    if not parts:
        message = "the focal document has no words in any of these voices, so no specification can be computed"
        raise FramingError(message)
    result = _finished(parts, lexicons.frames)
    facts = {
        "focal": focal.id if isinstance(focal, Document) else focal,
        "level": level,
        "halves": halves,
        "random_state": random_state,
    }
    result.attrs["provenance"] = provenance.record(
        corpus_sha256=corpus.fingerprint,
        n_documents=len(corpus),
        codebook_sha256=codebook.fingerprint,
        weighted=has_weights(codebook),
        **facts,
    )
    return result


def _named(references: Any) -> dict[str, Reference]:
    if references is not None and not isinstance(references, Mapping):
        example = '{"all": None, "same event": "event"}'
        message = f"references= needs a name for each reference, such as {example}, not {references!r}"
        raise FramingError(message)
    return dict(references) if references else {"all": None}


def _check(**options: Sequence[Any]) -> None:
    from framing.language import MARGINS

    known = {"margins": tuple(MARGINS), "weighting": WEIGHTINGS, "voices": VOICES, "negation": (True, False)}
    for name, chosen in options.items():
        if isinstance(chosen, str) or not len(chosen):
            message = f"{name}= needs a list of at least one of {choices(known[name])}, not {chosen!r}"
            raise FramingError(message)
        for option in chosen:
            if option not in known[name]:
                near = closest(str(option), map(str, known[name]))
                message = f"{name}: {option!r} is not known{near}; choose from {choices(known[name])}"
                raise FramingError(message)


class _Lexicons:
    """The whole lexicon and random halves of it: which entries of which frame count in each.

    `counts` is (entries, columns) of 0 and 1; a column is a frame under one lexicon.
    """

    def __init__(self, codebook: Codebook, halves: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.names = ["all", *(f"half {number + 1}" for number in range(halves))]
        self.entry: dict[tuple[str, str], int] = {}
        self.frames = list(codebook.frames)
        columns = []
        for frame in codebook.frames.values():
            terms = list(dict.fromkeys(entry.term for entry in frame.entries))
            mine = np.arange(len(terms)) + len(self.entry)
            self.entry |= {(frame.id, term): int(row) for term, row in zip(terms, mine, strict=True)}
            drawn = [rng.permutation(mine)[: (len(mine) + 1) // 2] for _ in range(halves)]
            columns += [mine, *drawn]
        self.counts = np.zeros((len(self.entry), len(columns)))
        for column, rows in enumerate(columns):
            self.counts[rows, column] = 1

    def rows(self, found: Standing, labels: dict[str, Any], n: int) -> pd.DataFrame:
        """Return one specification's rows: every frame under every lexicon."""
        import pandas as pd

        size = len(self.names)
        table = {"frame": np.repeat(np.asarray(self.frames, object), size), **labels}
        table |= {"lexicon": self.names * len(self.frames), "n": n, **found._asdict()}
        return pd.DataFrame(table)


class _Coded:
    """The hits and words of one coding, ready to be counted under any choice."""

    def __init__(self, codings: Codings, lexicons: _Lexicons) -> None:
        import pandas as pd

        from framing.compare.reference import metadata_of
        from framing.scores.sentences import positions

        self.documents, self.sketches = metadata_of(codings), sketches_in(codings.documents)
        self.lexicons = lexicons
        index = pd.Index(self.documents["doc_id"])
        self.of_unit, self.of_hit = (index.get_indexer(table["doc_id"]) for table in (codings.units, codings.table))
        self.unit_place, self.hit_place = (positions(codings, table) for table in (codings.units, codings.table))
        self.words = codings.units["words"].to_numpy(float)
        self.unit_narrated, self.narrated = (
            (table["voice"] == "narrator").to_numpy(bool) for table in (codings.units, codings.table)
        )
        hits = codings.table
        self.entry = np.asarray(
            [lexicons.entry[key] for key in zip(hits["frame"], hits["entry"], strict=True)], np.int64
        )
        self.weight, self.negated = hits["weight"].to_numpy(float), hits["negated"].to_numpy(bool)

    def rates(self, *, without_negated: bool, lead: bool, narrator: bool) -> tuple[Floats, Any]:
        """Return rates per 1,000 words (documents, columns), and which documents have words."""
        from scipy import sparse

        weight = self.weight * (self.hit_place if lead else 1.0)
        counted = ~(self.negated & without_negated) & (self.narrated | (not narrator))
        words = self.words * (self.unit_place if lead else 1.0) * (self.unit_narrated | (not narrator))
        n = len(self.documents)
        shape = (n, len(self.lexicons.entry))
        hits = sparse.csr_matrix((weight[counted], (self.of_hit[counted], self.entry[counted])), shape)
        total = np.bincount(self.of_unit, words, minlength=n)
        with np.errstate(invalid="ignore", divide="ignore"):
            rates = 1000 * (hits @ self.lexicons.counts) / total[:, None]
        return rates, total > 0


def _finished(parts: list[pd.DataFrame], frames: list[str]) -> pd.DataFrame:
    """Join the specifications, name the main one, and say how many agree with it."""
    import pandas as pd

    from framing.table import Shared, Table

    table = pd.concat(parts, ignore_index=True)
    table["main"] = (table[list(CHOICES)] == table.loc[0, list(CHOICES)]).all(axis=1)
    main = table[table["main"]].set_index("frame")["difference"]
    sign = np.sign(main.reindex(table["frame"]).to_numpy(float))
    table["agrees"] = np.sign(table["difference"].to_numpy(float)) == sign
    agreement = []
    for frame in frames:
        part = table[table["frame"] == frame]
        apart = (part["low"] > 0) | (part["high"] < 0)
        agreement.append(
            {
                "frame": frame,
                "specifications": len(part),
                "agree": int(part["agrees"].sum()),
                "agree_and_exclude_0": int((part["agrees"] & apart).sum()),
                "median_difference": float(part["difference"].median()),
            }
        )
    order = {frame: row for row, frame in enumerate(frames)}
    rank = table["frame"].map(order)
    result = Table(
        table.assign(_rank=rank)
        .sort_values(["_rank", "difference"], kind="stable", ignore_index=True)
        .drop(columns="_rank")
    )
    result = Table(result[["frame", *CHOICES, "n", *Standing._fields, "main", "agrees"]])
    result.attrs["agreement"] = [Shared(row) for row in agreement]
    return result
