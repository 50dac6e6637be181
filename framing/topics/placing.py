"""Placing an article: its mixture of topics with an interval, beside the documents that are nearest to it."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.corpus import Document
from framing.errors import FramingError, FramingWarning
from framing.scores import resampling
from framing.topics import limits
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from framing.topics.model import TopicModel
    from framing.topics.words import Words

    Floats = NDArray[np.float64]

#: Weight of the document's own words against its topics (Wei & Croft 2006).
OWN_WORDS = 0.7
#: Below this share of its terms in the model's vocabulary, a mixture says little about an article.
ENOUGH_KNOWN = 0.3


@dataclasses.dataclass(frozen=True, eq=False)
class Placement:
    """Where an article stands in a topic model.

    Attributes
    ----------
    article : str
        Its id.
    mixture : DataFrame
        One row per topic, the article's largest first: `topic`, `terms`, `gamma` (the article's share), `low`,
        `high`, `corpus` (mean share in the other documents), `percentile` (of the article among them).
    nearest : DataFrame
        One row per document: `rank`, `doc_id`, `gain`, `gain_low`, `gain_high`, `stays`, `topics`, `shared`, and
        the documents' `title`, `outlet`, `date` where the corpus has them. See `place`.
    provenance : mapping
    """

    article: str
    mixture: pd.DataFrame
    nearest: pd.DataFrame
    provenance: Mapping[str, Any]

    def __repr__(self) -> str:
        first = self.mixture.iloc[0]
        interval = "" if np.isnan(first["low"]) else f" [{first['low']:.0%}, {first['high']:.0%}]"
        largest = f"topic {first['topic']} ({first['terms']}) {first['gamma']:.0%}{interval}"
        return f"Placement({self.article!r}: {largest}, …; nearest {self.nearest['doc_id'].iloc[0]!r})"

    def _repr_html_(self) -> str:
        import html

        tables = (table.to_html(index=False, float_format="{:.2f}".format) for table in (self.mixture, self.nearest))
        return f"<p>{html.escape(repr(self))}</p>" + "".join(tables) + "<p>Topics are not frames.</p>"


def place(
    article: Document | str,
    model: TopicModel,
    *,
    n: int = 10,
    level: float = 0.95,
    resamples: int = 1_000,
    random_state: int = 0,
) -> Placement:
    """Place an article in a topic model.

    Parameters
    ----------
    article : Document or str
        Any document, in the model's corpus or not; or the id of one that is. It is not its own neighbour.
    model : TopicModel
    n : int
        Nearest documents to list.
    level, resamples, random_state
        Of the intervals: the article's sentences (its paragraphs where the model counts paragraphs) are drawn
        with replacement, and its topics estimated anew. They cover the article's brevity, not the model's own
        uncertainty; for that see `topic_stability`.

    Returns
    -------
    Placement
        With `.mixture` and `.nearest`. Documents are ranked by

        =======  ============================================================================================
        gain     how much better a document's words and topics predict the article than the corpus as a whole
                 does, in bits per term: mean over the article's terms of log2 p(w | d) / p(w), where p(w | d) =
                 .7 · (n_dw + μ p(w)) / (N_d + μ) + .3 · Σ_k γ_dk β_kw, μ the mean N_d (Wei & Croft 2006). Above 0
                 means nearer than chance
        stays    share of the resamples in which the document is among the `n` nearest
        topics   1 − Hellinger distance of the two mixtures: similarity by topics alone, which is coarse
        shared   the terms that bring the two together most, to check with one's own eyes
        =======  ============================================================================================

    Raises
    ------
    FramingError
        When the article has no word that the model knows.

    Notes
    -----
    Reference: Wei, X. & Croft, W. B. (2006). LDA-based document models for ad-hoc retrieval. SIGIR '06, 178–185.

    Examples
    --------
    >>> from framing import Corpus, Document, topic_model
    >>> oil, visit = "ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره"
    >>> corpus = Corpus([Document(id=str(i), text=f"{(oil, visit)[i % 2]} {i}") for i in range(60)])
    >>> import warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> model = topic_model(corpus, k=2, max_df=0.9, phrases=False)
    >>> placed = place(Document(id="new", text="زار بوتين العاصمة. والتقى الرئيس نظيره."), model, n=3, resamples=200)
    >>> sorted(set(placed.nearest["doc_id"].astype(int) % 2)), bool(placed.mixture["gamma"][0] > 0.7)
    ([1], True)
    """
    import pandas as pd

    limits.given_model(model)
    limits.check_resampling(level, resamples)
    found: Any = model.bags.corpus[article] if isinstance(article, str) else article
    if not isinstance(found, Document):
        message = f"one Document is placed at a time, or the id of one in the corpus; not {type(found).__name__}"
        raise FramingError(message)
    article = found
    words = model.bags.occurrences(article)
    if not len(words):
        message = (
            f"{article.id!r} has none of the {len(model.bags.terms):,} terms of the model, so it has no place in it; "
            "is it of the same language and subject as the corpus? A lower min_df makes the vocabulary larger"
        )
        raise FramingError(message)
    _warn_of_strangeness(article, words, model)
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        message = f"n must be a whole number of documents, at least 1, not {n!r}"
        raise FramingError(message)
    ids = model.bags.corpus.ids
    others = np.asarray([row for row, name in enumerate(ids) if name != article.id], np.int64)
    gamma = model.gamma_of_documents[others]
    others, gamma = others[~np.isnan(gamma[:, 0])], gamma[~np.isnan(gamma[:, 0])]
    own = _own(article, model)
    blocks = _blocks(words, model.bags.unit, len(model.bags.terms))
    drawn = np.random.default_rng([random_state, blocks.shape[0]]).multinomial(
        blocks.shape[0], np.full(blocks.shape[0], 1 / blocks.shape[0]), size=resamples
    )
    sample = _resampled_mixtures(blocks, drawn, article, model)
    low, high = _interval(sample, own, level, blocks.shape[0])
    mixture = pd.DataFrame(
        {
            "topic": range(model.k),
            "terms": [" · ".join(model.words(topic)) for topic in range(model.k)],
            "gamma": own,
            "low": low,
            "high": high,
            "corpus": gamma.mean(axis=0),
            "percentile": 100 * ((gamma < own).mean(axis=0) + (gamma == own).mean(axis=0) / 2),
        }
    ).sort_values(["gamma", "topic"], ascending=[False, True], ignore_index=True)
    facts = {
        **model.provenance,
        "article": article.id,
        "article_sha256": article.sha256,
        "level": level,
        "resamples": resamples,
        "resampling_seed": random_state,
    }
    nearest = _nearest(model, others=others, gamma=gamma, own=own, blocks=blocks, drawn=drawn, n=n, level=level)
    return Placement(article.id, result(mixture, facts), result(nearest, facts), facts)


def article_counts(article: Document, model: TopicModel) -> tuple[Any, Floats]:
    """Return a document's counts as this model has units of them, and the weight (terms) of each."""
    words = model.bags.occurrences(article)
    row = words.text if model.bags.unit == "document" else np.unique(words.paragraph, return_inverse=True)[1]
    counts = _counts(row, words.code, len(model.bags.terms))
    return counts, np.asarray(counts.sum(axis=1), np.float64).ravel()


