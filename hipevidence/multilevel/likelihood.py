"""Likelihood of the three-level model with its first and second derivatives, in O(rows)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.multilevel.blocks import Blocks
    from hipevidence.pooling.batch import Floats

_LOG_2PI = float(np.log(2.0 * np.pi))


@dataclasses.dataclass(frozen=True, slots=True)
class Fit:
    """The model at given variances.

    Attributes
    ----------
    sigma2
        Variances between studies and between rows of a study, shape (2,).
    log_likelihood
        Restricted or full log-likelihood.
    beta
        Coefficients, shape (p,).
    covariance
        Inverse of X'M⁻¹X, shape (p, p).
    residuals
        y - X beta, turned, shape (k,).
    q
        Residual sum of squares weighted by M⁻¹.
    """

    sigma2: Floats
    log_likelihood: float
    beta: Floats
    covariance: Floats
    residuals: Floats
    q: float


@dataclasses.dataclass(frozen=True, slots=True)
class Curvature:
    """Derivatives of the log-likelihood by the two variances.

    Attributes
    ----------
    gradient
        Shape (2,).
    observed, expected
        Negative second derivative and its expectation, shape (2, 2).
    scale
        Size of the terms that cancel in the gradient, shape (2,).
    trace
        Trace of P (REML) or M⁻¹ (ML).
    """

    gradient: Floats
    observed: Floats
    expected: Floats
    scale: Floats
    trace: float


class Inverse:
    """M⁻¹ for given variances: a diagonal and one vector a study."""

    __slots__ = ("blocks", "d", "factor", "inner", "ratio")

    def __init__(self, blocks: Blocks, sigma2: Floats) -> None:
        """Prepare the inverse; ``inner`` is z'D⁻¹z of each study, ``factor`` 1 + s_study z'D⁻¹z."""
        self.blocks = blocks
        self.d = blocks.variance + sigma2[1]
        self.ratio = blocks.z / self.d
        self.inner = blocks.sums(blocks.z * self.ratio)
        self.factor = 1.0 + sigma2[0] * self.inner

    def times(self, columns: Floats, study: float) -> Floats:
        """Return M⁻¹ times columns of shape (k, c); ``study`` is the variance between studies."""
        inside = self.blocks.sums(self.ratio[:, None] * columns)
        pull = self.blocks.spread(study * inside / self.factor[:, None])
        result: Floats = columns / self.d[:, None] - self.ratio[:, None] * pull
        return result

    @property
    def log_determinant(self) -> float:
        """Return log det M."""
        return float(np.log(self.d).sum() + np.log(self.factor).sum())


def fit_at(blocks: Blocks, sigma2: Floats, *, restricted: bool) -> Fit:
    """Return coefficients and log-likelihood at given variances (constants as metafor, with log det X'X / 2)."""
    inverse = Inverse(blocks, sigma2)
    mx = inverse.times(blocks.x, float(sigma2[0]))
    information = blocks.x.T @ mx
    covariance: Floats = np.linalg.inv(information).astype(np.float64)
    beta = covariance @ (mx.T @ blocks.y)
    residuals = blocks.y - blocks.x @ beta
    q = float(residuals @ inverse.times(residuals[:, None], float(sigma2[0]))[:, 0])
    p = blocks.x.shape[1] if restricted else 0
    log_likelihood = -0.5 * ((blocks.k - p) * _LOG_2PI + inverse.log_determinant + q)
    if restricted:
        log_likelihood += 0.5 * float(np.linalg.slogdet(blocks.x.T @ blocks.x)[1] - np.linalg.slogdet(information)[1])
    return Fit(sigma2, log_likelihood, beta, covariance, residuals, q)


def curvature_at(blocks: Blocks, fit: Fit, *, restricted: bool) -> Curvature:
    """Return the derivatives of the log-likelihood at a fit.

    With ``P = M⁻¹ - M⁻¹X(X'M⁻¹X)⁻¹X'M⁻¹`` and G the derivative of M by a variance (ZZ' or the identity) the gradient is
    ``(y'PGPy - tr PG) / 2`` and the observed information ``y'PGPHPy - tr(PGPH) / 2``; ML has M⁻¹ for P in the traces.
    """
    inverse, study = Inverse(blocks, fit.sigma2), float(fit.sigma2[0])
    mx = inverse.times(blocks.x, study)
    phi = fit.covariance
    py = inverse.times(fit.residuals[:, None], study)[:, 0]
    g_py = np.column_stack([blocks.z * blocks.spread(blocks.sums(blocks.z * py)), py])
    p_g_py = inverse.times(g_py, study) - mx @ (phi @ (mx.T @ g_py))
    quadratic = g_py.T @ p_g_py
    lone, traces = _traces(inverse, mx, phi if restricted else np.zeros_like(phi), study)
    energy = g_py.T @ py
    return Curvature(
        gradient=0.5 * (energy - lone),
        observed=quadratic - 0.5 * traces,
        expected=0.5 * traces,
        scale=0.5 * (np.abs(energy) + np.abs(lone)),
        trace=float(lone[1]),
    )


def _traces(inverse: Inverse, mx: Floats, phi: Floats, study: float) -> tuple[Floats, Floats]:
    """Return tr(PG), shape (2,), and tr(PGPH), shape (2, 2), for G, H = ZZ' and the identity; P = M⁻¹ if phi is 0."""
    blocks = inverse.blocks
    a = inverse.inner / inverse.factor
    e = blocks.sums(inverse.ratio**2)
    c = study / inverse.factor
    b = blocks.sums(blocks.z[:, None] * mx)
    m2x = inverse.times(mx, study)
    bb, xx = b.T @ b, mx.T @ mx
    lone = np.array([a.sum() - np.vdot(phi, bb), (1.0 / inverse.d).sum() - (c * e).sum() - np.vdot(phi, xx)])
    phi_bb, phi_xx = phi @ bb, phi @ xx
    both_study = (a * a).sum() - 2.0 * np.vdot(phi, b.T @ (a[:, None] * b)) + np.vdot(phi_bb, phi_bb.T)
    mixed_x = blocks.sums(blocks.z[:, None] * m2x)
    mixed = (e / inverse.factor**2).sum() - 2.0 * np.vdot(phi, mixed_x.T @ b) + np.vdot(phi_bb, phi_xx.T)
    cubes = blocks.sums(inverse.ratio**2 / inverse.d)
    squares = (inverse.d**-2).sum() - 2.0 * (c * cubes).sum() + ((c * e) ** 2).sum()
    both_row = squares - 2.0 * np.vdot(phi, mx.T @ m2x) + np.vdot(phi_xx, phi_xx.T)
    return lone, np.array([[both_study, mixed], [mixed, both_row]])
