"""Spans: raw text to paragraphs, sentences and tokens, as columns of integers.

Nothing here changes the text. Every token, sentence and paragraph is a half-open span
``[start, end)`` of character offsets into the raw text, so whatever is found later can be cut
out of the file it came from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.language import chars
from framing.language.sentences import sentence_breaks

Ints = NDArray[np.int32]

#: Kinds of token. Words and numbers count towards `N`; punctuation does not.
PUNCT, WORD, FOREIGN, NUMBER = 0, 1, 2, 3

@dataclasses.dataclass(frozen=True, slots=True)
class Spans:
    """Tokens, sentences and paragraphs of several texts, as columns.

    Every array of a group has the same length; offsets count characters of the raw text.

    | group | arrays |
    |---|---|
    | tokens | `start`, `end`, `kind`, `sentence` (row of the sentence arrays) |
    | sentences | `sentence_start`, `sentence_end`, `sentence_paragraph`, `sentence_text`, `sentence_number` |
    | texts | `first_token`, `first_sentence` (one more than there are texts), `n_paragraphs` |

    `sentence_number` and `sentence_paragraph` count from 0 inside each text.
    """

    start: Ints
    end: Ints
    kind: NDArray[np.uint8]
    sentence: Ints
    sentence_start: Ints
    sentence_end: Ints
    sentence_paragraph: Ints
    sentence_text: Ints
    sentence_number: Ints
    first_token: Ints
    first_sentence: Ints
    n_paragraphs: Ints

    def __len__(self) -> int:
        return len(self.start)


def segment(texts: Sequence[str]) -> Spans:
    """Return the paragraphs, sentences and tokens of each text.

    Paragraphs end at line breaks (hard-wrapped text is recognised: there they end at blank lines).
    Sentences never cross a paragraph. Tokens are words, numbers (2.5 and ٢٫٥ are one token) and
    punctuation marks; script changes and hyphens divide Arabic words, not English ones.

    >>> spans = segment(["وصل بوتين. قال: «أهلا»"])
    >>> [len(spans), spans.sentence_start.tolist(), spans.sentence_end.tolist()]
    [8, [0, 11], [10, 22]]
    """
    base = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=base[1:])
    joined = "\n".join(texts) + "\n"
    start, end, kind, codes = _tokens(joined)
    if not len(start):
        return _empty(len(texts))

    paragraph = np.searchsorted(_paragraph_ends(texts), start, side="right")
    is_last = sentence_breaks(joined, codes, start, end, kind, paragraph)
    sentence = np.concatenate(([0], np.cumsum(is_last[:-1])))
    first = np.flatnonzero(np.concatenate(([True], is_last[:-1])))
    last = np.append(first[1:], len(start)) - 1

    text = np.searchsorted(base, start[first], side="right") - 1
    first_sentence = np.searchsorted(text, np.arange(len(texts) + 1))
    paragraph = _dense_rank(paragraph[first])
    lowest = np.append(paragraph, 0)[np.minimum(first_sentence[:-1], len(first) - 1)]
    number = paragraph - lowest[text]
    n_paragraphs = np.zeros(len(texts), np.int64)
    np.maximum.at(n_paragraphs, text, number + 1)

    shift = base[text]
    return Spans(
        start=(start - shift[sentence]).astype(np.int32),
        end=(end - shift[sentence]).astype(np.int32),
        kind=kind,
        sentence=sentence.astype(np.int32),
        sentence_start=(start[first] - shift).astype(np.int32),
        sentence_end=(end[last] - shift).astype(np.int32),
        sentence_paragraph=number.astype(np.int32),
        sentence_text=text.astype(np.int32),
        sentence_number=(np.arange(len(first)) - first_sentence[text]).astype(np.int32),
        first_token=np.append(first, len(start))[first_sentence].astype(np.int32),
        first_sentence=first_sentence.astype(np.int32),
        n_paragraphs=n_paragraphs.astype(np.int32),
    )


def _empty(n_texts: int) -> Spans:
    none, per_text = np.zeros(0, np.int32), np.zeros(n_texts, np.int32)
    bounds = np.zeros(n_texts + 1, np.int32)
    kind = np.zeros(0, np.uint8)
    return Spans(none, none, kind, none, none, none, none, none, none, bounds, bounds, per_text)


def _dense_rank(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.diff(ordered) != 0)))


def _tokens(
    text: str,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8], NDArray[np.uint32]]:
    """Cut `text` at every change of character class; return starts, ends, kinds, code points."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    raw = chars.classify(codes)
    position = np.arange(len(raw))

    # Marks and controls belong to the letter or digit before them.
    loose = raw >= chars.MARK
    anchor = np.maximum.accumulate(np.where(loose, -1, position))
    group = raw[anchor]
    held = (group >= chars.ARABIC) & (group <= chars.DIGIT) & (anchor >= 0)
    alone = np.where(raw == chars.MARK, chars.PUNCTUATION, chars.SPACE)
    group = np.where(loose & ~held, alone, group)

    # 2.5 and U.S are one token: the separator takes the class of its neighbours.
    before, here, after = group[:-2], codes[1:-1], group[2:]
    inside = (before == chars.DIGIT) & (after == chars.DIGIT)
    inside &= np.isin(here, [ord(c) for c in chars.NUMBER_SEPARATORS])
    joint = (before == chars.LATIN) & (after == chars.LATIN)
    joint &= np.isin(here, [ord(c) for c in chars.LATIN_JOINERS])
    group[1:-1] = np.where(inside, chars.DIGIT, np.where(joint, chars.LATIN, group[1:-1]))

    left, right = group[:-1], group[1:]
    latin = (left == chars.LATIN) | (left == chars.DIGIT)
    latin &= (right == chars.LATIN) | (right == chars.DIGIT)
    change = np.ones(len(group), bool)
    change[1:] = (left != right) & ~latin
    change[1:] |= (left == chars.PUNCTUATION) & (right == chars.PUNCTUATION) & (codes[1:] != codes[:-1])

    start = np.flatnonzero(change)
    end = np.append(start[1:], len(group))
    solid = group[start] >= chars.PUNCTUATION
    start, end = start[solid], end[solid]

    # A control at the end of a word (a stray right-to-left mark) is not part of it.
    visible = np.maximum.accumulate(np.where(raw == chars.CONTROL, -1, position))
    end = np.maximum(visible[end - 1] + 1, start + 1)

    running = np.concatenate(([0], np.cumsum(group == chars.LATIN)))
    kind = np.where(
        group[start] == chars.ARABIC,
        WORD,
        np.where(running[end] > running[start], FOREIGN, np.where(group[start] == chars.DIGIT, NUMBER, PUNCT)),
    )
    return start, end, kind.astype(np.uint8), codes


