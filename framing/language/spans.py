"""Spans: raw text to paragraphs, sentences and tokens, as columns of integers.

Nothing here changes the text. Every token, sentence and paragraph is a half-open span
``[start, end)`` of character offsets into the raw text, so whatever is found later can be cut
out of the file it came from.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.language import chars
from framing.language.sentences import sentence_breaks

Ints = NDArray[np.int32]

#: Kinds of token. Words and numbers count towards `N`; punctuation does not.
PUNCT, WORD, FOREIGN, NUMBER = 0, 1, 2, 3
#: So many lines must run on without a blank line for a text to count as hard-wrapped.
_WRAPPED_LINES = 4


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
    return cut(texts)[0]


@dataclasses.dataclass(frozen=True, slots=True)
class Joined:
    """Several texts as one, a line break behind each, with the tokens as spans of the whole.

    `codes` are the code points of `text`, one per character.
    """

    text: str
    codes: NDArray[np.uint32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def cut(texts: Sequence[str]) -> tuple[Spans, Joined]:
    """Return the spans of each text (see `segment`), and the texts as one."""
    base = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=base[1:])
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    start, end, kind, breaks = _tokens(codes)
    whole = Joined(joined, codes, start, end)
    if not len(start):
        return _empty(len(texts)), whole

    paragraph_ends = _paragraph_ends(joined, texts, base, breaks)
    is_last = sentence_breaks(joined, codes, start, end, kind, np.searchsorted(start, paragraph_ends) - 1)
    last = np.flatnonzero(is_last)
    first = np.concatenate(([0], last[:-1] + 1))

    text = np.searchsorted(base, start[first], side="right") - 1
    first_sentence = np.searchsorted(text, np.arange(len(texts) + 1))
    paragraph = _dense_rank(np.searchsorted(paragraph_ends, start[first], side="right"))
    lowest = np.append(paragraph, 0)[np.minimum(first_sentence[:-1], len(first) - 1)]
    number = paragraph - lowest[text]
    n_paragraphs = np.zeros(len(texts), np.int64)
    np.maximum.at(n_paragraphs, text, number + 1)

    shift, length = base[text], last - first + 1
    shifts = np.repeat(shift, length)
    spans = Spans(
        start=(start - shifts).astype(np.int32),
        end=(end - shifts).astype(np.int32),
        kind=kind,
        sentence=np.repeat(np.arange(len(first), dtype=np.int32), length),
        sentence_start=(start[first] - shift).astype(np.int32),
        sentence_end=(end[last] - shift).astype(np.int32),
        sentence_paragraph=number.astype(np.int32),
        sentence_text=text.astype(np.int32),
        sentence_number=(np.arange(len(first)) - first_sentence[text]).astype(np.int32),
        first_token=np.append(first, len(start))[first_sentence].astype(np.int32),
        first_sentence=first_sentence.astype(np.int32),
        n_paragraphs=n_paragraphs.astype(np.int32),
    )
    return spans, whole


def _empty(n_texts: int) -> Spans:
    none, per_text = np.zeros(0, np.int32), np.zeros(n_texts, np.int32)
    bounds = np.zeros(n_texts + 1, np.int32)
    kind = np.zeros(0, np.uint8)
    return Spans(none, none, kind, none, none, none, none, none, none, bounds, bounds, per_text)


def _dense_rank(ordered: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.diff(ordered) != 0)))


#: The kind of a token by the class of its first character; one that begins with a digit may yet be foreign.
_KIND = np.zeros(8, np.uint8)
_KIND[[chars.ARABIC, chars.LATIN, chars.DIGIT]] = WORD, FOREIGN, NUMBER
_NUMBER_SEPARATORS = np.asarray([ord(c) for c in chars.NUMBER_SEPARATORS], np.uint32)
_LATIN_JOINERS = np.asarray([ord(c) for c in chars.LATIN_JOINERS], np.uint32)


def _tokens(
    codes: NDArray[np.uint32],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64]]:
    """Cut a text at every change of character class; return starts, ends, kinds, and where the line breaks are.

    What is rare (marks, controls, punctuation) is handled by its places, so that only few steps touch every
    character.
    """
    group = chars.classify(codes)
    controls = _hold_loose(group)
    punctuation = np.flatnonzero(group == chars.PUNCTUATION)
    punctuation = punctuation[~_join_separated(group, codes, punctuation)]

    unit = np.minimum(group, chars.LATIN)  # letters and digits make one token: G20
    change = np.ones(len(group), bool)
    np.not_equal(unit[1:], unit[:-1], out=change[1:])
    beside = punctuation[1:][np.diff(punctuation) == 1]
    change[beside] = codes[beside] != codes[beside - 1]

    start = np.flatnonzero(change)
    end = np.append(start[1:], len(group))
    opening = group[start]
    solid = opening >= chars.PUNCTUATION
    start, end, opening = start[solid], end[solid], opening[solid]
    if len(controls):
        _strip_controls(start, end, controls)

    kind = _KIND[opening]
    digits = np.flatnonzero(kind == NUMBER)
    letters = np.flatnonzero(group == chars.LATIN) if len(digits) else digits
    holds_letter = np.searchsorted(letters, end[digits]) > np.searchsorted(letters, start[digits])
    kind[digits[holds_letter]] = FOREIGN
    return start, end, kind, np.flatnonzero(group == chars.NEWLINE)


def _hold_loose(group: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Give marks and controls to the letter or digit before them, in place; return where the controls are."""
    loose = np.flatnonzero(group >= chars.MARK)
    if not len(loose):
        return loose
    was = group[loose]
    fresh = np.ones(len(loose), bool)
    fresh[1:] = np.diff(loose) != 1
    anchor = loose[np.maximum.accumulate(np.where(fresh, np.arange(len(loose)), 0))] - 1
    holder = np.where(anchor >= 0, group[anchor], np.uint8(chars.SPACE))
    held = (holder >= chars.ARABIC) & (holder <= chars.DIGIT)
    alone = np.where(was == chars.MARK, chars.PUNCTUATION, chars.SPACE)
    group[loose] = np.where(held, holder, alone)
    controls: NDArray[np.int64] = loose[was == chars.CONTROL]
    return controls


