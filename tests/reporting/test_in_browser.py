"""The pages as people meet them: in Chromium, on a phone, with the keyboard only, read out by a screen reader.

Needs Chromium on the machine; is skipped, with that reason, where there is none.
"""

from __future__ import annotations

import shutil
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from hipevidence.claims.check import check_text
from hipevidence.claims.documents import as_document
from hipevidence.evidence import load_evidence
from hipevidence.reporting.annotated import annotated_html
from hipevidence.reporting.parts.people import people_part
from hipevidence.synthesis import synthesise
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


# ------------------------------------------------------------------ the report


@pytest.fixture
def nap_page(nap_files: dict[str, bytes], tmp_path: Path) -> Path:
    """A small report with hostile names, as a file."""
    return saved(tmp_path, nap_files, "index.html")


@pytest.fixture
def report(visit: Callable[..., Page], nap_page: Path) -> Page:
    return visit(nap_page)


def column(page: Page, table: str, place: int) -> list[str]:
    return page.locator(f"#{table} tbody tr:visible > :nth-child({place})").all_inner_texts()


def opened(page: Page) -> Page:
    """Open the folded table of all rows."""
    page.locator("summary").filter(has_text="Every row of the table").click()
    return page


def test_a_press_on_a_heading_sorts_numbers_by_size_and_a_third_one_restores_the_order(report: Page) -> None:
    table = "studies-nap\\.sleepiness"
    effects = column(report, table, 4)
    sizes = sorted(effects, key=lambda text: float(text.split()[0].replace("−", "-")))
    heading = report.locator(f"#{table} th").filter(has_text="Effect")
    for state, expected in (("ascending", sizes), ("descending", sizes[::-1]), (None, effects)):
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == state
        assert column(report, table, 4) == expected
    assert sizes[0].startswith("−")
    assert effects != sizes


def test_a_filter_leaves_the_rows_that_carry_every_word(report: Page) -> None:
    opened(report)
    tools = report.locator(".table-tools").filter(has=report.get_by_label("Filter rows: Every row of the table"))
    rows = len(column(report, "all-rows", 1))
    tools.get_by_role("searchbox").fill("2021 excluded")
    assert column(report, "all-rows", 1) == ["eta2021.sleepiness.6w"]
    expect(tools.locator("output")).to_have_text(f"1 of {rows} rows shown")
    tools.get_by_role("button", name="Show all rows").click()
    assert len(column(report, "all-rows", 1)) == rows
    expect(tools.locator("output")).to_be_empty()


def test_rows_are_hidden_one_by_one_with_the_keyboard(report: Page) -> None:
    opened(report)
    tools = report.locator(".table-tools").filter(has=report.get_by_label("Filter rows: Every row of the table"))
    tools.get_by_role("button", name="Hide rows").press("Enter")
    names = [text.removeprefix("×").strip() for text in column(report, "all-rows", 1)]
    report.get_by_label(f"Hide row: {names[0]}").press("Enter")
    assert report.evaluate("document.activeElement.getAttribute('aria-label')") == f"Hide row: {names[1]}"
    report.keyboard.press("Enter")
    expect(tools.locator("output")).to_have_text(f"{len(names) - 2} of {len(names)} rows shown")
    report.emulate_media(media="print")  # controls go, but not the word that rows are missing
    expect(tools.get_by_role("button")).to_have_count(0)
    expect(tools.locator("output")).to_be_visible()


def test_a_place_is_found_by_its_words_and_reached_with_enter(report: Page) -> None:
    report.locator("#find").press_sequentially("row every table")
    assert report.locator(".found a").all_inner_texts() == ["Every row of the table of results, and what became of it"]
    report.locator("#find").press("Enter")
    expect(report.locator("#all-rows")).to_be_in_viewport()  # it was folded away
    report.locator("#find").fill("evil[typst] nothing")
    title = "#evil[typst] $x^2$ *bold* found nothing"
    expect(report.locator(".found a")).to_have_text([title, title])  # in the summary of findings, and its own place
    report.locator("#find").fill("no such words")
    expect(report.locator(".find output")).to_have_text("0 places")


