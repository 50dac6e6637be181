"""Clitic rules: what can be cut off an Arabic word without a dictionary.

Two uses. Names and fixed words are found behind their proclitics (لواشنطن، وكوبا). And where no
morphology database is installed, the rules stand in for it: every candidate that they cut out is
compared with the key of the lemma. That finds sound plurals and most clitic forms; it cannot find
broken plurals, and it confuses what only a dictionary can tell apart.
"""

from __future__ import annotations

import functools

from framing.language import chars

_ENCLITICS = ("هما", "كما", "ها", "هم", "هن", "كم", "كن", "نا", "ني", "ه", "ك", "ي")
_ENDINGS = ("تان", "تين", "ات", "ون", "ين", "ان", "وا", "تم", "تا", "ه", "ت", "ا", "ن", "و", "ي")
_IMPERFECT = "يتنا"
_OF_NAMES = ("هما", "ها", "هم", "ه")  # names take few pronouns
#: Whatever `stems_of_unknown` cuts off behind a word.
NAME_ENDINGS = frozenset(ending + enclitic for ending in ("", *_ENDINGS) for enclitic in ("", *_OF_NAMES))


@functools.lru_cache(maxsize=200_000)
def without_proclitics(key: str) -> tuple[str, ...]:
    """Return `key` and what is left when conjunction, preposition and article come off.

    `key` is an orthographic key. What is left keeps at least three letters (two behind a conjunction or an article).
    ``لل…`` gives the form with article too, so that a name that carries one (الولايات) is found.

    >>> without_proclitics("وللولايات")
    ('وللولايات', 'للولايات', 'الولايات', 'ولايات', 'لولايات')
    """
    found = {key: None}
    bare = [key]
    if key[:1] in "وف" and len(key) > 2:  # ولم، وهو: particles are short
        bare.append(key[1:])
    for word in bare:
        found[word] = None
        if word.startswith("لل") and len(word) > 3:
            found["ال" + word[2:]] = None
            found[word[2:]] = None
        if word[:1] in "بكل" and len(word) > 3:
            found[word[1:]] = None
            if word[1:3] == "ال" and len(word) > 4:
                found[word[3:]] = None
        if word.startswith("ال") and len(word) > 3:
            found[word[2:]] = None
    return tuple(found)


#: Whatever `without_proclitics` cuts off.
PROCLITICS = frozenset(
    conjunction + rest
    for conjunction in ("", "و", "ف")
    for rest in ("", "ال", "لل", "ب", "ك", "ل", "بال", "كال", "لال")
)


@functools.lru_cache(maxsize=200_000)
def stems(key: str) -> frozenset[str]:
    """Return every candidate for the lemma's key that the rules cut out of `key`.

    >>> "علاقه" in stems("وعلاقاتها"), "تعاون" in stems("سيتعاونون")
    (True, True)
    """
    found: set[str] = set()
    for word in without_proclitics(key):
        found |= _without_suffixes(word)
        verb = word[1:] if word.startswith("س") and len(word) > 4 else word
        if verb[0:1] in _IMPERFECT and len(verb) > 3:
            found |= _without_suffixes(verb[1:])
            found |= {"ا" + rest for rest in _without_suffixes(verb[1:])}
    return frozenset(found)


@functools.lru_cache(maxsize=200_000)
def stems_of_unknown(key: str) -> frozenset[str]:
    """Return the candidates for a word that the dictionary does not know: mostly a foreign name.

    Names take proclitics and rarely a pronoun; ``ني`` and ``نا`` belong to the name (كوباني).
    """
    found: set[str] = set()
    for word in without_proclitics(key):
        found |= _without_suffixes(word, _OF_NAMES)
    return frozenset(found)


def _without_suffixes(word: str, enclitics: tuple[str, ...] = _ENCLITICS) -> set[str]:
    found = {word}
    shorter = {word[: -len(e)] for e in enclitics if word.endswith(e) and len(word) - len(e) >= 3}
    found |= shorter | {rest[:-1] + "ه" for rest in shorter if rest.endswith("ت")}
    for form in tuple(found):
        for ending in _ENDINGS:
            if form.endswith(ending) and len(form) - len(ending) >= 3:
                rest = form[: -len(ending)]
                found.add(rest)
                if ending in ("ات", "تان", "تين", "ت"):
                    found.add(rest + "ه")
    return found


@functools.lru_cache(maxsize=50_000)
def relational(masculine: str) -> frozenset[str]:
    """Return the keys of all forms of a relational adjective or demonym, without proclitics.

    >>> sorted(relational(chars.key("كوبي")))[:4]
    ['كوبي', 'كوبيا', 'كوبيات', 'كوبيان']
    """
    stem = chars.key(masculine)
    return frozenset(stem + ending for ending in ("", "ه", "ا", "ين", "ون", "ات", "ان", "تان", "تين", "و"))
