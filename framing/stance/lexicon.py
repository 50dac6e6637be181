"""The evaluative lexicon made ready: which words support or oppose, and how their target attaches."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from framing.codebook.model import Codebook, Evaluation
from framing.language import Tokens, grammar
from framing.language.chars import clean
from framing.matching.matcher import Matcher, Matches, longest
from framing.matching.terms import Term, split, term
from framing.voice.cues import is_likely


@dataclasses.dataclass(frozen=True, slots=True)
class Evaluative:
    """What an evaluative match is: its family, its kind, and the term that matched."""

    family: Evaluation
    kind: str
    term: str


class EvaluativeLexicon:
    """Matches of evaluative terms; longer ones win, expressions that are names win over all."""

    def __init__(self, codebook: Codebook, margin: str) -> None:
        terms: list[Term] = []
        verbs: list[Term] = []
        self.owners: list[Evaluative | None] = []
        names = (name for frame in codebook.frames.values() for name in frame.names)
        for name in dict.fromkeys((*codebook.evaluative_names, *names)):
            terms.append(term(len(self.owners), name, "phrase" if len(split(name)) > 1 else "lemma"))
            self.owners.append(None)
        for family in codebook.evaluations:
            for kind, words in (("verb", family.verb), ("noun", family.noun), ("adjective", family.adjective),
                                ("phrase", family.phrase), ("english", family.en)):  # fmt: skip
                for word in words:
                    (verbs if kind == "verb" else terms).append(self._compiled(len(self.owners), word, kind))
                    self.owners.append(Evaluative(family, kind, word))
        self._matcher = Matcher(terms, margin=margin, variants=codebook.spelling)
        # Whether a form is a verb is decided by its place in the sentence, so any verb reading may count.
        self._verbs = Matcher(verbs, margin="recall", variants=codebook.spelling)

    @staticmethod
    def _compiled(owner: int, word: str, kind: str) -> Term:
        text = clean(word)
        if len(split(text)) > 1:
            return term(owner, text, "phrase", gap=3 if kind == "phrase" else 0)
        pos = {"verb": ("verb",), "noun": ("noun",), "adjective": ("adj",)}.get(kind, ())
        return term(owner, text, "lemma", pos=pos)

    def is_verb(self, tokens: Tokens, token: int, owner: int) -> bool:
        """Say whether the word at `token` is a verb there, and likely the owner's."""
        each = self.owners[owner]
        return each is not None and grammar.is_verb_at(tokens, token) and is_likely(tokens, token, each.term)

    def is_lifting(self, owner: int) -> bool:
        """Say whether an owner is the lifting of a measure: in a verbal noun the measure itself is presented."""
        each = self.owners[owner]
        return each is not None and each.family.id.startswith("ease_") and each.kind == "phrase"

    def find(self, tokens: Tokens) -> tuple[Matches, list[Evaluative]]:
        """Return the standing matches and what each is."""
        found = _merged(self._matcher.match(tokens), self._verbs.match(tokens), tokens, self)
        standing = found.take(longest(found, np.zeros(len(found), np.int64)))
        kept = np.asarray([self.owners[owner] is not None for owner in standing.owner.tolist()], bool)
        standing = standing.take(kept)
        what = [self.owners[owner] for owner in standing.owner.tolist()]
        return standing, [each for each in what if each is not None]


def _merged(matches: Matches, verbs: Matches, tokens: Tokens, lexicon: EvaluativeLexicon) -> Matches:
    """Join the matches of verbs that are verbs where they stand with the other ones, in the order of the text."""
    is_verb = np.asarray(
        [lexicon.is_verb(tokens, first, owner)
         for owner, first in zip(verbs.owner.tolist(), verbs.first.tolist(), strict=True)],
        bool,
    )  # fmt: skip
    lifting = np.asarray(
        [lexicon.is_lifting(owner) and not grammar.is_verb_at(tokens, first)
         for owner, first in zip(matches.owner.tolist(), matches.first.tolist(), strict=True)],
        bool,
    )  # fmt: skip
    parts = (matches.take(~lifting), verbs.take(is_verb))
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in ("owner", "first", "last", "route")]
    order = np.lexsort((columns[0], columns[2], columns[1]))
    return Matches(*(column[order] for column in columns))


@functools.lru_cache(maxsize=16)
def evaluative_lexicon(codebook: Codebook, margin: str) -> EvaluativeLexicon:
    """Return the evaluative lexicon of a codebook, compiled; the last few are kept."""
    return EvaluativeLexicon(codebook, margin)
