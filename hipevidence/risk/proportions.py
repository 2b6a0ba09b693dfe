"""Intervals for a proportion that was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from hipevidence.effects._elements import check_choice, read_elements
from hipevidence.effects.result import check_level
from hipevidence.risk._quantity import Quantity, interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ProportionInterval = Literal["wilson", "jeffreys", "clopper-pearson"]

METHODS: Final = {"wilson": "wilson", "jeffreys": "jeffreys", "clopper-pearson": "beta"}
"""Our names to those of statsmodels."""


def proportion(
    events: ArrayLike, n: ArrayLike, *, method: ProportionInterval = "wilson", level: float = 0.95
) -> Quantity:
    """Return a proportion with its interval.

    Parameters
    ----------
    events, n
        People with the outcome, and people.
    method
        ``"wilson"`` (score), ``"jeffreys"`` (posterior Beta(events + 1/2, n - events + 1/2), from 0 where there are no
        events and to 1 where there is nothing else, after Brown, Cai & DasGupta) or ``"clopper-pearson"`` (exact,
        wide).
    level
        Coverage.

    Returns
    -------
    Quantity
        Between 0 and 1.

    Raises
    ------
    InputError
        If the method does not exist or a single number is impossible.

    References
    ----------
    Brown LD, Cai TT, DasGupta A (2001). https://doi.org/10.1214/ss/1009213286
    Newcombe RG (1998). https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E

    Examples
    --------
    >>> found = proportion(36, 743)
    >>> round(found.value, 4), round(found.ci.low, 4), round(found.ci.high, 4)
    (0.0485, 0.0352, 0.0663)
    """
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - slow to import, needed here only

    check_choice("method", method, METHODS)
    check_level(level)
    elements = read_elements({"events": events, "n": n}, ordered=(("events", "n"),))
    count, people = elements.values["events"], elements.values["n"]
    usable = np.isfinite(count)
    low, high = (np.full(count.shape, np.nan) for _ in range(2))
    if usable.any():
        low[usable], high[usable] = proportion_confint(
            count[usable], people[usable], alpha=1 - level, method=METHODS[method]
        )
    # equal tails would leave the estimate itself out where nobody or everybody has it
    low, high = np.where(count == 0, 0.0, low), np.where(count == people, 1.0, high)
    return Quantity(
        elements.give(count / people),
        interval(elements, low, high, level),
        f"proportion with {method} interval",
        elements.give_reasons(),
    )
