"""Yoshikoder's ``.ykd``: XML, categories as ``cnode`` in each other, patterns as ``pnode``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from framing.codebook.exchange.categories import MAX_DEPTH, Category, Dictionary
from framing.errors import FramingError


def read(text: str, where: str) -> Dictionary:
    """Read a Yoshikoder dictionary; its outermost category is the dictionary itself and gives it its name.

    A pattern's score becomes its weight. Entities are refused: dictionaries need none, and they can hide
    explosions and other files.
    """
    from xml.parsers import expat

    reader = _Reader(where)
    parser = expat.ParserCreate()
    reader.parser = parser
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = reader.refuse
    parser.ExternalEntityRefHandler = reader.refuse
    try:
        parser.Parse(text.lstrip("\ufeff \r\n\t"), True)
    except expat.ExpatError as error:
        message = f"{where}, line {error.lineno}: not valid XML ({expat.errors.messages[error.code]})"
        raise FramingError(message) from None
    return reader.result()


class _Reader:
    def __init__(self, where: str) -> None:
        self._where = where
        self.parser: Any = None
        self._dictionary = Dictionary()
        self._open: list[Category] = []
        self._root: Category | None = None

    def _at(self) -> str:
        return f"{self._where}, line {self.parser.CurrentLineNumber}"

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._root is None and not self._open and tag not in ("dictionary", "cnode", "pnode"):
            message = f"{self._at()}: a Yoshikoder dictionary begins with <dictionary>, found <{tag}>"
            raise FramingError(message)
        if tag == "dictionary":
            self._dictionary.valuetype = "regex" if attributes.get("patternengine") == "regexp" else "glob"
        elif tag == "cnode":
            self._open_category(self._name(tag, attributes))
        elif tag == "pnode":
            self._add_pattern(self._name(tag, attributes), attributes.get("score"))

    def end(self, tag: str) -> None:
        if tag == "cnode":
            self._open.pop()

    def refuse(self, *_declaration: Any) -> int:
        message = f"{self._at()}: entities are not allowed in a dictionary; write the text out"
        raise FramingError(message)

    def _name(self, tag: str, attributes: Mapping[str, str]) -> str:
        name = " ".join(attributes.get("name", "").split())
        if not name:
            message = f"{self._at()}: <{tag}> has no name"
            raise FramingError(message)
        return name

    def _open_category(self, name: str) -> None:
        if len(self._open) > MAX_DEPTH:
            message = f"{self._at()}: categories are nested more than {MAX_DEPTH} deep"
            raise FramingError(message)
        if self._root is None:
            self._root = Category((name,))
            self._open.append(self._root)
            return
        inside = self._open[-1].path if self._open and self._open[-1] is not self._root else ()
        self._open.append(self._dictionary.category((*inside, name), self._at()))

    def _add_pattern(self, pattern: str, score: str | None) -> None:
        if not self._open:
            message = f"{self._at()}: the pattern {pattern!r} stands in no category"
            raise FramingError(message)
        weight = 1.0
        if score not in (None, ""):
            try:
                weight = float(str(score))
            except ValueError:
                weight = math.nan
            if not 0 <= weight < math.inf:
                message = (
                    f"{self._at()}: the score of {pattern!r} is {score!r}; as a weight it must be a number, 0 or more"
                )
                raise FramingError(message)
        self._open[-1].add(pattern, weight)

    def result(self) -> Dictionary:
        """Return the dictionary; patterns directly in the outermost category form a category of its name."""
        if self._root is not None:
            self._dictionary.name = self._root.path[0]
            if self._root.patterns:
                self._dictionary.categories.insert(0, self._root)
        return self._dictionary


def write(patterns: Mapping[str, Mapping[str, float]], name: str) -> str:
    """Write categories as a Yoshikoder dictionary."""
    from xml.sax.saxutils import quoteattr

    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<dictionary style="050805" patternengine="substring">']
    lines.append(f"\t<cnode name={quoteattr(name)} desc={quoteattr(name)}>")
    for key, category in patterns.items():
        lines.append(f'\t\t<cnode name={quoteattr(key)} desc="">')
        for pattern, weight in category.items():
            score = "" if weight == 1 else f' score="{weight:g}"'
            lines.append(f"\t\t\t<pnode name={quoteattr(pattern)}{score}/>")
        lines.append("\t\t</cnode>")
    return "\n".join([*lines, "\t</cnode>", "</dictionary>"]) + "\n"
