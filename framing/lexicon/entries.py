"""Entries against entries: which of them match each other's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from framing.codebook import Codebook, Entry
from framing.language import tokenise
from framing.lexicon.findings import Finding
from framing.matching.compiled import Compiled, compile_codebook

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Owner number of an entry, its number within its frame (from 1) and the entry.
Owned = dict[int, tuple[int, Entry]]


def owned_entries(compiled: Compiled) -> Owned:
    """Return the entries of a codebook by the number under which the engine knows them."""
    found: Owned = {}
    count: dict[int, int] = {}
    for owner, held in compiled.entries.items():
        if held.entry is not None:
            count[held.frame] = count.get(held.frame, 0) + 1
            found[owner] = (count[held.frame], held.entry)
    return found


def overlaps(codebook: Codebook) -> Iterator[Finding]:
    """Find entries whose words are matched by another entry or a name, or by nothing at all.

    The terms themselves are coded: what the engine says is what will happen in texts.
    """
    compiled = compile_codebook(codebook, "default")
    owned = owned_entries(compiled)
    texts, owners = _terms(owned)
    matched: set[tuple[int, int]] = set()  # whose term, matched by whom
    for text, owner, others in zip(texts, owners, whole_matches(compiled, texts), strict=True):
        matched.update((owner, other) for other in others if other in owned)
        for other in sorted(others):
            held = compiled.entries.get(other)
            if held is not None and held.entry is None and held.frame == compiled.entries[owner].frame:
                detail = f"{text!r} is one of the frame's names, which count for nothing; drop one of the two"
                yield Finding("error", "named_away", compiled.frame_ids[held.frame], owned[owner][1].term, detail)
    for one, two in sorted({(min(pair), max(pair)) for pair in matched if pair[0] != pair[1]}):
        yield _overlap(one, two, compiled, owned, mutual={(one, two), (two, one)} <= matched)
    for owner in dict.fromkeys(owners):
        if (owner, owner) not in matched:
            yield _not_found(owner, compiled, owned)


def _terms(owned: Owned) -> tuple[list[str], list[int]]:
    """Return the terms that are words (patterns are not), and whose they are."""
    texts, owners = [], []
    for owner, (_, entry) in owned.items():
        for term in entry.terms:
            if entry.match != "pattern" or not (entry.valuetype == "regex" or set(term) & set("*?")):
                texts.append(" ".join(word[1:] if word[:1] == "=" and word[1:] else word for word in term.split()))
                owners.append(owner)
    return texts, owners


def whole_matches(compiled: Compiled, texts: list[str]) -> list[set[int]]:
    """Return, for each text, the owners of the matches that span all its words."""
    matched: list[set[int]] = [set() for _ in texts]
    if not texts:
        return matched
    tokens = tokenise(texts)
    text = tokens.spans.sentence_text[tokens.spans.sentence]
    words = np.flatnonzero(tokens.is_word)
    first: NDArray[np.int64] = np.full(len(texts), -1, np.int64)
    last: NDArray[np.int64] = np.full(len(texts), -1, np.int64)
    first[text[words][::-1]] = words[::-1]
    last[text[words]] = words
    found = compiled.matcher.match(tokens)
    of = text[found.first]
    spanning = (found.first == first[of]) & (found.last == last[of])
    for row, owner in zip(of[spanning].tolist(), found.owner[spanning].tolist(), strict=True):
        matched[row].add(owner)
    return matched


def _overlap(earlier: int, later: int, compiled: Compiled, owned: Owned, *, mutual: bool) -> Finding:
    one, two = compiled.entries[earlier], compiled.entries[later]
    (number, first), (_, second) = owned[earlier], owned[later]
    frame = compiled.frame_ids[two.frame]
    if one.frame != two.frame:
        detail = f"the entry {first.term!r} of {compiled.frame_ids[one.frame]!r} matches the same words"
        return Finding("note", "shared", frame, second.term, detail)
    same = (one.requires, one.unless) == (two.requires, two.unless)
    if mutual and same and (set(first.pos) & set(second.pos) or not (first.pos and second.pos)):
        return Finding("warning", "duplicate", frame, second.term, f"the entry {first.term!r} has the same words")
    how = "matches the same words" if same else "matches the same words under other conditions"
    return Finding("note", "overlap", frame, second.term, f"the entry {first.term!r} (no. {number} of the frame) {how}")


def _not_found(owner: int, compiled: Compiled, owned: Owned) -> Finding:
    entry = owned[owner][1]
    restricted = f" as {' or '.join(entry.pos)}" if entry.pos else ""
    detail = f"the term is not found where it stands alone{restricted}; is it a citation form?"
    frame = compiled.frame_ids[compiled.entries[owner].frame]
    return Finding("note" if entry.pos else "warning", "not_found", frame, entry.term, detail)
