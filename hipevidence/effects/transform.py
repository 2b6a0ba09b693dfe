"""From the analysis scale back to the scale that readers know."""

from __future__ import annotations

import math
from typing import Final

from scipy.special import expit

from hipevidence.errors import InputError

#: Measure codes and the transformation that leads back from their analysis scale; all others are left as they are.
BACK_TRANSFORM: Final = {
    "OR": "exp",
    "RR": "exp",
    "HR": "exp",
    "PETO": "exp",
    "IRR": "exp",
    "ROM": "exp",
    "PLN": "exp",
    "IRLN": "exp",
    "PLO": "logit",
    "PFT": "freeman_tukey",
}


def back_transform(value: float, transform: str, harmonic_n: float = math.nan) -> float:
    r"""Return ``value`` of the analysis scale on the scale that readers know.

    Parameters
    ----------
    value
        Estimate or limit on the analysis scale.
    transform
        ``identity``, ``exp`` (log ratios), ``logit`` (log odds to a proportion) or ``freeman_tukey``
        (half the sum of two arcsines to a proportion).
    harmonic_n
        Harmonic mean of the group sizes; needed by ``freeman_tukey`` only.

    Returns
    -------
    float
        A ratio, a proportion between 0 and 1, or the value itself.

    Raises
    ------
    InputError
        If the transformation is not one of those, or ``freeman_tukey`` has no sample size.

    Notes
    -----
    With t the double arcsine *as a sum* (twice the value used here), Miller gives

    .. math:: p = \tfrac12\bigl(1 - \operatorname{sign}(\cos t)\sqrt{1 - (\sin t + (\sin t - 1/\sin t)/n)^2}\bigr)

    Values beyond what 0 or n events would give are set to 0 and 1.

    References
    ----------
    Miller JJ (1978). The inverse of the Freeman-Tukey double arcsine transformation. The American Statistician 32:138.
    https://doi.org/10.1080/00031305.1978.10479283

    Examples
    --------
    >>> back_transform(0.0, "exp")
    1.0
    >>> round(back_transform(2.3978952728, "logit"), 4)
    0.9167
    """
    if transform == "identity":
        return value
    if transform == "exp":
        return math.exp(value)
    if transform == "logit":
        return float(expit(value))
    if transform == "freeman_tukey":
        return _inverse_freeman_tukey(value, harmonic_n)
    allowed = "identity, exp, logit, freeman_tukey"
    raise InputError(f"transform is {transform!r}; allowed: {allowed}. Choose one of them.")


def _inverse_freeman_tukey(value: float, n: float) -> float:
    if not n > 0:
        raise InputError(f"harmonic_n is {n}; freeman_tukey needs a sample size above 0. Pass the harmonic mean of n.")
    lowest, highest = _freeman_tukey(0.0, n), _freeman_tukey(n, n)
    if value <= lowest:
        return 0.0
    if value >= highest:
        return 1.0
    sine, cosine = math.sin(2 * value), math.cos(2 * value)
    inner = 1 - (sine + (sine - 1 / sine) / n) ** 2
    return 0.5 * (1 - math.copysign(math.sqrt(max(inner, 0.0)), cosine))


def _freeman_tukey(events: float, n: float) -> float:
    return 0.5 * (math.asin(math.sqrt(events / (n + 1))) + math.asin(math.sqrt((events + 1) / (n + 1))))
