"""Corpora: reading and writing exactly, filtering, checking, near-duplicates."""

import datetime
import json
import string
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import framing as fr
from framing import Corpus, Document
from framing.corpus import effective_number
from framing.corpus.check import PROBLEMS, impossible_date
from framing.errors import FramingError, FramingWarning

ROOT = Path(__file__).parents[1]

WIRE = (
    "أعلنت وزارة الخارجية الروسية في بيان أن الرئيس الكوبي سيصل إلى موسكو يوم الخميس في زيارة رسمية تستمر ثلاثة أيام "
    "ويلتقي خلالها كبار المسؤولين ويبحث معهم مشاريع مشتركة في قطاعات النقل والطاقة والصناعة الدوائية"
)
OTHER = (
    "ارتفعت أسعار النفط في تعاملات صباح الاثنين بعد أن أظهرت بيانات رسمية تراجع المخزونات في أكبر الدول المستهلكة "
    "فيما ينتظر المتعاملون قرار المنتجين بشأن مستويات الإنتاج للربع الأول من العام المقبل"
)


@pytest.fixture
def corpus():
    return Corpus(
        [
            Document(id="a", text="نص أول", outlet="x", date="2014-12-17", words=10, event="thaw"),
            Document(id="b", text="نص ثان", outlet="y", date="2016-03-20", words=9),
            Document(id="c", text="نص ثالث", outlet="x", words="100"),
        ],
        name="three",
    )


# --- documents -------------------------------------------------------------------------------------------------------


def test_missing_values_and_dates_have_one_form():
    document = Document(
        id=7,
        text="",
        title="",
        outlet=None,
        date=datetime.date(2018, 11, 2),
        seen=pd.Timestamp("2018-11-02 10:15"),
        n=np.int64(3),
        nothing=float("nan"),
        never=pd.NaT,
        self="x",
    )
    assert document.metadata == {"date": "2018-11-02", "seen": "2018-11-02T10:15:00", "n": 3, "self": "x"}
    assert type(document["n"]) is int
    assert document.id == "7"


def test_doc_id_is_not_metadata():
    with pytest.raises(FramingError, match="'doc_id' is what tables call the id"):
        Document(id="a", text="", doc_id="b")


# --- where -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted, ids",
    [
        ({"outlet": "x"}, "ac"),
        ({"outlet": ["x", "y"]}, "abc"),
        ({"date": ("2015-01-01", None)}, "b"),
        ({"date": (None, "2014")}, "a"),
        ({"date": (None, "2014-12-16")}, ""),
        ({"date": (datetime.date(2014, 12, 17), datetime.date(2016, 3, 20))}, "ab"),
        ({"words": (10, None)}, "ac"),
        ({"words": (None, 10)}, "ab"),
        ({"words": (9.5, 50)}, "a"),
        ({"event": None}, "bc"),
        ({"id": ["c", "a"]}, "ac"),
        ({"outlet": "x", "date": ("2014", None)}, "a"),
        ({}, "abc"),
    ],
)
def test_where(corpus, wanted, ids):
    assert "".join(corpus.where(**wanted).ids) == ids


def test_where_with_a_function_and_wrong_names(corpus):
    assert corpus.where(lambda document: "ثان" in document.text, outlet="y").ids == ("b",)
    with pytest.raises(FramingError, match=r"no column 'outlte' .did you mean 'outlet'"):
        corpus.where(outlte="x")
    with pytest.raises(FramingError, match="cannot bound numbers"):
        corpus.where(words=("x", 3))


def test_with_and_without_document(corpus):
    more = corpus.with_document(Document(id="d", text="رابع"))
    assert more.ids == ("a", "b", "c", "d")
    assert more.with_document(Document(id="a", text="بديل"))["a"].text == "بديل"
    assert more.without("d") == corpus
    assert more.fingerprint != corpus.fingerprint
    with pytest.raises(FramingError, match="no document 'z'"):
        corpus.without("z")


def test_describe_counts(corpus):
    assert corpus.describe().values.tolist() == [["a", 1, 1, 2, 6], ["b", 1, 1, 2, 6], ["c", 1, 1, 2, 7]]


# --- round trips -----------------------------------------------------------------------------------------------------

NAMES = st.text(string.ascii_letters, min_size=1, max_size=6).filter(
    lambda name: name.lower() not in ("id", "text", "lang")
)
VALUES = st.text(min_size=1, max_size=12).filter(
    lambda value: ("\x00" not in value and value.isprintable()) or value in ("\n", "a\rb", "a\r\nb", "\u2028")
)
TEXTS = st.text(max_size=60)


