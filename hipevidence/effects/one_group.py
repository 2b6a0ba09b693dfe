"""Measures of one group: its mean, its change, and how two quantities go together in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects._measure import Measure
from hipevidence.effects.bias_correction import CORRECTIONS, Correction, hedges_j

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.effects._elements import Array

PAIRED = ("mean1", "sd1", "mean2", "sd2", "n", "r")
CHANGE = ("mean_change", "sd_change", "n")
PRE_POST_CONTROL = ("mean_pre1", "mean_post1", "sd_pre1", "n1", "mean_pre2", "mean_post2", "sd_pre2", "n2")


def raw_mean(mean: Array, sd: Array, n: Array) -> tuple[Array, Array]:
    """Return the raw mean with the square of its standard error."""
    return mean, sd**2 / n


def correlation(r: Array, n: Array) -> tuple[Array, Array]:
    """Return the raw correlation with its large-sample variance."""
    return r, ((1 - r) * (1 + r)) ** 2 / (n - 1)


def fisher_z(r: Array, n: Array) -> tuple[Array, Array]:
    """Return Fisher's z of a correlation, variance 1/(n - 3)."""
    return np.arctanh(r), 1 / np.where(n > 3, n - 3, np.nan)


def change_sd(sd1: Array, sd2: Array, r: Array) -> Array:
    """Return the standard deviation of the difference of two measurements with correlation ``r``."""
    # (sd1 - sd2)^2 + 2(1 - r) sd1 sd2: the same sum without its cancellation near r = 1, scaled against overflow
    top = np.maximum(sd1, sd2)
    a, b = sd1 / top, sd2 / top
    return np.asarray(top * np.sqrt((a - b) ** 2 + 2 * (1 - r) * a * b))


def mean_change(mean_change: Array, sd_change: Array, n: Array) -> tuple[Array, Array]:
    """Return the raw mean change with the square of its standard error."""
    return mean_change, sd_change**2 / n


def change_by_change_sd(
    mean_change: Array, sd_change: Array, n: Array, *, correction: Correction
) -> tuple[Array, Array]:
    """Return the mean change in units of the standard deviation of the changes."""
    g = hedges_j(n - 1, correction) * mean_change / sd_change
    return g, 1 / n + g**2 / (2 * n)


def of_pair(change: Callable[..., tuple[Array, Array]]) -> Callable[..., tuple[Array, Array]]:
    """Return ``change`` as a function of two measurements and their correlation, first minus second."""

    def formula(
        *, mean1: Array, sd1: Array, mean2: Array, sd2: Array, n: Array, r: Array, **options: Correction
    ) -> tuple[Array, Array]:
        return change(mean1 - mean2, change_sd(sd1, sd2, r), n, **options)

    return formula


def change_by_raw_sd(
    mean1: Array, sd1: Array, mean2: Array, n: Array, r: Array, *, correction: Correction
) -> tuple[Array, Array]:
    """Return (mean1 - mean2)/sd1, corrected for bias."""
    g = hedges_j(n - 1, correction) * (mean1 - mean2) / sd1
    return g, 2 * (1 - r) / n + g**2 / (2 * n)


def pre_post_control(
    *,
    mean_pre1: Array,
    mean_post1: Array,
    sd_pre1: Array,
    n1: Array,
    mean_pre2: Array,
    mean_post2: Array,
    sd_pre2: Array,
    n2: Array,
    r1: Array,
    r2: Array,
    correction: Correction,
) -> tuple[Array, Array]:
    """Return arm 1's standardised change (post minus pre over its SD at baseline) minus arm 2's."""
    g1, v1 = change_by_raw_sd(mean_post1, sd_pre1, mean_pre1, n1, r1, correction=correction)
    g2, v2 = change_by_raw_sd(mean_post2, sd_pre2, mean_pre2, n2, r2, correction=correction)
    return g1 - g2, v1 + v2


def pre_post_control_one_r(*, r: Array, correction: Correction, **arms: Array) -> tuple[Array, Array]:
    """Return ``pre_post_control`` with one correlation for both arms."""
    return pre_post_control(**arms, r1=r, r2=r, correction=correction)


_TWO_OR_MORE = "it needs more than two persons in each group"

ONE_GROUP = (
    Measure("MN", "mean", {("mean", "sd", "n"): raw_mean}),
    Measure("COR", "correlation", {("r", "n"): correlation}, "it needs more than one person"),
    Measure(
        "ZCOR",
        "Fisher's z of a correlation",
        {("r", "n"): fisher_z},
        "it needs more than three persons and r inside -1 to 1",
    ),
    Measure("MC", "mean change", {PAIRED: of_pair(mean_change), CHANGE: mean_change}),
    Measure(
        "SMCC",
        "standardised mean change by the SD of the changes",
        {PAIRED: of_pair(change_by_change_sd), CHANGE: change_by_change_sd},
        "it needs more than two persons and changes that differ between persons",
        corrections=CORRECTIONS,
    ),
    Measure(
        "SMCR",
        "standardised mean change by sd1",
        {("mean1", "sd1", "mean2", "n", "r"): change_by_raw_sd},
        _TWO_OR_MORE,
        unused=("sd2",),
        corrections=CORRECTIONS,
    ),
    Measure(
        "PPC",
        "difference of the arms' standardised mean changes, each by its SD at baseline (Morris)",
        {(*PRE_POST_CONTROL, "r"): pre_post_control_one_r, (*PRE_POST_CONTROL, "r1", "r2"): pre_post_control},
        _TWO_OR_MORE,
        corrections=CORRECTIONS,
    ),
)
