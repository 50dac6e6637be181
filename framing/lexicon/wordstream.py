"""A corpus as a stream of countable units: lemmas, and the phrases that neighbouring lemmas form."""

from __future__ import annotations

import collections
import dataclasses
import itertools
from typing import TYPE_CHECKING

import numpy as np

from framing.kwic.places import Neighbours, token_spans
from framing.language import Tokens, chars, tokenise, vocabulary
from framing.language.lemmas import lemmas
from framing.language.spans import FOREIGN, PUNCT, WORD
from framing.language.stopwords import stop_words

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from framing.corpus import Corpus

    Ints = NDArray[np.int64]

#: Between the lemmas of a phrase: no lemma has a space in it.
JOINT = " "
#: Normalised pointwise mutual information from which neighbours are a phrase.
PHRASE = 0.5
_EXAMPLE_WINDOW = 12


@dataclasses.dataclass(slots=True)
class Wordstream:
    """Units of a corpus in order, as columns: `unit` (number of the unit), `first`, `last` (its tokens), `sentence`.

    `keys` and `readable` name the units, `count` says how often each occurs; `stop` are the numbers of stop words
    and of what is no word; `frequent` the numbers of those that are countable and frequent enough.
    """

    corpus: Corpus
    tokens: Tokens
    unit: Ints
    first: Ints
    last: Ints
    sentence: Ints
    keys: list[str]
    readable: list[str]
    count: Ints
    stop: NDArray[np.bool_]
    frequent: Ints
    n_words: int

    @classmethod
    def read(cls, corpus: Corpus, *, min_count: int) -> Wordstream:
        """Read a corpus: lemmas, joined to phrases where gensim's `Phrases` says so."""
        tokens = tokenise([document.text for document in corpus])
        keys, shown = lemmas(tokens.type)
        stopped = stop_words()
        starts, ends, names = _joined(tokens, keys.tolist(), stopped, min_count)
        number = {name: row for row, name in enumerate(dict.fromkeys(names))}
        unit = np.fromiter((number[name] for name in names), np.int64, len(names))
        first, last = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
        count = np.bincount(unit, minlength=len(number)).astype(np.int64)
        kind = tokens.spans.kind[first] if len(first) else np.zeros(0, np.uint8)
        word = np.zeros(len(number), bool)
        word[unit[(kind == WORD) | (kind == FOREIGN)]] = True
        stop = ~word | np.asarray([name in stopped or len(name) < 2 for name in number], bool)
        return cls(
            corpus=corpus,
            tokens=tokens,
            unit=unit,
            first=first,
            last=last,
            sentence=tokens.spans.sentence[first].astype(np.int64),
            keys=list(number),
            readable=_readable(list(number), shown, unit=unit, first=first, last=last, tokens=tokens),
            count=count,
            stop=stop,
            frequent=np.flatnonzero((count >= min_count) & ~stop),
            n_words=int(tokens.n_words.sum()),
        )

    def tokens_of(self, table: pd.DataFrame) -> tuple[Ints, Ints]:
        """Return the first and last tokens of coded spans of this corpus."""
        _, first, last = token_spans(table, list(self.corpus), self.tokens)
        return first, last

    def sentences(self) -> list[list[str]]:
        """Return the units of each sentence without stop words, as keys: what an embedding is trained on."""
        kept = ~self.stop[self.unit]
        units, sentence = self.unit[kept].tolist(), self.sentence[kept]
        edges = np.flatnonzero(np.diff(sentence)) + 1
        bounds = [0, *edges.tolist(), len(units)]
        return [[self.keys[u] for u in units[a:b]] for a, b in itertools.pairwise(bounds) if b > a]

    def _places(self, unit: int) -> Ints:
        return np.flatnonzero(self.unit == unit)

    def _text_of(self, places: Ints) -> Ints:
        return self.tokens.spans.sentence_text[self.sentence[places]].astype(np.int64)

    def n_documents(self, unit: int) -> int:
        """Return in how many documents a unit occurs."""
        return len(np.unique(self._text_of(self._places(unit))))

    def examples(self, unit: int, n: int) -> list[str]:
        """Return lines in which a unit occurs, from different documents first: ``id: … [unit] …``."""
        places = self._places(unit)
        texts = self._text_of(places)
        fresh = np.sort(np.unique(texts, return_index=True)[1])
        order = dict.fromkeys([*fresh.tolist(), *range(len(places))])
        around = Neighbours(self.tokens)
        lines = []
        for row in list(order)[:n]:
            first, last = int(self.first[places[row]]), int(self.last[places[row]])
            before, after = around.before(first, _EXAMPLE_WINDOW), around.after(last, _EXAMPLE_WINDOW)
            inside = [*before, f"[{' '.join(around.words(first, last + 1))}]", *after]
            lines.append(f"{self.corpus[int(texts[row])].id}: {' '.join(inside)}")
        return lines


def _joined(
    tokens: Tokens, keys: list[str], stopped: frozenset[str], min_count: int
) -> tuple[list[int], list[int], list[str]]:
    """Join neighbours to phrases; return the first token, the last token and the name of each unit."""
    from gensim.models.phrases import Phrases

    is_word = (tokens.spans.kind != PUNCT).tolist()
    sentence = tokens.spans.sentence.tolist()
    runs: list[list[int]] = []
    for token, word in enumerate(is_word):  # a run: words of a sentence without punctuation between them
        if word:
            if runs and runs[-1] and runs[-1][-1] == token - 1 and sentence[token - 1] == sentence[token]:
                runs[-1].append(token)
            else:
                runs.append([token])
    named = [[keys[token] for token in run] for run in runs]
    model = Phrases(
        named, min_count=min_count, threshold=PHRASE, scoring="npmi", delimiter=JOINT, connector_words=stopped
    ).freeze()
    starts: list[int] = []
    ends: list[int] = []
    names: list[str] = []
    for run, words in zip(runs, named, strict=True):
        at = 0
        for name in model[words]:
            width = name.count(JOINT) + 1
            starts.append(run[at])
            ends.append(run[at + width - 1])
            names.append(name)
            at += width
    return starts, ends, names


def _readable(
    keys: list[str], shown: dict[str, str], *, unit: Ints, first: Ints, last: Ints, tokens: Tokens
) -> list[str]:
    """Return what to show for each unit: a lemma's usual form, a phrase as it is written most often."""
    phrases = {row for row, key in enumerate(keys) if JOINT in key}
    written: dict[int, collections.Counter[str]] = {row: collections.Counter() for row in phrases}
    words, types = vocabulary().words, tokens.type
    for row, a, b in zip(unit.tolist(), first.tolist(), last.tolist(), strict=True):
        if row in phrases:
            written[row][JOINT.join(chars.clean(words[number]) for number in types[a : b + 1].tolist())] += 1
    return [
        min(written[row], key=lambda form, row=row: (-written[row][form], len(form), form))  # type: ignore[misc]
        if row in phrases
        else shown.get(key, key)
        for row, key in enumerate(keys)
    ]
