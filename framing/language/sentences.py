"""Where sentences end: full stops that are not abbreviations, decimals or list numbers."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from framing.language import chars

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Latin abbreviations after which a full stop does not end a sentence.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen lt col sgt capt maj adm sen rep gov pres st rev hon jr sr vs no nos "
    "inc ltd co corp dept est fig al jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n e.g i.e".split()
)
#: Names of Latin letters in Arabic script: سي.إن.إن, آر. بي. كا
_LETTER_NAMES = frozenset(
    chars.key(name)
    for name in "إيه أيه ايه بي سي دي إي إف جي إتش آي جيه كيه كي إل إم إن أو كيو آر إس تي "
    "يو في دبليو إكس واي زد".split()
)
_HARD = frozenset("!?؟۔‽")


_TERMINATORS = np.asarray([ord(c) for c in chars.TERMINATORS], np.uint32)


def sentence_breaks(
    text: str,
    codes: NDArray[np.uint32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    kind: NDArray[np.uint8],
    paragraph_last: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return, for each token, whether it is the last of its sentence.

    `text` and its `codes` are the same characters; `start`, `end` and `kind` describe its tokens;
    `paragraph_last` are the last tokens of paragraphs (-1 for one without any). A sentence ends with its
    paragraph, or after ``. ! ? ؟ ۔`` together with the quotes and brackets that close there. A full stop
    does not end it inside an abbreviation (د. أحمد, U.S.), after a list number, or before a lower-case
    Latin letter. An ellipsis never ends it: Arabic writers use it as a pause.
    """
    n = len(start)
    is_last = np.zeros(n, bool)
    is_last[-1:] = True
    is_last[paragraph_last[paragraph_last >= 0]] = True
    punctuation = np.flatnonzero(kind == 0)
    terminators = punctuation[np.isin(codes[start[punctuation]], _TERMINATORS)]
    terminators = terminators[~is_last[terminators]]
    plain = _plain_stop(text, codes, start, end, kind, terminators)
    is_last[terminators[plain]] = True
    for token in terminators[~plain].tolist():
        last = token
        while last + 1 < n and not is_last[last] and _closes(text, start, end, last):
            last += 1
        if not is_last[last] and _ends_sentence(text, start, end, kind, is_last, token, last):
            is_last[last] = True
    return is_last


def _plain_stop(
    text: str,
    codes: NDArray[np.uint32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    kind: NDArray[np.uint8],
    terminators: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Say which stops (none the last token) need no second look.

    A single ``.`` glued to an Arabic word that stands for no letter, white space, then another word: more than
    nine in ten are of this kind; they are settled on whole columns.
    """
    here, before, after = terminators, np.maximum(terminators - 1, 0), terminators + 1
    plain: NDArray[np.bool_] = (here > 0) & (codes[start[here]] == ord(".")) & (end[here] - start[here] == 1)
    plain &= (kind[before] == 1) & (end[before] == start[here])
    plain &= ((kind[after] == 1) | (kind[after] == 3)) & (start[after] > end[here])
    short = np.flatnonzero(plain & (end[before] - start[before] <= 3))
    words = zip(start[before[short]].tolist(), end[before[short]].tolist(), strict=True)
    plain[short] = [not _stands_for_a_letter(text[i:j]) for i, j in words]
    return plain


def _closes(text: str, start: NDArray[np.int64], end: NDArray[np.int64], token: int) -> bool:
    """Say whether the token after `token` is a closing mark or terminator glued to it."""
    following = text[start[token + 1]]
    glued = int(start[token + 1]) == int(end[token])
    return glued and (following in chars.CLOSERS or following in chars.TERMINATORS)


def _ends_sentence(
    text: str,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    kind: NDArray[np.uint8],
    is_last: NDArray[np.bool_],
    token: int,
    last: int,
) -> bool:
    mark = text[start[token] : end[last]]
    following = text[start[last + 1]]
    spaced = int(start[last + 1]) > int(end[last])
    if following in "،,;؛:":
        return False
    if following.islower():
        return False
    if mark[0] in _HARD:
        aside = token > 0 and text[start[token - 1]] in "(["  # (!) is a remark, not an end
        return not (aside and (mark[-1] in ")]" or following in ")]"))
    if mark.startswith(("…", "..")):
        return False
    if token == 0 or is_last[token - 1]:
        return False
    before = text[start[token - 1] : end[token - 1]]
    glued = int(end[token - 1]) == int(start[token])
    if kind[token - 1] == 3:  # a number: "1." opening a sentence is a list number
        opens = token == 1 or bool(is_last[token - 2])
        return not opens and (spaced or kind[last + 1] == 1)
    if kind[token - 1] == 2:
        bare = before.casefold()
        return spaced and not (glued and (bare in _ABBREVIATIONS or len(bare) == 1))
    if kind[token - 1] == 1:
        return not (glued and _stands_for_a_letter(before)) and (spaced or last > token or kind[last + 1] in (1, 3))
    return spaced or last > token


@functools.lru_cache(maxsize=10_000)
def _stands_for_a_letter(word: str) -> bool:
    """Say whether an Arabic word is an initial (د.) or the name of a Latin letter (سي. إن. إن.)."""
    return len(chars.clean(word)) == 1 or chars.key(word) in _LETTER_NAMES
