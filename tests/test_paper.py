"""The paper: no number in it is typed, other data give other numbers, and it is built to HTML and PDF."""

from __future__ import annotations

import base64
import importlib.util
import re
import sys
from pathlib import Path

import pandas as pd
import pytest

import framing as fr
from framing.errors import FramingError

FOLDER = Path(__file__).parents[1] / "notebooks" / "paper"
CORPORA = Path(__file__).parents[1] / "corpora"
TEMPLATE = (FOLDER / "paper.md").read_text("utf-8")
FIELD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
FIGURES = {name: (f"figures/{name}.svg", "Alt.", "Caption.") for name in ("position", "voices")}


def _load():
    spec = importlib.util.spec_from_file_location("paper_build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = _load()


@pytest.fixture(scope="module")
def human(related):
    return fr.read_coding_sheet(CORPORA / "related" / "codings", related)


@pytest.fixture(scope="module")
def computed(article, related, human):
    return build.compute(article, related, human)


@pytest.fixture(scope="module")
def text(computed):
    return build.fill(TEMPLATE, *computed[:2], FIGURES)


# --- no number is typed -------------------------------------------------------------------------------------


def test_the_template_has_no_number():
    prose = re.sub(r"@[a-z]+\d{4}", "", FIELD.sub("", TEMPLATE))
    assert re.findall(r"\d\S*", prose) == []
    small = r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half|twice|per ?cent)\b"
    assert re.findall(small, prose, re.I) == []
    for field in FIELD.findall(TEMPLATE):
        assert not re.search(r"\d", field), f"a number typed inside a field: {field}"


def test_each_citation_has_its_reference_and_each_reference_is_cited():
    known = re.findall(r"^- id: (\w+)$", (FOLDER / "references.yaml").read_text("utf-8"), re.M)
    assert sorted(set(re.findall(r"@([a-z]+\d{4})", TEMPLATE))) == sorted(known)


def test_each_table_and_figure_is_shown_and_spoken_of_in_order(text):
    for kind, n in (("Table", 3), ("Figure", 2)):
        shown = re.findall(rf"^(?:: |!\[){kind} (\d)\.", text, re.M)
        assert shown == sorted(shown)
        assert len(shown) == n
        assert set(re.findall(rf"{kind} (\d)(?!\.)", text)) == set(shown)


def test_fields_that_do_not_exist_are_named(computed):
    values, tables, _ = computed
    for template, said in (
        ("{{ article.wrods }}", "wrods"),
        ("{{ see('voyces') }}", "voyces"),
        ("\n{{ article.words }", "line 2"),
        ("{{ article.words | wrods }}", "wrods"),
    ):
        with pytest.raises(FramingError, match=said):
            build.fill(template, values, tables, FIGURES)


# --- the numbers are those of the data ----------------------------------------------------------------------


def test_numbers_are_those_of_the_results(text, article, related, codebook):
    scores = fr.frame_scores(fr.code(article, codebook), random_state=0).readable().set_index("frame")
    table = pd.read_csv(CORPORA / "related" / "documents.csv")
    flat = " ".join(text.split())
    hits, sentences = scores["hits"].astype(int).sum(), fr.Corpus([article]).describe()["sentences"].iloc[0]
    assert f"finds {hits} hits in its {sentences} sentences" in flat
    assert f"| Alliance | {scores.loc['alliance', 'hits']} | {scores.loc['alliance', 'rate']} |" in text
    assert f"has {len(table)} articles with {related.describe()['words'].sum():,} words" in flat
    assert "On 2 November 2018 an Arabic news article" in flat
    assert "all 800 sentences" in flat
    assert not re.search(r"\bnan\b|None|Undefined|\{\{|\}\}", text)


def test_other_data_give_other_numbers(text, article, related, human):
    longer = article.replace(text=article.text + "\n\nوتتعاون روسيا مع كوبا في إطار التحالف بينهما.\n")
    fewer = related.where(outlet=["al-madar", "volga-arabic", "al-mitraqa"])
    values, tables, _ = build.compute(longer, fewer, human.where(doc_id=list(fewer.ids)), seed=1)
    other = build.fill(TEMPLATE, values, tables, FIGURES)
    flat = " ".join(other.split())
    assert "has 36 articles with" in flat
    assert "each told by three outlets" in flat
    assert "in its 17 sentences" in flat
    assert "Against the three articles on the same event" in flat
    assert "with a p of" in flat
    assert "where none below .500 is possible" in flat
    frames = [line.split(" | ") for line in other.splitlines() if line.startswith("| Alliance |")]
    before = [line.split(" | ") for line in text.splitlines() if line.startswith("| Alliance |")]
    assert int(frames[0][1]) > int(before[0][1]), "hits"
    for was, now in zip(before[0][2:5], frames[0][2:5], strict=True):  # rate, mean of the corpus, difference
        assert was != now
    for was, now in zip(before[-1][2:], frames[-1][2:], strict=True):  # precision … share by all codes
        assert was != now
    for start in ("*Voices.*", "*Validity.*", "*Correction.*", "Its rate", "The article has", "*This paper"):
        was, now = (next(p for p in version.split("\n\n") if p.startswith(start)) for version in (text, other))
        assert was != now, start


