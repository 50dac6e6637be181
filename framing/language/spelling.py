"""Spelling: one canonical key for words that the press writes in several ways."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Iterable, Mapping

import regex

from framing.language import chars

#: Letters that transcribe one foreign sound in different newspapers.
_SOUNDS = str.maketrans({"غ": "ك", "ج": "ك", "ق": "ك", "گ": "ك", "ص": "س", "ث": "س", "ز": "س", "ط": "ت", "ض": "د",
                         "ذ": "د", "پ": "ب", "ڤ": "ف", "ا": None, "و": None, "ي": None, "ه": None, "ء": None,
                         "ئ": None, "ؤ": None})  # fmt: skip
_CONSONANTS = {letter: sound for letter, sound in _SOUNDS.items() if sound is not None}
#: Consonants that a name must have before another spelling of it is recognised by them.
_NAME_CONSONANTS = 4


@functools.lru_cache(maxsize=1)
def _groups() -> tuple[tuple[str, ...], ...]:
    import yaml

    text = importlib.resources.files("framing.language").joinpath("data", "spelling.yml").read_text("utf-8")
    return tuple(tuple(group) for group in yaml.safe_load(text)["groups"])


@functools.lru_cache(maxsize=1)
def bundled() -> dict[str, str]:
    """Return the bundled variants: key of a variant → key of the form it is counted under."""
    return table(_groups())


def table(groups: Iterable[Iterable[str]]) -> dict[str, str]:
    """Turn groups of spellings into a mapping from each variant's key to the first one's.

    >>> table([["أمريكا", "أميركا"]])
    {'اميركا': 'امريكا'}
    """
    mapping: dict[str, str] = {}
    for group in groups:
        first, *others = [chars.key(word) for word in group]
        mapping.update((other, first) for other in others if other != first)
    return mapping


def canonical(key: str, extra: Mapping[str, str] | None = None) -> str:
    """Return the key under which `key` is counted. `extra` (a codebook's own variants) goes first.

    >>> canonical(chars.key("أميركي")) == chars.key("أمريكي")
    True
    """
    if extra and key in extra:
        key = extra[key]
    key = bundled().get(key, key)
    return key.replace("ؤ", "ء").replace("ئ", "ء")


def varies(key: str, extra: Mapping[str, str] | None = None) -> bool:
    """Say whether `key` is one of several spellings on record.

    >>> varies(chars.key("أمريكي")), varies(chars.key("كتاب"))
    (True, False)
    """
    return key in _on_record() or (extra is not None and (key in extra or key in extra.values()))


@functools.lru_cache(maxsize=1)
def _on_record() -> frozenset[str]:
    return frozenset(chars.key(word) for group in _groups() for word in group)


def skeleton(key: str) -> str:
    """Return the consonants of a foreign name, letters for one sound made equal.

    Used only where an actor asks for fuzzy matching of its names.

    >>> skeleton(chars.key("رودريغيز")) == skeleton(chars.key("رودريجز"))
    True
    """
    return key[:1] + key[1:].translate(_SOUNDS)


def transcribes(key: str, name: str) -> bool:
    """Say whether an unknown word is probably a foreign name spelled in another way.

    The consonants are those of the name, at least four of them, and at most one vowel letter differs (two,
    for five consonants or more). Measured on 272 articles: without these bounds most finds are false.

    >>> transcribes(chars.key("بغدانوف"), chars.key("بوغدانوف")), transcribes(chars.key("تريس"), chars.key("تيريزا"))
    (True, False)
    """
    consonants = skeleton(name)
    if len(consonants) < _NAME_CONSONANTS or consonants != skeleton(key):
        return False
    edits = 1 if len(consonants) == _NAME_CONSONANTS else 2
    sounds, vowels = key.translate(_CONSONANTS), name.translate(_CONSONANTS)
    return regex.fullmatch(f"(?:{regex.escape(vowels)}){{e<={edits}}}", sounds) is not None
