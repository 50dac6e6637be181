"""Reading coded sheets back: every cell is checked, and what is wrong is said where it is."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.corpus import Corpus, given_corpus
from framing.errors import FramingError, choices, closest
from framing.validity.cells import RESERVED, RawSheet, is_empty, letters, plain, read_code
from framing.validity.codes import DESIGN, human_codings
from framing.validity.design import Design, find_design
from framing.validity.places import Places, same_text
from framing.validity.problems import Problem, listed, warn
from framing.validity.sources import Sources, coder_of, files_of, read

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings


def read_coding_sheet(
    path: Sources,
    corpus: Corpus,
    *,
    frames: Iterable[str] | None = None,
    unit: str | None = None,
    design: str | Path | None = None,
    problems: str = "raise",
) -> Codings:
    r"""Read what people coded, and check every cell.

    Parameters
    ----------
    path : str, Path, list of them, or mapping from coder to path
        Filled-in sheets (.xlsx, .csv), an export of Label Studio (.json) or INCEpTION (.tsv), a folder of
        such files, or a CSV file with `doc_id`, `sentence` (or `paragraph`) and a column per frame. The coder
        is named by the mapping, else by the sheet, else by the file.
    corpus : Corpus
        The one that was sampled.
    frames : list of str, optional
        Where the file does not say which columns are frames: by default all that are not known otherwise.
    unit : {"sentence", "paragraph", "document"}, optional
        Where the file does not say it.
    design : str or Path, optional
        The ``design.csv`` written with the sheets; by default the one beside the file. With it every unit
        carries its probability (`units.inclusion`, `stratum`, `stratum_units`).
    problems : {"raise", "skip"}
        What to do when a code cannot be taken: stop and list every such cell, or leave those cells uncoded
        and warn.

    Returns
    -------
    Codings
        `units` has a row for every unit and coder with at least one code, found or not; its column `skipped`
        names the frames left empty there. All remarks are in ``provenance["problems"]``. Read as 1: 1, 1.0,
        ١, TRUE, yes, نعم; as 0: 0, ٠, FALSE, no, لا.

    Raises
    ------
    FramingError
        Cell by cell: an unknown code, a unit that is not in the corpus, a text that does not belong to its
        unit, a unit coded twice, two files of one coder.

    Warns
    -----
    FramingWarning
        Units and cells left empty, codes in another spelling, columns that were ignored.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from framing.corpus import Corpus, Document
    >>> file = pathlib.Path(tempfile.mkdtemp(), "amal.csv")
    >>> _ = file.write_text("doc_id,sentence,alliance\na,0,1\na,1,0\n", "utf-8")
    >>> codings = read_coding_sheet(file, Corpus([Document(id="a", text="تعاون جديد. لقاء.")]))
    >>> codings
    Codings(1 spans in 2 sentences of 1 documents; frames alliance; coders amal)
    """
    if problems not in ("raise", "skip"):
        message = f"problems={problems!r} is not known{closest(problems, ('raise', 'skip'))}; choose 'raise' or 'skip'"
        raise FramingError(message)
    sheet = _Reading(path, given_corpus(corpus), frames=frames, unit=unit, design=design)
    errors = [p for p in sheet.problems if p.level == "error"]
    if errors and problems == "raise":
        raise FramingError(listed(errors, len(sheet.files)))
    warn(sheet.problems)
    return sheet.codings()


def sheet_problems(
    path: Sources,
    corpus: Corpus,
    *,
    frames: Iterable[str] | None = None,
    unit: str | None = None,
    design: str | Path | None = None,
) -> pd.DataFrame:
    """Return everything that is wrong or remarkable in coded sheets, one row each, without stopping.

    Parameters
    ----------
    path, corpus, frames, unit, design
        As in `read_coding_sheet`.

    Returns
    -------
    DataFrame
        `file, cell` (C17), `coder, unit_id, column, value, problem, level`: an *error* is a code that cannot
        be taken, a *note* something to know.
    """
    import pandas as pd

    reading = _Reading(path, corpus, frames=frames, unit=unit, design=design)
    return pd.DataFrame(
        [dataclasses.astuple(p) for p in reading.problems], columns=[f.name for f in dataclasses.fields(Problem)]
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    """A row of a sheet, with who coded it and the unit it means (its row in the table of units, and its name)."""

    sheet: RawSheet
    number: int
    cells: Mapping[str, Any]
    coder: str
    at: int = -1
    unit_id: str = ""

    def problem(self, column: str, text: str, *, level: str = "error", cell: str = "") -> Problem:
        """Return a problem in one cell of the row, or, without a column, in the row."""
        where = cell or (self.sheet.cell(self.number, column) if column else f"row {self.number}")
        value = plain(self.cells.get(column))[:40]
        return Problem(self.sheet.file, where, self.coder, self.unit_id, column, value, text, level)


class _Reading:
    """All files of one call: their cells become rows of codes, or problems."""

    def __init__(
        self,
        path: Sources,
        corpus: Corpus,
        *,
        frames: Iterable[str] | None,
        unit: str | None,
        design: str | Path | None,
    ) -> None:
        self.corpus = corpus
        self.problems: list[Problem] = []
        self.files = files_of(path)
        sheets = [(coder, read(file)) for coder, file in self.files]
        self.design: Design | None = find_design(design, [file for _, file in self.files])
        of_design = self.design.unit if self.design else None
        self.unit = unit or self._said("unit", sheets) or of_design or _implied_unit(sheets)
        self.places = Places(corpus, self.unit)
        self.frames = self._frames(frames, sheets)
        self.rows: list[dict[str, Any]] = []
        self._codes: dict[tuple[str, str, str], tuple[float, str, str]] = {}  # (unit, coder, frame): code, file, cell
        for coder, sheet in sheets:
            self._take(coder, sheet)
        self._missing_units()

    def _said(self, name: str, sheets: Sequence[tuple[str | None, RawSheet]]) -> str:
        """Return what the files say about themselves, and object when they differ."""
        said = {sheet.facts[name]: sheet.file for _, sheet in sheets if sheet.facts.get(name)}
        if len(said) > 1:
            shown = "; ".join(f"{Path(file).name}: {value}" for value, file in said.items())
            message = f"the files are not of one sheet: they differ in {name} ({shown}); read them apart"
            raise FramingError(message)
        return next(iter(said), "")

    def _frames(self, wanted: Iterable[str] | None, sheets: Sequence[tuple[str | None, RawSheet]]) -> list[str]:
        """Return the frames, and complain about columns that are missing or not known."""
        said = self._said("frames", sheets).split() or (self.design.frames if self.design else [])
        declared = list(wanted or ()) or said
        found = dict.fromkeys(n for _, sheet in sheets for n in sheet.columns if n and n not in RESERVED)
        frames = declared or list(found)
        if not frames:
            file, columns = sheets[0][1].file, choices(filter(None, sheets[0][1].columns))
            message = f"{file}: no column for a frame; it has {columns}"
            raise FramingError(message)
        for coder, sheet in sheets:
            head = _Row(sheet, 1, {}, coder or sheet.facts.get("coder", ""))
            for frame in frames:
                if frame not in sheet.columns:
                    near = closest(frame, [n for n in sheet.columns if n not in RESERVED])
                    text = f"the column of frame {frame!r} is missing{near}"
                    self.problems.append(
                        head.problem(frame, text, level="error" if declared else "note", cell="header")
                    )
            for name in sheet.columns if declared else ():
                if name and name not in RESERVED and name not in frames:
                    text = "not a frame of this sheet; the column is ignored"
                    self.problems.append(head.problem(name, text, level="note"))
        return frames

    def _take(self, coder: str | None, sheet: RawSheet) -> None:
        """Check one file, row by row."""
        strangers: list[Problem] = []
        known = 0
        for number, values in sheet.rows:
            cells = dict(zip(sheet.columns, values, strict=True))
            who = coder or plain(cells.get("coder")) or sheet.facts.get("coder") or coder_of(sheet.file)
            row = _Row(sheet, number, cells, who)
            found = self.places.find(cells)
            if isinstance(found, int):
                known += 1
                self._row(dataclasses.replace(row, at=found, unit_id=self.places.names[found]))
            elif "unit_id" in cells and is_empty(cells["unit_id"]) and self._nothing_coded(cells):
                self.problems.append(row.problem("", "a row without unit_id and codes; it is ignored", level="note"))
            else:
                column = next(c for c in ("unit_id", self.unit, "doc_id") if c in cells)
                strangers.append(row.problem(column, found))
            self._nameless(row, values)
        if strangers and not known:
            of = f"corpus {self.corpus.name!r}: it was made from another, or the texts have changed since"
            text = f"none of its {len(strangers)} units is in {of}"
            self.problems.append(Problem(sheet.file, "", "", "", "", "", text))
        else:
            self.problems += strangers

    def _nothing_coded(self, cells: Mapping[str, Any]) -> bool:
        return all(is_empty(cells.get(frame)) for frame in self.frames)

    def _nameless(self, row: _Row, values: Sequence[Any]) -> None:
        """Report what stands in columns that have no name."""
        for at, name in enumerate(row.sheet.columns):
            if not name and not is_empty(values[at]):
                text = f"{plain(values[at])[:40]!r} in a column without a name; it is ignored"
                self.problems.append(row.problem("", text, level="note", cell=f"{letters(at)}{row.number}"))

    def _row(self, row: _Row) -> None:
        """Take the codes of one row whose unit is known."""
        cells = row.cells
        text = self.places.texts[row.at]
        if not is_empty(cells.get("text")) and not same_text(plain(cells["text"]), text):
            text = (
                "this text is not that of the unit in this row: cells were edited, or one column was sorted without "
                "the others; the codes of the row cannot be trusted"
            )
            self.problems.append(row.problem("text", text))
            return
        taken = {
            frame: code for frame in self.frames if frame in cells and not math.isnan(code := self._code(row, frame))
        }
        empty = [frame for frame in self.frames if frame in cells and is_empty(cells[frame])]
        if taken:
            self.problems += [row.problem(frame, "not coded", level="note") for frame in empty]
        elif empty:
            self.problems.append(row.problem("", "not coded at all", level="note"))
        more = {name: cells[name] for name in (*DESIGN, "note") if not is_empty(cells.get(name))}
        self.rows.append({"at": row.at, "coder": row.coder, **taken, **more})

    def _code(self, row: _Row, frame: str) -> float:
        """Return the code in a cell, NaN where there is none that can be taken."""
        code, remark = read_code(row.cells[frame])
        if remark == "unknown code":
            self.problems.append(row.problem(frame, "unknown code; 1 = present, 0 = absent, empty = not coded"))
            return math.nan
        if math.isnan(code):
            return code
        key = (row.unit_id, row.coder, frame)
        if key in self._codes:
            return self._twice(row, frame, code)
        if remark:
            self.problems.append(row.problem(frame, remark, level="note"))
        self._codes[key] = (code, row.sheet.file, row.sheet.cell(row.number, frame))
        return code

    def _twice(self, row: _Row, frame: str, code: float) -> float:
        """Report a code for what this coder has coded already; two that differ are both left out."""
        before, file, cell = self._codes[row.unit_id, row.coder, frame]
        where = cell if file == row.sheet.file else f"{Path(file).name} {cell}"
        same = code == before
        said = "with the same code" if same else "differently"
        text = f"coder {row.coder!r} has coded this unit already, {said}, in {where}"
        if file != row.sheet.file:
            text += "; are these two people? Then name them: read_coding_sheet({'name': file, …})"
        if not same:
            self._codes[row.unit_id, row.coder, frame] = (math.nan, file, cell)
            for earlier in self.rows:
                if earlier["at"] == row.at and earlier["coder"] == row.coder:
                    earlier.pop(frame, None)
        harmless = same and file == row.sheet.file
        self.problems.append(row.problem(frame, text, level="note" if harmless else "error"))
        return math.nan

    def _missing_units(self) -> None:
        """Say which units of the design are in no file of the coder who should have coded them."""
        seen = {(self.places.names[row["at"]], row["coder"]) for row in self.rows}
        reported = {(p.unit_id, p.coder) for p in self.problems if p.level == "error"}
        present = {row["coder"] for row in self.rows}
        for coder, names in (self.design.assigned if self.design else {}).items():
            for name in names if coder in present else ():
                if name in self.places.by_name and (name, coder) not in seen | reported:
                    text = "drawn for this coder, but in no file"
                    self.problems.append(Problem("", "", coder, name, "", "", text, "note"))

    def codings(self) -> Codings:
        """Return the codes that could be taken."""
        import pandas as pd

        units = self.places.units
        more = dict.fromkeys(name for row in self.rows for name in row)
        coded = pd.DataFrame(self.rows, columns=list(dict.fromkeys(["at", "coder", *self.frames, *more])))
        if not len(coded) or coded[self.frames].isna().to_numpy().all():
            files = ", ".join(Path(file).name for _, file in self.files[:4])
            message = f"{files}: nothing is coded: every cell of {choices(self.frames)} is empty"
            raise FramingError(message)
        coded = pd.concat([units.iloc[coded["at"]].reset_index(drop=True), coded.drop(columns="at")], axis=1)
        if coded.duplicated(["unit_id", "coder"]).any():
            coded = coded.groupby(["unit_id", "coder"], sort=False, as_index=False).first()
        if self.design is not None:
            coded = self.design.attach(coded)
        for name in ("stratum_units", "inclusion"):
            if name in coded:
                coded[name] = pd.to_numeric(coded[name], errors="coerce")
        facts = {
            "corpus": self.corpus.name,
            "corpus_sha256": self.corpus.fingerprint,
            "unit": self.unit,
            "files": [Path(file).name for _, file in self.files],
            "design": dict(self.design.facts) if self.design else None,
            "problems": [dataclasses.asdict(p) for p in self.problems],
        }
        documents = self.places.blank.documents
        return human_codings(coded, frames=self.frames, documents=documents, facts=facts)


def _implied_unit(sheets: Sequence[tuple[str | None, RawSheet]]) -> str:
    columns = set(sheets[0][1].columns)
    if "unit_id" in columns or "sentence" in columns:
        return "sentence"
    return "paragraph" if "paragraph" in columns else "document"
