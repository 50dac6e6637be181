"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def replacing(path: str | Path, mode: str = "w", *, durable: bool = False) -> Iterator[Any]:
    """Open a new file that takes the place of `path` once the block is over.

    Parameters
    ----------
    path : str or Path
        Missing folders are made.
    mode : {"w", "wb"}
        Text is UTF-8, and line ends stay as they are.
    durable : bool
        Wait until the disk has it: what is written next may rely on this file, even when the machine stops.

    Yields
    ------
    file
        Should the block fail or the process be killed, what stood under `path` still stands there.

    Examples
    --------
    >>> folder = tempfile.mkdtemp()
    >>> with replacing(f"{folder}/a.txt") as file:
    ...     _ = file.write("كوبا")
    >>> [(file.name, file.read_text("utf-8")) for file in Path(folder).iterdir()]
    [('a.txt', 'كوبا')]
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}.", suffix=".new")
    text: dict[str, str] = {} if "b" in mode else {"encoding": "utf-8", "newline": ""}
    try:
        with os.fdopen(handle, mode, **text) as file:  # type: ignore[call-overload]
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
