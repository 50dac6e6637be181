"""Phrases: words that stand together far more often than chance, counted as one term (حرب باردة)."""

from __future__ import annotations

import collections
import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.language import chars

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from framing.topics.words import Words

#: Between the keys of a phrase: no key has a space in it.
JOINT = " "
MIN_COUNT = 5
#: Normalised pointwise mutual information from which two neighbours are a phrase; 1 is always together.
THRESHOLD = 0.5


@dataclasses.dataclass(frozen=True)
class Phrases:
    """Pairs of neighbouring words that count as one term, as gensim's `Phrases` finds them.

    Neighbours are words of one sentence with nothing between them, neither punctuation nor stop word.
    Scoring is by normalised pointwise mutual information (Bouma 2009), at least five occurrences.
    """

    model: Any  # gensim.models.phrases.FrozenPhrases

    @classmethod
    def learn(cls, words: Words) -> Phrases:
        """Find the phrases of these words (stop words taken out already)."""
        from gensim.models.phrases import Phrases as Learner

        learner = Learner(_runs(words), min_count=MIN_COUNT, threshold=THRESHOLD, scoring="npmi", delimiter=JOINT)
        return cls(learner.freeze())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.model.phrasegrams))

    def join(self, words: Words, texts: Sequence[str]) -> Words:
        """Return the words with phrases joined: one row from the first word's start to the second's end.

        From left to right, as gensim does it: a word that is part of a phrase already begins no other.
        """
        pairs = self.pairs(words.keys)
        if not pairs or len(words) < 2:
            return words
        width = len(words.keys)
        numbers = np.asarray(sorted(pairs), np.int64)
        both = words.code[:-1] * width + words.code[1:]
        first = np.flatnonzero(~_breaks(words)[1:] & np.isin(both, numbers))
        taken, starts = -1, []
        for at in first.tolist():
            if at > taken:
                starts.append(at)
                taken = at + 1
        begin = np.asarray(starts, np.int64)
        code, end = words.code.copy(), words.end.copy()
        row, names = np.unique(both[begin], return_inverse=True)
        code[begin], end[begin] = width + names, words.end[begin + 1]
        keep = np.ones(len(words), bool)
        keep[begin + 1] = False
        forms: list[collections.Counter[str]] = [collections.Counter() for _ in row]
        for at, name in zip(begin.tolist(), names.tolist(), strict=True):
            forms[name][chars.clean(texts[words.text[at]][words.start[at] : end[at]])] += 1
        new = [pairs[number] for number in row.tolist()]
        joined = dataclasses.replace(words, code=code, end=end).take(keep)
        return dataclasses.replace(
            joined,
            keys=(*words.keys, *new),
            readable=(*words.readable, *map(_shown, new, forms)),
            countable=np.concatenate((words.countable, np.ones(len(new), bool))),
        )

    def pairs(self, keys: Sequence[str]) -> dict[int, str]:
        """Return the phrases that can be made of `keys`: number of the pair (row · len(keys) + row) → phrase."""
        row = {key: number for number, key in enumerate(keys)}
        split = {name: name.split(JOINT) for name in self.names}
        return {row[a] * len(keys) + row[b]: name for name, (a, b) in split.items() if a in row and b in row}


def _shown(name: str, forms: collections.Counter[str]) -> str:
    """Return the most frequent form, without a clitic before its first word."""
    first = name.partition(JOINT)[0]
    bare: collections.Counter[str] = collections.Counter()
    for form, count in forms.items():
        bare[" ".join(_without_clitic(form, first).split())] += count
    return min(bare, key=lambda form: (-bare[form], len(form), form))


def _without_clitic(form: str, first: str) -> str:
    """Return `form` without و، ف، ب، ك، ل before its first word, of which `first` is the key.

    >>> _without_clitic("وللأمم المتحدة", "امه"), _without_clitic("فيدل كاسترو", "دل")
    ('الأمم المتحدة', 'فيدل كاسترو')
    """
    rest = form
    for _ in range(2):
        if rest.startswith("لل"):
            rest = "ال" + rest[2:]
        if chars.key(rest).removeprefix("ال").startswith(first[:2]):
            return rest
        if rest[:1] not in "وفبكل":
            break
        rest = rest[1:]
    return rest if chars.key(rest).removeprefix("ال").startswith(first[:2]) else form


def _runs(words: Words) -> Iterator[list[str]]:
    """Yield the keys of every run of neighbouring words."""
    if len(words):
        edges = np.append(np.flatnonzero(_breaks(words)), len(words)).tolist()
        keys = [words.keys[code] for code in words.code.tolist()]
        yield from (keys[first:last] for first, last in itertools.pairwise(edges))


def _breaks(words: Words) -> NDArray[np.bool_]:
    """Say of each word whether it does not follow the one before directly."""
    new = np.ones(len(words), bool)
    new[1:] = (np.diff(words.token) != 1) | (np.diff(words.sentence) != 0) | (np.diff(words.text) != 0)
    return new
