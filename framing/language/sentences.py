"""Where sentences end: full stops that are not abbreviations, decimals or list numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.language import chars

#: Latin abbreviations after which a full stop does not end a sentence.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen lt col sgt capt maj adm sen rep gov pres st rev hon jr sr vs no nos "
    "inc ltd co corp dept est fig al jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n e.g i.e".split()
)
#: Names of Latin letters in Arabic script: سي.إن.إن, آر. بي. كا
_LETTER_NAMES = frozenset(
    chars.key(name)
    for name in "إيه أيه ايه بي سي دي إي إف جي إتش آي جيه كيه كي إل إم إن أو كيو آر إس تي يو في دبليو إكس واي زد".split()
)
_HARD = frozenset("!?؟۔‽")


def sentence_breaks(
    text: str,
    codes: NDArray[np.uint32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    kind: NDArray[np.uint8],
    paragraph: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return, for each token, whether it is the last of its sentence.

    `text` and its `codes` are the same characters; `start`, `end`, `kind` and `paragraph` describe
    its tokens. A sentence ends with its paragraph, or after ``. ! ? ؟ ۔`` together with the quotes and
    brackets that close there. A full stop does not end it inside an abbreviation (د. أحمد, U.S.),
    after a list number, or before a lower-case Latin letter. An ellipsis never ends it: Arabic
    writers use it as a pause.
    """
    n = len(start)
    is_last = np.ones(n, bool)
    is_last[:-1] = paragraph[1:] != paragraph[:-1]
    terminator = (kind == 0) & np.isin(codes[start], [ord(c) for c in chars.TERMINATORS])
    plain = terminator & ~is_last & _plain_stop(codes, start, end, kind)
    is_last |= plain
    for token in np.flatnonzero(terminator & ~is_last).tolist():
        last = token
        while last + 1 < n and not is_last[last] and _closes(text, start, end, last):
            last += 1
        if not is_last[last] and _ends_sentence(text, start, end, kind, is_last, token, last):
            is_last[last] = True
    return is_last


def _plain_stop(
    codes: NDArray[np.uint32], start: NDArray[np.int64], end: NDArray[np.int64], kind: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Find the stops that need no second look: a single ``.`` glued to a long Arabic word, white space, then another.

    More than nine in ten are of this kind; they are settled on whole columns.
    """
    plain = np.zeros(len(start), bool)
    if len(start) > 2:
        here = slice(1, -1)
        plain[here] = (codes[start[here]] == ord(".")) & (end[here] - start[here] == 1)
        plain[here] &= (kind[:-2] == 1) & (end[:-2] - start[:-2] > 3) & (end[:-2] == start[here])
        plain[here] &= ((kind[2:] == 1) | (kind[2:] == 3)) & (start[2:] > end[here])
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
        short = glued and (len(chars.clean(before)) == 1 or chars.key(before) in _LETTER_NAMES)
        return not short and (spaced or last > token or kind[last + 1] in (1, 3))
    return spaced or last > token
