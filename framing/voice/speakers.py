"""Speakers: one name for everyone who is named in several ways, and the side they speak for."""

from __future__ import annotations

import dataclasses

from framing.language import grammar
from framing.matching.compiled import Compiled
from framing.matching.mentions import Mentions
from framing.voice.attribution import Attribution
from framing.voice.phrases import Reader


@dataclasses.dataclass(slots=True)
class _Speaker:
    """One speaker of a text: every way of naming it so far."""

    name: str
    people: set[str]
    words: set[str]
    titles: set[str]
    side: str | None


class Speakers:
    """Merges the speakers of one text.

    Two mentions are one speaker when they name the same person of the actor file, share a proper name
    (ديمتري بيسكوف / بيسكوف), or are one title (المتحدث باسم الكرملين) once an apposition has tied it to a name.
    """

    def __init__(self, read: Reader, mentions: Mentions, compiled: Compiled, text: str) -> None:
        self._read = read
        self._mentions = mentions
        self._compiled = compiled
        self._text = text
        self._known: list[_Speaker] = []

    def resolve(self, span: tuple[int, int]) -> tuple[str, str | None]:
        """Return the name of the speaker in tokens ``[first, end)`` and the side it speaks for."""
        rows = self._mentions.between(*span)
        people = {str(self._mentions.person[row]) for row in rows if self._mentions.person[row] is not None}
        words = self._proper_words(span)
        title = self._title(span)
        side = self._side(span)
        written = self._written(span)
        for known in self._known:
            same = bool(people & known.people) or bool(words & known.words) or (title != "" and title in known.titles)
            if same and not (people and known.people and not people & known.people):
                known.people |= people
                known.words |= words
                known.titles |= {title} - {""}
                known.side = known.side or side
                return known.name, known.side
        new = _Speaker(self._label(people) or written, people, words, {title} - {""}, side)
        self._known.append(new)
        return new.name, side

    def _written(self, span: tuple[int, int]) -> str:
        spans = self._read.tokens.spans
        first, end = span
        for token in range(first + 1, end):  # of an apposition, what stands first: موسكو، الحليفة …
            if self._read.written(token) in ("،", ","):
                end = token
                break
        return self._text[int(spans.start[first]) : int(spans.end[end - 1])].strip('،, "«»“”')

    def _label(self, people: set[str]) -> str | None:
        for actor in self._compiled.codebook.actors.values():
            for person in actor.people:
                if person.id in people:
                    names = person.names.get("ar", ())
                    return person.label.get("ar") or (names[0] if names else None)
        return None

    def _proper_words(self, span: tuple[int, int]) -> set[str]:
        """Return the keys of the words of a phrase that only a name has: unknown to the dictionary, or names."""
        inside = {
            token
            for row in self._mentions.between(*span)
            if self._mentions.person[row] is None
            for token in range(int(self._mentions.matches.first[row]), int(self._mentions.matches.last[row]) + 1)
        }
        return {
            self._read.key(token)
            for token in range(*span)
            if token not in inside and self._read.word(token).kind == grammar.UNKNOWN and len(self._read.key(token)) > 3
        }

    def _title(self, span: tuple[int, int]) -> str:
        """Return the key of the part before the first comma: المتحدث باسم الكرملين."""
        words = []
        for token in range(*span):
            if self._read.word(token).kind == grammar.MARK:
                break
            words.append(self._read.key(token))
        return " ".join(words) if len(words) > 1 else ""

    def _side(self, span: tuple[int, int]) -> str | None:
        rows = self._mentions.between(*span)
        if not rows:
            return None
        best = next((row for row in rows if self._mentions.person[row] is not None), rows[0])
        return self._compiled.actor_ids[int(self._mentions.matches.owner[best])]


def resolve(stretches: list[Attribution], speakers: Speakers) -> list[tuple[str | None, str | None]]:
    """Return (speaker, side) for each attributed stretch of a text, merged."""
    return [speakers.resolve(s.speaker) if s.speaker else (None, None) for s in stretches]