def _join_separated(
    group: NDArray[np.uint8], codes: NDArray[np.uint32], punctuation: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Give the separators inside 2.5 and U.S the class of their neighbours, in place; say which these are."""
    joined = np.zeros(len(punctuation), bool)
    inner = slice(int(np.searchsorted(punctuation, 1)), int(np.searchsorted(punctuation, len(group) - 1)))
    at = punctuation[inner]
    left = group[at - 1]
    between = np.flatnonzero((left == group[at + 1]) & ((left == chars.DIGIT) | (left == chars.LATIN)))
    at, left = at[between], left[between]
    fits = np.where(left == chars.DIGIT, np.isin(codes[at], _NUMBER_SEPARATORS), np.isin(codes[at], _LATIN_JOINERS))
    group[at[fits]] = left[fits]
    joined[inner.start + between[fits]] = True
    return joined


def _strip_controls(start: NDArray[np.int64], end: NDArray[np.int64], controls: NDArray[np.int64]) -> None:
    """Take controls off the ends of tokens, in place: a stray right-to-left mark is not part of a word."""
    apart = np.diff(controls) != 1
    run_start = controls[np.concatenate(([True], apart))]
    run_end = controls[np.append(apart, True)] + 1
    row = np.searchsorted(end, run_end)
    inside = row < len(end)
    row, run_start, run_end = row[inside], run_start[inside], run_end[inside]
    trailing = end[row] == run_end
    row, run_start = row[trailing], run_start[trailing]
    end[row] = np.maximum(run_start, start[row] + 1)


def _paragraph_ends(
    joined: str, texts: Sequence[str], base: NDArray[np.int64], breaks: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the offset, in the joined texts, at which each paragraph ends.

    `base` is where each text begins there, `breaks` where the line breaks are.
    """
    rows = list(range(len(texts)))
    if "\r" not in joined:  # then two breaks in a row are a blank line, and only breaks that stand alone can be margins
        apart = np.diff(breaks) > 1
        alone = breaks[np.append(apart, True) & np.concatenate(([True], apart))]
        rows = np.flatnonzero(np.diff(np.searchsorted(alone, base)) >= _WRAPPED_LINES).tolist()
    kept = np.ones(len(breaks), bool)
    blank: list[int] = []
    for row in rows:
        lines = texts[row].splitlines(keepends=True)
        if _is_hard_wrapped(lines):
            kept[(breaks >= base[row]) & (breaks < base[row + 1] - 1)] = False
            position = int(base[row])
            for line, following in zip(lines, [*lines[1:], ""], strict=True):
                position += len(line)
                if not following.strip():
                    blank.append(position)
    ends = breaks[kept] + 1
    return np.sort(np.concatenate((ends, blank))).astype(np.int64) if blank else ends


def _is_hard_wrapped(lines: list[str]) -> bool:
    """Say whether single line breaks are only the right margin of an e-mail or a PDF.

    True when at least four lines are followed by another without a blank line between, these lines
    are of nearly one length (40 to 120 characters), and most of them stop in mid-sentence.
    """
    inner = [line.rstrip() for line, following in itertools.pairwise(lines) if line.strip() and following.strip()]
    if len(inner) < _WRAPPED_LINES:
        return False
    lengths = sorted(map(len, inner))
    middle, longest = lengths[len(lengths) // 2], lengths[-1]
    unfinished = sum(1 for line in inner if line[-1] not in chars.TERMINATORS | chars.CLOSERS)
    return 40 <= middle <= longest <= 120 and middle >= 0.75 * longest and unfinished >= 0.6 * len(inner)
