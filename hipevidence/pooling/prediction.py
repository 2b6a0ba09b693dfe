"""Prediction intervals: where the true effect of a new, exchangeable study is expected, by name of the definition.

========= ========================= ===================================================
name      standard error of mean    reference distribution
========= ========================= ===================================================
metafor   as the confidence interval normal for Wald, t with k - p degrees of freedom otherwise
S         classical                 normal (Skipka 2006; meta's "S")
V         classical                 t, k - 1 (Veroniki 2019; meta's default since 7)
HTS       classical                 t, k - 2: Higgins et al. (2009), doi:10.1111/j.1467-985X.2008.00552.x
HK        Hartung-Knapp             t, k - 1
HK-PR     Hartung-Knapp             t, k - 2: Partlett & Riley (2017), doi:10.1002/sim.7140
KR        Kenward-Roger             t, Kenward-Roger: Partlett & Riley (2017)
KR-PR     Kenward-Roger             t, Kenward-Roger minus 1
simple    ignored                   as metafor
========= ========================= ===================================================

The parametric bootstrap of Nagashima, Noma & Furukawa is :func:`hipevidence.pooling.predict_bootstrap`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.pooling.batch import study_sum
from hipevidence.pooling.inference import critical_value, test_df

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats
    from hipevidence.pooling.weighted import Fit

PREDICTION_METHODS = ("metafor", "HTS", "HK-PR", "HK", "V", "S", "KR", "KR-PR", "simple")
"""Names of the closed-form prediction intervals."""


def check_prediction(prediction: str | None) -> None:
    """Raise InputError unless the name is known (None: no prediction interval)."""
    if prediction is not None and prediction not in PREDICTION_METHODS:
        raise InputError(f"prediction: found {prediction!r}; allowed: {', '.join(PREDICTION_METHODS)}, None.")


def prediction_df(prediction: str, ci: str, df: Floats) -> Floats:
    """Return the degrees of freedom of the reference distribution, shape (n,)."""
    if prediction in ("metafor", "simple"):
        return test_df(ci, df)
    if prediction == "S":
        return np.full_like(df, np.inf)
    return df if prediction in ("V", "HK") else df - 1.0


def kenward_roger(fit: Fit) -> tuple[Floats, Floats]:
    """Return the Kenward-Roger variance of the mean and its degrees of freedom, from the expected REML information.

    With W = 2 / tr PP, the variance of tau²: Φ = 1 / Σw becomes Φa = Φ + 2 Φ² W (Σw³ - Φ (Σw²)²), with
    2 / (W Φa² (Σw²)²) degrees of freedom, as meta has it; Kenward & Roger (1997, doi:10.2307/2533558) put Φ for Φa
    there, which gives slightly more of them.
    """
    weights = fit.weights
    squares, cubes = study_sum(weights, weights), study_sum(weights, weights, weights)
    classical, spread = 1.0 / study_sum(weights), 2.0 / fit.trace_squared()
    variance = classical + 2.0 * classical**2 * spread * (cubes - classical * squares**2)
    return variance, 2.0 / (spread * (variance * squares) ** 2)


def prediction_half_width(
    prediction: str, ci: str, level: float, *, fit: Fit, used: Floats, tau2: Floats, df: Floats
) -> Floats:
    """Return half the width of the prediction interval, in units of the batch.

    Parameters
    ----------
    prediction
        One of ``PREDICTION_METHODS``.
    ci
        Interval method of the mean, which "metafor" and "simple" follow.
    level
        Coverage.
    fit
        Weighted fit at ``tau2``.
    used
        Sampling variance of the mean as in its confidence interval, shape (n,).
    tau2
        Between-study variance, shape (n,).
    df
        Degrees of freedom k - 1, shape (n,).
    """
    reference = prediction_df(prediction, ci, df)
    if prediction in ("metafor", "simple"):
        variance = used if prediction == "metafor" else np.zeros_like(used)
    elif prediction in ("KR", "KR-PR"):
        variance, reference = kenward_roger(fit)
        reference = reference - (1.0 if prediction == "KR-PR" else 0.0)
    else:
        variance = fit.covariance()[:, 0, 0]
        if prediction in ("HK", "HK-PR"):
            variance = variance * fit.q / df
    return critical_value(level, reference) * np.sqrt(variance + tau2)
