"""Corpora larger than memory: the same result as in memory, whatever the parts, files and processes."""

from __future__ import annotations

import datetime
import itertools
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings, strategies as st

import framing as fr
from framing.cli import main
from framing.dataset import partitions
from framing.dataset.manifest import TABLES, Store
from framing.errors import FramingError, FramingWarning

BOOK = fr.Codebook.from_dict(
    {"a": ["تعاون", {"term": "صداقة", "weight": 2}], "b": ["حرب باردة", "عقوبة"]}, name="test", actors="cuba-russia-us"
)
TEXTS = (
    "أكد بوتين التعاون مع كوبا.\n\nولم تفرض واشنطن عقوبات.",
    "الحرب الباردة انتهت. قال الرئيس إن الصداقة باقية.",
    "",
    "لا شيء هنا. ولا هنا أيضا!",
    "«التعاون» و“الصداقة” والعقوبات.",
)


def parquet(path, rows, **options):
    pq.write_table(pa.Table.from_pylist(rows), path, **options)
    return path


def rows(n, **more):
    return [
        {"id": f"d{number}", "text": TEXTS[number % len(TEXTS)], "outlet": "xyz"[number % 3], **more}
        for number in range(n)
    ]


def same(codings, expected):
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(codings, name), getattr(expected, name))
    assert codings.frames == expected.frames
    ours, theirs = (dict(c.provenance) for c in (codings, expected))
    assert theirs.pop("corpus_sha256")
    assert [file["sha256"] for file in ours.pop("corpus_files")]
    assert ours == theirs


# The same as in memory ---------------------------------------------------------------------------


def test_the_teaching_corpus_with_voices(tmp_path, related, codebook):
    file = fr.write_corpus(related, tmp_path / "related.parquet")
    out = fr.code_dataset(file, codebook, tmp_path / "out", voice=True, rows_per_partition=10, workers=0)
    assert len(list((out / "table").iterdir())) == 8
    same(fr.read_codings(out), fr.code(fr.read_corpus(file), codebook))


def test_two_processes(tmp_path):
    file = parquet(tmp_path / "c.parquet", rows(40))
    out = fr.code_dataset(file, BOOK, tmp_path / "out", rows_per_partition=10, workers=2)
    same(fr.read_codings(out), fr.code(fr.read_corpus(file), BOOK, voice=False))


def test_metadata_of_every_kind(tmp_path):
    """Columns that are missing, late, of several types, renamed; ids that are missing: all as read_corpus has them."""
    date = datetime.datetime(2018, 11, 2)
    table = [
        {"doc_id": "one", "Body": "تعاون", "lang": "ar", "n": 1, "date": date},
        {"doc_id": None, "Body": "حرب باردة", "flag": True, "tags": ["a", "b"]},
        {"doc_id": "", "Body": "", "n": 3, "late": "x", "words": "own", "share": 0.5},
        {"doc_id": "4", "Body": "عقوبات.", "lang": "", "flag": False, "nested": {"a": 1}},
    ]
    file = parquet(tmp_path / "c.parquet", table)
    renamed = {"Body": "text"}
    expected = fr.code(fr.read_corpus(file, columns=renamed), BOOK, voice=False)
    assert expected.documents["doc_id"].tolist() == ["one", "c-2", "c-3", "4"]
    for size in (1, 2, 3, 4):
        out = fr.code_dataset(file, BOOK, tmp_path / f"out{size}", columns=renamed, rows_per_partition=size, workers=0)
        same(fr.read_codings(out), expected)


