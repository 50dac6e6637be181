"""The words of a corpus as topic models count them: lemmas in order, each with its place in the raw text."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, choices, closest
from framing.language import chars, spelling, tokenise, vocabulary
from framing.language.lemmas import lemmas
from framing.language.spans import FOREIGN, WORD

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How words are made equal before they are counted.
UNITS_OF_COUNTING = ("lemma", "word")


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """The words of several texts, as columns of one length.

    `text` (row of the text), `paragraph` and `sentence` (within the text), `token` (position among all tokens,
    punctuation included), `start`, `end` (characters of the raw text), `code` (row of `keys`). `keys` are lemma
    or spelling keys, `readable` the form to show for each, `countable` whether it can be a term at all:
    numbers and single letters cannot.
    """

    text: NDArray[np.int64]
    paragraph: NDArray[np.int64]
    sentence: NDArray[np.int64]
    token: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    code: NDArray[np.int64]
    keys: tuple[str, ...]
    readable: tuple[str, ...]
    countable: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.code)

    def take(self, chosen: NDArray[Any]) -> Words:
        """Return the words at `chosen` (a mask or positions)."""
        columns = ("text", "paragraph", "sentence", "token", "start", "end", "code")
        return dataclasses.replace(self, **{name: getattr(self, name)[chosen] for name in columns})


def read(texts: Sequence[str], *, by: str = "lemma", beside: Container[str] = frozenset()) -> Words:
    """Return the words of `texts`.

    Parameters
    ----------
    texts : sequence of str
    by : {"lemma", "word"}
        Count lemmas, or written words (spelling variants folded, clitics left on).
    beside : container of str
        Keys of a corpus with which these texts are compared; see `framing.language.lemmas`.

    Examples
    --------
    >>> words = read(["زار بوتين كوبا. وكوبا ترحب."])
    >>> [words.keys[code] for code in words.code], words.sentence.tolist()
    (['زار', 'بوتين', 'كوبا', 'كوبا', 'رحب'], [0, 0, 0, 1, 1])
    """
    if by not in UNITS_OF_COUNTING:
        message = f"by={by!r} is not known{closest(by, UNITS_OF_COUNTING)}; choose one of {choices(UNITS_OF_COUNTING)}"
        raise FramingError(message)
    tokens = tokenise(texts)
    at = np.flatnonzero(tokens.is_word)
    spans = tokens.spans
    sentence = spans.sentence[at]
    keys, readable = _keys(tokens.type[at], by, beside)
    import pandas as pd

    code, names = pd.factorize(keys)
    kind = spans.kind[at]
    countable = np.zeros(len(names), bool)
    countable[code[(kind == WORD) | (kind == FOREIGN)]] = True
    countable &= np.asarray([len(name) > 1 for name in names], bool)
    return Words(
        text=spans.sentence_text[sentence].astype(np.int64),
        paragraph=spans.sentence_paragraph[sentence].astype(np.int64),
        sentence=spans.sentence_number[sentence].astype(np.int64),
        token=at.astype(np.int64),
        start=spans.start[at].astype(np.int64),
        end=spans.end[at].astype(np.int64),
        code=code.astype(np.int64),
        keys=tuple(names),
        readable=tuple(readable[name] for name in names),
        countable=countable,
    )


def _keys(types: NDArray[Any], by: str, beside: Container[str]) -> tuple[NDArray[Any], dict[str, str]]:
    if by == "lemma":
        return lemmas(types, beside=beside)
    numbers, place, counts = np.unique(types, return_inverse=True, return_counts=True)
    words = vocabulary()
    written, spelled = words.keys(), words.words
    names = np.empty(len(numbers), object)
    names[:] = [spelling.canonical(written[n]) for n in numbers.tolist()]
    forms: dict[str, tuple[int, str]] = {}
    for name, number, count in zip(names, numbers.tolist(), counts.tolist(), strict=True):
        candidate = (-count, chars.clean(spelled[number]))
        forms[name] = min(forms.get(name, candidate), candidate)
    return names[place], {name: form for name, (_, form) in forms.items()}
