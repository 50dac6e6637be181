"""Frames over time: a score per period, and a smoothed line through the documents."""

from __future__ import annotations

import dataclasses
import functools
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress
from framing.coding import given_codings
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.scores import resampling
from framing.scores.frame_scores import FIGURES, check_options, frame_scores

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings
    from framing.scores.resampling import Floats

#: Name of a period → pandas' code for it.
PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
_SMOOTHED = ("rate", "coverage", "share")


def timeline(
    codings: Codings,
    by: str | Sequence[str] = (),
    *,
    every: str = "month",
    figure: str = "rate",
    span: float = 2 / 3,
    level: float = 0.95,
    resamples: int = 500,
    random_state: int = 0,
) -> pd.DataFrame:
    """Follow frames over time.

    Parameters
    ----------
    codings : Codings
        Of documents with a `date` (ISO 8601). Those without one are left out, with a warning.
    by : str or list of str
        Draws one line per group, as in `frame_scores`.
    every : {"day", "week", "month", "quarter", "year"}
        Period of one row.
    figure : {"rate", "coverage", "share"}
    span : float
        Share of the documents that each point of the smoothed line looks at (Cleveland's f).
    level : float
        Of all intervals.
    resamples : int
        Bootstrap resamples, of documents; 0 leaves the intervals out.
    random_state : int

    Returns
    -------
    Table
        One row per group, period with documents, and frame: the columns of `by`, then `period` (``2018-11``),
        `date` (mean date of its documents), `frame`, `documents`, `words`, the figure with `low` and `high`
        (as in `frame_scores`), and `smooth` with `smooth_low` and `smooth_high`.

    Notes
    -----
    The line is lowess (Cleveland 1979) without robustness steps, which would take rare hits for outliers.
    Numerator and denominator of the figure are smoothed one by one, so that long documents weigh more, as
    they do in the figure. Its interval is that of the percentile bootstrap over documents. It is missing
    where fewer than three dates are near.

    Reference: Cleveland, W. S. (1979). Robust locally weighted regression and smoothing scatterplots.
    Journal of the American Statistical Association, 74, 829–836.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document, code
    >>> days = ["2018-01-10", "2018-02-10", "2018-03-10", "2018-04-10"]
    >>> corpus = Corpus(Document(id=day, text="تعاون " * n + "خبر", date=day) for n, day in enumerate(days))
    >>> line = timeline(code(corpus, Codebook.from_dict({"alliance": ["تعاون"]})), resamples=0, span=1)
    >>> line[["period", "rate", "smooth"]].round().values.tolist()[-1]
    ['2018-04', 750.0, 751.0]
    """
    _check(every, figure, span)
    check_options(level, resamples)
    columns = [by] if isinstance(by, str) else list(by)
    dated = _dated(given_codings(codings), every)
    low, high = FIGURES[figure]
    options: dict[str, Any] = {"level": level, "random_state": random_state}
    points = frame_scores(dated, [*columns, "period"], resamples=resamples, **options)
    documents = frame_scores(dated, [*columns, "period", "doc_id", "day"], resamples=0, **options)
    documents = documents[documents["words"] > 0]
    documents = documents.assign(
        total=documents.groupby([*columns, "doc_id"], dropna=False)["weighted"].transform("sum")
    )
    keys = [*columns, "period", "frame"]
    of_period = documents.groupby(keys, dropna=False, sort=False)["day"].agg(["mean", "size"]).reset_index()
    table = points[[*keys, "words", figure, low, high]].merge(of_period, on=keys, how="inner")
    smooth = np.full((len(table), 3), np.nan)
    groups = [*columns, "frame"]
    rows_of, parts = (_by_group(part, groups) for part in (table, documents))
    at, observed = table["mean"].to_numpy(float), _observed(documents, figure)
    line = functools.partial(_line, span=span, ceiling=np.inf if figure == "rate" else 1.0)
    for key, rows in progress.bar(rows_of.items(), what="smoothing", unit="lines"):
        smooth[rows] = _smoothed(observed[parts[key]], at[rows], line, level, resamples, seed=random_state)
    if len(table) and np.isnan(smooth[:, 0]).all():
        message = "too few different dates for a smoothed line; it needs at least three documents at three dates"
        warnings.warn(message, FramingWarning, stacklevel=2)
    return _table(table, smooth, columns, figure, {**points.attrs["provenance"], "every": every, "span": span})


def _check(every: str, figure: str, span: float) -> None:
    if every not in PERIODS:
        message = f"period {every!r} is not known{closest(every, PERIODS)}; choose one of {choices(PERIODS)}"
        raise FramingError(message)
    if figure not in _SMOOTHED:
        message = (
            f"a timeline of {figure!r} cannot be drawn{closest(figure, _SMOOTHED)}; choose one of {choices(_SMOOTHED)}"
        )
        raise FramingError(message)
    if not 0 < span <= 1:
        message = f"span must lie above 0 and not above 1, not {span!r}; 0.3 follows the data closely, 0.8 is smooth"
        raise FramingError(message)


