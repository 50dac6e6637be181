"""Attachment: from an evaluative word to who evaluates whom.

Rules, not statistics, and each can be read: verb–subject and subject–verb order, relative clauses,
the genitive of verbal nouns, relational adjectives, prepositions, mutual relations, pronouns inside the
sentence, and a subject carried over from the sentence before.
"""

from __future__ import annotations

from collections.abc import Iterator

from framing.language import grammar
from framing.stance.arguments import Arguments
from framing.stance.clauses import Clauses
from framing.stance.lexicon import Evaluative
from framing.stance.nominal import Attached, Nominal, pairs
from framing.voice.cues import COMPLEMENTISERS
from framing.voice.phrases import Reader

_VERB_REACH = 18
_ADJECTIVE_REACH = 8
_REFUSAL_REACH = 5
_REFUSE = frozenset({"رفض", "استبعد"})


class Attacher:
    """Attaches the evaluative matches of one sentence."""

    def __init__(self, read: Reader, arguments: Arguments, carried: int | None) -> None:
        self._read = read
        self._arguments = arguments
        self._clauses = Clauses(read, arguments, carried)
        self._nominal = Nominal(read, arguments, self._clauses)

    def attach(self, what: Evaluative, first: int, last: int) -> list[Attached]:
        """Return what the match in tokens ``first … last`` says about actors."""
        starts_with_verb = self._starts_with_verb(first)
        if what.kind == "verb" or (what.kind in ("phrase", "english") and starts_with_verb):
            found = list(self._verb(what, first, last))
            if not any(each.source is not None for each in found):  # دعم روسيا لكوبا: the verbal noun after all
                found = list(self._nominal.attach(what, first, last)) or found
        elif what.kind == "adjective" and not what.family.mutual:
            found = list(self._adjective(what, first, last))
        else:
            found = list(self._nominal.attach(what, first, last))
        return list(dict.fromkeys(a for a in found if a.source != a.target))

    def _starts_with_verb(self, first: int) -> bool:
        if self._read.word(first).finite:
            return True
        claimed = first > self._arguments.start and self._read.key(first - 1) in COMPLEMENTISERS  # أن رفع القيود سيتيح
        return not claimed and grammar.is_verb_at(self._read.tokens, first)

    def refusing(self, first: int) -> tuple[int | None, ...]:
        """Return who refuses what the words at `first` offer, if somebody does: رفضت [موسكو] التعاون مع واشنطن."""
        for token in range(first - 1, max(self._arguments.start, first - _REFUSAL_REACH) - 1, -1):
            if self._read.can_be(token, _REFUSE):
                if not grammar.is_verb_at(self._read.tokens, token):
                    owner = next(iter(self._arguments.after(token, 2)), None)
                    return owner.actors if owner is not None and owner.first < first else ()
                subject, _ = self._clauses.subject(token)
                return subject.actors if subject is not None else self._clauses.dropped(token)
        return ()

    def _verb(self, what: Evaluative, first: int, last: int) -> Iterator[Attached]:
        subject, follows = self._clauses.subject(first)
        sources: tuple[int | None, ...] = subject.actors if subject else self._clauses.dropped(first)
        begin = subject.last if subject and follows else last
        inside = [a for a in self._arguments.items if first < a.head and a.last <= last and a is not subject]
        # منحت روسيا كوبا قرضا: the object stands inside the expression
        objects = [actor for a in inside if a.preposition is None and a.head == a.first for actor in a.actors]
        targets = objects or self._clauses.targets(what, max(begin, last), _VERB_REACH, direct=True)
        if not targets and self._read.word(last).pronoun and not self._read.key(last).endswith(("هم", "هن", "هما")):
            targets = self._clauses.pronoun(first, exclude=sources)
        for source in sources:
            for target in targets:
                yield Attached(source, target)
                if what.family.mutual and source is not None:
                    yield Attached(target, source)
        if what.family.mutual and subject is not None and len(subject.actors) > 1 and not targets:
            yield from pairs(subject.actors)

    def _adjective(self, what: Evaluative, first: int, last: int) -> Iterator[Attached]:
        """دولة معادية لواشنطن; روسيا الداعمة لدمشق: the noun before it evaluates the target behind it."""
        targets = self._clauses.targets(what, last, _ADJECTIVE_REACH, direct=True)
        before = self._arguments.before(first, 6)
        if targets:
            near = before and not self._arguments.finite_verb_between(before[0].last + 1, first)
            sources: tuple[int | None, ...] = before[0].actors if near and before[0].last >= first - 4 else (None,)
            for source in sources:
                yield from (Attached(source, target) for target in targets)