@pytest.mark.parametrize(
    ("low", "high", "p", "said"),
    [
        (-1.0, 9.0, 0.01, "not distinguishable from that of the corpus"),
        (1.0, 9.0, 0.01, "higher than that of the corpus"),
        (1.0, 9.0, 0.2, "higher than that of the corpus by its interval, but not by the adjusted test"),
        (-9.0, -1.0, 0.01, "lower than that of the corpus"),
        (float("nan"), float("nan"), 0.01, "not distinguishable from that of the corpus"),
    ],
)
def test_verdicts(low, high, p, said):
    row = pd.Series({"difference": (low + high) / 2, "difference_low": low, "difference_high": high, "p_adjusted": p})
    assert build.verdict(row) == said


def test_how_values_are_written():
    assert [build.words(n) for n in (0, 6, 12, 13, 2000)] == ["none", "six", "twelve", "13", "2,000"]
    assert [build.percent(share) for share in (0.404, float("nan"))] == ["40%", "no share"]
    assert build.day("2018-11-02") == "2 November 2018"
    assert build.arabic("حليف قديم (ally)") == "[حليف قديم]{lang=ar dir=rtl} (ally)"
    assert build.plain("a|b <i> *x* [y](z)\n$1$") == r"a\|b \<i\> \*x\* \[y\](z) \$1\$"


# --- HTML and PDF -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(computed, tmp_path_factory, skip):
    for name in ("pypandoc", "typst"):
        if importlib.util.find_spec(name) is None:
            skip(f"{name} is not installed (pip install pypandoc-binary typst)")
    out = tmp_path_factory.mktemp("paper")
    assert [path.name for path in build.write(*computed, out)] == ["paper.md", "paper.html", "paper.pdf"]
    return out


def test_the_page_is_complete_in_itself(built, text):
    page = (built / "paper.html").read_text("utf-8")
    assert re.search(r'<html[^>]* lang="en"', page)
    assert "<title>Whose friendship?" in page
    assert page.count('lang="ar" dir="rtl"') == len(re.findall("lang=ar dir=rtl", text)) > 5
    for source in re.findall(r'(?:src|href)="([^"]*)"', page):
        assert source.startswith(("data:", "#", "https://doi.org/")), source[:60]
    assert page.count("<figcaption>Figure ") == 2
    assert page.count("<caption>Table ") == 3
    alts = re.findall(r'alt="([^"]*)"', page)
    assert len(alts) == 2
    assert all("Alliance" in alt for alt in alts)
    images = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)
    assert b"<svg" in base64.b64decode(images[0])
    assert "Entman (1993)" in re.sub(r"<[^>]+>", "", page)
    assert "“Framing: Toward" in page


def test_the_pdf_has_the_text_and_the_same_bytes_each_time(built, computed, text):
    pypdf = pytest.importorskip("pypdf")
    first = (built / "paper.pdf").read_bytes()
    pages = pypdf.PdfReader(built / "paper.pdf").pages
    words = " ".join("\n".join(page.extract_text() for page in pages).split())
    assert len(pages) <= 4
    assert "Whose friendship?" in words
    assert "have coded all 800 sentences" in words
    rate = re.search(r"\| Alliance \| \d+ \| ([\d.]+) \(", text)[1]
    assert rate in words
    fonts = {str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}
    assert any("DejaVuSans" in font for font in fonts), "Arabic is set in a font that has it"
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]", words)
    build.write(*computed, built)
    assert (built / "paper.pdf").read_bytes() == first


def test_hostile_text_stays_text(built, tmp_path):
    import pypandoc

    evil = '<script>alert(1)</script> {{ 7 * 7 }} | `x`{=html} <img src="http://example.org/x"> حليف'
    rows = [{"entry": evil, "hits": "1"}]
    filled = build.fill('{{ table("t") }}', {}, {"t": ("Caption.", rows)}, {})
    page = pypandoc.convert_text(filled, "html5", "markdown", extra_args=[f"--defaults={FOLDER / 'pandoc.yaml'}"])
    body = page[page.index("<body") :]
    assert "<script" not in body
    assert "<img" not in body
    assert "{{ 7 * 7 }}" in re.sub(r"<[^>]+>", "", body)
    assert body.count("<td") == 2
    assert '<span lang="ar" dir="rtl">حليف</span>' in body


# --- what can go wrong --------------------------------------------------------------------------------------


def test_errors_are_one_line(tmp_path, capsys, related):
    fr.write_corpus(related.where(event="visit-2018"), tmp_path / "uncoded")
    for arguments, said in (
        (["--id", "putin-2018"], "putin-2018"),
        (["--corpus", str(tmp_path / "uncoded")], "codings"),
        (["--article", str(tmp_path / "none")], "none"),
    ):
        assert build.main([*arguments, "--out", str(tmp_path / "out")]) == 2
        error = capsys.readouterr().err
        assert error.startswith("paper: ")
        assert said in error
        assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_without_the_extra_it_says_what_to_install(computed, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(FramingError, match="pip install 'pypandoc-binary"):
        build.write(*computed, tmp_path)


def test_the_template_is_not_overwritten(computed, built):
    before = sorted(FOLDER.iterdir())
    with pytest.raises(FramingError, match="holds the template"):
        build.write(*computed, FOLDER)
    assert sorted(FOLDER.iterdir()) == before
    assert (FOLDER / "paper.md").read_text("utf-8") == TEMPLATE


def test_a_corpus_without_events_and_an_article_without_hits_are_refused(article, related, human):
    plain = fr.Corpus([fr.Document(id="a", text="نص."), fr.Document(id="b", text="نص.")])
    with pytest.raises(FramingError, match="has no event, outlet, date"):
        build.compute(article, plain, human)
    with pytest.raises(FramingError, match="finds nothing in 'putin-diaz-canel-2018'"):
        build.compute(article.replace(text="وصل الوفد صباح اليوم."), related, human)