@st.composite
def corpora(draw, values=VALUES, texts=TEXTS):
    ids = draw(st.lists(st.text(string.ascii_letters + "كوبا0-_", min_size=1, max_size=8), unique=True, max_size=4))
    names = draw(st.lists(NAMES, unique_by=str.lower, max_size=3))
    rows = [{name: draw(st.none() | values) for name in names} for _ in ids]
    return Corpus([Document(id=name, text=draw(texts), **row) for name, row in zip(ids, rows, strict=True)])


@settings(max_examples=60, deadline=None)
@given(
    corpora(values=VALUES | st.integers(-(2**40), 2**40) | st.booleans() | st.lists(st.text(max_size=3), max_size=2))
)
def test_jsonl_gives_back_exactly(tmp_path_factory, corpus):
    path = tmp_path_factory.mktemp("c") / "c.jsonl"
    if len(corpus):
        assert fr.read_corpus(fr.write_corpus(corpus, path)) == corpus


@settings(max_examples=40, deadline=None)
@given(corpora(texts=st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)))
def test_parquet_gives_back_exactly(tmp_path_factory, corpus):
    path = tmp_path_factory.mktemp("c") / "c.parquet"
    assert fr.read_corpus(fr.write_corpus(corpus, path)) == corpus


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_a_folder_gives_back_exactly_or_says_that_it_cannot(tmp_path_factory, corpus):
    path = tmp_path_factory.mktemp("c") / "c"
    try:
        fr.write_corpus(corpus, path)
    except FramingError:
        with pytest.raises(FramingError, match=r"write \.jsonl instead"):
            fr.write_corpus(corpus, path)
    else:
        assert not len(corpus) or fr.read_corpus(path) == corpus


def test_whole_numbers_stay_whole_beside_missing_ones(tmp_path):
    corpus = Corpus([Document(id="a", text="x", n=1), Document(id="b", text="y")])
    assert fr.read_corpus(fr.write_corpus(corpus, tmp_path / "c.parquet"))["a"]["n"] == 1


def test_parquet_refuses_a_mixed_column(tmp_path):
    corpus = Corpus([Document(id="a", text="x", n=1), Document(id="b", text="y", n="two")])
    with pytest.raises(FramingError, match="column 'n' cannot be written as Parquet"):
        fr.write_corpus(corpus, tmp_path / "c.parquet")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("id", ["", "../x", "/x", "a//b", "a:b", "x" * 300, " a"])
def test_ids_that_are_no_file_names(tmp_path, id):
    with pytest.raises(FramingError, match="cannot be file names"):
        fr.write_corpus(Corpus([Document(id=id, text="x")]), tmp_path / "c")


def test_from_pandas_and_back(corpus):
    table = corpus.to_pandas()
    assert Corpus.from_pandas(table, name="three") == corpus
    tags = pd.DataFrame({"doc_id": [1], "text": ["x"], "tags": [["a", "b"]], "n": [np.nan]})
    assert Corpus.from_pandas(tags)[0].metadata == {"tags": ["a", "b"]}
    with pytest.raises(FramingError, match="no 'text' in row 0"):
        Corpus.from_pandas(pd.DataFrame({"doc_id": ["a"], "text": [None]}))


# --- tables as they come ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256", "utf-16"])
def test_csv_of_every_make(tmp_path, separator, encoding):
    content = (
        separator.join(("id", "العنوان", "text"))
        + "\r\n"
        + separator.join(("أ", "عنوان الخبر", f'"{WIRE}{separator} ""نعم""\nسطر"'))
        + "\r\n"
    )
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode(encoding))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FramingWarning)
        (document,) = fr.read_corpus(path)
    assert (document.id, document["العنوان"], document.text) == ("أ", "عنوان الخبر", f'{WIRE}{separator} "نعم"\nسطر')


@pytest.mark.parametrize(
    "content, said",
    [
        ("id,text\na,x,y\n", "line 2: 3 cells, but only 2"),
        ('id,text\na,x\nb,"never closed\nc,z\n', "row that begins on line 3"),
        ("id,text,text\na,x,y\n", "'text' occur twice"),
        ("id,title\na,x\n", "no text; .* Say which with columns"),
        ("id,text\na,x\na,y\n", "'a' occur twice"),
        ("", "empty"),
    ],
)
def test_broken_csv(tmp_path, content, said):
    path = tmp_path / "a.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(FramingError, match=said):
        fr.read_corpus(path)