def test_a_folder_of_files_in_the_order_of_their_names(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    parquet(folder / "b.parquet", rows(3)[2:])
    parquet(folder / "a.parquet", rows(2))
    parquet(folder / "_hidden.parquet", rows(9))
    out = fr.code_dataset(folder, BOOK, tmp_path / "out", rows_per_partition=2, workers=0)
    codings = fr.read_codings(out)
    assert codings.documents["doc_id"].tolist() == ["d0", "d1", "d2"]
    both = [*fr.read_corpus(folder / "a.parquet"), *fr.read_corpus(folder / "b.parquet")]
    same(codings, fr.code(fr.Corpus(both, "corpus"), BOOK, voice=False))


def test_other_corpora_are_written_as_parquet_first(tmp_path, related, codebook):
    folder = fr.write_corpus(related[:5], tmp_path / "five")
    out = fr.code_dataset(folder, codebook, tmp_path / "out")
    same(fr.read_codings(out), fr.code(fr.read_corpus(folder), codebook, voice=False))
    assert fr.code_dataset(folder, codebook, tmp_path / "out") == out
    (folder / "texts" / f"{related[0].id}.txt").write_text("آخر", "utf-8")
    with pytest.raises(FramingError, match="another corpus than"):
        fr.code_dataset(folder, codebook, tmp_path / "out")


def test_no_documents_and_documents_without_words(tmp_path):
    empty = pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())})
    pq.write_table(empty, tmp_path / "none.parquet")
    none = fr.read_codings(fr.code_dataset(tmp_path / "none.parquet", BOOK, tmp_path / "none"))
    same(none, fr.code(fr.Corpus([], "none"), BOOK, voice=False))
    file = parquet(tmp_path / "blank.parquet", [{"id": "a", "text": ""}, {"id": "b", "text": "\n\n"}])
    out = fr.code_dataset(file, BOOK, tmp_path / "blank", workers=0, rows_per_partition=1)
    same(fr.read_codings(out), fr.code(fr.read_corpus(file), BOOK, voice=False))
    with pytest.warns(FramingWarning, match="2 groups have no words"):
        scores = fr.dataset_scores(out)
    assert scores["rate"].isna().all()


def test_any_tool_can_read_the_tables(tmp_path):
    out = fr.code_dataset(
        parquet(tmp_path / "c.parquet", rows(7)), BOOK, tmp_path / "out", rows_per_partition=3, workers=0
    )
    table = pd.read_parquet(out / "table")
    pd.testing.assert_frame_equal(table, fr.read_codings(out).table)
    words = pd.read_parquet(out / "units", columns=["words"])["words"].sum()
    assert words == fr.read_codings(out).documents["words"].sum() > 20


# Parts -------------------------------------------------------------------------------------------