def _paragraph_ends(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the offset, in the joined texts, at which each paragraph ends."""
    ends: list[int] = []
    offset = 0
    for text in texts:
        lines = text.splitlines(keepends=True)
        wrapped = _is_hard_wrapped(lines)
        position = offset
        for row, line in enumerate(lines):
            position += len(line)
            if not wrapped or row + 1 == len(lines) or not lines[row + 1].strip():
                ends.append(position)
        offset += len(text) + 1
        ends.append(offset)
    return np.asarray(ends, np.int64)


def _is_hard_wrapped(lines: list[str]) -> bool:
    """Say whether single line breaks are only the right margin of an e-mail or a PDF.

    True when at least four lines are followed by another without a blank line between, these lines
    are of nearly one length (40 to 120 characters), and most of them stop in mid-sentence.
    """
    inner = [
        line.rstrip()
        for line, following in zip(lines, lines[1:], strict=False)
        if line.strip() and following.strip()
    ]
    if len(inner) < 4:
        return False
    lengths = sorted(map(len, inner))
    middle, longest = lengths[len(lengths) // 2], lengths[-1]
    unfinished = sum(1 for line in inner if line[-1] not in chars.TERMINATORS | chars.CLOSERS)
    return 40 <= middle <= longest <= 120 and middle >= 0.75 * longest and unfinished >= 0.6 * len(inner)
