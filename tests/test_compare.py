"""Comparison: against scipy, statsmodels and hand computation, under the null, and with references that say nothing."""

from __future__ import annotations

import dataclasses
import itertools
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings, strategies as st
from scipy import stats
from statsmodels.discrete.discrete_model import NegativeBinomial

import framing as fr
from framing.cli import main
from framing.coding.sketches import clusters, sketches
from framing.compare import inference
from framing.compare.compare import adjusted
from framing.compare.fixed_effects import permutation_within, within
from framing.compare.reference import choose, documents_of, in_words
from framing.compare.shrinkage import gamma_poisson
from framing.compare.standing import standing
from framing.errors import FramingError, FramingWarning
from framing.language import tokenise

ROOT = Path(__file__).parents[1]


def table(rates: list[float], *, words: int | list[int] = 200, frame: str = "a", **columns: Any) -> pd.DataFrame:
    """Make a table of scores by hand; document 0 is the focal one."""
    n = len(rates)
    spread = np.array(rates) / 4
    return pd.DataFrame(
        {
            "doc_id": [f"d{i}" for i in range(n)], "frame": frame, "words": words, "rate": rates,
            "low": np.array(rates) - spread, "high": np.array(rates) + spread, **columns,
        }
    )  # fmt: skip


def quiet(*args: Any, **kwargs: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FramingWarning)
        return fr.compare(*args, **kwargs)


SCORES = [9.0, 1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 9.0, 10.0, 12.0, 20.0]


# Values ---------------------------------------------------------------------------------------------------


def test_percentile_is_scipys_mean_rank():
    place = quiet(table(SCORES), "d0").iloc[0]
    assert place["percentile"] == pytest.approx(stats.percentileofscore(SCORES[1:], 9.0, kind="mean"))


def test_reference_figures_and_difference_by_hand():
    place = quiet(table(SCORES), "d0").iloc[0]
    others = np.array(SCORES[1:])
    assert place["n"] == 10
    assert place[["value", "low", "high"]].tolist() == [9.0, 6.75, 11.25]
    assert place[["reference_mean", "reference_sd", "reference_median"]].tolist() == pytest.approx(
        [7.2, others.std(ddof=1), 6.5]
    )
    assert place["difference"] == pytest.approx(1.8)
    assert place["effect"] == pytest.approx(1.8 / others.std(ddof=1))
    for name in ("percentile", "difference", "effect"):
        assert place[f"{name}_low"] <= place[name] <= place[f"{name}_high"]


def test_effect_of_a_group_is_hedges_g():
    place = quiet(table(SCORES), ["d0", "d7", "d10"]).iloc[0]
    focal, others = np.array([9.0, 9.0, 20.0]), np.array([1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 10.0, 12.0])
    pooled = np.sqrt((2 * focal.var(ddof=1) + 7 * others.var(ddof=1)) / 9)
    assert place["effect"] == pytest.approx((focal.mean() - others.mean()) / pooled * (1 - 3 / (4 * 9 - 1)))
    assert place["percentile"] == pytest.approx(100 * stats.mannwhitneyu(focal, others).statistic / 24)
    assert place["focal"] == "3 documents"


@pytest.mark.parametrize("k", [1, 3])
def test_permutation_p_is_that_of_all_exchanges(k):
    x, y = np.array(SCORES[:k]) + 6, np.array(SCORES[k:])
    pooled = np.concatenate([x, y])
    differences = [
        np.mean(part) - np.mean(np.delete(pooled, rows))
        for rows in itertools.combinations(range(11), k)
        for part in [pooled[list(rows)]]
    ]
    above, below = (np.mean(sign * np.array(differences) >= sign * (x.mean() - y.mean()) - 1e-9) for sign in (1, -1))
    assert inference.permutation_p(x, y, 9_999, 0) == pytest.approx(2 * min(above, below))
    if k > 1:
        test = stats.permutation_test((x, y), lambda a, b: a.mean() - b.mean(), vectorized=False)
        assert inference.permutation_p(x, y, 9_999, 0) == pytest.approx(test.pvalue)


def test_bh_by_hand():
    assert adjusted(np.array([0.01, 0.02, 0.03, 0.5])).tolist() == pytest.approx([0.04, 0.04, 0.04, 0.5])
    scores = pd.concat([table(SCORES, frame=frame) for frame in "abc"])
    assert quiet(scores, "d0")["p_adjusted"].tolist() == quiet(table(SCORES), "d0")["p"].tolist() * 3


def test_shrinkage_is_the_negative_binomial_of_statsmodels():
    rng = np.random.default_rng(5)
    words = rng.integers(80, 900, 300).astype(float)
    hits = rng.poisson(rng.gamma(2.0, 4 / 1000, 300) * words).astype(float)
    prior = gamma_poisson(1000 * hits / words, words)
    fitted = NegativeBinomial(hits, np.ones((300, 1)), exposure=words).fit(disp=0)
    assert prior.shape == pytest.approx(1 / fitted.params[1], rel=0.01)
    assert prior.shape / prior.words == pytest.approx(np.exp(fitted.params[0]), rel=0.01)
    assert prior.shrink(np.array([10.0]), np.array([300.0]))[0] == pytest.approx(
        1000 * (3 + prior.shape) / (300 + prior.words)
    )


