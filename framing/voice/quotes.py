"""Quotations: which tokens stand between quotation marks, balanced or not."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from framing.language import Tokens, vocabulary
from framing.language.tokens import PUNCT

_OPEN = {"«": "»", "“": "”", "‹": "›", "„": "“", "‘": "’", "‟": "”"}
_CLOSE = frozenset("»”›’")
_STRAIGHT = frozenset("\"″＂'`")
_LONGEST = 8  # paragraphs over which a quotation may run before it must be closed


@dataclasses.dataclass(frozen=True, slots=True)
class Quote:
    """Tokens ``[first, end)`` inside a pair of marks; `balanced` is False where one mark is missing."""

    first: int
    end: int
    balanced: bool = True


def find(tokens: Tokens, text: int) -> list[Quote]:
    """Return the quotations of one text, in order; a quotation inside a quotation belongs to the outer one.

    Curved marks pair with their partner, over paragraphs if need be. A straight mark opens or closes by
    the space around it. An opening mark without partner reaches to the end of its paragraph; a closing
    mark without partner reaches back to the beginning of its paragraph.
    """
    a, b = int(tokens.spans.first_token[text]), int(tokens.spans.first_token[text + 1])
    marks = _marks(tokens, a, b)
    if not marks:
        return []
    paragraph = tokens.spans.sentence_paragraph[tokens.spans.sentence[a:b]]
    found: list[Quote] = []
    at = 0
    while at < len(marks):
        place, _, opens = marks[at]
        partner = _partner(marks, at, paragraph, a) if opens else None
        if partner is not None:
            found.append(Quote(place + 1, marks[partner][0]))
            at = partner + 1
            continue
        here = int(paragraph[place - a])
        if opens:
            end = a + int(np.searchsorted(paragraph, here, side="right"))
            following = [m[0] for m in marks[at + 1 :] if m[2] and paragraph[m[0] - a] == here]
            found.append(Quote(place + 1, following[0] if following else end, balanced=False))
        elif not found or found[-1].end < place:
            start = max(a + int(np.searchsorted(paragraph, here)), found[-1].end + 1 if found else a)
            if place - start >= 4:
                found.append(Quote(start, place, balanced=False))
        at += 1
    return [quote for quote in found if quote.end > quote.first]


def _marks(tokens: Tokens, a: int, b: int) -> list[tuple[int, str, bool]]:
    """Return (token, mark, opens) for every quotation mark of the text."""
    words = vocabulary().words
    start, end, kind = tokens.spans.start, tokens.spans.end, tokens.spans.kind
    marks = []
    open_straight = False
    for place in np.flatnonzero(kind[a:b] == PUNCT) + a:
        mark = words[tokens.type[place]][0]
        if mark in _OPEN or mark in _CLOSE:
            if mark in "‘’":  # apostrophes are not quotations
                continue
            marks.append((int(place), mark, mark in _OPEN))
        elif mark in _STRAIGHT and mark not in "'`":
            before = place > a and int(end[place - 1]) == int(start[place])
            after = place + 1 < b and int(end[place]) == int(start[place + 1])
            opens = (after and not before) or (after == before and not open_straight)
            if after and before and kind[place - 1] == PUNCT and kind[place + 1] != PUNCT:
                opens = not open_straight
            if before and after and kind[place + 1] == PUNCT:
                opens = False
            open_straight = opens
            marks.append((int(place), '"', opens))
    return marks


def _partner(marks: Sequence[tuple[int, str, bool]], at: int, paragraph: np.ndarray, a: int) -> int | None:
    """Return the mark that closes the one `at`; the same mark opening again in a new paragraph continues it."""
    place, mark, _ = marks[at]
    closing = '"' if mark == '"' else _OPEN[mark]
    here = int(paragraph[place - a])
    depth = 0
    for later in range(at + 1, len(marks)):
        position, other, opens = marks[later]
        there = int(paragraph[position - a])
        if there - here > _LONGEST or (mark == '"' and there != here):
            return None
        if opens and other == mark:
            if there == here and mark != '"':
                depth += 1
            elif there == here:
                return None
            continue
        if not opens and (other == closing or (other == "”" and closing == "“")):
            if depth == 0:
                return later
            depth -= 1
    return None
