"""One article, or a group of them, against a named reference."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from framing.compare import inference
from framing.compare.copies import sketches_of, warn_of_copies_in
from framing.compare.fixed_effects import permutation_within, place_within, within
from framing.compare.reference import Chosen, Focal, Reference, choose, documents_of
from framing.compare.shrinkage import Prior, gamma_poisson
from framing.errors import FramingError, FramingWarning, choices, closest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from framing.scores.resampling import Floats, Ints

    Mask = NDArray[np.bool_]

#: Figures that can be compared → the columns of their bounds.
FIGURES = {name: (f"{name}_low", f"{name}_high") for name in ("coverage", "share", "prominence")} | {
    "rate": ("low", "high")
}
#: Below so many reference documents a percentile means little.
FEW = 20
#: With fewer documents that share the focal document's stratum a warning says so.
_FEW_PEERS = 5
_SPLITS = ("voice", "speaker", "side", "coder", "paragraph")


def compare(
    scores: pd.DataFrame,
    focal: Focal,
    *,
    reference: Reference = None,
    figure: str = "rate",
    length: float | None = None,
    fixed_effects: str | None = None,
    documents: Any = None,
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
) -> pd.DataFrame:
    """Compare an article, or a group of articles, with others.

    Parameters
    ----------
    scores : DataFrame
        From ``fr.frame_scores(codings, by="doc_id")``, of the focal and the reference documents together. Scores
        by ``["doc_id", "voice"]`` are compared voice by voice.
    focal : str, Document, list of str or mapping
        The article or its id; or ids, or conditions on the metadata (``{"outlet": "al-madar"}``), of a group.
    reference : mapping, str, list of str, Corpus or None
        Conditions on the metadata: ``{"event": "visit-2018", "date": ("2018", None)}``, where a value may be one,
        a list of alternatives, or a pair (from, to). A column's name instead means the same value as the focal
        document: ``"event"``. A corpus means its documents, None all other documents. Focal documents are never
        part of it.
    figure : {"rate", "coverage", "share", "prominence"}
    length : float, optional
        Keep only documents of the same length up to this factor: 1.5 means two thirds to one and a half times.
    fixed_effects : str, optional
        A column, usually ``"event"``: compare within its values, by OLS with a level for each.
    documents : Corpus or DataFrame, optional
        Metadata, where `scores` lost what `fr.frame_scores` had attached (after a merge, or from a file).
    level : float
        Of all intervals.
    resamples : int
        Bootstrap resamples and permutations.
    random_state : int

    Returns
    -------
    Table
        One row per frame (and voice …): `focal`, `frame`, `figure`, `reference` (in words), `n` (documents in
        it), and

        ================  ==================================================================================
        value             the focal score (mean of a group) with `low`, `high`
        shrunk            rates only: the gamma–Poisson estimate by which documents are ranked
        reference_mean    also `reference_sd`, `reference_median`: of the scores of the reference documents
        percentile        reference documents below the focal one, of 100, ties by half; with interval
        difference        value − reference_mean, with interval
        effect            the difference in standard deviations of the reference; Hedges' g for a group
        p, p_adjusted     permutation p (two-sided), and after Benjamini–Hochberg over the rows of the table
        ================  ==================================================================================

    Raises
    ------
    FramingError
        When the focal document was not scored, the reference is empty or a column does not exist.

    Notes
    -----
    *Shrinkage.* A short text has a high rate more easily by chance. Before ranking, and for p, rates are replaced
    by (hits + a) / (words + b), the gamma prior (a, b) being estimated by maximum likelihood from the reference
    (for p from all documents, so that all are treated alike).
    *Intervals.* The focal score is drawn from its own interval, the reference documents are resampled.
    *p* asks how often a document drawn at random differs as much; with n reference documents it cannot be
    smaller than 2/(n + 1). With fixed effects it is taken over the deviations within strata.
    *Warnings.* Fewer than 20 reference documents; a reference without any variation; no focal score; a reference or
    focal group that copies and near-copies inflate: n documents worth less than 0.9 n (n² / Σ mᵢ² over clusters of
    mᵢ copies). Copies are told by the sketches that `fr.code` leaves, or by the texts where `documents` is a corpus.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document, code, frame_scores
    >>> texts = {f"d{n}": "تعاون " * n + "خبر " * (60 - n) for n in range(25)}
    >>> corpus = Corpus(Document(id=id, text=text) for id, text in texts.items())
    >>> scores = frame_scores(code(corpus, Codebook.from_dict({"alliance": ["تعاون"]})))
    >>> compare(scores, "d24")[["n", "percentile", "p"]].values.tolist()
    [[24.0, 100.0, 0.08]]
    """
    import pandas as pd

    from framing.scores.frame_scores import check_options
    from framing.scores.given import given_table
    from framing.table import Shared, Table

    check_options(level, resamples)
    given_table(scores, "scores", (), 'fr.frame_scores(codings, by="doc_id")')
    strata = _check(scores, figure)
    table = documents_of(scores, documents)
    chosen = choose(table, focal, reference, length)
    warn_of_copies_in(chosen, sketches_of(scores, documents, table["doc_id"].tolist()), stacklevel=2)
    task = _Task(table, chosen, _Options(figure, level, resamples, random_state), fixed_effects)
    rows, reference_scores = [], {}
    for key, part in scores.groupby([*strata, "frame"], dropna=False, sort=False):
        row, others = task.row(part)
        labels = dict(zip([*strata, "frame"], key if isinstance(key, tuple) else (key,), strict=True))
        rows.append({"focal": chosen.focal_label, **labels, **row})
        reference_scores["|".join(map(str, labels.values()))] = others
    result = Table(pd.DataFrame(rows))
    result["p_adjusted"] = adjusted(result["p"].to_numpy(float))
    _warn(result, figure)
    facts = {
        "focal": chosen.focal_label,
        "figure": figure,
        "reference": task.label,
        "level": level,
        "resamples": resamples,
    }
    result.attrs["provenance"] = {**scores.attrs.get("provenance", {}), **facts, "random_state": random_state}
    result.attrs["reference_scores"] = Shared(reference_scores)
    return result


def adjusted(p: Floats) -> Floats:
    """Return p values after Benjamini and Hochberg (1995); missing ones stay missing and do not count.

    >>> adjusted(np.array([0.01, 0.04, np.nan, 0.03])).round(3).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    from statsmodels.stats.multitest import multipletests

    known = ~np.isnan(p)
    result = np.full(len(p), np.nan)
    if known.any():
        result[known] = multipletests(p[known], method="fdr_bh")[1]
    return result


