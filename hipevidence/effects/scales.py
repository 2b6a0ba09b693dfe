"""From one effect-size scale to another: standardised differences, log odds ratios, correlations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from hipevidence.effects._elements import check_choice, read_elements
from hipevidence.effects.result import EffectSize, finish
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Threshold = Literal["logistic", "cox"]

FACTORS = {"logistic": math.pi / math.sqrt(3), "cox": 1.65}
"""Log odds ratio per unit of d: logistic distributions (Hasselblad & Hedges; Chinn), or Cox's for normal ones."""


def d_to_log_or(d: ArrayLike, v: ArrayLike, *, method: Threshold = "logistic") -> EffectSize:
    """Return the log odds ratio that a standardised mean difference corresponds to.

    Parameters
    ----------
    d
        Standardised mean difference (d or g).
    v
        Its sampling variance.
    method
        ``"logistic"``: π/√3 a unit of d; ``"cox"``: 1.65.

    Returns
    -------
    EffectSize
        Of measure OR, as natural logarithm.

    Raises
    ------
    InputError
        If there is no such method or a single number is impossible.

    Notes
    -----
    ln OR = c d with variance c² v.

    References
    ----------
    Chinn S (2000). https://doi.org/10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M
    Hasselblad V, Hedges LV (1995). https://doi.org/10.1037/0033-2909.117.1.167
    Cox DR, Snell EJ (1989), Analysis of Binary Data, 2nd ed.

    Examples
    --------
    >>> effect = d_to_log_or(0.5, 0.0205)
    >>> round(effect.yi, 4), round(effect.vi, 4)
    (0.9069, 0.0674)
    """
    check_choice("method", method, FACTORS)
    return _rescaled(d, v, FACTORS[method], "OR", f"log odds ratio from a standardised mean difference ({method})")


def log_or_to_d(log_or: ArrayLike, v: ArrayLike, *, method: Threshold = "logistic") -> EffectSize:
    """Return the standardised mean difference that a log odds ratio corresponds to.

    Parameters
    ----------
    log_or
        Natural logarithm of the odds ratio.
    v
        Its sampling variance.
    method
        ``"logistic"``: √3/π a unit of ln OR; ``"cox"``: 1/1.65.

    Returns
    -------
    EffectSize
        Of measure SMD.

    Raises
    ------
    InputError
        If there is no such method or a single number is impossible.

    Notes
    -----
    d = ln OR / c with variance v/c².

    References
    ----------
    Chinn S (2000). https://doi.org/10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M

    Examples
    --------
    >>> effect = log_or_to_d(0.9069, 0.0676)
    >>> round(effect.yi, 4), round(effect.vi, 4)
    (0.5, 0.0205)
    """
    check_choice("method", method, FACTORS)
    words = f"standardised mean difference from a log odds ratio ({method})"
    return _rescaled(log_or, v, 1 / FACTORS[method], "SMD", words)


def _rescaled(effect: ArrayLike, v: ArrayLike, factor: float, measure: str, method: str) -> EffectSize:
    elements = read_elements({"effect": effect, "v": v})
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        yi, vi = elements.values["effect"] * factor, elements.values["v"] * factor**2
        return finish(elements, yi, vi, measure=measure, method=method, undefined="")


def d_to_r(d: ArrayLike, v: ArrayLike, *, n1: ArrayLike | None = None, n2: ArrayLike | None = None) -> EffectSize:
    """Return the point-biserial correlation that a standardised mean difference corresponds to.

    Parameters
    ----------
    d
        Standardised mean difference.
    v
        Its sampling variance.
    n1, n2
        Persons in each arm; arms of one size are assumed if both are left out.

    Returns
    -------
    EffectSize
        Of measure COR.

    Raises
    ------
    InputError
        If only one of ``n1`` and ``n2`` is given, or a single number is impossible.

    Notes
    -----
    r = d/√(d² + a), variance a² v/(d² + a)³, with a = (n1 + n2)²/(n1 n2), which is 4 for arms of one size.

    References
    ----------
    Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2009), Introduction to Meta-Analysis, ch. 7.
    https://doi.org/10.1002/9780470743386

    Examples
    --------
    >>> effect = d_to_r(1.1547, 0.0550)
    >>> round(effect.yi, 4), round(effect.vi, 4)
    (0.5, 0.0058)
    """
    if (n1 is None) != (n2 is None):
        raise InputError("One of n1 and n2 was given; allowed: both or neither. Give both arms' sizes.")
    inputs = {"d": d, "v": v} if n1 is None or n2 is None else {"d": d, "v": v, "n1": n1, "n2": n2}
    elements = read_elements(inputs)
    x = elements.values
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        a = (x["n1"] + x["n2"]) ** 2 / (x["n1"] * x["n2"]) if "n1" in x else np.float64(4)
        r = x["d"] / np.hypot(x["d"], np.sqrt(a))
        vi = x["v"] * (a / (x["d"] ** 2 + a)) ** 2 / (x["d"] ** 2 + a)
        words = "correlation from a standardised mean difference, arms " + ("as given" if "n1" in x else "of one size")
        return finish(elements, r, vi, measure="COR", method=words, undefined="")


def r_to_d(r: ArrayLike, v: ArrayLike) -> EffectSize:
    """Return the standardised mean difference that a correlation corresponds to.

    Parameters
    ----------
    r
        Correlation of a quantity with a second one that was, or could be, split into two arms of one size.
    v
        Its sampling variance.

    Returns
    -------
    EffectSize
        Of measure SMD.

    Raises
    ------
    InputError
        If a single number is impossible.

    Notes
    -----
    d = 2r/√(1 - r²), variance 4v/(1 - r²)³.

    References
    ----------
    Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2009), Introduction to Meta-Analysis, ch. 7.
    https://doi.org/10.1002/9780470743386

    Examples
    --------
    >>> effect = r_to_d(0.5, 0.0058)
    >>> round(effect.yi, 4), round(effect.vi, 4)
    (1.1547, 0.055)
    """
    elements = read_elements({"r": r, "v": v})
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        rest = (1 - elements.values["r"]) * (1 + elements.values["r"])
        yi, vi = 2 * elements.values["r"] / np.sqrt(rest), 4 * elements.values["v"] / rest**3
        return finish(
            elements,
            yi,
            vi,
            measure="SMD",
            method="standardised mean difference from a correlation, arms of one size",
            undefined="a correlation of 1 or -1 has no finite difference",
        )
