"""Reading codings back from a folder of Parquet files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.coding import MEASURED, Codings
from framing.dataset.manifest import Store
from framing.errors import FramingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def read_codings(path: str | Path) -> Codings:
    """Read the codings that `code_dataset` wrote, all of them, into memory.

    Parameters
    ----------
    path : str or Path
        The folder.

    Returns
    -------
    Codings
        The same as `fr.code` gives for the same corpus, except for the provenance, which names the corpus
        files by their hashes. For data sets that do not fit into memory use `dataset_scores`, or any
        tool that reads Parquet: ``pandas.read_parquet("codings.parquet/table", filters=[…])``.

    Raises
    ------
    FramingError
        When the folder holds no codings, or the run that made them did not finish.

    Examples
    --------
    >>> import tempfile, framing as fr
    >>> folder = tempfile.mkdtemp()
    >>> corpus = fr.Corpus([fr.Document(id="a", text="أكد على الصداقة والتعاون.")])
    >>> file = fr.write_corpus(corpus, folder + "/corpus.parquet")
    >>> book = fr.Codebook.from_dict({"alliance": ["تعاون", "صداقة"]})
    >>> read_codings(fr.code_dataset(file, book, folder + "/codings.parquet")).table["evidence"].tolist()
    ['الصداقة', 'والتعاون']
    """
    store, manifest = finished(path)
    return part_codings(store, manifest, range(len(manifest["bounds"]) - 1))


def finished(path: str | Path) -> tuple[Store, dict[str, Any]]:
    """Return the store at `path` and its manifest; raise when parts are missing."""
    store = Store(Path(path))
    manifest = store.manifest()
    if "bounds" not in manifest:
        message = f"{path}: no codings here; fr.code_dataset(corpus, codebook, out={str(path)!r}) writes them"
        raise FramingError(message)
    n, done = len(manifest["bounds"]) - 1, len(store.complete())
    if done < n:
        message = f"{path}: {done} of {n} parts are coded; repeat the call of code_dataset to finish the rest"
        raise FramingError(message)
    return store, manifest


def part_codings(store: Store, manifest: dict[str, Any], parts: Iterable[int]) -> Codings:
    """Return the codings of some parts."""
    numbers = list(parts)
    table, units, documents, cancelled = (
        joined([read_table(store, name, part) for part in numbers])
        for name in ("table", "units", "documents", "cancelled")
    )
    return Codings(table, units, in_order(documents), tuple(manifest["frames"]), cancelled, provenance_of(manifest))


def read_table(store: Store, name: str, part: int) -> pd.DataFrame:
    import pyarrow.parquet as pq

    file = store.file(name, part)
    try:
        return as_coded(pq.read_table(file, partitioning=None))
    except (OSError, ValueError) as error:
        message = f"{file}: not readable ({error}); delete it and repeat the call of code_dataset, which makes it anew"
        raise FramingError(message) from None


def as_coded(content: Any) -> pd.DataFrame:
    """Return an Arrow table as `fr.code` would have made it: lists as lists, NaN for what is missing."""
    import numpy as np
    import pandas as pd

    frame: pd.DataFrame = content.to_pandas()
    for name in [name for name, kind in frame.dtypes.items() if isinstance(kind, np.dtype) and kind.hasobject]:
        values = [np.nan if value is None else value for value in content.column(name).to_pylist()]
        frame[name] = pd.Series(values, frame.index, object)
    return frame


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def in_order(documents: pd.DataFrame) -> pd.DataFrame:
    """Put the measured columns last, wherever a part without some metadata has put them."""
    return documents[sorted(documents, key=lambda name: MEASURED.index(name) if name in MEASURED else -1)]


def provenance_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the provenance of the codings: that of `fr.code`, with the files' hashes for the corpus's."""
    facts: dict[str, Any] = json.loads(json.dumps(manifest["provenance"]))
    return facts
