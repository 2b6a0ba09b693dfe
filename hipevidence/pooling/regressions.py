"""Many meta-regressions in one vectorised pass."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.pooling import inference
from hipevidence.pooling.batch import arrange_design, orthonormal
from hipevidence.pooling.kernel import Solved, solve
from hipevidence.pooling.tau2 import relative_residual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.pooling.batch import Booleans, Floats, Integers
    from hipevidence.pooling.options import Options


@dataclasses.dataclass(frozen=True, slots=True)
class Regressions:
    """Estimates of n meta-regressions with p coefficients each.

    Attributes
    ----------
    beta, se, statistic, p_value
        Coefficients, standard errors, tests; shape (n, p).
    covariance
        Covariance of the coefficients, shape (n, p, p).
    df
        Degrees of freedom of the tests, infinite for Wald, shape (n,).
    tau2, tau2_se
        Residual between-study variance and its standard error, shape (n,).
    q, q_df
        Residual heterogeneity Q and its degrees of freedom, shape (n,).
    i2, h2
        Residual I² (percent) and H², shape (n,).
    residual, steps, optima, proven
        What vouches for tau², as in :class:`hipevidence.pooling.Fits`, shape (n,).
    solved
        The arranged batch with its fits.
    """

    beta: Floats
    se: Floats
    statistic: Floats
    p_value: Floats
    covariance: Floats
    df: Floats
    tau2: Floats
    tau2_se: Floats
    q: Floats
    q_df: Floats
    i2: Floats
    h2: Floats
    residual: Floats
    steps: Integers
    optima: Integers
    proven: Booleans
    solved: Solved


def share_design(design: Floats, size: int) -> tuple[Floats, Floats]:
    """Return orthonormal columns (p, n, k) and the way back (n, p, p) for one design (k, p) shared by ``size`` fits."""
    columns, back = orthonormal(design[None])
    return np.broadcast_to(columns, (columns.shape[0], size, columns.shape[2])), np.broadcast_to(
        back, (size, *back.shape[1:])
    )


def fit_regressions(
    yi: Floats, vi: Floats, mask: Booleans, columns: Floats, back: Floats, options: Options
) -> Regressions:
    """Fit n meta-regressions; every masked-in study must be usable, and each row must have more studies than columns.

    Parameters
    ----------
    yi, vi, mask
        Effects, variances and which studies count, shape (n, k).
    columns, back
        Orthonormal columns (p, n, k) and the way back (n, p, p), see :func:`share_design`.
    options
        Estimator of tau² and interval method.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        return _describe(solve(arrange_design(yi, vi, mask, columns, back), options.method), back, options)


def _describe(solved: Solved, back: Floats, options: Options) -> Regressions:
    batch, fit, df = solved.batch, solved.fit, solved.batch.df
    factor = inference.variance_factor(options.ci, fit.q, df, inference.rounding_of_q(batch, fit))
    unit = batch.scale * batch.scale
    beta = (back @ fit.coefficients()[:, :, None])[:, :, 0] * batch.scale[:, None]
    covariance = back @ fit.covariance() @ np.swapaxes(back, 1, 2)
    covariance = covariance * (factor * unit)[:, None, None]
    se = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    test_df = inference.test_df(options.ci, df)
    statistic = beta / se
    typical = inference.typical_variance(solved.fit_at_zero.trace(), df)
    tau2, q = solved.tau2.value, solved.fit_at_zero.q
    from_q = options.i2 == "Q" or options.common_effect
    return Regressions(
        beta=beta,
        se=se,
        statistic=statistic,
        p_value=inference.two_sided_p(statistic, np.repeat(test_df[:, None], beta.shape[1], axis=1)),
        covariance=covariance,
        df=test_df,
        tau2=tau2 * unit,
        tau2_se=solved.tau2_se * unit,
        q=q,
        q_df=df,
        i2=inference.i2_from_q(q, df) if from_q else inference.i2_percent(tau2, typical),
        h2=inference.h2_from_q(q, df) if from_q else inference.h2_ratio(tau2, typical),
        residual=relative_residual(batch, options.method, fit, tau2),
        steps=solved.tau2.steps,
        optima=solved.tau2.optima,
        proven=solved.tau2.proven,
        solved=solved,
    )


def omnibus(fits: Regressions, which: Sequence[int]) -> Floats:
    """Return the joint statistic of these coefficients: b'inv(C)b for Wald, divided by their number (F) otherwise."""
    places = list(which)
    beta = fits.beta[:, places]
    covariance = fits.covariance[:, places][:, :, places]
    whole = np.asarray(np.isfinite(covariance).all(axis=(1, 2)))
    safe = np.where(whole[:, None, None], covariance, np.eye(len(places)))
    form = np.einsum("ni,ni->n", beta, np.linalg.solve(safe, beta[:, :, None])[:, :, 0])
    return np.where(whole, np.where(np.isinf(fits.df), form, form / len(places)), np.nan)


def omnibus_p(statistic: Floats, count: int, df: Floats) -> Floats:
    """Return the P value of the joint statistic of ``count`` coefficients: chi-square for Wald, F otherwise."""
    chi_square = special.chdtrc(float(count), statistic)
    finite = np.where(np.isinf(df), 1.0, df)
    return np.asarray(np.where(np.isinf(df), chi_square, special.fdtrc(float(count), finite, statistic)))
