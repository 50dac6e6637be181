"""Growing a lexicon: candidates for a person to accept or reject."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import provenance
from framing.codebook import Codebook, load_codebook
from framing.coding import code
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.kwic.places import as_corpus
from framing.lexicon import collocates, embedding
from framing.lexicon.known import Known
from framing.lexicon.wordstream import Wordstream

if TYPE_CHECKING:
    import pandas as pd

    from framing.corpus import Corpus, Document

METHODS = ("embedding", "collocation")
#: Below this many words neighbours in an embedding are mostly accidents.
FEW_WORDS = 50_000
#: The constant of reciprocal rank fusion, as its authors recommend it.
_FUSION = 60


def expand(
    codebook: Codebook | str | Path,
    corpus: Corpus | Document | Iterable[Document],
    *,
    frames: str | Iterable[str] | None = None,
    methods: str | Iterable[str] = METHODS,
    n: int = 20,
    min_count: int = 5,
    window: int = 5,
    examples: int = 3,
    epochs: int | None = None,
    random_state: int = 0,
) -> pd.DataFrame:
    """Suggest words that may belong to a codebook's frames, with example lines. Nothing is added to the codebook.

    Two sources are used. *Embedding*: fastText vectors (Bojanowski et al. 2017; skip-gram with subwords) are trained
    on the lemmas of the corpus; a candidate's similarity is the mean cosine with the three words of the frame's
    hits that are nearest to it. *Collocation*: words that stand near hits of the frame (`window` words, same sentence)
    more often than elsewhere, by Dunning's (1993) log-likelihood G². Neighbouring words that occur together far
    more often than chance (normalised pointwise mutual information of at least .5, Bouma 2009) are one candidate.

    Parameters
    ----------
    codebook : Codebook, or what `fr.load_codebook` loads
    corpus : Corpus, Document or iterable of Document
        The texts for which the lexicon shall be good.
    frames : str or iterable of str, optional
        Default: all.
    methods : {"embedding", "collocation"} or both
    n : int
        Candidates per frame and method.
    min_count : int
        Occurrences that a candidate needs.
    window : int
        Words on either side: of a hit (collocation), and of a word in training (embedding).
    examples : int
        Example lines per candidate, from different documents where possible.
    epochs : int, optional
        Passes of the training over the corpus. By default as many as make about five million words, between 5 and 60.
    random_state : int
        Seed of the training, which runs on one thread so that it can be repeated.

    Returns
    -------
    DataFrame
        One row per frame and candidate, the best first (reciprocal rank fusion of the two lists, Cormack, Clarke &
        Büttcher 2009): `frame`; `candidate` (as the texts write it most often);
        `similarity` (cosine, −1 to 1; missing where the embedding did not suggest it); `nearest` (words of the frame
        that it is similar to); `g2` (missing where collocation did not suggest it); `count`, `documents` (where
        it occurs); `also_in` (other frames that have it); `example_1` …; `accept` (empty: for a person to fill in).
        Words that the frame already matches, its `names`, actors and stop words are no candidates.

    Warns
    -----
    FramingWarning
        When the corpus is too small for an embedding, or a frame has no hits in it.

    References
    ----------
    Bojanowski, P., Grave, E., Joulin, A., & Mikolov, T. (2017). Enriching word vectors with subword information.
    TACL 5. Bouma, G. (2009). Normalized (pointwise) mutual information in collocation extraction. Dunning, T. (1993).
    Accurate methods for the statistics of surprise and coincidence. Computational Linguistics 19(1).

    Examples
    --------
    >>> from framing import Codebook, Document
    >>> texts = ["تعاون، ثم شراكة.", "شراكة، ثم تعاون.", "نزل المطر.", "هطل المطر."] * 6
    >>> documents = [Document(id=str(i), text=text) for i, text in enumerate(texts)]
    >>> book = Codebook.from_dict({"alliance": ["تعاون"]})
    >>> found = expand(book, documents, methods="collocation", examples=1)
    >>> found[["candidate", "count", "example_1"]].values.tolist()
    [['شراكة', 12, '0: تعاون ، ثم [شراكة] .']]
    """
    if not isinstance(codebook, Codebook):
        codebook = load_codebook(codebook)
    corpus = as_corpus(corpus)
    chosen = _chosen(frames, codebook.frames, "frame")
    used = _chosen(methods, METHODS, "method")
    for name, value in (("n", n), ("min_count", min_count), ("window", window), ("epochs", epochs)):
        if value is not None and value < 1:
            message = f"{name} must be at least 1, not {value!r}"
            raise FramingError(message)
    stream = Wordstream.read(corpus, min_count=min_count)
    if not len(stream.frequent):
        message = f"no word occurs {min_count} times in {corpus.name!r}; lower min_count or take a larger corpus"
        raise FramingError(message)
    codings = code(corpus, codebook, negation=False, voice=False)
    known = Known(codebook, stream)
    vectors = None
    epochs = epochs or embedding.enough_epochs(stream.n_words)
    if "embedding" in used:
        if stream.n_words < FEW_WORDS:
            message = (
                f"{stream.n_words:,} words are few for an embedding (below {FEW_WORDS:,} similarities are mostly "
                "accidents); judge its candidates with care, or use methods='collocation'"
            )
            warnings.warn(message, FramingWarning, stacklevel=2)
        vectors = embedding.train(stream, window=window, epochs=epochs, random_state=random_state)
    rows: list[dict[str, Any]] = []
    for frame in chosen:
        first, last = stream.tokens_of(codings.table[codings.table["frame"] == frame])
        if not len(first):
            message = f"frame {frame!r} has no hits in {corpus.name!r}, so nothing can be suggested for it"
            warnings.warn(message, FramingWarning, stacklevel=2)
            continue
        open_ = stream.frequent[~known.closed(frame)[stream.frequent]]
        near = embedding.similar(vectors, stream, first, last, open_, n=n) if vectors is not None else {}
        g2 = collocates.attracted(stream, first, last, open_, window=window, n=n) if "collocation" in used else {}
        rows += _rows(frame, near, g2, stream=stream, known=known, examples=examples)
    return _table(
        rows,
        examples,
        corpus,
        codebook,
        {"n": n, "min_count": min_count, "window": window, "epochs": epochs, "seed": random_state},
    )


def _chosen(given: str | Iterable[str] | None, known: Iterable[str], what: str) -> list[str]:
    known = list(known)
    names = known if given is None else [given] if isinstance(given, str) else list(given)
    for name in names:
        if name not in known:
            message = f"there is no {what} {name!r}{closest(str(name), known)}; choose from {choices(known)}"
            raise FramingError(message)
    return names


def _rows(
    frame: str,
    near: dict[int, tuple[float, str]],
    g2: dict[int, float],
    *,
    stream: Wordstream,
    known: Known,
    examples: int,
) -> list[dict[str, Any]]:
    """Return the candidates of a frame, ordered by the sum of their reciprocal ranks in the two lists."""
    merit: dict[int, float] = {}
    for ranked in (near, g2):
        for rank, item in enumerate(ranked, 1):
            merit[item] = merit.get(item, 0.0) + 1 / (_FUSION + rank)
    rows = []
    for item in sorted(merit, key=lambda item: (-merit[item], stream.readable[item])):
        similarity, nearest = near.get(item, (np.nan, ""))
        lines = stream.examples(item, examples)
        rows.append(
            {
                "frame": frame,
                "candidate": stream.readable[item],
                "similarity": similarity,
                "nearest": nearest,
                "g2": g2.get(item, np.nan),
                "count": int(stream.count[item]),
                "documents": stream.n_documents(item),
                "also_in": ", ".join(other for other in known.frames_of(item) if other != frame),
                **{f"example_{number}": line for number, line in enumerate(lines, 1)},
                "accept": "",
            }
        )
    return rows


def _table(
    rows: list[dict[str, Any]], examples: int, corpus: Corpus, codebook: Codebook, parameters: dict[str, Any]
) -> pd.DataFrame:
    import pandas as pd

    columns = ["frame", "candidate", "similarity", "nearest", "g2", "count", "documents", "also_in"]
    columns += [*(f"example_{number}" for number in range(1, examples + 1)), "accept"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.fillna({name: "" for name in columns if name.startswith("example_")})
    table.attrs["provenance"] = provenance.record(
        corpus=corpus.name,
        corpus_sha256=corpus.fingerprint,
        codebook=codebook.name,
        codebook_sha256=codebook.fingerprint,
        **parameters,
    )
    return table
