"""Statistics of keyness, on counts of words in a target and a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress

if TYPE_CHECKING:
    from framing.scores.resampling import Floats


def log_likelihood(a: Floats, b: Floats, n_target: Floats, n_reference: Floats) -> Floats:
    """Return Dunning's (1993) G², signed: positive where the word is more frequent in the target.

    G² = 2 Σ O ln(O/E) over the four cells (word or not, target or reference), 0 ln 0 = 0.

    >>> log_likelihood(np.array([3.0]), np.array([7.0]), np.array([10.0]), np.array([9.0])).round(3).tolist()
    [-4.535]
    """
    total = n_target + n_reference
    with np.errstate(divide="ignore", invalid="ignore"):
        expected_a, expected_b = (a + b) * n_target / total, (a + b) * n_reference / total
        cells = (
            (a, expected_a),
            (b, expected_b),
            (n_target - a, n_target - expected_a),
            (n_reference - b, n_reference - expected_b),
        )
        half = sum(np.where(seen > 0, seen * np.log(seen / expected), 0.0) for seen, expected in cells)
    signed: Floats = np.maximum(2 * half, 0.0) * np.where(a >= expected_a, 1.0, -1.0)
    return signed


def williams(a: Floats, b: Floats, n_target: float, n_reference: float) -> Floats:
    """Return Williams' (1976) factor, by which G² is divided to meet the χ² distribution in small samples."""
    n, row = n_target + n_reference, a + b
    factor: Floats = 1 + (n / row + n / (n - row) - 1) * (n / n_target + n / n_reference - 1) / (6 * n)
    return factor


def weighted_log_odds(a: Floats, b: Floats, n_target: float, n_reference: float, prior: float) -> tuple[Floats, Floats]:
    """Return the log-odds ratio under an informative Dirichlet prior, and its z score.

    The prior spreads `prior` words over the vocabulary as target and reference together do:
    α = prior · (a + b) / (n_target + n_reference). δ = ln((a + α)/(n_target + prior − a − α)) −
    ln((b + α)/(n_reference + prior − b − α)), variance 1/(a + α) + 1/(b + α) (Monroe et al. 2008, equations
    15, 16 and 20 to 22).
    """
    alpha = prior * (a + b) / (n_target + n_reference)
    x, y = a + alpha, b + alpha
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log(x / (n_target + prior - x)) - np.log(y / (n_reference + prior - y))
        z: Floats = delta / np.sqrt(1 / x + 1 / y)
    return delta, z


def log_ratio(a: Floats, b: Floats, n_target: float, n_reference: float, level: float) -> tuple[Floats, Floats, Floats]:
    """Return log2 of the ratio of relative frequencies (Hardie 2014), with its interval.

    Half an occurrence is added on both sides. The interval is that of the logarithm of a risk ratio (Katz et al.
    1978); it takes words as independent of each other.
    """
    from scipy import special

    x, y, n, m = a + 0.5, b + 0.5, n_target + 0.5, n_reference + 0.5
    ratio = np.log2(x / n) - np.log2(y / m)
    half = special.ndtri((1 + level) / 2) * np.sqrt(1 / x - 1 / n + 1 / y - 1 / m) / np.log(2)
    return ratio, ratio - half, ratio + half


def dispersion(table: Any) -> Floats:
    """Return Gries' (2008) DP of each word over the parts of a corpus: 0 evenly spread, toward 1 in one part.

    DP = ½ Σ |v − s|, v being the share of the word's occurrences in a part and s the part's share of all words.
    `table` is sparse (parts, words). Missing for words that do not occur.

    Reference: Gries, S. Th. (2008). Dispersions and adjusted frequencies in corpora. International Journal of
    Corpus Linguistics, 13, 403–437.
    """
    table = table.tocoo()
    size = np.asarray(table.sum(axis=1), float).ravel()
    total = np.asarray(table.sum(axis=0), float).ravel()
    share = size / size.sum() if size.sum() else size
    rows, columns = table.coords
    v, s = table.data / total[columns], share[rows]
    # parts without the word add their own share each, which is 1 less the shares of the parts that have it
    apart = np.bincount(columns, np.abs(v - s) - s, minlength=len(total))
    with np.errstate(invalid="ignore"):
        dp: Floats = np.where(total > 0, (1 + apart) / 2, np.nan)
    return dp


def permutation_p(table: Any, target: Any, resamples: int, rng: np.random.Generator, kept: Any) -> Floats:
    """Return, per word, how often as great a G² arises when documents are exchanged between both sides.

    `table` is sparse (documents, words), `target` a bool array (documents,), `kept` one (words,) of those that are
    wanted. A single target document is
    exchanged with every other one; of larger targets, `resamples` are drawn at random. The observed assignment
    counts as one of them, so p is never 0 (Mildenberger's R package keyperm does the same).
    """
    size = np.asarray(table.sum(axis=1), float).ravel()
    columns = table[:, kept].tocsc()
    total = np.asarray(columns.sum(axis=0), float).ravel()
    single = int(target.sum()) == 1
    if single:
        order = np.concatenate([np.flatnonzero(target), np.flatnonzero(~target)])
        columns, n_target = columns[order], size[order][:, None]
    else:
        labels = np.asarray([target, *(rng.permutation(target) for _ in range(resamples))], float)
        n_target = (labels @ size)[:, None]
    n_reference = size.sum() - n_target
    p = np.empty(len(total))
    step = max(1, 2_000_000 // len(n_target))
    for at in progress.bar(range(0, len(total), step), what="permutations", unit="batches"):
        part = slice(at, at + step)
        counts = columns[:, part].toarray().astype(float)
        a = counts if single else labels @ counts
        reached = np.abs(log_likelihood(a, total[part] - a, n_target, n_reference))
        p[part] = (reached >= reached[0] * (1 - 1e-9) - 1e-12).mean(axis=0)
    return p
