"""A codebook as a plain table: a CSV file with a row per entry and a column per field."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.codebook.model import MATCHES, VALUETYPES, Codebook, Condition, Entry
from framing.corpus.tables import read_table
from framing.errors import FramingError, choices, closest

#: The columns, in the order in which they are written; only the first two are needed.
COLUMNS = (
    "frame",
    "term",
    "match",
    "pos",
    "weight",
    "variants",
    "en",
    "gap",
    "valuetype",
    "requires",
    "unless",
    "note",
    "source",
)
_LISTS = ("pos", "variants", "en")
_JOINT = " | "
#: What makes a spreadsheet take a cell for a formula (OWASP, CSV injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def read(path: Path, actors: str | Codebook | None) -> Codebook:
    """Read a codebook from a CSV file; lists in a cell are separated by ``|``, conditions are JSON."""
    frames: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(read_table(path), 2):
        where = f"{path}, row {number}"
        cells = {name: unguarded(value) for name, value in row.items() if value.strip()}
        for name in cells:
            if name not in COLUMNS:
                message = f"{where}: unknown column {name!r}{closest(name, COLUMNS)}; allowed: {choices(COLUMNS)}"
                raise FramingError(message)
        if not cells:
            continue
        for name in ("frame", "term"):
            if name not in cells:
                message = f"{where}: {name} is empty; every row needs a frame and a term"
                raise FramingError(message)
        frames.setdefault(cells.pop("frame").strip(), []).append(_fields(cells, where))
    if not frames:
        message = f"{path}: no entries; the table needs the columns 'frame' and 'term' and at least one row"
        raise FramingError(message)
    from framing.codebook.loading import codebook_from_dict

    return codebook_from_dict(frames, name=path.stem, actors=actors)


def _fields(cells: Mapping[str, str], where: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in cells.items():
        if name in _LISTS:
            fields[name] = [part.strip() for part in value.split("|") if part.strip()]
        elif name in ("requires", "unless"):
            fields[name] = _conditions(name, value, where)
        elif name == "weight":
            fields[name] = _number(name, value, where)
        elif name == "gap":
            fields[name] = int(_number(name, value, where))
        else:
            fields[name] = value.strip()
    for name, allowed in (("match", MATCHES), ("valuetype", VALUETYPES)):
        if name in fields and fields[name] not in allowed:
            near = closest(fields[name], allowed)
            message = f"{where}: {name} {fields[name]!r} is not allowed{near}; allowed: {choices(allowed)}"
            raise FramingError(message)
    return fields


def _number(name: str, value: str, where: str) -> float:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = math.nan
    whole = name == "gap"
    if not 0 <= number < math.inf or (whole and (number % 1 or number > 10)):
        message = f"{where}: {name} {value!r} must be a {'whole number from 0 to 10' if whole else 'number, 0 or more'}"
        raise FramingError(message)
    return number


def _conditions(name: str, value: str, where: str) -> list[dict[str, Any]]:
    allowed = [field.name for field in dataclasses.fields(Condition)]
    try:
        conditions = json.loads(value)
    except (ValueError, RecursionError) as error:
        message = f'{where}: {name} is not valid JSON ({error}); it looks like {{"actor": "usa", "within": 10}}'
        raise FramingError(message) from None
    rows = conditions if isinstance(conditions, list) else [conditions]
    for row in rows:
        if not isinstance(row, dict):
            message = f"{where}: {name} must be one condition or a list of them, found {row!r}"
            raise FramingError(message)
        for field in row:
            if field not in allowed:
                message = (
                    f"{where}: {name}: unknown field {field!r}{closest(field, allowed)}; allowed: {choices(allowed)}"
                )
                raise FramingError(message)
        _check_condition(row, f"{where}: {name}")
    return rows


def _check_condition(row: Mapping[str, Any], where: str) -> None:
    """Raise unless the values of a condition are such as the schema of a frame's file allows."""
    import fastjsonschema

    from framing.codebook.yamlfile import schema

    definitions = schema("frame")["definitions"]
    check = fastjsonschema.compile({**definitions["condition"], "definitions": definitions})
    try:
        check(dict(row))
    except fastjsonschema.JsonSchemaValueException as error:
        shown = json.dumps(row, ensure_ascii=False)
        message = f"{where}: {shown} is not a condition ({error.message.replace('data', 'it', 1)})"
        raise FramingError(message) from None


def write(codebook: Codebook) -> str:
    """Return a codebook as CSV. A frame's own conditions are written with each of its entries."""
    rows = [
        _row(frame.id, entry, (*frame.requires, *entry.requires), (*frame.unless, *entry.unless))
        for frame in codebook.frames.values()
        for entry in frame.entries
    ]
    used = [name for name in COLUMNS if name in ("frame", "term") or any(row.get(name) for row in rows)]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(used)
    writer.writerows([guarded(row.get(name, "")) for name in used] for row in rows)
    return file.getvalue()


def _row(frame: str, entry: Entry, requires: tuple[Condition, ...], unless: tuple[Condition, ...]) -> dict[str, str]:
    return {
        "frame": frame,
        "term": entry.term,
        "match": entry.match,
        "pos": _JOINT.join(entry.pos),
        "weight": "" if entry.weight == 1 else f"{entry.weight:g}",
        "variants": _JOINT.join(entry.variants),
        "en": _JOINT.join(entry.en),
        "gap": str(entry.gap or ""),
        "valuetype": entry.valuetype if entry.match == "pattern" and entry.valuetype != "glob" else "",
        "requires": _as_json(requires),
        "unless": _as_json(unless),
        "note": entry.note,
        "source": entry.source,
    }


def _as_json(conditions: tuple[Condition, ...]) -> str:
    if not conditions:
        return ""
    default = Condition()
    rows = [
        {
            field.name: getattr(condition, field.name)
            for field in dataclasses.fields(Condition)
            if getattr(condition, field.name) != getattr(default, field.name)
        }
        for condition in conditions
    ]
    return json.dumps(rows, ensure_ascii=False)


def guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula.

    >>> guarded("=HYPERLINK(1)"), guarded("تعاون"), unguarded(guarded("'+1"))
    ("'=HYPERLINK(1)", 'تعاون', "'+1")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
