"""Standard deviations from what papers print instead: standard errors, intervals, t, P, correlations.

Every function serves a mean or a mean change (give ``n``) and a difference between two arms (give ``n1`` and ``n2``;
the result is the SD common to both arms). So the SD of a change comes from the change's own standard error,
interval, t or P value with ``n``.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import stats

from hipevidence.effects._elements import Array, Elements, Reasons, Values, check_choice, read_elements
from hipevidence.effects.one_group import change_sd
from hipevidence.effects.result import check_level, normal_quantile
from hipevidence.errors import InputError
from hipevidence.results import Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Distribution = Literal["t", "normal"]


@dataclasses.dataclass(frozen=True, slots=True)
class StandardDeviation(Result):
    """A standard deviation and how it was reached.

    Attributes
    ----------
    sd
        Standard deviation in the unit of the instrument, of the shape of the inputs; ``nan`` where it does not exist.
    method
        What it was computed from, in words.
    reason
        Why a value is ``nan``, ``""`` where none is.
    """

    sd: Values
    method: str
    reason: Reasons = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Correlation(Result):
    """The correlation of two measurements and how it was reached.

    Attributes
    ----------
    r
        Correlation between -1 and 1, of the shape of the inputs; ``nan`` where it does not exist.
    method
        What it was computed from, in words.
    reason
        Why a value is ``nan``, ``""`` where none is.
    """

    r: Values
    method: str
    reason: Reasons = ""


def sd_from_se(
    se: ArrayLike, *, n: ArrayLike | None = None, n1: ArrayLike | None = None, n2: ArrayLike | None = None
) -> StandardDeviation:
    """Return the SD from the standard error of a mean, a mean change or a mean difference.

    Parameters
    ----------
    se
        Standard error in the unit of the instrument.
    n
        Persons, for a mean or a mean change.
    n1, n2
        Persons in each arm, for a difference between arms.

    Returns
    -------
    StandardDeviation
        Of the persons; for a difference, common to both arms.

    Raises
    ------
    InputError
        If it is neither ``n`` nor both of ``n1`` and ``n2``, or a single number is impossible.

    Notes
    -----
    SE √n, or SE / √(1/n1 + 1/n2).

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2024), Cochrane Handbook, version 6.5, sections 6.5.2.2 and 6.5.2.3.

    Examples
    --------
    >>> sd_from_se(0.5, n=16).sd
    2.0
    """
    elements = read_elements({"se": se, **_sizes(n, n1, n2)})
    return _from_se(elements, elements.values["se"], "the standard error")


def sd_from_ci(
    low: ArrayLike,
    high: ArrayLike,
    *,
    n: ArrayLike | None = None,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
    level: float = 0.95,
    distribution: Distribution = "t",
) -> StandardDeviation:
    """Return the SD from the confidence interval of a mean, a mean change or a mean difference.

    Parameters
    ----------
    low, high
        Limits in the unit of the instrument.
    n
        Persons, for a mean or a mean change.
    n1, n2
        Persons in each arm, for a difference between arms.
    level
        Coverage of the interval.
    distribution
        ``"t"`` with n - 1 or n1 + n2 - 2 degrees of freedom, or ``"normal"``.

    Returns
    -------
    StandardDeviation
        Of the persons; for a difference, common to both arms.

    Raises
    ------
    InputError
        If the sizes or an option are not usable, or a single number is impossible.

    Notes
    -----
    SE = (high - low)/(2 q) with q the quantile of the distribution, then as in ``sd_from_se``.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2024), Cochrane Handbook, version 6.5, sections 6.5.2.2 and 6.5.2.3.

    Examples
    --------
    >>> round(sd_from_ci(30.0, 34.2, n=25).sd, 4)
    5.0875
    """
    check_choice("distribution", distribution, ("t", "normal"))
    check_level(level)
    elements = read_elements({"low": low, "high": high, **_sizes(n, n1, n2)}, ordered=(("low", "high"),))
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in _give
        tail = (1 - level) / 2
        quantile = normal_quantile(level) if distribution == "normal" else stats.t.isf(tail, _df(elements))
        se = (elements.values["high"] - elements.values["low"]) / (2 * quantile)
    return _from_se(elements, se, f"the {level:g} confidence interval, {distribution} distribution")


def sd_from_t(
    difference: ArrayLike,
    t: ArrayLike,
    *,
    n: ArrayLike | None = None,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
) -> StandardDeviation:
    """Return the SD from a mean change or mean difference and its t statistic.

    Parameters
    ----------
    difference
        Mean change (paired t test) or difference between arms (unpaired), in the unit of the instrument.
    t
        Its t statistic; the signs need not agree.
    n
        Persons, for a mean change.
    n1, n2
        Persons in each arm, for a difference between arms.

    Returns
    -------
    StandardDeviation
        Of the changes; for a difference, common to both arms.

    Raises
    ------
    InputError
        If the sizes are not usable, or a single number is impossible.

    Notes
    -----
    SE = |difference/t|, then as in ``sd_from_se``.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2024), Cochrane Handbook, version 6.5, section 6.5.2.3.

    Examples
    --------
    >>> sd_from_t(2.0, 4.0, n=16).sd
    2.0
    """
    elements = read_elements({"difference": difference, "t": t, **_sizes(n, n1, n2)})
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in _give
        se = np.abs(elements.values["difference"] / elements.values["t"])
    return _from_se(elements, se, "the t statistic")


def sd_from_p(
    difference: ArrayLike,
    p: ArrayLike,
    *,
    n: ArrayLike | None = None,
    n1: ArrayLike | None = None,
    n2: ArrayLike | None = None,
) -> StandardDeviation:
    """Return the SD from a mean change or mean difference and the two-sided P value of its t test.

    Parameters
    ----------
    difference
        Mean change (paired t test) or difference between arms (unpaired), in the unit of the instrument.
    p
        Exact two-sided P value. Of "P < 0.01" the limit, 0.01, gives a cautious (larger) SD.
    n
        Persons, for a mean change.
    n1, n2
        Persons in each arm, for a difference between arms.

    Returns
    -------
    StandardDeviation
        Of the changes; for a difference, common to both arms.

    Raises
    ------
    InputError
        If the sizes are not usable, or a single number is impossible.

    Notes
    -----
    |t| is the upper P/2 quantile of t with n - 1 or n1 + n2 - 2 degrees of freedom, then as in ``sd_from_t``.

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2024), Cochrane Handbook, version 6.5, section 6.5.2.3.

    Examples
    --------
    >>> round(sd_from_p(3.8, 0.008, n1=25, n2=22).sd, 2)
    4.68
    """
    elements = read_elements({"difference": difference, "p": p, **_sizes(n, n1, n2)})
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in _give
        t = stats.t.isf(elements.values["p"] / 2, _df(elements))
        se = np.abs(elements.values["difference"] / t)
    return _from_se(elements, se, "the two-sided P value of a t test")


def sd_of_change(sd_pre: ArrayLike, sd_post: ArrayLike, r: ArrayLike) -> StandardDeviation:
    """Return the SD of the changes from the SDs before and after and their correlation.

    Parameters
    ----------
    sd_pre, sd_post
        Standard deviations before and after, in the unit of the instrument.
    r
        Correlation of the two measurements.

    Returns
    -------
    StandardDeviation
        Of the changes.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    √(sd_pre² + sd_post² - 2 r sd_pre sd_post).

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2024), Cochrane Handbook, version 6.5, section 6.5.2.8.

    Examples
    --------
    >>> round(sd_of_change(6.4, 7.1, 0.8).sd, 2)
    4.32
    """
    elements = read_elements({"sd_pre": sd_pre, "sd_post": sd_post, "r": r})
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in _give
        sd = change_sd(elements.values["sd_pre"], elements.values["sd_post"], elements.values["r"])
    return _give(elements, sd, "SD of the changes from the SDs before and after and their correlation")


def correlation_of_change(sd_pre: ArrayLike, sd_post: ArrayLike, sd_change: ArrayLike) -> Correlation:
    """Return the correlation of two measurements from their SDs and the SD of the changes.

    Parameters
    ----------
    sd_pre, sd_post, sd_change
        Standard deviations before, after, and of the changes, in the unit of the instrument.

    Returns
    -------
    Correlation
        ``nan`` with a reason where no correlation is compatible with the three SDs.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    (sd_pre² + sd_post² - sd_change²)/(2 sd_pre sd_post).

    References
    ----------
    Higgins JPT, Li T, Deeks JJ (2024), Cochrane Handbook, version 6.5, section 6.5.2.8.

    Examples
    --------
    >>> round(correlation_of_change(6.4, 7.1, 4.5).r, 2)
    0.78
    """
    elements = read_elements({"sd_pre": sd_pre, "sd_post": sd_post, "sd_change": sd_change})
    pre, post, change = elements.values.values()
    r = (pre / post + post / pre - (change / pre) * (change / post)) / 2
    impossible = np.abs(r) > 1
    elements.explain(impossible, "no correlation between -1 and 1 fits these three SDs: one of them is misprinted")
    method = "correlation from the SDs before, after and of the changes"
    return Correlation(elements.give(np.where(impossible, np.nan, r)), method, elements.give_reasons())


def _sizes(n: ArrayLike | None, n1: ArrayLike | None, n2: ArrayLike | None) -> dict[str, ArrayLike]:
    given = {name: size for name, size in (("n", n), ("n1", n1), ("n2", n2)) if size is not None}
    if set(given) not in ({"n"}, {"n1", "n2"}):
        raise InputError(
            f"The sizes given are {', '.join(given) or 'none'}; allowed: n for a mean or a change, "
            "or n1 and n2 for a difference between arms."
        )
    return given


def _df(elements: Elements) -> Array:
    """Return the degrees of freedom, ``nan`` where there are none."""
    x = elements.values
    df = x["n"] - 1 if "n" in x else x["n1"] + x["n2"] - 2
    return np.where(df > 0, df, np.nan)


def _from_se(elements: Elements, se: Array, source: str) -> StandardDeviation:
    x = elements.values
    whose = "of the persons" if "n" in x else "common to both arms"
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in _give
        sd = se * np.sqrt(x["n"]) if "n" in x else se / np.sqrt(1 / x["n1"] + 1 / x["n2"])
    return _give(elements, sd, f"SD {whose} from {source}")


def _give(elements: Elements, sd: Array, method: str) -> StandardDeviation:
    usable = np.isfinite(sd) & (sd > 0)
    elements.explain(
        ~usable, "these numbers give no standard deviation above 0 (no spread, no test, or no degree of freedom)"
    )
    return StandardDeviation(elements.give(np.where(usable, sd, np.nan)), method, elements.give_reasons())
