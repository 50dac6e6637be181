"""The topic model: one function, one result, whatever the engine."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import provenance
from framing.errors import FramingError
from framing.topics import engines, limits
from framing.topics.bags import Bags, bags
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from framing.corpus import Corpus, Document

#: Terms in `top_terms` per topic, and terms in the name of a topic.
N_TERMS, N_LABEL = 15, 3
#: λ for the names of topics: people name topics best with about this much (Sievert & Shirley 2014).
RELEVANCE = 0.6


class TopicModel:
    """Topics of a corpus: words that occur together, and how much of each document is about each of them.

    A topic is a distribution over terms that a person has to read and name. It is not a frame: two
    outlets can frame one topic in opposite ways, and one frame can run through all topics.

    Attributes
    ----------
    k, engine, random_state
        Topics are numbered from 0 as the engine has them.
    beta_ : array (topics, terms)
        P(term | topic).
    gamma_ : array (units, topics)
        Share of each unit in each topic, NaN for units without any term.
    model_ : object
        The engine's own model; its words are `bags.readable` (scikit-learn's have none: its columns are in their
        order).
    bags : Bags
        The counts behind the model: `bags.units`, `bags.terms`, `bags.readable`, `bags.facts`.
    provenance : mapping
    """

    def __init__(
        self, counted: Bags, fit: engines.Fit, engine: str, random_state: int, options: Mapping[str, Any]
    ) -> None:
        self.bags = counted
        self.engine = engine
        self.random_state = random_state
        self.options = dict(options)
        self.beta_ = fit.beta
        self.ranking_ = fit.ranking
        self.model_ = fit.model
        self.k = len(fit.beta)
        self._fit = fit
        self.gamma_ = np.full((counted.matrix.shape[0], self.k), np.nan)
        full = counted.full
        self.gamma_[full] = fit.mixture(counted.matrix[full]) if fit.shares is None else fit.shares

    def __repr__(self) -> str:
        units = f"{len(self.bags.full):,} {self.bags.unit}s"
        made = f"{self.k} topics by {self.engine}"
        return f"TopicModel({made}; {units}, {len(self.bags.terms):,} terms; seed {self.random_state})"

    def _repr_html_(self) -> str:
        import html

        rows = "".join(
            f"<tr><td>{topic}</td><td>{share:.0%}</td>"
            f'<td dir="auto">{html.escape(" · ".join(self.words(topic, 10)))}</td></tr>'
            for topic, share in enumerate(self.shares_of_corpus)
        )
        return (
            f"<p>{html.escape(repr(self))}</p><table><tr><th>topic</th><th>share</th><th>terms</th></tr>{rows}</table>"
            "<p>Topics are words that occur together. They are not frames.</p>"
        )

    @functools.cached_property
    def provenance(self) -> Mapping[str, Any]:
        return provenance.record(
            corpus=self.bags.corpus.name,
            corpus_sha256=self.bags.corpus.fingerprint,
            n_documents=len(self.bags.corpus),
            bags_sha256=self.bags.fingerprint,
            preprocessing=dict(self.bags.facts),
            engine=self.engine,
            engine_version=engines.version(self.engine),
            k=self.k,
            random_state=self.random_state,
            options=self.options,
        )

    @property
    def shares_of_corpus(self) -> NDArray[np.float64]:
        """The share of each topic in all the corpus, units weighted by their terms."""
        weight = self.bags.units["terms"].to_numpy(float)
        shares: NDArray[np.float64] = np.nansum(self.gamma_ * weight[:, None], axis=0) / weight.sum()
        return shares

    def ranked(self, topic: int, n: int) -> list[int]:
        """Return the columns of the `n` highest terms of a topic; a tie goes to the first key."""
        return engines.top(self.ranking_[[self.check(topic)]], n)[0]

    def words(self, topic: int, n: int = N_LABEL) -> list[str]:
        """Return the `n` most relevant terms of a topic (λ = .6, see `topic_terms`) in readable form.

        They tell topics apart better than the most probable ones, which related topics share.
        """
        relevance = self._relevance[[self.check(topic)]]
        return [self.bags.readable[column] for column in engines.top(relevance, n)[0]]

    @functools.cached_property
    def _relevance(self) -> NDArray[np.float64]:
        """How relevant each term is to each topic, made positive; 0 where it does not occur in it."""
        frequency = np.asarray(self.bags.matrix.sum(axis=0), np.float64).ravel()
        lift = self.beta_ * frequency.sum() / frequency
        relevance: NDArray[np.float64] = self.beta_**RELEVANCE * lift ** (1 - RELEVANCE)
        return relevance

    def label(self, topic: int) -> str:
        """Return the number and the most relevant terms of a topic: a name to recognise it by, not its meaning."""
        return f"{topic}: {' · '.join(self.words(topic))}"

    def check(self, topic: int) -> int:
        """Return `topic` when there is such a topic, and raise otherwise."""
        if isinstance(topic, bool) or not isinstance(topic, int | np.integer) or not 0 <= topic < self.k:
            message = f"there is no topic {topic!r}; this model has the topics 0 to {self.k - 1}"
            raise FramingError(message)
        return int(topic)

    @functools.cached_property
    def top_terms(self) -> pd.DataFrame:
        """The highest terms per topic: `topic`, `rank`, `term` (lemma key), `readable`, `beta` = P(term | topic)."""
        import pandas as pd

        rows = [
            (topic, rank, self.bags.terms[column], self.bags.readable[column], self.beta_[topic, column])
            for topic in range(self.k)
            for rank, column in enumerate(self.ranked(topic, N_TERMS), 1)
        ]
        return self._table(pd.DataFrame(rows, columns=["topic", "rank", "term", "readable", "beta"]))

    @functools.cached_property
    def gamma_of_documents(self) -> NDArray[np.float64]:
        """Topic shares per document (documents, topics): units weighted by their terms, NaN without any."""
        weight = self.bags.units["terms"].to_numpy(float)
        row = {each: number for number, each in enumerate(self.bags.corpus.ids)}
        of = self.bags.units["doc_id"].map(row).to_numpy(np.int64)
        total = np.zeros((len(row), self.k))
        full = weight > 0
        np.add.at(total, of[full], self.gamma_[full] * weight[full, None])
        size = np.bincount(of, weight, len(row))[:, None]
        shares: NDArray[np.float64] = np.where(size > 0, total / np.where(size > 0, size, 1), np.nan)
        return shares

    @functools.cached_property
    def document_topics(self) -> pd.DataFrame:
        """Topic shares per document, `doc_id`, `topic`, `gamma`; they sum to 1 and are missing without any term."""
        import pandas as pd

        gamma = self.gamma_of_documents
        ids = np.repeat(np.asarray(self.bags.corpus.ids, object), self.k)
        topics = np.tile(np.arange(self.k), len(gamma))
        return self._table(pd.DataFrame({"doc_id": ids, "topic": topics, "gamma": gamma.ravel()}))

    @functools.cached_property
    def unit_topics(self) -> pd.DataFrame:
        """Topic shares per unit: `doc_id`, `paragraph`, `terms`, `topic`, `gamma`."""
        import pandas as pd

        table = self.bags.units[["doc_id", "paragraph", "terms"]].loc[np.repeat(self.bags.units.index, self.k)]
        table = table.reset_index(drop=True)
        topics = np.tile(np.arange(self.k), len(self.gamma_))
        return self._table(pd.DataFrame(table.assign(topic=topics, gamma=self.gamma_.ravel())))

    def mixture(self, counts: Any) -> NDArray[np.float64]:
        """Return the topic shares (rows, topics) of counts over this model's terms."""
        return self._fit.mixture(counts)

    def mixture_of(self, document: Document) -> NDArray[np.float64]:
        """Return the topic shares of any document as this model sees it, unit by unit, as one row."""
        from framing.topics.placing import article_counts

        counts, weight = article_counts(document, self)
        return np.asarray(weight @ self.mixture(counts) / weight.sum(), np.float64)

    def shares(
        self, by: str | Sequence[str] = "outlet", *, level: float = 0.95, resamples: int = 2_000, random_state: int = 0
    ) -> pd.DataFrame:
        """Return the mean share of each topic per group of documents; see `framing.topics.groups.shares`."""
        from framing.topics.groups import shares

        return shares(self, by, level=level, resamples=resamples, random_state=random_state)

    def map(self, *, focal: Document | str | None = None) -> pd.DataFrame:
        """Return the documents as points in a plane; see `framing.topics.groups.document_map`."""
        from framing.topics.groups import document_map

        return document_map(self, focal=focal)

    def to_pyldavis(self, path: str | Path) -> Path:
        """Write the model as an interactive pyLDAvis page (pip install pyLDAvis); return its path."""
        from framing.topics.export import to_pyldavis

        return to_pyldavis(self, Path(path))

    def _table(self, table: pd.DataFrame) -> pd.DataFrame:
        return result(table, self.provenance)


