"""E-values: how strong an unmeasured confounder would have to be to explain an association away."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence.effects._elements import Array, Reasons, Values, check_choice
from hipevidence.effects.result import check_level, normal_quantile
from hipevidence.errors import InputError
from hipevidence.risk._quantity import RATIO, STANDARDISED, Elementwise, interval, read_printed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from hipevidence.results import Interval

MEASURES: Final = ("RR", "OR", "HR", "SMD")
SMD_SLOPE: Final = 0.91
SMD_REACH: Final = 1.78


@dataclasses.dataclass(frozen=True, slots=True)
class EValue(Elementwise):
    """E-values of an estimate and of the limit of its interval that is nearer to no association.

    Attributes
    ----------
    value
        E-value of the estimate, on the scale of risk ratios, 1 or more.
    limit
        E-value of the limit nearer to 1; exactly 1 where the interval holds 1, ``nan`` where there is none.
    risk_ratio
        The estimate as a risk ratio, approximated where it was none.
    risk_ratio_ci
        Its interval.
    method
        How the risk ratio was reached, in words.
    reason
        Why a number is ``nan``, ``""`` where none is.

    Examples
    --------
    >>> round(e_value("RR", 3.9, 1.8, 8.7).limit, 1)
    3.0
    """

    value: Values
    limit: Values
    risk_ratio: Values
    risk_ratio_ci: Interval
    method: str
    reason: Reasons = ""


def e_value(
    measure: str,
    estimate: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    rare: bool | None = None,
    level: float = 0.95,
) -> EValue:
    """Return the E-value of an association and of its interval.

    Parameters
    ----------
    measure
        RR, OR or HR (as ratios) or SMD.
    estimate, low, high
        Estimate and limits as printed; both limits may be left out.
    rare
        For OR and HR, and only there: whether the outcome is rare (below 15 %) at the end of follow-up.
    level
        Coverage of the limits.

    Returns
    -------
    EValue
        The least strength, as risk ratio with exposure and with outcome alike, that could explain the finding away.

    Raises
    ------
    InputError
        If an option is missing or impossible, or a single number is.

    Notes
    -----
    RR + √(RR(RR - 1)), of 1/RR below 1. Of a common outcome RR ≈ √OR and RR ≈ (1 - 0.5^√HR)/(1 - 0.5^√(1/HR)); of an
    SMD d with standard error s, RR ≈ exp(0.91 d) with limits exp(0.91 d ± 1.78 s).

    References
    ----------
    VanderWeele TJ, Ding P (2017). https://doi.org/10.7326/M16-2607

    Examples
    --------
    >>> found = e_value("RR", 10.73, 8.02, 14.36)
    >>> round(found.value, 5), round(found.limit, 5)
    (20.94777, 15.52336)
    """
    check_choice("measure", measure, MEASURES)
    check_level(level)
    _check_rare(measure, rare=rare)
    printed = read_printed(STANDARDISED if measure == "SMD" else RATIO, estimate, low, high)
    elements = printed.elements
    with np.errstate(all="ignore"):  # infinite ratios have infinite E-values
        if measure == "SMD":
            centre = np.exp(SMD_SLOPE * printed.estimate)
            reach = np.exp(SMD_REACH * (printed.high - printed.low) / (2 * normal_quantile(level)))
            ratios = (centre, centre / reach, centre * reach)
            how = "risk ratio approximated from the SMD"
        else:
            ratios = (
                _as_risk_ratio(measure, printed.estimate, rare=rare),
                _as_risk_ratio(measure, printed.low, rare=rare),
                _as_risk_ratio(measure, printed.high, rare=rare),
            )
            how = _words(measure, rare=rare)
        nearest = np.where(ratios[0] >= 1, np.fmax(ratios[1], 1), np.fmin(ratios[2], 1))
        limit = np.where(np.isnan(printed.low), np.nan, _of_ratio(nearest))
        value = _of_ratio(ratios[0])
    return EValue(
        value=elements.give(value),
        limit=elements.give(limit),
        risk_ratio=elements.give(ratios[0]),
        risk_ratio_ci=interval(elements, ratios[1], ratios[2], level),
        method=how,
        reason=elements.give_reasons(),
    )


def _check_rare(measure: str, *, rare: bool | None) -> None:
    if measure in {"OR", "HR"} and rare is None:
        raise InputError(
            f"rare was not given for {measure}; allowed: True or False. Say whether the outcome is rare (below 15 %)."
        )
    if measure not in {"OR", "HR"} and rare is not None:
        raise InputError(f"rare was given for {measure}; allowed: for OR and HR only. Leave it out.")


def _as_risk_ratio(measure: str, x: Array, *, rare: bool | None) -> Array:
    if measure == "RR" or rare:
        return x
    if measure == "OR":
        return np.sqrt(x)
    root = np.sqrt(x)
    return np.asarray(np.expm1(-np.log(2) * root) / np.expm1(-np.log(2) / root), dtype=np.float64)


def _words(measure: str, *, rare: bool | None) -> str:
    if measure == "RR":
        return "risk ratio as given"
    if rare:
        return f"{measure} taken as risk ratio, the outcome being rare"
    return f"risk ratio approximated from the {measure} of a common outcome"


def _of_ratio(ratio: Array) -> Array:
    above = np.where(ratio < 1, 1 / ratio, ratio)
    return np.where(np.isinf(above), np.inf, above + np.sqrt(above * (above - 1)))
