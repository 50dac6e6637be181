"""The matcher: tokens × terms → matches, on integer columns.

Each word type is looked up once per set of terms; then every step works on whole columns, so the cost
hardly depends on the number of terms.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from framing.language import Tokens, vocabulary
from framing.language.tokens import PUNCT
from framing.matching.symbols import SymbolTable
from framing.matching.terms import Term

Ints = NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Matches:
    """Matches as columns: `owner` of the term, `first` and `last` token (both included), `route` code."""

    owner: Ints
    first: Ints
    last: Ints
    route: Ints

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, rows: NDArray[np.bool_] | Ints) -> Matches:
        """Return some of the rows, by mask or by number."""
        return Matches(self.owner[rows], self.first[rows], self.last[rows], self.route[rows])

    def owned_by(self, owners: Iterable[int]) -> Matches:
        """Return the matches of these owners."""
        return self.take(np.isin(self.owner, np.fromiter(owners, np.int64)))


class Matcher:
    """Finds the matches of many terms in many texts.

    Parameters
    ----------
    terms : sequence of Term
    margin, variants
        See `SymbolTable`.
    """

    def __init__(
        self, terms: Sequence[Term], *, margin: str = "default", variants: Mapping[str, str] | None = None
    ) -> None:
        self._table = SymbolTable(terms, margin=margin, variants=variants)
        number = self._table.number
        single = [t for t in terms if len(t.symbols) == 1]
        self._single = _Index([number[t.symbols[0]] for t in single], [t.owner for t in single], len(self._table))
        phrases = [t for t in terms if len(t.symbols) > 1]
        self._phrase_owner = np.asarray([t.owner for t in phrases], np.int64)
        self._phrase_gap = np.asarray([t.gap for t in phrases], np.int64)
        self._phrase_length = np.asarray([len(t.symbols) for t in phrases], np.int64)
        width = max((len(t.symbols) for t in phrases), default=0)
        self._phrase_symbols = np.full((len(phrases), width), -1, np.int64)
        for row, each in enumerate(phrases):
            self._phrase_symbols[row, : len(each.symbols)] = [number[symbol] for symbol in each.symbols]
        self._is_later = np.zeros(len(self._table) + 1, bool)
        self._is_later[self._phrase_symbols[:, 1:].ravel()] = True  # -1, no symbol, is the last place: never met
        self._by_opening = _Index(
            self._phrase_symbols[:, 0].tolist() if phrases else [], range(len(phrases)), len(self._table)
        )
        # Per word type, once it has been met: where its symbols begin in the columns, and how many it has.
        self._start = np.zeros(0, np.int64)
        self._count = np.zeros(0, np.int64)
        self._symbols: list[int] = []
        self._routes: list[int] = []
        self._columns: tuple[Ints, Ints] = (np.zeros(0, np.int64), np.zeros(0, np.int64))

    def match(self, tokens: Tokens) -> Matches:
        """Return all matches in `tokens`, ordered by first token, then length, then owner."""
        token, symbol, route = self._occurrences(tokens)
        found = [self._singles(token, symbol, route)]
        if len(self._phrase_owner):
            found.append(self._phrases(tokens, token, symbol, route))
        return _best_route(Matches(*(np.concatenate(parts) for parts in zip(*found, strict=True))))

    def _occurrences(self, tokens: Tokens) -> tuple[Ints, Ints, Ints]:
        """Return one row per token and symbol that the token can be: token, symbol, route."""
        self._look_up(tokens)
        symbols, routes = self._columns
        count = self._count[tokens.type]
        token = np.flatnonzero(count)
        count = count[token]
        rows = _ranges(self._start[tokens.type[token]], count)
        return np.repeat(token, count), symbols[rows], routes[rows]

    def _look_up(self, tokens: Tokens) -> None:
        """Look up the word types of these texts that have not been met before (not those of other texts)."""
        words = vocabulary()
        more = len(words) - len(self._start)
        self._start = np.concatenate((self._start, np.full(more, -1, np.int64)))
        self._count = np.concatenate((self._count, np.zeros(more, np.int64)))
        unknown = self._start[tokens.type] < 0
        if not unknown.any():
            return
        new = np.unique(tokens.type[unknown]).tolist()
        keys = words.keys()
        self._table.prepare(words.words[n] for n in new if words.kinds[n] == 1)
        for n in new:
            found = self._table.find(words.words[n], keys[n], words.kinds[n]) if words.kinds[n] != PUNCT else {}
            self._start[n], self._count[n] = len(self._symbols), len(found)
            self._symbols += found.keys()
            self._routes += found.values()
        self._columns = np.asarray(self._symbols, np.int64), np.asarray(self._routes, np.int64)

    def _singles(self, token: Ints, symbol: Ints, route: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        rows, owner = self._single.expand(symbol)
        return owner, token[rows], token[rows], route[rows]

    def _phrases(self, tokens: Tokens, token: Ints, symbol: Ints, route: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Grow phrases word by word: all that still fit, over all texts at once."""
        place, at = _stream(tokens)
        sentence = tokens.spans.sentence
        # What each place of the stream can be, as one sorted column of (place, symbol) codes: later words of phrases.
        size = len(self._table) + 1
        later = np.flatnonzero(self._is_later[symbol])
        where = place[token[later]]
        code = where * size + symbol[later]
        order = np.argsort(code, kind="stable")
        code, how = code[order], route[later[order]]
        # A phrase can begin only where a later word of some phrase is within reach.
        reach = int(self._phrase_gap.max()) + 1
        begins = np.zeros(len(at) + 1 + reach, bool)
        for distance in range(1, reach + 1):
            begins[where - distance] = True  # before the first place: at the end of the column, where nothing is
        opening = np.flatnonzero(begins[place[token]])

        rows, phrase = self._by_opening.expand(symbol[opening])
        first, worst = token[opening[rows]], route[opening[rows]]
        last = first
        done: list[tuple[Ints, Ints, Ints, Ints]] = []
        for step in range(1, self._phrase_symbols.shape[1]):
            wanted = self._phrase_symbols[phrase, step]
            nearest = np.full(len(phrase), -1, np.int64)
            loosest = worst.copy()
            for distance in range(1, reach + 1):
                open_ = (nearest < 0) & (distance <= self._phrase_gap[phrase] + 1) & (wanted >= 0)
                target = place[last] + distance
                open_ &= target < len(at)
                row = np.searchsorted(code, target * size + wanted)
                hit = open_ & (row < len(code))
                hit[hit] = code[row[hit]] == (target * size + wanted)[hit]
                hit[hit] = sentence[at[target[hit]]] == sentence[first[hit]]
                nearest[hit] = at[target[hit]]
                loosest[hit] = np.maximum(worst[hit], how[row[hit]])
            kept = nearest >= 0
            phrase, first, last, worst = phrase[kept], first[kept], nearest[kept], loosest[kept]
            complete = self._phrase_length[phrase] == step + 1
            done.append((self._phrase_owner[phrase][complete], first[complete], last[complete], worst[complete]))
            phrase, first, last, worst = (column[~complete] for column in (phrase, first, last, worst))
        owner, begin, end, how_ = (np.concatenate(parts) for parts in zip(*done, strict=True))
        return owner, begin, end, how_


