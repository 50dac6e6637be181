"""Arguments: the actors of a sentence as a verb or noun finds them, with the preposition before each.

Mentions that are coordinated (روسيا وكوبا) are one argument with several actors.
"""

from __future__ import annotations

import dataclasses

from framing.language import chars, grammar
from framing.language.grammar import MARK, NOUN, PREPOSITION, UNKNOWN, VERB
from framing.voice.cues import COMPLEMENTISERS
from framing.voice.phrases import Reader

#: Clitic prepositions and full ones by one name.
_SAME = {"الي": "إلى", "على": "على", "علي": "على", "في": "في", "من": "من", "عن": "عن", "مع": "مع",
         "بين": "بين", "ضد": "ضد", "ازاء": "إزاء", "تجاه": "تجاه", "نحو": "نحو", "حيال": "إزاء",
         "ب": "ب", "ل": "ل", "ك": "ك"}  # fmt: skip
#: "His country", which stands for the actor that the subject belongs to.
_OWN_COUNTRY = frozenset(
    conjunction + preposition + chars.key(word)
    for word in "بلاده بلادها بلادهم بلده بلدها بلدهم".split()
    for conjunction in ("", "و")
    for preposition in ("", "ب", "ل")
)
#: Nouns that name who acts, in front of the name or adjective of a state.
WHO = frozenset(
    chars.key(word)
    for word in "رئيس وزير وزارة حكومة دولة بلد جمهورية مملكة نظام قيادة سلطة إدارة قوة جيش شعب برلمان مجلس زعيم ملك "
    "أمير سفير سفارة مندوب مبعوث نظير مسؤول جانب طرف وفد عاصمة حليف قائد مستشار ناطق متحدث مستشارة مرشد خارجية دفاع "
    "رئاسة دبلوماسي قطب شريك جار جارة عاهل ولي نائب خصم عدو اتحاد".split()
)
#: Nouns whose adjective of nationality does not make them the state.
_NOT_STATES = frozenset(
    form
    for word in "معارضة متمردين متمردون حزب حركة تنظيم ميليشيا ميليشيات مليشيات جماعة جماعات فصائل فصيل مقاتلين "
    "مقاتلون ثوار مقاومة شركة شركات صحيفة صحف قناة منتخب فريق نادي ناد كاتب باحث لاعب لاعبين فنان مواطن "
    "مواطنين مواطنون لاجئين لاجئون شعب أكراد جامعة معهد بنك مصرف سوق دولار خام نفط فيلم الله منتجات "
    "صادرات قوميين إرهابيين سياح طلاب مهاجرين جالية".split()
    for key in [chars.key(word)]
    for form in (key, "ال" + key, "ل" + key if not key.startswith("ال") else key)
)
_REACH_BACK = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Argument:
    """One or several coordinated actors.

    Attributes
    ----------
    actors : rows of the actors, in order
    first, last : tokens of the first and the last mention (included)
    head : token at which the noun phrase begins
    preposition : the preposition that governs the phrase, or None
    adjective : the mention is an adjective of the phrase's head (الرئيس الروسي)
    """

    actors: tuple[int, ...]
    first: int
    last: int
    head: int
    preposition: str | None
    adjective: bool


