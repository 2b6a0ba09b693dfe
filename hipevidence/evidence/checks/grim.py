"""GRIM: can a mean of whole steps over n people be printed so? Exact fractions throughout."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence.evidence.checks.lattice import CONSISTENT, Consistency, Steps
from hipevidence.format import number

if TYPE_CHECKING:
    from fractions import Fraction

    from hipevidence.evidence.checks.printed import Printed


def grim(mean: Printed, n: int, steps: Steps) -> Consistency:
    """Return whether some total of n scores gives a mean that is printed so.

    Parameters
    ----------
    mean
        Mean as printed, in the unit of the scale.
    n
        People behind it, at least 1.
    steps
        Scores that one person can have.

    Returns
    -------
    Consistency
        ``not_testable`` when so few decimals are printed for so many people that every mean is possible.

    Notes
    -----
    The mean of n scores is a multiple of step / n. The rounding interval is closed, so rounding half up, half down and
    half to even all pass; a mean that was cut off instead of rounded may not.

    References
    ----------
    Brown and Heathers 2017, doi:10.1177/1948550616673876.

    Examples
    --------
    >>> from hipevidence.evidence.checks.printed import Printed
    >>> grim(Printed.read("5.19"), 28, Steps()).verdict, grim(Printed.read("5.19"), 32, Steps()).verdict
    ('inconsistent', 'consistent')
    >>> grim(Printed.read("5.2"), 28, Steps()).verdict
    'not_testable'
    """
    if 2 * mean.half * n >= steps.step:
        return Consistency("not_testable", f"with n = {n}, a mean of so few decimals is always possible")
    if steps.totals(mean, n):
        return CONSISTENT
    return Consistency("inconsistent", f"the nearest means of {n} scores are {_nearest(mean, n, steps)}")


def _nearest(mean: Printed, n: int, steps: Steps) -> str:
    total = n * (mean.value - steps.origin) / steps.step
    below, above = (steps.mean_of(side(total), n) for side in (math.floor, math.ceil))
    return f"{_worded(below, mean)} and {_worded(above, mean)}"


def _worded(value: Fraction, like: Printed) -> str:
    return number(float(value), like.decimals)
