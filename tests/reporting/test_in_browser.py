"""The pages as people meet them: in Chromium, on a phone, with the keyboard only, read out by a screen reader.

Needs Chromium on the machine; is skipped, with that reason, where there is none.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from hipevidence.claims.check import check_text
from hipevidence.claims.documents import as_document
from hipevidence.reporting.annotated import annotated_html
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hipevidence.evidence import Evidence

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
PAGES = pytest.mark.parametrize("name", ["index.html", "verified_figures.html"])
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as play:
        # The sandbox and shared memory of Chromium need rights that a container does not give.
        started = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Page]]:
    """Open a page; whatever the browser complains about on it fails the test."""
    complaints: list[str] = []
    opened = []

    def open_page(path: Path, **context: Any) -> Page:
        opened.append(browser.new_context(**DESKTOP | context))
        page = opened[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_page
    for one in opened:
        one.close()
    assert complaints == []


@pytest.fixture
def verified(visit: Callable[..., Page]) -> Page:
    return visit(ROOT / "reports" / "verified_figures.html")


@pytest.fixture
def annotated(tmp_path: Path, nap_evidence: Evidence, hostile_texts: tuple[str, ...]) -> Path:
    """A checked text whose name, words and evidence would like to be markup."""
    wrong = "In tired people, napping always reduces sleepiness by 79% compared with walking."
    text = "\n\n".join(f"{hostile} {wrong}" for hostile in hostile_texts)
    document = as_document(text, "<script>alert('name')</script>\u202e\".txt", "txt")
    findings = check_text(document, nap_evidence)
    assert findings
    path = tmp_path / "checked.html"
    path.write_bytes(annotated_html([document], findings))
    return path


def saved(folder: Path, files: dict[str, bytes], name: str) -> Path:
    path = folder / name
    path.write_bytes(files[name])
    return path


def pasted(page: Page, field: str) -> str:
    """Return what pasting into a field of the page writes there."""
    page.locator(field).fill("")
    page.locator(field).press("Control+V")
    return page.locator(field).input_value()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


def words(text: str) -> str:
    return " ".join(text.split())


# ------------------------------------------------------------------ figures for print


def test_search_leaves_the_entries_that_carry_every_word(verified: Page) -> None:
    cards = verified.locator(".figure-card:visible")
    everything = cards.count()
    verified.locator("#search").press_sequentially("hip pain")
    left = cards.all_inner_texts()
    assert 0 < len(left) < everything
    assert all("hip" in text.lower() and "pain" in text.lower() for text in left)
    expect(verified.locator("#count")).to_have_text(f"{len(left)} of {everything} entries")
    verified.locator("#search").fill("no such word")
    expect(cards).to_have_count(0)
    expect(verified.locator("#count")).to_have_text(f"0 of {everything} entries")


def test_a_copied_sentence_is_the_sentence_on_the_page(verified: Page) -> None:
    button = verified.locator("button[data-copies^=sentence]").first
    sentence = verified.locator(f"#{button.get_attribute('data-copies')}").inner_text()
    button.click()
    expect(button).to_have_text("Copied")
    assert pasted(verified, "#search") == sentence


def test_a_button_pressed_twice_gets_its_name_back(verified: Page) -> None:
    button = verified.locator("button[data-copies^=sentence]").first
    button.click()
    button.click()
    expect(button).to_have_text("Copied")
    expect(button).to_have_text("Copy sentence")
    verified.wait_for_timeout(2_000)
    expect(button).to_have_text("Copy sentence")


def test_the_keyboard_alone_finds_and_copies(verified: Page) -> None:
    verified.keyboard.press("Tab")
    assert focused(verified) == "Skip to the content"
    expect(verified.locator(".skip")).to_be_in_viewport()
    verified.keyboard.press("Tab")
    assert focused(verified) == "search"
    verified.keyboard.type("hip pain")
    verified.keyboard.press("Tab")
    assert focused(verified) == "Copy sentence"
    sentence = verified.locator(".figure-card:visible .sentence").first.inner_text()
    verified.keyboard.press("Enter")
    assert focused(verified) == "Copied"  # and the focus has stayed where it was
    verified.keyboard.press("Shift+Tab")
    assert focused(verified) == "search"
    assert pasted(verified, "#search") == sentence


def test_without_scripts_the_figures_are_all_there_and_no_dead_button(visit: Callable[..., Page]) -> None:
    page = visit(ROOT / "reports" / "verified_figures.html", java_script_enabled=False)
    assert page.locator(".figure-card:visible").count() == page.locator(".figure-card").count() > 0
    expect(page.locator("button:visible, input:visible")).to_have_count(0)


# ------------------------------------------------------------------ every page


@PAGES
@SCREENS
def test_no_page_is_wider_than_its_screen(name: str, screen: dict[str, Any], visit: Callable[..., Page]) -> None:
    page = visit(ROOT / "reports" / name, **screen)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["viewport"]["width"]


def serious(page: Page, **options: Any) -> list[tuple[str, str]]:
    """What axe finds that is serious or critical: the rule, and the first place.

    Pictures are one element to a screen reader (role img), so what they are made of is taken out first: axe would
    look at each letter. Lists of what passed are not asked for: on a page of this size they take minutes.
    """
    page.evaluate("document.querySelectorAll('svg[role=img]').forEach((picture) => picture.replaceChildren())")
    page.set_default_timeout(300_000)
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}]


@pytest.mark.slow
@PAGES
def test_no_serious_finding_of_the_screen_reader_check(name: str, visit: Callable[..., Page]) -> None:
    assert serious(visit(ROOT / "reports" / name)) == []


@pytest.mark.slow
@PAGES
def test_no_serious_finding_in_the_dark(name: str, visit: Callable[..., Page]) -> None:
    page = visit(ROOT / "reports" / name, color_scheme="dark")
    assert serious(page, runOnly=["color-contrast", "link-in-text-block"]) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_on_a_checked_text(scheme: str, visit: Callable[..., Page], annotated: Path) -> None:
    assert serious(visit(annotated, color_scheme=scheme)) == []


def test_the_screen_reader_check_would_speak_up(visit: Callable[..., Page], annotated: Path) -> None:
    page = visit(annotated)
    page.add_style_tag(content=".passage { color: #bbb; background: #fff; }")
    assert {rule for rule, _ in serious(page)} == {"color-contrast"}


# ------------------------------------------------------------------ hostile text


def test_a_hostile_text_and_its_name_are_shown_as_text(
    visit: Callable[..., Page], annotated: Path, hostile_texts: tuple[str, ...]
) -> None:
    page = visit(annotated, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    expect(page.locator("script")).to_have_count(0)
    assert "<script>alert('name')</script>" in page.locator("h2").inner_text()
    shown = words(page.locator("main").inner_text())
    for text in hostile_texts:
        assert words(text) in shown
    remarks = " ".join(page.locator(".remarks").all_inner_texts())
    assert "Napping against walking <i>" in remarks  # a question's title
    assert """a "double" & 'single' quote""" in remarks  # a study's name
    assert all(page.locator("mark").all_inner_texts())


def test_hostile_rows_are_shown_as_text_among_the_figures(
    visit: Callable[..., Page], nap_files: dict[str, bytes], tmp_path: Path
) -> None:
    page = visit(saved(tmp_path, nap_files, "verified_figures.html"))
    expect(page.locator("script")).to_have_count(1)
    assert "<script>" in page.locator("main").inner_text()
    page.locator("#search").fill("<script>")
    assert page.locator(".figure-card:visible").count()
