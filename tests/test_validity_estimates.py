"""The machine against people: confusion, weights, errors in context, corrected estimates, planning."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import framing as fr
from framing.validity.codes import human_codings
from framing.validity.correction import estimate
from framing.validity.pairing import Paired
from framing.validity.validation import figures

NA = np.nan


def codings(rows, documents, coder="person", **more):
    """Codings of one frame, x, from (doc_id, sentence, code, …)."""
    names = ["doc_id", "sentence", "x", *more.get("columns", ())]
    table = pd.DataFrame(rows, columns=names)
    table = table.assign(
        paragraph=0, start=table["sentence"], end=table["sentence"] + 1, words=1, text="t", coder=coder
    )
    return human_codings(table, frames=["x"], documents=documents, facts={"unit": "sentence"})


DOCS = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["p", "q"], "words": 4, "headline": False})
#: Document a: machine 1 1 0 0, people 1 0 1 0. Document b: machine 1 0 0 0, people 1 0 0 1.
MACHINE = codings(
    [("a", 0, 1), ("a", 1, 1), ("a", 2, 0), ("a", 3, 0), ("b", 0, 1), ("b", 1, 0), ("b", 2, 0), ("b", 3, 0)],
    DOCS,
    "machine",
)
PEOPLE = codings(
    [("a", 0, 1), ("a", 1, 0), ("a", 2, 1), ("a", 3, 0), ("b", 0, 1), ("b", 1, 0), ("b", 2, 0), ("b", 3, 1)], DOCS
)


def test_confusion_by_hand():
    result = fr.validate(MACHINE, against=PEOPLE)
    row = result.scores.iloc[0]
    assert row[["units", "tp", "fp", "fn", "tn"]].tolist() == [8, 2, 1, 2, 3]
    assert row[["precision", "recall", "f1"]].tolist() == pytest.approx([2 / 3, 2 / 4, 4 / 7])
    assert row["mcc"] == pytest.approx((2 * 3 - 1 * 2) / np.sqrt(3 * 4 * 4 * 5))
    assert result.confusion.drop(columns="frame").values.tolist() == [[1, 2, 1, 2, 1], [0, 2, 3, 2, 3]]


def test_figures_are_those_of_scikit_learn():
    from sklearn.metrics import f1_score, matthews_corrcoef, precision_score, recall_score

    rng = np.random.default_rng(0)
    truth, found = rng.random(300) < 0.3, rng.random(300) < 0.4
    cells = [(truth & found).sum(), (~truth & found).sum(), (truth & ~found).sum(), (~truth & ~found).sum()]
    ours = figures(*cells)
    for name, theirs in (
        ("precision", precision_score),
        ("recall", recall_score),
        ("f1", f1_score),
        ("mcc", matthews_corrcoef),
    ):
        assert ours[name] == pytest.approx(theirs(truth, found))


def test_by_outlet_and_what_is_undefined():
    table = fr.validate(MACHINE, against=PEOPLE, by="outlet").scores
    assert table[["outlet", "tp", "fp", "fn", "tn", "precision", "recall"]].values.tolist() == [
        ["p", 1, 1, 1, 1, 0.5, 0.5],
        ["q", 1, 0, 1, 2, 1.0, 0.5],
    ]
    nothing = codings([("a", s, 0) for s in range(4)], DOCS)
    row = fr.validate(MACHINE.where(doc_id="a"), against=nothing).scores.iloc[0]
    assert row["precision"] == 0
    assert np.isnan(row["recall"])
    assert np.isnan(row["recall_low"])


#: One stratum of 2 found units, both coded; one of 100 others, of which 10 were coded and 1 has the frame.
LONG = pd.DataFrame({"doc_id": [f"d{i}" for i in range(102)], "words": 1, "headline": False})
FOUND = codings([(f"d{i}", 0, int(i < 2)) for i in range(102)], LONG, "machine")
SAMPLE = codings(
    [
        ("d0", 0, 1, "found", 2),
        ("d1", 0, 0, "found", 2),
        *[(f"d{i}", 0, int(i == 5), "rest", 100) for i in range(2, 12)],
    ],
    LONG,
    columns=["stratum", "stratum_units"],
)


def test_weights_make_the_figures_those_of_the_corpus():
    result = fr.validate(FOUND, against=SAMPLE)
    row = result.scores.iloc[0]
    assert row[["tp", "fp", "fn", "tn"]].tolist() == [1, 1, 1, 9]
    assert row["precision"] == 0.5
    assert row["recall"] == pytest.approx(1 / 11)  # the unit that was missed stands for ten
    assert result.confusion["weighted_1"].tolist() == [1, 10]
    assert row["recall_low"] < 1 / 11 < row["recall_high"]


def test_what_coders_skipped_does_not_bias():
    """Half of the ten is left uncoded: the others stand for twenty units each, not ten."""
    rows = [
        ("d0", 0, 1, "found", 2),
        ("d1", 0, 0, "found", 2),
        *[(f"d{i}", 0, int(i == 5), "rest", 100) for i in range(2, 7)],
    ]
    with pytest.warns(fr.FramingWarning, match="fewer than five errors"):
        table = fr.corrected(FOUND, codings(rows, LONG, columns=["stratum", "stratum_units"]), target="corpus").iloc[0]
    assert table["corrected"] == pytest.approx((2 - 1 + 20) / 102)


def test_corrected_by_hand():
    with pytest.warns(fr.FramingWarning, match="fewer than five errors"):
        row = fr.corrected(FOUND, SAMPLE, target="corpus").iloc[0]
    assert row[["units", "coded", "errors"]].tolist() == [102, 12, 2]
    assert row["naive"] == pytest.approx(2 / 102)
    assert row["corrected"] == pytest.approx((2 - 1 + 10) / 102)
    assert row["naive_low"] == row["naive_high"] == row["naive"]  # nothing was drawn: it is what the machine says
    assert row["low"] < row["corrected"] < row["high"]
    assert row["high"] - row["corrected"] > row["corrected"] - row["low"]  # few errors: longer on the upper side


def test_all_coded_is_exact_for_the_corpus():
    row = fr.corrected(MACHINE, PEOPLE, target="corpus").iloc[0]
    assert row[["naive", "corrected", "low", "high"]].tolist() == [3 / 8, 0.5, 0.5, 0.5]


def test_differences_by_hand():
    table = fr.corrected(MACHINE, PEOPLE, by="outlet", reference="p", target="corpus")
    assert table[["quantity", "outlet", "naive", "corrected"]].values.tolist() == [
        ["mean", "p", 0.5, 0.5],
        ["mean", "q", 0.25, 0.5],
        ["difference", "q − p", -0.25, 0.0],
    ]


def test_clustered_variance_is_that_of_statsmodels():
    """The t interval of a mean over documents is the cluster-robust one of a regression on a constant."""
    import statsmodels.api as sm

    rng = np.random.default_rng(4)
    document = np.repeat(np.arange(25), 8)
    machine = (rng.random(200) < np.repeat(rng.beta(2, 4, 25), 8)).astype(float)[:, None]
    paired = Paired(
        pd.DataFrame({"doc_id": document, "sentence": 0}),
        ("x",),
        machine,
        machine.copy(),
        np.ones((200, 1)),
        np.zeros((200, 1), int),
        "sentence",
        {},
    )
    means = estimate(paired, 0, np.zeros(200, int), 1, target="population").naive
    fit = sm.OLS(machine[:, 0], np.ones(200)).fit(
        cov_type="cluster", cov_kwds={"groups": document, "use_correction": False}
    )
    assert means.variance[0] == pytest.approx(fit.cov_params()[0, 0] * 25 / 24)
    assert means.df[0] == 24


def test_difference_within_the_same_documents_uses_their_covariance():
    rng = np.random.default_rng(5)
    document = np.tile(np.repeat(np.arange(30), 5), 2)
    number = np.repeat([0, 1], 150)
    level = np.repeat(rng.random(30), 5)
    machine = (rng.random(300) < np.tile(level, 2)).astype(float)[:, None]
    paired = Paired(
        pd.DataFrame({"doc_id": document, "sentence": 0}),
        ("x",),
        machine,
        machine,
        np.ones((300, 1)),
        np.zeros((300, 1), int),
        "sentence",
        {},
    )
    means = estimate(paired, 0, number, 2, target="population", base=0).naive
    per = pd.DataFrame({"d": document, "g": number, "y": machine[:, 0]}).groupby(["d", "g"])["y"].mean().unstack()  # noqa: PD010
    spread = (per[1] - per[0]).var() / 30
    assert means.variance.sum() - 2 * means.with_base[1] == pytest.approx(spread)


# Where the truth is known -------------------------------------------------------------------------

TRUTH, RECALL, FALSE = (0.20, 0.30), (0.85, 0.55), (0.03, 0.10)


def world(seed, documents=40, length=12, n=160):
    """Two groups of documents; the machine misses more in the second; a stratified sample is coded."""
    rng = np.random.default_rng(seed)
    group = np.repeat([0, 1], documents * length)
    level = np.repeat([rng.beta(8 * p, 8 * (1 - p)) for p in np.repeat(TRUTH, documents)], length)
    truth = (rng.random(len(level)) < level).astype(float)
    found = np.where(
        truth == 1, rng.random(len(level)) < np.take(RECALL, group), rng.random(len(level)) < np.take(FALSE, group)
    ).astype(float)
    stratum = (2 * group + found).astype(int)
    size = np.bincount(stratum, minlength=4)
    human, inclusion, number = np.full(len(truth), NA), np.full(len(truth), NA), np.full(len(truth), -1)
    for s in range(4):
        drawn = rng.choice(np.flatnonzero(stratum == s), min(n // 4, size[s]), replace=False)
        human[drawn], inclusion[drawn], number[drawn] = truth[drawn], len(drawn) / size[s], s
    units = pd.DataFrame({"doc_id": np.repeat(np.arange(2 * documents), length), "sentence": 0})
    paired = Paired(units, ("x",), found[:, None], human[:, None], inclusion[:, None], number[:, None], "sentence", {})
    return paired, group, [truth[group == 0].mean(), truth[group == 1].mean()]


@pytest.mark.parametrize("target", ["population", "corpus"])
def test_naive_is_biased_corrected_is_not_and_intervals_hold(target):
    """Nominal 95 %; with 250 worlds the share of intervals that hold lies within 92 to 98 % (see benchmarks)."""
    rows = []
    for seed in range(250):
        paired, group, here = world(seed)
        estimates = estimate(paired, 0, group, 2, target=target, base=0)
        truths = list(TRUTH) if target == "population" else here
        for name, which, base, truth in (
            ("a", 0, None, truths[0]),
            ("b", 1, None, truths[1]),
            ("b − a", 1, 0, truths[1] - truths[0]),
        ):
            row = estimates.row(which, base, 0.95)
            rows.append(
                (
                    name,
                    row["naive"] - truth,
                    row["corrected"] - truth,
                    row["naive_low"] <= truth <= row["naive_high"],
                    row["low"] <= truth <= row["high"],
                )
            )
    table = pd.DataFrame(rows, columns=["what", "naive", "bias", "naive_holds", "holds"]).groupby("what").mean()
    assert table.loc["b − a", "naive"] < -0.04
    assert table.loc["b − a", "naive_holds"] < 0.75
    assert (table["bias"].abs() < 0.008).all()
    assert table["holds"].between(0.92, 0.985).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["population", "corpus"]), st.integers(8, 60))
def test_bounds_are_in_order_and_shares_are_shares(seed, target, n):
    paired, group, _ = world(seed, documents=4, length=6, n=n)
    estimates = estimate(paired, 0, group, 2, target=target, base=0)
    for which, base, floor in ((0, None, 0), (1, None, 0), (1, 0, -1)):
        row = estimates.row(which, base, 0.95)
        assert row["naive_low"] <= row["naive"] <= row["naive_high"]
        if not np.isnan(row["corrected"]):
            assert row["low"] <= row["corrected"] <= row["high"]
            assert floor <= row["low"] or row["corrected"] < floor
            assert row["high"] <= 1 or row["corrected"] > 1


# On text -----------------------------------------------------------------------------------------

CORPUS = fr.Corpus(
    [
        fr.Document(
            id="a", text="وقع الجانبان اتفاق تعاون. انتهى اللقاء دون تعاون. قال الرئيس إن الصداقة راسخة.", outlet="p"
        ),
        fr.Document(id="b", text="غادر نادي التعاون الملعب. تجمعهما صداقة راسخة. وصل الوفد.", outlet="q"),
    ]
)
BOOK = fr.Codebook.from_dict({"alliance": [{"term": "تعاون", "unless": {"term": ["نادي"]}}]})


def test_errors_in_context_with_cause_and_candidates(tmp_path):
    path = tmp_path / "amal.csv"
    path.write_text("doc_id,sentence,alliance\na,0,0\na,1,1\na,2,1\nb,0,1\nb,1,1\nb,2,0\n", "utf-8")
    people = fr.read_coding_sheet(path, CORPUS)
    result = fr.validate(fr.code(CORPUS, BOOK), against=people, corpus=CORPUS, by="outlet")
    errors = result.errors
    assert errors[["kind", "doc_id", "sentence", "outlet", "evidence", "entry", "because"]].values.tolist() == [
        ["false positive", "a", 0, "p", "تعاون", "تعاون", ""],
        ["false negative", "a", 1, "p", "تعاون", "تعاون", "تعاون: negated"],
        ["false negative", "a", 2, "p", "", "", "no entry matches"],
        ["false negative", "b", 0, "q", "التعاون", "تعاون", "التعاون: cancelled by word نادي in the sentence"],
        ["false negative", "b", 1, "q", "", "", "no entry matches"],
    ]
    assert errors.loc[2, ["before", "after"]].tolist() == ["انتهى اللقاء دون تعاون.", ""]
    assert {"صداقة", "راسخة"} & set(errors.loc[4, "candidates"].split("؛ "))
    assert errors.loc[0, "candidates"] == ""
    assert CORPUS["a"].text[errors.loc[0, "start"] : errors.loc[0, "end"]] == errors.loc[0, "text"]
    bare = fr.validate(fr.code(CORPUS, BOOK), against=people)
    assert "text" not in bare.errors
    assert bare.scores["tp"].tolist() == [0]


def test_by_voice():
    document = fr.Document(id="v", text="وقع الجانبان اتفاق تعاون. قال بيسكوف إن التعاون بين البلدين يتقدم.")
    machine = fr.code(fr.Corpus([document]), fr.load_codebook("cuba-russia-us"))
    people = human_codings(
        pd.DataFrame(
            [
                {
                    "doc_id": "v",
                    "paragraph": 0,
                    "sentence": s,
                    "start": 0,
                    "end": 1,
                    "words": 1,
                    "text": "t",
                    "coder": "x",
                    "alliance": 1,
                }
                for s in (0, 1)
            ]
        ),
        frames=["alliance"],
        documents=machine.documents,
    )
    scores = fr.validate(machine, against=people, by="voice").scores
    assert scores[["voice", "units"]].values.tolist() == [["narrator", 1], ["reported", 1]]
    with pytest.raises(fr.FramingError, match="cannot be split by 'tone'"):
        fr.validate(machine, against=people, by="tone")


# Bad input ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: fr.validate(MACHINE, against=fr.Codings.concat([PEOPLE, codings([("a", 0, 1)], DOCS, "other")])),
            "of 2 coders",
        ),
        (
            lambda: fr.validate(MACHINE, against=codings([("a", 0, 1), ("a", 9, 1)], DOCS)),
            "coded by people but not by the machine: sentence 9 of 'a'",
        ),
        (lambda: fr.validate(MACHINE, against=PEOPLE, frames="y"), "frame 'y' was not coded"),
        (lambda: fr.validate(MACHINE, against=PEOPLE, level=2), "level must lie"),
        (lambda: fr.corrected(MACHINE, PEOPLE, by="outlet", reference="z"), "none of the groups; groups: 'p', 'q'"),
        (lambda: fr.corrected(MACHINE, PEOPLE, reference="z"), "give by="),
        (lambda: fr.corrected(MACHINE, PEOPLE, target="world"), "target 'world' is not known"),
        (lambda: fr.labels_needed(MACHINE), "give a pilot sample"),
        (lambda: fr.labels_needed(MACHINE, precision=0, recall=0.5), "precision must lie"),
        (lambda: fr.labels_needed(MACHINE, precision=0.9, recall=0.5, coded=[900]), "no number between 2 and 8"),
    ],
)
def test_refusals_name_the_cure(call, said):
    with pytest.raises(fr.FramingError, match=said):
        call()


def test_a_sample_without_design_is_said_to_be_taken_as_random():
    with pytest.warns(fr.FramingWarning, match="their 2 units are taken as a simple random sample of the 8"):
        fr.validate(MACHINE, against=codings([("a", 0, 1), ("b", 3, 0)], DOCS))


def test_groups_without_codes_have_no_corrected_value():
    some = codings([("a", s, 1 - s // 2, "all", 8) for s in range(4)], DOCS, columns=["stratum", "stratum_units"])
    with pytest.warns(fr.FramingWarning, match="1 groups have fewer than two coded units"):
        table = fr.corrected(MACHINE, some, by="outlet")
    assert np.isnan(table["corrected"].iloc[1])
    assert table["naive"].iloc[1] == 0.25


def test_strata_that_nobody_reached():
    with pytest.warns(fr.FramingWarning, match="the strata with codes hold 2 of 102 units"):
        fr.validate(
            FOUND,
            against=codings(
                [("d0", 0, 1, "found", 2), ("d1", 0, 0, "found", 2)], LONG, columns=["stratum", "stratum_units"]
            ),
        )


# Planning ----------------------------------------------------------------------------------------


def test_labels_needed_by_hand():
    """All 102 units, 10 coded by chance: e_found = (1 + ½)/(2 + 1), e_rest = (10·1 + ½·10)/(100 + 10)."""
    plan = fr.labels_needed(FOUND, SAMPLE, coded=[51, 102], target="corpus")
    e1, e0 = 1.5 / 3, 15 / 110
    variance = (2 / 102) ** 2 * 0.5 * e1 * (1 - e1) / 1 + (100 / 102) ** 2 * 0.5 * e0 * (1 - e0) / 50
    assert plan["width"].tolist() == pytest.approx([2 * 1.959964 * np.sqrt(variance), 0], abs=1e-6)
    assert (plan["width"] <= plan["width_people"]).all()


def test_more_codes_narrower_interval_and_the_machine_helps():
    plan = fr.labels_needed(FOUND, precision=0.9, recall=0.8, coded=[10, 20, 40, 80], target="population")
    assert plan["width"].is_monotonic_decreasing
    assert (plan["width"] < plan["width_people"]).all()
    poor = fr.labels_needed(FOUND, precision=0.5, recall=0.3, coded=[10, 20, 40, 80])
    assert (poor["width"] > plan["width"]).all()
