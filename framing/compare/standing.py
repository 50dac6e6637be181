"""The position of an article under many scorings at once: one column of scores per scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framing.scores.resampling import Floats


class Standing(NamedTuple):
    """What `standing` returns; every array has one value per column of scores."""

    value: Floats
    reference_mean: Floats
    difference: Floats
    low: Floats
    high: Floats
    effect: Floats
    percentile: Floats
    p: Floats


def standing(scores: Floats, focal: NDArray[np.bool_], level: float) -> Standing:
    """Compare the focal documents with all others in every column of `scores`.

    Parameters
    ----------
    scores : array (documents, columns)
        Without missing values.
    focal : bool array (documents,)
    level : float

    Notes
    -----
    The interval of the difference is that of the t distribution with the pooled spread of documents; for a single
    focal document it is that of Crawford & Howell (1998). p is the exact permutation p of a single document (its
    rank), and that of the t test for a group.

    Reference: Crawford, J. R., & Howell, D. C. (1998). Comparing an individual's test score against norms derived
    from small samples. The Clinical Neuropsychologist, 12, 482–486.
    """
    from scipy import special

    mine, others = scores[focal], scores[~focal]
    k, n = len(mine), len(others)
    value, mean = mine.mean(axis=0), others.mean(axis=0)
    difference, df = value - mean, k + n - 2
    squares = ((mine - value) ** 2).sum(axis=0) + ((others - mean) ** 2).sum(axis=0)
    tolerance = 1e-9 * np.maximum(1.0, np.abs(scores).max(axis=0, initial=0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(squares / df) if df > 0 else np.full(len(value), np.nan)
        half = special.stdtrit(max(df, 1), (1 + level) / 2) * spread * np.sqrt(1 / k + 1 / n)
        effect = np.where(spread > tolerance, difference / spread, np.nan)
    ordered = np.sort(others, axis=0)
    below = sum((ordered < row - tolerance).sum(axis=0) + (ordered <= row + tolerance).sum(axis=0) for row in mine)
    percentile = 50 * below / (k * n)
    if k == 1:
        above, under = ((mine[0] * sign <= scores * sign + tolerance).sum(axis=0) for sign in (1, -1))
        p = np.minimum(1.0, 2 * np.minimum(above, under) / (n + 1))
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            t = difference / (spread * np.sqrt(1 / k + 1 / n))
        p = np.where(spread > tolerance, 2 * special.stdtr(df, -np.abs(t)), 1.0)
    return Standing(
        value, mean, difference, difference - half, difference + half, effect, np.asarray(percentile, float), p
    )
