"""Frame scores: codings → one tidy row per group and frame, every figure with its interval."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.coding import Codings
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.scores import resampling

if TYPE_CHECKING:
    import pandas as pd

#: Columns of a hit or unit by which scores may be split, beside the documents' metadata.
SPLITS = ("coder", "voice", "speaker", "side", "paragraph")
_FIGURES = ("rate", "coverage", "share", "prominence")


def frame_scores(
    codings: Codings,
    by: str | Sequence[str] = "doc_id",
    *,
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Score frames per document or group of documents.

    Parameters
    ----------
    codings : Codings
    by : str or list of str
        What one row stands for: ``doc_id``, any metadata column (``outlet``), ``voice``, ``speaker``,
        ``side``, ``coder``, or several of them.
    level : float
        Of all intervals.
    resamples : int
        Bootstrap resamples. Sentences are drawn within a document; for a group of documents, documents are
        drawn first and sentences within them.
    random_state : int

    Returns
    -------
    DataFrame
        The columns of `by`, then `frame` and

        ============  ===================================================================================
        words         N: words and numbers (of that voice, where scores are split by voice)
        sentences     sentences (in which that voice occurs)
        hits          matches that count
        negated       matches that are negated; they do not count
        weighted      Σ weight over hits
        rate          1000 · weighted / words, with `low` and `high` (bootstrap)
        coverage      share of sentences with a hit, with `coverage_low`, `coverage_high` (Jeffreys)
        share         weighted / Σ over frames of weighted, with interval; missing without any hit
        prominence    mean position weight of the hits over that of all words, with interval; above 1
                      means earlier than chance. Position is 1 in headline and lead, 1/log2(1+p) in
                      paragraph p of the body. Missing without hits
        ============  ===================================================================================

    Notes
    -----
    Without any hit the upper bound of `rate` is the Jeffreys bound of a Poisson rate: a bootstrap of
    nothing would claim certainty. A text without words has missing values and gives a warning.

    Examples
    --------
    >>> from framing import Codebook, Document, code
    >>> book = Codebook.from_dict({"alliance": ["تعاون"], "threat": ["تهديد"]})
    >>> scores = frame_scores(code(Document(id="a", text="تعاون جديد. لقاء."), book))
    >>> scores.loc[0, ["frame", "words", "hits", "rate", "coverage", "share"]].tolist()
    ['alliance', 3, 1, 333.3333333333333, 0.5, 1.0]
    """
    import pandas as pd

    columns = [by] if isinstance(by, str) else list(by)
    _check(codings, columns)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level!r}; 0.95 is usual"
        raise FramingError(message)
    units, hits = _units(codings, columns), _hits(codings, columns)
    frames = list(codings.frames)
    rows: list[dict[str, Any]] = []
    hits_of = dict(tuple(hits.groupby("_group", sort=False)))
    for group, part in units.groupby("_group", sort=False):
        found = hits_of.get(group, hits.iloc[:0])
        labels = dict(zip(columns, part.iloc[0][columns], strict=True))
        rows += _score_group(labels, part, found, frames, level=level, resamples=resamples, seed=random_state)
    result = pd.DataFrame(rows, columns=_columns(columns))
    empty = result.loc[result["words"] == 0, columns].drop_duplicates()
    if len(empty):
        shown = choices(map(str, empty.iloc[:3].apply(tuple, axis=1)))
        message = f"{len(empty)} groups have no words, their scores are missing: {shown}"
        warnings.warn(message, FramingWarning, stacklevel=2)
    result.attrs["provenance"] = {**codings.provenance, "by": columns, "level": level, "resamples": resamples, "random_state": random_state}
    return result


def _columns(by: list[str]) -> list[str]:
    figures = ["rate", "low", "high"]
    for name in _FIGURES[1:]:
        figures += [name, f"{name}_low", f"{name}_high"]
    return [*by, "frame", "words", "sentences", "hits", "negated", "weighted", *figures]


def _check(codings: Codings, columns: list[str]) -> None:
    known = [*codings.documents.columns.drop(["words", "headline"], errors="ignore"), *SPLITS]
    for name in columns:
        if name not in known:
            message = f"scores cannot be split by {name!r}{closest(name, known)}; choose from {choices(known)}"
            raise FramingError(message)
    if len(codings.coders) > 1 and "coder" not in columns:
        message = f"these codings are of {len(codings.coders)} coders; score one with codings.where(coder=…) or add 'coder' to by="
        raise FramingError(message)


def _units(codings: Codings, columns: list[str]) -> pd.DataFrame:
    """Return the units with their position weight, sentence and group; documents without any get one row."""
    import pandas as pd

    units = codings.units
    silent = codings.documents.loc[~codings.documents["doc_id"].isin(units["doc_id"]), ["doc_id"]]
    if len(silent):
        blank = {"paragraph": 0, "sentence": -1, "words": 0, "voice": "narrator", "coder": codings.coders[0] if codings.coders else ""}
        units = pd.concat([units, silent.assign(**blank)], ignore_index=True)
    units = _with_metadata(units, codings, columns)
    return units.assign(_position=_position(units, codings), _group=_group(units, columns))


def _hits(codings: Codings, columns: list[str]) -> pd.DataFrame:
    hits = _with_metadata(codings.table, codings, columns)
    return hits.assign(_position=_position(hits, codings), _group=_group(hits, columns))


