"""Counts of the search: sums are checked where counts are known, and nothing is asked of unknown ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hipevidence.evidence import Flow, load_evidence, validate
from hipevidence.evidence.flow import read_flow
from hipevidence.evidence.flow_sums import check_flow, count_studies, wrong_sums
from hipevidence.evidence.sources import Source
from tests.support import ROOT

if TYPE_CHECKING:
    from hipevidence.errors import Problem
    from tests.support import Tiny

WHOLE: dict[str, Any] = {
    "sources": [
        {"name": "MEDLINE", "records": 120},
        {"name": "ClinicalTrials.gov", "records": 30, "kind": "register"},
        {"name": "Reference lists", "records": 5, "kind": "other"},
    ],
    "duplicates_removed": 20,
    "removed_automatically": 0,
    "removed_otherwise": 10,
    "screened": 120,
    "screened_out": 100,
    "sought": 20,
    "not_retrieved": 2,
    "assessed": 18,
    "excluded": {"no comparison": 8},
    "included": 14,
    "included_reports": 17,
    "other": {"sought": 5, "not_retrieved": 1, "assessed": 4, "excluded": {"protocol": 1}},
    "previous": {"studies": 3, "reports": 4},
}


def wrong(**changes: object) -> dict[str, tuple[str, str]]:
    return {name: (found, allowed) for name, found, allowed in wrong_sums(Flow.model_validate(WHOLE | changes))}


def read(text: str) -> list[Problem]:
    problems: list[Problem] = []
    read_flow(Source("flow.toml", text, ""), problems)
    return problems


def test_a_whole_flow_adds_up() -> None:
    assert not wrong()


@pytest.mark.parametrize(
    ("changes", "name", "allowed"),
    [
        ({"duplicates_removed": 21}, "screened", "119, records of databases and registers less records removed"),
        ({"screened_out": 1}, "sought", "119, screened less screened_out"),
        ({"screened_out": 121}, "screened_out", "at most 120, screened"),
        (
            {"not_retrieved": None, "assessed": 21},
            "assessed",
            "at most 20, sought",
        ),
        ({"included_reports": 18}, "included_reports", "17, assessed and previous.reports less excluded"),
        ({"included": 18}, "included", "at most 17, reports of them"),
        ({"included": 18, "included_reports": None}, "included", "at most 17, reports of them"),
        ({"excluded": None, "included_reports": 27}, "included_reports", "at most 25, assessed and previous.reports"),
        ({"previous": {"studies": 15, "reports": 4}}, "previous.studies", "at most 14, included"),
        ({"other": {"sought": 6}}, "other.sought", "5, records of other sources"),
        ({"other": {"sought": 5, "not_retrieved": 1, "assessed": 5}}, "other.assessed", "4, other.sought less"),
    ],
)
def test_a_count_that_does_not_follow_is_named(changes: dict[str, object], name: str, allowed: str) -> None:
    found = wrong(**changes)
    assert found.pop(name)[1].startswith(allowed)
    assert not set(found) - {"included_reports", "assessed"}  # what follows from it in turn


def test_unknown_counts_are_not_asked_about() -> None:
    assert not list(wrong_sums(Flow()))
    assert not list(wrong_sums(Flow(screened=5, included=2)))
    for name in WHOLE.keys() - {"previous"}:
        assert not wrong(**{name: Flow.model_fields[name].default}), name


def test_every_mistake_is_an_error_that_says_what_is_allowed() -> None:
    text = 'screened = -1\nscreend = 2\nexcluded = {"" = 3}\n[[sources]]\nname = "A"\nlast_search = "May"\nkind = "web"'
    found = {problem.column: problem for problem in read(text)}
    assert {problem.rule for problem in found.values()} == {"flow"}
    assert {problem.level for problem in found.values()} == {"error"}
    assert found["screened"].allowed == "at least 0"
    assert found["screend"].action == "Did you mean screened? Correct or delete it."
    assert found["sources[1].last_search"].allowed == "a day of the calendar, such as 2030-01-31"
    assert found["sources[1].kind"].allowed == "one of database, register or other"
    assert found["excluded..[key]"].action == "Correct it."


ROWS = [
    {"study_id": "a", "sample_id": "people", "status": "extracted"},
    {"study_id": "b", "sample_id": "people", "status": "awaiting_extraction"},
    {"study_id": "c", "sample_id": "others", "status": "awaiting_extraction"},
    {"study_id": "c", "sample_id": "women", "status": "excluded"},
    {"study_id": "d", "sample_id": "people", "status": "excluded"},
]


def test_papers_on_the_same_people_are_one_study() -> None:
    assert count_studies(ROWS) == (2, 3, 1, 1)
    bridge = {"study_id": "b", "sample_id": "others", "status": "extracted"}
    assert count_studies([*ROWS, bridge]).studies == 1


def test_what_is_included_is_held_to_the_table() -> None:
    assert not list(check_flow(Flow(included=2, included_reports=3), ROWS))
    studies, papers = check_flow(Flow(included=3, included_reports=4), ROWS)
    assert (studies.rule, studies.level, studies.column) == ("flow_table", "warning", "included")
    assert studies.allowed == "2, the studies of studies.csv that are not excluded"
    assert papers.allowed == "3, the papers of studies.csv that are not excluded"


def test_a_count_that_was_reported_so_may_stand_with_a_reason() -> None:
    flow = Flow(screened=5, screened_out=2, sought=4, acknowledged="flow_sum: printed so in the registry")
    (found,) = check_flow(flow, None)
    assert (found.level, found.acknowledged) == ("query", "printed so in the registry")
    for text, said in (
        ("printed so", '"printed so"'),
        ("flow_sums: so", "no rule"),
        ("flow_table: x", "finds nothing here"),
    ):
        *_, objection = check_flow(flow.model_copy(update={"acknowledged": text}), None)
        assert (objection.rule, objection.level, objection.column) == ("acknowledgement", "warning", "acknowledged")
        assert said in objection.found


def test_last_search_needs_the_day_of_every_source() -> None:
    day = {"name": "A", "last_search": "2024-03-01"}
    assert Flow.model_validate({"sources": [day]}).last_search == "2024-03-01"
    assert not Flow.model_validate({"sources": [day, {"name": "B"}]}).last_search


def test_a_last_search_where_it_used_to_stand_is_refused(tiny: Tiny) -> None:
    folder = tiny.write()
    schema = folder / "datapackage.json"
    schema.write_text(schema.read_text(encoding="utf-8").replace("{", '{"last_search": "2024-03-01",', 1), "utf-8")
    (found,) = [problem for problem in validate(folder) if problem.column == "last_search"]
    assert (found.level, found.found) == ("error", 'last_search "2024-03-01"')
    assert "flow.toml" in found.action


def test_the_counts_of_this_repository_are_those_of_its_table() -> None:
    """Reasons for exclusion are those of the papers none of whose rows is used."""
    evidence = load_evidence(ROOT / "data")
    counted = count_studies(evidence.records("studies"))
    assert (evidence.flow.included, evidence.flow.included_reports) == counted[:2]
    assert evidence.flow.excluded is not None
    assert sum(evidence.flow.excluded.values()) == counted.excluded
