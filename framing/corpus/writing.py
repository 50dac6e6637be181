"""Writing a corpus: as a folder that anyone can read, or as one JSONL or Parquet file."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from framing.corpus.corpus import Corpus
from framing.corpus.given import given_corpus
from framing.corpus.textfile import decode
from framing.errors import FramingError, choices
from framing.files import replacing


def write_corpus(corpus: Corpus, path: str | Path) -> Path:
    """Write `corpus` so that `read_corpus` gives it back exactly.

    Parameters
    ----------
    corpus : Corpus
    path : str or Path
        A folder (``documents.csv`` and ``texts/<id>.txt``), or a file ending in ``.jsonl`` or ``.parquet``.
        Values read back from ``documents.csv`` are strings; JSONL and Parquet keep numbers. Files of a
        folder that are not part of the corpus (LICENSE, DATASHEET.md, codings) are left as they are.

    Returns
    -------
    Path
        What was written. Files appear whole or not at all.

    Raises
    ------
    FramingError
        When this form cannot give the corpus back exactly: an id that is no file name, an empty text in a
        folder, a column that mixes numbers and text in Parquet. The message names a form that can.

    Examples
    --------
    >>> import tempfile
    >>> from framing.corpus import Corpus, Document, read_corpus
    >>> corpus = Corpus([Document(id="a", text="كوبا", outlet="x")])
    >>> read_corpus(write_corpus(corpus, tempfile.mkdtemp() + "/c.jsonl")) == corpus
    True
    """
    corpus, path = given_corpus(corpus), Path(path)
    if path.suffix == ".jsonl":
        with replacing(path) as file:
            _write_jsonl(corpus, file)
    elif path.suffix == ".parquet":
        _write_parquet(corpus, path)
    elif path.suffix:
        message = f"{path}: a corpus is written as a folder, .jsonl or .parquet, not {path.suffix!r}"
        raise FramingError(message)
    else:
        _write_folder(corpus, path)
    return path


def _write_jsonl(corpus: Corpus, file: Any) -> None:
    for document in corpus:
        row = {"id": document.id, **document.metadata, "text": document.text}
        line = json.dumps(row, ensure_ascii=False, default=str)
        try:
            line.encode("utf-8")
        except UnicodeEncodeError:  # half a character, from a broken download: written as an escape
            line = json.dumps(row, default=str)
        file.write(line + "\n")


def _write_parquet(corpus: Corpus, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, list[Any]] = {"id": list(corpus.ids)}
    columns |= {name: [document[name] for document in corpus] for name in corpus.columns}
    columns["text"] = [document.text for document in corpus]
    arrays = {}
    for name, values in columns.items():  # from Python values: a data frame would make 1, None into 1.0, NaN
        try:
            arrays[name] = pa.array(values)
        except (pa.ArrowException, UnicodeEncodeError) as error:
            message = f"{path}: column {name!r} cannot be written as Parquet ({error}); write .jsonl instead"
            raise FramingError(message) from None
    with replacing(path, "wb") as file:
        pq.write_table(pa.table(arrays), file)


def _exact_as_file(text: str) -> bool:
    """Say whether a text file gives this text back; not if empty, or with NUL, half characters or a leading mark."""
    try:
        return decode(text.encode("utf-8"), "") == text
    except (UnicodeEncodeError, FramingError):
        return False


def _file_name(id: str) -> bool:
    """Say whether `id` can name a file below ``texts/`` on every system."""
    parts = id.split("/")
    return (
        id == id.strip()
        and not set(id) & set('\\:*?"<>|\n\r\0')
        and all(part and part not in (".", "..") and len(part.encode("utf-8", "replace")) <= 250 for part in parts)
    )


def _write_folder(corpus: Corpus, folder: Path) -> None:
    bad = [name for name in corpus.ids if not _file_name(name)]
    if bad:
        message = f"ids {choices(bad[:5])} cannot be file names; rename them or write .jsonl instead"
        raise FramingError(message)
    inexact = [document.id for document in corpus if not _exact_as_file(document.text)]
    if inexact:
        message = (
            f"the texts of {choices(inexact[:5])} are empty or hold what no text file gives back; write .jsonl instead"
        )
        raise FramingError(message)
    for document in corpus:
        target = folder / "texts" / f"{document.id}.txt"
        with replacing(target) as file:
            file.write(document.text)

    with replacing(folder / "documents.csv") as file:
        rows = csv.DictWriter(file, ["id", *corpus.columns], lineterminator="\n")
        rows.writeheader()
        rows.writerows({"id": document.id, **document.metadata} for document in corpus)