def _check(scores: pd.DataFrame, figure: str) -> list[str]:
    """Return the columns, beside the document, by which the scores are split."""
    if figure not in FIGURES:
        message = f"figure {figure!r} is not known{closest(figure, FIGURES)}; choose one of {choices(FIGURES)}"
        raise FramingError(message)
    missing = [name for name in ("doc_id", "frame", figure) if name not in getattr(scores, "columns", ())]
    if missing:
        cure = 'fr.frame_scores(codings, by="doc_id")'
        message = f"fr.compare needs scores per document, but {choices(missing)} is missing; use {cure}"
        raise FramingError(message)
    strata = [name for name in scores.columns[: list(scores.columns).index("frame")] if name in _SPLITS]
    twice = scores.duplicated(["doc_id", "frame", *strata])
    if twice.any():
        row = scores[twice].iloc[0]
        message = f"document {row['doc_id']!r} has several rows for the frame {row['frame']!r}; keep one of them"
        raise FramingError(message)
    return strata


class _Options(NamedTuple):
    figure: str
    level: float
    resamples: int
    seed: int


class _Sides(NamedTuple):
    """The documents of one comparison: their scores, on the scale of ranks, and on that of exchanges.

    `ranked` is shrunk by what the reference shows, `neutral` by what all documents show. `own` is the focal score
    as it might have been, `placed` the same on the scale of `ranked`; (k, 1) are the documents of a group.
    """

    value: Floats
    ranked: Floats
    neutral: Floats
    mine: Mask
    others: Mask
    own: inference.Moments
    placed: Floats
    known: dict[str, float]


