"""Matching: which topic of one model is which of another, and how much of it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Weight of depth in rank-biased overlap: with 0.9 the first ten ranks carry 86 % of the weight.
PERSISTENCE = 0.9


def jaccard(a: Sequence[object], b: Sequence[object]) -> float:
    """Return |A ∩ B| / |A ∪ B| of two sets of terms; two empty ones have 0 in common.

    >>> jaccard(["نفط", "سعر"], ["نفط", "خام"])
    0.3333333333333333
    """
    union = len({*a, *b})
    return len({*a} & {*b}) / union if union else 0.0


def rbo(a: Sequence[object], b: Sequence[object], *, p: float = PERSISTENCE) -> float:
    """Return the rank-biased overlap of two rankings without ties, extrapolated (RBO_EXT).

    With X_d the number of terms that the first d of both share, and k the depth of the shorter ranking:
    RBO = (X_k / k) · p^k + (1 − p)/p · Σ_{d≤k} (X_d / d) · p^d. 1 for equal rankings, 0 for disjoint ones.

    Reference: Webber, W., Moffat, A. & Zobel, J. (2010). A similarity measure for indefinite rankings. ACM
    Transactions on Information Systems, 28(4), equation 23 (rankings of one length).

    >>> rbo("abc", "abc"), rbo("abc", "xyz"), round(rbo("ab", "ba", p=0.5), 3)
    (1.0, 0.0, 0.5)
    """
    depth = min(len(a), len(b))
    if not depth:
        return 0.0
    shared = [len({*a[:d]} & {*b[:d]}) / d for d in range(1, depth + 1)]
    weighted = sum(share * p**d for d, share in enumerate(shared, 1))
    return float(round(shared[-1] * p**depth + (1 - p) / p * weighted, 12))


def match(ours: Sequence[Sequence[object]], theirs: Sequence[Sequence[object]]) -> NDArray[np.int64]:
    """Return, for each of our topics, the topic of theirs that it is matched with; −1 where theirs are too few.

    One to one, so that the sum of Jaccard similarities of the top terms is largest (Hungarian method,
    Kuhn 1955; scipy); equal sums are decided by rank-biased overlap.

    >>> match([["a", "b"], ["c", "d"]], [["c", "x"], ["b", "a"]]).tolist()
    [1, 0]
    """
    from scipy.optimize import linear_sum_assignment

    gain = np.asarray([[jaccard(a, b) + 1e-6 * rbo(a, b) for b in theirs] for a in ours]).reshape(
        len(ours), len(theirs)
    )
    rows, columns = linear_sum_assignment(gain, maximize=True)
    matched = np.full(len(ours), -1, np.int64)
    matched[rows] = columns
    return matched


def agreement(ours: Sequence[Sequence[object]], theirs: Sequence[Sequence[object]]) -> NDArray[np.float64]:
    """Return Jaccard and RBO of each of our topics with its match: (topics, 2); 0 without a match."""
    found = np.zeros((len(ours), 2))
    for row, column in enumerate(match(ours, theirs).tolist()):
        if column >= 0:
            found[row] = jaccard(ours[row], theirs[column]), rbo(ours[row], theirs[column])
    return found
