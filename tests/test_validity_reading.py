"""Sheets as people and spreadsheets leave them: every fault is named where it is, nothing is dropped in silence."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import framing as fr
from framing.validity import sheet_problems
from framing.validity.cells import letters, read_code, read_number
from framing.validity.codes import code_matrix

BOOK = fr.Codebook.from_dict({"alliance": ["تعاون"], "us_pressure": ["عقوبات"]})
FRAMES = list(BOOK.frames)
CORPUS = fr.Corpus(
    [
        fr.Document(id=f"d{i}", text="وقع الجانبان اتفاق تعاون. فرضت واشنطن عقوبات. وصل الوفد. ثم غادر الجميع.")
        for i in range(5)
    ],
    name="made",
)


@pytest.fixture
def folder(tmp_path):
    """Two coders' CSV sheets of twelve units, all coded 0, with their design."""
    sheet = fr.coding_sheet(CORPUS, BOOK, n=12, coders=["amal", "badr"], random_state=1)
    sheet.save(tmp_path, "csv")
    for name in ("amal", "badr"):
        change(tmp_path, name, lambda table: table.assign(alliance="0", us_pressure="0"))
    return tmp_path


def change(folder, name, edit):
    path = folder / f"sheet-{name}.csv"
    table = pd.read_csv(path, dtype=object, keep_default_na=False, encoding="utf-8-sig")
    edit(table).to_csv(path, index=False, encoding="utf-8-sig")


def set_cell(row, column, value):
    def edit(table):
        table.loc[row, column] = value
        return table

    return edit


def errors(folder):
    table = sheet_problems(folder, CORPUS)
    table["file"] = table["file"].str.rpartition("/")[2]
    return table[table["level"] == "error"][["file", "cell", "value", "problem"]].values.tolist()


def notes(folder):
    table = sheet_problems(folder, CORPUS)
    return table[table["level"] == "note"][["cell", "problem"]].values.tolist()


def test_a_clean_sheet_has_no_problem(folder):
    assert not len(sheet_problems(folder, CORPUS))
    codings = fr.read_coding_sheet(folder, CORPUS)
    assert (len(codings), len(codings.units), codings.frames) == (0, 24, ("alliance", "us_pressure"))
    assert codings.units["skipped"].tolist() == [""] * 24


def test_unknown_codes_are_named_by_cell(folder):
    change(folder, "amal", set_cell(3, "alliance", "maybe"))
    change(folder, "amal", set_cell(5, "us_pressure", "2"))
    said = "unknown code; 1 = present, 0 = absent, empty = not coded"
    assert errors(folder) == [["sheet-amal.csv", "E5", "maybe", said], ["sheet-amal.csv", "F7", "2", said]]
    with pytest.raises(
        fr.FramingError, match=r"2 cells cannot be used in 2 files: sheet-amal.csv E5 'maybe': unknown code"
    ):
        fr.read_coding_sheet(folder, CORPUS)
    with pytest.warns(fr.FramingWarning, match=r"left uncoded \(unknown code.*E5, F7"):
        codings = fr.read_coding_sheet(folder, CORPUS, problems="skip")
    amal = codings.units[codings.units["coder"] == "amal"]
    assert sorted(amal["skipped"]) == [""] * 10 + ["alliance", "us_pressure"]
    assert np.isnan(code_matrix(codings)[FRAMES].to_numpy()).sum() == 2


def test_changed_types_are_understood_and_reported(folder):
    spellings = ["1.0", "TRUE", "yes", "نعم", "١", " 1 ", "0,0", "FALSE", "لا", "٠", "1", "0"]
    change(folder, "amal", lambda table: table.assign(alliance=spellings))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        codings = fr.read_coding_sheet(folder, CORPUS)
    amal = code_matrix(codings.where(coder="amal"))
    assert amal["alliance"].sum() == 7
    texts = [str(w.message) for w in caught]
    assert any("5 × read as 1 (E2, E3, E4, E5, E6)" in t for t in texts)
    assert any("4 × read as 0 (E8, E9, E10, E11)" in t for t in texts)


