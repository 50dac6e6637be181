"""Figures: every function on a small table, Arabic as Arabic, legible in grey, the same to the byte."""

from __future__ import annotations

import hashlib
import inspect
import itertools
import json
import unicodedata
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

import framing as fr
from framing import provenance
from framing.plot import style

mpl.use("agg")


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


BOOK = {"alliance": ["تعاون", "صداقة"], "threat": ["تهديد", "عقوبات"]}
LABELS = {"alliance": "تحالف", "threat": "تهديد"}


def small_corpus() -> fr.Corpus:
    texts = [
        f"{'تعاون ' * (n % 4)} {'تهديد ' * (n % 3)} زار الرئيس العاصمة. صداقة وعقوبات. خبر رقم {n}." for n in range(24)
    ]
    more = [{"outlet": ("المدار", "الميزان")[n % 2], "date": f"2018-{n % 12 + 1:02d}-05"} for n in range(24)]
    return fr.Corpus(fr.Document(id=f"d{n:02d}", text=text, **more[n]) for n, text in enumerate(texts))


def intervals(**values: float) -> dict[str, float]:
    return {
        f"{name}{end}": value + add
        for name, value in values.items()
        for end, add in (("", 0), ("_low", -0.05), ("_high", 0.05))
    }


def tables() -> dict[str, list]:
    """Return, for each plot function, calls that draw it: the arguments by position, and those by name."""
    corpus, book = small_corpus(), fr.Codebook.from_dict(BOOK)
    codings = fr.code(corpus, book)
    scores = fr.frame_scores(codings, resamples=50)
    place = fr.compare(scores, "d23", resamples=50)
    curve = fr.specification_curve(corpus, book, focal="d23", margins=["default"], voices=["all"], halves=2)
    terms = pd.DataFrame(
        {
            "topic": [0, 0, 1, 1],
            "rank": [1, 2, 1, 2],
            "readable": ["نفط", "أسعار", "زيارة", "رئيس"],
            "beta": [0.2, 0.1, 0.3, 0.2],
        }
    )
    mixture = pd.DataFrame(
        {
            "topic": [0, 1],
            "terms": ["نفط · أسعار", "زيارة"],
            "gamma": [0.6, 0.4],
            "low": [0.4, 0.2],
            "high": [0.8, 0.6],
            "corpus": [0.3, 0.7],
        }
    )
    shares = pd.DataFrame(
        {
            "outlet": ["x", "x", "y", "y"],
            "topic": [0, 1, 0, 1],
            "terms": ["نفط", "زيارة"] * 2,
            "share": [0.2, 0.8, 0.7, 0.3],
            "documents": 9,
        }
    )
    ks = ("c_npmi", "exclusivity", "perplexity", "jaccard", "rbo", "jaccard_resampled")
    choice = pd.DataFrame([{"k": k, "suggested": k == 4, **intervals(**dict.fromkeys(ks, 0.1 * k))} for k in (3, 4, 5)])
    points = pd.DataFrame(
        {
            "doc_id": ["a", "b", "c"],
            "x": [0.0, 1.0, 0.5],
            "y": [0.0, 0.5, 1.0],
            "topic": [0, 1, 0],
            "terms": ["نفط", "زيارة", "نفط"],
            "focal": [False, False, True],
        }
    )
    by_frame = pd.DataFrame([{"frame": f, "topic": 0, "terms": "نفط", **intervals(difference=2.0)} for f in BOOK])
    codes = pd.DataFrame({"amal": [1, 1, 0, 0, 0, 0, 1, 0], "badr": [1, 1, 0, 0, 0, 0, 0, 0]})
    validity = pd.DataFrame([{"frame": f, **intervals(precision=0.9, recall=0.7, f1=0.79)} for f in BOOK])
    mended = pd.DataFrame(
        [
            {"quantity": "mean", "frame": f, **intervals(naive=0.2), "corrected": 0.3, "low": 0.2, "high": 0.4}
            for f in BOOK
        ]
    )
    plan = pd.DataFrame(
        {"frame": ["alliance", "alliance"], "coded": [100, 400], "width": [0.14, 0.06], "width_people": [0.18, 0.08]}
    )
    actors = pd.DataFrame(
        {"source": ["كوبا", "روسيا"], "target": ["روسيا", "كوبا"], "polarity": [1, -1], "negated": False}
    )
    stance = pd.DataFrame(
        {"doc_id": "a", "target": ["كوبا", "روسيا"], "stance": [0.4, -0.2], "low": [0.1, -0.5], "high": [0.7, 0.1]}
    )
    named = {"labels": LABELS}
    return {
        "agreement": [(fr.agreement(codes, resamples=100),), {}],
        "choose_k": [(choice,), {}],
        "cooccurrence": [(fr.cooccurrence(codings, resamples=50),), named],
        "corrected": [(mended,), named],
        "coverage": [(corpus.to_pandas().merge(corpus.describe(), on="doc_id"),), {"focal": "2018-11-02"}],
        "difference": [(place,), named],
        "frame_scores": [(fr.frame_scores(codings, by="outlet", resamples=50),), named],
        "keyness": [(fr.keyness(corpus[1:6], corpus, min_count=1, resamples=9),), {}],
        "labels_needed": [(plan,), named],
        "place": [(mixture,), {}],
        "position": [(place,), named],
        "relations": [(actors,), {}],
        "specification_curve": [(curve,), {"frame": "alliance", **named}],
        "stance": [(stance,), {}],
        "timeline": [(fr.timeline(codings, resamples=20),), named],
        "topic_map": [(points,), {}],
        "topic_shares": [(shares,), {}],
        "topic_terms": [(terms,), {}],
        "topics_by_frame": [(by_frame,), {}],
        "validation": [(validity,), named],
        "voices": [(fr.frame_scores(codings, by=["doc_id", "voice"], resamples=50),), named],
    }  # fmt: skip