def _with_metadata(table: pd.DataFrame, codings: Codings, columns: list[str]) -> pd.DataFrame:
    wanted = [name for name in columns if name not in table.columns]
    if not wanted:
        return table
    return table.merge(codings.documents[["doc_id", *wanted]], on="doc_id", how="left")


def _group(table: pd.DataFrame, columns: list[str]) -> Any:
    """Number the groups; missing values (an unknown outlet, no speaker) are a group of their own."""
    keys = table[columns].astype(object).where(table[columns].notna(), None)
    return list(map(tuple, keys.itertuples(index=False, name=None)))


def _position(table: pd.DataFrame, codings: Codings) -> Any:
    """Return the position weight of each row: 1 in headline and lead, 1/log2(1+p) in body paragraph p."""
    paragraph = table["paragraph"].to_numpy(np.int64)
    if "headline" in codings.documents:
        headed = codings.documents.loc[codings.documents["headline"], "doc_id"]
        paragraph = paragraph - table["doc_id"].isin(headed).to_numpy()
    return 1 / np.log2(1 + np.maximum(paragraph, 1))


def _score_group(
    labels: dict[str, Any], units: pd.DataFrame, hits: pd.DataFrame, frames: list[str], *, level: float, resamples: int, seed: int
) -> list[dict[str, Any]]:
    documents, n_sentences, covered = _matrices(units, hits, frames)
    total = sum(rows.sum(axis=0) for rows in documents)
    words = float(total[0])
    if len(documents) == 1:
        drawn, n = resampling.within(documents[0], resamples, seed), len(documents[0])
    else:
        drawn, n = resampling.two_level(documents, resamples, seed), len(documents)
    point, sample = _figures(total[None, :], len(frames)), _figures(drawn, len(frames))
    bounds = {name: resampling.interval(sample[name], level, n) for name in ("rate", "share", "prominence")}
    coverage = covered / n_sentences if n_sentences else np.full(len(frames), np.nan)
    bounds["coverage"] = resampling.jeffreys(covered, np.full(len(frames), n_sentences), level)
    rows = []
    for row, frame in enumerate(frames):
        mine = hits[hits["frame"] == frame]
        counted = mine[~mine["negated"]]
        scored: dict[str, Any] = {
            **labels,
            "frame": frame,
            "words": int(words),
            "sentences": n_sentences,
            "hits": len(counted),
            "negated": int(mine["negated"].sum()),
            "weighted": float(counted["weight"].sum()),
        }
        for name in _FIGURES:
            value = coverage[row] if name == "coverage" else point[name][0, row]
            low, high = (side[row] for side in bounds[name])
            if name == "rate" and words and not scored["weighted"]:
                high = resampling.nothing_found(words, level)
            missing = np.isnan(value)
            prefix = "" if name == "rate" else f"{name}_"
            scored |= {name: value, f"{prefix}low": np.nan if missing else low, f"{prefix}high": np.nan if missing else high}
        rows.append(scored)
    return rows


def _matrices(units: pd.DataFrame, hits: pd.DataFrame, frames: list[str]) -> tuple[list[Any], int, Any]:
    """Return per document a matrix (sentence × columns), the number of sentences, and those with a hit per frame.

    Columns: words, words · position, then weight per frame, then weight · position per frame.
    """
    import pandas as pd

    key = ["doc_id", "sentence"]
    spoken = units[units["sentence"] >= 0]
    index = pd.MultiIndex.from_frame(spoken[key]).unique()
    sentence = pd.Series(np.arange(len(index)), index)
    width = 2 + 2 * len(frames)
    matrix = np.zeros((len(index), width))
    rows = sentence.reindex(pd.MultiIndex.from_frame(spoken[key])).to_numpy()
    np.add.at(matrix[:, 0], rows, spoken["words"].to_numpy(float))
    np.add.at(matrix[:, 1], rows, spoken["words"].to_numpy(float) * spoken["_position"].to_numpy())
    covered = np.zeros(len(frames))
    counted = hits[~hits["negated"]]
    if len(counted):
        rows = sentence.reindex(pd.MultiIndex.from_frame(counted[key])).to_numpy(float)
        known = ~np.isnan(rows)
        counted, rows = counted[known], rows[known].astype(int)
        column = counted["frame"].map({frame: i for i, frame in enumerate(frames)}).to_numpy()
        weight = counted["weight"].to_numpy(float)
        np.add.at(matrix, (rows, 2 + column), weight)
        np.add.at(matrix, (rows, 2 + len(frames) + column), weight * counted["_position"].to_numpy())
        covered = np.asarray([len(set(rows[(column == i)])) for i in range(len(frames))], float)
    document = pd.factorize(index.get_level_values(0))[0] if len(index) else np.zeros(0, int)
    parts = [matrix[document == d] for d in range(document.max() + 1)] if len(index) else [matrix]
    return parts, len(index), covered


def _figures(totals: Any, n_frames: int) -> dict[str, Any]:
    """Compute rate, share and prominence from totals (resamples, columns)."""
    words, placed = totals[:, :1], totals[:, 1:2]
    weight, forward = totals[:, 2 : 2 + n_frames], totals[:, 2 + n_frames :]
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "rate": np.where(words > 0, 1000 * weight / words, np.nan),
            "share": weight / weight.sum(axis=1, keepdims=True),
            "prominence": (forward / weight) / (placed / words),
        }
