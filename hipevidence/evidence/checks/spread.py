"""Standard deviations that look like standard errors, or that a scale does not allow."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.evidence.checks.bounds import exceeds_scale
from hipevidence.evidence.checks.cells import CELLS, COLUMNS, WORDS, Cell, Moment, group, groups
from hipevidence.evidence.checks.comparisons import confidence_level
from hipevidence.evidence.checks.intervals import as_range, compare_pooled, critical_value
from hipevidence.evidence.checks.lattice import Steps
from hipevidence.evidence.checks.printed import Printed, figure, figures
from hipevidence.evidence.rulebook import Finding, row_rule, table_rule
from hipevidence.evidence.rules import READ_ON_A_PAGE, SAME_PEOPLE_TWICE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hipevidence.evidence.rulebook import View

LARGEST_SMD = 2.0  # a difference of two standard deviations between arms is rare enough to ask
FEWEST_FOR_SE = 5  # with fewer people SD and standard error are too close to tell apart
FAR = 2.5  # times the usual SD of an instrument, or that part of it
FEWEST_SAMPLES = 2  # others that must have printed an SD of the instrument before one can be called unusual
SE_AS_SD = "Is one of them a standard error? SD = SE times the root of n. Or has a mean lost a digit?"


@row_rule("smd_above_2", "query", "Arms rarely differ by more than two standard deviations", ("design", *COLUMNS))
def _smd_above_2(row: View) -> Iterator[Finding]:
    for moment, cells in CELLS.items():
        arms = groups(row, moment)
        if arms is None or row.text("design") in SAME_PEOPLE_TWICE:
            continue
        scale = math.sqrt(1 / arms[0].n + 1 / arms[1].n)
        smallest = compare_pooled(*arms).test.t.size().low * scale
        if smallest > LARGEST_SMD:
            found = " and ".join(f"{row.printed(cell.mean)} (SD {row.printed(cell.sd)})" for cell in cells)
            columns = ", ".join(name for cell in cells for name in (cell.mean, cell.sd))
            allowed = f"rarely more than 2 SDs apart; {WORDS[moment]} are at least {fmt.number(smallest, 1)}"
            yield Finding(columns, found, allowed, SE_AS_SD)


@row_rule("sd_beside_se", "warning", "Both arms print the same kind of spread", COLUMNS)
def _sd_beside_se(row: View) -> Iterator[Finding]:
    for moment, (one, other) in CELLS.items():
        if groups(row, moment) is None:
            continue
        for wide, narrow in ((one, other), (other, one)):
            if _is_error_of(row, wide, narrow):
                found = f"{row.printed(narrow.sd)}, while {wide.sd} is {row.printed(wide.sd)}"
                allowed = f"an SD; this is {wide.sd} divided by the root of {wide.n}"
                yield Finding(narrow.sd, found, allowed, "Does one arm print SD and the other a standard error?")


@row_rule("sd_above_scale", "warning", "An SD is possible on a scale with two ends", ("instrument", *COLUMNS))
def _sd_above_scale(row: View) -> Iterator[Finding]:
    steps = _ends(row)
    if steps is None:
        return
    for moment, cells in CELLS.items():
        scale = steps.changes() if moment == "change" else steps
        for cell in cells:
            arm = group(row, cell)
            if arm is not None and exceeds_scale(arm.mean, arm.sd, arm.n, scale):
                found = f"{row.printed(cell.sd)} with mean {row.printed(cell.mean)}"
                allowed = "at most the SD that arises when everybody stands at one end of the scale or the other"
                action = "Look up mean, SD and the ends of the instrument."
                yield Finding(f"{cell.mean}, {cell.sd}", found, allowed, action)


@table_rule(
    "sd_unusual",
    "query",
    "An SD resembles those that others print for the instrument",
    (
        "instrument",
        "sample_id",
        "verification",
        "n_enrolled",
        "effect_measure",
        "ci_low",
        "ci_high",
        "ci_level",
        *COLUMNS,
    ),
)
def _sd_unusual(rows: tuple[View, ...]) -> Iterator[tuple[View, Finding]]:
    known = _known_spreads(rows)
    for row in rows:
        usual = _usual(row, known)
        if usual is not None:
            for finding in (*_unusual_sds(row, usual), *_unusual_intervals(row, usual)):
                yield row, finding


def _is_error_of(row: View, wide: Cell, narrow: Cell) -> bool:
    arm, other = group(row, wide), group(row, narrow)
    if arm is None or other is None or min(arm.n, other.n) < FEWEST_FOR_SE:
        return False
    return as_range(arm.sd).times(1 / math.sqrt(arm.n)).meets(as_range(other.sd))


def _ends(row: View) -> Steps | None:
    scale = row.scale()
    ends = None if scale is None else figures(scale, "minimum", "maximum")
    return None if ends is None else Steps(lowest=ends[0].value, highest=ends[1].value)


def _known_spreads(rows: tuple[View, ...]) -> Mapping[str, Mapping[str, float]]:
    """Return instrument to sample to its median SD of scores (not of changes)."""
    spreads: dict[str, dict[str, list[float]]] = {}
    for row in rows:
        if row.has("instrument") and row.text("verification") in READ_ON_A_PAGE:
            found = [float(sd.value) for sd in _spreads(row, "pre", "post") if sd is not None]
            if found:
                samples = spreads.setdefault(row.text("instrument"), {})
                samples.setdefault(row.text("sample_id"), []).extend(found)
    return {
        instrument: {sample: statistics.median(found) for sample, found in samples.items()}
        for instrument, samples in spreads.items()
    }


def _spreads(row: View, *moments: Moment) -> Iterator[Printed | None]:
    for moment in moments:
        for cell in CELLS[moment]:
            yield figure(row, cell.sd)


def _usual(row: View, known: Mapping[str, Mapping[str, float]]) -> float | None:
    samples = known.get(row.text("instrument"), {})
    others = [spread for sample, spread in samples.items() if sample != row.text("sample_id")]
    return statistics.median(others) if len(others) >= FEWEST_SAMPLES else None


def _unusual_sds(row: View, usual: float) -> Iterator[Finding]:
    for moment in ("pre", "post"):
        for cell in CELLS[moment]:
            sd = figure(row, cell.sd)
            if sd is not None and (float(sd.high) * FAR < usual or float(sd.low) > FAR * usual):
                yield Finding(cell.sd, row.printed(cell.sd), _usually(usual), SE_AS_SD)


def _unusual_intervals(row: View, usual: float) -> Iterator[Finding]:
    """Yield a finding where an interval is so narrow that no split of the people gives it a usual SD."""
    limits = figures(row, "ci_low", "ci_high")
    if limits is None or row.text("effect_measure") != "MD":
        return
    n1, n2 = row.number("n1"), row.number("n2")
    if math.isnan(n1 + n2):
        n1 = n2 = row.number("n_enrolled") / 2
    width = float(limits[1].high - limits[0].low)
    error = width / 2 / critical_value(confidence_level(row), math.inf)
    spread = error / math.sqrt(1 / n1 + 1 / n2)
    if spread * FAR < usual:
        found = (
            f"{row.printed('ci_low')} to {row.printed('ci_high')}, which takes an SD of {fmt.number(spread)} at most"
        )
        action = "Look the limits and the sizes up again; a change score or adjustment narrows an interval, but so far?"
        yield Finding("ci_low, ci_high", found, _usually(usual), action)


def _usually(usual: float) -> str:
    return f"an SD near {fmt.number(usual)}, the middle of what the other samples print for this instrument"
