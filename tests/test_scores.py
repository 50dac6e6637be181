"""Scores: whole tables by hand, intervals against other computations, and input that breaks assumptions."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats
from statsmodels.nonparametric.smoothers_lowess import lowess
from statsmodels.stats.proportion import proportion_confint

import framing as fr
from framing.coding import COLUMNS
from framing.errors import FramingError, FramingWarning
from framing.scores import resampling
from framing.scores.proportions import clustered_jeffreys, jeffreys, jeffreys_count
from framing.table import Shared, Table

FRAMES = ("ally", "war")


def coded(
    *sentences: dict[str, Any], documents: pd.DataFrame | None = None, frames: tuple[str, ...] = FRAMES
) -> fr.Codings:
    """Make codings by hand: a dict per unit with `doc`, `s` (sentence), `p` (paragraph), `words`, hits per frame."""
    units, hits = [], []
    for row in sentences:
        unit = {
            "doc_id": row["doc"], "paragraph": row.get("p", 0), "sentence": row["s"], "start": row.get("start", 0),
            "end": 1, "words": row["words"], "coder": row.get("coder", "me"), "voice": row.get("voice", "narrator"),
            "speaker": row.get("speaker"), "side": None,
        }  # fmt: skip
        units.append(unit)
        for frame in frames:
            for weight in row.get(frame, []):
                more = {
                    "frame": frame,
                    "entry": "e",
                    "weight": abs(weight),
                    "negated": weight < 0,
                    "route": "exact",
                    "evidence": "x",
                }
                hits.append({**unit, **more})
    unit_table = pd.DataFrame(
        units, columns=["doc_id", "paragraph", "sentence", "start", "end", "words", "coder", "voice", "speaker", "side"]
    )
    table = pd.DataFrame(hits).reindex(columns=list(COLUMNS)) if hits else pd.DataFrame(columns=list(COLUMNS))
    if documents is None:
        documents = pd.DataFrame({"doc_id": unit_table["doc_id"].unique()})
    documents = documents.assign(words=0, headline=documents.get("headline", False))
    return fr.Codings(table, unit_table, documents, frames, table.iloc[:0], {})


TWO = (
    {"doc": "a", "s": 0, "p": 0, "words": 10, "ally": [1.0]},
    {"doc": "a", "s": 1, "p": 1, "words": 20, "ally": [2.0, -1.0], "war": [1.0]},
    {"doc": "a", "s": 2, "p": 2, "words": 10},
    {"doc": "b", "s": 0, "p": 0, "words": 5, "war": [1.0]},
    {"doc": "b", "s": 1, "p": 0, "words": 15},
)


def quiet(function: Any, *args: Any, **kwargs: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FramingWarning)
        return function(*args, **kwargs)


# Figures --------------------------------------------------------------------------------------------------


def test_every_figure_of_a_small_corpus_by_hand():
    scores = fr.frame_scores(coded(*TWO))
    expected = pd.DataFrame(
        {
            "doc_id": ["a", "a", "b", "b"],
            "frame": ["ally", "war"] * 2,
            "words": [40, 40, 20, 20],
            "sentences": [3, 3, 2, 2],
            "hits": [2, 1, 0, 1],
            "negated": [1, 0, 0, 0],
            "weighted": [3.0, 1.0, 0.0, 1.0],
            "rate": [75.0, 25.0, 0.0, 50.0],
            "coverage": [2 / 3, 1 / 3, 0.0, 0.5],
            "share": [0.75, 0.25, 0.0, 1.0],
        }
    )
    pd.testing.assert_frame_equal(pd.DataFrame(scores[list(expected)]), expected)


def test_prominence_is_the_mean_place_of_hits_over_that_of_words():
    # Places are 1, 1/log2(2) = 1 and 1/log2(3) in paragraphs 0, 1 and 2.
    scores = fr.frame_scores(coded(*TWO)).set_index(["doc_id", "frame"])["prominence"]
    third = 1 / np.log2(3)
    assert scores["a", "ally"] == pytest.approx(1 / ((30 + 10 * third) / 40))
    assert scores["b", "war"] == pytest.approx(1.0)
    assert np.isnan(scores["b", "ally"])


def test_a_headline_moves_the_body_up_by_one_paragraph():
    documents = pd.DataFrame({"doc_id": ["a", "b"], "headline": [True, False]})
    scores = fr.frame_scores(coded(*TWO, documents=documents)).set_index(["doc_id", "frame"])
    assert scores.loc[("a", "ally"), "prominence"] == pytest.approx(
        1.0
    )  # headline, lead and first body paragraph all weigh 1


def test_several_voices_in_one_sentence_add_up_and_the_sentence_counts_once():
    codings = coded(
        {"doc": "a", "s": 0, "start": 0, "words": 6, "ally": [1.0]},
        {"doc": "a", "s": 0, "start": 30, "words": 4, "voice": "quoted", "speaker": "x", "ally": [1.0], "war": [1.0]},
        {"doc": "a", "s": 1, "words": 10},
    )
    whole = fr.frame_scores(codings)
    assert whole[["words", "sentences", "hits"]].values.tolist() == [[20, 2, 2], [20, 2, 1]]
    assert whole["coverage"].tolist() == [0.5, 0.5]
    by_voice = fr.frame_scores(codings, by=["doc_id", "voice"])
    assert by_voice[["voice", "frame", "words", "sentences", "hits", "rate"]].values.tolist() == [
        ["narrator", "ally", 16, 2, 1, 62.5],
        ["narrator", "war", 16, 2, 0, 0.0],
        ["quoted", "ally", 4, 1, 1, 250.0],
        ["quoted", "war", 4, 1, 1, 250.0],
    ]
    by_speaker = fr.frame_scores(codings, by="speaker")
    assert by_speaker["speaker"].isna().tolist() == [True, True, False, False]


def test_scores_by_any_metadata_column_or_several():
    documents = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["x", None], "desk": ["f", "f"]})
    codings = coded(*TWO, documents=documents)
    outlets = fr.frame_scores(codings, by="outlet")
    assert outlets["outlet"].fillna("none").tolist() == ["x", "x", "none", "none"]
    assert outlets["words"].tolist() == [40, 40, 20, 20]
    desk = fr.frame_scores(codings, by="desk")
    assert desk[["words", "sentences", "hits"]].values.tolist() == [[60, 5, 2], [60, 5, 2]]
    both = fr.frame_scores(codings, by=["desk", "paragraph"])
    assert list(both.columns[:3]) == ["desk", "paragraph", "frame"]
    assert both["words"].tolist() == [30, 30, 20, 20, 10, 10]


def test_a_hit_whose_sentence_has_no_unit_of_its_voice_is_not_lost():
    codings = coded(*TWO)
    hits = codings.table.assign(voice=["quoted", *["narrator"] * (len(codings.table) - 1)])
    scores = quiet(fr.frame_scores, dataclasses.replace(codings, table=hits), by="voice")
    assert scores["hits"].sum() == 4
    assert scores.set_index(["voice", "frame"]).loc[("quoted", "ally"), ["words", "hits"]].tolist() == [0, 1]


def test_a_document_without_words_is_missing_not_zero_and_says_so():
    documents = pd.DataFrame({"doc_id": ["a", "b", "empty"]})
    with pytest.warns(FramingWarning, match=r"1 group has no words.*'empty'"):
        scores = fr.frame_scores(coded(*TWO, documents=documents))
    last = scores[scores["doc_id"] == "empty"]
    assert last["words"].tolist() == [0, 0]
    assert last[["rate", "low", "high", "coverage", "coverage_high", "share", "prominence"]].isna().all(axis=None)


def test_codings_of_nothing_give_an_empty_table():
    empty = coded(documents=pd.DataFrame({"doc_id": pd.Series([], dtype=object)}))
    scores = fr.frame_scores(empty)
    assert len(scores) == 0
    assert list(scores.columns) == list(fr.frame_scores(coded(*TWO)).columns)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "outlett"}, r"cannot be split by 'outlett'.*choose from 'doc_id'"),
        ({"by": "frame"}, r"every table has a row per frame anyway"),
        ({"by": []}, r"names no column"),
        ({"level": 1.0}, r"level must lie between 0 and 1"),
        ({"level": 95}, r"0.95 is usual"),
        ({"resamples": -1}, r"resamples must be 0"),
    ],
)
def test_options_that_cannot_be_used_are_refused(options, message):
    with pytest.raises(FramingError, match=message):
        fr.frame_scores(coded(*TWO), **options)


def test_two_coders_are_not_mixed():
    codings = coded({"doc": "a", "s": 0, "words": 5, "ally": [1.0]}, {"doc": "a", "s": 0, "words": 5, "coder": "you"})
    with pytest.raises(FramingError, match=r"2 coders"):
        fr.frame_scores(codings)
    scores = fr.frame_scores(codings, by=["doc_id", "coder"])
    assert scores[["coder", "frame", "hits"]].values.tolist() == [
        ["me", "ally", 1],
        ["me", "war", 0],
        ["you", "ally", 0],
        ["you", "war", 0],
    ]


sentence = st.fixed_dictionaries(
    {
        "doc": st.sampled_from("abc"),
        "s": st.integers(0, 4),
        "words": st.integers(0, 30),
        "p": st.integers(0, 3),
        "voice": st.sampled_from(["narrator", "quoted"]),
        "ally": st.lists(st.sampled_from([1.0, 2.0, -1.0]), max_size=3),
        "war": st.lists(st.sampled_from([1.0, 0.5]), max_size=2),
    }
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(sentence, min_size=1, max_size=14), st.sampled_from(["doc_id", "voice", ["doc_id", "voice"]]), st.randoms()
)
def test_order_of_rows_does_not_matter_and_bounds_hold_the_value(rows, by, random):
    codings = coded(*rows)
    scores = quiet(fr.frame_scores, codings, by, resamples=50)
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = quiet(fr.frame_scores, coded(*shuffled), by, resamples=50)
    keys = [by, "frame"] if isinstance(by, str) else [*by, "frame"]
    points = [
        "words",
        "sentences",
        "hits",
        "negated",
        "weighted",
        "rate",
        "coverage",
        "share",
        "coverage_low",
        "coverage_high",
    ]
    left, right = (t.sort_values(keys, ignore_index=True)[[*keys, *points]] for t in (scores, again))
    if len({(row["doc"], row["s"], row["p"]) for row in rows}) == len({(row["doc"], row["s"]) for row in rows}):
        pd.testing.assert_frame_equal(pd.DataFrame(left), pd.DataFrame(right))
    assert scores["hits"].sum() == (~codings.table["negated"].astype(bool)).sum()
    shares = scores.groupby(keys[:-1], sort=False)["share"].sum(min_count=1).dropna()
    assert np.allclose(shares, 1)
    for name, low, high in (
        ("rate", "low", "high"),
        ("coverage", "coverage_low", "coverage_high"),
        ("share", "share_low", "share_high"),
    ):
        known = scores[scores[name].notna()]
        assert (known[low] <= known[name] + 1e-12).all()
        assert (known[name] <= known[high] + 1e-12).all()
        assert (known[low] >= 0).all()


# Intervals ------------------------------------------------------------------------------------------------


def test_rate_interval_is_that_of_a_bootstrap_that_copies_sentences():
    rng = np.random.default_rng(4)
    words, hits = rng.integers(5, 30, 40), rng.poisson(1.2, 40)
    codings = coded(
        *(
            {"doc": "a", "s": s, "words": int(w), "ally": [1.0] * int(h)}
            for s, (w, h) in enumerate(zip(words, hits, strict=True))
        )
    )
    scores = fr.frame_scores(codings, resamples=20_000)
    drawn = rng.integers(40, size=(20_000, 40))
    copied = 1000 * hits[drawn].sum(axis=1) / words[drawn].sum(axis=1)
    tail = stats.norm.cdf(np.sqrt(40 / 39) * stats.t.ppf(0.025, 39))
    low, high = np.quantile(copied, [tail, 1 - tail])
    assert scores.loc[0, "low"] == pytest.approx(low, rel=0.03)
    assert scores.loc[0, "high"] == pytest.approx(high, rel=0.03)


def test_no_hit_has_the_upper_bound_of_jeffreys_and_no_interval_is_narrower():
    scores = fr.frame_scores(coded(*TWO)).set_index(["doc_id", "frame"])
    assert scores.loc[("b", "ally"), ["low", "high"]].tolist() == pytest.approx(
        [0.0, 1000 * stats.gamma.ppf(0.975, 0.5) / 20]
    )
    assert scores.loc[("b", "ally"), "share_high"] == pytest.approx(stats.beta.ppf(0.975, 0.5, 1.5))
    assert scores.loc[("b", "war"), "share_low"] == pytest.approx(stats.beta.ppf(0.025, 1.5, 0.5))
    assert scores.loc[("a", "war"), "high"] >= 1000 * stats.gamma.ppf(0.975, 1.5) / 40


def test_without_resamples_only_what_needs_none_has_bounds():
    scores = fr.frame_scores(coded(*TWO), resamples=0)
    assert scores["prominence_low"].isna().all()
    assert scores.loc[0, ["low", "high"]].tolist() == pytest.approx(
        (1000 * np.array(stats.gamma.ppf([0.025, 0.975], 2.5)) * 1.5 / 40).tolist()
    )


@pytest.mark.parametrize(("x", "n"), [(1, 9), (4, 9), (8, 9), (30, 200)])
def test_jeffreys_agrees_with_statsmodels(x, n):
    low, high = jeffreys(np.asarray(x), np.asarray(n), 0.9)
    assert (float(low), float(high)) == pytest.approx(proportion_confint(x, n, alpha=0.1, method="jeffreys"))


def test_jeffreys_at_the_edges():
    low, high = jeffreys(np.array([0.0, 5.0, 0.0]), np.array([5.0, 5.0, 0.0]), 0.95)
    assert low[0] == 0
    assert high[1] == 1
    assert np.isnan([low[2], high[2]]).all()
    assert jeffreys_count(np.array([0.0]), 0.95)[0].tolist() == [0.0]


def test_sentences_that_cluster_in_documents_are_worth_less():
    # Two documents all hit and two without: v = D/(D−1) Σ(x − p·m)²/(Σm)² with D = 4, m = 5, p = ½.
    inside = np.repeat([1, 0, 1, 0], 5)[:, None].astype(bool)
    document = np.repeat(np.arange(4), 5)
    low, high = clustered_jeffreys(inside, document, np.zeros(20, int), 1, 0.95)
    variance = 4 / 3 * 4 * 2.5**2 / 20**2
    worth = 0.25 / variance * (stats.norm.ppf(0.025) / stats.t.ppf(0.025, 3)) ** 2
    assert [low[0, 0], high[0, 0]] == pytest.approx(
        stats.beta.ppf([0.025, 0.975], worth / 2 + 0.5, worth / 2 + 0.5).tolist()
    )
    alone = clustered_jeffreys(inside, np.zeros(20, int), np.zeros(20, int), 1, 0.95)
    assert [float(b[0, 0]) for b in alone] == pytest.approx(proportion_confint(10, 20, method="jeffreys"))


def test_two_level_bootstrap_has_the_variance_it_should():
    rng = np.random.default_rng(0)
    sizes = rng.integers(3, 12, 8)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    values = rng.poisson(1.0, (sizes.sum(), 1)).astype(float)
    totals = resampling.two_level(values, first, 40_000, 1)[0]
    parts = np.split(values[:, 0], first[1:])
    between = len(parts) * np.var([part.sum() for part in parts])
    inside = sum(len(part) * np.var(part) for part in parts) / len(parts)
    assert totals.mean() == pytest.approx(values.sum(), rel=0.01)
    assert totals.var() == pytest.approx(between + inside, rel=0.05)


def test_one_document_as_a_group_is_the_sentence_bootstrap():
    documents = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["x", "y"]})
    codings = coded(*TWO, documents=documents)
    alone, grouped = fr.frame_scores(codings), fr.frame_scores(codings, by="outlet")
    pd.testing.assert_frame_equal(pd.DataFrame(alone.iloc[:, 1:]), pd.DataFrame(grouped.iloc[:, 1:]))


def test_percentiles_leave_undefined_values_out():
    sample = np.array([[3.0, np.nan, 1.0, 2.0], [np.nan] * 4])
    low, high = resampling.percentiles(sample, 0.5, np.asarray(10**9))
    assert low.tolist()[0] == pytest.approx(1.5)
    assert high.tolist()[0] == pytest.approx(2.5)
    assert np.isnan([low[1], high[1]]).all()


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(2)
    words = rng.integers(8, 40, (400, 17))
    hits = rng.negative_binomial(2.0, 2.0 / (2.0 + 0.5 * words / 24))
    rows = (
        {"doc": f"d{d}", "s": s, "words": int(words[d, s]), "ally": [1.0] * int(hits[d, s])}
        for d in range(400)
        for s in range(17)
    )
    scores = fr.frame_scores(coded(*rows), resamples=600)
    scores = scores[scores["frame"] == "ally"]
    truth = 1000 * 0.5 / 24
    chance = 1 - (2.0 / (2.0 + 0.5 * np.arange(8, 40) / 24)) ** 2.0
    assert 0.92 <= ((scores["low"] <= truth) & (truth <= scores["high"])).mean() <= 0.98
    assert (
        0.92 <= ((scores["coverage_low"] <= chance.mean()) & (chance.mean() <= scores["coverage_high"])).mean() <= 0.985
    )


def test_same_seed_same_bounds():
    rng = np.random.default_rng(0)
    codings = coded(
        *(
            {"doc": "a", "s": s, "words": int(rng.integers(5, 40)), "ally": [1.0] * int(rng.poisson(2))}
            for s in range(30)
        )
    )
    one, two, other = (fr.frame_scores(codings, random_state=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert one.loc[0, "low"] != other.loc[0, "low"]


# Frames that meet -----------------------------------------------------------------------------------------

MEETING = (
    {"doc": "a", "s": 0, "p": 0, "words": 5, "ally": [1.0], "war": [1.0]},
    {"doc": "a", "s": 1, "p": 0, "words": 5, "ally": [1.0]},
    {"doc": "a", "s": 2, "p": 1, "words": 5, "war": [1.0, -1.0]},
    {"doc": "a", "s": 3, "p": 2, "words": 5, "ally": [-1.0]},
    {"doc": "a", "s": 4, "p": 2, "words": 5},
)


def test_profile_by_hand():
    profile = fr.frame_profile(coded(*MEETING))
    assert profile[["frames", "n_frames", "units", "count", "share"]].values.tolist() == [
        ["none", 0, 5, 2, 0.4],
        ["ally", 1, 5, 1, 0.2],
        ["war", 1, 5, 1, 0.2],
        ["ally + war", 2, 5, 1, 0.2],
    ]
    assert profile["expected"].tolist() == pytest.approx([0.36, 0.24, 0.24, 0.16])
    assert profile.loc[0, ["share_low", "share_high"]].tolist() == pytest.approx(
        proportion_confint(2, 5, method="jeffreys")
    )
    paragraphs = fr.frame_profile(coded(*MEETING), unit="paragraph")
    assert dict(zip(paragraphs["frames"], paragraphs["count"], strict=True)) == {"none": 1, "war": 1, "ally + war": 1}


def test_cooccurrence_by_hand():
    table = fr.cooccurrence(coded(*MEETING), resamples=500)
    assert table[["frame", "other", "units", "n_frame", "n_other", "both", "expected", "ratio"]].values.tolist() == [
        ["ally", "war", 5, 2, 2, 1, 0.8, 1.25]
    ]
    assert table.loc[0, "phi"] == pytest.approx(np.corrcoef([1, 1, 0, 0, 0], [1, 0, 1, 0, 0])[0, 1])
    assert table.loc[0, "low"] <= 1.25 <= table.loc[0, "high"]
    documents = fr.cooccurrence(coded(*MEETING), unit="document", resamples=0)
    assert documents[["units", "both", "ratio"]].values.tolist() == [[1.0, 1.0, 1.0]]


def test_frames_that_never_meet_have_an_upper_bound():
    rows = [
        {"doc": "a", "s": s, "words": 5, "ally": [1.0] if s < 3 else [], "war": [1.0] if s > 8 else []}
        for s in range(12)
    ]
    table = fr.cooccurrence(coded(*rows))
    assert table.loc[0, ["ratio", "low"]].tolist() == [0.0, 0.0]
    assert table.loc[0, "high"] == pytest.approx(stats.beta.ppf(0.975, 0.5, 3.5) * 12 / 3)


def test_meeting_of_a_frame_that_does_not_occur_is_missing():
    table = fr.cooccurrence(coded({"doc": "a", "s": 0, "words": 4, "ally": [1.0]}, {"doc": "a", "s": 1, "words": 4}))
    assert table[["ratio", "low", "high", "phi"]].isna().all(axis=None)
    with pytest.raises(FramingError, match="needs two frames"):
        fr.cooccurrence(coded({"doc": "a", "s": 0, "words": 4}, frames=("ally",)))
    with pytest.raises(FramingError, match="unit 'line' is not known"):
        fr.frame_profile(coded(*TWO), unit="line")


def test_independent_frames_meet_as_often_as_chance():
    rng = np.random.default_rng(3)
    held = []
    for _ in range(120):
        a, b = rng.random((2, 60)) < 0.4
        rows = [
            {"doc": "a", "s": s, "words": 5, "ally": [1.0] * int(a[s]), "war": [1.0] * int(b[s])} for s in range(60)
        ]
        row = fr.cooccurrence(coded(*rows), resamples=300).iloc[0]
        held.append(row["low"] <= 1 <= row["high"] and row["phi_low"] <= 0 <= row["phi_high"])
    assert 0.88 <= np.mean(held) <= 1.0


# Time -----------------------------------------------------------------------------------------------------


def dated(days: list[str | None], counts: list[int], words: int = 100) -> fr.Codings:
    rows = [{"doc": f"d{i}", "s": 0, "words": words, "ally": [1.0] * n} for i, n in enumerate(counts)]
    documents = pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(days))], "date": days})
    return coded(*rows, documents=documents)


def test_timeline_points_are_scores_per_period_and_its_line_is_lowess():
    days = ["2018-01-05", "2018-01-25", "2018-02-10", "2018-03-10", "2018-04-10", "2018-05-10"]
    counts = [1, 3, 2, 4, 1, 5]
    line = fr.timeline(dated(days, counts), span=1.0, resamples=100)
    line = line[line["frame"] == "ally"]
    assert line["period"].tolist() == ["2018-01", "2018-02", "2018-03", "2018-04", "2018-05"]
    assert line["rate"].tolist() == [20.0, 20.0, 40.0, 10.0, 50.0]
    assert line["documents"].tolist() == [2, 1, 1, 1, 1]
    assert str(line["date"].iloc[0].date()) == "2018-01-15"
    x = (pd.to_datetime(pd.Series(days)) - pd.Timestamp(0)).dt.days.to_numpy(float)
    at = np.array([x[:2].mean(), *x[2:]])
    smooth = lowess(10.0 * np.array(counts), x, frac=1.0, it=0, xvals=at)
    assert line["smooth"].tolist() == pytest.approx(smooth.tolist())
    assert (line["smooth_low"] <= line["smooth"]).all()
    assert (line["smooth"] <= line["smooth_high"]).all()


def test_timeline_leaves_out_documents_without_a_date_and_says_so():
    codings = dated(["2018-01-05", "2018-02-05", "2018-03-05", None, "soon"], [1, 2, 1, 4, 4])
    with pytest.warns(FramingWarning, match=r"2 documents without a date.*not a date: 'soon'"):
        line = fr.timeline(codings, resamples=0, span=1)
    assert line["documents"].sum() == 2 * 3


def test_timeline_of_too_few_dates_has_points_but_no_line():
    with pytest.warns(FramingWarning, match="too few different dates"):
        line = fr.timeline(dated(["2018-01-05", "2018-02-05"], [1, 2]), resamples=10)
    assert line["rate"].notna().all()
    assert line["smooth"].isna().all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": "decade"}, "period 'decade' is not known"),
        ({"figure": "prominence"}, "timeline of 'prominence' cannot be drawn"),
        ({"span": 0}, "span must lie above 0"),
        ({"by": "nowhere"}, "cannot be split by 'nowhere'"),
    ],
)
def test_timeline_refuses(options, message):
    with pytest.raises(FramingError, match=message):
        fr.timeline(dated(["2018-01-05"], [1]), **options)


def test_timeline_needs_dates():
    with pytest.raises(FramingError, match="needs the column 'date'"):
        fr.timeline(coded(*TWO))
    with pytest.raises(FramingError, match="no document has a date"):
        fr.timeline(dated(["yesterday"], [1]))


@pytest.mark.parametrize("figure", ["coverage", "share"])
def test_smoothed_shares_stay_shares(figure):
    days = [f"2018-{month:02d}-10" for month in range(1, 9)]
    line = quiet(fr.timeline, dated(days, [0, 0, 1, 0, 3, 3, 3, 3]), figure=figure, resamples=60, span=0.6)
    known = line[["smooth", "smooth_low", "smooth_high"]].to_numpy()
    assert np.nanmin(known) >= 0
    assert np.nanmax(known) <= 1


# Tables ---------------------------------------------------------------------------------------------------


def test_a_table_prints_value_and_interval_in_one_cell():
    table = Table(
        {
            "frame": ["cold_war", "x"], "n": [72, 5], "rate": [8.379, np.nan], "low": [0.2, np.nan],
            "high": [18.67, np.nan], "effect": [0.3456, 1.2], "effect_low": [np.nan] * 2, "effect_high": [np.nan] * 2,
            "p": [0.00001, 0.25], "main": [True, False],
        }
    )  # fmt: skip
    assert table.readable().values.tolist() == [
        ["cold war", "72", "8.4 (0.2 to 18.7)", "0.35", "<.001", "yes"],
        ["x", "5", "–", "1.20", ".250", "no"],
    ]
    assert list(table.readable().columns) == ["frame", "n", "rate", "effect", "p", "main"]
    assert table["rate"].iloc[0] == 8.379


def test_a_table_in_html_is_escaped_and_captioned():
    table = Table({"doc_id": ["<b>"], "rate": [1.0]})
    table.attrs["caption"] = "a < b"
    page = table._repr_html_()
    assert "&lt;b&gt;" in page
    assert "a &lt; b" in page


def test_a_table_in_latex_has_booktabs_caption_label_and_escapes():
    text = fr.frame_scores(coded(*TWO)).to_latex(caption="Scores of two.", label="tab:two")
    assert all(
        part in text
        for part in (r"\toprule", r"\bottomrule", r"\caption{Scores of two.}", r"\label{tab:two}", r"doc\_id")
    )
    assert r"share\_low" not in text


def test_tables_survive_pandas_pickle_csv_and_parquet(tmp_path):
    scores = fr.frame_scores(coded(*TWO))
    assert isinstance(scores[scores["frame"] == "ally"], Table)
    assert pd.concat([scores, scores]).attrs["documents"] == scores.attrs["documents"]
    assert pickle.loads(pickle.dumps(scores)).equals(scores)
    pd.testing.assert_frame_equal(pd.DataFrame(scores), pd.DataFrame(scores.copy()))
    scores.to_csv(tmp_path / "s.csv", index=False)
    assert pd.read_csv(tmp_path / "s.csv")["rate"].tolist() == scores["rate"].tolist()
    scores.to_parquet(tmp_path / "s.parquet")
    assert pd.read_parquet(tmp_path / "s.parquet").attrs["documents"] == scores.attrs["documents"]
    json.dumps(scores.attrs)


def test_shared_metadata_is_handed_on_not_copied():
    facts = Shared({"a": [1, 2]})
    assert copy.deepcopy(facts) is facts


def test_the_shipped_article(article, codebook):
    scores = fr.frame_scores(fr.code(article, codebook))
    assert scores["words"].unique().tolist() == [358]
    assert scores.set_index("frame")["hits"].idxmax() == "alliance"


def test_figures_show_what_the_tables_say():
    line = fr.timeline(
        dated(["2018-01-05", "2018-02-05", "2018-03-05", "2018-04-05"], [1, 2, 1, 3]), resamples=30, span=1
    )
    ax = fr.plot.timeline(line, frames="ally", labels={"ally": "التحالف"})
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["التحالف"]
    with pytest.raises(FramingError, match="no frame 'aly'"):
        fr.plot.timeline(line, frames="aly")
    meeting = fr.cooccurrence(coded(*MEETING), resamples=50)
    ax = fr.plot.cooccurrence(meeting)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["ally × war"]
    assert "1 / 0.8" in [text.get_text() for text in ax.texts]
    never = fr.cooccurrence(coded({"doc": "a", "s": 0, "words": 4, "ally": [1.0]}, {"doc": "a", "s": 1, "words": 4}))
    assert "no evidence" in [text.get_text() for text in fr.plot.cooccurrence(never).texts]
    with pytest.raises(FramingError, match=r"plot.cooccurrence needs the columns"):
        fr.plot.cooccurrence(line)
