"""Shrinkage: rates of short texts pulled toward what is usual, as far as chance alone could explain them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from framing.scores.resampling import Floats


class Prior(NamedTuple):
    """A gamma distribution of rates per word: `shape` hits seen in `words` words before the text is read."""

    shape: float
    words: float

    def shrink(self, rate: Floats, words: Floats) -> Floats:
        """Return the posterior mean per 1,000 words: 1000 · (hits + shape) / (words + prior words)."""
        shrunk: Floats = 1000 * (rate * words / 1000 + self.shape) / (words + self.words)
        return shrunk


def gamma_poisson(rate: Floats, words: Floats) -> Prior:
    """Estimate the prior from the rates (per 1,000 words) of documents with so many words.

    Hits are Poisson given a document's own rate, and rates are gamma distributed over documents, so that
    hits are negative binomial. Shape and mean are estimated by maximum likelihood (empirical Bayes). Where
    documents differ no more than chance, the prior becomes very strong and all rates shrink to the mean.

    Reference: Robbins, H. (1983). Some thoughts on empirical Bayes estimation. The Annals of Statistics, 11,
    713–723.

    Examples
    --------
    >>> prior = gamma_poisson(np.array([0.0, 10, 20, 90]), np.array([100.0, 100, 100, 100]))
    >>> prior.shrink(np.array([90.0, 90.0]), np.array([50.0, 5000.0])).round().tolist()
    [69.0, 90.0]
    """
    from scipy import optimize, special

    hits = rate * words / 1000
    if len(hits) < 2 or not hits.sum():
        return Prior(0.0, 0.0)
    mean = hits.sum() / words.sum()

    def loss(parameters: Floats) -> tuple[float, Floats]:
        """Return minus the log-likelihood of log shape and log mean, and its gradient."""
        shape, level = np.exp(parameters)
        ahead = shape / level
        log_odds = np.log(ahead / (ahead + words))
        likelihood = (
            special.gammaln(hits + shape) - special.gammaln(shape) + shape * log_odds - hits * np.log(ahead + words)
        )
        by_shape = (special.digamma(hits + shape) - special.digamma(shape) + log_odds).sum()
        by_ahead = (shape / ahead - (shape + hits) / (ahead + words)).sum()
        return -likelihood.sum(), -np.array([shape * by_shape + ahead * by_ahead, -ahead * by_ahead])

    middle = np.log(mean)
    limits = [(-5, 9), (middle - 3, middle + 3)]
    found = optimize.minimize(loss, [0.0, middle], jac=True, method="L-BFGS-B", bounds=limits)
    shape, level = np.exp(found.x)
    return Prior(float(shape), float(shape / level))
