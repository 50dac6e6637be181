"""The report of a run: what was collected, what was there already, what failed and why."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.corpus import Corpus, read_corpus

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("time", "event", "source", "id", "reason")


@dataclasses.dataclass(frozen=True)
class Report:
    """What a run of `framing.collect` did.

    Attributes
    ----------
    folder : Path
        Where the corpus lies.
    log : Path
        The log of this run and all before it, one JSON object a line.
    table : DataFrame
        One row per document or source of this run: `time` (UTC), `event` (``collected``, ``skipped``: it was
        there already, ``failed``, ``note``), `source` (file or address), `id`, `reason`.
    """

    folder: Path
    log: Path
    table: pd.DataFrame

    def _count(self, event: str) -> int:
        return int((self.table["event"] == event).sum())

    @property
    def collected(self) -> int:
        """Number of documents that are new."""
        return self._count("collected")

    @property
    def skipped(self) -> int:
        """Number of documents and sources that had been collected before."""
        return self._count("skipped")

    @property
    def failed(self) -> int:
        """Number of sources that gave nothing."""
        return self._count("failed")

    @property
    def exit_code(self) -> int:
        """0 when all went well, 1 when something failed."""
        return int(self.failed > 0)

    @property
    def corpus(self) -> Corpus:
        """The corpus as it is now, with all runs in it."""
        return read_corpus(self.folder)

    def __str__(self) -> str:
        lines = [f"{self.collected} collected, {self.skipped} already there, {self.failed} failed; log: {self.log}"]
        failures = self.table[self.table["event"] == "failed"]
        lines += [f"  failed: {row.source}: {row.reason}" for row in failures.head(20).itertuples()]
        if len(failures) > 20:
            lines.append(f"  … and {len(failures) - 20} more, see the log")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"Report({self.collected} collected, {self.skipped} already there, {self.failed} failed)"

    def _repr_html_(self) -> str:
        import html

        return f"<pre>{html.escape(str(self))}</pre>"


def report(folder: Path, log: Path, events: list[dict[str, Any]]) -> Report:
    """Make the report of these events of the log."""
    import pandas as pd

    rows = [[event.get(column) for column in COLUMNS] for event in events]
    return Report(folder, log, pd.DataFrame(rows, columns=list(COLUMNS), dtype=object))
