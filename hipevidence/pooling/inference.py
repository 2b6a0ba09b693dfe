"""From a weighted fit to standard errors, tests, intervals, Q, I² and H², for a whole batch at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.pooling.batch import study_sum

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Batch, Floats
    from hipevidence.pooling.weighted import Fit

CI_METHODS = ("HKSJ", "HKSJ-modified", "wald", "t")
"""Names of the interval methods."""
I2_DEFINITIONS = ("tau2", "Q")
"""Names of the definitions of I² and H²: from tau² and the typical variance, or from Q."""


def check_options(ci: str, i2: str, level: float) -> None:
    """Raise InputError unless the interval method, the I² definition and the level are known."""
    if ci not in CI_METHODS:
        raise InputError(f"ci: found {ci!r}; allowed: {', '.join(CI_METHODS)}.")
    if i2 not in I2_DEFINITIONS:
        raise InputError(f"i2: found {i2!r}; allowed: {', '.join(I2_DEFINITIONS)}.")
    if not 0.0 < level < 1.0:
        raise InputError(f"level: found {level!r}; allowed: a number between 0 and 1, such as 0.95.")


def variance_factor(ci: str, q: Floats, df: Floats, rounding: Floats | float = 0.0) -> Floats:
    """Return by what the classical variance is multiplied: the Hartung-Knapp factor Q(tau²) / (k - p), or 1.

    A Q no larger than rounding says nothing about the spread of the effects: plain Hartung-Knapp is ``nan`` then.
    """
    if ci == "HKSJ":
        return np.where(q > rounding, q / df, np.nan)
    if ci == "HKSJ-modified":
        return np.where(df > 0.0, np.maximum(q / df, 1.0), np.nan)
    return np.ones_like(q)


def rounding_of_q(batch: Batch, fit: Fit) -> Floats:
    """Return what Q can come to by rounding of the effects alone, shape (n,)."""
    if batch.design is None:
        return (_ROUNDING * batch.origin / batch.scale) ** 2 * study_sum(fit.weights)
    return _ROUNDING**2 * study_sum(fit.weights, batch.effects, batch.effects)


_ROUNDING = 16.0 * float(np.finfo(np.float64).eps)


def test_df(ci: str, df: Floats) -> Floats:
    """Return the degrees of freedom of the test: infinite for Wald, k - p otherwise."""
    return np.full_like(df, np.inf) if ci == "wald" else df


def critical_value(level: float, df: Floats) -> Floats:
    """Return the two-sided critical value of t (normal where df is infinite; ``nan`` where df < 1)."""
    upper = 0.5 + level / 2.0
    if (df == df[:1]).all():
        return np.full(len(df), _quantile(float(df[0]), upper) if len(df) else np.nan)
    distinct, place = np.unique(df, return_inverse=True)  # the quantile is dear, and few values of df occur
    return np.array([_quantile(value, upper) for value in distinct.tolist()])[place]


def _quantile(df: float, upper: float) -> float:
    if math.isinf(df):
        return float(special.ndtri(upper))
    return float(special.stdtrit(df, upper)) if df >= 1.0 else math.nan


def two_sided_p(statistic: Floats, df: Floats) -> Floats:
    """Return the two-sided P value of t (normal where df is infinite; ``nan`` where df < 1), exact in the tail."""
    below = -np.abs(statistic)
    finite = np.isfinite(df) & (df >= 1.0)
    student = 2.0 * special.stdtr(np.where(finite, df, 1.0), below)
    return np.where(np.isinf(df), 2.0 * special.ndtr(below), np.where(finite, student, np.nan))


def chi_square_p(q: Floats, df: Floats) -> Floats:
    """Return the upper tail of chi-square; ``nan`` without degrees of freedom."""
    positive = df >= 1.0
    return np.where(positive, special.chdtrc(np.where(positive, df, 1.0), np.maximum(q, 0.0)), np.nan)


def typical_variance(trace: Floats, df: Floats) -> Floats:
    """Return the typical sampling variance (k - p) / tr P at tau² = 0 (Higgins & Thompson 2002)."""
    return np.where(df >= 1.0, df / trace, np.nan)


def i2_percent(tau2: Floats, typical: Floats) -> Floats:
    """Return I² in percent for given tau²."""
    return 100.0 * tau2 / (typical + tau2)


def h2_ratio(tau2: Floats, typical: Floats) -> Floats:
    """Return H² for given tau²."""
    return 1.0 + tau2 / typical


def i2_from_q(q: Floats, df: Floats) -> Floats:
    """Return I² in percent from Q, not below 0."""
    positive = (q > 0.0) & (df >= 1.0)
    share = 100.0 * np.maximum(q - df, 0.0) / np.where(positive, q, 1.0)
    return np.where(df >= 1.0, np.where(positive, share, 0.0), np.nan)


def h2_from_q(q: Floats, df: Floats) -> Floats:
    """Return H² = Q / (k - p)."""
    return np.where(df >= 1.0, q / np.maximum(df, 1.0), np.nan)
