"""How rules about several cells are registered, what they see of a row, and how they are asked.

A rule is asked about a row only when the table has all columns that it names and no word among them is wrong by itself;
a wrong number counts as filled, but compares with nothing. So one mistake is reported once, and hides no other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hipevidence.errors import Level, Problem
from hipevidence.evidence.wording import shown

if TYPE_CHECKING:
    from hipevidence.evidence.tables import Row, Table
    from hipevidence.evidence.vocabulary import Vocabulary

# study to outcome to the designs of its rows
Results = Mapping[str, Mapping[str, frozenset[str]]]

# what rules call a column: what it is called in the table
ALIASES = {"published_pools": {"effect": "estimate", "effect_measure": "measure"}}
CORRECT = "Look the figures up again and correct the one that is wrong."


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule objects to, in one cell."""

    column: str
    found: str
    allowed: str
    action: str = CORRECT


@dataclass(frozen=True, slots=True)
class View:
    """One row as a rule sees it: the same column names for every table, and what else it may need.

    Attributes
    ----------
    row
        The row.
    aliases
        Name that rules use to name in this table.
    scales
        Instrument to its row in instruments.csv.
    good
        Outcome to ``more`` or ``less``, whichever of it is better; ``None`` where neither is.
    last_search
        Day of the last search as YYYY-MM-DD, ``""`` when flow.toml does not say it for every source.
    results
        Study to outcome to the designs of its rows in studies.csv.
    """

    row: Row
    aliases: Mapping[str, str]
    scales: Mapping[str, Row]
    good: Mapping[str, str | None] = field(default_factory=dict)
    last_search: str = ""
    results: Results = field(default_factory=dict)

    def name(self, column: str) -> str:
        """Return what the column is called in this table."""
        return self.aliases.get(column, column)

    def number(self, column: str) -> float:
        """Return a number, nan when the cell is empty."""
        value = self.row.cells.get(self.name(column))
        return float(value) if isinstance(value, (int, float)) else math.nan

    def scale(self) -> View | None:
        """Return the instrument of this row, ``None`` when there is none."""
        scale = self.scales.get(self.text("instrument"))
        return None if scale is None else View(scale, {}, {})

    def text(self, column: str) -> str:
        """Return a text, ``""`` when the cell is empty."""
        value = self.row.cells.get(self.name(column))
        return value if isinstance(value, str) else ""

    def has(self, column: str) -> bool:
        """Return whether the cell is filled, be it with something that is not allowed there."""
        return self.name(column) in self.row.bad or self.row.cells.get(self.name(column)) is not None

    def printed(self, column: str) -> str:
        """Return the cell as printed, in quotes."""
        return shown(self.row.printed.get(self.name(column), ""))


RowCheck = Callable[[View], Iterator[Finding]]
TableCheck = Callable[[tuple[View, ...]], Iterator[tuple[View, Finding]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its short name, how serious it is, what it means, which columns it reads, and its check.

    A table without one of ``columns`` is not asked; ``optional`` are read where the table has them.
    """

    id: str
    level: Level
    meaning: str
    columns: tuple[str, ...]
    check: TableCheck
    optional: tuple[str, ...] = ()


_registry: dict[str, Rule] = {}


def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in the order in which they are checked."""
    return tuple(_registry.values())


def row_rule(
    rule: str, level: Level, meaning: str, columns: Iterable[str], optional: Iterable[str] = ()
) -> Callable[[RowCheck], RowCheck]:
    """Register a check of one row at a time."""

    def register(check: RowCheck) -> RowCheck:
        def each_row(views: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
            for view in views:
                for finding in check(view):
                    yield view, finding

        _registry[rule] = Rule(rule, level, meaning, tuple(columns), each_row, tuple(optional))
        return check

    return register


def table_rule(rule: str, level: Level, meaning: str, columns: Iterable[str]) -> Callable[[TableCheck], TableCheck]:
    """Register a check that compares the rows of a table with each other."""

    def register(check: TableCheck) -> TableCheck:
        _registry[rule] = Rule(rule, level, meaning, tuple(columns), check)
        return check

    return register


def check_rules(
    table: Table, tables: Mapping[str, Table | None], vocabulary: Vocabulary | None = None, last_search: str = ""
) -> Iterator[Problem]:
    """Yield what every rule finds in a table; where an error stands, no warning or query is added on the same cell."""
    problems = list(_found(table, tables, vocabulary, last_search))
    wrong = {(problem.line, column) for problem in problems if problem.level == "error" for column in _cells(problem)}
    for problem in problems:
        if problem.level == "error" or not wrong & {(problem.line, column) for column in _cells(problem)}:
            yield problem


def _found(
    table: Table, tables: Mapping[str, Table | None], vocabulary: Vocabulary | None, last_search: str
) -> Iterator[Problem]:
    instruments = tables.get("instruments")
    scales = {row.printed.get("instrument", ""): row for row in instruments.rows} if instruments else {}
    aliases = ALIASES.get(table.resource.name, {})
    good = {key: term.good for key, term in vocabulary.get("outcome", {}).items()} if vocabulary else {}
    results = _results(tables.get("studies"))
    views = tuple(View(row, aliases, scales, good, last_search, results) for row in table.rows)
    for rule in all_rules():
        columns = {aliases.get(column, column) for column in rule.columns}
        if columns <= table.resource.columns.keys():
            read = columns | {column for column in rule.optional if column in table.resource.columns}
            for view, finding in rule.check(_sound(table, views, read)):
                yield _problem(table, rule, view, finding)


def _results(studies: Table | None) -> Results:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for row in studies.rows if studies else ():
        study, outcome, design = (row.printed.get(column, "") for column in ("study_id", "outcome", "design"))
        outcomes = found.setdefault(study, {})
        outcomes[outcome] = outcomes.get(outcome, frozenset()) | {design}
    return found


def _cells(problem: Problem) -> list[str]:
    return problem.column.split(", ")


def _sound(table: Table, views: tuple[View, ...], columns: set[str]) -> tuple[View, ...]:
    """Return the rows that a rule about these columns can be asked about."""
    described = table.resource.columns
    words = {column for column in columns if described[column].type in {"string", "boolean"}}
    return tuple(view for view in views if columns <= view.row.cells.keys() and not words & view.row.bad)


def _problem(table: Table, rule: Rule, view: View, finding: Finding) -> Problem:
    column = ", ".join(view.name(name) for name in finding.column.split(", "))
    words = (finding.found, finding.allowed, finding.action)
    return Problem(table.resource.path, view.row.line, view.row.entry, column, *words, rule=rule.id, level=rule.level)
