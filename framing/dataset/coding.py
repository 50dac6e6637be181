"""Coding a data set: Parquet in, a folder of Parquet files out, part by part, resumable."""

from __future__ import annotations

import dataclasses
import threading
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from framing import progress, provenance
from framing.codebook import Codebook
from framing.coding import code
from framing.coding.engine import has_weights
from framing.corpus import Corpus, read_corpus, write_corpus
from framing.dataset import partitions, workers
from framing.dataset.manifest import FORMAT, TABLES, Store
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.language import MARGINS, backend

#: One part at a time in one process: the vocabulary is not made for threads.
_ALONE = threading.Lock()


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs to know to code any part."""

    source: partitions.Source
    bounds: tuple[int, ...]
    codebook: Codebook
    options: Mapping[str, Any]
    store: Store


def code_dataset(
    corpus: str | Path,
    codebook: Codebook,
    out: str | Path,
    *,
    margin: str = "default",
    negation: bool = True,
    voice: bool = False,
    columns: Mapping[str, str] | None = None,
    rows_per_partition: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
) -> Path:
    """Apply a codebook to a corpus of any size.

    Parameters
    ----------
    corpus : str or Path
        A Parquet file, or a folder of Parquet files (read in the order of their names), with a text
        column. Anything else that `fr.read_corpus` reads is written to ``out`` as Parquet first, and has
        to fit into memory once.
    codebook : Codebook
    out : str or Path
        A new folder, or one in which an earlier call did not finish: then only what is missing is done.
        A call for a finished folder does nothing.
    margin, negation, voice
        As in `fr.code`; `voice` costs most of the time, and is off.
    columns : mapping, optional
        Renames columns of the files: ``{"Body": "text"}``.
    rows_per_partition : int, optional
        Documents per part; as many as make about 64 MB, at most 10,000, if it is not given. Bounds the
        memory of a worker, never changes a result. Files with row groups of about this size are read
        fastest.
    workers : int, optional
        Processes on this machine; by default one per core. 0 codes in this process, without Dask.
    scheduler : str, optional
        Address of a running Dask scheduler (``tcp://…``). Its workers need the same version of this
        package and must see corpus and `out` under the same paths. Give them one thread each.

    Returns
    -------
    Path
        `out`. Read it with `read_codings`, score it with `dataset_scores`. Its folders ``table``,
        ``units``, ``documents`` and ``cancelled`` are the tables of `fr.Codings` in Parquet, for any tool.

    Raises
    ------
    FramingError
        When `out` holds codings made from another corpus, by another codebook or with other parameters;
        when another process is writing to it; when a row has no text or two rows have one id.

    Notes
    -----
    The result is that of ``fr.code(fr.read_corpus(corpus), codebook)``: documents do not influence each
    other. Each file is moved to its name when it is complete and on the disk, so that a run may be killed at any
    moment; a part that was not finished is done again, and no part is done twice.

    Examples
    --------
    >>> import tempfile, framing as fr
    >>> folder = tempfile.mkdtemp()
    >>> corpus = fr.Corpus([fr.Document(id=str(n), text="أكد على التعاون.") for n in range(4)])
    >>> file = fr.write_corpus(corpus, folder + "/corpus.parquet")
    >>> book = fr.Codebook.from_dict({"alliance": ["تعاون"]})
    >>> out = code_dataset(file, book, folder + "/codings.parquet", rows_per_partition=2, workers=0)
    >>> sorted(part.name for part in (out / "table").iterdir())
    ['part-00000.parquet', 'part-00001.parquet']
    >>> dataset_scores = fr.dataset_scores(out, by="doc_id", resamples=0)
    >>> dataset_scores["hits"].tolist()
    [1, 1, 1, 1]
    """
    _check(margin, rows_per_partition, workers, scheduler)
    store = Store(Path(out).resolve())
    found = _opened(Path(corpus), columns)
    with store.lock():
        source = _written(found, Path(corpus), store) if isinstance(found, Corpus) else found
        bounds = partitions.bounds(source, rows_per_partition)
        options = {"margin": margin, "negation": negation, "voice": voice}
        manifest = store.begin(_manifest(source, codebook, options, bounds, rows_per_partition))
        store.sweep()
        done = store.complete()
        job = Job(source, tuple(manifest["bounds"]), codebook, options, store)
        missing = [part for part in range(len(job.bounds) - 1) if part not in done]
        if missing:
            if not done:
                partitions.check_ids(source)
            _run(job, missing, workers, scheduler)
    return Path(out)


def _check(margin: str, rows: int | None, workers: int | None, scheduler: str | None) -> None:
    if margin not in MARGINS:
        message = f"margin {margin!r} is not known{closest(margin, MARGINS)}; choose one of {choices(MARGINS)}"
        raise FramingError(message)
    if rows is not None and rows < 1:
        message = f"rows_per_partition must be at least 1, not {rows!r}; leave it out for about 64 MB per part"
        raise FramingError(message)
    if workers is not None and workers < 0:
        message = f"workers must be 0 (this process) or more, not {workers!r}"
        raise FramingError(message)
    if workers is not None and scheduler is not None:
        message = "workers= and scheduler= exclude each other: a running cluster has its own workers"
        raise FramingError(message)


def _opened(path: Path, columns: Mapping[str, str] | None) -> partitions.Source | Corpus:
    """Return the Parquet files at `path` as a source, anything else as a corpus in memory."""
    if path.is_dir():
        parquet = not (path / "documents.csv").is_file() and any(path.rglob("*.parquet"))
    else:
        parquet = path.suffix.lower() == ".parquet"
    return partitions.open_source(path, columns) if parquet else read_corpus(path, columns=columns)


def _written(corpus: Corpus, path: Path, store: Store) -> partitions.Source:
    """Write a corpus to the store as Parquet, unless an earlier call has done so, and return it as a source."""
    place = store.folder / "corpus" / f"{path.resolve().stem}.parquet"
    if store.manifest():
        if not (place.is_file() and read_corpus(place) == corpus):
            message = f"{store.folder}: holds codings of another corpus than {path} is now; name a new folder"
            raise FramingError(message)
    else:
        write_corpus(corpus, place)
    return partitions.open_source(place)


def _manifest(
    source: partitions.Source, codebook: Codebook, options: Mapping[str, Any], bounds: list[int], rows: int | None
) -> dict[str, Any]:
    from framing import __version__

    files = partitions.fingerprints(source)
    used = backend()
    facts = provenance.record(
        corpus=source.name,
        corpus_files=files,
        n_documents=source.rows,
        codebook=codebook.name,
        codebook_version=codebook.version,
        codebook_sha256=codebook.fingerprint,
        weighted=has_weights(codebook),
        **options,
    )
    return {
        "format": FORMAT,
        "corpus": {"files": files, "documents": source.rows},
        "codebook": {"name": codebook.name, "version": codebook.version, "sha256": codebook.fingerprint},
        "parameters": {**options, "columns": dict(source.columns), "rows_per_partition": rows},
        "software": {"framing": __version__, "morphology": f"{used.name} {used.version}"},
        "frames": list(codebook.frames),
        "bounds": bounds,
        "provenance": facts,
    }


def _run(job: Job, missing: list[int], n_workers: int | None, scheduler: str | None) -> None:
    code(
        Corpus([]), job.codebook, margin=job.options["margin"]
    )  # compile here: errors come at once, caches are made once
    total, first = job.bounds[-1], job.bounds[-1] - sum(job.bounds[part + 1] - job.bounds[part] for part in missing)
    noted: set[str] = set()
    with progress.bar(what="coding", unit="documents", total=total, initial=first) as bar:
        for facts in _results(job, missing, n_workers, scheduler):
            bar.update(facts["documents"])
            for message in facts["notes"]:
                if message not in noted:
                    noted.add(message)
                    warnings.warn(message, FramingWarning, stacklevel=4)


def _results(job: Job, missing: list[int], n_workers: int | None, scheduler: str | None) -> Iterator[dict[str, Any]]:
    if scheduler is None and (n_workers == 0 or len(missing) == 1):
        return (code_part(job, part) for part in missing)
    return workers.over(job, code_part, missing, n_workers=n_workers, scheduler=scheduler)


def code_part(job: Job, part: int) -> dict[str, Any]:
    """Code one part and write it; return what it holds and what there was to note."""
    with _ALONE, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        begin, end = job.bounds[part : part + 2]
        corpus = Corpus(partitions.documents(job.source, begin, end), job.source.name)
        codings = code(corpus, job.codebook, **job.options)
        tables = {name: getattr(codings, name) for name in TABLES}
        facts = {"documents": end - begin, "units": len(codings.units), "spans": len(codings.table)}
        job.store.write(part, tables, facts)
    notes = [str(note.message) for note in caught if issubclass(note.category, UserWarning)]
    return {**facts, "notes": list(dict.fromkeys(notes))}
