"""Engines: gensim, scikit-learn and tomotopy behind one small interface, all handed the same counts.

Each returns the same things: how likely each term is in each topic, how much of each unit is about each
topic, and a way to find the second for units that it has not seen. No engine tokenises anything.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices, closest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model, whatever engine it came from.

    Attributes
    ----------
    beta : array (topics, terms)
        P(term | topic); rows sum to 1 (a topic that the engine left empty is all zeros).
    ranking : array (topics, terms)
        By what the engine ranks the terms of a topic: `beta`, or for NMF its tf-idf weights.
    mixture : callable
        Counts (units, terms) → shares (units, topics); rows sum to 1. The same counts give the same shares.
    model : object
        The engine's own.
    shares : array (units, topics), optional
        The shares of the fitted units, where they are not what `mixture` makes of their counts.
    """

    beta: Floats
    ranking: Floats
    mixture: Callable[[Any], Floats]
    model: Any
    shares: Floats | None = None


def fit(
    engine: str, matrix: Any, names: Sequence[str], k: int, *, random_state: int, options: Mapping[str, Any]
) -> Fit:
    """Fit `k` topics to counts (units, terms); units without any term must have been left out.

    The linear algebra runs on one thread: sums over several threads differ in their last digits from run
    to run, and a topic model makes much of small differences.
    """
    check_engine(engine)
    settings = dict(options)
    try:
        with one_thread():
            matrix = matrix.tocsr()
            if engine in _SHORT:
                random_state = _likeliest(engine, matrix, names, k, random_state=random_state, options=settings)
            return _ENGINES[engine](matrix, names, k, random_state, settings)
    except TypeError as error:
        if options and "argument" in str(error):
            message = f"engine {engine!r} does not take these options: {error}; it was given {choices(options)}"
            raise FramingError(message) from None
        raise
    except ValueError as error:
        if options and not isinstance(error, FramingError):
            message = f"engine {engine!r} cannot be run with {dict(options)!r}: {error}"
            raise FramingError(message) from None
        raise


def _likeliest(
    engine: str, matrix: Any, names: Sequence[str], k: int, *, random_state: int, options: dict[str, Any]
) -> int:
    """Return the seed, of several, with which a short fit explains the counts best; takes `starts` out of `options`.

    Variational Bayes stops at the nearest optimum, which from one random start is often a poor one: two topics
    in one, a third in halves (Roberts, Stewart & Tingley 2016, Navigating the local modes of big data).
    """
    starts = options.pop("starts", STARTS)
    if isinstance(starts, bool) or not isinstance(starts, int) or starts < 1:
        message = f"starts must be a whole number of random starts, at least 1, not {starts!r}; {STARTS} are usual"
        raise FramingError(message)
    if starts == 1:
        return random_state
    more = np.random.SeedSequence(random_state).generate_state(starts - 1)
    seeds = [random_state, *(int(seed) for seed in more)]
    fits = [_ENGINES[engine](matrix, names, k, seed, {**options, **_SHORT[engine]}) for seed in seeds]
    return seeds[int(np.argmax([_likelihood(each, matrix) for each in fits]))]


def _likelihood(found: Fit, counts: Any) -> float:
    """Return Σ n_dw log Σ_k γ_dk β_kw."""
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    predicted = np.einsum("ij,ij->i", found.mixture(counts)[row], found.beta.T[counts.indices])
    return float((counts.data * np.log(predicted + 1e-300)).sum())


def version(engine: str) -> str:
    """Return the package behind an engine with its version."""
    import importlib.metadata

    package = engine if engine in ("gensim", "tomotopy") else "scikit-learn"
    return f"{package} {importlib.metadata.version(package)}"


