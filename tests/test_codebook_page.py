"""A codebook as a page that a human coder reads."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import framing as fr
from framing.codebook import Rule
from framing.codebook.html import codebook_html, codebook_page

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Reader(HTMLParser):
    """Checks that tags close in order, and collects the text and what carries a direction."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self.directed: list[tuple[str, dict]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if "dir" in dict(attrs):
            self.directed.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


BOOK = fr.Codebook(
    [
        fr.Frame(
            id="alliance",
            label={"en": "Alliance", "ar": "التحالف"},
            definition="States as friends.",
            functions=("moral_evaluation",),
            include=(Rule("Friendship counts.", "صداقة البلدين.", "صداقة الجارين."),),
            exclude=(Rule("Sport does not.", "مباراة ودية.", "تحالف الدول."),),
            names=("مجلس التعاون",),
            sources=("Entman (1993)",),
            entries=(
                fr.Entry("تعاون", pos=("noun",), weight=2, en=("cooperation",), variants=("شراكة",), note="n"),
                fr.Entry("قدم دعما", match="phrase", gap=3, requires=(fr.Condition(actor=("state", "bloc"), count=2),)),
                fr.Entry("=على قدم", match="phrase", unless=(fr.Condition(term=("حزب",), within=3, side="before"),)),
                fr.Entry("حل[يف]+", match="pattern", valuetype="regex"),
            ),
        )
    ],
    actors=[fr.Actor(id="usa", kind="state", label={"en": "United States"}, names={"ar": ("أمريكا",)})],
    name="b",
    title="A book",
    version="1",
    metadata={"authors": ["A", "B"], "licence": "MIT", "description": "What it is."},
)


def test_everything_a_coder_needs_is_there():
    reader = Reader(codebook_page(BOOK))
    for text in (
        "A book", "A, B", "MIT", "What it is.", "Alliance", "التحالف", "States as friends.", "judges morally",
        "Friendship counts.", "صداقة البلدين.", "Sport does not.", "مباراة ودية.", "مجلس التعاون", "Entman (1993)",
        "تعاون", "شراكة", "cooperation", "all forms of the word, noun only", "up to 3 words between",
        "only with 2 different actors: a state or a bloc in the sentence", "within 3 words before it",
        "“على”", "regular expression", "4 entries",
    ):  # fmt: skip
        assert text in reader.words, text


def test_examples_say_what_they_decide():
    words = Reader(codebook_html(BOOK)).words
    assert "Friendship counts. counts: صداقة البلدين. does not count: صداقة الجارين." in words
    assert "Sport does not. does not count: مباراة ودية. counts: تحالف الدول." in words


def test_arabic_runs_right_to_left():
    reader = Reader(codebook_html(BOOK))
    assert all(attrs["dir"] in ("auto", "rtl") for _, attrs in reader.directed)
    assert ("td", {"dir": "auto", "lang": "ar"}) in reader.directed
    assert ("bdi", {"dir": "rtl", "lang": "ar"}) in reader.directed


@pytest.mark.parametrize("evil", ['<script>alert("x")</script>', "\"><img src=x onerror='y'>", "</style><b>", "&lt;"])
def test_nothing_in_a_codebook_becomes_markup(evil):
    condition = fr.Condition(term=(evil,), entry=(evil,))
    other = fr.Condition(term=(evil,))
    frame = fr.Frame(
        id=evil, label={"en": evil, "ar": evil}, definition=evil, functions=(evil,), names=(evil,), sources=(evil,),
        include=(Rule(evil, evil, evil),), authors=(evil,), version=evil, licence=evil, unless=(condition,),
        entries=(
            fr.Entry(evil, match="pattern", pos=(evil,), variants=(evil,), en=(evil,), note=evil, requires=(other,)),
        ),
    )  # fmt: skip
    actor = fr.Actor(id=evil, kind=evil, label={"en": evil}, names={"en": (evil,)}, adjectives={"en": (evil,)})
    book = fr.Codebook([frame], name=evil, title=evil, actors=[actor], metadata={"description": evil, "authors": evil})
    reader = Reader(codebook_page(book))
    assert not {"script", "img", "b"} & (set(reader.tags) - {"b"})
    assert reader.tags.count("b") == 1  # the heading of the actors
    assert reader.tags.count("style") == 1
    assert reader.words.count(" ".join(evil.split())) >= 15


def test_long_codebooks_are_cut_in_a_notebook_and_whole_on_a_page(codebook):
    many = fr.Codebook([fr.Frame(id="f", entries=tuple(fr.Entry(f"w{n}") for n in range(120)))])
    shown = Reader(many._repr_html_())
    assert "the first 50 of 120 entries" in shown.words
    assert ("w49" in shown.words, "w50" in shown.words) == (True, False)
    assert "w119" in Reader(codebook_page(many)).words
    assert len(codebook._repr_html_()) < 200_000
    Reader(codebook._repr_html_())
    assert "1 entries" not in Reader(codebook_page(codebook)).words


def test_word_lists_without_documentation_are_shown_too():
    reader = Reader(fr.Codebook.from_dict({"peace": ["سلام"]})._repr_html_())
    assert "سلام" in reader.words
    assert "Counts" not in reader.words


def test_the_page_is_self_contained():
    page = codebook_page(BOOK)
    assert "http" not in page
    assert "<script" not in page
    assert '<meta charset="utf-8">' in page
