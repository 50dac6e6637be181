"""Negation with scope: which hits are denied, and which only stand near a negating word.

The words and their reach are data (`language/data/negation.yml`); this module applies them.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.language import Tokens, vocabulary
from framing.matching.matcher import Ints, Matcher, Matches
from framing.matching.terms import Term, term

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUPS = ("particle", "absence", "refusal")
#: Words between لا and دون over which the one denies the other.
_NOT_WITHOUT = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Operator:
    """A negating expression: how far it reaches, over what, and the group a frame may ignore."""

    scope: str
    reach: int
    group: str


@functools.lru_cache(maxsize=1)
def _rules() -> tuple[list[Term], dict[int, Operator], dict[str, range]]:
    """Return the terms of all negation words, the operators by owner, and the owners of each other role."""
    import yaml

    text = importlib.resources.files("framing.language").joinpath("data", "negation.yml").read_text("utf-8")
    data = yaml.safe_load(text)
    terms: list[Term] = []
    operators: dict[int, Operator] = {}

    def add(word: str, match: str) -> int:
        owner = len({t.owner for t in terms})
        terms.append(term(owner, word, "phrase" if " " in word and match == "lemma" else match))
        return owner

    for language in ("ar", "en"):
        for row in data[language]["operators"]:
            for word in row["words"]:
                match = row.get("match", "surface")
                written = " ".join("=" + part for part in word.split()) if match == "surface" and " " in word else word
                owner = add(written, "phrase" if " " in word else match)
                operators[owner] = Operator(row["scope"], row["reach"], row["group"])
    roles: dict[str, range] = {}
    for role, match in (("after", "lemma"), ("carriers", "lemma"), ("pseudo", "surface"), ("exceptives", "surface"),
                        ("only", "surface"), ("reversals", "lemma"), ("barriers", "surface")):  # fmt: skip
        first = len({t.owner for t in terms})
        for language in ("ar", "en"):
            for word in _flat(data[language][role]):
                exact = " ".join("=" + part for part in word.split()) if " " in word else word
                add(exact, "phrase" if " " in word else match)
        roles[role] = range(first, len({t.owner for t in terms}))
    return terms, operators, roles


def _flat(rows: Iterable[Any]) -> Iterable[str]:
    for row in rows:
        if isinstance(row, list):
            yield from row
        else:
            yield row


@functools.lru_cache(maxsize=4)
def _matcher() -> Matcher:
    return Matcher(_rules()[0])


def negated(
    tokens: Tokens, first: Ints, last: Ints, ignored: Mapping[int, frozenset[str]] | None = None
) -> NDArray[np.bool_]:
    """Return, for each hit (its `first` and `last` token), whether it is negated.

    `ignored` maps a row of the hits to groups of operators (`GROUPS`) that do not count for it.
    """
    _, operators, roles = _rules()
    result = np.zeros(len(first), bool)
    if not len(first):
        return result
    found = _matcher().match(tokens)
    sentence = tokens.spans.sentence
    with_hit = np.zeros(len(tokens.spans.sentence_start), bool)
    with_hit[sentence[first]] = True
    found = found.take(with_hit[sentence[found.first]])
    if not len(found):
        return result
    cues = _Cues(tokens, found, operators, roles)
    for row in np.flatnonzero(cues.near(first, last)).tolist():
        result[row] = cues.negate(int(first[row]), int(last[row]), (ignored or {}).get(row, frozenset()))
    return result


class _Cues:
    """The negation words of a batch, by token."""

    def __init__(
        self, tokens: Tokens, found: Matches, operators: Mapping[int, Operator], roles: Mapping[str, range]
    ) -> None:
        self._sentence = tokens.spans.sentence
        self._is_word = tokens.is_word
        self._see_through = vocabulary().see_through()[tokens.type]
        number = {role: n for n, role in enumerate(roles)}
        kind = np.full(1 + max(*operators, *(owner for owners in roles.values() for owner in owners)), -1)
        for role, owners in roles.items():
            kind[list(owners)] = number[role]
        of = kind[found.owner]
        self._at = {role: set(found.last[of == number[role]].tolist()) for role in roles if role != "pseudo"}
        # Tokens of what only looks like a negation (لا سيما), as a running count: an operator among them is none.
        edges = np.zeros(len(tokens) + 1, np.int64)
        np.add.at(edges, found.first[of == number["pseudo"]], 1)
        np.add.at(edges, found.last[of == number["pseudo"]] + 1, -1)
        void = np.concatenate(([0], np.cumsum(np.cumsum(edges) > 0)))
        rows = np.flatnonzero((of < 0) & (void[found.last + 1] == void[found.first]))
        whose = zip(found.last[rows].tolist(), found.owner[rows].tolist(), strict=True)
        self._operator: dict[int, Operator] = {}
        for last, owner in whose:  # نفى can be the verb and نفي the noun: whatever reaches farther
            if last not in self._operator or self._operator[last].reach < operators[owner].reach:
                self._operator[last] = operators[owner]
        self._begin = dict(zip(found.last[rows].tolist(), found.first[rows].tolist(), strict=True))

    def near(self, first: Ints, last: Ints) -> NDArray[np.bool_]:
        """Say of each hit whether an operator before it reaches as far, or a word behind it denies it.

        What else it takes is for `negate` to find out; this leaves it few hits.
        """
        after = np.zeros(len(self._is_word) + 1, bool)
        after[list(self._at["after"])] = True
        denied: NDArray[np.bool_] = after[last + 1]
        operators = np.sort(np.fromiter(self._operator, np.int64, len(self._operator)))
        words = np.concatenate(([0], np.cumsum(self._is_word)))
        reach = self._reach(operators, words)
        for far in np.unique(reach).tolist():
            such = operators[reach == far]
            before = np.searchsorted(such, first) - 1
            nearest = such[np.maximum(before, 0)]
            reached = (before >= 0) & (words[first] - words[nearest] <= far)
            denied |= reached & (self._sentence[nearest] == self._sentence[first])
        return denied

    def _reach(self, operators: Ints, words: Ints) -> Ints:
        """Return how far each operator reaches; one before a verb that carries no negation on: to the next word."""
        reach = np.asarray([self._operator[token].reach for token in operators.tolist()], np.int64)
        verbal = np.asarray([self._operator[token].scope == "verb" for token in operators.tolist()], bool)
        carries = np.zeros(len(self._is_word) + 1, bool)
        carries[list(self._at["carriers"])] = True
        following = np.append(np.flatnonzero(self._is_word), len(self._is_word))[words[operators + 1]]
        reach[verbal & ~carries[following]] = 1
        return reach

    def negate(self, first: int, last: int, ignored: frozenset[str]) -> bool:
        """Say whether the hit from token `first` to `last` is negated."""
        if last + 1 in self._at["after"] and self._same(first, last + 1):
            return True
        # Walk back word by word to the operators that could reach the hit.
        distance = 0
        between: list[int] = []
        for token in range(first - 1, -1, -1):
            if not self._same(token, first) or not (self._is_word[token] or self._see_through[token]):
                return False
            if not self._is_word[token]:
                continue
            distance += 1
            operator = self._operator.get(token)
            if operator and operator.group not in ignored and self._reaches(operator, distance, between, last):
                return not self._is_denied(token)
            if token in self._at["barriers"] or distance > 6:
                return False
            between.append(token)
        return False

    def _is_denied(self, operator: int) -> bool:
        """Say whether an operator is denied: right behind another (لم يستبعد), or دون behind لا (لا سلام دون حرية)."""
        reach = _NOT_WITHOUT if self._operator[operator].group == "absence" else 1
        adjacent = True
        for before in range(self._begin[operator] - 1, -1, -1):
            if not self._same(before, operator) or not (self._is_word[before] or self._see_through[before]):
                return False
            if not self._is_word[before]:
                continue
            other = self._operator.get(before)
            if other is not None and (adjacent or other.group == "particle"):
                return True
            adjacent = False
            reach -= 1
            if reach < 1:
                return False
        return False

    def _reaches(self, operator: Operator, distance: int, between: list[int], last: int) -> bool:
        if distance > operator.reach:
            return False
        if any(t in self._at["exceptives"] or t in self._at["reversals"] for t in between):
            return False
        behind = between[-1] if between else None
        if behind in self._at["only"] or any(
            t in self._at["only"] and self._same(t, last) for t in range(last + 1, last + 4)
        ):
            return False
        if operator.scope == "verb":
            return behind is None or behind in self._at["carriers"]
        return True

    def _same(self, a: int, b: int) -> bool:
        return a < len(self._sentence) and bool(self._sentence[a] == self._sentence[b])
