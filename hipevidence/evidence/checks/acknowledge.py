"""Findings that a person has let stand, each with a written reason in the row itself."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from hipevidence.evidence.rulebook import all_rules
from hipevidence.evidence.wording import Words, advice, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from hipevidence.errors import Problem
    from hipevidence.evidence.tables import Table

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
    fired: dict[int, set[str]] = defaultdict(set)
    for problem in problems:
        fired[problem.line].add(problem.rule)
        yield accept(problem, written.get(problem.line, {}))
    levels = {rule.id: rule.level for rule in all_rules()}
    for row in table.rows:
        for words in objections(row.printed.get(COLUMN, ""), levels, None if row.bad else fired[row.line]):
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


def accept(problem: Problem, written: Mapping[str, str]) -> Problem:
    """Return a problem, marked with its reason where somebody has acknowledged its rule."""
    reason = written.get(problem.rule, "")
    if not reason or problem.level == "error":
        return problem
    return dataclasses.replace(problem, level="query", acknowledged=reason)


def objections(text: str, levels: Mapping[str, str], fired: Collection[str] | None) -> Iterator[Words]:
    """Yield what is wrong with an acknowledgement.

    Parameters
    ----------
    text
        As it stands in the table or file.
    levels
        Rules that there are, with their level.
    fired
        Rules that found something here; ``None`` where not all of them could be asked.
    """
    if text and ENTRY.match(text) is None:
        yield Words(shown(text), FORM, "Name the rule that you acknowledge, then a colon and why.")
    for rule, reason in reasons(text).items():
        if rule not in levels:
            yield Words(
                f"no rule {shown(rule)}", "the name of a rule", advice(did_you_mean(rule, levels), "Correct it.")
            )
        elif levels[rule] == "error":
            action = "Correct the figures, or empty the cell and say in the note what is printed."
            yield Words(f"the error {shown(rule)}", "warnings and queries only", action)
        elif not reason:
            yield Words(f"{shown(rule)} without a reason", FORM, "Say why the finding may stand.")
        elif fired is not None and rule not in fired:
            yield Words(f"{shown(rule)}, which finds nothing here", "a rule that finds something", "Delete the entry.")
