"""Judgements of risk of bias: a domain and a word of the tool, the overall one as its algorithm has it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from hipevidence.evidence.bias_tools import NO_INFORMATION, OVERALL, SEVERITY, TOOLS, tool_of
from hipevidence.evidence.rulebook import Finding, View, row_rule, table_rule
from hipevidence.evidence.wording import listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.bias_tools import BiasTool

COLUMNS: Final = ("study_id", "outcome", "tool", "version", "domain", "judgement")
RANDOMISED: Final = frozenset({"rct", "cluster_rct", "crossover_rct"})
DAY: Final = 10  # characters of YYYY-MM-DD; a published judgement may have the year alone


@row_rule("bias_domain", "error", "A version and its domains are those of the tool", COLUMNS)
def _bias_domain(row: View) -> Iterator[Finding]:
    tool = _tool(row)
    if tool is None:
        versions = listed(tool.version for tool in TOOLS if tool.name == row.text("tool"))
        yield Finding("version", row.printed("version"), f"a version of {row.text('tool')}: {versions}", "Correct it.")
    elif row.text("domain") not in {*tool.domains, OVERALL}:
        allowed = f"a domain of {tool.label}: {listed(tool.domains)} or {OVERALL}"
        yield Finding("domain", row.printed("domain"), allowed, "Correct the domain, or the version.")


@row_rule("bias_judgement", "error", "A judgement is worded as the tool words it", COLUMNS)
def _bias_judgement(row: View) -> Iterator[Finding]:
    tool = _tool(row)
    if tool is not None and row.text("judgement") not in tool.words:
        yield Finding("judgement", row.printed("judgement"), f"{listed(tool.words)} in {tool.label}", "Correct it.")


@row_rule("bias_day", "error", "A judgement was made on a day of the calendar", ("judged_on",))
def _bias_day(row: View) -> Iterator[Finding]:
    day = row.text("judged_on")
    if len(day) == DAY:
        try:
            dt.date.fromisoformat(day)
        except ValueError:
            yield Finding("judged_on", shown(day), "a day of the calendar, as YYYY-MM-DD", "Correct it.")


@table_rule("bias_one_tool", "error", "A result is judged with one tool and version", COLUMNS)
def _bias_one_tool(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    for first, *others in _results(rows):
        for row in others:
            if (row.text("tool"), row.text("version")) != (first.text("tool"), first.text("version")):
                found = f"{row.text('tool')}, {row.text('version')}"
                allowed = f"{first.text('tool')}, {first.text('version')}, as in line {first.row.line}"
                action = "Keep the judgements of one tool; say in a reason what the other one found."
                yield row, Finding("tool, version", found, allowed, action)


@row_rule("bias_result", "warning", "What is judged is a result of the table", COLUMNS)
def _bias_result(row: View) -> Iterator[Finding]:
    outcomes = row.results.get(row.text("study_id"))
    if outcomes is not None and row.text("outcome") in row.good and row.text("outcome") not in outcomes:
        allowed = f"an outcome of this study in studies.csv: {listed(sorted(outcomes))}"
        yield Finding("outcome", row.printed("outcome"), allowed, "Correct it, or add the row of the result.")


@row_rule("bias_tool", "warning", "RoB 2 judges randomised studies, ROBINS-I the others", COLUMNS)
def _bias_tool(row: View) -> Iterator[Finding]:
    designs = row.results.get(row.text("study_id"), {}).get(row.text("outcome"), frozenset()) - {"quasi_randomised"}
    fits = {"RoB 2": designs & RANDOMISED, "ROBINS-I": designs - RANDOMISED}
    if designs and not fits[row.text("tool")]:
        other = "ROBINS-I" if row.text("tool") == "RoB 2" else "RoB 2"
        allowed = f"{other} for the design {listed(sorted(designs))}"
        yield Finding("tool", row.printed("tool"), allowed, "Judge it with the other tool, or correct the design.")


@table_rule("bias_complete", "query", "Every domain and the whole are judged", COLUMNS)
def _bias_complete(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    for result in _results(rows):
        tool, words = _tool(result[0]), _words(result)
        missing = [] if tool is None else [domain for domain in (*tool.domains, OVERALL) if domain not in words]
        if missing:
            action = "Judge what is missing; where a paper prints the overall judgement alone, acknowledge that."
            found = f"no judgement of {listed(missing)}"
            yield result[-1], Finding("domain", found, "one for each domain and one overall", action)


@table_rule(
    "bias_overall", "warning", "The overall judgement is that of the algorithm, or says why not", (*COLUMNS, "reason")
)
def _bias_overall(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    for result in _results(rows):
        tool, words = _tool(result[0]), _words(result)
        overall = words.pop(OVERALL, None)
        if tool is None or overall is None or overall.has("reason"):
            continue
        expected = tool.overall([row.text("judgement") for row in words.values()])
        said, is_whole = overall.text("judgement"), words.keys() == tool.domains.keys()
        if said == expected or not words or not (is_whole or _is_better(said, expected)):
            continue
        allowed = f"{expected}, to which the domains lead" if is_whole else f"no better than {expected}, a domain of it"
        action = "Correct it, or say in reason why the whole is judged otherwise."
        yield overall, Finding("judgement", overall.printed("judgement"), allowed, action)


def _is_better(said: str, expected: str) -> bool:
    return NO_INFORMATION not in {said, expected} and SEVERITY[said] < SEVERITY[expected]


def _tool(row: View) -> BiasTool | None:
    return tool_of(row.text("tool"), row.text("version"))


def _words(result: list[View]) -> dict[str, View]:
    return {row.text("domain"): row for row in result}


def _results(rows: tuple[View, ...]) -> list[list[View]]:
    """Return the rows of each study and outcome."""
    found: dict[tuple[str, str], list[View]] = defaultdict(list)
    for row in rows:
        found[row.text("study_id"), row.text("outcome")].append(row)
    return list(found.values())