def test_a_statement_is_found_by_what_it_says(report: Page, hostile_texts: tuple[str, ...]) -> None:
    report.locator("#find").fill("alert(1) C01")
    expect(report.locator(".found a")).to_have_text([f"C01 {hostile_texts[0]}"])
    report.locator(".found a").click()
    expect(report.locator("#claim-C01")).to_be_in_viewport()


def test_a_number_in_a_sentence_leads_to_the_rows_behind_it(report: Page) -> None:
    question = report.locator(".question").first
    question.locator(".answer a").first.click()
    expect(report.locator("#studies-nap\\.sleepiness tbody tr").first).to_be_in_viewport()
    question.locator(".answer a[href^='#missing-']").first.click()
    expect(report.locator("#missing-nap\\.sleepiness tbody tr").first).to_be_in_viewport()


def test_what_is_copied_says_what_it_is_about(report: Page) -> None:
    question = report.locator(".question").first
    title, value, note = (
        question.locator(part).first.inner_text() for part in ("h3", ".facts .value", ".facts .aside >> nth=0")
    )
    question.get_by_role("button", name="Copy: Estimate").click()
    expect(question.locator(".facts .copy").first).to_have_text("Copied")
    interval = note.split("\n")[0]
    assert pasted(report, "#find") == f"{title}. Estimate {value} ({interval})."
    question.get_by_role("button", name="Copy answer").click()
    expect(question.locator(".answer .copy")).to_have_text("Copied")
    sentences = " ".join(question.locator(".answer p").all_inner_texts())
    assert pasted(report, "#find") == f"{title}: {sentences}"
    report.get_by_role("button", name="Copy text").first.click()
    paper = report.locator("[id^='words-']").first.locator("p").all_inner_texts()
    assert pasted(report, "#find").split() == " ".join(paper).split()
    report.get_by_role("button", name="Copy sentence").first.click()
    assert pasted(report, "#find") == report.locator(".carried p:last-of-type").first.inner_text()


def test_the_source_of_a_study_is_shown_to_mouse_and_keyboard(report: Page, hostile_texts: tuple[str, ...]) -> None:
    link = report.locator("#studies-nap\\.sleepiness a[href^='#row-']").first
    card = report.locator("#source")
    link.hover()
    expect(card).to_be_visible()
    assert words("tired people: napping, against walking") in words(card.inner_text())
    assert hostile_texts[0] in card.inner_text()  # the title of the paper
    card.hover()  # it stays while the pointer is on it
    report.wait_for_timeout(400)
    expect(card).to_be_visible()
    report.keyboard.press("Escape")
    expect(card).to_have_count(0)
    link.focus()
    expect(card).to_be_visible()
    assert link.get_attribute("aria-describedby") == "source"
    report.keyboard.press("Tab")
    report.keyboard.press("Escape")  # from inside: back on the link, without the card
    expect(card).to_have_count(0)
    expect(link).to_be_focused()
    report.keyboard.press("Shift+Tab")
    link.focus()
    while focused(report) != "Go to the row":
        report.keyboard.press("Tab")
        expect(card).to_be_visible()
    report.keyboard.press("Enter")
    expect(report.locator("#row-alpha2010\\.sleepiness\\.6w")).to_be_in_viewport()
    expect(card).to_have_count(0)


def test_the_source_of_a_study_is_shown_by_a_first_tap(visit: Callable[..., Page], nap_page: Path) -> None:
    page = visit(nap_page, **PHONE)
    link = page.locator("#studies-nap\\.sleepiness a[href^='#row-']").first
    link.tap()
    expect(page.locator("#source")).to_be_visible()
    assert "#" not in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    link.tap()
    assert page.url.endswith("#row-alpha2010.sleepiness.6w")
    expect(page.locator("#source")).to_have_count(0)


def test_a_link_to_a_row_that_is_filtered_away_brings_it_back(report: Page) -> None:
    opened(report)
    report.get_by_label("Filter rows: Every row of the table").fill("eta2021")
    report.locator("#studies-nap\\.sleepiness a[href^='#row-']").first.click()
    expect(report.locator("#row-alpha2010\\.sleepiness\\.6w")).to_be_in_viewport()


