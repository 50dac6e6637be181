"""Which frames meet: in the same sentence, the same paragraph or the same document."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.coding import given_codings
from framing.errors import FramingError, choices, closest
from framing.scores import resampling
from framing.scores.frame_scores import check_options
from framing.scores.proportions import clustered_jeffreys, jeffreys
from framing.scores.sentences import Sentences, sentences

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings
    from framing.scores.resampling import Floats, Ints

UNITS = ("sentence", "paragraph", "document")


def frame_profile(
    codings: Codings,
    by: str | Sequence[str] = (),
    *,
    unit: str = "sentence",
    level: float = 0.95,
) -> pd.DataFrame:
    """Say which combinations of frames the sentences (or paragraphs, or documents) carry.

    Parameters
    ----------
    codings : Codings
    by : str or list of str
        As in `frame_scores`; without it the codings are one group.
    unit : {"sentence", "paragraph", "document"}
    level : float
        Of the intervals.

    Returns
    -------
    Table
        The columns of `by`, then `frames` (``"alliance + cold_war"``; ``"none"``), `n_frames`, `units` (all
        of the group), `count` (those that carry exactly these frames), `share` with `share_low` and
        `share_high` (Jeffreys, for the effective number of units where a group has several documents),
        `expected` (the share if frames fell independently of each other). Every combination that occurs in
        any group has a row in each.

    Examples
    --------
    >>> from framing import Codebook, Document, code
    >>> book = Codebook.from_dict({"alliance": ["تعاون"], "threat": ["تهديد"]})
    >>> text = "تعاون رغم التهديد. تعاون جديد. لقاء."
    >>> profile = frame_profile(code(Document(id="a", text=text), book))
    >>> profile[["frames", "count", "share", "expected"]].round(2).values.tolist()
    [['none', 1, 0.33, 0.22], ['alliance', 1, 0.33, 0.44], ['alliance + threat', 1, 0.33, 0.22]]
    """
    check_options(level, 0)
    found = sentences(given_codings(codings), by)
    carried, document, _, group = _carried(found, unit)
    frames = list(codings.frames)
    combinations, which = np.unique(carried, axis=0, return_inverse=True)
    often = np.bincount(which.ravel(), minlength=len(combinations))
    order = np.lexsort((-np.arange(len(combinations)), -often, combinations.sum(axis=1)))
    n_groups = len(found.labels)
    indicator = which.ravel()[:, None] == order
    counts, size = _sum(indicator, group, n_groups), np.bincount(group, minlength=n_groups)
    low, high = clustered_jeffreys(indicator, document, group, n_groups, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = _sum(carried, group, n_groups) / size[:, None]
        share = counts / size[:, None]
    wanted = combinations[order]
    expected = np.prod(np.where(wanted[None], chance[:, None], 1 - chance[:, None]), axis=2)
    names = [" + ".join(np.asarray(frames, object)[row]) or "none" for row in wanted]
    columns = {
        "frames": np.tile(np.asarray(names, object), n_groups),
        "n_frames": np.tile(wanted.sum(axis=1), n_groups),
        "units": np.repeat(size, len(order)),
        "count": counts.ravel(),
        "share": share.ravel(),
        "share_low": low.ravel(),
        "share_high": high.ravel(),
        "expected": expected.ravel(),
    }
    return _labelled(found, columns, len(order), codings, {"by": by, "unit": unit, "level": level})


def cooccurrence(
    codings: Codings,
    by: str | Sequence[str] = (),
    *,
    unit: str = "sentence",
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Say how much more often two frames meet in a sentence (or paragraph) than chance would have it.

    Parameters
    ----------
    codings : Codings
    by : str or list of str
        As in `frame_scores`; without it the codings are one group.
    unit : {"sentence", "paragraph", "document"}
    level : float
        Of the intervals.
    resamples : int
        Bootstrap resamples: of the units of one document, or of documents and units within them.
    random_state : int

    Returns
    -------
    Table
        One row per group and pair of frames: the columns of `by`, then `frame`, `other`, `units`, `n_frame`,
        `n_other` (units with each of them), `both`, `expected` (n_frame · n_other / units), `ratio` (both /
        expected; 1 is chance) with `low` and `high`, and `phi` (correlation of the two, −1 to 1) with
        `phi_low` and `phi_high`. Missing where a frame does not occur.

    Notes
    -----
    Intervals are bootstrap percentiles. Where the two never meet, the upper bound
    of `ratio` is the Jeffreys bound for none of the units with the rarer frame.

    Examples
    --------
    >>> from framing import Codebook, Document, code
    >>> book = Codebook.from_dict({"alliance": ["تعاون"], "threat": ["تهديد"]})
    >>> text = "تعاون رغم التهديد. تعاون جديد. لقاء. خبر."
    >>> cooccurrence(code(Document(id="a", text=text), book))[["units", "both", "expected", "ratio"]].values.tolist()
    [[4.0, 1.0, 0.5, 2.0]]
    """
    check_options(level, resamples)
    found = sentences(given_codings(codings), by)
    frames = list(codings.frames)
    if len(frames) < 2:
        message = f"co-occurrence needs two frames, the codings have {choices(frames)}"
        raise FramingError(message)
    carried, document, _, group = _carried(found, unit)
    pairs = list(itertools.combinations(range(len(frames)), 2))
    a, b = np.asarray(pairs).T
    values = np.column_stack([np.ones(len(group)), carried, carried[:, a] & carried[:, b]]).astype(float)
    n_groups = len(found.labels)
    totals = _sum(values, group, n_groups)[:, :, None]
    point = {name: formula(totals, len(frames), a, b)[:, :, 0] for name, formula in _FORMULAS.items()}
    bounds = {name: np.full((2, *point["ratio"].shape), np.nan) for name in _FORMULAS}
    for part in resampling.resampled(values, document, group, resamples, random_state) if resamples else ():
        for name, formula in _FORMULAS.items():
            sample = formula(part.totals, len(frames), a, b)
            bounds[name][:, part.group] = resampling.percentiles(sample, level, np.asarray(part.n))
    n, first, second, both = (totals[:, i, 0] for i in (slice(0, 1), 1 + a, 1 + b, slice(1 + len(frames), None)))
    never = (both == 0) & (np.minimum(first, second) > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        ceiling = jeffreys(both, np.minimum(first, second), level)[1] * n / np.maximum(first, second)
    bounds["ratio"][0][never], bounds["ratio"][1][never] = 0.0, ceiling[never]
    names = np.asarray(frames, object)
    counts = {"units": np.broadcast_to(n, both.shape), "n_frame": first, "n_other": second, "both": both}
    columns: dict[str, Any] = {"frame": np.tile(names[a], n_groups), "other": np.tile(names[b], n_groups)}
    columns |= {name: value.ravel().astype(np.int64) for name, value in counts.items()}
    with np.errstate(invalid="ignore", divide="ignore"):
        columns["expected"] = (first * second / n).ravel()
    for name, (low, high) in (("ratio", ("low", "high")), ("phi", ("phi_low", "phi_high"))):
        columns[name] = point[name].ravel()
        for bound, value in ((low, bounds[name][0]), (high, bounds[name][1])):
            columns[bound] = np.where(np.isnan(point[name]), np.nan, value).ravel()
    facts = {"by": by, "unit": unit, "level": level, "resamples": resamples, "random_state": random_state}
    return _labelled(found, columns, len(pairs), codings, facts)


def _ratio(totals: Floats, n_frames: int, a: Ints, b: Ints) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = totals[:, 1 + n_frames :] * totals[:, :1] / (totals[:, 1 + a] * totals[:, 1 + b])
    return ratio


def _phi(totals: Floats, n_frames: int, a: Ints, b: Ints) -> Floats:
    n, x, y, both = totals[:, :1], totals[:, 1 + a], totals[:, 1 + b], totals[:, 1 + n_frames :]
    with np.errstate(divide="ignore", invalid="ignore"):
        phi: Floats = (n * both - x * y) / np.sqrt(x * (n - x) * y * (n - y))
    return np.where(np.isfinite(phi), phi, np.nan)


_FORMULAS = {"ratio": _ratio, "phi": _phi}


def _carried(found: Sentences, unit: str) -> tuple[Any, Ints, Ints, Ints]:
    """Return which frames each unit carries (units, frames), and its document, paragraph and group."""
    if unit not in UNITS:
        message = f"unit {unit!r} is not known{closest(unit, UNITS)}; choose one of {choices(UNITS)}"
        raise FramingError(message)
    carried = found.hits > 0
    if unit == "sentence" or not len(found):
        return carried, found.document, found.paragraph, found.group
    keys = [found.group, found.document, *([found.paragraph] if unit == "paragraph" else [])]
    new = np.any([np.diff(key, prepend=-1) != 0 for key in keys], axis=0)
    first = np.flatnonzero(new)
    return (
        np.logical_or.reduceat(carried, first, axis=0),
        found.document[first],
        found.paragraph[first],
        found.group[first],
    )


def _sum(values: Any, group: Ints, n_groups: int) -> Any:
    sums = np.zeros((n_groups, values.shape[1]), float if values.dtype == float else np.int64)
    np.add.at(sums, group, values)
    return sums


def _labelled(
    found: Sentences, columns: dict[str, Any], repeat: int, codings: Codings, facts: dict[str, Any]
) -> pd.DataFrame:
    from framing.table import Table

    labels = {str(name): values.repeat(repeat).array for name, values in found.labels.items()}
    result = Table({**labels, **columns})
    facts["by"] = [facts["by"]] if isinstance(facts["by"], str) else list(facts["by"])
    result.attrs["provenance"] = {**codings.provenance, **facts}
    return result