TABLES = tables()
FUNCTIONS = sorted(name for name in fr.plot.__all__ if name != "save")
each_plot = pytest.mark.parametrize("name", FUNCTIONS)


def draw(name: str):
    given, named = TABLES[name]
    return getattr(fr.plot, name)(*given, **named)


def pixels(figure, dpi: int = 100) -> np.ndarray:
    figure.set_dpi(dpi)
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(float) / 255


def test_every_plot_function_has_a_table_here() -> None:
    assert sorted(TABLES) == FUNCTIONS


@each_plot
def test_draws_and_saves_with_its_data(name: str, tmp_path: Path) -> None:
    ax = draw(name)
    ink = (pixels(ax.figure) < 0.95).any(axis=2).mean()
    assert 0.005 < ink < 0.9
    png = fr.plot.save(ax, name, alt="What is seen.", caption="What it means.", folder=tmp_path)
    facts = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
    assert (facts["alt"], facts["caption"]) == ("What is seen.", "What it means.")
    assert facts["data"], "the sidecar holds the table"
    for ending in ("png", "svg"):
        assert facts["sha256"][ending] == hashlib.sha256(png.with_suffix(f".{ending}").read_bytes()).hexdigest()
    assert set(facts["provenance"]) >= set(provenance.record()), "the versions that made it"


@each_plot
def test_svg_is_the_same_to_the_byte(name: str, tmp_path: Path) -> None:
    saved = []
    for folder in ("one", "two"):
        fr.plot.save(draw(name), name, alt="a", caption="c", folder=tmp_path / folder)
        saved.append((tmp_path / folder / f"{name}.svg").read_bytes())
    assert saved[0] == saved[1]
    assert b"<dc:date>" not in saved[0]


@each_plot
def test_widths_are_those_of_a_journal(name: str) -> None:
    if "width" not in inspect.signature(getattr(fr.plot, name)).parameters:
        assert draw(name).figure.get_size_inches()[0] == pytest.approx(style.WIDTHS["double"])
        return
    given, named = TABLES[name]
    for width, inches in style.WIDTHS.items():
        ax = getattr(fr.plot, name)(*given, **{**named, "width": width})
        assert ax.figure.get_size_inches()[0] == pytest.approx(inches)


@each_plot
def test_labels_of_the_y_axis_do_not_overlap(name: str) -> None:
    ax = draw(name)
    ax.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels() if label.get_text() and label.get_visible()]
    boxes.sort(key=lambda box: box.y0)
    for below, above in itertools.pairwise(boxes):
        assert above.y0 >= below.y1 - 0.35 * below.height