class _Task:
    """What every row of the comparison shares."""

    def __init__(self, documents: pd.DataFrame, chosen: Chosen, options: _Options, fixed: str | None) -> None:
        import pandas as pd

        self.index = pd.Index(documents["doc_id"])
        self.chosen, self.options = chosen, options
        self.stratum: Ints | None = None
        self.label = chosen.reference_label
        if fixed is not None:
            if fixed not in documents.columns:
                near = closest(str(fixed), map(str, documents.columns))
                message = f"fixed_effects: the documents have no column {fixed!r}{near}"
                raise FramingError(message)
            self.stratum = pd.factorize(documents[fixed])[0].astype(np.int64)
            self.label += f", within {fixed}"
            mine, others = self.stratum[chosen.focal], self.stratum[chosen.reference]
            if not np.isin(mine[mine >= 0], others).any():
                message = (
                    f"no other document has the focal document's {fixed}, so a comparison within {fixed} says nothing; "
                    f"leave fixed_effects= out or widen reference="
                )
                raise FramingError(message)
            peers = int(np.isin(others, mine[mine >= 0]).sum())
            if peers < _FEW_PEERS:
                message = (
                    f"of the reference {peers} document{'s share' if peers > 1 else ' shares'} the focal document's "
                    f"{fixed}, so the difference within {fixed} hangs on {'them' if peers > 1 else 'it'}, and its "
                    f"interval on other values of {fixed}; {_FEW_PEERS} or more are needed"
                )
                warnings.warn(message, FramingWarning, stacklevel=3)

    def row(self, part: pd.DataFrame) -> tuple[dict[str, Any], list[float]]:
        """Return the comparison of one frame, and the reference scores."""
        figure = self.options.figure
        at = self.index.get_indexer(part["doc_id"])
        value = part[figure].to_numpy(float)
        known = ~np.isnan(value)
        if self.stratum is not None:
            known &= self.stratum[at] >= 0
        mine, others = self.chosen.focal[at] & known, self.chosen.reference[at] & known
        row: dict[str, Any] = {"figure": figure, "reference": self.label, "n": int(others.sum())}
        found = dict.fromkeys(_COLUMNS, np.nan)
        if mine.any() and others.any():
            mean, spread = value[others].mean(), value[others].std(ddof=1) if others.sum() > 1 else np.nan
            found |= {"value": float(value[mine].mean()), "reference_mean": float(mean), "reference_sd": float(spread)}
            found["reference_median"] = float(np.median(value[others]))
            rng = np.random.default_rng([self.options.seed, int(others.sum()), int(mine.sum())])
            sides = self._sides(part, value, mine, others, rng)
            found |= sides.known
            found |= self._between(sides, rng) if self.stratum is None else self._within(sides, self.stratum[at])
        return row | found, value[others].tolist()

    def _sides(self, part: pd.DataFrame, value: Floats, mine: Mask, others: Mask, rng: np.random.Generator) -> _Sides:
        figure, level, resamples, _ = self.options
        prior = neutral = None
        words = part["words"].to_numpy(float) if "words" in part else np.zeros(len(part))
        both = mine | others
        if figure == "rate" and (words[both] > 0).all() and others.sum() > 1:
            prior, neutral = (gamma_poisson(value[some], words[some]) for some in (others, both))
        ranked = _ranked(value, words, prior)
        known = {"shrunk": float(ranked[mine].mean())} if prior else {}
        if mine.sum() == 1:
            bounds = [
                float(part[name].to_numpy(float)[mine][0]) if name in part else np.nan for name in FIGURES[figure]
            ]
            draws = inference.split_normal(
                float(value[mine][0]), *bounds, level=level, draws=rng.standard_normal(resamples)
            )
            own = inference.Moments(draws, np.full(resamples, np.nan), 1)
            placed = _ranked(draws, np.full(resamples, words[mine][0]), prior)
        else:
            own = inference.resampled_moments(value[mine], resamples, rng).widened(value[mine].mean(), level)
            bounds = list(inference.interval(own.mean, float(value[mine].mean()), level))
            placed = ranked[mine][:, None]
        known |= dict(zip(("low", "high"), bounds, strict=True))
        return _Sides(value, ranked, _ranked(value, words, neutral), mine, others, own, placed, known)

    def _between(self, sides: _Sides, rng: np.random.Generator) -> dict[str, float]:
        _, level, resamples, seed = self.options
        value, ranked, mine, others = sides.value, sides.ranked, sides.mine, sides.others
        focal, reference = inference.moments(value[mine]), inference.moments(value[others])
        found = {"difference": float(focal.mean[0] - reference.mean[0])}
        if reference.n < 2:
            return found
        found["effect"] = float(inference.effect(focal, reference)[0])
        found["percentile"] = inference.percentile(ranked[mine], ranked[others])
        permutations = max(resamples, 999)
        found["p"] = inference.permutation_p(sides.neutral[mine], sides.neutral[others], permutations, seed)
        if reference.n > 2 and resamples > 1:
            drawn, places = inference.resampled_reference(value[others], ranked[others], sides.placed, resamples, rng)
            samples = {
                "difference": sides.own.mean - drawn.widened(reference.mean[0], level).mean,
                "effect": inference.effect(sides.own, drawn),
                "percentile": places,
            }
            for name, sample in samples.items():
                found[f"{name}_low"], found[f"{name}_high"] = inference.interval(sample, found[name], level)
            inference.widen_percentile(found, reference.n, level)
        return found

    def _within(self, sides: _Sides, stratum: Ints) -> dict[str, float]:
        _, level, resamples, seed = self.options
        both = sides.mine | sides.others
        stratum = np.unique(stratum[both], return_inverse=True)[1]
        focal = sides.mine[both].astype(float)
        draws = sides.placed if sides.placed.ndim == 1 and resamples > 1 else None
        found = within(sides.value[both], focal, stratum, level)._asdict()
        found |= place_within(sides.ranked[both], focal, stratum, draws, level)
        found["p"] = permutation_within(sides.neutral[both], focal, stratum, max(resamples, 999), seed)
        return found


