"""What speaks for a topic model: coherence, exclusivity, and how well it predicts words it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framing.topics.bags import Bags
    from framing.topics.engines import Fit

COHERENCES = ("c_npmi", "c_v", "u_mass")

#: Every engine's prediction is mixed with this much of the plain word frequencies, so that a word which NMF
#: holds impossible (probability 0) has a price, and the same one for all.
FLOOR = 0.01

Terms = Sequence[Sequence[int]]


def coherence(counted: Bags, topics: Terms, measure: str) -> NDArray[np.float64]:
    """Return the coherence of each topic, from the corpus itself, as gensim's CoherenceModel computes it.

    c_npmi: mean normalised pointwise mutual information of pairs of top terms in sliding windows of 10 terms;
    c_v: cosine similarity of such vectors in windows of 110; u_mass: mean log conditional probability in
    units (Röder, Both & Hinneburg 2015; Mimno et al. 2011). Higher is better. Windows run over the terms of a
    unit, without stop words. NaN where a topic has fewer than two terms.
    """
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    found = np.full(len(topics), np.nan)
    usable = [row for row, terms in enumerate(topics) if len(terms) > 1]
    if not usable:
        return found
    names = Dictionary.from_corpus([], id2word={c: str(c) for c in range(len(counted.terms))})
    names.token2id = {str(c): c for c in range(len(counted.terms))}
    texts: dict[str, Any]
    if measure == "u_mass":
        rows = (_row(counted.matrix, row) for row in counted.full.tolist())
        texts = {"corpus": list(rows)}
    else:
        texts = {"texts": [[str(c) for c in sequence] for sequence in counted.sequences() if sequence]}
    wanted = [[str(c) for c in topics[row]] for row in usable]
    model = CoherenceModel(
        topics=wanted, dictionary=names, coherence=measure, processes=1, topn=len(wanted[0]), **texts
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        found[usable] = model.get_coherence_per_topic()
    return found


def _row(matrix: Any, row: int) -> list[tuple[int, int]]:
    part = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return list(zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True))


def exclusivity(beta: NDArray[np.float64], topics: Terms) -> NDArray[np.float64]:
    """Return how far the top terms of each topic are its own: the mean of β_kw / Σ_j β_jw over them.

    1 means that they occur in no other topic, 1/K that the topic has nothing of its own.

    >>> exclusivity(np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]), [[0, 1], [2]]).tolist()
    [0.75, 1.0]
    """
    total = beta.sum(axis=0)
    own = np.where(total > 0, beta / np.where(total > 0, total, 1), 0)
    return np.asarray([own[row, list(terms)].mean() if len(terms) else np.nan for row, terms in enumerate(topics)])


def halves(counts: Any, random_state: int) -> tuple[Any, Any]:
    """Split the occurrences in each row at random into two equal parts (the odd one goes to the first)."""
    from scipy import sparse

    counts = counts.tocsr()
    rng = np.random.default_rng(random_state)
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    times = counts.data.astype(np.int64)
    of, column = np.repeat(row, times), np.repeat(counts.indices, times)
    order = np.lexsort((rng.random(len(of)), of))
    of, column = of[order], column[order]
    place = np.arange(len(of)) - np.searchsorted(of, of)
    first = place < (np.bincount(of, minlength=counts.shape[0])[of] + 1) // 2
    ones = np.ones(len(of))
    parts = [sparse.csr_matrix((ones[m], (of[m], column[m])), counts.shape) for m in (first, ~first)]
    return parts[0], parts[1]


def perplexity(fit: Fit, trained_on: Any, held_out: Any, random_state: int) -> float:
    """Return the held-out perplexity by document completion; lower is better.

    The topic shares of an unseen unit are estimated from a random half of its terms, and the other half is
    predicted: exp(−Σ log p(w) / n) with p(w) = .99 · Σ_k γ_k β_kw + .01 · (frequency of w in the training
    units, add-one) (Wallach, Murray, Salakhutdinov & Mimno 2009, section 5, document completion).
    """
    known, asked = halves(held_out, random_state)
    enough = np.asarray(asked.sum(axis=1)).ravel() > 0
    known, asked = known[enough], asked[enough].tocsr()
    if not asked.nnz:
        return float("nan")
    shares = fit.mixture(known)
    frequency = np.asarray(trained_on.sum(axis=0)).ravel() + 1.0
    frequency /= frequency.sum()
    row = np.repeat(np.arange(asked.shape[0]), np.diff(asked.indptr))
    predicted = np.einsum("ij,ij->i", shares[row], fit.beta.T[asked.indices])
    likelihood = np.log((1 - FLOOR) * predicted + FLOOR * frequency[asked.indices])
    return float(np.exp(-(asked.data * likelihood).sum() / asked.data.sum()))
