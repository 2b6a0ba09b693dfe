"""GRIMMER: can n whole steps have this mean and this SD together? Exact fractions throughout."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from hipevidence.evidence.checks.lattice import CONSISTENT, Consistency, Steps, too_many_totals

if TYPE_CHECKING:
    from hipevidence.evidence.checks.printed import Printed

SMALL = 200  # people times steps of the scale up to which every sum of squares is listed, in some milliseconds


def grimmer(mean: Printed, sd: Printed, n: int, steps: Steps) -> Consistency:
    """Return whether some n scores have a mean and an SD that are printed so.

    Parameters
    ----------
    mean, sd
        As printed, in the unit of the scale; the SD has n - 1 in its denominator.
    n
        People behind them.
    steps
        Scores that one person can have.

    Returns
    -------
    Consistency
        ``not_testable`` for fewer than 2 people, and where the printed decimals leave room for every SD.

    Notes
    -----
    Scores are whole numbers k of steps, with total S and sum of squares Q. For every S that the mean admits, some whole
    Q must satisfy ``Q - S**2 / n = (n - 1) * sd**2`` within rounding, have the parity of S (k and k**2 have the same),
    be no less than the most even and no more than the most uneven split of S. All four are asked of the same Q. On a
    scale with two ends and a small sample, every Q that n scores can have is listed instead, which leaves no gap.

    References
    ----------
    Anaya 2016, doi:10.7287/peerj.preprints.2400v1.

    Examples
    --------
    >>> from hipevidence.evidence.checks.printed import Printed
    >>> figures = Printed.read("5.23"), Printed.read("2.55")
    >>> grimmer(*figures, 35, Steps()).verdict, grimmer(*figures, 31, Steps()).verdict
    ('inconsistent', 'consistent')
    """
    if n < 2:
        return Consistency("not_testable", "one person has no SD")
    if too_many_totals(mean, n, steps):
        return Consistency("not_testable", "too many totals are possible")
    if any(_squares_exist(total, sd, n, steps) for total in steps.totals(mean, n)):
        return _consistent(sd, n, steps)
    return Consistency("inconsistent", f"no {n} scores have this mean and this SD")


def _consistent(sd: Printed, n: int, steps: Steps) -> Consistency:
    """Return whether passing says anything: an interval of length 2 holds a whole number of either parity."""
    if 4 * sd.value * sd.half * (n - 1) >= 2 * steps.step**2:
        return Consistency("not_testable", f"with n = {n}, an SD of so few decimals is always possible")
    return CONSISTENT


def _squares_exist(total: int, sd: Printed, n: int, steps: Steps) -> bool:
    """Return whether some sum of squares goes with the total and the SD."""
    above_least = Fraction(total * total, n)
    low, high = (end * (n - 1) / steps.step**2 + above_least for end in sd.squared())
    first = max(math.ceil(low), fewest_squares(total, n))
    last = math.floor(high)
    if steps.lowest is not None and steps.most is not None:
        last = min(last, most_squares(total, steps.most))
        if n * steps.most <= SMALL:
            between = ((1 << max(last - first + 1, 0)) - 1) << first
            return possible_squares(n, steps.most)[total] & between != 0
    return first + (first - total) % 2 <= last


@lru_cache(maxsize=64)
def possible_squares(n: int, most: int) -> tuple[int, ...]:
    """Return, for each total of n whole numbers from 0 to ``most``, its sums of squares as the bits of a number.

    Examples
    --------
    >>> [square for square in range(19) if possible_squares(3, 10)[6] >> square & 1]
    [12, 14, 18]
    """
    squares = [1] + [0] * (n * most)  # nobody: total 0, sum of squares 0
    for _ in range(n):
        squares = [
            reduce(or_, (squares[total - score] << score * score for score in range(min(most, total) + 1)))
            for total in range(n * most + 1)
        ]
    return tuple(squares)


def fewest_squares(total: int, n: int) -> int:
    """Return the smallest sum of squares of n whole numbers with this total: all as equal as can be."""
    each, left = divmod(total, n)
    return n * each * each + left * (2 * each + 1)


def most_squares(total: int, most: int) -> int:
    """Return the largest one of whole numbers from 0 to ``most``: all at the ends but one."""
    full, left = divmod(total, most) if most else (0, 0)
    return full * most**2 + left * left
