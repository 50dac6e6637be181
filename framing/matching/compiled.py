"""A codebook made ready: every term compiled, every owner of a term known by number."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from framing.codebook.model import Actor, Codebook, Condition, Entry, Frame
from framing.matching.matcher import Matcher
from framing.matching.terms import Symbol, Term, split, term

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Names of a frame or actor that mean something else; they win over entries and count for nothing.
EXCLUDED = -1


@dataclasses.dataclass(frozen=True, slots=True)
class EntryOwner:
    """Owner of the matches of one entry of one frame; `entry` is None for the frame's `names`."""

    frame: int
    entry: Entry | None
    requires: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """What is asked of the owner of every match, by owner number; owners that are no entries have frame -1."""

    frame: NDArray[np.int64]
    named: NDArray[np.bool_]  # one of the frame's `names`
    conditional: NDArray[np.bool_]
    term: NDArray[np.object_]
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, entries: Mapping[int, EntryOwner], n: int) -> Columns:
        columns = cls(np.full(n, -1), np.zeros(n, bool), np.zeros(n, bool), np.full(n, "", object), np.zeros(n))
        for owner, each in entries.items():
            columns.frame[owner] = each.frame
            columns.named[owner] = each.entry is None
            columns.conditional[owner] = bool(each.requires or each.unless)
            if each.entry is not None:
                columns.term[owner], columns.weight[owner] = each.entry.term, each.entry.weight
        return columns


class Compiled:
    """The terms of a codebook with their owners.

    Attributes
    ----------
    entries : dict from owner number to EntryOwner
    actors : dict from owner number to the row of the actor (in `actor_ids`, or EXCLUDED) and the person's id
    conditions : dict from Condition (per frame) to the owner numbers of what it names
    matcher : Matcher over all of them
    columns : Columns, `entries` once more
    """

    def __init__(self, codebook: Codebook, margin: str) -> None:
        self.codebook = codebook
        self.frame_ids = list(codebook.frames)
        self.actor_ids = list(codebook.actors)
        self.entries: dict[int, EntryOwner] = {}
        self.actors: dict[int, tuple[int, str | None]] = {}
        self.conditions: dict[tuple[int, Condition], tuple[int, ...]] = {}
        self._terms: list[Term] = []
        self._owners = 0
        for number, frame in enumerate(codebook.frames.values()):
            self._add_frame(number, frame)
        for row, actor in enumerate(codebook.actors.values()):
            self._add_actor(row, actor)
        self.matcher = Matcher(self._terms, margin=margin, variants=codebook.spelling)
        self.columns = Columns.of(self.entries, self._owners)

    def _next_owner(self) -> int:
        self._owners += 1
        return self._owners - 1

    def _add_frame(self, number: int, frame: Frame) -> None:
        for name in frame.names:  # first: of two matches of one length the lower owner wins
            owner = self._next_owner()
            self.entries[owner] = EntryOwner(number, None)
            self._terms.append(term(owner, name, "phrase" if len(split(name)) > 1 else "lemma"))
        by_term: dict[str, list[int]] = {}
        for entry in frame.entries:
            owner = self._next_owner()
            by_term.setdefault(entry.term, []).append(owner)
            for text in entry.terms:
                match = "phrase" if entry.match == "lemma" and len(split(text)) > 1 else entry.match
                compiled = term(owner, text, match, pos=entry.pos, gap=entry.gap, valuetype=entry.valuetype)
                self._terms.append(compiled)
            requires, unless = (*frame.requires, *entry.requires), (*frame.unless, *entry.unless)
            self.entries[owner] = EntryOwner(number, entry, requires, unless)
        conditions = [c for e in frame.entries for c in (*e.requires, *e.unless)] + [*frame.requires, *frame.unless]
        for condition in dict.fromkeys(conditions):
            owners = [owner for t in condition.entry for owner in by_term[t]]
            for text in condition.term:
                owner = self._next_owner()
                match = "pattern" if set(text) & set("*?") else "phrase" if len(split(text)) > 1 else "lemma"
                self._terms.append(term(owner, text, match))
                owners.append(owner)
            self.conditions[number, condition] = tuple(owners)

    def _add_actor(self, row: int, actor: Actor) -> None:
        self._own((row, None), actor_terms(actor))
        for person in actor.people:
            ways = (*person.names.values(), *person.short.values())
            named = [name for names in ways for name in names]
            self._own((row, person.id), (symbols for name in named for symbols in _name(name)))
            if actor.fuzzy:
                arabic = (name for name in named if not name.isascii())
                self._own((row, person.id), (_written(name, "fuzzy") for name in arabic))
        self._own((EXCLUDED, None), (_written(name) for names in actor.excluded.values() for name in names))

    def _own(self, whom: tuple[int, str | None], ways: Iterable[tuple[Symbol, ...]]) -> None:
        owner = self._next_owner()
        self.actors[owner] = whom
        self._terms += [Term(owner, symbols) for symbols in dict.fromkeys(ways)]


def actor_terms(actor: Actor) -> Iterator[tuple[Symbol, ...]]:
    """Yield every way of naming an actor itself, compiled: names, capital, institutions, adjectives."""
    for ways in (actor.names, actor.capital, actor.institutions):
        for names in ways.values():
            for name in names:
                yield from _name(name)
    for language, adjectives in actor.adjectives.items():
        for adjective in adjectives:
            kind = "relational" if language == "ar" else "surface"
            yield (Symbol(kind, adjective),) if " " not in adjective else _written(adjective)


def _name(name: str) -> Iterator[tuple[Symbol, ...]]:
    symbols = _written(name)
    yield symbols
    if len(symbols) == 2 and not name.isascii():  # دياز كانيل is also written ديازكانيل
        yield (Symbol("surface", symbols[0].text + symbols[1].text),)


def _written(name: str, kind: str = "surface") -> tuple[Symbol, ...]:
    return tuple(Symbol(kind, word) for word in split(name))


@functools.lru_cache(maxsize=16)
def compile_codebook(codebook: Codebook, margin: str) -> Compiled:
    """Return `codebook` made ready for matching; the last few are kept."""
    return Compiled(codebook, margin)
