"""How likely a reading is: lexeme and affix frequencies, estimated without any annotated text.

A word form out of context has several readings (وكالة: agency, or *and* + *like* + a goddess).
Expectation–maximisation over the most frequent word forms of Arabic finds the lexeme, prefix and
suffix frequencies that best explain how often each form is used:

    P(form) = Σ over its readings of P(lexeme) · P(prefix) · P(suffix) · v

where a form counts by the square root of its frequency (as is, the few commonest forms would swamp
the evidence of the many), with v = 0.02 for readings that need a spelling change and 1 otherwise. Each
round shares every form's frequency among its readings in proportion to that product and re-estimates the three tables.

Source of the frequencies: ``wordfreq`` (Speer 2022), list "ar", large.
"""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

#: Raised whenever the estimate changes, so that caches are rebuilt.
VERSION = 5

N_WORDS = 100_000
_ROUNDS = 12
_VARIANT = 0.02
_FLOOR = {"lexeme": 1e-9, "prefix": 1e-7, "suffix": 1e-7}

Analyse = Callable[[str], list[dict[str, Any]]]


def lexeme(analysis: Mapping[str, Any]) -> str:
    return f"{analysis['lex']}\t{analysis['pos']}"


def prefix(analysis: Mapping[str, Any]) -> str:
    return str(analysis["pre"])


def suffix(analysis: Mapping[str, Any]) -> str:
    return f"{analysis['suf']} {'verb' if analysis['pos'] == 'verb' else 'other'}"


@dataclasses.dataclass(frozen=True, slots=True)
class Priors:
    """Base-10 logarithms of the frequency of each lexeme, prefix and suffix.

    `score` adds them up and subtracts fixed costs for readings that news text rarely means.
    """

    tables: dict[str, dict[str, float]]

    def score(self, analysis: Mapping[str, Any]) -> float:
        """Return the score of one camel-tools analysis: log10, higher is likelier."""
        lexemes, prefixes, suffixes = self.tables["lexeme"], self.tables["prefix"], self.tables["suffix"]
        total = lexemes.get(lexeme(analysis), -9.0)
        total += prefixes.get(prefix(analysis), -7.0) + suffixes.get(suffix(analysis), -7.0)
        if analysis.get("source") == "spvar":
            total -= 2.5
        if analysis.get("prc0", "0") not in ("0", "na"):
            total -= 0.1  # of two readings about as likely, the one without the article: التقى, he met, not *the piety*
        pos = analysis["pos"]
        if pos == "noun" and "NSUFF_FEM" in analysis["suf"] and analysis["lex"][-1] not in "ةىاء":
            total -= 1.5  # "his X" and "X (feminine)" read into a word with its own ta marbuta
        elif pos == "noun_prop":
            total -= 0.5
        elif pos == "abbrev":
            total -= 1.5
        return total

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
    columns: dict[str, list[int]] = {"lexeme": [], "prefix": [], "suffix": []}
    names: dict[str, dict[str, int]] = {"lexeme": {}, "prefix": {}, "suffix": {}}
    variant: list[bool] = []
    for word, frequency in progress(frequencies.items(), total=len(frequencies)):
        readings = {
            (lexeme(a), prefix(a), suffix(a), a.get("source") == "spvar"): None
            for a in analyse(word)
            if a.get("source") != "backoff"
        }
        if not readings:
            continue
        words.append(frequency**0.5)
        sizes.append(len(readings))
        for *parts, spelled in readings:
            for (table, column), part in zip(columns.items(), parts, strict=True):
                column.append(names[table].setdefault(str(part), len(names[table])))
            variant.append(bool(spelled))
    tables = maximise(
        np.asarray(words),
        np.asarray(sizes),
        {table: np.asarray(column) for table, column in columns.items()},
        np.where(variant, _VARIANT, 1.0),
    )
    return Priors(
        {
            table: {name: round(float(value), 4) for name, value in zip(names[table], tables[table], strict=True)}
            for table in columns
        }
    )


def maximise(
    frequency: np.ndarray, sizes: np.ndarray, columns: Mapping[str, np.ndarray], cost: np.ndarray
) -> dict[str, np.ndarray]:
    """Run the EM rounds; return log10 frequencies per table.

    `frequency` and `sizes` have one row per word; `columns` and `cost` one per reading, the readings
    of a word standing together.
    """
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    counts = {table: int(column.max()) + 1 for table, column in columns.items()}
    share = np.repeat(frequency / sizes, sizes)
    for _ in range(_ROUNDS):
        likelihood = cost.copy()
        for table, column in columns.items():
            mass = np.bincount(column, share, counts[table])
            likelihood *= (mass / mass.sum() + _FLOOR[table])[column]
        share = likelihood * np.repeat(frequency / np.add.reduceat(likelihood, first), sizes)
    tables = {}
    for table, column in columns.items():
        mass = np.bincount(column, share, counts[table])
        tables[table] = np.log10(mass / mass.sum() + _FLOOR[table])
    return tables
