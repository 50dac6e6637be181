"""Correction: group means and differences that the lexicon's errors no longer bias.

The estimator is that of design-based supervised learning (Egami et al. 2023) and of prediction-powered
inference (Angelopoulos et al. 2023) for a mean: every unit gets the machine's code, and every coded unit
adds what the machine got wrong there, weighted by the inverse of its probability to be coded.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from framing.coding import BY_PEOPLE, Codings, given_codings
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.table import Table
from framing.validity.pairing import Paired, pair

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Errors added to every count of errors when its bounds are computed: none found is not none at all.
NO_ERROR = 0.5
#: Below this number of errors of the machine an interval is called rough, and made to allow for more of them.
FEW = 5
TARGETS = ("population", "corpus")
_FIGURES = ("naive", "naive_low", "naive_high", "corrected", "low", "high")


def corrected(
    machine: Codings,
    human: Codings,
    *,
    by: str | Sequence[str] | None = None,
    reference: Any = None,
    frames: str | Sequence[str] | None = None,
    target: str = "population",
    level: float = 0.95,
) -> Table:
    r"""Estimate in which share of units a frame occurs, per group, corrected for the machine's errors.

    Parameters
    ----------
    machine : Codings
        Of the whole corpus, by a codebook.
    human : Codings
        Of a sample of its units, by one coder or adjudicated; with the design of the sample (sheets that
        `fr.coding_sheet` wrote carry it).
    by : str or list of str, optional
        Metadata columns, or ``voice``, ``side``, ``speaker``; by default the corpus as a whole.
    reference : label of a group, optional
        With it, each group's difference from this one is estimated too. With several columns, a tuple.
    frames : str or list of str, optional
    target : {"population", "corpus"}
        What the interval is about. The process that these documents are a sample of (documents vary; they,
        not sentences, are what is drawn); or these very documents, were all of them coded by people.
    level : float

    Returns
    -------
    DataFrame
        One row per group and frame, and with `reference` per difference: `quantity` (mean, difference);
        the columns of `by` (for a difference "group − reference"), `frame`; `units` in the corpus,
        `coded` by people, `errors` of the machine among them; `naive` with `naive_low, naive_high`: the
        machine's codes as they are; `corrected` with `low, high`.

    Warns
    -----
    FramingWarning
        For groups with fewer than two coded units, whose corrected values are missing; and where an interval
        rests on fewer than five errors.

    Notes
    -----
    With machine code f, human code y, R = 1 where coded and π the probability to be coded, unit i has the
    pseudo-outcome f_i + R_i (y_i − f_i)/π_i. Its mean over a group is unbiased whatever the machine's
    errors, since π is known by design; the machine only makes it precise. π is m/N, with m of the N units
    of a stratum coded, so that what coders skipped does not bias it as long as they skipped by chance within
    strata.

    Corpus: what the machine missed and what it wrongly found are counts; each gets bounds from a gamma
    distribution with its mean and its variance under stratified sampling without replacement, half an error
    added (none found is not none at all; Fay & Feuer 1997), and the two are joined as by Zou & Donner (2008).
    So an interval may be longer on one side. Population: variance of the pseudo-outcomes between documents
    (each contributes the sum of its residuals), t quantiles with as many degrees of freedom as documents
    less one; where fewer than five errors were met, at least as far as the variance between documents of
    the machine's codes together with the bounds for the corpus. `benchmarks/correction.py` shows that these
    intervals hold the truth as often as they say.

    References: Egami, N., Hinck, M., Stewart, B. M., & Wei, H. (2023). Using imperfect surrogates for
    downstream inference: Design-based supervised learning for social science applications of large
    language models. NeurIPS 36. Angelopoulos, A. N., Bates, S., Fannjiang, C., Jordan, M. I., & Zrnic, T.
    (2023). Prediction-powered inference. Science, 382, 669–674. Särndal, C.-E., Swensson, B., & Wretman, J.
    (1992). Model assisted survey sampling, chapter 6. Springer. Zou, G. Y., & Donner, A. (2008). Construction
    of confidence limits about effect measures. Statistics in Medicine, 27, 1693–1702. Fay, M. P., & Feuer,
    E. J. (1997). Statistics in Medicine, 16, 791–801.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from framing import Codebook, Corpus, Document, code, read_coding_sheet
    >>> corpus = Corpus([Document(id=str(i), text="تعاون جديد. لقاء أخوي. وصل الوفد. تعاون.") for i in range(6)])
    >>> file = pathlib.Path(tempfile.mkdtemp(), "amal.csv")
    >>> lines = [f"{i},{s},{c}" for i in range(6) for s, c in enumerate((1, 1, 0, 1))]
    >>> _ = file.write_text("doc_id,sentence,alliance\n" + "\n".join(lines), "utf-8")
    >>> machine = code(corpus, Codebook.from_dict({"alliance": ["تعاون"]}))
    >>> corrected(machine, read_coding_sheet(file, corpus))[["naive", "corrected", "errors"]].values.tolist()
    [[0.5, 0.75, 6.0]]
    """
    machine, human = given_codings(machine, "machine"), given_codings(human, "human", BY_PEOPLE)
    if target not in TARGETS:
        message = f"target {target!r} is not known{closest(target, TARGETS)}; choose one of {choices(TARGETS)}"
        raise FramingError(message)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level!r}; 0.95 is usual"
        raise FramingError(message)
    columns = [by] if isinstance(by, str) else list(by or ())
    paired = pair(machine, human, by=columns, frames=frames)
    number, labels = paired.groups(columns)
    base = _reference(reference, labels, columns)
    rows: list[dict[str, Any]] = []
    thin: list[str] = []
    for column, frame in enumerate(paired.frames):
        estimates = estimate(paired, column, number, len(labels), target=target, base=base or 0)
        for group, label in enumerate(labels):
            named = dict(zip(columns, label, strict=True))
            rows.append({"quantity": "mean", **named, "frame": frame, **estimates.row(group, None, level)})
            if estimates.errors[group] < FEW and 2 <= estimates.coded[group] < estimates.units[group]:
                thin.append(" ".join(map(str, (*label, frame))))
        for group, label in enumerate(labels) if base is not None else ():
            if group != base:
                shown = {c: f"{a} − {b}" if a != b else a for c, a, b in zip(columns, label, labels[base], strict=True)}  # type: ignore[index]
                rows.append({"quantity": "difference", **shown, "frame": frame, **estimates.row(group, base, level)})
    result = Table(rows, columns=["quantity", *columns, "frame", "units", "coded", "errors", *_FIGURES])
    _warn(result, thin, columns)
    result.attrs["provenance"] = {**paired.provenance, "by": columns, "target": target, "level": level}
    return result


def _reference(reference: Any, labels: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> int | None:
    if reference is None:
        return None
    wanted = reference if isinstance(reference, tuple) else (reference,)
    if not columns or wanted not in labels:
        known = [label if len(label) > 1 else label[0] for label in labels if label]
        hint = f"; groups: {choices(known[:12])}" if known else "; give by= the column that makes the groups"
        message = f"reference {reference!r} is none of the groups{closest(str(reference), map(str, known))}{hint}"
        raise FramingError(message)
    return labels.index(wanted)


def _warn(result: Table, thin: Sequence[str], columns: Sequence[str]) -> None:
    means = result[result["quantity"] == "mean"]
    empty = means[means["coded"] < 2]
    if len(empty):
        shown = [
            " ".join(map(str, row)) for row in empty[[*columns, "frame"]].head(4).itertuples(index=False, name=None)
        ]
        message = (
            f"{len(empty)} groups have fewer than two coded units and no corrected value "
            f"({choices(shown)}); code more there (strata={list(columns)})"
        )
        warnings.warn(message, FramingWarning, stacklevel=3)
    if thin:
        more = " …" if len(thin) > 4 else ""
        message = (
            f"fewer than five errors of the machine were met in {choices(thin[:4])}{more}: their intervals "
            "are rough; code more units to be sure"
        )
        warnings.warn(message, FramingWarning, stacklevel=3)


#: A value, and how far its interval reaches below and above it.
Reach = tuple[float, float, float]


class Means(Protocol):
    """Estimated means of all groups, with the reach of the interval of one, or of its difference from `base`."""

    def reach(self, group: int, base: int | None, level: float) -> Reach: ...


@dataclasses.dataclass(frozen=True)
class ClusteredMeans:
    """Means over documents that were drawn: `variance`, covariance `with_base`, degrees of freedom `df`."""

    value: Floats
    variance: Floats
    with_base: Floats
    df: Floats

    def reach(self, group: int, base: int | None, level: float) -> Reach:
        """Return a mean or difference with the reach of its t interval."""
        from scipy import stats

        value, variance, df = (float(part[group]) for part in (self.value, self.variance, self.df))
        if base is not None:
            value, df = value - float(self.value[base]), df + float(self.df[base])
            variance += float(self.variance[base]) - 2 * float(self.with_base[group])
        if not np.isfinite(variance):
            return value, np.nan, np.nan
        half = float(stats.t.ppf((1 + level) / 2, max(df, 1))) * float(np.sqrt(max(variance, 0)))
        return value, half, half


@dataclasses.dataclass(frozen=True)
class FiniteMeans:
    """Means over this very corpus: the machine's, plus what it missed, less what it wrongly found.

    `missed` and `wrong` (3, groups) are the estimated shares, their variances, and the share for which a single
    coded unit without (with) a find stands; 0 where all are coded.
    """

    machine: Floats
    missed: Floats
    wrong: Floats

    def reach(self, group: int, base: int | None, level: float) -> Reach:
        """Return a mean or difference with the reach of its interval."""
        value, below, above = self._one(group, level)
        if base is None:
            return value, below, above
        other, other_below, other_above = self._one(base, level)
        return value - other, float(np.hypot(below, other_above)), float(np.hypot(above, other_below))

    def _one(self, group: int, level: float) -> Reach:
        missed, wrong = (_gamma_bounds(*part[:, group].tolist(), level=level) for part in (self.missed, self.wrong))
        m, w = self.missed[0, group], self.wrong[0, group]
        below, above = np.hypot(m - missed[0], wrong[1] - w), np.hypot(missed[1] - m, w - wrong[0])
        return float(self.machine[group] + m - w), float(below), float(above)


@dataclasses.dataclass(frozen=True)
class PopulationMeans:
    """Means over documents that were drawn, of which a sample of units was coded.

    The interval is that of `corrected`, the means of pseudo-outcomes. Where fewer than `FEW` errors were met,
    these do not show that there may be more; then the interval reaches at least as far as that of the
    `machine`'s means together with what the errors of `corpus` leave open.
    """

    corrected: ClusteredMeans
    machine: ClusteredMeans
    corpus: FiniteMeans
    errors: Ints

    def reach(self, group: int, base: int | None, level: float) -> Reach:
        """Return a mean or difference with the reach of its interval."""
        value, half, _ = self.corrected.reach(group, base, level)
        if self.errors[[group] if base is None else [group, base]].min() >= FEW:
            return value, half, half
        _, documents, _ = self.machine.reach(group, base, level)
        _, below, above = self.corpus.reach(group, base, level)
        return value, max(half, float(np.hypot(documents, below))), max(half, float(np.hypot(documents, above)))


def _gamma_bounds(total: float, variance: float, one: float, *, level: float) -> tuple[float, float]:
    """Return bounds of a weighted count with this variance; `one` is what a single unit counts for."""
    from scipy import stats

    if one <= 0 or (total > 0 and variance <= 0):
        return total, total
    scale = variance / total if total > 0 else one
    low, high = stats.gamma.ppf(((1 - level) / 2, (1 + level) / 2), total / scale + NO_ERROR, scale=scale)
    return float(min(low, total)) if total > 0 else 0.0, float(max(high, total))


@dataclasses.dataclass(frozen=True)
class Estimates:
    """Naive and corrected means of all groups for one frame, with counts."""

    naive: Means
    corrected: Means
    units: Ints
    coded: Ints
    errors: Ints

    def row(self, group: int, base: int | None, level: float) -> dict[str, Any]:
        """Return the figures of a group, or of its difference from `base`."""
        which = [group] if base is None else [group, base]
        figures: list[float] = []
        for means in (self.naive, self.corrected):
            value, below, above = means.reach(group, base, level)
            floor = 0.0 if base is None else -1.0  # a share lies between 0 and 1, a difference between −1 and 1
            figures += [value, max(value - below, min(floor, value)), min(value + above, max(1.0, value))]
        if self.coded[which].min() < 2:
            figures[3:] = [np.nan] * 3
        counts = {name: int(getattr(self, name)[which].sum()) for name in ("units", "coded", "errors")}
        return {**counts, **dict(zip(_FIGURES, figures, strict=True))}


def estimate(paired: Paired, column: int, number: Ints, n_groups: int, *, target: str, base: int = 0) -> Estimates:
    """Estimate the share of units with one frame, per group."""
    import pandas as pd

    machine, inclusion = paired.machine[:, column], paired.inclusion[:, column]
    coded = ~np.isnan(paired.human[:, column]) & ~np.isnan(inclusion)
    residual = np.where(coded, paired.human[:, column] - machine, 0.0)
    errors = np.bincount(number[coded & (residual != 0)], minlength=n_groups)
    units, n_coded = (np.bincount(rows, minlength=n_groups) for rows in (number, number[coded]))
    corpus = finite(
        machine, residual, inclusion=inclusion, stratum=paired.stratum[:, column], number=number, units=units
    )
    naive: Means
    value: Means
    if target == "population":
        pseudo = machine + residual / np.where(coded, inclusion, 1.0)
        document = pd.factorize(paired.units["doc_id"])[0].astype(np.int64)
        found, after = (clustered(values, number, document, n_groups, base) for values in (machine, pseudo))
        naive, value = found, PopulationMeans(after, found, corpus, errors)
    else:
        nothing = np.zeros((3, n_groups))
        naive, value = FiniteMeans(corpus.machine, nothing, nothing), corpus
    return Estimates(naive, value, units, n_coded, errors)


def clustered(values: Floats, number: Ints, document: Ints, n_groups: int, base: int) -> ClusteredMeans:
    """Return group means with their variance when documents are drawn.

    A mean is a ratio of document totals; its variance is G/(G − 1) · Σ_d r_d² / N², with r_d the sum of a
    document's residuals in the group and G the documents in it. In a group that is one document,
    its units are drawn instead.
    """
    from scipy import sparse

    units = np.bincount(number, minlength=n_groups)
    mean = np.bincount(number, values, minlength=n_groups) / units
    pairs = np.unique(np.stack([number, document]), axis=1)
    n_documents = np.bincount(pairs[0], minlength=n_groups)
    drawn = np.where(n_documents[number] == 1, document.max(initial=0) + 1 + np.arange(len(number)), document)
    n_drawn = np.where(n_documents == 1, units, n_documents)
    factor = np.sqrt(n_drawn / np.maximum(n_drawn - 1, 1)) / units
    cells = ((values - mean[number]) * factor[number], (drawn, number))
    shares = sparse.coo_array(cells, shape=(int(drawn.max()) + 1, n_groups)).tocsc()
    shares.sum_duplicates()
    variance = np.where(n_drawn > 1, shares.multiply(shares).sum(axis=0), np.nan)
    with_base = np.asarray(shares.T @ shares[:, [base]].toarray()).ravel()
    return ClusteredMeans(mean, variance, with_base, n_drawn - 1.0)


def finite(
    machine: Floats, residual: Floats, *, inclusion: Floats, stratum: Ints, number: Ints, units: Ints
) -> FiniteMeans:
    """Return group means under stratified sampling without replacement.

    In a stratum of N units, n of them coded, a group's errors of one kind have the total N · x/n and the
    variance N² (1 − n/N)/(n − 1) · x/n (1 − x/n), with x the errors of that kind in the group.
    """
    n_groups = len(units)
    share = np.bincount(number, machine, minlength=n_groups) / units
    parts = np.zeros((2, 3, n_groups))
    of_kind = np.zeros((2, n_groups))
    order = np.argsort(stratum, kind="stable")
    order = order[stratum[order] >= 0]
    heads = np.flatnonzero(np.diff(stratum[order], prepend=-1))
    for rows in np.split(order, heads[1:]) if len(order) else ():
        n, coded = len(rows), float(inclusion[rows[0]])
        for kind, (code, error) in enumerate(((0.0, 1.0), (1.0, -1.0))):
            rate = np.bincount(number[rows], residual[rows] == error, minlength=n_groups) / n
            spread = np.where(rate < 1, rate * (1 - rate) / max(n - 1, 1), 1 / n**2)
            there = np.bincount(number[rows], machine[rows] == code, minlength=n_groups)
            parts[kind, 0] += rate * n / coded
            parts[kind, 1] += (n / coded) ** 2 * (1 - coded) * spread
            parts[kind, 2] += there * (1 - coded) / coded
            of_kind[kind] += there
    parts[:, 2] /= np.maximum(of_kind, 1)
    parts /= np.stack([units, units**2, units])[None]
    return FiniteMeans(share, parts[0], parts[1])
