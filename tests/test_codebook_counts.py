"""quanteda's documented counts: the same dictionaries on the same texts, the same numbers.

Texts, dictionaries and results are those of the help page of tokens_lookup (quanteda 4), of the tutorial "Look up
dictionary" (tutorials.quanteda.io), and of quanteda's tests/testthat/test-tokens_lookup.R. Texts are tokenised with
punctuation kept, which is quanteda's default.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import framing as fr


def counts(dictionary: str, texts: list[str], tmp_path: Path, nested_scope: str = "key", **options) -> dict:
    path = tmp_path / "d.yml"
    path.write_text(dictionary, "utf-8")
    vectorizer = fr.CodebookVectorizer(fr.import_codebook(path, **options), nested_scope=nested_scope, negation=False)
    table = vectorizer.fit_transform(texts)
    return {name: table[:, row].astype(int).tolist() for row, name in enumerate(vectorizer.get_feature_names_out())}


def test_nested_scope_new_york_times(tmp_path):
    dictionary = "paper: New York Times\ncity: New York\n"
    text = ["The New York Times is a New York paper."]
    assert counts(dictionary, text, tmp_path) == {"paper": [1], "city": [2]}
    assert counts(dictionary, text, tmp_path, "dictionary") == {"paper": [1], "city": [1]}


SAMOA = """
AS: [American Samoa, American Samoan*, Pago Pago]
WS: [Samoa, Samoan*, Apia]
VG: [British Virgin Islands, Virgin Island*, Road Town]
GB: [UK, United Kingdom, Britain, British, Briton*, Brit*, London]
US: [United States, US, American*, Washington, New York]
"""
SAMOA_TEXTS = [
    "British Virgin Islands is a British overseas territory",
    "Samoa is an independent state",
    "American Samoa is in the South Pacific",
]


def test_nested_scope_function(tmp_path):
    assert counts(SAMOA, SAMOA_TEXTS, tmp_path) == {
        "AS": [0, 0, 1],
        "WS": [0, 1, 1],
        "VG": [1, 0, 0],
        "GB": [2, 0, 0],
        "US": [0, 0, 1],
    }
    assert counts(SAMOA, SAMOA_TEXTS, tmp_path, "dictionary") == {
        "AS": [0, 0, 1],
        "WS": [0, 1, 0],
        "VG": [1, 0, 0],
        "GB": [1, 0, 0],
        "US": [0, 0, 0],
    }


@pytest.mark.parametrize("backwards", [False, True])
def test_nested_scope_is_independent_of_order(backwards, tmp_path):
    lines = ["VG: Virgin Islands", "VI: Virgin Islands", "DM: Dominica*", "DO: Dominican Republic"]
    text = ["Virgin Islands are near Dominica and the Dominican Republic"]
    dictionary = "\n".join(lines[::-1] if backwards else lines)
    assert counts(dictionary, text, tmp_path, "dictionary") == {"VG": [1], "VI": [1], "DM": [1], "DO": [1]}
    lines = ["CD: [Democratic Republic of Congo, Congolese]", "CG: [Republic of Congo, Congolese]"]
    text = ["Congolese are people in Republic of Congo or Democratic Republic of Congo"]
    dictionary = "\n".join(lines[::-1] if backwards else lines)
    assert counts(dictionary, text, tmp_path, "dictionary") == {"CD": [2], "CG": [2]}


OCEANS = [
    "The United States is bordered by the Atlantic Ocean and the Pacific Ocean.",
    "The Supreme Court of the United States is seldom in a united state.",
]


def test_glob_values(tmp_path):
    dictionary = "Countries: Stat*\noceans: '*ic'\ngameconsoles: ['?box', Nintendo*]\nswords: '*s'\n"
    assert counts(dictionary, OCEANS, tmp_path) == {
        "Countries": [1, 2],
        "oceans": [2, 0],
        "gameconsoles": [0, 0],
        "swords": [2, 2],
    }


def test_regex_values(tmp_path):
    dictionary = "Countries: Stat.*$\noceans: '[A-Z][a-z]+ic'\ngameconsoles: Xbox\nswords: s$\n"
    assert counts(dictionary, OCEANS, tmp_path, valuetype="regex") == {
        "Countries": [1, 2],
        "oceans": [2, 0],
        "gameconsoles": [0, 0],
        "swords": [2, 2],
    }


def test_phrases_of_patterns(tmp_path):
    texts = [*OCEANS, "We need Manchester Unity in the Federal Republic of Germany today."]
    texts.append("luv the united states XXOO!")
    dictionary = """
