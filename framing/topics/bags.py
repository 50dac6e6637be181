"""Bags of words: what a topic model sees of a corpus, every choice on the way recorded."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.corpus import Corpus, Document, given_corpus
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.language.stopwords import stop_keys, stop_words
from framing.topics import limits
from framing.topics.phrases import Phrases
from framing.topics.words import Words, read

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

UNITS = ("document", "paragraph")


@dataclasses.dataclass(frozen=True, eq=False)
class Bags:
    """A corpus as counts of terms per unit.

    Attributes
    ----------
    corpus : Corpus
    units : DataFrame
        One row per unit: `doc_id`, `paragraph` (missing where the unit is the document), `words` (all), `terms`
        (those that count). Units without any term stay in the table and take no part in a model.
    matrix : sparse matrix (units, terms)
        How often each term occurs in each unit.
    terms, readable : tuple of str
        The vocabulary, sorted by key, and the form to show for each term.
    words : Words
        Every occurrence of a term with its place in the raw text; `code` is the column of `matrix`.
    unit_of : array
        The unit of each occurrence.
    facts : mapping
        The choices made, and how many types each filter took away.
    """

    corpus: Corpus
    units: pd.DataFrame
    matrix: Any
    terms: tuple[str, ...]
    readable: tuple[str, ...]
    words: Words
    unit_of: NDArray[np.int64]
    phrases: Phrases | None
    stopped: frozenset[str]
    unit: str
    by: str
    facts: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of units, vocabulary and every occurrence: what a model depends on beside its parameters."""
        digest = hashlib.sha256("\n".join(self.terms).encode())
        digest.update("\n".join(self.units["doc_id"]).encode())
        for part in (self.unit_of, self.words.code):
            digest.update(np.ascontiguousarray(part, np.int64).tobytes())
        return digest.hexdigest()

    @property
    def full(self) -> NDArray[np.int64]:
        """The rows of `matrix` that hold at least one term."""
        return np.flatnonzero(np.diff(self.matrix.indptr))

    def sequences(self) -> list[list[int]]:
        """Return the terms of each unit in their order, as columns of `matrix`."""
        edges = np.searchsorted(self.unit_of, np.arange(self.matrix.shape[0] + 1))
        codes = self.words.code.tolist()
        return [codes[a:b] for a, b in itertools.pairwise(edges.tolist())]

    def occurrences(self, document: Document) -> Words:
        """Return the occurrences of the vocabulary in any document, one outside the corpus included."""
        index = {term: column for column, term in enumerate(self.terms)}
        words = self._read(document)
        column = np.asarray([index.get(key, -1) for key in words.keys] or [-1], np.int64)[words.code]
        return dataclasses.replace(words.take(column >= 0), code=column[column >= 0])

    def countable(self, document: Document) -> int:
        """Return how many words of a document could be terms, in the vocabulary or not."""
        return len(self._read(document))

    def _read(self, document: Document) -> Words:
        known = {part for term in self.terms for part in (term, *term.split(" "))}
        words = _countable(read([document.text], by=self.by, beside=known), self.stopped)
        return words if self.phrases is None else self.phrases.join(words, [document.text])


