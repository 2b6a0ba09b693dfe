"""What a form has to know about each cell of a new row: its meaning, what may stand there, what stood there before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from hipevidence.evidence.cells import ColumnCheck, control_characters
from hipevidence.evidence.keys import unknown_key
from hipevidence.evidence.wording import Words, advice, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.evidence.load import Evidence
    from hipevidence.evidence.schema import Column, Resource

#: Earlier values that are offered.
OFFERED: Final = 6
#: Columns that say something of a paper, not of one of its results: they may be taken over from its last row.
OF_A_PAPER: Final = frozenset(
    {
        "study",
        "review",
        "sample_id",
        "year",
        "design",
        "population",
        "population_detail",
        "sex",
        "intervention",
        "arm1",
        "comparator",
        "arm2",
        "n_enrolled",
        "verification",
        "seen",
        "status",
        "read_in",
        "url",
        "doi",
        "pmid",
        "dose",
        "tool",
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """One cell of a new row.

    Attributes
    ----------
    column
        Its description.
    target
        Where its keys come from, such as ``vocabulary.outcome``; ``""`` where it is no key.
    keys
        Key to label of what may stand there; empty where it is no key.
    earlier
        Values that stand in the table, the most frequent first.
    """

    column: Column
    target: str
    keys: Mapping[str, str]
    earlier: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """What may stand there where that is a closed list."""
        if self.column.type == "boolean":
            return ("true", "false")
        return tuple(map(str, self.column.constraints.enum or ()))

    @property
    def first_keys(self) -> tuple[str, ...]:
        """The first of the keys that may stand there, and how many more there are."""
        more = len(self.keys) - OFFERED
        return (*list(self.keys)[:OFFERED], *((f"and {more} more",) if more > 0 else ()))

    def objection(self, text: str) -> Words | None:
        """Return what is wrong with an answer, ``None`` when it may stand there."""
        column = self.column
        if not text:
            missing = Words("nothing", column.allowed, advice("Fill it in.", column.description))
            return missing if column.constraints.required else None
        if control_characters(text):
            return Words(f"control characters in {shown(text)}", "printable text", "Type it again.")
        if self.target and self.target != "references" and text not in self.keys:
            return unknown_key(text, self.target, self.keys)
        check = ColumnCheck(column)
        try:
            check.value(text)
        except ValidationError as error:
            return Words(shown(text), column.allowed, check.action(text, error))
        return None


def form_fields(evidence: Evidence, table: str) -> tuple[Field, ...]:
    """Return the cells of a new row, in the order of the table.

    Parameters
    ----------
    evidence
        The tables.
    table
        The table the row is meant for.
    """
    resource = evidence.schema.resource(table)
    targets = {key.fields[0]: key.reference.resource for key in resource.table.foreign_keys}
    printed = evidence.printed[table]
    return tuple(
        Field(
            column, targets.get(name, ""), _keys(evidence, targets.get(name, "")), _earlier(column, list(printed[name]))
        )
        for name, column in resource.columns.items()
    )


def suggestions(evidence: Evidence, table: str, row: Mapping[str, str]) -> dict[str, str]:
    """Return what the other cells of a row probably are: as in the last row from the same paper.

    Parameters
    ----------
    evidence
        The tables.
    table
        The table the row is meant for.
    row
        The cells answered so far.

    Returns
    -------
    dict
        Column to text, where all rows of the paper agree; empty for a new paper.
    """
    resource = evidence.schema.resource(table)
    paper = _paper_column(resource)
    printed = evidence.printed[table]
    if not paper or not row.get(paper):
        return {}
    same = printed[printed[paper] == row[paper]]
    if same.empty:
        return {}
    last = same.iloc[-1]
    constant = [name for name in printed.columns if name in OF_A_PAPER and same[name].nunique() == 1]
    return {name: str(last[name]) for name in constant if last[name] and name not in row}


def suggested_key(resource: Resource, row: Mapping[str, str]) -> str:
    """Return a key for a row in the form of the others (paper, outcome, time), ``""`` where the parts are missing."""
    paper = row.get(_paper_column(resource), "")
    if len(resource.table.primary_key) != 1 or not paper or not row.get("outcome"):
        return ""
    weeks = row.get("time_weeks", "")
    return ".".join([paper, row["outcome"], *([f"{weeks}w"] if weeks else [])])


def _paper_column(resource: Resource) -> str:
    papers = [key.fields[0] for key in resource.table.foreign_keys if key.reference.resource == "references"]
    return papers[0] if papers else ""


def _keys(evidence: Evidence, target: str) -> dict[str, str]:
    if target.startswith("vocabulary."):
        terms = evidence.vocabulary.get(target.removeprefix("vocabulary."), {})
        return {key: term.label for key, term in terms.items()}
    if target == "references":
        return {key: str(entry.get("title", "")) for key, entry in evidence.references.items()}
    if target == "instruments":
        return {str(row["instrument"]): str(row["name"]) for row in evidence.records("instruments")}
    return {}


def _earlier(column: Column, values: list[str]) -> tuple[str, ...]:
    """Return the most frequent values of a column of words; figures and keys of rows are no pattern for others."""
    if column.constraints.unique or (column.type != "string" and column.name not in OF_A_PAPER):
        return ()
    return tuple(value for value, _ in Counter(value for value in values if value).most_common(OFFERED))
