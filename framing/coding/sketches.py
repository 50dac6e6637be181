"""Sketches of texts: a line of characters per document by which copies are found when the texts are no longer there.

Scores and codings hold numbers and spans. That ten of a hundred scored documents are one wire report could not be
seen in them, so coding leaves a sketch of each text beside its metadata.
"""

from __future__ import annotations

import base64
import functools
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.language.tokens import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framing.language.tokens import Tokens, Vocabulary

#: The column of the documents that holds the sketch.
SKETCH = "text_sketch"
#: Parts of a sketch: each is the least hash, cut to 16 bits, of those word sequences that fall into it; 0 is empty.
_BINS = 32
_WORDS = 3
#: With fewer parts filled (a text of about 35 words) only a verbatim copy is a copy: short texts are soon alike.
_FILLED = 20
#: Share of equal parts from which two texts are near-copies: above the 0.5 of `fr.deduplicate`, for it is an estimate.
_ALIKE = 0.6
_ROW = np.dtype([("whole", "<u8"), ("bins", "<u2", (_BINS,))])  # 72 bytes: 96 characters of base64, no padding
_CHARACTERS = _ROW.itemsize // 3 * 4
_NONE = np.uint64(2**64 - 1)
_ODD = tuple(np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def sketches(tokens: Tokens) -> list[str]:
    """Return a sketch of every text; of a text without words it is empty.

    It holds a hash of the whole sequence of words and 32 parts of the set of its runs of three words (one
    permutation hashing). Words are compared by their orthographic key. The share of equal parts of two texts
    estimates the Jaccard similarity of their runs, with a standard error of at most 0.09.

    References: Li, P., Owen, A., & Zhang, C.-H. (2012). One permutation hashing. NIPS 25. Li, P., & König, A. C.
    (2010). b-bit minwise hashing. WWW '10.

    >>> from framing.language import tokenise
    >>> a, b, c, empty = sketches(tokenise(["زار الوفد كوبا.", "زار الوفد كوبا", "كوبا زار الوفد", "…"]))
    >>> len(a), a == b, a == c, empty
    (96, True, False, '')
    """
    sizes = tokens.n_words
    if not sizes.any():
        return [""] * len(sizes)
    hashes = _of_types(vocabulary()).take(tokens.type[tokens.is_word])
    text = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    some = np.flatnonzero(sizes)
    first = np.cumsum(sizes, dtype=np.int64) - sizes
    place = np.arange(len(hashes), dtype=np.int64) - first[text]
    rows = np.zeros(len(sizes), _ROW)
    rows["whole"][some] = np.add.reduceat(_mixed(hashes + place.astype(np.uint64) * _ODD[0]), first[some])
    n = max(len(hashes) - _WORDS + 1, 0)
    inside = text[:n] == text[len(text) - n :]
    runs = hashes[:n] * _ODD[0]
    for shift in range(1, _WORDS):
        runs += hashes[shift : n + shift] * _ODD[shift]
    runs = _mixed(runs[inside])
    least = np.full(len(sizes) * _BINS, _NONE, np.uint64)
    np.minimum.at(least, text[:n][inside] * np.int64(_BINS) + (runs >> np.uint64(59)).astype(np.int64), runs)
    parts = np.maximum(least & np.uint64(0xFFFF), np.uint64(1))
    parts[least == _NONE] = 0
    rows["bins"] = parts.reshape(len(sizes), _BINS)
    written = base64.b64encode(rows.tobytes()).decode("ascii")
    return [
        written[row * _CHARACTERS : (row + 1) * _CHARACTERS] if size else "" for row, size in enumerate(sizes.tolist())
    ]


def clusters(known: Sequence[Any]) -> NDArray[np.int64]:
    """Number the groups of copies and near-copies; what has no sketch (None, NaN, empty) is like nothing else.

    >>> from framing.language import tokenise
    >>> clusters([*sketches(tokenise(["زار الوفد كوبا.", "عاد الوفد", "زار الوفد كوبا"])), None, None]).tolist()
    [0, 1, 0, 2, 3]
    """
    import pandas as pd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    valid = [text if isinstance(text, str) and len(text) == _CHARACTERS else None for text in known]
    codes, texts = pd.factorize(np.asarray(valid, object))
    codes = codes.astype(np.int64)
    bins = np.frombuffer(base64.b64decode("".join(texts)), _ROW)["bins"]
    pairs = _pairs(bins)
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(texts), len(texts)))
    labels = connected_components(graph, directed=False)[1] if len(texts) else np.zeros(0, np.int64)
    alone = codes < 0
    found = np.where(alone, len(texts) + np.cumsum(alone), np.append(labels, -1)[codes])
    return pd.factorize(found)[0].astype(np.int64)


def _pairs(bins: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return pairs of rows that are near-copies, enough to connect all of a group.

    Rows that agree in two neighbouring parts are candidates, next to next: near-copies agree in many places.
    """
    filled = bins != 0
    able = filled.sum(axis=1) >= _FILLED
    found = [np.zeros((0, 2), np.int64)]
    for part in range(0, _BINS, 2):
        rows = np.flatnonzero(able & filled[:, part] & filled[:, part + 1])
        keys = bins[rows, part].astype(np.int64) << 16 | bins[rows, part + 1]
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(np.diff(keys[order]) == 0)
        found.append(np.column_stack([rows[order[same]], rows[order[same + 1]]]))
    pairs = np.unique(np.concatenate(found), axis=0)
    a, b = pairs.T
    equal = ((bins[a] == bins[b]) & filled[a]).sum(axis=1)
    kept: NDArray[np.int64] = pairs[equal >= _ALIKE * (filled[a] | filled[b]).sum(axis=1)]
    return kept


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits of 64-bit numbers (finaliser of SplitMix64, shortened)."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= _ODD[1]
    mixed ^= mixed >> np.uint64(27)
    mixed *= _ODD[2]
    mixed ^= mixed >> np.uint64(31)
    return mixed


class _Types:
    """The hash of every word type of a vocabulary, made once."""

    def __init__(self) -> None:
        self.hashes = np.zeros(0, np.uint64)

    def upto_date(self, words: Vocabulary) -> NDArray[np.uint64]:
        keys = words.keys()
        new = [zlib.crc32(key.encode("utf-8", "replace")) + 1 for key in keys[len(self.hashes) :]]
        if new:
            self.hashes = np.concatenate((self.hashes, _mixed(np.asarray(new, np.uint64) * _ODD[0])))
        return self.hashes


@functools.lru_cache(maxsize=1)
def _types(_words: Vocabulary) -> _Types:
    return _Types()


def _of_types(words: Vocabulary) -> NDArray[np.uint64]:
    return _types(words).upto_date(words)