def check_engine(engine: Any, *, also: Sequence[str] = ()) -> None:
    """Raise when there is no such engine, or it is not installed."""
    known = (*_ENGINES, *also)
    if engine not in known:
        message = f"engine {engine!r} is not known{closest(str(engine), known)}; choose one of {choices(known)}"
        raise FramingError(message)
    if engine == "tomotopy":
        _tomotopy()


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Run linear algebra on one thread inside this context."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def _gensim(matrix: Any, names: Sequence[str], k: int, random_state: int, options: dict[str, Any]) -> Fit:
    """Variational Bayes in the single-worker model, the whole corpus at a time.

    Each pass replaces the estimate instead of averaging it into the one before (decay 0): with a corpus that
    fits into memory this finds better optima than online learning (Hoffman, Blei & Bach 2010) in as many passes.

    gensim's LdaMulticore is not used: it ignores the seed once it has several workers.
    """
    from gensim.matutils import Sparse2Corpus
    from gensim.models import LdaModel

    settings = {
        "passes": 40,
        "iterations": 200,
        "alpha": "auto",
        "chunksize": matrix.shape[0],
        "decay": 0.0,
        "eval_every": None,
    }
    model = LdaModel(
        Sparse2Corpus(matrix, documents_columns=False),
        num_topics=k,
        id2word=dict(enumerate(names)),
        random_state=random_state,
        dtype=np.float64,
        **{**settings, **options},
    )
    beta = np.asarray(model.get_topics(), np.float64)
    kernel, alpha = np.asarray(model.expElogbeta, np.float64), np.asarray(model.alpha, np.float64)
    return Fit(beta, beta, functools.partial(fold_in, kernel=kernel, alpha=alpha), model)


def _sklearn_lda(matrix: Any, _names: Sequence[str], k: int, random_state: int, options: dict[str, Any]) -> Fit:
    """Batch variational Bayes."""
    from sklearn.decomposition import LatentDirichletAllocation

    settings = {"learning_method": "batch", "max_iter": 60, "max_doc_update_iter": 100}
    model = LatentDirichletAllocation(k, random_state=random_state, **{**settings, **options}).fit(matrix)
    beta = _rows(model.components_)
    kernel, alpha = model.exp_dirichlet_component_, np.full(k, model.doc_topic_prior_)
    return Fit(beta, beta, functools.partial(fold_in, kernel=kernel, alpha=alpha), model)


def _sklearn_nmf(matrix: Any, _names: Sequence[str], k: int, random_state: int, options: dict[str, Any]) -> Fit:
    """Non-negative factors of tf-idf weights; terms ranked by weight, shares and beta taken back to counts.

    NMF explains weights W·H; divided by the inverse document frequency that is an explanation of counts, and
    its normalised rows are what `beta` and shares are for the other engines.
    """
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfTransformer

    weigh = TfidfTransformer(sublinear_tf=True).fit(matrix)
    settings = {"init": "nndsvda", "max_iter": 10_000, "tol": 1e-5}
    model = NMF(k, random_state=random_state, **{**settings, **options})
    with _unconverged_is_said():
        model.fit(weigh.transform(matrix))
    counted = model.components_ / weigh.idf_
    mixture = functools.partial(_nmf_mixture, model=model, weigh=weigh, size=counted.sum(axis=1))
    return Fit(_rows(counted), np.asarray(model.components_, np.float64), mixture, model)


def _nmf_mixture(counts: Any, *, model: Any, weigh: Any, size: Floats) -> Floats:
    with one_thread(), _unconverged_is_said():
        return _rows(model.transform(weigh.transform(counts)) * size, empty=1 / len(size))


