"""Measures that compare a quantity between two independent arms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects._measure import Measure
from hipevidence.effects.bias_correction import CORRECTIONS, Correction, hedges_j

if TYPE_CHECKING:
    from hipevidence.effects._elements import Array

ARMS = ("mean1", "sd1", "n1", "mean2", "sd2", "n2")
SPREADS = ("sd1", "n1", "sd2", "n2")

LOG_MEAN_CORRECTIONS = {
    "delta": "second-order bias correction of the log means (Lajeunesse)",
    "none": "no bias correction of the log means",
}

SMD_VARIANCES = {
    "LS": "large-sample variance 1/n1 + 1/n2 + g^2/(2N)",
    "LS2": "large-sample variance J^2 (1/n1 + 1/n2 + d^2/(2N))",
    "UB": "unbiased variance 1/n1 + 1/n2 + (1 - (m - 2)/(m J^2)) g^2",
    "RevMan": "RevMan's variance 1/n1 + 1/n2 + g^2/(2(N - 3.94))",
}


def pooled_sd(sd1: Array, n1: Array, sd2: Array, n2: Array) -> Array:
    """Return the standard deviation pooled over two arms, weighted by degrees of freedom."""
    # scaled by the larger one, so that squares of huge or tiny spreads neither overflow nor vanish
    top = np.maximum(sd1, sd2)
    mean_square = ((n1 - 1) * (sd1 / top) ** 2 + (n2 - 1) * (sd2 / top) ** 2) / (n1 + n2 - 2)
    return np.asarray(top * np.sqrt(mean_square))


def mean_difference(
    *, mean1: Array, sd1: Array, n1: Array, mean2: Array, sd2: Array, n2: Array, vtype: str
) -> tuple[Array, Array]:
    """Return MD = mean1 - mean2 with its variance, per arm (``LS``) or from the pooled SD (``HO``)."""
    if vtype == "HO":
        return mean1 - mean2, pooled_sd(sd1, n1, sd2, n2) ** 2 * (1 / n1 + 1 / n2)
    return mean1 - mean2, sd1**2 / n1 + sd2**2 / n2


def standardised(d: Array, n1: Array, n2: Array, *, vtype: str, correction: Correction) -> tuple[Array, Array]:
    """Return g = J(m) d, m = n1 + n2 - 2, with its variance of type ``vtype``.

    Parameters
    ----------
    d
        Uncorrected standardised differences (Cohen's d).
    n1, n2
        Persons in each arm.
    vtype
        ``LS``, ``LS2``, ``UB`` or ``RevMan``; see ``SMD_VARIANCES`` for the formulas.
    correction
        Small-sample correction; see ``hedges_j``.
    """
    total = n1 + n2
    m = total - 2
    j = hedges_j(m, correction)
    g = j * d
    base = 1 / n1 + 1 / n2
    if vtype == "LS2":
        return g, j**2 * (base + d**2 / (2 * total))
    if vtype == "UB":
        return g, base + (1 - (m - 2) / (m * j**2)) * g**2
    if vtype == "RevMan":
        return g, base + g**2 / (2 * np.where(total > 3.94, total - 3.94, np.nan))
    return g, base + g**2 / (2 * total)


def standardised_mean_difference(
    *, mean1: Array, sd1: Array, n1: Array, mean2: Array, sd2: Array, n2: Array, vtype: str, correction: Correction
) -> tuple[Array, Array]:
    """Return Hedges' g, the mean difference in units of the pooled standard deviation."""
    d = (mean1 - mean2) / pooled_sd(sd1, n1, sd2, n2)
    return standardised(d, n1, n2, vtype=vtype, correction=correction)


def heteroscedastic_smd(
    *, mean1: Array, sd1: Array, n1: Array, mean2: Array, sd2: Array, n2: Array, correction: Correction
) -> tuple[Array, Array]:
    """Return the mean difference over the root of the average variance, arms free to differ in spread."""
    scale = np.hypot(sd1, sd2) / np.sqrt(2)
    ratio1, ratio2 = (sd1 / scale) ** 2, (sd2 / scale) ** 2
    g = hedges_j(n1 + n2 - 2, correction) * (mean1 - mean2) / scale
    of_scale = g**2 * (ratio1**2 / (n1 - 1) + ratio2**2 / (n2 - 1)) / 8
    return g, of_scale + ratio1 / (n1 - 1) + ratio2 / (n2 - 1)


def smd_by_control(
    *, mean1: Array, n1: Array, mean2: Array, sd2: Array, n2: Array, correction: Correction
) -> tuple[Array, Array]:
    """Return the mean difference in units of arm 2's standard deviation (Glass)."""
    g = hedges_j(n2 - 1, correction) * (mean1 - mean2) / sd2
    return g, 1 / n1 + 1 / n2 + g**2 / (2 * n2)


def log_ratio_of_means(
    *, mean1: Array, sd1: Array, n1: Array, mean2: Array, sd2: Array, n2: Array, correction: str
) -> tuple[Array, Array]:
    """Return ln(mean1/mean2) with its large-sample variance.

    The second-order correction adds half the difference of the arms' variances of ln(mean).
    """
    v1, v2 = (sd1 / mean1) ** 2 / n1, (sd2 / mean2) ** 2 / n2
    bias = (v1 - v2) / 2 if correction == "delta" else 0.0
    return np.log(mean1 / mean2) + bias, v1 + v2


def log_ratio_of_sds(sd1: Array, n1: Array, sd2: Array, n2: Array) -> tuple[Array, Array]:
    """Return ln(sd1/sd2), corrected for bias, with its large-sample variance."""
    half1, half2 = 1 / (2 * (n1 - 1)), 1 / (2 * (n2 - 1))
    return np.log(sd1) - np.log(sd2) + half1 - half2, half1 + half2


def log_ratio_of_cvs(
    *, mean1: Array, sd1: Array, n1: Array, mean2: Array, sd2: Array, n2: Array, correction: str
) -> tuple[Array, Array]:
    """Return the log ratio of the coefficients of variation, corrected for bias."""
    spread, of_spread = log_ratio_of_sds(sd1, n1, sd2, n2)
    centre, of_centre = log_ratio_of_means(
        mean1=mean1, sd1=sd1, n1=n1, mean2=mean2, sd2=sd2, n2=n2, correction=correction
    )
    positive = np.where((mean1 > 0) & (mean2 > 0), 1.0, np.nan)
    return (spread - centre) * positive, of_spread + of_centre


_MEASURES_NEED = "it needs more than one degree of freedom for the standard deviation"

TWO_MEANS = (
    Measure(
        "MD",
        "mean difference",
        {ARMS: mean_difference},
        variances={"LS": "variance from each arm's own SD", "HO": "variance from the pooled SD"},
    ),
    Measure(
        "SMD",
        "standardised mean difference by the pooled SD (Hedges' g)",
        {ARMS: standardised_mean_difference},
        variances=SMD_VARIANCES,
        corrections=CORRECTIONS,
        undefined=_MEASURES_NEED,
    ),
    Measure(
        "SMDH",
        "standardised mean difference by the average variance, unequal variances allowed (Bonett)",
        {ARMS: heteroscedastic_smd},
        corrections=CORRECTIONS,
        undefined="it needs more than one person in each arm",
    ),
    Measure(
        "SMD1",
        "standardised mean difference by the SD of arm 2 (Glass)",
        {("mean1", "n1", "mean2", "sd2", "n2"): smd_by_control},
        corrections=CORRECTIONS,
        unused=("sd1",),
        undefined="it needs more than two persons in arm 2",
    ),
    Measure(
        "ROM",
        "log ratio of means",
        {ARMS: log_ratio_of_means},
        corrections=LOG_MEAN_CORRECTIONS,
        undefined="the ratio of means exists only where both means have the same sign and neither is 0",
    ),
    Measure(
        "VR",
        "log ratio of standard deviations, bias corrected",
        {SPREADS: log_ratio_of_sds},
        unused=("mean1", "mean2"),
        undefined="it needs more than one person in each arm",
    ),
    Measure(
        "CVR",
        "log ratio of coefficients of variation, bias corrected",
        {ARMS: log_ratio_of_cvs},
        corrections=LOG_MEAN_CORRECTIONS,
        undefined="it needs means above 0 and more than one person in each arm",
    ),
)
