"""Coding sheets: the sample, its probabilities, blinding; every format out and in again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import framing as fr
from framing.validity import csvfile, inception, label_studio, workbook
from framing.validity.codes import code_matrix
from framing.validity.sampling import allocate
from framing.validity.units import corpus_units

BOOK = fr.Codebook.from_dict({"alliance": ["تعاون"], "us_pressure": ["عقوبات"]})


def make_corpus(n=40):
    texts = {
        0: "وقع الجانبان اتفاق تعاون. ثم غادر الوفد.",
        1: "فرضت واشنطن عقوبات. وصل الوفد صباحا.\n\nانتهت الزيارة.",
    }
    plain = "وصل الوفد إلى العاصمة. جلس الجميع. انتهى اللقاء."
    return fr.Corpus(
        [fr.Document(id=f"d{i}", text=texts.get(i % 8, plain), outlet="x" if i < n // 2 else "y") for i in range(n)],
        name="made",
    )


CORPUS = make_corpus()


@pytest.fixture(scope="module")
def sheet():
    return fr.coding_sheet(CORPUS, BOOK, n=40, strata="outlet", coders=["amal", "badr"], overlap=0.5, random_state=7)


# The sample --------------------------------------------------------------------------------------


def test_units_of_each_kind():
    sentences, paragraphs, documents = (corpus_units(CORPUS, unit) for unit in ("sentence", "paragraph", "document"))
    assert (len(sentences), len(paragraphs), len(documents)) == (5 * 2 + 5 * 3 + 30 * 3, 45, 40)
    row = paragraphs[paragraphs["doc_id"] == "d1"].iloc[1]
    assert row[["paragraph", "sentence", "text"]].tolist() == [1, 2, "انتهت الزيارة."]
    assert documents.loc[1, "text"] == CORPUS["d1"].text
    names = pd.concat([sentences, paragraphs, documents])["unit_id"]
    assert names.is_unique
    assert names.str.fullmatch("[b-z]{12}").all()
    assert sentences["words"].sum() == documents["words"].sum()


def test_inclusion_is_drawn_over_there_are(sheet):
    design = sheet.design
    find = code_matrix(fr.code(CORPUS, BOOK)).set_index(["doc_id", "sentence"])
    label = [
        "alliance" if a else "us_pressure" if u else "nothing found"
        for a, u in zip(find["alliance"], find["us_pressure"], strict=True)
    ]
    outlet = ["x" if int(d[1:]) < 20 else "y" for d in find.index.get_level_values(0)]
    sizes = pd.Series([f"{o} | {f}" for o, f in zip(outlet, label, strict=True)]).value_counts()
    by = design.groupby("stratum").agg(
        drawn=("unit_id", "size"), units=("stratum_units", "first"), inclusion=("inclusion", "first")
    )
    assert by["units"].to_dict() == sizes.to_dict()
    assert np.allclose(by["inclusion"], by["drawn"] / by["units"])
    assert by["drawn"].sum() == 40
    assert (1 / design["inclusion"]).sum() == pytest.approx(len(find))  # the sample stands for the corpus
    rare = design[~design["stratum"].str.endswith("nothing found")]
    assert len(rare) == 10  # all finds there are: half of the sample was reserved for them


def test_same_seed_same_sheet_and_other_seed_other_sheet():
    draws = [fr.coding_sheet(CORPUS, BOOK, n=30, random_state=s).table for s in (1, 1, 2)]
    pd.testing.assert_frame_equal(draws[0], draws[1])
    assert set(draws[0]["unit_id"]) != set(draws[2]["unit_id"])


def test_blinded_shuffled_and_divided(sheet):
    assert list(sheet.table.columns) == ["coder", "order", "unit_id", "text", "before", "after"]
    amal, badr = (sheet.for_coder(name) for name in ("amal", "badr"))
    shared = set(amal["unit_id"]) & set(badr["unit_id"])
    assert (len(amal), len(badr), len(shared)) == (30, 30, 20)
    assert set(amal["unit_id"]) | set(badr["unit_id"]) == set(sheet.design["unit_id"])
    in_order = [name for name in sheet.design["unit_id"] if name in set(amal["unit_id"])]
    assert amal["unit_id"].tolist() != in_order
    both = [name for name in amal["unit_id"] if name in shared], [name for name in badr["unit_id"] if name in shared]
    assert both[0] != both[1]


def test_no_oversampling_is_proportional():
    sheet = fr.coding_sheet(CORPUS, BOOK, n=23, oversample=0)
    assert len(set(sheet.design["inclusion"])) == 1
    assert sheet.design["stratum"].unique().tolist() == ["all"]


def test_inclusion_probabilities_are_true():
    """Over many draws each unit comes as often as its probability says."""
    times = pd.Series(0.0, index=corpus_units(CORPUS)["unit_id"])
    said = times.copy()
    machine = fr.code(CORPUS, BOOK)
    n = 60
    for seed in range(n):
        design = fr.coding_sheet(CORPUS, BOOK, n=30, machine=machine, random_state=seed).design.set_index("unit_id")
        times[design.index] += 1
        said[design.index] = design["inclusion"]
    rare, common = said == said.max(), said == said[said > 0].min()
    assert times[common].mean() / n == pytest.approx(said[common].mean(), abs=0.02)
    assert times[rare].mean() / n == pytest.approx(said[rare].mean(), abs=0.02)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.data())
def test_allocation_adds_up_and_stays_within_bounds(sizes, data):
    sizes = np.array(sizes)
    wanted = np.array(data.draw(st.lists(st.floats(0.01, 100), min_size=len(sizes), max_size=len(sizes))))
    n = data.draw(st.integers(len(sizes), int(sizes.sum())))
    drawn = allocate(sizes, wanted, n)
    assert drawn.sum() == n
    assert (drawn >= 1).all()
    assert (drawn <= sizes).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n": 0}, "at least one unit"),
        ({"n": 2}, "n=2 units cannot cover 3 strata"),
        ({"unit": "page"}, "unit 'page' is not known"),
        ({"strata": "outlets"}, r"no column 'outlets' \(did you mean 'outlet'\?\)"),
        ({"coders": 0}, "the number of coders"),
        ({"coders": ["amal", "Amal"]}, "same name"),
        ({"overlap": 2}, "overlap is the share"),
        ({"oversample": 1}, "oversample is a share"),
    ],
)
def test_refusals(options, said):
    with pytest.raises(fr.FramingError, match=said):
        fr.coding_sheet(CORPUS, BOOK, **{"n": 20, **options})


def test_more_units_than_there_are():
    with pytest.warns(fr.FramingWarning, match="all are on the sheet"):
        sheet = fr.coding_sheet(make_corpus(3), BOOK, n=500)
    assert (sheet.design["inclusion"] == 1).all()
    empty = fr.Corpus([fr.Document(id="e", text=" ")])
    with pytest.raises(fr.FramingError, match="every text is empty"):
        fr.coding_sheet(empty, BOOK)


# Out and in again --------------------------------------------------------------------------------


def fill(sheet, coder, code):
    """The codes a person gives, by unit and frame."""
    return {
        name: {frame: code(number, frame) for frame in sheet.frames}
        for number, name in enumerate(sheet.for_coder(coder)["unit_id"])
    }


def by_hand(number, frame):
    return int((number + len(frame)) % 3 == 0)


def fill_xlsx(path, codes, frames=BOOK.frames):
    from openpyxl import load_workbook

    book = load_workbook(path)
    page = book["coding"]
    head = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        name = row[head.index("unit_id")].value
        for frame in frames:
            row[head.index(frame)].value = codes[name][frame]
    book.save(path)


def fill_csv(path, codes, frames=BOOK.frames):
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    for frame in frames:
        table[frame] = [str(codes[name][frame]) for name in table["unit_id"]]
    table.to_csv(path, index=False, encoding="utf-8-sig")


def fill_label_studio(path, codes, frames=BOOK.frames):
    tasks = json.loads(path.read_text("utf-8"))
    for number, task in enumerate(tasks):
        given = codes[task["data"]["unit_id"]]
        result = [
            {
                "from_name": f,
                "to_name": "text",
                "type": "choices",
                "value": {"choices": ["absent", "present"][given[f] : given[f] + 1]},
            }
            for f in frames
        ]
        task |= {
            "id": number,
            "annotations": [{"id": number, "completed_by": 1, "was_cancelled": False, "result": result}],
        }
    path.write_text(json.dumps(tasks), "utf-8")


def fill_inception(path, codes, frames=BOOK.frames):
    lines = []
    features: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#T_SP"):
            features = line.split("|")[1:]
        elif line and not line.startswith("#"):
            parts = line.split("\t")
            number = parts[3].partition("[")[2]
            name = parts[3 + features.index("unit")].partition("[")[0]
            for frame in frames:
                parts[3 + features.index(frame)] = f"{codes[name][frame]}[{number}"
            lines.append("\t".join(parts))
            continue
        lines.append(line)
    path.write_text("\n".join(lines) + "\n", "utf-8")


FILLERS = {"xlsx": fill_xlsx, "csv": fill_csv, "label-studio": fill_label_studio, "inception": fill_inception}


@pytest.mark.parametrize("format", list(FILLERS))
def test_every_format_comes_back_as_it_was_coded(sheet, tmp_path, format):
    paths = sheet.save(tmp_path, format)
    given = {}
    for coder, path in zip(sheet.coders, paths, strict=True):
        given[coder] = fill(sheet, coder, by_hand)
        FILLERS[format](path, given[coder])
    codings = fr.read_coding_sheet(tmp_path, CORPUS)
    assert set(codings.coders) == {"amal", "badr"}
    units = corpus_units(CORPUS).set_index(["doc_id", "sentence"])["unit_id"]
    found = code_matrix(codings)
    assert len(found) == 60
    for row in found.to_dict("records"):
        name = units[row["doc_id"], row["sentence"]]
        assert {f: row[f] for f in BOOK.frames} == given[row["coder"]][name]
    design = sheet.design.set_index(["doc_id", "sentence"])
    joined = codings.units.set_index(["doc_id", "sentence"])
    assert (joined["inclusion"] == design["inclusion"].reindex(joined.index)).all()
    assert (joined["stratum"] == design["stratum"].reindex(joined.index)).all()
    hit = codings.table.iloc[0]
    assert CORPUS[hit["doc_id"]].text[hit["start"] : hit["end"]] == hit["evidence"]
    assert set(codings.table["route"]) == {"human"}
    assert codings.provenance["design"]["random_state"] == 7


def test_nothing_of_the_design_is_in_a_coders_file(sheet, tmp_path):
    from openpyxl import load_workbook

    path = sheet.save(tmp_path / "x")[0]
    cells = {
        str(c) for page in load_workbook(path) for row in page.iter_rows(values_only=True) for c in row if c is not None
    }
    sheet.save(tmp_path / "c", "csv")
    sheet.save(tmp_path / "l", "label-studio")
    sheet.save(tmp_path / "i", "inception")
    texts = [p.read_text("utf-8") for name in "cli" for p in (tmp_path / name).glob("sheet-amal*")]
    for secret in (*CORPUS.ids, *sheet.design["stratum"], "inclusion", "nothing found"):
        assert secret not in cells
        assert not any(f'"{secret}"' in text or f",{secret}," in text for text in texts)


def test_workbook_looks(sheet, tmp_path, codebook):
    from openpyxl import load_workbook

    whole = fr.coding_sheet(CORPUS, codebook, n=20, coders=["amal"])
    book = load_workbook(whole.save(tmp_path)[0])
    page = book["coding"]
    assert page.sheet_view.rightToLeft
    assert page.freeze_panes == "B2"
    assert [c.value for c in page[1]] == [
        "unit_id",
        "before",
        "text",
        "after",
        "alliance",
        "cold_war",
        "us_pressure",
        "note",
        "coder",
    ]
    rules = {str(r.sqref): (r.formula1, r.type) for r in page.data_validations.dataValidation}
    assert rules == {f"{c}2:{c}21": ('"1,0"', "list") for c in "EFG"}
    assert book.sheetnames == ["coding", "codebook", "about"]
    assert book["about"].sheet_state == "hidden"
    text = [str(cell) for row in book["codebook"].iter_rows(values_only=True) for cell in row if cell]
    for frame in codebook.frames.values():
        assert any(frame.definition.split()[0] in cell for cell in text)
        for rule in (*frame.include, *frame.exclude):
            assert {rule.rule, rule.example, rule.counter_example} <= set(text)
    assert page["C2"].alignment.horizontal == "right"
    assert page["C2"].alignment.readingOrder == 2


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "\u0007بيب",
    "<b>عنوان</b> & co",
    "كوبا 🇨🇺 وروسيا",
]


def test_hostile_text_is_text_in_every_format(tmp_path):
    from openpyxl import load_workbook

    corpus = fr.Corpus([fr.Document(id=f"h{i}", text=f"{text} تعاون") for i, text in enumerate(HOSTILE)])
    sheet = fr.coding_sheet(corpus, BOOK, n=None, coders=["amal"], oversample=0)
    for kind, filler in FILLERS.items():
        folder = tmp_path / kind
        path = sheet.save(folder, kind)[0]
        filler(path, fill(sheet, "amal", by_hand))
        assert len(fr.read_coding_sheet(folder, corpus).units) == len(sheet)
    page = load_workbook(tmp_path / "xlsx" / "sheet-amal.xlsx")["coding"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
    for line in csvfile.read(tmp_path / "csv" / "sheet-amal.csv").rows:
        assert not str(line[1][2]).startswith(("=", "+", "-", "@"))


def test_a_document_longer_than_a_cell(tmp_path):
    corpus = fr.Corpus([fr.Document(id="long", text="وصل الوفد إلى العاصمة. " * 2_000)])
    sheet = fr.coding_sheet(corpus, BOOK, n=1, unit="document", coders=["amal"], oversample=0)
    path = sheet.save(tmp_path)[0]
    fill_xlsx(path, fill(sheet, "amal", lambda *_: 1))
    codings = fr.read_coding_sheet(path, corpus)
    assert codings.units[["doc_id", "start", "end"]].values.tolist() == [["long", 0, len(corpus["long"].text.strip())]]


@pytest.mark.parametrize("unit", ["paragraph", "document"])
def test_larger_units_are_one_row_each(tmp_path, unit):
    sheet = fr.coding_sheet(CORPUS, BOOK, n=20, unit=unit, coders=["amal"])
    path = sheet.save(tmp_path, "csv")[0]
    fill_csv(path, fill(sheet, "amal", lambda number, _: number % 2))
    codings = fr.read_coding_sheet(tmp_path, CORPUS)
    assert codings.provenance["unit"] == unit
    assert len(codings.units) == 20
    assert len(codings) == 20  # ten units with two frames
    machine = fr.code(CORPUS, BOOK)
    scores = fr.validate(machine, against=codings).scores
    assert scores["units"].tolist() == [20, 20]


def test_nothing_is_overwritten(sheet, tmp_path):
    sheet.save(tmp_path)
    with pytest.raises(fr.FramingError, match="exists already, and may hold codes"):
        sheet.save(tmp_path)
    with pytest.raises(fr.FramingError, match="format 'pdf' is not known"):
        sheet.save(tmp_path / "other", "pdf")


# Other programs' formats -------------------------------------------------------------------------


def test_label_studio_several_annotators_skips_and_json_min(sheet, tmp_path):
    path = sheet.save(tmp_path, "label-studio")[0]
    assert (tmp_path / label_studio.INTERFACE).read_text("utf-8").count("<Choices ") == 2
    tasks = json.loads(path.read_text("utf-8"))[:3]

    def done(who, code, *, cancelled=False):
        choice = {"from_name": "alliance", "to_name": "text", "type": "choices", "value": {"choices": [code]}}
        return {"completed_by": who, "was_cancelled": cancelled, "result": [choice]}

    tasks[0]["annotations"] = [done({"email": "a@x.org"}, "present"), done({"email": "b@x.org"}, "absent")]
    tasks[1]["annotations"] = [done(4, "present", cancelled=True)]
    tasks[2]["annotations"] = [done(4, "present")]
    export = tmp_path / "export.json"
    export.write_text(json.dumps(tasks), "utf-8")
    with pytest.warns(fr.FramingWarning) as caught:
        codings = fr.read_coding_sheet(export, CORPUS, design=tmp_path)
    assert {"annotator-a@x.org", "annotator-b@x.org", "amal"} == set(codings.coders)
    assert any("not coded at all (row 2)" in str(w.message) for w in caught)
    small = [
        {**task["data"], "id": n, "alliance": "present", "us_pressure": "absent", "annotator": 1}
        for n, task in enumerate(tasks)
    ]
    export.write_text(json.dumps(small), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fr.FramingWarning)
        assert (
            code_matrix(fr.read_coding_sheet(export, CORPUS))[["alliance", "us_pressure"]].values.tolist()
            == [[1, 0]] * 3
        )


def test_inception_file_follows_the_format(sheet, tmp_path):
    path = sheet.save(tmp_path, "inception")[0]
    lines = path.read_text("utf-8").splitlines()
    assert lines[:2] == ["#FORMAT=WebAnno TSV 3.3", "#T_SP=webanno.custom.FrameCodes|alliance|note|unit|us_pressure"]
    texts = [line.removeprefix("#Text=") for line in lines if line.startswith("#Text=")]
    whole = "\n".join(texts)
    for line in lines:
        if line and not line.startswith("#"):
            place, offsets, token, *_ = line.split("\t")
            start, end = map(int, offsets.split("-"))
            assert whole[start:end] == token.replace("\\", "")
            assert place.count("-") == 1
    layer = json.loads((tmp_path / inception.LAYER_FILE).read_text("utf-8"))
    assert layer[0]["anchoring_mode"] == "SENTENCES"
    assert {f["name"] for f in layer[0]["features"]} == {"alliance", "us_pressure", "unit", "note"}


# LibreOffice -------------------------------------------------------------------------------------


@pytest.fixture
def soffice(skip):
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        skip("no LibreOffice here (soffice), so the round trip through it was not tried")
    return found


@pytest.mark.parametrize(
    "formats", [("ods", "xlsx"), ("csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1",)]
)
def test_through_libreoffice_and_back(sheet, tmp_path, formats, soffice):
    """Filled in, saved by LibreOffice as .ods and again as .xlsx, or as .csv with semicolons: no code is lost."""
    sheet.save(tmp_path)
    given = {coder: fill(sheet, coder, by_hand) for coder in sheet.coders}
    for coder in sheet.coders:
        fill_xlsx(tmp_path / f"sheet-{coder}.xlsx", given[coder])
    files = [tmp_path / f"sheet-{coder}.xlsx" for coder in sheet.coders]
    for number, kind in enumerate(formats):
        out = tmp_path / f"saved-{number}"
        command = [
            soffice,
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            kind,
            "--outdir",
            str(out),
            *map(str, files),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180, env={**os.environ, "HOME": str(tmp_path)})
        ending = kind.partition(":")[0]
        files = sorted(f for f in out.glob(f"*.{ending}") if "codebook" not in f.name and "about" not in f.name)
    assert len(files) == 2
    before = fr.read_coding_sheet([tmp_path / f"sheet-{c}.xlsx" for c in sheet.coders], CORPUS)
    after = fr.read_coding_sheet(files, CORPUS, design=tmp_path)
    pd.testing.assert_frame_equal(code_matrix(before), code_matrix(after))
    columns = ["doc_id", "sentence", "coder", "stratum", "inclusion", "skipped"]
    pd.testing.assert_frame_equal(before.units[columns], after.units[columns])
    assert after.provenance["problems"] == []
    if formats[-1] == "xlsx":
        assert workbook.read(files[0]).facts["coder"] == "amal"
