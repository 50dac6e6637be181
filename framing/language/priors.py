"""How likely a reading is: lexeme and affix frequencies, estimated without any annotated text.

A word form out of context has several readings (وكالة: agency, or *and* + *like* + a goddess).
Expectation–maximisation over the most frequent word forms of Arabic finds the lexeme, stem, prefix and
suffix frequencies that best explain how often each form is used:

    P(form) = Σ over its readings of P(lexeme) · P(c | lexeme) · P(prefix | c) · P(suffix | c) · v

where c is the category of the stem in the dictionaries, which says what affixes it can take: a noun that always
ends in ta marbuta (مساعدة, help) explains that ending better than one that may take it (مساعد, assistant), and a
plural that is rare (كتّاب, writers) makes way for a common singular (كتاب, book). The stems of a verb go with their
affixes, so they are one. All tables are smoothed by what `_SMOOTHING` says, added to every lexeme (or one whose forms
can all be read as those of another would end with nothing), to the stems of a lexeme in equal parts, and to the
affixes of a category in the proportions of all stems together. A form counts by the square root of its frequency (as
is, the few commonest forms would swamp the evidence of the many), with v = 0.02 for readings that need a spelling
change, 0.5 for a noun made feminine (a female assistant) and 1 otherwise. Each round shares every form's frequency
among its readings in proportion to that product and re-estimates the tables.

Source of the frequencies: ``wordfreq`` (Speer 2022), list "ar", large.
"""

from __future__ import annotations

import dataclasses
import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.language.readings import ABSENT

#: Raised whenever the estimate changes, so that caches are rebuilt.
VERSION = 6

N_WORDS = 100_000
_ROUNDS = 12
_VARIANT = 0.02
_MADE_FEMININE = 0.5
_SMOOTHING = {"lexeme": 0.0005, "stem": 0.5, "prefix": 3.0, "suffix": 3.0}
_FLOOR = {"lexeme": 1e-9, "stem": 0.0, "prefix": 1e-7, "suffix": 1e-7}

#: What readings cost (log10) that news rarely means: by part of speech, by the person of an attached pronoun.
_RARE_POS = {"noun_prop": 0.5, "abbrev": 1.5}
_RARE_PRONOUN = {"1s": 1.0, "1p": 0.5, "2m": 1.0, "2f": 1.0, "2d": 1.0}

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Analyse = Callable[[str], list[dict[str, Any]]]


def lexeme(analysis: Mapping[str, Any]) -> str:
    return f"{analysis['lex']}\t{analysis['pos']}"


def stem(analysis: Mapping[str, Any]) -> str:
    """Return the lexeme, and the category of its stem: a noun's singular and broken plural are two."""
    category = "verb" if analysis["pos"] == "verb" else analysis.get("stemcat", "")
    return f"{analysis['lex']} {analysis['pos']}\t{category}"


def prefix(analysis: Mapping[str, Any]) -> str:
    """Return the category of the stem, and what stands before it."""
    return f"{analysis.get('stemcat', '')}\t{analysis['pre']}"


def suffix(analysis: Mapping[str, Any]) -> str:
    """Return the category of the stem, and what stands behind it."""
    return f"{analysis.get('stemcat', '')}\t{analysis['suf']}"


def made_feminine(analysis: Mapping[str, Any]) -> bool:
    """Say whether a noun has a feminine ending that its lemma has not."""
    return analysis["pos"] == "noun" and "NSUFF_FEM" in analysis["suf"] and analysis["lex"][-1] not in "ةىاء"


#: What a reading is made of, by table, and what is taken for a part that was never met.
_PARTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "lexeme": lexeme, "stem": stem, "prefix": prefix, "suffix": suffix
}  # fmt: skip
_UNSEEN = {"lexeme": -9.0, "stem": -1.0, "prefix": -7.0, "suffix": -7.0}


@dataclasses.dataclass(frozen=True, slots=True)
class Priors:
    """Base-10 logarithms of the frequency of lexemes, of their stems, and of affixes given the stem's category.

    `score` adds them up and subtracts fixed costs for readings that news text rarely means.
    """

    tables: dict[str, dict[str, float]]

    def score(self, analysis: Mapping[str, Any]) -> float:
        """Return the score of one camel-tools analysis: log10, higher is likelier."""
        total = sum(self.tables[name].get(part(analysis), _UNSEEN[name]) for name, part in _PARTS.items())
        if analysis.get("source") == "spvar":
            total -= 2.5
        if analysis.get("prc0", "0") not in ABSENT:
            total -= 0.1  # of two readings about as likely, the one without the article: التقى, he met, not *the piety*
        if made_feminine(analysis):
            total += math.log10(_MADE_FEMININE)
        total -= _RARE_PRONOUN.get(analysis.get("enc0", "0")[:2], 0.0)
        return total - _RARE_POS.get(analysis["pos"], 0.0)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.tables, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Priors:
        return cls(json.loads(path.read_text(encoding="utf-8")))


