"""Context: which hits have around them what their entry requires, and which what cancels it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.codebook.model import Condition
from framing.language import Tokens
from framing.matching.matcher import Ints, Matches

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Surroundings:
    """Sentence, paragraph and text bounds of a batch, as token numbers."""

    def __init__(self, tokens: Tokens) -> None:
        self.sentence = tokens.spans.sentence
        self.first_of_sentence, self.end_of_sentence = tokens.sentence_bounds()
        self.paragraph = tokens.paragraphs()
        n = int(self.paragraph[-1]) + 1 if len(self.paragraph) else 0
        bounds = np.searchsorted(self.paragraph, np.arange(n + 1))
        self.first_of_paragraph, self.end_of_paragraph = bounds[:-1], bounds[1:]
        self.text = tokens.spans.sentence_text[self.sentence] if len(self.sentence) else self.sentence
        self.first_of_text, self.end_of_text = tokens.spans.first_token[:-1], tokens.spans.first_token[1:]

    def window(self, condition: Condition, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Return the tokens ``[low, high)`` in which `condition` looks, for hits ``first … last``."""
        low: NDArray[np.integer[Any]]
        high: NDArray[np.integer[Any]]
        if condition.within == "sentence":
            low, high = (side[self.sentence[first]] for side in (self.first_of_sentence, self.end_of_sentence))
        elif condition.within == "document":
            low, high = (side[self.text[first]] for side in (self.first_of_text, self.end_of_text))
        else:
            low, high = (side[self.paragraph[first]] for side in (self.first_of_paragraph, self.end_of_paragraph))
        if isinstance(condition.within, int):
            low = np.maximum(low, first - condition.within)
            high = np.minimum(high, last + 1 + condition.within)
        if condition.side == "before":
            high = np.minimum(high, first)
        elif condition.side == "after":
            low = np.maximum(low, last + 1)
        return low.astype(np.int64), high.astype(np.int64)


class Conditions:
    """Evaluates conditions over the matches of one batch.

    Parameters
    ----------
    matches : Matches
        All matches, whoever owns them, ordered by first token.
    actors : Matches
        Those of actors; the owner is the row in `actor_ids`.
    actor_ids : sequence of str
    kinds : mapping from actor id to its kind
    """

    def __init__(
        self,
        tokens: Tokens,
        matches: Matches,
        actors: Matches,
        actor_ids: Sequence[str],
        kinds: Mapping[str, str],
    ) -> None:
        self._around = Surroundings(tokens)
        self._matches = matches
        self._actors = actors
        self._actor_ids = list(actor_ids)
        self._kinds = kinds

    def met(self, condition: Condition, owners: Collection[int], first: Ints, last: Ints) -> NDArray[np.bool_]:
        """Say for each hit (``first … last`` token) whether `condition` holds there.

        `owners` are those of the entries and terms that the condition names.
        """
        low, high = self._around.window(condition, first, last)
        met = np.zeros(len(first), bool)
        if condition.actor:
            check = self._nearest_actor if condition.nearest else self._enough_actors
            met |= check(condition, low, high, first, last)
        if owners:
            found = self._matches.owned_by(owners)
            met |= _count(found, low, high) > 0
        return met

    def _wanted(self, condition: Condition) -> list[int]:
        return [
            row
            for row, id in enumerate(self._actor_ids)
            if "any" in condition.actor or id in condition.actor or self._kinds.get(id) in condition.actor
        ]

    def _nearest_actor(self, condition: Condition, low: Ints, high: Ints, first: Ints, last: Ints) -> NDArray[np.bool_]:
        wanted = set(self._wanted(condition))
        met = np.zeros(len(low), bool)
        starts = self._actors.first
        for row in range(len(low)):
            a, b = np.searchsorted(starts, (low[row], high[row]))
            inside = range(a, b)
            if inside:
                distance = [
                    max(self._actors.first[i] - last[row], first[row] - self._actors.last[i], 0) for i in inside
                ]
                nearest = inside[int(np.argmin(distance))]
                met[row] = int(self._actors.owner[nearest]) in wanted
        return met

    def _enough_actors(
        self, condition: Condition, low: Ints, high: Ints, _first: Ints, _last: Ints
    ) -> NDArray[np.bool_]:
        found = self._actors.owned_by(self._wanted(condition))
        inside = _count(found, low, high)
        met = inside >= condition.count
        if condition.count > 1:
            order = np.argsort(found.first, kind="stable")
            owner, first = found.owner[order], found.first[order]
            for row in np.flatnonzero(met).tolist():
                a, b = np.searchsorted(first, (low[row], high[row]))
                met[row] = len(set(owner[a:b].tolist())) >= condition.count
        return met


def _count(found: Matches, low: Ints, high: Ints) -> Ints:
    """Count the matches that begin in each ``[low, high)``."""
    first = np.sort(found.first)
    count: Ints = np.searchsorted(first, np.maximum(high, low)) - np.searchsorted(first, low)
    return count