@pytest.mark.parametrize(
    ("value", "code", "remark"),
    [
        (1, 1, ""),
        (0.0, 0, ""),
        (True, 1, "read as 1"),
        ("1.00", 1, "read as 1"),
        ("YES", 1, "read as 1"),
        ("\u200f0", 0, "read as 0"),
        ("'1", 1, "read as 1"),
        (0.5, None, "unknown code"),
        ("=1", None, "unknown code"),
        (-1, None, "unknown code"),
        (pd.Timestamp("2020-01-01"), None, "unknown code"),
        (None, None, ""),
        ("  ", None, ""),
        (float("nan"), None, ""),
    ],
)
def test_one_cell(value, code, remark):
    found = read_code(value)
    assert found[1] == remark
    assert np.isnan(found[0]) if code is None else found[0] == code


def test_names_of_cells_and_numbers():
    assert [letters(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
    assert [read_number(v) for v in (3, 3.0, "3", "٣", "3.0", 3.5, "x", None, -1)] == [
        3,
        3,
        3,
        3,
        3,
        None,
        None,
        None,
        None,
    ]


def test_a_coder_who_skipped_half(folder):
    def half(table):
        table.loc[:5, FRAMES] = ""
        table.loc[6, "alliance"] = ""
        return table

    change(folder, "amal", half)
    assert errors(folder) == []
    assert notes(folder) == [*[[f"row {n}", "not coded at all"] for n in range(2, 8)], ["E8", "not coded"]]
    with pytest.warns(fr.FramingWarning) as caught:
        codings = fr.read_coding_sheet(folder, CORPUS)
    texts = [str(w.message) for w in caught]
    assert "sheet-amal.csv: 6 × not coded at all (row 2, row 3, row 4, row 5, row 6, row 7)" in texts
    assert "sheet-amal.csv: not coded (E8)" in texts
    assert codings.units["coder"].value_counts().to_dict() == {"badr": 12, "amal": 6}
    both = fr.agreement(codings, "percent")
    assert both[["frame", "units", "single"]].values.tolist() == [["alliance", 5, 7], ["us_pressure", 6, 6]]
    assert len(codings.provenance["problems"]) == 7


def test_rows_may_be_sorted_and_deleted_rows_are_missed(folder):
    change(folder, "badr", lambda table: table.sort_values("text", ascending=False))
    assert not len(sheet_problems(folder, CORPUS))
    change(folder, "badr", lambda table: table.iloc[3:])
    assert [problem for _, problem in notes(folder)] == ["drawn for this coder, but in no file"] * 3
    table = sheet_problems(folder, CORPUS)
    assert table["coder"].unique().tolist() == ["badr"]


def test_one_column_sorted_without_the_others(folder):
    change(folder, "amal", lambda table: table.assign(text=table["text"].to_numpy()[::-1]))
    found = errors(folder)
    assert found
    assert all(
        problem.startswith("this text is not that of the unit") and cell.startswith("C")
        for _, cell, _, problem in found
    )


def test_units_that_are_not_in_the_corpus(folder):
    change(folder, "amal", set_cell(2, "unit_id", "bcdfghjklmnp"))
    assert errors(folder) == [
        [
            "sheet-amal.csv",
            "A4",
            "bcdfghjklmnp",
            "no unit of this name in corpus 'made'; the id was changed, or its text",
        ]
    ]
    other = fr.Corpus([fr.Document(id="z", text="نص آخر.")], name="other")
    with pytest.raises(fr.FramingError, match="none of its 12 units is in corpus 'other': it was made from another"):
        fr.read_coding_sheet(folder, other)


def test_codes_without_a_unit_and_remarks_below_the_table(folder):
    change(folder, "amal", set_cell(0, "unit_id", ""))
    assert errors(folder)[0][3].startswith("codes without a unit_id")
    path = folder / "sheet-badr.csv"
    path.write_text(path.read_text("utf-8-sig") + ",,انتهيت,,,,,\n", "utf-8")
    assert ["row 14", "a row without unit_id and codes; it is ignored"] in notes(folder)


def test_a_unit_twice_in_one_file(folder):
    def again(table):
        same, other = table.iloc[[0]], table.iloc[[1]].assign(alliance="1")
        return pd.concat([table, same, other])

    change(folder, "amal", again)
    assert errors(folder) == [
        ["sheet-amal.csv", "E15", "1", "coder 'amal' has coded this unit already, differently, in E3"]
    ]
    assert ["E14", "coder 'amal' has coded this unit already, with the same code, in E2"] in notes(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        codings = fr.read_coding_sheet(folder, CORPUS, problems="skip")
    amal = codings.units[codings.units["coder"] == "amal"]
    assert len(amal) == 12
    assert sorted(amal["skipped"]) == [""] * 11 + ["alliance"]


def test_two_files_from_one_coder(folder):
    change(folder, "badr", lambda table: table.assign(coder="amal"))
    found = errors(folder)
    assert len(found) == 24
    assert found[0][:2] == ["sheet-badr.csv", "E2"]
    assert found[0][3].startswith("coder 'amal' has coded this unit already, with the same code, in sheet-amal.csv E")
    assert "read_coding_sheet({'name': file, …})" in found[0][3]
    named = fr.read_coding_sheet({"amal": folder / "sheet-amal.csv", "badr": folder / "sheet-badr.csv"}, CORPUS)
    assert named.coders == ("amal", "badr")
    with pytest.raises(fr.FramingError, match="is given twice"):
        fr.read_coding_sheet([folder / "sheet-amal.csv"] * 2, CORPUS)


def test_two_halves_by_one_coder_are_one(folder):
    path = folder / "sheet-amal.csv"
    table = pd.read_csv(path, dtype=object, keep_default_na=False, encoding="utf-8-sig")
    table.iloc[:5].to_csv(path, index=False, encoding="utf-8-sig")
    table.iloc[5:].to_csv(folder / "sheet-amal-2.csv", index=False, encoding="utf-8-sig")
    codings = fr.read_coding_sheet(folder, CORPUS)
    assert codings.units["coder"].value_counts().to_dict() == {"amal": 12, "badr": 12}


def test_columns_renamed_added_doubled(folder):
    change(folder, "amal", lambda table: table.rename(columns={"alliance": "Aliance"}).assign(mood="good"))
    assert [problem for _, _, _, problem in errors(folder)] == [
        "the column of frame 'alliance' is missing (did you mean 'Aliance'?)"
    ]
    assert [problem for _, problem in notes(folder)] == ["not a frame of this sheet; the column is ignored"] * 2
    path = folder / "sheet-badr.csv"
    path.write_text(path.read_text("utf-8-sig").replace("us_pressure", "alliance", 1), "utf-8")
    with pytest.raises(fr.FramingError, match=r"sheet-badr.csv, row 1: two columns are called 'alliance'"):
        fr.read_coding_sheet(folder, CORPUS)


def test_a_cell_outside_the_named_columns(folder):
    path = folder / "sheet-amal.csv"
    lines = path.read_text("utf-8-sig").splitlines()
    lines[4] += ",ربما"
    path.write_text("\n".join(lines), "utf-8")
    assert ["I5", "'ربما' in a column without a name; it is ignored"] in notes(folder)


def test_nothing_coded_wrong_file_wrong_ending(folder, tmp_path):
    change(folder, "amal", lambda table: table.assign(alliance="", us_pressure=""))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fr.FramingWarning)
        with pytest.raises(fr.FramingError, match="nothing is coded"):
            fr.read_coding_sheet(folder / "sheet-amal.csv", CORPUS)
    for name, content, said in (
        ("a.xlsx", b"PK\x03\x04 not a workbook", "not a readable .xlsx workbook"),
        ("a.ods", b"x", "save it as .xlsx or .csv"),
        ("a.csv", b"name,code\nx,1\n", "no column 'unit_id' or 'doc_id'"),
        ("a.json", b"{broken", "not valid JSON"),
        ("a.json", b'[{"data": {"text": "x"}}]', "no task has a unit_id"),
        ("a.tsv", b"#FORMAT=WebAnno TSV 3.3\n\n#Text=x\n1-1\t0-1\tx\t\n", "no layer 'webanno.custom.FrameCodes'"),
        ("none.csv", None, "no such file"),
    ):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(fr.FramingError, match=said):
            fr.read_coding_sheet(path, CORPUS)
    with pytest.raises(fr.FramingError, match="problems='ignore' is not known"):
        fr.read_coding_sheet(folder, CORPUS, problems="ignore")
    (tmp_path / "empty").mkdir()
    with pytest.raises(fr.FramingError, match="no coding sheet in this folder"):
        fr.read_coding_sheet(tmp_path / "empty", CORPUS)


def test_sheets_of_different_kinds_are_kept_apart(tmp_path):
    for unit in ("sentence", "paragraph"):
        fr.coding_sheet(CORPUS, BOOK, n=4, unit=unit, coders=[unit], oversample=0).save(tmp_path / unit)
    files = [tmp_path / unit / f"sheet-{unit}.xlsx" for unit in ("sentence", "paragraph")]
    with pytest.raises(fr.FramingError, match="they differ in unit"):
        fr.read_coding_sheet(files, CORPUS)


# Plain codings: doc_id, sentence, a column per frame ----------------------------------------------


def write(tmp_path, text, name="coder-a.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_plain_codings(tmp_path):
    path = write(tmp_path, "doc_id,sentence,alliance,us_pressure\nd0,0,1,0\nd0,1,0,1\nd0,2,0,\nd0,3,,\n")
    with pytest.warns(fr.FramingWarning) as caught:
        codings = fr.read_coding_sheet(path, CORPUS)
    assert sorted(str(w.message) for w in caught) == [
        "coder-a.csv: not coded (D4)",
        "coder-a.csv: not coded at all (row 5)",
    ]
    assert codings.coders == ("coder-a",)
    assert codings.units[["sentence", "skipped"]].values.tolist() == [[0, ""], [1, ""], [2, "us_pressure"]]
    assert codings.table[
        ["doc_id", "sentence", "start", "end", "evidence", "frame", "coder", "route", "negated"]
    ].values.tolist() == [
        ["d0", 0, 0, 25, "وقع الجانبان اتفاق تعاون.", "alliance", "coder-a", "human", False],
        ["d0", 1, 26, 45, "فرضت واشنطن عقوبات.", "us_pressure", "coder-a", "human", False],
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("d9,0,1,0", "no such document in corpus 'made'"),
        ("d0,4,1,0", "document 'd0' has sentences 0 to 3"),
        ("d0,x,1,0", "must be a whole number"),
        ("d0,,1,0", "must be a whole number"),
        (",0,1,0", "no doc_id in this row"),
    ],
)
def test_places_that_are_not_there(tmp_path, line, said):
    path = write(tmp_path, f"doc_id,sentence,alliance,us_pressure\n{line}\nd0,0,1,0\n")
    with pytest.raises(fr.FramingError, match=said):
        fr.read_coding_sheet(path, CORPUS)


def test_plain_codings_may_carry_their_design(tmp_path):
    path = write(
        tmp_path, "doc_id;sentence;alliance;stratum;stratum_units;inclusion\nd0;0;1;all;20;0,1\nd0;1;0;all;20;0.1\n"
    )
    codings = fr.read_coding_sheet(path, CORPUS)
    assert codings.frames == ("alliance",)
    assert codings.units["stratum_units"].tolist() == [20, 20]


def test_encodings_and_separators_of_spreadsheets(tmp_path):
    text = "sep=;\r\ndoc_id;sentence;alliance;note\r\nd0;0;1;تعاون\r\nd0;1;0;\r\n"
    for number, encoding in enumerate(("utf-8-sig", "utf-16")):
        path = tmp_path / f"coder-{number}.csv"
        path.write_bytes(text.encode(encoding))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", fr.FramingWarning)
            codings = fr.read_coding_sheet(path, CORPUS)
        assert code_matrix(codings)["alliance"].tolist() == [1, 0]
        assert codings.units["note"].iloc[0] == "تعاون"


def test_the_teaching_corpus(related):
    folder = fr.__path__[0] + "/../corpora/related/codings"
    codings = fr.read_coding_sheet(folder, related)
    assert codings.coders == ("coder-a", "coder-b")
    assert len(set(codings.units.groupby("coder").size())) == 1
    values = fr.agreement(codings, resamples=200).set_index("frame")["value"]
    assert set(values.index) == {"alliance", "cold_war", "us_pressure"}
    assert (values > 0.667).all()


@pytest.mark.parametrize("name", ["nosuch", "nosuch.csv", "nosuch.docx"])
def test_a_file_that_is_not_there_is_said_to_be_missing(name):
    with pytest.raises(fr.FramingError, match=rf"{name}: no such file"):
        fr.read_coding_sheet(name, CORPUS)