def bags(
    corpus: Corpus | Iterable[Document],
    *,
    unit: str = "document",
    by: str = "lemma",
    stop_words: bool | Iterable[str] = True,
    phrases: bool = True,
    min_df: int | float = 3,
    max_df: int | float = 0.5,
    small: bool = False,
) -> Bags:
    """Count the terms of a corpus per document or paragraph.

    Parameters
    ----------
    corpus : Corpus
    unit : {"document", "paragraph"}
    by : {"lemma", "word"}
    stop_words : bool or iterable of str
        True: the bundled ones (`framing.language.stopwords`); False: none; or these words, in any form, instead.
    phrases : bool
        Count neighbours that belong together (حرب باردة) as one term.
    min_df, max_df : int or float
        Leave out terms that occur in fewer or in more units than this: a number of units, or a share of them.
    small : bool
        Count a corpus that is too small for a topic model, too.

    Raises
    ------
    FramingError
        When there are fewer than 50 units, or when no term is left, saying what each filter took away.

    Examples
    --------
    >>> corpus = Corpus([Document(id="a", text="النفط والنفط"), Document(id="b", text="في النفط أزمة")])
    >>> counted = bags(corpus, min_df=1, max_df=1.0, small=True)
    >>> counted.readable, counted.matrix.toarray().tolist()
    (('أزمة', 'نفط'), [[0, 2], [1, 1]])
    """
    corpus = _corpus(corpus)
    if unit not in UNITS:
        message = f"unit={unit!r} is not known{closest(unit, UNITS)}; choose one of {choices(UNITS)}"
        raise FramingError(message)
    texts = [document.text for document in corpus]
    everything = read(texts, by=by)
    stopped = _stopped(stop_words)
    words = _countable(everything, stopped)
    _warn_of_copies(words, corpus)
    found = Phrases.learn(words) if phrases else None
    if found is not None:
        words = found.join(words, texts)
    units, unit_of, n_words = _units(everything, words, corpus, unit)
    n_paragraphs = len(np.unique(words.text * (1 + words.paragraph.max(initial=0)) + words.paragraph))
    size = {"n_documents": len(corpus), "n_paragraphs": n_paragraphs}
    if not small:  # before filtering: a single document has no term in three
        limits.check_size(len(np.unique(unit_of)), unit, **size)
    df = _document_frequency(words.code, unit_of, len(words.keys))
    low, high = _bound(min_df, len(units), "min_df"), _bound(max_df, len(units), "max_df")
    kept = (df >= low) & (df <= high) & (df > 0)
    facts = {
        "unit": unit,
        "by": by,
        "stop_words": stop_words if isinstance(stop_words, bool) else f"{len(stopped)} of the user's",
        "phrases": len(found.names) if found is not None else False,
        "min_df": min_df,
        "max_df": max_df,
        "types": len(everything.keys),
        "types_stopped": len(everything.keys) - int(np.unique(_countable(everything, stopped).code).size),
        "types_below_min_df": int(((df < low) & (df > 0)).sum()),
        "types_above_max_df": int((df > high).sum()),
        "terms": int(kept.sum()),
    }
    if not kept.any():
        raise FramingError(_nothing_left(facts, low, high, unit))
    used = kept[words.code]
    if not small:
        limits.check_size(len(np.unique(unit_of[used])), unit, **size)
    column, terms, readable = _numbered(words, kept)
    words = words.take(used)
    words = dataclasses.replace(words, code=column[words.code])
    matrix = _counted(unit_of[used], words.code, (len(units), len(terms)))
    units = units.assign(words=n_words, terms=np.asarray(matrix.sum(axis=1)).ravel())
    return Bags(
        corpus=corpus,
        units=units,
        matrix=matrix,
        terms=terms,
        readable=readable,
        words=words,
        unit_of=unit_of[used],
        phrases=found,
        stopped=stopped,
        unit=unit,
        by=by,
        facts=facts,
    )


def _corpus(corpus: Any) -> Corpus:
    found = given_corpus(corpus)
    if not len(found):
        message = f"corpus {found.name!r} has no documents"
        raise FramingError(message)
    return found


def _stopped(wanted: bool | Iterable[str]) -> frozenset[str]:
    if isinstance(wanted, bool):
        return stop_words() if wanted else frozenset()
    given = {wanted} if isinstance(wanted, str) else set(map(str, wanted))
    bundled = stop_words() & given  # keys already
    return frozenset(bundled | stop_keys(given - bundled))


def _countable(words: Words, stopped: frozenset[str]) -> Words:
    """Return the words without stop words, numbers and single letters."""
    good = words.countable & np.asarray([key not in stopped for key in words.keys], bool)
    return words.take(good[words.code])


