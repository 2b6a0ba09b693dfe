"""The Mantel-Haenszel method: one common ratio or difference from many sparse tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects import effect_size
from hipevidence.rare.result import ChiSquareTest, CommonEffectResult, chi_square_test, wald
from hipevidence.rare.tables import Rates, Tables, as_rates, as_tables, check_choice, check_level, need

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

MEASURES = ("OR", "RR", "RD", "IRR", "IRD")
"""Measures of the method."""
CONVENTIONS = ("metafor", "meta")
"""Names of the conventions.

========= ============================== =================================== =======================================
name      variance of RD                 Q                                  0.5 added for the pooled effect
========= ============================== =================================== =======================================
metafor   Sato, Greenland & Robins 1989  around the Mantel-Haenszel estimate never
meta      Greenland & Robins 1985        around the inverse-variance estimate to studies with a zero cell
========= ============================== =================================== =======================================
"""


def mantel_haenszel(
    measure: str,
    *,
    events1: npt.ArrayLike,
    events2: npt.ArrayLike,
    n1: npt.ArrayLike | None = None,
    n2: npt.ArrayLike | None = None,
    time1: npt.ArrayLike | None = None,
    time2: npt.ArrayLike | None = None,
    convention: str = "metafor",
    correct: bool = True,
    level: float = 0.95,
) -> CommonEffectResult:
    """Pool counts by the Mantel-Haenszel method.

    Parameters
    ----------
    measure
        ``OR``, ``RR``, ``RD`` (persons), ``IRR`` or ``IRD`` (person-time).
    events1, events2
        Events in arm 1 and arm 2, shape (k,).
    n1, n2
        Persons in each arm, shape (k,).
    time1, time2
        Person-time in each arm, shape (k,).
    convention
        ``"metafor"`` or ``"meta"``, see ``CONVENTIONS``; they differ in the variance of RD, in Q and in zero cells.
    correct
        Whether the Cochran-Mantel-Haenszel test has its continuity correction.
    level
        Coverage of the interval.

    Returns
    -------
    CommonEffectResult
        Ratios as logarithms. Studies without events (or without non-events) in either arm add nothing and are left out;
        ``reason`` counts them.

    Raises
    ------
    InputError
        If counts are impossible or missing.

    Notes
    -----
    OR: ``sum(ad / N) / sum(bc / N)``; RR: ``sum(a n2 / N) / sum(c n1 / N)``; RD: mean of the differences with weights
    ``n1 n2 / N``; IRR and IRD the same with person-time. No constant is added to the sums.

    References
    ----------
    Robins, Breslow & Greenland (1986), doi:10.2307/2531052; Greenland & Robins (1985), doi:10.2307/2530643; Sato,
    Greenland & Robins (1989), doi:10.2307/2531838; Tarone (1985), doi:10.1093/biomet/72.1.91.

    Examples
    --------
    >>> result = mantel_haenszel("OR", events1=[8, 22], n1=[106, 98], events2=[5, 16], n2=[120, 85], level=0.9)
    >>> round(result.estimate, 4), round(result.ci.low, 4), round(result.ci.high, 4)
    (0.3387, -0.1731, 0.8505)
    """
    check_choice("measure", measure, MEASURES)
    check_choice("convention", convention, CONVENTIONS)
    check_level(level)
    if measure in ("IRR", "IRD"):
        first, second = need(time1=time1, time2=time2)
        rates = as_rates(events1, first, events2, second)
        informative = rates.x1 + rates.x2 > 0.0
        keep = informative | (convention == "meta" and measure == "IRD")
        return _rates(measure, rates.take(keep), int((~keep).sum()), convention, level, correct=correct)
    first, second = need(n1=n1, n2=n2)
    tables = as_tables(events1, first, events2, second)
    keep = tables.informative | (convention == "meta" and measure == "RD")
    return _tables(measure, tables.take(keep), int((~keep).sum()), convention, level, correct=correct)


def _tables(
    measure: str, given: Tables, dropped: int, convention: str, level: float, *, correct: bool
) -> CommonEffectResult:
    pooled = given
    if convention == "meta" and measure != "RD":
        half = 0.5 * _has_zero(given)
        pooled = given.plus(half, half)
    if measure == "RD":
        estimate, variance = _risk_difference(pooled, convention)
    else:
        estimate, variance = (_odds_ratio if measure == "OR" else _risk_ratio)(pooled)
    effects = effect_size(measure, events1=given.a, n1=given.n1, events2=given.c, n2=given.n2)
    homogeneity = _tarone(given, math.exp(estimate)) if measure == "OR" and math.isfinite(estimate) else None
    return _result(
        measure, estimate, variance, effects.yi, effects.vi, convention, level, dropped,
        association=_cochran_mantel_haenszel(given, correct=correct), homogeneity=homogeneity,
    )  # fmt: skip


def _rates(
    measure: str, given: Rates, dropped: int, convention: str, level: float, *, correct: bool
) -> CommonEffectResult:
    estimate, variance = (_rate_ratio if measure == "IRR" else _rate_difference)(given)
    effects = effect_size(measure, events1=given.x1, time1=given.t1, events2=given.x2, time2=given.t2)
    total, events = given.t1 + given.t2, given.x1 + given.x2
    excess = float((given.x1 - given.t1 * events / total).sum())
    association = _score_test(excess, float((given.t1 * given.t2 * events / total**2).sum()), correct=correct)
    return _result(
        measure, estimate, variance, effects.yi, effects.vi, convention, level, dropped,
        association=association, homogeneity=None,
    )  # fmt: skip


def _result(
    measure: str,
    estimate: float,
    variance: float,
    yi: Floats | float,
    vi: Floats | float,
    convention: str,
    level: float,
    dropped: int,
    *,
    association: ChiSquareTest,
    homogeneity: ChiSquareTest | None,
) -> CommonEffectResult:
    y, v = np.atleast_1d(yi), np.atleast_1d(vi)
    usable = np.isfinite(y) & np.isfinite(v)
    y, w = y[usable], 1.0 / v[usable]
    center = estimate if convention == "metafor" or not len(y) else float(w @ y / w.sum())
    q = chi_square_test(float(w @ (y - center) ** 2), max(len(y) - 1, 0))
    se = math.sqrt(variance) if variance > 0.0 else math.nan
    ci, statistic, p_value = wald(estimate, se, level)
    reasons = [f"{dropped} studies without events (or without non-events) in either arm left out"] if dropped else []
    if not math.isfinite(estimate):
        reasons.append("one arm has no events, or all, in every study left, so there is no estimate")
    return CommonEffectResult(
        estimate=estimate,
        se=se,
        ci=ci,
        statistic=statistic,
        p_value=p_value,
        k=len(np.atleast_1d(yi)),
        q=q.statistic,
        q_df=q.df,
        q_p_value=q.p_value,
        association=association,
        homogeneity=homogeneity,
        measure=measure,
        method="MH",
        convention=convention,
        level=level,
        reason="; ".join(reasons),
    )


def _has_zero(t: Tables) -> Floats:
    zero: Floats = ((t.a == 0.0) | (t.b == 0.0) | (t.c == 0.0) | (t.d == 0.0)).astype(np.float64)
    return zero


def _log_ratio(over: float, under: float) -> float:
    return math.log(over / under) if over > 0.0 and under > 0.0 else math.nan


def _odds_ratio(t: Tables) -> tuple[float, float]:
    r, s = t.a * t.d / t.total, t.b * t.c / t.total
    p, q = (t.a + t.d) / t.total, (t.b + t.c) / t.total
    R, S = float(r.sum()), float(s.sum())
    if R * S <= 0.0:
        return math.nan, math.nan
    variance = (p @ r) / (2.0 * R**2) + (p @ s + q @ r) / (2.0 * R * S) + (q @ s) / (2.0 * S**2)
    return _log_ratio(R, S), float(variance)


def _risk_ratio(t: Tables) -> tuple[float, float]:
    R, S = float((t.a * t.n2 / t.total).sum()), float((t.c * t.n1 / t.total).sum())
    if R * S <= 0.0:
        return math.nan, math.nan
    spread = float(((t.n1 * t.n2 * (t.a + t.c) - t.a * t.c * t.total) / t.total**2).sum())
    return _log_ratio(R, S), spread / (R * S)


def _risk_difference(t: Tables, convention: str) -> tuple[float, float]:
    total = float((t.n1 * t.n2 / t.total).sum())
    if total <= 0.0:
        return math.nan, math.nan
    estimate = float(((t.a * t.n2 - t.c * t.n1) / t.total).sum()) / total
    if convention == "meta":
        own = (t.a * t.b * t.n2**3 + t.c * t.d * t.n1**3) / (t.n1 * t.n2 * t.total**2)
        return estimate, float(own.sum()) / total**2
    p = (t.n1**2 * t.c - t.n2**2 * t.a + 0.5 * t.n1 * t.n2 * (t.n2 - t.n1)) / t.total**2
    q = 0.5 * (t.a * t.d + t.c * t.b) / t.total
    return estimate, float(estimate * p.sum() + q.sum()) / total**2


def _rate_ratio(r: Rates) -> tuple[float, float]:
    total = r.t1 + r.t2
    R, S = float((r.x1 * r.t2 / total).sum()), float((r.x2 * r.t1 / total).sum())
    if R * S <= 0.0:
        return math.nan, math.nan
    return _log_ratio(R, S), float((r.t1 * r.t2 * (r.x1 + r.x2) / total**2).sum()) / (R * S)


def _rate_difference(r: Rates) -> tuple[float, float]:
    weight = r.t1 * r.t2 / (r.t1 + r.t2)
    total = float(weight.sum())
    if total <= 0.0:
        return math.nan, math.nan
    estimate = float((weight * (r.x1 / r.t1 - r.x2 / r.t2)).sum()) / total
    return estimate, float((weight**2 * (r.x1 / r.t1**2 + r.x2 / r.t2**2)).sum()) / total**2


def _score_test(excess: float, variance: float, *, correct: bool) -> ChiSquareTest:
    if variance <= 0.0:
        return ChiSquareTest(math.nan, 1, math.nan)
    return chi_square_test(max(abs(excess) - (0.5 if correct else 0.0), 0.0) ** 2 / variance, 1)


def _cochran_mantel_haenszel(t: Tables, *, correct: bool) -> ChiSquareTest:
    events, several = t.a + t.c, t.total > 1.0
    excess = float((t.a - t.n1 * events / t.total).sum())
    spread = t.n1 * t.n2 * events * (t.total - events) / (t.total**2 * np.where(several, t.total - 1.0, np.inf))
    return _score_test(excess, float(spread.sum()), correct=correct)


def _tarone(t: Tables, ratio: float) -> ChiSquareTest:
    """Return Tarone's test: observed against expected events if every study had this odds ratio."""
    t = t.take(t.informative)
    events = t.a + t.c
    expected = _expected_events(t, ratio)
    inverse = 1.0 / expected + 1.0 / (t.n1 - expected)
    inverse += 1.0 / (events - expected) + 1.0 / (t.n2 - events + expected)
    excess = t.a - expected
    statistic = float((excess**2 * inverse).sum() - excess.sum() ** 2 / (1.0 / inverse).sum())
    return chi_square_test(statistic, max(len(expected) - 1, 0))


def _expected_events(t: Tables, ratio: float) -> Floats:
    """Return the root A of ``A (n2 - m + A) = ratio (n1 - A) (m - A)`` that keeps all cells positive."""
    events = t.a + t.c
    lead = 1.0 - ratio
    middle = t.n2 - events + ratio * (t.n1 + events)
    last = -ratio * t.n1 * events
    # the stable form of the quadratic formula; it holds for ratio = 1 too
    expected: Floats = -2.0 * last / (middle + np.sqrt(middle**2 - 4.0 * lead * last))
    return expected
