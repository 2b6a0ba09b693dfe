"""References, statements, tables and copy-ready figures: one part of the report at a time."""

from __future__ import annotations

import ast
import csv
import dataclasses
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hipevidence.reporting
from hipevidence.reporting.model import Reference
from hipevidence.reporting.pictures import compact
from hipevidence.reporting.questions import read_in
from hipevidence.reporting.sources import data_tables, references
from hipevidence.reporting.statements import VERDICTS, verdict_groups
from hipevidence.reporting.tables import FORMULA_STARTS, cell
from hipevidence.reporting.text import tidy, web_address
from hipevidence.reporting.vancouver import reference, short_name
from hipevidence.reporting.verified import verified_figures

if TYPE_CHECKING:
    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis

# ------------------------------------------------------------------ references


def entry(**parts: Any) -> dict[str, Any]:
    return {name.replace("_", "-"): value for name, value in parts.items()}


def test_vancouver_reference_with_everything() -> None:
    paper = entry(
        author=[{"family": "Khayambashi", "given": "Khalil"}, {"family": "Powers", "given": "Christopher M."}],
        title="The effects of hip strengthening",
        container_title="J Orthop Sports Phys Ther",
        issued={"date-parts": [[2012, 1]]},
        volume=42,
        issue="1",
        page="22-29",
        DOI="10.2519/jospt.2012.3704",
    )
    assert reference("k", paper) == Reference(
        "ref-k",
        "Khayambashi K, Powers CM. The effects of hip strengthening. J Orthop Sports Phys Ther. "
        "2012;42(1):22–29. doi:10.2519/jospt.2012.3704.",
        "https://doi.org/10.2519/jospt.2012.3704",
    )


def test_more_than_six_authors_are_cut_as_pubmed_cuts_them() -> None:
    authors = [{"family": name, "given": "A-B C"} for name in "ABCDEFG"]
    text = reference("k", entry(author=authors, title="Why?")).text
    assert text == "A ABC, B ABC, C ABC, D ABC, E ABC, F ABC, et al. Why?"
    assert short_name(entry(author=authors, issued={"date-parts": [[1999]]})) == "A et al. 1999"


@pytest.mark.parametrize(
    ("paper", "text", "href"),
    [
        ({}, "[k]", ""),
        ({"author": [{"literal": "Authors not seen"}], "note": "A thesis."}, "Authors not seen. [A thesis]", ""),
        ({"issued": {"date-parts": [[2001]]}, "PMID": "7"}, "2001. PMID 7.", "https://pubmed.ncbi.nlm.nih.gov/7/"),
        ({"issued": {"date-parts": [[]]}, "title": "T"}, "T.", ""),
        ({"title": "T", "PMID": "123"}, "T. PMID 123.", "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ({"title": "T", "URL": "https://example.org/a"}, "T.", "https://example.org/a"),
        ({"title": "T", "URL": "javascript:alert(1)"}, "T.", ""),
        (
            {"author": [{"family": "Beek", "non-dropping-particle": "van der", "given": "J."}], "title": "T"},
            "van der Beek J. T.",
            "",
        ),
    ],
)
def test_what_is_missing_is_left_out(paper: dict[str, Any], text: str, href: str) -> None:
    assert reference("k", paper) == Reference("ref-k", text, href)


def test_references_are_in_alphabetical_order_and_complete(nap_evidence: Evidence) -> None:
    found = references(nap_evidence)
    assert {one.id for one in found} == {f"ref-{key}" for key in nap_evidence.references}
    assert [one.text.casefold() for one in found] == sorted(one.text.casefold() for one in found)


@given(st.text())
def test_tidy_text_is_one_visible_line(text: str) -> None:
    line = tidy(text)
    assert line == tidy(line)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", line)


@given(st.text(), st.text(), st.text())
def test_an_address_is_http_or_nothing(url: str, doi: str, pmid: str) -> None:
    found = web_address(url=url, doi=doi, pmid=pmid)
    assert not found or re.fullmatch(r"https?://[^\s<>\"']+", found)


@pytest.mark.parametrize(
    ("verification", "where", "text"),
    [
        ("abstract", "abstract", "abstract"),
        ("abstract", "Abstract (copy)", "Abstract (copy)"),
        ("secondary", "Thomas 2022, Table 4", "Thomas 2022, Table 4 (another paper)"),
        ("full_text", "", "full text"),
    ],
)
def test_where_a_row_was_read(verification: str, where: str, text: str) -> None:
    assert read_in(verification, where, "", "").text == text


# ------------------------------------------------------------------ statements and sources


def test_statements_are_grouped_by_verdict_in_the_order_of_the_page(nap_verdicts: tuple[Verdict, ...]) -> None:
    mixed = [dataclasses.replace(nap_verdicts[0], verdict=name) for name in (*reversed(VERDICTS), "overstated")]
    groups = verdict_groups(mixed, frozenset())
    assert [group.badge.word for group in groups] == list(VERDICTS)
    assert [group.count for group in groups] == ["1 statement"] * 2 + ["2 statements"] + ["1 statement"] * 3
    assert len({group.badge.symbol for group in groups}) == len(VERDICTS)
    assert all(group.advice for group in groups)
    assert not [cell for group in groups for card in group.cards for cell in card.rests_on if cell.href]


def test_a_card_leads_to_its_evidence(nap_verdicts: tuple[Verdict, ...]) -> None:
    (group,) = verdict_groups(nap_verdicts[:1], frozenset({"pool-review2022.sleepiness"}))
    card = group.cards[0]
    assert card.basis == "Held against 1 question, 1 published pooled result, 3 rows"
    assert [cell.href for cell in card.rests_on] == ["", "#pool-review2022.sleepiness", "", "", ""]
    assert [reason.sentence.text for reason in card.reasons] == [
        tidy(reason.sentence) for reason in nap_verdicts[0].reasons
    ]


def test_every_row_says_what_became_of_it(nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]) -> None:
    rows, pools = data_tables(nap_evidence, nap_syntheses)
    uses = {row.cells[0].text: row.cells[-1].text for row in rows.rows}
    assert list(uses) == list(nap_evidence.studies["row_id"])
    assert uses["alpha2010.sleepiness.6w"] == "Pooled in nap.sleepiness. Statements: C01, C02, C03."
    assert uses["eta2021.sleepiness.6w"] == "Excluded (left out of nap.sleepiness)."
    assert uses["zeta2020.sleepiness.6w"] == "Figures not verified (left out of nap.sleepiness)."
    (pool,) = pools.rows
    assert pool.cells[4].text == "SMD −0.60 (−0.90 to −0.30)"
    assert pool.cells[5].text == "3 of 7"


