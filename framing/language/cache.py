"""The user's cache folder: what was computed once is kept there, and only there."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from framing.errors import FramingWarning


def folder() -> Path:
    """Return the cache folder: ``$FRAMING_CACHE``, else the platform's, else a temporary one.

    The folder is made when it is missing. Where neither can be written (a read-only home), a folder of
    this user in the system's temporary directory is used.
    """
    return _folder(os.environ.get("FRAMING_CACHE"))


@functools.lru_cache(maxsize=8)
def _folder(chosen: str | None) -> Path:
    import platformdirs

    temporary = Path(tempfile.gettempdir()) / f"framing-cache-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    candidates: list[Path] = []
    with contextlib.suppress(RuntimeError):  # a user without a home
        candidates = [
            Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("framing")).expanduser()
        ]
    for candidate in (*candidates, temporary):
        with contextlib.suppress(OSError, RuntimeError):
            candidate.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=candidate):
                return candidate
    return Path(tempfile.mkdtemp(prefix="framing-cache-"))


def types_file(name: str, version: str) -> Path:
    """Return where the readings of a backend are kept."""
    return folder() / f"types-{name}-{version}.sqlite"


class TypeCache:
    """Readings of word types, kept across runs in one SQLite file per morphology backend.

    A cache may be lost but never be wrong or in the way: a damaged file is set aside and begun anew,
    and where nothing can be written the cache is simply empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._warned = False

    def exists(self) -> bool:
        return self._path.exists()

    def read(self, words: Iterable[str]) -> dict[str, Any]:
        """Return what is stored for those of `words` that are known."""
        found: dict[str, Any] = {}
        wanted = list(words)
        with self._connection() as connection:
            if connection is None:
                return found
            for at in range(0, len(wanted), 900):
                part = wanted[at : at + 900]
                query = f"SELECT word, readings FROM types WHERE word IN ({','.join('?' * len(part))})"
                found.update((word, json.loads(text)) for word, text in connection.execute(query, part))
        return found

    def write(self, readings: Mapping[str, Any]) -> None:
        """Store the readings of new words, all or none."""
        if not readings:
            return
        rows = [(word, json.dumps(value, ensure_ascii=False)) for word, value in readings.items()]
        with self._connection() as connection:
            if connection is not None:
                connection.executemany("INSERT OR REPLACE INTO types VALUES (?, ?)", rows)

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection | None]:
        connection = None
        try:
            connection = self._open()
            with connection:
                yield connection
        except sqlite3.DatabaseError as error:
            if connection is None:
                yield None
            self._complain(error)
        finally:
            if connection is not None:
                connection.close()

    def _open(self) -> sqlite3.Connection:
        create = "CREATE TABLE IF NOT EXISTS types (word TEXT PRIMARY KEY, readings TEXT NOT NULL) WITHOUT ROWID"
        try:
            connection = sqlite3.connect(self._path, timeout=30)
            connection.execute(create)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # not a database: a torn or foreign file
            self._path.replace(self._path.with_suffix(".damaged"))
            connection = sqlite3.connect(self._path, timeout=30)
            connection.execute(create)
        return connection

    def _complain(self, error: Exception) -> None:
        if not self._warned:
            self._warned = True
            message = f"the word cache {self._path} cannot be used ({error}); going on without it"
            warnings.warn(message, FramingWarning, stacklevel=4)
