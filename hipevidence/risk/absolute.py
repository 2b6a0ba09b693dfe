"""From a relative effect and a baseline risk to absolute risks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

import numpy as np

from hipevidence.effects import from_estimate_ci
from hipevidence.effects._elements import Array, Reasons, Values, check_choice
from hipevidence.effects.result import check_level, normal_quantile
from hipevidence.risk._links import LINKS, impossible, risk_at
from hipevidence.risk._quantity import DIFFERENCE, RATIO, RISK, Elementwise, Printed, interval, read_printed
from hipevidence.risk._simulate import DRAWS, SEED, drawn_limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from hipevidence.results import Interval

Propagation = Literal["delta", "simulation"]

IMPOSSIBLE = "this effect at this baseline gives no risk between 0 and 1"
CUT = "a limit lies outside 0 to 1 and stands at the border"
NO_SPREAD = "the baseline has no events or nothing but events, of which the delta method knows no spread: simulate"
UNKNOWN_BASELINE = "taken as known"


@dataclasses.dataclass(frozen=True, slots=True)
class AbsoluteRisk(Elementwise):
    """Risks with and without an exposure or treatment.

    Single numbers in give single numbers; arrays in give arrays of their common shape. The interval fields then hold
    arrays as limits.

    Attributes
    ----------
    measure
        Code of the relative effect.
    baseline
        Risk without, between 0 and 1.
    baseline_ci
        Its interval; both limits are the baseline itself where it was taken as known.
    risk
        Risk with, between 0 and 1; ``nan`` where it does not exist.
    ci
        Interval of ``risk``.
    difference
        ``risk`` minus ``baseline``, between -1 and 1.
    difference_ci
        Its interval.
    method
        How the intervals were reached, in words.
    reason
        Why a number is ``nan`` or a limit was cut, ``""`` where none is.

    Examples
    --------
    >>> round(absolute_risk("RR", 2.0, baseline=0.1).risk, 6)
    0.2
    """

    measure: str
    baseline: Values
    baseline_ci: Interval
    risk: Values
    ci: Interval
    difference: Values
    difference_ci: Interval
    method: str
    reason: Reasons = ""


def absolute_risk(
    measure: str,
    effect: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    baseline: ArrayLike,
    level: float = 0.95,
) -> AbsoluteRisk:
    """Return the risks with and without an exposure at a baseline risk that is taken as known.

    Parameters
    ----------
    measure
        OR, RR or HR (as ratios, not logarithms) or RD.
    effect, low, high
        Effect and limits as printed, exposed against unexposed; both limits may be left out.
    baseline
        Risk of the unexposed over the same time, between 0 and 1.
    level
        Coverage of the limits.

    Returns
    -------
    AbsoluteRisk
        Its intervals are the effect's limits at this baseline.

    Raises
    ------
    InputError
        If the measure is unknown or a single number is impossible.

    Notes
    -----
    g(risk) = g(baseline) + effect, with g the logit and ln OR, the logarithm and ln RR, the complementary log-log and
    ln HR (so risk = 1 - (1 - baseline)^HR), or the identity and RD.

    References
    ----------
    Schünemann HJ et al. (2024), Cochrane Handbook, version 6.5, ch. 15.4.4.
    Altman DG, Andersen PK (1999). https://doi.org/10.1136/bmj.319.7223.1492

    Examples
    --------
    >>> found = absolute_risk("OR", 1.7, 1.1, 2.6, baseline=0.2)
    >>> round(found.risk, 4), round(found.ci.low, 4), round(found.ci.high, 4)
    (0.2982, 0.2157, 0.3939)
    """
    printed = _read(measure, effect, low, high, {"baseline": baseline}, level)
    p0 = printed.other("baseline")
    risk, r_low, r_high = (risk_at(measure, x, p0) for x in (printed.estimate, printed.low, printed.high))
    how = f"{measure} at a baseline {UNKNOWN_BASELINE}; limits from the limits of the effect"
    around_d = (np.clip(r_low, 0, 1) - p0, np.clip(r_high, 0, 1) - p0)
    return _finish(printed, measure, p0, (p0, p0), risk, (r_low, r_high), around_d, how, level)


def absolute_risk_from_counts(
    measure: str,
    effect: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    events: ArrayLike,
    n: ArrayLike,
    propagation: Propagation = "delta",
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> AbsoluteRisk:
    """Return the risks with and without an exposure when the baseline was itself observed in a limited group.

    Parameters
    ----------
    measure, effect, low, high
        As in ``absolute_risk``; the limits have coverage ``level``. Ratios have to be greater than 0.
    events, n
        People with the outcome and people in the unexposed group; a different group from the one the effect comes
        from (both are taken as independent).
    propagation
        ``"delta"`` or ``"simulation"``.
    level
        Coverage of limits and intervals.
    draws, seed
        Number of draws and seed of the simulation.

    Returns
    -------
    AbsoluteRisk
        Intervals that carry the uncertainty of effect and baseline.

    Raises
    ------
    InputError
        If an option is impossible or a single number is.

    Notes
    -----
    Delta: on the additive scale of the measure the variance of the risk is that of the baseline, p(1 - p)/n divided by
    the squared slope, plus that of the effect; the difference has
    (h'(u + θ) - h'(u))² Var(u) + h'(u + θ)² Var(θ). Simulation: baseline from the Jeffreys posterior
    Beta(events + 1/2, n - events + 1/2), effect from its normal distribution on the additive scale, risks cut at 0 and
    1, percentile intervals.

    References
    ----------
    Spencer FA et al. (2012). https://doi.org/10.1136/bmj.e7401
    Murad MH et al. (2023). https://doi.org/10.1136/bmj-2022-073141 (the simulation)
    Brown LD, Cai TT, DasGupta A (2001). https://doi.org/10.1214/ss/1009213286

    Examples
    --------
    >>> found = absolute_risk_from_counts("HR", 0.25, 0.13, 0.52, events=36, n=743)
    >>> round(found.baseline, 4), round(found.risk, 4), round(found.ci.high, 4)
    (0.0485, 0.0123, 0.0264)
    """
    check_choice("propagation", propagation, ("delta", "simulation"))
    printed = _read(measure, effect, low, high, {"events": events, "n": n}, level)
    if propagation == "delta":
        return _by_delta(printed, measure, level)
    return _by_simulation(printed, measure, level, draws, seed)


def _read(
    measure: str,
    effect: ArrayLike,
    low: ArrayLike | None,
    high: ArrayLike | None,
    others: dict[str, ArrayLike],
    level: float,
) -> Printed:
    check_choice("measure", measure, LINKS)
    check_level(level)
    rule = DIFFERENCE if measure == "RD" else RATIO
    ordered = (("events", "n"),) if "events" in others else ()
    return read_printed(rule, effect, low, high, others, {"baseline": RISK}, ordered)


def _spread(printed: Printed, measure: str, level: float) -> tuple[Array, Array]:
    """Return the effect on its additive scale and its sampling variance there."""
    shape = printed.estimate.shape
    estimate, low, high = (np.atleast_1d(x) for x in (printed.estimate, printed.low, printed.high))
    effect = from_estimate_ci(measure, estimate, low, high, level)
    printed.elements.explain(np.reshape(np.isnan(effect.vi), shape), "the effect has no finite variance")
    return np.reshape(effect.yi, shape), np.reshape(effect.vi, shape)


def _by_delta(printed: Printed, measure: str, level: float) -> AbsoluteRisk:
    link, z = LINKS[measure], normal_quantile(level)
    events, n = printed.other("events"), printed.other("n")
    theta, v_theta = _spread(printed, measure, level)
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in _finish
        p0 = events / n
        v_u = p0 * (1 - p0) / n / link.slope(p0) ** 2
        u, se = link.forward(p0), np.sqrt(v_u + v_theta)
        risk = risk_at(measure, printed.estimate, p0)
        slope0, slope1 = link.slope(p0), link.slope(risk)
        se_d = np.sqrt((slope1 - slope0) ** 2 * v_u + slope1**2 * v_theta)
        limits = (link.back(u + theta - z * se), link.back(u + theta + z * se))
        around0 = (link.back(u - z * np.sqrt(v_u)), link.back(u + z * np.sqrt(v_u)))
    no_spread = np.isin(p0, (0.0, 1.0))
    printed.elements.explain(no_spread, NO_SPREAD)
    limits, around0 = _without(limits, no_spread), _without(around0, no_spread)
    around_d = _without((risk - p0 - z * se_d, risk - p0 + z * se_d), no_spread)
    how = f"{measure} at an observed baseline; delta method for baseline and effect, taken as independent"
    return _finish(printed, measure, p0, around0, risk, limits, around_d, how, level)


def _by_simulation(printed: Printed, measure: str, level: float, draws: int, seed: int) -> AbsoluteRisk:
    events, n = printed.other("events"), printed.other("n")
    theta, v_theta = _spread(printed, measure, level)
    link, p0 = LINKS[measure], events / n

    def draw(rng: np.random.Generator, at: tuple[int, ...]) -> tuple[Array, ...]:
        base = rng.beta(events[at] + 0.5, n[at] - events[at] + 0.5, draws)
        effect = rng.normal(theta[at], np.sqrt(v_theta[at]), draws)
        with_it = np.clip(link.back(link.forward(base) + effect), 0, 1)
        return base, with_it, with_it - base

    usable = np.isfinite(p0) & np.isfinite(v_theta)
    around0, around, around_d = drawn_limits(usable, draw, quantities=3, level=level, draws=draws, seed=seed)
    risk = risk_at(measure, printed.estimate, p0)
    how = f"{measure} at an observed baseline; {draws} draws (seed {seed}) of baseline and effect, independent"
    return _finish(printed, measure, p0, around0, risk, around, around_d, how, level)


def _without(limits: tuple[Array, Array], gone: NDArray[np.bool_]) -> tuple[Array, Array]:
    return np.where(gone, np.nan, limits[0]), np.where(gone, np.nan, limits[1])


def _finish(
    printed: Printed,
    measure: str,
    baseline: Array,
    around_baseline: tuple[Array, Array],
    risk: Array,
    around_risk: tuple[Array, Array],
    around_difference: tuple[Array, Array],
    how: str,
    level: float,
) -> AbsoluteRisk:
    elements = printed.elements
    gone = np.isnan(risk) | impossible(risk)
    elements.explain(gone, IMPOSSIBLE)
    risk = np.where(gone, np.nan, np.clip(risk, 0, 1))
    beyond = [impossible(limit) for limit in (*around_risk, *around_baseline)]
    elements.explain(np.logical_or.reduce(beyond), CUT)
    r_low, r_high = (np.clip(np.where(gone, np.nan, limit), 0, 1) for limit in around_risk)
    b_low, b_high = (np.clip(limit, 0, 1) for limit in around_baseline)
    d_low, d_high = (np.clip(np.where(gone, np.nan, limit), -1, 1) for limit in around_difference)
    return AbsoluteRisk(
        measure=measure,
        baseline=elements.give(baseline),
        baseline_ci=interval(elements, b_low, b_high, level),
        risk=elements.give(risk),
        ci=interval(elements, r_low, r_high, level),
        difference=elements.give(risk - baseline),
        difference_ci=interval(elements, d_low, d_high, level),
        method=how,
        reason=elements.give_reasons(),
    )
