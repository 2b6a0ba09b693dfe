"""A finding may stand when somebody writes why; then it is no longer listed, but never lost."""

from __future__ import annotations

import pytest

from hipevidence.evidence import load_evidence, validate
from hipevidence.evidence.checks.acknowledge import reasons
from tests.support import study

ODD = {"p_value": ".03"}  # p_decision


def _write(tiny, text, **cells):
    tiny.studies = [study(**(ODD | cells), acknowledged=text)]
    return tiny.write()


def test_without_a_reason_it_is_listed(tiny):
    (problem,) = validate(_write(tiny, ""))
    assert (problem.rule, problem.level, problem.acknowledged) == ("p_decision", "warning", "")


def test_with_a_reason_it_is_listed_on_request(tiny):
    folder = _write(tiny, "p_decision: rank test, says the author; see the mail of May")
    assert validate(folder) == ()
    (problem,) = validate(folder, acknowledged=True)
    assert (problem.rule, problem.level) == ("p_decision", "query")
    assert problem.acknowledged == "rank test, says the author; see the mail of May"
    assert load_evidence(folder).warnings == ()


def test_another_finding_of_the_row_stays(tiny):
    (problem,) = validate(_write(tiny, "p_decision: rank test", doi="10.1000/a."))
    assert problem.rule == "doi_form"


@pytest.mark.parametrize(
    ("text", "found", "action"),
    [
        ("rank test", '"rank test"', "Name the rule"),
        ("p_decision", '"p_decision"', "Name the rule"),
        ("p_decision:", '"p_decision" without a reason', "Say why"),
        ("p_decision: ; grim: x", '"p_decision" without a reason', "Say why"),
        ("p_desision: rank test", 'no rule "p_desision"', "Did you mean p_decision?"),
        ("outside_scale: printed so", 'the error "outside_scale"', "Correct the figures"),
        ("acknowledgement: leave me alone", 'no rule "acknowledgement"', "Correct it."),
    ],
)
def test_what_is_wrong_with_it(tiny, text, found, action):
    problems = validate(_write(tiny, text))
    assert {problem.rule for problem in problems} == {"p_decision", "acknowledgement"}
    (problem,) = [problem for problem in problems if found in problem.found]
    assert (problem.file, problem.line, problem.column, problem.level) == ("studies.csv", 2, "acknowledged", "warning")
    assert action in problem.action


def test_nothing_to_acknowledge(tiny):
    (problem,) = validate(_write(tiny, "p_decision: rank test", p_value=".09"))
    assert (problem.rule, problem.found) == ("acknowledgement", '"p_decision", which finds nothing here')


def test_a_row_that_cannot_be_read_is_not_asked(tiny):
    """With the mean unreadable the rule is silent, and that says nothing about its acknowledgement."""
    (problem,) = validate(_write(tiny, "p_decision: rank test", mean1_post="5,2"))
    assert (problem.rule, problem.column) == ("cell", "mean1_post")


def test_an_error_cannot_be_acknowledged(tiny):
    problems = validate(_write(tiny, "outside_scale: printed so", mean1_post="10.5", p_value=""))
    assert [(problem.rule, problem.level) for problem in problems] == [
        ("outside_scale", "error"),
        ("acknowledgement", "warning"),
    ]


def test_a_pool_may_be_acknowledged(tiny):
    pool = tiny.published_pools[0] | {"estimate": "0.40", "acknowledged": "ci_asymmetric: a credible interval"}
    tiny.published_pools = [pool]
    assert validate(tiny.write()) == ()


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("", {}),
        ("grim: a: b", {"grim": "a: b"}),
        ("grim:a;grimmer :b", {"grim": "a", "grimmer": "b"}),
        (" grim: seen; twice ", {"grim": "seen; twice"}),
    ],
)
def test_reading(text, parsed):
    assert reasons(text) == parsed