def test_documents_that_differ_by_chance_alone_shrink_to_the_mean():
    rng = np.random.default_rng(6)
    words = np.full(200, 250.0)
    rate = 1000 * rng.poisson(2.0, 200) / words
    shrunk = gamma_poisson(rate, words).shrink(rate, words)
    assert np.ptp(shrunk) < 0.1 * np.ptp(rate)
    assert gamma_poisson(np.zeros(5), np.full(5, 100.0)).shrink(np.zeros(1), np.ones(1)).tolist() == [0.0]


def test_a_short_text_with_one_hit_does_not_rank_first():
    rates = [1000 / 20, *[20.0, 22.0, 25.0, 30.0] * 6]
    place = quiet(table(rates, words=[20, *[2_000] * 24]), "d0").iloc[0]
    assert place["value"] == 50.0
    assert place["shrunk"] < 30
    assert place["percentile"] < 100


def test_fixed_effects_are_those_of_statsmodels():
    rng = np.random.default_rng(7)
    event = np.repeat(list("uvwxy"), [2, 5, 5, 8, 10])
    score = rng.gamma(2, 5, 30) + 4 * (event == "y")
    for focal in (["d29"], ["d1", "d8", "d29", "d25"]):
        data = pd.DataFrame({"y": score, "focal": [float(f"d{i}" in focal) for i in range(30)], "event": event})
        fitted = smf.ols("y ~ focal + C(event)", data).fit()
        place = quiet(table(score.tolist(), event=event), focal, fixed_effects="event", figure="rate").iloc[0]
        low, high = fitted.conf_int().loc["focal"]
        assert place[["difference", "difference_low", "difference_high"]].tolist() == pytest.approx(
            [fitted.params["focal"], low, high]
        )
        assert place["effect"] == pytest.approx(fitted.params["focal"] / np.sqrt(fitted.mse_resid))


def test_one_article_with_fixed_effects_is_compared_with_its_own_event():
    scores = table([9.0, 4.0, 6.0, 100.0, 101.0, 99.0], event=["u", "u", "u", "v", "v", "v"])
    place = quiet(scores, "d0", fixed_effects="event").iloc[0]
    assert place["difference"] == pytest.approx(4.0)
    assert place["reference"] == "all other documents, within event"


@pytest.mark.parametrize("k", [1, 4])
def test_standing_is_the_t_test_and_crawford_and_howells(k):
    rng = np.random.default_rng(8)
    scores = rng.normal(10, 3, (20, 3))
    focal = np.arange(20) < k
    found = standing(scores, focal, 0.9)
    if k > 1:
        test = stats.ttest_ind(scores[focal], scores[~focal])
        interval = test.confidence_interval(0.9)
        assert found.low.tolist() == pytest.approx(interval.low.tolist())
        assert found.high.tolist() == pytest.approx(interval.high.tolist())
        assert found.p.tolist() == pytest.approx(test.pvalue.tolist())
        return
    others = scores[1:]
    half = stats.t.ppf(0.95, 18) * others.std(axis=0, ddof=1) * np.sqrt(20 / 19)
    assert found.low.tolist() == pytest.approx((scores[0] - others.mean(axis=0) - half).tolist())
    assert found.percentile.tolist() == pytest.approx(
        [stats.percentileofscore(others[:, i], scores[0, i], "mean") for i in range(3)]
    )
    assert found.p.tolist() == pytest.approx(
        [inference.permutation_p(scores[:1, i], others[:, i], 0, 0) for i in range(3)]
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 80), min_size=5, max_size=30), st.integers(50, 900))
def test_whatever_the_scores_the_figures_keep_their_range(rates, words):
    place = quiet(table(rates, words=words), "d0", resamples=200).iloc[0]
    assert 0 <= place["percentile_low"] <= place["percentile"] <= place["percentile_high"] <= 100
    assert 0 < place["p"] <= 1
    assert place["difference_low"] <= place["difference"] <= place["difference_high"]
    assert place["difference"] == pytest.approx(rates[0] - np.mean(rates[1:]), abs=1e-6)


# Chance ---------------------------------------------------------------------------------------------------


def null_p(kind: str, repeats: int) -> np.ndarray:
    rng = np.random.default_rng(9)
    found = []
    for _ in range(repeats):
        words = rng.integers(80, 600, 39).astype(float)
        rate = 1000 * rng.poisson(rng.gamma(2, 4 / 1000, 39) * words) / words + rng.random(39) / 1000
        stratum, focal = np.arange(39) % 4, (np.arange(39) < 9).astype(float)
        if kind == "single":
            found.append(inference.permutation_p(rate[:1], rate[1:], 0, 0))
        elif kind == "single shrunk":
            shrunk = gamma_poisson(rate, words).shrink(rate, words)
            found.append(inference.permutation_p(shrunk[:1], shrunk[1:], 0, 0))
        elif kind == "group":
            found.append(inference.permutation_p(rate[:9], rate[9:], 199, int(rng.integers(10**6))))
        elif kind == "single within":
            found.append(permutation_within(rate, (np.arange(39) == 0).astype(float), stratum, 0, 0))
        else:
            found.append(permutation_within(rate, focal, stratum, 199, int(rng.integers(10**6))))
    return np.array(found)