@given(
    st.lists(st.lists(st.integers(0, 30), max_size=5), min_size=1, max_size=4),
    st.integers(1, 40),
)
def test_parts_cover_every_row_once(files, size):
    groups = []
    for number, sizes in enumerate(files):
        starts = [0, *itertools.accumulate(sizes)]
        groups += [(number, first, n, 10 * n) for first, n in zip(starts, sizes, strict=False)]
    source = partitions.Source("c", (), {}, tuple(groups))
    found = partitions.bounds(source, size)
    assert found[0] == 0
    assert found[-1] == source.rows
    assert all(0 < b - a <= size for a, b in itertools.pairwise(found)) or source.rows == 0
    assert len(found) >= 2


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_slice_of_rows_can_be_read(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("slices")
    sizes = data.draw(st.lists(st.integers(0, 25), min_size=1, max_size=3))
    n = sum(sizes)
    for number, (first, size) in enumerate(zip(itertools.accumulate([0, *sizes[:-1]]), sizes, strict=True)):
        part = pa.table({"id": [str(i) for i in range(first, first + size)], "text": ["كوبا"] * size})
        pq.write_table(part, folder / f"{number}.parquet", row_group_size=data.draw(st.integers(1, 30)))
    source = partitions.open_source(folder)
    begin = data.draw(st.integers(0, n))
    end = data.draw(st.integers(begin, n))
    assert [d.id for d in partitions.documents(source, begin, end)] == [str(i) for i in range(begin, end)]


def test_large_documents_make_small_parts(tmp_path):
    text = [f"{number:09d}" * 20_000 for number in range(1_000)]  # 180 kB each
    table = pa.table({"id": [str(i) for i in range(1_000)], "text": text})
    pq.write_table(table, tmp_path / "c.parquet", row_group_size=100, use_dictionary=False)
    found = partitions.bounds(partitions.open_source(tmp_path / "c.parquet"), None)
    assert set(np.diff(found).tolist()) == {300, 100}


# Resuming and refusing ---------------------------------------------------------------------------


def test_only_what_is_missing_is_done(tmp_path, monkeypatch):
    file = parquet(tmp_path / "c.parquet", rows(9))
    out = fr.code_dataset(file, BOOK, tmp_path / "out", rows_per_partition=2, workers=0)
    expected = fr.read_codings(out)
    (out / "complete" / "part-00001.json").unlink()
    (out / "units" / "part-00003.parquet").write_bytes(b"PAR1 torn")
    (out / "units" / ".part-00003.leftover.new").write_bytes(b"half")
    with pytest.raises(FramingError, match="3 of 5 parts"):
        fr.read_codings(out)
    done = []
    write = Store.write
    monkeypatch.setattr(Store, "write", lambda self, part, *rest: done.append(part) or write(self, part, *rest))
    fr.code_dataset(file, BOOK, tmp_path / "out", rows_per_partition=2, workers=0)
    assert done == [1, 3]
    assert not list(out.rglob("*.new"))
    same(fr.read_codings(out), fr.code(fr.read_corpus(file), BOOK, voice=False))
    pd.testing.assert_frame_equal(fr.read_codings(out).table, expected.table)
    fr.code_dataset(file, BOOK, tmp_path / "out", rows_per_partition=2, workers=0)
    assert done == [1, 3]


@pytest.mark.parametrize(
    "changed, reason",
    [
        ({"margin": "strict"}, "margin"),
        ({"negation": False}, "negation"),
        ({"voice": True}, "voice"),
        ({"rows_per_partition": 3}, "rows_per_partition 2, now 3"),
        ({"columns": {"outlet": "paper"}}, "columns"),
        ({"codebook": fr.Codebook.from_dict({"a": ["تعاون"]}, name="test")}, "codebook is another"),
        ({"corpus": rows(8)}, "corpus files"),
        ({"corpus": rows(9, event="x")}, "corpus files"),
    ],
)
def test_a_run_with_something_else_is_refused(tmp_path, changed, reason):
    file = parquet(tmp_path / "c.parquet", rows(9))
    given_ = {"codebook": BOOK, "rows_per_partition": 2}
    fr.code_dataset(file, out=tmp_path / "out", workers=0, **given_)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*") if path.name != ".lock"}
    changed = dict(changed)
    if "corpus" in changed:
        parquet(file, changed.pop("corpus"))
    with pytest.raises(FramingError, match=reason):
        fr.code_dataset(file, out=tmp_path / "out", workers=0, **{**given_, **changed})
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_folder_that_is_in_use_or_holds_something_else_is_refused(tmp_path):
    file = parquet(tmp_path / "c.parquet", rows(2))
    store = Store(tmp_path / "out")
    with store.lock(), pytest.raises(FramingError, match="another process is coding"):
        fr.code_dataset(file, BOOK, tmp_path / "out", workers=0)
    fr.code_dataset(file, BOOK, tmp_path / "out", workers=0)  # the lock went with its holder
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    with pytest.raises(FramingError, match=r"holds 'notes\.txt' and no codings"):
        fr.code_dataset(file, BOOK, tmp_path / "mine", workers=0)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    with pytest.raises(FramingError, match="is a file"):
        fr.code_dataset(file, BOOK, file, workers=0)
    (tmp_path / "out" / "manifest.json").write_text("{")
    with pytest.raises(FramingError, match="not readable"):
        fr.code_dataset(file, BOOK, tmp_path / "out", workers=0)
    with pytest.raises(FramingError, match="no codings here"):
        fr.read_codings(tmp_path / "nothing")


@pytest.mark.parametrize(
    "table, message",
    [
        ([{"id": "a", "text": "كوبا"}, {"id": "a", "text": "روسيا"}], "'a' occurs twice"),
        ([{"id": "a", "text": "كوبا"}, {"id": "b", "text": None}], "row 2: no text"),
        ([{"id": "a", "body_text": "كوبا"}], r"no column 'text'.*\(did you mean 'body_text'\?\)"),
    ],
)
def test_bad_rows_are_named(tmp_path, table, message):
    file = parquet(tmp_path / "c.parquet", table)
    with pytest.raises(FramingError, match=message):
        fr.code_dataset(file, BOOK, tmp_path / "out", rows_per_partition=1, workers=0)


def test_ids_are_unique_over_all_files_also_where_they_are_made(tmp_path):
    """Rows without an id are named after file and row; in a folder per year the files have the same names."""
    for year in ("2018", "2019"):
        (tmp_path / "c" / year).mkdir(parents=True)
        parquet(tmp_path / "c" / year / "part.parquet", [{"text": "كوبا"}])
    with pytest.raises(FramingError, match="'part-1' occurs twice"):
        fr.code_dataset(tmp_path / "c", BOOK, tmp_path / "out", workers=0)
    parquet(tmp_path / "c" / "2019" / "part.parquet", [{"doc_id": "part-1", "text": "كوبا"}])
    with pytest.raises(FramingError, match="'part-1' occurs twice"):
        fr.code_dataset(tmp_path / "c", BOOK, tmp_path / "out2", workers=0)
    parquet(tmp_path / "c" / "2019" / "part.parquet", [{"doc_id": "other", "id": None, "text": "كوبا"}])
    out = fr.code_dataset(tmp_path / "c", BOOK, tmp_path / "out3", workers=0)
    assert fr.read_codings(out).documents["doc_id"].tolist() == ["part-1", "other"]


def test_an_error_in_a_worker_arrives_as_it_was_and_leaves_what_is_done(tmp_path):
    table = [*rows(6), {"id": "bad", "text": None}, *({"id": f"e{n}", "text": "تعاون"} for n in range(3))]
    file = parquet(tmp_path / "c.parquet", table)
    with pytest.raises(FramingError, match="row 7: no text"):
        fr.code_dataset(file, BOOK, tmp_path / "out", rows_per_partition=2, workers=1)
    assert set(Store(tmp_path / "out").complete()) >= {0, 1, 2}


@pytest.mark.parametrize(
    "options, message",
    [
        ({"margin": "defualt"}, "did you mean 'default'"),
        ({"rows_per_partition": 0}, "at least 1"),
        ({"workers": -1}, "workers must be 0"),
        ({"workers": 2, "scheduler": "tcp://localhost:1"}, "exclude each other"),
    ],
)
def test_options_are_checked(tmp_path, options, message):
    file = parquet(tmp_path / "c.parquet", rows(1))
    with pytest.raises(FramingError, match=message):
        fr.code_dataset(file, BOOK, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no Parquet at all", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_no_parquet_file_is_refused(tmp_path, content):
    (tmp_path / "c.parquet").write_bytes(content)
    with pytest.raises(FramingError, match="not a readable Parquet file"):
        fr.code_dataset(tmp_path / "c.parquet", BOOK, tmp_path / "out")
    with pytest.raises(FramingError, match="no such file"):
        fr.code_dataset(tmp_path / "missing.parquet", BOOK, tmp_path / "out")


# Scores ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """120 documents of five outlets and two desks, one of them unknown, coded with voices."""
    folder = tmp_path_factory.mktemp("coded")
    rng = np.random.default_rng(0)
    table = [
        {
            "id": f"d{number}",
            "title": "عنوان" if number % 2 else None,
            "text": ("عنوان\n\n" if number % 2 else "") + "\n\n".join(rng.choice(TEXTS, rng.integers(1, 5))),
            "outlet": "vwxyz"[int(rng.integers(0, 5) ** 2) % 5],
            "desk": [None, "foreign"][number % 2],
            "year": 2010 + number % 3 if number % 7 else None,
            "l0": number % 2,
        }
        for number in range(120)
    ]
    file = parquet(folder / "c.parquet", table)
    return fr.code_dataset(file, BOOK, folder / "out", voice=True, rows_per_partition=23, workers=0)


BY = [
    "outlet",
    "desk",
    "year",
    "l0",
    "voice",
    "speaker",
    "side",
    "paragraph",
    "coder",
    ["outlet", "voice"],
    ["desk", "paragraph"],
]


@pytest.mark.parametrize("by", [*BY, "doc_id", ["doc_id", "voice"]], ids=str)
@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_scores_without_loading_are_those_of_frame_scores(coded, by):
    expected = fr.frame_scores(fr.read_codings(coded), by, resamples=50)
    for limit in (10_000, 119):  # all at once; only the groups that are not the whole data set
        found = fr.dataset_scores(coded, by, resamples=50, bootstrap_up_to=limit)
        exact = (
            np.ones(len(found), bool) if limit == 10_000 or "doc_id" in by else found["words"] < found["words"].max()
        )
        pd.testing.assert_frame_equal(pd.DataFrame(found)[exact], pd.DataFrame(expected)[exact])


@pytest.mark.parametrize("by", BY, ids=str)
@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_scores_from_sums_have_the_same_values_and_nearly_the_same_bounds(coded, by):
    expected = fr.frame_scores(fr.read_codings(coded), by, resamples=2_000)
    found = fr.dataset_scores(coded, by, bootstrap_up_to=0)
    bounds = [name for name in found if "low" in name or "high" in name]
    values = [name for name in found if name not in bounds or name.startswith("coverage")]
    pd.testing.assert_frame_equal(pd.DataFrame(found)[values], pd.DataFrame(expected)[values], rtol=1e-9)
    large = expected["hits"] >= 60
    for figure in ("", "share_", "prominence_"):
        ours, theirs = (t.loc[large, [f"{figure}low", f"{figure}high"]].to_numpy() for t in (found, expected))
        width = theirs[:, 1:] - theirs[:, :1]
        assert (np.abs(ours - theirs) <= np.maximum(0.25 * width, 0.005)).all()
    assert (found["low"].isna() == expected["low"].isna()).all()


def test_sums_of_one_group_by_hand(tmp_path):
    """Two documents: x hits 1 in 2 words, y hits 3 in 4 words; R = 4/6, residuals x − R·n = ∓1/3."""
    table = [{"id": "x", "text": "تعاون كبير"}, {"id": "y", "text": "تعاون تعاون تعاون كبير"}]
    out = fr.code_dataset(parquet(tmp_path / "c.parquet", table), BOOK, tmp_path / "out")
    row = fr.dataset_scores(out, "coder", bootstrap_up_to=0).iloc[0]
    assert row[["words", "sentences", "hits", "weighted"]].tolist() == [6, 2, 4, 4.0]
    assert row["rate"] == pytest.approx(1000 * 4 / 6)
    error = np.sqrt(2 / 1 * (2 / 9)) / 6
    assert row["high"] == pytest.approx(max(1000 * (4 / 6 + 1.959964 * error), 1000 / 6 * 9.51124), rel=1e-4)


@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_scores_without_bootstrap_and_their_provenance(coded):
    found = fr.dataset_scores(coded, "outlet", resamples=0, bootstrap_up_to=0)
    expected = fr.frame_scores(fr.read_codings(coded), "outlet", resamples=0)
    pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(expected), rtol=1e-9)
    assert found.attrs["provenance"]["by"] == ["outlet"]
    assert found.attrs["provenance"]["codebook"] == "test"
    by_document = fr.dataset_scores(coded, resamples=0)
    assert by_document.attrs["documents"] == fr.frame_scores(fr.read_codings(coded), resamples=0).attrs["documents"]


def test_scores_by_nothing_known_are_refused(coded):
    for by, message in (("outlt", "did you mean 'outlet'"), ("frame", "row per frame"), ([], "names no column")):
        for limit in (0, 10_000):
            with pytest.raises(FramingError, match=message):
                fr.dataset_scores(coded, by, bootstrap_up_to=limit)
    with pytest.raises(FramingError, match="level must lie"):
        fr.dataset_scores(coded, level=95)


def test_column_names_are_data_not_sql(tmp_path):
    name = "x\"; DROP TABLE document; --'"
    table = [{"id": str(n), "text": "تعاون", name: "it's"} for n in range(3)]
    out = fr.code_dataset(parquet(tmp_path / "c.parquet", table), BOOK, tmp_path / "o'ut")
    found = fr.dataset_scores(out, name, bootstrap_up_to=0)
    assert found[[name, "hits"]].values.tolist() == [["it's", 3], ["it's", 0]]


# The command line --------------------------------------------------------------------------------


def test_the_command_line(tmp_path, capsys):
    file = parquet(tmp_path / "c.parquet", [{"id": "a", "Body": "تعاون جديد.", "outlet": "x"}])
    (tmp_path / "alliance.yml").write_text("kind: frame\nid: alliance\nentries: [تعاون]\n", "utf-8")
    call = ["code", str(file), "--out", str(tmp_path / "out"), "--codebook", str(tmp_path / "alliance.yml")]
    call += ["--column", "Body=text", "--by", "outlet"]
    assert main(call) == 0
    done = capsys.readouterr()
    assert done.out.splitlines()[1].startswith("x,alliance,2,1,1,0,1.0,500.0,")
    assert "1 documents coded: 1 spans in 1 sentences" in done.err
    assert main([*call, "--margin", "strict"]) == 2
    assert "margin" in capsys.readouterr().err
    assert main(["code", str(tmp_path / "none.parquet"), "--out", str(tmp_path / "o2")]) == 2
    assert capsys.readouterr().err == f"framing: {tmp_path / 'none.parquet'}: no such file\n"
    with pytest.raises(SystemExit):
        main(["code", str(file), "--out", "x", "--column", "Body"])


def test_the_manifest_says_what_the_codings_are_made_from(tmp_path):
    file = parquet(tmp_path / "c.parquet", rows(5))
    out = fr.code_dataset(file, BOOK, tmp_path / "out", rows_per_partition=2, workers=0)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["bounds"] == [0, 1, 3, 5]  # one row group of five, cut evenly
    assert manifest["corpus"]["documents"] == 5
    assert manifest["codebook"]["sha256"] == BOOK.fingerprint
    assert manifest["parameters"]["voice"] is False
    assert manifest["software"]["framing"] == fr.__version__
