"""Sampling: which units people should code, with the probability of each to be chosen.

A simple random sample of sentences holds hardly any with a rare frame. The sample is therefore stratified
by what the engine found (and by metadata, where asked for), rare finds are drawn more often, and every
unit's probability is known exactly: the number drawn over the number there is, per stratum. Estimates that
weight by its inverse are right whatever the oversampling.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.coding import MEASURED
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.validity.codes import code_matrix

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings

Ints = NDArray[np.int64]


def rarest_find(units: pd.DataFrame, machine: Codings, unit: str) -> pd.Series[str]:
    """Return, for each unit, the rarest of the frames that the engine found in it, or an empty string."""
    import pandas as pd

    found = code_matrix(machine, unit=unit)
    keys = pd.MultiIndex.from_frame(units[["doc_id", "sentence"]])
    values = found.set_index(["doc_id", "sentence"])[list(machine.frames)].reindex(keys)
    if values.isna().to_numpy().any():
        missing = list(dict.fromkeys(units.loc[values.isna().any(axis=1).to_numpy(), "doc_id"]))
        message = (
            f"machine= has no coding of {len(missing)} documents of the corpus ({choices(missing[:3])}); "
            "code the whole corpus"
        )
        raise FramingError(message)
    label = pd.Series("", units.index)
    for frame in values.sum().sort_values(ascending=False, kind="stable").index:  # the rarest is written last
        label[values[frame].to_numpy() == 1] = frame
    return label


def stratify(
    units: pd.DataFrame, documents: pd.DataFrame, strata: Sequence[str], find: pd.Series[str] | None
) -> pd.DataFrame:
    """Return `units` with `stratum` (a readable name), `_group` (its metadata part) and `_find`."""
    for name in strata:
        if name not in documents.columns:
            columns = [c for c in documents.columns if c not in ("doc_id", *MEASURED)]
            message = f"strata: the corpus has no column {name!r}{closest(name, columns)}; columns: {choices(columns)}"
            raise FramingError(message)
    values = units[["doc_id"]].merge(documents[["doc_id", *strata]], on="doc_id", how="left")[list(strata)]
    known = values.astype(object).where(values.notna(), "(none)").astype(str)
    groups = [" | ".join(row) for row in known.itertuples(index=False, name=None)] if strata else "all"
    out = units.assign(_group=groups, _find="" if find is None else find.to_numpy())
    if find is None:
        return out.assign(stratum=out["_group"])
    return out.assign(stratum=out["_group"] + " | " + out["_find"].replace("", "nothing found"))


def allocate(sizes: Ints, wanted: NDArray[np.float64], n: int) -> Ints:
    """Distribute `n` draws over strata of these `sizes` in proportion to `wanted`.

    At least two are drawn per stratum where possible (a variance needs two), never more than there are.
    Σ result = n.

    >>> allocate(np.array([2, 50, 1000]), np.array([1.0, 1.0, 2.0]), 40).tolist()
    [2, 13, 25]
    """
    floor = np.minimum(sizes, 2)
    if floor.sum() > n:
        floor = np.minimum(sizes, 1)
    share = wanted / wanted.sum() if wanted.sum() else np.full(len(sizes), 1 / len(sizes))
    low, high = 0.0, float(n) / max(share[share > 0].min(initial=1.0), 1e-12) + sizes.max(initial=1)
    for _ in range(200):  # the scale at which the bounded shares add up to n
        middle = (low + high) / 2
        low, high = (middle, high) if np.clip(middle * share, floor, sizes).sum() < n else (low, middle)
    ideal = np.clip(high * share, floor, sizes)
    drawn = np.floor(ideal + 1e-9).astype(np.int64)
    order = np.argsort(-(ideal - drawn), kind="stable")
    for stratum in [*order, *np.argsort(-sizes, kind="stable")] * 2:
        if drawn.sum() >= n:
            break
        if drawn[stratum] < sizes[stratum]:
            drawn[stratum] += 1
    result: Ints = drawn
    return result


def draw(units: pd.DataFrame, *, n: int | None, oversample: float, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a stratified sample of `units` (as `stratify` returns them).

    `oversample` is the share of the sample that goes to units with a find, each frame getting as much as
    the others; with 0 all units have the same chance. Returns the drawn rows in corpus order with
    `stratum`, `stratum_units` and `inclusion` = drawn / stratum_units.
    """
    total = len(units)
    if n is None or n >= total:
        if n is not None and n > total:
            message = f"n={n:,} units were asked for, the corpus has {total:,}: all are on the sheet"
            warnings.warn(message, FramingWarning, stacklevel=4)
        n = total
    codes, names = _factorised(units["stratum"])
    sizes = np.bincount(codes, minlength=len(names)).astype(np.int64)
    if n < len(names):
        message = (
            f"n={n} units cannot cover {len(names)} strata, and a stratum without any coded unit would "
            "be judged by the engine alone; "
            f"take n of at least {len(names)} (better {2 * len(names)}), fewer strata, or oversample=0"
        )
        raise FramingError(message)
    drawn = allocate(sizes, _wanted(units, codes, sizes, oversample), n)
    # One random number per unit, the smallest of each stratum are drawn: one sort for all strata.
    order = np.lexsort((rng.random(total), codes))
    first = np.concatenate(([0], np.cumsum(sizes)))[:-1]
    rank = np.empty(total, np.int64)
    rank[order] = np.arange(total) - np.repeat(first, sizes)
    chosen = rank < drawn[codes]
    out = units[chosen].assign(stratum_units=sizes[codes][chosen], inclusion=(drawn / sizes)[codes][chosen])
    return out.drop(columns=["_group", "_find"]).reset_index(drop=True)


def _wanted(units: pd.DataFrame, codes: Ints, sizes: Ints, oversample: float) -> NDArray[np.float64]:
    """Return the share of the sample that each stratum should get, before bounds."""
    if not 0 <= oversample < 1:
        message = f"oversample is a share of the sample from 0 (none) to below 1, not {oversample!r}; 0.5 is usual"
        raise FramingError(message)
    strata = units.groupby(codes, sort=True)[["_group", "_find"]].first()
    is_find = (strata["_find"] != "").to_numpy()
    if oversample == 0 or not is_find.any():
        return np.asarray(sizes, float)
    group = strata["_group"].to_numpy(object)
    wanted = np.zeros(len(strata))
    for name in dict.fromkeys(group):
        here = group == name
        finds, rest = here & is_find, here & ~is_find
        share = oversample if finds.any() and rest.any() else float(finds.any())
        wanted[finds] = sizes[here].sum() * share / max(finds.sum(), 1)
        wanted[rest] = sizes[here].sum() * (1 - share)
    return wanted


def _factorised(values: pd.Series[Any]) -> tuple[Ints, list[str]]:
    import pandas as pd

    codes, names = pd.factorize(values, sort=True)
    return codes.astype(np.int64), [str(name) for name in names]
