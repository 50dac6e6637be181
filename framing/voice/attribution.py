"""Attribution: who says what, in one sentence after the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from framing.language import Tokens, chars, grammar
from framing.language.grammar import MARK, VERB
from framing.matching.mentions import Mentions
from framing.voice import cues as cue_room, quotes as quote_room
from framing.voice.cues import COMPLEMENTISERS, Cue, Cues, Verb
from framing.voice.phrases import Reader, titles
from framing.voice.quotes import Quote

_NOT_CONTENT = frozenset("غير الا حيث بعد قبل منذ دون بدون حتي عند رغم بما شرط".split())  # بعد أن, غير أن …
_NO_VERB = 2.0  # log10: how much likelier a noun is than a verb before it is taken for a first name
_AMONG = frozenset("بينها بينهم بينهما منها منهم مثل".split())  # مصارف بينها «…»: what is quoted is a name
_REACH = 26  # words between a verb and its أن


@dataclasses.dataclass(frozen=True, slots=True)
class Attribution:
    """One attributed stretch, in tokens: cue, speaker and content as half-open spans."""

    cue: Cue
    speaker: tuple[int, int] | None
    first: int
    end: int
    directness: str
    carried: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Report:
    """A cue with its speaker and where its content begins."""

    cue: Cue
    speaker: tuple[int, int] | None
    content: int
    verb: Verb | None = None


class Attributor:
    """Finds the attributed stretches of the texts of one batch."""

    def __init__(self, tokens: Tokens, mentions: Mentions, cues: Cues | None = None) -> None:
        self.tokens = tokens
        self.read = Reader(tokens, mentions)
        self.cues = cues or cue_room.find(tokens)
        self._first, self._end = (side.tolist() for side in tokens.sentence_bounds())

    def text(self, number: int) -> list[Attribution]:
        """Return the attributed stretches of one text, in order."""
        spans = self.tokens.spans
        quotes = quote_room.find(self.tokens, number)
        found: list[Attribution] = []
        last: tuple[int, int] | None = None
        owner: dict[Quote, tuple[Cue, tuple[int, int] | None]] = {}
        for sentence in range(int(spans.first_sentence[number]), int(spans.first_sentence[number + 1])):
            a, b = self._first[sentence], self._end[sentence]
            inside = [quote for quote in quotes if quote.first < b and quote.end > a]
            reports = list(self._reports(a, b, inside))
            new = self._sentence(a, b, reports, inside, owner, last)
            found += new
            said = [report.speaker for report in reports if report.speaker]
            if said:
                last = said[-1]
            elif not reports:
                named = self._theme(a, b)
                last = named or last
        return found

    def _theme(self, a: int, b: int) -> tuple[int, int] | None:
        """Return the person a sentence without report is about, who may go on speaking in the next one."""
        for row in self.read.mentions.between(a, b):
            if self.read.mentions.person[row] is not None:
                return int(self.read.mentions.matches.first[row]), int(self.read.mentions.matches.last[row]) + 1
        return None

    # Reports ------------------------------------------------------------------------------------

    def _reports(self, a: int, b: int, quotes: Sequence[Quote]) -> Iterator[_Report]:
        subject: tuple[int, int] | None = None
        busy = a
        for token in range(a, b):
            if token < busy or token in self.cues.void or _within(token, quotes, a):
                continue
            report = None
            if token in self.cues.according:
                report = self._according(token, b)
            if report is None and token in self.cues.verbs and grammar.is_verb_at(self.tokens, token):
                report = self._verb(token, a, b, quotes)
            if report is None and (token in self.cues.participles or token in self.cues.nouns):
                report = self._participle(token, a, b, quotes, subject)
            if report is not None:
                subject = report.speaker or subject
                busy = report.content
                yield report

    def _according(self, token: int, b: int) -> _Report | None:
        last, where, stance = self.cues.according[token]
        if where == "subject":
            return None
        at = last
        if where == "verb after":
            if last + 1 >= b or not self.read.word(last + 1).verb:
                return None
            at = last + 1
        elif last + 1 < b and last + 1 in self.cues.norms:
            return None
        first = at + 1
        speaker = self._object_of(first, b)
        if speaker is None:
            return None
        return _Report(Cue(token, at + 1, stance), speaker, speaker[1])

    def _object_of(self, first: int, b: int) -> tuple[int, int] | None:
        """Return the noun phrase that begins at `first`, whose own preposition (لما، للكرملين) may be glued on."""
        if first < b and self.read.key(first) == "ل":
            first += 1
        end = first
        while end < b and end - first < 12 and self.read.word(end).kind != MARK:
            if end > first and (self.read.stops_phrase(end) or self.read.new_phrase(end)):
                break
            if end > first and end in self.cues.nouns and self.read.word(end).pronoun:
                break  # عن مسؤول حكومي | قوله إن
            if end == first and (self.read.word(end).finite or self.read.key(end) in COMPLEMENTISERS):
                break
            end += 1
        if end == first and first < b and self.read.written(first)[0] in '"«“‹':
            for close in range(first + 1, min(first + 7, b)):
                if self.read.written(close)[0] in '"»”›':
                    return first, close + 1
        return (first, end) if end > first else None

    def _verb(self, token: int, a: int, b: int, quotes: Sequence[Quote]) -> _Report | None:
        verb = self.cues.verbs[token]
        if self.read.word(token).passive and not self.read.word(token).finite:
            return None
        if token in self.cues.agency:
            relayed = self._agency(token, b)
            if relayed is not None:
                return relayed
        speaker = self.read.subject_after(token, b)
        before = self.read.subject_before(token, a) if token > a else None
        if self._is_purpose(token):
            speaker = before = self._clause_subject(a, token)
        opens_sentence = token - a <= 1 or self._opens_clause(token, speaker)
        if before is not None and (speaker is None or not opens_sentence):
            speaker = self._someone(before) or speaker or (before if self.read.word(before[0]).article else None)
        after = max(token + 1, speaker[1] if speaker and speaker[0] > token else token + 1)
        content = self._content(token, after, b, quotes)
        if content is None:
            if not verb.main or not self._is_main(token, a, speaker):
                return None
            content = after
            if content >= b or (speaker is None and token - a > 1):
                return None
        return _Report(Cue(token, token + 1, verb.stance), speaker, content, verb)

    def _is_purpose(self, token: int) -> bool:
        """Say whether a verb says what for, and so has the main verb's subject: وجهوا رسالة إلى أوباما ليؤكدوا."""
        return self.read.word(token).imperfect and self.read.key(token).startswith(("لي", "لت"))

    def _opens_clause(self, verb: int, speaker: tuple[int, int] | None) -> bool:
        """Say whether a comma is before a verb, and right behind it who speaks: في هذا الإطار، رأى الوزير."""
        if speaker is None or self.read.written(verb - 1) not in ("،", ","):
            return False
        someone = self._someone(speaker)
        return someone is not None and someone[0] == speaker[0]

    def _someone(self, span: tuple[int, int]) -> tuple[int, int] | None:
        """Return the part of a phrase that can speak: from its first title, actor or name on."""
        for token in range(*span):
            if self.read.key(token) in titles():
                return token, span[1]
            word = self.read.word(token)
            if word.kind in (grammar.NAME, grammar.UNKNOWN) or (
                self.read.mentions.between(token, token + 1) and not word.article and word.kind != grammar.NOUN
            ):
                first_name = token > span[0] and word.kind != grammar.NOUN and self._is_first_name(token - 1)
                return token - first_name, span[1]
        return None

    def _is_first_name(self, token: int) -> bool:
        """Say whether a word before a name can be part of it though the dictionary has it as a noun: [مارك] غودمان."""
        word = self.read.word(token)
        bare = not (word.article or word.preposition or word.conjunction or word.adjective or word.pronoun)
        bare &= word.gap > _NO_VERB
        states = self.read.mentions.between(token + 1, token + 2)
        return word.kind == grammar.NOUN and bare and all(self.read.mentions.person[row] is not None for row in states)

    def _content(self, token: int, after: int, b: int, quotes: Sequence[Quote]) -> int | None:
        """Return where the content of a report begins: after أن, at a quotation, after a colon; else None."""
        for at in range(token + 1, min(b, token + 1 + _REACH)):
            if self.read.key(at) in COMPLEMENTISERS:
                if self.read.key(at - 1) in _NOT_CONTENT:
                    continue
                return at + 1
            opening = next((quote for quote in quotes if quote.first == at + 1), None)
            if opening is not None and (self._is_speech(opening) or after <= at <= after + 1):
                return opening.first
            if self.read.written(at) == ":" and at + 1 < b and at - after < 6:
                return at + 1
            if at >= after and self.read.word(at).kind == VERB and self.read.word(at).finite and at in self.cues.verbs:
                return None
            if self.read.written(at) in ("؛", ".", "؟", "!"):
                return None
        return None

    def _is_main(self, token: int, a: int, speaker: tuple[int, int] | None) -> bool:
        """Say whether a verb is the main verb of its sentence: nothing finite stands before it."""
        begin = speaker[0] if speaker and speaker[0] < token else token
        for at in range(a, begin):
            word = self.read.word(at)
            if word.kind == VERB and word.finite and self.read.key(at).lstrip("وف") not in ("كان", "كانت", "كانوا"):
                return False
            if self.read.key(at) in COMPLEMENTISERS or self.read.key(at) in ("الذي", "التي", "الذين"):
                return False
        return begin - a <= 20

    def _agency(self, token: int, b: int) -> _Report | None:
        """نقلت وكالة … عن … قوله إن …: the speaker stands behind the preposition."""
        preposition = self.cues.agency[token]
        wanted = chars.key(preposition)
        for at in range(token + 1, min(b, token + 12)):
            if self.read.key(at) == wanted:
                speaker = self._object_of(at + 1, b)
                if speaker is None:
                    return None
                content = speaker[1]
                for later in range(speaker[1], min(b, speaker[1] + 8)):
                    if self.read.key(later) in COMPLEMENTISERS:
                        content = later + 1
                        break
                return _Report(Cue(token, at + 1, self.cues.verbs[token].stance), speaker, content)
        return None

    def _participle(
        self, token: int, a: int, b: int, quotes: Sequence[Quote], subject: tuple[int, int] | None
    ) -> _Report | None:
        """مؤكدا أن …، قوله إن …: the subject of the main verb goes on speaking."""
        word = self.read.word(token)
        is_noun = token in self.cues.nouns
        if token == a or word.article or (is_noun and not word.pronoun):
            return None
        after = token + 1
        for at in range(after, min(b, after + 6)):
            if self.read.key(at) in COMPLEMENTISERS:
                content = at + 1
                break
            if any(quote.first == at + 1 for quote in quotes) or self.read.written(at) == ":":
                content = at + 1
                break
        else:
            if is_noun or not self.read.key(token).endswith(("ا", "ين", "يا")):
                return None
            content = after
        if content >= b:
            return None
        speaker = subject or self._clause_subject(a, token)
        stance = self.cues.nouns[token] if is_noun else self.cues.participles[token]
        return _Report(Cue(token, token + 1, stance), speaker, content)

    def _clause_subject(self, a: int, token: int) -> tuple[int, int] | None:
        for at in range(a, token):
            if self.read.word(at).finite or (at == a and grammar.is_verb_at(self.tokens, at)):
                return self.read.subject_after(at, token) or self.read.subject_before(at, a)
        return None

    # Stretches ----------------------------------------------------------------------------------

    def _sentence(
        self,
        a: int,
        b: int,
        reports: Sequence[_Report],
        quotes: Sequence[Quote],
        owner: dict[Quote, tuple[Cue, tuple[int, int] | None]],
        last: tuple[int, int] | None,
    ) -> list[Attribution]:
        found: list[Attribution] = []
        taken: set[Quote] = set()
        for number, report in enumerate(reports):
            following = [r.cue[0] for r in reports[number + 1 :] if r.cue[0] > report.cue[0]]
            stop = following[0] if following else b
            if report.verb is None and report.cue[0] in self.cues.according:
                found.append(self._according_stretch(report, a, stop, b))
            else:
                found += self._stretch(report, stop, quotes, taken, owner, last)
            last = report.speaker or last
        for quote in quotes:
            if quote in taken:
                continue
            first, end = max(quote.first, a), min(quote.end, b)
            if quote in owner and quote.first < a:
                cue, speaker = owner[quote]
                found.append(Attribution(cue, speaker, first, end, "direct", carried=True))
            else:
                loose = self._loose_quote(quote, a, b, first, end, reports, last)
                if loose is not None:
                    owner[quote] = (loose.cue, loose.speaker)
                    found.append(loose)
        return sorted(found, key=lambda stretch: (stretch.first, -stretch.end))

    def _stretch(
        self,
        report: _Report,
        stop: int,
        quotes: Sequence[Quote],
        taken: set[Quote],
        owner: dict[Quote, tuple[Cue, tuple[int, int] | None]],
        last: tuple[int, int] | None,
    ) -> Iterator[Attribution]:
        speaker, carried = (report.speaker, False) if report.speaker else (last, True)
        end = self._next_clause(report.content, stop, quotes)
        while end > report.content and self.read.written(end - 1)[0] in "،,؛.":
            end -= 1
        first = report.content
        while first < end and self.read.written(first) in ("،", ",", ":"):
            first += 1
        inside = [quote for quote in quotes if quote.first >= report.cue[1] and quote.first < stop]
        quoted = sum(self._n_words(quote.first, min(quote.end, end)) for quote in inside)
        whole = bool(inside) and quoted >= 0.7 * self._n_words(first, end)
        if end > first and not whole:
            opened = any(quote.first == first for quote in inside)  # begin with the mark, not behind it
            yield Attribution(report.cue, speaker, first - opened, end, "indirect", carried)
        for quote in inside:
            taken.add(quote)
            owner[quote] = (report.cue, speaker)
            kind = "direct" if self._is_speech(quote) or whole else "scare"
            yield Attribution(
                report.cue, speaker, quote.first, min(quote.end, max(end, quote.first + 1)), kind, carried
            )

    def _next_clause(self, content: int, stop: int, quotes: Sequence[Quote]) -> int:
        """Return where the narrator takes over again: at ``، و`` with another reporting verb (وانتقدت …)."""
        for token in range(content + 1, stop):
            verb = token in self.cues.verbs and self.read.word(token).finite and self.read.word(token).conjunction
            if verb and self.read.written(token - 1) in ("،", ",") and not _within(token, quotes, content):
                return token
        return stop

    def _according_stretch(self, report: _Report, a: int, stop: int, b: int) -> Attribution:
        """Return what follows a cue that opens the sentence, up to the next cue at `stop`; else what is before it."""
        assert report.speaker is not None
        opens = self._opens(report, a)
        if opens and stop - report.content <= 3:
            stop = b  # وفقا لرويترز، فقد ذكر كيري أن: one voice inside another
        rest = report.speaker[1]
        while rest < stop and self.read.word(rest).kind == MARK:
            rest += 1
        if opens and stop - rest >= 2:
            if self.read.key(rest) in COMPLEMENTISERS:
                rest += 1
            return Attribution(report.cue, report.speaker, rest, stop, "according_to")
        end = report.cue[0]
        while end > a and self.read.word(end - 1).kind == MARK:
            end -= 1
        return Attribution(report.cue, report.speaker, a, max(end, a + 1), "according_to")

    def _opens(self, report: _Report, a: int) -> bool:
        """Say whether nothing is said before a cue: no more than three words, and no verb."""
        cue = report.cue[0]
        return cue - a <= 3 and not any(grammar.is_verb_at(self.tokens, token) for token in range(a, cue))

    def _is_speech(self, quote: Quote) -> bool:
        """Say whether a quotation is a statement rather than a word or two held with tongs."""
        words = self._n_words(quote.first, quote.end)
        return words >= 6 or (words >= 3 and any(self.read.word(t).finite for t in range(quote.first, quote.end)))

    def _n_words(self, first: int, end: int) -> int:
        return sum(self.read.word(token).kind != MARK for token in range(first, end))

    def _loose_quote(
        self,
        quote: Quote,
        a: int,
        b: int,
        first: int,
        end: int,
        reports: Sequence[_Report],
        last: tuple[int, int] | None,
    ) -> Attribution | None:
        """Attribute a quotation to which no cue points: a continued one, a scare quote, or a mere title."""
        before = quote.first - 2
        if a <= before and (before in self.cues.named_things or before - 1 in self.cues.named_things):
            return None
        if a <= before and self.read.key(before) in _AMONG:
            return None
        subject = next((report.speaker for report in reports if report.speaker), None)
        words = [t for t in range(first, end) if self.read.word(t).kind != MARK]
        if not words:
            return None
        if not quote.balanced or self._is_speech(quote):
            if not quote.balanced and len(words) < 4:
                return None
            cue = self._cue_behind(quote, b)
            if cue is not None:
                return cue
            whole = end - first >= 0.6 * (b - a)
            if not quote.balanced or whole:
                return Attribution(Cue(first, first), last, first, end, "direct", carried=True)
        if all(
            self.read.word(t).kind in (grammar.NAME, grammar.UNKNOWN, grammar.LATIN, grammar.NUMERAL) for t in words
        ):
            return None
        return Attribution(
            Cue(first, first), subject or self._clause_subject(a, b), first, end, "scare", carried=subject is None
        )

    def _cue_behind(self, quote: Quote, b: int) -> Attribution | None:
        """«…»، قال بوتين: the cue follows the quotation."""
        for token in range(quote.end, min(b, quote.end + 5)):
            if token in self.cues.verbs and self.read.word(token).verb:
                speaker = self.read.subject_after(token, b)
                cue = Cue(token, token + 1, self.cues.verbs[token].stance)
                return Attribution(cue, speaker, quote.first, quote.end, "direct", carried=speaker is None)
        return None


def _within(token: int, quotes: Sequence[Quote], a: int) -> bool:
    """Say whether a token stands inside a quotation: cues in there belong to the one who is quoted."""
    return any(
        quote.balanced and max(quote.first, a) <= token < quote.end and quote.end - quote.first > 2 for quote in quotes
    )
