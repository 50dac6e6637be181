"""Position, difference, effect and p value of one comparison, on plain arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from framing.scores.resampling import Floats

    Pair = tuple[float, float]

_ROOM = 4_000_000  # numbers held at a time
NOTHING = (float("nan"), float("nan"))


class Moments(NamedTuple):
    """Mean and variance (n − 1 in the denominator) of a sample, or of its resamples, and its size."""

    mean: Floats
    variance: Floats
    n: int

    def widened(self, point: float, level: float) -> Moments:
        """Return resampled moments with means spread √(n/(n−1)) · t/z times as far, since `n` values are few."""
        return self._replace(mean=point + (self.mean - point) * small_sample(self.n, level))


def moments(values: Floats, weights: Floats | None = None) -> Moments:
    """Return the moments of `values` (n,), or of resamples in which each is drawn `weights` (resamples, n) times."""
    n = len(values)
    middle = values.mean()  # differences from it keep the sums accurate
    times = np.ones((1, n)) if weights is None else weights
    first, second = times @ (values - middle) / n, times @ (values - middle) ** 2 / n
    variance = (second - first**2) * (n / (n - 1)) if n > 1 else np.full(len(first), np.nan)
    return Moments(first + middle, np.maximum(variance, 0.0), n)


def effect(focal: Moments, reference: Moments) -> Floats:
    """Return the standardised difference.

    For a single focal document it is the difference in standard deviations of the reference (Crawford,
    Garthwaite & Porter 2010); for a group Hedges' g, with the pooled standard deviation and the correction for
    small samples. Missing where nothing varies.

    References: Crawford, J. R., Garthwaite, P. H., & Porter, S. (2010). Point and interval estimates of effect
    sizes for the case-controls design. Cognitive Neuropsychology, 27, 245–260. Hedges, L. V. (1981). Distribution
    theory for Glass's estimator of effect size. Journal of Educational Statistics, 6, 107–128.
    """
    k, n = focal.n, reference.n
    variance, correction = reference.variance, 1.0
    if k > 1:
        df = k + n - 2
        variance = ((k - 1) * focal.variance + (n - 1) * reference.variance) / df
        correction = 1 - 3 / (4 * df - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        standardised = correction * (focal.mean - reference.mean) / np.sqrt(variance)
    known: Floats = np.where(variance > 1e-24, standardised, np.nan)
    return known


def percentile(focal: Floats, reference: Floats) -> float:
    """Return how many of 100 reference documents score below the focal one, ties by half.

    For several focal documents it is the mean: 100 times the probability that one of them, drawn at random,
    scores above one of the reference.
    """
    ordered = np.sort(reference)
    below = np.searchsorted(ordered, focal, "left") + np.searchsorted(ordered, focal, "right")
    return float(50 * below.mean() / len(reference))


def split_normal(value: float, low: float, high: float, *, level: float, draws: Floats) -> Floats:
    """Turn standard normal `draws` into draws of a score whose interval is `low` to `high`, never below 0.

    Each half of the distribution has the spread of its side of the interval. Without an interval the score is
    taken as exact.
    """
    from scipy import special

    if np.isnan(low) or np.isnan(high):
        return np.full(len(draws), value)
    side = np.where(draws < 0, value - low, high - value)
    scores: Floats = np.maximum(value + draws * side / special.ndtri((1 + level) / 2), 0.0)
    return scores


def drawn(n: int, resamples: int, rng: np.random.Generator) -> Iterator[tuple[slice, Floats]]:
    """Yield bootstrap weights (some resamples, n) and which resamples they are."""
    step = max(1, _ROOM // n)
    for at in range(0, resamples, step):
        size = min(step, resamples - at)
        yield slice(at, at + size), rng.multinomial(n, np.full(n, 1 / n), size=size).astype(float)


def resampled_moments(values: Floats, resamples: int, rng: np.random.Generator) -> Moments:
    mean, variance = np.empty(resamples), np.empty(resamples)
    for part, weights in drawn(len(values), resamples, rng):
        mean[part], variance[part], _ = moments(values, weights)
    return Moments(mean, variance, len(values))


def resampled_reference(
    values: Floats, ranked: Floats, placed: Floats, resamples: int, rng: np.random.Generator
) -> tuple[Moments, Floats]:
    """Return the moments of the reference, and the percentile of the focal score in it, in each resample.

    `values` and `ranked` (n,) are the reference's scores as they are and as they are ranked. `placed`
    (resamples,) is the rank score of a single focal document in each resample; (k, 1) are those of a group, which
    is resampled too.
    """
    n, order = len(values), np.argsort(ranked)
    ordered, values = ranked[order], values[order]
    mean, variance, places = (np.empty(resamples) for _ in range(3))
    flat = placed.ravel()
    left, right = np.searchsorted(ordered, flat, "left"), np.searchsorted(ordered, flat, "right")
    for part, weights in drawn(n, resamples, rng):
        mean[part], variance[part], _ = moments(values, weights)
        running = np.concatenate([np.zeros((len(weights), 1)), np.cumsum(weights, axis=1)], axis=1)
        if placed.ndim == 1:
            row = np.arange(len(weights))
            places[part] = 50 * (running[row, left[part]] + running[row, right[part]]) / n
        else:
            k = len(flat)
            mine = rng.multinomial(k, np.full(k, 1 / k), size=len(weights))
            places[part] = 50 * ((running[:, left] + running[:, right]) * mine).sum(axis=1) / (n * k)
    return Moments(mean, variance, n), places


def small_sample(n: int, level: float) -> float:
    """Return √(n/(n−1)) · t/z: how much wider the bootstrap of a mean of `n` values should be."""
    from scipy import special

    alpha = (1 - level) / 2
    return float(np.sqrt(n / (n - 1)) * special.stdtrit(n - 1, alpha) / special.ndtri(alpha)) if n > 1 else 1.0


def interval(sample: Floats, point: float, level: float) -> Pair:
    """Return the percentile interval of `sample`, made to include `point`; missing where too little is defined."""
    known = sample[np.isfinite(sample)]
    if len(known) < max(2, len(sample) / 2) or np.isnan(point):
        return NOTHING
    low, high = np.quantile(known, ((1 - level) / 2, (1 + level) / 2))
    return float(min(low, point)), float(max(high, point))


def widen_percentile(found: dict[str, float], n: int, level: float) -> None:
    """Move the bounds of a percentile out to those of Jeffreys, where resampling `n` documents knows too little."""
    from framing.scores.proportions import jeffreys

    low, high = jeffreys(np.asarray(found["percentile"] * n / 100), np.asarray(float(n)), level)
    found["percentile_low"] = float(np.fmin(found["percentile_low"], 100 * low))
    found["percentile_high"] = float(np.fmax(found["percentile_high"], 100 * high))


def permutation_p(focal: Floats, reference: Floats, resamples: int, seed: int) -> float:
    """Return the two-sided permutation p value of the difference of means.

    Which documents are the focal ones is exchanged between both sides. For a single focal document all n + 1
    exchanges are gone through: p = 2 · min(#{x ≥ focal}, #{x ≤ focal}) / (n + 1), counting the focal document.
    Otherwise ``scipy.stats.permutation_test`` does it.
    """
    pooled = np.concatenate([focal, reference])
    if np.ptp(pooled) == 0:
        return 1.0
    if len(focal) == 1:
        tolerance = 1e-9 * np.ptp(pooled)
        above, below = (pooled >= focal[0] - tolerance).sum(), (pooled <= focal[0] + tolerance).sum()
        return float(min(1.0, 2 * min(above, below) / len(pooled)))
    from scipy import stats

    def statistic(x: Floats, y: Floats, axis: int) -> Floats:
        return np.asarray(x.mean(axis=axis) - y.mean(axis=axis))

    batch = max(1, _ROOM // len(pooled))
    test = stats.permutation_test(
        (focal, reference),
        statistic,
        n_resamples=resamples,
        batch=batch,
        vectorized=True,
        rng=np.random.default_rng(seed),
    )
    return float(test.pvalue)
