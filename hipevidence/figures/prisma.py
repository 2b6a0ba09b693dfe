"""The counts of a PRISMA 2020 flow diagram, and whether they add up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style

if TYPE_CHECKING:
    from collections.abc import Iterator

Reasons = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """How reports of one kind of source got to an assessment.

    Attributes
    ----------
    sought, not_retrieved, assessed
        Reports sought for retrieval, not retrieved, assessed for eligibility.
    excluded
        Reports excluded after assessment: reason and count.
    """

    sought: int
    not_retrieved: int
    assessed: int
    excluded: Reasons = ()


@dataclass(frozen=True, slots=True)
class Prisma:
    """The counts of a search.

    Records are what a search returns, reports are documents, studies are what reports are about.

    Attributes
    ----------
    databases, registers
        Records by source: name and count.
    duplicates, removed_automatically, removed_otherwise
        Records removed before screening.
    screened, screened_out
        Records screened, and excluded by title and abstract.
    route
        From reports sought to reports assessed, for databases and registers.
    others
        Records by other source (websites, organisations, citations): name and count; empty where nobody looked.
    other_route
        The same way for other sources, or ``None``.
    previous_studies, previous_reports
        Included in an earlier version of the review; 0 where there is none.
    new_studies, new_reports
        Included now for the first time.
    total_studies, total_reports
        Included in the review.
    """

    databases: Reasons
    registers: Reasons
    duplicates: int
    removed_automatically: int
    removed_otherwise: int
    screened: int
    screened_out: int
    route: Route
    new_studies: int
    new_reports: int
    total_studies: int
    total_reports: int
    others: Reasons = ()
    other_route: Route | None = None
    previous_studies: int = 0
    previous_reports: int = 0

    @property
    def identified(self) -> int:
        """Records found in databases and registers."""
        return total(self.databases) + total(self.registers)

    @property
    def has_previous(self) -> bool:
        """Whether there is an earlier version of the review."""
        return self.previous_studies > 0 or self.previous_reports > 0


#: Boxes of the old template that a report count follows from.
_STEPS: Final = (
    ("records screened", "identified less removed before screening"),
    ("reports sought", "screened less excluded"),
    ("reports assessed", "sought less not retrieved"),
    ("other reports sought", "records from other sources"),
    ("other reports assessed", "sought less not retrieved"),
    ("reports of new studies", "assessed less excluded, over both ways"),
    ("total studies", "previous and new ones"),
    ("total reports", "previous and new ones"),
)


def total(parts: Reasons) -> int:
    """Return the sum of the counts."""
    return sum(count for _, count in parts)


def check_prisma(counts: Prisma, *, studies: int | None = None) -> None:
    """Raise an error that names every sum of the flow that does not work out.

    Parameters
    ----------
    counts
        The search.
    studies
        Distinct studies in the tables, to hold against ``total_studies``.

    Raises
    ------
    InputError
        If a count is negative or no whole number, or a sum does not work out.

    Examples
    --------
    >>> flow = Prisma((("A", 10),), (), 2, 0, 0, 8, 5, Route(3, 0, 3, (("no trial", 1),)), 2, 2, 2, 2)
    >>> check_prisma(flow)
    """
    wrong = list(_not_counts(counts)) or list(_sums(counts))
    if studies is not None and studies != counts.total_studies:
        wrong.append(f"total studies {fmt.count(counts.total_studies)}, the tables hold {fmt.count(studies)}")
    if wrong:
        raise InputError(
            f"the flow does not add up: {'; '.join(wrong)}; allowed: every number follows from those before it. "
            "Correct the counts."
        )


def _not_counts(counts: Prisma) -> Iterator[str]:
    for name, value in _every_count(counts):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            yield f"{name} is {value!r}, no count"


def _every_count(counts: Prisma) -> Iterator[tuple[str, object]]:
    for field in fields(counts):
        value = getattr(counts, field.name)
        if isinstance(value, Route):
            yield from (
                (f"{field.name} {name}", getattr(value, name)) for name in ("sought", "not_retrieved", "assessed")
            )
            value = value.excluded
        if isinstance(value, tuple):
            yield from ((style.legible(name), count) for name, count in value)
        elif value is not None:
            yield field.name, value


def _sums(counts: Prisma) -> Iterator[str]:
    other = counts.other_route
    removed = counts.duplicates + counts.removed_automatically + counts.removed_otherwise
    excluded = total(counts.route.excluded) + (total(other.excluded) if other else 0)
    assessed = counts.route.assessed + (other.assessed if other else 0)
    found = (
        (counts.screened, counts.identified - removed),
        (counts.route.sought, counts.screened - counts.screened_out),
        (counts.route.assessed, counts.route.sought - counts.route.not_retrieved),
        (other.sought, total(counts.others)) if other else (0, total(counts.others)),
        (other.assessed, other.sought - other.not_retrieved) if other else (0, 0),
        (counts.new_reports, assessed - excluded),
        (counts.total_studies, counts.previous_studies + counts.new_studies),
        (counts.total_reports, counts.previous_reports + counts.new_reports),
    )
    for (name, how), (stated, expected) in zip(_STEPS, found, strict=True):
        if stated != expected:
            yield f"{name} {fmt.count(stated)}, but {how} gives {fmt.count(expected)}"
    if counts.new_studies > counts.new_reports:
        yield f"{fmt.count(counts.new_studies)} new studies in {fmt.count(counts.new_reports)} reports"
