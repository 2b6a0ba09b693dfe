"""How often GRIM and GRIMMER are wrong, and how much they catch: ``python validation/rowchecks/simulate.py``.

Honest rows are drawn, averaged exactly and printed by three ways of rounding; none may be flagged. Then every data set
of n whole scores from 0 to 10 is enumerated: a printed mean and SD that none of them has is impossible.
"""

from __future__ import annotations

import itertools
import random
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from hipevidence.evidence.checks.grim import grim
from hipevidence.evidence.checks.grimmer import grimmer
from hipevidence.evidence.checks.lattice import Steps
from hipevidence.evidence.checks.printed import Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN)
ITEMS = (1, 2, 4)
LIKERT = (1, 7)
SCALE = Steps(Fraction(1), Fraction(0), Fraction(10))
EXACT = Context(prec=60)
SEED = 5


class Caught(NamedTuple):
    """Of the pairs that no data set has, how many were flagged; and how many possible ones were flagged by mistake."""

    impossible: int
    caught: int
    false_alarms: int
    passed_grim: int
    caught_by_grimmer: int


def false_alarms(rows: int) -> dict[str, int]:
    """Return how many of so many honest rows each check flags, and how many it could test."""
    draw = random.Random(SEED)  # noqa: S311 - a simulation, not a secret
    flagged = dict.fromkeys(("grim flagged", "grimmer flagged", "grim tested", "grimmer tested"), 0)
    for index in range(rows):
        items, rounding = ITEMS[index % 3], ROUNDINGS[index // 3 % 3]
        mean, sd, n = _honest(draw, items, rounding)
        low, high = map(Fraction, LIKERT)
        steps = Steps(Fraction(1, items), low, high) if draw.random() < 0.5 else Steps(Fraction(1, items))
        for name, result in (("grim", grim(mean, n, steps)), ("grimmer", grimmer(mean, sd, n, steps))):
            flagged[f"{name} flagged"] += result.verdict == "inconsistent"
            flagged[f"{name} tested"] += result.verdict != "not_testable"
    return flagged


def power(sizes: range, decimals: int) -> Caught:
    """Return what is caught among all printed pairs for so many people on a scale of whole points from 0 to 10."""
    total = Caught(0, 0, 0, 0, 0)
    for n in sizes:
        total = Caught(*(a + b for a, b in zip(total, _power(n, decimals), strict=True)))
    return total


def possible(n: int, decimals: int) -> set[tuple[int, int]]:
    """Return every printed mean and SD, in units of the last decimal, that some n whole scores have."""
    sums = {
        (sum(scores), sum(score * score for score in scores))
        for scores in itertools.combinations_with_replacement(range(11), n)
    }
    pairs = set()
    for total, squares in sums:
        mean = Fraction(total, n)
        variance = (squares - Fraction(total * total, n)) / (n - 1)
        for rounding in ROUNDINGS:
            pairs.add((_units(_decimal(mean), decimals, rounding), _units(_root(variance), decimals, rounding)))
    return pairs


def _power(n: int, decimals: int) -> Caught:
    unit = 10**decimals
    exist = possible(n, decimals)
    largest = max(sd for _, sd in exist)
    impossible = caught = wrong = passed = 0
    for units in range(10 * unit + 1):
        mean = _printed(units, decimals)
        grim_flags = grim(mean, n, SCALE).verdict == "inconsistent"
        for sd in range(1, largest + 1):
            flags = grim_flags or grimmer(mean, _printed(sd, decimals), n, SCALE).verdict == "inconsistent"
            exists = (units, sd) in exist
            wrong += exists and flags
            impossible += not exists
            caught += flags and not exists
            passed += not exists and not grim_flags
    return Caught(impossible, caught, wrong, passed, caught - (impossible - passed))


def _honest(draw: random.Random, items: int, rounding: str) -> tuple[Printed, Printed, int]:
    while True:
        n = draw.randint(3, 60)
        scores = [sum(draw.randint(*LIKERT) for _ in range(items)) for _ in range(n)]
        mean = Fraction(sum(scores), n * items)
        variance = sum((Fraction(score, items) - mean) ** 2 for score in scores) / (n - 1)
        sd = _units(_root(variance), 2, rounding)
        if sd > 0:  # an SD of nought cannot be entered
            return _printed(_units(_decimal(mean), 2, rounding), 2), _printed(sd, 2), n


def _decimal(value: Fraction) -> Decimal:
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _root(value: Fraction) -> Decimal:
    return EXACT.sqrt(_decimal(value))


def _units(value: Decimal, decimals: int, rounding: str) -> int:
    return int(value.scaleb(decimals, EXACT).quantize(Decimal(1), rounding=rounding, context=EXACT))


def _printed(units: int, decimals: int) -> Printed:
    return Printed(Fraction(units, 10**decimals), Fraction(1, 2 * 10**decimals))


def _lines() -> Iterator[str]:
    rows = 50_000
    yield f"honest rows: {rows} (items 1, 2, 4; n 3 to 60; half up, half down, half even; two decimals)"
    for name, count in false_alarms(rows).items():
        yield f"  {name}: {count}"
    for decimals, sizes in ((1, range(3, 9)), (2, range(3, 9))):
        result = power(sizes, decimals)
        yield f"scale 0 to 10, n {sizes.start} to {sizes.stop - 1}, {decimals} decimals, every printed pair:"
        yield f"  impossible: {result.impossible}, caught: {result.caught} ({result.caught / result.impossible:.2%})"
        share = result.caught_by_grimmer / result.passed_grim
        yield f"  of those, mean passes GRIM: {result.passed_grim}, caught by GRIMMER: {share:.2%}"
        yield f"  possible pairs flagged: {result.false_alarms}"


if __name__ == "__main__":
    for line in _lines():
        print(line)
