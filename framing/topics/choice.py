"""Choosing the number of topics in the open: every figure, over several seeds, in one table."""

from __future__ import annotations

import dataclasses
import itertools
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress, provenance
from framing.corpus import Corpus
from framing.errors import FramingError, FramingWarning
from framing.topics import engines, limits, quality
from framing.topics.bags import Bags, bags
from framing.topics.matching import agreement
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd

    from framing.corpus import Document

#: Raised when a stored result of an earlier version would be another number today.
VERSION = 1
FOLDS = 5
FIGURES = (*quality.COHERENCES, "exclusivity", "perplexity", "jaccard", "rbo", "jaccard_resampled")
#: The figures that are ranked for `suggested`, and whether more of it is better.
_RANKED = {"c_npmi": True, "exclusivity": True, "perplexity": False, "jaccard_resampled": True}


def choose_k(
    corpus: Corpus | Iterable[Document],
    *,
    k: Iterable[int],
    seeds: int | Sequence[int] = 10,
    engine: str = "gensim",
    unit: str = "document",
    by: str = "lemma",
    stop_words: bool | Iterable[str] = True,
    phrases: bool = True,
    min_df: int | float = 3,
    max_df: int | float = 0.5,
    n_terms: int = 10,
    jobs: int = -1,
    folder: str | Path | None = None,
    options: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Compare numbers of topics.

    Parameters
    ----------
    corpus, engine, unit, by, stop_words, phrases, min_df, max_df, options
        As for `topic_model`.
    k : iterable of int
        Numbers of topics: ``range(4, 13)``.
    seeds : int or sequence of int
        How many seeds, or which; at least 2.
    n_terms : int
        Top terms per topic in coherence, exclusivity and stability.
    jobs : int
        Processes that work at a time; −1: one per processor.
    folder : str or Path, optional
        Where finished fits are kept, by default the cache folder. Interrupted, the next call goes on where
        this one stopped; with more seeds or other k, only what is new is computed.

    Returns
    -------
    DataFrame
        One row per k: `k`, `seeds`, and for each figure its mean over seeds with `_low` and `_high`, between
        which 95 % of the seeds (of the pairs of seeds) lie, as far as their number allows. They say what
        another seed would have given; they are not confidence intervals.

        =================  ==================================================================================
        c_npmi, c_v,       coherence of the top terms in this corpus; higher is better
        u_mass
        exclusivity        share of the top terms' probability that belongs to their own topic
        perplexity         held-out, by document completion over five folds of documents; lower is better
        jaccard, rbo       agreement of matched topics between two seeds: shared top terms, and shared ranks.
                           Missing for an engine that does not depend on the seed
        jaccard_resampled  the same between models that each left out a fifth of the documents
        mean_rank          mean rank of k by c_npmi, exclusivity, perplexity and jaccard_resampled
        suggested          True for the k of the lowest mean rank (the smallest of equals)
        =================  ==================================================================================

    Raises
    ------
    FramingError
        As for `topic_model`; a k that the corpus cannot carry is named before anything is computed.

    Warns
    -----
    FramingWarning
        A figure is missing because a topic has fewer than two terms.

    Notes
    -----
    `suggested` is where to begin reading, not a decision: none of these figures knows what the topics are for
    (Chang et al. 2009 found likelihood and human judgement to disagree). Read the topics of its neighbours,
    and test them with `word_intrusion_sheet`.

    References: Röder, Both & Hinneburg (2015), Exploring the space of topic coherence measures, WSDM. Wallach et al.
    (2009), Evaluation methods for topic models, ICML. Greene, O'Callaghan & Cunningham (2014), How many topics?
    Stability analysis for topic models, ECML. Chang et al. (2009), Reading tea leaves, NIPS.

    Examples
    --------
    >>> from framing import Corpus, Document
    >>> oil, visit = "ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره"
    >>> corpus = Corpus([Document(id=str(i), text=f"{(oil, visit)[i % 2]} {i}") for i in range(60)])
    >>> import tempfile, warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> table = choose_k(corpus, k=[2, 3], seeds=2, max_df=0.9, phrases=False, jobs=1, folder=tempfile.mkdtemp())
    >>> table[["k", "seeds"]].values.tolist(), bool(table["jaccard"].between(0, 1).all())
    ([[2, 2], [3, 2]], True)
    """
    engines.check_engine(engine)
    ks, numbers = _numbers_of_topics(k), _seeds(seeds)
    if not isinstance(n_terms, int) or n_terms < 2:
        message = f"n_terms must be a whole number from 2, not {n_terms!r}; 10 is usual"
        raise FramingError(message)
    counted = bags(corpus, unit=unit, by=by, stop_words=stop_words, phrases=phrases, min_df=min_df, max_df=max_df)
    limits.check_k(max(ks), len(counted.full), len(counted.terms), unit)
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs == 0:
        message = f"jobs must be a number of processes, or -1 for one per processor; not {jobs!r}"
        raise FramingError(message)
    settings = {"engine": engine, "options": dict(options or {}), "n_terms": n_terms}
    results = _run(counted, list(itertools.product(ks, numbers)), settings, jobs=jobs, folder=folder)
    table = _table(ks, numbers, results, seedless=engines.seedless(engine, options or {}))
    _warn_of_missing(table)
    facts = provenance.record(
        corpus=counted.corpus.name,
        corpus_sha256=counted.corpus.fingerprint,
        bags_sha256=counted.fingerprint,
        preprocessing=dict(counted.facts),
        engine_version=engines.version(engine),
        seeds=numbers,
        folds=FOLDS,
        **settings,
    )
    return result(table, facts)


def _numbers_of_topics(k: Any) -> list[int]:
    ks = sorted({int(each) if isinstance(each, np.integer) else each for each in ([k] if isinstance(k, int) else k)})
    if not ks:
        message = "k= is empty: which numbers of topics shall be compared? k=range(4, 13), for instance"
        raise FramingError(message)
    for each in ks:
        if isinstance(each, bool) or not isinstance(each, int) or each < 2:
            message = f"k must be whole numbers of topics, at least 2; found {each!r}"
            raise FramingError(message)
    return ks


def _seeds(seeds: int | Sequence[int]) -> list[int]:
    given = range(seeds) if isinstance(seeds, int) else dict.fromkeys(seeds)
    numbers = [limits.check_seed(seed) for seed in given]
    if len(numbers) < 2:
        message = f"seeds={seeds!r}: stability needs at least 2 seeds; 10 are usual"
        raise FramingError(message)
    return numbers


def _run(
    counted: Bags, jobs_to_do: list[tuple[int, int]], settings: dict[str, Any], *, jobs: int, folder: Any
) -> list[dict[str, Any]]:
    """Return the result of each (k, seed), computing what is not on disk."""
    from joblib import Memory, Parallel, delayed, effective_n_jobs

    from framing.language import cache

    place = Path(folder).expanduser() if folder is not None else cache.folder() / "topics"
    stored = Memory(place, verbose=0).cache(fit_once, ignore=["counted"])
    light = dataclasses.replace(counted, corpus=Corpus([]), phrases=None, stopped=frozenset())
    key = {
        "fingerprint": counted.fingerprint,
        "version": (VERSION, np.__version__, engines.version("gensim"), engines.version(settings["engine"])),
        **settings,
    }
    calls = [{"counted": light, "k": k, "seed": seed, **key} for k, seed in jobs_to_do]
    missing = [call for call in calls if not stored.check_call_in_cache(**call)]
    with progress.bar(what="fitting topic models", unit="fits", total=len(missing)) as bar:
        if effective_n_jobs(jobs) == 1 or len(missing) < 4:
            for call in missing:
                stored(**call)
                bar.update()
        else:
            work = Parallel(n_jobs=jobs, return_as="generator_unordered")(delayed(stored)(**call) for call in missing)
            for _ in work:
                bar.update()
    return [stored(**call) for call in calls]


def fit_once(
    counted: Bags,
    *,
    fingerprint: str,
    version: tuple[Any, ...],
    engine: str,
    k: int,
    seed: int,
    options: Mapping[str, Any],
    n_terms: int,
) -> dict[str, Any]:
    """Fit one number of topics with one seed, on everything and on four fifths; return figures and top terms.

    `fingerprint` and `version` stand for `counted` and the code in the key under which the result is kept.
    """
    del fingerprint, version
    matrix = counted.matrix[counted.full]
    whole = engines.fit(engine, matrix, counted.terms, k, random_state=seed, options=options)
    terms = engines.top(whole.ranking, n_terms)
    found: dict[str, Any] = {"terms": terms}
    for measure in quality.COHERENCES:
        found[measure] = quality.coherence(counted, terms, measure).tolist()
    found["exclusivity"] = quality.exclusivity(whole.beta, terms).tolist()
    held = _fold(counted) == seed % FOLDS
    part = engines.fit(engine, matrix[~held], counted.terms, k, random_state=seed, options=options)
    found["resampled"] = engines.top(part.ranking, n_terms)
    found["perplexity"] = quality.perplexity(part, matrix[~held], matrix[held], seed)
    return found


def _fold(counted: Bags) -> Any:
    """Return the fold of each unit that has terms; the paragraphs of a document share one."""
    ids = counted.units["doc_id"].to_numpy()[counted.full]
    names, place = np.unique(ids.astype(str), return_inverse=True)
    order = np.random.default_rng(len(names)).permutation(len(names))
    return order[place] % FOLDS


def _table(ks: list[int], seeds: list[int], results: list[dict[str, Any]], *, seedless: bool) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for number, k in enumerate(ks):
        mine = results[number * len(seeds) : (number + 1) * len(seeds)]
        values: dict[str, list[float]] = {}
        for measure in (*quality.COHERENCES, "exclusivity"):
            values[measure] = [float(np.mean(each[measure])) for each in mine]
        values["perplexity"] = [each["perplexity"] for each in mine]
        pairs = list(itertools.combinations(mine, 2))
        between = [agreement(a["terms"], b["terms"]).mean(axis=0) for a, b in pairs]
        values["jaccard"] = [float("nan") if seedless else pair[0] for pair in between]
        values["rbo"] = [float("nan") if seedless else pair[1] for pair in between]
        values["jaccard_resampled"] = [agreement(a["resampled"], b["resampled"])[:, 0].mean() for a, b in pairs]
        row: dict[str, Any] = {"k": k, "seeds": len(seeds)}
        for name in FIGURES:
            low, high = np.quantile(values[name], (0.025, 0.975))
            row |= {name: float(np.mean(values[name])), f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    table = pd.DataFrame(rows)
    ranks = [table[name].rank(ascending=not more, na_option="bottom") for name, more in _RANKED.items()]
    table["mean_rank"] = sum(ranks) / len(ranks)
    table["suggested"] = table.index == table["mean_rank"].idxmin()
    return table


def _warn_of_missing(table: pd.DataFrame) -> None:
    gone = table.loc[table[list(quality.COHERENCES)].isna().any(axis=1), "k"].tolist()
    if gone:
        message = (
            f"coherence is missing for k = {', '.join(map(str, gone))}: a topic has fewer than two terms, which means "
            "that there are more topics than the words support. Try a lower k, a lower min_df, or engine='gensim'"
        )
        warnings.warn(message, FramingWarning, stacklevel=3)
