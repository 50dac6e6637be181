"""Text to spans, keys and dates: whole expected tables, and properties for any text at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

from framing.language import clean, find_dates, key, tokenise, vocabulary
from framing.language.chars import has_vowels
from framing.language.clitics import stems, without_proclitics
from framing.language.spans import FOREIGN, NUMBER, PUNCT, WORD, segment
from framing.language.spelling import canonical, skeleton, table


def cut(text: str) -> list[list[str]]:
    """Return the tokens of each sentence as strings."""
    spans = segment([text])
    return [
        [text[a:b] for a, b in zip(spans.start[rows], spans.end[rows], strict=True)]
        for rows in (spans.sentence == s for s in range(len(spans.sentence_start)))
    ]


# The article's sentences by their first and last three tokens and their length: one per paragraph, read and counted.
ARTICLE = [
    ("التقى الرئيس الروسي", "الحليف الروسي .", 25),
    ("وتأتي زيارته بعد", "على كوبا .", 24),
    ("وتسلم دياز كانيل", "ثورة 1959 .", 24),
    ("وأكدت موسكو ،", "مع هافانا .", 45),
    ("وفي بيان مشترك", 'وبناءة " .', 32),
    ("ودعا دياز -", "الحقبة السوفياتية .", 26),
    ("وكان الرئيس الكوبي", "التعاون الاقتصادي .", 18),
    ("ووصل دياز كانيل", "ومسؤولين آخرين .", 26),
    ("وأكد المتحدث باسم", 'لتطويرها " .', 35),
    ("وأعلن الكرملين ،", 'الكوبية " .', 19),
    ("وأضاف بيسكوف أن", 'العسكري " .', 11),
    ("ورفض التعليق على", "أسلحة روسية .", 22),
    ("وتنظر واشنطن بقلق", "الحرب الباردة .", 25),
    ("وكان نائب رئيس", "بالمجال العسكري .", 37),
    ("وسيلتقي دياز كانيل", "في 2016 .", 32),
    ("وكان الرئيس الكوبي", "وفيدل كاسترو .", 33),
]


def test_the_article_is_cut_as_a_reader_would_cut_it(article):
    sentences = cut(article.text)
    assert [(" ".join(s[:3]), " ".join(s[-3:]), len(s)) for s in sentences] == ARTICLE
    spans = segment([article.text])
    assert spans.sentence_paragraph.tolist() == list(range(16))
    assert tokenise([article.text]).n_words.tolist() == [358]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("أبريل(نيسان) 2018", [["أبريل", "(", "نيسان", ")", "2018"]]),
        ("دياز-كانيل", [["دياز", "-", "كانيل"]]),
        ("well-known don't U.S. 2.5", [["well-known", "don't", "U.S", ".", "2.5"]]),
        ("بلغ ٢٫٥ و1,500", [["بلغ", "٢٫٥", "و", "1,500"]]),
        ("قال: «هل انتهت؟». ثم", [["قال", ":", "«", "هل", "انتهت", "؟", "»", "."], ["ثم"]]),
        ("قال د. أحمد كلاما. وذهب", [["قال", "د", ".", "أحمد", "كلاما", "."], ["وذهب"]]),
        ("قناة «آر. بي. كا» هنا", [["قناة", "«", "آر", ".", "بي", ".", "كا", "»", "هنا"]]),
        ("نعم… لا", [["نعم", "…", "لا"]]),
        ("قال..وذهب", [["قال", "..", "وذهب"]]),
        ('"Go!" he said. Well.', [['"', "Go", "!", '"', "he", "said", "."], ["Well", "."]]),
        ("كلام (!) هنا", [["كلام", "(", "!", ")", "هنا"]]),
        ("تم الأمر.وقال الوزير", [["تم", "الأمر", "."], ["وقال", "الوزير"]]),
        ("1. أولا ثم ثانيا.", [["1", ".", "أولا", "ثم", "ثانيا", "."]]),
        ("الـ20 وF16", [["الـ", "20", "و", "F16"]]),
        ("كوبا\u200f، روسيا\u200e.", [["كوبا", "،", "روسيا", "."]]),
        ("سطر أول\nسطر ثان", [["سطر", "أول"], ["سطر", "ثان"]]),
        ("ـ كوبا ـ", [["ـ", "كوبا", "ـ"]]),
        ("", []),
        ("\n \t", []),
    ],
)
def test_tokens_and_sentences(text, expected):
    assert cut(text) == expected


def test_token_kinds():
    spans = segment(["كوبا USA 2018 ، G20"])
    assert spans.kind.tolist() == [WORD, FOREIGN, NUMBER, PUNCT, FOREIGN]


def test_hard_wrapped_text_keeps_its_paragraphs():
    line = "هذا سطر طويل بعض الشيء من رسالة قديمة لم تنته الجملة فيه عند الحافة"
    text = "\n".join([line] * 5) + ".\n\nفقرة ثانية."
    assert segment([text]).n_paragraphs.tolist() == [2]
    assert segment(["فقرة أولى.\nفقرة ثانية.\nفقرة ثالثة."]).n_paragraphs.tolist() == [3]


_ANY = st.text(
    alphabet=st.one_of(
        st.sampled_from("كوبا روسيا،.؟!«»\"'()-–ـ\u064e\u0651\u200f\u200c\ufeffﺗﻌ٣5 \n\t…aB"),
        st.characters(),
    ),
    max_size=120,
)


@settings(deadline=None, max_examples=300)
@given(st.lists(_ANY, max_size=5))
@example(["\ud800", "\x00", ""])
@example(["\u064e\u064e", "ـ", "\u200f"])
def test_spans_are_true_for_any_text(texts):
    spans = segment(texts)
    assert len(spans.first_token) == len(texts) + 1
    for row, text in enumerate(texts):
        a, b = spans.first_token[row], spans.first_token[row + 1]
        start, end = spans.start[a:b], spans.end[a:b]
        assert (start < end).all()
        assert (end[:-1] <= start[1:]).all()
        assert len(start) == 0 or (start[0] >= 0 and end[-1] <= len(text))
        assert all(text[i:j].strip() for i, j in zip(start, end, strict=True))
        c, d = spans.first_sentence[row], spans.first_sentence[row + 1]
        assert spans.sentence_number[c:d].tolist() == list(range(d - c))
        assert (spans.sentence_end[c:d][:-1] <= spans.sentence_start[c:d][1:]).all()
        # No letter or digit is lost between tokens.
        covered = np.zeros(len(text), bool)
        for i, j in zip(start, end, strict=True):
            covered[i:j] = True
        assert not any(character.isalnum() and not covered[at] for at, character in enumerate(text))


@settings(deadline=None, max_examples=100)
@given(st.lists(_ANY, min_size=1, max_size=6))
def test_texts_do_not_depend_on_their_neighbours(texts):
    together = segment(texts)
    for row, text in enumerate(texts):
        alone = segment([text])
        a, b = together.first_token[row], together.first_token[row + 1]
        assert together.start[a:b].tolist() == alone.start.tolist()
        assert together.kind[a:b].tolist() == alone.kind.tolist()


def test_chunks_join_without_a_seam(monkeypatch):
    monkeypatch.setattr("framing.language.tokens._CHUNK", 50_000)
    texts = ["كوبا وروسيا. واشنطن!\n\nهافانا" * 40] * 300
    tokens = tokenise(texts)
    one = segment(texts)
    for name in (
        "start",
        "end",
        "kind",
        "sentence",
        "sentence_text",
        "sentence_paragraph",
        "first_token",
        "first_sentence",
    ):
        assert getattr(tokens.spans, name).tolist() == getattr(one, name).tolist()


@pytest.mark.parametrize("size", [200_000, 2_000_000])
def test_one_long_line_is_linear(size):
    text = "كوبا،" * (size // 5)
    assert len(segment([text])) == 2 * (size // 5)


def test_types_are_numbered_once():
    first = tokenise(["زرافة وزرافة"])
    again = tokenise(["وزرافة زرافة"])
    assert first.type.tolist() == again.type.tolist()[::-1]
    assert vocabulary().words[first.type[0]] == "زرافة"


@pytest.mark.parametrize(
    "a, b",
    [
        ("أمريكا", "امريكا"),
        ("إلى", "الي"),
        ("مكتبة", "مكتبه"),
        ("تعـــاون", "تعاون"),
        ("تَعَاوُنٌ", "تعاون"),
        ("ﺗﻌﺎﻭﻥ", "تعاون"),
        ("تعاون\u200d", "تعاون"),
        ("کوبا", "كوبا"),
        ("٥٠", "50"),
        ("ا\u0653لية", "آلية"),
        ("US", "us"),
    ],
)
def test_spellings_meet_in_the_key(a, b):
    assert key(a) == key(b)


def test_keys_keep_apart_what_is_different():
    assert len({key(w) for w in ("حرب", "حزب", "درب", "ضرب")}) == 4
    assert clean("أولويّة") == "أولوية"
    assert has_vowels("حَرب")
    assert not has_vowels("حرب")


@pytest.mark.parametrize("variant", ["أميركا", "امريكا", "أمريكا"])
def test_america_is_one(variant):
    assert canonical(key(variant)) == canonical(key("أمريكا"))


@pytest.mark.parametrize(
    "a, b",
    [("السوفياتي", "السوفيتي"), ("مسؤول", "مسئول"), ("فيديل", "فيدل"), ("سوفييتي", "سوفيتي"), ("رودريغيز", "رودريجيز")],
)
def test_variants_on_record(a, b):
    assert canonical(key(a).removeprefix("ال")) == canonical(key(b).removeprefix("ال"))


def test_own_variants_come_first():
    own = table([["غرفة", "حجرة"]])
    assert canonical(key("حجرة"), own) == canonical(key("غرفة"), own)
    assert canonical(key("حجرة")) != canonical(key("غرفة"))
    assert skeleton(key("غورباتشوف")) == skeleton(key("جورباتشوف").replace("ج", "غ", 1))


def test_clitic_rules():
    assert "الولايات" in without_proclitics(key("وللولايات"))
    assert key("كوبا") in without_proclitics(key("وكوبا"))
    assert key("واشنطن") in without_proclitics(key("بواشنطن"))
    assert key("علاقة") in stems(key("وعلاقاتهما"))
    assert key("تعاون") in stems(key("سيتعاونون"))


@pytest.mark.parametrize(
    "text, found",
    [
        ("في ٢ نوفمبر/تشرين الثاني 2018", [("٢ نوفمبر/تشرين الثاني 2018", "2018-11-02")]),
        ("أبريل(نيسان)", [("أبريل(نيسان)", "XXXX-04")]),
        ("نيسان/أبريل 2018", [("نيسان/أبريل 2018", "2018-04")]),
        ("مايو/ أيار 2015", [("مايو/ أيار 2015", "2015-05")]),
        ("13 جانفي 2017", [("13 جانفي 2017", "2017-01-13")]),
        ("17 ديسمبر كانون الأول", [("17 ديسمبر كانون الأول", "XXXX-12-17")]),
        ("كانون الأول (ديسمبر) 2014", [("كانون الأول (ديسمبر) 2014", "2014-12")]),
        ("12 رجب 1436", [("12 رجب 1436", "2015-05-01")]),
        ("2/11/2018", [("2/11/2018", "2018-11-02")]),
        ("2018-11-02", [("2018-11-02", "2018-11-02")]),
        ("31/13/2018", []),
        ("مايو/نيسان", []),
        ("صفر اليدين في مارس", []),
    ],
)
def test_dates(text, found):
    assert [(text[d.start : d.end], d.iso) for d in find_dates(text)] == found


@settings(deadline=None, max_examples=100)
@given(_ANY)
def test_dates_of_any_text_are_inside_it(text):
    for date in find_dates(text):
        assert 0 <= date.start < date.end <= len(text)
