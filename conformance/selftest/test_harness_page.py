"""The page in headless Chromium: what it loads, how it fits, reads, and is used by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import report as reports
from conformance.selftest.browser import CHROMIUM, Browser, browser
from conformance.selftest.large_streams import stream, two_butlers

pytestmark = pytest.mark.skipif(
    not CHROMIUM,
    reason="the page is looked at in Chromium, which is not installed: apt-get install chromium",
)

UNFOLD = "document.querySelectorAll('details').forEach(part => part.open = true)"
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
SHOWN = "document.querySelector('output[name=shown]').value"
AWAY = """
(() => {
  const target = document.getElementById(%r);
  const box = target.getBoundingClientRect();
  return [box.height > 0, box.top >= 0 && box.top < innerHeight, target.open ?? null];
})()
"""
# Each text with the colour it has and the one behind it, as the browser computes them.
FAINT = """
(() => {
  const context = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const seen = new Map();
  const parts = (colour) => {
    if (!seen.has(colour)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      seen.set(colour, [...context.getImageData(0, 0, 1, 1).data]);
    }
    return seen.get(colour);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let place = element; place; place = place.parentElement) {
      const colour = parts(getComputedStyle(place).backgroundColor);
      if (colour[3] === 255) return colour.slice(0, 3);
      if (colour[3] !== 0) throw new Error(`${place.className}: half transparent`);
    }
    throw new Error("no colour behind");
  };
  const faint = new Set();
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    texts += 1;
    const style = getComputedStyle(element);
    if (style.opacity !== "1") throw new Error(`${element.className}: opacity`);
    const levels = [parts(style.color).slice(0, 3), behind(element)].map(luminance).sort();
    const [low, high] = levels[0] < levels[1] ? levels : levels.reverse();
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) {
      faint.add(`${contrast.toFixed(2)} ${element.className || element.tagName}`);
    }
  }
  return {texts, faint: [...faint]};
})()
"""
CONTROLS = """
[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility() && !one.closest("details:not([open]) > :not(summary)"))
"""
FOCUSED = f"""
(() => {{
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  return [{CONTROLS}.indexOf(one), marked, one.outerHTML.slice(0, 80)];
}})()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    reports.write(two_butlers(folder), folder)
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> str:
    return (folder / "index.html").as_uri()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page of a run with two families, whose controls can all be visited."""
    folder = tmp_path_factory.mktemp("small")
    reports.write(stream("it", "it", folder, families=("collections", "chains")), folder)
    return (folder / "index.html").as_uri()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture
def page(chromium: Browser) -> Iterator[Browser]:
    chromium.look(1280)
    chromium.problems.clear()
    yield chromium
    assert chromium.problems == []


def test_no_request_leaves_the_file(page: Browser, address: str) -> None:
    page.open(address)
    page.evaluate(UNFOLD)
    page.evaluate("document.querySelectorAll('img').forEach(image => image.scrollIntoView())")
    outside = [one for one in page.requests if not one.startswith("data:image/png;base64,")]
    assert outside == [address]
    assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_horizontal_scroll(width: int, page: Browser, address: str) -> None:
    page.look(width)
    page.open(address)
    page.evaluate(UNFOLD)
    whole, window = page.evaluate(WIDTHS)
    assert whole <= window


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_text_can_be_read(width: int, dark: bool, page: Browser, address: str) -> None:
    page.look(width, dark=dark)
    page.open(address)
    page.evaluate(UNFOLD)
    found = page.evaluate(FAINT)
    assert found["texts"] > 3000
    assert found["faint"] == []


def test_the_dark_scheme_is_another(page: Browser, address: str) -> None:
    paper = []
    for dark in (False, True):
        page.look(1280, dark=dark)
        page.open(address)
        paper.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert paper == ["rgb(251, 250, 246)", "rgb(19, 21, 25)"]


def test_tab_visits_every_control_and_marks_it(page: Browser, small: str) -> None:
    page.open(small)
    count = page.evaluate(f"{CONTROLS}.length")
    assert count > 60
    visited = []
    for _ in range(count):
        page.press("Tab")
        number, is_marked, what = page.evaluate(FOCUSED)
        assert number >= 0, what
        assert is_marked, f"the focus on {what} is not seen"
        visited.append(number)
    assert visited == list(range(count))


def focus(page: Browser, selector: str) -> None:
    """Go to a control with the Tab key alone."""
    for _ in range(400):
        page.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"Tab does not come to {selector}")


def test_filters_by_keyboard_and_in_the_address(page: Browser, address: str) -> None:
    page.open(address)
    assert page.evaluate(SHOWN) == "All 112 rows and 326 cases are shown."
    focus(page, "input[value=failed]")
    page.press(" ")
    assert page.evaluate(SHOWN) == "4 of 112 rows and 4 of 326 cases are shown."
    focus(page, "select[name=family]")
    page.press("c")
    page.press("o")
    assert page.evaluate(SHOWN) == "2 of 112 rows and 2 of 326 cases are shown."
    focus(page, "input[name=text]")
    page.write("LEVELS 7")
    assert page.evaluate(SHOWN) == "1 of 112 rows and 1 of 326 cases are shown."
    sent = page.evaluate("location.href")
    assert sent == f"{address}#?verdict=failed&family=collections&text=LEVELS+7"
    page.open(sent)
    assert page.evaluate(SHOWN) == "1 of 112 rows and 1 of 326 cases are shown."
    assert page.evaluate("document.querySelector('input[value=failed]').checked")
    focus(page, "button[type=reset]")
    page.press("Enter")
    page.evaluate("new Promise(done => setTimeout(done, 20))")
    assert page.evaluate(SHOWN) == "All 112 rows and 326 cases are shown."


def test_requirements_without_a_case_can_be_asked_for(page: Browser, address: str) -> None:
    page.open(f"{address}#?verdict=no-case")
    assert page.evaluate(SHOWN) == "1 of 112 rows and 0 of 326 cases are shown."
    assert page.evaluate("document.getElementById('COL-12').checkVisibility()")
    page.open(f"{address}#?text=nowhere+to+be+found")
    assert page.evaluate("document.getElementById('nothing-shown').checkVisibility()")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["COL-07", "QRY-11", "FND-03.with-tag", "REPO.two_runs"])
def test_a_link_shows_what_it_names(name: str, width: int, page: Browser, address: str) -> None:
    page.look(width)
    page.open(f"{address}#{name}")
    is_there, in_sight, is_open = page.evaluate(AWAY % name)
    assert (is_there, in_sight) == (True, True)
    assert is_open in (None, True)
    if "." not in name:
        assert page.evaluate(f"document.getElementById({name!r}).querySelector('details').open")


def test_a_link_lifts_the_filters_that_hide_what_it_names(page: Browser, address: str) -> None:
    page.open(f"{address}#?verdict=failed&family=chains")
    assert not page.evaluate("document.getElementById('COL-08').checkVisibility()")
    page.evaluate("location.hash = '#COL-08'")
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    assert page.evaluate("document.getElementById('COL-08').checkVisibility()")
    assert page.evaluate(SHOWN) == "All 112 rows and 326 cases are shown."


def test_pictures_slide_by_keyboard(page: Browser, address: str) -> None:
    page.open(f"{address}#PIC-01.in-order")
    focus(page, "#PIC-01\\.in-order input[type=range]")
    clip = "getComputedStyle(document.querySelector('.slide .upper')).clipPath"
    assert "50%" in page.evaluate(clip)
    page.press("End")
    assert "0%" in page.evaluate(clip)
    page.press("Home")
    assert "100%" in page.evaluate(clip)
    text = page.evaluate("document.querySelector('.comparison .message').textContent")
    assert text == (
        "cell-11-pixels 272 of 43,200 pixels differ, the first at column 104, row 44, "
        "all in columns 104 to 120 and rows 44 to 59."
    )


def test_commands_are_copied_as_they_are(page: Browser, address: str) -> None:
    page.open(address)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    page.evaluate("document.querySelector('#COL-03\\\\.after .copy').click()")
    page.evaluate("new Promise(done => setTimeout(done, 20))")
    assert page.evaluate("window.copied") == (
        "butler-conformance replay COL-03.after --butler butler_core"
    )


def test_failures_are_open_and_passes_folded(page: Browser, address: str) -> None:
    page.open(address)
    opened = page.evaluate("[...document.querySelectorAll('.case[open]')].map(one => one.id)")
    wrong = ["COL-03.after", "COL-07.in-order", "CHN-03.after", "LAW-01.in-order"]
    shown = page.evaluate(
        "[...document.querySelectorAll('.case')].filter(one => one.querySelector('pre')"
        ".checkVisibility()).map(one => one.id)"
    )
    assert set(shown) == {*wrong, "PIC-01.in-order"}
    assert set(shown) <= set(opened)
    links = page.evaluate("[...document.querySelectorAll('.wrong li > a')].map(a => a.hash)")
    assert links == [f"#{name}" for name in (*wrong, "PIC-01.in-order")]


def test_all_can_be_read_without_scripts(page: Browser, address: str) -> None:
    page.open(f"{address}#COL-07.after", scripts=False)
    assert page.evaluate("document.querySelector('form.filters').hidden")
    assert page.evaluate("document.getElementById('COL-07.after').checkVisibility()")
    assert page.evaluate("document.querySelectorAll('.copy:not([hidden])').length") == 0
    assert page.evaluate("document.querySelectorAll('.trio img').length") == 3


def test_the_page_loads_soon_and_prints(page: Browser, address: str) -> None:
    page.open(address)
    took = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert took < 5000
    printed = page.call("Page.printToPDF")
    assert len(printed["data"]) > 100_000