def _dated(codings: Codings, every: str) -> Codings:
    """Return the codings of the documents that have a date, with the columns `period` and `day`."""
    import pandas as pd

    documents = codings.documents
    if "date" not in documents.columns:
        message = "a timeline needs the column 'date' in the documents' metadata (ISO 8601, like 2018-11-02)"
        raise FramingError(message)
    given = documents["date"].astype("string")
    dates = pd.to_datetime(given, errors="coerce", format="ISO8601", utc=True).dt.tz_localize(None)
    if not dates.notna().any():
        message = "no document has a date that can be read; write dates as 2018-11-02, 2018-11 or 2018"
        raise FramingError(message)
    lost = documents.loc[dates.isna(), "doc_id"].tolist()
    if lost:
        unread = choices(given[dates.isna() & given.notna()].tolist()[:3])
        which = f" (not a date: {unread})" if unread else ""
        message = f"{len(lost)} documents without a date are left out of the timeline: {choices(lost[:3])}{which}"
        warnings.warn(message, FramingWarning, stacklevel=3)
    kept = documents.assign(
        period=dates.dt.to_period(PERIODS[every]).astype(str),
        day=(dates - pd.Timestamp(0)).dt.total_seconds() / 86_400,
    )
    return dataclasses.replace(codings, documents=kept).where(doc_id=documents.loc[dates.notna(), "doc_id"].tolist())


def _by_group(table: pd.DataFrame, columns: list[str]) -> dict[Any, Any]:
    """Return the row numbers of each group; missing values are a group like any other."""
    keys = table[columns].astype(object).where(table[columns].notna(), None).itertuples(index=False, name=None)
    rows: dict[Any, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    return rows


def _observed(documents: pd.DataFrame, figure: str) -> Floats:
    """Return day, numerator and denominator of the figure, per document: (documents, 3)."""
    if figure == "coverage":
        n = documents["sentences"]
        above, below = documents["coverage"] * n, n
    else:
        above, below = documents["weighted"], documents["total" if figure == "share" else "words"]
    return np.column_stack([documents["day"], above * (1000.0 if figure == "rate" else 1.0), below]).astype(float)


def _smoothed(
    observed: Floats, at: Floats, line: Callable[..., Floats], level: float, resamples: int, *, seed: int
) -> Floats:
    """Return the smoothed figure at the days `at`, and its bounds: (days, 3)."""
    result = np.full((len(at), 3), np.nan)
    if len(np.unique(observed[:, 0])) < 3:
        return result
    result[:, 0] = line(observed, at)
    if resamples:
        rng = np.random.default_rng([seed, len(observed)])
        sample = np.full((len(at), resamples), np.nan)
        for column in range(resamples):
            drawn = observed[rng.integers(len(observed), size=len(observed))]
            if len(np.unique(drawn[:, 0])) > 2:
                sample[:, column] = line(drawn, at)
        low, high = resampling.percentiles(sample, level, np.asarray(len(observed)))
        result[:, 1], result[:, 2] = np.fmin(low, result[:, 0]), np.fmax(high, result[:, 0])
        result[np.isnan(result[:, 0])] = np.nan
    return result


def _line(observed: Floats, at: Floats, *, span: float, ceiling: float) -> Floats:
    from statsmodels.nonparametric.smoothers_lowess import lowess

    day, *sides = observed.T
    with np.errstate(invalid="ignore", divide="ignore"):
        above, below = (lowess(side, day, frac=span, it=0, xvals=at) for side in sides)
        line: Floats = np.maximum(above, 0.0) / np.where(below > 0, below, np.nan)
    return np.minimum(line, ceiling)


def _table(table: pd.DataFrame, smooth: Floats, by: list[str], figure: str, provenance: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    from framing.table import Table

    low, high = FIGURES[figure]
    date = pd.to_datetime(np.round(table["mean"]), unit="D")
    table = table.rename(columns={"size": "documents"}).assign(date=date)
    table = table.assign(**{name: smooth[:, i] for i, name in enumerate(("smooth", "smooth_low", "smooth_high"))})
    order = [
        *by,
        "period",
        "date",
        "frame",
        "documents",
        "words",
        figure,
        low,
        high,
        "smooth",
        "smooth_low",
        "smooth_high",
    ]
    result = Table(table[order].sort_values([*by, "date"], kind="stable", ignore_index=True))
    result.attrs["provenance"] = provenance
    return result
