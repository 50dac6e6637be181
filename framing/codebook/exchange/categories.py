"""What dictionaries of other tools have in common: a tree of categories, and patterns in each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from framing.errors import FramingError

#: Deeper trees than this are no dictionary.
MAX_DEPTH = 50
MAX_CHARACTERS = 50_000_000


@dataclasses.dataclass(slots=True)
class Category:
    """One category: its place in the tree (names from the top down) and its own patterns with their weights."""

    path: tuple[str, ...]
    patterns: dict[str, float] = dataclasses.field(default_factory=dict)

    def add(self, pattern: str, weight: float = 1.0) -> None:
        """Add a pattern, white space evened out; of one that comes twice the first stays."""
        pattern = " ".join(pattern.split())
        if pattern:
            self.patterns.setdefault(pattern, weight)


@dataclasses.dataclass(slots=True)
class Dictionary:
    """The content of another tool's file.

    `name` is what the file calls itself, `valuetype` how its patterns are to be read where the file says so,
    `notes` what was left out and why.
    """

    categories: list[Category] = dataclasses.field(default_factory=list)
    name: str = ""
    valuetype: str = ""
    notes: list[str] = dataclasses.field(default_factory=list)

    def category(self, path: Sequence[str], where: str) -> Category:
        """Add a category and return it."""
        if len(path) > MAX_DEPTH:
            message = f"{where}: categories are nested more than {MAX_DEPTH} deep"
            raise FramingError(message)
        self.categories.append(Category(tuple(" ".join(name.split()) for name in path)))
        return self.categories[-1]

    def keyed(self, levels: Iterable[int] | None) -> dict[str, dict[str, float]]:
        """Return the patterns by key, as quanteda flattens a tree.

        The key of a category is made of its names on the chosen `levels` (from 1; None: all), joined by full
        stops. Patterns below the last chosen level count for the category above; those of a category with
        no name on any chosen level are left out. Categories with one key are one.
        """
        chosen = None if levels is None else frozenset(levels)
        keyed: dict[str, dict[str, float]] = {}
        for category in self.categories:
            names = [name for level, name in enumerate(category.path, 1) if chosen is None or level in chosen]
            if names and category.patterns:
                patterns = keyed.setdefault(".".join(names), {})
                for pattern, weight in category.patterns.items():
                    patterns.setdefault(pattern, weight)
        return keyed


def refuse_size(text: str, where: str) -> None:
    """Raise when a file is too large for a dictionary."""
    if len(text) > MAX_CHARACTERS:
        message = f"{where}: {len(text):,} characters are too many for a dictionary (limit {MAX_CHARACTERS:,})"
        raise FramingError(message)


def listed(lines: Sequence[int], limit: int = 5) -> str:
    """Return line numbers for a message.

    >>> listed([3]), listed([1, 2, 3, 4, 5, 6, 7])
    ('line 3', 'lines 1, 2, 3, 4, 5 and 2 more')
    """
    more = f" and {len(lines) - limit} more" if len(lines) > limit else ""
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines[:limit]))}{more}"
