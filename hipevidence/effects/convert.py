"""Effect sizes from what papers print instead of means and counts: test statistics, P values, intervals, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from hipevidence.effects._elements import POSITIVE, Array, check_choice, read_elements
from hipevidence.effects.bias_correction import CORRECTIONS, Correction
from hipevidence.effects.result import EffectSize, check_level, finish, normal_quantile
from hipevidence.effects.two_means import SMD_VARIANCES, standardised
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

RATIOS = ("OR", "RR", "HR", "IRR", "ROM", "PETO")
"""Measures that papers print as ratios and that are pooled as logarithms."""

T_BASED = ("MD", "MC", "MN")
"""Measures whose printed interval may rest on a t distribution."""

DIFFERENCES = (*T_BASED, "SMD", "SMDH", "SMD1", "SMCC", "SMCR", "PPC", "RD", "IRD")
"""Measures that are printed on the scale they are pooled on."""


def smd_from_d(
    d: ArrayLike, *, n1: ArrayLike, n2: ArrayLike, vtype: str = "LS", correction: Correction = "exact"
) -> EffectSize:
    """Return Hedges' g from a printed Cohen's d.

    Parameters
    ----------
    d
        Standardised difference, arm 1 minus arm 2, by the pooled SD and without small-sample correction.
    n1, n2
        Persons in each arm.
    vtype, correction
        As in ``effect_size`` for SMD; ``correction="none"`` if the printed value is already corrected.

    Returns
    -------
    EffectSize
        Of measure SMD.

    Raises
    ------
    InputError
        If an option does not exist or a single number is impossible.

    Notes
    -----
    g = J(n1 + n2 - 2) d with variance 1/n1 + 1/n2 + g²/(2(n1 + n2)).

    References
    ----------
    Hedges LV (1981). https://doi.org/10.3102/10769986006002107

    Examples
    --------
    >>> round(smd_from_d(-0.98, n1=16, n2=16).yi, 3)
    -0.955
    """
    inputs = {"d": d, "n1": n1, "n2": n2}
    return _smd(inputs, lambda d, **_: d, "printed Cohen's d", vtype, correction)


def smd_from_t(
    t: ArrayLike, *, n1: ArrayLike, n2: ArrayLike, vtype: str = "LS", correction: Correction = "exact"
) -> EffectSize:
    """Return Hedges' g from the t statistic of two independent arms.

    Parameters
    ----------
    t
        Student's t with n1 + n2 - 2 degrees of freedom; positive where arm 1 is higher.
    n1, n2
        Persons in each arm.
    vtype, correction
        As in ``effect_size`` for SMD.

    Returns
    -------
    EffectSize
        Of measure SMD.

    Raises
    ------
    InputError
        If an option does not exist or a single number is impossible.

    Notes
    -----
    d = t √(1/n1 + 1/n2), then as in ``smd_from_d``.

    References
    ----------
    Borenstein M (2009), in Cooper, Hedges & Valentine, Handbook of Research Synthesis, 2nd ed., ch. 12.

    Examples
    --------
    >>> round(smd_from_t(-2.917, n1=10, n2=10).yi, 3)
    -1.249
    """
    inputs = {"t": t, "n1": n1, "n2": n2}
    return _smd(inputs, lambda t, n1, n2: t * np.sqrt(1 / n1 + 1 / n2), "d from t", vtype, correction)


def smd_from_f(
    f: ArrayLike,
    *,
    sign: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike,
    vtype: str = "LS",
    correction: Correction = "exact",
) -> EffectSize:
    """Return Hedges' g from the F statistic of two independent arms (1 numerator degree of freedom).

    Parameters
    ----------
    f
        F statistic with 1 and n1 + n2 - 2 degrees of freedom, 0 or more.
    sign
        1 where arm 1 is higher, -1 where it is lower: F does not say.
    n1, n2
        Persons in each arm.
    vtype, correction
        As in ``effect_size`` for SMD.

    Returns
    -------
    EffectSize
        Of measure SMD.

    Raises
    ------
    InputError
        If an option does not exist or a single number is impossible.

    Notes
    -----
    |t| = √F, then as in ``smd_from_t``.

    References
    ----------
    Borenstein M (2009), in Cooper, Hedges & Valentine, Handbook of Research Synthesis, 2nd ed., ch. 12.

    Examples
    --------
    >>> round(smd_from_f(6.63, sign=-1, n1=20, n2=20).yi, 3)
    -0.798
    """
    inputs = {"f": f, "sign": sign, "n1": n1, "n2": n2}
    return _smd(
        inputs,
        lambda f, sign, n1, n2: sign * np.sqrt(f) * np.sqrt(1 / n1 + 1 / n2),
        "d from F with 1 numerator degree of freedom, direction given",
        vtype,
        correction,
    )


def smd_from_p(
    p: ArrayLike,
    *,
    sign: ArrayLike,
    n1: ArrayLike,
    n2: ArrayLike,
    vtype: str = "LS",
    correction: Correction = "exact",
) -> EffectSize:
    """Return Hedges' g from the two-sided P value of a t test between two independent arms.

    Parameters
    ----------
    p
        Exact two-sided P value. Of "P < 0.01" the limit, 0.01, gives a cautious (smaller) effect.
    sign
        1 where arm 1 is higher, -1 where it is lower: P does not say.
    n1, n2
        Persons in each arm.
    vtype, correction
        As in ``effect_size`` for SMD.

    Returns
    -------
    EffectSize
        Of measure SMD.

    Raises
    ------
    InputError
        If an option does not exist or a single number is impossible.

    Notes
    -----
    |t| is the upper P/2 quantile of t with n1 + n2 - 2 degrees of freedom, then as in ``smd_from_t``.

    References
    ----------
    Borenstein M (2009), in Cooper, Hedges & Valentine, Handbook of Research Synthesis, 2nd ed., ch. 12.

    Examples
    --------
    >>> round(smd_from_p(0.006, sign=-1, n1=18, n2=18).yi, 3)
    -0.955
    """
    inputs = {"p": p, "sign": sign, "n1": n1, "n2": n2}
    return _smd(
        inputs,
        lambda p, sign, n1, n2: sign * stats.t.isf(p / 2, n1 + n2 - 2) * np.sqrt(1 / n1 + 1 / n2),
        "d from the two-sided P value of a t test, direction given",
        vtype,
        correction,
    )


def _smd(
    inputs: dict[str, ArrayLike], to_d: Callable[..., Array], source: str, vtype: str, correction: Correction
) -> EffectSize:
    check_choice("vtype", vtype, SMD_VARIANCES)
    check_choice("correction", correction, CORRECTIONS)
    elements = read_elements(inputs)
    values = elements.values
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        g, v = standardised(to_d(**values), values["n1"], values["n2"], vtype=vtype, correction=correction)
        return finish(
            elements,
            g,
            v,
            measure="SMD",
            method=f"standardised mean difference: {source}; {CORRECTIONS[correction]}; {SMD_VARIANCES[vtype]}",
            undefined="it needs more than one degree of freedom (n1 + n2 - 2)",
        )


def from_estimate_ci(
    measure: str,
    estimate: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    level: float = 0.95,
    *,
    df: ArrayLike | None = None,
) -> EffectSize:
    """Return an effect size from a printed estimate and its confidence interval.

    Parameters
    ----------
    measure
        Code of the measure: a ratio (OR, RR, HR, IRR, ROM, PETO) or a difference (MD, MC, MN, SMD, SMDH, SMD1, SMCC,
        SMCR, PPC, RD, IRD).
    estimate, low, high
        Estimate and limits as printed; ratios as ratios, not as logarithms.
    level
        Coverage of the interval.
    df
        Degrees of freedom of the t distribution the interval rests on, for MD, MC and MN; the normal distribution is
        taken if left out.

    Returns
    -------
    EffectSize
        Ratios as natural logarithms; ``method`` says which distribution was taken.

    Raises
    ------
    InputError
        If the measure has no such interval, the estimate lies outside its own interval, or a single number is
        impossible.

    Notes
    -----
    vi = ((high - low)/(2 q))², limits of ratios as logarithms, q the normal or t quantile of the interval.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2024), Cochrane Handbook for Systematic Reviews of Interventions, version 6.5, ch. 6.

    Examples
    --------
    >>> effect = from_estimate_ci("MD", -0.6, -3.2, 2.0)
    >>> effect.yi, round(effect.sei, 4)
    (-0.6, 1.3266)
    >>> round(from_estimate_ci("OR", 1.7, 1.1, 2.6).yi, 4)
    0.5306
    """
    _check_printed(measure, t_based=df is not None)
    check_level(level)
    limits = {"estimate": estimate, "low": low, "high": high}
    ratio = measure in RATIOS
    elements = read_elements(
        limits if df is None else {**limits, "df": df},
        ordered=(("low", "estimate"), ("estimate", "high")),
        rules=dict.fromkeys(limits, POSITIVE) if ratio else None,
    )
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        centre, lower, upper = (np.log(elements.values[name]) if ratio else elements.values[name] for name in limits)
        quantile = normal_quantile(level) if df is None else stats.t.isf((1 - level) / 2, elements.values["df"])
        return finish(
            elements,
            centre,
            ((upper - lower) / (2 * quantile)) ** 2,
            measure=measure,
            method=f"{_as_printed(measure)}; variance from its {level:g} interval, "
            f"{'normal' if df is None else 't'} distribution",
            undefined="",
        )


def from_estimate_se(measure: str, estimate: ArrayLike, se: ArrayLike) -> EffectSize:
    """Return an effect size from a printed estimate and its standard error.

    Parameters
    ----------
    measure
        Code of the measure, as in ``from_estimate_ci``.
    estimate
        Estimate as printed; ratios as ratios, not as logarithms.
    se
        Standard error on the scale of pooling: of a ratio, the standard error of its natural logarithm.

    Returns
    -------
    EffectSize
        Ratios as natural logarithms.

    Raises
    ------
    InputError
        If there is no such measure or a single number is impossible.

    Examples
    --------
    >>> from_estimate_se("MD", -0.6, 0.5).vi
    0.25
    """
    _check_printed(measure, t_based=False)
    ratio = measure in RATIOS
    elements = read_elements({"estimate": estimate, "se": se}, rules={"estimate": POSITIVE} if ratio else None)
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        centre = np.log(elements.values["estimate"]) if ratio else elements.values["estimate"]
        variance = elements.values["se"] ** 2
        method = f"{_as_printed(measure)}; variance from its standard error"
        return finish(elements, centre, variance, measure=measure, method=method, undefined="")


def _check_printed(measure: str, *, t_based: bool) -> None:
    check_choice("measure", measure, (*RATIOS, *DIFFERENCES))
    if t_based and measure not in T_BASED:
        raise InputError(
            f"df was given for {measure}; allowed: {', '.join(T_BASED)}. "
            "Intervals of the others rest on the normal distribution; leave out df."
        )


def _as_printed(measure: str) -> str:
    return f"{measure} as printed, its natural logarithm" if measure in RATIOS else f"{measure} as printed"
