"""Writing a corpus: as a folder that anyone can read, or as one JSONL or Parquet file."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from framing.corpus.corpus import Corpus
from framing.errors import FramingError, choices


def write_corpus(corpus: Corpus, path: str | Path) -> Path:
    """Write `corpus` so that `read_corpus` gives it back exactly.

    Parameters
    ----------
    corpus : Corpus
    path : str or Path
        A folder (``documents.csv`` and ``texts/<id>.txt``), or a file ending in ``.jsonl`` or ``.parquet``.
        Values read back from ``documents.csv`` are strings; JSONL and Parquet keep numbers.

    Returns
    -------
    Path
        What was written. Files appear whole or not at all.

    Examples
    --------
    >>> import tempfile
    >>> from framing.corpus import Document, read_corpus
    >>> corpus = Corpus([Document(id="a", text="كوبا", outlet="x")])
    >>> read_corpus(write_corpus(corpus, tempfile.mkdtemp() + "/c.jsonl")) == corpus
    True
    """
    path = Path(path)
    if path.suffix == ".jsonl":
        atomically(path, lambda file: _write_jsonl(corpus, file))
    elif path.suffix == ".parquet":
        _write_parquet(corpus, path)
    elif path.suffix:
        message = f"{path}: a corpus is written as a folder, .jsonl or .parquet, not {path.suffix!r}"
        raise FramingError(message)
    else:
        _write_folder(corpus, path)
    return path


def atomically(path: Path, write: Callable[[Any], None]) -> None:
    """Call `write` on a new text file and move it to `path` once it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            write(file)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write_jsonl(corpus: Corpus, file: Any) -> None:
    for document in corpus:
        row = {"id": document.id, **document.metadata, "text": document.text}
        file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _write_parquet(corpus: Corpus, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    try:
        corpus.to_pandas().rename(columns={"doc_id": "id"}).to_parquet(temporary, index=False)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_folder(corpus: Corpus, folder: Path) -> None:
    bad = [i for i in corpus.ids if not i or i != i.strip() or set(i) & set('\\:*?"<>|\n\r\0') or ".." in i.split("/")]
    if bad:
        message = f"ids {choices(bad[:5])} cannot be file names; rename them or write .jsonl instead"
        raise FramingError(message)
    for document in corpus:
        target = folder / "texts" / f"{document.id}.txt"
        atomically(target, lambda file, document=document: file.write(document.text))  # type: ignore[misc]

    def table(file: Any) -> None:
        rows = csv.DictWriter(file, ["id", *corpus.columns], lineterminator="\n")
        rows.writeheader()
        rows.writerows({"id": document.id, **document.metadata} for document in corpus)

    atomically(folder / "documents.csv", table)
