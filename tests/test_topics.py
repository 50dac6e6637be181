"""Topics: engines on planted topics, figures against hand computation, and every refusal."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy import sparse

import framing as fr
from framing.cli import main
from framing.errors import FramingError, FramingWarning
from framing.language import tokenise
from framing.language.lemmas import lemmas
from framing.language.stopwords import GROUPS, stop_keys, stop_words
from framing.topics import bags, engines, matching, quality
from framing.topics.engines import ENGINES, Fit, fold_in
from framing.topics.model import TopicModel
from framing.topics.placing import OWN_WORDS

ROOT = Path(__file__).parents[1]
REAL = Path(__file__).parents[2] / "shared" / "data" / "real" / "related-coverage-dev.jsonl"

THEMES = (
    "نفط برميل خام غاز منتج مصفاة حقل أنبوب تصدير بترول",
    "كرة ملعب لاعب مباراة مدرب دوري منتخب بطولة مرمى تسديدة",
    "مستشفى طبيب مريض دواء لقاح وباء ممرض علاج فيروس عيادة",
    "سفينة ميناء بحر قبطان موج شاطئ صياد سمك رصيف مرساة",
)
#: Words of every document, whatever it is about; max_df takes them out.
COMMON = ("مدينة", "شارع", "مشروع", "برنامج")

available = [engine for engine in ENGINES if engine != "tomotopy" or importlib.util.find_spec("tomotopy")]


def planted(n: int = 80, words: int = 45, seed: int = 0) -> fr.Corpus:
    """Documents that mix four topics of ten words each."""
    rng = np.random.default_rng(seed)
    vocabulary = [theme.split() for theme in THEMES]
    documents = []
    for number in range(n):
        mixture = rng.dirichlet(np.full(len(THEMES), 0.12))
        text = [vocabulary[topic][rng.integers(10)] for topic in rng.choice(len(THEMES), words, p=mixture)]
        text += COMMON
        lines = [" ".join(text[at : at + 9]) + "." for at in range(0, len(text), 9)]
        documents.append(fr.Document(id=f"d{number:03d}", text="\n\n".join(lines), outlet=f"o{number % 2}"))
    return fr.Corpus(documents, name="planted")


PLANTED = planted()
PLANTED_KEYS = [list(dict.fromkeys(lemmas(tokenise([theme]).type)[0])) for theme in THEMES]


def model_of(texts: dict[str, str], topics: list[dict[str, float]], **metadata: list[str]) -> TopicModel:
    """A model whose topics give each term (by key) this probability; shares by folding in."""
    documents = [
        fr.Document(id=name, text=text, **{column: values[row] for column, values in metadata.items()})
        for row, (name, text) in enumerate(texts.items())
    ]
    counted = bags(fr.Corpus(documents), min_df=1, max_df=1.0, phrases=False, small=True)
    weights = np.asarray([[topic.get(term, 0.0) for term in counted.terms] for topic in topics])
    alpha = np.full(len(weights), 0.1)
    return TopicModel(counted, Fit(weights, weights, lambda c: fold_in(c, weights, alpha), None), "gensim", 0, {})


# words ------------------------------------------------------------------------------------------


def test_lemmas_join_forms_and_show_a_readable_one() -> None:
    keys, readable = lemmas(tokenise(["وبالعلاقات علاقاتها العلاقات والحليف حلفاء Sanctions sanction 50"]).type)
    assert keys.tolist() == ["علاقه", "علاقه", "علاقه", "حليف", "حليف", "sanction", "sanction", "50"]
    assert (readable["علاقه"], readable["sanction"]) == ("علاقات", "sanction")


def test_unknown_names_join_behind_proclitics() -> None:
    keys, _ = lemmas(tokenise(["ديازكانيل وديازكانيل لديازكانيل"]).type)
    assert set(keys) == {"ديازكانيل"}
    assert lemmas(tokenise(["وديازكانيل"]).type)[0].tolist() == ["وديازكانيل"]
    assert lemmas(tokenise(["وديازكانيل"]).type, beside={"ديازكانيل"})[0].tolist() == ["ديازكانيل"]


def test_without_morphology_proclitics_still_come_off(monkeypatch: pytest.MonkeyPatch) -> None:
    from framing.language import morphology

    monkeypatch.setattr(morphology, "backend", lambda: morphology.Backend("clitic-rules", "1", None))
    keys, readable = lemmas(tokenise(["النفط والنفط نفط وللسفارة السفارة"]).type)
    assert keys.tolist() == ["نفط", "نفط", "نفط", "السفاره", "السفاره"]
    assert readable["نفط"] == "نفط"


@given(st.lists(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآؤئء ", max_size=12), max_size=8))
@settings(max_examples=30, deadline=None)
def test_every_word_has_a_key_and_every_key_a_form(texts: list[str]) -> None:
    types = tokenise([" ".join(texts)]).type
    keys, readable = lemmas(types)
    assert len(keys) == len(types)
    assert set(readable) == set(keys)
    assert all(readable.values())
    again, _ = lemmas(types)
    assert again.tolist() == keys.tolist()


def test_stop_words_are_function_words_not_terms_of_frames() -> None:
    stopped = stop_words()
    assert {"في", "الذي", "قال", "the", "say"} <= stopped
    frames = fr.load_codebook("cuba-russia-us").frames.values()
    single = {
        entry.term for frame in frames for entry in frame.entries if " " not in entry.term and "*" not in entry.term
    }
    content = {"تعاون", "عقوبة", "حصار", "حليف", "تضامن", "صداقة", "دعم", "ضغط", "تهديد"} & single
    assert not stop_keys(content) & stopped
    assert stop_words(["news"]) < stopped
    assert set(GROUPS) == {"function", "numbers", "calendar", "news"}


def test_stop_words_of_an_unknown_group_are_refused() -> None:
    with pytest.raises(FramingError, match=r"no group of stop words 'nws' \(did you mean 'news'\?\)"):
        stop_words(["nws"])
    with pytest.raises(FramingError, match="language 'fr'"):
        stop_words(languages=["fr"])


# bags -------------------------------------------------------------------------------------------


def test_bags_by_hand() -> None:
    corpus = fr.Corpus([fr.Document(id="a", text="النفط والنفط في كوبا.\n\n5 نفط"), fr.Document(id="b", text="وكوبا")])
    counted = bags(corpus, min_df=1, max_df=1.0, small=True)
    assert counted.terms == ("كوبا", "نفط")
    assert counted.matrix.toarray().tolist() == [[1, 3], [1, 0]]
    assert counted.units[["doc_id", "words", "terms"]].values.tolist() == [["a", 6, 4], ["b", 1, 1]]
    parts = bags(corpus, unit="paragraph", min_df=1, max_df=1.0, small=True)
    assert parts.units.astype(object).values.tolist() == [["a", 0, 4, 3], ["a", 1, 2, 1], ["b", 0, 1, 1]]
    assert parts.matrix.toarray().tolist() == [[1, 2], [0, 1], [1, 0]]
    assert bags(corpus, min_df=2, max_df=1.0, small=True).terms == ("كوبا",)
    assert bags(corpus, min_df=1, max_df=0.5, small=True).terms == ("نفط",)


def test_own_stop_words_in_any_form() -> None:
    corpus = fr.Corpus([fr.Document(id="a", text="العلاقات قال النفط")])
    kept = bags(corpus, min_df=1, max_df=1.0, small=True, stop_words=["علاقاتها"]).terms
    assert set(kept) == {"قال", "نفط"}
    more = bags(corpus, min_df=1, max_df=1.0, small=True, stop_words={*stop_words(), "علاقة"}).terms
    assert set(more) == {"نفط"}


def test_words_keep_their_clitics_but_not_their_spelling() -> None:
    corpus = fr.Corpus([fr.Document(id="a", text="أمريكا أميركا وأمريكا")])
    assert bags(corpus, by="word", min_df=1, max_df=1.0, small=True).matrix.toarray().tolist() == [[2, 1]]


def test_phrases_are_one_term_with_its_place_in_the_text() -> None:
    text = "عادت الحرب الباردة. " * 6 + "والحرب، الباردة"
    corpus = fr.Corpus([fr.Document(id="a", text=text)])
    counted = bags(corpus, min_df=1, max_df=1.0, small=True)
    assert "حرب بارد" in counted.terms
    column = counted.terms.index("حرب بارد")
    assert counted.readable[column] == "الحرب الباردة"
    assert counted.matrix[0, column] == 6  # not across the comma
    words = counted.words
    spans = {text[a:b] for a, b, c in zip(words.start, words.end, words.code, strict=True) if c == column}
    assert spans == {"الحرب الباردة"}
    single = bags(corpus, min_df=1, max_df=1.0, small=True, phrases=False)
    assert set(single.terms) >= {"حرب", "بارد"}


@given(st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=1, max_size=6), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_halves_share_out_every_occurrence(rows: list[list[int]], seed: int) -> None:
    counts = sparse.csr_matrix(np.asarray(rows))
    first, second = quality.halves(counts, seed)
    assert (first + second).toarray().tolist() == rows
    difference = np.asarray(first.sum(axis=1) - second.sum(axis=1)).ravel()
    assert set(difference.tolist()) <= {0.0, 1.0}


def test_phrases_are_shown_without_clitics() -> None:
    text = "وللأمم المتحدة. بالأمم المتحدة. " * 3 + "فيدل كاسترو. " * 6
    counted = bags(fr.Corpus([fr.Document(id="a", text=text)]), min_df=1, max_df=1.0, small=True)
    assert {"الأمم المتحدة", "فيدل كاسترو"} <= set(counted.readable)


def test_english_is_counted_by_stem_and_shown_as_written() -> None:
    corpus = fr.Corpus([fr.Document(id="a", text="The sanctions said to hurt Cuba. Sanctions, sanction and US aid.")])
    counted = bags(corpus, min_df=1, max_df=1.0, small=True, phrases=False)
    assert counted.terms == ("US", "aid", "cuba", "hurt", "sanction")  # us would be a stop word
    assert counted.matrix.toarray().tolist() == [[1, 1, 1, 1, 3]]
    assert counted.readable == ("US", "aid", "Cuba", "hurt", "sanction")


# engines ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", available)
def test_every_engine_recovers_planted_topics(engine: str) -> None:
    model = fr.topic_model(PLANTED, k=4, engine=engine, phrases=False)
    found = [[model.bags.terms[column] for column in model.ranked(topic, 10)] for topic in range(4)]
    assert matching.agreement(PLANTED_KEYS, found)[:, 0].min() >= 0.8
    assert model.beta_.sum(axis=1) == pytest.approx(1)
    assert model.gamma_.sum(axis=1) == pytest.approx(1)
    table = model.document_topics
    assert list(table.columns) == ["doc_id", "topic", "gamma"]
    assert len(table) == 4 * len(PLANTED)
    assert list(model.top_terms.columns) == ["topic", "rank", "term", "readable", "beta"]
    facts = table.attrs["provenance"]
    assert (facts["engine"], facts["random_state"], facts["k"]) == (engine, 0, 4)
    assert facts["preprocessing"]["types_above_max_df"] == len(COMMON)


@pytest.mark.parametrize("engine", available)
def test_the_planted_number_of_topics_is_suggested(engine: str, tmp_path: Path) -> None:
    options = {
        "tomotopy": {"iterations": 150},
        "gensim": {"passes": 12, "starts": 1},
        "sklearn-lda": {"max_iter": 15, "starts": 1},
    }.get(engine)
    table = fr.choose_k(
        PLANTED, k=[2, 4, 6], seeds=[0, 1], engine=engine, phrases=False, jobs=1, folder=tmp_path, options=options
    )
    assert table.loc[table["suggested"], "k"].tolist() == [4]
    assert table["jaccard"].isna().all() == (engine == "sklearn-nmf")


SCRIPT = """
import hashlib, sys, warnings
sys.path.insert(0, sys.argv[1])
from test_topics import planted, available
import framing as fr
corpus = planted(60, 30, 1)
short = {"tomotopy": {"iterations": 60}, "gensim": {"passes": 6, "starts": 2}, "sklearn-lda": {"max_iter": 6}}
for engine in available:
    options = short.get(engine)
    model = fr.topic_model(corpus, k=4, engine=engine, random_state=7, options=options)
    placed = fr.place("d000", model, resamples=50)
    body = model.beta_.tobytes() + model.gamma_.tobytes() + placed.nearest["gain_low"].to_numpy().tobytes()
    print(engine, hashlib.sha256(body).hexdigest())