def frequent_words(n: int = N_WORDS) -> dict[str, float]:
    """Return the `n` most frequent Arabic word forms with their relative frequency."""
    import wordfreq

    frequencies = wordfreq.get_frequency_dict("ar", wordlist="large")
    arabic = ((w, f) for w, f in frequencies.items() if all("\u0621" <= c <= "\u064a" for c in w))
    words: dict[str, float] = {}
    for word, frequency in arabic:
        if len(words) == n:
            break
        words[unicodedata.normalize("NFC", word)] = frequency
    return words


def estimate(frequencies: Mapping[str, float], analyse: Analyse, progress: Callable[..., Iterable[Any]]) -> Priors:
    """Estimate the priors from word frequencies and a function that returns the readings of a word."""
    words: list[float] = []
    sizes: list[int] = []
    columns: dict[str, list[int]] = {table: [] for table in _PARTS}
    names: dict[str, dict[str, int]] = {table: {} for table in _PARTS}
    cost: list[float] = []
    for word, frequency in progress(frequencies.items(), total=len(frequencies)):
        readings = {
            (*(part(a) for part in _PARTS.values()), a.get("source") == "spvar", made_feminine(a)): None
            for a in analyse(word)
            if a.get("source") != "backoff"
        }
        if not readings:
            continue
        words.append(frequency**0.5)
        sizes.append(len(readings))
        for *parts, spelled, feminine in readings:
            for (table, column), part in zip(columns.items(), parts, strict=True):
                column.append(names[table].setdefault(str(part), len(names[table])))
            cost.append((_VARIANT if spelled else 1.0) * (_MADE_FEMININE if feminine else 1.0))
    tables = maximise(
        np.asarray(words),
        np.asarray(sizes),
        {table: np.asarray(column) for table, column in columns.items()},
        np.asarray(cost),
        {table: [name.split("\t") for name in names[table]] for table in ("stem", "prefix", "suffix")},
    )
    return Priors(
        {
            table: {name: round(float(value), 4) for name, value in zip(names[table], tables[table], strict=True)}
            for table in columns
        }
    )


def maximise(
    frequency: Floats,
    sizes: Ints,
    columns: Mapping[str, Ints],
    cost: Floats,
    conditional: Mapping[str, Sequence[Sequence[str]]],
) -> dict[str, Floats]:
    """Run the EM rounds; return log10 frequencies per table.

    `frequency` and `sizes` have one row per word; `columns` and `cost` one per reading, the readings
    of a word standing together. `conditional` says of each number in those columns that hold pairs what the pair is:
    (condition, outcome).
    """
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    given = {table: _Given(pairs, _SMOOTHING[table]) for table, pairs in conditional.items()}
    counts = {table: int(column.max()) + 1 for table, column in columns.items()}

    def estimated(share: Floats) -> dict[str, Floats]:
        found = {}
        for table, column in columns.items():
            mass = np.bincount(column, share, counts[table]).astype(np.float64)
            if table in given:
                probability = given[table](mass, equal=table == "stem")
            else:
                probability = (mass + _SMOOTHING[table]) / (mass + _SMOOTHING[table]).sum()
            found[table] = probability + _FLOOR[table]
        return found

    share = np.repeat(frequency / sizes, sizes)
    for _ in range(_ROUNDS):
        likelihood = cost.copy()
        for table, probability in estimated(share).items():
            likelihood *= probability[columns[table]]
        share = likelihood * np.repeat(frequency / np.add.reduceat(likelihood, first), sizes)
    return {table: np.log10(probability) for table, probability in estimated(share).items()}


class _Given:
    """From the mass of pairs to P(outcome | condition), smoothed."""

    def __init__(self, pairs: Sequence[Sequence[str]], smoothing: float) -> None:
        conditions, outcomes = zip(*pairs, strict=True)
        self._condition = np.unique(conditions, return_inverse=True)[1]
        self._outcome = np.unique(outcomes, return_inverse=True)[1]
        self._smoothing = smoothing

    def __call__(self, mass: Floats, *, equal: bool) -> Floats:
        """Smooth towards all outcomes of the condition alike, or towards those of all conditions together."""
        if equal:
            expected = 1 / np.bincount(self._condition)[self._condition]
        else:
            expected = (np.bincount(self._outcome, mass) / mass.sum())[self._outcome]
        whole = np.bincount(self._condition, mass)[self._condition]
        smoothed: Floats = (mass + self._smoothing * expected) / (whole + self._smoothing)
        return smoothed
