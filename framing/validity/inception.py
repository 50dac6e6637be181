"""Coding sheets for INCEpTION: a WebAnno TSV 3.3 file with every unit as a sentence, and the layer to code it with.

Every unit carries one annotation that is still empty; the coder opens it and fills in a value per frame.
Format: "WebAnno TSV 3.x" in the user guide of WebAnno and INCEpTION (offsets count UTF-16 units).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.corpus.textfile import read_text
from framing.errors import FramingError
from framing.files import replacing
from framing.language import tokenise
from framing.validity.cells import RawSheet

if TYPE_CHECKING:
    import pandas as pd

    from framing.codebook import Codebook

#: The layer, beside the file; it is imported in the project's settings before the file.
LAYER_FILE = "inception-layer.json"
LAYER = "webanno.custom.FrameCodes"
_RESERVED = ("\\", "[", "]", "|", "_", "->", ";", "*")
_FIELD = re.compile(r"^(?P<value>.*?)(?:\[(?P<id>\d+)\])?$")


def write(path: Path, rows: pd.DataFrame, *, codebook: Codebook, facts: Mapping[str, str]) -> None:
    """Write one coder's file, and the layer beside it. The coder is known by the name of the file."""
    del facts
    features = sorted((*codebook.frames, "note", "unit"))
    texts = [re.sub(r"\s", " ", text) for text in rows["text"].tolist()]
    with replacing(path) as file:
        file.writelines(_lines(texts, rows["unit_id"].tolist(), features))
    with replacing(path.with_name(LAYER_FILE)) as file:
        file.write(json.dumps(layer(codebook), ensure_ascii=False, indent=1) + "\n")


def _lines(texts: list[str], names: list[str], features: list[str]) -> Iterator[str]:
    yield f"#FORMAT=WebAnno TSV 3.3\n#T_SP={LAYER}|{'|'.join(features)}\n\n"
    tokens = tokenise(texts)
    spans, bounds = tokens.spans, tokens.spans.first_token.tolist()
    at = 0
    for number, (text, name) in enumerate(zip(texts, names, strict=True), 1):
        yield f"\n#Text={text.replace(chr(92), chr(92) * 2)}\n"
        fields = "\t".join(f"{name if feature == 'unit' else '*'}[{number}]" for feature in features)
        starts, ends = (side[bounds[number - 1] : bounds[number]].tolist() for side in (spans.start, spans.end))
        for token, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
            place = f"{at + _utf16(text[:start])}-{at + _utf16(text[:end])}"
            yield f"{number}-{token}\t{place}\t{_escaped(text[start:end])}\t{fields}\t\n"
        at += _utf16(text) + 1


def _utf16(text: str) -> int:
    return len(text) + sum(c > "\uffff" for c in text)


def _escaped(text: str) -> str:
    for mark in _RESERVED:
        text = text.replace(mark, "\\" + mark)
    return text


def _unescaped(text: str) -> str:
    return re.sub(r"\\(->|.)", r"\1", text)


def layer(codebook: Codebook) -> list[dict[str, Any]]:
    """Return the definition of the layer: a value 1 or 0 per frame, the unit's name and a note."""
    tags = [("1", "present"), ("0", "absent")]
    tag_set = {
        "name": "Frame codes",
        "description": "1 = present, 0 = absent, no value = not coded",
        "language": "",
        "tags": [{"tag_name": name, "tag_description": text} for name, text in tags],
        "create_tag": False,
    }
    features = [
        _feature(name, frame.title(), " ".join(frame.definition.split()), tag_set)
        for name, frame in codebook.frames.items()
    ]
    features += [
        _feature("unit", "unit (leave as it is)", "name of the unit", None),
        _feature("note", "note", "", None),
    ]
    return [
        {
            "name": LAYER,
            "features": features,
            "uiName": "Frame codes",
            "type": "span",
            "description": "One annotation per sentence of the coding sheet",
            "enabled": True,
            "built_in": False,
            "readonly": False,
            "attach_type": None,
            "attach_feature": None,
            "allow_stacking": False,
            "cross_sentence": False,
            "show_hover": True,
            "anchoring_mode": "SENTENCES",
            "overlap_mode": "NO_OVERLAP",
            "validation_mode": "ALWAYS",
            "lock_to_token_offset": False,
            "multiple_tokens": True,
            "linked_list_behavior": False,
            "on_click_javascript_action": None,
        }
    ]


def _feature(name: str, title: str, text: str, tag_set: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "name": name,
        "tag_set": tag_set,
        "uiName": title,
        "type": "uima.cas.String",
        "enabled": True,
        "visible": True,
        "include_in_hover": False,
        "required": False,
        "remember": False,
        "hideUnconstraintFeature": False,
        "description": text,
        "multi_value_mode": "NONE",
        "link_mode": "NONE",
        "link_type_name": None,
        "link_type_role_feature_name": None,
        "link_type_target_feature_name": None,
        "traits": None,
    }


def read(path: Path) -> RawSheet:
    """Read a WebAnno TSV 3.x export that contains the layer."""
    features: list[str] = []
    before = 3  # columns before those of the layer: place, offsets, token
    found: dict[str, dict[str, Any]] = {}
    text = ""
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.startswith("#T_"):
            name, *names = line.split("=", 1)[1].split("|")
            if name == LAYER:
                features = names
            elif not features:
                before += len(names)
        elif line.startswith("#Text="):
            text = line.removeprefix("#Text=").replace("\\\\", "\\")
        elif line and not line.startswith("#"):
            for number_, values in _annotations(line.split("\t")[before : before + len(features)], features):
                found.setdefault(number_ or f"line {number}", {"row": number, "text": text}).update(values)
    if not features:
        message = (
            f"{path}: no layer {LAYER!r} in it; export the document as WebAnno TSV 3 from the project that "
            "holds the coding sheet"
        )
        raise FramingError(message)
    frames = [name for name in features if name not in ("unit", "note")]
    columns = ("unit_id", "text", *frames, "note")
    rows = [
        (v["row"], (v.get("unit"), v["text"], *(v.get(name) for name in (*frames, "note")))) for v in found.values()
    ]
    return RawSheet(str(path), columns, tuple(rows), {"frames": " ".join(frames)}, place="line")


def _annotations(fields: list[str], features: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the number of each annotation on a token, and its values that are set."""
    for feature, field in zip(features, fields, strict=False):
        if field in ("_", ""):
            continue
        for part in re.split(r"(?<!\\)\|", field):
            match = _FIELD.match(part)
            assert match is not None
            value = match["value"]
            yield match["id"] or "", {} if value == "*" else {feature: _unescaped(value)}
