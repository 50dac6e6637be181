"""Cues: the words that announce that somebody else is speaking.

They are data (`language/data/reporting.yml`); this module finds them.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
from typing import Any, NamedTuple

from framing.language import Tokens, backend, key, vocabulary
from framing.language.chars import clean
from framing.matching.matcher import Matcher
from framing.matching.terms import Term, split, term

#: Particles after which the content of a report stands, alone or with a pronoun (أن، أنه، بأنها …).
_PRONOUNS = ("", "ه", "ها", "هم", "هما", "هن", "ك", "كم", "نا", "ني", "نني", "ننا", "ا", "ي")
COMPLEMENTISERS = frozenset(
    key(prefix + stem + pronoun) for stem in ("أن", "إن") for prefix in ("", "ب", "و", "ف") for pronoun in _PRONOUNS
) - {key("انا"), key("وانا"), key("اني")}


_CLOSE = 0.7  # log10 between the readings of a form


@dataclasses.dataclass(frozen=True, slots=True)
class Verb:
    """A reporting verb: `main` ones attribute even without أن, when they are the sentence's main verb."""

    lemma: str
    stance: str
    complements: tuple[str, ...]
    main: bool


class Cue(NamedTuple):
    """The tokens ``[first, end)`` that attribute a stretch, and the stance they take (None where no word does)."""

    first: int
    end: int
    stance: str | None = None


@dataclasses.dataclass(slots=True)
class Cues:
    """The cues of a batch, by token.

    `verbs` map a token to its verb, `participles` and `nouns` to their stance; `according` the first token of
    an expression to its last, to where the speaker stands ("after", "verb after" or "subject") and to its
    stance; `void` holds the tokens of expressions in which nobody speaks.
    """

    verbs: dict[int, Verb]
    participles: dict[int, str]
    nouns: dict[int, str]
    according: dict[int, tuple[int, str, str]]
    agency: dict[int, str]
    void: set[int]
    norms: set[int]
    named_things: set[int]


@functools.lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    """Return the content of `reporting.yml`."""
    import yaml

    text = importlib.resources.files("framing.language").joinpath("data", "reporting.yml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@functools.lru_cache(maxsize=1)
def _lexicon() -> tuple[Matcher, list[tuple[str, Any]]]:
    """Return the matcher of all cues, and for each owner its role and content."""
    terms: list[Term] = []
    owners: list[tuple[str, Any]] = []

    def add(role: str, content: Any, text: str, match: str = "lemma", **options: Any) -> None:
        several = len(split(text)) > 1
        terms.append(term(len(owners), text, "phrase" if several and match == "lemma" else match, **options))
        owners.append((role, content))

    main = {key(verb) for verb in data()["main_clause"]}
    stances = {row["verb"]: row["stance"] for row in data()["verbs"]}
    for row in data()["verbs"]:
        verb = row["verb"]
        add("verb", Verb(verb, row["stance"], tuple(row["complement"]), key(verb) in main), verb, pos=("verb",))
    for row in data()["participles"]:
        add("participle", stances[row["verb"]], clean(row["participle"]))
    for row in data()["nouns"]:
        add("noun", row["stance"], row["noun"])
    for row in data()["according_to"]:
        where = row["speaker"]
        words = row["phrase"].split()
        if words[-1] in ("ما", "لما") or words[-1] == "حسبما":
            where = "verb after"
        fixed = [word for word in words if word != "ل"]
        exact = " ".join("=" + word for word in fixed)
        add("according", (where, row.get("stance", "neutral")), exact, "phrase" if len(fixed) > 1 else "surface")
    for row in data()["agency"]:
        if "verb" in row and row["speaker"] in ("عن", "إلى"):
            add("agency", row["speaker"], row["verb"], pos=("verb",))
    for text in data()["void"]:
        add("void", text, " ".join("=" + word for word in text.split()))
    for role, name in (("norm", "norms"), ("named", "named_things")):
        for text in data()[name]:
            add(role, text, text)
    return Matcher(terms, margin="recall"), owners  # what a word is follows from what stands around it


def is_likely(tokens: Tokens, token: int, verb: str) -> bool:
    """Say whether no other verb is much likelier than `verb` in the form at `token`: تعاني is no أعان."""
    words = vocabulary()
    return _can_mean(clean(words.words[int(tokens.type[token])]), key(verb))


@functools.lru_cache(maxsize=100_000)
def _can_mean(word: str, verb: str) -> bool:
    """Say whether no other verb is much likelier in this form: يعد is to return or to count before it is to promise."""
    verbs = [reading for reading in backend().readings([word])[word] if reading.pos == "verb"]
    own = [reading.score for reading in verbs if reading.key == verb]
    return not own or max(own) >= max(reading.score for reading in verbs) - _CLOSE


def find(tokens: Tokens) -> Cues:
    """Find all cues in a batch."""
    matcher, owners = _lexicon()
    found = matcher.match(tokens)
    cues = Cues({}, {}, {}, {}, {}, set(), set(), set())
    for owner, first, last in zip(found.owner.tolist(), found.first.tolist(), found.last.tolist(), strict=True):
        role, content = owners[owner]
        if role == "verb" and not is_likely(tokens, first, content.lemma):
            continue
        if role == "verb":
            known = cues.verbs.get(first)
            if known is None or (content.main and not known.main):
                cues.verbs[first] = content
        elif role == "participle":
            cues.participles[first] = content
        elif role == "noun":
            cues.nouns[first] = content
        elif role == "according":
            if first not in cues.according or cues.according[first][0] < last:
                cues.according[first] = (last, *content)
        elif role == "agency":
            cues.agency[first] = content
        elif role == "void":
            cues.void.update(range(first, last + 1))
        elif role == "norm":
            cues.norms.add(first)
        else:
            cues.named_things.add(first)
    return cues
