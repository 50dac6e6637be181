"""Terms: what a line of a codebook asks of the words of a text, ready to be matched.

A term becomes a sequence of *symbols*, one per word. A symbol is what one word must be: a lemma, a
written form, a relational adjective, a pattern. Symbols are numbered, so that matching is done on
integers whatever the term looked like.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from framing.errors import FramingError

#: How a match was reached, from the surest to the loosest; the position is the code.
ROUTES = ("exact", "clitic", "lemma", "pattern", "human")
#: Time limits of a regular expression: on one word, and on all words together.
REGEX_SECONDS = 0.1
REGEX_TOTAL_SECONDS = 20.0
#: Words that are one token whatever the tokeniser's rules; most terms are, and need not be segmented.
_PLAIN = re.compile(r"[A-Za-z0-9]+|[\u0621-\u063a\u0641-\u064a]+")


@dataclasses.dataclass(frozen=True, slots=True)
class Symbol:
    """What one word must be. `kind` is lemma, surface, fuzzy, relational, glob or regex; `text` its spelling.

    `agrees`: a later word of a phrase, which is often an adjective that agrees with the first (شراكة
    استراتيجية); then the adjective's lemma is meant as well as the noun of the same form.
    """

    kind: str
    text: str
    pos: tuple[str, ...] = ()
    agrees: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """A sequence of symbols that belongs to `owner` (a row number of whoever asks)."""

    owner: int
    symbols: tuple[Symbol, ...]
    gap: int = 0


def term(owner: int, text: str, match: str = "lemma", *, pos: Iterable[str] = (), gap: int = 0,
         valuetype: str = "glob") -> Term:  # fmt: skip
    """Compile one term of a codebook.

    In a phrase, a word that begins with ``=`` must stand exactly as written (behind clitics). A pattern of
    several words, glob or regex, has one pattern per word.
    """
    kind = {"lemma": "lemma", "phrase": "lemma", "surface": "surface", "pattern": valuetype}[match]
    words = text.split() if kind == "regex" else split(text, globs=kind == "glob")
    if not words:
        message = f"the term {text!r} holds no word"
        raise FramingError(message)
    symbols = []
    for place, word in enumerate(words):
        if word.startswith("=") and len(word) > 1:
            symbols.append(Symbol("surface", word[1:]))
        elif kind == "glob" and not set(word) & set("*?"):
            symbols.append(Symbol("surface", word))
        else:
            symbols.append(Symbol(kind, word, () if place else tuple(pos), agrees=bool(place) and kind == "lemma"))
    return Term(owner, tuple(symbols), gap)


def split(text: str, *, globs: bool = False) -> list[str]:
    """Split a term into its words as the tokeniser would; with `globs`, leave words with wildcards whole.

    >>> split("دياز-كانيل"), split("=على قدم"), split("سي-* U.S.", globs=True)
    (['دياز', 'كانيل'], ['=على', 'قدم'], ['سي-*', 'U.S'])
    """
    from framing.language import spans

    words: list[str] = []
    for part in text.split():
        if _PLAIN.fullmatch(part) or (globs and set(part) & set("*?")):
            words.append(part)
            continue
        mark = "=" if part.startswith("=") else ""
        found = spans.segment([part])
        for start, end, kind in zip(found.start, found.end, found.kind, strict=True):
            if kind != spans.PUNCT:
                words.append(mark + part[start:end])
    return words
