"""Figures and arms that stand in the table more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hipevidence.evidence.checks.cells import CELLS, COLUMNS, Cell, Moment
from hipevidence.evidence.checks.printed import figure, figures
from hipevidence.evidence.rulebook import Finding, table_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.rulebook import View

FEWEST_DIGITS = 6  # of mean and SD together: "3.50 (1.86)"; shorter pairs meet by chance
ESTIMATE = ("effect", "ci_low", "ci_high")
WAS_COPIED = "Was a cell copied, here or in the paper?"
CONTROL = ("study_id", "sex", "outcome", "instrument", "time_weeks", "comparator", "arm2", "n2")


class Pair(NamedTuple):
    """A mean and an SD, where they stand, and what they were measured on."""

    row: View
    cell: Cell
    moment: tuple[str, ...]


@table_rule(
    "copied_cells",
    "warning",
    "A mean with its SD stands in one place",
    ("study_id", "sample_id", "outcome", "instrument", "time_weeks", *COLUMNS),
)
def _copied_cells(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    first: dict[tuple[str, str], Pair] = {}
    for row in rows:
        for moment, cells in CELLS.items():
            for cell in cells:
                printed = row.row.printed.get(cell.mean, ""), row.row.printed.get(cell.sd, "")
                if _long_enough(row, cell):
                    pair = Pair(row, cell, _measured(row, moment))
                    earlier = first.setdefault(printed, pair)
                    if earlier is not pair and not _same_measurement(earlier, pair):
                        yield row, _copied(earlier, pair)


@table_rule(
    "copied_interval",
    "warning",
    "An effect with its interval stands in one place",
    ("sample_id", "outcome", "instrument", "time_weeks", *ESTIMATE),
)
def _copied_interval(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    first: dict[tuple[str, ...], View] = {}
    for row in rows:
        numbers = figures(row, *ESTIMATE)
        if numbers is None or sum(number.digits for number in numbers) < FEWEST_DIGITS:
            continue
        printed = tuple(row.row.printed[row.name(column)] for column in ESTIMATE)
        earlier = first.setdefault(printed, row)
        if earlier is not row and _measured(earlier, "post") != _measured(row, "post"):
            found = f"{row.printed('effect')} ({row.printed('ci_low')} to {row.printed('ci_high')})"
            allowed = f"figures of its own; line {earlier.row.line} holds the same"
            yield row, Finding("effect, ci_low, ci_high", found, allowed, WAS_COPIED)


@table_rule(
    "control_counted_twice",
    "warning",
    "A control arm counts once",
    (*CONTROL, "sample_id", "intervention", "arm1", "status"),
)
def _control_counted_twice(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    first: dict[tuple[str, ...], View] = {}
    for row in rows:
        if row.text("status") != "extracted" or not row.has("arm2"):
            continue
        key = tuple(row.row.printed.get(row.name(column), "") for column in CONTROL)
        earlier = first.setdefault(key, row)
        if earlier is row:
            continue
        if row.text("sample_id") != earlier.text("sample_id"):
            action = "Give rows on the same people one sample_id."
        elif row.text("intervention") == earlier.text("intervention") and row.text("arm1") != earlier.text("arm1"):
            action = "Combine the two arms into one row, or say in the question which of them is meant."
        else:
            continue
        found = f"the control arm of line {earlier.row.line} again"
        yield row, Finding("arm2", found, "each control arm once in a question", action)


def _long_enough(row: View, cell: Cell) -> bool:
    mean, sd = figure(row, cell.mean), figure(row, cell.sd)
    return mean is not None and sd is not None and mean.digits + sd.digits >= FEWEST_DIGITS


def _measured(row: View, moment: Moment) -> tuple[str, ...]:
    """Return what a mean was measured on: the same mean may stand in every row on the same people and moment."""
    time = "" if moment == "pre" else row.row.printed.get("time_weeks", "")
    return (*(row.text(column) for column in ("sample_id", "outcome", "instrument")), moment, time)


def _same_measurement(earlier: Pair, pair: Pair) -> bool:
    return earlier.row is not pair.row and earlier.moment == pair.moment


def _copied(earlier: Pair, pair: Pair) -> Finding:
    place = "this row" if earlier.row is pair.row else f"line {earlier.row.row.line}"
    found = f"{pair.row.printed(pair.cell.mean)} (SD {pair.row.printed(pair.cell.sd)})"
    allowed = f"figures of its own; {earlier.cell.mean} and {earlier.cell.sd} of {place} hold the same"
    return Finding(f"{pair.cell.mean}, {pair.cell.sd}", found, allowed, WAS_COPIED)
