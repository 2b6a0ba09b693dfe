"""The web page as a browser reads it: structure, safety, and numbers that are those of the results."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from hipevidence import format as fmt

if TYPE_CHECKING:
    from hipevidence.synthesis import Synthesis

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Elements with their attributes, open tags, and the text outside style and pictures."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.pieces: list[str] = []
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "svg", "script"} & set(self.open):
            self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(attribute)) is not None]


@pytest.fixture(scope="module")
def page(nap_files: dict[str, bytes]) -> Page:
    return Page(nap_files["index.html"])


def test_every_element_that_opens_closes(page: Page) -> None:
    assert page.open == []


def test_ids_are_unique_and_links_inside_lead_somewhere(page: Page) -> None:
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    inside = [href for href in page.values("href") if href.startswith("#")]
    assert inside
    assert {href[1:] for href in inside} <= set(ids)


def test_nothing_is_loaded_and_only_the_script_of_the_page_runs(page: Page, nap_files: dict[str, bytes]) -> None:
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"iframe", "object", "embed", "base", "form", "b", "i"}
    assert not page.values("src")
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    loaded = [attributes["href"] for tag, attributes in page.elements if tag in {"link", "image"}]
    assert loaded == ["data:,"]
    assert not re.search(rb"@import|url\(\s*['\"]?(?!#)", nap_files["index.html"])
    policy = [attributes["content"] for _, attributes in page.elements if "http-equiv" in attributes]
    (script,) = re.findall(rb"<script>(.*?)</script>", nap_files["index.html"], flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert policy == [f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"]


def test_links_out_are_web_addresses(page: Page) -> None:
    outside = [href for href in page.values("href") if not href.startswith("#") and href != "data:,"]
    assert outside
    assert all(href.startswith(("https://", "http://")) for href in outside)


def test_hostile_text_is_shown_as_it_is(page: Page, hostile_texts: tuple[str, ...]) -> None:
    for hostile in hostile_texts:
        assert hostile in page.text


def test_every_table_has_a_caption_and_every_picture_a_name(page: Page, nap_files: dict[str, bytes]) -> None:
    tables = re.findall(rb"<table.*?</table>", nap_files["index.html"], flags=re.DOTALL)
    assert tables
    assert all(re.search(rb"<caption[^>]*>[^<]+</caption>", table) for table in tables)
    letters, *pictures = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert letters["aria-hidden"] == "true"  # drawn once for all pictures
    assert len(pictures) == 6
    assert all(picture["role"] == "img" and picture["aria-label"] for picture in pictures)


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_chapters_stand_in_order(page: Page) -> None:
    titles = (
        "What we can say today",
        "Summary of findings",
        "Statement by statement",
        "The questions",
        "Data and sources",
    )
    places = [page.text.rindex(title) for title in titles]
    assert places == sorted(places)


def test_numbers_are_those_of_the_results(page: Page, nap_syntheses: tuple[Synthesis, ...]) -> None:
    naps = nap_syntheses[0]
    result = naps.primary.result
    assert result is not None
    assert f"{fmt.estimate(result.estimate, result.ci)}, {naps.scale}" in page.text
    for row in naps.rows:
        assert f"{fmt.number(row.yi)} ({fmt.interval(row.ci)})" in page.text
        assert fmt.percent(row.weight, 1) in page.text
    for analysis in naps.sensitivity:
        assert analysis.result is not None
        assert f"{fmt.number(analysis.result.estimate)} ({fmt.interval(analysis.result.ci)})" in page.text


def test_a_proportion_is_printed_as_a_percentage(page: Page, nap_syntheses: tuple[Synthesis, ...]) -> None:
    result = nap_syntheses[1].primary.result
    assert result is not None
    shown = [
        fmt.proportion(nap_syntheses[1].display(value)) for value in (result.estimate, result.ci.low, result.ci.high)
    ]
    assert f"{shown[0]} (95% CI {shown[1]} to {shown[2]})" in page.text


def test_the_page_says_what_is_easy_to_read_and_what_null_results_do(page: Page) -> None:
    assert "What is easy to read is what favours napping" in page.text
    assert "When 1 known null result counts as zero, the estimate becomes" in page.text


def test_figures_as_printed_keep_their_zeros(page: Page) -> None:
    assert "3.10 (2.0), n = 20" in page.text


def test_level_and_upright_strokes_are_written_by_their_end_alone(nap_files: dict[str, bytes]) -> None:
    content = nap_files["index.html"]
    assert re.search(rb'd="M[-\d.]+ [-\d.]+[HV][-\d.]+', content)
    assert not re.search(rb"M([-\d.]+) [-\d.]+L\1 [-\d.]+[M\"]|M[-\d.]+ ([-\d.]+)L[-\d.]+ \2[M\"]", content)
