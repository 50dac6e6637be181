"""A reading of a word form, and the order of several."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from framing.language import chars

#: camel-tools' values of a feature that a word has not, or cannot have.
ABSENT = ("0", "na")


class Reading(NamedTuple):
    """One reading of a word form out of context.

    `lemma` is vocalised; `score` is log10 and only comparable between readings of one word. The other
    fields hold camel-tools' values: `conjunction` (wa_conj …), `preposition` (bi_prep …, or sa_fut),
    `article` (Al_det), `pronoun` (3ms_poss …), with "0" or "na" where there is none.
    """

    lemma: str
    pos: str
    score: float
    conjunction: str = "0"
    preposition: str = "0"
    article: str = "0"
    pronoun: str = "0"
    aspect: str = "na"
    passive: bool = False
    person: str = "na"
    gender: str = "na"
    number: str = "na"

    @property
    def is_whole(self) -> bool:
        """True where no conjunction, preposition or pronoun is attached."""
        return self.conjunction in ABSENT and self.preposition in ABSENT and self.pronoun in ABSENT

    @property
    def key(self) -> str:
        """The lemma's orthographic key."""
        return lemma_key(self.lemma)


@functools.lru_cache(maxsize=200_000)
def lemma_key(lemma: str) -> str:
    """Return the orthographic key of a (vocalised) lemma; feminine elatives join their masculine,
    plurals that dictionaries list as words of their own their singular.

    >>> lemma_key("عَلاقَة"), lemma_key("كُبْرَى") == lemma_key("أَكْبَر")
    ('علاقه', True)
    """
    return chars.key(lexeme(lemma))


def lexeme(lemma: str) -> str:
    """Return the lemma under which a grammar would list this one: كبرى under أكبر, ضرائب under ضريبة."""
    return _LEXEMES.get(lemma, lemma)


#: One lexeme, as in every grammar: feminines of elatives, and broken plurals with an entry of their own.
_LEXEMES = {
    "أُولَى": "أَوَّل",
    "أُخْرَى": "آخَر",
    "كُبْرَى": "أَكْبَر",
    "عُظْمَى": "أَعْظَم",
    "صُغْرَى": "أَصْغَر",
    "وُسْطَى": "أَوْسَط",
    "عُلْيا": "أَعْلَى",
    "دُنْيا": "أَدْنَى",
    "ضَرائِب": "ضَرِيبَة",
    "جُزُر": "جَزِيرَة",
    "نِساء": "ٱِمْرَأَة",
    "إِخْوَة": "أَخ",
    "أَقْنِعَة": "قِناع",
    "سُحُب": "سَحابَة",
}


class Analyse(Protocol):
    """Gives the readings of a word, best first; `database` is camel-tools' own, for its stems."""

    database: Any

    def __call__(self, word: str) -> list[Reading]: ...


@dataclasses.dataclass(slots=True)
class Analyser:
    database: Any
    function: Callable[[str], list[Reading]]

    def __call__(self, word: str) -> list[Reading]:
        return self.function(word)


def reading_of(analysis: Mapping[str, Any], score: float) -> Reading:
    """Return one of camel-tools' analyses as a reading."""
    get = analysis.get
    return Reading(
        lemma=str(analysis["lex"]),
        pos=str(analysis["pos"]),
        score=score,
        conjunction=get("prc2", "0"),
        preposition=get("prc1", "0"),
        article=get("prc0", "0"),
        pronoun=get("enc0", "0"),
        aspect=get("asp", "na"),
        passive=get("vox") == "p",
        person=get("per", "na"),
        gender=get("gen", "na"),
        number=get("num", "na"),
    )


def ranked(scored: Iterable[Reading]) -> list[Reading]:
    """Return the distinct readings, best first; ties are settled by the reading itself.

    Readings that share a lemma key speak for it together: each gains what the key's total likelihood
    (the sum over its readings) exceeds that of its best reading by.
    """
    best: dict[tuple[Any, ...], Reading] = {}
    for reading in scored:
        identity = (reading.lemma, reading.pos, *reading[3:])
        if identity not in best or best[identity].score < reading.score:
            best[identity] = reading
    by_key: dict[str, list[float]] = {}
    for reading in best.values():
        by_key.setdefault(reading.key, []).append(reading.score)
    gain = {key: math.log10(sum(10 ** (s - max(scores)) for s in scores)) for key, scores in by_key.items()}
    ranked = (reading._replace(score=round(reading.score + gain[reading.key], 3)) for reading in best.values())
    return sorted(ranked, key=lambda reading: (-reading.score, reading.lemma, reading.pos, reading[3:]))
