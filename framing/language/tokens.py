"""Tokens: the words of many texts as integer columns over one vocabulary of word types.

A type is one written form (كوبا, وكوبا and "كوبا" with a diacritic are three types). Whatever is
costly is done once per type and kept: its key, its readings, and, in `framing.coding`, the codebook
entries it can carry.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from framing.language import chars, spans
from framing.language.spans import FOREIGN, NUMBER, PUNCT, WORD, Ints, Joined, Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Punctuation that may stand inside a phrase or a name (دياز-كانيل، «الحرب» الباردة).
_SEE_THROUGH = frozenset("-‐‑–—_ـ\"'«»“”‹›‘’`„‟")
_CHUNK = 4_000_000  # characters: bounds the memory of one step; few chunks mean few look-ups of the same type


class Vocabulary:
    """Every word type met in this process, numbered in the order of its first appearance."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.kinds: list[int] = []
        self._keys: list[str] = []
        self._ids: dict[str, int] = {}
        self._see_through = np.zeros(0, bool)

    def __len__(self) -> int:
        return len(self.words)

    def ids(self, words: Sequence[str], kinds: Iterable[int]) -> list[int]:
        """Return the number of each word, adding those that are new; `kinds` are the tokens' kinds."""
        known = self._ids
        try:
            return [known[word] for word in words]
        except KeyError:
            for word, kind in zip(words, kinds, strict=True):
                if word not in known:
                    known[word] = len(self.words)
                    self.words.append(word)
                    self.kinds.append(kind)
            return [known[word] for word in words]

    def keys(self) -> list[str]:
        """Return the orthographic key of every type, by number."""
        for word in self.words[len(self._keys) :]:
            self._keys.append(chars.key(word))
        return self._keys

    def see_through(self) -> NDArray[np.bool_]:
        """Say of every type, by number, whether it is a quote or hyphen that phrases look through."""
        known = len(self._see_through)
        if known < len(self.words):
            new = [self.kinds[n] == PUNCT and self.words[n][0] in _SEE_THROUGH for n in range(known, len(self.words))]
            self._see_through = np.concatenate((self._see_through, np.asarray(new, bool)))
        return self._see_through


@functools.lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the vocabulary of this process."""
    return Vocabulary()


@dataclasses.dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of several texts: `spans` says where they are, `type` which word each is.

    `type` numbers refer to `vocabulary()`. `n_words` counts words and numbers per text (the N of every
    rate); punctuation is a token but not a word.
    """

    spans: Spans
    type: Ints

    def __len__(self) -> int:
        return len(self.type)

    @property
    def is_word(self) -> NDArray[np.bool_]:
        return np.asarray(self.spans.kind != PUNCT)

    @property
    def n_words(self) -> Ints:
        """Number of words per text."""
        running = np.concatenate(([0], np.cumsum(self.is_word)))
        counts = running[self.spans.first_token[1:]] - running[self.spans.first_token[:-1]]
        return counts.astype(np.int32)

    def sentence_bounds(self) -> tuple[Ints, Ints]:
        """Return the first token of each sentence and the one after its last."""
        n = len(self.spans.sentence_start)
        first = np.searchsorted(self.spans.sentence, np.arange(n + 1)).astype(np.int32)
        return first[:-1], first[1:]

    def paragraphs(self) -> Ints:
        """Return, for each token, the number of its paragraph counted over all texts."""
        s = self.spans
        new = np.ones(len(s.sentence_start), bool)
        new[1:] = (np.diff(s.sentence_text) != 0) | (np.diff(s.sentence_paragraph) != 0)
        number: Ints = (np.cumsum(new) - 1).astype(np.int32)
        return number[s.sentence]


def tokenise(texts: Sequence[str]) -> Tokens:
    """Segment `texts` and number their word types.

    >>> tokens = tokenise(["كوبا وكوبا", "كوبا"])
    >>> tokens.n_words.tolist(), bool(tokens.type[0] == tokens.type[2])
    ([2, 1], True)
    """
    parts, types = [], []
    words = vocabulary()
    for chunk in _chunks(texts):
        part, joined = spans.cut(chunk)
        parts.append(part)
        types.append(_types(joined, part.kind, words))
    return Tokens(_joined(parts), types[0] if len(types) == 1 else np.concatenate(types))


def _types(joined: Joined, kinds: NDArray[np.uint8], words: Vocabulary) -> Ints:
    """Return the number of each token's type in `words`, adding what is new."""
    n = len(kinds)
    if not n:
        return np.zeros(0, np.int32)
    form, first = _forms(joined)
    at = zip(joined.start[first].tolist(), joined.end[first].tolist(), strict=True)
    written = [joined.text[i:j] for i, j in at]
    numbers = np.asarray(words.ids(written, kinds[first].tolist()), np.int32)
    return numbers[form]


def _forms(joined: Joined) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Number the written forms of the tokens; return each token's form, and the first token of each form.

    Arrow's hash table compares the characters where they lie: no string is made but one per form. Its array
    has the gaps between the tokens too, as values of their own.
    """
    import pyarrow as pa

    n, width = len(joined.start), joined.codes.itemsize
    bounds = np.empty(2 * n, np.int64)
    bounds[0::2], bounds[1::2] = joined.start, joined.end
    bounds *= width
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(joined.codes)]
    encoded = pa.Array.from_buffers(pa.large_binary(), 2 * n - 1, buffers).dictionary_encode()
    form = encoded.indices.to_numpy()[0::2]
    first = np.full(len(encoded.dictionary), -1, np.int64)
    first[form[::-1]] = np.arange(n - 1, -1, -1)
    real = first >= 0
    number = (np.cumsum(real) - 1).astype(np.int32)
    return number[form], first[real]


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    first = size = 0
    for row, text in enumerate(texts):
        if size and size + len(text) > _CHUNK:
            yield texts[first:row]
            first, size = row, 0
        size += len(text)
    if first < len(texts) or not len(texts):
        yield texts[first:]


def _joined(parts: Sequence[Spans]) -> Spans:
    """Join the spans of consecutive chunks, renumbering what counts over all texts."""
    if len(parts) == 1:
        return parts[0]
    n_tokens = np.cumsum([0] + [len(part) for part in parts])
    n_sentences = np.cumsum([0] + [len(part.sentence_start) for part in parts])
    n_texts = np.cumsum([0] + [len(part.n_paragraphs) for part in parts])
    shifts = {"sentence": n_sentences, "sentence_text": n_texts, "first_token": n_tokens, "first_sentence": n_sentences}
    columns = {}
    for field in dataclasses.fields(Spans):
        name = field.name
        shift = shifts.get(name, np.zeros(len(parts), np.int64))
        arrays = [getattr(part, name) for part in parts]
        if name in ("first_token", "first_sentence"):  # the last bound of a chunk is the first of the next
            arrays = [array[:-1] for array in arrays[:-1]] + [arrays[-1]]
        joined = np.concatenate([array + by for array, by in zip(arrays, shift, strict=False)])
        columns[name] = joined.astype(arrays[0].dtype)
    return Spans(**columns)


__all__ = ["FOREIGN", "NUMBER", "PUNCT", "WORD", "Tokens", "Vocabulary", "tokenise", "vocabulary"]
