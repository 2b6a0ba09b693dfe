"""Peto's one-step method: observed minus expected events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence.rare.result import CommonEffectResult, chi_square_test, wald
from hipevidence.rare.tables import as_tables, check_level

if TYPE_CHECKING:
    import numpy.typing as npt


def peto(
    *,
    events1: npt.ArrayLike,
    n1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n2: npt.ArrayLike,
    level: float = 0.95,
) -> CommonEffectResult:
    """Pool log odds ratios by Peto's method.

    Parameters
    ----------
    events1, events2
        Events in arm 1 and arm 2, shape (k,).
    n1, n2
        Persons in each arm, shape (k,).
    level
        Coverage of the interval.

    Returns
    -------
    CommonEffectResult
        The log odds ratio. Good for rare events in arms of similar size and small effects, biased otherwise.

    Notes
    -----
    ``sum(O - E) / sum(V)`` with E and V the hypergeometric mean and variance of the events in arm 1.

    References
    ----------
    Yusuf et al. (1985), doi:10.1016/S0033-0620(85)80003-7; Greenland & Salvan (1990), doi:10.1002/sim.4780090305.

    Examples
    --------
    >>> result = peto(events1=[1, 3], n1=[100, 120], events2=[4, 6], n2=[98, 119])
    >>> round(result.estimate, 4), round(result.se, 4)
    (-0.8956, 0.5424)
    """
    check_level(level)
    given = as_tables(events1, n1, events2, n2)
    keep = given.informative
    t, dropped = given.take(keep), int((~keep).sum())
    reason = f"{dropped} studies without events (or without non-events) in either arm left out" if dropped else ""
    events = t.a + t.c
    v = t.n1 * t.n2 * events * (t.total - events) / (t.total**2 * (t.total - 1.0))
    excess = t.a - t.n1 * events / t.total
    total = float(v.sum())
    estimate = float(excess.sum()) / total if total > 0.0 else math.nan
    se = math.sqrt(1.0 / total) if total > 0.0 else math.nan
    ci, statistic, p_value = wald(estimate, se, level)
    q = chi_square_test(float((v * (excess / v - estimate) ** 2).sum()), max(len(v) - 1, 0))
    return CommonEffectResult(
        estimate=estimate,
        se=se,
        ci=ci,
        statistic=statistic,
        p_value=p_value,
        k=len(v),
        q=q.statistic,
        q_df=q.df,
        q_p_value=q.p_value,
        association=chi_square_test(float(excess.sum()) ** 2 / total, 1) if total > 0.0 else None,
        homogeneity=None,
        measure="OR",
        method="Peto",
        convention="metafor",
        level=level,
        reason=reason,
    )