class _Index:
    """Which values belong to each key: a one-to-many mapping between small integers."""

    def __init__(self, keys: Sequence[int], values: Iterable[int], n_keys: int) -> None:
        order = np.argsort(np.asarray(keys, np.int64), kind="stable")
        self._values = np.asarray(list(values), np.int64)[order]
        self._start = np.concatenate(([0], np.cumsum(np.bincount(np.asarray(keys, np.int64), minlength=n_keys))))

    def expand(self, keys: Ints) -> tuple[Ints, Ints]:
        """Return, for each value of each key: the row of the key in `keys`, and the value."""
        if not len(self._values):
            none = np.zeros(0, np.int64)
            return none, none
        count = self._start[keys + 1] - self._start[keys]
        return np.repeat(np.arange(len(keys)), count), self._values[_ranges(self._start[keys], count)]


def _ranges(start: Ints, count: Ints) -> Ints:
    """Return start[0], start[0]+1, … (count[0] of them), start[1], …"""
    total = int(count.sum())
    offset = np.repeat(start - np.concatenate(([0], np.cumsum(count)[:-1])) if len(count) else start, count)
    return offset + np.arange(total)


def _stream(tokens: Tokens) -> tuple[Ints, Ints]:
    """Number the tokens leaving out quotes and hyphens: return each token's place, and the token at each place."""
    solid = ~vocabulary().see_through()[tokens.type]
    place = np.cumsum(solid) - 1
    return place, np.flatnonzero(solid)


def _best_route(matches: Matches) -> Matches:
    """Order by first token, length and owner, and keep one row for each: that of the surest route."""
    if not len(matches):
        return matches
    # One column to sort by instead of four: what identifies a match, as one number.
    length = matches.last - matches.first
    owners, routes = int(matches.owner.max()) + 1, int(matches.route.max()) + 1
    match = (matches.first * (int(length.max()) + 1) + length) * owners + matches.owner
    order = np.argsort(match * routes + matches.route, kind="stable")
    new = np.ones(len(order), bool)
    new[1:] = np.diff(match[order]) > 0
    return matches.take(order[new])


def longest(matches: Matches, group: Ints) -> NDArray[np.bool_]:
    """Say which matches stand when, inside each `group`, longer ones push out those they overlap.

    Ties go to the one that begins earlier, then to the lower owner. The result is a mask over
    `matches`, in which no two standing matches of a group share a token.
    """
    keep = np.ones(len(matches), bool)
    order = np.lexsort((matches.owner, -matches.last, matches.first, group))
    again = np.zeros(len(order), bool)
    again[1:] = np.all([np.diff(c[order]) == 0 for c in (group, matches.first, matches.last)], axis=0)
    keep[order[again]] = False  # of several owners of one span the lowest stands, or none
    order = order[~again]
    g, first, last = group[order], matches.first[order], matches.last[order]
    # Clusters of overlapping spans; only those with more than one member need settling.
    reach = np.maximum.accumulate(last + g * (int(last.max(initial=0)) + 1)) - g * (int(last.max(initial=0)) + 1)
    fresh = np.ones(len(g), bool)
    fresh[1:] = (np.diff(g) != 0) | (first[1:] > reach[:-1])
    starts = np.flatnonzero(fresh)
    ends = np.append(starts[1:], len(g))
    for a, b in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
        rows = order[a:b]
        taken: list[tuple[int, int]] = []
        for row in sorted(rows, key=lambda r: (matches.first[r] - matches.last[r], matches.first[r], matches.owner[r])):
            span = (int(matches.first[row]), int(matches.last[row]))
            if any(span[0] <= high and low <= span[1] for low, high in taken):
                keep[row] = False
            else:
                taken.append(span)
    return keep
