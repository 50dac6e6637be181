"""Stance: how a text, an outlet or a voice evaluates an actor, with an interval."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import progress
from framing.codebook import Codebook, given_codebook
from framing.corpus import Corpus, Document, given_corpus
from framing.corpus.given import arabic_expected
from framing.errors import FramingError, choices, closest
from framing.scores import resampling
from framing.scores.frame_scores import check_options
from framing.scores.proportions import jeffreys
from framing.stance.tables import evaluated

if TYPE_CHECKING:
    import pandas as pd

    from framing.scores.resampling import Floats, Ints
    from framing.table import Table

#: Columns of an evaluation by which stance may be split, beside the documents' metadata.
_SPLITS = ("voice", "speaker", "side")
_FIGURES = ("target", "favour", "against", "negated", "stance", "low", "high")


def stance(
    corpus: Corpus | Document,
    codebook: Codebook,
    *,
    targets: str | Iterable[str] | None = None,
    by: str | Sequence[str] = "doc_id",
    smoothing: float = 1.0,
    level: float = 0.95,
    resamples: int = 2_000,
    random_state: int = 0,
    margin: str = "default",
) -> Table:
    """Score how a text evaluates an actor.

    stance = (favour − against) / (favour + against + k), where favour and against are Σ weight over the
    evaluative terms that attach to a mention of the target, whoever evaluates it; k is `smoothing`. A term
    weighs 1 unless `weight` in the codebook's evaluative.yml says otherwise.

    Parameters
    ----------
    corpus : Corpus or Document
    codebook : Codebook
    targets : str or list of str, optional
        Actor ids; by default every actor to which something attaches.
    by : str or list of str
        What one row stands for: ``doc_id``, any metadata column (``outlet``), ``voice``, ``speaker``, ``side``
        or several of them.
    smoothing : float
        0 or more.
    level : float
        Of the intervals.
    resamples : int
        Bootstrap resamples; with 0 the bounds are those of Jeffreys alone.
    random_state : int
    margin : {"strict", "default", "recall"}

    Returns
    -------
    Table
        A data frame: the columns of `by`, ``target``, ``favour``, ``against``, ``negated`` (how many do not count
        because they are negated), ``stance`` in [−1, 1], ``low``, ``high``. Stance is missing where nothing
        attaches. Every document (or value of a metadata column) has its rows; a voice, speaker or side has them
        where it evaluates somebody. ``attrs`` holds the `provenance`.

    Raises
    ------
    FramingError
        When `by` names no column, `targets` no actor, or the codebook has no actors or evaluative terms.

    Notes
    -----
    The interval is that of `fr.frame_scores`: sentences are drawn within a document, and for a group of
    documents first documents, then sentences within them. A bootstrap of few evaluations, or of all on one
    side, claims too much. No interval is therefore narrower than the formula at the Jeffreys bounds of the
    share of favour, (favour + against) · (2p − 1) / (favour + against + k), for as many evaluations; where
    weights differ, for as many as they are worth, (Σw)² / Σw² (Kish 1965).

    References: Brown, L. D., Cai, T. T., & DasGupta, A. (2001). Interval estimation for a binomial
    proportion. Statistical Science, 16, 101–133. Kish, L. (1965). Survey sampling. Wiley.

    Examples
    --------
    >>> from framing import load_codebook
    >>> book = load_codebook("cuba-russia-us")
    >>> found = stance(Document(id="a", text="فرضت واشنطن عقوبات على كوبا."), book, targets="cuba")
    >>> found[["target", "favour", "against", "stance"]].values.tolist()
    [['cuba', 0.0, 1.0, -0.5]]
    >>> found[["low", "high"]].round(2).values.tolist()
    [[-0.5, 0.35]]
    """
    corpus, codebook = given_corpus(corpus), given_codebook(codebook)
    columns = _columns(by, corpus)
    wanted = None if targets is None else [targets] if isinstance(targets, str) else list(dict.fromkeys(targets))
    for target in wanted or ():
        if target not in codebook.actors:
            message = f"codebook {codebook.name!r} has no actor {target!r}{closest(target, codebook.actors)}"
            raise FramingError(message)
    check_options(level, resamples)
    if not (smoothing >= 0 and math.isfinite(smoothing)):
        message = f"smoothing must be 0 or more, not {smoothing!r}; 1 is usual"
        raise FramingError(message)
    arabic_expected(corpus, "relations")
    found, heard = evaluated(corpus, codebook, margin, "stance")
    result = _scored(found, heard, corpus, columns, wanted, smoothing, level, resamples, random_state)
    facts = {"by": columns, "targets": wanted, "smoothing": smoothing, "level": level, "resamples": resamples,
             "random_state": random_state}  # fmt: skip
    result.attrs["provenance"] = {**found.attrs["provenance"], **facts}
    return result


def _columns(by: str | Sequence[str], corpus: Corpus) -> list[str]:
    """Return the columns of `by` as a list, or say which would do."""
    columns = list(dict.fromkeys([by] if isinstance(by, str) else by))
    if not columns:
        message = 'by= names no column; by="doc_id" scores every document, by="outlet" every outlet'
        raise FramingError(message)
    known = list(dict.fromkeys(("doc_id", *(name for name in corpus.columns if name not in _FIGURES), *_SPLITS)))
    for name in columns:
        if name not in known:
            message = f"stance cannot be split by {name!r}{closest(str(name), known)}; choose from {choices(known)}"
            raise FramingError(message)
    return columns


@dataclasses.dataclass(frozen=True, slots=True)
class _Groups:
    """Sentences sorted by group, document and place, and the sentence of each evaluation.

    `labels` has one row per group; `group` and `document` one number per sentence; `of_hit` the row (in these)
    and `group_of_hit` the group of each evaluation.
    """

    labels: pd.DataFrame
    group: Ints
    document: Ints
    of_hit: Ints
    group_of_hit: Ints


def _groups(found: pd.DataFrame, heard: pd.DataFrame, corpus: Corpus, columns: list[str]) -> _Groups:
    """Number the groups in the order of their first sentence; a missing value is a value like any other."""
    import pandas as pd

    index = pd.Index(list(corpus.ids), dtype=object)
    silent = index[~index.isin(heard["doc_id"])]
    blank = pd.DataFrame({"doc_id": silent, "sentence": -1, "voice": "narrator", "speaker": None, "side": None})
    parts = [part[list(heard.columns)].astype(object) for part in (heard, blank, found)]
    places = pd.concat(parts, ignore_index=True)
    document = index.get_indexer(pd.Index(places["doc_id"])).astype(np.int64)
    values = {
        name: places[name]
        if name in places and name != "sentence"
        else pd.Series([one[name] for one in corpus], dtype=object).take(document).reset_index(drop=True)
        for name in columns
    }
    order = np.argsort(document, kind="stable")
    code = np.zeros(len(places), np.int64)
    for name in columns:
        numbers, levels = pd.factorize(values[name].to_numpy()[order], use_na_sentinel=True)
        code = pd.factorize(code * (len(levels) + 1) + numbers + 1)[0].astype(np.int64)
    group = np.empty_like(code)
    group[order] = code
    first = order[np.unique(code, return_index=True)[1]]
    labels = pd.DataFrame({name: values[name].iloc[first].infer_objects().reset_index(drop=True) for name in columns})

    sentence = places["sentence"].to_numpy(np.int64)
    key = (group * (len(index) + 1) + document) * (int(sentence.max(initial=0)) + 2) + sentence + 1
    spoken = sentence >= 0
    _, at, inverse = np.unique(key[spoken], return_index=True, return_inverse=True)
    rows = np.flatnonzero(spoken)[at]
    n = len(found)
    return _Groups(labels, group[rows], document[rows], inverse[len(inverse) - n :], group[len(group) - n :])


def _scored(
    found: pd.DataFrame, heard: pd.DataFrame, corpus: Corpus, columns: list[str], wanted: list[str] | None,
    smoothing: float, level: float, resamples: int, seed: int,
) -> Table:  # fmt: skip
    from framing.table import Table

    actors = wanted if wanted is not None else sorted(set(found["target"]))
    hits = found.drop_duplicates(["doc_id", "start", "target", "polarity"])  # one place, however many evaluate there
    groups = _groups(hits, heard, corpus, columns)
    n_groups = len(groups.labels)
    target = hits["target"].map({actor: number for number, actor in enumerate(actors)}).fillna(-1).to_numpy(np.int64)
    negated = hits["negated"].to_numpy(bool)
    weight = hits["weight"].to_numpy(float)
    side = (hits["polarity"].to_numpy() < 0).astype(np.int64)  # 0 for, 1 against
    counted = (target >= 0) & ~negated

    def total(mask: Any, values: Any = None) -> Any:
        cells = groups.group_of_hit[mask] * len(actors) + target[mask]
        sums = np.bincount(cells, None if values is None else values[mask], minlength=n_groups * len(actors))
        return sums.reshape(n_groups, len(actors))

    favour, against = (total(counted & (side == number), weight).astype(float) for number in (0, 1))
    value = np.where(favour + against > 0, _formula(favour, against, smoothing), np.nan)
    low, high = _jeffreys(favour, against, total(counted, weight**2), smoothing, level)
    if resamples:
        for actor in progress.bar(range(len(actors)), what="intervals", unit="targets"):
            mine = counted & (target == actor) & (weight > 0)
            sums = np.zeros((len(groups.group), 2))
            np.add.at(sums, (groups.of_hit[mine], side[mine]), weight[mine])
            rows = np.isin(groups.group, groups.group_of_hit[mine])
            for part in resampling.resampled(sums[rows], groups.document[rows], groups.group[rows], resamples, seed):
                sample = _formula(part.totals[:, 0], part.totals[:, 1], smoothing)
                bounds = resampling.percentiles(sample, level, np.full(len(sample), part.n))
                low[part.group, actor] = np.fmin(low[part.group, actor], bounds[0])
                high[part.group, actor] = np.fmax(high[part.group, actor], bounds[1])
    low, high = np.minimum(low, value), np.maximum(high, value)

    kept = np.arange(n_groups)
    if set(columns) & set(_SPLITS):
        kept = kept[np.isin(kept, groups.group_of_hit)]
    table: dict[str, Any] = {
        str(name): column.iloc[np.repeat(kept, len(actors))].array for name, column in groups.labels.items()
    }
    figures = (favour, against, total((target >= 0) & negated).astype(np.int64), value, low, high)
    table["target"] = np.tile(np.asarray(actors, object), len(kept))
    table |= {name: figure[kept].ravel() for name, figure in zip(_FIGURES[1:], figures, strict=True)}
    result = Table(table)
    return result.astype({name: "str" for name in ("doc_id", *_SPLITS, "target") if name in result})


def _formula(favour: Floats, against: Floats, smoothing: float) -> Floats:
    """Return the stance; of nothing it is 0, and without smoothing undefined."""
    with np.errstate(invalid="ignore"):
        value: Floats = (favour - against) / (favour + against + smoothing)
    return value


def _jeffreys(favour: Floats, against: Floats, squares: Floats, smoothing: float, level: float) -> Any:
    """Return the stance at the Jeffreys bounds of the share of favour."""
    every = favour + against
    with np.errstate(invalid="ignore", divide="ignore"):
        share, worth = favour / every, every**2 / squares
        bounds = jeffreys(share * worth, worth, level)
        return [every * (2 * bound - 1) / (every + smoothing) for bound in bounds]
