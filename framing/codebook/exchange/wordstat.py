"""WordStat's ``.cat``: an outline indented by tabs; lines that end in ``(weight)`` are words, all others categories."""

from __future__ import annotations

import re
from collections.abc import Mapping

from framing.codebook.exchange.categories import Category, Dictionary, listed
from framing.errors import FramingError

_WORD = re.compile(r"(.+?)\s*\((-?\d+(?:[.,]\d+)?)\)")


def read(text: str, where: str) -> Dictionary:
    """Read a WordStat categorisation dictionary. Proximity rules (lines that begin with ``@``) are left out."""
    dictionary = Dictionary()
    above: list[tuple[int, str]] = []
    by_path: dict[tuple[str, ...], Category] = {}
    rules: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        content = line.strip()
        if not content:
            continue
        depth = line[: len(line) - len(line.lstrip())].count("\t")
        match = _WORD.fullmatch(content)
        if content.startswith("@"):
            rules.append(number)
            continue
        while above and above[-1][0] >= depth:
            above.pop()
        if match is None:
            above.append((depth, " ".join(content.split())))
            path = tuple(name for _, name in above)
            by_path[path] = dictionary.category(path, f"{where}, line {number}")
        elif not above:
            message = (
                f"{where}, line {number}: the word {content!r} stands in no category; indent it by a tab below one"
            )
            raise FramingError(message)
        else:
            weight = float(match[2].replace(",", "."))
            if weight < 0:
                message = f"{where}, line {number}: the weight of {match[1]!r} is {weight:g}; weights are 0 or more"
                raise FramingError(message)
            by_path[tuple(name for _, name in above)].add(match[1].replace("_", " "), weight)
    if rules:
        dictionary.notes.append(f"proximity rules left out ({listed(rules)}); write them as requires: and unless:")
    return dictionary


def write(patterns: Mapping[str, Mapping[str, float]], _name: str) -> str:
    """Write categories as a WordStat dictionary."""
    lines = []
    for name, category in patterns.items():
        if _WORD.fullmatch(name) or name.startswith("@"):
            message = (
                f"the frame {name!r} cannot be written in WordStat's format, where (1) at the end marks a word and "
                "@ at the beginning a rule; rename it"
            )
            raise FramingError(message)
        lines.append(name)
        lines += [f"\t{pattern} ({weight:g})" for pattern, weight in category.items()]
    return "\n".join(lines) + "\n"
