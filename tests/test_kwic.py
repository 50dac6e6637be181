"""Keywords in context, with quanteda's columns and its documented results."""

from __future__ import annotations

import string

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import framing as fr

COLUMNS = ["docname", "from", "to", "pre", "keyword", "post", "pattern"]


def texts(*given: str) -> fr.Corpus:
    return fr.Corpus(fr.Document(id=f"text{number}", text=text) for number, text in enumerate(given, 1))


def rows(table: pd.DataFrame) -> list[list]:
    return table.astype({"pattern": str}).values.tolist()


# quanteda's tests/testthat/test-kwic.R; its letters are case-folded here as there
LETTERS = " ".join(string.ascii_uppercase)


def test_the_whole_table():
    expected = pd.DataFrame([["text1", 4, 4, "A B C", "D", "E F G H I", "D"]], columns=COLUMNS)
    pd.testing.assert_frame_equal(
        fr.kwic(texts(LETTERS), "D"), expected.astype({"pattern": pd.CategoricalDtype(["D"])}), check_dtype=False
    )


def test_windows_and_separators():
    assert rows(fr.kwic(texts(LETTERS), "D", window=2, separator="_")) == [["text1", 4, 4, "B_C", "D", "E_F", "D"]]
    assert rows(fr.kwic(texts(LETTERS), "D", window=0)) == [["text1", 4, 4, "", "D", "", "D"]]


def test_first_and_last_token():
    assert rows(fr.kwic(texts(LETTERS), "A")) == [["text1", 1, 1, "", "A", "B C D E F", "A"]]
    assert rows(fr.kwic(texts(LETTERS), "Z")) == [["text1", 26, 26, "U V W X Y", "Z", "", "Z"]]


def test_two_patterns():
    assert rows(fr.kwic(texts("A B C D E F G D H"), ["D", "E"], window=3)) == [
        ["text1", 4, 4, "A B C", "D", "E F G", "D"],
        ["text1", 5, 5, "B C D", "E", "F G D", "E"],
        ["text1", 8, 8, "E F G", "D", "H", "D"],
    ]


def test_several_texts_and_matches():
    assert rows(fr.kwic(texts(LETTERS[2:], LETTERS + " " + LETTERS), "A")) == [
        ["text2", 1, 1, "", "A", "B C D E F", "A"],
        ["text2", 27, 27, "V W X Y Z", "A", "B C D E F", "A"],
    ]
    assert rows(fr.kwic(texts("what does the fox say fox"), "fox")) == [
        ["text1", 4, 4, "what does the", "fox", "say fox", "fox"],
        ["text1", 6, 6, "what does the fox say", "fox", "", "fox"],
    ]


def test_nothing_found():
    found = fr.kwic(texts(LETTERS), "É")
    assert list(found.columns) == COLUMNS
    assert len(found) == 0
    assert found["from"].dtype == "int64"
    assert len(fr.kwic(fr.Corpus([]), "a")) == 0
    assert len(fr.kwic(texts(""), "a")) == 0


def test_phrases():
    corpus = texts("a b c d e g h", "a b e g h i j")
    assert fr.kwic(corpus, ["c d", "g h"])["keyword"].tolist() == ["c d", "g h", "g h"]
    assert fr.kwic(corpus, ["a b", "e g", "g h"])["keyword"].tolist() == ["a b", "e g", "g h"] * 2
    assert fr.kwic(corpus, "g j")["keyword"].tolist() == []
    assert rows(fr.kwic(corpus, "e g h", window=1))[0] == ["text1", 5, 7, "d", "e g h", "", "e g h"]


def test_a_codebook_is_a_dictionary():
    book = fr.Codebook.from_dict({"ukey": ["u"], "fkey": ["f"]})
    found = fr.kwic(texts(" ".join(string.ascii_lowercase), LETTERS), book, window=3)
    assert found["pattern"].tolist() == ["fkey", "ukey"] * 2
    assert found["pattern"].cat.categories.tolist() == ["ukey", "fkey"]
    book = fr.Codebook.from_dict({"key2": ["b", "c"], "key1": ["a", "b"]})
    found = fr.kwic(texts("a b c"), book)
    assert found[["keyword", "pattern"]].values.tolist() == [["a", "key1"], ["b", "key2"], ["b", "key1"], ["c", "key2"]]


