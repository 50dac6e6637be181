"""Stability: which topics come back when the seed, or the sample of documents, is another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from framing import progress
from framing.errors import FramingError, choices, closest
from framing.topics import engines, limits
from framing.topics.matching import agreement
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd

    from framing.topics.model import TopicModel

OVER = ("seeds", "documents")
#: Share of the units in each sample when documents are drawn.
SAMPLE = 0.8


def topic_stability(
    model: TopicModel, *, seeds: int | Sequence[int] = 10, over: str | None = None, n_terms: int = 10
) -> pd.DataFrame:
    """Fit the same model again with other seeds, and see which of its topics come back.

    Parameters
    ----------
    model : TopicModel
    seeds : int or sequence of int
        How many further seeds (those after the model's own), or which.
    over : {"seeds", "documents"}, optional
        Vary the seed alone, or also draw 80 % of the units each time. By default the seed, and documents for
        an engine whose result does not depend on it (NMF).
    n_terms : int
        Top terms compared.

    Returns
    -------
    DataFrame
        One row per topic: `topic`, `terms` (its name), `share` (of the corpus), `jaccard` and `rbo` (mean agreement
        of its top terms with the matched topic of each refit), `jaccard_low` (of the worst refit), `found` (share
        of refits in which at least half of its top terms come back together, that is, Jaccard ≥ 1/3), `over`,
        `refits`. ``.attrs["jaccard"]`` is the mean over topics. Topics are matched one to one by the Hungarian
        method (`framing.topics.matching`).

    Examples
    --------
    >>> from framing import Corpus, Document, topic_model
    >>> oil, visit = "ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره"
    >>> corpus = Corpus([Document(id=str(i), text=f"{(oil, visit)[i % 2]} {i}") for i in range(60)])
    >>> import warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> model = topic_model(corpus, k=2, max_df=0.9, phrases=False)
    >>> topic_stability(model, seeds=3, n_terms=4)["found"].tolist()
    [1.0, 1.0]
    """
    import pandas as pd

    limits.given_model(model)
    if model.engine == "embeddings":
        message = (
            "clusters of embeddings are not refitted; compare topic_model(…, random_state=…) of other seeds by hand"
        )
        raise FramingError(message)
    over = over or ("documents" if engines.seedless(model.engine, model.options) else "seeds")
    if over not in OVER:
        message = f"over={over!r} is not known{closest(over, OVER)}; choose one of {choices(OVER)}"
        raise FramingError(message)
    own = model.random_state
    numbers = (
        [own + 1 + step for step in range(seeds)] if isinstance(seeds, int) else [seed for seed in seeds if seed != own]
    )
    numbers = [limits.check_seed(seed) for seed in numbers]
    if not numbers:
        message = f"seeds={seeds!r}: give at least one seed other than the model's own ({own})"
        raise FramingError(message)
    ours = [model.ranked(topic, n_terms) for topic in range(model.k)]
    shown = progress.bar(numbers, what="fitting again", unit="fits")
    agreed = np.asarray([agreement(ours, _refit(model, seed, over, n_terms)) for seed in shown])
    table = pd.DataFrame(
        {
            "topic": range(model.k),
            "terms": [" · ".join(model.words(topic)) for topic in range(model.k)],
            "share": model.shares_of_corpus,
            "jaccard": agreed[:, :, 0].mean(axis=0),
            "jaccard_low": agreed[:, :, 0].min(axis=0),
            "rbo": agreed[:, :, 1].mean(axis=0),
            "found": (agreed[:, :, 0] >= 1 / 3 - 1e-9).mean(axis=0),
            "over": over,
            "refits": len(numbers),
        }
    )
    table.attrs["jaccard"], table.attrs["rbo"] = float(table["jaccard"].mean()), float(table["rbo"].mean())
    return result(table, {**model.provenance, "over": over, "seeds": numbers, "n_terms": n_terms})


def _refit(model: TopicModel, seed: int, over: str, n_terms: int) -> list[list[int]]:
    counted = model.bags
    rows = counted.full
    if over == "documents":
        drawn = np.random.default_rng([seed, len(rows)]).choice(len(rows), round(SAMPLE * len(rows)), replace=False)
        rows = rows[np.sort(drawn)]
    fit = engines.fit(
        model.engine, counted.matrix[rows], counted.readable, model.k, random_state=seed, options=model.options
    )
    return engines.top(fit.ranking, n_terms)
