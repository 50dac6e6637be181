"""What every score is computed from: one row per coded sentence, as columns of numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.coding import MEASURED
from framing.errors import FramingError, choices, closest

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings
    from framing.scores.resampling import Floats, Ints

#: Columns of a hit or unit by which scores may be split, beside the documents' metadata.
SPLITS = ("coder", "voice", "speaker", "side", "paragraph")


@dataclasses.dataclass(frozen=True, slots=True)
class Sentences:
    """Coded sentences, sorted by group, document and place.

    A sentence in which several voices are heard has several units; they add up to one row (one per
    group, where scores are split by voice). Documents without any sentence belong to a group, but have
    no row.

    Attributes
    ----------
    labels : DataFrame
        One row per group with the columns that define it.
    group, document, paragraph : array (sentences,)
        Rows of `labels`; rows of ``codings.documents``; paragraph in the document.
    words, placed : array (sentences,)
        Words, and words · position.
    weight, forward : array (sentences, frames)
        Σ weight, and Σ weight · position, of the hits that count.
    hits, negated : array (sentences, frames)
        How many hits count and how many are negated.
    """

    labels: pd.DataFrame
    group: Ints
    document: Ints
    paragraph: Ints
    words: Floats
    placed: Floats
    weight: Floats
    forward: Floats
    hits: Ints
    negated: Ints

    def __len__(self) -> int:
        return len(self.group)

    def per_group(self, values: Any) -> Any:
        """Return the sums of `values` (sentences, …) per group: (groups, …)."""
        sums = np.zeros((len(self.labels), *values.shape[1:]), values.dtype if values.dtype != bool else np.int64)
        if len(self):
            first = np.flatnonzero(np.diff(self.group, prepend=-1))
            sums[self.group[first]] = np.add.reduceat(values, first, axis=0, dtype=sums.dtype)
        return sums


def sentences(codings: Codings, by: str | Sequence[str] = ()) -> Sentences:
    """Return the sentences of `codings`, grouped by the columns `by` (none: all in one group)."""
    import pandas as pd

    columns = checked(codings, by)
    units, hits, frames = _with_silent(codings), codings.table, list(codings.frames)
    index = pd.Index(codings.documents["doc_id"])
    document = np.concatenate([_rows_of(index, units), _rows_of(index, hits)])
    group, labels = _groups(codings, units, hits, document, columns)
    number, paragraph = (
        np.concatenate([table[name].to_numpy(np.int64) for table in (units, hits)])
        for name in ("sentence", "paragraph")
    )
    key = (group * (len(index) + 1) + document + 1) * (int(number.max(initial=0)) + 2) + number + 1
    spoken = number >= 0
    unique, first, inverse = np.unique(key[spoken], return_index=True, return_inverse=True)
    row = np.full(len(key), -1, np.int64)
    row[spoken] = inverse
    n, at = len(unique), np.flatnonzero(spoken)[first]
    of_unit, of_hit = row[: len(units)], row[len(units) :]
    place = _position(paragraph, document, codings)

    heard = of_unit >= 0
    words = units["words"].to_numpy(float)
    frame = _frame_numbers(hits, frames)
    known = (frame >= 0) & (of_hit >= 0)
    counted = known & ~hits["negated"].to_numpy(bool)
    weight, where = hits["weight"].to_numpy(float), place[len(units) :]

    def total(mask: Any, values: Any = None) -> Any:
        cells = of_hit[mask] * len(frames) + frame[mask]
        sums = np.bincount(cells, None if values is None else values[mask], minlength=n * len(frames))
        return sums.reshape(n, len(frames))

    return Sentences(
        labels=labels,
        group=group[at],
        document=document[at],
        paragraph=paragraph[at],
        words=np.bincount(of_unit[heard], words[heard], minlength=n).astype(float),
        placed=np.bincount(of_unit[heard], (words * place[: len(units)])[heard], minlength=n).astype(float),
        weight=total(counted, weight).astype(float),
        forward=total(counted, weight * where).astype(float),
        hits=total(counted),
        negated=total(known & ~counted),
    )


def checked(codings: Codings, by: str | Sequence[str]) -> list[str]:
    """Return the columns of `by` as a list, or say which would do."""
    columns = list(dict.fromkeys([by] if isinstance(by, str) else by))
    known = [*codings.documents.columns.drop([*MEASURED, "frame"], errors="ignore"), *SPLITS]
    for name in columns:
        if name not in known:
            hint = "; every table has a row per frame anyway" if name == "frame" else f"; choose from {choices(known)}"
            message = f"scores cannot be split by {name!r}{closest(str(name), known)}{hint}"
            raise FramingError(message)
    if len(codings.coders) > 1 and "coder" not in columns:
        n = len(codings.coders)
        message = f"these codings are of {n} coders; score one with codings.where(coder=…) or add 'coder' to by="
        raise FramingError(message)
    return columns


def _with_silent(codings: Codings) -> pd.DataFrame:
    """Return the units, and one without words for each document that has none."""
    import pandas as pd

    units, documents = codings.units, codings.documents
    silent = documents.loc[~documents["doc_id"].isin(units["doc_id"].unique()), ["doc_id"]]
    if not len(silent):
        return units
    coder = codings.coders[0] if codings.coders else ""
    blank: dict[str, Any] = {"paragraph": 0, "sentence": -1, "words": 0, "voice": "narrator", "coder": coder}
    silent = silent.assign(**blank, speaker=None, side=None)
    return pd.concat([units, silent], ignore_index=True) if len(units) else silent


def _rows_of(documents: pd.Index[Any], table: pd.DataFrame) -> Ints:
    """Return the row of `documents` for each row of `table`."""
    import pandas as pd

    codes, ids = pd.factorize(table["doc_id"])
    rows: Ints = np.append(documents.get_indexer(ids), -1)[codes].astype(np.int64)
    return rows


def _groups(
    codings: Codings, units: pd.DataFrame, hits: pd.DataFrame, document: Ints, columns: list[str]
) -> tuple[Ints, pd.DataFrame]:
    """Number the groups in the order of their first unit; a missing value (no speaker) is a value like any other."""
    import pandas as pd

    code = np.zeros(len(units) + len(hits), np.int64)
    values: dict[str, Any] = {}
    for name in columns:
        if name in units.columns and name in hits.columns:
            values[name] = pd.concat([units[name], hits[name]], ignore_index=True) if len(hits) else units[name]
        else:
            values[name] = codings.documents[name].take(document).reset_index(drop=True)
        numbers, known = pd.factorize(values[name], use_na_sentinel=True)
        code = pd.factorize(code * (len(known) + 1) + numbers + 1)[0].astype(np.int64)
    first = np.unique(code, return_index=True)[1]
    columns_of_first = {name: values[name].iloc[first].reset_index(drop=True) for name in columns}
    return code, pd.DataFrame(columns_of_first, index=range(len(first)))


def _position(paragraph: Ints, document: Ints, codings: Codings) -> Floats:
    """Return the position weight of each row: 1 in headline and lead, 1/log2(1+p) in body paragraph p."""
    if "headline" in codings.documents and len(codings.documents):
        headed = codings.documents["headline"].fillna(False).to_numpy(bool)
        paragraph = paragraph - headed[document]
    weights: Floats = 1 / np.log2(1 + np.maximum(paragraph, 1))
    return weights


def positions(codings: Codings, table: pd.DataFrame) -> Floats:
    """Return the position weight of each row of the codings' hits or units."""
    import pandas as pd

    rows = _rows_of(pd.Index(codings.documents["doc_id"]), table)
    return _position(table["paragraph"].to_numpy(np.int64), rows, codings)


def _frame_numbers(hits: pd.DataFrame, frames: list[str]) -> Ints:
    if not len(hits):
        return np.zeros(0, np.int64)
    numbers = hits["frame"].map({frame: row for row, frame in enumerate(frames)}).fillna(-1)
    return np.asarray(numbers, np.int64)