# ------------------------------------------------------------------ tables and pictures


@given(st.text())
def test_a_cell_comes_back_from_csv_and_is_no_formula(text: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([cell(text), "end"])
    ((found, _),) = csv.reader(io.StringIO(buffer.getvalue(), newline=""))
    assert found in {tidy(text), f"'{tidy(text)}"}
    if found.startswith(FORMULA_STARTS):
        float(found)


@given(st.floats(-1e300, 1e300))
def test_a_number_in_a_table_has_ten_digits(number: float) -> None:
    assert float(cell(number)) == pytest.approx(number, rel=1e-9)


def test_a_picture_keeps_its_shape_when_its_ids_become_short() -> None:
    hostile = 'id="a" url(#b) &lt;script&gt;'
    markup = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" aria-label="url(#b)">'
        f"<title>{hostile}</title><defs><clipPath id='long'><path d='M 0 0 \nL 1 1'/></clipPath></defs>"
        "<g id='group' clip-path='url(#long)'><use xlink:href='#long'/></g></svg>"
    )
    assert compact(markup, "p") == (
        '<svg xmlns="http://www.w3.org/2000/svg" aria-label="url(#b)">'
        f'<title>{hostile}</title><defs><clipPath id="p-0"><path d="M 0 0 L 1 1" /></clipPath></defs>'
        '<g clip-path="url(#p-0)"><use href="#p-0" /></g></svg>'
    )


# ------------------------------------------------------------------ figures to copy


def test_only_supported_statements_may_be_copied(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...], nap_verdicts: tuple[Verdict, ...]
) -> None:
    as_if = [dataclasses.replace(nap_verdicts[0], verdict=name) for name in VERDICTS]
    found = verified_figures(nap_evidence, nap_syntheses, tuple(as_if))
    assert [one["kind"] for one in found] == ["question", "question", "statement", "statement"]
    assert [one["id"] for one in found[:2]] == ["nap.sleepiness", "nap.recovered"]
    naps = found[0]
    assert naps["figure"] in naps["sentence"]
    assert naps["interval"] in naps["sentence"]
    assert "includes no difference" in naps["qualifier"]
    assert naps["source"].count("On <script>") == 3


def test_a_hash_goes_with_the_numbers_behind_it(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...], nap_verdicts: tuple[Verdict, ...]
) -> None:
    supported = (dataclasses.replace(nap_verdicts[0], verdict="supported"),)
    naps = nap_syntheses[0]
    moved = dataclasses.replace(naps.rows[0], vi=naps.rows[0].vi * 1.000001)
    primary = dataclasses.replace(naps.primary, rows=(moved, *naps.rows[1:]))
    changed = (dataclasses.replace(naps, primary=primary), *nap_syntheses[1:])
    before = verified_figures(nap_evidence, nap_syntheses, supported)
    after = verified_figures(nap_evidence, changed, supported)
    same = [one["hash"] == other["hash"] for one, other in zip(before, after, strict=True)]
    assert same == [False, True, False]
    assert json.dumps([{**one, "hash": ""} for one in before]) == json.dumps([{**one, "hash": ""} for one in after])


# ------------------------------------------------------------------ house rules


def test_numbers_become_text_in_one_place_only() -> None:
    allowed = {("tables.py", "f'.{DIGITS}g'"), ("pictures.py", "f'x'")}  # numbers for programs, and ids
    found = set()
    for path in Path(hipevidence.reporting.__file__).parent.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        values = [node for node in nodes if isinstance(node, ast.FormattedValue) and node.format_spec]
        found |= {(path.name, ast.unparse(value.format_spec)) for value in values if value.format_spec}
        called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        assert not called & {"round", "format"}
    assert found == allowed
