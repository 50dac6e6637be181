"""Lexicoder's ``.lc3``: a line ``+category``, then one pattern per line."""

from __future__ import annotations

from collections.abc import Mapping

from framing.codebook.exchange import yoshikoder
from framing.codebook.exchange.categories import Dictionary
from framing.errors import FramingError


def read(text: str, where: str) -> Dictionary:
    """Read a Lexicoder 3 dictionary. An XML file (Lexicoder 2) has Yoshikoder's format and is read as such."""
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        return yoshikoder.read(text, where)
    dictionary = Dictionary()
    category = None
    for number, line in enumerate(text.splitlines(), 1):
        content = line.strip()
        if content.startswith("+"):
            name = " ".join(content[1:].split())
            if not name:
                message = f"{where}, line {number}: the category has no name behind the +"
                raise FramingError(message)
            category = dictionary.category([name], f"{where}, line {number}")
        elif content:
            if category is None:
                message = (
                    f"{where}, line {number}: {content!r} stands before the first category; a category is a line +name"
                )
                raise FramingError(message)
            category.add(content)
    return dictionary


def write(patterns: Mapping[str, Mapping[str, float]], _name: str) -> str:
    """Write categories as a Lexicoder 3 dictionary."""
    lines = []
    for name, category in patterns.items():
        lines.append(f"+{name}")
        for pattern in category:
            if pattern.startswith("+"):
                message = (
                    f"the term {pattern!r} of {name!r} cannot be written in Lexicoder's format, where a line that "
                    "begins with + names a category; choose another format"
                )
                raise FramingError(message)
            lines.append(pattern)
    return "\n".join(lines) + "\n"
