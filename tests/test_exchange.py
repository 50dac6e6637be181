"""Dictionaries of other tools: read as their makers mean them, and written back unchanged."""

from __future__ import annotations

import string
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import framing as fr

ENDINGS = (".yml", ".dic", ".lc3", ".ykd", ".cat", ".csv")


def entries(book: fr.Codebook) -> dict[str, list[tuple[str, str]]]:
    return {name: [(entry.term, entry.match) for entry in frame.entries] for name, frame in book.frames.items()}


def terms(book: fr.Codebook) -> dict[str, list[str]]:
    return {name: [entry.term for entry in frame.entries] for name, frame in book.frames.items()}


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8")
    return path


# One small dictionary in each format ------------------------------------------------------------

SAMPLES = {
    "d.yml": "fruit: [Pear*, apple pie]\nroot: {tuber: potato, other: [carrot, 'n?t']}\n",
    "d.dic": "%\n1\tfruit\n2\troot\n\t3\ttuber\n\t04\tother\n%\n"
    "Pear*\t1\napple pie\t1\npotato\t3\ncarrot\t4\nn?t\t04\n",
    "d.lc3": "+fruit\nPear*\napple pie\n+root.tuber\npotato\n+root.other\ncarrot\nn?t\n",
    "d.cat": "fruit\n\tPear* (1)\n\tapple_pie (1)\nroot\n\ttuber\n\t\tpotato (1)\n"
    "\tother\n\t\tcarrot (1)\n\t\tn?t (1)\n",
    "d.ykd": """<?xml version="1.0" encoding="UTF-8"?>
<dictionary style="050805" patternengine="substring">
 <cnode name="my dictionary" desc="">
  <cnode name="fruit"><pnode name="Pear*"/><pnode name="apple pie"/></cnode>
  <cnode name="root">
   <cnode name="tuber"><pnode name="potato"/></cnode>
   <cnode name="other"><pnode name="carrot"/><pnode name="n?t"/></cnode>
  </cnode>
 </cnode>
</dictionary>
""",
}
EXPECTED = {
    "fruit": [("pear*", "pattern"), ("apple pie", "pattern")],
    "root.tuber": [("potato", "surface")],
    "root.other": [("carrot", "surface"), ("n?t", "pattern")],
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_format_gives_the_same_codebook(name, tmp_path):
    path = write(tmp_path, name, SAMPLES[name])
    assert entries(fr.import_codebook(path)) == EXPECTED
    assert entries(fr.load_codebook(path)) == EXPECTED
    codings = fr.code(fr.Document(id="a", text="Pears, an apple pie, a carrot and a nut."), fr.load_codebook(path))
    assert codings.table[["evidence", "frame"]].values.tolist() == [
        ["Pears", "fruit"],
        ["apple pie", "fruit"],
        ["carrot", "root.other"],
        ["nut", "root.other"],
    ]


def test_the_dictionary_names_itself(tmp_path):
    assert fr.import_codebook(write(tmp_path, "d.ykd", SAMPLES["d.ykd"])).title == "my dictionary"
    assert fr.import_codebook(write(tmp_path, "d.lc3", SAMPLES["d.lc3"])).title == "d"


def test_weights_and_scores(tmp_path):
    cat = write(tmp_path, "w.cat", "good\n\tfine (1)\n\tsplendid (2.5)\n")
    ykd = write(
        tmp_path,
        "w.ykd",
        '<dictionary><cnode name="w"><cnode name="good"><pnode name="fine"/><pnode name="splendid" score="2.5"/>'
        "</cnode></cnode></dictionary>",
    )
    for path in (cat, ykd):
        book = fr.import_codebook(path)
        assert [(e.term, e.weight) for e in book.frames["good"].entries] == [("fine", 1.0), ("splendid", 2.5)]
        again = fr.import_codebook(fr.export_codebook(book, tmp_path / f"again{path.suffix}"))
        assert again.frames["good"].entries == book.frames["good"].entries


def test_liwc_words_in_several_categories_and_padded_numbers(tmp_path):
    text = "%\n01\tA category\n2\tAnother one\n%\nmore\t1\nlittle \t 01\t2\nhad 2\ncatch 22\t1\n"
    book = fr.import_codebook(write(tmp_path, "d.dic", text))
    assert terms(book) == {"A category": ["more", "little", "catch 22"], "Another one": ["little", "had"]}


def test_liwc_codes_that_are_left_out_are_told(tmp_path):
    text = "%\n1\tone\n2\ttwo\n3\tthree\n%\na\t1\nkind\t<of>131\nlike\t(02 134)125\t2\nstray\t9\n:)\t1\n"
    with pytest.warns(fr.FramingWarning) as caught:
        book = fr.import_codebook(write(tmp_path, "d.dic", text))
    message = str(caught[0].message)
    for part in ("<of> tag left out (line 7)", "parentheses ignored (line 8)", "does not define ignored", "three"):
        assert part in message
    assert "without a letter or digit left out: ':)'" in message
    assert terms(book) == {"one": ["a"], "two": ["like"]}


def test_wordstat_rules_are_left_out_and_told(tmp_path):
    text = "A\n\tone (1)\n\t@RULE [one NEAR two] (1)\n"
    with pytest.warns(fr.FramingWarning, match=r"proximity rules left out \(line 3\)"):
        assert terms(fr.import_codebook(write(tmp_path, "d.cat", text))) == {"A": ["one"]}


def test_yaml_words_that_yaml_would_read_as_something_else(tmp_path):
    path = write(tmp_path, "d.yml", "NO: [norway, yes, 1984, null, 2.50]\non: off\n")
    assert terms(fr.import_codebook(path)) == {"NO": ["norway", "yes", "1984", "null", "2.50"], "on": ["off"]}


def test_quanteda_patterns_beside_subcategories(tmp_path):
    path = write(tmp_path, "d.yml", "A:\n  B: [x]\n  __: [y, z]\n")
    assert terms(fr.import_codebook(path)) == {"A.B": ["x"], "A": ["y", "z"]}


def test_windows_encodings_are_recognised(tmp_path):
    path = tmp_path / "d.cat"
    path.write_bytes("سلام\n\tاتفاق (1)\n\tالسلام بين البلدين (1)\n\tهدنة بين الطرفين (1)\n".encode("cp1256"))
    with pytest.warns(fr.FramingWarning, match="cp1256"):
        assert terms(fr.import_codebook(path)) == {"سلام": ["اتفاق", "السلام بين البلدين", "هدنة بين الطرفين"]}


# How patterns are meant -----------------------------------------------------------------------


def test_case_and_tolower(tmp_path):
    path = write(tmp_path, "d.yml", "country: US\n")
    text = fr.Document(id="a", text="The US told us.")
    assert fr.code(text, fr.import_codebook(path)).table["evidence"].tolist() == ["US", "us"]
    assert fr.code(text, fr.import_codebook(path, tolower=False)).table["evidence"].tolist() == ["US"]


def test_fixed_values_are_literal(tmp_path):
    path = write(tmp_path, "d.yml", "a: ['no*', 'yes', 'o?k now']\n")
    book = fr.import_codebook(path, valuetype="fixed")
    assert fr.code(fr.Document(id="a", text="nobody now yes."), book).table["evidence"].tolist() == ["yes"]


def test_arabic_dictionaries(tmp_path):
    path = write(tmp_path, "d.yml", "حلف: [تحالف*, 'العلاقات الثنائية', دياز-كانيل]\n")
    text = "تحالفات جديدة. بحث دياز كانيل العلاقات الثنائية."
    found = fr.code(fr.Document(id="a", text=text), fr.import_codebook(path)).table
    assert found["evidence"].tolist() == ["تحالفات", "دياز كانيل", "العلاقات الثنائية"]


# Round trips ------------------------------------------------------------------------------------

WORD = st.text(string.ascii_lowercase + "ابتثجحخدذرزسشعغفقكلمنهوي", min_size=1, max_size=6)
PATTERN = st.one_of(WORD, WORD.map(lambda w: w + "*"), WORD.map(lambda w: "?" + w), st.tuples(WORD, WORD).map(" ".join))
NAME = st.one_of(WORD, st.tuples(WORD, WORD).map(" ".join), st.tuples(WORD, WORD).map(".".join))
DICTIONARIES = st.dictionaries(NAME, st.lists(PATTERN, min_size=1, max_size=4, unique=True), min_size=1, max_size=4)


@pytest.mark.parametrize("ending", ENDINGS)
@given(content=DICTIONARIES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_reads_back(ending, content, tmp_path):
    first = fr.Codebook(
        fr.Frame(
            id=name,
            entries=tuple(fr.Entry(term=t, match="pattern" if set(t) & set("*? ") else "surface") for t in patterns),
        )
        for name, patterns in content.items()
    )
    book = fr.import_codebook(fr.export_codebook(first, tmp_path / f"a{ending}"))
    assert {name: sorted(found) for name, found in entries(book).items()} == {
        name: sorted(found) for name, found in entries(first).items()
    }
    again = fr.export_codebook(book, tmp_path / f"b{ending}")
    third = fr.export_codebook(fr.import_codebook(again), tmp_path / f"c{ending}")
    assert third.read_bytes() == again.read_bytes()


def test_a_table_carries_every_field_of_an_entry(tmp_path):
    usa = fr.Condition(actor=("usa",), within=10, side="after", nearest=True)
    word = fr.Condition(term=("مجلس", "حزب"), within="paragraph", count=2)
    frame = fr.Frame(
        id="f",
        entries=(
            fr.Entry("عقوبة", pos=("noun", "verb"), weight=2.5, variants=("عقاب", "قصاص"), en=("sanction",), note="n"),
            fr.Entry("فرض عقوبات", match="phrase", gap=3, requires=(usa,), unless=(word, usa), source="s"),
            fr.Entry("س[اى]لم.*", match="pattern", valuetype="regex"),
            fr.Entry("=على قدم", match="phrase"),
            fr.Entry("كما", match="surface"),
        ),
    )
    book = fr.Codebook([frame], actors=fr.load_codebook("cuba-russia-us").actors.values())
    with pytest.warns(fr.FramingWarning, match="actors"):
        path = fr.export_codebook(book, tmp_path / "t.csv")
    assert fr.import_codebook(path, actors=book).frames["f"].entries == frame.entries


def test_the_conditions_of_a_frame_go_with_its_entries(tmp_path):
    condition = fr.Condition(term=("حزب",))
    frame = fr.Frame(id="f", entries=(fr.Entry("تحالف"),), unless=(condition,))
    book = fr.import_codebook(fr.export_codebook(fr.Codebook([frame]), tmp_path / "t.csv"))
    assert book.frames["f"].entries[0].unless == (condition,)


def test_the_shipped_codebook_in_every_format(codebook, tmp_path):
    for ending in ENDINGS[:-1]:
        with pytest.warns(fr.FramingWarning, match="cannot carry everything; not written: that lemmas match all forms"):
            path = fr.export_codebook(codebook, tmp_path / f"c{ending}")
        book = fr.import_codebook(path)
        assert list(book.frames) == ["alliance", "cold_war", "us_pressure"]
        for name, frame in codebook.frames.items():
            every = {" ".join(t.replace("=", "").lower().split()) for entry in frame.entries for t in entry.terms}
            assert {entry.term for entry in book.frames[name].entries} == every
    with pytest.warns(fr.FramingWarning, match=r"not written: names of .* actors"):
        path = fr.export_codebook(codebook, tmp_path / "c.csv")
    book = fr.import_codebook(path, actors=codebook)
    for name, frame in codebook.frames.items():
        assert [e.term for e in book.frames[name].entries] == [e.term for e in frame.entries]
        assert [e.requires for e in book.frames[name].entries] == [
            (*frame.requires, *e.requires) for e in frame.entries
        ]


def test_nothing_is_told_when_nothing_is_lost(tmp_path):
    book = fr.Codebook([fr.Frame(id="a", entries=(fr.Entry("x", match="surface"), fr.Entry("y*", match="pattern")))])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for ending in ENDINGS:
            fr.export_codebook(book, tmp_path / f"x{ending}")


def test_spreadsheets_run_nothing(tmp_path):
    dangerous = ["=1+2", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "'=x", "''@y", "\tz", "＝w", "plain", "'quoted"]
    frame = fr.Frame(id="=f", entries=tuple(fr.Entry(f"t{n}", note=note) for n, note in enumerate(dangerous)))
    path = fr.export_codebook(fr.Codebook([frame]), tmp_path / "t.csv")
    import csv

    cells = [cell for row in csv.reader(path.open(encoding="utf-8", newline="")) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r\n＝＋－＠" and cell]
    book = fr.import_codebook(path)
    assert [entry.note for entry in book.frames["=f"].entries] == [note.strip() for note in dangerous]


# Files that cannot be used -----------------------------------------------------------------------

BOMB = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><dictionary><cnode name="&c;"><pnode name="x"/></cnode></dictionary>"""
OUTSIDE = """<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<dictionary><cnode name="a"><pnode name="&x;"/></cnode></dictionary>"""


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.ykd", BOMB, r"a\.ykd, line 1: entities are not allowed"),
        ("a.lc3", BOMB, r"a\.lc3, line 1: entities are not allowed"),
        ("a.ykd", OUTSIDE, "entities are not allowed"),
        ("a.ykd", "<dictionary><cnode name='a'>", "line 1: not valid XML"),
        ("a.ykd", "<html><body/></html>", "begins with <dictionary>, found <html>"),
        ("a.ykd", "<dictionary><pnode name='x'/></dictionary>", "'x' stands in no category"),
        ("a.ykd", "<dictionary><cnode><pnode name='x'/></cnode></dictionary>", "<cnode> has no name"),
        ("a.ykd", "<dictionary>" + "<cnode name='a'>" * 80 + "</cnode>" * 80 + "</dictionary>", "nested more than 50"),
        ("a.ykd", "<dictionary><cnode name='a'><pnode name='x' score='-2'/></cnode></dictionary>", "of 'x' is '-2'"),
        ("a.ykd", "<dictionary><cnode name='a'></cnode></dictionary>", "no category with words"),
        ("a.dic", "hello\nworld\n", "between two lines of only %, found 0"),
        ("a.dic", "%\nfirst\n%\n", "line 2: a category needs a number"),
        ("a.dic", "%\n1\ta\n1\tb\n%\n", "line 3: the category number 1 stands here a second time"),
        ("a.dic", "%\n1\ta\n%\nword\n", "line 4: 'word' has no category number"),
        ("a.lc3", "word\n+a\n", "line 1: 'word' stands before the first category"),
        ("a.lc3", "+\nword\n", "line 1: the category has no name"),
        ("a.cat", "\tword (1)\n", r"line 1: the word 'word \(1\)' stands in no category"),
        ("a.cat", "A\n\tword (-1)\n", "line 2: the weight of 'word' is -1"),
        ("a.cat", "A\nB\n", "no category with words"),
        ("a.yml", "- a\n- b\n", "line 1: a quanteda dictionary has keys"),
        ("a.yml", "a: [b\n", "not valid YAML"),
        ("a.yml", "a: &x [b]\nc: *x\n", "anchors and aliases"),
        ("a.yml", "a: &x {b: *x}\n", "anchors and aliases"),
        ("a.yml", "a: [*ing]\n", "in quotation marks"),
        ("a.yml", "a: [{term: b}]\n", "line 1: a pattern is expected below 'a', found a mapping"),
        ("a.yml", "a: [b]\na: [c]\n", "line 2: the key 'a' stands here a second time"),
        (
            "a.yml",
            "kind: actors\nactors: []\n",
            "codebook file of kind 'actors'; load it with load_codebook, by the folder",
        ),
        ("a.yml", "? [a, b]\n: c\n", "not valid YAML"),
        ("a.yml", "a: " + "[" * 5000, "not valid YAML"),
        ("a.csv", "frame,word\na,b\n", "row 2: unknown column 'word'"),
        ("a.csv", "frame,term\na,\n", "row 2: term is empty"),
        ("a.csv", "frame,term,weight\na,b,heavy\n", "row 2: weight 'heavy' must be a number"),
        ("a.csv", "frame,term,weight\na,b,-1\n", "row 2: weight '-1' must be a number, 0 or more"),
        ("a.csv", "frame,term,weight\na,b,nan\n", "must be a number"),
        ("a.csv", "frame,term,gap\na,b,1.5\n", "row 2: gap '1.5' must be a whole number from 0 to 10"),
        ("a.csv", "frame,term,match\na,b,lema\n", "did you mean 'lemma'"),
        ("a.csv", "frame,term,requires\na,b,usa\n", "requires is not valid JSON"),
        ("a.csv", 'frame,term,requires\na,b,"{""actr"": ""usa""}"\n', "unknown field 'actr' \\(did you mean 'actor'"),
        ("a.csv", 'frame,term,requires\na,b,"{""term"": ""x"", ""within"": ""page""}"\n', "is not a condition"),
        ("a.csv", 'frame,term,requires\na,b,"{""actor"": ""usa""}"\n', "the codebook has none"),
        ("a.csv", "frame,term\n", "no entries"),
        ("a.txt", "a", "'.txt' is no ending of a dictionary"),
        ("a.yml", "", "the file is empty"),
    ],
)
def test_files_that_cannot_be_used(name, content, problem, tmp_path):
    with pytest.raises(fr.FramingError, match=problem):
        fr.import_codebook(write(tmp_path, name, content))


def test_a_bad_regular_expression_is_named(tmp_path):
    with pytest.raises(fr.FramingError, match=r"'\(a' is not a valid regular expression"):
        fr.import_codebook(write(tmp_path, "a.yml", "a: ['(a']\n"), valuetype="regex")


def test_unknown_formats_and_value_types(tmp_path):
    path = write(tmp_path, "a.yml", "a: b\n")
    with pytest.raises(fr.FramingError, match="did you mean 'quanteda'"):
        fr.import_codebook(path, format="quantda")
    with pytest.raises(fr.FramingError, match="did you mean 'glob'"):
        fr.import_codebook(path, valuetype="globs")
    with pytest.raises(fr.FramingError, match="the ending names no format"):
        fr.export_codebook(fr.import_codebook(path), tmp_path / "a.docx")
    assert terms(fr.import_codebook(write(tmp_path, "x.txt", "+a\nb\n"), format="lexicoder")) == {"a": ["b"]}


def test_names_that_a_format_cannot_hold(tmp_path):
    def book(name: str, term: str = "x") -> fr.Codebook:
        return fr.Codebook([fr.Frame(id=name, entries=(fr.Entry(term, match="pattern"),))])

    for name, term, ending in (("a (1)", "x", ".cat"), ("@a", "x", ".cat"), ("a", "+x", ".lc3"), ("__", "x", ".yml")):
        with pytest.raises(fr.FramingError, match="cannot be written"):
            fr.export_codebook(book(name, term), tmp_path / f"n{ending}")
        assert not (tmp_path / f"n{ending}").exists()
