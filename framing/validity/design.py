"""The design of a sample: which units were drawn, with what probability, for whom."""

from __future__ import annotations

import dataclasses
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.corpus.textfile import read_text
from framing.errors import FramingError, FramingWarning
from framing.validity import csvfile
from framing.validity.cells import plain

if TYPE_CHECKING:
    import pandas as pd

_NEEDED = ("unit_id", "stratum", "stratum_units", "inclusion")


@dataclasses.dataclass(frozen=True)
class Design:
    """What ``design.csv`` and ``design.json`` hold.

    `table` has `unit_id, stratum, stratum_units, inclusion`; `assigned` says which units each coder was
    given; `facts` are the parameters of the draw.
    """

    table: pd.DataFrame
    assigned: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, Any]

    @property
    def unit(self) -> str | None:
        return self.facts.get("unit")

    @property
    def frames(self) -> list[str]:
        return str(self.facts.get("frames", "")).split()

    def attach(self, coded: pd.DataFrame) -> pd.DataFrame:
        """Give each coded unit its probability; units that were never drawn are named in a warning."""
        more = [name for name in _NEEDED[1:] if name not in coded or coded[name].isna().all()]
        joined = coded.drop(columns=[m for m in more if m in coded]).merge(
            self.table[["unit_id", *more]], on="unit_id", how="left"
        )
        stray = ~joined["unit_id"].isin(self.table["unit_id"])
        if stray.any():
            message = (
                f"{stray.sum()} coded units are not in the design "
                f"({', '.join(joined.loc[stray, 'unit_id'][:3])}); they have no probability and are left "
                "out of weighted estimates"
            )
            warnings.warn(message, FramingWarning, stacklevel=4)
        return joined


def find_design(path: str | Path | None, files: Sequence[Path]) -> Design | None:
    """Read the design at `path`, or the one that lies beside all `files`, if there is one."""
    if path is not None:
        path = Path(path)
        return read_design(path / "design.csv" if path.is_dir() else path)
    folders = {file.parent for file in files}
    beside = next(iter(folders)) / "design.csv"
    return read_design(beside) if len(folders) == 1 and beside.is_file() else None


def read_design(path: Path) -> Design:
    """Read ``design.csv``, and ``design.json`` where it lies beside it."""
    import pandas as pd

    sheet = csvfile.read(path)
    missing = [name for name in _NEEDED if name not in sheet.columns]
    if missing:
        message = (
            f"{path}: not the design of a coding sheet, it lacks {', '.join(missing)}; give the design.csv "
            "that was written with the sheets"
        )
        raise FramingError(message)
    table = pd.DataFrame([dict(zip(sheet.columns, map(plain, values), strict=True)) for _, values in sheet.rows])
    for name in ("stratum_units", "inclusion"):
        table[name] = pd.to_numeric(table[name].str.replace(",", "."), errors="coerce")
        bad = table[name].isna() | (table[name] <= 0)
        if bad.any():
            message = (
                f"{path}: {name} of unit {table.loc[bad, 'unit_id'].iloc[0]!r} is not a positive number; "
                "use the file as it was written"
            )
            raise FramingError(message)
    assigned: dict[str, list[str]] = {}
    for name, coders in zip(table["unit_id"], table["coders"] if "coders" in table else [""] * len(table), strict=True):
        for coder in filter(None, (c.strip() for c in coders.split(";"))):
            assigned.setdefault(coder, []).append(name)
    facts_file = path.with_suffix(".json")
    facts = json.loads(read_text(facts_file)) if facts_file.is_file() else {}
    return Design(table, {coder: tuple(names) for coder, names in assigned.items()}, facts)
