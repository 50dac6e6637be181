"""Attachment: from an evaluative word to who evaluates whom.

Rules, not statistics, and each can be read: verb–subject and subject–verb order, relative clauses,
the genitive of verbal nouns, relational adjectives, prepositions, mutual relations, pronouns inside the
sentence, and a subject carried over from the sentence before.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from framing.language import chars, grammar
from framing.language.grammar import VERB
from framing.stance.arguments import Argument, Arguments
from framing.stance.lexicon import Evaluative
from framing.voice.phrases import Reader

_VERB_REACH = 18
_NOUN_REACH = 12
_RELATIVE = frozenset("الذي التي الذين اللتين اللذين".split())
_MASCULINE = frozenset("لبنان حلف مجلس البيت الكونغرس الكرملين".split())  # names with an article are left open
_PARTICLES = frozenset("قد لقد سوف لن لم لا".split())


@dataclasses.dataclass(frozen=True, slots=True)
class Attached:
    """One evaluation attached: rows of source (None when unknown) and target actor."""

    source: int | None
    target: int


class Attacher:
    """Attaches the evaluative matches of one sentence."""

    def __init__(self, read: Reader, arguments: Arguments, carried: int | None) -> None:
        self._read = read
        self._arguments = arguments
        self._carried = carried

    def attach(self, what: Evaluative, first: int, last: int) -> list[Attached]:
        """Return what the match in tokens ``first … last`` says about actors."""
        starts_with_verb = self._read.word(first).kind == VERB and self._read.word(first).finite
        if what.kind == "verb" or (what.kind in ("phrase", "english") and starts_with_verb):
            found = list(self._verb(what, first, last))
            if not self._read.word(first).finite and not any(each.source is not None for each in found):
                found = list(self._noun(what, first, last)) or found  # دعم روسيا لكوبا: the verbal noun after all
        elif what.kind == "adjective" and not what.family.mutual:
            found = list(self._adjective(what, first, last))
        else:
            found = list(self._noun(what, first, last))
        return list(dict.fromkeys(a for a in found if a.source != a.target))

    # Verbs ------------------------------------------------------------------------------------------

    def subject(self, verb: int) -> tuple[Argument | None, bool]:
        """Return the argument that is the subject of the verb, and whether it follows it."""
        if verb > self._arguments.start and self._read.key(verb - 1) in _RELATIVE and not self._read.word(verb).pronoun:
            before = self._arguments.before(verb, 8)
            return (before[0] if before else None), False
        for argument in self._arguments.before(verb, 2):
            between = range(argument.last + 1, verb)
            if argument.preposition is None and all(self._read.key(t) in _PARTICLES for t in between):
                return argument, False
        after = self._read.subject_after(verb, self._arguments.end)
        if after is not None:
            inside = [a for a in self._arguments.items if after[0] <= a.first < after[1] and a.preposition is None]
            if inside and self._agrees(verb, inside[0]):
                return inside[0], True
        span = self._read.subject_before(verb, self._arguments.start)
        if span is not None:
            inside = [a for a in self._arguments.items if span[0] <= a.first < span[1]]
            if inside:
                return inside[0], False
        for argument in self._arguments.before(verb, 10):
            if argument.preposition is None and not self._arguments.finite_verb_between(argument.last + 1, verb):
                return argument, False
        return None, False

    def _agrees(self, verb: int, argument: Argument) -> bool:
        """Say whether a bare state name can be the subject behind a verb: most are feminine (انتقدت واشنطن).

        "وانتقد واشنطن" has another subject, and Washington as its object.
        """
        bare = argument.head == argument.first and not argument.adjective
        rows = self._read.mentions.between(argument.first, argument.first + 1)
        if not bare or not rows or self._read.mentions.person[rows[0]] is not None:
            return True
        name = self._read.key(argument.first).removeprefix("و")
        if name.startswith("ال") or name in _MASCULINE:
            return True
        key = self._read.key(verb).removeprefix("و").removeprefix("ف").removeprefix("س")
        return key.startswith("ت") or key.endswith(("ت", "تا")) or len(argument.actors) > 1

    def _verb(self, what: Evaluative, first: int, last: int) -> Iterator[Attached]:
        subject, follows = self.subject(first)
        sources: tuple[int | None, ...] = subject.actors if subject else self._dropped(first)
        begin = subject.last if subject and follows else last
        targets = self._targets(what, max(begin, last), _VERB_REACH, direct=True)
        if not targets and self._read.word(last).pronoun and not self._read.key(last).endswith(("هم", "هن", "هما")):
            targets = self._pronoun(first, exclude=sources)
        for source in sources:
            for target in targets:
                yield Attached(source, target)
                if what.family.mutual and source is not None:
                    yield Attached(target, source)
        if what.family.mutual and subject is not None and len(subject.actors) > 1 and not targets:
            yield from _pairs(subject.actors)

    def _dropped(self, verb: int) -> tuple[int | None, ...]:
        """Return the subject a verb without one takes: that of an earlier verb here, or of the sentence before."""
        for token in range(verb - 1, self._arguments.start - 1, -1):
            word = self._read.word(token)
            if word.kind == VERB and word.finite:
                subject, _ = self.subject(token)
                if subject is not None:
                    return subject.actors
        opens = verb - self._arguments.start <= 2
        return (self._carried if opens else None,)

    def _pronoun(self, verb: int, exclude: tuple[int | None, ...]) -> list[int]:
        """Return the antecedent of an object pronoun: the nearest actor before it in the sentence."""
        for argument in self._arguments.before(verb, 40):
            actors = [actor for actor in argument.actors if actor not in exclude]
            if actors:
                return actors
        return []

    def _targets(self, what: Evaluative, token: int, reach: int, *, direct: bool) -> list[int]:
        """Return the actors to which the family's `target` attaches behind `token`."""
        wanted = {"إزاء" if t == "حيال" else t for t in what.family.target}
        for argument in self._arguments.after(token, reach):
            if argument.head <= token:
                continue
            between = range(token + 1, argument.head)
            if self._arguments.finite_verb_between(token + 1, argument.head):
                break
            if argument.preposition in wanted or (argument.preposition == "بين" and what.family.mutual):
                return list(argument.actors)
            if argument.preposition in (None, "بين") and self._governed(token, argument, wanted):
                return list(argument.actors)
            if direct and "direct" in wanted and argument.preposition is None and self._is_direct(between):
                return list(argument.actors)
        return []

    def _is_direct(self, between: range) -> bool:
        """Say whether only commas, times and nouns stand between a verb (or its subject) and its object."""
        return len(between) <= 6 and all(
            self._read.written(t) in ("،", ",") or self._read.key(t) in grammar.TIMES or not self._read.stops_phrase(t)
            for t in between
        )

    def _governed(self, token: int, argument: Argument, wanted: set[str]) -> bool:
        """Say whether a wanted preposition stands before the noun of which the argument is the genitive or adjective.

        أشاد بموقف روسيا; حذر من سياسة واشنطن.
        """
        for at in range(argument.head - 1, max(token, argument.head - 6), -1):
            word = self._read.word(at)
            if word.kind == grammar.PREPOSITION and word.preposition == "بين" and at == argument.head - 1:
                continue  # إلى التعاون بين روسيا وكوبا
            if word.kind == grammar.PREPOSITION:
                return chars.key(word.preposition) in {chars.key(w) for w in wanted}
            if word.preposition:
                return word.preposition in wanted
            if self._read.stops_phrase(at) or word.kind == grammar.MARK:
                return False
        return False

    # Nouns ------------------------------------------------------------------------------------------

    def _noun(self, what: Evaluative, first: int, last: int) -> Iterator[Attached]:
        within = [argument for argument in self._arguments.items if first < argument.first <= last]
        owner = within[0] if within else self._genitive(last)
        both = self._both(what, last)
        if both is not None:
            yield from _pairs(both.actors)
            return
        if what.family.mutual:
            yield from self._mutual(what, first, last, owner)
            return
        begin = owner.last if owner else last
        targets = self._targets(what, begin, _NOUN_REACH, direct=False)
        if owner is not None and targets:
            for source in owner.actors:
                yield from (Attached(source, target) for target in targets)
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
        for each in sources or (None,):
            yield from (Attached(each, target) for target in targets)

    def _both(self, what: Evaluative, last: int) -> Argument | None:
        """Return the two sides of a relation: التقارب بين واشنطن وهافانا، التقارب الذي أعلن من قبل الرئيسين."""
        if "بين" not in what.family.target:
            return None
        for argument in self._arguments.after(last, _NOUN_REACH):
            if len(argument.actors) > 1 and argument.preposition in ("بين", "قبل") and argument.head > last:
                return argument
        return None

    def _genitive(self, last: int) -> Argument | None:
        """Return the genitive or relational adjective after a noun: ضغوط واشنطن، العقوبات [الاقتصادية] الأمريكية."""
        for argument in self._arguments.after(last, 4):
            if argument.preposition is not None and argument.head > last:
                return None
            between = range(last + 1, argument.first)
            plain = all(self._read.word(t).kind == grammar.NOUN and not self._read.word(t).preposition for t in between)
            return argument if plain and len(between) <= 3 else None
        return None

    def _governor(self, first: int) -> tuple[int | None, ...] | None:
        """Return who performs a noun without genitive: the subject of the verb before it, or the nearest actor.

        فرضت واشنطن عقوبات; قيام الولايات المتحدة … بفرض عقوبات.
        """
        for token in range(first - 1, max(self._arguments.start - 1, first - 25), -1):
            word = self._read.word(token)
            if word.kind == VERB and word.finite and not word.passive:
                subject, _ = self.subject(token)
                if subject is not None and subject.last < first:
                    return subject.actors
                break
        for argument in self._arguments.before(first, 8):
            if argument.preposition in (None, "ل") and not self._arguments.finite_verb_between(
                argument.last + 1, first
            ):
                return argument.actors
        return None

    def _mutual(self, what: Evaluative, first: int, last: int, owner: Argument | None) -> Iterator[Attached]:
        """تعاون بين روسيا وكوبا، التعاون الروسي الكوبي، حليفتها تركيا، تعاون موسكو مع هافانا."""
        if what.kind == "adjective" or what.family.id in ("ally", "friend_label", "partner"):
            label = list(self._label(first, last, owner))
            if label:
                yield from label
                return
        following = [
            argument
            for argument in self._arguments.after(last, _NOUN_REACH)
            if argument.head > last or argument is owner
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
                    yield from _pairs((*owner.actors, *argument.actors), across=(owner.actors, argument.actors))
                    return
            if len(actors) > 1:
                yield from _pairs(tuple(actors))
                return
        partners = next((a for a in following if a.preposition in ("مع", "ل")), None)
        source = owner.actors if owner is not None else self._governor(first)
        if partners is not None and source:
            known = tuple(actor for actor in source if actor is not None)
            yield from _pairs((*known, *partners.actors), across=(known, partners.actors))

    def _label(self, first: int, last: int, owner: Argument | None) -> Iterator[Attached]:
        """حليفتها التاريخية تركيا; إسرائيل الحليفة لواشنطن; حلفاء واشنطن; الحليف الروسي."""
        named: tuple[int, ...] = owner.actors if owner else ()
        for_whom = next((a for a in self._arguments.after(last, 6) if a.preposition == "ل" and a.head > last), None)
        before = self._arguments.before(first, 30)
        if for_whom is not None and before and before[0].last >= first - 3:
            yield from _pairs((*before[0].actors, *for_whom.actors), across=(before[0].actors, for_whom.actors))
        elif named and (self._read.word(first).pronoun or (owner is not None and owner.adjective)):
            possessor = next((a for a in before if not set(a.actors) & set(named)), None)
            if possessor is not None:
                yield from _pairs((*possessor.actors, *named), across=(possessor.actors, named))

    def _adjective(self, what: Evaluative, first: int, last: int) -> Iterator[Attached]:
        """دولة معادية لواشنطن; روسيا الداعمة لدمشق: the noun before it evaluates the target behind it."""
        targets = self._targets(what, last, 8, direct=True)
        before = self._arguments.before(first, 6)
        if targets:
            sources: tuple[int | None, ...] = before[0].actors if before else (None,)
            for source in sources:
                yield from (Attached(source, target) for target in targets)


def _pairs(
    actors: tuple[int, ...], across: tuple[tuple[int, ...], tuple[int, ...]] | None = None
) -> Iterator[Attached]:
    """Yield both directions of every pair; with `across`, only pairs of one from each side."""
    left, right = across or (actors, actors)
    for a in left:
        for b in right:
            if a != b:
                yield Attached(a, b)
                yield Attached(b, a)
