"""Judgements of risk of bias: what belongs to the tool, what its algorithm reaches, what is judged at all."""

from __future__ import annotations

import pytest

from hipevidence.evidence import all_rules, load_evidence, validate
from hipevidence.evidence.bias_tools import TOOLS, tool_for, tool_of
from hipevidence.evidence.judged import judged_results
from tests.support import judged, study

LOW = "low low low low low low"
ROBINS = {"tool": "ROBINS-I", "version": "2016"}


def changed(line: int, words: str = LOW, **cells: str) -> list[dict[str, str]]:
    """Judgements with some cells of one line changed."""
    rows = judged(words)
    rows[line] |= cells
    return rows


#: Rule to: judgements that make it ask, the line and column where it does, what was found, what is allowed.
CHECKS = {
    "bias_domain": (changed(2, domain="D7"), 4, "domain", '"D7"', "D1, D2, D3, D4, D5 or overall"),
    "bias_judgement": (
        changed(2, judgement="Serious"),
        4,
        "judgement",
        '"Serious"',
        "Low, Some concerns, High in RoB 2",
    ),
    "bias_day": (changed(0, judged_on="2029-02-30"), 2, "judged_on", '"2029-02-30"', "a day of the calendar"),
    "bias_one_tool": (
        changed(3, version="2021 cluster"),
        5,
        "tool, version",
        "RoB 2, 2021 cluster",
        "RoB 2, 2019, as in line 2",
    ),
    "bias_result": (judged(LOW, outcome="waking")[:1], 2, "outcome", '"waking"', "studies.csv: sleep"),
    "bias_tool": ([row | ROBINS for row in judged(LOW)[:1]], 2, "tool", '"ROBINS-I"', "RoB 2 for the design rct"),
    "bias_complete": (judged(LOW)[:-2], 5, "domain", "no judgement of D5, overall", "one for each domain"),
    "bias_overall": (judged("low some low high low some"), 7, "judgement", '"Some concerns"', "High, to which"),
}


@pytest.mark.parametrize("rule", CHECKS)
def test_a_rule(tiny, rule):
    tiny.risk_of_bias, line, column, found, allowed = CHECKS[rule]
    (problem,) = [problem for problem in validate(tiny.write()) if problem.rule == rule][:1]
    assert (problem.file, problem.line, problem.column) == ("risk_of_bias.csv", line, column)
    assert found in problem.found
    assert allowed in problem.allowed
    assert problem.level == {entry.id: entry.level for entry in all_rules()}[rule]
    assert problem.action


def asked(tiny, rows: list[dict[str, str]]) -> list[str]:
    tiny.risk_of_bias = rows
    return [problem.rule for problem in validate(tiny.write())]


def test_what_is_in_order_is_not_asked_about(tiny):
    assert not asked(tiny, judged("low some low low low some"))
    assert not asked(tiny, judged("high low some low low high", judged_on="2018"))


def test_another_overall_judgement_takes_a_reason(tiny):
    """Several domains with some concerns may be a high risk (RoB 2, table 1), but somebody has to say so."""
    rows = judged("some some low low some high")
    assert asked(tiny, rows) == ["bias_overall"]
    rows[-1]["reason"] = "three domains with concerns lower confidence substantially"
    assert not asked(tiny, rows)


def test_an_overall_judgement_alone_may_be_as_bad_as_it_likes_but_not_better_than_a_domain(tiny):
    *_, overall = judged("low low low low low high")
    assert asked(tiny, [overall]) == ["bias_complete"]
    second = judged("low high low low low low")[1]
    assert set(asked(tiny, [second, overall | {"judgement": "Low"}])) == {"bias_complete", "bias_overall"}
    assert asked(tiny, [overall | {"acknowledged": "bias_complete: the review prints no domains"}]) == []


def test_a_study_that_is_not_in_the_table_and_a_second_judgement_of_a_domain(tiny):
    assert "unknown_key" in asked(tiny, judged(LOW, "jones2022"))
    assert asked(tiny, [*judged(LOW), judged(LOW)[0]])[0] == "duplicate_key"


def test_other_designs_take_the_other_tool(tiny):
    tiny.studies = [study(design="cohort")]
    tiny.questions = tiny.claims = ""
    assert "bias_tool" in asked(tiny, judged(LOW))
    tiny.studies = [study(design="quasi_randomised")]
    assert "bias_tool" not in asked(tiny, judged(LOW))
    fits = {design: tool_for(design).label for design in ("rct", "crossover_rct", "cluster_rct", "cohort")}
    assert fits == {
        "rct": "RoB 2, 2019",
        "crossover_rct": "RoB 2, 2021 crossover",
        "cluster_rct": "RoB 2, 2021 cluster",
        "cohort": "ROBINS-I, 2025",
    }


@pytest.mark.parametrize(
    ("version", "words", "overall"),
    [
        ("2016", ["Low"] * 7, "Low"),
        ("2016", ["Low", "Moderate"], "Moderate"),
        ("2016", ["Moderate", "No information"], "No information"),
        ("2016", ["Serious", "No information"], "Serious"),
        ("2025", ["Serious", "Critical", "Low"], "Critical"),
    ],
)
def test_the_algorithm_of_robins_i(version, words, overall):
    tool = tool_of("ROBINS-I", version)
    assert tool is not None
    assert tool.overall(words) == overall


def test_the_schema_knows_the_tools(tiny):
    columns = load_evidence(tiny.write()).schema.resource("risk_of_bias").columns
    allowed = {name: set(columns[name].constraints.enum or ()) for name in ("tool", "version", "domain", "judgement")}
    assert allowed["tool"] == {tool.name for tool in TOOLS}
    assert allowed["version"] == {tool.version for tool in TOOLS}
    assert allowed["domain"] == {domain for tool in TOOLS for domain in tool.domains} | {"overall"}
    assert allowed["judgement"] == {word for tool in TOOLS for word in tool.words}


def test_judgements_are_kept_with_their_reason_and_assessor(tiny):
    tiny.risk_of_bias = changed(1, judgement="High", reason="no blinding")
    found = judged_results(load_evidence(tiny.write()))["smith2020", "sleep"]
    assert (found.word("D2"), found.overall, found.word("D9")) == ("High", "Low", "")
    assert (found.judgements["D2"].reason, found.judgements["D2"].assessor) == ("no blinding", "A. Bee")
