"""A codebook in scikit-learn: counts that can be checked by hand, and everything an estimator must do."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.utils import estimator_checks

import framing as fr

FRAMES = {"alliance": ["تعاون", {"term": "صداقة", "weight": 3}], "war": ["حرب", "حرب باردة"]}
TEXTS = ["التعاون والصداقة في زمن الحرب الباردة.", "لا تعاون بعد اليوم، والحرب حرب.", "نزل المطر.", ""]


def vectorizer(**options) -> fr.CodebookVectorizer:
    return fr.CodebookVectorizer(FRAMES, **options)


def test_counts():
    fitted = vectorizer().fit(TEXTS)
    assert fitted.get_feature_names_out().tolist() == ["alliance", "war"]
    assert fitted.transform(TEXTS).tolist() == [[2, 1], [0, 2], [0, 0], [0, 0]]
    assert vectorizer(negation=False).fit_transform(TEXTS).tolist() == [[2, 1], [1, 2], [0, 0], [0, 0]]
    assert vectorizer(figure="weighted").fit_transform(TEXTS).tolist() == [[4, 1], [0, 2], [0, 0], [0, 0]]


def test_rates_are_missing_where_there_are_no_words():
    with pytest.warns(fr.FramingWarning, match="1 of 4 texts have no words, and so no rate: it is given as missing"):
        rates = vectorizer(figure="rate").fit_transform(TEXTS)
    np.testing.assert_allclose(rates[:3], [[4000 / 6, 1000 / 6], [0, 2000 / 6], [0, 0]])
    assert np.isnan(rates[3]).all()
    with pytest.warns(fr.FramingWarning, match="given as 0"):
        sparse = vectorizer(figure="rate", sparse=True).fit_transform(TEXTS)
    np.testing.assert_allclose(sparse.toarray()[:3], rates[:3])


def test_entries():
    fitted = vectorizer(features="entries").fit(TEXTS)
    assert fitted.get_feature_names_out().tolist() == ["alliance:تعاون", "alliance:صداقة", "war:حرب", "war:حرب باردة"]
    assert fitted.transform(TEXTS).tolist() == [[1, 1, 0, 1], [0, 0, 2, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    sparse = vectorizer(features="entries", sparse=True).fit_transform(TEXTS)
    assert (sparse.format, sparse.toarray().tolist()) == ("csr", fitted.transform(TEXTS).tolist())


def test_nested_scope():
    book = {"paper": ["New York Times"], "city": ["New York"]}
    text = ["The New York Times is a New York paper."]
    assert fr.CodebookVectorizer(book).fit_transform(text).tolist() == [[1, 2]]
    assert fr.CodebookVectorizer(book, nested_scope="dictionary").fit_transform(text).tolist() == [[1, 1]]


def test_it_agrees_with_frame_scores(article, related, codebook):
    corpus = related.with_document(article)
    hits = fr.frame_scores(fr.code(corpus, codebook)).set_index(["doc_id", "frame"])["hits"]
    counted = fr.CodebookVectorizer(codebook).fit_transform(corpus)
    expected = [[hits[doc_id, frame] for frame in codebook.frames] for doc_id in corpus.ids]
    np.testing.assert_array_equal(counted, expected)


def test_sources_of_codebooks_and_texts(article):
    by_name, by_book = fr.CodebookVectorizer(), fr.CodebookVectorizer(fr.load_codebook("cuba-russia-us"))
    expected = by_name.fit_transform([article.text])
    for given_texts in (fr.Corpus([article]), [article], pd.Series([article.text]), np.array([article.text], object)):
        np.testing.assert_array_equal(by_book.fit_transform(given_texts), expected)
    assert by_name.fit_transform([]).shape == (0, 3)
    assert by_name.fit_transform(text for text in [article.text]).tolist() == expected.tolist()


# What scikit-learn asks of an estimator. Its own checks feed numbers, and stop at estimators that take text (as they do
# for CountVectorizer), but for the first; those that need no input are run one by one, the others follow with texts.


def test_scikit_learns_checks():
    with pytest.warns(SkipTestWarning, match="string=True"):
        checks = list(estimator_checks.estimator_checks_generator(vectorizer()))
    assert checks
    for estimator, check in checks:
        check(estimator)


@pytest.mark.parametrize(
    "name",
    [
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_get_params_invariance",
        "check_set_params",
        "check_do_not_raise_errors_in_init_or_set_params",
        "check_valid_tag_types",
        "check_estimator_tags_renamed",
    ],
)
def test_scikit_learns_checks_that_need_no_input(name):
    getattr(estimator_checks, name)("CodebookVectorizer", vectorizer())


def test_fitting_returns_itself_changes_no_parameter_and_can_be_repeated():
    estimator = vectorizer()
    before = {name: id(value) for name, value in estimator.get_params().items()}
    assert estimator.fit(TEXTS) is estimator
    assert {name: id(value) for name, value in estimator.get_params().items()} == before
    once = estimator.transform(TEXTS)
    np.testing.assert_array_equal(estimator.fit(TEXTS).transform(TEXTS), once)
    np.testing.assert_array_equal(vectorizer().fit_transform(TEXTS), once)


def test_unfitted_cloned_and_pickled():
    with pytest.raises(NotFittedError):
        vectorizer().transform(TEXTS)
    with pytest.raises(NotFittedError):
        vectorizer().get_feature_names_out()
    fitted = vectorizer(features="entries").fit(TEXTS)
    copy = clone(fitted)
    assert copy.features == "entries"
    assert not hasattr(copy, "codebook_")
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(TEXTS), fitted.transform(TEXTS))


@given(st.lists(st.lists(st.sampled_from(["تعاون", "والحرب", "الباردة", "لا", "صداقات", "."]), max_size=8), max_size=6))
@settings(max_examples=30, deadline=None)
def test_rows_do_not_depend_on_each_other(lists):
    texts = [" ".join(words) for words in lists]
    fitted = vectorizer().fit(texts)
    whole = fitted.transform(texts)
    assert whole.shape == (len(texts), 2)
    np.testing.assert_array_equal(fitted.transform(texts[::-1])[::-1], whole)
    for row, text in enumerate(texts):
        np.testing.assert_array_equal(fitted.transform([text])[0], whole[row])


def test_set_output():
    frame = vectorizer().set_output(transform="pandas").fit_transform(pd.Series(TEXTS, index=list("abcd")))
    assert isinstance(frame, pd.DataFrame)
    assert (frame.columns.tolist(), frame.index.tolist()) == (["alliance", "war"], list("abcd"))
    assert frame.loc["a"].tolist() == [2, 1]


def test_pipelines_searches_and_columns():
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.preprocessing import StandardScaler

    texts = ["تعاون وصداقة", "صداقة البلدين", "حرب باردة", "الحرب"] * 5
    labels = [1, 1, 0, 0] * 5
    pipeline = make_pipeline(vectorizer(), StandardScaler(), LogisticRegression())
    assert pipeline.fit(texts, labels).score(texts, labels) == 1.0
    assert pipeline[:-1].get_feature_names_out().tolist() == ["alliance", "war"]
    search = GridSearchCV(pipeline, {"codebookvectorizer__features": ["frames", "entries"]}, cv=2).fit(texts, labels)
    assert search.best_score_ == 1.0
    table = pd.DataFrame({"text": texts, "year": range(20)})
    columns = ColumnTransformer([("frames", vectorizer(), "text")], remainder="passthrough")
    assert columns.fit(table).get_feature_names_out().tolist() == ["frames__alliance", "frames__war", "remainder__year"]
    union = FeatureUnion([("a", vectorizer()), ("b", vectorizer(features="entries"))])
    assert union.fit_transform(texts).shape == (20, 6)


@pytest.mark.parametrize(
    ("options", "texts", "problem"),
    [
        ({"features": "frame"}, [], "did you mean 'frames'"),
        ({"figure": "hit"}, [], "did you mean 'hits'"),
        ({"nested_scope": "keys"}, [], "did you mean 'key'"),
        ({"margin": "loose"}, [], "margin='loose' is not known"),
        ({"codebook": "cuba"}, [], "no codebook 'cuba'"),
        ({"codebook": {"f": []}}, [], "frame 'f' has no terms"),
        ({}, "one text", "not one string; write"),
        ({}, ["a", None], "text number 1 is NoneType"),
        ({}, ["a", float("nan")], "text number 1 is float"),
        ({}, [b"bytes"], "text number 0 is bytes"),
        ({}, np.zeros((3, 2)), "not in a table of shape"),
        ({}, pd.DataFrame({"text": ["a"]}), "choose the column"),
    ],
)
def test_bad_input(options, texts, problem):
    estimator = fr.CodebookVectorizer(**{"codebook": FRAMES, **options})
    with pytest.raises(fr.FramingError, match=problem):
        estimator.fit_transform(texts)
