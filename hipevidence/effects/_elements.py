"""Reading the numbers of one or many rows: broadcast them, check each element, say what is wrong with it.

A number typed into a call is checked at once and an impossible one raises; in an array an impossible element turns
its own row into ``nan`` with a reason, and every other row is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Array: TypeAlias = NDArray[np.float64]
Values: TypeAlias = float | NDArray[np.float64]
Reasons: TypeAlias = str | NDArray[np.str_]
Index: TypeAlias = tuple[int, ...]

NOT_FINITE = "the formula has no finite value for these numbers"


class Rule(NamedTuple):
    """What one kind of number may be: a test on an array, and the same in words."""

    allowed: Callable[[Array], NDArray[np.bool_]]
    words: str


FINITE = Rule(np.isfinite, "a finite number")
POSITIVE = Rule(lambda x: np.isfinite(x) & (x > 0), "a finite number greater than 0")
COUNT = Rule(lambda x: np.isfinite(x) & (x >= 0), "a finite number, 0 or more")
SIZE = Rule(lambda x: np.isfinite(x) & (x >= 1), "a finite number, 1 or more")
CORRELATION = Rule(lambda x: np.abs(x) <= 1, "between -1 and 1")
PROBABILITY = Rule(lambda x: (x > 0) & (x <= 1), "greater than 0 and not above 1 (for P < 0.001 give 0.001)")
SIGN = Rule(lambda x: np.abs(x) == 1, "1 or -1: the direction of the difference, arm 1 minus arm 2")

RULES = {
    "sd": POSITIVE,
    "se": POSITIVE,
    "time": POSITIVE,
    "df": POSITIVE,
    "v": POSITIVE,
    "events": COUNT,
    "f": COUNT,
    "n": SIZE,
    "parts": SIZE,
    "r": CORRELATION,
    "p": PROBABILITY,
    "sign": SIGN,
}
"""Rules by the first word of an input's name (``sd_pre1`` is an ``sd``); any other number only has to be finite."""


@dataclass(frozen=True, slots=True)
class Elements:
    """The inputs of one call, broadcast against each other.

    Attributes
    ----------
    values
        One float array per input, all of one shape; ``nan`` throughout an element that is not usable.
    reasons
        Why an element is not usable, ``""`` where it is; same shape, strings.
    scalar
        Whether every input was a single number.
    """

    values: dict[str, Array]
    reasons: NDArray[np.object_]
    scalar: bool

    def give(self, array: Array) -> Values:
        """Return ``array`` as it should leave the room: a float for single numbers, else the array."""
        return float(array) if self.scalar else array

    def give_reasons(self) -> Reasons:
        """Return the reasons: a string for single numbers, else an array of strings."""
        return str(self.reasons[()]) if self.scalar else self.reasons.astype(np.str_)

    def explain(self, wrong: NDArray[np.bool_], reason: str) -> None:
        """Write ``reason`` wherever ``wrong`` holds and nothing was said before."""
        self.reasons[wrong & (self.reasons == "")] = reason


def check_choice(name: str, value: str, allowed: Iterable[str]) -> None:
    """Raise unless ``value`` is one of the allowed words."""
    words = tuple(allowed)
    if value not in words:
        raise InputError(f"{name} is {value!r}; allowed: {', '.join(map(repr, words))}.")


def _as_floats(name: str, value: ArrayLike) -> Array:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} is {value!r}; allowed: a number or an array of numbers.") from error


def _broadcast(arrays: dict[str, Array]) -> list[Array]:
    try:
        return [array.copy() for array in np.broadcast_arrays(*arrays.values())]
    except ValueError as error:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise InputError(
            f"The inputs do not fit each other: shapes {shapes}; allowed: one length for all, or single numbers. "
            "Give each array one element per row."
        ) from error


def _kind(name: str) -> Rule:
    return RULES.get(name.rstrip("0123456789").split("_")[0], FINITE)


def _not_allowed(name: str, array: Array, rule: Rule, index: Index) -> str:
    found = f"{name} is missing (nan)" if np.isnan(array[index]) else f"{name} is {array[index]:g}"
    return f"{found}; allowed: {rule.words}"


def _out_of_order(values: Mapping[str, Array], low: str, high: str, index: Index) -> str:
    return f"{low} is {values[low][index]:g}, more than {high} {values[high][index]:g}; allowed: not more"


def read_elements(
    inputs: Mapping[str, ArrayLike],
    *,
    ordered: tuple[tuple[str, str], ...] = (),
    rules: Mapping[str, Rule] | None = None,
) -> Elements:
    """Broadcast and check the inputs of one call.

    Parameters
    ----------
    inputs
        Numbers or arrays by name; the first word of the name decides what is allowed.
    ordered
        Pairs of names of which the first may not be greater than the second (events and persons, limits).
    rules
        What is allowed for an input where its name alone does not say so.

    Returns
    -------
    Elements
        The broadcast inputs with a reason for every element that cannot be used.

    Raises
    ------
    InputError
        If an input is no number, the shapes do not fit, or a single number is impossible.
    """
    raw = {name: _as_floats(name, value) for name, value in inputs.items()}
    values = dict(zip(raw, _broadcast(raw), strict=True))
    scalar = all(array.ndim == 0 for array in raw.values())
    shape = next(iter(values.values())).shape
    elements = Elements(values, np.full(shape, "", dtype=object), scalar)
    for name, array in values.items():
        rule = (rules or {}).get(name, _kind(name))
        _mark(elements, ~rule.allowed(array), partial(_not_allowed, name, array, rule))
    for low, high in ordered:
        _mark(elements, values[low] > values[high], partial(_out_of_order, values, low, high))
    unusable = elements.reasons != ""
    for array in values.values():
        array[unusable] = np.nan
    return elements


def _mark(elements: Elements, wrong: NDArray[np.bool_], say: Callable[[Index], str]) -> None:
    if not wrong.any():
        return
    if elements.scalar:
        raise InputError(f"{say(())}. Check the figure against its source.")
    for index in zip(*np.nonzero(wrong), strict=True):
        if elements.reasons[index] == "":
            elements.reasons[index] = say(index)
