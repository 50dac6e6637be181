"""Words that distinguish a target from a reference."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.corpus import Corpus, Document, given_corpus
from framing.errors import FramingError, FramingWarning, choices, closest
from framing.keyness import statistics
from framing.keyness.features import BY, counted

if TYPE_CHECKING:
    import pandas as pd


def keyness(
    target: Corpus | Document | Iterable[Document],
    reference: Corpus | Document | Iterable[Document],
    *,
    by: str = "lemma",
    min_count: int = 3,
    stop_words: bool | Iterable[str] = False,
    prior: float = 500.0,
    correction: str = "none",
    level: float = 0.95,
    resamples: int = 999,
    random_state: int = 0,
) -> pd.DataFrame:
    """Say which words set `target` apart from `reference`.

    Parameters
    ----------
    target, reference : Corpus, Document or iterable of Document
        Documents of the target that are in the reference too are left out of it.
    by : {"lemma", "word"}
        Count dictionary words (وللعلاقات and علاقاتها are one), or words as they are written.
    min_count : int
        Of a word in both together; rarer words are counted in the totals but not listed.
    stop_words : bool or iterable of str
        True leaves out the bundled function words, a list these words. Their occurrences stay in the totals.
    prior : float
        Words that the prior of the log-odds is worth. The greater, the nearer to 0 are those of rare words.
    correction : {"none", "williams"}
        Of G²; quanteda's ``correction``.
    level : float
        Of the interval of the log-ratio.
    resamples : int
        Permutations of documents, where the target has several.
    random_state : int

    Returns
    -------
    Table
        One row per word, those most typical of the target first, with quanteda's column names:

        ========================  ==========================================================================
        feature, lemma            the most frequent form without vowels (proclitics cut off where words are
                                  counted by lemma), and the dictionary form
        G2, p                     Dunning's G², negative where the word is rarer in the target; p of χ², 1 df
        n_target, n_reference     occurrences
        log_odds, z               weighted log-odds with informative Dirichlet prior, and its z score
        log_ratio                 log2 of the ratio of relative frequencies, with interval
        docfreq_target            also `docfreq_reference`: documents with the word
        dp_target, dp_reference   Gries' dispersion DP over documents (over paragraphs where a side is a single
                                  document): near 0 evenly spread, near 1 in one place
        p_permutation             share of exchanges of documents with as great a G²
        p_adjusted                p_permutation after Benjamini–Hochberg
        ========================  ==========================================================================

    Raises
    ------
    FramingError
        When one side has no words, or is empty once the target's documents are taken out.

    Notes
    -----
    p treats every word as an independent draw, which words of one text are not: it is far too small for words that
    a few documents repeat. `p_permutation` exchanges whole documents; with a single target document and n
    reference documents it is at least 1/(n + 1).

    References: Monroe, B. L., Colaresi, M. P., & Quinn, K. M. (2008). Fightin' words. Political Analysis, 16,
    372–403. Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational
    Linguistics, 19, 61–74. Hardie, A. (2014). Log Ratio: an informal introduction. Lijffijt, J., et al. (2016).
    Significance testing of word frequencies in corpora. Digital Scholarship in the Humanities, 31, 374–397.

    Examples
    --------
    >>> one = Document(id="a", text="الصداقة بين البلدين. صداقة وتعاون.")
    >>> others = [Document(id="b", text="العقوبات على البلدين."), Document(id="c", text="عقوبات جديدة، عقوبات وتعاون.")]
    >>> table = keyness(one, others, min_count=2)
    >>> table[["feature", "n_target", "n_reference"]].values.tolist()
    [['صداقة', 2, 0], ['بلدين', 1, 1], ['تعاون', 1, 1], ['عقوبات', 0, 3]]
    """
    import pandas as pd
    from scipy import stats

    from framing import provenance
    from framing.compare.compare import adjusted
    from framing.compare.copies import sketches_of_texts, warn_of_copies
    from framing.table import Table

    _check(by, correction, prior, level)
    stop_words = stop_words if isinstance(stop_words, bool) else list(stop_words)
    mine, others = _sides(target, reference)
    for side, name in ((others, "reference"), (mine, "target")):
        warn_of_copies(sketches_of_texts(side), f"the {name}", stacklevel=2)
    counts = counted([*mine, *others], by)
    documents = counts.per_document(len(mine) + len(others))
    is_target = np.arange(len(mine) + len(others)) < len(mine)
    size = np.asarray(documents.sum(axis=1), float).ravel()
    n_target, n_reference = float(size[is_target].sum()), float(size[~is_target].sum())
    for n, name in ((n_target, "target"), (n_reference, "reference")):
        if not n:
            message = (
                f"the {name} has no words to compare; give texts with words (numbers and punctuation do not count)"
            )
            raise FramingError(message)
    a, b = (np.asarray(documents[side].sum(axis=0), float).ravel() for side in (is_target, ~is_target))
    kept = (a + b >= min_count) & ~_stopped(counts.lemma, counts.feature, stop_words)
    if not kept.any():
        message = f"no word occurs {min_count} times or more in both together; lower min_count="
        warnings.warn(message, FramingWarning, stacklevel=2)
    a, b = a[kept], b[kept]
    g2 = statistics.log_likelihood(a, b, np.asarray(n_target), np.asarray(n_reference))
    if correction == "williams":
        g2 = g2 / statistics.williams(a, b, n_target, n_reference)
    log_odds, z = statistics.weighted_log_odds(a, b, n_target, n_reference, prior)
    ratio, low, high = statistics.log_ratio(a, b, n_target, n_reference, level)
    docfreq = [
        np.asarray((documents[side][:, kept] > 0).sum(axis=0), np.int64).ravel() for side in (is_target, ~is_target)
    ]
    p_permutation = statistics.permutation_p(documents, is_target, resamples, np.random.default_rng(random_state), kept)
    result = pd.DataFrame(
        {
            "feature": [word for word, keep in zip(counts.feature, kept, strict=True) if keep],
            "lemma": [word for word, keep in zip(counts.lemma, kept, strict=True) if keep],
            "G2": g2,
            "p": stats.chi2.sf(np.abs(g2), 1),
            "n_target": a.astype(np.int64),
            "n_reference": b.astype(np.int64),
            "log_odds": log_odds,
            "z": z,
            "log_ratio": ratio,
            "log_ratio_low": low,
            "log_ratio_high": high,
            "docfreq_target": docfreq[0],
            "docfreq_reference": docfreq[1],
            "dp_target": _dispersion(counts, documents, is_target)[kept],
            "dp_reference": _dispersion(counts, documents, ~is_target)[kept],
            "p_permutation": p_permutation,
            "p_adjusted": adjusted(p_permutation),
        }
    )
    result = Table(result.sort_values(["z", "G2", "feature"], ascending=[False, False, True], ignore_index=True))
    result.attrs["provenance"] = provenance.record(
        target_sha256=mine.fingerprint,
        reference_sha256=others.fingerprint,
        n_documents=len(size),
        words=[int(n_target), int(n_reference)],
        by=by,
        min_count=min_count,
        stop_words=stop_words if isinstance(stop_words, bool) else sorted(stop_words),
        prior=prior,
        correction=correction,
        level=level,
        resamples=resamples,
        random_state=random_state,
    )
    return result


def _check(by: str, correction: str, prior: float, level: float) -> None:
    from framing.scores.frame_scores import check_options

    check_options(level, 0)
    for name, value, known in (("by", by, BY), ("correction", correction, ("none", "williams"))):
        if value not in known:
            message = f"{name}={value!r} is not known{closest(str(value), known)}; choose one of {choices(known)}"
            raise FramingError(message)
    if not prior > 0:
        message = f"prior must be a number of words above 0, not {prior!r}; 500 is usual"
        raise FramingError(message)


def _sides(target: Any, reference: Any) -> tuple[Corpus, Corpus]:
    mine, others = given_corpus(target, "target"), given_corpus(reference, "reference")
    ids = set(mine.ids)
    left = Corpus((document for document in others if document.id not in ids), others.name)
    if not len(mine):
        message = "the target is empty; give at least one document"
        raise FramingError(message)
    if not len(left):
        why = "every document of it is part of the target" if len(others) else "it has no documents"
        message = f"the reference is empty ({why}); give documents that the target can be compared with"
        raise FramingError(message)
    return mine, left


def _stopped(lemma: list[str], feature: list[str], stop_words: bool | Iterable[str]) -> Any:
    from framing.language import chars
    from framing.language.stopwords import stop_keys, stop_words as bundled

    if stop_words is False:
        return np.zeros(len(lemma), bool)
    keys = bundled(["function"]) if stop_words is True else stop_keys(stop_words)
    return np.asarray([chars.key(a) in keys or chars.key(b) in keys for a, b in zip(lemma, feature, strict=True)], bool)


def _dispersion(counts: Any, documents: Any, side: Any) -> Any:
    """Return DP over the documents of one side, or over the paragraphs of a single one."""
    if side.sum() > 1:
        return statistics.dispersion(documents[side])
    return statistics.dispersion(counts.table[side[counts.document]])
