"""What a standardised mean difference means for two people, or for two groups, drawn at random.

All three assume normal scores with the same spread in both groups.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.effects.result import check_level
from hipevidence.risk._quantity import STANDARDISED, Quantity, finish, read_printed, through_limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ASSUMED = "normal scores of equal spread; limits from the limits of the SMD"


def probability_of_benefit(
    smd: ArrayLike, low: ArrayLike | None = None, high: ArrayLike | None = None, *, level: float = 0.95
) -> Quantity:
    """Return how likely a random treated person does better than a random untreated one.

    Parameters
    ----------
    smd, low, high
        Standardised mean difference and its limits, positive where the treated do better.
    level
        Coverage of the limits.

    Returns
    -------
    Quantity
        Probability; 0.5 where there is no difference.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    Φ(SMD/√2), the common language effect size.

    References
    ----------
    McGraw KO, Wong SP (1992). https://doi.org/10.1037/0033-2909.111.2.361

    Examples
    --------
    >>> round(probability_of_benefit(0.5).value, 3)
    0.638
    """
    check_level(level)
    printed = read_printed(STANDARDISED, smd, low, high)
    how = f"Φ(SMD/√2); {ASSUMED}"
    return through_limits(printed, lambda x: special.ndtr(x / math.sqrt(2)), level=level, method=how)


def u3(smd: ArrayLike, low: ArrayLike | None = None, high: ArrayLike | None = None, *, level: float = 0.95) -> Quantity:
    """Return the share of the untreated that the average treated person does better than (Cohen's U3).

    Parameters
    ----------
    smd, low, high
        Standardised mean difference and its limits, positive where the treated do better.
    level
        Coverage of the limits.

    Returns
    -------
    Quantity
        Share; 0.5 where there is no difference.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    Φ(SMD).

    References
    ----------
    Cohen J (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., table 2.2.1.

    Examples
    --------
    >>> round(u3(0.8).value, 3)
    0.788
    """
    check_level(level)
    printed = read_printed(STANDARDISED, smd, low, high)
    return through_limits(printed, special.ndtr, level=level, method=f"Φ(SMD); {ASSUMED}")


def overlap(
    smd: ArrayLike, low: ArrayLike | None = None, high: ArrayLike | None = None, *, level: float = 0.95
) -> Quantity:
    """Return the share that the distributions of the two groups have in common.

    Parameters
    ----------
    smd, low, high
        Standardised mean difference and its limits.
    level
        Coverage of the limits.

    Returns
    -------
    Quantity
        Share; 1 where there is no difference.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    2Φ(-|SMD|/2). An interval of the SMD that holds 0 gives an interval up to 1.

    References
    ----------
    Reiser B, Faraggi D (1999). https://doi.org/10.1111/1467-9884.00199

    Examples
    --------
    >>> round(overlap(0.5).value, 3)
    0.803
    """
    check_level(level)
    printed = read_printed(STANDARDISED, smd, low, high)
    far = np.fmax(np.abs(printed.low), np.abs(printed.high))
    near = np.where(printed.low * printed.high <= 0, 0.0, np.fmin(np.abs(printed.low), np.abs(printed.high)))
    values = [2 * special.ndtr(-np.abs(x) / 2) for x in (printed.estimate, far, near)]
    how = f"2Φ(-|SMD|/2); {ASSUMED}"
    return finish(printed, values[0], (values[1], values[2]), level=level, method=how, undefined="")