_COLUMNS = (
    "value", "low", "high", "shrunk", "reference_mean", "reference_sd", "reference_median",
    "percentile", "percentile_low", "percentile_high", "difference", "difference_low", "difference_high",
    "effect", "effect_low", "effect_high", "p",
)  # fmt: skip


def _ranked(value: Floats, words: Floats, prior: Prior | None) -> Floats:
    """Return the scores by which documents are ranked: shrunken rates, other figures as they are."""
    if prior is None or not prior.words:
        return value
    return prior.shrink(value, words)


def _warn(result: pd.DataFrame, figure: str) -> None:
    few = result.loc[(result["n"] < FEW) & result["value"].notna(), "n"]
    reference = result["reference"].iloc[0] if len(result) else ""
    if len(few):
        size = str(few.min()) if few.min() == few.max() else f"{few.min()} to {few.max()}"
        message = f"a percentile among {size} documents ({reference}) is not meaningful; {FEW} or more are needed"
        warnings.warn(message, FramingWarning, stacklevel=3)
    flat = result.loc[(result["reference_sd"] == 0) & (result["n"] > 1), "frame"].unique().tolist()
    if flat:
        message = f"all reference documents have the same {figure} for {choices(flat)}: no effect can be standardised"
        warnings.warn(message, FramingWarning, stacklevel=3)
    missing = result.loc[result["value"].isna() & (result["n"] > 0), "frame"].unique().tolist()
    if missing:
        message = f"the focal document has no {figure} for {choices(missing)} (no evidence), so these rows are missing"
        warnings.warn(message, FramingWarning, stacklevel=3)
    none = result.loc[result["n"] == 0, "frame"].unique().tolist()
    if none:
        message = f"no reference document has a {figure} for {choices(none)}, so these rows are missing"
        warnings.warn(message, FramingWarning, stacklevel=3)
