"""Grammar: what each word type most probably is in a sentence, as columns.

Voices and relations need only a little syntax: which words are verbs, which carry a preposition, where a
noun phrase ends. That much can be read off a word's readings, once per type.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from framing.language import chars, morphology
from framing.language.readings import ABSENT, Reading
from framing.language.tokens import FOREIGN, NUMBER, PUNCT, Tokens, vocabulary

NOUN, NAME, VERB, PREPOSITION, PARTICLE, PRONOUN, UNKNOWN, NUMERAL, MARK, LATIN = range(10)

_CLASS = {
    **dict.fromkeys(("noun", "adj", "adj_comp", "adj_num", "noun_quant", "noun_num"), NOUN),
    "noun_prop": NAME,
    "verb": VERB,
    "verb_pseudo": PARTICLE,
    "prep": PREPOSITION,
    **dict.fromkeys(("pron", "pron_dem", "pron_rel", "pron_interrog"), PRONOUN),
}
#: Prepositions and adverbs that stand before a noun phrase without being clitics.
PREPOSITIONS = frozenset(
    chars.key(word)
    for word in "في من على إلى الى عن مع بين خلال بعد قبل منذ عند لدى حول ضد عبر وسط أمام رغم حيال إزاء تجاه نحو دون "
    "بدون حتى ضمن داخل خارج قرب فوق تحت وراء خلف بسبب نتيجة بشأن بخصوص لصالح جراء أثناء إثر عقب بعيد قبيل "
    "غداة بمناسبة باستثناء سوى عدا".split()
)
#: Words that open a subordinate clause or a new one.
OPENERS = frozenset(
    chars.key(word)
    for word in "أن إن بأن أنه إنه أنها إنها أنهم إنهم بأنه بأنها بأنهم أننا إننا أنني إنني لأن لأنه لأنها كأن الذي "
    "التي الذين اللذين اللتين اللذان اللواتي ما مما بما عما فيما بينما حيث إذ إذا لو لكن ولكن لكنه لكنها "
    "بل كي لكي حين حينما عندما كما لما وإن".split()
)
#: Days and times of day, which stand between a verb and what it governs.
TIMES = frozenset(
    chars.key(word)
    for word in "أمس اليوم غدا الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت صباح مساء ظهر ليل فجر يوم "
    "ليلة الليلة العام عام السنة الشهر الأسبوع الماضي الماضية الجاري المقبل مؤخرا أخيرا لاحقا سابقا حاليا "
    "الآن أيضا كذلك مجددا أول".split()
)


class Word(NamedTuple):
    """What a type most probably is. `verb` also when a verb is only among the near readings; `gap` says
    how much less likely (log10) the best verb is than the best reading.
    """

    kind: int
    verb: bool
    gap: float
    finite: bool
    conjunction: bool
    preposition: str
    article: bool
    pronoun: bool
    passive: bool
    imperfect: bool
    plural: bool
    feminine: bool
    adjective: bool = False  # or can be one


_PUNCTUATION = Word(MARK, False, 99.0, False, False, "", False, False, False, False, False, False)
_PREPOSITIONAL = {"bi_prep": "ب", "li_prep": "ل", "ka_prep": "ك"}


@functools.lru_cache(maxsize=200_000)
def word(written: str, kind: int) -> Word:
    """Return the grammar of a word form of this token kind.

    >>> word("وانتقدت", 1).verb, word("لكوبا", 1).preposition
    (True, 'ل')
    """
    if kind == PUNCT:
        return _PUNCTUATION
    if kind in (FOREIGN, NUMBER):
        return _PUNCTUATION._replace(kind=LATIN if kind == FOREIGN else NUMERAL)
    key = chars.key(written)
    bare = key if key in PREPOSITIONS else key[1:] if key[:1] in "وف" else ""
    if bare in PREPOSITIONS:
        return _PUNCTUATION._replace(kind=PREPOSITION, preposition=bare)
    readings = morphology.backend().readings([chars.clean(written)])[chars.clean(written)]
    if not readings:
        return _PUNCTUATION._replace(kind=UNKNOWN, article=key.startswith("ال"), conjunction=False)
    best = _by_itself(readings)
    near = [r for r in readings if r.score >= best.score - 1.0]
    return Word(
        kind=_CLASS.get(best.pos, PARTICLE),
        verb=any(r.pos == "verb" and not _is_bare(r) for r in near) or best.pos == "verb",
        gap=max(best.score - max((r.score for r in readings if r.pos == "verb"), default=-99.0), 0.0),
        finite=best.pos == "verb",
        conjunction=best.conjunction not in ABSENT,
        preposition=_PREPOSITIONAL.get(best.preposition, ""),
        article=best.article == "Al_det",
        pronoun=best.pronoun not in ABSENT,
        passive=best.passive,
        imperfect=best.aspect == "i",
        plural=best.number in ("p", "d"),
        feminine=best.gender == "f",
        adjective=any(r.pos.startswith("adj") for r in near),
    )


def _by_itself(readings: Sequence[Reading]) -> Reading:
    """Return the reading to start from: of رفع (he lifted; the lifting) the noun, and the place may make it a verb."""
    best = readings[0]
    if not _is_bare(best):
        return best
    alone = best.pronoun in ABSENT
    nouns = (r for r in readings if r.pos == "noun" and (r.pronoun in ABSENT) == alone)
    return next((r for r in nouns if r.score >= best.score - 1.0), best)


def _is_bare(reading: Reading) -> bool:
    """Say whether a verb has no ending, or one that a noun can have: its form may be that of its own verbal noun."""
    return reading.aspect == "p" and reading.person == "3" and reading.gender == "m" and reading.number in ("s", "d")


@functools.lru_cache(maxsize=200_000)
def lemma_keys(written: str) -> frozenset[str]:
    """Return the lemma keys of all readings of a word form, however unlikely."""
    return frozenset(
        reading.key for reading in morphology.backend().readings([chars.clean(written)])[chars.clean(written)]
    )


#: Words after which a clause begins with its verb.
HEADS = frozenset(
    chars.key(w)
    for w in "كما وقد قد فقد لقد ولقد فيما بينما كان وكان كانت وكانت ثم لكن ولكن بدوره بدورها إلى "
    "التي الذي الذين أن لن لم لا بلاده بلادها بلادهم".split()
)
_THAT = frozenset(chars.key(w) for w in "أن إن أنه إنه أنها إنها أنهم إنهم".split())
_FAR = 4.0  # log10: less likely verbs than this are none


def is_verb_at(tokens: Tokens, token: int) -> bool:
    """Say whether a word that could be a verb is one here: by its readings, or by its place.

    A form with a likelier reading (حذر: caution, أبلغ: more eloquent) is a verb at the head of a clause, and
    before أن or إن (الحكومة تقول إن).
    """
    words = vocabulary()
    type_ = int(tokens.type[token])
    here = word(words.words[type_], words.kinds[type_])
    if here.verb:
        return True
    if here.gap > _FAR or here.article or here.preposition:
        return False
    if token == 0 or tokens.spans.sentence[token - 1] != tokens.spans.sentence[token]:
        return True
    if token + 1 < len(tokens) and words.keys()[int(tokens.type[token + 1])] in _THAT:
        return True
    before = int(tokens.type[token - 1])
    return words.words[before] in ("،", ",", ":", "(") or words.keys()[before] in HEADS


def prepare(types: set[int]) -> None:
    """Look up the readings of these types in one go, before `word` is called for each."""
    words = vocabulary()
    wanted = {chars.clean(words.words[t]) for t in types if words.kinds[t] == 1}
    morphology.backend().readings(wanted)