def test_long_cells_and_trailing_separators(tmp_path):
    long = "كوبا " * 60_000
    (tmp_path / "a.csv").write_text(f"id,text,\na,{long.strip()},\n", "utf-8")
    assert fr.read_corpus(tmp_path / "a.csv")[0].text == long.strip()


def test_ids_that_are_numbers_or_doubled(tmp_path):
    rows = [{"id": 0, "doc_id": "other", "text": "x"}, {"docid": 5, "text": "y"}, {"text": "z"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    corpus = fr.read_corpus(tmp_path / "a.jsonl")
    assert corpus.ids == ("0", "5", "a-3")
    assert corpus["0"]["original_doc_id"] == "other"
    assert corpus.to_pandas()["doc_id"].tolist() == ["0", "5", "a-3"]


def test_a_text_column_beside_the_files_is_ignored(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("الأصل", "utf-8")
    (tmp_path / "documents.csv").write_text("id,text,self\na,نسخة,x\n", "utf-8")
    (document,) = fr.read_corpus(tmp_path)
    assert (document.text, document["self"]) == ("الأصل", "x")


@pytest.mark.parametrize("name", ["a.html", "a.docx", "a.pdf", "a.zip"])
def test_other_files_are_sent_to_collect(tmp_path, name):
    (tmp_path / name).write_text("<p>نص</p>", "utf-8")
    for read in (fr.read_corpus, fr.read_document):
        with pytest.raises(FramingError, match=f"framing collect files {name}"):
            read(tmp_path / name)


# --- checking --------------------------------------------------------------------------------------------------------


def write_folder(folder, rows, texts, sheet=True):
    (folder / "texts").mkdir(parents=True)
    (folder / "documents.csv").write_text("\n".join(["id,outlet,date,language", *rows]) + "\n", "utf-8")
    for name, content in texts.items():
        (folder / "texts" / f"{name}.txt").write_bytes(
            content if isinstance(content, bytes) else content.encode("utf-8")
        )
    if sheet:
        headings = (
            "Motivation",
            "Composition",
            "Collection process",
            "Preprocessing",
            "Uses",
            "Distribution",
            "Maintenance",
        )
        (folder / "DATASHEET.md").write_text("".join(f"## {heading}\nx\n" for heading in headings), "utf-8")
        (folder / "LICENSE").write_text("CC0", "utf-8")


def problems(found):
    return [(row.problem, row.doc_id) for row in found.itertuples()]


def test_everything_that_can_be_wrong_with_a_folder(tmp_path):
    folder = tmp_path / "c"
    rows = [
        "good,x,2018-11-02,ar",
        "good,x,2018-11-02,ar",
        "gone,x,2018-11-02,ar",
        ",x,,",
        "empty,x,,",
        "old,x,2018-13-01,ar",
        "binary,x,,",
        "lost,x,1492-10-12,",
        "mojibake,x,2218-01-01,",
        "english,x,November 2018,ar",
        "marked,x,2018,ar",
        "../../etc/passwd,x,,",
    ]
    texts = {
        "good": WIRE,
        "empty": " \n",
        "old": WIRE[::-1].encode("cp1256"),
        "binary": b"\x00\x01\x02" * 50,
        "lost": OTHER + "\ufffd\ufffd",
        "mojibake": WIRE.encode("utf-8").decode("cp1252", "replace").replace("\ufffd", "ﾁ"),
        "english": "The president arrived.",
        "marked": "نص <p>عربي</p> &nbsp; آخر",
        "stray": "بلا سطر",
    }
    write_folder(folder, rows, texts, sheet=False)
    (folder / "codings").mkdir()
    (folder / "codings" / "coder-a.csv").write_text(
        f"doc_id,start,end,evidence\ngood,0,5,{WIRE[:5]}\ngood,0,5,غيره\nnobody,0,1,\n", "utf-8"
    )
    found = fr.check_corpus(folder)
    assert problems(found) == [
        ("duplicate id", "good"),
        ("missing text", "gone"),
        ("missing id", None),
        ("empty document", "empty"),
        ("impossible date", "old"),
        ("wrong encoding", "binary"),
        ("impossible date", "lost"),
        ("wrong encoding", "lost"),
        ("impossible date", "mojibake"),
        ("wrong encoding", "mojibake"),
        ("impossible date", "english"),
        ("wrong language", "english"),
        ("missing text", "../../etc/passwd"),
        ("wrong span", "good"),
        ("unknown document", "nobody"),
        ("converted encoding", "old"),
        ("markup", "marked"),
        ("unlisted text", "stray"),
        ("missing file", None),
        ("missing file", None),
    ]
    assert found["level"].tolist() == [PROBLEMS[problem] for problem in found["problem"]]
    assert found.attrs["documents"] == 12
    assert found.query("doc_id == 'good'")["where"].tolist() == ["documents.csv, row 3", "codings/coder-a.csv, row 3"]


def test_a_clean_folder_has_no_findings(tmp_path):
    write_folder(tmp_path / "c", ["a,x,2018-11-02,ar", "b,y,,ar"], {"a": WIRE, "b": OTHER})
    found = fr.check_corpus(tmp_path / "c")
    assert found.empty
    assert list(found.columns) == ["level", "problem", "doc_id", "where", "detail"]
    assert found.attrs == {"documents": 2, "distinct": 2, "effective": 2.0}


def test_files_are_checked_too(tmp_path):
    rows = [
        {"id": "a", "text": WIRE},
        {"id": "a", "text": OTHER},
        {"id": "b", "text": ""},
        {"id": "c"},
        {"text": WIRE + " اليوم", "date": "2018-02-31"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + '\n{"torn', "utf-8")
    assert problems(fr.check_corpus(tmp_path / "a.jsonl")) == [
        ("unreadable", None),
        ("duplicate id", "a"),
        ("empty document", "b"),
        ("missing text", "c"),
        ("impossible date", "a-5"),
    ]
    (tmp_path / "a.csv").write_bytes(f"id;text\na;{WIRE}\n".encode("cp1256"))
    assert problems(fr.check_corpus(tmp_path / "a.csv")) == [("converted encoding", None)]
    with pytest.raises(FramingError, match="no such file or folder"):
        fr.check_corpus(tmp_path / "nowhere")


def test_datasheet_headings(tmp_path):
    write_folder(tmp_path / "c", ["a,x,,"], {"a": WIRE})
    (tmp_path / "c" / "DATASHEET.md").write_text("# Motivation\n## Uses\nComposition is not a heading here\n", "utf-8")
    details = fr.check_corpus(tmp_path / "c")["detail"].tolist()
    assert details == [
        f"no heading {name!r}" for name in ("Composition", "Collection", "Preprocessing", "Distribution", "Maintenance")
    ]


@pytest.mark.parametrize(
    "date, possible",
    [
        ("2018-11-02", True),
        ("2018-11", True),
        ("2018", True),
        ("2018-11-02T10:15:00+03:00", True),
        ("2018-11-02 10:15", True),
        ("2016-02-29", True),
        ("2015-02-29", False),
        ("2018-00-01", False),
        ("02/11/2018", False),
        ("2018-11-02T25:00", False),
        ("1799-12-31", False),
        ("2999-01-01", False),
        ("?", False),
    ],
)
def test_possible_dates(date, possible):
    assert (impossible_date(date) is None) == possible


def test_what_ships_is_clean():
    for name in ("related", "focal"):
        found = fr.check_corpus(ROOT / "corpora" / name)
        assert found.empty, found.to_string()


def test_the_teaching_corpus_is_a_full_cross_and_says_that_it_is_constructed(related):
    table = related.to_pandas()
    assert table.shape[0] == 72
    assert (pd.crosstab(table["event"], table["outlet"]) == 1).all().all()
    assert table["event"].nunique() == 12
    assert table.groupby("outlet")["outlet_type"].nunique().tolist() == [1] * 6
    assert set(table["constructed"]) == {"yes"}
    assert set(table["licence"]) == {"CC0-1.0"}
    words = related.describe()["words"]
    assert words.between(120, 250).all()
    sheet = (ROOT / "corpora" / "related" / "DATASHEET.md").read_text("utf-8")
    assert "constructed" in sheet[:400]


# --- near-duplicates -------------------------------------------------------------------------------------------------


def duplicates_corpus():
    edited = WIRE.replace("ثلاثة", "أربعة")
    return Corpus(
        [
            Document(id="late", text=WIRE + ".", date="2018-11-03", outlet="b"),
            Document(id="other", text=OTHER, date="2018-11-01", outlet="a"),
            Document(id="early", text=edited, date="2018-11-02", outlet="a"),
            Document(id="undated", text=WIRE.replace("أ", "ا").replace("وزارة", "وِزارة"), outlet="c"),
            Document(id="empty", text="…", date="2018-01-01"),
            Document(id="empty-too", text="؟", date="2018-01-01"),
        ]
    )


def test_near_duplicates_by_hand():
    table = fr.near_duplicates(duplicates_corpus())
    runs = len(WIRE.split()) - 2
    edited = (runs - 3) / (runs + 3)  # one word of 32 was changed: three of thirty runs of three words
    assert table.drop(columns="similarity").astype(object).where(table.notna(), None).values.tolist() == [
        [1, "early", "a", "2018-11-02", 3, "late", True],
        [1, "late", "b", "2018-11-03", 3, "undated", False],
        [1, "undated", "c", None, 3, "late", False],
    ]
    assert table["similarity"].tolist() == pytest.approx([edited, 1, 1])
    assert (table.attrs["documents"], table.attrs["distinct"]) == (6, 4)
    assert table.attrs["effective"] == pytest.approx(36 / (9 + 1 + 1 + 1))


def test_deduplicate_keeps_the_earliest_and_the_order():
    assert fr.deduplicate(duplicates_corpus()).ids == ("other", "early", "empty", "empty-too")
    assert fr.deduplicate(Corpus([])).ids == ()


def test_threshold_divides():
    table = fr.near_duplicates(duplicates_corpus(), threshold=0.95)
    assert table["doc_id"].tolist() == ["late", "undated"]
    for wrong in (0, 1.5, -1):
        with pytest.raises(FramingError, match="threshold must lie"):
            fr.near_duplicates(duplicates_corpus(), threshold=wrong)
    with pytest.raises(FramingError, match="words must be"):
        fr.near_duplicates(duplicates_corpus(), words=0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(OTHER.split()), max_size=12), max_size=7), st.sampled_from([0.4, 0.6, 1.0]))
def test_near_duplicates_agree_with_comparing_all_pairs(texts, threshold):
    corpus = Corpus([Document(id=str(n), text=" ".join(words)) for n, words in enumerate(texts)])

    def runs(words):
        return {tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))} if words else set()

    alike = {n: n for n in range(len(texts))}
    for a in range(len(texts)):
        for b in range(a):
            one, other = runs(texts[a]), runs(texts[b])
            if one and other and len(one & other) / len(one | other) >= threshold:
                old, new = alike[a], alike[b]
                alike = {n: new if label == old else label for n, label in alike.items()}
    expected = {frozenset(n for n in alike if alike[n] == label) for label in alike.values()}
    table = fr.near_duplicates(corpus, threshold=threshold)
    found = {frozenset(map(int, part["doc_id"])) for _, part in table.groupby("cluster")}
    missed = {cluster for cluster in expected if len(cluster) > 1} - found
    assert not missed
    assert found <= expected
    assert table["kept"].sum() == len(found)


