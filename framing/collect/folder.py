"""The folder that a collection grows in: a corpus, with a log that makes every run safe to interrupt and repeat.

A document is first written as ``texts/<id>.txt`` (whole or not at all) and then entered in the log, which is
only ever added to. ``documents.csv`` is written anew from both. A run that is killed at any moment therefore
loses at most the document it was working on, and the next run knows exactly what is there.
"""

from __future__ import annotations

import csv
import datetime
import gzip
import hashlib
import json
import os
import re
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.collect.items import clean_text
from framing.collect.report import Report, report
from framing.corpus.document import STANDARD
from framing.corpus.tables import read_table
from framing.errors import FramingError
from framing.files import replacing

LOG = "collected.jsonl"
_TABLE_EVERY = 30.0  # seconds between two writings of documents.csv
_REPORTED = ("collected", "skipped", "failed", "note")


class Folder:
    """A corpus folder that is being added to; a context manager.

    Parameters
    ----------
    path : str or Path
        Made when it is missing. A corpus that is there already is added to: its rows, columns and texts stay.
    command : str
        What is run, for the log.
    settings : mapping, optional
        Its settings, for the log.

    Raises
    ------
    FramingError
        When the folder cannot be used, or another run is using it.
    """

    def __init__(self, path: str | Path, command: str, settings: Mapping[str, Any] | None = None) -> None:
        self.path = Path(path)
        self.log = self.path / LOG
        self._command, self._settings = command, dict(settings or {})
        self._events: list[dict[str, Any]] = []
        self._ids: dict[str, str] = {}  # key of what was collected → id
        self._rows: dict[str, dict[str, Any]] = {}  # id → row of documents.csv
        self._read: set[tuple[str, str]] = set()  # files that were read without a fault: source, hash
        self._pages: dict[str, dict[str, Any]] = {}  # pages that were fetched: address → what the log says
        self._table_time = time.monotonic()

    def __enter__(self) -> Folder:
        from filelock import FileLock, Timeout

        if self.path.exists() and not self.path.is_dir():
            message = f"{self.path}: this is a file; a collection grows in a folder"
            raise FramingError(message)
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self.path / ".lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            message = f"{self.path}: another run is collecting into this folder; wait for it, or choose another"
            raise FramingError(message) from None
        try:
            self._load()
            self._handle = self.log.open("a", encoding="utf-8", newline="\n")
        except BaseException:
            self._lock.release()
            raise
        now = datetime.datetime.now(datetime.UTC)
        self.run = f"{now:%Y%m%dT%H%M%S}-{os.getpid()}"
        self.event("run", command=self._command, settings=self._settings, versions=_versions())
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        try:
            self._write_table()
            self.event("end", interrupted=kind.__name__ if kind else None)
            os.fsync(self._handle.fileno())
        finally:
            self._handle.close()
            self._lock.release()

    def _load(self) -> None:
        """Take in the log and the table; what a killed run left unfinished is left out."""
        table = self.path / "documents.csv"
        if table.is_file():
            for number, row in enumerate(read_table(table), 2):
                if not row.get("id"):
                    message = f"{table}, row {number}: no id; mend the table before adding to it (framing corpus check)"
                    raise FramingError(message)
                self._rows[row["id"]] = dict(row)
        elif not self.log.is_file() and any(self.path.rglob("*.txt")):
            message = (
                f"{self.path}: its texts have no documents.csv, and a new one would hide them; choose a new folder"
            )
            raise FramingError(message)
        for entry in self._entries():
            event = entry.get("event")
            if event == "collected" and self._text_path(entry["id"]).is_file():
                self._ids[entry["key"]] = entry["id"]
                self._rows.setdefault(entry["id"], {"id": entry["id"], **entry["metadata"]})
            elif event == "alias" and self._text_path(entry["id"]).is_file():
                self._ids[entry["key"]] = entry["id"]
            elif event == "read":
                self._read.add((entry["source"], entry["sha256"]))
            elif event == "fetched" and (self.path / entry["raw"]).is_file():
                self._pages[entry["key"]] = entry

    def _entries(self) -> list[dict[str, Any]]:
        """Read the log; a last line that was torn by a kill is cut off, so that the next begins on its own."""
        if not self.log.is_file():
            return []
        raw = self.log.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        if len(whole) < len(raw):
            os.truncate(self.log, len(whole))
        entries = []
        for line in whole.decode("utf-8", "replace").split("\n"):
            try:
                entry = json.loads(line) if line else None
            except ValueError:
                continue
            if isinstance(entry, dict):
                entries.append(entry)
        return entries

    def _text_path(self, id: str) -> Path:
        return self.path / "texts" / f"{id}.txt"

    def id_of(self, key: str) -> str | None:
        """Return the id of what was collected under `key`, or None."""
        return self._ids.get(key)

    def was_read(self, source: str, sha256: str) -> bool:
        """Say whether a file of this content was read before, without a fault."""
        return (source, sha256) in self._read

    def event(self, event: str, source: str = "", **facts: Any) -> None:
        """Add a line to the log."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        entry = {"time": now, "run": self.run, "event": event, "source": source, **facts}
        self._handle.write(json.dumps(entry, ensure_ascii=True, default=str) + "\n")
        self._handle.flush()
        if event in _REPORTED:
            self._events.append(entry)

    def add(self, *, source: str, key: str, id: str, text: str, metadata: Mapping[str, Any], **facts: Any) -> str:
        """Keep a document, unless it is there already; return its id.

        `key` says what it is: nothing is collected twice under one key. `id` is what it would like to be called.
        """
        there = self._ids.get(key)
        if there is not None:
            self.event("skipped", source, id=there, reason="already collected")
            return there
        text = clean_text(text)
        name = self._free_id(id)
        row = {column: _cell(value) for column, value in metadata.items() if column not in ("id", "doc_id", "text")}
        row = {column: value for column, value in row.items() if value}
        with replacing(self._text_path(name)) as file:
            file.write(text)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        now = datetime.datetime.now(datetime.UTC)
        row.setdefault("collected_from", source)  # of a text that was collected before, where it was first found
        row.setdefault("collected_at", f"{now:%Y-%m-%dT%H:%M:%SZ}")
        self.event("collected", source, key=key, id=name, sha256=sha256, metadata=row, **facts)
        self._ids[key] = name
        self._rows[name] = {"id": name, **row}
        if time.monotonic() - self._table_time > _TABLE_EVERY:
            self._write_table()
        return name

    def alias(self, source: str, key: str, id: str) -> None:
        """Enter that `key` is one more name for what was collected as `id`: an address that redirects."""
        if key not in self._ids:
            self.event("alias", source, key=key, id=id)
            self._ids[key] = id

    def keep_page(self, key: str, body: bytes, **facts: Any) -> None:
        """Keep a page as it was fetched, so that it is never fetched again."""
        name = f"raw/{hashlib.sha256(key.encode()).hexdigest()[:32]}.gz"
        with replacing(self.path / name, "wb") as file:
            file.write(gzip.compress(body, mtime=0))
        self.event("fetched", key, key=key, raw=name, bytes=len(body), sha256=hashlib.sha256(body).hexdigest(), **facts)

    def kept_page(self, key: str) -> tuple[bytes, dict[str, Any]] | None:
        """Return a page that was fetched before, and what the log says of it; None when it is not there or damaged."""
        entry = self._pages.get(key)
        if entry is None:
            return None
        try:
            body = gzip.decompress((self.path / entry["raw"]).read_bytes())
        except (OSError, EOFError, zlib.error):
            return None
        return (body, entry) if hashlib.sha256(body).hexdigest() == entry["sha256"] else None

    def fail(self, source: str, reason: str, **facts: Any) -> None:
        """Enter that a source gave nothing, and why."""
        self.event("failed", source, reason=" ".join(reason.split()), **facts)

    def _free_id(self, wanted: str) -> str:
        base = safe_id(wanted)
        name, number = base, 1
        while name in self._rows:
            number += 1
            name = f"{base}-{number}"
        return name

    def _write_table(self) -> None:
        self._table_time = time.monotonic()
        if not self._rows:
            return
        names = dict.fromkeys(name for row in self._rows.values() for name in row)
        columns = ["id", *(name for name in STANDARD if name in names)]
        columns += [name for name in names if name not in columns]
        with replacing(self.path / "documents.csv") as file:
            rows = csv.DictWriter(file, columns, lineterminator="\n")
            rows.writeheader()
            rows.writerows(self._rows.values())

    def report(self) -> Report:
        """Return the report of this run."""
        return report(self.path, self.log, self._events)


def safe_id(wanted: str) -> str:
    """Return an id that can name a file on every system, kept readable.

    >>> safe_id("../أخبار العالم: 1.html"), safe_id("")
    ('أخبار-العالم-1.html', 'document')
    """
    parts = [re.sub(r"[^\w.()+-]+", "-", part).strip("-. ") for part in wanted.replace("\\", "/").split("/")]
    name = "/".join(part for part in parts if part) or "document"
    if len(name.encode()) > 150:
        digest = hashlib.sha256(wanted.encode()).hexdigest()[:8]
        name = name.encode()[:130].decode("utf-8", "ignore").rstrip("/-. ") + f"-{digest}"
    return name


def _cell(value: Any) -> str:
    """Return a value as a cell of the table holds it."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else str(value)


def _versions() -> dict[str, str]:
    from framing import provenance

    return provenance.versions()
