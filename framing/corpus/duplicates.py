"""Near-duplicates and wire copy: documents that are largely the same text.

A report that ten outlets took over from one agency is one text, not ten. Counted ten times it narrows
intervals that should be wide and drags every mean towards itself.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing import progress
from framing.corpus.corpus import Corpus
from framing.corpus.given import given_corpus
from framing.errors import FramingError
from framing.language import chars

if TYPE_CHECKING:
    import pandas as pd


_PERMUTATIONS = 128
_COLUMNS = ("cluster", "doc_id", "outlet", "date", "size", "nearest", "similarity", "kept")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]


def near_duplicates(corpus: Corpus, *, threshold: float = 0.5, words: int = 3, random_state: int = 1) -> pd.DataFrame:
    """Find documents that share much of their text.

    Two documents are near-duplicates when the Jaccard similarity of their word sequences,
    ``|A ∩ B| / |A ∪ B|`` over all runs of `words` words, is at least `threshold`. Words are compared by
    their orthographic key, so that diacritics, tatweel or أ/ا do not hide a copy. Candidate pairs come from
    MinHash with locality-sensitive hashing (Broder 1997; library datasketch); each is then computed
    exactly, so no pair in the table is an artefact of hashing. A pair at the very threshold is missed
    with a probability of a few in a thousand, a closer one practically never.

    Parameters
    ----------
    corpus : Corpus
    threshold : float
        Between 0 and 1. Independent reports of one event share a few per cent; a lightly edited wire
        report more than half.
    words : int
        Length of the sequences.
    random_state : int
        Seed of the hash permutations.

    Returns
    -------
    DataFrame
        One row per document that has a near-duplicate: `cluster` (numbered from 1, largest first), `doc_id`,
        `outlet`, `date`, `size` (documents in the cluster), `nearest` (id of the closest other document),
        `similarity` (to that one), `kept` (True for the earliest, the one that `deduplicate` keeps).
        ``.attrs`` has `documents`, `distinct` (clusters, singles included) and `effective`, the effective
        number of documents n² / Σ mᵢ² over clusters of mᵢ documents (Kish 1965, for copies that tell nothing
        new): what the corpus is worth in a mean over all its documents.

    Notes
    -----
    Clusters are chains: A like B and B like C puts all three into one. A short item that is wholly
    contained in a long article is not found, for it shares too little of the whole.

    References: Broder, A. Z. (1997). On the resemblance and containment of documents. SEQUENCES '97, 21–29.
    Kish, L. (1965). Survey sampling. Wiley.

    Examples
    --------
    >>> from framing.corpus import Corpus, Document
    >>> wire = "استقبل الرئيس ضيفه في العاصمة يوم الجمعة"
    >>> texts = {"b": wire + ".", "a": wire + " وشكره", "c": "ارتفعت أسعار النفط في الأسواق اليوم"}
    >>> table = near_duplicates(Corpus([Document(id=i, text=t) for i, t in texts.items()]))
    >>> table[["cluster", "doc_id", "kept"]].values.tolist(), table.attrs["distinct"], table.attrs["effective"]
    ([[1, 'b', True], [1, 'a', False]], 2, 1.8)
    """
    import pandas as pd

    if not 0 < threshold <= 1:
        message = (
            f"threshold must lie above 0 and not above 1, not {threshold!r}; 0.5 finds edited copies, 0.9 reprints"
        )
        raise FramingError(message)
    if words < 1:
        message = f"words must be at least 1, not {words!r}; 3 is usual"
        raise FramingError(message)
    corpus = given_corpus(corpus)
    sequences = _sequences([document.text for document in corpus], words)
    pairs = {
        pair: value
        for pair in _candidates(sequences, threshold, random_state)
        if (value := _jaccard(sequences, pair)) >= threshold
    }
    clusters = _clusters(len(corpus), pairs)
    nearest: dict[int, tuple[float, int]] = {}
    for (a, b), value in pairs.items():
        for row, other in ((a, b), (b, a)):
            nearest[row] = max(nearest.get(row, (-1.0, 0)), (value, -other))  # of equally close ones the first
    rows = []
    for number, members in enumerate((cluster for cluster in clusters if len(cluster) > 1), 1):
        first = _earliest(corpus, members)
        for row in sorted(members, key=lambda row: (row != first, _age(corpus, row))):
            similarity, other = nearest[row]
            one = corpus[row]
            facts = (number, one.id, one.outlet, one.date, len(members), corpus[-other].id, similarity, row == first)
            rows.append(facts)
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    sizes = [len(cluster) for cluster in clusters]
    table.attrs.update(documents=len(corpus), distinct=len(clusters), effective=effective_number(sizes))
    table.attrs["provenance"] = {
        "corpus_sha256": corpus.fingerprint,
        "threshold": threshold,
        "words": words,
        "random_state": random_state,
    }
    return table


def deduplicate(corpus: Corpus, *, threshold: float = 0.5, words: int = 3, random_state: int = 1) -> Corpus:
    """Return the corpus with only the earliest document of each cluster of near-duplicates.

    The earliest is the one of the earliest `date`; documents without a date come last, and of equal ones the
    first in the corpus is kept. The parameters are those of `near_duplicates`.

    Examples
    --------
    >>> from framing.corpus import Corpus, Document
    >>> text = "استقبل الرئيس ضيفه في العاصمة يوم الجمعة"
    >>> late, early = (Document(id=i, text=text, date=d) for i, d in (("late", "2018-11-03"), ("early", "2018-11-02")))
    >>> deduplicate(Corpus([late, early])).ids
    ('early',)
    """
    corpus = given_corpus(corpus)
    found = near_duplicates(corpus, threshold=threshold, words=words, random_state=random_state)
    return corpus.without(*found.loc[~found["kept"].astype(bool), "doc_id"])


def effective_number(sizes: Iterable[int]) -> float:
    """Return n² / Σ mᵢ² for clusters of `sizes` mᵢ documents: the number of independent documents they are worth.

    >>> effective_number([1, 1, 1]), effective_number([3]), effective_number([])
    (3.0, 1.0, 0.0)
    """
    counts = np.asarray(list(sizes), float)
    return float(counts.sum() ** 2 / (counts**2).sum()) if len(counts) else 0.0


def _sequences(texts: list[str], words: int) -> list[Hashes]:
    """Return, for each text, the sorted distinct hashes of its runs of `words` words."""
    from framing.language import tokenise, vocabulary

    tokens = tokenise(texts)
    known = vocabulary()
    by_type = np.zeros(len(known), np.uint64)
    used = np.zeros(len(known), bool)
    used[tokens.type] = True
    for number in np.flatnonzero(used).tolist():
        by_type[number] = zlib.crc32(chars.key(known.words[number]).encode("utf-8", "replace"))
    is_word = tokens.is_word
    hashes = by_type[tokens.type]
    bounds = tokens.spans.first_token
    return [_runs(hashes[a:b][is_word[a:b]], words) for a, b in itertools.pairwise(bounds.tolist())]


def _runs(hashes: Hashes, words: int) -> Hashes:
    """Hash every run of `words` words; a text shorter than that is one run."""
    length = min(words, len(hashes))
    if not length:
        return hashes
    mixed = np.zeros(len(hashes) - length + 1, np.uint64)
    with np.errstate(over="ignore"):
        for shift in range(length):
            mixed = (mixed ^ hashes[shift : len(hashes) - length + 1 + shift]) * _MULTIPLIER
            mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)


def _candidates(sequences: list[Hashes], threshold: float, seed: int) -> set[tuple[int, int]]:
    """Return pairs of texts that may be near-duplicates."""
    from datasketch import MinHash, MinHashLSH

    lowered = max(0.05, 0.8 * threshold)  # aim below the threshold: what is too far is sorted out exactly
    index = MinHashLSH(threshold=lowered, num_perm=_PERMUTATIONS, weights=(0.1, 0.9))
    empty = MinHash(num_perm=_PERMUTATIONS, seed=seed, hashfunc=_as_it_is)
    pairs = set()
    identical: dict[bytes, int] = {}
    for row, hashes in enumerate(progress.bar(sequences, what="comparing", unit="texts")):
        if not len(hashes):
            continue
        first = identical.setdefault(hashes.tobytes(), row)
        if first != row:  # a mere reprint needs no hashing, and a thousand of them no million pairs
            pairs.add((first, row))
            continue
        sketch = empty.copy()
        sketch.update_batch((hashes >> np.uint64(32)).tolist())
        pairs.update((other, row) for other in index.query(sketch))
        index.insert(row, sketch, check_duplication=False)
    return pairs


def _as_it_is(value: int) -> int:
    return value


def _jaccard(sequences: list[Hashes], pair: tuple[int, int]) -> float:
    a, b = sequences[pair[0]], sequences[pair[1]]
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared)


def _clusters(n: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the connected groups of rows, largest first, then in the order of the corpus."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not n:
        return []
    edges = np.asarray(list(pairs), np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(n, n))
    _, labels = connected_components(graph, directed=False)
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(row)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))


def _age(corpus: Corpus, row: int) -> tuple[bool, str, int]:
    date: Any = corpus[row].date
    return (date is None, str(date or ""), row)


def _earliest(corpus: Corpus, rows: list[int]) -> int:
    return min(rows, key=lambda row: _age(corpus, row))