Countries: [United States, Federal * of *]
oceans: '* Ocean'
Institutions: [federal gover*, Supreme Court]
team: [Manchester *, Arsenal]
"""
    assert counts(dictionary, texts, tmp_path) == {
        "Countries": [1, 1, 1, 1],
        "oceans": [2, 0, 0, 0],
        "Institutions": [0, 1, 0, 0],
        "team": [0, 0, 1, 0],
    }


def test_overlapping_values_of_one_key_count_once(tmp_path):
    texts = ["The United States of America is bordered by the Atlantic Ocean and the Pacific Ocean.", OCEANS[1]]
    dictionary = "Countries: [United States, United States of America]\noceans: Ocean\n"
    assert counts(dictionary, texts, tmp_path) == {"Countries": [1, 1], "oceans": [2, 0]}
    dictionary = "Countries: [United States, Unit Stat of America]\noceans: Ocean.*\n"
    assert counts(dictionary, texts, tmp_path, valuetype="regex") == {"Countries": [1, 1], "oceans": [2, 0]}
    assert counts("key: [A B, A B C]", ["A B C"], tmp_path) == {"key": [1]}
    assert counts("key: [B C, A B C]", ["A B C"], tmp_path) == {"key": [1]}
    texts = ["a c d d", "a a b c c c e f"]
    assert counts("one: [a, b, b c]\ntwo: [e, f]", texts, tmp_path) == {"one": [1, 3], "two": [0, 2]}


def test_keys_that_share_words_each_count(tmp_path):
    texts = ["say good bye to Hollywood"]
    assert counts("pos: good\nfarewell: good bye", texts, tmp_path) == {"pos": [1], "farewell": [1]}
    texts = ["word word2 document documents documenting", "use using word word2"]
    assert counts("document: document*\nuse: [use, using]", texts, tmp_path) == {"document": [3, 0], "use": [0, 2]}


HIERARCHY = """
US: {Countries: States, oceans: [Atlantic, Pacific]}
Europe: {Countries: [Britain, Ireland], oceans: {west: Irish Sea, east: English Channel}}
"""
HIERARCHY_TEXTS = [
    "The United States has the Atlantic Ocean and the Pacific Ocean.",
    "Britain and Ireland have the Irish Sea and the English Channel.",
]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (1, {"US": [3, 0], "Europe": [0, 4]}),
        (2, {"Countries": [1, 2], "oceans": [2, 2]}),
        ([1, 2], {"US.Countries": [1, 0], "US.oceans": [2, 0], "Europe.Countries": [0, 2], "Europe.oceans": [0, 2]}),
        (3, {"west": [0, 1], "east": [0, 1]}),
        ([1, 3], {"US": [3, 0], "Europe": [0, 2], "Europe.west": [0, 1], "Europe.east": [0, 1]}),
        ([2, 3], {"Countries": [1, 2], "oceans": [2, 0], "oceans.west": [0, 1], "oceans.east": [0, 1]}),
    ],
)
def test_levels_of_a_hierarchy(levels, expected, tmp_path):
    assert counts(HIERARCHY, HIERARCHY_TEXTS, tmp_path, levels=levels) == expected


def test_levels_that_do_not_exist(tmp_path):
    with pytest.raises(fr.FramingError, match="no category with words in it on the chosen levels"):
        counts(HIERARCHY, HIERARCHY_TEXTS, tmp_path, levels=4)


def test_a_sentiment_dictionary_with_negations(tmp_path):
    # quanteda's help page of data_dictionary_LSD2015 shows this sentence; the words here are ours
    path = tmp_path / "s.lc3"
    path.write_text("+negative\naggressive*\n+positive\nwin\nfriend*\n+neg_positive\nnot win\n", "utf-8")
    vectorizer = fr.CodebookVectorizer(fr.import_codebook(path), negation=False)
    text = ["This aggressive policy will not win friends."]
    assert vectorizer.fit_transform(text).tolist() == [[1, 2, 1]]
    assert vectorizer.set_params(nested_scope="dictionary").fit_transform(text).tolist() == [[1, 1, 1]]
