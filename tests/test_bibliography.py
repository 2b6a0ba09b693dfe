"""Every DOI of the documentation and the docstrings is well formed and stands in one list, with one title."""

from __future__ import annotations

import json
import re

import pytest

from tests.support import ROOT

PAGE = ROOT / "docs" / "bibliography.md"
LINE = re.compile(r"^\| `(10\.[^`]+)` \| ([^|]+) \| ([^|]+) \| (✓|) \|$", re.MULTILINE)
FORM = re.compile(r"10\.\d{4,9}/[-\w.();/:<>]+")
START = re.compile(r"10\.\d{4,9}/")
YEAR = re.compile(r"\b(18|19|20)\d\d$")
SOURCES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "hipevidence/**/*.py", "hipevidence/**/method*.*", "validation/**/*.md")
    for path in ROOT.glob(pattern)
    if path != PAGE and "_build" not in path.parts
) + sorted((ROOT / "notebooks").glob("*.ipynb"))
#: Not a paper: what stands for any DOI in examples.
PLACEHOLDERS = ("10.1000/",)


def entries():
    return LINE.findall(PAGE.read_text(encoding="utf-8"))


def listed():
    references = json.loads((ROOT / "data" / "references.json").read_text(encoding="utf-8"))
    read = [entry["DOI"] for entry in references if entry.get("DOI")]
    return {doi.lower() for doi in (*(doi for doi, *_ in entries()), *read, *PLACEHOLDERS)}


def unlisted(text: str, known: set[str]) -> list[str]:
    """The DOIs in a text that no listed one explains; a listed one ends where no letter or digit follows."""
    small = text.lower()
    places = [found.start() for found in START.finditer(small)]

    def explained(place: int) -> bool:
        return any(
            small.startswith(doi, place)
            and (doi.endswith("/") or not small[place + len(doi) : place + len(doi) + 1].isalnum())
            for doi in known
        )

    return [text[place : place + 60].split(maxsplit=1)[0] for place in places if not explained(place)]


def test_every_line_of_the_list_is_read():
    table = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(table) == len(entries()) > 100


@pytest.mark.parametrize(("doi", "who", "title", "_compared"), entries())
def test_an_entry_is_well_formed_and_says_who_and_when(doi, who, title, _compared):
    assert FORM.fullmatch(doi)
    assert doi.count("(") == doi.count(")")
    assert YEAR.search(who.strip()), "authors, then the year"
    assert len(title.strip()) > 10


def test_no_doi_and_no_paper_stands_there_twice():
    dois = [doi.lower() for doi, *_ in entries()]
    papers = [(who, title.lower()) for _, who, title, _ in entries()]
    assert len(set(dois)) == len(dois)
    assert len(set(papers)) == len(papers)
    assert dois == sorted(dois)


def test_every_doi_in_use_stands_in_the_list():
    """What is missing here goes into docs/bibliography.md, in the order of the DOIs."""
    known = listed()
    missing = {path.relative_to(ROOT).as_posix(): unlisted(path.read_text(encoding="utf-8"), known) for path in SOURCES}
    assert {path: dois for path, dois in missing.items() if dois} == {}


def test_every_listed_doi_is_in_use():
    used = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES).lower()
    assert [doi for doi, *_ in entries() if doi.lower() not in used] == []


def test_the_methods_of_the_report_have_the_titles_of_the_list():
    path = ROOT / "hipevidence" / "reporting" / "templates" / "method_references.json"
    titles = {doi.lower(): title.strip().lower() for doi, _, title, _ in entries()}
    for entry in json.loads(path.read_text(encoding="utf-8")).values():
        if entry.get("DOI"):
            assert entry["title"].lower() == titles[entry["DOI"].lower()]


def test_a_doi_that_is_not_listed_is_seen():
    known = {"10.1002/jrsm.11", "10.1000/"}
    assert unlisted("doi:10.1002/jrsm.11; doi:10.1000/example", known) == []
    assert unlisted("(10.1002/jrsm.1164)", known) == ["10.1002/jrsm.1164)"]
