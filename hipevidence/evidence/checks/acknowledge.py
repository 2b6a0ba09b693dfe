"""Findings that a person has let stand, each with a written reason in the row itself."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from hipevidence.evidence.rulebook import all_rules
from hipevidence.evidence.wording import Words, advice, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hipevidence.errors import Problem
    from hipevidence.evidence.tables import Row, Table

COLUMN = "acknowledged"
RULE = "acknowledgement"
FORM = '"rule: reason; rule: reason"'
ENTRY = re.compile(r"(?:^|;)\s*([a-z][a-z0-9_]*)\s*:")


def acknowledge(table: Table, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems of a table, those that are acknowledged marked as such, then what is wrong with that.

    Parameters
    ----------
    table
        The table; without a column ``acknowledged`` the problems come back as they are.
    problems
        What the rules found in it.

    Yields
    ------
    Problem
        An acknowledged one carries its reason and has the level ``query``. Errors cannot be acknowledged: the figures
        could not be used.
    """
    written = {row.line: reasons(row.printed.get(COLUMN, "")) for row in table.rows}
    fired: set[tuple[int, str]] = set()
    for problem in problems:
        reason = written.get(problem.line, {}).get(problem.rule, "")
        fired.add((problem.line, problem.rule))
        if reason and problem.level != "error":
            yield dataclasses.replace(problem, level="query", acknowledged=reason)
        else:
            yield problem
    levels = {rule.id: rule.level for rule in all_rules()}
    for row in table.rows:
        for words in _objections(row, written[row.line], levels, fired):
            yield dataclasses.replace(table.problem(row, COLUMN, words, RULE), level="warning")


def reasons(text: str) -> dict[str, str]:
    """Return rule to reason, as a cell of the form ``rule: reason; rule: reason`` holds them.

    Examples
    --------
    >>> reasons("grim: printed so; twice checked; p_recomputed: rank test")
    {'grim': 'printed so; twice checked', 'p_recomputed': 'rank test'}
    >>> reasons("as printed")
    {}
    """
    _, *parts = ENTRY.split(text)
    return {rule: reason.strip() for rule, reason in zip(parts[::2], parts[1::2], strict=True)}


def _objections(
    row: Row, written: dict[str, str], levels: Mapping[str, str], fired: set[tuple[int, str]]
) -> Iterator[Words]:
    text = row.printed.get(COLUMN, "")
    if text and ENTRY.match(text) is None:
        yield Words(shown(text), FORM, "Name the rule that you acknowledge, then a colon and why.")
    for rule, reason in written.items():
        if rule not in levels:
            yield Words(
                f"no rule {shown(rule)}", "the name of a rule", advice(did_you_mean(rule, levels), "Correct it.")
            )
        elif levels[rule] == "error":
            action = "Correct the figures, or empty the cell and say in the note what is printed."
            yield Words(f"the error {shown(rule)}", "warnings and queries only", action)
        elif not reason:
            yield Words(f"{shown(rule)} without a reason", FORM, "Say why the finding may stand.")
        elif not row.bad and (row.line, rule) not in fired:
            yield Words(f"{shown(rule)}, which finds nothing here", "a rule that finds something", "Delete the entry.")
