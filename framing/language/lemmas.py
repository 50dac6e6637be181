"""Lemmas: one key per word type, by which all forms of a word are counted together, and one form to show.

The key is that of the best reading out of context, spelling variants folded (أميركي counts as أمريكي).
English words are counted by their stem. What a reader sees is never the key but a word as the texts
write it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.language import chars, clitics, english, morphology, spelling
from framing.language.readings import ABSENT, Reading
from framing.language.spans import FOREIGN, WORD
from framing.language.tokens import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: In capitals these are names; in small letters they are pronouns.
_ACRONYMS = frozenset({"US", "WHO", "IT"})


def lemmas(
    type_ids: Iterable[int] | NDArray[Any], *, beside: Container[str] = frozenset()
) -> tuple[NDArray[np.object_], dict[str, str]]:
    """Return the lemma key of each word, and for each key the form to show to a reader.

    Parameters
    ----------
    type_ids : array of int
        Type numbers of `vocabulary()`, as in `Tokens.type`; a type may occur often. How often it does
        decides which form of a lemma is shown.
    beside : container of str
        Keys that are in use already (those of a corpus with which these words are compared).

    Returns
    -------
    keys : object array, as long as `type_ids`
        Arabic: the key of the best reading's lemma, in its canonical spelling. A word that no dictionary
        knows stands for itself; should it also occur in `type_ids`, or in `beside`, without its proclitics
        (وديازكانيل and ديازكانيل), the two are one. English: the stem (US, WHO and IT keep their capitals,
        or they were pronouns). Numbers and punctuation: themselves.
    readable : dict from key to str
        The most frequent form without vowels, its proclitics (و، ف، ب، ك، ل، س، ال) cut off where the reading
        says that they are some. Forms with an attached pronoun are shown only where there is no other.

    Examples
    --------
    >>> from framing.language import tokenise
    >>> keys, readable = lemmas(tokenise(["وبعلاقاتها مع العلاقات والحليف"]).type)
    >>> keys.tolist(), readable["علاقه"]
    (['علاقه', 'مع', 'علاقه', 'حليف'], 'علاقات')
    """
    ids = np.asarray(type_ids if isinstance(type_ids, np.ndarray) else list(type_ids), np.int64)
    types, place, counts = np.unique(ids, return_inverse=True, return_counts=True)
    found = _analysed(types.tolist())
    _join_unknown(found, beside)
    keys = np.empty(len(types), object)
    keys[:] = [key for key, *_ in found]
    return keys[place], _readable(found, counts.tolist())


#: Key, form without proclitics, whether a pronoun is attached, whether the dictionary knows the word.
_Found = tuple[str, str, bool, bool]


def _analysed(types: Sequence[int]) -> list[_Found]:
    words = vocabulary()
    keys = words.keys()
    arabic = [chars.clean(words.words[t]) for t in types if words.kinds[t] == WORD]
    readings = morphology.backend().readings(arabic)
    found: list[_Found] = []
    for number in types:
        word, kind, key = words.words[number], words.kinds[number], keys[number]
        if kind == WORD:
            found.append(_arabic(chars.clean(word), key, readings))
        elif kind == FOREIGN:
            form = word.removesuffix("'s").removesuffix("’s")
            found.append((form if form in _ACRONYMS else english.lemma_key(key), form, False, True))
        else:
            found.append((key, word, False, True))
    return found


def _arabic(word: str, key: str, readings: Mapping[str, tuple[Reading, ...]]) -> _Found:
    best = next(iter(readings.get(word, ())), None)
    if best is None:
        return spelling.canonical(key), word, False, False
    return spelling.canonical(best.key), bare(word, best), best.pronoun not in ABSENT, True


def bare(word: str, reading: Reading) -> str:
    """Return `word` (without vowels) without the proclitics that `reading` finds in it.

    >>> from framing.language import backend
    >>> [bare(w, backend().readings([w])[w][0]) for w in ("وللعلاقات", "للغة", "سيلتقي", "كوبا")]
    ['علاقات', 'لغة', 'يلتقي', 'كوبا']
    """
    rest = word
    if reading.conjunction not in ABSENT:
        rest = rest[1:]
    article = reading.article.endswith("det")
    if reading.preposition not in ABSENT:
        if article and rest.startswith("لل"):  # for "to the" the article's alef is not written
            own_lam = chars.clean(reading.lemma).startswith("ل") and not rest.startswith("للل")
            return rest[1:] if own_lam else rest[2:]
        rest = rest[1:]
    if article and chars.key(rest).startswith("ال"):
        rest = rest[2:]
    return rest or word


def _join_unknown(found: list[_Found], beside: Container[str]) -> None:
    """Count an unknown word with the one that is left when its proclitics come off, if that occurs."""
    unknown = {key for key, _, _, known in found if not known}
    for row, (key, _, _, known) in enumerate(found):
        if known or key in beside:
            continue
        rests = (rest for rest in clitics.without_proclitics(key) if rest != key and len(rest) > 2)
        shorter = [rest for rest in rests if rest in unknown or rest in beside]
        if shorter:
            name = min(shorter, key=len)
            found[row] = (name, name, True, False)  # its own form is not one to show


def _readable(found: Sequence[_Found], counts: Sequence[int]) -> dict[str, str]:
    forms: dict[str, dict[tuple[str, bool], int]] = {}
    for (key, form, pronoun, _), count in zip(found, counts, strict=True):
        seen = forms.setdefault(key, {})
        seen[form, pronoun] = seen.get((form, pronoun), 0) + count
    chosen = {}
    for key, seen in forms.items():
        # without a pronoun first; then the most frequent, the citation form, the shortest, the first
        best = min(seen, key=lambda f, seen=seen, key=key: (f[1], -seen[f], chars.key(f[0]) != key, len(f[0]), f[0]))  # type: ignore[misc]
        chosen[key] = best[0]
    return chosen
