"""The terms of topics, ranked between how probable a term is and how much it is the topic's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from framing.errors import FramingError
from framing.topics import limits
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd

    from framing.topics.model import TopicModel


def topic_terms(model: TopicModel, *, topic: int | None = None, n: int = 10, relevance: float = 0.6) -> pd.DataFrame:
    """Return the terms of one topic or of all, ranked by relevance.

    Parameters
    ----------
    model : TopicModel
    topic : int, optional
    n : int
        Terms per topic.
    relevance : float
        λ between 0 and 1. 1 ranks by P(term | topic), which favours words that are frequent everywhere; 0 by
        lift, which favours rare ones. People name topics best with λ near .6 (Sievert & Shirley 2014).

    Returns
    -------
    DataFrame
        `topic`, `rank`, `term` (lemma key), `readable`, `beta` = P(term | topic), `lift` = P(term | topic) / P(term),
        `relevance` = λ · log P(term | topic) + (1 − λ) · log lift, `exclusivity` = β_kw / Σ_j β_jw, `units` (in how
        many documents or paragraphs the term occurs). A topic without terms has no rows.

    Notes
    -----
    Reference: Sievert, C. & Shirley, K. (2014). LDAvis: A method for visualizing and interpreting topics.
    Workshop on Interactive Language Learning, Visualization, and Interfaces, ACL, 63–70.

    Examples
    --------
    >>> from framing import Corpus, Document, topic_model
    >>> oil, visit = "ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره"
    >>> corpus = Corpus([Document(id=str(i), text=f"{(oil, visit)[i % 2]} {i}") for i in range(60)])
    >>> import warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> terms = topic_terms(topic_model(corpus, k=2, max_df=0.9, phrases=False), n=4)
    >>> int(terms["readable"].isin(["نفط", "برميل", "سعر", "ارتفع"]).sum())
    4
    """
    import pandas as pd

    limits.given_model(model)
    if isinstance(relevance, bool) or not isinstance(relevance, int | float) or not 0 <= relevance <= 1:
        message = f"relevance must lie between 0 (by lift) and 1 (by probability), not {relevance!r}; 0.6 is usual"
        raise FramingError(message)
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        message = f"n must be a whole number of terms, at least 1, not {n!r}"
        raise FramingError(message)
    frequency = np.asarray(model.bags.matrix.sum(axis=0), np.float64).ravel()
    frequency /= frequency.sum()
    units = np.diff(model.bags.matrix.tocsc().indptr)
    total = model.beta_.sum(axis=0)
    parts = []
    for row in range(model.k) if topic is None else [model.check(topic)]:
        beta = model.beta_[row]
        some = np.flatnonzero(beta > 0)
        lift = beta[some] / frequency[some]
        score = relevance * np.log(beta[some]) + (1 - relevance) * np.log(lift)
        order = np.argsort(-score, kind="stable")[:n]
        columns = some[order]
        parts.append(
            pd.DataFrame(
                {
                    "topic": row,
                    "rank": np.arange(1, len(columns) + 1),
                    "term": [model.bags.terms[column] for column in columns],
                    "readable": [model.bags.readable[column] for column in columns],
                    "beta": beta[columns],
                    "lift": lift[order],
                    "relevance": score[order],
                    "exclusivity": beta[columns] / total[columns],
                    "units": units[columns],
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return result(table, {**model.provenance, "relevance": relevance})