def test_effective_number():
    assert effective_number([10] + [1] * 10) == pytest.approx(400 / 110)
    assert effective_number([1] * 5) == 5


def test_real_wire_copy_is_found(shared):
    corpus = fr.read_corpus(shared("data", "real", "related-coverage-dev.jsonl"))
    table = fr.near_duplicates(corpus)
    assert table["cluster"].nunique() >= 4
    assert all(len(set(part["outlet"])) > 1 for _, part in table.groupby("cluster"))  # taken over by another outlet


# --- command line ----------------------------------------------------------------------------------------------------


def test_command_line(tmp_path, capsys):
    from framing.cli import main

    write_folder(
        tmp_path / "c",
        ["a,x,2018-11-02,ar", "b,y,2018-11-03,ar", "c,,2018-11-04,ar"],
        {"a": WIRE, "b": WIRE + " اليوم", "c": OTHER},
    )
    assert main(["corpus", "check", str(tmp_path / "c")]) == 0
    assert main(["corpus", "check", str(tmp_path / "c"), "--strict"]) == 1
    out = capsys.readouterr().out
    assert "warning: near-duplicates a (cluster 1)" in out
    assert "3 documents; 0 errors, 1 warnings; 2 distinct texts, effective number of documents 1.8" in out
    assert main(["corpus", "describe", str(tmp_path / "c")]) == 0
    assert "(unknown)" in capsys.readouterr().out
    assert main(["corpus", "describe", str(tmp_path / "c"), "--by", "outlte"]) == 2
    assert "did you mean 'outlet'" in capsys.readouterr().err
    assert main(["corpus", "deduplicate", str(tmp_path / "c"), "--into", str(tmp_path / "d.jsonl")]) == 0
    assert fr.read_corpus(tmp_path / "d.jsonl").ids == ("a", "c")
    assert main(["corpus", "deduplicate", str(tmp_path / "c"), "--into", str(tmp_path / "d.jsonl")]) == 2
    (tmp_path / "c" / "texts" / "a.txt").unlink()
    assert main(["corpus", "check", str(tmp_path / "c"), "--format", "csv"]) == 1
    assert "missing text,a" in capsys.readouterr().out
    assert main(["corpus", "check", str(tmp_path / "nowhere")]) == 2