IS_IT = [
    "This is a test",
    "This is it.",
    "What is in a train?",
    "Is it a question?",
    "Sometimes you don't know if this is it.",
    "Is it a bird or a plane or is it a train?",
]


def test_pattern_and_keyword_agree():
    found = fr.kwic(texts(*IS_IT), ["is", "a"], valuetype="fixed")
    assert len(found) == 13
    assert found["pattern"].tolist() == found["keyword"].str.lower().tolist()
    found = fr.kwic(texts(*IS_IT), "is a", valuetype="fixed")
    assert found[["docname", "keyword"]].values.tolist() == [["text1", "is a"]]


def test_value_types_and_case():
    corpus = texts("Security was secured, securing insecure people.")
    assert fr.kwic(corpus, "secur*")["keyword"].tolist() == ["Security", "secured", "securing"]
    assert fr.kwic(corpus, "secur*", case_insensitive=False)["keyword"].tolist() == ["secured", "securing"]
    assert fr.kwic(corpus, "^secur", valuetype="regex")["keyword"].tolist() == ["Security", "secured", "securing"]
    cased = fr.kwic(corpus, "^secur", valuetype="regex", case_insensitive=False)
    assert cased["keyword"].tolist() == ["secured", "securing"]
    assert fr.kwic(corpus, "secur", valuetype="regex")["keyword"].tolist()[-1] == "insecure"
    assert fr.kwic(corpus, "security", valuetype="fixed")["keyword"].tolist() == ["Security"]
    assert fr.kwic(corpus, "security", valuetype="fixed", case_insensitive=False)["keyword"].tolist() == []
    assert fr.kwic(corpus, "?ecure*")["keyword"].tolist() == ["secured"]


def test_texts_may_be_plain_strings():
    assert fr.kwic(["a b", "b c"], "b")[["docname", "from"]].values.tolist() == [["text1", 2], ["text2", 1]]
    assert len(fr.kwic("a b", "b")) == 1
    with pytest.raises(fr.FramingError, match="documents are expected"):
        fr.kwic([1], "b")


# Arabic -----------------------------------------------------------------------------------------

ARABIC = "زار الوزير كوبا، وكوبا ترحب. قال: «كوبا الحليفة» لها حلفاء."


def test_arabic_in_reading_order():
    assert rows(fr.kwic(texts(ARABIC), "كوبا", window=2)) == [
        ["text1", 3, 3, "زار الوزير", "كوبا", "، وكوبا", "كوبا"],
        ["text1", 5, 5, "كوبا ،", "وكوبا", "ترحب .", "كوبا"],
        ["text1", 11, 11, ": «", "كوبا", "الحليفة »", "كوبا"],
    ]


def test_arabic_value_types():
    def found(pattern: str, valuetype: str) -> list[str]:
        return fr.kwic(texts(ARABIC), pattern, valuetype=valuetype)["keyword"].tolist()

    assert found("كوبا", "fixed") == ["كوبا", "كوبا"]
    assert found("حليف", "lemma") == ["الحليفة", "حلفاء"]
    assert found("ال*", "glob") == ["الوزير", "الحليفة"]
    assert found("ا$", "regex") == ["كوبا", "وكوبا", "كوبا", "لها"]
    assert found("كوبا الحليفة", "glob") == ["كوبا الحليفة"]


def test_codings_are_shown_where_they_stand(article, codebook):
    codings = fr.code(article, codebook)
    found = fr.kwic(article, codings, window=3)
    assert len(found) == len(codings)
    squeezed = ["".join(keyword.split()) for keyword in found["keyword"]]
    assert sorted(squeezed) == sorted("".join(evidence.split()) for evidence in codings.table["evidence"])
    assert found["from"].is_monotonic_increasing
    by_frame = codings.table["frame"].value_counts().to_dict()
    assert found["pattern"].value_counts().to_dict() == {frame: by_frame.get(frame, 0) for frame in codings.frames}


