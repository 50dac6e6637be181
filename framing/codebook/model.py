"""The parts of a codebook: entries with their conditions, frames, actors, evaluative terms."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from framing.errors import FramingError, choices, closest

#: How an entry meets the text. `phrase` is what `lemma` becomes when the term has several words.
MATCHES = ("lemma", "surface", "phrase", "pattern")
#: What the wildcards of a `pattern` entry mean.
VALUETYPES = ("glob", "regex")
#: Words in place of an actor's id in a condition.
ACTOR_KINDS = ("any", "state", "bloc", "organisation")


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """Context that must be there (`requires`) or must not (`unless`).

    Met when, `within` the sentence, the paragraph, the document or that many tokens, and on that `side` of the hit,
    at least `count` different actors of `actor`, or any of the entries `entry`, or any of the words or
    phrases `term` occur. With `nearest`, it must be the actor nearest to the hit there that is one of
    `actor`: "انتقدت موسكو واشنطن" has Moscow nearest behind the verb, not Washington.
    """

    actor: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    term: tuple[str, ...] = ()
    within: str | int = "sentence"
    side: str = "either"
    count: int = 1
    nearest: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One line of a frame's lexicon.

    `term` is the citation form (a verb in the perfect, a noun in the singular, unvocalised unless vowels
    pin one homograph). `match` is one of `MATCHES`; `pos` restricts lemma readings; `variants` and `en`
    are further terms matched in the same way; `gap` is the number of words that may stand between
    the words of a phrase. All `requires` must hold; any `unless` cancels.
    """

    term: str
    match: str = "lemma"
    pos: tuple[str, ...] = ()
    weight: float = 1.0
    variants: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    gap: int = 0
    valuetype: str = "glob"
    requires: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    note: str = ""
    source: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """The term, its variants and its English equivalents."""
        return (self.term, *self.variants, *self.en)


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """An inclusion or exclusion rule with an example that it decides and one that it does not."""

    rule: str
    example: str = ""
    counter_example: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """A frame: its definition, its rules for a human coder, and its lexicon.

    `names` are expressions that contain an entry but are the name of something else (institutions); a
    match of one of them takes the words away from the entries of this frame.
    """

    id: str
    entries: tuple[Entry, ...]
    label: Mapping[str, str] = dataclasses.field(default_factory=dict)
    definition: str = ""
    functions: tuple[str, ...] = ()
    include: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()
    names: tuple[str, ...] = ()
    requires: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    version: str = ""
    licence: str = ""

    def title(self, language: str = "en") -> str:
        """Return the label in `language`, else in English, else the id."""
        return self.label.get(language) or self.label.get("en") or self.id


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Someone who speaks or acts for an actor. `short` are names that suffice alone."""

    id: str
    names: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    label: Mapping[str, str] = dataclasses.field(default_factory=dict)
    office: Mapping[str, str] = dataclasses.field(default_factory=dict)
    start: str = ""
    end: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """A state, bloc or organisation and every way of naming it, per language (``ar``, ``en``).

    `kind` is "state", "bloc" or "organisation". `adjectives` are relational adjectives (masculine
    singular in Arabic; all forms are generated). `excluded` are longer expressions that contain a name
    but mean something else. `fuzzy` allows unknown words that transcribe a person's name differently.
    """

    id: str
    kind: str
    label: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    capital: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    adjectives: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    people: tuple[Person, ...] = ()
    institutions: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    fuzzy: bool = False
    note: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Evaluation:
    """A family of terms by which one actor supports (+1) or opposes (−1) another.

    `quad` is verbal or material, cooperation or conflict; `goldstein` the intensity of its CAMEO code
    on Goldstein's (1992) scale, −10 to 10. `target` says how the affected party attaches: "direct" or a
    preposition. A `mutual` relation holds in both directions. `weight` is what each term adds to a stance.
    """

    id: str
    polarity: int
    quad: str
    cameo: str
    goldstein: float
    verb: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    adjective: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    target: tuple[str, ...] = ("direct",)
    mutual: bool = False
    en: tuple[str, ...] = ()
    note: str = ""
    weight: float = 1.0


class Codebook:
    """Frames, actors and evaluative terms, immutable.

    Use `fr.load_codebook` for one that ships or lies in a file, `Codebook.from_dict` for word lists.

    Attributes
    ----------
    name, title, version : str
    frames : mapping from id to Frame
    actors : mapping from id to Actor
    evaluations : tuple of Evaluation
    evaluative_names : tuple of str
        Expressions with an evaluative word that evaluate nobody (الحرب العالمية).
    spelling : mapping from the key of a spelling to the key it is counted under
    """

    def __init__(
        self,
        frames: Iterable[Frame],
        *,
        name: str = "codebook",
        title: str = "",
        version: str = "",
        actors: Iterable[Actor] = (),
        evaluations: Iterable[Evaluation] = (),
        evaluative_names: Iterable[str] = (),
        spelling: Mapping[str, str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.title = title or name
        self.version = version
        self.frames = _unique(frames, "frame", name)
        self.actors = _unique(actors, "actor", name)
        self.evaluations = tuple(evaluations)
        self.evaluative_names = tuple(evaluative_names)
        self.spelling = dict(spelling or {})
        self.metadata = dict(metadata or {})
        _check_aliases(self)
        for frame in self.frames.values():
            _check_conditions(frame, self)

    @classmethod
    def from_dict(
        cls,
        frames: Mapping[str, Iterable[str | Mapping[str, Any]]],
        *,
        name: str = "codebook",
        actors: str | Codebook | None = None,
    ) -> Codebook:
        """Make a codebook of word lists.

        Parameters
        ----------
        frames : mapping
            Frame id → terms. A term is a string (``*`` and ``?`` make it a glob pattern, several words a
            phrase) or a mapping with the fields of an entry.
        name : str
        actors : str or Codebook, optional
            A codebook whose actors and evaluative terms are used.

        Examples
        --------
        >>> book = Codebook.from_dict({"peace": ["سلام", "اتفاق سلام", {"term": "هدنة", "weight": 2}]})
        >>> [(entry.term, entry.match) for entry in book.frames["peace"].entries]
        [('سلام', 'lemma'), ('اتفاق سلام', 'phrase'), ('هدنة', 'lemma')]
        """
        from framing.codebook.loading import codebook_from_dict

        return codebook_from_dict(frames, name=name, actors=actors)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{frame.id}: {len(frame.entries)}" for frame in self.frames.values())
        return f"Codebook({self.name!r}, {{{sizes}}}, {len(self.actors)} actors)"

    def _repr_html_(self) -> str:
        from framing.codebook.html import codebook_html

        return codebook_html(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Codebook) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @functools.cached_property
    def fingerprint(self) -> str:
        """SHA-256 over everything that can change a coding."""
        content = {
            "frames": [dataclasses.asdict(frame) for frame in self.frames.values()],
            "actors": [dataclasses.asdict(actor) for actor in self.actors.values()],
            "evaluations": [dataclasses.asdict(evaluation) for evaluation in self.evaluations],
            "evaluative_names": list(self.evaluative_names),
            "spelling": self.spelling,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def only(self, *frames: str) -> Codebook:
        """Return the codebook with these frames only."""
        for id in frames:
            if id not in self.frames:
                near = closest(id, self.frames)
                message = f"codebook {self.name!r} has no frame {id!r}{near}; frames: {choices(self.frames)}"
                raise FramingError(message)
        return self._with(self.frames[id] for id in frames)

    def _with(self, frames: Iterable[Frame]) -> Codebook:
        return Codebook(
            frames,
            name=self.name,
            title=self.title,
            version=self.version,
            actors=self.actors.values(),
            evaluations=self.evaluations,
            evaluative_names=self.evaluative_names,
            spelling=self.spelling,
            metadata=self.metadata,
        )


def _unique(items: Iterable[Any], what: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if item.id in found:
            message = f"codebook {name!r}: two {what}s are called {item.id!r}; ids must be unique"
            raise FramingError(message)
        found[item.id] = item
    return found


def _aliases(actor: Actor) -> Iterable[str]:
    ways: list[Mapping[str, tuple[str, ...]]] = [actor.names, actor.capital, actor.adjectives, actor.institutions]
    ways += [way for person in actor.people for way in (person.names, person.short)]
    return (name for way in ways for names in way.values() for name in names)


def _check_aliases(codebook: Codebook) -> None:
    """Raise when two actors share a name: nobody could tell whom a text means."""
    from framing.language.chars import key

    owner: dict[str, str] = {}
    for actor in codebook.actors.values():
        for name in _aliases(actor):
            folded = name if name.isascii() and name.isupper() else key(name)
            if owner.setdefault(folded, actor.id) != actor.id:
                message = (
                    f"codebook {codebook.name!r}: {name!r} names two actors, {owner[folded]!r} and {actor.id!r}; "
                    "drop it from one, or make it longer"
                )
                raise FramingError(message)


def _check_conditions(frame: Frame, codebook: Codebook) -> None:
    """Raise when a condition names an actor or entry that is not there, or entries require each other."""
    terms = {entry.term for entry in frame.entries}
    needs: dict[str, set[str]] = {}
    for owner, conditions in (
        (None, (*frame.requires, *frame.unless)),
        *((entry, (*entry.requires, *entry.unless)) for entry in frame.entries),
    ):
        where = f"frame {frame.id!r}" + (f", entry {owner.term!r}" if owner else "")
        for condition in conditions:
            for actor in condition.actor:
                if not codebook.actors:
                    remedy = "add actors.yml or actors='cuba-russia-us'"
                    message = f"{where} has a condition on actors, but the codebook has none; {remedy}"
                    raise FramingError(message)
                if actor not in ACTOR_KINDS and actor not in codebook.actors:
                    known = (*ACTOR_KINDS, *codebook.actors)
                    near = closest(actor, known)
                    message = f"{where}: no actor {actor!r}{near}; the codebook has {len(codebook.actors)} actors"
                    raise FramingError(message)
            for term in condition.entry:
                if term not in terms:
                    near = closest(term, terms)
                    message = f"{where}: a condition names the entry {term!r}, which the frame does not have{near}"
                    raise FramingError(message)
        if owner:
            needs.setdefault(owner.term, set()).update(term for c in owner.requires for term in c.entry)
    circle = _circle(needs)
    if circle:
        round_trip = " → ".join(circle)
        message = f"frame {frame.id!r}: entries require each other in a circle: {round_trip}; drop one of them"
        raise FramingError(message)


def _circle(needs: Mapping[str, set[str]]) -> list[str] | None:
    """Return a path of `needs` that comes back to its start, or None."""
    done: set[str] = set()
    for start in needs:
        path, stack = [start], [iter(sorted(needs.get(start, ())))]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                done.add(path.pop())
                stack.pop()
            elif following in path:
                return [*path[path.index(following) :], following]
            elif following not in done:
                path.append(following)
                stack.append(iter(sorted(needs.get(following, ()))))
    return None
