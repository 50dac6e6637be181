"""Noun phrases around a reporting verb: who its subject is."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator

from framing.language import Tokens, chars, grammar, vocabulary
from framing.language.grammar import LATIN, MARK, NAME, NOUN, PARTICLE, PREPOSITION, PRONOUN, UNKNOWN, VERB, Word
from framing.matching.mentions import Mentions
from framing.voice.cues import COMPLEMENTISERS, data

_LONGEST = 14
_AUXILIARY = frozenset("كان كانت كانوا وكان وكانت وكانوا قد وقد لقد فيما بينما لكن ولكن غير الا كما و".split())
_BEFORE_VERB = frozenset("قد وقد لقد سوف لا".split())
_SOME = frozenset("كثير عديد عدد بعض مجموعه غالبيه معظم اثنان اثنين واحد".split())  # of whom the speaker is some
_NAME_PREFIX = frozenset({"باسم", "بلسان"})  # the speaker *of* somebody
_DASHES = frozenset("-–—‐‑ـ")
_QUOTES = frozenset('«»“”"‹›″')


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """Looks at the words of one batch."""

    tokens: Tokens
    mentions: Mentions

    def key(self, token: int) -> str:
        return vocabulary().keys()[int(self.tokens.type[token])]

    def written(self, token: int) -> str:
        return vocabulary().words[int(self.tokens.type[token])]

    def word(self, token: int) -> Word:
        type_ = int(self.tokens.type[token])
        return grammar.word(vocabulary().words[type_], vocabulary().kinds[type_])

    def can_be(self, token: int, lemmas: frozenset[str]) -> bool:
        """Say whether a word can be a form of one of these verbs or nouns (lemma keys)."""
        return not lemmas.isdisjoint(grammar.lemma_keys(self.written(token)))

    def mentions_end(self, token: int) -> bool:
        """Say whether a mention of an actor ends at `token`."""
        return any(int(self.mentions.matches.last[row]) == token for row in self.mentions.between(token - 3, token + 1))

    def is_prefixed(self, token: int) -> bool:
        """Say whether the mention that begins at `token` was found behind a clitic (بواشنطن, لكوبا)."""
        return any(int(self.mentions.matches.route[row]) >= 1 for row in self.mentions.between(token, token + 1))

    def stops_phrase(self, token: int) -> bool:
        """Say whether a noun phrase cannot go on over this word."""
        key, word = self.key(token), self.word(token)
        if key in _NAME_PREFIX:
            return False
        if key in COMPLEMENTISERS or key in grammar.OPENERS or key in grammar.TIMES or key in _AUXILIARY:
            return True
        if word.kind == PREPOSITION or (word.preposition and word.kind not in (grammar.UNKNOWN, grammar.NAME)):
            return True
        return (word.kind == VERB and word.finite) or (word.kind in (PARTICLE, PRONOUN) and not word.article)

    def subject_after(self, verb: int, end: int) -> tuple[int, int] | None:
        """Return the noun phrase ``[first, end)`` that follows a verb (VSO), appositions included."""
        first = verb + 1
        while first < end and self.key(first) in grammar.TIMES and first < verb + 3:
            first += 1
        token = first
        words = 0
        while token < end and words < _LONGEST:
            if self.word(token).kind == MARK:
                following = self._apposition(token, end, words)
                if following is None:
                    break
                words += following - token - 1
                token = following
                continue
            if self._is_title_of(token, first) or (token > first and (self._is_ali(token) or self._is_part_of(token))):
                words += 1
                token += 1
                continue
            if self.stops_phrase(token) or (token > first and self.new_phrase(token)):
                break
            words += 1
            token += 1
        while token > first and self.word(token - 1).kind == MARK:
            token -= 1
        token = self._late_name(first, token, end)
        span = self._one_person(first, token)
        return span if span[1] > span[0] else None

    def _is_title_of(self, token: int, first: int) -> bool:
        """Say whether العام belongs to a title (النائب العام, الأمين العام) rather than being a time."""
        return self.key(token) == "العام" and token > first and self.word(token - 1).article

    def _is_ali(self, token: int) -> bool:
        """Say whether علي, spelled with two dots behind a first name, is a name and no preposition."""
        before = self.word(token - 1)
        return self.written(token) == "علي" and before.kind in (NAME, NOUN, UNKNOWN) and not before.article

    def _is_part_of(self, token: int) -> bool:
        """Say whether من stands between a number and who is counted: عدد من المسؤولين."""
        return self.key(token) == "من" and self.key(token - 1).removeprefix("ال") in _SOME

    def new_phrase(self, token: int) -> bool:
        """Say whether a word begins another phrase, as a rule the object of the verb.

        A definite word behind a sound plural without article (مراقبون فرنسيون | الحوار: the ن would fall); a
        state's name behind a phrase that is closed (الرئيس الأمريكي | روسيا, واشنطن | موسكو); a definite noun
        that is neither adjective nor title behind such a phrase (الوزير | القرار), or an oblique plural behind a name
        (غودمان | الصحفيين); a bare noun behind an adjective (تقرير اقتصادي | ارتفاع).
        """
        before, word = self.word(token - 1), self.word(token)
        if before.kind == UNKNOWN and word.article and word.plural and self.key(token).endswith("ين"):
            return word.kind == NOUN and not self.mentions_end(token)
        relational = self.key(token - 1).endswith("ي") and before.adjective and not before.article
        if (
            relational
            and self.word(token - 2).kind == NOUN
            and word.kind == NOUN
            and not (word.adjective or word.article)
        ):
            return not word.conjunction and self.key(token) not in titles(documents=False)
        if self.key(token - 1).endswith(("ون", "ين")) and before.plural and not before.article:
            return before.kind == NOUN and word.article
        closed = before.article or self.mentions_end(token - 1)
        if word.conjunction or not (closed or before.kind == UNKNOWN):
            return False
        inside = any(int(self.mentions.matches.last[row]) >= token for row in self.mentions.between(token - 3, token))
        if inside or self.key(token) in titles(documents=False):
            return False
        if self._names_state(token):
            return True
        return closed and word.kind == NOUN and word.article and not word.adjective

    def _names_state(self, token: int) -> bool:
        """Say whether a mention that begins here names an actor itself, not a person of it nor by an adjective."""
        row = next(iter(self.mentions.between(token, token + 1)), None)
        if row is None or self.mentions.person[row] is not None:
            return False
        return self.word(token).kind == NAME or not self.word(token).adjective

    def _late_name(self, first: int, stop: int, end: int) -> int:
        """Return where a phrase ends whose name comes behind a place or office: سفير كوبا في القاهرة تانيا أغيلار،."""
        if stop >= end or stop == first or self.has_name(first, stop):
            return stop
        if self.key(stop) != "في" and self.word(stop).preposition != "ل":
            return stop
        token = stop
        while (
            token < end
            and token - stop < 12
            and self.word(token).kind != MARK
            and self.key(token) not in COMPLEMENTISERS
        ):
            token += 1
        return token if token < end and self.has_name(max(stop + 1, token - 2), token) else stop

    def has_name(self, first: int, end: int) -> bool:
        """Say whether a person or an unknown word, which is mostly a name, stands in ``[first, end)``."""
        if any(self.mentions.person[row] is not None for row in self.mentions.between(first, end)):
            return True
        return any(self.word(token).kind == grammar.UNKNOWN for token in range(first, end))

    def _apposition(self, mark: int, end: int, words: int) -> int | None:
        """Return where the phrase goes on behind a punctuation mark, or None where it ends there.

        Goes on over hyphens inside names, over a short quoted name, and over a comma when a name or title
        without verb or preposition follows and is itself closed by a comma or a complementiser.
        """
        written = self.written(mark)
        if written[0] in "-‐‑–ـ" and mark + 1 < end:
            return mark + 1
        if written[0] in _QUOTES:
            for close in range(mark + 1, min(mark + 5, end)):
                if self.written(close)[0] in _QUOTES:
                    return close + 1 if words == 0 and close > mark + 1 else None
            return None
        if written not in ("،", ",", "(") or words == 0:
            return None
        token = mark + 1
        while token < end and token - mark <= 7 and self.word(token).kind != MARK and not self.stops_phrase(token):
            token += 1
        if token == mark + 1 or token >= end:
            return None
        closes = (
            self.written(token) in ("،", ",", ")")
            or self.key(token) in COMPLEMENTISERS
            or self.key(token) in grammar.PREPOSITIONS
        )
        if not closes or self.word(mark + 1).conjunction:
            return None
        return token

    def _one_person(self, first: int, end: int) -> tuple[int, int]:
        """Cut the phrase before a second person or a second actor named by name: دعا دياز كانيل / بوتين."""
        seen: tuple[int, str | None] | None = None
        for row in self.mentions.between(first, end):
            start = int(self.mentions.matches.first[row])
            who = (int(self.mentions.matches.owner[row]), self.mentions.person[row])
            if seen is not None and who[1] is not None and who != seen and seen[1] is not None:
                return first, start
            if seen is None or who[1] is not None:
                seen = who
        return first, end

    def subject_before(self, verb: int, start: int) -> tuple[int, int] | None:
        """Return the noun phrase that precedes a verb (SVO): from the clause's beginning to the verb.

        A comma right before the verb closes an apposition (وكان الرئيس الكوبي، التقى); one further back
        ends the clause, unless it opens a short apposition.
        """
        if self.word(verb).conjunction:
            return None
        end = verb
        if end > start and self.written(end - 1)[0] in _DASHES:
            return None  # a dateline: القاهرة (رويترز) - قال
        while end > start and (self.written(end - 1) in ("،", ",") or self.key(end - 1) in _BEFORE_VERB):
            end -= 1
        first, commas = end, int(end < verb and self.written(end) in ("،", ","))
        since_comma = 0
        while first > start and end - first < 18:
            token = first - 1
            key, word = self.key(token), self.word(token)
            if key in COMPLEMENTISERS or key in _AUXILIARY or key in grammar.OPENERS:
                break
            if word.kind == VERB and word.finite and not word.article:
                break
            if word.kind == MARK and self.written(token) in ("،", ","):
                if not commas or since_comma > 6:
                    break
                commas, since_comma = 0, 0
            elif word.kind == MARK and self.written(token)[0] not in "-()ـ":
                break
            since_comma += 1
            first -= 1
        while first < end and self.word(first).kind == MARK:
            first += 1
        return (first, end) if first < end and self._can_open(first) else None

    def _can_open(self, token: int) -> bool:
        word = self.word(token)
        if word.kind in (PREPOSITION, PARTICLE, PRONOUN, VERB, LATIN) or self.key(token) in grammar.TIMES:
            return False
        return not (word.preposition and word.kind == NOUN)


@functools.cache
def titles(*, documents: bool = True) -> frozenset[str]:
    """Return the keys of titles (الرئيس, وزيرة, المتحدثون), which stand before a name or in its place."""
    known = (chars.key(row["title"].split()[0]) for row in data()["titles"] if documents or row["class"] != "document")
    return frozenset(form for title in known for form in _inflected(title))


def _inflected(key: str) -> Iterator[str]:
    for stem in (key, "ال" + key):
        yield from (stem, stem + "ون", stem + "ين", stem + "ه", stem + "ات")
