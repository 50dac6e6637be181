"""Keyness: quanteda's documented results, hand-worked tables, Gries' example, and texts that have no words."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy import sparse, stats

import framing as fr
from framing.cli import main
from framing.errors import FramingError, FramingWarning
from framing.keyness import statistics
from framing.keyness.features import counted

ROOT = Path(__file__).parents[1]
#: The documents of quanteda's own tests of textstat_keyness.
D1 = fr.Document(id="d1", text="a a a b b c c c c c c d e f g h h")
D2 = fr.Document(id="d2", text="a a b c c d d d d e f h")


def words(
    target: fr.Document | list[fr.Document], reference: fr.Document | list[fr.Document], **options
) -> pd.DataFrame:
    return fr.keyness(target, reference, **{"by": "word", "min_count": 1, **options})


# Against others -------------------------------------------------------------------------------------------


def test_counts_and_the_order_by_g2_are_quantedas():
    table = words(D1, D2)
    counts = table.set_index("feature")[["n_target", "n_reference"]].sort_index()
    assert counts.values.tolist() == [[3, 2], [2, 1], [6, 2], [1, 4], [1, 1], [1, 1], [1, 0], [2, 1]]
    ordered = table.sort_values(["G2", "feature"], ascending=[False, True])
    assert ordered["feature"].tolist() == ["c", "g", "b", "h", "a", "e", "f", "d"]
    turned = words(D2, D1).sort_values(["G2", "feature"], ascending=[False, True])
    assert turned["feature"].tolist() == ["d", "e", "f", "a", "b", "h", "g", "c"]


def test_g2_and_p_are_those_of_a_contingency_table():
    table = words(D1, D2).set_index("feature")
    for word, row in table.iterrows():
        cells = np.array([[row["n_target"], row["n_reference"]], [17 - row["n_target"], 12 - row["n_reference"]]])
        test = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood")
        assert abs(row["G2"]) == pytest.approx(test.statistic), word
        assert row["p"] == pytest.approx(test.pvalue), word
        assert (row["G2"] > 0) == (row["n_target"] / 17 > row["n_reference"] / 12), word


def test_williams_correction_is_that_of_sokal_and_rohlf():
    plain, corrected = (words(D1, D2, correction=name).set_index("feature")["G2"] for name in ("none", "williams"))
    # q = 1 + (n/row1 + n/row2 − 1)(n/col1 + n/col2 − 1)/6n, for c: rows 8 and 21, columns 17 and 12, n = 29
    q = 1 + (29 / 8 + 29 / 21 - 1) * (29 / 17 + 29 / 12 - 1) / (6 * 29)
    assert corrected["c"] == pytest.approx(plain["c"] / q)


def test_log_odds_by_hand():
    row = words(D1, D2, prior=10).set_index("feature").loc["d"]
    alpha = 10 * 5 / 29
    delta = np.log((1 + alpha) / (17 + 10 - 1 - alpha)) - np.log((4 + alpha) / (12 + 10 - 4 - alpha))
    assert row["log_odds"] == pytest.approx(delta)
    assert row["z"] == pytest.approx(delta / np.sqrt(1 / (1 + alpha) + 1 / (4 + alpha)))


def test_a_stronger_prior_pulls_the_log_odds_of_rare_words_to_zero_first():
    a, b = np.array([4.0, 400.0]), np.array([1.0, 100.0])
    weak, strong = (statistics.weighted_log_odds(a, b, 10_000.0, 10_000.0, prior)[0] for prior in (10.0, 5_000.0))
    assert weak[0] == pytest.approx(weak[1], rel=0.05)
    assert 0 < strong[0] < weak[0]
    none, one = (
        statistics.weighted_log_odds(np.array([n]), np.array([0.0]), 1e4, 1e4, 500.0)[1][0] for n in (1.0, 5.0)
    )
    assert 0 < none < one


def test_log_ratio_by_hand():
    row = words(D1, D2).set_index("feature").loc["d"]
    ratio = np.log2((1.5 / 17.5) / (4.5 / 12.5))
    half = 1.959964 * np.sqrt(1 / 1.5 - 1 / 17.5 + 1 / 4.5 - 1 / 12.5) / np.log(2)
    assert row[["log_ratio", "log_ratio_low", "log_ratio_high"]].tolist() == pytest.approx(
        [ratio, ratio - half, ratio + half]
    )


def test_log_ratio_interval_holds_the_ratio():
    rng = np.random.default_rng(0)
    a, b = rng.binomial(2_000, 0.006, 3_000), rng.binomial(5_000, 0.002, 3_000)
    _, low, high = statistics.log_ratio(a.astype(float), b.astype(float), 2_000.0, 5_000.0, 0.95)
    assert 0.93 <= ((low <= np.log2(3)) & (np.log2(3) <= high)).mean() <= 0.98


#: Gries (2008, 2010): a corpus of five parts.
GRIES = (
    "b a m n i b e u p",
    "b a s a t b e w q n",
    "b c a g a b e s t a",
    "b a g h a b e a a t",
    "b a h a a b e a x a t",
)


def test_dp_of_gries_published_example():
    parts = [fr.Document(id=str(i), text=text) for i, text in enumerate(GRIES)]
    dp = words(parts, fr.Document(id="other", text="a b")).set_index("feature")["dp_target"]
    assert dp["a"] == pytest.approx(0.18)  # published
    assert dp["b"] == pytest.approx(0.02)
    # x occurs once, in the last part, which has 11 of 50 words: ½(|1 − .22| + .78)
    assert dp["x"] == pytest.approx(0.78)


def test_dp_of_one_document_is_over_its_paragraphs():
    target = fr.Document(id="t", text="x y\n\ny z\n\nz z")
    table = words(target, fr.Document(id="r", text="x y z q")).set_index("feature")
    assert table.loc[["x", "y", "z"], "dp_target"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    assert np.isnan(table.loc["q", "dp_target"])
    assert table.loc["x", "dp_reference"] == 0.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=1, max_size=8))
def test_dp_is_what_its_definition_says(rows):
    table = np.array(rows, float)
    found = statistics.dispersion(sparse.csr_array(table))
    for word in range(4):
        total, size = table[:, word].sum(), table.sum(axis=1)
        if not total:
            assert np.isnan(found[word])
            continue
        assert found[word] == pytest.approx(np.abs(table[:, word] / total - size / size.sum()).sum() / 2)


# Chance, by documents -------------------------------------------------------------------------------------


def test_permutation_p_of_one_document_by_hand():
    others = [fr.Document(id=f"r{i}", text=text) for i, text in enumerate(("x y y y", "y y y y", "x x y y"))]
    table = words(fr.Document(id="t", text="x x x y"), others).set_index("feature")
    counts, everything = [3, 1, 0, 2], 6
    reached = [
        abs(statistics.log_likelihood(*map(np.array, (float(a), float(everything - a), 4.0, 12.0)))) for a in counts
    ]
    assert table.loc["x", "p_permutation"] == np.mean([g >= reached[0] - 1e-9 for g in reached])


def test_permutation_p_of_a_group_is_close_to_that_of_all_exchanges():
    rng = np.random.default_rng(1)
    table = sparse.csr_array(rng.poisson([3.0, 1.0, 0.5], (8, 3)))
    target = np.arange(8) < 3
    size, total = np.asarray(table.sum(axis=1)), np.asarray(table.sum(axis=0))

    def g2(rows: tuple[int, ...]) -> np.ndarray:
        a = table.toarray()[list(rows)].sum(axis=0).astype(float)
        n = float(size[list(rows)].sum())
        return np.abs(statistics.log_likelihood(a, total - a, np.array(n), np.array(size.sum() - n)))

    exact = np.mean([g2(rows) >= g2((0, 1, 2)) - 1e-9 for rows in itertools.combinations(range(8), 3)], axis=0)
    found = statistics.permutation_p(table, target, 4_000, rng, np.ones(3, bool))
    assert found.tolist() == pytest.approx(exact.tolist(), abs=0.025)


def test_p_by_documents_is_uniform_and_that_of_words_is_not_when_words_come_in_bursts():
    rng = np.random.default_rng(2)
    by_documents, by_words = [], []
    for _ in range(150):
        burst = rng.poisson(rng.gamma(0.3, 10, (24, 1)))
        table = np.column_stack([burst, np.full(24, 120)])
        target = np.arange(24) < 8
        by_documents.append(statistics.permutation_p(sparse.csr_array(table), target, 199, rng, np.ones(2, bool))[0])
        a, b = (table[side, 0].sum(dtype=float) for side in (target, ~target))
        g2 = statistics.log_likelihood(
            np.array(a), np.array(b), *(np.array(table[s].sum(dtype=float)) for s in (target, ~target))
        )
        by_words.append(stats.chi2.sf(abs(g2), 1))
    assert stats.kstest(by_documents, "uniform").pvalue > 0.01
    assert np.mean(np.array(by_words) <= 0.05) > 0.4
    assert np.mean(np.array(by_documents) <= 0.05) < 0.1


# Words ----------------------------------------------------------------------------------------------------


def test_forms_of_a_lemma_are_counted_together_and_shown_readably():
    target = fr.Document(id="t", text="العَلاقات والعلاقات وبعلاقاتها. تعـاون.")
    table = fr.keyness(target, fr.Document(id="r", text="علاقة واحدة، والتعاون."), min_count=1).set_index("lemma")
    assert table.loc["علاقة", ["feature", "n_target", "n_reference"]].tolist() == ["علاقات", 3, 1]
    assert table.loc["تعاون", ["n_target", "n_reference"]].tolist() == [1, 1]
    as_written = words(target, fr.Document(id="r", text="علاقة")).set_index("feature")
    assert as_written.loc["العلاقات", "n_target"] == 1
    assert as_written.loc["تعاون", "n_target"] == 1


def test_numbers_and_punctuation_are_no_words():
    table = words(fr.Document(id="t", text="كوبا، 50 ٪ ٣٢ كوبا."), fr.Document(id="r", text="كوبا 7"))
    assert table[["feature", "n_target", "n_reference"]].values.tolist() == [["كوبا", 2, 1]]


def test_stop_words_are_left_out_of_the_list_but_not_of_the_totals():
    target, reference = fr.Document(id="t", text="في كوبا في روسيا"), fr.Document(id="r", text="في كوبا")
    plain, stopped, chosen = (fr.keyness(target, reference, min_count=1, stop_words=s) for s in (False, True, ["كوبا"]))
    assert "في" in plain["feature"].tolist()
    assert "في" not in stopped["feature"].tolist()
    assert "كوبا" not in chosen["feature"].tolist()
    assert stopped.set_index("feature").loc["كوبا", "G2"] == plain.set_index("feature").loc["كوبا", "G2"]


def test_rare_words_are_not_listed_but_count_in_the_totals():
    full, short = words(D1, D2), words(D1, D2, min_count=4)
    assert short["feature"].tolist() == [word for word in full["feature"] if word in "acd"]
    assert short.set_index("feature")["G2"].to_dict() == full.set_index("feature").loc[short["feature"], "G2"].to_dict()


def test_documents_of_the_target_are_not_their_own_reference(related):
    outlet = related.where(outlet="al-madar")
    whole = fr.keyness(outlet, related, resamples=19)
    apart = fr.keyness(outlet, [d for d in related if d.outlet != "al-madar"], resamples=19)
    pd.testing.assert_frame_equal(pd.DataFrame(whole), pd.DataFrame(apart))


def test_every_token_is_counted_once(related):
    counts = counted(list(related), "word")
    from framing.language import tokenise
    from framing.language.tokens import FOREIGN, WORD

    kinds = tokenise([d.text for d in related]).spans.kind
    assert counts.table.sum() == ((kinds == WORD) | (kinds == FOREIGN)).sum()
    assert counts.per_document(len(related)).sum() == counts.table.sum()
    assert np.diff(counts.document).min() >= 0


def test_the_article_against_related_coverage(article, related):
    table = fr.keyness(article, related, stop_words=True)
    assert table["z"].is_monotonic_decreasing
    assert "زيارة" in table["feature"].head(3).tolist()
    assert table["p_permutation"].min() == pytest.approx(1 / 73)
    assert (table["p_adjusted"].dropna() >= table["p_permutation"] - 1e-12).all()
    assert table["docfreq_reference"].max() <= 72
    json.dumps(table.attrs)


# Input that says little -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "reference", "options", "message"),
    [
        ([], D2, {}, "the target is empty"),
        (D1, [], {}, r"the reference is empty \(it has no documents\)"),
        (D1, D1, {}, r"the reference is empty \(every document of it is part of the target\)"),
        (fr.Document(id="x", text="12 … 5"), D2, {}, "the target has no words"),
        (D1, fr.Document(id="x", text=""), {}, "the reference has no words"),
        ("d1", D2, {}, "target must be what .*not str 'd1'; of a text make a document"),
        (D1, D2, {"by": "stem"}, "by='stem' is not known"),
        (D1, D2, {"correction": "yates"}, "correction='yates' is not known"),
        (D1, D2, {"prior": 0}, "prior must be a number of words above 0"),
        (D1, D2, {"level": 1.5}, "level must lie between"),
    ],
)
def test_what_cannot_be_compared_is_refused(target, reference, options, message):
    with pytest.raises(FramingError, match=message):
        words(target, reference, **options)


def test_no_word_that_is_frequent_enough_is_an_empty_table_and_a_warning():
    with pytest.warns(FramingWarning, match="no word occurs 100 times or more in both together; lower min_count="):
        table = words(D1, D2, min_count=100)
    assert len(table) == 0
    assert list(table.columns) == list(words(D1, D2).columns)


def test_same_seed_same_p():
    rng = np.random.default_rng(3)
    documents = [fr.Document(id=f"d{i}", text=" ".join(rng.choice(list("abcdef"), 30))) for i in range(12)]
    one, two, other = (words(documents[:4], documents[4:], random_state=seed)["p_permutation"] for seed in (1, 1, 2))
    assert one.tolist() == two.tolist()
    assert one.tolist() != other.tolist()


# Figure and command line ----------------------------------------------------------------------------------


def test_the_figure_has_both_sides_most_typical_first():
    table = words(
        fr.Document(id="t", text="صداقة " * 5 + "تعاون " * 3 + "خبر"), fr.Document(id="r", text="حصار " * 5 + "خبر")
    )
    ax = fr.plot.keyness(table, n=2, target="المقال", reference="التغطية")
    assert [text.get_text() for text in ax.get_yticklabels()] == ["صداقة", "تعاون", "خبر", "حصار"]
    assert ax.texts[0].get_text() == "5 : 0"
    assert "المقال" in ax.figure.legends[0].get_texts()[0].get_text()
    assert fr.plot.keyness(table, measure="log_ratio").get_xlabel().startswith("log")
    with pytest.raises(FramingError, match="measure 'zz' is not known"):
        fr.plot.keyness(table, measure="zz")
    with pytest.raises(FramingError, match=r"plot\.keyness needs the columns 'feature'"):
        fr.plot.keyness(pd.DataFrame({"z": []}))


def test_the_command_line_lists_words(capsys):
    focal, related = str(ROOT / "corpora" / "focal" / "putin-diaz-canel-2018.txt"), str(ROOT / "corpora" / "related")
    assert main(["keyness", focal, "--with", related, "--stop-words", "--top", "3"]) == 0
    out = capsys.readouterr().out
    assert "against 72 documents" in out
    assert "زيارة" in out
    assert len(out.splitlines()) == 2 + 6
    assert main(["keyness", "outlet=al-mitraqa", "--with", related, "--by", "word", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["provenance"]["by"] == "word"
    assert main(["keyness", "outlet=nobody", "--with", related]) == 2
    assert "the target is empty" in capsys.readouterr().err
