"""Whether the counts of a search add up, and whether they are those of the table; unknown counts are not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hipevidence.errors import Problem
from hipevidence.evidence.checks.acknowledge import COLUMN, accept, objections, reasons
from hipevidence.evidence.flow import FILE, records, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hipevidence.errors import Level
    from hipevidence.evidence.flow import Flow, Route

#: Rule to its level and its meaning.
RULES: Final[dict[str, tuple[Level, str]]] = {
    "flow": ("error", "A count of the search is a whole number under a known key"),
    "flow_sum": ("warning", "Counts of the search follow from each other"),
    "flow_table": ("warning", "Studies and reports included are those of the table"),
}
ACTION: Final = (
    "Correct the count, or delete what is not recorded; if it was reported so, write in acknowledged: "
    '"flow_sum: where, and why".'
)
TABLE_ACTION: Final = (
    "Correct the count or the table, or delete the count: the report counts the table itself. If the two mean "
    'different things, write in acknowledged: "flow_table: why".'
)


class WrongSum(NamedTuple):
    """A count that does not follow from others: its key, what stands there, what would."""

    name: str
    found: str
    allowed: str


class Counted(NamedTuple):
    """What ``studies.csv`` holds: studies and their reports, studies with figures, and reports excluded."""

    studies: int
    reports: int
    with_figures: int
    excluded: int


def count_studies(rows: Iterable[Mapping[str, str]]) -> Counted:
    """Count the studies of ``studies.csv``.

    A report is a paper (``study_id``). Reports that share people (``sample_id``) are of one study. A report is excluded
    when all its rows are; whoever awaits extraction is included: eligible, and not read yet.

    Examples
    --------
    >>> paper = {"study_id": "a", "sample_id": "people", "status": "extracted"}
    >>> count_studies([paper, paper | {"study_id": "b"}, paper | {"study_id": "c", "status": "excluded"}])
    Counted(studies=1, reports=2, with_figures=1, excluded=1)
    """
    table = list(rows)
    included = [row for row in table if row["status"] != "excluded"]
    reports = {row["study_id"] for row in included}
    return Counted(
        _studies(included),
        len(reports),
        _studies(row for row in included if row["status"] == "extracted"),
        len({row["study_id"] for row in table} - reports),
    )


def _studies(rows: Iterable[Mapping[str, str]]) -> int:
    group: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}
    for row in rows:
        ends = ("study_id", row["study_id"]), ("sample_id", row["sample_id"])
        joined = frozenset(ends).union(*(group.get(end, ()) for end in ends))
        group |= dict.fromkeys(joined, joined)
    return len(set(group.values()))


def check_flow(flow: Flow, rows: Iterable[Mapping[str, str]] | None) -> Iterator[Problem]:
    """Yield every count that does not add up or is not that of the table; what is acknowledged is marked as such.

    Parameters
    ----------
    flow
        The search.
    rows
        Rows of studies.csv, ``None`` when they could not be read.
    """
    found = [_problem("flow_sum", wrong, ACTION) for wrong in wrong_sums(flow)]
    found += [] if rows is None else [_problem("flow_table", wrong, TABLE_ACTION) for wrong in _table(flow, rows)]
    written = reasons(flow.acknowledged)
    yield from (accept(problem, written) for problem in found)
    levels = {rule: level for rule, (level, _) in RULES.items()}
    for words in objections(flow.acknowledged, levels, {problem.rule for problem in found}):
        yield Problem(FILE, 0, "", COLUMN, *words, rule="acknowledgement", level="warning")


def wrong_sums(flow: Flow) -> Iterator[WrongSum]:
    """Yield every count that does not follow from the others, as far as they are recorded."""
    reports = flow.included_reports
    for step in _steps(flow):
        if step.whole is None:
            continue
        known, is_whole = sum(count for count in step.less if count is not None), None not in step.less
        left = step.whole - known
        how = f"{step.whole_name} less {step.less_name}" if step.less else step.whole_name
        if left < 0:
            yield WrongSum(step.less_name, str(known), f"at most {step.whole}, {step.whole_name}")
        elif step.stated is not None and is_whole and step.stated != left:
            yield WrongSum(step.name, str(step.stated), f"{left}, {how}")
        elif step.stated is not None and step.stated > left:
            limit = f"{how} as far as recorded" if known else step.whole_name
            yield WrongSum(step.name, str(step.stated), f"at most {left}, {limit}")
        elif step.name == "included_reports" and reports is None:
            reports = left
    yield from _too_many(flow, reports)


class _Step(NamedTuple):
    """One count of the flow, and the counts it is the difference of."""

    name: str
    stated: int | None
    whole_name: str
    whole: int | None
    less_name: str
    less: tuple[int | None, ...]


def _steps(flow: Flow) -> Iterator[_Step]:
    removed = (flow.duplicates_removed, flow.removed_automatically, flow.removed_otherwise)
    found = records(flow.of_kind("database", "register"))
    yield _Step("screened", flow.screened, "records of databases and registers", found, "records removed", removed)
    yield _Step("sought", flow.sought, "screened", flow.screened, "screened_out", (flow.screened_out,))
    yield _Step("assessed", flow.assessed, "sought", flow.sought, "not_retrieved", (flow.not_retrieved,))
    routes: list[Route] = [flow]
    if flow.other is not None:
        routes.append(flow.other)
        other, found = flow.other, records(flow.of_kind("other"))
        yield _Step("other.sought", other.sought, "records of other sources", found, "", ())
        less = ("other.not_retrieved", (other.not_retrieved,))
        yield _Step("other.assessed", other.assessed, "other.sought", other.sought, *less)
    assessed = total(route.assessed for route in routes)
    if flow.of_kind("other") and flow.other is None:
        assessed = None  # found elsewhere, but nobody recorded what became of it
    before = flow.previous.reports if flow.previous else 0
    whole = total((assessed, before))
    whole_name = "assessed and previous.reports" if flow.previous else "assessed"
    excluded = tuple(None if route.excluded is None else sum(route.excluded.values()) for route in routes)
    yield _Step("included_reports", flow.included_reports, whole_name, whole, "excluded", excluded)


def _too_many(flow: Flow, reports: int | None) -> Iterator[WrongSum]:
    """Yield a count of studies above that of their reports, or an earlier count above that of today."""
    pairs = [("included", flow.included, "reports of them", reports)]
    if flow.previous is not None:
        earlier = flow.previous
        pairs.append(("previous.studies", earlier.studies, "included", flow.included))
        pairs.append(("previous.reports", earlier.reports, "included_reports", reports))
    for name, stated, most_name, most in pairs:
        if stated is not None and most is not None and stated > most:
            yield WrongSum(name, str(stated), f"at most {most}, {most_name}")


def _table(flow: Flow, rows: Iterable[Mapping[str, str]]) -> Iterator[WrongSum]:
    counted = count_studies(rows)
    for name, stated, expected, what in (
        ("included", flow.included, counted.studies, "studies"),
        ("included_reports", flow.included_reports, counted.reports, "papers"),
    ):
        if stated is not None and stated != expected:
            yield WrongSum(name, str(stated), f"{expected}, the {what} of studies.csv that are not excluded")


def _problem(rule: str, wrong: WrongSum, action: str) -> Problem:
    return Problem(FILE, 0, "", wrong.name, wrong.found, wrong.allowed, action, rule=rule, level=RULES[rule][0])
