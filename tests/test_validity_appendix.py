"""The methods appendix in three formats, the figures, the command line, the notebook coder without a browser."""

from __future__ import annotations

import html.parser
import re
import shutil
import subprocess
import warnings

import numpy as np
import pandas as pd
import pytest

import framing as fr
from framing.cli import main
from framing.validity import csvfile
from framing.validity.markup import Grid, Heading, Items, Paragraph, latex, markdown, to_html

CORPUS = fr.Corpus(
    [
        fr.Document(id=f"d{i}", text=text, outlet="pq"[i % 2], date=f"2018-11-0{i % 9 + 1}", language="ar")
        for i, text in enumerate(
            ["وقع الجانبان اتفاق تعاون. ثم غادر الوفد.", "فرضت واشنطن عقوبات. وصل الوفد. صداقة راسخة."] * 10
        )
    ],
    name="made",
)
BOOK = fr.Codebook.from_dict(
    {"alliance": ["تعاون", {"term": "شراكة", "unless": {"term": ["تجارية"]}}], "us_pressure": ["عقوبات"]}, name="small"
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Everything of a study: sheets, two coders, machine, agreement, validity, estimates."""
    folder = tmp_path_factory.mktemp("sheets")
    sheet = fr.coding_sheet(CORPUS, BOOK, n=36, strata="outlet", coders=["amal", "badr"], random_state=2)
    machine = fr.code(CORPUS, BOOK)
    for path in sheet.save(folder, "csv"):
        table = pd.read_csv(path, dtype=object, keep_default_na=False, encoding="utf-8-sig")
        table["alliance"] = [str(int("تعاون" in t or "صداقة" in t)) for t in table["text"]]
        table["us_pressure"] = [str(int("عقوبات" in t)) for t in table["text"]]
        if "badr" in path.name:
            table.loc[[2, 5], "alliance"] = ["1", "0"]
        table.to_csv(path, index=False, encoding="utf-8-sig")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fr.FramingWarning)
        people = fr.read_coding_sheet(folder, CORPUS)
        settled = fr.adjudicate(people, rule="amal")
        return {
            "folder": folder,
            "machine": machine,
            "people": people,
            "settled": settled,
            "agreement": fr.agreement(people, ["alpha", "percent"], resamples=200),
            "validation": fr.validate(machine, against=settled, corpus=CORPUS),
            "corrected": fr.corrected(machine, settled, by="outlet", reference="p"),
        }


def whole(study, **more):
    return fr.methods_appendix(
        CORPUS,
        BOOK,
        codings=study["machine"],
        human=study["settled"],
        agreement=study["agreement"],
        validation=study["validation"],
        corrected=study["corrected"],
        **more,
    )


SECTIONS = [
    "Corpus",
    "Codebook",
    "Coding",
    "Human coding",
    "Agreement",
    "Validity",
    "Estimates",
    "Sensitivity",
    "Limits",
    "Provenance",
]


def test_everything_a_reviewer_needs(study):
    text = whole(study, limits=["Only one week of coverage."])
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    machine = study["machine"].provenance
    for needed in (
        CORPUS.fingerprint,
        BOOK.fingerprint,
        "20 documents",
        "تعاون",
        "شراكة",
        "cancelled by word تجارية",
        "seed 2",
        "rule “amal”",
        "stratified by outlet",
        "Only one week of coverage.",
        "2018-11-01 to 2018-11-09",
        str(machine["morphology"]),
        "version of numpy",
        np.__version__,
        "How far results hang on single entries",
    ):
        assert needed in text, needed
    row = study["validation"].scores.iloc[0]
    assert f"| {row['recall']:.3f} (" in text or f"| {row['recall']:.2f} (" in text
    assert text == whole(study, limits=["Only one week of coverage."])


def test_what_was_not_done_is_said():
    text = fr.methods_appendix(CORPUS, BOOK)
    for said in (
        "Nobody coded by hand",
        "Agreement between coders was not measured",
        "was not compared with human codes",
        "they were not corrected for its errors",
        "not examined",
        "Whether two people would code alike is not known",
    ):
        assert said in text
    constructed = fr.Corpus([fr.Document(id="a", text="تعاون.", constructed="yes")])
    assert "1 of the documents are constructed" in fr.methods_appendix(constructed, BOOK)


class Checker(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_well_formed_self_contained_and_escapes(study, tmp_path):
    hostile = fr.Corpus(
        [fr.Document(id="<script>alert(1)</script>", text="تعاون.", outlet='"><img src=x>')], name="<b>bad</b>"
    )
    page = fr.methods_appendix(hostile, BOOK, format="html")
    checker = Checker()
    checker.feed(page)
    assert not checker.open
    tags = {tag for tag, _ in checker.seen}
    assert not tags & {"script", "img", "link", "b"}
    assert not any(name in ("src", "href") for _, attributes in checker.seen for name in attributes)
    path = tmp_path / "m.html"
    assert whole(study, path=path) == path.read_text("utf-8")
    assert '<bdi lang="ar">تعاون</bdi>' in path.read_text("utf-8")


BLOCKS = [
    Heading("ألف & B"),
    Paragraph("5 % of x_y | <i> #1 $2 {3} ~ ^ \\ 4*5"),
    Items(("a\nb", "عقوبات")),
    Grid(("h",), (("| `c`",),), "caption_1"),
]


def test_markup_by_hand():
    assert markdown("T", BLOCKS) == (
        "# T\n\n## ألف & B\n\n5 % of x_y \\| &lt;i> \\#1 $2 {3} ~ ^ \\\\ 4\\*5\n\n- a b\n- عقوبات\n\n"
        "*caption_1*\n\n| h |\n| --- |\n| \\| \\`c\\` |\n"
    )
    text = latex("T", BLOCKS)
    assert "\\section*{\\textar{ألف} \\& B}" in text
    assert r"5 \% of x\_y \textbar{} \textless{}i\textgreater{} \#1 \$2 \{3\} \textasciitilde{} " in text
    assert r"\textasciicircum{} \textbackslash{} 4*5" in text
    assert "<h2><bdi" in to_html("T", BLOCKS)


def test_latex_compiles(study, tmp_path, skip):
    program = shutil.which("xelatex")
    if (
        program is None
        or "Amiri" not in subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout
    ):
        skip("no xelatex or no Amiri font here, so the LaTeX appendix was not compiled")
    whole(study, path=tmp_path / "m.tex")
    done = subprocess.run(
        [program, "-interaction=nonstopmode", "m.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    log = (tmp_path / "m.log").read_text("utf-8", "replace")
    assert (tmp_path / "m.pdf").is_file(), done.stdout[-2000:]
    assert not re.findall(r"^! .*", log, re.MULTILINE)
    assert "Missing character" not in log


def test_refusals(tmp_path):
    with pytest.raises(fr.FramingError, match="format 'docx' is not known"):
        fr.methods_appendix(CORPUS, BOOK, format="docx")
    assert fr.methods_appendix(CORPUS, BOOK, entries=False).count("تعاون") == 0


# Figures -----------------------------------------------------------------------------------------


def test_figures_draw_their_tables(study, tmp_path):
    ax = fr.plot.agreement(study["agreement"])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["alliance", "us pressure"]
    ax = fr.plot.agreement(study["agreement"], measure="percent", labels={"alliance": "التحالف"})
    assert (ax.get_xlabel(), ax.get_yticklabels()[0].get_text()) == ("percent", "التحالف")
    ax = fr.plot.validation(study["validation"])
    assert len(ax.lines) == 3
    np.testing.assert_allclose(ax.lines[1].get_xdata(), study["validation"].scores["recall"])
    ax = fr.plot.corrected(study["corrected"])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["alliance", "p", "q", "us pressure", "p", "q"]
    ax = fr.plot.corrected(study["corrected"], quantity="difference")
    assert "q − p" in [t.get_text() for t in ax.get_yticklabels()]
    plan = fr.labels_needed(study["machine"], precision=0.8, recall=0.6, coded=[10, 20, 40])
    ax = fr.plot.labels_needed(plan)
    assert len([line for line in ax.lines if len(line.get_xdata())]) == 4
    path = fr.plot.save(ax, "labels", alt="The more codes, the narrower.", caption="Planning.", folder=tmp_path)
    assert path.is_file()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: fr.plot.agreement(s["validation"].scores), r"pass the table that fr\.agreement\(codings\) returns"),
        (lambda s: fr.plot.agreement(s["agreement"], measure="kappa"), "no measure 'kappa'"),
        (lambda s: fr.plot.corrected(s["corrected"], quantity="median"), "no 'median'"),
        (
            lambda s: fr.plot.validation(s["agreement"]),
            r"pass the table that fr\.validate\(machine, against=human\) returns",
        ),
    ],
)
def test_figures_refuse_other_tables(study, call, said):
    with pytest.raises(fr.FramingError, match=said):
        call(study)


# The command line --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus_folder(tmp_path_factory):
    return str(fr.write_corpus(CORPUS, tmp_path_factory.mktemp("corpus") / "made"))


@pytest.fixture(scope="module")
def book_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "small.yml"
    path.write_text("alliance: [تعاون]\nus_pressure: [عقوبات]\n", "utf-8")
    return str(path)


def test_from_sample_to_correct(corpus_folder, book_file, tmp_path, capsys):
    sheets = tmp_path / "sheets"
    arguments = [
        "validate",
        "sample",
        corpus_folder,
        "--codebook",
        book_file,
        "--out",
        str(sheets),
        "--n",
        "30",
        "--strata",
        "outlet",
        "--coders",
        "amal",
        "badr",
        "--format",
        "csv",
        "--seed",
        "3",
    ]
    assert main(arguments) == 0
    assert "design.csv (yours: it holds what coders must not see)" in capsys.readouterr().out
    assert main(arguments) == 2
    assert "exists already" in capsys.readouterr().err
    for number, name in enumerate(("amal", "badr")):
        path = sheets / f"sheet-{name}.csv"
        table = pd.read_csv(path, dtype=object, keep_default_na=False, encoding="utf-8-sig")
        table["alliance"] = [
            str(int("تعاون" in t or ("صداقة" in t and n % 4 != number))) for n, t in enumerate(table["text"])
        ]
        table["us_pressure"] = [str(int("عقوبات" in t)) for t in table["text"]]
        table.to_csv(path, index=False)
    disputed = tmp_path / "d.csv"
    assert (
        main(
            [
                "validate",
                "agree",
                corpus_folder,
                str(sheets),
                "--measure",
                "alpha",
                "percent",
                "--disagreements",
                str(disputed),
            ]
        )
        == 0
    )
    out = capsys.readouterr().out
    assert "amal, badr" in out
    decisions = pd.read_csv(disputed, dtype=object, keep_default_na=False)
    assert len(decisions)
    decisions["decision"] = "1"
    decisions.to_csv(disputed, index=False)
    report, errors = tmp_path / "m.md", tmp_path / "e.csv"
    common = [corpus_folder, str(sheets), "--codebook", book_file, "--decisions", str(disputed)]
    assert main(["validate", "report", *common, "--errors", str(errors), "--out", str(report), "--format", "csv"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("frame,units,tp,fp,fn,tn,precision")
    assert "## Agreement" in report.read_text("utf-8")
    found = csvfile.read(errors)
    assert {"kind", "frame", "text", "because", "candidates"} <= set(found.columns)
    assert main(["validate", "correct", *common, "--by", "outlet", "--reference", "p", "--target", "corpus"]) == 0
    assert "q − p" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sample", "CORPUS", "--out", "OUT", "--n", "0"], "at least one unit"),
        (["agree", "CORPUS", "nowhere.csv"], "no such file"),
        (["agree", "nowhere", "x.csv"], "nowhere"),
        (["report", "CORPUS", "SHEET", "--by", "mood"], "cannot be split by 'mood'"),
        (["correct", "CORPUS", "SHEET", "--by", "outlet", "--reference", "zz"], "none of the groups"),
        (["agree", "CORPUS", "amal=SHEET", "SHEET"], "name the coder of every file"),
        (["agree", "CORPUS", "BAD"], "1 cell cannot be used: bad.csv C2 'x': unknown code"),
    ],
)
def test_one_clear_line_and_exit_code_2(corpus_folder, tmp_path, capsys, arguments, said):
    sheet, bad = tmp_path / "amal.csv", tmp_path / "bad.csv"
    sheet.write_text("doc_id,sentence,alliance\n" + "".join(f"d{i},0,{i % 2}\n" for i in range(20)), "utf-8")
    bad.write_text("doc_id,sentence,alliance\nd0,0,x\n", "utf-8")
    names = {
        "CORPUS": corpus_folder,
        "OUT": str(tmp_path / "out"),
        "SHEET": str(sheet),
        "BAD": str(bad),
        "amal=SHEET": f"amal={sheet}",
    }
    assert main(["validate", *[names.get(a, a) for a in arguments]]) == 2
    shown = capsys.readouterr().err.splitlines()
    assert said in shown[-1]
    assert "Traceback" not in "".join(shown)


# The coder in the notebook, without a browser ------------------------------------------------------


@pytest.fixture
def coder(tmp_path):
    sheet = fr.coding_sheet(CORPUS, BOOK, n=6, coders=["amal", "badr"], random_state=1)
    return sheet, fr.code_in_notebook(sheet, "amal", path=tmp_path / "amal.csv")


def test_keys_save_at_every_step_and_resume(coder, tmp_path):
    sheet, first = coder
    for key in "1 2 .-1":  # alliance, next; us_pressure, next; skip; back; alliance on the one skipped
        first.press(key)
    codes = first.codes[["alliance", "us_pressure"]].astype(object)
    assert codes.where(codes.notna(), None).values.tolist() == [
        [1, 0],
        [0, 1],
        [1, None],
        [None, None],
        [None, None],
        [None, None],
    ]
    again = fr.code_in_notebook(sheet, "amal", path=tmp_path / "amal.csv")
    assert again.position == 3
    assert (again.done, first.done) == (3, 3)
    again.press("١")  # an Arabic keyboard's digit
    again.press("1")  # and off again
    for key in "   ":
        again.press(key)
    assert again.position == 5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fr.FramingWarning)
        codings = fr.read_coding_sheet(tmp_path / "amal.csv", CORPUS)
    assert len(codings.units) == 6
    assert codings.units["inclusion"].notna().all()  # the design was put beside the file
    assert repr(again) == f"NotebookCoder('amal', 6 of 6 sentences coded, in {tmp_path / 'amal.csv'})"


def test_widget_and_codes_are_one(coder):
    _, c = coder
    c._switches["alliance"].value = 1
    assert c.codes.loc[0, "alliance"] == 1
    c._keys.value = "1"  # off
    assert np.isnan(c.codes.loc[0, "alliance"])
    assert c._switches["alliance"].value == -1
    c._keys.value = "12 "
    assert c.codes.loc[0, ["alliance", "us_pressure"]].tolist() == [0, 1]
    assert c.position == 1
    c._note.value = "=غير واضح"
    assert csvfile.read(c.path).rows[1][1][-2].lstrip("'") == "=غير واضح"
    assert "application/vnd.jupyter.widget-view+json" in c._repr_mimebundle_()


def test_notebook_coder_refuses_other_files(coder, tmp_path):
    sheet, c = coder
    c.press(" ")
    with pytest.raises(fr.FramingError, match=r"holds the codes of 'amal', not of 'badr'"):
        fr.code_in_notebook(sheet, "badr", path=tmp_path / "amal.csv")
    other = fr.coding_sheet(CORPUS, BOOK, n=6, coders=["amal"], random_state=9)
    with pytest.raises(fr.FramingError, match="of another sheet, and would be overwritten"):
        fr.code_in_notebook(other, path=tmp_path / "amal.csv")
    with pytest.raises(fr.FramingError, match="say who is coding"):
        fr.code_in_notebook(sheet)
    with pytest.raises(fr.FramingError, match="no coder 'amel'"):
        fr.code_in_notebook(sheet, "amel")


def test_hostile_text_is_text_in_the_widget(tmp_path):
    corpus = fr.Corpus([fr.Document(id="a", text="<script>alert(1)</script> تعاون")])
    sheet = fr.coding_sheet(corpus, BOOK, n=1, coders=["x"], oversample=0)
    c = fr.code_in_notebook(sheet, path=tmp_path / "x.csv")
    assert "<script>" not in c._text.value
    assert "&lt;script&gt;" in c._text.value
