"""Resampling: totals under 2,000 re-drawn samples, by weights rather than by copying text.

A bootstrap sample of n sentences is a vector of how often each was drawn, which is multinomial. Totals
of the sample are therefore one matrix product, whatever the texts look like.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROOM = 12_000_000  # numbers held at a time, about 100 MB
#: Above this many documents, drawing sentences within them adds less than a hundredth to any interval.
SENTENCES_MATTER = 50


@functools.lru_cache(maxsize=64)
def _draws(n: int, resamples: int, seed: int) -> Floats:
    """Return how often each of `n` units is drawn in each resample: (n, resamples)."""
    rng = np.random.default_rng([seed, n])
    times = rng.multinomial(n, np.full(n, 1 / n), size=resamples)
    return np.ascontiguousarray(times.T, np.float64)


@dataclasses.dataclass(frozen=True, slots=True)
class Replicates:
    """Totals of some groups in every resample.

    `group` (k,) numbers the groups; `n` is how many units were drawn: documents, or sentences where a
    group is a single document. `totals` is (k, columns, resamples).
    """

    group: Ints
    n: int
    totals: Floats


def resampled(values: Floats, document: Ints, group: Ints, resamples: int, seed: int) -> Iterator[Replicates]:
    """Yield the totals of groups of documents in every resample.

    Parameters
    ----------
    values : array (units, columns)
        What is summed; one row per sentence (or whatever is drawn).
    document, group : array (units,)
        Sorted by group, then document.
    resamples, seed : int

    Notes
    -----
    In a group that is one document, its n sentences are drawn with replacement. In a group of D
    documents, D documents are drawn with replacement, and in each drawn document its sentences. The
    second draw enters with weight 1/√D: the documents drawn already vary as their sentences make
    them vary, and a full second draw would count that twice (intervals up to √2 too wide). With this
    weight the variance is right when documents differ by chance alone, and D = 1 is the sentence
    bootstrap.

    References: Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application,
    section 3.8. Rao, J. N. K., & Wu, C. F. J. (1988). Resampling inference with complex survey data.
    Journal of the American Statistical Association, 83, 231–241.
    """
    if not len(values):
        return
    new_group = np.diff(group, prepend=group[0] - 1) != 0
    new_document = new_group | (np.diff(document, prepend=document[0] - 1) != 0)
    begin = np.flatnonzero(new_group)
    end = np.append(begin[1:], len(group))
    alone = np.add.reduceat(new_document.astype(np.int64), begin) == 1
    columns = values.shape[1]
    for size in np.unique((end - begin)[alone]).tolist():
        times = _draws(size, resamples, seed)
        for part in _parts(np.flatnonzero(alone & (end - begin == size)), columns * resamples):
            stacked = values[begin[part][:, None] + np.arange(size)].transpose(0, 2, 1)
            totals = (stacked.reshape(-1, size) @ times).reshape(len(part), columns, resamples)
            yield Replicates(group[begin[part]], size, totals)
    for row in np.flatnonzero(~alone).tolist():
        span = slice(begin[row], end[row])
        first = np.flatnonzero(new_document[span])
        yield Replicates(group[begin[row : row + 1]], len(first), two_level(values[span], first, resamples, seed)[None])


def _parts(rows: Ints, cost: int) -> Iterator[Ints]:
    step = max(1, _ROOM // max(cost, 1))
    for at in range(0, len(rows), step):
        yield rows[at : at + step]


def two_level(values: Floats, first: Ints, resamples: int, seed: int) -> Floats:
    """Resample documents, and sentences inside each drawn one; return totals (columns, resamples).

    `first` are the rows of `values` at which each document begins. See `resampled`.
    """
    n = len(first)
    rng = np.random.default_rng([seed, n, 1])
    sums = np.add.reduceat(values, first, axis=0)
    totals = np.zeros((values.shape[1], resamples))
    ends = np.append(first[1:], len(values))
    for part in _parts(np.arange(resamples), n):
        times = rng.multinomial(n, np.full(n, 1 / n), size=len(part))
        totals[:, part] = sums.T @ times.T
        if n > SENTENCES_MATTER:
            continue
        for row in range(n):
            rows = values[first[row] : ends[row]]
            apart = rows.T @ _draws(len(rows), resamples, seed) - sums[row][:, None]
            running = np.concatenate([np.zeros((len(apart), 1)), np.cumsum(apart, axis=1)], axis=1)
            copies = times[:, row]  # so many draws in a row, from a random place
            begin = rng.integers(np.maximum(resamples - copies, 0) + 1)
            end = np.minimum(begin + copies, resamples)
            totals[:, part] += (running[:, end] - running[:, begin]) / np.sqrt(n)
    return totals


def percentiles(sample: Floats, level: float, n: Ints) -> tuple[Floats, Floats]:
    """Return the percentile interval over the last axis of `sample`; undefined values (NaN) are left out.

    The percentiles are widened for samples of few units: α/2 becomes Φ(√(n/(n−1)) · t_{α/2, n−1}). For
    large `n` it is the plain percentile method.

    Reference: Hesterberg, T. C. (2015). What teachers should know about the bootstrap. The American
    Statistician, 69, 371–386.
    """
    from scipy import special

    ordered = np.sort(sample, axis=-1)  # undefined values come last
    known = (~np.isnan(ordered)).sum(axis=-1)
    low = special.ndtr(_z(level, n))
    return _quantile(ordered, known, low), _quantile(ordered, known, 1 - low)


def _z(level: float, n: Any) -> Any:
    """Return the lower normal quantile for an interval of `level`, widened for a sample of `n` units."""
    from scipy import special

    alpha, m = (1 - level) / 2, np.maximum(np.asarray(n, float), 3.0)
    widened = np.sqrt(m / (m - 1)) * special.stdtrit(m - 1, alpha)
    return np.where(np.asarray(n) > 2, widened, special.ndtri(alpha))


def _quantile(ordered: Floats, known: Ints, share: Floats) -> Floats:
    """Return the quantile of the first `known` values, interpolated as numpy does."""
    place = share * np.maximum(known - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    left = np.take_along_axis(ordered, below[..., None], -1)[..., 0]
    right = np.take_along_axis(ordered, above[..., None], -1)[..., 0]
    return np.where(known > 0, left + (right - left) * (place - below), np.nan)
