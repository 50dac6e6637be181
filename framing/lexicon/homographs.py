"""Words that can be several parts of speech."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from framing.language import Reading, backend, chars
from framing.lexicon.findings import Finding

if TYPE_CHECKING:
    from framing.codebook import Codebook

_CLASSES = {"noun_prop": "name", "verb_pseudo": "verb"}
#: Readings a thousand times rarer than the best are not worth a person's attention.
_MARGIN = 3.0


def homographs(codebook: Codebook) -> Iterator[Finding]:
    """Find entries of one Arabic word whose form is ambiguous between parts of speech that `pos` leaves open."""
    asked = [
        (frame.id, entry.term, word)
        for frame in codebook.frames.values()
        for entry in frame.entries
        if entry.match == "lemma" and not entry.pos
        for word in (entry.term, *entry.variants)
        if len(word.split()) == 1 and not word.isascii() and not chars.has_vowels(word)
    ]
    readings = backend().readings([chars.clean(word) for _, _, word in asked])
    for frame, entry, word in asked:
        lemmas = _by_class(readings[chars.clean(word)])
        if len(lemmas) > 1:
            named = "; ".join(f"{name} {'، '.join(found)}" for name, found in lemmas.items())
            of = "" if word == entry else f"{word!r} can be "
            yield Finding("note", "homograph", frame, entry, f"{of}{named}; say which with pos, or with vowels")


def _by_class(readings: tuple[Reading, ...]) -> dict[str, list[str]]:
    """Return the lemmas of the likely readings as one word, by part of speech; nouns and adjectives are one."""
    whole = [r for r in readings if r.is_whole]
    lemmas: dict[str, list[str]] = {}
    for reading in whole:
        if reading.score < whole[0].score - _MARGIN:
            break
        name = _CLASSES.get(reading.pos, reading.pos.partition("_")[0])
        name = "noun" if name == "adj" else name
        if reading.lemma not in lemmas.setdefault(name, []):
            lemmas[name].append(reading.lemma)
    return lemmas
