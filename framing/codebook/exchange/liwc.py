"""LIWC's ``.dic``: a legend of numbered categories between two ``%`` lines, then words with their numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from framing.codebook.exchange.categories import Category, Dictionary, listed
from framing.errors import FramingError

_LEGEND = re.compile(r"(\d+)\s+(.+)")
_WORD = re.compile(r"(.*?\S)((?:\s+\d+)+)")
_CONDITION = re.compile(r"\([\d\s]+\)")


def read(text: str, where: str) -> Dictionary:
    """Read LIWC 2001 to 2015 dictionaries; categories indented by tabs are nested.

    What quanteda ignores is ignored, and noted: words with an ``<of>`` tag, conditions in parentheses,
    numbers that the legend does not have, categories without words.
    """
    lines = text.splitlines()
    marks = [number for number, line in enumerate(lines) if line.strip() == "%"]
    if len(marks) < 2:
        message = f"{where}: a LIWC dictionary has its categories between two lines of only %, found {len(marks)}"
        raise FramingError(message)
    dictionary = Dictionary()
    by_number = _legend(lines, marks[0] + 1, marks[1], dictionary, where)
    skipped: dict[str, list[int]] = {"of": [], "condition": [], "undefined": []}
    for number in range(marks[1] + 1, len(lines)):
        line = lines[number].strip()
        if line:
            _read_word(line, number + 1, by_number, skipped, where)
    if skipped["of"]:
        dictionary.notes.append(f"words with an <of> tag left out ({listed(skipped['of'])})")
    if skipped["condition"]:
        dictionary.notes.append(f"conditions in parentheses ignored ({listed(skipped['condition'])})")
    if skipped["undefined"]:
        dictionary.notes.append(f"categories that the legend does not define ignored ({listed(skipped['undefined'])})")
    parents = {category.path[:depth] for category in dictionary.categories for depth in range(1, len(category.path))}
    empty = [c.path[-1] for c in dictionary.categories if not c.patterns and c.path not in parents]
    if empty:
        dictionary.notes.append(f"categories without words: {', '.join(empty)}")
    return dictionary


def _legend(lines: list[str], first: int, end: int, dictionary: Dictionary, where: str) -> dict[int, Category]:
    by_number: dict[int, Category] = {}
    above: list[tuple[int, str]] = []  # indentation and name of the categories around
    for row in range(first, end):
        line = lines[row]
        if not line.strip():
            continue
        match = _LEGEND.fullmatch(line.strip())
        if not match:
            message = f"{where}, line {row + 1}: a category needs a number, a tab and a name, found {line.strip()!r}"
            raise FramingError(message)
        number, name = int(match[1]), " ".join(match[2].split())
        if number in by_number:
            message = f"{where}, line {row + 1}: the category number {number} stands here a second time"
            raise FramingError(message)
        indentation = len(line) - len(line.lstrip())
        while above and above[-1][0] >= indentation:
            above.pop()
        above.append((indentation, name))
        by_number[number] = dictionary.category([n for _, n in above], f"{where}, line {row + 1}")
    return by_number


def _read_word(
    line: str, number: int, by_number: Mapping[int, Category], skipped: dict[str, list[int]], where: str
) -> None:
    if "<of>" in line:
        skipped["of"].append(number)
        return
    if _CONDITION.search(line):
        skipped["condition"].append(number)
        line = _CONDITION.sub("\t", line)
    if "\t" in line:
        word, _, rest = line.partition("\t")
        numbers = re.findall(r"\d+", rest)
    else:
        match = _WORD.fullmatch(line)
        word, numbers = (match[1], match[2].split()) if match else (line, [])
    if not numbers:
        message = f"{where}, line {number}: {line!r} has no category number behind it"
        raise FramingError(message)
    for key in map(int, numbers):
        if key in by_number:
            by_number[key].add(word)
        elif not skipped["undefined"] or skipped["undefined"][-1] != number:
            skipped["undefined"].append(number)


def write(patterns: Mapping[str, Mapping[str, float]], _name: str) -> str:
    """Write categories as a LIWC dictionary: one line per word, with the numbers of its categories."""
    numbers: dict[str, list[int]] = {}
    for number, category in enumerate(patterns.values(), 1):
        for pattern in category:
            numbers.setdefault(pattern, []).append(number)
    legend = [f"{number}\t{name}" for number, name in enumerate(patterns, 1)]
    words = ["\t".join([pattern, *map(str, of)]) for pattern, of in numbers.items()]
    return "\n".join(["%", *legend, "%", *words]) + "\n"
