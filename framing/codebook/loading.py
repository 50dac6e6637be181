"""Loading codebooks: one that ships, a folder, one YAML file, or another tool's dictionary."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from framing.codebook.model import Actor, Codebook, Condition, Entry, Evaluation, Frame, Person, Rule
from framing.codebook.yamlfile import YamlFile, schema, wrong_with_entry
from framing.errors import FramingError, choices, closest
from framing.language import spelling

_YAML = (".yml", ".yaml")


def bundled() -> dict[str, Path]:
    """Return the folders of the codebooks that ship, by name."""
    root = Path(str(importlib.resources.files("framing").joinpath("codebooks")))
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / "codebook.yml").is_file()}


def load_codebook(name_or_path: str | Path, *, actors: str | Codebook | None = None) -> Codebook:
    """Load a codebook.

    Parameters
    ----------
    name_or_path : str or Path
        The name of a codebook that ships (``"cuba-russia-us"``); a folder with ``codebook.yml``; one
        frame's YAML file; or a dictionary in the format of quanteda (.yml), LIWC (.dic), Lexicoder (.lc3),
        Yoshikoder (.ykd), WordStat (.cat) or a plain .csv with the columns ``frame`` and ``term``.
    actors : str or Codebook, optional
        A codebook whose actors and evaluative terms are used where the loaded one has none.

    Raises
    ------
    FramingError
        Naming the file, the line, what is wrong and what is allowed.

    Examples
    --------
    >>> sorted(load_codebook("cuba-russia-us").frames)
    ['alliance', 'cold_war', 'us_pressure']
    """
    lender = actors if isinstance(actors, Codebook) or actors is None else load_codebook(actors)
    path = Path(name_or_path)
    if str(name_or_path) in bundled():
        return _from_folder(bundled()[str(name_or_path)], lender)
    if path.is_dir():
        return _from_folder(path, lender)
    if path.is_file():
        return _from_file(path, lender)
    names = list(bundled())
    near = closest(str(name_or_path), names)
    message = f"no codebook {str(name_or_path)!r}{near}: neither a file or folder nor one that ships ({choices(names)})"
    raise FramingError(message)


def _with(lender: Codebook | None, frames: Iterable[Frame], **own: Any) -> Codebook:
    """Make a codebook; what it has not of its own (actors, evaluative terms) it takes from `lender`."""
    if lender is not None and not own.get("actors"):
        own["actors"] = lender.actors.values()
        if not own.get("evaluations"):
            own.update(evaluations=lender.evaluations, evaluative_names=lender.evaluative_names)
        own["spelling"] = {**lender.spelling, **(own.get("spelling") or {})}
    return Codebook(frames, **own)


def _from_folder(folder: Path, lender: Codebook | None) -> Codebook:
    manifest = folder / "codebook.yml"
    if not manifest.is_file():
        message = f"{folder}: a codebook folder needs a file codebook.yml (kind: codebook, name: …)"
        raise FramingError(message)
    head = _read(manifest, "codebook")
    about = head.content
    if "frames" in about:
        files = [folder / name for name in about["frames"]]
    else:
        files = sorted(file for file in folder.iterdir() if file.suffix in _YAML and _kind(file) == "frame")
    if not files:
        message = f"{folder}: no frame in it; a frame is a YAML file with 'kind: frame'"
        raise FramingError(message)
    spelled = folder / "spelling.yml"
    return _with(
        lender,
        [_frame(_read(file, "frame")) for file in files],
        name=about["name"],
        title=about.get("title", ""),
        version=about.get("version", ""),
        actors=_part(folder, head, "actors", _actors),
        evaluations=_part(folder, head, "evaluative", _evaluations),
        evaluative_names=_part(folder, head, "evaluative", lambda file: _texts(file.content.get("names"))),
        spelling=spelling.table(_read(spelled, "spelling").content["groups"]) if spelled.is_file() else None,
        metadata={key: about[key] for key in ("description", "licence", "authors", "citation") if key in about},
    )


def _part(folder: Path, head: YamlFile, kind: str, build: Any) -> Any:
    """Return actors or evaluative terms: of this folder, or of the codebook that codebook.yml names."""
    named = head.content.get(kind)
    if named is None:
        own = folder / f"{kind}.yml"
        return build(_read(own, kind)) if own.is_file() else ()
    for file in (folder / named, folder / named / f"{kind}.yml", bundled().get(named, folder / named) / f"{kind}.yml"):
        if file.is_file():
            return build(_read(file, kind))
    raise head.fail(
        (kind,), f"{kind}: {named!r} is neither a file here nor a codebook that ships ({choices(bundled())})"
    )


def _kind(file: Path) -> str | None:
    """Return the `kind:` of a YAML file by its first lines, without reading it whole."""
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            if line.startswith("kind:"):
                return line.partition(":")[2].split("#")[0].strip()
            if line.strip() and not line.startswith("#"):
                return None
    return None


def _read(path: Path, kind: str) -> YamlFile:
    file = YamlFile.read(path)
    if not isinstance(file.content, dict):
        raise file.fail((), f"a mapping is expected (kind: {kind}, …), found {type(file.content).__name__}")
    file.check(kind)
    return file


def _from_file(path: Path, lender: Codebook | None) -> Codebook:
    from framing.codebook import exchange

    if path.suffix in _YAML and _kind(path) == "frame":
        return _with(lender, [_frame(_read(path, "frame"))], name=path.stem)
    return exchange.import_codebook(path, actors=lender)


def codebook_from_dict(
    frames: Mapping[str, Iterable[str | Mapping[str, Any]]], *, name: str, actors: str | Codebook | None
) -> Codebook:
    """See `Codebook.from_dict`."""
    built = []
    given: Any = frames
    if not isinstance(given, Mapping):
        message = f"a codebook is a mapping from each frame to its terms, {{'alliance': ['تعاون']}}, not {given!r:.60}"
        raise FramingError(message)
    if not given:
        message = "the codebook is empty; give at least one frame with its terms: {'alliance': ['تعاون', 'صداقة']}"
        raise FramingError(message)
    for id, entries in given.items():
        if not isinstance(entries, str | Iterable) or isinstance(entries, Mapping):
            message = f"frame {id!r}: its terms are a list, not {entries!r:.60}"
            raise FramingError(message)
        rows = list(entries) if not isinstance(entries, str) else [entries]
        if not rows:
            message = f"frame {id!r} has no terms; give it at least one"
            raise FramingError(message)
        built.append(Frame(id=str(id), entries=tuple(_loose_entry(row, str(id)) for row in rows)))
    lender = actors if isinstance(actors, Codebook) or actors is None else load_codebook(actors)
    return _with(lender, built, name=name)


def _loose_entry(row: Any, frame: str) -> Entry:
    if not isinstance(row, str | Mapping):
        message = f"frame {frame!r}: a term is a text or a mapping with 'term', not {row!r:.60}"
        raise FramingError(message)
    fields = {"term": row} if isinstance(row, str) else dict(row)
    allowed = schema("frame")["definitions"]["entry"]["anyOf"][1]["properties"]
    for field in fields:
        if field not in allowed:
            message = (
                f"frame {frame!r}: unknown field {field!r}{closest(str(field), allowed)}; allowed: {choices(allowed)}"
            )
            raise FramingError(message)
    if not str(fields.get("term", "")).strip():
        message = f"frame {frame!r}: a term is empty"
        raise FramingError(message)
    if wrong := wrong_with_entry(fields):
        message = f"frame {frame!r}, entry {fields['term']!r:.60}: {wrong}"
        raise FramingError(message)
    return _entry(fields)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _by_language(value: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    return {language: _texts(names) for language, names in (value or {}).items()}


def _frame(file: YamlFile) -> Frame:
    content = file.content
    entries = []
    for row, value in enumerate(content["entries"]):
        entry = _entry(value if isinstance(value, dict) else {"term": value})
        if entry.match == "surface" and " " in entry.term.strip():
            raise file.fail(("entries", row), f"entry {entry.term!r}: several words need match: phrase")
        entries.append(entry)
    return Frame(
        id=content["id"],
        entries=tuple(entries),
        label=content.get("label", {}),
        definition=content.get("definition", "").strip(),
        functions=_texts(content.get("functions")),
        include=_rules(content.get("include")),
        exclude=_rules(content.get("exclude")),
        names=_texts(content.get("names")),
        requires=_conditions(content.get("requires")),
        unless=_conditions(content.get("unless")),
        sources=_texts(content.get("sources")),
        authors=_texts(content.get("authors")),
        version=content.get("version", ""),
        licence=content.get("licence", ""),
    )


def _rules(values: Any) -> tuple[Rule, ...]:
    return tuple(Rule(**value) for value in values or ())


def _entry(value: Mapping[str, Any]) -> Entry:
    term = value["term"].strip()
    match = value.get("match")
    if match is None:
        match = "pattern" if "*" in term or "?" in term else "lemma"
    if match == "lemma" and len(term.split()) > 1:
        match = "phrase"
    return Entry(
        term=term,
        match=match,
        pos=_texts(value.get("pos")),
        weight=float(value.get("weight", 1)),
        variants=_texts(value.get("variants")),
        en=_texts(value.get("en")),
        gap=value.get("gap", 0),
        valuetype=value.get("valuetype", "glob"),
        requires=_conditions(value.get("requires")),
        unless=_conditions(value.get("unless")),
        note=value.get("note", ""),
        source=value.get("source", ""),
    )


def _conditions(value: Any) -> tuple[Condition, ...]:
    values = [value] if isinstance(value, Mapping) else value or []
    return tuple(
        Condition(
            actor=_texts(c.get("actor")),
            entry=_texts(c.get("entry")),
            term=_texts(c.get("term")),
            within=c.get("within", "sentence"),
            side=c.get("side", "either"),
            count=c.get("count", 1),
            nearest=c.get("nearest", False),
        )
        for c in values
    )


def _actors(file: YamlFile) -> list[Actor]:
    return [
        Actor(
            id=value["id"],
            kind=value["kind"],
            label=value["label"],
            names=_by_language(value["names"]),
            capital=_by_language(value.get("capital")),
            adjectives=_by_language(value.get("adjectives")),
            people=tuple(_person(person) for person in value.get("people", ())),
            institutions=_by_language(value.get("institutions")),
            excluded=_by_language(value.get("except")),
            fuzzy=value.get("fuzzy", False),
            note=value.get("note", ""),
        )
        for value in file.content["actors"]
    ]


def _person(value: Mapping[str, Any]) -> Person:
    return Person(
        id=value["id"],
        names=_by_language(value["names"]),
        short=_by_language(value.get("short")),
        label=value.get("label", {}),
        office=value.get("office", {}),
        start=value.get("from", ""),
        end=value.get("to", ""),
    )


def _evaluations(file: YamlFile) -> list[Evaluation]:
    return [
        Evaluation(
            id=value["id"],
            polarity=value["polarity"],
            quad=value["quad"],
            cameo=value["cameo"],
            goldstein=float(value["goldstein"]),
            verb=_texts(value.get("verb")),
            noun=_texts(value.get("noun")),
            adjective=_texts(value.get("adjective")),
            phrase=_texts(value.get("phrase")),
            target=_texts(value.get("target")) or ("direct",),
            mutual=value.get("mutual", False),
            en=_texts(value.get("en")),
            note=value.get("note", ""),
            weight=float(value.get("weight", 1.0)),
        )
        for value in file.content["terms"]
    ]
