"""Agreement against published values, adjudication, disagreements in context."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import framing as fr
from framing.validity.codes import human_codings
from framing.validity.reliability import Patterns, krippendorff_alpha, with_interval

ROOT = Path(__file__).parents[1]
NA = np.nan
#: Krippendorff (2011), Computing Krippendorff's alpha-reliability, sections C and D; also Krippendorff (2019),
#: chapter 12: four observers, twelve units, missing data. Published: nominal .743, ordinal .815, interval .849,
#: ratio .797; to four decimals the same coincidence matrix gives these.
CANONICAL = pd.DataFrame(
    {
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3],
        "C": [NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA],
    }
)
#: Hayes & Krippendorff (2007), Communication Methods and Measures 1(1), 77–89, table 1: five observers, forty
#: newspaper articles. Published to four decimals: ordinal .7598, nominal .4765.
HAYES = pd.DataFrame(
    {
        "1": [1, 1, 2, NA, 0, 0, 1, 1, 2, 2, NA, 0, 1, 3, 1, 1, 2, 1, 1, 0,
              0, 0, 2, 0, 1, 0, 0, 1, 1, 1, 1, 2, 2, 3, 2, 2, 2, 2, 2, 1],
        "2": [1, 1, 3, 0, 0, 0, 0, NA, 2, 1, 1, 0, 2, 3, 1, 1, 1, 2, 1, 0,
              0, 0, 3, 0, 2, 1, 0, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 1],
        "3": [2, 0, 3, 0, 0, 0, 2, 2, 2, 1, 0, 0, 2, 2, 1, 1, 2, 3, 0, 0,
              1, NA, 3, 0, NA, 1, 0, 1, 2, 2, 0, 2, NA, 2, 2, 3, 2, NA, 2, 1],
        "4": [NA, 1, 3, NA, NA, NA, NA, 0, NA, 1, 0, 0, 2, 2, NA, NA, NA, 3, 1, NA,
              1, 0, 3, 0, 2, 1, 1, 2, 2, NA, NA, 1, 2, 2, NA, NA, NA, 1, 2, NA],
        "5": [2, NA, NA, 0, 0, 0, 1, NA, 2, NA, NA, NA, NA, 3, 1, 1, 2, NA, NA, 0,
              NA, 0, NA, NA, 2, NA, 0, NA, NA, 2, 0, NA, 2, NA, 2, 2, 2, 2, NA, 1],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "published", "exact"),
    [("nominal", 0.743, 0.7434), ("ordinal", 0.815, 0.8154), ("interval", 0.849, 0.8491), ("ratio", 0.797, 0.7974)],
)
def test_alpha_of_krippendorffs_example_with_missing_data(metric, published, exact):
    value = krippendorff_alpha(CANONICAL, metric)
    assert round(value, 4) == exact
    assert round(value, 3) == published


def test_alpha_of_hayes_and_krippendorff_to_four_decimals():
    assert round(krippendorff_alpha(HAYES, "ordinal"), 4) == 0.7598
    assert round(krippendorff_alpha(HAYES, "nominal"), 4) == 0.4765


def test_alpha_of_smaller_published_examples():
    """Krippendorff (2011), section A: .095. Krippendorff (2018), p. 306: .234. Wikipedia's article, by the same
    method: .691 nominal, .811 interval."""
    binary = pd.DataFrame({"x": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "y": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]})
    assert round(krippendorff_alpha(binary), 4) == 0.0952
    three = [
        [0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1],
        [0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1],
        [0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0],
    ]
    assert round(krippendorff_alpha(pd.DataFrame(three).T), 3) == 0.234
    a = [NA, NA, NA, NA, NA, 3, 4, 1, 2, 1, 1, 3, 3, NA, 3]
    b = [1, NA, 2, 1, 3, 3, 4, 3, NA, NA, NA, NA, NA, NA, NA]
    c = [NA, NA, 2, 1, 3, 4, 4, NA, 2, 1, 1, 3, 3, NA, 4]
    wiki = pd.DataFrame({"A": a, "B": b, "C": c})
    assert [round(krippendorff_alpha(wiki, m), 3) for m in ("nominal", "interval")] == [0.691, 0.811]


def test_kappa_and_pabak_of_a_published_table():
    """SAS Global Forum 242-2009: a 2 × 2 table of 95, 4, 1, 0 gives kappa −.0163 and PABAK .90."""
    rows = [(1, 1)] * 95 + [(1, 0)] * 4 + [(0, 1)]
    table = fr.agreement(pd.DataFrame(rows, columns=["a", "b"]), ["kappa", "pabak", "percent"])
    assert table["value"].round(4).tolist() == [-0.0163, 0.9, 0.95]


def test_kappa_is_that_of_scikit_learn():
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(3)
    a = rng.integers(0, 4, 200)
    b = np.where(rng.random(200) < 0.6, a, rng.integers(0, 4, 200))
    table = fr.agreement(pd.DataFrame({"a": a, "b": b}), "kappa")
    assert table["value"].iloc[0] == pytest.approx(cohen_kappa_score(a, b))


def naive_alpha(rows, distance):
    """Alpha by its definition: all pairs within units against all pairs there are."""
    units = [[v for v in row if v is not None] for row in rows]
    units = [unit for unit in units if len(unit) > 1]
    values = [v for unit in units for v in unit]
    if len(values) < 2:
        return np.nan
    observed = sum(sum(distance(a, b) for a in unit for b in unit) / (len(unit) - 1) for unit in units) / len(values)
    expected = sum(distance(a, b) for a in values for b in values) / (len(values) * (len(values) - 1))
    return 1 - observed / expected if expected else np.nan


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=3, max_size=3), min_size=1, max_size=12))
def test_alpha_is_its_definition(rows):
    table = pd.DataFrame(rows, columns=["a", "b", "c"]).astype(object)
    table = table.where(table.notna(), None)
    for metric, distance in (("nominal", lambda a, b: float(a != b)), ("interval", lambda a, b: (a - b) ** 2)):
        assert krippendorff_alpha(table, metric) == pytest.approx(naive_alpha(rows, distance), nan_ok=True)


def test_intervals_hold_the_value_and_shrink():
    rng = np.random.default_rng(1)
    widths = []
    for n in (40, 400):
        truth = rng.random(n) < 0.3
        codes = pd.DataFrame({c: truth ^ (rng.random(n) < 0.08) for c in "ab"}).astype(int)
        value, low, high = with_interval(
            Patterns.of(codes).pairable(), "alpha", "nominal", level=0.95, resamples=800, seed=0
        )
        assert low < value < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_perfect_agreement_is_not_certainty():
    codes = pd.DataFrame({"a": [1, 0] * 10, "b": [1, 0] * 10})
    row = fr.agreement(codes).iloc[0]
    assert (row["value"], row["high"]) == (1, 1)
    # 1 − .025^(1/20) = 16.8 % of the units could still be in dispute
    assert 0.6 < row["low"] < 0.8
    assert "good" in row["verdict"]


def test_no_variation_is_undefined_not_perfect():
    row = fr.agreement(pd.DataFrame({"a": [0] * 9, "b": [0] * 9}), ["alpha", "percent"])
    assert np.isnan(row["value"].iloc[0])
    assert row["verdict"].iloc[0] == "undefined: all codes are the same"
    assert row["value"].iloc[1] == 1


def test_same_seed_same_interval():
    table = [fr.agreement(CANONICAL, random_state=seed)[["low", "high"]].to_numpy() for seed in (1, 1, 2)]
    assert (table[0] == table[1]).all()
    assert (table[0] != table[2]).any()


# Codings -----------------------------------------------------------------------------------------

FRAMES = ["alliance", "cold_war"]


def coded(rows):
    """Codings from (sentence, coder, alliance, cold_war)."""
    places = [
        {
            "doc_id": "d",
            "paragraph": 0,
            "sentence": s,
            "start": s,
            "end": s + 1,
            "words": 1,
            "text": f"s{s}",
            "coder": c,
            "alliance": a,
            "cold_war": w,
        }
        for s, c, a, w in rows
    ]
    return human_codings(
        pd.DataFrame(places), frames=FRAMES, documents=pd.DataFrame({"doc_id": ["d"]}), facts={"unit": "sentence"}
    )


THREE = coded(
    [(0, "a", 1, 0), (0, "b", 1, 0), (0, "c", 1, 1),
     (1, "a", 0, 0), (1, "b", 1, 0), (1, "c", 0, NA),
     (2, "a", 1, 1), (2, "b", 0, 1),
     (3, "a", 0, 0)]
)  # fmt: skip


def test_agreement_of_codings_whole_table():
    table = fr.agreement(THREE, "percent")
    assert table[["frame", "coders", "units", "single", "positive", "value"]].round(3).values.tolist() == [
        ["alliance", "all", 3, 1, 0.556, 0.571],  # 3 + 1 + 0 of 7 pairs agree
        ["alliance", "a, b", 3, 1, 0.556, 0.333],
        ["alliance", "a, c", 2, 2, 0.556, 1.0],
        ["alliance", "b, c", 2, 1, 0.556, 0.5],
        ["cold_war", "all", 3, 1, 0.375, 0.6],  # 1 + 1 + 1 of 5 pairs
        ["cold_war", "a, b", 3, 1, 0.375, 1.0],
        ["cold_war", "a, c", 1, 3, 0.375, 0.0],
        ["cold_war", "b, c", 1, 2, 0.375, 0.0],
    ]


def test_disagreements_show_the_units_between_their_neighbours():
    corpus = fr.Corpus([fr.Document(id="d", text="واحد أول. اثنان ثان. ثلاثة ثالث. أربعة رابع.")])
    table = fr.disagreements(THREE, corpus=corpus)
    assert table[["sentence", "frame", "a", "b", "c"]].astype(object).where(
        table[["sentence", "frame", "a", "b", "c"]].notna(), None
    ).values.tolist() == [
        [0, "cold_war", 0, 0, 1],
        [1, "alliance", 0, 1, 0],
        [2, "alliance", 1, 0, None],
    ]
    assert table.loc[1, ["before", "text", "after"]].tolist() == ["واحد أول.", "اثنان ثان.", "ثلاثة ثالث."]
    assert table["decision"].isna().all()


def matrix(codings):
    from framing.validity.codes import code_matrix

    table = code_matrix(codings)
    assert table["coder"].unique().tolist() == ["adjudicated"]
    values = table[FRAMES].astype(object).where(table[FRAMES].notna(), None)
    return values.values.tolist()


def test_adjudication_by_rule():
    with pytest.warns(fr.FramingWarning, match=r"1 codes are left open \(alliance 1\)"):
        majority = fr.adjudicate(THREE)
    assert matrix(majority) == [[1, 0], [0, 0], [None, 1], [0, 0]]
    assert matrix(fr.adjudicate(THREE, rule="any")) == [[1, 1], [1, 0], [1, 1], [0, 0]]
    assert matrix(fr.adjudicate(THREE, rule="all")) == [[1, 0], [0, 0], [0, 1], [0, 0]]
    assert matrix(fr.adjudicate(THREE, rule="b")) == [[1, 0], [1, 0], [0, 1], [0, 0]]


def test_decisions_go_before_rules(tmp_path):
    decisions = fr.disagreements(THREE).drop(columns=["a", "b", "c"])
    decisions["decision"] = [1, None, 0]
    settled = fr.adjudicate(THREE, decisions)
    assert matrix(settled) == [[1, 1], [0, 0], [0, 1], [0, 0]]
    assert settled.provenance["adjudicated"] == {"coders": ["a", "b", "c"], "rule": "majority", "decisions": 2}
    decisions.to_csv(tmp_path / "d.csv", index=False)
    assert matrix(fr.adjudicate(THREE, tmp_path / "d.csv")) == matrix(settled)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"doc_id": "d", "sentence": 9, "frame": "alliance", "decision": 1}, "nobody coded sentence 9"),
        ({"doc_id": "d", "sentence": 0, "frame": "aliance", "decision": 1}, "did you mean 'alliance'"),
        ({"doc_id": "d", "sentence": 0, "frame": "alliance", "decision": "maybe"}, "a decision is 1 or 0"),
    ],
)
def test_wrong_decisions_are_named(row, said):
    with pytest.raises(fr.FramingError, match=said):
        fr.adjudicate(THREE, pd.DataFrame([row]))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: fr.agreement(THREE.where(coder="a")), "agreement needs two coders"),
        (lambda: fr.agreement(THREE, "gamma"), "measure 'gamma' is not known"),
        (lambda: fr.agreement(THREE, frames="peace"), "frame 'peace' was not coded"),
        (lambda: fr.agreement(CANONICAL.astype(object).replace({5: "five"}), metric="interval"), "different kinds"),
        (lambda: fr.agreement(pd.DataFrame({"a": ["x", "y"], "b": ["x", "z"]}), metric="interval"), "needs numbers"),
        (lambda: fr.agreement(pd.DataFrame({"a": [1, NA], "b": [NA, 1]})), "no unit was coded by two coders"),
        (lambda: fr.agreement(pd.DataFrame({"a": [1, 0]})), "a column per coder"),
        (lambda: fr.adjudicate(THREE, rule="loudest"), "rule 'loudest' is not known"),
        (lambda: fr.adjudicate(THREE, pd.DataFrame({"doc_id": []})), "'decision' is missing"),
    ],
)
def test_refusals_name_the_cure(call, said):
    with pytest.raises(fr.FramingError, match=said):
        call()


def test_many_units_are_quick_because_patterns_are_few():
    rng = np.random.default_rng(0)
    codes = pd.DataFrame(rng.integers(0, 2, (200_000, 2)), columns=["a", "b"])
    patterns = Patterns.of(codes)
    assert len(patterns.weight) == 4
    assert patterns.weight.sum() == 200_000
    assert abs(fr.agreement(codes)["value"].iloc[0]) < 0.02


def test_the_datasheet_of_the_teaching_corpus_reports_its_alpha_as_it_is(related):
    folder = ROOT / "corpora" / "related"
    coders = [folder / "codings" / f"coder-{coder}.csv" for coder in "ab"]
    found = fr.agreement(fr.read_coding_sheet(coders, related, unit="sentence"))
    assert found["units"].tolist() == [800] * 3
    computed = [
        f"| `{r.frame}` | {r.positive:.0%} | {r.value:.3f} | {r.low:.3f} to {r.high:.3f} |".replace("%", " %")
        for r in found.itertuples()
    ]
    written = (folder / "DATASHEET.md").read_text("utf-8").replace("| .", "| 0.").replace(" to .", " to 0.")
    assert not [row for row in computed if row not in written]
