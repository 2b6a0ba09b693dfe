"""tau² and Q of a network: its rows handed to the kernel that fits every meta-regression of this package."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.pooling.batch import arrange_design
from hipevidence.pooling.inference import chi_square_p
from hipevidence.pooling.kernel import solve
from hipevidence.pooling.regressions import share_design
from hipevidence.pooling.tau2 import METHODS, relative_residual
from hipevidence.pooling.tau2_intervals import q_profile
from hipevidence.results import Interval

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats
    from hipevidence.pooling.kernel import Solved

NETWORK_METHODS = tuple(method for method in METHODS if method not in ("GENQ", "EE", "FE"))
"""Names of the tau² estimators a network can have; REML, ML and DL are the usual ones."""


@dataclasses.dataclass(frozen=True, slots=True)
class Heterogeneity:
    """tau² of a network, its Q, and what vouches for tau².

    Attributes
    ----------
    tau2, tau2_ci
        Between-trial variance of every comparison (squared effect units) and its Q-profile interval.
    q, df, p_value
        Q at tau² = 0, its degrees of freedom and P value.
    i2, i2_ci
        I² = 100 (Q - df) / Q in percent, not below 0, and its test-based interval (Higgins & Thompson 2002).
    residual, steps, optima, proven
        As in :class:`hipevidence.pooling.Certificate`.
    """

    tau2: float
    tau2_ci: Interval
    q: float
    df: int
    p_value: float
    i2: float
    i2_ci: Interval
    residual: float
    steps: int
    optima: int
    proven: bool


def check_method(method: str) -> None:
    """Raise InputError unless the tau² estimator is known."""
    if method not in NETWORK_METHODS:
        raise InputError(f"method: found {method!r}; allowed: {', '.join(NETWORK_METHODS)}.")


def estimate_heterogeneity(
    effects: Floats, variances: Floats, design: Floats, method: str, level: float
) -> Heterogeneity:
    """Estimate tau² of independent rows.

    Parameters
    ----------
    effects, variances
        Shape (N,).
    design
        Shape (N, p), of full column rank.
    method
        One of ``NETWORK_METHODS``.
    level
        Coverage of the intervals.

    Returns
    -------
    Heterogeneity
        Without degrees of freedom everything but Q is ``nan``.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        solved = fit_rows(effects, variances, design, method)
        batch = solved.batch
        unit = float(batch.scale[0] ** 2)
        q, df = float(solved.fit_at_zero.q[0]), int(batch.df[0])
        nothing = Interval(math.nan, math.nan, level)
        if df < 1:
            return Heterogeneity(math.nan, nothing, q, df, math.nan, math.nan, nothing, math.nan, 0, 0, proven=False)
        low, high = (float(end[0]) for end in q_profile(batch, level, solved.fit_at_zero))
        residual = relative_residual(batch, method, solved.fit, solved.tau2.value)
    return Heterogeneity(
        tau2=float(solved.tau2.value[0]) * unit,
        tau2_ci=Interval(low * unit, high * unit, level),
        q=q,
        df=df,
        p_value=upper_tail(q, df),
        i2=100.0 * max(0.0, q - df) / q if q > 0.0 else 0.0,
        i2_ci=_i2_interval(q, df, level),
        residual=float(residual[0]),
        steps=int(solved.tau2.steps[0]),
        optima=int(solved.tau2.optima[0]),
        proven=bool(solved.tau2.proven[0]),
    )


def fit_rows(effects: Floats, variances: Floats, design: Floats, method: str) -> Solved:
    """Return tau² of independent rows and the fits there and at 0, as the kernel's batch of one, in its units."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        present = np.ones((1, len(effects)), dtype=np.bool_)
        return solve(arrange_design(effects[None], variances[None], present, *share_design(design, 1)), method)


def upper_tail(q: float, df: int) -> float:
    """Return the P value of a Q; ``nan`` without degrees of freedom."""
    return float(chi_square_p(np.array([q]), np.array([float(df)]))[0])


def _i2_interval(q: float, df: int, level: float) -> Interval:
    """Return the test-based interval of I² (percent), from ln H with H at least 1; ``nan`` where df = 1 has none."""
    if q > df + 1:
        spread = 0.5 * math.log(q / df) / (math.sqrt(2.0 * q) - math.sqrt(2.0 * df - 1.0))
    elif df > 1:
        spread = math.sqrt((1.0 - 1.0 / (3.0 * (df - 1.0) ** 2)) / (2.0 * (df - 1.0)))
    else:
        return Interval(math.nan, math.nan, level)
    centre = max(0.0, 0.5 * math.log(q / df)) if q > 0.0 else 0.0
    half = float(special.ndtri(0.5 + level / 2.0)) * spread
    low, high = (max(0.0, -100.0 * math.expm1(-2.0 * end)) for end in (centre - half, centre + half))
    return Interval(low, high, level)
