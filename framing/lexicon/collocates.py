"""Words that stand near a frame's hits more often than elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framing.lexicon.wordstream import Wordstream

    Ints = NDArray[np.int64]

#: Chi-squared with one degree of freedom beyond which p < .001.
CRITICAL = 10.83


def attracted(
    stream: Wordstream, first: Ints, last: Ints, candidates: Ints, *, window: int, n: int
) -> dict[int, float]:
    """Return the `n` candidates that hits attract most, with their G².

    Counted are units within `window` words of a hit in its sentence, the hits themselves left out.
    """
    near, inside = _around(stream, first, last, window)
    size = len(stream.keys)
    a = np.bincount(stream.unit[near], minlength=size).astype(float)
    b = np.bincount(stream.unit[~near & ~inside], minlength=size).astype(float)
    g2 = log_likelihood(a, b)
    score = g2[candidates]
    order = np.argsort(-score, kind="stable")
    return {int(candidates[row]): float(score[row]) for row in order[:n].tolist() if score[row] > CRITICAL}


def log_likelihood(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return G² (Dunning 1993) of each word for counts `a` in one place and `b` elsewhere; 0 where it is rarer in `a`.

    G² = 2 Σ O ln(O / E) over the four cells: the word and all others, here and there.

    >>> log_likelihood(np.array([10.0, 90.0]), np.array([10.0, 890.0])).round(2).tolist()
    [21.18, 0.0]
    """
    from scipy.special import xlogy

    here, there = a.sum(), b.sum()
    total = here + there
    if not here or not there:
        return np.zeros(len(a))
    share = (a + b) / total
    cells = ((a, here * share), (b, there * share), (here - a, here * (1 - share)), (there - b, there * (1 - share)))
    g2 = 2 * sum(xlogy(o, np.divide(o, e, out=np.ones_like(o), where=e > 0)) for o, e in cells)
    return np.asarray(np.where(a * there > b * here, g2, 0.0))


def _around(stream: Wordstream, first: Ints, last: Ints, window: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each unit whether it is near a hit (and not in one), and whether it is in one."""
    n_tokens = len(stream.tokens)
    sentence = stream.tokens.spans.sentence
    begin, end = stream.tokens.sentence_bounds()
    low = np.maximum(first - window, begin[sentence[first]])
    high = np.minimum(last + 1 + window, end[sentence[first]])
    near, inside = _cover(low, high, n_tokens), _cover(first, last + 1, n_tokens)
    unit_inside = inside[stream.first] | inside[stream.last]
    return near[stream.first] & ~unit_inside, unit_inside


def _cover(low: Ints, high: Ints, size: int) -> NDArray[np.bool_]:
    """Return which of `size` places lie in any ``[low, high)``."""
    change = np.zeros(size + 1, np.int64)
    np.add.at(change, low, 1)
    np.add.at(change, high, -1)
    return np.asarray(np.cumsum(change)[:-1] > 0)
