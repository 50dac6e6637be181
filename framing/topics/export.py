"""Showing a model in other people's tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from framing.errors import FramingError

if TYPE_CHECKING:
    from framing.topics.model import TopicModel


def to_pyldavis(model: TopicModel, path: Path) -> Path:
    """Write a model as an interactive page of pyLDAvis (Sievert & Shirley 2014).

    Topics keep their numbers, counted from 1 there. The page loads two scripts from the web when it is opened.

    Raises
    ------
    FramingError
        When pyLDAvis is not installed, or a topic has no terms.
    """
    try:
        import pyLDAvis
    except ImportError:
        message = (
            "pyLDAvis is not installed; pip install pyLDAvis, or plot with fr.plot.topic_terms and fr.plot.topic_map"
        )
        raise FramingError(message) from None
    empty = np.flatnonzero(model.beta_.sum(axis=1) == 0).tolist()
    if empty:
        message = f"topic {empty[0]} has no terms, which pyLDAvis cannot show; fit fewer topics"
        raise FramingError(message)
    full = model.bags.full
    matrix = model.bags.matrix[full]
    page = pyLDAvis.prepare(
        topic_term_dists=model.beta_,
        doc_topic_dists=model.gamma_[full],
        doc_lengths=np.asarray(matrix.sum(axis=1)).ravel(),
        vocab=list(model.bags.readable),
        term_frequency=np.asarray(matrix.sum(axis=0)).ravel(),
        sort_topics=False,
        n_jobs=1,
    )
    from framing.files import replacing

    with replacing(path) as file:
        file.write(pyLDAvis.prepared_data_to_html(page))
    return path
