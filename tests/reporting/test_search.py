"""How the studies were found: what the table holds is counted, what nobody recorded is called so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.reporting.parts.search import search_section

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis


def test_studies_are_counted_in_the_table(nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]) -> None:
    part = search_section(nap_evidence, nap_syntheses, ())
    assert part is not None
    assert part.paragraphs[0].startswith("The review holds 7 studies in 7 reports, whether or not")
    assert "Figures of 5 of them stand in the table, and 4 entered the answer" in part.paragraphs[0]
    assert part.paragraphs[0].endswith("1 further report is excluded there, each with its reason.")
    assert part.paragraphs[1] == "The search was last run on 2024-03-01."


def test_the_picture_says_what_is_not_recorded_and_what_does_not_add_up(
    nap_evidence: Evidence, nap_syntheses: tuple[Synthesis, ...]
) -> None:
    part = search_section(nap_evidence, nap_syntheses, ())
    assert part is not None
    (picture,) = part.figures
    assert "Reports of included studies (not recorded)" in picture.alt
    assert "sought is 8, where the others allow 9, screened less screened_out. flow_sum: " in picture.alt
    assert "<script" not in picture.svg


def test_without_a_record_of_the_search_that_is_said(bare_evidence: Evidence) -> None:
    assert search_section(bare_evidence, (), ()) is None
