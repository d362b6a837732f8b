"""How does the report look in a browser: does it fit, does its policy hold, is every answer on paper?"""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytest.importorskip("vl_convert", reason="needs the extra: pip install 'errcli[report]'")
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the PATH")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("color", ["light", "dark"])
@pytest.mark.parametrize(("width", "size"), [(390, "narrow"), (820, "wide"), (1400, "wide")])
def test_it_fits_every_width_fetches_nothing_and_offends_no_policy(
    browser: "Browser", sample_report: Path, width: int, size: str, color: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=color)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: told.append(request.url))
    page.goto(sample_report.as_uri())
    assert told == [sample_report.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(
        "[...document.querySelectorAll('svg')].filter(e => e.clientWidth).map(e => e.classList[0])"
    ) == ([size] * 7)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == ("rgb(255, 255, 255)" if color == "light" else "rgb(20, 23, 28)")
    overflowing = page.evaluate(
        "[...document.querySelectorAll('svg text')].filter(e => e.getBoundingClientRect().right > innerWidth)"
        ".map(e => e.textContent)"
    )
    assert overflowing == []
    page.close()


def test_a_bar_has_the_colour_of_the_style_sheet(browser: "Browser", sample_report: Path) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(sample_report.as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('svg .fill-accent')).fill") == "rgb(110, 168, 247)"
    page.close()


def test_on_paper_tables_are_open_and_no_column_is_cut(browser: "Browser", sample_report: Path) -> None:
    page = browser.new_page(viewport={"width": 680, "height": 1000})  # what A4 has between its margins
    page.emulate_media(media="print")
    page.goto(sample_report.as_uri())
    heights = page.evaluate("[...document.querySelectorAll('table')].map(e => e.getBoundingClientRect().height)")
    assert len(heights) == 7
    assert min(heights) > 100
    assert (
        page.evaluate("Math.max(...[...document.querySelectorAll('td')].map(e => e.getBoundingClientRect().right))")
        <= 680
    )
    page.close()


def test_it_prints(browser: "Browser", sample_report: Path) -> None:
    page = browser.new_page()
    page.goto(sample_report.as_uri())
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert 5 <= pages <= 15
    page.close()
