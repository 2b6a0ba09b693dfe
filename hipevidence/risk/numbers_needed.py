"""Numbers needed to treat or to harm, with intervals that go through infinity."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import special

from hipevidence.effects._elements import Array, Reasons, Values, check_choice
from hipevidence.effects.result import check_level
from hipevidence.risk._quantity import (
    DIFFERENCE,
    RISK,
    STANDARDISED,
    Elementwise,
    Printed,
    interval,
    read_printed,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from hipevidence.results import Interval

Event = Literal["bad", "good"]

NO_DIFFERENCE = "the risk difference is 0: no number of people makes one event"


@dataclasses.dataclass(frozen=True, slots=True)
class NumberNeeded(Elementwise):
    """How many people for one event more or less.

    An interval of the risk difference that holds 0 becomes two pieces that meet at infinity: it runs from the lower
    limit of ``benefit`` up to infinity and from there down to the lower limit of ``harm``.

    Attributes
    ----------
    number
        People, 1 or more; infinite where the risk difference is 0.
    direction
        ``benefit``, ``harm`` or ``none``; an array of strings for arrays.
    benefit
        Numbers needed to treat for one person to benefit that the interval holds; ``nan`` where it holds none.
    harm
        Numbers needed for one person to be harmed that the interval holds; ``nan`` where it holds none.
    through_infinity
        Whether the interval holds "no difference".
    method
        How the numbers were reached, in words.
    reason
        Why a number is infinite or ``nan``, ``""`` where none is.

    Examples
    --------
    >>> found = number_needed(-0.10, -0.25, 0.05)
    >>> round(found.number, 6), found.direction, found.through_infinity
    (10.0, 'benefit', True)
    """

    number: Values
    direction: str | NDArray[np.str_]
    benefit: Interval
    harm: Interval
    through_infinity: bool | NDArray[np.bool_]
    method: str
    reason: Reasons = ""


def number_needed(
    difference: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    event: Event = "bad",
    level: float = 0.95,
) -> NumberNeeded:
    """Return the number needed to treat (benefit or harm) with Altman's interval.

    Parameters
    ----------
    difference, low, high
        Risk difference, treated minus untreated, and its limits, between -1 and 1.
    event
        Whether the event is ``"bad"`` (fewer is benefit) or ``"good"`` (more is benefit).
    level
        Coverage of the limits.

    Returns
    -------
    NumberNeeded
        Number, direction and the two pieces of the interval.

    Raises
    ------
    InputError
        If an option does not exist or a single number is impossible.

    Notes
    -----
    1/|risk difference|; limits likewise, each labelled benefit or harm by its sign.

    References
    ----------
    Altman DG (1998). https://doi.org/10.1136/bmj.317.7168.1309

    Examples
    --------
    >>> found = number_needed(-0.10, -0.25, 0.05)
    >>> found.benefit.low, found.benefit.high, found.harm.low, found.harm.high
    (4.0, inf, 20.0, inf)
    """
    check_choice("event", event, ("bad", "good"))
    check_level(level)
    printed = read_printed(DIFFERENCE, difference, low, high)
    sign = -1.0 if event == "bad" else 1.0
    gains = _towards_benefit(printed, sign)
    return _number(printed, gains, level, "reciprocal of the risk difference and of its limits")


def number_needed_from_smd(
    smd: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    baseline: ArrayLike,
    event: Event = "good",
    level: float = 0.95,
) -> NumberNeeded:
    """Return the number needed to treat that a standardised mean difference corresponds to at a baseline.

    Parameters
    ----------
    smd, low, high
        Standardised mean difference and its limits, positive where the treated do better.
    baseline
        Share of the untreated with the event, between 0 and 1.
    event
        Whether the event is ``"good"`` (response) or ``"bad"`` (deterioration).
    level
        Coverage of the limits.

    Returns
    -------
    NumberNeeded
        Under normal scores of equal spread and one threshold for the event in both groups.

    Raises
    ------
    InputError
        If an option does not exist or a single number is impossible.

    Notes
    -----
    For a good event the risk of the treated is Φ(Φ⁻¹(baseline) + SMD), for a bad one Φ(Φ⁻¹(baseline) - SMD).

    References
    ----------
    Furukawa TA (1999), Lancet 353:1680.
    Furukawa TA, Leucht S (2011). https://doi.org/10.1371/journal.pone.0019070

    Examples
    --------
    >>> round(number_needed_from_smd(0.5, baseline=0.2).number, 1)
    6.0
    """
    check_choice("event", event, ("bad", "good"))
    check_level(level)
    printed = read_printed(STANDARDISED, smd, low, high, {"baseline": baseline}, {"baseline": RISK})
    p0 = printed.other("baseline")

    def gain(x: Array) -> Array:
        start = special.ndtri(p0) if event == "good" else special.ndtri(1 - p0)
        return special.ndtr(start + x) - special.ndtr(start)

    gains = (gain(printed.estimate), gain(printed.low), gain(printed.high))
    how = "Furukawa: normal scores of equal spread, one threshold for the event; limits from the limits of the SMD"
    return _number(printed, gains, level, how)


def _towards_benefit(printed: Printed, sign: float) -> tuple[Array, Array, Array]:
    """Return estimate and limits in the direction of benefit, the limits in order."""
    low, high = sign * printed.low, sign * printed.high
    return sign * printed.estimate, np.minimum(low, high), np.maximum(low, high)


def _number(printed: Printed, gains: tuple[Array, Array, Array], level: float, method: str) -> NumberNeeded:
    elements = printed.elements
    gain, low, high = gains
    elements.explain(gain == 0, NO_DIFFERENCE)
    with np.errstate(divide="ignore"):  # no difference is an infinite number
        number = 1 / np.abs(gain)
        benefit = _piece(low, high)
        harm = _piece(-high, -low)
    words = np.where(np.isnan(gain), "", np.where(gain > 0, "benefit", np.where(gain < 0, "harm", "none")))
    through = (low <= 0) & (high >= 0)
    return NumberNeeded(
        number=elements.give(number),
        direction=str(words[()]) if elements.scalar else words,
        benefit=interval(elements, *benefit, level),
        harm=interval(elements, *harm, level),
        through_infinity=bool(through) if elements.scalar else through,
        method=method,
        reason=elements.give_reasons(),
    )


def _piece(low: Array, high: Array) -> tuple[Array, Array]:
    """Return the reciprocals of the positive part of an interval."""
    there = high > 0
    first = np.where(there, 1 / np.where(there, high, 1), np.nan)
    last = np.where(there, np.where(low > 0, 1 / np.where(low > 0, low, 1), np.inf), np.nan)
    return first, last