def _counts(row: NDArray[np.int64], code: NDArray[np.int64], n_terms: int) -> Any:
    from scipy import sparse

    counts = sparse.csr_matrix((np.ones(len(code)), (row, code)), shape=(int(row.max(initial=0)) + 1, n_terms))
    counts.sum_duplicates()
    return counts


def _blocks(words: Words, unit: str, n_terms: int) -> Any:
    """Return the counts of what is drawn: sentences, or paragraphs where the model has paragraphs."""
    block = words.sentence if unit == "document" else words.paragraph
    return _counts(np.unique(block, return_inverse=True)[1], words.code, n_terms)


def _own(article: Document, model: TopicModel) -> Floats:
    corpus = model.bags.corpus
    if article.id in corpus and corpus[article.id].text == article.text:
        known: Floats = model.gamma_of_documents[corpus.ids.index(article.id)]
        if not np.isnan(known[0]):
            return known
    return model.mixture_of(article)


def _resampled_mixtures(blocks: Any, drawn: NDArray[np.int64], article: Document, model: TopicModel) -> Floats:
    """Return the article's mixture in every resample: (topics, resamples)."""
    from scipy import sparse

    if model.bags.unit == "document":
        sample = model.mixture(sparse.csr_matrix(sparse.csr_matrix(drawn) @ blocks))
    else:
        size = np.asarray(blocks.sum(axis=1), np.float64).ravel()
        weight = drawn * size
        sample = weight @ _unit_mixtures(blocks, article, model) / weight.sum(axis=1, keepdims=True)
    return np.ascontiguousarray(sample.T)


def _unit_mixtures(blocks: Any, article: Document, model: TopicModel) -> Floats:
    units = model.bags.units
    mine = np.flatnonzero((units["doc_id"] == article.id).to_numpy() & (units["terms"] > 0).to_numpy())
    corpus = model.bags.corpus
    if len(mine) == blocks.shape[0] and corpus[article.id].text == article.text:
        known: Floats = model.gamma_[mine]
        return known
    return model.mixture(blocks)


