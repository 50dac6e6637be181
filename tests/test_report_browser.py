"""The report in a real browser: nothing fails, nothing is loaded, the keyboard reaches everything, it fits a phone."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path

import pytest

import framing as fr

ROOT = Path(__file__).parents[1]
HOSTILE = "<script>document.title='owned'</script>\"'><img src=x onerror=\"document.title='owned'\">\u202e"
#: What may be wider than a phone: parts that scroll inside, and charts whose circles stand on their edge.
TOO_WIDE = """() => Array.from(document.querySelectorAll('body *')).filter(e => {
  const box = e.getBoundingClientRect(), width = document.documentElement.clientWidth;
  return box.width && (box.right > width + 1 || box.left < -1)
    && !e.closest('.scroll') && !e.closest('svg') && !e.closest('.unseen') && !e.closest('.skip') && !e.closest('#tip');
}).map(e => e.tagName + '.' + e.className)"""
MARKED = "() => Array.from(document.querySelectorAll('#text a.h:not(.off)'), e => e.textContent)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, article, related, codebook):
    """Three pages: English, Arabic, and one about a text that tries to break out."""
    folder = tmp_path_factory.mktemp("report")
    human = fr.read_coding_sheet(ROOT / "corpora" / "related" / "codings", related)
    make = functools.partial(fr.report, resamples=50, topics=False)
    make(article, related, codebook, human=human).save(folder / "en.html")
    # Negated, cancelled, overlapping and quoted hits, in an Arabic interface.
    text = "أكدت روسيا أنه لا تعاون مع كوبا. قال بوتين إن الصداقة مع كوبا متينة. فرض الحكم عقوبات على اللاعب."
    odd = fr.Document(id="odd", text=text, title="Cuba وروسيا", event="visit-2018", language="ar")
    make(odd, related, codebook, human=human, ui="ar").save(folder / "ar.html")
    bad = fr.Document(id=HOSTILE, text=f"تعاون {HOSTILE} صداقة.", title=HOSTILE, outlet=HOSTILE)
    book = fr.Codebook.from_dict({"alliance": ["تعاون", "صداقة"]}, name=HOSTILE)
    make(bad, [fr.Document(id="o", text=HOSTILE)], book, labels={"alliance": HOSTILE}).save(folder / "bad.html")
    return folder


@pytest.fixture
def opened(chromium, folder):
    """Open a page in a window of its own; at the end nothing may have failed and nothing may have been asked for."""
    faults: list[str] = []
    with contextlib.ExitStack() as stack:

        def open_page(name, *, width=1280, theme="light", **more):
            options = {"viewport": {"width": width, "height": 900}, "color_scheme": theme, **more}
            window = stack.enter_context(contextlib.closing(chromium.new_context(**options)))
            page = window.new_page()
            page.on("console", lambda message: faults.append(f"console: {message.text}"))
            page.on("pageerror", lambda error: faults.append(f"error: {error}"))
            page.on("request", lambda request: asked.append(request.url))
            asked: list[str] = []
            page.goto((folder / f"{name}.html").as_uri())
            stack.callback(lambda: faults.extend(f"asked for {url}" for url in asked[1:] if url != "data:,"))
            return page

        yield open_page
    assert not faults


def test_the_keyboard_alone_reaches_filters_and_hits(opened):
    page = opened("en")
    every = page.evaluate(MARKED)
    assert len(every) > 15
    assert page.evaluate("getComputedStyle(document.getElementById('text')).direction") == "rtl"
    assert page.evaluate("document.documentElement.dir") == "ltr"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # from the beginning of the report to the first filter
    assert page.evaluate("document.activeElement.name") == "frame"
    page.keyboard.press("Space")
    left = page.evaluate(MARKED)
    assert 0 < len(left) < len(every)
    assert (
        page.locator("#count").inner_text()
        == f"{page.locator('#evidence tbody tr:not([hidden])').count()} of 27 hits marked"
    )
    page.keyboard.press("Space")
    assert page.evaluate(MARKED) == every
    for _ in range(10):  # on to the checkbox of cancelled hits
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "cancelled":
            break
    page.keyboard.press("Space")
    assert len(page.evaluate(MARKED)) > len(every)
    assert page.locator("#text a.can").count() > 0
    page.keyboard.press("Tab")  # the entries
    page.keyboard.press("ArrowDown")
    assert 0 < len(page.evaluate(MARKED)) < len(every)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # show all again
    page.wait_for_function(f"document.querySelectorAll('#text a.h:not(.off)').length === {len(every)}")
    page.keyboard.press("Tab")  # the first hit
    first = page.evaluate("document.activeElement.textContent")
    assert first == every[0]
    tip = page.locator("#tip")
    assert tip.is_visible()
    assert "Entry" in tip.inner_text()
    assert "Rule" in tip.inner_text()
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.tagName === 'TR'")
    assert page.evaluate("document.activeElement.cells[0].textContent") == first
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # and back to the words
    page.wait_for_function("location.hash.startsWith('#t')")


def test_pointing_explains_and_leaving_hides(opened):
    page = opened("en")
    hit = page.locator("#text a.h:not(.off)").first
    hit.hover()
    assert page.locator("#tip").is_visible()
    page.mouse.move(5, 5)
    page.wait_for_selector("#tip", state="hidden")


def test_negated_and_cancelled_hits_are_seen_on_demand_only(opened):
    page = opened("ar")
    before = page.evaluate(MARKED)
    assert "تعاون" not in before
    page.check("input[value=negated]")
    page.check("input[value=cancelled]")
    after = page.evaluate(MARKED)
    assert len(after) > len(before)
    assert page.locator("#text a.neg").inner_text() == "تعاون"
    assert "line-through" in page.locator("#text a.neg").evaluate("e => getComputedStyle(e).textDecorationLine")
    page.locator("#text a.neg").focus()
    assert "منفية" in page.locator("#tip").inner_text()
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"


@pytest.mark.parametrize("name", ["en", "ar", "bad"])
@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_phone(opened, name, width):
    page = opened(name, width=width, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(TOO_WIDE) == []
    gaps = page.evaluate("Array.from(document.querySelectorAll('.pair'), p => p.offsetHeight).filter(h => h > 90)")
    assert gaps == []


@pytest.mark.parametrize("name", ["en", "ar"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened, skip, name, theme):
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        skip("axe-playwright-python is not installed")
    axe = Axe()
    for width in (1280, 390):
        page = opened(name, theme=theme, width=width)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        page.locator("#text a.h:not(.off)").first.focus()
        found = axe.run(page).response
        assert len(found["passes"]) > 20
        serious = [
            f"{one['id']}: {one['help']}: {[node['html'][:150] for node in one['nodes'][:3]]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []


def test_colours_can_be_chosen(opened):
    page = opened("en", theme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(colour)
    page.click("#theme")
    light = page.evaluate(colour)
    page.click("#theme")
    assert page.evaluate(colour) == dark != light
    assert page.locator("#theme").inner_text() == "Colours: dark"


def test_hostile_text_does_nothing(opened):
    page = opened("bad")
    page.wait_for_timeout(200)
    assert page.title() != "owned"
    assert page.locator("img").count() == 0
    assert "<script>" in page.locator("#text").inner_text()
    assert page.locator("h1").inner_text().startswith("<script>")


def test_without_script_all_is_there_to_read(chromium, folder):
    with contextlib.closing(chromium.new_context(java_script_enabled=False)) as window:
        page = window.new_page()
        page.goto((folder / "en.html").as_uri())
        assert not page.locator("#filters").is_visible()
        page.locator("#text a.h:not(.off)").first.click()
        assert page.locator("#evidence").count() == 1
        assert page.locator("#text").is_visible()


def test_print_opens_everything_and_hides_the_controls(opened):
    page = opened("en")
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#evidence tbody tr").first.is_visible()


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(chromium, folder):
    text = (folder / "en.html").read_text("utf-8")
    shown = fr.Report(text, "a", {})._repr_html_()
    with contextlib.closing(chromium.new_context()) as window:
        page = window.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_content(f"<!doctype html><body>{shown}")
        inside = page.frame_locator("iframe")
        inside.locator("#filters").wait_for(state="visible")
        inside.locator("#filters input[name=frame]").first.uncheck()
        assert not faults
