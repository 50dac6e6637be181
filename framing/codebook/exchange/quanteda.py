"""quanteda's YAML: keys, nested as deep as one likes, with lists of patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framing.codebook.exchange.categories import Dictionary
from framing.codebook.yamlfile import Position, YamlFile
from framing.errors import FramingError

#: Under this key quanteda writes the patterns of a category that has subcategories as well.
OWN = "__"
_OURS = ("frame", "codebook", "actors", "evaluative", "spelling")


class WordsFile(YamlFile):
    """YAML in which every scalar is the word that stands there: yes, no, 1984 and null are words too."""

    def _build(self, node: Any, position: Position, loader: Any, yaml: Any) -> Any:
        if isinstance(node, yaml.ScalarNode):
            self._lines[position] = node.start_mark.line + 1
            return node.value
        if isinstance(node, yaml.MappingNode):
            for key, _value in node.value:
                key.tag = "tag:yaml.org,2002:str"
        return super()._build(node, position, loader, yaml)


def read(text: str, where: str) -> Dictionary:
    """Read a quanteda dictionary in YAML."""
    file = WordsFile(text, where)
    content = file.content
    if not isinstance(content, dict):
        raise file.fail((), "a quanteda dictionary has keys with lists of patterns below them (key: [word, word])")
    if content.get("kind") in _OURS:
        kind = content["kind"]
        cure = "with 'kind: frame' as its first line" if kind == "frame" else "by the folder that it belongs to"
        problem = f"this is no dictionary but a codebook file of kind {kind!r}; load it with load_codebook, {cure}"
        raise file.fail(("kind",), problem)
    dictionary = Dictionary()
    _read(content, (), dictionary, file)
    return dictionary


def _read(content: Mapping[str, Any], path: tuple[str, ...], dictionary: Dictionary, file: YamlFile) -> None:
    for key, value in content.items():
        here = (*path, key)
        where = f"{file.where}, line {file.line(here)}"
        if not key.strip():
            raise file.fail(here, "a key is empty")
        category = dictionary.category(path if key == OWN and path else here, where)
        if isinstance(value, dict):
            if key == OWN:
                raise file.fail(here, f"{OWN} holds patterns, not further keys")
            _read(value, here, dictionary, file)
            continue
        for row, pattern in enumerate([value] if isinstance(value, str) else value):
            if not isinstance(pattern, str):
                kind = "mapping" if isinstance(pattern, dict) else "list"
                problem = (
                    f"a pattern is expected below {key!r}, found a {kind}; a frame's file begins with 'kind: frame'"
                )
                raise file.fail((*here, row), problem)
            category.add(pattern)


def write(patterns: Mapping[str, Mapping[str, float]], _name: str) -> str:
    """Write categories as a quanteda dictionary in YAML."""
    import yaml

    for key in patterns:
        if key == OWN:
            message = f"a frame called {OWN!r} cannot be written in quanteda's YAML, which uses it itself; rename it"
            raise FramingError(message)
    content = {key: list(category) for key, category in patterns.items()}
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(content, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000))
