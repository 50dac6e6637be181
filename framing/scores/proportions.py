"""Intervals of proportions and of counts of nothing, where resampling knows too little."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from framing.scores.resampling import Floats, Ints


def jeffreys(successes: Floats, trials: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the Jeffreys interval of a proportion: quantiles of Beta(x + ½, n − x + ½).

    The lower bound is 0 when nothing, the upper 1 when everything was a success (Brown, Cai & DasGupta
    2001). Undefined (NaN) without trials.
    """
    from scipy import stats

    alpha = (1 - level) / 2
    x, n = np.asarray(successes, float), np.asarray(trials, float)
    with np.errstate(invalid="ignore"):
        low = np.where(x > 0, stats.beta.ppf(alpha, x + 0.5, n - x + 0.5), 0.0)
        high = np.where(x < n, stats.beta.ppf(1 - alpha, x + 0.5, n - x + 0.5), 1.0)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def jeffreys_count(counts: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the Jeffreys interval of a Poisson mean: quantiles of Gamma(x + ½, 1), from 0 where x is 0."""
    from scipy import stats

    alpha, x = (1 - level) / 2, np.asarray(counts, float)
    return np.where(x > 0, stats.gamma.ppf(alpha, x + 0.5), 0.0), stats.gamma.ppf(1 - alpha, x + 0.5)


def clustered_jeffreys(inside: Any, document: Ints, group: Ints, n_groups: int, level: float) -> tuple[Floats, Floats]:
    """Return the Jeffreys interval of shares of sentences, allowing for sentences of one document being alike.

    Parameters
    ----------
    inside : bool array (units, columns)
        Which unit has the property whose share is wanted; sorted by group, then document.
    document, group : array (units,)
    n_groups : int
    level : float

    Returns
    -------
    low, high : array (groups, columns)
    """
    n = np.bincount(group, minlength=n_groups).astype(float)
    effective = np.zeros((n_groups, inside.shape[1]))
    share = np.full(effective.shape, np.nan)
    if len(group):
        first = np.flatnonzero((np.diff(group, prepend=-1) != 0) | (np.diff(document, prepend=-1) != 0))
        counts = np.add.reduceat(inside.astype(float), first, axis=0)
        size = np.diff(np.append(first, len(group))).astype(float)
        share = np.zeros(effective.shape)
        np.add.at(share, group[first], counts)
        with np.errstate(invalid="ignore", divide="ignore"):
            share /= n[:, None]
        effective = _effective(counts, size, group[first], share, level)
    return jeffreys(share * effective, effective, level)


def _effective(counts: Floats, size: Floats, group: Ints, share: Floats, level: float) -> Floats:
    """Return how many independent sentences the sentences of each group are worth: (groups, columns).

    n* = p(1−p) / v, where v is the variance of p = Σx/Σm between documents (linearised ratio), scaled by
    (z/t)² for D − 1 degrees of freedom, and never more than the sentences there are.
    """
    from scipy import special

    n_groups = len(share)
    d = np.bincount(group, minlength=n_groups).astype(float)[:, None]
    total = np.bincount(group, size, minlength=n_groups)[:, None]
    residual = np.zeros_like(share)
    np.add.at(residual, group, (counts - share[group] * size[:, None]) ** 2)
    alpha = (1 - level) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = d / (d - 1) * residual / total**2
        narrower = (special.ndtri(alpha) / special.stdtrit(np.maximum(d - 1, 1), alpha)) ** 2
        worth = share * (1 - share) / variance * narrower
    worth = np.where((d > 1) & (residual > 0), worth, total)
    effective: Floats = np.minimum(worth, total)
    return effective
