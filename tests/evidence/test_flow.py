"""Counts of the search: sums are checked where counts are known, and nothing is asked of unknown ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.evidence.flow import Flow, check_included, read_flow
from hipevidence.evidence.sources import Source

if TYPE_CHECKING:
    from hipevidence.errors import Problem


def found(text: str) -> list[str]:
    problems: list[Problem] = []
    read_flow(Source("flow.toml", text, ""), problems)
    return [problem.column for problem in problems]


def test_unknown_counts_are_not_asked_about() -> None:
    assert found("") == found("screened = 5\nincluded = 2") == []


def test_every_wrong_sum_is_named_at_once() -> None:
    text = (
        "screened = 5\nscreened_out = 2\nsought = 4\nnot_retrieved = 1\nassessed = 2\nexcluded = {a = 1}\nincluded = 2"
    )
    assert found(text) == ["sought", "assessed", "included"]


def test_negative_and_unknown_keys_are_errors() -> None:
    assert found("screened = -1\nscreend = 2") == ["screened", "screend"]


def test_included_is_the_number_of_studies_that_are_not_excluded() -> None:
    rows = [{"study_id": "a", "status": "included"}, {"study_id": "b", "status": "excluded"}]
    assert not list(check_included(Flow(included=1), rows))
    assert "1, the studies" in next(check_included(Flow(included=2), rows)).allowed


def test_last_search_needs_the_day_of_every_source() -> None:
    day = {"name": "A", "last_search": "2024-03-01"}
    assert Flow.model_validate({"sources": [day]}).last_search == "2024-03-01"
    assert not Flow.model_validate({"sources": [day, {"name": "B"}]}).last_search
