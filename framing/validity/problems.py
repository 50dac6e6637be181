"""Problems: what is wrong or remarkable in a sheet, where, and how it is told."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence
from pathlib import Path

from framing.errors import FramingWarning


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong or remarkable, and where."""

    file: str
    cell: str
    coder: str
    unit_id: str
    column: str
    value: str
    problem: str
    level: str = "error"

    def __str__(self) -> str:
        where = f"{Path(self.file).name} {self.cell}".strip()
        value = f" {self.value!r}" if self.value else ""
        return f"{where}{value}: {self.problem}"


def listed(errors: Sequence[Problem], n_files: int) -> str:
    """Return the message that names the first errors, their number and the cure."""
    shown = "; ".join(map(str, errors[:8]))
    more = f"; and {len(errors) - 8:,} more" if len(errors) > 8 else ""
    noun = "cell" if all(p.cell for p in errors) else "problem"
    what = {"cell": "cannot be used", "problem": "to be mended"}[noun]
    what = f"{len(errors):,} {noun}{'s' if len(errors) > 1 else ''} {what}"
    files = "" if n_files == 1 else f" in {n_files} files"
    cure = (
        "Correct them, or read with problems='skip', which leaves them uncoded; "
        "fr.validity.sheet_problems(…) lists all in a table"
    )
    return f"{what}{files}: {shown}{more}. {cure}"


def warn(problems: Sequence[Problem]) -> None:
    """Give one warning per kind of remark, with the first places."""
    kinds: dict[tuple[str, str, str], list[Problem]] = {}
    for p in problems:
        kind = p.problem if p.level == "note" else f"left uncoded ({p.problem})"
        kinds.setdefault((p.file or p.coder, p.level, kind), []).append(p)
    for (source, _, kind), found in kinds.items():
        places = [p.cell or p.unit_id for p in found if p.cell or p.unit_id]
        shown = ", ".join(places[:6]) + (" …" if len(places) > 6 else "")
        count = f"{len(found):,} × " if len(found) > 1 else ""
        message = f"{Path(source).name}: {count}{kind}{f' ({shown})' if shown else ''}"
        warnings.warn(message, FramingWarning, stacklevel=4)
