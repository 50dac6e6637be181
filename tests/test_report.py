"""The report: what is on the page, that nothing can break out of it, that it is the same every time."""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import importlib
import itertools
import os
import re
import string
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings, strategies as st

import framing as fr
from framing.cli import main
from framing.report.interface import Interface, strings
from framing.report.pieces import paragraphs
from framing.report.sections import ORDER

ROOT = Path(__file__).parents[1]
VOID = {"meta", "link", "input", "br", "rect", "line", "circle", "path"}
BLOCKS = {"p", "li", "th", "td", "dt", "dd", "label", "br", "caption", "summary"}
BOOK = fr.Codebook.from_dict({"alliance": ["تعاون", "صداقة"], "conflict": ["حرب"]})


class Page(HTMLParser):
    """A page as its elements, its ids and its text; elements that are not closed in order are a fault."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.words = [], [], {}
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        assert len(known) == len(attributes), f"an attribute twice: {attributes}"
        self.elements.append((tag, known))
        if tag in BLOCKS:
            self.handle_data(" ")
        if tag not in VOID:
            self.open.append((tag, known.get("id")))

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1]}"
        self.open.pop()

    def handle_data(self, data):
        for _, id in self.open:
            if id:
                self.words.setdefault(id, []).append(data)

    def all(self, tag=None, **wanted):
        """Return the attributes of every such element; `of="x"` asks for the word x in its class."""
        of = wanted.pop("of", None)
        return [
            known
            for name, known in self.elements
            if tag in (None, name)
            and all(known.get(key) == value for key, value in wanted.items())
            and (of is None or of in (known.get("class") or "").split())
        ]

    def text(self, id):
        return " ".join("".join(self.words.get(id, ())).split())


def small(id="a", text="تعاون وصداقة. ثم حرب. انتهى الخبر.", **metadata):
    return fr.Document(id=id, text=text, **metadata)


def others(n=3):
    return [fr.Document(id=f"o{i}", text="لقاء في هافانا. تعاون جديد بين البلدين." * (i + 1)) for i in range(n)]


def quick(article=None, corpus=None, book=BOOK, **options):
    return fr.report(
        small() if article is None else article,
        others() if corpus is None else corpus,
        book,
        **{"resamples": 20, "topics": False, **options},
    )


@pytest.fixture(scope="module")
def report(article, related, codebook):
    human = fr.read_coding_sheet(ROOT / "corpora" / "related" / "codings", related)
    return fr.report(article, related, codebook, human=human, resamples=50)


@pytest.fixture(scope="module")
def page(report):
    return Page(report.html)


# -- what is on the page ------------------------------------------------------------------------------------------


def test_every_section_is_there_in_order(report, page):
    assert report.missing == {}
    assert [section["id"] for section in page.all("section")] == list(ORDER)
    assert [link["href"][1:] for link in page.all("a") if link["href"][1:] in ORDER] == list(ORDER)
    assert page.all("html") == [{"lang": "en", "dir": "ltr", "class": "still"}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert all(page.text(name) for name in ORDER)


def test_every_reference_leads_somewhere(page):
    ids = [known["id"] for _, known in page.elements if "id" in known]
    assert len(ids) == len(set(ids))
    named = [
        name
        for _, known in page.elements
        for key in ("aria-describedby", "aria-labelledby", "for")
        for name in (known.get(key) or "").split()
    ]
    named += [link["href"][1:] for link in page.all("a")]
    assert len(named) > 50
    assert set(named) <= set(ids)


def test_nothing_is_loaded_and_the_policy_lets_nothing_in(report, page):
    assert not re.search(r"@import|url\(", report.html)
    assert not [known for _, known in page.elements if {"src", "srcset", "style", "action"} & set(known)]
    assert not [key for _, known in page.elements for key in known if key.startswith("on")]
    assert {link["href"] for link in page.all("link")} == {"data:,"}
    assert all(link["href"].startswith("#") for link in page.all("a"))
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", report.html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_article_is_whole_and_right_to_left(article, page):
    (text,) = page.all("div", id="text")
    assert (text["dir"], text["lang"]) == ("rtl", "ar")
    assert page.text("text") == " ".join(article.text.split())


def test_marks_list_and_filters_agree_with_the_codings(article, codebook, page):
    mine = fr.code(article, codebook)
    rows = [known for known in page.all("tr") if re.fullmatch(r"h\d+", known.get("id") or "")]
    assert len(rows) == len(mine.table) + len(mine.cancelled) > 20
    states = [row["data-s"] for row in rows]
    assert states.count("counted") == int((~mine.table["negated"]).sum())
    assert states.count("cancelled") == len(mine.cancelled) > 0
    marks = page.all("a", of="h")
    assert {number for mark in marks for number in mark["data-h"].split()} == {str(n) for n in range(len(rows))}
    # What does not count is not marked at first, and cannot be reached by the keyboard.
    for mark in marks:
        counted = any(states[int(number)] == "counted" for number in mark["data-h"].split())
        assert ("off" in mark["class"].split()) == (mark.get("tabindex") == "-1") == (not counted)
    boxes = [(box["name"], box["value"], "checked" in box) for box in page.all("input")]
    assert boxes == [
        *(("frame", str(number), True) for number in range(len(codebook.frames))),
        *(("voice", voice, True) for voice in ("narrator", "quoted", "reported")),
        ("state", "negated", False),
        ("state", "cancelled", False),
    ]
    entries = {option["value"] for option in page.all("option")} - {""}
    assert entries == {row["data-e"] for row in rows}


def test_scores_on_the_page_are_those_of_frame_scores(article, codebook, page):
    scores = fr.frame_scores(fr.code(article, codebook), resamples=50)
    words = page.text("scores")
    for row in scores.to_dict("records"):
        title = codebook.frames[row["frame"]].title("en")
        rate = f"{row['rate']:.1f} ({row['low']:.1f} to {row['high']:.1f})"
        assert f"{title} {row['hits']} {rate}" in words.replace("\u2060", "")


def test_the_page_says_that_the_corpus_is_constructed_and_what_it_does_not_show(related, page):
    assert f"{len(related)} of its {len(related)} documents were written for teaching and testing" in page.text("main")
    for section in ("summary", "position", "words", "topics", "validity"):
        assert "constructed corpus" in page.text(section)
    assert "it supports none about its outlet" in page.text("methods")
    assert "says nothing about real media" in page.text("methods")


def test_provenance_names_what_the_page_was_made_of(article, related, codebook, page):
    for digest in (article.sha256, related.fingerprint, codebook.fingerprint):
        assert digest in page.text("methods")


# -- sentences ----------------------------------------------------------------------------------------------------


def test_the_summary_in_full():
    sentence = Page(quick(small(text="تعاون وصداقة. ثم حرب.")).html).text("summary")
    # 4 words: 2 hits of one frame, 1 of the other.
    assert re.match(
        r"Summary In the 4 words of this article alliance is the frame with most hits for its length: 2 hits, or "
        r"500\.0 \([\d.]+ to [\d.,]+\) per 1000 words, followed by conflict \(250\.0\); 0 % of all hits stand in words "
        r"that the article quotes or reports from others\. A comparison with the 3 other documents of “corpus” gives "
        r"no percentile: at least 20 are needed for that\. ",
        sentence,
    )


def test_frames_that_are_equally_frequent_are_not_ranked():
    words = Page(quick(small(text="تعاون. ثم حرب.")).html).text("summary")
    assert "alliance and conflict are equally frequent, with 333.3 (" in words
    assert "most hits" not in words


def test_nothing_found_and_no_words_at_all():
    words = Page(quick(small(text="وصل الوفد مساء.")).html).text("summary")
    assert "In the 3 words of this article none of the frames was found (alliance and conflict)." in words
    with pytest.warns(fr.FramingWarning):
        fr.frame_scores(fr.code(small(text="… !"), BOOK))
    empty = quick(small(text="… !"))
    assert "The article has no words." in Page(empty.html).text("summary")
    assert not [why for why in empty.missing.values() if "internal error" in why]


def test_a_place_that_the_interval_leaves_open_is_not_claimed():
    # One hit in one sentence of 3 words among 25 texts with rates all around: its interval covers the scale.
    corpus = [small(f"o{i}", "تعاون مهم. " * (i % 5) + "وصل الوفد إلى المدينة. " * 5) for i in range(25)]
    article = small(text="تعاون مهم. وصل الوفد. عاد الوفد. نام الوفد.")
    words = Page(quick(article, corpus, resamples=200).html).text("summary")
    assert (
        "it has no certain place: for alliance and conflict the interval covers more than half of the scale." in words
    )
    assert "percentile" not in words


def test_a_reference_is_named_in_the_summary_and_the_table():
    corpus = [*others(), small("x", "تعاون.", event="visit"), small("y", "حرب.", event="visit")]
    page = Page(quick(small(event="visit"), corpus, reference={"event": "visit"}).html)
    assert "with the 2 documents of “corpus” chosen for comparison (event = visit)" in page.text("summary")
    assert "Among the 2 documents chosen for comparison (event = visit)" in page.text("position")


def test_copies_of_the_article_are_left_out_and_named():
    article = small()
    page = Page(quick(article, [*others(), small("twin", article.text + "\n"), article]).html)
    assert "have the very text" not in page.text("position")
    assert "One document of the corpus has the very text of the article and was left out: twin." in page.text(
        "position"
    )
    assert "Among the 3 other documents" in page.text("position")


# -- small and odd inputs -----------------------------------------------------------------------------------------


def test_a_tiny_corpus_and_a_codebook_of_words_say_what_cannot_be_computed():
    made = quick(topics=None)
    assert sorted(made.missing) == ["relations", "topics", "validity"]
    page = Page(made.html)
    for name, why in made.missing.items():
        assert f"Not computed: {' '.join(why.split())}"[:60] in page.text(name)
    assert "no actors" in made.missing["relations"]
    assert "too few for a topic model" in made.missing["topics"]
    assert "nobody has coded the corpus by hand" in made.missing["validity"]
    assert page.text("voices")
    words = Page(quick(book=fr.Codebook.from_dict({"old_war": ["حرب"]}), topics=None).html).text("summary")
    assert "old war is the frame with most hits" in words


def test_english_text_in_an_english_page_and_in_an_arabic_one():
    article = small(text="Cooperation grew. The war ended.", language="en")
    book = fr.Codebook.from_dict({"alliance": ["cooperation"]})
    for ui in ("en", "ar"):
        made = quick(article, [small("o", "A visit to Cuba.", language="en")], book, ui=ui)
        (text,) = Page(made.html).all("div", id="text")
        assert (text["dir"], text["lang"]) == ("ltr", "en")


def test_a_fault_in_one_section_does_not_cost_the_others(monkeypatch):
    def broken(*_, **__):
        return 1 / 0

    monkeypatch.setattr(importlib.import_module("framing.report.sections.words"), "content", broken)
    made = quick()
    assert made.missing["words"] == "internal error, please report it: ZeroDivisionError: division by zero"
    assert "alliance" in Page(made.html).text("scores")


def test_a_very_long_article_is_cut_where_the_page_says():
    sentence = "أكد الوفد أهمية التعاون بين البلدين في زمن الحرب.\n"
    long, longer = (small(text=sentence * (size // len(sentence) + 1)) for size in (1_000_000, 5_000_000))
    first, second = (quick(article, limit=20_000) for article in (long, longer))
    page = Page(second.html)
    assert len(page.text("text")) <= 20_000
    assert f"The text has {len(longer.text):,} characters. Only its first 19,9" in page.text("main")
    assert abs(len(first.html) - len(second.html)) < 100
    with pytest.raises(fr.FramingError, match="limit must be a number of characters from 1, not 0"):
        quick(limit=0)


# -- hostile text -------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><style>*{display:none}",
    "</title></head><body onload=alert(1)>",
    "\"' onmouseover='alert(1)' x=\"",
    "<!-- -->]]><![CDATA[ &lt;b&gt; &amp; {{ 7*7 }} {% raw %} {n} {0}",
    "a\u202eb\u2066c\u2069\u202dd\u200fe",
    "x\x00\x08\x1b\x7f\ufffe\ud800y",
]


@functools.cache
def page_of(word, ui):
    """A page on which `word` stands wherever a user can put one."""
    text = f"تعاون {word} صداقة. قال {word} إن الحرب انتهت."
    article = small(word, text, title=word, outlet=word, event=word, **{"k k": word})
    name = word.replace("\ud800", "")  # no file can hold half a character, and codebooks are files
    book = fr.Codebook.from_dict({"alliance": ["تعاون", {"term": "صداقة", "note": name}], "f2": ["حرب"]}, name=name)
    corpus = fr.Corpus([small("o" + word, f"لقاء {word}", title=word, event=word), *others()], name=word)
    return quick(article, corpus, book, labels={"alliance": word}, ui=ui).html


@pytest.mark.parametrize(("bad", "ui"), list(zip(HOSTILE, itertools.cycle(("en", "ar")), strict=False)))
def test_hostile_text_stays_text(bad, ui):
    text = page_of(bad, ui)
    text.encode()
    harmless, page = Page(page_of("كلمة", ui)), Page(text)
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in harmless.elements}
    assert len(page.all("script")) == len(page.all("style")) == len(page.all("body")) == 1
    assert {key for _, known in page.elements for key in known} <= {
        key for _, known in harmless.elements for key in known
    }
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]", text)


def test_characters_that_cannot_be_seen_are_shown_and_counted():
    page = Page(quick(small(text="تعاون\u202e كاذب\u202e. حرب\u0007.")).html)
    assert page.text("text") == "تعاون� كاذب�. حرب�."
    assert "2 × U+202E RIGHT-TO-LEFT OVERRIDE" in page.text("article")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_name_is_one_isolated_element(name):
    for ui in ("en", "ar"):
        text = str(Interface(ui).name(name))
        page = Page(f'<p id="p">{text}</p>')
        assert [tag for tag, _ in page.elements] == ["p", "bdi"]
        assert "\n" not in text


@settings(max_examples=100, deadline=None)
@given(st.text("ab \n\r\u2028", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=6))
def test_pieces_are_the_text_and_every_span_covers_its_own(text, raw):
    spans = [(start, min(start + length, len(text))) for start, length in raw if start < len(text)]
    pieces = [piece for part in paragraphs(text, spans) for piece in part]
    assert all(text[piece.start : piece.start + len(piece.text)] == piece.text for piece in pieces)
    at = {piece.start + offset: piece.spans for piece in pieces for offset in range(len(piece.text))}
    for place, numbers in at.items():
        assert numbers == tuple(n for n, (start, end) in enumerate(spans) if start <= place < end)
    assert {place for place, c in enumerate(text) if not c.isspace()} <= set(at)


# -- languages ----------------------------------------------------------------------------------------------------


def holders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_string_is_there_in_both_languages_with_the_same_places():
    from babel import Locale

    for key, languages in strings().items():
        plural = {language: isinstance(text, dict) for language, text in languages.items()}
        assert plural["en"] == plural["ar"], key
        if not plural["en"]:
            assert holders(languages["en"]) == holders(languages["ar"]), key
            continue
        for language, forms in languages.items():
            assert set(forms) == {*Locale.parse(language).plural_form.tags, "other"}, (key, language)
        assert holders(languages["en"]["other"]) == holders(languages["ar"]["other"]), key


def test_the_file_of_strings_has_no_key_twice():
    class Strict(yaml.SafeLoader):
        def construct_mapping(self, node, deep=False):
            keys = [self.construct_object(key) for key, _ in node.value]
            assert len(keys) == len(set(keys)), keys
            return super().construct_mapping(node, deep)

    yaml.load((ROOT / "framing" / "report" / "strings.yml").read_text("utf-8"), Strict)


def test_arabic_counts_and_numbers():
    page = Interface("ar")
    shown = [str(page("document.words", n=n).striptags()) for n in (0, 1, 2, 3, 11, 100)]
    assert shown == ["بلا كلمات", "كلمة واحدة", "كلمتان", "3 كلمات", "11 كلمة", "100 كلمة"]
    assert str(page.percent(0.25)) == '<bdi dir="ltr">25%</bdi>'
    assert str(page.number(-1.5)) == '<bdi dir="ltr">−1.5</bdi>'
    assert str(Interface("en").number(-0.04)) == "0.0"
    assert str(page.name("Reuters")) == '<bdi lang="en" dir="ltr">Reuters</bdi>'


def test_the_arabic_page():
    made = quick(ui="ar")
    page = Page(made.html)
    assert page.all("html") == [{"lang": "ar", "dir": "rtl", "class": "still"}]
    assert [page.text(f"{name}-title") for name in ORDER] == [strings()[f"section.{name}"]["ar"] for name in ORDER]
    assert "على امتداد 6 كلمات، أكثر الأطر حضورًا في هذا المقال هو alliance: إصابتان" in page.text("summary")
    assert not re.search(r"\b(hits|words|article|the|of)\b", page.text("summary") + page.text("scores"))
    with pytest.raises(
        fr.FramingError, match=r"ui='arr' is not known \(did you mean 'ar'\?\); choose one of 'en', 'ar'"
    ):
        quick(ui="arr")


# -- the same every time ------------------------------------------------------------------------------------------

AGAIN = """
import sys, framing as fr
related = fr.read_corpus("corpora/related")
human = fr.read_coding_sheet("corpora/related/codings", related)
article = fr.read_corpus("corpora/focal")["putin-diaz-canel-2018"]
page = fr.report(article, related, fr.load_codebook("cuba-russia-us"), human=human, resamples=50)
sys.stdout.buffer.write(page.html.encode())
"""


def test_another_process_writes_the_same_bytes(report):
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    again = subprocess.run([sys.executable, "-c", AGAIN], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert again.stdout == report.html.encode()


def test_a_report_in_a_notebook_and_in_a_file(report, tmp_path):
    frame = report._repr_html_()
    assert 'sandbox="allow-scripts"' in frame
    assert html.unescape(re.search('srcdoc="([^"]*)"', frame)[1]) == report.html
    assert repr(report).startswith("Report('putin-diaz-canel-2018', ")
    path = report.save(tmp_path / "new" / "page.html")
    assert path.read_bytes() == report.html.encode()


# -- the command line ---------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for name, text in {"one": "تعاون وصداقة بين روسيا وكوبا.", "two": "لقاء في هافانا."}.items():
        (tmp_path / "corpus").mkdir(exist_ok=True)
        (tmp_path / "corpus" / f"{name}.txt").write_text(text, "utf-8")
    (tmp_path / "new.txt").write_text("فرضت واشنطن عقوبات جديدة على كوبا.", "utf-8")
    return tmp_path


def test_the_command_writes_the_page_and_says_what_is_missing(folder, capsys):
    out = folder / "page.html"
    given_ = ["report", str(folder / "new.txt"), str(folder / "corpus"), "--out", str(out), "--topics", "0"]
    assert main([*given_, "--title", "عنوان <b>", "--ui", "ar"]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{out}\n"
    assert "framing: note: validity not computed: " in printed.err
    page = Page(out.read_text("utf-8"))
    assert page.all("html")[0]["dir"] == "rtl"
    assert "عنوان <b>" in page.text("methods")


def test_show_writes_a_page_and_refuses_a_folder(folder, capsys):
    out = folder / "shown.html"
    assert main(["show", str(folder / "corpus" / "one.txt"), "--out", str(out)]) == 0
    page = Page(out.read_text("utf-8").removeprefix("<!doctype html>"))
    assert [mark["class"] for mark in page.all("mark", tabindex="0")] == ["f0", "f0"]
    assert page.all("div", of="framing")[0]["dir"] == "rtl"
    assert main(["show", str(folder / "corpus" / "one.txt"), "--out", str(folder)]) == 2
    assert "is a folder; give a file, such as " in capsys.readouterr().err


def test_the_article_may_be_one_of_the_corpus(folder, capsys):
    out = folder / "page.html"
    assert main(["report", "one", str(folder / "corpus"), "--out", str(out), "--topics", "0"]) == 0
    assert "Beside the other document" in Page(out.read_text("utf-8")).text("position")
    capsys.readouterr()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"article": "nowhere.txt"}, "'nowhere.txt' is neither a text file nor the id of a document in "),
        ({"article": "empty.txt"}, "the file is empty"),
        ({"article": "bytes.txt"}, "this is not a text file"),
        ({"corpus": "nowhere"}, "no such file"),
        ({"corpus": "nothing"}, "a corpus folder needs documents.csv or at least one .txt file"),
        ({"corpus": "same"}, "the corpus 'same' has no text but the article itself"),
        ({"out": "corpus"}, "corpus is a folder; give a file, such as "),
        ({"more": ["--reference", "event=visit"]}, "the documents have no column 'event'"),
        ({"more": ["--same", "event"]}, "the documents have no column 'event'"),
        ({"more": ["--reference", "event"]}, "'event' is not KEY=VALUE"),
        ({"more": ["--reference", "a=b", "--same", "a"]}, "give --reference or --same, not both"),
        ({"more": ["--codebook", "nowhere"]}, "no codebook 'nowhere'"),
        ({"more": ["--codings", "nowhere.csv"]}, "nowhere.csv"),
    ],
)
def test_bad_input_is_told_in_one_line_and_leaves_what_was_there(folder, change, message, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    for name in ("nothing", "same"):
        (folder / name).mkdir()
    (folder / "same" / "twin.txt").write_bytes((folder / "new.txt").read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "bytes.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "page.html").write_text("what was there", "utf-8")
    before = sorted(folder.rglob("*"))
    article, corpus, out = (
        change.get(n, d) for n, d in (("article", "new.txt"), ("corpus", "corpus"), ("out", "page.html"))
    )
    assert main(["report", article, corpus, "--out", out, "--topics", "0", *change.get("more", [])]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.count("\n") == 1, printed.err
    assert "Traceback" not in printed.err
    assert (folder / "page.html").read_text("utf-8") == "what was there"
    assert sorted(folder.rglob("*")) == before


def test_another_text_with_the_id_of_the_article_is_refused():
    with pytest.raises(fr.FramingError, match="has another text with the id 'a'; give the article an id of its own"):
        quick(small(), [small(text="نص آخر."), *others()])


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        ({"article": "a.txt"}, r"article must be what fr\.read_document\(path\), .* returns, not str 'a\.txt'"),
        ({"corpus": "corpora"}, r"corpus must be what fr\.read_corpus\(path\) returns, not str 'corpora'"),
        ({"corpus": Path("x")}, r"corpus must be what fr\.read_corpus\(path\) returns, not \w*Path"),
        ({"book": {"alliance": ["تعاون"]}}, r"codebook must be what .*from_dict\({…}\) returns, not dict"),
        ({"corpus": []}, r"has no text but the article itself"),
    ],
)
def test_what_beginners_give_instead_is_told_with_its_cure(wrong, cure):
    with pytest.raises(fr.FramingError, match=cure):
        quick(**{"article": small(), "corpus": others(), "book": BOOK, **wrong})


def test_nothing_is_left_of_a_page_that_could_not_be_written(report, tmp_path):
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OSError, match=r"page\.html"):
        report.save(tmp_path / "page.html")
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "page.html"]


# -- what a notebook shows ----------------------------------------------------------------------------------------


def test_a_document_shows_its_beginning_in_its_direction():
    document = fr.Document(id="a<b>", text="كوبا & <script>\nروسيا\u202e", title='عنوان "x"', outlet="al-madar")
    assert document._repr_html_() == (
        '<div><p><strong><bdi lang="ar" dir="rtl">عنوان &quot;x&quot;</bdi> (<bdi>a&lt;b&gt;</bdi>)</strong><br>'
        "outlet: <bdi>al-madar</bdi> · 22 characters</p>\n"
        '<div lang="ar" dir="rtl" style="font:1.1em/1.9 \'Noto Naskh Arabic\',Amiri,\'Geeza Pro\','
        "'Traditional Arabic',serif\"><p>كوبا &amp; &lt;script&gt;</p><p>روسيا�</p></div></div>"
    )
    assert len(fr.Document(id="a", text="كوبا " * 100_000)._repr_html_()) < 2_000
    assert 'dir="ltr"' in fr.Document(id="a", text="Cuba")._repr_html_()


@pytest.mark.parametrize("bad", HOSTILE[:-1])
def test_corpora_codebooks_and_codings_show_hostile_text_as_text(bad):
    def shown(word):
        corpus = fr.Corpus([small(word, f"تعاون {word}", title=word, outlet=word), small("b", date=None)], name=word)
        book = fr.Codebook.from_dict({"alliance": ["تعاون", f"صداقة {word}"]}, name=word)
        codings = fr.code(corpus, book)
        return {
            "corpus": corpus._repr_html_(),
            "document": corpus[0]._repr_html_(),
            "codings": codings._repr_html_(),
            "article": fr.show(corpus[0], codings, labels={"alliance": word}).html,
        }

    harmless = shown("word")
    for name, text in shown(bad).items():
        assert {tag for tag, _ in Page(text).elements} == {tag for tag, _ in Page(harmless[name]).elements}, name
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\ud800-\udfff]", text), name


def test_what_a_notebook_shows_is_short():
    text = "تعاون بين البلدين. " * 50
    corpus = fr.Corpus([small(f"d{i}", text, title="عنوان", **{f"c{n}": n for n in range(30)}) for i in range(200)])
    shown = corpus._repr_html_()
    assert Page(shown).all("tr").__len__() == 11
    assert "… and 190 more rows and 20 more columns" in shown
    assert 'dir="rtl"' in shown
    codings = fr.code(corpus[:2], BOOK)
    shown = codings._repr_html_()
    assert "100 spans</b> in 100 sentences of 2 documents" in shown
    assert "… and 80 more rows" in shown
    assert len(shown) < 20_000
    empty = fr.code(small(text="لقاء"), BOOK)._repr_html_()
    assert "0 spans" in empty
    assert "more rows" not in empty
