"""From a standardised mean difference to points on a scale, and to the share of people who change enough to notice."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.effects._elements import POSITIVE, Array, Reasons, Values
from hipevidence.effects.result import check_level
from hipevidence.risk._quantity import STANDARDISED, Elementwise, Quantity, interval, read_printed, through_limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from hipevidence.results import Interval

TOO_WIDE = "the difference is larger than the whole scale: the SD does not belong to this instrument or these people"
ASSUMED_SHARES = (
    "assumed: normal change scores with the same standard deviation in both groups, treatment moving everybody alike; "
    "limits from the limits of the SMD"
)


@dataclasses.dataclass(frozen=True, slots=True)
class ResponderShares(Elementwise):
    """Shares of people who improve by at least a stated number of points.

    Attributes
    ----------
    control, treated
        Shares, between 0 and 1.
    treated_ci
        Interval of ``treated``.
    difference
        ``treated`` minus ``control``.
    difference_ci
        Its interval.
    method
        The assumptions, in words: they have to be told with the shares.
    reason
        Why a number is ``nan``, ``""`` where none is.

    Examples
    --------
    >>> found = share_above(0.5, change=10, control_mean=5, sd=20)
    >>> round(found.control, 3), round(found.treated, 3)
    (0.401, 0.599)
    """

    control: Values
    treated: Values
    treated_ci: Interval
    difference: Values
    difference_ci: Interval
    method: str
    reason: Reasons = ""


def smd_to_points(
    smd: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    sd: ArrayLike,
    width: float | None = None,
    level: float = 0.95,
) -> Quantity:
    """Return a standardised mean difference in points of an instrument.

    Parameters
    ----------
    smd, low, high
        Standardised mean difference and its limits.
    sd
        Standard deviation of the instrument among people like these, in points; say where it was read.
    width
        Points from the lowest to the highest score, where the scale has both ends.
    level
        Coverage of the limits.

    Returns
    -------
    Quantity
        In points; ``nan`` where it exceeds the scale.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    SMD × SD, the SD taken as known.

    References
    ----------
    Schünemann HJ et al. (2024), Cochrane Handbook, version 6.5, ch. 15.5.3.2.

    Examples
    --------
    >>> round(smd_to_points(-0.6072, sd=2.5).value, 3)
    -1.518
    """
    check_level(level)
    printed = read_printed(STANDARDISED, smd, low, high, {"sd": sd}, {"sd": POSITIVE})
    spread = printed.other("sd")

    def points(x: Array) -> Array:
        return x * spread

    if width is not None:
        too_wide = np.abs(points(printed.estimate)) > width
        printed.elements.explain(too_wide, TOO_WIDE)
        printed.estimate[too_wide] = np.nan
    how = "SMD times an SD taken as known; limits from the limits of the SMD"
    return through_limits(printed, points, level=level, method=how)


def share_above(
    smd: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    change: ArrayLike,
    control_mean: ArrayLike,
    sd: ArrayLike,
    level: float = 0.95,
) -> ResponderShares:
    """Return which share of people improves by at least a number of points, with and without treatment.

    Parameters
    ----------
    smd, low, high
        Standardised mean difference of change and its limits, positive where the treated improve more.
    change
        Improvement that counts, in points: the smallest difference that matters (MCID).
    control_mean
        Mean improvement of the untreated, in points.
    sd
        Standard deviation of individual change, in points (not that of end scores).
    level
        Coverage of the limits.

    Returns
    -------
    ResponderShares
        Only where change is normal and equally spread; trials that counted responders are the better source.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    Φ((mean - change)/SD) without and Φ((mean - change)/SD + SMD) with treatment.

    References
    ----------
    Thorlund K et al. (2011). https://doi.org/10.1002/jrsm.46

    Examples
    --------
    >>> found = share_above(0.0, change=10, control_mean=10, sd=20)
    >>> found.control, found.treated
    (0.5, 0.5)
    """
    check_level(level)
    others = {"change": change, "control_mean": control_mean, "sd": sd}
    printed = read_printed(STANDARDISED, smd, low, high, others, {"sd": POSITIVE})
    elements = printed.elements
    start = (printed.other("control_mean") - printed.other("change")) / printed.other("sd")
    control = special.ndtr(start)
    treated, t_low, t_high = (special.ndtr(start + x) for x in (printed.estimate, printed.low, printed.high))
    return ResponderShares(
        control=elements.give(control),
        treated=elements.give(treated),
        treated_ci=interval(elements, t_low, t_high, level),
        difference=elements.give(treated - control),
        difference_ci=interval(elements, t_low - control, t_high - control, level),
        method=ASSUMED_SHARES,
        reason=elements.give_reasons(),
    )