@each_plot
def test_another_table_is_refused(name: str) -> None:
    with pytest.raises(fr.FramingError, match=r"needs (the columns|a column)"):
        getattr(fr.plot, name)(pd.DataFrame({"nothing": [1]}))


# --- Arabic ---------------------------------------------------------------------------------------------------


def ink(text: str, *, size: float = 60, family: str | None = None) -> np.ndarray:
    """Return where a text has ink (rows, columns), cut to its extent."""
    with style.house_style():
        figure = Figure(figsize=(8, 2), dpi=100)
        FigureCanvasAgg(figure)
        figure.text(0.02, 0.4, text, fontsize=size, **({"family": family} if family else {}))
        figure.canvas.draw()
    dark = np.asarray(figure.canvas.buffer_rgba())[..., 0] < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def pieces(dark: np.ndarray) -> int:
    """Return how many parts a picture has that no empty column separates."""
    filled = dark.any(axis=0)
    return int((np.diff(filled.astype(int), prepend=0) == 1).sum())


def presentation_forms(word: str, *, backwards: bool = False) -> str:
    """Return a word whose letters all join, as the glyphs that a reader should see, in the order of the page."""
    shapes = ["INITIAL", *["MEDIAL"] * (len(word) - 2), "FINAL"]
    glyphs = [unicodedata.lookup(f"{unicodedata.name(c)} {shape} FORM") for c, shape in zip(word, shapes, strict=True)]
    order = glyphs if backwards else glyphs[::-1]
    return "\u202d" + "".join(order) + "\u202c"  # left-to-right override: leave the order alone


def test_arabic_letters_are_joined() -> None:
    word = "بيت"
    joined, apart = ink(word), ink("\u200c".join(word))
    assert pieces(joined) == 1
    assert pieces(apart) == 3
    assert joined.shape[1] < 0.9 * apart.shape[1], "unjoined letters are wider"


def test_arabic_runs_from_right_to_left() -> None:
    # alef joins nothing that follows it: two parts, of which the first, alef, is the narrow one and stands on the right
    dark = ink("اب")
    gap = np.flatnonzero(~dark.any(axis=0))
    assert len(gap)
    left, right = gap[0], dark.shape[1] - gap[-1] - 1
    assert right < left / 2, "alef stands on the right"


@pytest.mark.parametrize("word", ["بيت", "كلب", "سمك", "نعمل"])
def test_arabic_is_drawn_as_its_reference_shaping(word: str) -> None:
    drawn, reference = ink(word), ink(presentation_forms(word))
    reverse = ink(presentation_forms(word, backwards=True))
    assert abs(drawn.shape[1] - reference.shape[1]) <= 3
    assert likeness(drawn, reference) > 0.9
    assert likeness(drawn, reference) > likeness(drawn, reverse) + 0.1


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the shared ink of two pictures, laid on each other at their left lower corners, as Jaccard's share."""
    shape = np.maximum(one.shape, other.shape)
    a, b = (np.pad(dark, ((shape[0] - dark.shape[0], 0), (0, shape[1] - dark.shape[1]))) for dark in (one, other))
    return float((a & b).sum() / (a | b).sum())


def test_arabic_inside_a_figure_is_drawn_that_way() -> None:
    """A label of an axis is shaped like a text alone: a plot function hands raw text on, unturned."""
    labels = [text.get_text() for text in draw("topic_terms").get_yticklabels()]
    assert labels == ["نفط", "أسعار"]
    for text in draw("frame_scores").get_yticklabels():
        assert text.get_text() in LABELS.values()
    for figure in (draw("topic_map"), draw("topic_shares"), draw("place")):
        for text in figure.figure.findobj(mpl.text.Text):
            assert not any(unicodedata.name(c, "").endswith(" FORM") for c in text.get_text())


def test_mixed_text_keeps_both_scripts_in_their_order() -> None:
    # an Arabic word, then a number in brackets: the line begins on the right, so the word stands right of the bracket
    both, number = ink("بيت (3)"), ink("(3)")
    assert likeness(both[-number.shape[0] :, : number.shape[1]], number) > 0.4 or pieces(both) == 4


