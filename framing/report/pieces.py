"""A text cut where marks begin and end, paragraph by paragraph, in one pass."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

#: What ends a paragraph of a shown text.
_ENDS = "\r\n\u2028\u2029\x0b\x0c\x85"


class Piece(NamedTuple):
    """A stretch of text that begins at `start`, and the numbers of the spans that cover it."""

    text: str
    spans: tuple[int, ...]
    start: int


def paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[list[Piece]]:
    r"""Cut `text` at paragraph ends and at every edge of a span, and yield the pieces of each paragraph.

    The time is that of sorting the spans, however long the text. Empty paragraphs are left out.

    >>> [[(piece.text, piece.spans) for piece in part] for part in paragraphs("one two\nthree", [(4, 13), (4, 7)])]
    [[('one ', ()), ('two', (0, 1))], [('three', (0,))]]
    """
    found: list[Piece] = []
    for start, end, inside in _segments(len(text), spans):
        at = start
        for line in text[start:end].splitlines(keepends=True):
            bare = line.rstrip(_ENDS)
            if bare:
                found.append(Piece(bare, inside, at))
            at += len(line)
            if len(bare) < len(line):
                if any(piece.text.strip() for piece in found):
                    yield found
                found = []
    if any(piece.text.strip() for piece in found):
        yield found


def _segments(length: int, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield (start, end, spans that cover it) between any two neighbouring edges."""
    order = sorted(range(len(spans)), key=lambda number: spans[number][0])
    edges = sorted({0, length, *(min(edge, length) for span in spans for edge in span)})
    opened: list[tuple[int, int]] = []  # (end, number), the one that ends first on top
    following = 0
    for start, end in itertools.pairwise(edges):
        while following < len(order) and spans[order[following]][0] <= start:
            heapq.heappush(opened, (spans[order[following]][1], order[following]))
            following += 1
        while opened and opened[0][0] <= start:
            heapq.heappop(opened)
        yield start, end, tuple(sorted(number for _, number in opened))