class Arguments:
    """The arguments of one sentence, tokens ``[start, end)``, in order.

    `carried` is the actor of the sentence before, whose country بلاده is when this sentence names none.
    """

    def __init__(self, read: Reader, start: int, end: int, carried: int | None = None) -> None:
        self._read = read
        self.start, self.end = start, end
        self.items: list[Argument] = []
        matches = read.mentions.matches
        rows = read.mentions.between(start, end)
        found = [(int(matches.first[row]), int(matches.last[row]), int(matches.owner[row])) for row in rows]
        own = [token for token in range(start, end) if read.key(token) in _OWN_COUNTRY]
        for first, last, actor in sorted([*found, *((token, token, -1) for token in own)]):
            whose = self._whose(carried) if actor < 0 else actor
            if whose is not None and not self._of_others(first):
                self._add(first, last, whose)

    def _whose(self, carried: int | None) -> int | None:
        """Return whose country بلاده is: that of the subject before it."""
        free = [argument for argument in self.items if argument.preposition is None]
        named = (free or self.items)[-1:]
        return named[0].actors[0] if named else carried

    def _add(self, first: int, last: int, actor: int) -> None:
        head = self._head(first)
        adjective = self._is_adjective(first)
        if self.items and self._joins(self.items[-1], first, head):
            before = self.items[-1]
            actors = before.actors if actor in before.actors else (*before.actors, actor)
            self.items[-1] = dataclasses.replace(before, actors=actors, last=last)
            return
        if self.items and self.items[-1].last < first and self._apposed(self.items[-1], actor, first):
            self.items[-1] = dataclasses.replace(self.items[-1], last=last)
            return
        self.items.append(Argument((actor,), first, last, head, self._preposition(head), adjective))

    def _of_others(self, first: int) -> bool:
        """Say whether a mention only says where somebody else comes from: حزب الله اللبناني، الشركات الأمريكية."""
        for token in range(first - 1, max(self.start - 1, first - 3), -1):
            if self._read.word(token).kind not in (NOUN, UNKNOWN, grammar.NAME):
                return False
            if self._read.key(token).removeprefix("و").removeprefix("ل").removeprefix("ب") in _NOT_STATES:
                return True
        return False

    def _is_adjective(self, token: int) -> bool:
        word = self._read.word(token)
        return word.kind == NOUN and token > self.start and self._read.word(token - 1).kind in (NOUN, UNKNOWN)

    def _joins(self, before: Argument, first: int, head: int) -> bool:
        """Say whether a mention is coordinated with the argument before it: روسيا وكوبا، بين موسكو وهافانا.

        Nouns between the conjunction and the mention name who acts (ووزير الخارجية الروسي), else another
        matter begins (وسياسة واشنطن).
        """
        between = head - before.last
        if head < first and not self._read.can_be(head, WHO):
            return False
        listed = between == 2 and self._read.written(head - 1) in ("،", ",")
        then = between in (2, 3) and self._read.key(head - 1) == "ثم"  # بولندا ثم فرنسا، ثم هولندا
        if not self._has_conjunction(head):  # مع أستراليا، كندا، السعودية
            return (
                (listed or then)
                and before.preposition != "في"
                and head == first
                and self._is_name(first)
                and self._is_name(before.last)
            )
        return between == 1 or listed

    def _is_state(self, token: int) -> bool:
        """Say whether the mention at `token` is a state's own name, not an adjective or a person."""
        mentions = self._read.mentions
        rows = [row for row in mentions.between(token, token + 1) if mentions.person[row] is None]
        return any(
            int(mentions.matches.last[row]) > token or self._read.word(token).kind == grammar.NAME for row in rows
        )

    def _is_name(self, token: int) -> bool:
        """Say whether the mention at `token` is a country, not a person: السعودية is one where no noun is before it."""
        word = self._read.word(token)
        named = word.kind in (grammar.NAME, UNKNOWN) or (word.article and not self._is_adjective(token))
        return named and not self._read.mentions.person[self._read.mentions.between(token, token + 1)].any()

    def _has_conjunction(self, token: int) -> bool:
        key = self._read.key(token)
        if self._read.word(token).conjunction:
            return True
        mentioned = self._read.mentions.between(token, token + 1)
        return (
            key.startswith("و")
            and bool(mentioned)
            and self._read.word(token).kind != VERB
            and key not in ("واشنطن", "وارسو")
        )

    def _apposed(self, before: Argument, actor: int, first: int) -> bool:
        """Say whether a mention only names the same actor again: الرئيس الأمريكي، دونالد ترامب."""
        if before.actors != (actor,):
            return False
        gap = range(before.last + 1, first)
        return len(gap) <= 3 and all(
            self._read.word(t).kind in (NOUN, UNKNOWN, grammar.NAME) or self._read.written(t) in ("،", ",") for t in gap
        )

    def _head(self, first: int) -> int:
        """Go back from a mention to the beginning of its noun phrase: [رئيس الوزراء] الروسي."""
        token = first
        while token > self.start and first - token < _REACH_BACK:
            word = self._read.word(token)
            if token < first and (word.preposition or word.conjunction or self._read.key(token) in grammar.TIMES):
                break
            if token == first and (word.preposition or self._has_conjunction(token)):
                break
            before = self._read.word(token - 1)
            if before.kind not in (NOUN, UNKNOWN) or self._read.mentions_end(token - 1):
                break
            if token == first and before.article and self._is_state(first) and not self._read.can_be(token - 1, WHO):
                break  # بعد توقيع الاتفاق | الولايات المتحدة
            if grammar.is_verb_at(self._read.tokens, token - 1):
                break
            token -= 1
        return token

    def _preposition(self, head: int) -> str | None:
        word = self._read.word(head)
        if word.preposition and word.kind != PREPOSITION:
            return word.preposition
        key = self._read.key(head)
        if self._read.mentions.between(head, head + 1) and key[:1] in "بل" and self._read.is_prefixed(head):
            return key[0]
        if head > self.start:
            before = self._read.word(head - 1)
            if before.kind == PREPOSITION:
                return _SAME.get(before.preposition, before.preposition)
            if (
                self._read.written(head - 1)[0] in '"«“'
                and head - 1 > self.start
                and self._read.word(head - 2).kind == PREPOSITION
            ):
                return _SAME.get(self._read.word(head - 2).preposition, self._read.word(head - 2).preposition)
        return None

    # Looking around --------------------------------------------------------------------------------

    def after(self, token: int, within: int) -> list[Argument]:
        """Return the arguments that begin behind `token`, at most `within` tokens away, up to a clause's end."""
        stop = self._clause_end(token, within)
        return [argument for argument in self.items if token < argument.first < stop]

    def before(self, token: int, within: int) -> list[Argument]:
        """Return the arguments that end before `token`, nearest first."""
        return [argument for argument in reversed(self.items) if token - within <= argument.last < token]

    def _clause_end(self, token: int, within: int) -> int:
        end = min(self.end, token + 1 + within)
        for at in range(token + 1, end):
            written = self._read.written(at)
            if written[0] in "؛:" or (self._read.word(at).kind == MARK and written in (".", "؟", "!")):
                return at
        return end

    def finite_verb_between(self, first: int, end: int) -> bool:
        """Say whether a finite verb or a complementiser stands in ``[first, end)``.

        A negated verb that only qualifies a noun (تضامن لا يتزعزع مع كوبا) does not count.
        """
        return any(
            (self._read.word(t).kind == VERB and self._read.word(t).finite and self._read.key(t - 1) != "لا")
            or self._read.key(t) in COMPLEMENTISERS
            for t in range(first, end)
        )
