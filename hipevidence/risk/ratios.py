"""From one relative or absolute effect to another at a baseline risk: OR, RR, HR and RD."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects._elements import Array, check_choice
from hipevidence.effects.result import check_level
from hipevidence.risk._links import LINKS, impossible, risk_at
from hipevidence.risk._quantity import DIFFERENCE, RATIO, RATIO_MEASURES, RISK, Quantity, read_printed, through_limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

UNDEFINED = "at this baseline the effect has no value on the new scale, or gives no risk between 0 and 1"


def convert_effect(
    source: str,
    target: str,
    effect: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    baseline: ArrayLike,
    level: float = 0.95,
) -> Quantity:
    """Return an effect on another scale, at a baseline risk that is taken as known.

    Parameters
    ----------
    source, target
        OR, RR, HR (as ratios, not logarithms) or RD.
    effect, low, high
        Effect and limits on the scale of ``source``; both limits may be left out.
    baseline
        Risk of the unexposed, between 0 and 1.
    level
        Coverage of the limits.

    Returns
    -------
    Quantity
        On the scale of ``target``. At a baseline of 0 the three ratios are one and the same; a risk difference there
        belongs to no ratio.

    Raises
    ------
    InputError
        If a measure is unknown or a single number is impossible.

    Notes
    -----
    Through the risk the effect makes of the baseline, as in ``absolute_risk``. For OR to RR that is
    RR = OR / (1 - baseline + baseline OR). The interval knows nothing of an uncertain baseline, and an adjusted odds
    ratio is converted as if it held for everybody at this baseline.

    References
    ----------
    Zhang J, Yu KF (1998). https://doi.org/10.1001/jama.280.19.1690
    Grant RL (2014). https://doi.org/10.1136/bmj.f7450

    Examples
    --------
    >>> found = convert_effect("OR", "RR", 1.7, 1.1, 2.6, baseline=0.2)
    >>> round(found.value, 3), round(found.ci.low, 3), round(found.ci.high, 3)
    (1.491, 1.078, 1.97)
    """
    check_choice("source", source, LINKS)
    check_choice("target", target, LINKS)
    check_level(level)
    rule = DIFFERENCE if source == "RD" else RATIO
    printed = read_printed(rule, effect, low, high, {"baseline": baseline}, {"baseline": RISK})
    p0 = printed.other("baseline")

    def transform(x: Array) -> Array:
        return _between(source, target, x, p0)

    how = f"{target} from {source} at a baseline taken as known; limits from the limits"
    return through_limits(printed, transform, level=level, method=how, undefined=UNDEFINED)


def _between(source: str, target: str, effect: Array, baseline: Array) -> Array:
    if source == target:
        return effect
    risk = risk_at(source, effect, baseline)
    found = _effect_of(target, np.where(impossible(risk), np.nan, np.clip(risk, 0, 1)), baseline)
    if source in RATIO_MEASURES and target in RATIO_MEASURES:
        # where nobody has the outcome the three ratios meet: risk, odds and hazard are one in the limit
        return np.where(baseline == 0, effect, found)
    return found


def _effect_of(measure: str, risk: Array, baseline: Array) -> Array:
    if measure == "RD":
        return risk - baseline
    if measure == "RR":
        found = risk / baseline
    elif measure == "OR":
        found = risk * (1 - baseline) / (baseline * (1 - risk))
    else:
        found = np.log1p(-risk) / np.log1p(-baseline)
    # 0/0 and the infinite ratios at a baseline of 0 or 1 say nothing
    return np.where(np.isin(baseline, (0.0, 1.0)) & (measure != "RR"), np.nan, np.where(baseline == 0, np.nan, found))
