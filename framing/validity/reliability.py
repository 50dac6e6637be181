"""Reliability: Krippendorff's alpha and simpler measures, with bootstrap intervals over units.

Units that were coded alike are alike to every measure. They are counted once, as a pattern with a
weight; a bootstrap sample of the units is then a multinomial draw over the patterns, and 2,000 resamples
cost a few matrix products whatever the number of units.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.errors import FramingError, choices

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

METRICS = ("nominal", "ordinal", "interval", "ratio")
MISSING = -1


@dataclasses.dataclass(frozen=True)
class Patterns:
    """The different ways in which units were coded.

    `codes` (patterns, coders) holds the row of `values` that each coder gave, `MISSING` where none;
    `weight` (patterns,) is the number of units coded so. `values` are the distinct codes in order.
    """

    codes: Ints
    weight: NDArray[Any]
    values: NDArray[np.object_]

    @classmethod
    def of(cls, ratings: pd.DataFrame) -> Patterns:
        """Make patterns of a table of codes with a row per unit and a column per coder; missing is missing."""
        import pandas as pd

        flat = ratings.to_numpy(object).ravel()
        known = ~pd.isna(flat)
        distinct = pd.unique(flat[known])
        try:
            values = np.asarray(sorted(distinct), object)
        except TypeError:
            message = f"codes of different kinds in one table ({choices(distinct[:4])}); use numbers or words, not both"
            raise FramingError(message) from None
        rows = np.full(len(flat), MISSING, np.int64)
        rows[known] = pd.Index(values).get_indexer(flat[known])
        codes = rows.reshape(ratings.shape)
        if not len(codes):
            return cls(codes, np.zeros(0, np.int64), values)
        unique, weight = np.unique(codes, axis=0, return_counts=True)
        return cls(unique, weight.astype(np.int64), values)

    def pairable(self) -> Patterns:
        """Return the patterns with at least two codes: the others say nothing about agreement."""
        kept = (self.codes != MISSING).sum(axis=1) >= 2
        return Patterns(self.codes[kept], self.weight[kept], self.values)

    def pair(self, first: int, second: int) -> Patterns:
        """Return the patterns of two coders alone."""
        return Patterns(self.codes[:, [first, second]], self.weight, self.values)

    def counts(self) -> Floats:
        """Return how often each value was given in each pattern: (patterns, values)."""
        values = np.arange(len(self.values))
        return np.asarray((self.codes[:, :, None] == values).sum(axis=1), float)


def krippendorff_alpha(ratings: pd.DataFrame, metric: str = "nominal") -> float:
    """Return Krippendorff's alpha of a table of codes.

    Parameters
    ----------
    ratings : DataFrame
        One row per unit, one column per coder; missing codes are missing values.
    metric : {"nominal", "ordinal", "interval", "ratio"}

    Returns
    -------
    float
        α = 1 − D_o / D_e, the observed over the expected disagreement among pairable values, each pair within
        a unit of m codes weighted by 1/(m − 1). NaN when nothing varies or no unit has two codes.

    References
    ----------
    Krippendorff, K. (2019). Content analysis: An introduction to its methodology (4th ed.), chapter 12. Sage.
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.

    Examples
    --------
    >>> import pandas as pd
    >>> a, b = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    >>> round(krippendorff_alpha(pd.DataFrame({"a": a, "b": b})), 4)
    0.0952
    """
    patterns = Patterns.of(ratings).pairable()
    return float(alpha(patterns, patterns.weight[None, :].astype(float), metric)[0])


def alpha(patterns: Patterns, weights: Floats, metric: str) -> Floats:
    """Return alpha under each row of `weights` (resamples, patterns); see `krippendorff_alpha`."""
    if metric not in METRICS:
        message = f"metric {metric!r} is not known; choose one of {choices(METRICS)}"
        raise FramingError(message)
    counts = patterns.counts()
    if not len(counts):
        return np.full(len(weights), np.nan)
    codes = counts.sum(axis=1)
    if metric in ("interval", "ratio"):
        numbers = _numbers(patterns.values, metric)
        if metric == "interval":
            return _interval_alpha(counts, codes, numbers, weights)
        distance = _ratio_distance(numbers)
    totals = weights @ counts  # how often each value occurs: (resamples, values)
    n = totals.sum(axis=1)
    within = (counts[:, :, None] * counts[:, None, :] - np.eye(counts.shape[1]) * counts[:, :, None]) / (codes - 1)[
        :, None, None
    ]
    if metric == "ordinal":
        squared = _ordinal_distance(totals)
        coincidences = (weights @ within.reshape(len(within), -1)).reshape(squared.shape)
        observed = (coincidences * squared).sum(axis=(1, 2))
        expected = (totals[:, :, None] * totals[:, None, :] * squared).sum(axis=(1, 2)) / (n - 1)
    else:
        if metric == "nominal":
            distance = 1 - np.eye(counts.shape[1])
        observed = weights @ (within * distance).sum(axis=(1, 2))
        expected = ((totals @ distance) * totals).sum(axis=1) / (n - 1)
    return _one_minus(observed, expected)


def _one_minus(observed: Floats, expected: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _numbers(values: NDArray[np.object_], metric: str) -> Floats:
    try:
        return values.astype(float)
    except (TypeError, ValueError):
        message = (
            f"metric {metric!r} needs numbers, these codes are {choices(values[:4])}; 'nominal' and "
            "'ordinal' take words"
        )
        raise FramingError(message) from None


def _ratio_distance(numbers: Floats) -> Floats:
    total = np.abs(numbers[:, None] + numbers[None, :])
    gap = np.abs(numbers[:, None] - numbers[None, :])
    squared: Floats = np.divide(gap, total, out=np.zeros_like(gap), where=total > 0) ** 2
    return squared


def _ordinal_distance(totals: Floats) -> Floats:
    """Return δ² of ranks: the values between two, counted as often as they occur, their ends by half."""
    upto = np.cumsum(totals, axis=1)
    middle = upto - totals / 2
    squared: Floats = (middle[:, :, None] - middle[:, None, :]) ** 2
    return squared


def _interval_alpha(counts: Floats, codes: Floats, numbers: Floats, weights: Floats) -> Floats:
    """Return alpha for squared differences, from sums: no matrix of all pairs of values is needed."""
    numbers = numbers - numbers.mean()
    first, second = counts @ numbers, counts @ numbers**2
    observed = weights @ ((codes * second - first**2) / (codes - 1))
    n, sums, squares = weights @ codes, weights @ first, weights @ second
    return _one_minus(observed, (n * squares - sums**2) / (n - 1))


def percent(patterns: Patterns, weights: Floats, _metric: str = "nominal") -> Floats:
    """Return the share of pairs of codes of one unit that are equal."""
    counts = patterns.counts()
    codes = counts.sum(axis=1)
    equal, pairs = weights @ (counts * (counts - 1)).sum(axis=1), weights @ (codes * (codes - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, equal / pairs, np.nan)


def pabak(patterns: Patterns, weights: Floats, _metric: str = "nominal") -> Floats:
    """Return prevalence- and bias-adjusted kappa: (k · percent − 1) / (k − 1) with k values.

    Reference: Byrt, T., Bishop, J., & Carlin, J. B. (1993). Bias, prevalence and kappa. Journal of Clinical
    Epidemiology, 46(5), 423–429.
    """
    k = max(len(patterns.values), 2)
    return (k * percent(patterns, weights) - 1) / (k - 1)


def kappa(patterns: Patterns, weights: Floats, _metric: str = "nominal") -> Floats:
    """Return Cohen's kappa; of more than two coders, the mean over pairs (Light's kappa).

    References: Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and
    Psychological Measurement, 20, 37–46. Light, R. J. (1971). Measures of response agreement for
    qualitative data. Psychological Bulletin, 76, 365–377.
    """
    found = []
    n_values = len(patterns.values)
    for a, b in itertools.combinations(range(patterns.codes.shape[1]), 2):
        both = (patterns.codes[:, a] != MISSING) & (patterns.codes[:, b] != MISSING)
        first, second = (np.eye(n_values)[patterns.codes[both, c]] for c in (a, b))
        here = weights[:, both]
        n = here.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            equal = (here @ (first * second).sum(axis=1)) / n
            chance = ((here @ first) * (here @ second)).sum(axis=1) / n**2
            found.append(np.where(chance < 1, (equal - chance) / (1 - chance), np.nan))
    if not found:
        return np.full(len(weights), np.nan)
    mean: Floats = np.mean(found, axis=0)
    return mean


MEASURES: Mapping[str, Callable[[Patterns, Floats, str], Floats]] = {
    "alpha": alpha,
    "kappa": kappa,
    "percent": percent,
    "pabak": pabak,
}


def with_interval(
    patterns: Patterns, measure: str, metric: str, *, level: float, resamples: int, seed: int
) -> tuple[float, float, float]:
    """Return a measure with the interval of a bootstrap over units (bias-corrected and accelerated).

    Resamples in which the measure is undefined are left out. Without a single disagreement every resample
    is perfect, which would claim certainty; the lower bound is then the measure that results when as many
    units as the exact binomial bound still allows, 1 − ((1 − level)/2)^(1/n), are in dispute.

    Reference: Zapf, A., Castell, S., Morawietz, L., & Karch, A. (2016). Measuring inter-rater reliability
    for nominal data – which coefficients and confidence intervals are appropriate? BMC Medical Research
    Methodology, 16, 93.
    """
    n = int(patterns.weight.sum())
    if not n:
        return np.nan, np.nan, np.nan
    function = MEASURES[measure]
    value = float(function(patterns, patterns.weight[None, :].astype(float), metric)[0])
    if np.isnan(value):
        return np.nan, np.nan, np.nan
    rng = np.random.default_rng([seed, n])
    drawn = []
    step = max(1, 4_000_000 // max(len(patterns.weight) + len(patterns.values) ** 2, 1))
    for at in range(0, resamples, step):
        times = rng.multinomial(n, patterns.weight / n, size=min(step, resamples - at)).astype(float)
        drawn.append(function(patterns, times, metric))
    left_out = function(patterns, patterns.weight - np.eye(len(patterns.weight)), metric)  # one unit less, per pattern
    low, high = accelerated(np.concatenate(drawn), value, left_out, patterns.weight, level)
    if percent(patterns, patterns.weight[None, :].astype(float))[0] == 1:
        disputed = _with_disputes(patterns, 1 - ((1 - level) / 2) ** (1 / n))
        return value, float(function(disputed, disputed.weight[None, :].astype(float), metric)[0]), value
    return value, low, high


def accelerated(
    sample: Floats, value: float, left_out: Floats, weight: NDArray[Any], level: float
) -> tuple[float, float]:
    """Return the bias-corrected and accelerated interval of a bootstrap over units.

    `left_out` is the figure without one unit of each pattern, of which there are `weight`. Undefined
    resamples are left out; normal quantiles are those of t with n − 1 degrees of freedom, widened by
    √(n/(n − 1)), for small samples.

    References: Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
    Association, 82, 171–185. Hesterberg, T. C. (2015). What teachers should know about the bootstrap. The
    American Statistician, 69, 371–386.
    """
    from scipy import special, stats

    known = np.sort(sample[~np.isnan(sample)])
    n = int(weight.sum())
    if not len(known) or n < 2:
        return np.nan, np.nan
    below = (known < value).sum() + 0.5 * (known == value).sum()
    bias = special.ndtri(np.clip(below / len(known), 0.5 / len(known), 1 - 0.5 / len(known)))
    defined = ~np.isnan(left_out)
    apart = (
        np.where(defined, np.average(left_out[defined], weights=weight[defined]) - left_out, 0.0)
        if defined.any()
        else np.zeros(1)
    )
    times = weight if defined.any() else np.ones(1)
    spread = float((times * apart**2).sum())
    skew = float((times * apart**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    z = float(np.sqrt(n / (n - 1)) * stats.t.ppf((1 - level) / 2, n - 1))
    moved = np.array([bias + z, bias - z])
    shares = special.ndtr(bias + moved / np.maximum(1 - skew * moved, 0.05))
    low, high = np.quantile(known, shares)
    return float(min(low, value)), float(max(high, value))


def _with_disputes(patterns: Patterns, share: float) -> Patterns:
    """Return the patterns with this share of the units in dispute: one coder of the commonest pattern disagrees."""
    commonest = int(np.argmax(patterns.weight))
    code = patterns.codes[commonest].max()
    others = np.where(np.arange(len(patterns.values)) == code, -1, patterns.weight @ patterns.counts())
    disputed = patterns.codes[commonest].copy()
    disputed[np.flatnonzero(disputed != MISSING)[0]] = int(np.argmax(others))
    weight = np.append(patterns.weight * (1 - share), patterns.weight.sum() * share)
    return Patterns(np.vstack([patterns.codes, disputed]), weight, patterns.values)