@pytest.mark.parametrize(
    ("kind", "repeats"),
    [("single", 800), ("single shrunk", 150), ("group", 500), ("single within", 800), ("group within", 500)],
)
def test_p_is_uniform_when_nothing_differs(kind, repeats):
    p = null_p(kind, repeats)
    cuts = np.array([0.06, 0.11, 0.26, 0.52, 0.77])
    # The exact p of one document among 39 comes in steps of 2/39.
    expected = np.floor(cuts * 39 / 2) * 2 / 39 if kind.startswith("single") else cuts
    reached = np.array([(p <= cut).mean() for cut in cuts])
    assert (np.abs(reached - expected) < 3.2 * np.sqrt(expected * (1 - expected) / repeats)).all()


def test_the_interval_of_a_difference_holds_it():
    rng = np.random.default_rng(10)
    held = 0
    for _ in range(200):
        hits = rng.binomial(30, 0.3, 31)
        low, high = (stats.beta.ppf(q, hits + 0.5, 30.5 - hits) for q in (0.025, 0.975))
        scores = table(SCORES[:1] * 31, coverage=hits / 30, coverage_low=low, coverage_high=high)
        place = fr.compare(scores, "d0", figure="coverage", resamples=400, random_state=int(rng.integers(10**6))).iloc[
            0
        ]
        held += place["difference_low"] <= 0 <= place["difference_high"]
    assert 0.92 <= held / 200 <= 0.985


# Who is compared with whom --------------------------------------------------------------------------------

PEOPLE = pd.DataFrame(
    {
        "doc_id": ["d0", "d1", "d2", "d3", "d4"],
        "words": [100, 120, 90, 300, 40],
        "event": ["u", "u", "v", "u", None],
        "year": [2016, "2016", 2017, 2018, None],
        "date": ["2016-01-02", "2016-12-31", "2017-05-05", "2018-01-01", None],
    }
)


@pytest.mark.parametrize(
    ("reference", "length", "ids", "label"),
    [
        (None, None, ["d1", "d2", "d3", "d4"], "all other documents"),
        ({"event": "u"}, None, ["d1", "d3"], "event = u"),
        ({"event": ["u", "v"]}, None, ["d1", "d2", "d3"], "event = u or v"),
        ("event", None, ["d1", "d3"], "same event: event = u"),
        (["event", "year"], None, ["d1"], "same event and year: event = u, year = 2016"),
        ({"year": 2016}, None, ["d1"], "year = 2016"),
        ({"year": (2016, 2017)}, None, ["d1", "d2"], "year from 2016 to 2017"),
        ({"year": (None, 2016)}, None, ["d1"], "year to 2016"),
        ({"date": (None, "2016")}, None, ["d1"], "date to 2016"),
        ({"date": ("2017", None)}, None, ["d2", "d3"], "date from 2017"),
        (None, 1.5, ["d1", "d2"], "all other documents, 67 to 150 words"),
        ({"doc_id": ["d0", "d3"]}, None, ["d3"], "doc_id = d0 or d3"),
        (fr.Corpus([fr.Document(id="d2", text="")], name="other"), None, ["d2"], "corpus other"),
    ],
)
def test_references(reference, length, ids, label):
    chosen = choose(PEOPLE, "d0", reference, length)
    assert PEOPLE.loc[chosen.reference, "doc_id"].tolist() == ids
    assert chosen.reference_label.startswith(label)


def test_the_article_itself_may_be_given():
    assert choose(PEOPLE, fr.Document(id="d1", text=""), None, None).focal_label == "d1"


def test_a_group_is_chosen_by_its_metadata_and_is_not_in_its_reference():
    chosen = choose(PEOPLE, {"event": "u"}, None, None)
    assert (chosen.focal_label, PEOPLE.loc[chosen.reference, "doc_id"].tolist()) == ("event = u", ["d2", "d4"])


@pytest.mark.parametrize(
    ("focal", "reference", "length", "message"),
    [
        ("d9", None, None, r"no document 'd9'.*score the article together with the others"),
        ("d00", None, None, r"did you mean 'd0'"),
        ([], None, None, r"no document an empty list"),
        ({"event": "z"}, None, None, r"no document has event = z"),
        ("d0", {"event": "z"}, None, r"no document is left to compare with \(event = z\).*event='u'"),
        ("d0", ["d1", "d2"], None, r"no column 'd1', it is the id of one; .* give \{'doc_id': \[ids\]\}"),
        ("d0", {"evnt": "u"}, None, r"no column 'evnt' \(did you mean 'event'\?\)"),
        ("d4", "event", None, r"the focal document has no 'event'"),
        ("d0", None, 0.5, r"length must be a factor above 1"),
        ("d0", None, 1.001, r"no document is left"),
    ],
)
def test_choices_that_cannot_be_made_name_the_cure(focal, reference, length, message):
    with pytest.raises(FramingError, match=message):
        choose(PEOPLE, focal, reference, length)


