"""Topics and frames: how much of a frame a topic carries, with intervals."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError, FramingWarning, choices, closest
from framing.scores.given import given_table
from framing.topics import limits
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd

    from framing.topics.model import TopicModel

#: Below this many documents per topic, the intervals are a guess.
DOCUMENTS_PER_TOPIC = 5


def topics_by_frame(
    model: TopicModel,
    scores: pd.DataFrame,
    *,
    figure: str = "rate",
    cluster: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Regress frame scores on topic shares.

    Parameters
    ----------
    model : TopicModel
    scores : DataFrame
        From ``fr.frame_scores(codings, by="doc_id")`` of the same documents.
    figure : str
        The column of `scores` to explain: ``"rate"``, ``"coverage"``, ``"prominence"`` …
    cluster : str, optional
        A metadata column within which documents depend on each other (the event that they all report, the
        outlet): intervals are then robust to that. 10 groups or more are needed.
    level : float

    Returns
    -------
    DataFrame
        One row per frame and topic: `frame`, `topic`, `terms`, `expected` (the figure in a document that is about
        this topic alone) with `low`, `high`; `difference` from the average document with `difference_low`,
        `difference_high`, `p` (t test of no difference) and `q` (Benjamini–Hochberg over all rows); `documents`,
        `share` (of the topic in them).

    Raises
    ------
    FramingError
        When `scores` are not one row per document and frame, share too few documents with the model, or the topic
        shares cannot be told apart.

    Warns
    -----
    FramingWarning
        Fewer than five documents per topic.

    Notes
    -----
    score_d = Σ_k b_k γ_dk + e_d by least squares, HC3 standard errors, t distribution (statsmodels). Shares sum to
    1, so there is no intercept: b_k is the score expected where γ_dk = 1, an extrapolation where no document comes
    near that. The difference is b_k − Σ_j b_j mean(γ_j). A topic goes along with a frame or does not; which of
    the two makes the other, no regression says. Shares are estimates: their error pulls differences toward 0.

    Examples
    --------
    >>> from framing import Codebook, Corpus, Document, code, frame_scores, topic_model
    >>> oil, visit = "ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره"
    >>> texts = [f"{(oil, visit)[i % 2]} {(oil, visit, 'تعاون')[i % 3]}" for i in range(60)]
    >>> corpus = Corpus([Document(id=str(i), text=text) for i, text in enumerate(texts)])
    >>> import warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> model = topic_model(corpus, k=2, max_df=0.9, phrases=False, stop_words=["تعاون"])
    >>> scores = frame_scores(code(corpus, Codebook.from_dict({"alliance": ["تعاون"]})))
    >>> list(topics_by_frame(model, scores)[["frame", "topic"]].itertuples(index=False, name=None))
    [('alliance', 0), ('alliance', 1)]
    """
    import pandas as pd
    from scipy.stats import false_discovery_control

    limits.given_model(model)
    given_table(scores, "scores", ("doc_id", "frame"), "fr.frame_scores(codings)")
    _check(scores, figure, level)
    gamma = model.gamma_of_documents
    row = {name: number for number, name in enumerate(model.bags.corpus.ids)}
    parts = []
    for frame, mine in scores.groupby("frame", sort=False):
        known = mine[mine["doc_id"].isin(row) & mine[figure].notna()]
        rows = known["doc_id"].map(row).to_numpy(np.int64)
        some = ~np.isnan(gamma[rows, 0])
        rows, values = rows[some], known[figure].to_numpy(np.float64)[some]
        groups = _groups(model, rows, cluster)
        parts.append(_fit(model, str(frame), gamma[rows], values, groups, level=level))
    table = pd.concat(parts, ignore_index=True)
    tested = table["p"].notna()
    if tested.any():
        table.loc[tested, "q"] = false_discovery_control(table.loc[tested, "p"])
    few = table["documents"] < DOCUMENTS_PER_TOPIC * model.k
    if few.any():
        message = (
            f"only {int(table['documents'].min())} documents for {model.k} topics: below {DOCUMENTS_PER_TOPIC} per "
            "topic the intervals are a guess. Fit fewer topics, or score more documents"
        )
        warnings.warn(message, FramingWarning, stacklevel=2)
    facts = {"figure": figure, "cluster": cluster, "level": level, "scores": scores.attrs.get("provenance", {})}
    return result(table, {**model.provenance, **facts})


def _check(scores: pd.DataFrame, figure: str, level: float) -> None:
    for name in ("doc_id", "frame", figure):
        if name not in scores.columns:
            message = (
                f"the scores have no column {name!r}{closest(name, map(str, scores.columns))}; "
                "pass what fr.frame_scores(codings, by='doc_id') returns"
            )
            raise FramingError(message)
    if scores.duplicated(["doc_id", "frame"]).any():
        message = (
            "the scores have several rows per document and frame (split by voice or coder?); "
            "score with by='doc_id' alone"
        )
        raise FramingError(message)
    limits.check_resampling(level, 1)


def _groups(model: TopicModel, rows: Any, cluster: str | None) -> Any:
    if cluster is None:
        return None
    corpus = model.bags.corpus
    if cluster not in corpus.columns:
        near = closest(cluster, corpus.columns)
        message = f"the corpus has no column {cluster!r}{near}; columns: {choices(corpus.columns)}"
        raise FramingError(message)
    labels = [corpus[int(row)][cluster] for row in rows]
    names = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    if len(names) < 10:
        message = f"cluster={cluster!r} has {len(names)} groups; robust intervals need at least 10. Leave cluster= out"
        raise FramingError(message)
    return np.asarray([names[label] for label in labels])


def _fit(model: TopicModel, frame: str, gamma: Any, values: Any, groups: Any, *, level: float) -> pd.DataFrame:
    import pandas as pd
    import statsmodels.api as sm

    n, k = len(values), model.k
    if n < k + 2:
        message = (
            f"{n} documents with a score for {frame!r} and a place in the model: too few for {k} topics; "
            f"at least {k + 2}, better {DOCUMENTS_PER_TOPIC * k}"
        )
        raise FramingError(message)
    if np.linalg.matrix_rank(gamma, tol=1e-6 * np.sqrt(n)) < k:
        message = (
            f"the shares of these {k} topics cannot be told apart in {n} documents (some occur in none); "
            "fit fewer topics"
        )
        raise FramingError(message)
    model_ols = sm.OLS(values, gamma)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a document that determines its topic alone: HC3 is infinite
        if groups is None:
            fitted = model_ols.fit(cov_type="HC3", use_t=True)
        else:
            fitted = model_ols.fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
        bounds = np.asarray(fitted.conf_int(1 - level))
        contrast = fitted.t_test(np.eye(k) - gamma.mean(axis=0))
        apart = np.asarray(contrast.conf_int(1 - level))
    table = pd.DataFrame(
        {
            "frame": frame,
            "topic": range(k),
            "terms": [" · ".join(model.words(topic)) for topic in range(k)],
            "expected": np.asarray(fitted.params),
            "low": bounds[:, 0],
            "high": bounds[:, 1],
            "difference": np.atleast_1d(contrast.effect),
            "difference_low": apart[:, 0],
            "difference_high": apart[:, 1],
            "p": np.atleast_1d(contrast.pvalue),
            "q": np.nan,
            "documents": n,
            "share": gamma.mean(axis=0),
        }
    )
    flat = not np.ptp(values)
    if flat:  # all scores equal: no difference, and nothing to test
        table[["p", "difference_low", "difference_high"]] = np.nan
    return table