def test_batches_do_not_change_the_table(monkeypatch):
    corpus = texts(*[f"{n} the fox {n}" for n in range(7)])
    whole = fr.kwic(corpus, "fox")
    batches = fr.Corpus.batches
    monkeypatch.setattr(fr.Corpus, "batches", lambda self: batches(self, 2))
    pd.testing.assert_frame_equal(fr.kwic(corpus, "fox"), whole)


@given(st.lists(st.sampled_from(["fox", "dog", "كلب", "قط", ".", "«", "12"]), max_size=30), st.integers(0, 4))
@settings(max_examples=50, deadline=None)
def test_the_lines_are_pieces_of_the_text(words, window):
    from framing.language import tokenise

    text = " ".join(words)
    spans = tokenise([text]).spans
    tokens = [text[a:b] for a, b in zip(spans.start, spans.end, strict=True)]
    found = fr.kwic(texts(text), ["fox", "كلب"], window=window, valuetype="fixed", separator="\x00")
    assert found["from"].tolist() == [n for n, token in enumerate(tokens, 1) if token in ("fox", "كلب")]
    for row in found.to_dict("records"):
        a, b = row["from"] - 1, row["to"]
        assert "\x00".join(tokens[a:b]) == row["keyword"]
        assert "\x00".join(tokens[max(a - window, 0) : a]) == row["pre"]
        assert "\x00".join(tokens[b : b + window]) == row["post"]


# Bad input --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "options", "problem"),
    [
        ("", {}, "must be a word or a phrase"),
        ("  ", {}, "must be a word or a phrase"),
        ([], {}, "no pattern was given"),
        ({"f": ["a"]}, {}, "make a codebook of a mapping"),
        ([1], {}, "must be a word or a phrase, not 1"),
        ("!!", {}, "holds no word"),
        ("!!", {"valuetype": "fixed"}, "holds no word"),
        ("a", {"window": -1}, "window must be a whole number"),
        ("a", {"window": 1.5}, "window must be a whole number"),
        ("a", {"valuetype": "globe"}, "did you mean 'glob'"),
        ("(a", {"valuetype": "regex"}, "not a valid regular expression"),
        ("(a|aa)+$", {"valuetype": "regex"}, r"took more than 0\.1 s"),
    ],
)
def test_what_cannot_be_looked_for(pattern, options, problem):
    corpus = texts("a" * 40 + "b")
    with pytest.raises(fr.FramingError, match=problem):
        fr.kwic(corpus, pattern, **options)


def test_patterns_that_explode_only_when_case_matters():
    corpus = texts("q" * 60 + "Z")
    assert len(fr.kwic(corpus, "(q|qq)+z$", valuetype="regex")) == 1
    with pytest.raises(fr.FramingError, match=r"took more than 0\.1 s"):
        fr.kwic(corpus, "(q|qq)+z$", valuetype="regex", case_insensitive=False)


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    from framing.cli import main

    code = main(list(arguments))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_command_line(capsys, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(ARABIC, "utf-8")
    code, out, err = run(capsys, "kwic", "كوبا", str(file), "--window", "1")
    assert (code, out.splitlines()[1], err) == (0, "a:5\t، [وكوبا] ترحب", "3 matches\n")
    code, out, _ = run(capsys, "kwic", "حليف", str(file), "--valuetype", "lemma", "--format", "csv")
    assert (code, out.splitlines()[0]) == (0, ",".join(COLUMNS))
    code, out, err = run(capsys, "kwic", "x", str(tmp_path / "none.txt"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    code, out, err = run(capsys, "kwic", "(", str(file), "--valuetype", "regex")
    assert (code, err.count("\n")) == (2, 1)
    assert "not a valid regular expression" in err
