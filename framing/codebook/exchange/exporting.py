"""Writing codebooks in the formats of other tools."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from framing.codebook.exchange import lexicoder, liwc, quanteda, table, wordstat, yoshikoder
from framing.codebook.exchange.importing import FORMATS
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.files import replacing

if TYPE_CHECKING:
    from framing.codebook.model import Codebook, Entry

_Patterns = Mapping[str, Mapping[str, float]]
_WRITERS: dict[str, Callable[[_Patterns, str], str]] = {
    "quanteda": quanteda.write,
    "liwc": liwc.write,
    "lexicoder": lexicoder.write,
    "yoshikoder": yoshikoder.write,
    "wordstat": wordstat.write,
}
_WITH_WEIGHTS = ("yoshikoder", "wordstat")


def export_codebook(codebook: Codebook, path: str | Path, *, format: str | None = None) -> Path:
    """Write a codebook in another tool's format.

    Parameters
    ----------
    codebook : Codebook
    path : str or Path
        The ending chooses the format: .yml (quanteda), .dic (LIWC), .lc3 (Lexicoder), .ykd (Yoshikoder), .cat
        (WordStat), .csv (a row per entry with all its fields).
    format : str, optional
        Where the ending does not say.

    Returns
    -------
    Path
        What was written. The file appears whole or not at all.

    Warns
    -----
    FramingWarning
        When the codebook says more than the format can: only words and patterns per frame are carried (with
        weights by Yoshikoder and WordStat), each term, variant and English term on a line of its own. Lemmas
        become plain words, which other tools match as written. A table carries all but definitions, rules,
        names, actors and evaluative terms. Cells that a spreadsheet would run as a formula are defused.

    Examples
    --------
    >>> import tempfile
    >>> from framing import Codebook
    >>> book = Codebook.from_dict({"peace": ["سلام", "اتفاق سلام"], "war": ["حرب*"]})
    >>> print(export_codebook(book, tempfile.mkdtemp() + "/book.csv").read_text("utf-8").strip())
    frame,term,match
    peace,سلام,lemma
    peace,اتفاق سلام,phrase
    war,حرب*,pattern
    """
    path = Path(path)
    kind = _format(path, format)
    if kind == "csv":
        text, lost = table.write(codebook), _lost_around(codebook)
    else:
        patterns = {" ".join(frame.id.split()): _patterns(frame.entries) for frame in codebook.frames.values()}
        text = _WRITERS[kind](patterns, " ".join(codebook.title.split()))
        lost = [*_lost_in_entries(codebook, weights=kind in _WITH_WEIGHTS), *_lost_around(codebook)]
    with replacing(path) as file:
        file.write(text)
    if lost:
        message = f"{path}: the format {kind} cannot carry everything; not written: {', '.join(lost)}"
        warnings.warn(message, FramingWarning, stacklevel=2)
    return path


def _format(path: Path, format: str | None) -> str:
    known = tuple(dict.fromkeys(FORMATS.values()))
    kind = format or FORMATS.get(path.suffix.lower(), "")
    if path.suffix.lower() == ".tsv" and format is None:
        kind = ""
    if kind not in known:
        what = (
            f"format {format!r} is not known{closest(format, known)}"
            if format
            else f"{path}: the ending names no format"
        )
        message = (
            f"{what}; choose one of {choices(known)}, or an ending of {', '.join(e for e in FORMATS if e != '.tsv')}"
        )
        raise FramingError(message)
    return kind


def _patterns(entries: tuple[Entry, ...]) -> dict[str, float]:
    patterns: dict[str, float] = {}
    for entry in entries:
        for term in entry.terms:
            words = [word[1:] if word.startswith("=") and len(word) > 1 else word for word in term.split()]
            patterns.setdefault(" ".join(words), entry.weight)
    return patterns


def _lost_in_entries(codebook: Codebook, *, weights: bool) -> list[str]:
    entries = [entry for frame in codebook.frames.values() for entry in frame.entries]
    conditioned = sum(
        len(frame.entries)
        if frame.requires or frame.unless
        else sum(bool(e.requires or e.unless) for e in frame.entries)
        for frame in codebook.frames.values()
    )
    counts = {
        "that lemmas match all forms ({} entries)": sum(entry.match in ("lemma", "phrase") for entry in entries),
        "conditions of {} entries": conditioned,
        "parts of speech of {} entries": sum(bool(entry.pos) for entry in entries),
        "gaps in {} phrases": sum(entry.gap > 0 for entry in entries),
        "weights of {} entries": 0 if weights else sum(entry.weight != 1 for entry in entries),
        "that {} entries are regular expressions": sum(
            e.match == "pattern" and e.valuetype == "regex" for e in entries
        ),
        "notes and sources of {} entries": sum(bool(entry.note or entry.source) for entry in entries),
    }
    return [text.format(count) for text, count in counts.items() if count]


def _lost_around(codebook: Codebook) -> list[str]:
    frames = codebook.frames.values()
    counts = {
        "names of {} frames": sum(bool(frame.names) for frame in frames),
        "definitions and rules of {} frames": sum(bool(f.definition or f.include or f.exclude) for f in frames),
        "{} actors": len(codebook.actors),
        "{} evaluative families": len(codebook.evaluations),
        "{} spelling variants": len(codebook.spelling),
    }
    return [text.format(count) for text, count in counts.items() if count]
