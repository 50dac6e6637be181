"""YAML with line numbers: read safely, checked against a schema, errors that say where."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.errors import FramingError, choices, closest

Position = tuple[str | int, ...]
_MAX_SIZE = 50_000_000


class YamlFile:
    """The content of one YAML file; `line(path)` says where a value stands.

    Anchors and aliases are refused: codebooks need none, and they can hide cycles and explosions.
    """

    def __init__(self, text: str, where: str) -> None:
        import yaml

        self.where = where
        self._lines: dict[Position, int] = {}
        if len(text) > _MAX_SIZE:
            message = f"{where}: {len(text):,} characters are too many for a codebook file (limit {_MAX_SIZE:,})"
            raise FramingError(message)
        loader = _loader(yaml)(text)
        try:
            _refuse_aliases(text, where, yaml)
            node = loader.get_single_node()
            self.content: Any = self._build(node, (), loader, yaml) if node is not None else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f", line {mark.line + 1}" if mark else ""
            message = f"{where}{line}: not valid YAML: {error.problem or error.context}"
            raise FramingError(message) from None
        except (yaml.YAMLError, RecursionError) as error:
            message = f"{where}: not valid YAML: {str(error).splitlines()[0] if str(error) else 'nested too deeply'}"
            raise FramingError(message) from None
        finally:
            loader.dispose()

    @classmethod
    def read(cls, path: Path) -> YamlFile:
        from framing.corpus.textfile import read_text

        return cls(read_text(path), str(path))

    def line(self, position: Position) -> int:
        """Return the line (from 1) of the value at `position`, or of the nearest thing around it."""
        while position and position not in self._lines:
            position = position[:-1]
        return self._lines.get(position, 1)

    def fail(self, position: Position, problem: str) -> FramingError:
        """Return the error that says where in the file the problem is."""
        return FramingError(f"{self.where}, line {self.line(position)}: {problem}")

    def _build(self, node: Any, position: Position, loader: Any, yaml: Any) -> Any:
        self._lines[position] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            mapping: dict[Any, Any] = {}
            for key_node, value_node in node.value:
                key = loader.construct_object(key_node, deep=True)
                key = str(key) if not isinstance(key, str) else key
                if key in mapping:
                    message = (
                        f"{self.where}, line {key_node.start_mark.line + 1}: the key {key!r} stands here a second time"
                    )
                    raise FramingError(message)
                mapping[key] = self._build(value_node, (*position, key), loader, yaml)
            return mapping
        if isinstance(node, yaml.SequenceNode):
            return [self._build(item, (*position, row), loader, yaml) for row, item in enumerate(node.value)]
        return loader.construct_object(node)

    def check(self, kind: str) -> None:
        """Check the content against the schema of `kind`; raise for the first thing that is wrong."""
        import fastjsonschema

        try:
            _compiled(kind)(self.content)
        except fastjsonschema.JsonSchemaValueException:
            self._explain(kind)

    def _explain(self, kind: str) -> None:
        import jsonschema

        validator = jsonschema.Draft7Validator(schema(kind))
        errors = sorted(validator.iter_errors(self.content), key=lambda e: (self.line(tuple(e.absolute_path)), str(e)))
        problems = [self._problem(_deepest(error)) for error in errors]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise FramingError(problems[0] + more)

    def _problem(self, error: Any) -> str:
        position: Position = tuple(error.absolute_path)
        field = ".".join(str(part) for part in position if isinstance(part, str)) or "the file"
        value = error.instance
        if error.validator == "additionalProperties":
            allowed = sorted(error.schema.get("properties", {}))
            unknown = next(name for name in value if name not in allowed)
            text = f"unknown field {unknown!r}{closest(unknown, allowed)}; allowed: {choices(allowed)}"
            position = (*position, unknown)
        elif error.validator == "required":
            missing = [name for name in error.validator_value if name not in value]
            text = f"{field}: the field {missing[0]!r} is missing"
            either = error.parent.validator_value if error.parent is not None else ()
            if len(either) > 1 and all(set(option) == {"required"} for option in either):
                text = f"{field}: one of the fields {choices(option['required'][0] for option in either)} is needed"
        elif error.validator == "enum":
            allowed = [str(option) for option in error.validator_value]
            near = closest(str(value), allowed)
            text = f"{field}: {value!r} is not allowed{near}; allowed: {choices(error.validator_value)}"
        elif error.validator == "const":
            text = f"{field}: must be {error.validator_value!r}, is {value!r}"
        elif error.validator == "type":
            quote = "; YAML reads this word as yes or no: put it in quotation marks" if isinstance(value, bool) else ""
            if error.validator_value == "string" and isinstance(value, dict):
                quote = "; one text is expected here, not one per language (that is for labels of frames and actors)"
            text = f"{field}: {value!r} should be of type {error.validator_value}{quote}"
        elif error.validator in ("minLength", "pattern"):
            text = (
                f"{field}: {value!r} is empty"
                if not str(value).strip()
                else f"{field}: {value!r} has the wrong form ({error.message})"
            )
        else:
            text = f"{field}: {error.message}"
        return f"{self.where}, line {self.line(position)}: {text}"


def _deepest(error: Any) -> Any:
    """Return the most telling part of an error: of alternatives, the one that got furthest."""
    weight = {"type": 0, "const": 0, "required": 1, "additionalProperties": 3}
    while error.context:
        error = max(error.context, key=lambda e: (len(e.absolute_path), weight.get(e.validator, 2)))
    return error


def _loader(yaml: Any) -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse_aliases(text: str, where: str, yaml: Any) -> None:
    if "*" not in text and "&" not in text:
        return
    for event in yaml.parse(text, _loader(yaml)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = (
                f"{where}, line {event.start_mark.line + 1}: anchors and aliases (&name, *name) are not used here; "
                "write the value out, or put a term that begins with * or & in quotation marks"
            )
            raise FramingError(message)


@functools.cache
def schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema of a kind of file: frame, actors, evaluative, spelling or codebook."""
    schemas = json.loads(importlib.resources.files("framing.codebook").joinpath("schema.json").read_text("utf-8"))
    return {**schemas["kinds"][kind], "definitions": schemas["definitions"]}


def wrong_with_entry(value: Mapping[str, Any]) -> str | None:
    """Say in a few words what the schema of an entry forbids about `value`; None if it is an entry.

    >>> wrong_with_entry({"term": "a", "weight": "much"})
    'weight must be number'
    """
    import fastjsonschema

    try:
        _compiled_entry()(dict(value))
    except fastjsonschema.JsonSchemaValueException as error:
        return str(error.message).removeprefix("data.").removeprefix("data ")
    return None


@functools.cache
def _compiled_entry() -> Any:
    import fastjsonschema

    definitions = schema("frame")["definitions"]
    return fastjsonschema.compile({**definitions["entry"]["anyOf"][1], "definitions": definitions})


@functools.cache
def _compiled(kind: str) -> Any:
    import fastjsonschema

    return fastjsonschema.compile(schema(kind))