def _warn_of_copies(words: Words, corpus: Corpus) -> None:
    edges = np.searchsorted(words.text, np.arange(len(corpus) + 1))
    seen: dict[bytes, str] = {}
    copies = []
    for row, document in enumerate(corpus):
        body = words.code[edges[row] : edges[row + 1]].tobytes()
        if body and seen.setdefault(body, document.id) != document.id:
            copies.append((document.id, seen[body]))
    if copies:
        shown = ", ".join(f"{copy!r} (as {first!r})" for copy, first in copies[:3]) + (" …" if len(copies) > 3 else "")
        message = (
            f"{len(copies)} documents have the same words as an earlier one: {shown}. Copies make a topic of their own "
            "and flatter held-out figures; leave them out with fr.deduplicate(corpus) or corpus.without(id, …)"
        )
        warnings.warn(message, FramingWarning, stacklevel=4)


def _units(
    everything: Words, words: Words, corpus: Corpus, unit: str
) -> tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.int64]]:
    """Return the table of units, the unit of each word in `words`, and all words per unit."""
    import pandas as pd

    ids = np.asarray(corpus.ids, object)
    if unit == "document":
        table = pd.DataFrame({"doc_id": ids, "paragraph": pd.array([pd.NA] * len(ids), "Int64")})
        return table, words.text, np.bincount(everything.text, minlength=len(ids))
    width = int(everything.paragraph.max(initial=0)) + 1
    place = everything.text * width + everything.paragraph
    numbers, all_words = np.unique(place, return_counts=True)
    table = pd.DataFrame({"doc_id": ids[numbers // width], "paragraph": pd.array(numbers % width, "Int64")})
    return table, np.searchsorted(numbers, words.text * width + words.paragraph), all_words


def _document_frequency(code: NDArray[np.int64], unit_of: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    width = int(unit_of.max(initial=0)) + 1
    return np.bincount(np.unique(code * width + unit_of) // width, minlength=n)


def _bound(value: Any, n_units: int, name: str) -> float:
    """Return a document frequency as a number of units: a float is a share of them, as in scikit-learn."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        message = f"{name} must be a number of units (a whole number) or a share of them (0.0 to 1.0), not {value!r}"
        raise FramingError(message)
    if isinstance(value, float):
        if value > 1:
            message = (
                f"{name}={value!r}: a share lies between 0.0 and 1.0; a number of units is written without a point"
            )
            raise FramingError(message)
        return value * n_units
    return value


def _nothing_left(facts: Mapping[str, Any], low: float, high: float, unit: str) -> str:
    return (
        f"no term is left of {facts['types']} word types: {facts['types_stopped']} are stop words, numbers or single "
        f"letters, {facts['types_below_min_df']} occur in fewer than {low:g} {unit}s (min_df), "
        f"{facts['types_above_max_df']} in more than {high:g} (max_df). Try a lower min_df or a higher max_df"
    )


def _numbered(words: Words, kept: NDArray[np.bool_]) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[str, ...]]:
    """Number the terms in the order of their keys: column of each code, the keys, the forms to show."""
    named = sorted((words.keys[code], code) for code in np.flatnonzero(kept).tolist())
    column = np.full(len(words.keys), -1, np.int64)
    column[[code for _, code in named]] = np.arange(len(named))
    keys = tuple(key for key, _ in named)
    counts = np.bincount(words.code, minlength=len(words.keys)).tolist()
    forms = [words.readable[code] for _, code in named]
    return column, keys, _distinct(forms, keys, [counts[code] for _, code in named])


def _counted(unit_of: NDArray[np.int64], code: NDArray[np.int64], shape: tuple[int, int]) -> Any:
    from scipy import sparse

    matrix = sparse.csr_matrix((np.ones(len(code), np.int64), (unit_of, code)), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _distinct(readable: Sequence[str], keys: Sequence[str], counts: Sequence[int]) -> tuple[str, ...]:
    """Return the forms to show; where several terms have one form, the rarer ones get their key in brackets."""
    commonest: dict[str, tuple[int, str]] = {}
    for form, key, count in zip(readable, keys, counts, strict=True):
        commonest[form] = max(commonest.get(form, (-1, "")), (count, key))
    pairs = zip(readable, keys, strict=True)
    return tuple(form if commonest[form][1] == key else f"{form} [{key}]" for form, key in pairs)