def _interval(sample: Floats, point: Floats, level: float, n: int) -> tuple[Floats, Floats]:
    """Return percentile bounds that hold the point; missing when there is a single block to draw."""
    if n < 2:
        return np.full(len(point), np.nan), np.full(len(point), np.nan)
    low, high = resampling.percentiles(sample, level, np.asarray(n))
    return np.fmin(low, point), np.fmax(high, point)


def _nearest(
    model: TopicModel, *, others: Any, gamma: Floats, own: Floats, blocks: Any, drawn: Any, n: int, level: float
) -> pd.DataFrame:
    import pandas as pd

    gains, columns = _gains(model, others, gamma, blocks)  # (documents, distinct terms of the article)
    times = np.asarray(blocks[:, columns].todense(), np.float64)
    total = times.sum(axis=0)
    gain = gains @ total / total.sum()
    resampled = drawn @ times  # (resamples, terms)
    with np.errstate(invalid="ignore"):
        sample = gains @ (resampled / resampled.sum(axis=1, keepdims=True)).T
    order = np.lexsort((np.arange(len(gain)), -gain))[:n]
    bar = -np.sort(-sample, axis=0)[min(n, len(gain)) - 1]
    low, high = _interval(sample[order], gain[order], level, blocks.shape[0])
    corpus = model.bags.corpus
    table = pd.DataFrame(
        {
            "rank": np.arange(1, len(order) + 1),
            "doc_id": [corpus.ids[others[row]] for row in order],
            "gain": gain[order],
            "gain_low": low,
            "gain_high": high,
            "stays": (sample[order] >= bar).mean(axis=1),
            "topics": 1 - np.sqrt(np.clip(1 - np.sqrt(gamma[order]) @ np.sqrt(own), 0, None)),
            "shared": [_shared(model, int(others[row]), gains[row] * total, columns) for row in order],
        }
    )
    for name in ("title", "outlet", "date"):
        if name in corpus.columns:
            table[name] = [corpus[str(row)][name] for row in table["doc_id"]]
    return table


def _document_counts(model: TopicModel) -> Any:
    """Return counts per document (documents, terms), whatever the units."""
    from scipy import sparse

    row = {name: number for number, name in enumerate(model.bags.corpus.ids)}
    of = model.bags.units["doc_id"].map(row).to_numpy(np.int64)
    ones = np.ones(len(of))
    return sparse.csr_matrix((ones, (of, np.arange(len(of)))), (len(row), len(of))) @ model.bags.matrix


def _gains(model: TopicModel, others: Any, gamma: Floats, blocks: Any) -> tuple[Floats, NDArray[np.int64]]:
    """Return log2 p(w | d) / p(w) of each other document and each distinct term of the article."""
    counts = _document_counts(model).tocsr()
    columns = np.unique(blocks.tocsr().indices)
    of_all = np.asarray(counts.sum(axis=0), np.float64).ravel()
    common = of_all[columns] / of_all.sum()
    sizes = np.asarray(counts.sum(axis=1), np.float64).ravel()
    size, usual = sizes[others][:, None], sizes[sizes > 0].mean()
    mine = np.asarray(counts[others][:, columns].todense(), np.float64)
    written = (mine + usual * common) / (size + usual)
    by_topic = gamma @ model.beta_[:, columns]
    gains: Floats = np.log2((OWN_WORDS * written + (1 - OWN_WORDS) * by_topic) / common)
    return gains, columns


def _shared(model: TopicModel, row: int, gain: Floats, columns: NDArray[np.int64]) -> str:
    """Return the terms that the article and the document share, those that bring them nearest first."""
    counts = _document_counts_row(model, row)
    order = [c for c in np.argsort(-gain, kind="stable") if columns[c] in counts and gain[c] > 0][:6]
    return " · ".join(model.bags.readable[columns[c]] for c in order)


def _document_counts_row(model: TopicModel, row: int) -> set[int]:
    mine = np.flatnonzero((model.bags.units["doc_id"] == model.bags.corpus.ids[row]).to_numpy())
    return set(model.bags.matrix[mine].indices.tolist())


def _warn_of_strangeness(article: Document, words: Words, model: TopicModel) -> None:
    known = len(words) / max(1, model.bags.countable(article))
    if known < ENOUGH_KNOWN:
        message = (
            f"the model knows only {known:.0%} of the terms of {article.id!r}; its mixture rests on little. "
            "Fit the model with related coverage, or with a lower min_df"
        )
        warnings.warn(message, FramingWarning, stacklevel=3)
