"""Resampling: totals under 2,000 re-drawn samples, by weights rather than by copying text.

A bootstrap sample of n sentences is a vector of how often each was drawn, which is multinomial. Totals
of the sample are therefore one matrix product, whatever the texts look like.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@functools.lru_cache(maxsize=512)
def _draws(n: int, resamples: int, seed: int) -> Floats:
    """Return how often each of `n` sentences is drawn in each resample: (resamples, n)."""
    rng = np.random.default_rng([seed, n])
    return rng.multinomial(n, np.full(n, 1 / n), size=resamples).astype(np.float64)


def within(rows: Floats, resamples: int, seed: int) -> Floats:
    """Resample the rows of one document; return the totals of its columns: (resamples, columns)."""
    if not len(rows):
        return np.zeros((resamples, rows.shape[1]))
    return _draws(len(rows), resamples, seed) @ rows


def two_level(documents: Sequence[Floats], resamples: int, seed: int) -> Floats:
    """Resample documents, and sentences inside each drawn document; return totals (resamples, columns).

    A document drawn k times contributes k independent resamples of its sentences.
    """
    rng = np.random.default_rng([seed, len(documents), 1])
    times = rng.multinomial(len(documents), np.full(len(documents), 1 / len(documents)), size=resamples)
    totals = np.zeros((resamples, documents[0].shape[1]))
    for column, rows in enumerate(documents):
        inner = within(rows, resamples, seed)
        count = times[:, column]
        for copy in range(int(count.max())):
            drawn = count > copy
            totals[drawn] += inner[rng.permutation(resamples)[drawn]]
    return totals


def interval(values: Floats, level: float, n: int) -> tuple[Floats, Floats]:
    """Return the percentile interval of each column of `values` (resamples, columns).

    The percentiles are those of Hesterberg (2015), who widens them for small samples: α/2 becomes
    Φ(√(n/(n−1)) · t_{α/2, n−1}), with n the number of units drawn. For large n it is the plain percentile
    method. Resamples in which a figure is undefined are left out.

    Reference: Hesterberg, T. C. (2015). What teachers should know about the bootstrap. The American
    Statistician, 69(4), 371–386.
    """
    low, high = tails(level, n)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # columns without any defined value
        bounds = np.nanquantile(values, (low, high), axis=0)
    return bounds[0], bounds[1]


@functools.lru_cache(maxsize=4096)
def tails(level: float, n: int) -> tuple[float, float]:
    """Return the lower and upper percentile (as shares) for an interval of `level` from `n` units."""
    from scipy import stats

    alpha = (1 - level) / 2
    if n > 2:
        alpha = float(stats.norm.cdf(np.sqrt(n / (n - 1)) * stats.t.ppf(alpha, n - 1)))
    return alpha, 1 - alpha


def jeffreys(successes: Floats, trials: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the Jeffreys interval of a proportion: quantiles of Beta(x + ½, n − x + ½).

    The lower bound is 0 when nothing, the upper 1 when everything was a success (Brown, Cai & DasGupta
    2001). Undefined (NaN) without trials.
    """
    from scipy import stats

    alpha = (1 - level) / 2
    x, n = np.asarray(successes, float), np.asarray(trials, float)
    low = np.where(x > 0, stats.beta.ppf(alpha, x + 0.5, n - x + 0.5), 0.0)
    high = np.where(x < n, stats.beta.ppf(1 - alpha, x + 0.5, n - x + 0.5), 1.0)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def nothing_found(words: float, level: float) -> float:
    """Return the upper bound of a rate per 1,000 words when there was no hit at all.

    The Jeffreys bound of a Poisson rate: the (1+level)/2 quantile of Gamma(½, 1) over the words.
    """
    from scipy import stats

    return float(1000 * stats.gamma.ppf((1 + level) / 2, 0.5) / words)