def _tomotopy_lda(matrix: Any, names: Sequence[str], k: int, random_state: int, options: dict[str, Any]) -> Fit:
    """Collapsed Gibbs sampling on one worker, which makes it repeatable."""
    tp = _tomotopy()
    iterations = int(options.pop("iterations", 1_000))
    settings = {"alpha": 0.1, "eta": 0.01, **options}
    model = tp.LDAModel(k=k, seed=random_state, **settings)
    model.burn_in = min(100, iterations // 2)
    column_of = {name: column for column, name in enumerate(names)}
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns = np.repeat(matrix.indices[part], matrix.data[part].astype(np.int64))
        model.add_doc([names[column] for column in columns.tolist()])
    model.train(iterations, workers=1, parallel=tp.ParallelScheme.NONE)
    place = np.asarray([column_of[name] for name in model.used_vocabs], np.int64)
    beta = np.zeros((k, len(names)))
    for topic in range(k):
        beta[topic, place] = model.get_topic_word_dist(topic)
    alpha = np.asarray(model.alpha, np.float64)
    beta = _rows(beta)
    return Fit(beta, beta, functools.partial(fold_in, kernel=beta, alpha=alpha), model)


def _tomotopy() -> Any:
    try:
        import tomotopy
    except ImportError:
        others = choices(name for name in _ENGINES if name != "tomotopy")
        message = f"engine 'tomotopy' is not installed; pip install tomotopy, or choose one of {others}"
        raise FramingError(message) from None
    return tomotopy


_ENGINES: dict[str, Callable[..., Fit]] = {
    "gensim": _gensim,
    "sklearn-lda": _sklearn_lda,
    "sklearn-nmf": _sklearn_nmf,
    "tomotopy": _tomotopy_lda,
}
ENGINES = tuple(_ENGINES)

#: Random starts of variational Bayes, and how long each is before the likeliest is chosen.
STARTS = 5
_SHORT = {"gensim": {"passes": 10}, "sklearn-lda": {"max_iter": 10}}


def seedless(engine: str, options: Mapping[str, Any]) -> bool:
    """Say whether an engine's result is the same for every seed: NMF's is, unless it starts at random."""
    return engine == "sklearn-nmf" and options.get("init", "nndsvda") not in ("random", "nndsvdar")


def top(ranking: Floats, n: int) -> list[list[int]]:
    """Return the columns of the `n` highest terms per topic; ties go to the first term, zeros are left out.

    >>> top(np.array([[0.2, 0.5, 0.3], [0.0, 1.0, 0.0]]), 2)
    [[1, 2], [1]]
    """
    order = np.argsort(-ranking, axis=1, kind="stable")[:, :n]
    return [[int(column) for column in row if ranking[topic, column] > 0] for topic, row in enumerate(order)]


def fold_in(counts: Any, kernel: Floats, alpha: Floats, *, rounds: int = 200, tolerance: float = 1e-4) -> Floats:
    """Return the topic shares of units under a fitted LDA: (units, topics), rows sum to 1.

    The variational update of Blei, Ng & Jordan (2003), γ_dk = α_k + Σ_w n_dw φ_dwk with
    φ_dwk ∝ exp(ψ(γ_dk)) · kernel_kw, from the same start for every unit until the mean change is below
    `tolerance`. The engines have this step too, but start it at random: here the same text has the same
    shares whenever, and beside whatever other texts, it is asked about.

    A unit without any term has the prior's shares α / Σα.
    """
    counts = counts.tocsr()
    shares = np.tile(alpha / alpha.sum(), (counts.shape[0], 1))
    step = max(1, 2_000_000 // max(1, len(alpha)))  # counts handled at a time: bounds memory
    edges = np.searchsorted(counts.indptr, np.arange(0, counts.indptr[-1] + step, step))
    for first, last in itertools.pairwise(edges.tolist()):
        if last > first:
            shares[first:last] = _fold_part(counts[first:last], kernel, alpha, rounds, tolerance)
    return shares


def _fold_part(counts: Any, kernel: Floats, alpha: Floats, rounds: int, tolerance: float) -> Floats:
    from scipy import sparse
    from scipy.special import psi

    n = counts.shape[0]
    n_words = np.asarray(counts.sum(axis=1)).ravel()
    gamma = alpha + n_words[:, None] / len(alpha)
    row = np.repeat(np.arange(n), np.diff(counts.indptr))
    of_term = kernel.T[counts.indices]  # (non-zero counts, topics)
    weight = counts.data.astype(np.float64)
    moving = np.ones(n, bool)
    for _ in range(rounds):
        belief = np.exp(psi(gamma) - psi(gamma.sum(axis=1, keepdims=True)))
        norm = np.einsum("ij,ij->i", belief[row], of_term) + 1e-100
        pulled = sparse.csr_matrix((weight / norm, np.arange(len(row)), counts.indptr), (n, len(row))) @ of_term
        new = alpha + belief * pulled
        change = np.abs(new - gamma).mean(axis=1)
        gamma[moving] = new[moving]
        moving &= change > tolerance  # each unit stops by itself, whatever stands beside it
        if not moving.any():
            break
    shares: Floats = gamma / gamma.sum(axis=1, keepdims=True)
    return shares


def _rows(weights: Any, *, empty: float = 0.0) -> Floats:
    """Return `weights` with each row divided by its sum; a row of zeros becomes `empty`."""
    weights = np.asarray(weights, np.float64)
    total = weights.sum(axis=1, keepdims=True)
    shares: Floats = np.where(total > 0, weights / np.where(total > 0, total, 1), empty)
    return shares


@contextlib.contextmanager
def _unconverged_is_said() -> Iterator[None]:
    """Turn scikit-learn's ConvergenceWarning into one that names the cure."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    from framing.errors import FramingWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        if issubclass(warning.category, ConvergenceWarning):
            message = "NMF has not converged; give options={'max_iter': 50_000}, or a larger 'tol' than 1e-5"
            warnings.warn(message, FramingWarning, stacklevel=5)
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
