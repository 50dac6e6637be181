"""Counting words: how often each occurs in each document, under one readable name."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from framing.corpus import Document
    from framing.scores.resampling import Ints

BY = ("lemma", "word")


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """Words per document.

    Attributes
    ----------
    table : sparse integer array (parts, features)
        Parts are paragraphs of documents, in order.
    document : array (parts,)
        The document of each part.
    feature, lemma : list of str
        The form to show and the dictionary form, without vowels.
    """

    table: Any
    document: Ints
    feature: list[str]
    lemma: list[str]

    def per_document(self, n: int) -> Any:
        """Return counts per document: sparse (n, features)."""
        from scipy import sparse

        parts = len(self.document)
        join = sparse.csr_array((np.ones(parts, np.int64), (self.document, np.arange(parts))), (n, parts))
        return (join @ self.table).tocsr()


def counted(documents: Sequence[Document], by: str) -> Counts:
    """Count the words of `documents`, paragraph by paragraph; numbers and punctuation are left out.

    `by` is "lemma" or "word". Spelling variants, vowels and tatweel do not make a word of their own.
    """
    from scipy import sparse

    from framing.language import chars, tokenise, vocabulary
    from framing.language.lemmas import lemmas
    from framing.language.tokens import FOREIGN, WORD

    tokens = tokenise([document.text for document in documents])
    spans = tokens.spans
    is_word = (spans.kind == WORD) | (spans.kind == FOREIGN)
    types, place = np.unique(tokens.type[is_word], return_inverse=True)
    paragraph = tokens.paragraphs()[is_word]
    words = vocabulary()
    keys: Any
    if by == "lemma":
        keys, readable = lemmas(tokens.type[is_word])
        keys = _first(keys, place, len(types))
    else:
        keys = np.asarray([chars.key(words.words[number]) for number in types.tolist()], object)
        readable = _most_frequent(keys, types, np.bincount(place, minlength=len(types)))
    features, number = np.unique(keys.astype(str), return_inverse=True)
    n_parts = int(paragraph.max(initial=-1)) + 1
    ones = np.ones(len(place), np.int64)
    table = sparse.csr_array((ones, (paragraph, number[place])), (n_parts, len(features)))
    table.sum_duplicates()
    document = np.zeros(n_parts, np.int64)
    document[paragraph] = spans.sentence_text[spans.sentence[is_word]]
    shown = [readable.get(key, key) for key in features.tolist()]
    return Counts(
        table, document, shown, _lemma(keys, types, np.bincount(place, minlength=len(types)), features.tolist())
    )


def _first(keys: Any, place: Ints, n: int) -> Any:
    """Return the key of each type, given those of all tokens."""
    of_type = np.empty(n, object)
    of_type[place] = keys
    return of_type


def _most_frequent(keys: Any, types: Ints, counts: Ints) -> dict[str, str]:
    from framing.language import chars, vocabulary

    words = vocabulary().words
    best: dict[str, tuple[int, str]] = {}
    for key, number, count in zip(keys.tolist(), types.tolist(), counts.tolist(), strict=True):
        form = chars.clean(words[number])
        best[key] = max(best.get(key, (0, "")), (count, form))
    return {key: form for key, (_, form) in best.items()}


def _lemma(keys: Any, types: Ints, counts: Ints, features: list[str]) -> list[str]:
    """Return the dictionary form of each feature: that of the best reading of its most frequent word."""
    from framing.language import backend, chars

    frequent = _most_frequent(keys, types, counts)
    readings = backend().readings(form for form in frequent.values() if not form.isascii())
    found = []
    for key in features:
        best = next(iter(readings.get(frequent[key], ())), None)
        found.append(chars.clean(best.lemma) if best else frequent[key])
    return found
