"""``flow.toml``: what the search found and when it was last run; a count nobody recorded stays ``None``."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, ValidationError

from hipevidence.errors import Problem
from hipevidence.evidence.entries import dotted, known_keys
from hipevidence.evidence.explain import explain
from hipevidence.evidence.models import Record
from hipevidence.evidence.toml_text import parse_toml
from hipevidence.evidence.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.evidence.sources import Source

FILE: Final = "flow.toml"
Count = Annotated[int, Field(ge=0, strict=True)]
Text = Annotated[str, Field(min_length=1)]
Kind = Literal["database", "register", "other"]


class SearchSource(Record):
    """One place that was searched: records found there, and the day of the last search.

    ``kind`` is ``database``, ``register`` or ``other`` (websites, organisations, reference lists, people asked).
    """

    name: Text
    kind: Kind = "database"
    records: Count | None = None
    last_search: dt.date | None = None


class Route(Record):
    """How reports got to an assessment, and how many were excluded there for which reason."""

    sought: Count | None = None
    not_retrieved: Count | None = None
    assessed: Count | None = None
    excluded: dict[Text, Count] | None = None


class Previous(Record):
    """What an earlier version of the review included."""

    studies: Count | None = None
    reports: Count | None = None


class Flow(Route):
    """Counts of PRISMA 2020 (doi:10.1136/bmj.n71); ``None`` is "not recorded".

    Records are what a search returns, reports are documents, studies are what reports are about.

    Attributes
    ----------
    sources
        What was searched.
    duplicates_removed, removed_automatically, removed_otherwise, screened, screened_out
        Records of databases and registers.
    sought, not_retrieved, assessed
        Reports from databases and registers.
    excluded
        Reason to reports excluded after assessment.
    included
        Studies in the review, whether or not their figures could be read and pooled.
    included_reports
        Reports about them.
    other
        The way of reports from other sources, ``None`` where nobody looked there.
    previous
        What an earlier version of the review included, ``None`` where there is none.
    acknowledged
        Findings about these counts that may stand: ``rule: reason; rule: reason``.
    """

    sources: tuple[SearchSource, ...] = ()
    duplicates_removed: Count | None = None
    removed_automatically: Count | None = None
    removed_otherwise: Count | None = None
    screened: Count | None = None
    screened_out: Count | None = None
    included: Count | None = None
    included_reports: Count | None = None
    other: Route | None = None
    previous: Previous | None = None
    acknowledged: str = ""

    @property
    def is_recorded(self) -> bool:
        """Whether anything is known about the search."""
        return self != Flow()

    @property
    def last_search(self) -> str:
        """Day of the latest search (YYYY-MM-DD), or ``""`` unless every source has one."""
        days = [source.last_search for source in self.sources if source.last_search is not None]
        return max(days).isoformat() if days and len(days) == len(self.sources) else ""

    def of_kind(self, *kinds: Kind) -> tuple[SearchSource, ...]:
        """Return the sources of these kinds."""
        return tuple(source for source in self.sources if source.kind in kinds)


def records(sources: tuple[SearchSource, ...]) -> int | None:
    """Return the records of all these sources, ``None`` unless each is recorded."""
    return total(source.records for source in sources) if sources else None


def total(counts: Iterable[int | None]) -> int | None:
    """Return the sum of counts, ``None`` if one is not recorded."""
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)


def read_flow(source: Source, problems: list[Problem]) -> Flow | None:
    """Read ``flow.toml``, adding what is wrong with it to ``problems``; ``None`` when it cannot be read."""
    data = parse_toml(source, problems)
    if data is None:
        return None
    try:
        return Flow.model_validate(data)
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            words = explain(wrong, known_keys(Flow, wrong["loc"]))
            problems.append(Problem(source.name, 0, "", plain(dotted(wrong["loc"])), *words, rule="flow"))
        return None
