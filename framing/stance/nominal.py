"""Nouns: who performs an action that a noun names, and on whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from framing.language import chars, grammar
from framing.language.grammar import VERB
from framing.stance.arguments import WHO, Argument, Arguments
from framing.stance.clauses import RELATIVE, Clauses
from framing.stance.lexicon import Evaluative
from framing.voice.cues import COMPLEMENTISERS
from framing.voice.phrases import Reader

_REACH = 12
_LABELS = frozenset({"ally", "friend_label", "partner"})
#: Verbs whose subject undergoes what their noun names: تعرضت كوبا لعقوبات; تلقت كوبا دعما.
_UNDERGO = frozenset(chars.key(verb) for verb in "تعرض خضع واجه عانى رزح تلقى نال حصل حظي لقي استفاد".split())
#: Verbs that join their objects: تربط روسيا بكوبا علاقات صداقة.
_JOIN = frozenset(chars.key(verb) for verb in "ربط جمع وحد".split())
#: Verbs of whose infinitive the subject is the performer, whoever is addressed: هدد روسيا بفرض عقوبات.
_SUBJECT_PERFORMS = frozenset(chars.key(verb) for verb in "هدد توعد وعد عاقب شارك اتفق".split())
#: Names for two parties that were named before: العلاقات بين البلدين.
_BOTH = frozenset(
    chars.key(noun) for noun in "البلدين الدولتين الجانبين الطرفين الحكومتين الشعبين الرئيسين الزعيمين".split()
)
#: Verbs that make a passive of the noun behind them: تم رفع العقوبات.
_PERIPHRASIS = frozenset(chars.key(verb) for verb in "تم جرى".split())
#: Verbs that ask for a relation which is not there yet: who asks stands towards the other, not the other way round.
_ASK = frozenset(
    chars.key(verb) for verb in "دعا طالب سعى تطلع هدف حث ناشد أراد رغب أمل طمح نوى اعتزم عرض اقترح".split()
)
#: Prepositions of infinitives.
_LINKS = frozenset({"ب", "ل", "الي", "علي", "عن"})
#: Verbs with a dropped subject of which a bare noun is the object, not the subject: ينوي طمأنة الدول الخليجية.
_PERFORMS = frozenset(
    chars.key(verb)
    for verb in "اعتزم نوى أراد حاول واصل بدأ قرر أعلن أكد جدد عرض قدم أبدى تولى شن نفذ أجرى فرض منح وجه شدد".split()
)
_LED_BY = frozenset("بقياده بزعامه تقوده تقودها يقوده يقودها".split())


@dataclasses.dataclass(frozen=True, slots=True)
class Attached:
    """One evaluation attached: rows of source (None when unknown) and target actor."""

    source: int | None
    target: int


class Nominal:
    """Attaches the nouns of one sentence."""

    def __init__(self, read: Reader, arguments: Arguments, clauses: Clauses) -> None:
        self._read = read
        self._arguments = arguments
        self._clauses = clauses

    def attach(self, what: Evaluative, first: int, last: int) -> Iterator[Attached]:
        """Yield what the noun in tokens ``first … last`` says about actors."""
        within = [a for a in self._arguments.items if first < a.first <= last or a.first <= first <= last < a.last]
        owner = within[0] if within else self._genitive(last)
        if owner is not None and owner.first <= first:  # العقوبات الغربية is one name of the West
            owner = dataclasses.replace(owner, adjective=True)
        both = self._between(what, last)
        if both is not None:
            yield from pairs(both)
        elif what.family.mutual:
            yield from self._mutual(what, first, last, owner)
        else:
            yield from self._directed(what, first, last, owner)

    def _directed(self, what: Evaluative, first: int, last: int, owner: Argument | None) -> Iterator[Attached]:
        begin = owner.last if owner else last
        targets = self._clauses.targets(what, begin, _REACH, direct=False)
        if owner is not None and targets:
            yield from _each(owner.actors, targets)
            return
        by_others = list(self._by_others(what, first, last, owner)) if not targets or owner is None else []
        if by_others:
            yield from by_others
            return
        sources: tuple[int | None, ...] | None = self._governor(first)
        if (
            owner is not None
            and "direct" in what.family.target
            and sources
            and sources[0] not in owner.actors
            and not owner.adjective
        ):
            targets = list(owner.actors)
        elif owner is not None:
            sources = owner.actors
        if not targets and owner is not None and "direct" in what.family.target and not owner.adjective:
            targets, sources = list(owner.actors), (None,)
        yield from _each(sources or (None,), targets)

    def _by_others(self, what: Evaluative, first: int, last: int, owner: Argument | None) -> Iterator[Attached]:
        """The performer behind من, in a relative clause, or the one who undergoes it as the subject before.

        دعم من روسيا لكوبا; عقوبات فرضتها واشنطن على كوبا; تعرضت كوبا لعقوبات أمريكية; تلقت كوبا دعما من روسيا.
        """
        verb = self._relative_verb(last)
        if owner is None and verb is not None:
            subject, follows = self._clauses.subject(verb)
            sources = subject.actors if subject is not None and follows else self._clauses.dropped(verb)
            begin = subject.last if subject is not None and follows else verb
            yield from _each(sources, self._clauses.targets(what, begin, _REACH, direct=False))
            return
        giver = owner
        if giver is None and not {"من", "قبل"} & set(what.family.target):
            behind = self._arguments.after(last, 6)[:1]
            giver = behind[0] if behind and behind[0].preposition in ("من", "قبل") and behind[0].head > last else None
        if giver is None:
            return
        targets = self._clauses.targets(what, giver.last, _REACH, direct=False) if giver is not owner else []
        governing = self._governing_verb(first)
        if not targets and governing is not None and self._read.can_be(governing, _UNDERGO):
            subject, _ = self._clauses.subject(governing)
            targets = list(subject.actors) if subject is not None and subject.last < first else []
        yield from _each(giver.actors, targets)

    def _relative_verb(self, last: int) -> int | None:
        """Return the verb of the relative clause behind a noun: عقوبات [جديدة] [التي] فرضتها."""
        for token in range(last + 1, min(last + 6, self._arguments.end)):
            word = self._read.word(token)
            if word.kind == VERB and word.finite:
                return token if word.pronoun else None
            if word.kind not in (grammar.NOUN, grammar.UNKNOWN) and self._read.key(token) not in RELATIVE:
                return None
            if self._read.mentions.between(token, token + 1):
                return None
        return None

    def _between(self, what: Evaluative, last: int) -> tuple[int, ...] | None:
        """Return the two sides of a relation: التقارب بين واشنطن وهافانا، التقارب الذي أعلن من قبل الرئيسين.

        With one side that is no known actor (بين دمشق والمعارضة) there is nobody to relate: ().
        """
        if "بين" not in what.family.target:
            return None
        sides: list[int] = []
        for argument in self._arguments.after(last, _REACH):
            if argument.head <= last or argument.preposition not in ("بين", "قبل"):
                continue
            if argument.preposition == "قبل" and len(argument.actors) < 2:
                continue
            sides += [actor for actor in argument.actors if actor not in sides]
        if not sides:
            near = range(last + 1, min(last + 4, self._arguments.end))
            return () if any(self._read.key(token) == "بين" for token in near) and not self._are_both(last) else None
        return tuple(sides) if len(sides) > 1 else ()

    def _genitive(self, last: int) -> Argument | None:
        """Return the genitive or relational adjective after a noun: ضغوط واشنطن، العقوبات [الاقتصادية] الأمريكية."""
        for argument in self._arguments.after(last, 4):
            if argument.preposition is not None and argument.head > last:
                return None
            between = range(last + 1, argument.first)
            plain = all(self._read.word(t).kind == grammar.NOUN and not self._read.word(t).preposition for t in between)
            return argument if plain and len(between) <= 3 else None
        return None

    def _governing_verb(self, first: int) -> int | None:
        """Return the verb before a noun in its clause."""
        for token in range(first - 1, max(self._arguments.start - 1, first - 25), -1):
            word = self._read.word(token)
            if word.kind == VERB and word.finite:
                return None if word.passive or self._read.can_be(token, _PERIPHRASIS) else token
            if self._read.key(token) in COMPLEMENTISERS:  # أن رفع القيود سيتيح: the noun is a subject itself
                return None
        return None

    def _governor(self, first: int) -> tuple[int | None, ...] | None:
        """Return who performs a noun without genitive: the subject of the verb before it, or the nearest actor.

        فرضت واشنطن عقوبات; قيام الولايات المتحدة … بفرض عقوبات; اتهم الكرملين واشنطن بالتدخل.
        """
        verb = self._governing_verb(first)
        if verb is not None:
            subject, _ = self._clauses.subject(verb)
            if subject is not None and subject.last < first:
                addressed = self._addressed(verb, subject, first)
                return subject.actors if addressed is None else addressed.actors
            if subject is None and (self._is_linked(first) or self._read.can_be(verb, _PERFORMS)):
                return self._clauses.dropped(verb)
        for argument in self._arguments.before(first, 8):
            if argument.preposition in (None, "ل") and not self._arguments.finite_verb_between(
                argument.last + 1, first
            ):
                return argument.actors
        return None

    def _addressed(self, verb: int, subject: Argument, first: int) -> Argument | None:
        """Return the object of a verb that asks or accuses somebody of what the noun names."""
        if not self._is_linked(first) or self._read.can_be(verb, _SUBJECT_PERFORMS):
            return None
        for argument in self._arguments.items:
            if max(subject.last, verb) < argument.head and argument.last < first and argument.preposition is None:
                return None if set(argument.actors) & set(subject.actors) else argument
        return None

    def _is_linked(self, first: int) -> bool:
        """Say whether a preposition makes the noun a complement of the verb before it: هدد بفرض، دعا إلى دعم."""
        before = self._read.word(first - 1) if first > self._arguments.start else None
        return self._read.word(first).preposition in _LINKS or (before is not None and before.preposition in _LINKS)

    # Mutual relations -------------------------------------------------------------------------------

    def _mutual(self, what: Evaluative, first: int, last: int, owner: Argument | None) -> Iterator[Attached]:
        """تعاون بين روسيا وكوبا، التعاون الروسي الكوبي، حليفتها تركيا، تعاون موسكو مع هافانا."""
        if what.kind == "adjective" or what.family.id in _LABELS:
            label = list(self._label(first, last, owner))
            if label:
                yield from label
                return
        following = [
            argument
            for argument in self._arguments.after(last, _REACH)
            if argument is owner or (argument.head > last and self._in_phrase(last, argument))
        ]
        if owner is not None:
            actors = list(owner.actors)
            for argument in following:
                if (
                    argument.first > owner.last
                    and argument.first - owner.last <= 2
                    and argument.adjective
                    and argument.preposition is None
                ):
                    actors += argument.actors
                elif argument.preposition == "مع":
                    yield from pairs((), across=(owner.actors, argument.actors))
                    return
            if len(actors) > 1:
                yield from pairs(tuple(actors))
                return
        partners = next((a for a in following if a.preposition == "مع" or self._is_for(a)), None)
        if partners is not None:
            source = owner.actors if owner is not None else self._governor(first)
            known = tuple(actor for actor in source or () if actor is not None)
            if owner is None and self._is_asked_for(first):
                yield from _each(known, list(partners.actors))
            else:
                yield from pairs((), across=(known, partners.actors))
        else:
            yield from pairs(self._joined(first, last))
            yield from self._led(first, last)

    def _is_asked_for(self, first: int) -> bool:
        """Say whether somebody only asks for what the noun names, or aims at it.

        دعا إلى السلام مع كوبا; سياسة أوباما لإعادة العلاقات مع هافانا.
        """
        if self._read.word(first).preposition == "ل":
            return True
        verb = self._governing_verb(first)
        return verb is not None and self._read.can_be(verb, _ASK) and (self._is_linked(first) or verb == first - 1)

    def _in_phrase(self, last: int, argument: Argument) -> bool:
        """Say whether nothing ends the noun's phrase before the argument: no comma, no verb, no أن."""
        between = range(last + 1, argument.head)
        return not self._arguments.finite_verb_between(last + 1, argument.head) and not any(
            self._read.written(token) in ("،", ",") for token in between
        )

    def _is_for(self, argument: Argument) -> bool:
        """حليف لكوبا, not تعاون لحل الأزمة السورية."""
        itself = argument.head == argument.first or self._read.can_be(argument.head, WHO)
        return argument.preposition == "ل" and itself

    def _joined(self, first: int, last: int) -> tuple[int, ...]:
        """Return the sides of a relation that are named by a verb that joins them, or were named before.

        تربط روسيا بكوبا علاقات صداقة; علاقات الصداقة التي تجمع موسكو وهافانا; وقعت روسيا وكوبا … بين البلدين.
        """
        before = self._arguments.before(first, 40)
        if self._are_both(last):
            named = dict.fromkeys(actor for argument in before for actor in reversed(argument.actors))
            return tuple(reversed(named)) if len(named) == 2 else ()
        behind = range(first - 1, max(self._arguments.start, first - _REACH) - 1, -1)
        verb = next((t for t in behind if self._joins(t)), None)
        if verb is not None:
            inside = [a for a in reversed(before) if a.head > verb]
        else:
            near = range(last + 1, min(last + 4, self._arguments.end))
            verb = next((t for t in near if self._joins(t)), None)
            inside = [] if verb is None else self._arguments.after(verb, 6)[:2]
        return tuple(dict.fromkeys(actor for argument in inside for actor in argument.actors))

    def _are_both(self, last: int) -> bool:
        return any(self._read.key(t) in _BOTH for t in range(last + 1, min(last + 6, self._arguments.end)))

    def _joins(self, token: int) -> bool:
        return self._read.can_be(token, _JOIN) and grammar.is_verb_at(self._read.tokens, token)

    def _led(self, first: int, last: int) -> Iterator[Attached]:
        """فرنسا عضو في تحالف بقيادة السعودية: who belongs to an alliance, and who leads it."""
        for token in range(last + 1, min(last + 5, self._arguments.end)):
            if self._read.key(token) in _LED_BY:
                leaders = self._arguments.after(token, 3)[:1]
                members = self._arguments.before(first, 8)[:1]
                if leaders and members and not self._arguments.finite_verb_between(members[0].last + 1, first):
                    yield from pairs((), across=(members[0].actors, leaders[0].actors))
                return

    def _label(self, first: int, last: int, owner: Argument | None) -> Iterator[Attached]:
        """حليفتها التاريخية تركيا; إسرائيل الحليفة لواشنطن; روسيا حليف كوبا; الحليف الروسي."""
        named: tuple[int, ...] = owner.actors if owner else ()
        for_whom = next((a for a in self._arguments.after(last, 6) if a.preposition == "ل" and a.head > last), None)
        before = self._arguments.before(first, 30)
        beside = before[0] if before and before[0].last >= first - 3 else None
        if for_whom is not None and beside is not None:
            yield from pairs((), across=(beside.actors, for_whom.actors))
        elif named and (self._read.word(first).pronoun or (owner is not None and owner.adjective)):
            possessor = next((a for a in before if not set(a.actors) & set(named)), None)
            if possessor is not None:
                yield from pairs((), across=(possessor.actors, named))
        elif named and beside is not None and not self._read.word(first).preposition:
            yield from pairs((), across=(beside.actors, named))


def _each(sources: tuple[int | None, ...], targets: list[int]) -> Iterator[Attached]:
    for source in sources:
        yield from (Attached(source, target) for target in targets)


def pairs(actors: tuple[int, ...], across: tuple[tuple[int, ...], tuple[int, ...]] | None = None) -> Iterator[Attached]:
    """Yield both directions of every pair; with `across`, only pairs of one from each side."""
    left, right = across or (actors, actors)
    for a in left:
        for b in right:
            if a != b:
                yield Attached(a, b)
                yield Attached(b, a)
