"""Each row check asks about its example and passes the innocent twin."""

from __future__ import annotations

import pytest

from hipevidence.evidence import all_rules, load_evidence, validate
from tests.evidence.checks.examples import EXAMPLES, INSTRUMENTS
from tests.support import study


def _write(tiny, example, cells):
    beside = example.beside or (study(row_id="first"),)
    tiny.studies = [*beside, study(row_id="b", **({"sample_id": "b"} | cells))]
    tiny.claims = ""
    tiny.instruments = INSTRUMENTS
    tiny.files = dict(example.files)
    return tiny.write()


@pytest.mark.parametrize("rule", EXAMPLES)
def test_innocent(tiny, rule):
    example = EXAMPLES[rule]
    assert validate(_write(tiny, example, example.innocent)) == ()


@pytest.mark.parametrize("rule", EXAMPLES)
def test_guilty(tiny, rule):
    example = EXAMPLES[rule]
    problems = validate(_write(tiny, example, example.innocent | example.guilt))
    (problem,) = [problem for problem in problems if problem.rule == rule]
    assert (problem.file, problem.entry, problem.column) == ("studies.csv", "b", example.column)
    assert example.found in problem.found
    assert example.allowed in problem.allowed
    assert problem.level == {entry.id: entry.level for entry in all_rules()}[rule]
    assert problem.action


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_finding_removes_no_row(tiny, rule):
    example = EXAMPLES[rule]
    evidence = load_evidence(_write(tiny, example, example.innocent | example.guilt))
    assert "b" in set(evidence.studies["row_id"])
    assert rule in {problem.rule for problem in evidence.warnings}
