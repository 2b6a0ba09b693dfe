"""What a row says about its paper: DOI, registration, year, and whether randomisation can have given its baseline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.evidence.checks.cells import CELLS, groups
from hipevidence.evidence.checks.intervals import compare_pooled, compare_welch
from hipevidence.evidence.rulebook import Finding, row_rule, table_rule
from hipevidence.evidence.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.rulebook import View

RANDOMISED = frozenset({"rct"})  # clusters and quasi-random lists may well differ before
IMPLAUSIBLE = 0.001
LOOSE_END = re.compile(r"[.,;:]$")
NOT_A_DOI = re.compile(r"^10\.\d{1,3}/|doi\.org/|\?|#|%20", re.IGNORECASE)
REGISTRATION = re.compile(r"\b(NCT|ISRCTN) ?([0-9]+)\b")
REGISTRATION_DIGITS = 8  # of either register
BASELINE = tuple(name for cell in CELLS["pre"] for name in cell)


@row_rule("doi_form", "warning", "A DOI holds nothing else", ("doi",))
def _doi_form(row: View) -> Iterator[Finding]:
    doi = row.text("doi")
    if LOOSE_END.search(doi) or NOT_A_DOI.search(doi) or doi.count("(") != doi.count(")"):
        allowed = (
            "a bare DOI such as 10.1016/j.joca.2010.01.010, with four digits or more before the slash, "
            "without address, remark or full stop"
        )
        yield Finding("doi", row.printed("doi"), allowed, "Look it up again; delete what does not belong to it.")


@row_rule("registration_form", "query", "A trial's registration has all its digits", ("read_in", "note"))
def _registration_form(row: View) -> Iterator[Finding]:
    for column in ("read_in", "note"):
        for register, digits in REGISTRATION.findall(row.text(column)):
            if len(digits) != REGISTRATION_DIGITS:
                allowed = f"{register} and {REGISTRATION_DIGITS} digits"
                action = (
                    "Look it up in the register; a number that is printed wrong stays in the note beside the right one."
                )
                yield Finding(column, shown(f"{register}{digits}"), allowed, action)


@table_rule("doi_differs", "warning", "A paper has one DOI", ("study_id", "doi"))
def _doi_differs(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    first: dict[str, View] = {}
    for row in rows:
        if row.has("doi"):
            earlier = first.setdefault(row.text("study_id"), row)
            if row.text("doi").casefold() != earlier.text("doi").casefold():
                allowed = f"{earlier.printed('doi')}, as in line {earlier.row.line}"
                yield row, Finding("doi", row.printed("doi"), allowed, "Correct one, or give the rows two study_ids.")


@row_rule("year_after_search", "query", "No paper is younger than the last search", ("year",))
def _year_after_search(row: View) -> Iterator[Finding]:
    if row.last_search and row.number("year") > int(row.last_search[:4]):
        allowed = f"at most the year of the last search, {row.last_search}"
        action = "Correct the year; if the search was brought up to date, change last_search in flow.toml."
        yield Finding("year", row.printed("year"), allowed, action)


@row_rule("baseline_imbalance", "query", "Randomised arms start alike", ("design", *BASELINE))
def _baseline_imbalance(row: View) -> Iterator[Finding]:
    arms = groups(row, "pre")
    if arms is None or row.text("design") not in RANDOMISED:
        return
    p = max(compare(*arms).test.p.high for compare in (compare_pooled, compare_welch))
    if p < IMPLAUSIBLE:
        found = " and ".join(f"{row.printed(cell.mean)} (SD {row.printed(cell.sd)})" for cell in CELLS["pre"])
        allowed = f"arms that chance could part so; here P is {fmt.p_value(p)} at most"
        action = "Look for swapped or copied cells and standard errors as SD; else ask how people were allotted."
        yield Finding("mean1_pre, mean2_pre", found, allowed, action)