def test_metadata_come_from_the_scores_the_corpus_or_the_columns():
    scores = table(SCORES)
    corpus = fr.Corpus(fr.Document(id=f"d{i}", text="x", event="u" if i < 4 else "v") for i in range(11))
    assert quiet(scores, "d0", reference="event", documents=corpus)["n"].tolist() == [3]
    assert quiet(scores, "d0", reference="event", documents=corpus.to_pandas())["n"].tolist() == [3]
    scores.attrs["documents"] = {"doc_id": list(corpus.ids), "event": ["u"] * 2 + ["v"] * 9}
    assert quiet(scores, "d0", reference="event")["n"].tolist() == [1]
    assert quiet(table(SCORES, event=["u"] * 5 + ["v"] * 6), "d0", reference="event")["n"].tolist() == [4]
    assert "rate" not in documents_of(table(SCORES, event="u"), None)
    with pytest.raises(FramingError, match="documents= needs the column 'doc_id'"):
        fr.compare(scores, "d0", documents=pd.DataFrame({"id": [1]}))


def test_conditions_in_words():
    assert in_words({"date": (None, "2016"), "outlet": {"x"}}) == "date to 2016, outlet = x"


# Input that says little -----------------------------------------------------------------------------------


def test_a_reference_of_one_has_a_difference_and_nothing_else():
    with pytest.warns(FramingWarning, match="among 1 documents"):
        place = fr.compare(table([9.0, 4.0]), "d0").iloc[0]
    assert place[["n", "difference"]].tolist() == [1, 5.0]
    assert place[["percentile", "effect", "p", "p_adjusted", "difference_low", "reference_sd"]].isna().all()


def test_a_reference_of_five_has_wide_figures_and_a_warning():
    with pytest.warns(
        FramingWarning, match=r"percentile among 5 documents \(all other documents\) is not meaningful; 20 or more"
    ):
        place = fr.compare(table([9.0, 4.0, 5.0, 6.0, 7.0, 8.0]), "d0").iloc[0]
    assert place["percentile"] == 100
    assert place["percentile_low"] < 70
    assert place["p"] == pytest.approx(2 / 6)


def test_twenty_documents_need_no_warning():
    assert fr.compare(table([30.0, *range(20)]), "d0")["n"].tolist() == [20]


def test_scores_that_are_all_equal():
    with pytest.warns(FramingWarning, match=r"same coverage for 'a': no effect"):
        place = fr.compare(table([0.0] * 25, coverage=0.5), "d0", figure="coverage").iloc[0]
    assert place[["percentile", "difference", "p"]].tolist() == [50.0, 0.0, 1.0]
    assert np.isnan(place["effect"])


def test_a_missing_focal_score_gives_a_missing_row():
    with pytest.warns(FramingWarning, match=r"the focal document has no share for 'a' \(no evidence\)"):
        place = fr.compare(table(SCORES * 3, share=[np.nan, *[0.5, 0.4] * 16]), "d0", figure="share").iloc[0]
    assert place["n"] == 32
    assert place[["value", "percentile", "difference", "p"]].isna().all()


def test_all_scores_missing():
    with pytest.warns(FramingWarning, match="no reference document has a share"):
        place = fr.compare(table(SCORES, share=np.nan), "d0", figure="share").iloc[0]
    assert place["n"] == 0
    assert place[["value", "percentile", "difference", "p"]].isna().all()


def test_missing_reference_scores_are_left_out():
    assert fr.compare(table(SCORES * 3, share=[0.9, np.nan, *[0.5, 0.4] * 15, 0.1]), "d0", figure="share")[
        "n"
    ].tolist() == [31]


def test_groups_of_one_document_are_that_document():
    one, group = quiet(table(SCORES), "d0"), quiet(table(SCORES, event=["u", *["v"] * 10]), {"event": "u"})
    pd.testing.assert_frame_equal(pd.DataFrame(one.drop(columns="focal")), pd.DataFrame(group.drop(columns="focal")))


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"figure": "rat"}, r"figure 'rat' is not known \(did you mean 'rate'\?\)"),
        ({}, {"figure": "coverage"}, r"'coverage' is missing; use fr.frame_scores\(codings, by=\"doc_id\"\)"),
        ({}, {"fixed_effects": "event"}, r"the documents have no column 'event'"),
        (
            {"event": ["u", *["v"] * 10]},
            {"fixed_effects": "event"},
            r"no other document has the focal document's event",
        ),
        ({}, {"level": 2}, r"level must lie between"),
    ],
)
def test_comparisons_that_cannot_be_made(change, options, message):
    with pytest.raises(FramingError, match=message):
        fr.compare(table(SCORES, **change), "d0", **options)


def test_tables_that_are_not_scores_per_document():
    with pytest.raises(FramingError, match="'doc_id', 'frame', 'rate' is missing"):
        fr.compare(pd.DataFrame({"outlet": ["x"]}), "d0")
    with pytest.raises(FramingError, match="document 'd0' has several rows"):
        fr.compare(pd.concat([table(SCORES), table(SCORES)]), "d0")


