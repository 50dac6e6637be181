"""Honest limits: what a corpus is too small for, said before anything is computed."""

from __future__ import annotations

from typing import Any

import numpy as np

from framing.errors import FramingError, shown

#: Fewer documents or paragraphs than these give topics that another sample would not give.
MIN_UNITS = 50
#: Each topic needs about this many documents or paragraphs of its own.
UNITS_PER_TOPIC = 10


def given_model(value: Any) -> None:
    """Raise when `value` is no topic model."""
    from framing.topics.model import TopicModel

    if not isinstance(value, TopicModel):
        message = f"model must be what fr.topic_model(corpus, k=…) returns, not {shown(value)}"
        raise FramingError(message)


def check_size(n_units: int, unit: str, *, n_documents: int, n_paragraphs: int) -> None:
    """Raise when there are too few units for any topic model."""
    if n_units >= MIN_UNITS:
        return
    things = f"{n_units} {unit}" + ("" if n_units == 1 else "s")
    cure = f"at least {MIN_UNITS} documents"
    if unit == "document" and n_paragraphs >= MIN_UNITS:
        cure = f"unit='paragraph' ({n_paragraphs} paragraphs) or {cure}"
    elif unit == "document" and n_paragraphs > n_documents:
        cure = f"{cure} (these have only {n_paragraphs} paragraphs, so unit='paragraph' does not help)"
    message = (
        f"{things} with countable words: too few for a topic model, whose topics would be accidents of this sample. "
        f"Enough would be {cure}; with less, compare words by fr.keyness or code frames by a codebook"
    )
    raise FramingError(message)


def check_k(k: Any, n_units: int, n_terms: int, unit: str) -> int:
    """Return `k`, and raise when so many topics are more than the units or the vocabulary can carry."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 2:
        message = f"k must be a whole number of topics, at least 2, not {k!r}"
        raise FramingError(message)
    number = int(k)
    if number > n_terms:
        message = (
            f"{k} topics for a vocabulary of {n_terms} terms: k must be smaller. "
            "Try a lower k, a lower min_df or a higher max_df"
        )
        raise FramingError(message)
    most = n_units // UNITS_PER_TOPIC
    if number > most:
        cure = "" if unit == "paragraph" else ", count paragraphs (unit='paragraph')"
        message = (
            f"{k} topics are more than {n_units} {unit}s can carry: a topic needs about {UNITS_PER_TOPIC} of its own. "
            f"Try k ≤ {most}{cure}, or bring at least {k * UNITS_PER_TOPIC} {unit}s"
        )
        raise FramingError(message)
    return number


def check_resampling(level: Any, resamples: Any) -> None:
    """Raise unless `level` is a share and `resamples` a number of resamples."""
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level!r}; 0.95 is usual"
        raise FramingError(message)
    if isinstance(resamples, bool) or not isinstance(resamples, int | np.integer) or resamples < 1:
        message = f"resamples must be a whole number, at least 1, not {resamples!r}; 1,000 are usual"
        raise FramingError(message)


def check_seed(random_state: Any) -> int:
    """Return `random_state` if it is a whole number, and raise otherwise."""
    if isinstance(random_state, bool) or not isinstance(random_state, int | np.integer) or random_state < 0:
        message = (
            f"random_state must be a whole number from 0, so that the result can be had again; not {random_state!r}"
        )
        raise FramingError(message)
    return int(random_state)
