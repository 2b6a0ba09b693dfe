"""DEBIT: does the SD of a yes-or-no outcome follow from its mean? Exact fractions throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.evidence.checks.lattice import CONSISTENT, Consistency, Steps, too_many_totals

if TYPE_CHECKING:
    from hipevidence.evidence.checks.printed import Printed


def debit(mean: Printed, sd: Printed, n: int, steps: Steps) -> Consistency:
    """Return whether some count among n people gives both the printed share and the printed SD.

    Parameters
    ----------
    mean
        Share as printed, in the unit of the scale.
    sd
        Its SD as printed, with n - 1 in the denominator.
    n
        People behind them.
    steps
        A scale of two scores: lowest and lowest + step.

    Returns
    -------
    Consistency
        ``not_testable`` for fewer than 2 people, and for a scale of more than two scores.

    Notes
    -----
    With S people at the upper score, ``sd**2 = step**2 * S * (n - S) / (n * (n - 1))``.

    References
    ----------
    Heathers and Brown 2019, https://osf.io/5vb3u.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from hipevidence.evidence.checks.printed import Printed
    >>> yes_or_no = Steps(Fraction(1), Fraction(0), Fraction(1))
    >>> debit(Printed.read("0.30"), Printed.read("0.47"), 20, yes_or_no).verdict
    'consistent'
    >>> debit(Printed.read("0.30"), Printed.read("0.37"), 20, yes_or_no).verdict
    'inconsistent'
    """
    if n < 2:
        return Consistency("not_testable", "one person has no SD")
    if steps.most != 1 or steps.lowest is None:
        return Consistency("not_testable", "the scale has more than two scores")
    if too_many_totals(mean, n, steps):
        return Consistency("not_testable", "too many counts are possible")
    low, high = (end * n * (n - 1) / steps.step**2 for end in sd.squared())
    if any(low <= count * (n - count) <= high for count in steps.totals(mean, n)):
        return CONSISTENT
    return Consistency("inconsistent", f"no count among {n} people has this share and this SD")