def test_fonts_have_every_letter_of_arabic() -> None:
    from matplotlib import font_manager

    letters = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچڤگ٠١٢٣٤٥٦٧٨٩،؛؟ـًٌٍَُِّْ"
    with style.house_style():
        families = mpl.rcParams["font.family"]
        covered: set[int] = set()
        for family in families:
            found = font_manager.findfont(family, fallback_to_default=False)
            covered |= set(font_manager.get_font(found).get_charmap())
    assert [c for c in letters if ord(c) not in covered] == []


# --- grey -----------------------------------------------------------------------------------------------------


def luminance(colour) -> float:
    """Return the relative luminance of WCAG 2: 0 black, 1 white."""
    channel = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(channel, (0.2126, 0.7152, 0.0722)))


def test_series_differ_without_colour() -> None:
    assert len(set(style.MARKERS)) == len(set(style.HATCHES)) == len(style.COLOURS) == len(set(map(str, style.DASHES)))


def test_colours_stand_out_from_the_page() -> None:
    contrast = {colour: 1.05 / (luminance(colour) + 0.05) for colour in style.COLOURS}
    assert min(contrast.values()) > 2.0
    assert contrast[style.COLOURS[0]] > 4.5
    assert 1.05 / (luminance(style.GREY) + 0.05) > 4.5, "small grey text is legible"


def test_series_of_a_figure_differ_in_marker_or_hatch() -> None:
    lines = [line for line in draw("frame_scores").get_lines() if not line.get_label().startswith("_")]
    assert len({line.get_marker() for line in lines}) == len(lines) == 2
    keyed = draw("keyness").patches
    by_colour = {patch.get_facecolor(): patch.get_hatch() for patch in keyed}
    assert len(set(by_colour.values())) == len(by_colour) == 2
    shapes = draw("timeline").get_lines()
    dashes = {str(line._dash_pattern) for line in shapes if not line.get_label().startswith("_")}
    assert len(dashes) == 2


def test_dark_cells_of_the_heat_map_have_light_numbers() -> None:
    ax = draw("topic_shares")
    image = ax.images[0]
    for text in ax.texts:
        x, y = map(int, text.get_position())
        cell = luminance(image.cmap(image.norm(image.get_array()[y, x]))[:3])
        number = luminance(text.get_color())
        low, high = sorted((cell, number))
        assert (high + 0.05) / (low + 0.05) > 4.5


# --- what stands where ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["frame_scores", "stance", "cooccurrence"])
def test_groups_are_named_on_their_rows(name: str) -> None:
    """Direct labels instead of a legend: in every row of marks, at its height, inside the figure."""
    given = {
        "frame_scores": TABLES["frame_scores"][0][0],
        "stance": pd.concat([TABLES["stance"][0][0].assign(doc_id=doc, voice=doc) for doc in ("ab", "cd")])[
            ["voice", "target", "stance", "low", "high"]
        ],
        "cooccurrence": fr.cooccurrence(
            fr.code(small_corpus(), fr.Codebook.from_dict(BOOK)), by="outlet", resamples=20
        ),
    }[name]
    groups = list(dict.fromkeys(given.iloc[:, 0]))
    ax = getattr(fr.plot, name)(given)
    ax.figure.canvas.draw()
    rows = 1 if name == "cooccurrence" else 2
    named = [text for text in ax.texts if text.get_text() in groups]
    assert sorted(text.get_text() for text in named) == sorted(groups * rows)
    edge = ax.figure.bbox
    for text in named:
        box = text.get_window_extent()
        assert edge.x0 <= box.x0
        assert box.x1 <= edge.x1 + 1
    marks = {float(y) for line in ax.get_lines() for y in line.get_ydata() if not line.get_label().startswith("_")}
    assert {round(text.xy[1], 6) for text in named} <= {round(y, 6) for y in marks}
    assert not ax.figure.legends
    assert ax.get_legend() is None


def test_arrows_of_the_network_carry_the_number_of_places() -> None:
    table = pd.DataFrame(
        {"source": ["x", "x", "y", "x"], "target": ["y", "y", "x", "y"], "polarity": [1, 1, -1, -1], "negated": False}
    )
    texts = [text.get_text() for text in fr.plot.relations(table).texts if text.get_text()]
    assert sorted(texts) == ["1", "1", "2", "x", "y"]


