"""Clauses: the subject of a verb, and the actor to which an evaluative word points."""

from __future__ import annotations

import re

from framing.language import chars, grammar
from framing.language.grammar import PREPOSITION, VERB
from framing.stance.arguments import Argument, Arguments
from framing.stance.lexicon import Evaluative
from framing.voice.cues import COMPLEMENTISERS
from framing.voice.phrases import Reader

#: Relative pronouns.
RELATIVE = frozenset("الذي التي الذين اللتين اللذين".split())
_MASCULINE = frozenset("لبنان حلف مجلس البيت الكونغرس الكرملين".split())  # names with an article are left open
_PARTICLES = frozenset("قد لقد سوف لن لم لا".split())
_OBJECT = re.compile("(ها|هم|هن|هما|ه|ني|نا|كم|ك)$")
_TIME = frozenset("بعد قبل بعيد قبيل عقب اثر خلال منذ اثناء".split())


class Clauses:
    """Finds subjects and targets in one sentence."""

    def __init__(self, read: Reader, arguments: Arguments, carried: int | None) -> None:
        self._read = read
        self._arguments = arguments
        self._carried = carried

    def subject(self, verb: int) -> tuple[Argument | None, bool]:
        """Return the argument that is the subject of the verb, and whether it follows it."""
        if verb > self._arguments.start and self._read.key(verb - 1) in RELATIVE and not self._read.word(verb).pronoun:
            before = self._arguments.before(verb, 8)
            return (before[0] if before else None), False
        for argument in () if self._read.word(verb).conjunction else self._arguments.before(verb, 2):
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
        if self._read.word(verb).conjunction:
            return None, False  # وأكدت: its subject is that of the verb before, not whatever stands nearest
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
        if self._read.word(verb).pronoun:
            key = _OBJECT.sub("", key)
        return key.startswith("ت") or key.endswith(("ت", "تا")) or len(argument.actors) > 1

    def dropped(self, verb: int) -> tuple[int | None, ...]:
        """Return the subject a verb without one takes: that of an earlier verb here, or of the sentence before."""
        for token in range(verb - 1, self._arguments.start - 1, -1):
            word = self._read.word(token)
            if word.kind == VERB and word.finite:
                subject, _ = self.subject(token)
                if subject is not None:
                    return subject.actors
                if self._read.key(token - 1) not in RELATIVE and self._read.subject_after(token, verb) is not None:
                    return (None,)  # the subject is somebody or something else
        opens = verb - self._arguments.start <= 2
        return (self._carried if opens else None,)

    def pronoun(self, verb: int, exclude: tuple[int | None, ...]) -> list[int]:
        """Return the antecedent of an object pronoun: the nearest actor before it in the sentence.

        In a relative clause (الجماعات التي تدعمها إيران) it is what the relative pronoun follows.
        """
        if verb - 1 > self._arguments.start and self._read.key(verb - 1) in RELATIVE:
            return [actor for a in self._arguments.before(verb, 3) if a.last == verb - 2 for actor in a.actors]
        for argument in self._arguments.before(verb, 40):
            actors = [actor for actor in argument.actors if actor not in exclude]
            if actors:
                return actors
        return []

    def targets(self, what: Evaluative, token: int, reach: int, *, direct: bool) -> list[int]:
        """Return the actors to which the family's `target` attaches behind `token`."""
        wanted = {"إزاء" if t == "حيال" else t for t in what.family.target}
        for argument in self._arguments.after(token, reach):
            inside = argument.head <= token  # وقف إلى جانب [دمشق]، استدعى السفير [الأميركي]
            head, preposition = (argument.first, None) if inside else (argument.head, argument.preposition)
            between = range(token + 1, head)
            if self._arguments.finite_verb_between(token + 1, head):
                if self._of_its_making(between, wanted) or (direct and self._claimed(what, between, argument)):
                    return list(argument.actors)
                break
            if self._is_filled(between, wanted) and not self._governed(token, argument, wanted):
                break  # معارضته للاتفاق خلال زيارته لإسرائيل
            if preposition in wanted or (preposition == "بين" and what.family.mutual):
                return list(argument.actors)
            if preposition in (None, "بين") and not inside and self._governed(token, argument, wanted):
                return list(argument.actors)
            if (direct or inside) and "direct" in wanted and preposition is None and self._is_direct(between):
                return list(argument.actors)
        return []

    def _is_filled(self, between: range, wanted: set[str]) -> bool:
        """Say whether a wanted preposition already has something else that is no actor."""
        keys = {chars.key(preposition) for preposition in wanted}
        last = between[-1] if between else -1
        return any(
            self._read.word(t).preposition in keys
            for t in between
            if t != last or self._read.word(t).kind != PREPOSITION
        )

    def _of_its_making(self, between: range, wanted: set[str]) -> bool:
        """Say whether a relative clause makes the actor behind it the author of the target.

        انتقد القرار الذي اتخذته [واشنطن]; ندد بالإجراءات التي فرضها [ترامب].
        """
        if len(between) < 3:
            return False
        verb, relative = between[-1], between[-2]
        word = self._read.word(verb)
        if self._read.key(relative) not in RELATIVE or word.kind != VERB or not word.pronoun:
            return False
        for token in range(relative - 1, between[0] - 1, -1):
            word = self._read.word(token)
            preposition = word.preposition if word.preposition else None
            if preposition is not None:
                return preposition in wanted
            if self._read.stops_phrase(token) or word.kind == grammar.MARK:
                return False
        return "direct" in wanted

    def _claimed(self, what: Evaluative, between: range, argument: Argument) -> bool:
        """Say whether the actor is the subject of what a critic claims or warns of: حذر من أن [روسيا] ستدفع."""
        return (
            what.family.quad == "verbal_conflict"
            and 0 < len(between) <= 3
            and argument.preposition is None
            and self._read.key(between[-1]) in COMPLEMENTISERS
            and not any(self._read.word(t).kind == VERB and self._read.word(t).finite for t in between)
        )

    def _is_direct(self, between: range) -> bool:
        """Say whether only commas, times and nouns stand between a verb (or its subject) and its object."""
        if between and self._read.key(between[0]) in _TIME:  # هاجم بعد توقيع الاتفاق الولايات المتحدة
            between = between[1:]
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
