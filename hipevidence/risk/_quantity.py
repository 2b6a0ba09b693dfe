"""What the conversions of this room read and give: printed figures with limits in, a quantity with an interval out."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from hipevidence.effects._elements import Array, Elements, Reasons, Rule, Values, read_elements
from hipevidence.errors import InputError
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike

RATIO = Rule(lambda x: x >= 0, "0 or more (infinity is allowed)")
RISK = Rule(lambda x: (x >= 0) & (x <= 1), "a probability between 0 and 1, as in 0.2 for 20 %")
DIFFERENCE = Rule(lambda x: np.abs(x) <= 1, "a difference of probabilities, between -1 and 1")
STANDARDISED = Rule(np.isfinite, "a finite number of standard deviations")

RATIO_MEASURES = ("OR", "RR", "HR")
"""Measures that are given as ratios, not as logarithms."""

UNDEFINED = "the formula has no value for these numbers"


class Elementwise(Result):
    """Mixed into results whose fields may be arrays: the data frame has one row per element."""

    __slots__ = ()

    def to_frame(self) -> Any:
        """Return a data frame with one row per element, at full precision."""
        frame: Any = Result.to_frame(self)
        arrays = [name for name in frame.columns if np.ndim(frame[name].iloc[0]) > 0]
        for name in arrays:
            frame[name] = [np.ravel(frame[name].iloc[0])]
        return frame.explode(arrays, ignore_index=True).infer_objects() if arrays else frame


@dataclasses.dataclass(frozen=True, slots=True)
class Quantity(Elementwise):
    """A quantity with its interval; single numbers in give single numbers, arrays give arrays of their common shape.

    Attributes
    ----------
    value
        On the scale the function names; ``nan`` where it does not exist.
    ci
        Limits on the scale of ``value`` (arrays for arrays); ``nan`` where no limits were given or they do not exist.
    method
        Formula, assumptions and way to the interval, in words.
    reason
        Why a number is ``nan`` or a limit was cut, ``""`` where none is; an array of strings for arrays.

    Examples
    --------
    >>> Quantity(0.7, Interval(0.5, 0.8), "given").value
    0.7
    """

    value: Values
    ci: Interval
    method: str
    reason: Reasons = ""


class Printed(NamedTuple):
    """An estimate with its limits as arrays of one shape; limits are ``nan`` where none were given."""

    elements: Elements
    estimate: Array
    low: Array
    high: Array

    def other(self, name: str) -> Array:
        """Return another input of the call."""
        return self.elements.values[name]


def read_printed(
    rule: Rule,
    estimate: ArrayLike,
    low: ArrayLike | None,
    high: ArrayLike | None,
    others: Mapping[str, ArrayLike] | None = None,
    rules: Mapping[str, Rule] | None = None,
    ordered: tuple[tuple[str, str], ...] = (),
) -> Printed:
    """Broadcast and check an estimate, its limits and the other inputs of a call.

    Parameters
    ----------
    rule
        What estimate and limits may be.
    estimate, low, high
        As printed; both limits or neither.
    others
        Other inputs by name.
    rules
        What the others may be, where their names do not say so.
    ordered
        Pairs of other inputs of which the first may not be greater than the second.

    Returns
    -------
    Printed
        Arrays of one shape, with a reason for every element that cannot be used.

    Raises
    ------
    InputError
        If one limit is missing, shapes do not fit, or a single number is impossible.
    """
    if (low is None) != (high is None):
        raise InputError("One limit of the interval was given; allowed: both or neither. Give low and high.")
    given: dict[str, ArrayLike] = {"estimate": estimate}
    if low is not None and high is not None:
        given |= {"low": low, "high": high}
    limits = (("low", "estimate"), ("estimate", "high")) if "low" in given else ()
    elements = read_elements(
        {**given, **(others or {})},
        ordered=(*limits, *ordered),
        rules={**(rules or {}), **dict.fromkeys(given, rule)},
    )
    empty = np.full(elements.reasons.shape, np.nan)
    values = elements.values
    return Printed(elements, values["estimate"], values.get("low", empty), values.get("high", empty))


def interval(elements: Elements, one: Array, other: Array, level: float) -> Interval:
    """Return two limits in order, as single numbers or arrays, in the way the inputs came."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return Interval(cast("float", elements.give(low)), cast("float", elements.give(high)), level)


def finish(
    printed: Printed, value: Array, limits: tuple[Array, Array], *, level: float, method: str, undefined: str
) -> Quantity:
    """Turn what a formula gave into a quantity that says why each missing value is missing."""
    elements = printed.elements
    elements.explain(np.isnan(value), undefined or UNDEFINED)
    ci = interval(elements, *limits, level)
    return Quantity(elements.give(value), ci, method, elements.give_reasons())


def through_limits(
    printed: Printed, transform: Callable[[Array], Array], *, level: float, method: str, undefined: str = ""
) -> Quantity:
    """Return a monotone function of an estimate, its interval being the function of the limits."""
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        value, low, high = (transform(x) for x in (printed.estimate, printed.low, printed.high))
    return finish(printed, value, (low, high), level=level, method=method, undefined=undefined)
