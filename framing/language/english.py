"""English: the second language, through the same interface as Arabic.

A word's lemma key is its Snowball stem (Porter 2001). Coarse, but enough to code English coverage
with the English terms of a codebook; entries that need more say ``match: surface``.
"""

from __future__ import annotations

import functools
from typing import Any


@functools.lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@functools.lru_cache(maxsize=200_000)
def lemma_key(key: str) -> str:
    """Return the stem of an English word given by its orthographic key.

    >>> lemma_key("sanctions"), lemma_key("cooperating") == lemma_key("cooperation")
    ('sanction', True)
    """
    word = key.removesuffix("'s").removesuffix("'")
    return str(_stemmer().stemWord(word))
