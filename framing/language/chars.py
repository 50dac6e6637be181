"""Characters: what each code point is, and how a word is folded to its orthographic key.

The classes drive the tokeniser; the key makes spellings of one word meet that differ only in
what Arabic writers vary freely (hamza seats on alef, final ya, ta marbuta, diacritics, tatweel,
presentation forms, invisible controls).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPACE, NEWLINE, PUNCTUATION, ARABIC, LATIN, DIGIT, MARK, CONTROL = range(8)

TATWEEL = "\u0640"
TERMINATORS = frozenset(".!?؟۔…‽")
CLOSERS = frozenset("\"'”’»›)]}“‟＂")
OPENERS = frozenset("\"'“‘«‹([{„‚")
NUMBER_SEPARATORS = ".,\u066b\u066c"
LATIN_JOINERS = ".'’-\u2010\u2011&"

_NEWLINES = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # as str.splitlines() has them
_FOLD = {
    **dict.fromkeys(map(ord, "أإآٱٲٳٵ"), "ا"),
    ord("ى"): "ي",
    ord("ی"): "ي",
    ord("ې"): "ي",
    ord("ۍ"): "ي",
    ord("ے"): "ي",
    ord("ة"): "ه",
    ord("ہ"): "ه",
    ord("ۀ"): "ه",
    ord("ە"): "ه",
    ord("ھ"): "ه",
    ord("ک"): "ك",
    ord("ڪ"): "ك",
    ord("’"): "'",
    ord("\u2010"): "-",
    ord("\u2011"): "-",
    **{ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")},
    **{ord(digit): str(value) for value, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")},
}


def character_class(character: str) -> int:
    """Return the class of one character: one of the eight constants of this module.

    >>> character_class("ك") == ARABIC, character_class("،") == PUNCTUATION
    (True, True)
    """
    if character in _NEWLINES:
        return NEWLINE
    if character == TATWEEL:
        return MARK
    category = unicodedata.category(character)
    if category[0] == "L":
        return ARABIC if _is_arabic(ord(character)) else LATIN
    if category[0] == "M":
        return MARK
    if category == "Nd":
        return DIGIT
    if category[0] == "N":
        return LATIN if category == "Nl" else PUNCTUATION
    if category == "Cf":
        return CONTROL
    if category[0] in "PS":
        return PUNCTUATION
    return SPACE


def _is_arabic(code: int) -> bool:
    return (
        0x0600 <= code <= 0x06FF
        or 0x0750 <= code <= 0x077F
        or 0x0870 <= code <= 0x08FF
        or 0xFB50 <= code <= 0xFDFF
        or 0xFE70 <= code <= 0xFEFF
    )


@functools.lru_cache(maxsize=1)
def class_table() -> NDArray[np.uint8]:
    """Return the class of every code point of the Basic Multilingual Plane, as an array (65536,)."""
    import numpy as np

    return np.fromiter((character_class(chr(code)) for code in range(0x10000)), np.uint8, 0x10000)


@functools.lru_cache(maxsize=4096)
def _class_beyond_bmp(code: int) -> int:
    return character_class(chr(code))


def classify(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the class of each code point in `codes`, an array of the same length."""
    import numpy as np

    table = class_table()
    beyond = codes > 0xFFFF
    if not beyond.any():
        return table[codes]
    classes = table[np.where(beyond, 0, codes)]
    classes[beyond] = [_class_beyond_bmp(int(code)) for code in codes[beyond]]
    return classes


@functools.lru_cache(maxsize=1)
def _removed() -> dict[int, None]:
    return {
        code: None
        for code in range(0x10000)
        if character_class(chr(code)) in (MARK, CONTROL) and not 0x0300 <= code <= 0x036F
    }


@functools.lru_cache(maxsize=1)
def _key_table() -> dict[int, str | None]:
    return {**_removed(), **_FOLD}


_PRESENTED = re.compile("[\ufb50-\ufefc]")


def _compose(word: str) -> str:
    """Undo presentation forms (ﺗﻌﺎﻭﻥ) and separate hamza or madda marks (ا + ٓ)."""
    if _PRESENTED.search(word):
        word = unicodedata.normalize("NFKC", word)
    return unicodedata.normalize("NFC", word)


def clean(word: str) -> str:
    """Return `word` without diacritics, tatweel, controls and presentation forms, spelling kept.

    >>> clean("تعـــاوُنٌ")
    'تعاون'
    """
    return word if word.isascii() else _compose(word).translate(_removed())


def key(word: str) -> str:
    """Return the orthographic key of `word`: cleaned, with free spelling variation folded.

    أ إ آ ٱ become ا; ى becomes ي; ة becomes ه; Persian letter shapes become Arabic ones; Arabic-Indic
    digits become ASCII ones; Latin letters are case-folded.

    >>> key("أَمريكا") == key("امريكا"), key("Ｕ．Ｓ") == key("u.s"), key("٥٠")
    (True, False, '50')
    """
    if word.isascii():
        return word.lower()
    return _compose(word).translate(_key_table()).casefold()


def has_vowels(word: str) -> bool:
    """Say whether `word` carries Arabic vowel marks (a vocalised lemma as a codebook entry may).

    >>> has_vowels("حَرْب"), has_vowels("حرب")
    (True, False)
    """
    return any("\u064b" <= character <= "\u0652" or character == "\u0670" for character in word)