"""


def test_one_seed_gives_one_result_in_two_processes() -> None:
    runs = []
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": hash_seed}
        command = [sys.executable, "-W", "ignore", "-c", SCRIPT, str(Path(__file__).parent)]
        runs.append(subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True))
    first, second = (run.communicate(timeout=120)[0] for run in runs)
    assert len(first.splitlines()) == len(available)
    assert first == second


def test_folding_in_is_what_the_engines_do() -> None:
    counted = bags(PLANTED, phrases=False)
    lda = engines.fit(
        "sklearn-lda", counted.matrix, counted.terms, 4, random_state=0, options={"max_iter": 10, "starts": 1}
    )
    assert lda.mixture(counted.matrix) == pytest.approx(lda.model.transform(counted.matrix), abs=5e-3)
    gensim = engines.fit(
        "gensim", counted.matrix, counted.terms, 4, random_state=0, options={"passes": 10, "starts": 1}
    )
    rows = [list(zip(row.indices.tolist(), row.data.tolist(), strict=True)) for row in counted.matrix]
    theirs, _ = gensim.model.inference(rows)
    assert gensim.mixture(counted.matrix) == pytest.approx(theirs / theirs.sum(axis=1, keepdims=True), abs=5e-3)


def test_the_likeliest_start_is_taken() -> None:
    counted = bags(PLANTED, phrases=False)
    short = {"max_iter": 8, "starts": 1}
    seeds = [3, *np.random.SeedSequence(3).generate_state(2).tolist()]
    single = [
        engines.fit("sklearn-lda", counted.matrix, counted.terms, 4, random_state=s, options=short) for s in seeds
    ]
    bounds = [fit.model.perplexity(counted.matrix) for fit in single]
    best = engines.fit(
        "sklearn-lda", counted.matrix, counted.terms, 4, random_state=3, options={"max_iter": 8, "starts": 3}
    )
    assert best.beta == pytest.approx(single[int(np.argmin(bounds))].beta)


def test_a_unit_has_its_shares_whatever_stands_beside_it() -> None:
    counted = bags(PLANTED, phrases=False)
    beta = np.random.default_rng(0).dirichlet(np.ones(len(counted.terms)), 4)
    together = fold_in(counted.matrix, beta, np.full(4, 0.1))
    alone = np.vstack([fold_in(counted.matrix[row], beta, np.full(4, 0.1)) for row in range(20)])
    assert together[:20] == pytest.approx(alone, abs=1e-12)
    empty = fold_in(sparse.csr_matrix((2, len(counted.terms))), beta, np.asarray([0.1, 0.1, 0.1, 0.3]))
    assert empty[1].tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_units_may_be_paragraphs() -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", unit="paragraph", phrases=False, stop_words=COMMON)
    assert len(model.gamma_) == len(model.bags.units) > len(PLANTED)
    found = [[model.bags.terms[column] for column in model.ranked(topic, 10)] for topic in range(4)]
    assert matching.agreement(PLANTED_KEYS, found)[:, 0].min() >= 0.8
    own = model.unit_topics.query("doc_id == 'd003' and terms > 0")
    weighted = own.assign(mass=own["gamma"] * own["terms"]).groupby("topic")["mass"].sum()
    shares = model.document_topics.query("doc_id == 'd003'").set_index("topic")["gamma"]
    assert shares.to_numpy() == pytest.approx((weighted / own.query("topic == 0")["terms"].sum()).to_numpy())


def test_units_without_terms_have_no_shares() -> None:
    odd = PLANTED.with_document(fr.Document(id="odd", text="في من إلى"))
    model = fr.topic_model(odd, k=4, engine="sklearn-nmf", phrases=False)
    assert model.document_topics.query("doc_id == 'odd'")["gamma"].isna().all()
    assert model.map()["doc_id"].tolist() == list(PLANTED.ids)


def test_embeddings_are_clustered_without_any_download() -> None:
    rng = np.random.default_rng(0)
    largest = [int(np.argmax([sum(word in d.text for word in theme.split()) for theme in THEMES])) for d in PLANTED]
    vectors = np.eye(4)[largest] + rng.normal(0, 0.05, (len(PLANTED), 4))
    for k in (4, None):
        model = fr.topic_model(PLANTED, k=k, engine="embeddings", embeddings=vectors, phrases=False)
        assert model.k == 4
        found = [[model.bags.terms[column] for column in model.ranked(topic, 10)] for topic in range(4)]
        assert matching.agreement(PLANTED_KEYS, found)[:, 0].min() >= 0.8
        article = fr.Document(id="new", text=f"{THEMES[0]}. {THEMES[0]}.")
        first = fr.place(article, model, resamples=50).mixture.iloc[0]
        assert set(first["terms"].split(" · ")) <= set(THEMES[0].split())
        assert first["gamma"] > 0.9


# figures ----------------------------------------------------------------------------------------


def test_coherence_is_gensims() -> None:
    from gensim.corpora import Dictionary
    from gensim.models import CoherenceModel

    counted = bags(PLANTED, phrases=False)
    topics = [[0, 5, 9, 12], [3, 4, 20, 21]]
    texts = [[counted.terms[column] for column in row] for row in counted.sequences()]
    names = [[counted.terms[column] for column in topic] for topic in topics]
    dictionary = Dictionary(texts)
    for measure in quality.COHERENCES:
        theirs = CoherenceModel(
            topics=names, texts=texts, corpus=list(map(dictionary.doc2bow, texts)), dictionary=dictionary,
            coherence=measure, processes=1, topn=4,
        ).get_coherence_per_topic()  # fmt: skip
        assert quality.coherence(counted, topics, measure) == pytest.approx(theirs)
    assert np.isnan(quality.coherence(counted, [[1], []], "c_npmi")).all()


def test_perplexity_by_hand() -> None:
    beta = np.asarray([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    trained = sparse.csr_matrix([[2, 1, 1]])  # with one added: 3/7, 2/7, 2/7
    fit = Fit(beta, beta, lambda counts: np.tile([1.0, 0.0], (counts.shape[0], 1)), None)
    held = sparse.csr_matrix([[0, 0, 2]])  # one known, one asked for: impossible under the first topic
    assert quality.perplexity(fit, trained, held, 0) == pytest.approx(1 / (0.01 * 2 / 7))
    held = sparse.csr_matrix([[2, 0, 0]])
    assert quality.perplexity(fit, trained, held, 0) == pytest.approx(1 / (0.99 * 0.5 + 0.01 * 3 / 7))
    assert np.isnan(quality.perplexity(fit, trained, sparse.csr_matrix([[1, 0, 0]]), 0))


def test_topics_are_matched_one_to_one() -> None:
    ours, theirs = [["a", "b"], ["c", "d"], ["x"]], [["d", "c"], ["a", "z"]]
    assert matching.match(ours, theirs).tolist() == [1, 0, -1]
    assert matching.agreement(ours, theirs)[:, 0].tolist() == [pytest.approx(1 / 3), 1.0, 0.0]


@given(st.permutations(list("abcdefgh")), st.permutations(list("abcdxyzw")))
@settings(max_examples=80, deadline=None)
def test_rank_biased_overlap_is_a_similarity(a: list[str], b: list[str]) -> None:
    assert matching.rbo(a, a) == 1
    assert 0 <= matching.rbo(a, b) <= 1
    assert matching.rbo(a, b) == matching.rbo(b, a)
    p = 0.9  # the definition, term by term
    shared = [len({*a[:d]} & {*b[:d]}) / d for d in range(1, 9)]
    expected = shared[-1] * p**8 + (1 - p) / p * sum(x * p**d for d, x in enumerate(shared, 1))
    assert matching.rbo(a, b) == pytest.approx(expected, abs=1e-9)


def test_relevance_by_hand() -> None:
    texts = {"a": "نفط نفط نفط غاز", "b": "غاز كوبا كوبا كوبا"}
    model = model_of(texts, [{"غاز": 0.4, "نفط": 0.6}, {"غاز": 0.4, "كوبا": 0.6}])
    assert model.bags.terms == ("غاز", "كوبا", "نفط")
    table = fr.topic_terms(model, topic=0, relevance=0.5)
    frequency = {"غاز": 2 / 8, "نفط": 3 / 8}
    expected = {
        term: 0.5 * np.log(beta) + 0.5 * np.log(beta / frequency[term]) for term, beta in (("غاز", 0.4), ("نفط", 0.6))
    }
    assert table["term"].tolist() == sorted(expected, key=expected.get, reverse=True)
    assert table.set_index("term")["relevance"].to_dict() == pytest.approx(expected)
    assert table.set_index("term")["exclusivity"].to_dict() == pytest.approx({"غاز": 0.5, "نفط": 1.0})
    assert table.set_index("term")["units"].to_dict() == {"غاز": 2, "نفط": 1}
    assert fr.topic_terms(model, topic=0, relevance=1, n=1)["term"].tolist() == ["نفط"]


def test_resumed_choice_computes_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call = {"seeds": 2, "engine": "sklearn-nmf", "phrases": False, "jobs": 1, "folder": tmp_path}
    first = fr.choose_k(PLANTED, k=[3, 4], **call)
    fitted = []
    real = engines.fit
    monkeypatch.setattr(engines, "fit", lambda *a, **k: fitted.append(a[3]) or real(*a, **k))
    pd.testing.assert_frame_equal(fr.choose_k(PLANTED, k=[3, 4], **call), first)
    assert fitted == []
    more = fr.choose_k(PLANTED, k=[3, 4, 5], **call)
    assert fitted == [5, 5, 5, 5]  # two seeds, each on everything and on four fifths
    pd.testing.assert_frame_equal(
        more.drop(columns=["mean_rank", "suggested"]).head(2), first.drop(columns=["mean_rank", "suggested"])
    )
    fr.choose_k(planted(seed=3), k=[3], **call)  # another corpus is not mistaken for this one
    assert len(fitted) == 8


def test_parallel_choice_equals_serial_choice(tmp_path: Path) -> None:
    call = {"k": [3, 4], "seeds": 2, "engine": "sklearn-nmf", "phrases": False}
    serial = fr.choose_k(PLANTED, **call, jobs=1, folder=tmp_path / "a")
    pd.testing.assert_frame_equal(fr.choose_k(PLANTED, **call, jobs=2, folder=tmp_path / "b"), serial)


def test_stability_finds_planted_topics_again() -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    table = fr.topic_stability(model, seeds=3)
    assert table["over"].unique().tolist() == ["documents"]  # NMF does not depend on the seed
    assert table["found"].tolist() == [1.0] * 4
    assert table["jaccard"].min() > 0.8
    seeds = fr.topic_stability(model, seeds=2, over="seeds")
    assert seeds["jaccard"].tolist() == [1.0] * 4
    assert table["share"].sum() == pytest.approx(1)


def test_shares_by_group_by_hand() -> None:
    texts = {"a": "نفط نفط", "b": "كوبا كوبا", "c": "نفط كوبا"}
    model = model_of(texts, [{"نفط": 1.0}, {"كوبا": 1.0}], outlet=["x", "x", "y"])
    table = model.shares("outlet")
    own = model.document_topics.set_index(["doc_id", "topic"])["gamma"]
    assert table["share"].tolist() == pytest.approx(
        [(own["a", 0] + own["b", 0]) / 2, (own["a", 1] + own["b", 1]) / 2, own["c", 0], own["c", 1]]
    )
    assert table["documents"].tolist() == [2, 2, 1, 1]
    assert table["low"].isna().tolist() == [False, False, True, True]  # one document has no interval
    with pytest.raises(FramingError, match=r"no column 'outlets' \(did you mean 'outlet'\?\)"):
        model.shares("outlets")


def test_map_keeps_hellinger_distances_of_three_topics() -> None:
    texts = {"a": "نفط نفط نفط", "b": "كوبا كوبا كوبا", "c": "حزب حزب حزب", "d": "نفط كوبا حزب"}
    model = model_of(texts, [{"نفط": 1.0}, {"كوبا": 1.0}, {"حزب": 1.0}])
    table = model.map(focal="d")
    root = np.sqrt(model.gamma_of_documents[:3])
    xy = table[["x", "y"]].to_numpy()[:3]
    for i, j in ((0, 1), (1, 2), (0, 2)):  # symmetric: three points span the plane that is shown
        assert np.linalg.norm(xy[i] - xy[j]) == pytest.approx(np.linalg.norm(root[i] - root[j]), rel=1e-6)
    assert table["focal"].tolist() == [False, False, False, True]
    outside = model.map(focal=fr.Document(id="new", text="نفط"))
    assert outside["doc_id"].tolist() == ["a", "b", "c", "d", "new"]
    assert outside[["x", "y"]].to_numpy()[:4] == pytest.approx(table[["x", "y"]].to_numpy())


# placing ----------------------------------------------------------------------------------------


def test_gain_by_hand() -> None:
    texts = {"a": "نفط نفط نفط غاز", "b": "كوبا كوبا غاز غاز"}
    model = model_of(texts, [{"غاز": 0.5, "نفط": 0.5}, {"غاز": 0.5, "كوبا": 0.5}])
    placed = fr.place(fr.Document(id="new", text="نفط. غاز. نفط."), model, n=5, resamples=100)
    common = {"غاز": 3 / 8, "كوبا": 2 / 8, "نفط": 3 / 8}
    gamma = dict(zip("ab", model.gamma_of_documents, strict=True))
    counts = {"a": {"نفط": 3, "غاز": 1}, "b": {"كوبا": 2, "غاز": 2}}
    beta = {"غاز": np.asarray([0.5, 0.5]), "نفط": np.asarray([0.5, 0.0])}
    for row in placed.nearest.itertuples():
        expected = 0.0
        for term, times in (("نفط", 2), ("غاز", 1)):
            written = (counts[row.doc_id].get(term, 0) + 4 * common[term]) / (4 + 4)
            mixed = OWN_WORDS * written + (1 - OWN_WORDS) * float(gamma[row.doc_id] @ beta[term])
            expected += times / 3 * np.log2(mixed / common[term])
        assert row.gain == pytest.approx(expected)
        assert row.gain_low <= row.gain <= row.gain_high
    assert placed.nearest["doc_id"].tolist() == ["a", "b"]
    assert placed.nearest["shared"].tolist()[0].split(" · ")[0] == "نفط"
    assert placed.nearest["stays"].tolist() == [1.0, 1.0]


def test_an_article_is_not_its_own_neighbour_and_has_its_own_shares() -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    placed = fr.place("d007", model, resamples=200)
    assert "d007" not in set(placed.nearest["doc_id"])
    own = model.document_topics.query("doc_id == 'd007'").set_index("topic")["gamma"]
    assert placed.mixture.set_index("topic")["gamma"].sort_index().tolist() == pytest.approx(own.tolist())
    inside = placed.mixture
    assert ((inside["low"] <= inside["gamma"]) & (inside["gamma"] <= inside["high"])).all()
    copy = fr.Document(id="copy", text=PLANTED["d007"].text)
    again = fr.place(copy, model, resamples=200)
    assert again.nearest["doc_id"].iloc[0] == "d007"
    assert again.mixture["gamma"].tolist() == pytest.approx(inside["gamma"].tolist(), abs=1e-6)


def test_a_strange_article_is_refused_or_warned_about() -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    with pytest.raises(FramingError, match="none of the 40 terms"):
        fr.place(fr.Document(id="new", text="قصيدة جميلة"), model)
    with pytest.warns(FramingWarning, match="knows only 25%"):
        fr.place(fr.Document(id="new", text="نفط قصيدة جميلة وردية"), model, resamples=50)
    with pytest.raises(FramingError, match=r"one Document is placed at a time.*not Corpus"):
        fr.place(PLANTED, model)
    with pytest.raises(FramingError, match="no document 'd0007'"):
        fr.place("d0007", model)
    one_sentence = fr.place(fr.Document(id="new", text="نفط"), model, resamples=50)
    assert one_sentence.mixture["low"].isna().all()


@pytest.mark.skipif(not REAL.is_file(), reason=f"SKIPPED LOUDLY: no real coverage at {REAL}")
def test_nearest_real_documents_are_about_the_same_matters() -> None:
    corpus = fr.read_corpus(REAL)
    article = fr.read_corpus(ROOT / "corpora" / "focal")["putin-diaz-canel-2018"]
    model = fr.topic_model(corpus, k=12, engine="sklearn-nmf")
    placed = fr.place(article, model, n=5, resamples=100)
    texts = [corpus[name].text for name in placed.nearest["doc_id"]]
    assert sum("كوبا" in text or "روسيا" in text for text in texts) == 5
    assert "كوبا" in texts[0]


# passages, frames -------------------------------------------------------------------------------


def test_passages_can_be_cut_out_of_the_text() -> None:
    texts = {"a": "طقس جميل. ارتفع النفط والغاز.", "b": "كوبا وهافانا. طقس."}
    rest = dict.fromkeys(("طقس", "جميل", "كوبا", "هافانا"), 0.25)
    model = model_of(texts, [dict.fromkeys(("نفط", "غاز", "ارتفع"), 1 / 3), rest])
    found = fr.representative_documents(model, n=1)
    row = found.table.query("topic == 0").iloc[0]
    assert (row["doc_id"], row["passage"], row["words"]) == ("a", "ارتفع النفط والغاز.", "ارتفع · النفط · والغاز")
    assert texts["a"][row["start"] : row["end"]] == row["passage"]
    assert "<mark>النفط</mark>" in found.html
    hostile = model_of({"a": "<b>نفط</b>"}, [{"نفط": 1.0}])
    assert "<b>" not in fr.representative_documents(hostile).html


def test_topics_by_frame_is_least_squares_with_hc3() -> None:
    import statsmodels.api as sm

    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    gamma = model.gamma_of_documents
    rng = np.random.default_rng(1)
    rates = gamma @ [10.0, 2.0, 2.0, 2.0] + rng.normal(0, 0.5, len(gamma))
    scores = pd.DataFrame({"doc_id": PLANTED.ids, "frame": "alliance", "rate": rates})
    table = fr.topics_by_frame(model, scores)
    ols = sm.OLS(rates, gamma).fit(cov_type="HC3", use_t=True)
    assert table["expected"].tolist() == pytest.approx(ols.params.tolist())
    assert table[["low", "high"]].to_numpy() == pytest.approx(ols.conf_int())
    assert table["expected"].tolist() == pytest.approx([10, 2, 2, 2], abs=0.5)
    assert (table["share"] * table["difference"]).sum() == pytest.approx(0, abs=1e-9)
    assert table["q"].iloc[0] < 1e-6
    # with an intercept and one topic left out, the same model in other words
    other = sm.OLS(rates, np.column_stack((np.ones(len(gamma)), gamma[:, 1:]))).fit()
    assert other.params[0] == pytest.approx(table["expected"].iloc[0])


def test_topics_by_frame_refuses_what_it_cannot_say() -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    scores = pd.DataFrame({"doc_id": PLANTED.ids, "frame": "alliance", "rate": 1.0})
    flat = fr.topics_by_frame(model, scores)
    assert flat["expected"].tolist() == pytest.approx([1.0] * 4)
    assert flat["p"].isna().all()
    with pytest.raises(FramingError, match=r"4 documents with a score for 'alliance'.*too few for 4 topics"):
        fr.topics_by_frame(model, scores.head(4))
    with pytest.warns(FramingWarning, match="only 15 documents for 4 topics"):
        fr.topics_by_frame(model, scores.head(15))
    with pytest.raises(FramingError, match=r"no column 'raet'.*did you mean 'rate'"):
        fr.topics_by_frame(model, scores, figure="raet")
    with pytest.raises(FramingError, match="several rows per document and frame"):
        fr.topics_by_frame(model, pd.concat([scores, scores]))
    with pytest.raises(FramingError, match="'outlet' has 2 groups"):
        fr.topics_by_frame(model, scores, cluster="outlet")


# intrusion --------------------------------------------------------------------------------------


def test_word_sheets_are_blinded_seeded_and_have_one_intruder() -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    sheet = fr.word_intrusion_sheet(model, per_topic=3, random_state=5)
    again = fr.word_intrusion_sheet(model, per_topic=3, random_state=5)
    assert sheet.table.equals(again.table)
    assert not sheet.table.equals(fr.word_intrusion_sheet(model, per_topic=3, random_state=6).table)
    assert list(sheet.table.columns) == ["item", *(f"option_{n}" for n in range(1, 7)), "intruder"]
    assert (sheet.table["intruder"] == "").all()
    theme_of = {key: number for number, theme in enumerate(PLANTED_KEYS) for key in theme}
    key_of = dict(zip(model.bags.readable, model.bags.terms, strict=True))
    for row, known in zip(sheet.table.itertuples(index=False), sheet.key.itertuples(), strict=True):
        themes = [theme_of[key_of[word]] for word in row[1:7]]
        odd = themes.pop(known.answer - 1)
        assert len(set(themes)) == 1
        assert odd not in themes
    assert sheet.key["topic"].value_counts().tolist() == [3] * 4
    assert sheet.key["topic"].tolist() != sorted(sheet.key["topic"])  # shuffled


def test_perfect_and_guessing_coders(tmp_path: Path) -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    sheet = fr.word_intrusion_sheet(model, per_topic=2)
    path = sheet.save(tmp_path / "words.csv")
    assert path.read_text("utf-8").startswith("\ufeffitem")
    assert "topic" not in path.read_text("utf-8")
    filled = pd.read_csv(path, encoding="utf-8-sig", dtype=str)
    filled["intruder"] = sheet.key["answer"].astype(str)
    filled.to_csv(tmp_path / "anna.csv", index=False, encoding="utf-8-sig")
    scored = fr.score_intrusion(path, tmp_path / "anna.csv")
    first = scored.iloc[0]
    assert (first["answers"], first["correct"], first["precision"], first["high"]) == (8, 8, 1.0, 1.0)
    assert first["p"] == pytest.approx((1 / 6) ** 8)
    assert scored["scope"].tolist() == ["all", *["topic"] * 4]
    filled["intruder"] = [  # another coder writes the words themselves, or Arabic digits, and leaves one out
        row[f"option_{answer}"] if n % 2 else "٠١٢٣٤٥٦"[answer]
        for n, (row, answer) in enumerate(zip(filled.to_dict("records"), sheet.key["answer"], strict=True))
    ]
    filled.loc[0, "intruder"] = ""
    both = fr.score_intrusion(sheet, {"anna": tmp_path / "anna.csv", "badr": filled})
    assert both["scope"].tolist()[:3] == ["all", "coder", "coder"]
    assert both.loc[0, ["items", "answers", "correct", "unanswered"]].tolist() == [8, 15, 15, 1]
    assert both.loc[0, "low"] < 1 == both.loc[0, "high"]


def test_intrusion_scores_by_hand() -> None:
    from scipy import stats

    key = pd.DataFrame({"item": ["a", "b", "c", "d"], "kind": "word", "topic": [0, 0, 1, 1], "answer": 1, "options": 6})
    table = fr.score_intrusion(key, pd.DataFrame({"item": ["a", "b", "c", "d"], "intruder": ["1", "1", "1", "2"]}))
    assert table["precision"].tolist() == [0.75, 1.0, 0.5]
    assert table["p"].tolist() == pytest.approx(
        [stats.binom.sf(2, 4, 1 / 6), stats.binom.sf(1, 2, 1 / 6), stats.binom.sf(0, 2, 1 / 6)]
    )
    assert table.loc[0, "low"] == pytest.approx(stats.beta.ppf(0.025, 3.5, 1.5))
    assert table.loc[0, "high"] == pytest.approx(stats.beta.ppf(0.975, 3.5, 1.5))


def test_topic_sheets_and_their_log_odds() -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    sheet = fr.topic_intrusion_sheet(model, n=6, n_topics=2)
    assert list(sheet.table.columns) == ["item", "text", "option_1", "option_2", "option_3", "intruder"]
    gamma = model.document_topics.set_index(["doc_id", "topic"])["gamma"]
    for known in sheet.key.itertuples():
        assert gamma[known.doc_id, known.topic] <= gamma[known.doc_id].sort_values().iloc[1]
    right = sheet.table.assign(intruder=sheet.key["answer"])
    assert fr.score_intrusion(sheet, right).loc[0, "log_odds"] == 0
    wrong = sheet.table.assign(intruder=sheet.key["answer"] % 3 + 1)
    table = fr.score_intrusion(sheet, wrong)
    assert (table.loc[0, "correct"], table.loc[0, "log_odds"] < 0) == (0, True)


def test_sheets_in_a_notebook() -> None:
    pytest.importorskip("ipywidgets")
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    sheet = fr.word_intrusion_sheet(model)
    box = sheet.ask("anna")
    for item, answer in zip(box.children[1:], sheet.key["answer"], strict=True):
        item.children[1].value = answer
    assert fr.score_intrusion(sheet).loc[0, ["correct", "answers"]].tolist() == [4, 4]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"item": ["zz"], "intruder": ["1"]}, "item 'zz', which is not in the key"),
        ({"item": ["a", "a"], "intruder": ["1", "2"]}, "item 'a' twice"),
        ({"item": ["a"], "intruder": ["9"]}, "'9' is none of the options; give a number from 1 to 6"),
        ({"item": ["a"], "intruder": ["نفط"]}, "'نفط' is none of the options"),
        ({"item": ["a"], "intruder": [""]}, "no answer in 'coder 1'"),
        ({"item": ["a"]}, "no answer"),
        ({"intruder": ["1"]}, "no column 'item'"),
    ],
)
def test_bad_answers_are_named(answers: dict[str, list[str]], message: str) -> None:
    key = pd.DataFrame({"item": ["a"], "kind": "word", "topic": [0], "answer": [1], "options": 6})
    with pytest.raises(FramingError, match=message):
        fr.score_intrusion(key, pd.DataFrame(answers))


def test_sheets_that_cannot_be_made() -> None:
    model = fr.topic_model(PLANTED, k=2, engine="sklearn-nmf", phrases=False)
    with pytest.raises(FramingError, match="no intruder beside 3"):
        fr.topic_intrusion_sheet(model)
    with pytest.raises(FramingError, match="n_terms must be a whole number, at least 2"):
        fr.word_intrusion_sheet(model, n_terms=1)
    with pytest.raises(FramingError, match=r"written as \.csv"):
        fr.word_intrusion_sheet(model).save("sheet.xlsx")
    with pytest.raises(FramingError, match="no answers yet"):
        fr.score_intrusion(fr.word_intrusion_sheet(model))
    empty = model_of({"a": "نفط غاز كوبا", "b": "نفط"}, [{"نفط": 0.5, "غاز": 0.5}, {"كوبا": 1.0}])
    with pytest.raises(FramingError, match="topic 0 has only 2 terms"):
        fr.word_intrusion_sheet(empty)


# refusals ---------------------------------------------------------------------------------------

TEXTS = [fr.Document(id=f"t{n}", text=f"{THEMES[n % 4]} {' '.join(COMMON)} {n}") for n in range(60)]


@pytest.mark.parametrize(
    ("corpus", "options", "message"),
    [
        (TEXTS[:1], {}, "1 document with countable words: too few.*at least 50 documents"),
        (TEXTS[:30], {}, "30 documents with countable words: too few"),
        (planted(30), {}, r"30 documents.*Enough would be unit='paragraph' \(180 paragraphs\)"),
        ([], {}, "has no documents"),
        ([fr.Document(id=str(n), text="في من إلى 50") for n in range(60)], {}, "0 documents with countable words"),
        (PLANTED, {"min_df": 81}, "no term is left of .*Try a lower min_df or a higher max_df"),
        (PLANTED, {"max_df": 0.001}, "no term is left"),
        (PLANTED, {"min_df": 1.5}, "min_df=1.5: a share lies between"),
        (PLANTED, {"max_df": "half"}, "max_df must be a number of units"),
        (PLANTED, {"k": 11}, r"11 topics are more than 80 documents can carry.*k ≤ 8.*at least 110 documents"),
        (PLANTED, {"k": 1}, "k must be a whole number of topics, at least 2"),
        (PLANTED, {"k": 2.5}, "k must be a whole number"),
        (PLANTED, {"k": None}, "k= is missing.*choose_k"),
        (PLANTED, {"engine": "lda"}, "engine 'lda' is not known"),
        (PLANTED, {"unit": "sentence"}, "unit='sentence' is not known"),
        (PLANTED, {"by": "lemmas"}, r"by='lemmas' is not known \(did you mean 'lemma'\?\)"),
        (PLANTED, {"random_state": None}, "random_state must be a whole number"),
        (PLANTED, {"engine": "sklearn-nmf", "options": {"pases": 3}}, "does not take these options"),
        (PLANTED, {"options": {"starts": 0}}, "starts must be a whole number of random starts"),
        (PLANTED, {"engine": "embeddings"}, "needs embeddings="),
        (PLANTED, {"engine": "embeddings", "embeddings": np.ones((3, 2))}, r"shape \(3, 2\); needed are 80 rows"),
        (PLANTED, {"engine": "embeddings", "embeddings": np.zeros((80, 2))}, "row 0 .*80 such rows"),
        (PLANTED, {"engine": "sklearn-nmf", "embeddings": np.ones((80, 2))}, "embeddings= goes with"),
        ("corpus", {}, "corpus must be what .* returns, not str 'corpus'"),
    ],
)
def test_bad_input_is_refused_with_the_cure(corpus: object, options: dict[str, object], message: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FramingWarning)
        with pytest.raises(FramingError, match=message):
            fr.topic_model(corpus, **{"k": 3, "phrases": False, "engine": "gensim", **options})


def test_more_topics_than_terms() -> None:
    few = [fr.Document(id=str(n), text=f"نفط {'غاز ' * (n % 3 + 1)}") for n in range(60)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FramingWarning)
        with pytest.raises(FramingError, match="3 topics for a vocabulary of 2 terms: k must be smaller"):
            fr.topic_model(few, k=3, max_df=1.0, phrases=False)


def test_copies_are_named() -> None:
    copies = fr.Corpus([*PLANTED, fr.Document(id="copy", text=PLANTED["d000"].text + "\n")])
    with pytest.warns(FramingWarning, match=r"1 documents have the same words as an earlier one: 'copy' \(as 'd000'\)"):
        bags(copies, phrases=False)


def test_missing_coherence_is_said_and_the_table_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = engines.top
    monkeypatch.setattr(
        engines, "top", lambda ranking, n: [row[:1] if i == 0 else row for i, row in enumerate(real(ranking, n))]
    )
    with pytest.warns(FramingWarning, match=r"coherence is missing for k = 3.*Try a lower k"):
        table = fr.choose_k(PLANTED, k=[3], seeds=2, engine="sklearn-nmf", phrases=False, jobs=1, folder=tmp_path)
    assert table[["c_npmi", "c_v", "u_mass"]].isna().all(axis=None)
    assert table["perplexity"].notna().all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": []}, "k= is empty"),
        ({"k": [1, 2]}, "at least 2; found 1"),
        ({"k": range(9, 13)}, "12 topics are more than 80 documents can carry"),
        ({"seeds": 1}, "at least 2 seeds"),
        ({"seeds": [1, -1]}, "random_state must be a whole number from 0"),
        ({"n_terms": 1}, "n_terms must be"),
        ({"jobs": 0}, "jobs must be"),
        ({"engine": "lda"}, "engine 'lda' is not known"),
    ],
)
def test_choices_that_cannot_be_made(options: dict[str, object], message: str) -> None:
    with pytest.raises(FramingError, match=message):
        fr.choose_k(PLANTED, **{"k": [3], "engine": "sklearn-nmf", "phrases": False, "jobs": 1, **options})


def test_a_topic_that_does_not_exist() -> None:
    model = model_of({"a": "نفط", "b": "كوبا"}, [{"نفط": 1.0}, {"كوبا": 1.0}])
    for call in (fr.topic_terms, fr.representative_documents):
        with pytest.raises(FramingError, match="no topic 7; this model has the topics 0 to 1"):
            call(model, topic=7)
    with pytest.raises(FramingError, match="relevance must lie between 0"):
        fr.topic_terms(model, relevance=2)


def test_output_speaks_of_topics_not_of_frames() -> None:
    model = model_of({"a": "نفط", "b": "كوبا"}, [{"نفط": 1.0}, {"كوبا": 1.0}])
    assert "They are not frames" in model._repr_html_()
    for table in (model.top_terms, model.document_topics, model.shares_of_corpus):
        assert "frame" not in getattr(table, "columns", ())


# figures and command line -----------------------------------------------------------------------


def test_plots_show_what_the_tables_say(tmp_path: Path) -> None:
    model = fr.topic_model(PLANTED, k=4, engine="sklearn-nmf", phrases=False)
    article = fr.Document(id="new", text="نفط برميل. ملعب.")
    placed = fr.place(article, model, resamples=50)
    terms = fr.topic_terms(model, n=5)
    drawn = fr.plot.topic_terms(terms)
    labels = [tick.get_text() for tick in drawn.get_yticklabels()]
    assert labels == terms.query("topic == 0")["readable"].tolist()
    assert [bar.get_width() for bar in drawn.patches] == pytest.approx(terms.query("topic == 0")["beta"].tolist())
    heat = fr.plot.topic_shares(model.shares("outlet"))
    assert len(heat.texts) == 8
    mixture = fr.plot.place(placed)
    assert mixture.lines[0].get_xdata().tolist() == pytest.approx(placed.mixture["gamma"].tolist())
    points = fr.plot.topic_map(model.map(focal=article))
    assert [text.get_text() for text in points.get_legend().get_texts()][-1] == "new"
    saved = fr.plot.save(points, "map", alt="Documents.", caption="Map.", folder=tmp_path)
    assert json.loads(saved.with_suffix(".json").read_text("utf-8"))["provenance"]["k"] == 4
    with pytest.raises(FramingError, match="topic_shares needs the columns"):
        fr.plot.topic_shares(terms)


def test_pyldavis_page(tmp_path: Path) -> None:
    pytest.importorskip("pyLDAvis")
    model = fr.topic_model(PLANTED, k=3, engine="sklearn-nmf", phrases=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library about its dependencies
        page = model.to_pyldavis(tmp_path / "topics.html").read_text("utf-8")
    assert "LDAvis" in page
    assert json.dumps(model.bags.readable[0])[1:-1] in page


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fr.write_corpus(PLANTED, tmp_path / "c.jsonl")
    (tmp_path / "article.txt").write_text("برميل النفط. ناقلة النفط في ميناء.", "utf-8")
    call = ["topics", str(tmp_path / "c.jsonl"), "--engine", "sklearn-nmf", "--no-phrases"]
    assert main([*call, "--k", "4", "--article", str(tmp_path / "article.txt"), "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr()
    assert "topic  share  terms" in printed.out
    assert "nearest documents" in printed.out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "top_terms.csv", "document_topics.csv", "mixture.csv", "nearest.csv", "provenance.json",
    }  # fmt: skip
    assert main([*call, "--k", "4", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert len(data["document_topics"]) == 320
    assert data["provenance"]["engine"] == "sklearn-nmf"
    assert main([*call, "--choose-k", "3:4", "--seeds", "2", "--jobs", "1"]) == 0
    assert capsys.readouterr().out.count("suggested") == 1
    for wrong, message in ((["--k", "40"], "40 topics are more than"), (["--choose-k", "4"], "as in 4:12")):
        assert main([*call, *wrong]) == 2
        error = capsys.readouterr().err
        assert message in error
        assert len(error.strip().splitlines()) == 1