def test_fixed_effects_without_a_stratum_are_left_out():
    scores = table(SCORES, event=["u", "u", "u", "v", "v", "v", "v", None, None, "u", "v"])
    assert quiet(scores, "d0", fixed_effects="event")["n"].tolist() == [8]
    assert np.isnan(within(np.ones(4), np.array([1.0, 1, 0, 0]), np.array([0, 0, 1, 1]), 0.95).difference)


def test_scores_without_intervals_are_taken_as_exact():
    place = quiet(table(SCORES).drop(columns=["low", "high"]), "d0").iloc[0]
    assert np.isnan(place["low"])
    assert place["difference_low"] < place["difference"] < place["difference_high"]


# On texts -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def codings(article, related, codebook) -> fr.Codings:
    return fr.code(related.with_document(article), codebook)


@pytest.fixture(scope="module")
def scores(codings) -> pd.DataFrame:
    return fr.frame_scores(codings)


def test_the_article_against_related_coverage(scores, article):
    place = fr.compare(scores, article.id)
    assert place["frame"].tolist() == ["alliance", "cold_war", "us_pressure"]
    assert place["n"].tolist() == [72] * 3
    assert place.loc[0, "percentile"] > 90
    assert place.loc[0, "difference_low"] > 0
    again = fr.compare(scores.sample(frac=1, random_state=1), article.id).set_index("frame").loc[place["frame"]]
    assert again["difference"].tolist() == pytest.approx(place["difference"].tolist())
    json.dumps(place.attrs)


def test_by_voice_every_voice_is_compared_with_itself(codings, article):
    place = quiet(fr.frame_scores(codings, by=["doc_id", "voice"], resamples=200), article.id, resamples=200)
    assert list(place.columns[:3]) == ["focal", "voice", "frame"]
    assert len(place) == 3 * place["voice"].nunique()


def test_influence_by_hand():
    texts = {"a": "تعاون وتعاون وصداقة", "b": "خبر عن لقاء جديد", "c": "صداقة في خبر آخر"}
    corpus = fr.Corpus(fr.Document(id=name, text=text) for name, text in texts.items())
    codings = fr.code(corpus, fr.Codebook.from_dict({"alliance": ["تعاون", "صداقة"]}))
    found = fr.entry_influence(codings, focal="a")
    assert found[["entry", "hits_focal", "hits_reference", "share_focal"]].values.tolist() == [
        ["تعاون", 2, 0, 2 / 3],
        ["صداقة", 1, 1, 1 / 3],
    ]
    # Rates: a 1000, b 0, c 250; without تعاون a 333; without صداقة a 667, c 0.
    assert found["difference"].tolist() == pytest.approx([875.0, 875.0])
    assert found["difference_without"].tolist() == pytest.approx([1000 / 3 - 125, 2000 / 3])
    assert found["influence"].tolist() == pytest.approx([2000 / 3, 875 - 2000 / 3])
    assert not found["decisive"].any()


def test_an_entry_on_which_the_conclusion_hangs_is_flagged():
    texts = {"a": "تعاون " + "خبر " * 9, **{f"d{i}": "صداقة " + "خبر " * 38 + str(i) for i in range(5)}}
    corpus = fr.Corpus(fr.Document(id=name, text=text) for name, text in texts.items())
    codings = fr.code(corpus, fr.Codebook.from_dict({"alliance": ["تعاون", "صداقة"]}))
    found = fr.entry_influence(codings, focal="a").set_index("entry")
    assert found["decisive"].to_dict() == {"تعاون": True, "صداقة": False}


def test_influence_refuses():
    codings = fr.code(fr.Document(id="a", text="تعاون"), fr.Codebook.from_dict({"alliance": ["تعاون"]}))
    with pytest.raises(FramingError, match="no document is left to compare with"):
        fr.entry_influence(codings, focal="a")
    two = dataclasses.replace(codings, units=pd.concat([codings.units, codings.units.assign(coder="x")]))
    with pytest.raises(FramingError, match="2 coders"):
        fr.entry_influence(two, focal="a")


# Copies --------------------------------------------------------------------------------------------------


WORDS = [a + b for a in "بتثجحخدذرزسشصضطظعغفقكلمنه" for b in ("اب", "ارة", "يد", "وع", "يمة", "الم")]
BOOK = {"alliance": ["تعاون"]}


def report(seed: int, sentences: int = 10) -> list[str]:
    """Return the sentences of a report, of 12 words each; of another seed they are others."""
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, 11)) + (" تعاون." if n % 3 else " خبر.") for n in range(sentences)]


def of_texts(texts: list[str], **metadata: list[Any]) -> fr.Corpus:
    return fr.Corpus(
        fr.Document(id=f"d{n}", text=text, **{name: values[n] for name, values in metadata.items()})
        for n, text in enumerate(texts)
    )