def test_narrow_intervals_of_agreement_are_not_drawn_on_a_wide_axis() -> None:
    near = pd.DataFrame([{"frame": "a", "coders": "x, y", "measure": "alpha", "value": 0.9, "low": 0.86, "high": 0.93}])
    assert fr.plot.agreement(near).get_xlim() == pytest.approx((0.5, 1))
    assert fr.plot.agreement(near.assign(low=0.3)).get_xlim() == pytest.approx((0, 1))
    assert fr.plot.agreement(near.assign(low=-0.2)).get_xlim() == pytest.approx((-0.2, 1))


def test_weights_of_a_factorisation_are_not_called_probabilities() -> None:
    terms = TABLES["topic_terms"][0][0]
    assert fr.plot.topic_terms(terms).get_xlabel() == "P(term | topic)"
    factorised = terms.copy()
    factorised.attrs["provenance"] = {"engine": "sklearn-nmf"}
    assert fr.plot.topic_terms(factorised).get_xlabel() == "share of weight"


def test_a_notebook_stays_interactive() -> None:
    """The notebook's backend, loaded with the first figure, turns interactive on: a later figure must be shown too."""
    before = mpl.is_interactive()
    try:
        mpl.interactive(False)
        with style.house_style():
            mpl.interactive(True)
        assert mpl.is_interactive()
        assert mpl.rcParams["svg.hashsalt"] != "framing", "everything else is as it was"
    finally:
        mpl.interactive(before)


# --- saving ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"alt": " "}, "alt text"),
        ({"caption": ""}, "caption"),
        ({"name": "a/b"}, "file name"),
        ({"name": ".a"}, "file name"),
    ],
)
def test_what_cannot_be_saved_is_refused(change: dict, said: str, tmp_path: Path) -> None:
    given = {"name": "x", "alt": "a", "caption": "c", **change}
    with pytest.raises(fr.FramingError, match=said):
        fr.plot.save(draw("place"), given.pop("name"), folder=tmp_path, **given)
    assert list(tmp_path.iterdir()) == []


def test_png_has_300_dots_an_inch(tmp_path: Path) -> None:
    from PIL import Image

    with Image.open(fr.plot.save(draw("place"), "x", alt="a", caption="c", folder=tmp_path)) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_coverage_without_dates_says_so() -> None:
    with pytest.raises(fr.FramingError, match="no document has a date"):
        fr.plot.coverage(pd.DataFrame({"outlet": ["x"], "date": [None], "words": [3]}))
    ax = fr.plot.coverage(pd.DataFrame({"outlet": ["x", None], "date": ["2018-11-02", "2018-13-45"], "words": [3, 4]}))
    assert len(ax.framing_data) == 1


def test_axes_say_when_hits_are_weighted() -> None:
    corpus = small_corpus()
    for weight, hits in ((1, "hits"), (2, "weighted hits")):
        rate, share = f"{hits} per 1,000 words", f"share of all {hits.replace('hits', 'frame hits')}"
        book = fr.Codebook.from_dict({**BOOK, "alliance": ["تعاون", {"term": "صداقة", "weight": weight}]})
        codings = fr.code(corpus, book)
        scores = fr.frame_scores(codings, resamples=0)
        place = fr.compare(scores, "d23", resamples=9)
        curve = fr.specification_curve(corpus, book, focal="d23", margins=["default"], voices=["all"], halves=1)
        upper = fr.plot.specification_curve(curve, frame="alliance")
        assert upper.get_ylabel().replace("\n", " ") == f"difference in {rate}"
        one = scores[scores["doc_id"] == "d01"]
        assert fr.plot.frame_scores(one).get_xlabel() == rate
        assert fr.plot.frame_scores(one, figure="share").get_xlabel() == share
        assert fr.plot.position(place).get_xlabel() == rate
        assert fr.plot.difference(place).get_xlabel() == f"difference in {rate}"
        assert fr.plot.timeline(fr.timeline(codings, resamples=0, span=1), frames="threat").get_ylabel() == rate
        plt.close("all")
