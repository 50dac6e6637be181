"""Frame scores of a data set, from its Parquet files, without loading them."""

from __future__ import annotations

import contextlib
import dataclasses
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress
from framing.dataset.linearised import figures
from framing.dataset.manifest import Store
from framing.dataset.reading import finished, in_order, joined, part_codings, provenance_of
from framing.dataset.sums import Sums
from framing.errors import FramingError, FramingWarning, choices
from framing.scores.frame_scores import FIGURES, check_options, frame_scores, of_documents
from framing.scores.sentences import checked
from framing.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings

#: The columns of `fr.frame_scores` behind those of `by` and `frame`.
_FIGURES = (
    "words",
    "sentences",
    "hits",
    "negated",
    "weighted",
    *(n for k, pair in FIGURES.items() for n in (k, *pair)),
)


def dataset_scores(
    path: str | Path,
    by: str | Sequence[str] = "doc_id",
    *,
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
    bootstrap_up_to: int = 10_000,
) -> pd.DataFrame:
    """Score frames per document or group of documents of a data set that `code_dataset` coded.

    Parameters
    ----------
    path : str or Path
        The folder.
    by, level, resamples, random_state
        As in `fr.frame_scores`.
    bootstrap_up_to : int
        Groups of at most so many documents get the intervals of `fr.frame_scores`. Those of larger groups
        come from sums over documents.

    Returns
    -------
    Table
        The columns of `fr.frame_scores`, with the same values; its ``attrs`` too.

    Raises
    ------
    FramingError
        When `by` names no column, or the run that made the codings did not finish.

    Notes
    -----
    Where `by` holds ``doc_id``, one part after another is scored by `fr.frame_scores`; so are, a few at a time,
    groups of at most `bootstrap_up_to` documents. What such a group's bootstrap draws does not depend on the other
    groups, so these rows are those of `fr.frame_scores` over all codings, intervals included.

    Of larger groups only sums over documents are taken, by DuckDB: counts, squares and products of words, words ·
    position, weight, weight · position and covered sentences. The interval of `coverage` needs no more and is the
    same. `rate` and `share` are ratios of sums, R = Σx/Σy, and get their linearised interval: R ± z · s, where
    s² = D/(D−1) · Σ(x − R·y)² / (Σy)² over the D documents; `prominence`, a ratio of ratios, gets that of its
    logarithm, with one more hit at a random word. Both are widened to Jeffreys' as in `fr.frame_scores`. This is
    the limit of the bootstrap over documents: at 10,000 documents the bounds differ by a few per cent of the
    interval's width.

    Reference: Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application, sections 2.7 and
    3.2: the nonparametric delta method.

    Examples
    --------
    >>> import tempfile, framing as fr
    >>> folder = tempfile.mkdtemp()
    >>> corpus = fr.Corpus([fr.Document(id=str(n), text="تعاون جديد.", outlet="xy"[n % 2]) for n in range(4)])
    >>> file = fr.write_corpus(corpus, folder + "/corpus.parquet")
    >>> book = fr.Codebook.from_dict({"alliance": ["تعاون"]})
    >>> out = fr.code_dataset(file, book, folder + "/codings.parquet")
    >>> dataset_scores(out, by="outlet")[["outlet", "frame", "words", "hits", "rate"]].values.tolist()
    [['x', 'alliance', 4, 2, 500.0], ['y', 'alliance', 4, 2, 500.0]]
    """
    store, manifest = finished(path)
    columns = [by] if isinstance(by, str) else list(by)
    if not columns:
        message = 'by= names no column; by="doc_id" scores every document, by="outlet" every outlet'
        raise FramingError(message)
    check_options(level, resamples)
    options: dict[str, Any] = {"level": level, "resamples": resamples, "random_state": random_state}
    n_parts = len(manifest["bounds"]) - 1
    if "doc_id" in columns:
        parts = (part_codings(store, manifest, [part]) for part in range(n_parts))
        return _by_document(parts, columns, options, manifest["bounds"])
    if manifest["corpus"]["documents"] <= bootstrap_up_to:
        return frame_scores(part_codings(store, manifest, range(n_parts)), columns, **options)
    return _by_group(store, manifest, columns, options, bootstrap_up_to)