def test_without_scripts_the_report_is_whole_and_has_no_dead_button(visit: Callable[..., Page], nap_page: Path) -> None:
    page = visit(nap_page, java_script_enabled=False)
    expect(page.locator("button, input")).to_have_count(0)
    for heading in ("What we can say today", "Summary of findings", "The questions", "Data and sources", "Methods"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    opened(page).locator("#studies-nap\\.sleepiness a[href^='#row-']").first.click()
    expect(page.locator("#row-alpha2010\\.sleepiness\\.6w")).to_be_in_viewport()


def test_print_shows_every_row_and_no_control(report: Page) -> None:
    report.emulate_media(media="print")
    expect(report.locator("button:visible, input:visible, nav:visible, .to-contents:visible")).to_have_count(
        report.locator(".sort:visible").count()  # headings of columns
    )
    expect(report.locator("#all-rows tbody tr").first).to_be_visible()


def test_hostile_rows_are_shown_as_text_in_the_report(report: Page, hostile_texts: tuple[str, ...]) -> None:
    expect(report.locator("script")).to_have_count(1)
    opened(report)
    shown = words(report.locator("main").inner_text())
    for text in hostile_texts:
        assert words(text) in shown


@SCREENS
def test_findings_are_a_table_on_a_desk_and_cards_on_a_phone(
    screen: dict[str, Any], visit: Callable[..., Page], nap_page: Path
) -> None:
    page = visit(nap_page, **screen)
    table = page.locator("#findings table").first
    expect(table.get_by_role("rowheader")).to_have_count(table.locator("tbody tr").count())
    expect(table.get_by_role("columnheader")).to_have_count(0 if screen is PHONE else 8)
    cells = [table.locator("tbody tr").first.locator("td").nth(place).bounding_box() for place in (0, 1)]
    first, second = (cell or pytest.fail("not shown") for cell in cells)
    assert (first["x"] == second["x"]) == (screen is PHONE)
    table.locator("a[href^='#findings-']").first.click()
    expect(page.locator(".footnote:target")).to_be_in_viewport()


# ------------------------------------------------------------------ every page


@PAGES
@SCREENS
def test_no_page_is_wider_than_its_screen(name: str, screen: dict[str, Any], visit: Callable[..., Page]) -> None:
    page = visit(ROOT / "reports" / name, **screen)
    for details in ("closed", "open"):
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["viewport"]["width"], details
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.parametrize("question", ["prevention.knee_pain", "risk.worse_knee_pain_women"])
def test_pictures_of_people_are_read_on_a_phone_without_zooming(
    question: str, visit: Callable[..., Page], tmp_path: Path
) -> None:
    """Their type of 9 points is shown with 12 pixels or more, and nothing is cut off at the side."""
    evidence = load_evidence(ROOT / "data")
    part = people_part(evidence, synthesise(evidence, evidence.question(question)))
    assert part is not None
    pictures = "".join(f'<figure><div class="scroll paper">{one.svg}</div></figure>' for one in part.figures)
    style = files("hipevidence.reporting.templates").joinpath("report.css").read_text(encoding="utf-8")
    path = tmp_path / "people.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><style>{style}</style><main>{pictures}</main>", encoding="utf-8"
    )
    page = visit(path, **PHONE)
    sizes = page.eval_on_selector_all(
        ".paper",
        """found => found.map(one => {
            const svg = one.querySelector("svg");
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            return [9 * scale, one.scrollWidth - one.clientWidth];
        })""",
    )
    assert len(sizes) == len(part.figures) > 0
    for pixels, hidden in sizes:
        assert pixels >= 12
        assert hidden == 0


def serious(page: Page, **options: Any) -> list[tuple[str, str]]:
    """What axe finds that is serious or critical: the rule, and the first place.

    Pictures are one element to a screen reader (role img), so what they are made of is taken out first: axe would
    look at each letter. So are the further rows of long tables, which are built alike. Lists of what passed are not
    asked for: on a page of this size they take minutes.
    """
    page.evaluate("""() => {
        document.querySelectorAll("svg[role=img]").forEach((picture) => picture.replaceChildren());
        document.querySelectorAll("tbody tr:nth-child(n + 5)").forEach((row) => row.remove());
        document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
    }""")
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
