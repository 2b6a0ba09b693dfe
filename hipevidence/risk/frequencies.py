"""Risks as people out of 100 or 1,000: the same denominator for every group that is compared."""

from __future__ import annotations

import math

from hipevidence.errors import InputError


def count_of(risk: float, denominator: int) -> int:
    """Return how many of so many people a risk is, halves rounded up.

    Parameters
    ----------
    risk
        Between 0 and 1.
    denominator
        People.

    Raises
    ------
    InputError
        If the risk is none.

    Examples
    --------
    >>> count_of(0.298, 100), count_of(36 / 743, 100)
    (30, 5)
    """
    if not 0 <= risk <= 1:
        raise InputError(f"a risk of {risk}; allowed: 0 to 1. Draw what could be computed only.")
    return math.floor(risk * denominator + 0.5)


def choose_denominator(first: float, second: float) -> int:
    """Return 100 where it shows both risks and their difference, else 1000.

    Parameters
    ----------
    first, second
        Risks, between 0 and 1.

    Raises
    ------
    InputError
        If a risk is none, or above 0 and smaller than 1 in 1,000.

    Examples
    --------
    >>> choose_denominator(0.2, 0.3), choose_denominator(0.004, 0.006)
    (100, 1000)
    """
    differs = first == second or count_of(first, 100) != count_of(second, 100)
    enough = all(risk == 0 or 100 * risk >= 1 for risk in (first, second))
    if enough and differs:
        return 100
    if any(0 < 1000 * risk < 1 for risk in (first, second)):
        raise InputError(f"risks of {first} and {second}; allowed: 0, or 1 in 1,000 and more. Say less in words.")
    return 1000