def said(call: Any) -> list[str]:
    """Return what a call says of copies."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert all(note.filename == __file__ for note in caught), "a warning points to the caller"
    return [str(note.message) for note in caught if "near-copies" in str(note.message)]


def test_sixty_copies_beside_72_documents_are_told_by_every_comparison():
    wire = " ".join(report(0))
    corpus = of_texts([" ".join(report(1000)), *(" ".join(report(n)) for n in range(1, 73)), *[wire] * 60])
    book = fr.Codebook.from_dict(BOOK)
    codings = fr.code(corpus, book)
    # 132 documents; 132² / (60² + 72 · 1²) = 4.745
    expected = (
        "(all other documents) has 132 documents but only 73 different ones; copies and near-copies (the largest "
        "group: 60) leave it worth 4.7 documents, so intervals and p claim too much; fr.deduplicate(corpus) keeps the "
        "earliest of each"
    )
    scores = fr.frame_scores(codings, resamples=0)
    curve = {"margins": ["default", "strict"], "voices": ["all"], "halves": 1}
    for call in (
        lambda: fr.compare(scores, "d0", resamples=9),
        lambda: fr.compare(scores[scores["frame"] == "alliance"], "d0", resamples=9),
        lambda: fr.compare(fr.frame_scores(codings, ["doc_id", "voice"], resamples=0), "d0", resamples=9),
        lambda: fr.compare(pd.DataFrame(scores.to_dict("list")), "d0", documents=corpus, resamples=9),
        lambda: fr.entry_influence(codings, focal="d0"),
        lambda: fr.specification_curve(corpus, book, focal="d0", **curve),
    ):
        assert said(call) == [f"the reference {expected}"]
    of_words = said(lambda: fr.keyness(corpus["d0"], corpus, resamples=9))
    assert of_words == [f"the reference {expected}".replace(" (all other documents)", "")]
    once = fr.deduplicate(corpus)
    assert len(once) == 74
    assert not said(lambda: fr.compare(fr.frame_scores(fr.code(once, book), resamples=0), "d0", resamples=9))


def test_only_the_documents_compared_count_and_a_group_is_a_side_too():
    wire = " ".join(report(0))
    texts = [*(" ".join(report(n)) for n in range(1, 41)), *[wire] * 5]
    corpus = of_texts(texts, outlet=["a"] * 20 + ["b"] * 20 + ["c"] * 5)
    scores = fr.frame_scores(fr.code(corpus, fr.Codebook.from_dict(BOOK)), resamples=0)

    def compared(focal: Any, reference: Any) -> list[str]:
        return said(lambda: fr.compare(scores, focal, reference=reference, resamples=9))

    assert compared("d0", {"outlet": ["a", "b"]}) == []
    assert compared({"outlet": "a"}, {"outlet": "b"}) == []
    (of_group,) = compared({"outlet": "c"}, {"outlet": "a"})
    assert of_group.startswith("the focal group (outlet = c) has 5 documents but only 1 different ones")
    # 39 single documents and 5 copies: 44² / (39 + 25) = 30.25 of 44
    assert "has 44 documents but only 40 different ones" in compared("d0", None)[0]
    assert "worth 30.2 documents" in compared("d0", None)[0]


def test_one_pair_among_twenty_is_no_inflation_and_among_ten_it_is():
    for n, warned in ((20, False), (10, True)):  # 20² / (18 + 4) = 18.2 of 20; 10² / (8 + 4) = 8.3 of 10
        texts = [" ".join(report(seed)) for seed in range(n)]
        corpus = of_texts([*texts, texts[1]])
        scores = fr.frame_scores(fr.code(corpus, fr.Codebook.from_dict(BOOK)), resamples=0)
        assert bool(said(lambda s=scores: fr.compare(s, "d0", resamples=9))) is warned


def test_a_sentence_changed_added_or_cut_leaves_a_copy():
    wire, other = report(0), report(1)
    near = [
        wire,
        [*wire[:4], other[4], *wire[5:]],
        [other[0], *wire],
        wire[:-2],
        ["(وكالات) " + wire[0].replace("ا", "أ"), *wire[1:]],
    ]
    texts = [" ".join(part) for part in near]
    assert clusters(sketches(tokenise([*texts, " ".join(other)]))).tolist() == [0, 0, 0, 0, 0, 1]
    table = fr.near_duplicates(of_texts([*texts, " ".join(other)]))
    assert sorted(table["doc_id"]) == ["d0", "d1", "d2", "d3", "d4"], "fr.deduplicate takes the same for copies"


def test_short_texts_that_are_alike_are_no_copies_and_verbatim_ones_are():
    days = ("الأحد", "الاثنين", "الثلاثاء")
    texts = [f"قال الوزير في بيان صدر يوم {day} إن التعاون بين البلدين مستمر." for day in days]
    repeated = ["تعاون " * n + "خبر " * (60 - n) for n in range(3, 8)]
    empty = ["", "…", "!"]
    assert clusters(sketches(tokenise([*texts, *repeated, *empty]))).tolist() == list(range(11))
    assert clusters(sketches(tokenise([texts[0], texts[1], texts[0].replace(" ", "  ")]))).tolist() == [0, 1, 0]


def test_documents_without_a_sketch_are_like_nothing_else():
    sketch = sketches(tokenise(["تعاون جديد"]))[0]
    assert clusters([None, sketch, "", float("nan"), sketch, "another format"]).tolist() == [0, 1, 2, 3, 1, 4]
    assert clusters([]).tolist() == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("اب ت.\n\ud800", max_size=30), max_size=8), st.integers(0, 7))
def test_a_sketch_depends_on_its_own_text_only(texts, row):
    together = sketches(tokenise(texts))
    assert together == [sketches(tokenise([text]))[0] for text in texts]
    found = clusters(together)
    words = [tuple(fr.language.key(word) for word in text.replace(".", " ").split()) for text in texts]
    for a, b in itertools.combinations(range(len(texts)), 2):
        if words[a] and words[a] == words[b] and "\ud800" not in texts[a] + texts[b]:
            assert found[a] == found[b]


def test_copies_are_found_among_many_and_independent_texts_are_left_alone():
    texts = [" ".join(report(seed, 5)) for seed in range(2000)]
    edited = [" ".join([*report(seed, 5)[:4], *report(seed + 5000, 1)]) for seed in range(0, 2000, 20)]
    found = clusters(sketches(tokenise([*texts, *edited])))
    assert len(set(found[:2000].tolist())) == 2000
    # One sentence of five is another: runs of three words alike 46 of 70 (0.66), estimated with an error of 0.08.
    alike = found[2000:] == found[:2000:20]
    assert set(found[2000:][~alike].tolist()).isdisjoint(found[:2000].tolist())
    assert alike.mean() > 0.6


def test_the_teaching_corpus_has_no_copies(related):
    known = sketches(tokenise([document.text for document in related]))
    assert len(set(clusters(known).tolist())) == len(related) == 72


def test_sketches_are_no_metadata_and_survive_choosing_and_joining(tmp_path):
    wire = " ".join(report(0))
    corpus = of_texts([" ".join(report(1)), wire, wire], outlet=["a", "b", "b"])
    book = fr.Codebook.from_dict(BOOK)
    codings = fr.code(corpus, book)
    scores = fr.frame_scores(codings, resamples=0)
    assert "text_sketch" not in {*scores.columns, *scores.attrs["documents"], *fr.kwic(corpus, "تعاون").columns}
    for by in ("text_sketch", "txt_sketch"):
        with pytest.raises(FramingError, match="cannot be split by") as refused:
            fr.frame_scores(codings, by=by)
        assert "text_sketch'," not in str(refused.value).split("choose from")[1]
    with pytest.raises(FramingError, match="no column 'sketch'") as refused:
        fr.compare(scores, "d0", reference={"sketch": 1})
    assert "text_sketch" not in str(refused.value)
    parts = [fr.code(corpus.where(outlet=outlet), book) for outlet in "ab"]
    expected = codings.documents["text_sketch"].tolist()
    assert fr.Codings.concat(parts).documents["text_sketch"].tolist() == expected
    assert codings.where(outlet="b").documents["text_sketch"].tolist() == expected[1:]
    assert fr.code(corpus, book, batch=1).documents["text_sketch"].tolist() == expected
    file = fr.write_corpus(corpus, tmp_path / "c.parquet")
    out = fr.code_dataset(file, book, tmp_path / "out", rows_per_partition=2, workers=0)
    assert fr.read_codings(out).documents["text_sketch"].tolist() == expected
    assert fr.dataset_scores(out, resamples=0).attrs["sketches"] == scores.attrs["sketches"]


@pytest.fixture(scope="module")
def curve(article, related, codebook) -> pd.DataFrame:
    corpus = related.with_document(article)
    return fr.specification_curve(
        corpus, codebook, focal=article.id, references={"all": None, "same event": "event"}, halves=4
    )


def test_the_curve_has_every_combination_of_choices(curve):
    assert curve.groupby("frame").size().to_dict() == dict.fromkeys(
        ("alliance", "cold_war", "us_pressure"), 3 * 2 * 2 * 2 * 2 * 5
    )
    choices = ["frame", "margin", "negation", "weighting", "voice", "reference", "lexicon"]
    assert not curve.duplicated(choices).any()
    assert curve.groupby("frame")["main"].sum().tolist() == [1, 1, 1]


def test_the_main_specification_is_what_compare_measures(curve, scores, article):
    place, main_rows = quiet(scores, article.id), curve[curve["main"]]
    for name in ("value", "reference_mean", "difference", "effect"):
        assert main_rows[name].tolist() == pytest.approx(place[name].tolist()), name
    assert main_rows["agrees"].all()


@pytest.mark.parametrize("choice", [("strict", True, "all"), ("recall", False, "all"), ("default", True, "narrator")])
def test_every_choice_is_what_it_says(curve, article, related, codebook, choice):
    margin, denied, voice = choice
    corpus = related.with_document(article)
    scores = quiet_scores(fr.code(corpus, codebook, margin=margin, negation=denied), voice)
    expected = quiet(scores, article.id, reference="event", documents=corpus)
    mine = curve[(curve["margin"] == margin) & (curve["negation"] == denied) & (curve["voice"] == voice)]
    mine = mine[(mine["reference"] == "same event") & (mine["weighting"] == "none") & (mine["lexicon"] == "all")]
    assert mine["difference"].tolist() == pytest.approx(expected["difference"].tolist())


def quiet_scores(codings: fr.Codings, voice: str) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FramingWarning)
        if voice == "all":
            return fr.frame_scores(codings, resamples=0)
        scores = fr.frame_scores(codings, by=["doc_id", "voice"], resamples=0)
        return scores[scores["voice"] == voice].drop(columns="voice")


def test_agreement_counts_the_sign_of_the_main_specification(curve):
    for row in curve.attrs["agreement"]:
        part = curve[curve["frame"] == row["frame"]]
        sign = np.sign(part.loc[part["main"], "difference"].iloc[0])
        assert row["agree"] == (np.sign(part["difference"]) == sign).sum()
        assert row["specifications"] == len(part)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"margins": "default"}, r"margins= needs a list"),
        ({"margins": ["lax"]}, r"margins: 'lax' is not known"),
        ({"voices": []}, r"voices= needs a list of at least one"),
        ({"focal": "nobody"}, r"no document 'nobody'"),
        ({"references": "event"}, r"references= needs a name for each reference"),
    ],
)
def test_specifications_that_cannot_be_computed(options, message):
    corpus = fr.Corpus(fr.Document(id=name, text="تعاون جديد") for name in "ab")
    with pytest.raises(FramingError, match=message):
        fr.specification_curve(corpus, fr.Codebook.from_dict({"alliance": ["تعاون"]}), **{"focal": "a", **options})


# Figures and command line ---------------------------------------------------------------------------------


def test_figures_draw_the_table_they_are_given(scores, article, curve):
    place = quiet(scores, article.id, resamples=200)
    ax = fr.plot.position(place, labels={"alliance": "التحالف"})
    assert [text.get_text() for text in ax.get_yticklabels()] == ["التحالف", "cold war", "us pressure"]
    assert len(ax.collections[0].get_offsets()) == 72
    assert any(text.get_text().startswith("percentile") for text in ax.texts)
    ax = fr.plot.difference(place, measure="effect")
    assert ax.get_xlabel() == "standardised difference"
    ax = fr.plot.specification_curve(curve, frame="alliance")
    assert "of 240 specifications agree" in ax.get_title(loc="left")
    with pytest.raises(FramingError, match="several frames; choose one with frame="):
        fr.plot.specification_curve(curve)
    with pytest.raises(FramingError, match=r"plot\.position needs the columns"):
        fr.plot.position(scores)
    with pytest.raises(FramingError, match="measure 'd' is not known"):
        fr.plot.difference(place, measure="d")


def test_a_figure_of_missing_rows_says_so():
    place = quiet(table(SCORES, share=[np.nan, *[0.5] * 10]), "d0", figure="share")
    assert [text.get_text() for text in fr.plot.position(place).texts] == ["no evidence"]
    assert "no evidence" in [text.get_text() for text in fr.plot.difference(place).texts]


FOCAL = str(ROOT / "corpora" / "focal" / "putin-diaz-canel-2018.txt")
RELATED = str(ROOT / "corpora" / "related")


def test_the_command_line_compares(capsys):
    assert main(["compare", FOCAL, "--with", RELATED, "--same", "event"]) == 0
    out, err = capsys.readouterr()
    assert "against same event: event = visit-2018" in out
    assert "a percentile among 6 documents" in err
    assert (
        main(["compare", "outlet=volga-arabic", "--with", RELATED, "--fixed-effects", "event", "--format", "json"]) == 0
    )
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["n"] for row in rows] == [60] * 3
    assert (
        main(["compare", "visit-2018_al-madar", "--with", RELATED, "--reference", "date=2018..", "--format", "csv"])
        == 0
    )
    assert capsys.readouterr().out.splitlines()[0].startswith("focal,frame,figure,reference,n,value")
    assert main(["compare", FOCAL, "--with", RELATED, "--format", "latex"]) == 0
    assert r"\toprule" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody", "--with", RELATED], "neither a text file nor the id"),
        ([FOCAL, "--with", RELATED, "--same", "evnt"], "did you mean 'event'"),
        ([FOCAL, "--with", RELATED, "--reference", "event"], "is not KEY=VALUE"),
        ([FOCAL, "--with", RELATED, "--reference", "event=x", "--same", "event"], "not both"),
        ([FOCAL, "--with", RELATED + "/nowhere"], "nowhere"),
        (["outlet=zzz", "--with", RELATED], "no document has outlet = zzz"),
    ],
)
def test_the_command_line_refuses_in_one_line(capsys, arguments, message):
    assert main(["compare", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert len(err.strip().splitlines()) == 1


def test_few_documents_within_a_stratum_are_said():
    scores = table([5.0, 1, 2, 3, 2, 1, 3, 2], event=list("xxyyyyyy"))
    few = "1 document shares the focal document's event, so the difference"
    with pytest.warns(fr.FramingWarning, match="a percentile among"), pytest.warns(fr.FramingWarning, match=few):
        fr.compare(scores, "d0", fixed_effects="event")
