"""How large an SD can be on a scale with two ends."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hipevidence.evidence.checks.lattice import Steps
    from hipevidence.evidence.checks.printed import Printed


def largest_variance(mean: Printed, n: int, lowest: Fraction, highest: Fraction) -> Fraction:
    """Return the largest variance that n scores between two ends can have with a mean that is printed so.

    Parameters
    ----------
    mean
        Mean as printed.
    n
        People, at least 2.
    lowest, highest
        Ends of the scale, in its unit.

    Returns
    -------
    Fraction
        In squared units, with n - 1 in the denominator; 0 when the mean lies outside the scale.

    Notes
    -----
    ``(mean - lowest) * (highest - mean) * n / (n - 1)``, everybody standing at one end or the other, taken at that mean
    within rounding which is nearest to the middle.

    References
    ----------
    Bhatia and Davis 2000, doi:10.1080/00029890.2000.12005203.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from hipevidence.evidence.checks.printed import Printed
    >>> float(largest_variance(Printed.read("5.0"), 2, Fraction(0), Fraction(10))) ** 0.5
    7.0710678118654755
    """
    middle = (lowest + highest) / 2
    nearest = min(max(middle, mean.low), mean.high)
    return max((nearest - lowest) * (highest - nearest), Fraction(0)) * n / (n - 1)


def exceeds_scale(mean: Printed, sd: Printed, n: int, steps: Steps) -> bool:
    """Return whether an SD is larger than the scale allows, whatever was rounded away; ``False`` without two ends."""
    if steps.lowest is None or steps.highest is None or n < 2:
        return False
    return sd.squared()[0] > largest_variance(mean, n, steps.lowest, steps.highest)
