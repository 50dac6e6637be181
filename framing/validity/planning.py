"""Planning: how many units must be coded for an interval to be as narrow as one needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.coding import BY_PEOPLE, Codings, given_codings
from framing.errors import FramingError, choices, closest
from framing.table import Table
from framing.validity.codes import code_matrix, frames_of, one_coder
from framing.validity.correction import TARGETS, clustered
from framing.validity.pairing import Paired, column_of, pair
from framing.validity.units import check_unit

Floats = NDArray[np.float64]
CODED = (50, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000)


def labels_needed(
    machine: Codings,
    human: Codings | None = None,
    *,
    by: str | Sequence[str] | None = None,
    frames: str | Sequence[str] | None = None,
    coded: Sequence[int] = CODED,
    precision: float | None = None,
    recall: float | None = None,
    oversample: float | None = None,
    unit: str = "sentence",
    target: str = "population",
    level: float = 0.95,
) -> Table:
    """Say how wide the interval of a corrected share will be, by the number of units coded by people.

    Parameters
    ----------
    machine : Codings
        Of the whole corpus.
    human : Codings, optional
        Of a pilot sample, from which the machine's error rates are taken.
    by, frames, target, level
        As in `fr.corrected`.
    coded : list of int
        Numbers of coded units to look at; those above the size of the corpus are left out.
    precision, recall : float, optional
        Expected of the machine, where there is no pilot.
    oversample : float, optional
        Share of the coded units that have a find of the frame; by default as large as in the corpus (a
        simple random sample).
    unit : {"sentence", "paragraph", "document"}
        Where there is no pilot.

    Returns
    -------
    DataFrame
        One row per group, frame and number: the columns of `by`, `frame`, `coded` (in the whole corpus),
        `coded_here` (of them in this group), `width` of the interval of the corrected share,
        `width_people` of the one that the same number of codes gives without the machine.

    Notes
    -----
    width = 2 z √V. V is the variance of stratified sampling, Σ_h (N_h/N)² (1 − n_h/N_h) e_h (1 − e_h)/n_h, over
    units with (h = 1) and without (h = 0) a find, e_h being the share of wrong codes among them, Jeffreys' ½
    added to a pilot's counts. For the population the variance between documents is added, as the
    machine's codes show it; no number of codes takes that away. People alone: (1 − n/N) p (1 − p)/n.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document, code
    >>> corpus = Corpus([Document(id=str(i), text="تعاون جديد. وصل الوفد. لقاء.") for i in range(400)])
    >>> machine = code(corpus, Codebook.from_dict({"alliance": ["تعاون"]}))
    >>> plan = labels_needed(machine, precision=0.8, recall=0.7, coded=[100, 400], target="corpus")
    >>> plan[["coded", "width", "width_people"]].round(3).values.tolist()
    [[100.0, 0.144, 0.182], [400.0, 0.062, 0.078]]
    """
    machine = given_codings(machine, "machine")
    human = None if human is None else given_codings(human, "human", BY_PEOPLE)
    if target not in TARGETS:
        message = f"target {target!r} is not known{closest(target, TARGETS)}; choose one of {choices(TARGETS)}"
        raise FramingError(message)
    import pandas as pd
    from scipy import stats

    columns = [by] if isinstance(by, str) else list(by or ())
    paired = _paired(machine, human, by=columns, frames=frames, precision=precision, recall=recall, unit=unit)
    numbers = sorted({int(n) for n in coded if 2 <= n <= len(paired.units)})
    if not numbers:
        message = f"coded={list(coded)}: no number between 2 and {len(paired.units):,}, the units of the corpus"
        raise FramingError(message)
    number, labels = paired.groups(columns)
    document = pd.factorize(paired.units["doc_id"])[0].astype(np.int64)
    z = float(stats.norm.ppf((1 + level) / 2))
    rows: list[tuple[Any, ...]] = []
    for column, frame in enumerate(paired.frames):
        found = paired.machine[:, column]
        between = (
            clustered(found, number, document, len(labels), 0).variance
            if target == "population"
            else np.zeros(len(labels))
        )
        for group, label in enumerate(labels):
            here = number == group
            rates = _error_rates(paired, column, here, precision, recall)
            if rates is None:
                continue
            for n in numbers:
                inside = n * float(here.mean())
                variances = _variances(found[here], rates, inside, oversample)
                width, alone = (2 * z * float(np.sqrt(v + np.nan_to_num(between[group]))) for v in variances)
                rows.append((*label, frame, n, round(inside), width, alone))
    result = Table(rows, columns=[*columns, "frame", "coded", "coded_here", "width", "width_people"])
    result.attrs["provenance"] = {
        **paired.provenance,
        "by": columns,
        "target": target,
        "level": level,
        "precision": precision,
        "recall": recall,
        "oversample": oversample,
    }
    return result


def _paired(
    machine: Codings,
    human: Codings | None,
    *,
    by: list[str],
    frames: str | Sequence[str] | None,
    precision: float | None,
    recall: float | None,
    unit: str,
) -> Paired:
    if human is not None:
        return pair(machine, human, by=by, frames=frames)
    if precision is None or recall is None:
        message = "give a pilot sample (human=), or the precision and recall to expect"
        raise FramingError(message)
    for name, value in (("precision", precision), ("recall", recall)):
        if not 0 < value <= 1:
            message = f"{name} must lie above 0 and at most at 1, not {value!r}"
            raise FramingError(message)
    wanted = frames_of(one_coder(machine, "machine"), frames)
    matrix = code_matrix(machine, unit=check_unit(unit))
    units = matrix[["doc_id", "sentence"]].copy()
    for name in by:
        units[name] = column_of(machine, units, name, unit)
    found = matrix[wanted].to_numpy(float)
    nothing = np.full(found.shape, np.nan)
    return Paired(
        units, tuple(wanted), found, nothing, nothing, np.full(found.shape, -1), unit, dict(machine.provenance)
    )


def _error_rates(
    paired: Paired, column: int, here: NDArray[np.bool_], precision: float | None, recall: float | None
) -> tuple[float, float] | None:
    """Return the share of wrong codes among units with and without a find."""
    found = paired.machine[here, column]
    if precision is not None and recall is not None:
        share = found.mean()
        missed = share * precision * (1 / recall - 1) / (1 - share) if share < 1 else 0.0
        return 1 - precision, float(min(missed, 1.0))
    human, weight = paired.human[here, column], 1 / paired.inclusion[here, column]
    rates = []
    for code in (1, 0):
        coded = (found == code) & ~np.isnan(human) & ~np.isnan(weight)
        if not coded.any():
            rates.append(0.5)  # nothing is known
            continue
        wrong = (human[coded] != code).astype(float)
        mean = weight[coded].mean()
        rates.append(float(((wrong * weight[coded]).sum() + 0.5 * mean) / (weight[coded].sum() + mean)))
    return (rates[0], rates[1]) if (~np.isnan(human)).any() else None


def _variances(found: Floats, rates: tuple[float, float], n: float, oversample: float | None) -> tuple[float, float]:
    """Return the variance of a group's share from `n` coded units, with the machine and by people alone."""
    size, finds = len(found), float(found.sum())
    with_find = n * finds / size if oversample is None else min(oversample * n, finds)
    variance = 0.0
    for units, drawn, rate in (
        (finds, with_find, rates[0]),
        (size - finds, min(n - with_find, size - finds), rates[1]),
    ):
        if units:
            variance += (units / size) ** 2 * max(1 - drawn / units, 0) * rate * (1 - rate) / max(drawn, 1e-9)
    present = finds / size * (1 - rates[0]) + (1 - finds / size) * rates[1]
    return variance, max(1 - n / size, 0) * present * (1 - present) / n
