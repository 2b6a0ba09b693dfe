"""``flow.toml``: what the search found and when it was last run; a count nobody recorded stays ``None``."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, ValidationError

from hipevidence.errors import Problem
from hipevidence.evidence.models import Record
from hipevidence.evidence.toml_text import parse_toml
from hipevidence.evidence.wording import Words, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hipevidence.evidence.sources import Source

FILE: Final = "flow.toml"
Count = Annotated[int, Field(ge=0, strict=True)]
Text = Annotated[str, Field(min_length=1)]


class SearchSource(Record):
    """One database or register: records found there, and the day of the last search."""

    name: Text
    records: Count | None = None
    last_search: dt.date | None = None


class Flow(Record):
    """Counts of PRISMA 2020 (doi:10.1136/bmj.n71); ``None`` is "not recorded".

    Attributes
    ----------
    sources
        What was searched.
    duplicates_removed, removed_otherwise, screened, screened_out
        Records.
    sought, not_retrieved, assessed
        Reports.
    excluded
        Reason to reports excluded after assessment.
    included
        Studies included.
    """

    sources: tuple[SearchSource, ...] = ()
    duplicates_removed: Count | None = None
    removed_otherwise: Count | None = None
    screened: Count | None = None
    screened_out: Count | None = None
    sought: Count | None = None
    not_retrieved: Count | None = None
    assessed: Count | None = None
    excluded: dict[Text, Count] | None = None
    included: Count | None = None

    @property
    def identified(self) -> int | None:
        """Records of all sources, if each is recorded."""
        return _sum(source.records for source in self.sources) if self.sources else None

    @property
    def last_search(self) -> str:
        """Day of the latest search (YYYY-MM-DD), or ``""`` unless every source has one."""
        days = [source.last_search for source in self.sources if source.last_search is not None]
        return max(days).isoformat() if days and len(days) == len(self.sources) else ""


def read_flow(source: Source, problems: list[Problem]) -> Flow | None:
    """Read ``flow.toml``, adding what is wrong with it to ``problems``; ``None`` when it cannot be read."""
    data = parse_toml(source, problems)
    if data is None:
        return None
    try:
        flow = Flow.model_validate(data)
    except ValidationError as error:
        for wrong in error.errors():
            place = plain(".".join(str(part) for part in wrong["loc"]))
            words = Words(
                plain(str(wrong["input"])), plain(wrong["msg"]), "Correct it, or delete what is not recorded."
            )
            problems.append(Problem(source.name, 0, "", place, *words, rule="flow"))
        return None
    problems.extend(_sums(flow))
    return flow


def check_included(flow: Flow, rows: Iterable[Mapping[str, str]]) -> Iterator[Problem]:
    """Hold ``included`` against the studies of studies.csv with a row that is not excluded."""
    studies = len({row["study_id"] for row in rows if row.get("status") != "excluded"})
    if flow.included is not None and flow.included != studies:
        yield _problem("included", flow.included, f"{studies}, the studies of studies.csv that are not excluded")


def _sums(flow: Flow) -> Iterator[Problem]:
    removed = _sum((flow.duplicates_removed, flow.removed_otherwise))
    for name, stated, whole, less, how in (
        ("screened", flow.screened, flow.identified, removed, "records of all sources less those removed"),
        ("sought", flow.sought, flow.screened, flow.screened_out, "screened less screened_out"),
        ("assessed", flow.assessed, flow.sought, flow.not_retrieved, "sought less not_retrieved"),
    ):
        if stated is not None and whole is not None and less is not None and stated != whole - less:
            yield _problem(name, stated, f"{whole - less}, {how}")
    excluded = None if flow.excluded is None else sum(flow.excluded.values())
    if flow.assessed is not None and excluded is not None and (flow.included or 0) > flow.assessed - excluded:
        yield _problem("included", flow.included or 0, f"at most {flow.assessed - excluded}, assessed less excluded")


def _problem(column: str, found: int, allowed: str) -> Problem:
    words = Words(str(found), allowed, "Correct the count, or delete what is not recorded.")
    return Problem(FILE, 0, "", column, *words, rule="flow_sum")


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)