def topic_model(
    corpus: Corpus | Iterable[Document],
    *,
    k: int | None = None,
    engine: str = "gensim",
    unit: str = "document",
    by: str = "lemma",
    stop_words: bool | Iterable[str] = True,
    phrases: bool = True,
    min_df: int | float = 3,
    max_df: int | float = 0.5,
    embeddings: Any = None,
    random_state: int = 0,
    options: Mapping[str, Any] | None = None,
) -> TopicModel:
    """Fit a topic model.

    Parameters
    ----------
    corpus : Corpus or iterable of Document
    k : int
        Number of topics; `choose_k` helps. Only ``engine="embeddings"`` can do without.
    engine : {"gensim", "sklearn-lda", "sklearn-nmf", "tomotopy", "embeddings"}
        Latent Dirichlet allocation by variational Bayes (the first two) or Gibbs sampling (tomotopy, an extra),
        non-negative factors of tf-idf weights, or clusters of your own `embeddings`.
    unit : {"document", "paragraph"}
        What is a bag of words. A model needs at least 50 units, and about 10 for each topic.
    by : {"lemma", "word"}
    stop_words : bool or iterable of str
        True: the bundled ones; False: none; or these words, in any form, instead. To add some:
        ``{*framing.language.stopwords.stop_words(), "كوبا"}``.
    phrases : bool
        Count neighbours that belong together as one term (gensim's Phrases, normalised PMI ≥ .5).
    min_df, max_df : int or float
        Leave out terms in fewer, or in more, units: a number (int) or a share (float).
    embeddings : array (units, dimensions), optional
        One vector per document (per paragraph with ``unit="paragraph"``, in the order of ``bags.units``), from
        any sentence encoder, for ``engine="embeddings"``. Nothing is downloaded.
    random_state : int
        The same seed gives the same numbers, on every engine.
    options : mapping, optional
        Passed on to the engine: ``{"passes": 100}``. ``{"starts": 10}`` is for gensim and sklearn-lda: from so many
        random starts (5) they begin, and go on with the likeliest.

    Returns
    -------
    TopicModel
        `.top_terms`, `.document_topics`, `.beta_`, `.gamma_`, `.model_`, `.provenance`.

    Raises
    ------
    FramingError
        Too few units, too many topics for them or for the vocabulary, nothing left after filtering: each says
        what would be enough.

    Warns
    -----
    FramingWarning
        Documents that have the same words as an earlier one.

    Notes
    -----
    Words come from the toolkit's tokeniser and camel-tools' morphology; no engine tokenises. Choices of
    preprocessing change topics (Denny & Spirling 2018), so all of them are parameters and all are recorded.

    References: Blei, Ng & Jordan (2003), Journal of Machine Learning Research 3. Maier et al. (2018), Applying LDA
    topic modeling in communication research, Communication Methods and Measures 12. Denny & Spirling (2018),
    Text preprocessing for unsupervised learning, Political Analysis 26.

    Examples
    --------
    >>> from framing import Corpus, Document
    >>> oil, visit = "ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره"
    >>> corpus = Corpus([Document(id=str(i), text=f"{(oil, visit)[i % 2]} {i}") for i in range(60)])
    >>> import warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> model = topic_model(corpus, k=2, max_df=0.9, phrases=False)
    >>> model
    TopicModel(2 topics by gensim; 60 documents, 9 terms; seed 0)
    >>> model.document_topics.query("gamma > .5")["topic"].nunique()
    2
    """
    random_state = limits.check_seed(random_state)
    engines.check_engine(engine, also=("embeddings",))
    if embeddings is not None and engine not in ("embeddings", "gensim"):  # gensim: the default, left alone
        message = f"embeddings= goes with engine='embeddings', not with {engine!r}"
        raise FramingError(message)
    clustered = engine == "embeddings" or embeddings is not None
    if k is None and not clustered:
        message = "k= is missing: how many topics? fr.choose_k(corpus, k=range(4, 13)) compares several"
        raise FramingError(message)
    counted = bags(corpus, unit=unit, by=by, stop_words=stop_words, phrases=phrases, min_df=min_df, max_df=max_df)
    if clustered:
        from framing.topics.clustering import cluster

        found = cluster(counted, embeddings, k, random_state=random_state, options=dict(options or {}))
        return TopicModel(counted, found, "embeddings", random_state, options or {})
    return fit_bags(counted, k, engine=engine, random_state=random_state, options=options or {})


def fit_bags(counted: Bags, k: int | None, *, engine: str, random_state: int, options: Mapping[str, Any]) -> TopicModel:
    """Fit a model to bags that were counted before."""
    k = limits.check_k(k, len(counted.full), len(counted.terms), counted.unit)
    fit = engines.fit(
        engine, counted.matrix[counted.full], counted.readable, k, random_state=random_state, options=options
    )
    return TopicModel(counted, fit, engine, random_state, options)
