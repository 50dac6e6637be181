"""Agreement: how far coders see the same, per frame and pair, with intervals and a verdict in words."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from framing.coding import BY_PEOPLE, Codings, given_codings
from framing.corpus import Corpus, given_corpus
from framing.errors import FramingError, choices, closest
from framing.table import Table
from framing.validity.codes import code_matrix, frames_of
from framing.validity.reliability import MEASURES, Patterns, with_interval
from framing.validity.units import corpus_units, unit_of, with_context

if TYPE_CHECKING:
    import pandas as pd

#: From Krippendorff (2019, chapter 12): what a coefficient that corrects for chance allows to conclude.
GOOD, TENTATIVE = 0.8, 0.667
_COLUMNS = ("frame", "coders", "measure", "units", "single", "positive", "value", "low", "high", "verdict")


def agreement(
    codings: Codings | pd.DataFrame,
    measure: str | Iterable[str] = "alpha",
    *,
    metric: str = "nominal",
    frames: str | Sequence[str] | None = None,
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
) -> Table:
    """Measure how far coders agree.

    Parameters
    ----------
    codings : Codings or DataFrame
        Of two or more coders, as `fr.read_coding_sheet` reads them. Or any table with a row per unit and a
        column per coder; missing values are missing codes.
    measure : {"alpha", "kappa", "percent", "pabak"} or list of them
        Krippendorff's alpha; Cohen's kappa (of several coders the mean over pairs); the share of equal
        codes; prevalence- and bias-adjusted kappa.
    metric : {"nominal", "ordinal", "interval", "ratio"}
        How alpha weighs a disagreement. Frame codes are nominal.
    frames : str or list of str, optional
    level : float
    resamples, random_state : int
        Of the bootstrap over units (bias-corrected and accelerated, Efron 1987).

    Returns
    -------
    DataFrame
        One row per frame (not for a table), coders ("all" of three or more, then each pair) and measure:
        `units` with at least two codes, `single` units that only one coder coded (they do not count),
        `positive` (share of 1 among the codes), `value, low, high`, and a `verdict` in words.

    Raises
    ------
    FramingError
        When there is only one coder, or no unit was coded by two.

    Notes
    -----
    α ≥ .80 is good; .667 ≤ α < .80 allows tentative conclusions; below, the codes cannot be relied on
    (Krippendorff 2019). When all coders gave one and the same code throughout, alpha and kappa are
    undefined: nothing shows that they could tell the frame from its absence. Percent agreement and PABAK do
    not correct for chance and have no threshold. Where rare frames were oversampled, the figures are those
    of the sheet, on which frames are commoner than in the corpus.

    Examples
    --------
    >>> import pandas as pd
    >>> codes = pd.DataFrame({"amal": [1, 1, 0, 0, 0, 0, 1, 0], "badr": [1, 1, 0, 0, 0, 0, 0, None]})
    >>> agreement(codes).round(3)[["units", "single", "value", "verdict"]].values.tolist()
    [[7, 1, 0.711, "tentative, but the interval reaches down to 'not reliable'"]]
    """
    measures = [measure] if isinstance(measure, str) else list(measure)
    for name in measures:
        if name not in MEASURES:
            message = f"measure {name!r} is not known{closest(name, MEASURES)}; choose from {choices(MEASURES)}"
            raise FramingError(message)
    if not 0 < level < 1:
        message = f"level must lie between 0 and 1, not {level!r}; 0.95 is usual"
        raise FramingError(message)
    tables = _ratings(codings, frames)
    rows = []
    for frame, ratings in tables.items():
        patterns = Patterns.of(ratings)
        positive = float(np.nanmean(ratings.to_numpy(float))) if isinstance(codings, Codings) else np.nan
        for label, part in _groups(patterns, list(map(str, ratings.columns))):
            pairable = part.pairable()
            single = int(part.weight[(part.codes >= 0).sum(axis=1) == 1].sum())
            for name in measures:
                value, low, high = with_interval(
                    pairable, name, metric, level=level, resamples=resamples, seed=random_state
                )
                units = int(pairable.weight.sum())
                rows.append(
                    (
                        frame,
                        label,
                        name,
                        units,
                        single,
                        positive,
                        value,
                        low,
                        high,
                        verdict(name, value, low, units=units),
                    )
                )
    result = Table(rows, columns=list(_COLUMNS))
    if not result["units"].any():
        message = (
            "no unit was coded by two coders, so agreement cannot be measured; give coders units in common (overlap=)"
        )
        raise FramingError(message)
    result.attrs["provenance"] = {
        **(dict(codings.provenance) if isinstance(codings, Codings) else {}),
        "metric": metric,
        "level": level,
        "resamples": resamples,
        "random_state": random_state,
    }
    return result if isinstance(codings, Codings) else result.drop(columns=["frame", "positive"])


def verdict(measure: str, value: float, low: float, *, units: int = 1) -> str:
    """Say in words what a coefficient allows.

    >>> verdict("alpha", 0.91, 0.84), verdict("percent", 0.99, 0.98)
    ('good', 'no threshold: agreement by chance is not taken out')
    """
    if not units:
        return "no unit was coded by both"
    if np.isnan(value):
        return "undefined: all codes are the same"
    if measure not in ("alpha", "kappa"):
        return "no threshold: agreement by chance is not taken out"
    words = [_word(value), _word(low)]
    return words[0] if words[0] == words[1] else f"{words[0]}, but the interval reaches down to {words[1]!r}"


def _word(value: float) -> str:
    return "good" if value >= GOOD else "tentative" if value >= TENTATIVE else "not reliable"


def _ratings(codings: Codings | pd.DataFrame, frames: str | Sequence[str] | None) -> dict[str, pd.DataFrame]:
    """Return, per frame, a table with a row per unit and a column per coder."""
    if not isinstance(codings, Codings):
        if not hasattr(codings, "iloc"):
            given_codings(codings, source=f"{BY_PEOPLE}, or a table with a column per coder,")
        if codings.shape[1] < 2:
            message = f"the table has {codings.shape[1]} column; agreement needs a column per coder, at least two"
            raise FramingError(message)
        return {"": codings}
    wanted = frames_of(codings, frames)
    coders = list(codings.coders)
    if len(coders) < 2:
        who = f"only {coders[0]!r}" if coders else "nobody"
        message = (
            f"agreement needs two coders, here is {who}; join codings with Codings.concat([…]) or read all "
            "sheets at once"
        )
        raise FramingError(message)
    matrix = code_matrix(codings, unit=unit_of(codings)).set_index(["doc_id", "sentence", "coder"])
    return {frame: matrix[frame].unstack("coder").reindex(columns=coders) for frame in wanted}  # noqa: PD010


def _groups(patterns: Patterns, coders: list[str]) -> list[tuple[str, Patterns]]:
    pairs = [
        (f"{coders[a]}, {coders[b]}", patterns.pair(a, b)) for a, b in itertools.combinations(range(len(coders)), 2)
    ]
    return [("all", patterns), *pairs] if len(coders) > 2 else pairs


def disagreements(
    codings: Codings, *, corpus: Corpus | None = None, frames: str | Sequence[str] | None = None
) -> Table:
    r"""List the units on which coders differ, to be talked over and decided.

    Parameters
    ----------
    codings : Codings
        Of two or more coders.
    corpus : Corpus, optional
        With it the `text` of each unit is shown between its neighbours `before` and `after`.
    frames : str or list of str, optional

    Returns
    -------
    DataFrame
        One row per unit and frame in dispute: `doc_id, sentence, frame`, a column per coder with 1, 0 or
        missing, an empty `decision`, and `text, before, after`. Saved, filled in and given to
        `fr.adjudicate`, it settles them.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from framing import Corpus, Document, read_coding_sheet
    >>> corpus, folder = Corpus([Document(id="a", text="تعاون جديد. لقاء.")]), pathlib.Path(tempfile.mkdtemp())
    >>> for name, codes in (("amal", "1,0"), ("badr", "1,1")):
    ...     lines = [f"a,{i},{c}" for i, c in enumerate(codes.split(","))]
    ...     _ = (folder / f"{name}.csv").write_text("doc_id,sentence,alliance\n" + "\n".join(lines), "utf-8")
    >>> codings = read_coding_sheet(folder, corpus)
    >>> disagreements(codings, corpus=corpus)[["sentence", "frame", "amal", "badr", "text"]].values.tolist()
    [[1, 'alliance', 0, 1, 'لقاء.']]
    """
    import pandas as pd

    codings = given_codings(codings, source=BY_PEOPLE)
    corpus = None if corpus is None else given_corpus(corpus)
    rows = []
    for frame, ratings in _ratings(codings, frames).items():
        differ = _in_dispute(ratings)
        rows.append(ratings[differ].astype("Int64").assign(frame=frame).reset_index())
    coders = list(codings.coders)
    table = pd.concat(rows, ignore_index=True)[["doc_id", "sentence", "frame", *coders]]
    order = {doc_id: row for row, doc_id in enumerate(codings.documents["doc_id"])}
    table = table.sort_values(
        ["doc_id", "sentence"], key=lambda c: c.map(order) if c.name == "doc_id" else c, kind="stable"
    )
    table = table.reset_index(drop=True).assign(decision=pd.array([pd.NA] * len(table), "Int64"))
    if corpus is not None:
        shown = with_context(corpus_units(corpus, unit_of(codings)))[["doc_id", "sentence", "text", "before", "after"]]
        table = table.merge(shown, on=["doc_id", "sentence"], how="left")
    result = Table(table)
    result.attrs["provenance"] = dict(codings.provenance)
    return result


def _in_dispute(ratings: pd.DataFrame) -> pd.Series[bool]:
    return ratings.max(axis=1) > ratings.min(axis=1)
