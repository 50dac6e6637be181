"""What a folder of codings says about itself: what it was made from, and which parts are complete.

::

    codings.parquet/
        manifest.json                    corpus, codebook, parameters, and where the parts begin and end
        table/part-00000.parquet         the four tables of `fr.Codings`, one file per part
        units/part-00000.parquet
        documents/part-00000.parquet
        cancelled/part-00000.parquet
        complete/part-00000.json         written last: the part is whole

A file appears under its name when it is complete, never before, and the files of a part count once its
``complete`` file is there. So a run may be killed at any moment: the next one does the parts that are missing.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError
from framing.files import replacing

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("table", "units", "documents", "cancelled")
FORMAT = 1
#: What must be the same for a run to be resumed, and how to say that it is not.
_SAME = {
    "format": "it was written by another version of framing",
    "corpus": "the corpus files are other ones",
    "codebook": "the codebook is another one",
    "parameters": "the parameters are other ones",
    "software": "framing or its morphology is another version",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Store:
    """The folder that holds the codings of a data set."""

    folder: Path

    def file(self, table: str, part: int) -> Path:
        return self.folder / table / f"{_name(part)}.parquet"

    def _mark(self, part: int) -> Path:
        return self.folder / "complete" / f"{_name(part)}.json"

    def manifest(self) -> dict[str, Any]:
        """Return the manifest, or an empty one where none was written."""
        place = self.folder / "manifest.json"
        try:
            found = json.loads(place.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            message = f"{place}: not readable ({error}); write to another folder, or delete this one"
            raise FramingError(message) from None
        return found if isinstance(found, dict) else {}

    def begin(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Write the manifest of a new run, or return that of the run which is to be resumed.

        Raises
        ------
        FramingError
            When the folder holds codings made in another way.
        """
        there = self.manifest()
        if not there:
            for table in (*TABLES, "complete"):
                (self.folder / table).mkdir(exist_ok=True)
            _write_json(self.folder / "manifest.json", wanted)
            return dict(wanted)
        wanted = json.loads(json.dumps(wanted))
        for key, reason in _SAME.items():
            if there.get(key) != wanted[key]:
                what = _difference(there.get(key), wanted[key])
                message = (
                    f"{self.folder}: holds codings begun in another way ({reason}: {what}); "
                    "repeat the first call to finish them, or name a new folder"
                )
                raise FramingError(message)
        return there

    @staticmethod
    def _ours(path: Path) -> bool:
        """Say whether a run that was killed before it wrote a manifest may have left this."""
        if path.name in (*TABLES, "complete", "corpus"):
            return all(file.name.startswith(".") or path.name == "corpus" for file in path.iterdir())
        return path.name.startswith(".")

    def complete(self) -> dict[int, dict[str, Any]]:
        """Return what the complete parts hold, by number."""
        found = {}
        for mark in (self.folder / "complete").glob("part-*.json"):
            with contextlib.suppress(OSError, ValueError):
                facts = json.loads(mark.read_text(encoding="utf-8"))
                part = int(mark.stem.removeprefix("part-"))
                if all(_size(self.file(table, part)) == facts["bytes"][table] for table in TABLES):
                    found[part] = facts
        return dict(sorted(found.items()))

    def write(self, part: int, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> dict[str, Any]:
        """Write the tables of a part, then the file that says they are complete."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        sizes = {}
        for name, table in tables.items():
            place = self.file(name, part)
            with replacing(place, "wb", durable=True) as file:
                pq.write_table(pa.Table.from_pandas(table, preserve_index=False), file)
            sizes[name] = place.stat().st_size
        noted = {**facts, "bytes": sizes}
        _write_json(self._mark(part), noted)
        return noted

    def sweep(self) -> None:
        """Remove what a killed run left half-written; to be called under the lock only."""
        for leftover in self.folder.glob("*/.part-*.new"):
            leftover.unlink(missing_ok=True)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder, made when it is missing, against a second process that would write to it.

        Raises
        ------
        FramingError
            When it is held already, or holds something else than codings.
        """
        from filelock import FileLock, Timeout

        if self.folder.exists() and not self.folder.is_dir():
            message = f"{self.folder}: is a file; codings are written to a folder, name a new one"
            raise FramingError(message)
        strange = sorted(p.name for p in self.folder.glob("*") if not self._ours(p))
        if strange and not self.manifest():
            message = f"{self.folder}: holds {strange[0]!r} and no codings; name a new folder for them"
            raise FramingError(message)
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            message = f"{self.folder}: another process is coding into this folder; wait for it, or name a new folder"
            raise FramingError(message) from None
        try:
            yield
        finally:
            lock.release()


def _name(part: int) -> str:
    return f"part-{part:05d}"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    with replacing(path, durable=True) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1))


def _difference(there: Any, wanted: Any) -> str:
    """Say in a few words where two values differ."""
    if isinstance(there, dict) and isinstance(wanted, dict):
        keys = [key for key in {**there, **wanted} if there.get(key) != wanted.get(key)]
        if keys:
            key = keys[0]
            return f"{key} {_short(there.get(key))}, now {_short(wanted.get(key))}"
    return f"{_short(there)}, now {_short(wanted)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
