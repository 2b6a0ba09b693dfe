"""Which range of a text is the interval of the figure before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hipevidence.claims.reading.figure import Figure
    from hipevidence.claims.reading.quantities import Quantity

INTERVAL_REACH: Final = 45  # characters between a figure and its interval
INTERVAL_WORD: Final = re.compile(r"\b(?:ci|confidence interval|interval|values)\b[^;]{0,12}$", re.IGNORECASE)
INTRODUCES: Final = re.compile(r"[(\[,:]|\b(?:range|between|from|anywhere|plausibl\w+)\b", re.IGNORECASE)
TIMES_AND_SIZES: Final = frozenset({"count_people", "count_studies", "count_outcomes", "weeks", "months"})
LIMITS: Final = re.compile(
    r"^[\s,;:(\[]*(?:(?:95|90|99)\s*(?:%|per\s?cent)\s*)?(?:ci|confidence intervals?|interval|"
    r"range)?[\s:=,]*(?:from\s+)?$",
    re.IGNORECASE,
)


def limits_of(text: str, number: Quantity) -> tuple[float, float] | None:
    """Return the ends of a range, signs and all; ``None`` for one number."""
    if number.high is None:
        return None
    return (-1 if text[number.start] == "-" else 1) * number.value, number.high


def is_interval(between: str, limits: tuple[float, float] | None, figure: Figure) -> bool:
    """Return whether a range is the interval of the figure before it: it holds it and stands close behind.

    One that does not hold it is still its interval where it is called one: then it is a wrong one.
    """
    if limits is None or ";" in between or re.search(r"[.]\s", between):
        return False
    low, high = limits
    holds = any(low <= sign * figure.value <= high for sign in (1, -1)) and figure.role not in {*TIMES_AND_SIZES}
    near = len(between) <= INTERVAL_REACH and re.search(r"\d(?!\d?\s*(?:%|per))", between) is None
    named = INTERVAL_WORD.search(between) or (LIMITS.match(between) is not None and bool(between.strip(" ,")))
    return bool(named) or (holds and near and bool(INTRODUCES.search(between)))
