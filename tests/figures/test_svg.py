"""The SVG file: the same bytes every time, safe to put into a page, readable for those who cannot see it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from hipevidence.figures import forest, from_effects, svg
from tests.figures.answers import answer, random_rows
from tests.support import ROOT

TITLE = 'Tea & <water> "now"\x1b[31m'
DESCRIPTION = "</desc><script>alert('1')</script> \u202ereversed"
PRINT_HASH = """
import hashlib
from hipevidence.figures import forest, from_effects, svg
answer = from_effects(["First", "Second"], [-0.6, 0.8], [1.76, 8.16])
print(hashlib.sha256(svg(forest(answer), "a", "b", key="tea.sleep")).hexdigest())
"""
XLINK = "{http://www.w3.org/1999/xlink}href"
NAMESPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def markup() -> bytes:
    return svg(forest(answer(random_rows(3))), TITLE, DESCRIPTION, key="tea.sleep")


@pytest.fixture(scope="module")
def root(markup) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - drawn by this program a moment ago


def test_the_same_answer_gives_the_same_bytes():
    one, other = (svg(forest(answer(random_rows(3))), "a", "b", key="k") for _ in range(2))
    assert one == other


@pytest.mark.slow
def test_a_new_process_gives_the_same_bytes():
    given = from_effects(["First", "Second"], [-0.6, 0.8], [1.76, 8.16])
    here = hashlib.sha256(svg(forest(given), "a", "b", key="tea.sleep")).hexdigest()
    there = subprocess.run([sys.executable, "-c", PRINT_HASH], cwd=ROOT, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


def test_ids_are_unique_and_carry_the_key(root):
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert ids
    assert len(ids) == len(set(ids))
    assert all(name.startswith("tea-sleep-") for name in ids)


def test_two_pictures_of_a_page_share_no_id():
    def ids(key: str) -> set[str]:
        drawn = ET.fromstring(svg(forest(answer(random_rows(2))), "a", "b", key=key))  # noqa: S314 - our own
        return {element.attrib["id"] for element in drawn.iter() if "id" in element.attrib}

    assert ids("oa.pain").isdisjoint(ids("oa.function"))


def test_every_reference_is_to_an_id_inside(root):
    ids = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
    references = [element.attrib[XLINK] for element in root.iter() if XLINK in element.attrib]
    assert references
    assert {reference.removeprefix("#") for reference in references} <= ids


def test_nothing_comes_from_elsewhere_and_nothing_runs(markup, root):
    assert not {element.tag.removeprefix(NAMESPACE) for element in root.iter()} & {"script", "image", "foreignObject"}
    text = markup.decode()
    assert "@import" not in text
    assert "url(http" not in text
    assert not any(value.startswith("http") for element in root.iter() for value in element.attrib.values())


def test_title_and_description_are_text_without_control_signs(root):
    title, description = root.find(f"{NAMESPACE}title"), root.find(f"{NAMESPACE}desc")
    assert title.text == 'Tea & <water> "now"[31m'
    assert description.text == "</desc><script>alert('1')</script> reversed"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == f"{title.text}. {description.text}"


def test_it_has_no_date_and_no_version_in_it(markup):
    assert b"<metadata" not in markup
    assert b"<dc:date" not in markup
    assert b"<?xml" not in markup


def test_it_carries_nothing_that_nobody_sees(markup, root):
    used = {element.attrib[XLINK].removeprefix("#") for element in root.iter() if XLINK in element.attrib}
    used |= set(re.findall(r"url\(#([^)]+)\)", markup.decode()))
    assert {element.attrib["id"] for element in root.iter() if "id" in element.attrib} == used
    assert b"<!--" not in markup
    paths = " ".join(element.attrib.get("d", "") for element in root.iter())
    assert not re.search(r"\.\d{3}", paths)
