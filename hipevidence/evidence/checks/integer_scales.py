"""GRIM, GRIMMER and DEBIT asked about the means and SDs of a row whose instrument moves in known steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hipevidence.evidence.checks.bounds import exceeds_scale
from hipevidence.evidence.checks.cells import CELLS, COLUMNS, Cell, Moment, size
from hipevidence.evidence.checks.debit import debit
from hipevidence.evidence.checks.grim import grim
from hipevidence.evidence.checks.grimmer import grimmer
from hipevidence.evidence.checks.lattice import Consistency, Steps
from hipevidence.evidence.checks.printed import Printed, figure
from hipevidence.evidence.rulebook import Finding, row_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence.rulebook import View

READ = ("instrument", "adjusted_for", "n_enrolled", *COLUMNS)
ACTION = (
    "Look for a slip of the pen first; then ask whether other people than these stand behind the figure, or whether it "
    "was adjusted, imputed, or cut off instead of rounded."
)


class Tested(NamedTuple):
    """What came of asking one check about one arm at one moment."""

    cell: Cell
    result: Consistency


def grim_of_row(row: View) -> Iterator[Tested]:
    """Yield what GRIM says about each mean of a row that is filled."""
    for cell, mean, _, n, steps in _cells(row):
        yield Tested(cell, steps if isinstance(steps, Consistency) else grim(mean, n, steps))


def grimmer_of_row(row: View) -> Iterator[Tested]:
    """Yield what GRIMMER says about each mean and SD of a row whose mean passes GRIM and whose SD fits the scale."""
    for cell, mean, sd, n, steps in _cells(row):
        if sd is None:
            continue
        if isinstance(steps, Consistency):
            yield Tested(cell, steps)
        elif (
            steps.most != 1 and grim(mean, n, steps).verdict != "inconsistent" and not exceeds_scale(mean, sd, n, steps)
        ):
            yield Tested(cell, grimmer(mean, sd, n, steps))


def debit_of_row(row: View) -> Iterator[Tested]:
    """Yield what DEBIT says about each mean and SD of a row whose instrument has two scores."""
    for cell, mean, sd, n, steps in _cells(row):
        if sd is not None and isinstance(steps, Steps) and steps.most == 1:
            yield Tested(cell, debit(mean, sd, n, steps))


@row_rule("grim", "query", "A mean can be made of whole steps", READ)
def _grim(row: View) -> Iterator[Finding]:
    for cell, result in grim_of_row(row):
        if result.verdict == "inconsistent":
            found = f"{row.printed(cell.mean)} for {row.printed(cell.n)} people"
            yield Finding(cell.mean, found, f"a mean of whole steps; {result.reason}", ACTION)


@row_rule("grimmer", "query", "A mean and its SD can be made of whole steps", READ)
def _grimmer(row: View) -> Iterator[Finding]:
    yield from _pairs(row, grimmer_of_row(row))


@row_rule("debit", "query", "The SD of a yes-or-no outcome follows from its share", READ)
def _debit(row: View) -> Iterator[Finding]:
    yield from _pairs(row, debit_of_row(row))


def _pairs(row: View, tested: Iterator[Tested]) -> Iterator[Finding]:
    for cell, result in tested:
        if result.verdict == "inconsistent":
            found = f"{row.printed(cell.mean)} (SD {row.printed(cell.sd)}) for {row.printed(cell.n)} people"
            allowed = f"a mean and an SD of whole steps; {result.reason}"
            yield Finding(f"{cell.mean}, {cell.sd}", found, allowed, ACTION)


def _cells(row: View) -> Iterator[tuple[Cell, Printed, Printed | None, int, Steps | Consistency]]:
    for moment, arms in CELLS.items():
        for cell in arms:
            mean, n = figure(row, cell.mean), size(row, cell.n)
            if mean is not None:
                steps = Consistency("not_testable", "the number of people is not known") if n is None else None
                yield cell, mean, figure(row, cell.sd), n or 0, steps or _steps(row, moment)


def _steps(row: View, moment: Moment) -> Steps | Consistency:
    """Return the scores that one person can have, or why that is not known."""
    scale = row.scale()
    step = None if scale is None else figure(scale, "granularity")
    if scale is None or step is None:
        return Consistency("not_testable", "the instrument is continuous, or its step is not known")
    if row.text("adjusted_for"):
        return Consistency("not_testable", "the figures may be adjusted")
    if moment == "pre" and row.number("n_enrolled") > row.number("n1") + row.number("n2"):
        return Consistency("not_testable", "more people were enrolled than analysed; which of them is not known")
    low, high = figure(scale, "minimum"), figure(scale, "maximum")
    steps = Steps(step.value, None if low is None else low.value, None if high is None else high.value)
    return steps.changes() if moment == "change" else steps
