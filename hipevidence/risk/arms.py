"""Risks that one study counted in two groups: no baseline to look for, no ratio to convert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects._elements import read_elements
from hipevidence.effects.result import check_level
from hipevidence.risk._quantity import interval
from hipevidence.risk.absolute import AbsoluteRisk
from hipevidence.risk.proportions import proportion

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def risks_from_arms(
    events: ArrayLike, n: ArrayLike, *, control_events: ArrayLike, control_n: ArrayLike, level: float = 0.95
) -> AbsoluteRisk:
    """Return the risks of two groups that were counted side by side, and their difference.

    Parameters
    ----------
    events, n
        People with the outcome, and people, in the exposed or treated group.
    control_events, control_n
        The same without exposure or treatment.
    level
        Coverage of the intervals.

    Returns
    -------
    AbsoluteRisk
        Of measure RD, with Wilson intervals of both risks and Newcombe's of the difference: no interval leaves 0 to 1,
        and none collapses where nobody has the outcome. Groups that were randomised whole make all three too narrow.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    Newcombe's method 10: with p the proportions, l and u their Wilson limits, the difference d = p₁ - p₀ has the limits
    d - √((p₁ - l₁)² + (u₀ - p₀)²) and d + √((u₁ - p₁)² + (p₀ - l₀)²).

    References
    ----------
    Newcombe RG (1998). https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I

    Examples
    --------
    >>> found = risks_from_arms(10, 759, control_events=36, control_n=743)
    >>> round(found.difference, 4), round(found.difference_ci.low, 4), round(found.difference_ci.high, 4)
    (-0.0353, -0.0542, -0.0181)
    """
    check_level(level)
    given = {"events1": events, "n1": n, "events2": control_events, "n2": control_n}
    elements = read_elements(given, ordered=(("events1", "n1"), ("events2", "n2")))
    counts = elements.values
    # arrays throughout: an element that cannot be used is nan here, which a single number would not be allowed to be
    one, two = (
        proportion(np.atleast_1d(counts[f"events{arm}"]), np.atleast_1d(counts[f"n{arm}"]), level=level)
        for arm in (1, 2)
    )
    shape = elements.reasons.shape
    risk, low, high = (np.reshape(x, shape) for x in (one.value, one.ci.low, one.ci.high))
    base, base_low, base_high = (np.reshape(x, shape) for x in (two.value, two.ci.low, two.ci.high))
    below, above = np.hypot(risk - low, base_high - base), np.hypot(high - risk, base - base_low)
    d_low, d_high = np.clip(risk - base - below, -1, 1), np.clip(risk - base + above, -1, 1)
    return AbsoluteRisk(
        measure="RD",
        baseline=elements.give(base),
        baseline_ci=interval(elements, base_low, base_high, level),
        risk=elements.give(risk),
        ci=interval(elements, low, high, level),
        difference=elements.give(risk - base),
        difference_ci=interval(elements, d_low, d_high, level),
        method="counted in both groups; Wilson intervals, the difference by Newcombe's method 10",
        reason=elements.give_reasons(),
    )
