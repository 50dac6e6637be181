"""The contextual route: topics as clusters of sentence embeddings that the user brings.

As BERTopic does it (Grootendorst 2022), with scikit-learn alone: cluster the vectors, then find each
cluster's terms by class-based tf-idf. No model is downloaded; where vectors come from is the user's to say.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError
from framing.topics import limits
from framing.topics.engines import Fit, fold_in, one_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framing.topics.bags import Bags


def cluster(counted: Bags, embeddings: Any, k: int | None, *, random_state: int, options: Mapping[str, Any]) -> Fit:
    """Cluster units by their embeddings.

    Parameters
    ----------
    counted : Bags
    embeddings : array (units, dimensions)
        One vector per row of ``counted.units``.
    k : int or None
        That many clusters by k-means on vectors of length 1 (ten starts); or as many as HDBSCAN finds, units
        that belong to none being spread evenly over all.
    options : mapping
        For scikit-learn's KMeans or HDBSCAN.

    Returns
    -------
    Fit
        The share of a unit in its cluster's topic is 1. `beta` are the term frequencies of a cluster, `ranking` its
        c-TF-IDF: frequency · log(1 + A / f), A the mean number of terms per cluster and f the term's frequency.
        A text without a vector (as in `place`) gets its shares from its words, by naive Bayes-like folding in.
    """
    vectors = _vectors(embeddings, counted)[counted.full]
    matrix = counted.matrix[counted.full]
    if k is not None:
        k = limits.check_k(k, len(vectors), len(counted.terms), counted.unit)
    try:
        with one_thread():
            label, model = _labels(vectors, k, random_state, options)
    except TypeError as error:
        message = f"clustering does not take these options: {error}"
        raise FramingError(message) from None
    n_clusters = int(label.max(initial=-1)) + 1
    if n_clusters < 2:
        message = (
            f"HDBSCAN finds {n_clusters} cluster{'s' * (n_clusters != 1)} in these embeddings; give k=, or a smaller "
            "options={'min_cluster_size': 5}"
        )
        raise FramingError(message)
    member = np.zeros((len(label), n_clusters))
    member[label >= 0, label[label >= 0]] = 1
    counts = np.asarray((matrix.T @ member).T, np.float64)
    total = counts.sum(axis=1, keepdims=True)
    beta = counts / np.where(total > 0, total, 1)
    frequency = np.asarray(matrix.sum(axis=0), np.float64).ravel()
    ranking = beta * np.log1p(total.mean() / frequency)
    member[label < 0] = 1 / n_clusters
    kernel = np.maximum(beta, 1e-9)
    alpha = np.full(n_clusters, 1 / n_clusters)
    return Fit(beta, ranking, functools.partial(fold_in, kernel=kernel, alpha=alpha), model, member)


def _vectors(embeddings: Any, counted: Bags) -> NDArray[np.float64]:
    if embeddings is None:
        message = "engine='embeddings' needs embeddings=, an array of one vector per unit; another engine needs none"
        raise FramingError(message)
    try:
        vectors = np.asarray(embeddings, np.float64)
    except (TypeError, ValueError):
        vectors = np.zeros(0)
    n = len(counted.units)
    if vectors.ndim != 2 or len(vectors) != n:
        shape = f"has the shape {vectors.shape}" if vectors.size else "cannot be read as numbers"
        message = (
            f"embeddings= {shape}; needed are {n} rows, one for each {counted.unit} in its order "
            "(framing.topics.bags(…).units)"
        )
        raise FramingError(message)
    bad = ~np.isfinite(vectors).all(axis=1) | ~vectors.any(axis=1)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        whose = f"row {row} ({counted.units['doc_id'].iloc[row]!r})"
        message = f"embeddings=: {whose} is all zeros or not a number ({int(bad.sum())} such rows in all)"
        raise FramingError(message)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _labels(
    vectors: Any, k: int | None, random_state: int, options: Mapping[str, Any]
) -> tuple[NDArray[np.int64], Any]:
    if k is not None:
        from sklearn.cluster import KMeans

        model = KMeans(k, random_state=random_state, **{"n_init": 10, **options}).fit(vectors)
    else:
        from sklearn.cluster import HDBSCAN

        model = HDBSCAN(**{"min_cluster_size": limits.UNITS_PER_TOPIC, "copy": True, **options}).fit(vectors)
    return np.asarray(model.labels_, np.int64), model
