"""Topics over groups of documents, and documents as points in a plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices, closest
from framing.scores import resampling
from framing.topics import limits
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from framing.corpus import Document
    from framing.topics.model import TopicModel


def shares(
    model: TopicModel,
    by: str | Sequence[str] = "outlet",
    *,
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Return the mean share of each topic per group of documents.

    Parameters
    ----------
    model : TopicModel
    by : str or list of str
        Metadata columns of the corpus.
    level, resamples, random_state
        Of the intervals: documents are drawn with replacement within each group.

    Returns
    -------
    DataFrame
        The columns of `by`, then `topic`, `terms`, `share` (mean over documents; within a group they sum to 1),
        `low`, `high` (missing in a group of one document), `documents`. Documents without a value in `by`, or
        without any term, are left out.
    """
    import pandas as pd

    limits.check_resampling(level, resamples)
    columns = [by] if isinstance(by, str) else list(by)
    corpus = model.bags.corpus
    for name in columns:
        if name not in corpus.columns:
            known = corpus.columns
            message = (
                f"the corpus has no column {name!r}{closest(name, known)}; shares can be split by {choices(known)}"
            )
            raise FramingError(message)
    gamma = model.gamma_of_documents
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row, document in enumerate(corpus):
        label = tuple(document[name] for name in columns)
        if None not in label and not np.isnan(gamma[row, 0]):
            groups.setdefault(label, []).append(row)
    rows: list[dict[str, Any]] = []
    for label, members in groups.items():
        mine = gamma[members]
        low, high = _bounds(mine, level, resamples, random_state)
        named = dict(zip(columns, label, strict=True))
        rows += [
            {
                **named,
                "topic": topic,
                "terms": " · ".join(model.words(topic)),
                "share": mine[:, topic].mean(),
                "low": low[topic],
                "high": high[topic],
                "documents": len(members),
            }
            for topic in range(model.k)
        ]
    table = pd.DataFrame(rows, columns=[*columns, "topic", "terms", "share", "low", "high", "documents"])
    facts = {"by": columns, "level": level, "resamples": resamples, "resampling_seed": random_state}
    return result(table, {**model.provenance, **facts})


def _bounds(gamma: NDArray[np.float64], level: float, resamples: int, seed: int) -> tuple[Any, Any]:
    n, k = gamma.shape
    if n < 2:
        return np.full(k, np.nan), np.full(k, np.nan)
    drawn = np.random.default_rng([seed, n]).multinomial(n, np.full(n, 1 / n), size=resamples)
    return resampling.percentiles(np.ascontiguousarray((drawn @ gamma / n).T), level, np.asarray(n))


def document_map(model: TopicModel, *, focal: Document | str | None = None) -> pd.DataFrame:
    """Return the documents as points whose distances come as near as two dimensions can to those of their topics.

    Parameters
    ----------
    model : TopicModel
    focal : Document or str, optional
        A document to mark; one outside the corpus is placed among the others without moving them.

    Returns
    -------
    DataFrame
        `doc_id`, `x`, `y`, `topic` (the largest), `gamma` (its share), `terms` (its name), `focal`.
        ``.attrs["explained"]`` holds the share of all variation that each axis shows: together well
        below 1, the map hides more than it shows.

    Notes
    -----
    Principal components of √γ. The distance of two rows of √γ is √2 times the Hellinger distance of the two
    mixtures, so this is metric scaling by Hellinger distance, without random start or tuning.
    """
    import pandas as pd

    gamma = model.gamma_of_documents
    full = np.flatnonzero(~np.isnan(gamma[:, 0]))
    ids = [model.bags.corpus.ids[row] for row in full]
    gamma = gamma[full]
    root = np.sqrt(gamma)
    centre = root.mean(axis=0)
    _, singular, axes = np.linalg.svd(root - centre, full_matrices=False)
    axes = axes[:2] * np.sign(axes[:2][np.arange(2), np.abs(axes[:2]).argmax(axis=1)])[:, None]  # one orientation
    if focal is not None:
        focal = model.bags.corpus[focal] if isinstance(focal, str) else focal
        if focal.id not in ids:
            ids, gamma = [*ids, focal.id], np.vstack((gamma, model.mixture_of(focal)))
    points = (np.sqrt(gamma) - centre) @ axes.T
    largest = gamma.argmax(axis=1)
    names = [" · ".join(model.words(topic)) for topic in range(model.k)]
    table = pd.DataFrame(
        {
            "doc_id": ids,
            "x": points[:, 0],
            "y": points[:, 1],
            "topic": largest,
            "gamma": gamma.max(axis=1),
            "terms": [names[topic] for topic in largest],
            "focal": [focal is not None and each == focal.id for each in ids],
        }
    )
    variance = singular**2 / max(float((singular**2).sum()), 1e-300)
    table.attrs["explained"] = [float(part) for part in variance[:2]]
    return result(table, model.provenance)
