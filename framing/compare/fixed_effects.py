"""Comparison within strata: what is left of a difference when every event has its own level."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from framing.compare.inference import interval, percentile, widen_percentile

if TYPE_CHECKING:
    from framing.scores.resampling import Floats, Ints


class Within(NamedTuple):
    """A difference with fixed effects, its t interval, and the effect in residual standard deviations."""

    difference: float
    difference_low: float
    difference_high: float
    effect: float
    effect_low: float
    effect_high: float


def within(scores: Floats, focal: Floats, stratum: Ints, level: float) -> Within:
    """Estimate score = level of the stratum + difference · focal by ordinary least squares.

    Parameters
    ----------
    scores, focal : array (documents,)
        `focal` is 1 for the focal documents and 0 for the others.
    stratum : int array (documents,)
    level : float

    Notes
    -----
    Both sides are taken as deviations from their stratum's mean, which gives the same difference as a dummy
    variable per stratum (Frisch–Waugh–Lovell); degrees of freedom count the strata. For a single focal document
    the difference is its score minus the mean of the others of its stratum, and the spread is estimated from all
    strata. Missing where the focal documents share no stratum with others.
    """
    from scipy import special
    from statsmodels.regression.linear_model import OLS

    deviation, indicator = (values - means(values, stratum)[stratum] for values in (scores, focal))
    n_strata = len(np.unique(stratum))
    df = len(scores) - n_strata - 1
    if not (indicator**2).sum() > 1e-12:
        return Within(*[float("nan")] * 6)
    fitted = OLS(deviation, indicator[:, None]).fit()
    difference = float(fitted.params[0])
    sigma = float(np.sqrt(fitted.ssr / df)) if df > 0 else float("nan")
    if not sigma > 1e-12:
        return Within(difference, *[float("nan")] * 5)
    half = float(special.stdtrit(df, (1 + level) / 2) * sigma / np.sqrt((indicator**2).sum()))
    low, high = difference - half, difference + half
    return Within(difference, low, high, difference / sigma, low / sigma, high / sigma)


def means(values: Floats, stratum: Ints) -> Floats:
    """Return the mean per stratum."""
    size = np.bincount(stratum)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = np.bincount(stratum, values) / size
    return mean


def standardised(scores: Floats, stratum: Ints) -> Floats:
    """Return deviations from the stratum's mean, scaled to equal variance whatever its size; missing if alone."""
    size = np.bincount(stratum)[stratum]
    with np.errstate(invalid="ignore", divide="ignore"):
        residual: Floats = (scores - means(scores, stratum)[stratum]) * np.sqrt(size / (size - 1))
    return np.where(size > 1, residual, np.nan)


def place_within(ranked: Floats, focal: Floats, stratum: Ints, draws: Floats | None, level: float) -> dict[str, float]:
    """Return the percentile of the focal residuals among those of all other documents, with its interval.

    `draws` (resamples,) are the score of a single focal document as it might have been.
    """
    residual, mine = standardised(ranked, stratum), focal > 0
    others = np.sort(residual[~mine & ~np.isnan(residual)])
    known = residual[mine & ~np.isnan(residual)]
    found = dict.fromkeys(("percentile", "percentile_low", "percentile_high"), float("nan"))
    if not len(others) or not len(known):
        return found
    found["percentile"] = percentile(known, others)
    if draws is not None and mine.sum() == 1:
        same = stratum == stratum[mine][0]
        size = int(same.sum())
        moved = (draws - ranked[same & ~mine].mean()) * np.sqrt((size - 1) / size)
        places = 50 * (np.searchsorted(others, moved, "left") + np.searchsorted(others, moved, "right")) / len(others)
        found["percentile_low"], found["percentile_high"] = interval(places, found["percentile"], level)
        widen_percentile(found, len(others), level)
    return found


def permutation_within(ranked: Floats, focal: Floats, stratum: Ints, resamples: int, seed: int) -> float:
    """Return the two-sided p value when the focal documents are exchanged for others.

    A single document: its rank among the standardised residuals of all documents whose stratum has others. A
    group: its members are exchanged within their strata.
    """
    residual, mine = standardised(ranked, stratum), focal > 0
    known = residual[~np.isnan(residual)]
    if mine.sum() == 1:
        own = residual[mine][0]
        tolerance = 1e-9 * max(np.ptp(known), 1e-12)
        return float(min(1.0, 2 * min((known >= own - tolerance).sum(), (known <= own + tolerance).sum()) / len(known)))
    deviation = ranked - means(ranked, stratum)[stratum]
    rng = np.random.default_rng(seed)
    ordered = np.argsort(stratum, kind="stable")
    label, strata = focal[ordered], stratum[ordered]
    observed = abs(float(label @ deviation[ordered]))
    reached = 0
    step = max(1, 2_000_000 // len(ranked))
    for at in range(0, resamples, step):
        keys = strata + rng.random((min(step, resamples - at), len(strata)))
        shuffled = label[np.argsort(keys, axis=1)]
        reached += int((np.abs(shuffled @ deviation[ordered]) >= observed - 1e-9).sum())
    return (1 + reached) / (1 + resamples)
