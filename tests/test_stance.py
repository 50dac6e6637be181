"""Who evaluates whom: constructions one by one, the focal article, and scores by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import framing as fr


def relations(text: str, codebook: fr.Codebook) -> set[tuple[str, str, int]]:
    found = fr.relations(fr.Document(id="x", text=text), codebook)
    assert all(text[r.start : r.end] == r.evidence for r in found.itertuples())
    return {(r.source, r.target, r.polarity) for r in found[~found["negated"]].itertuples()}


def both(one: str, other: str, polarity: int) -> set[tuple[str, str, int]]:
    return {(one, other, polarity), (other, one, polarity)}


@pytest.mark.parametrize(
    "text, expected",
    [
        # verb–subject and subject–verb
        ("انتقدت موسكو واشنطن.", {("russia", "usa", -1)}),
        ("واشنطن انتقدت موسكو.", {("usa", "russia", -1)}),
        ("انتقد الرئيس الروسي الولايات المتحدة.", {("russia", "usa", -1)}),
        ("أكد أن موسكو ستدعم هافانا.", {("russia", "cuba", 1)}),
        ("هددت واشنطن بفرض عقوبات على إيران.", {("usa", "iran", -1)}),
        # prepositions of the target
        ("أشاد بوتين بكوبا.", {("russia", "cuba", 1)}),
        ("أشاد بوتين بموقف كوبا.", {("russia", "cuba", 1)}),
        ("تضامنت موسكو مع هافانا.", {("russia", "cuba", 1)}),
        ("تنظر واشنطن بقلق إلى موسكو.", {("usa", "russia", -1)}),
        # relational adjectives and genitives
        ("العقوبات الأمريكية على روسيا", {("usa", "russia", -1)}),
        ("العقوبات الاقتصادية الأمريكية المفروضة على كوبا", {("usa", "cuba", -1)}),
        ("ضغوط واشنطن على هافانا", {("usa", "cuba", -1)}),
        ("دعم روسيا لكوبا", {("russia", "cuba", 1)}),
        # verbal nouns
        ("قامت واشنطن بفرض عقوبات على كوبا.", {("usa", "cuba", -1)}),
        ("فرضت الولايات المتحدة عقوبات على روسيا وكوبا.", {("usa", "russia", -1), ("usa", "cuba", -1)}),
        # relative clauses
        ("الولايات المتحدة، التي فرضت عقوبات على روسيا", {("usa", "russia", -1)}),
        ("إيران التي تهدد إسرائيل", {("iran", "israel", -1)}),
        # mutual relations
        ("التعاون بين روسيا وكوبا", {("russia", "cuba", 1), ("cuba", "russia", 1)}),
        ("التعاون الروسي الكوبي", {("russia", "cuba", 1), ("cuba", "russia", 1)}),
        ("تعاون موسكو مع هافانا", {("russia", "cuba", 1), ("cuba", "russia", 1)}),
        ("التقارب بين واشنطن وهافانا", {("usa", "cuba", 1), ("cuba", "usa", 1)}),
        ("دفعت واشنطن حليفتها التاريخية تركيا إلى القتال.", {("usa", "turkey", 1), ("turkey", "usa", 1)}),
        ("إسرائيل الحليفة الكبرى لواشنطن", {("israel", "usa", 1), ("usa", "israel", 1)}),
        # coordination
        ("انتقدت روسيا والصين واشنطن.", {("russia", "usa", -1), ("china", "usa", -1)}),
        # a pronoun inside the sentence, a subject of the sentence before
        ("التقى بوتين في موسكو رئيس كوبا. وانتقد واشنطن.", {("russia", "usa", -1)}),
        # the lifting of a measure, named by its verbal noun, still presents the measure
        ("إنهاء العقوبات الأميركية المفروضة على هافانا", {("usa", "cuba", -1)}),
        # how news says it, one sentence each
        ("أعلنت واشنطن أنها ستفرض عقوبات جديدة على كوبا.", {("usa", "cuba", -1)}),
        ("رفضت موسكو التعاون مع واشنطن.", {("russia", "usa", -1)}),
        ("واستبعد وزراء فرنسيون التعاون مع دمشق.", {("france", "syria", -1)}),
        ("رفضت الجزائر السماح للسفن الفرنسية بالرسو.", {("algeria", "france", -1)}),
        ("وقعت روسيا وكوبا اتفاقيات تعاون بين البلدين.", {*both("cuba", "russia", 1)}),
        ("بحث بوتين مع نظيره الكوبي سبل تعزيز التعاون بين البلدين.", {*both("cuba", "russia", 1)}),
        ("العقوبات الأوروبية والأميركية على دمشق", {("eu", "syria", -1), ("usa", "syria", -1)}),
        ("العقوبات الغربية على روسيا", {("west", "russia", -1)}),
        ("فرض الاتحاد الأوروبي والولايات المتحدة عقوبات على روسيا", {("eu", "russia", -1), ("usa", "russia", -1)}),
        ("فرنسا عضو في تحالف بقيادة السعودية.", {*both("france", "saudi_arabia", 1)}),
        ("أدانت روسيا القرار الأمريكي وأكدت دعمها لمصر.", {("russia", "usa", -1), ("russia", "egypt", 1)}),
        ("حجبت الولايات المتحدة جزءا من المساعدات العسكرية لمصر.", {("usa", "egypt", -1)}),
        ("علقت روسيا التعاون مع مصر.", {("russia", "egypt", -1)}),
        ("وتعد مصر حليفا رئيسيا لواشنطن.", {*both("egypt", "usa", 1)}),
        ("هاجم كاسترو بعد توقيع العقد الولايات المتحدة.", {("cuba", "usa", -1)}),
        ("شنت روسيا غارات جوية على أوكرانيا.", {("russia", "ukraine", -1)}),
        ("نفذت واشنطن عملا عسكريا ضد سوريا.", {("usa", "syria", -1)}),
        ("طردت واشنطن دبلوماسيين روسا.", {("usa", "russia", -1)}),
        ("استدعت الخارجية الروسية السفير الأميركي احتجاجا على العقوبات.", {("russia", "usa", -1)}),
        ("قدمت الصين مساعدات إلى كوبا.", {("china", "cuba", 1)}),
        ("منحت روسيا كوبا قرضا بقيمة خمسين مليون دولار.", {("russia", "cuba", 1)}),
        ("تعهدت موسكو بمساعدة هافانا.", {("russia", "cuba", 1)}),
        ("أعرب بوتين عن تضامنه مع كوبا.", {("russia", "cuba", 1)}),
        ("عبرت فرنسا عن قلقها إزاء التدخل الروسي في أوكرانيا.", {("france", "russia", -1), ("russia", "ukraine", -1)}),
        ("اتهم الكرملين واشنطن بالتدخل في شؤون فنزويلا.", {("russia", "usa", -1), ("usa", "venezuela", -1)}),
        ("وصف بوتين العقوبات الأميركية على كوبا بأنها غير شرعية.", {("usa", "cuba", -1)}),
        ("أدانت كوبا الحصار الأميركي.", {("cuba", "usa", -1)}),
        ("انسحبت الولايات المتحدة من الاتفاق النووي مع إيران.", {("usa", "iran", -1)}),
        ("تعد روسيا حليفا تقليديا لكوبا.", {*both("cuba", "russia", 1)}),
        ("روسيا حليف كوبا.", {*both("cuba", "russia", 1)}),
        ("كانت كوبا حليفة للاتحاد السوفياتي.", {*both("cuba", "ussr", 1)}),
        ("هنأ الرئيس الروسي نظيره الكوبي بانتخابه.", {("russia", "cuba", 1)}),
        ("وجهت الصين انتقادات حادة إلى واشنطن.", {("china", "usa", -1)}),
        ("تعرضت كوبا لعقوبات أميركية.", {("usa", "cuba", -1)}),
        ("تخضع إيران لعقوبات أميركية مشددة.", {("usa", "iran", -1)}),
        ("رفعت واشنطن كوبا من قائمة الدول الراعية للإرهاب.", {("usa", "cuba", 1)}),
        ("أدرجت الولايات المتحدة كوبا على القائمة السوداء.", {("usa", "cuba", -1)}),
        ("حذرت طهران واشنطن من مهاجمتها.", {("iran", "usa", -1)}),
        ("حذر البيت الأبيض من أن روسيا ستدفع الثمن.", {("usa", "russia", -1)}),
        ("دافع لافروف عن سوريا.", {("russia", "syria", 1)}),
        ("تدعم موسكو نظام الأسد.", {("russia", "syria", 1)}),
        ("الدعم الروسي للنظام السوري", {("russia", "syria", 1)}),
        ("الحرب الأميركية على العراق", {("usa", "iraq", -1)}),
        ("التوتر بين موسكو وواشنطن", {*both("russia", "usa", -1)}),
        ("تصاعدت حدة التوتر بين موسكو والغرب.", {*both("russia", "west", -1)}),
        (
            "اتفاقية السلام بين الأردن وإسرائيل وموقف البيت الأبيض",
            {*both("israel", "jordan", 1)},
        ),
        ("أكدت الصين وقوفها إلى جانب كوبا.", {("china", "cuba", 1)}),
        ("تقف موسكو إلى جانب دمشق.", {("russia", "syria", 1)}),
        ("هددت كوريا الشمالية بضرب الولايات المتحدة.", {("north_korea", "usa", -1)}),
        ("غزت الولايات المتحدة العراق عام 2003.", {("usa", "iraq", -1)}),
        ("الغزو العراقي للكويت", {("iraq", "kuwait", -1)}),
        ("سحبت واشنطن سفيرها من هافانا.", {("usa", "cuba", -1)}),
        ("استأنفت واشنطن وهافانا علاقاتهما الدبلوماسية.", {*both("cuba", "usa", 1)}),
        ("أعادت الولايات المتحدة علاقاتها الدبلوماسية مع كوبا.", {*both("cuba", "usa", 1)}),
        ("تربط روسيا بكوبا علاقات صداقة تاريخية.", {*both("cuba", "russia", 1)}),
        ("تجمع موسكو وهافانا علاقات وثيقة.", {*both("cuba", "russia", 1)}),
        ("شدد بوتين على أن بلاده ستواصل دعم كوبا.", {("russia", "cuba", 1)}),
        ("قال الرئيس الصيني إن بلاده تعارض العقوبات الأميركية.", {("china", "usa", -1)}),
        ("نددت هافانا بالإجراءات التي اتخذها ترامب.", {("cuba", "usa", -1)}),
        ("تتهم أوكرانيا روسيا بدعم الانفصاليين.", {("ukraine", "russia", -1)}),
        ("التهديدات الإيرانية لإسرائيل", {("iran", "israel", -1)}),
        ("انتقادات لاذعة من موسكو لواشنطن", {("russia", "usa", -1)}),
        ("مساعدات من روسيا إلى كوبا", {("russia", "cuba", 1)}),
        ("عقوبات فرضتها واشنطن على طهران", {("usa", "iran", -1)}),
        ("العقوبات التي تفرضها الولايات المتحدة على كوبا", {("usa", "cuba", -1)}),
        ("فرضت عقوبات أميركية على مسؤولين روس.", {("usa", "russia", -1)}),
        # who asks for a relation stands towards the other; the other has not answered
        ("دعت موسكو إلى المصالحة مع أنقرة.", {("russia", "turkey", 1)}),
        ("جهود كاسترو لإعادة العلاقات مع واشنطن", {("cuba", "usa", 1)}),
        ("اتفقت موسكو مع أنقرة على التعاون.", {*both("russia", "turkey", 1)}),
        # lists without a conjunction, and with *then*
        (
            "تعاونت روسيا مع مصر، السعودية، الإمارات.",
            {*both("russia", "egypt", 1), *both("russia", "saudi_arabia", 1), *both("russia", "uae", 1)},
        ),
        ("هاجم العراق الكويت ثم إيران.", {("iraq", "kuwait", -1), ("iraq", "iran", -1)}),
        ("السياسة الأمريكية، الروسية تدعم كوبا.", {("russia", "cuba", 1)}),
        # leaders of the Cold War
        ("هدد كينيدي موسكو بالحرب.", {("usa", "russia", -1)}),
        ("هبط في مطار جون كينيدي وزير يدعم كوبا.", set()),
        # a danger to somebody
        ("يشكل العراق خطرا على إيران.", {("iraq", "iran", -1)}),
        ("حذرت روسيا من خطر الإرهاب على سوريا.", set()),
        # a form that can be a verb or its verbal noun is a noun, unless the place makes it a verb
        ("أعلنت بغداد تحالفا مع طهران.", {*both("iraq", "iran", 1)}),
        ("ناقش الوفد مسألة رفع العقوبات الأمريكية على كوبا.", {("usa", "cuba", -1)}),
        # forms that are far likelier of another verb
        ("سوريا التي تعاني روسيا من حربها", set()),
        ("تعد روسيا كوبا جزيرة بعيدة.", set()),
        ("وعد لافروف دمشق بالمساعدة.", {("russia", "syria", 1)}),
        # nothing between states
        ("فرضت روسيا حظر التجول.", set()),
        ("انتقد حزب الله اللبناني واشنطن.", set()),
        ("عادت أجواء الحرب الباردة بين الناس.", set()),
        ("زار بوتين كوبا.", set()),
        ("تسعى عمان إلى مصالحة بين الفصائل اليمنية وجيرانها.", set()),
        ("يرى الخبير أن تخفيف القيود على الأموال الكوبية سيسمح لهافانا بمساندة حركات مسلحة.", set()),
        ("لقاء بوتين ونظيره الكوبي ميغيل دياز كانيل", set()),
    ],
)
def test_constructions(text, expected, codebook):
    assert relations(text, codebook) == expected


def test_negated_relations_are_marked(codebook):
    found = fr.relations(fr.Document(id="x", text="لم تدعم روسيا كوبا."), codebook)
    assert found[["source", "target", "polarity", "negated"]].values.tolist() == [["russia", "cuba", 1, True]]


def test_the_article(article, codebook):
    found = fr.relations(article, codebook)
    rows = {(r.source, r.target, r.polarity, r.evidence, r.voice) for r in found.itertuples()}
    for expected in (
        ("russia", "cuba", 1, "تضامن", "quoted"),
        ("usa", "cuba", -1, "بفرض عقوبات اقتصادية جديدة", "narrator"),
        ("usa", "russia", -1, "فرضت مجموعات من العقوبات", "narrator"),
        ("usa", "russia", -1, "وتنظر واشنطن بقلق", "narrator"),
        ("russia", "usa", -1, "وانتقدت", "narrator"),
    ):
        assert expected in rows
    assert not any(r.polarity < 0 and {r.source, r.target} == {"russia", "cuba"} for r in found.itertuples())
    assert all(article.text[r.start : r.end] == r.evidence for r in found.itertuples())


def test_relations_carry_class_and_intensity(codebook):
    found = fr.relations(fr.Document(id="x", text="فرضت واشنطن عقوبات على كوبا. أشاد بوتين بكوبا."), codebook)
    assert found[["quad", "cameo", "intensity"]].values.tolist() == [
        ["material_conflict", "163", -8.0],
        ["verbal_cooperation", "051", 3.4],
    ]


def test_stance_by_hand(codebook):
    text = "دعمت روسيا كوبا. انتقدت واشنطن كوبا. هددت واشنطن كوبا."
    found = fr.stance(fr.Document(id="x", text=text), codebook, targets=["cuba", "china"])
    expected = pd.DataFrame(
        {
            "doc_id": ["x", "x"],
            "target": ["cuba", "china"],
            "favour": [1.0, 0.0],
            "against": [2.0, 0.0],
            "negated": [0, 0],
            "stance": [(1 - 2) / (1 + 2 + 1), float("nan")],
        }
    )
    pd.testing.assert_frame_equal(pd.DataFrame(found[list(expected)]), expected.astype({"doc_id": "str"}))
    assert found.loc[0, "low"] <= -0.25 <= found.loc[0, "high"]
    assert -1 <= found.loc[0, "low"] <= found.loc[0, "high"] <= 1


def test_stance_is_split_by_voice(codebook):
    text = "انتقدت واشنطن كوبا. قال بوتين إن روسيا تدعم كوبا."
    found = fr.stance(fr.Document(id="x", text=text), codebook, targets="cuba", by="voice").set_index("voice")
    assert found.loc["narrator", ["favour", "against"]].tolist() == [0, 1]
    assert found.loc["reported", ["favour", "against"]].tolist() == [1, 0]


def bounds(favour: float, against: float, worth: float | None = None, level: float = 0.95) -> tuple[float, float]:
    """Jeffreys bounds of the share of favour, put through the formula of stance with k = 1."""
    from scipy import stats

    every = favour + against
    n = every if worth is None else worth
    x = favour / every * n
    low = stats.beta.ppf((1 - level) / 2, x + 0.5, n - x + 0.5) if favour else 0.0
    high = stats.beta.ppf((1 + level) / 2, x + 0.5, n - x + 0.5) if against else 1.0
    return every * (2 * low - 1) / (every + 1), every * (2 * high - 1) / (every + 1)


@pytest.mark.parametrize("resamples", [0, 2_000])
@pytest.mark.parametrize(
    "text, favour, against",
    [
        ("انتقدت واشنطن كوبا.", 0, 1),
        ("دعمت روسيا كوبا.", 1, 0),
        ("دعمت روسيا كوبا. أشادت الصين بكوبا. تضامنت إيران مع كوبا.", 3, 0),
    ],
)
def test_an_interval_of_one_side_alone_is_that_of_jeffreys(text, favour, against, resamples, codebook):
    document = fr.Document(id="x", text=text)
    row = fr.stance(document, codebook, targets="cuba", resamples=resamples).iloc[0]
    assert (row["favour"], row["against"]) == (favour, against)
    assert row["stance"] == (favour - against) / (favour + against + 1)
    assert (row["low"], row["high"]) == pytest.approx(bounds(favour, against))
    assert row["high"] - row["low"] > 0.3
    assert -1 <= row["low"] <= row["stance"] <= row["high"] <= 1


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.sampled_from(("دعمت روسيا كوبا.", "انتقدت واشنطن كوبا.", "وصل الوفد أمس.")), max_size=8),
    level=st.sampled_from((0.05, 0.5, 0.95, 0.999)),
    smoothing=st.sampled_from((0.0, 0.5, 1.0, 10.0)),
)
def test_intervals_hold_the_estimate_and_what_jeffreys_allows(parts, level, smoothing, codebook):
    document = fr.Document(id="x", text=" ".join(parts))
    row = fr.stance(document, codebook, targets="cuba", level=level, smoothing=smoothing, resamples=200).iloc[0]
    favour, against = (sum(part.startswith(verb) for part in parts) for verb in ("دعمت", "انتقدت"))
    assert (row["favour"], row["against"]) == (favour, against)
    if not favour + against:
        assert row[["stance", "low", "high"]].isna().all()
        return
    assert -1 <= row["low"] <= row["stance"] <= row["high"] <= 1
    shrink = (favour + against + 1) / (favour + against + smoothing)
    low, high = (bound * shrink for bound in bounds(favour, against, level=level))
    assert row["low"] <= low + 1e-9
    assert row["high"] >= high - 1e-9


def weighted(tmp_path: Path, weight: str = "") -> fr.Codebook:
    """A codebook with two families, of which that of opposition may have a weight."""
    (tmp_path / "codebook.yml").write_text("kind: codebook\nname: small\nversion: '3'\n", "utf-8")
    (tmp_path / "f.yml").write_text("kind: frame\nid: f\nentries: [سلام]\n", "utf-8")
    actors = "".join(
        f"  - {{id: {id}, kind: state, label: {{en: {id}}}, names: {{ar: [{name}]}}}}\n"
        for id, name in (("cuba", "كوبا"), ("russia", "روسيا"), ("china", "الصين"))
    )
    (tmp_path / "actors.yml").write_text(f"kind: actors\nactors:\n{actors}", "utf-8")
    terms = (
        "  - {id: help, polarity: 1, quad: verbal_cooperation, cameo: '05', goldstein: 3, verb: دعم}\n"
        f"  - {{id: blame, polarity: -1, quad: verbal_conflict, cameo: '11', goldstein: -2, verb: انتقد{weight}}}\n"
    )
    (tmp_path / "evaluative.yml").write_text(f"kind: evaluative\nterms:\n{terms}", "utf-8")
    return fr.load_codebook(tmp_path)


def test_stance_sums_the_weights_of_the_codebook(tmp_path):
    text = "دعمت روسيا كوبا. انتقدت الصين كوبا. دعمت الصين كوبا."
    document = fr.Document(id="x", text=text)
    book = weighted(tmp_path, ", weight: 2.5")
    assert fr.relations(document, book)["weight"].tolist() == [1.0, 2.5, 1.0]
    assert fr.evaluations(document, book)["weight"].tolist() == [1.0, 2.5, 1.0]
    row = fr.stance(document, book, targets="cuba", resamples=0).iloc[0]
    assert row[["favour", "against", "stance"]].tolist() == [2.0, 2.5, -0.5 / 5.5]
    worth = (1 + 2.5 + 1) ** 2 / (1 + 2.5**2 + 1)
    assert (row["low"], row["high"]) == pytest.approx(bounds(2.0, 2.5, worth))
    plain = weighted(tmp_path)
    assert fr.stance(document, plain, targets="cuba").loc[0, "stance"] == 1 / 4
    assert plain.fingerprint != book.fingerprint


def test_a_weight_of_nothing_evaluates_nobody(tmp_path):
    document = fr.Document(id="x", text="انتقدت الصين كوبا.")
    row = fr.stance(document, weighted(tmp_path, ", weight: 0"), targets="cuba").iloc[0]
    assert row[["favour", "against"]].tolist() == [0, 0]
    assert row[["stance", "low", "high"]].isna().all()


def test_a_negative_weight_is_refused_with_its_line(tmp_path):
    with pytest.raises(fr.FramingError, match=r"evaluative\.yml.*line 4.*weight"):
        weighted(tmp_path, ", weight: -1")


GROUPED = (
    ("a", "دعمت روسيا كوبا. قال بوتين إن واشنطن انتقدت كوبا.", "left"),
    ("b", "انتقدت واشنطن كوبا. انتقدت واشنطن كوبا وروسيا.", "right"),
    ("c", "وصل الوفد أمس.", "left"),
    ("d", "", "none"),
    ("e", "دعمت الصين كوبا.", None),
)


@pytest.fixture(scope="module")
def grouped() -> fr.Corpus:
    return fr.Corpus([fr.Document(id=id, text=text, **({"outlet": o} if o else {})) for id, text, o in GROUPED])


def test_stance_by_a_metadata_column(grouped, codebook):
    found = fr.stance(grouped, codebook, targets="cuba", by="outlet")
    assert found[["outlet", "favour", "against"]].astype(object).where(found["outlet"].notna(), None).values.tolist()[
        :3
    ] == [["left", 1, 1], ["right", 0, 2], ["none", 0, 0]]
    assert found["outlet"].isna().tolist() == [False, False, False, True]
    assert found.loc[3, ["favour", "against"]].tolist() == [1, 0]
    assert found["stance"].isna().tolist() == [False, False, True, False]


def test_stance_by_metadata_and_voice(grouped, codebook):
    found = fr.stance(grouped, codebook, targets="cuba", by=["outlet", "voice"])
    rows = {(o if isinstance(o, str) else None, v): (f, a) for o, v, f, a in found.iloc[:, [0, 1, 3, 4]].to_numpy()}
    assert rows == {
        ("left", "narrator"): (1, 0),
        ("left", "reported"): (0, 1),
        ("right", "narrator"): (0, 2),
        (None, "narrator"): (1, 0),
    }
    each = fr.stance(grouped, codebook, targets="cuba", by=["doc_id", "outlet"])
    alone = fr.stance(grouped, codebook, targets="cuba")
    columns = ["doc_id", "favour", "against", "stance", "low", "high"]
    pd.testing.assert_frame_equal(each[columns], alone[columns])
    assert alone["doc_id"].tolist() == list("abcde")


def test_groups_are_resampled_as_frame_scores_resamples_them(codebook):
    """Documents first, then the sentences inside: the replicates are those of `resampling.resampled`."""
    from framing.scores import resampling

    pro, contra, mute = "دعمت روسيا كوبا.", "انتقدت واشنطن كوبا.", "وصل الوفد أمس."
    texts = [[pro] * 6, [contra] * 4 + [mute] * 3, [pro, mute] * 3, [pro, pro, contra] * 2, [contra] * 7, [mute] * 2]
    corpus = fr.Corpus([fr.Document(id=str(n), text=" ".join(t), event="e") for n, t in enumerate(texts)])
    row = fr.stance(corpus, codebook, targets="cuba", by="event", resamples=500, random_state=3).iloc[0]
    values = np.asarray([[s == pro, s == contra] for t in texts for s in t], float)
    document = np.repeat(np.arange(len(texts)), [len(t) for t in texts])
    part = next(resampling.resampled(values, document, np.zeros(len(values), np.int64), 500, 3))
    favour, against = part.totals[:, 0], part.totals[:, 1]
    low, high = resampling.percentiles((favour - against) / (favour + against + 1), 0.95, np.asarray([len(texts)]))
    floor = bounds(values[:, 0].sum(), values[:, 1].sum())
    assert (row["low"], row["high"]) == pytest.approx((low[0], high[0]))
    assert (low[0], high[0]) < (
        floor[0],
        floor[1] + 1,
    )  # documents differ more than their sentences: the floor is lower
    assert low[0] < floor[0] < floor[1] < high[0]


@pytest.mark.parametrize(
    "by, message",
    [
        ("outlett", "did you mean 'outlet'.*choose from 'doc_id', 'outlet', 'voice', 'speaker', 'side'"),
        ("target", "cannot be split by 'target'"),
        ([], "names no column"),
    ],
)
def test_unknown_columns_of_by_are_refused(by, message, grouped, codebook):
    with pytest.raises(fr.FramingError, match=message):
        fr.stance(grouped, codebook, by=by)


@pytest.mark.parametrize("options", [{"level": 1.0}, {"resamples": -1}, {"smoothing": -1}, {"smoothing": float("nan")}])
def test_impossible_intervals_are_refused(options, codebook):
    with pytest.raises(fr.FramingError, match=f"{next(iter(options))} must"):
        fr.stance(fr.Document(id="x", text="كوبا"), codebook, **options)


def test_results_are_tables_with_their_provenance(grouped, codebook, tmp_path):
    tables = {
        "stance": fr.stance(grouped, codebook, targets=["cuba"], by="outlet", resamples=10, random_state=4),
        "relations": fr.relations(grouped, codebook),
        "evaluations": fr.evaluations(grouped, codebook),
    }
    for table in tables.values():
        for part in (table, table[table["target"] == "cuba"].head(1).reset_index(drop=True)):
            facts = part.attrs["provenance"]
            assert facts["corpus_sha256"] == grouped.fingerprint
            assert facts["codebook_sha256"] == codebook.fingerprint
            assert (facts["codebook"], facts["margin"], facts["n_documents"]) == (codebook.name, "default", 5)
            assert facts["morphology"]
            assert r"\toprule" in part.to_latex()
            assert part.readable().shape[0] == len(part)
            assert "<table" in part._repr_html_()
    facts = {"by": ["outlet"], "targets": ["cuba"], "smoothing": 1.0, "level": 0.95, "resamples": 10, "random_state": 4}
    assert facts.items() <= tables["stance"].attrs["provenance"].items()
    low, high = bounds(1, 1)
    assert tables["stance"].readable().loc[0, "stance"] == f"0.000 ({low:.3f} to {high:.3f})"
    for name, axes in (("s", fr.plot.stance(tables["stance"])), ("r", fr.plot.relations(tables["relations"]))):
        fr.plot.save(axes, name, alt="A.", caption="C.", folder=tmp_path)
        facts = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))["provenance"]
        assert (facts["corpus_sha256"], facts["codebook_sha256"]) == (grouped.fingerprint, codebook.fingerprint)


@pytest.mark.parametrize("make", [fr.evaluations, fr.relations, fr.stance])
def test_empty_results_keep_their_types(make, grouped, codebook):
    full, empty = make(grouped, codebook), make(fr.Corpus([]), codebook)
    assert len(full) > len(empty) == 0
    pd.testing.assert_series_equal(full.dtypes, empty.dtypes)


def test_progress_is_shown_over_documents(grouped, codebook, monkeypatch):
    import tqdm.auto

    seen: list[tuple[str, int, float, bool, int]] = []

    class Bar(tqdm.auto.tqdm):
        def close(self):
            if not self.disable:
                seen.append((self.desc, self.total, self.delay, self.leave, self.n))
            super().close()

    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    monkeypatch.setattr(tqdm.auto, "tqdm", Bar)
    fr.code(grouped, codebook)
    fr.relations(grouped, codebook)
    fr.stance(grouped, codebook, resamples=0)
    fr.attributions(grouped, codebook)
    shown = dict.fromkeys(
        row for row in seen if row[0].strip(": ") in ("coding", "evaluations", "stance", "attributions")
    )
    assert [(desc.strip(": "), *rest) for desc, *rest in shown] == [
        (name, 5, 2, False, 5) for name in ("coding", "evaluations", "stance", "attributions")
    ]


def test_same_numbers_twice(article, codebook):
    pd.testing.assert_frame_equal(fr.stance(article, codebook), fr.stance(article, codebook))


@pytest.mark.filterwarnings("ignore:relations are found in Arabic")
def test_bad_input(codebook):
    document = fr.Document(id="x", text="كوبا")
    with pytest.raises(fr.FramingError, match="did you mean 'cuba'"):
        fr.stance(document, codebook, targets="cubba")
    with pytest.raises(fr.FramingError, match="choose from"):
        fr.stance(document, codebook, by="outlett")
    with pytest.raises(fr.FramingError, match="has no actors or no evaluative terms"):
        fr.relations(document, fr.Codebook.from_dict({"a": ["كوبا"]}))
    for text in ("", "كوبا", "!!!", "wholly English text"):
        found = fr.relations(fr.Document(id="x", text=text), codebook)
        assert found[~found["negated"]].shape == (0, len(found.columns))
        assert list(fr.stance(fr.Document(id="x", text=text), codebook).columns)[-3:] == ["stance", "low", "high"]


def test_two_actors_sharing_an_alias_are_refused(tmp_path):
    actors = (
        "kind: actors\nactors:\n"
        "  - {id: a, kind: state, label: {en: A}, names: {ar: [بلاد]}}\n"
        "  - {id: b, kind: state, label: {en: B}, names: {ar: [بلاد]}}\n"
    )
    (tmp_path / "actors.yml").write_text(actors, "utf-8")
    (tmp_path / "codebook.yml").write_text("kind: codebook\nname: x\n", "utf-8")
    (tmp_path / "f.yml").write_text("kind: frame\nid: f\nentries: [سلام]\n", "utf-8")
    with pytest.raises(fr.FramingError, match="'بلاد' names two actors"):
        fr.load_codebook(tmp_path)


def test_against_the_coders_of_the_development_sentences(shared, codebook):
    """A floor, so that a change that breaks attachment is seen; the figures are the benchmark's."""
    gold = [json.loads(line) for line in shared("data", "gold-sentences-dev.jsonl").read_text("utf-8").splitlines()]
    found = fr.relations(fr.Corpus([fr.Document(id=r["id"], text=r["sentence"]) for r in gold]), codebook)
    ours = {(r.doc_id, r.source, r.target, r.polarity) for r in found[~found["negated"]].itertuples()}
    wanted = {(r["id"], *relation) for r in gold for relation in r["relations"]}
    assert 2 * len(ours & wanted) / (len(ours) + len(wanted)) > 0.5
