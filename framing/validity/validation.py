"""Validity: the machine's codes against people's, with every error where it stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.coding import BY_PEOPLE, Codings, given_codings
from framing.corpus import Corpus, given_corpus
from framing.errors import FramingError
from framing.table import Table
from framing.validity.mistakes import mistakes
from framing.validity.pairing import Paired, pair

Floats = NDArray[np.float64]
FIGURES = ("precision", "recall", "f1", "mcc")
#: Machine and human code of each cell of the confusion table.
_CELLS = {"tp": (1, 1), "fp": (1, 0), "fn": (0, 1), "tn": (0, 0)}


@dataclasses.dataclass(frozen=True, eq=False)
class Validation:
    """How the machine's codes compare with people's.

    Attributes
    ----------
    scores : DataFrame
        The columns of `by`, then `frame`; `units` that people coded; the counts `tp, fp, fn, tn`; and
        `precision, recall, f1, mcc`, each with `…_low` and `…_high`.
    confusion : DataFrame
        The same as a confusion table, one row per group, frame and machine code: `machine` (1, 0),
        `human_1`, `human_0` (counts), `weighted_1`, `weighted_0` (units of the corpus they stand for).
    errors : DataFrame
        One row per unit and frame that machine and people see differently; see `fr.validate`.
    provenance : mapping
    """

    scores: Table
    confusion: Table
    errors: Table
    provenance: Mapping[str, Any]

    def __repr__(self) -> str:
        rows: Any = self.scores.head(6).itertuples()
        parts = [f"{r.frame}: precision {r.precision:.2f}, recall {r.recall:.2f}, F1 {r.f1:.2f}" for r in rows]
        return f"Validation({'; '.join(parts)}; {len(self.errors):,} errors)"

    def _repr_html_(self) -> str:
        counts: dict[Any, int] = {pair: len(part) for pair, part in self.errors.groupby(["frame", "kind"])}
        listed = ", ".join(f"{frame.replace('_', ' ')}: {n} {kind}s" for (frame, kind), n in counts.items())
        return f"{self.scores._repr_html_()}<p>Errors, in full in <code>.errors</code>: {listed or 'none'}.</p>"


def validate(
    machine: Codings,
    *,
    against: Codings,
    by: str | Sequence[str] | None = None,
    corpus: Corpus | None = None,
    frames: str | Sequence[str] | None = None,
    level: float = 0.95,
    resamples: int = 10_000,
    random_state: int = 0,
) -> Validation:
    r"""Compare the machine's codes with people's: precision, recall, F1, MCC, and every error in context.

    Parameters
    ----------
    machine : Codings
        Of the corpus, by a codebook (`fr.code`).
    against : Codings
        Of one human coder, or adjudicated (`fr.adjudicate`).
    by : str or list of str, optional
        Metadata columns, or ``voice``, ``side``, ``speaker`` (what most words of a unit are).
    corpus : Corpus, optional
        With it errors are shown with their text, and false negatives with candidate terms.
    frames : str or list of str, optional
    level : float
    resamples, random_state : int
        Draws for the intervals.

    Returns
    -------
    Validation
        `.scores`, `.confusion`, `.errors`. Errors have `kind` (false positive, false negative), `frame`,
        `doc_id, paragraph, sentence, start, end`, the columns of `by`; `text, before, after`; `evidence` and
        `entry` (what the machine found, or all but counted: the words and the codebook's entry); `because`
        (for a false negative: which condition cancelled the hit, that it was negated, or that no entry
        matches); `candidates` (for a false negative: up to five words of the unit that people's finds have
        more often than other units, likeliest first).

    Notes
    -----
    A unit counts with the number of units it stands for, the inverse of the share of its stratum that was
    coded; so figures are those of the corpus, whatever was oversampled. `tp, fp, fn, tn` are the counts
    on the sheet. precision = TP/(TP + FP), recall = TP/(TP + FN), F1 = 2TP/(2TP + FP + FN), MCC =
    (TP·TN − FP·FN)/√((TP+FP)(TP+FN)(TN+FP)(TN+FN)) (Matthews 1975), of weighted cells.

    Intervals: each cell is drawn from a gamma distribution with the mean and variance of its weighted
    count, half a unit added (Jeffreys' prior; Goutte & Gaussier 2005, with the weights handled as in Fay &
    Feuer 1997). They do not collapse to a point when a cell is empty.

    References: Goutte, C., & Gaussier, E. (2005). A probabilistic interpretation of precision, recall and
    F-score. ECIR, 345–359. Fay, M. P., & Feuer, E. J. (1997). Confidence intervals for directly
    standardized rates. Statistics in Medicine, 16, 791–801. Matthews, B. W. (1975). Biochimica et Biophysica
    Acta, 405, 442–451.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from framing import Codebook, Corpus, Document, code, read_coding_sheet
    >>> corpus = Corpus([Document(id="a", text="تعاون جديد. لقاء أخوي. تعاون.")])
    >>> file = pathlib.Path(tempfile.mkdtemp(), "amal.csv")
    >>> _ = file.write_text("doc_id,sentence,alliance\na,0,1\na,1,1\na,2,0\n", "utf-8")
    >>> machine = code(corpus, Codebook.from_dict({"alliance": ["تعاون"]}))
    >>> result = validate(machine, against=read_coding_sheet(file, corpus), corpus=corpus)
    >>> result.scores[["tp", "fp", "fn", "tn", "precision", "recall"]].values.tolist()
    [[1.0, 1.0, 1.0, 0.0, 0.5, 0.5]]
    >>> result.errors[["kind", "text", "entry", "because"]].values.tolist()
    [['false negative', 'لقاء أخوي.', '', 'no entry matches'], ['false positive', 'تعاون.', 'تعاون', '']]
    """
    machine, against = given_codings(machine, "machine"), given_codings(against, "against", BY_PEOPLE)
    corpus = None if corpus is None else given_corpus(corpus)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level!r}; 0.95 is usual"
        raise FramingError(message)
    columns = [by] if isinstance(by, str) else list(by or ())
    paired = pair(machine, against, by=columns, frames=frames)
    number, labels = paired.groups(columns)
    rng = np.random.default_rng(random_state)
    rows, confusion = [], []
    for group, label in enumerate(labels):
        for column, frame in enumerate(paired.frames):
            here = (number == group) & ~np.isnan(paired.human[:, column]) & ~np.isnan(paired.inclusion[:, column])
            if not here.any():
                continue
            cells = _cells(paired, here, column)
            figures = _with_intervals(cells, rng, level, resamples)
            counts = {name: len(weights) for name, weights in cells.items()}
            rows.append(
                {
                    **dict(zip(columns, label, strict=True)),
                    "frame": frame,
                    "units": int(here.sum()),
                    **counts,
                    **figures,
                }
            )
            for code, (present, absent) in ((1, ("tp", "fp")), (0, ("fn", "tn"))):
                confusion.append(
                    (*label, frame, code, counts[present], counts[absent], cells[present].sum(), cells[absent].sum())
                )
    bounds = [name for figure in FIGURES for name in (figure, f"{figure}_low", f"{figure}_high")]
    scores = Table(rows, columns=[*columns, "frame", "units", *_CELLS, *bounds])
    facts = {**paired.provenance, "by": columns, "level": level, "resamples": resamples, "random_state": random_state}
    tables = Table(confusion, columns=[*columns, "frame", "machine", "human_1", "human_0", "weighted_1", "weighted_0"])
    errors = mistakes(paired, machine, corpus, columns)
    for table in (scores, tables, errors):
        table.attrs["provenance"] = facts
    return Validation(scores, tables, errors, facts)


def _cells(paired: Paired, here: NDArray[np.bool_], column: int) -> dict[str, Floats]:
    """Return, per cell of the confusion table, what each of its units stands for."""
    machine, human = paired.machine[here, column], paired.human[here, column]
    weight = 1 / paired.inclusion[here, column]
    return {name: weight[(machine == m) & (human == h)] for name, (m, h) in _CELLS.items()}


def figures(tp: Any, fp: Any, fn: Any, tn: Any) -> dict[str, Any]:
    """Return precision, recall, F1 and MCC of (weighted) cells; NaN where they are undefined.

    >>> {name: round(float(value), 3) for name, value in figures(6, 2, 2, 10).items()}
    {'precision': 0.75, 'recall': 0.75, 'f1': 0.75, 'mcc': 0.583}
    """
    tp, fp, fn, tn = (np.asarray(cell, float) for cell in (tp, fp, fn, tn))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "precision": tp / (tp + fp),
            "recall": tp / (tp + fn),
            "f1": 2 * tp / (2 * tp + fp + fn),
            "mcc": (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
        }


def _with_intervals(
    cells: Mapping[str, Floats], rng: np.random.Generator, level: float, resamples: int
) -> dict[str, float]:
    value = figures(**{name: weights.sum() for name, weights in cells.items()})
    drawn = figures(**{name: _draw(cells, name, rng, resamples) for name in cells})
    tails = ((1 - level) / 2, (1 + level) / 2)
    out: dict[str, float] = {}
    for name in FIGURES:
        point = float(value[name])
        low, high = np.quantile(drawn[name], tails) if np.isfinite(point) else (np.nan, np.nan)
        out |= {name: point, f"{name}_low": float(np.fmin(low, point)), f"{name}_high": float(np.fmax(high, point))}
    return out


def _draw(cells: Mapping[str, Floats], name: str, rng: np.random.Generator, resamples: int) -> Floats:
    """Draw the weighted count of a cell: gamma with its mean and variance, half a unit added."""
    weights = cells[name]
    if not len(weights):  # what one unit would weigh here: as the others with the same machine code do
        beside = {"tp": "fp", "fp": "tp", "fn": "tn", "tn": "fn"}[name]
        near = cells[beside] if len(cells[beside]) else np.concatenate(list(cells.values()))
        return rng.gamma(0.5, near.mean(), resamples)
    total, squares = weights.sum(), (weights**2).sum()
    return rng.gamma(total**2 / squares + 0.5, squares / total, resamples)