def _by_document(
    parts: Iterable[Codings], columns: list[str], options: dict[str, Any], bounds: Sequence[int]
) -> pd.DataFrame:
    import pandas as pd

    tables, documents = [], []
    with progress.bar(what="scores", unit="documents", total=bounds[-1]) as bar, _silent():
        for number, codings in enumerate(parts):
            scored = frame_scores(codings, columns, **options)
            tables.append(pd.DataFrame(scored))
            documents.append(codings.documents)
            bar.update(bounds[number + 1] - bounds[number])
    scores = joined(tables)
    silent = scores["sentences"] == 0  # documents without a sentence stand last
    result = Table(pd.concat([scores[~silent], scores[silent]], ignore_index=True) if silent.any() else scores)
    result.attrs = scored.attrs | of_documents(in_order(joined(documents)))
    return _warned(result, columns)


def _by_group(
    store: Store, manifest: dict[str, Any], columns: list[str], options: dict[str, Any], bootstrap_up_to: int
) -> pd.DataFrame:
    """Score groups from what DuckDB finds: from rows where they are small, from sums where they are large."""
    import pandas as pd

    frames = list(manifest["frames"])
    like = part_codings(store, manifest, [0])
    with Sums(store, len(manifest["bounds"]) - 1, frames, (*like.coders, "")[0]) as sums:
        columns = checked(dataclasses.replace(like, documents=sums.columns()), columns)
        groups = sums.groups(columns)
        size = groups.pop("n documents").to_numpy(np.int64)
        rows: dict[int, pd.DataFrame] = {}
        with progress.bar(what="scores", unit="groups", total=len(groups)) as bar, _silent():
            for some in _lots(np.flatnonzero(size <= bootstrap_up_to).tolist(), size.tolist(), bootstrap_up_to):
                scored = frame_scores(sums.codings(some, like), columns, **options)
                rows |= _blocks(scored, groups, some, len(frames))
                bar.update(len(some))
            large = np.flatnonzero(size > bootstrap_up_to).tolist()
            if large:
                found = figures(*sums.of(large), level=options["level"], bootstrap=options["resamples"] > 0)
                for place, number in enumerate(large):
                    rows[number] = pd.DataFrame({name: found[name][place] for name in _FIGURES})
                bar.update(len(large))
    labels = groups.loc[groups.index.repeat(len(frames))].reset_index(drop=True)
    labels["frame"] = np.tile(np.asarray(frames, object), len(groups))
    values = pd.concat([rows[number] for number in range(len(groups))], ignore_index=True)
    result = Table(pd.concat([labels, values], axis=1))
    facts = {"by": columns, **options, "bootstrap_up_to": bootstrap_up_to}
    result.attrs["provenance"] = {**provenance_of(manifest), **facts}
    return _warned(result, columns)


def _lots(groups: list[int], size: list[int], most: int) -> Iterator[list[int]]:
    """Yield groups together until they have `most` documents."""
    lot: list[int] = []
    for number in groups:
        if lot and sum(size[n] for n in lot) + size[number] > most:
            yield lot
            lot = []
        lot.append(number)
    if lot:
        yield lot


def _blocks(scored: pd.DataFrame, groups: pd.DataFrame, some: list[int], n_frames: int) -> dict[int, pd.DataFrame]:
    """Return the figures of each of the groups `some`, by its number; other groups are left out."""
    wanted = dict(zip(_keys(groups.loc[some]), some, strict=True))
    found = _keys(scored[list(groups.columns)].iloc[::n_frames])
    figures_ = scored[list(_FIGURES)]
    return {
        wanted[key]: figures_.iloc[row * n_frames : (row + 1) * n_frames]
        for row, key in enumerate(found)
        if key in wanted
    }


def _keys(labels: pd.DataFrame) -> list[tuple[Any, ...]]:
    missing = labels.isna().to_numpy().tolist()
    rows = labels.astype(object).to_numpy().tolist()
    return [tuple(None if m else v for v, m in zip(*row, strict=True)) for row in zip(rows, missing, strict=True)]


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Hold back the warning about groups without words that each lot would give; `_warned` gives one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FramingWarning)
        yield


def _warned(result: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    empty = result.loc[result["words"] == 0, columns].drop_duplicates()
    if len(empty):
        shown = choices(", ".join(map(str, row)) for row in empty.iloc[:3].itertuples(index=False))
        which = "group has" if len(empty) == 1 else "groups have"
        message = f"{len(empty)} {which} no words, so all scores are missing: {shown}"
        warnings.warn(message, FramingWarning, stacklevel=4)
    return result
