"""Coding sheets for Label Studio: tasks and a labelling interface out, annotations back in.

Formats: the JSON task format and its export, and the "JSON-MIN" export, as documented at
labelstud.io/guide/task_format and labelstud.io/guide/export.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from framing.corpus.textfile import read_text
from framing.errors import FramingError
from framing.files import replacing
from framing.validity.cells import RawSheet

if TYPE_CHECKING:
    import pandas as pd

    from framing.codebook import Codebook

#: The labelling interface, beside the tasks; it goes into the project's settings.
INTERFACE = "label-studio-config.xml"
_CODES = {"present": 1, "absent": 0}
_STYLE = (
    ".unit{direction:rtl;text-align:right;font-size:1.35em;line-height:1.9} "
    ".around{direction:rtl;text-align:right;color:#777}"
)


def write(path: Path, rows: pd.DataFrame, *, codebook: Codebook, facts: Mapping[str, str]) -> None:
    """Write one coder's tasks, and the labelling interface beside them."""
    keys = ["unit_id", "before", "text", "after"]
    shown = {name: facts[name] for name in ("coder", "unit", "frames", "corpus", "corpus_sha256", "codebook_sha256")}
    tasks = [
        {"data": {**dict(zip(keys, row, strict=True)), **shown}}
        for row in rows[keys].itertuples(index=False, name=None)
    ]
    with replacing(path) as file:
        file.write(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
    with replacing(path.with_name(INTERFACE)) as file:
        file.write(interface(codebook))


def interface(codebook: Codebook) -> str:
    """Return the labelling interface: the text between its neighbours, and one choice per frame."""
    lines = [
        "<View>",
        f"  <Style>{escape(_STYLE)}</Style>",
        '  <View className="around"><Text name="before" value="$before"/></View>',
        '  <View className="unit"><Text name="text" value="$text"/></View>',
        '  <View className="around"><Text name="after" value="$after"/></View>',
    ]
    for name, frame in codebook.frames.items():
        definition = " ".join(frame.definition.split())
        title = f"{frame.title()}: {definition}" if definition else frame.title()
        lines += [
            f'  <Header size="5" value={quoteattr(title)}/>',
            f'  <Choices name={quoteattr(name)} toName="text" choice="single" showInline="true">',
            '    <Choice value="present"/>',
            '    <Choice value="absent"/>',
            "  </Choices>",
        ]
    lines += ['  <TextArea name="note" toName="text" rows="1" placeholder="note"/>', "</View>"]
    return "\n".join(lines) + "\n"


def read(path: Path) -> RawSheet:
    """Read an export of Label Studio (JSON or JSON-MIN).

    Where a task was annotated once, the coder is the one the tasks were made for; where several people
    annotated it, each is named by their account.
    """
    try:
        tasks = json.loads(read_text(path))
    except ValueError as error:
        message = f"{path}: not valid JSON ({error})"
        raise FramingError(message) from None
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        message = f"{path}: not an export of Label Studio (a list of tasks is expected); export the project as JSON"
        raise FramingError(message)
    data = [task.get("data", task) for task in tasks]
    if not any("unit_id" in row for row in data):
        message = (
            f"{path}: no task has a unit_id; export the project into which the tasks of the coding sheet were imported"
        )
        raise FramingError(message)
    frames = next((str(row["frames"]).split() for row in data if row.get("frames")), [])
    columns = ("unit_id", "text", *frames, "note", "coder")
    rows = []
    for number, (task, row) in enumerate(zip(tasks, data, strict=True), 1):
        for codes, coder in _annotations(task, row):
            values = (row.get("unit_id"), row.get("text"), *(codes.get(f) for f in frames), codes.get("note"), coder)
            rows.append((number, values))
    facts = {name: str(data[0].get(name, "")) for name in ("unit", "frames", "corpus", "corpus_sha256")}
    return RawSheet(str(path), columns, tuple(rows), facts, place="task")


def _annotations(task: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the codes of each person who annotated the task, and the person's name."""
    if "annotations" not in task:  # JSON-MIN, or a task that was never annotated
        yield (
            {name: _value(value) for name, value in task.items()} if "data" not in task else {},
            str(data.get("coder", "")),
        )
        return
    done = [a for a in task["annotations"] if not a.get("was_cancelled")]
    for annotation in done or [{}]:
        codes = {}
        for result in annotation.get("result", ()):
            value = result.get("value", {})
            codes[result.get("from_name")] = _value(value.get("choices", value.get("text")))
        who = annotation.get("completed_by")
        who = who.get("email") or who.get("id") if isinstance(who, dict) else who
        yield codes, f"annotator-{who}" if len(done) > 1 else str(data.get("coder", ""))


def _value(value: Any) -> Any:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else " ".join(map(str, value)) or None
    return _CODES.get(value, value) if isinstance(value, str) else value
