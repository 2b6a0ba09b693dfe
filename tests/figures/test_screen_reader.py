"""Icon array and fact box as a screen reader meets them: in a page, as a file of their own, and in the report's part.

Needs Chromium and its driver on the machine; is skipped, with that reason, where they are not.
"""

from __future__ import annotations

import html
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from hipevidence.evidence import load_evidence
from hipevidence.figures import svg
from hipevidence.reporting.parts.people import people_part
from hipevidence.synthesis import synthesise
from tests.figures.gallery import drawn
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
Axe = pytest.importorskip("axe_core_python.selenium", reason="axe-core is not installed").Axe

HEAD = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Pictures</title></head>'
PICTURES = [("icon_array", "13"), ("icon_array", "hard"), ("fact_box", "3"), ("fact_box", "hard"), ("risk_curve", "1")]


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    service = shutil.which("chromedriver")
    if chromium is None or service is None:
        pytest.skip("no Chromium with its driver on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    # the sandbox and shared memory of Chromium need rights that a container does not give
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(service))
    yield browser
    browser.quit()


def visit(driver: Any, path: Path, body: str) -> None:
    path.write_text(f"{HEAD}<body>{body}</body></html>", encoding="utf-8")
    driver.get(path.as_uri())


def serious(driver: Any) -> list[tuple[str, str]]:
    """What axe finds that is serious or critical: the rule, and the first place."""
    found = Axe().run(driver)["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}]


def images(driver: Any) -> list[tuple[str, str]]:
    """Role and name of every picture, as the browser tells them to a screen reader."""
    tree = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    found = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if not node["ignored"]]
    return [(role, name) for role, name in found if role in {"image", "img"}]


@pytest.mark.parametrize(("name", "variant"), PICTURES)
def test_a_picture_is_one_image_with_its_numbers_in_words(name, variant, driver, tmp_path):
    figure, said = drawn(name, variant)
    markup = svg(figure, "Picture", said, key=name).decode()
    visit(driver, tmp_path / "page.html", f"<main><h1>Pictures</h1>{markup}</main>")
    assert serious(driver) == []
    ((_, read),) = images(driver)
    assert " ".join(read.split()) == " ".join(f"Picture. {said}".split())


def test_the_check_finds_a_picture_without_words(driver, tmp_path):
    visit(driver, tmp_path / "page.html", '<main><h1>Pictures</h1><svg role="img"><path d="M0 0h9v9z"/></svg></main>')
    assert [rule for rule, _ in serious(driver)] == ["svg-img-alt"]


def test_a_picture_as_a_file_of_its_own(driver, tmp_path):
    figure, said = drawn("icon_array", "13")
    path = tmp_path / "icons.svg"
    path.write_bytes(svg(figure, "Icons", said, key="icons"))
    visit(driver, tmp_path / "page.html", f'<main><h1>Icons</h1><img src="icons.svg" alt="{html.escape(said)}"></main>')
    assert serious(driver) == []
    assert driver.execute_script("return document.images[0].naturalWidth") > 100


@pytest.mark.parametrize("question", ["prevention.knee_pain", "risk.worse_knee_pain_women"])
def test_the_part_of_the_report(question, driver, tmp_path):
    evidence = load_evidence(ROOT / "data")
    part = people_part(evidence, synthesise(evidence, evidence.question(question)))
    assert part is not None
    pictures = "".join(f"<figure>{one.svg}<figcaption>{one.title}</figcaption></figure>" for one in part.figures)
    visit(driver, tmp_path / "page.html", f"<main><h1>{part.title}</h1>{pictures}</main>")
    assert serious(driver) == []
    read = [name for _, name in images(driver)]
    assert [" ".join(name.split()) for name in read] == [f"{one.title}. {one.alt}" for one in part.figures]
