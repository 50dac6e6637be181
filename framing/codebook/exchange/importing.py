"""Importing dictionaries of other tools as codebooks."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from framing.codebook.exchange import lexicoder, liwc, quanteda, table, wordstat, yoshikoder
from framing.codebook.exchange.categories import Dictionary, refuse_size
from framing.codebook.model import Codebook, Entry, Frame
from framing.corpus.textfile import read_text
from framing.errors import FramingError, FramingWarning, choices, closest

_READERS: dict[str, Callable[[str, str], Dictionary]] = {
    "quanteda": quanteda.read,
    "liwc": liwc.read,
    "lexicoder": lexicoder.read,
    "yoshikoder": yoshikoder.read,
    "wordstat": wordstat.read,
}
#: The formats by the ending of the file's name.
FORMATS = {
    ".yml": "quanteda",
    ".yaml": "quanteda",
    ".dic": "liwc",
    ".lc3": "lexicoder",
    ".lcd": "lexicoder",
    ".ykd": "yoshikoder",
    ".cat": "wordstat",
    ".csv": "csv",
    ".tsv": "csv",
}
VALUETYPES = ("glob", "regex", "fixed")


def import_codebook(
    path: str | Path,
    *,
    format: str | None = None,
    valuetype: str = "glob",
    tolower: bool = True,
    levels: int | Iterable[int] | None = None,
    actors: str | Codebook | None = None,
) -> Codebook:
    """Import a dictionary in another tool's format as a codebook.

    Parameters
    ----------
    path : str or Path
        A quanteda dictionary in YAML (.yml, .yaml), LIWC (.dic), Lexicoder (.lc3), Yoshikoder (.ykd), WordStat
        (.cat), or a plain table (.csv, .tsv) with the columns ``frame`` and ``term`` and any of ``match, pos,
        weight, variants, en, gap, valuetype, requires, unless, note, source``.
    format : {"quanteda", "liwc", "lexicoder", "yoshikoder", "wordstat", "csv"}, optional
        Where the file's name does not say.
    valuetype : {"glob", "regex", "fixed"}
        How patterns are meant, as in quanteda: ``*`` any number of characters and ``?`` exactly one; regular
        expressions, found anywhere in a word unless ``^`` and ``$`` anchor them; or literally. A pattern of several
        words is a phrase, one pattern per word. Case never matters.
    tolower : bool
        Write patterns in lower case, as quanteda does. Without it, a short word in capitals (US) is found in
        capitals only.
    levels : int or iterable of int, optional
        Which levels of nested categories make the frames, from 1; all by default. Names are joined by full stops.
    actors : str or Codebook, optional
        A codebook whose actors the conditions of a table refer to.

    Returns
    -------
    Codebook
        A frame per category; its entries match the words as written (match: surface), and as patterns. Scores
        and weights that the format has become weights.

    Raises
    ------
    FramingError
        Naming file and line. What was left out without harm is told in a FramingWarning.

    Notes
    -----
    Arabic words without wildcards are found behind their proclitics too (كوبا in وكوبا), which quanteda does not do.
    Words that are nothing but punctuation are left out: this toolkit's texts are coded by words.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "d.yml"
    >>> _ = file.write_text("place: {country: [united states, cuba*]}")
    >>> book = import_codebook(file)
    >>> [(entry.term, entry.match) for entry in book.frames["place.country"].entries]
    [('united states', 'pattern'), ('cuba*', 'pattern')]
    """
    path = Path(path)
    kind = _format(path, format)
    if valuetype not in VALUETYPES:
        message = (
            f"valuetype {valuetype!r} is not known{closest(valuetype, VALUETYPES)}; choose one of {choices(VALUETYPES)}"
        )
        raise FramingError(message)
    if kind == "csv":
        return table.read(path, actors)
    text = read_text(path)
    refuse_size(text, str(path))
    dictionary = _READERS[kind](text, str(path))
    if dictionary.valuetype == "regex":
        valuetype = "regex"
    keyed = dictionary.keyed([levels] if isinstance(levels, int) else levels)
    frames, wordless = _frames(keyed, valuetype, lower=tolower and valuetype != "regex", where=str(path))
    if not frames:
        at = "" if levels is None else " on the chosen levels"
        message = f"{path}: no category with words in it{at}; read as {kind}"
        raise FramingError(message)
    _tell(path, dictionary, wordless)
    return Codebook(frames, name=path.stem, title=dictionary.name or path.stem)


def _format(path: Path, format: str | None) -> str:
    known = tuple(dict.fromkeys(FORMATS.values()))
    if format is not None:
        if format not in known:
            message = f"format {format!r} is not known{closest(format, known)}; choose one of {choices(known)}"
            raise FramingError(message)
        return format
    if path.suffix.lower() not in FORMATS:
        endings = ", ".join(FORMATS)
        message = f"{path}: {path.suffix!r} is no ending of a dictionary ({endings}); name its format with format="
        raise FramingError(message)
    return FORMATS[path.suffix.lower()]


def _frames(
    keyed: Mapping[str, Mapping[str, float]], valuetype: str, *, lower: bool, where: str
) -> tuple[list[Frame], list[str]]:
    frames: list[Frame] = []
    wordless: list[str] = []
    for key, patterns in keyed.items():
        entries: dict[str, Entry] = {}
        for pattern, weight in patterns.items():
            text = pattern.lower() if lower else pattern
            if valuetype != "regex" and not any(c.isalnum() or c in "*?" for c in text):
                wordless.append(pattern)
            elif text not in entries:
                entries[text] = _entry(text, weight, valuetype, where)
        if entries:
            frames.append(Frame(id=key, entries=tuple(entries.values())))
    return frames, wordless


def _entry(text: str, weight: float, valuetype: str, where: str) -> Entry:
    if valuetype == "regex":
        return Entry(term=_checked(text, where), match="pattern", valuetype="regex", weight=weight)
    wild = bool(set(text) & set("*?"))
    if wild and valuetype == "fixed":
        import regex

        literal = " ".join(rf"\A{regex.escape(word)}\Z" for word in text.split())
        return Entry(term=literal, match="pattern", valuetype="regex", weight=weight)
    return Entry(term=text, match="pattern" if wild or " " in text else "surface", weight=weight)


def _checked(pattern: str, where: str) -> str:
    import regex

    for part in pattern.split():
        try:
            regex.compile(part)
        except regex.error as error:
            message = f"{where}: {pattern!r} is not a valid regular expression: {error}"
            raise FramingError(message) from None
    return pattern


def _tell(path: Path, dictionary: Dictionary, wordless: list[str]) -> None:
    notes = list(dictionary.notes)
    if wordless:
        shown = choices(wordless[:5]) + (f" and {len(wordless) - 5} more" if len(wordless) > 5 else "")
        notes.append(f"entries without a letter or digit left out: {shown}")
    if notes:
        message = f"{path}: {'; '.join(notes)}"
        warnings.warn(message, FramingWarning, stacklevel=3)
