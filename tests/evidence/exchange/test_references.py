"""References as reference managers and publishers write them, as CSL-JSON."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.evidence.exchange.references import find_doi, read_references, same_work

RIS = """\ufeffTY  - JOUR
AU  - Müller, Jörg
AU  - van der Berg, A. B.
AU  - The Tea Group
TI  - Tea and sleep:
  a trial
JO  - Journal of Tea
PY  - 2021/03/04/
VL  - 12
IS  - 3
SP  - 101
EP  - 110
DO  - https://doi.org/10.1000/tea.12
N1  - a note
ER  -

TY  - BOOK
T1  - A book
Y1  - 1999
ER  -
"""
BIBTEX = r"""
% a comment
@string{jot = "Journal of Tea"}
@Article{mueller2021,
  author    = {M{\"u}ller, J{\"o}rg and Ann B. van Berg and {The Tea Group}},
  title     = "{Tea} and \'Eclairs: {a 50\% trial}",
  journal   = {Journal of Tea \& Cake},
  year      = 2021, volume = {12}, number={3},
  pages     = {101--110},
  doi       = {10.1000/tea.12}
}
@book(berg1999, title = {{\AA}ngstr{\"o}m's {\ss} and \v{C}apek}, publisher={Press})
"""


def test_ris():
    entry, book = read_references(RIS)
    assert entry == {
        "type": "article-journal",
        "title": "Tea and sleep: a trial",
        "container-title": "Journal of Tea",
        "volume": "12",
        "issue": "3",
        "DOI": "10.1000/tea.12",
        "author": [
            {"family": "Müller", "given": "Jörg"},
            {"family": "van der Berg", "given": "A. B."},
            {"literal": "The Tea Group"},
        ],
        "page": "101-110",
        "issued": {"date-parts": [[2021]]},
    }
    assert book == {"type": "book", "title": "A book", "issued": {"date-parts": [[1999]]}}


def test_bibtex():
    entry, book = read_references(BIBTEX)
    assert entry == {
        "id": "mueller2021",
        "type": "article-journal",
        "title": "Tea and Éclairs: a 50% trial",
        "container-title": "Journal of Tea & Cake",
        "volume": "12",
        "issue": "3",
        "page": "101-110",
        "DOI": "10.1000/tea.12",
        "author": [
            {"family": "Müller", "given": "Jörg"},
            {"family": "Berg", "given": "Ann B. van"},
            {"literal": "The Tea Group"},
        ],
        "issued": {"date-parts": [[2021]]},
    }
    assert (book["title"], book["publisher"], book["type"]) == ("Ångström's ß and Čapek", "Press", "book")


def test_csl_json_one_or_many():
    assert read_references('{"title": "Tea"}') == [{"title": "Tea"}]
    assert read_references('[{"title": "Tea"}, {"title": "Cake"}]') == [{"title": "Tea"}, {"title": "Cake"}]


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/xyz", "10.1000/xyz"),
        ("https://doi.org/10.1136/bmj-2022-069722.", "10.1136/bmj-2022-069722"),
        ("(doi:10.1016/S0033-0620(85)80003-7).", "10.1016/S0033-0620(85)80003-7"),
        ("see <10.1000/xyz>", "10.1000/xyz"),
        ("10.1000/xyz; 10.1000/abc", "10.1000/xyz"),
        ("no DOI here", ""),
    ],
)
def test_the_doi_in_a_text(text, doi):
    assert find_doi(text) == doi


@pytest.mark.parametrize("text", ["", "nothing", "[1, 2]", "{broken", "[]"])
def test_what_is_no_reference(text):
    with pytest.raises(InputError, match="allowed: a DOI, RIS, BibTeX or CSL-JSON"):
        read_references(text)


def test_bibtex_that_does_not_end():
    with pytest.raises(InputError, match="does not end"):
        read_references("@article{key, title = {never")


def test_the_same_work_under_another_key():
    known = {"a": {"DOI": "10.1000/ABC"}, "b": {}}
    assert same_work({"DOI": "10.1000/abc"}, known) == "a"
    assert same_work({"DOI": "10.1000/other"}, known) == ""
    assert same_work({}, known) == ""


@given(st.one_of(st.text(max_size=60), st.text("@a{}(),=\"\\' \nTYAU -{", max_size=60).map("@article{k, ".__add__)))
def test_any_text_gives_references_or_a_message(text):
    with contextlib.suppress(InputError):
        assert read_references(text)
