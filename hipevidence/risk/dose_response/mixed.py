"""Linear mixed model for effects whose sampling covariances are known: the engine of one and two stages.

y_i ~ N(X_i β, X_i Ψ X_i' + S_i), with S_i known. Two stages feed it each study's coefficients (X_i the identity), one
stage feeds it the log ratios themselves.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from scipy import optimize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.effects._elements import Array

Method = Literal["REML", "ML", "FE"]

STARTS: Final = (1.0, 0.1, 3.0)
"""Starting points in units of the common-effect standard errors; the best end point is kept."""

GRADIENT: Final = 1e-9
SETTLED: Final = 1e-4
"""Greatest slope of the log likelihood, by the scaled root of Ψ, that still counts as its top."""


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """One study: responses (m,), design (m, p), sampling covariance (m, m)."""

    y: Array
    X: Array
    S: Array


@dataclasses.dataclass(frozen=True, slots=True)
class MixedFit:
    """A fitted model.

    Attributes
    ----------
    coefficients, covariance
        Shape (p,) and (p, p).
    psi
        Between-study covariance of the coefficients, (p, p).
    log_likelihood
        At the optimum with its constants; restricted for REML, with Harville's term ln|X'X|/2.
    q, q_df
        Cochran's Q of the common-effect model with its degrees of freedom.
    converged
        Whether the gradient vanished at the optimum.
    """

    coefficients: Array
    covariance: Array
    psi: Array
    log_likelihood: float
    q: float
    q_df: int
    converged: bool


def fit_mixed(blocks: Sequence[Block], method: Method) -> MixedFit:
    """Fit the model by restricted or full maximum likelihood, or with Ψ = 0 (``"FE"``)."""
    p = blocks[0].X.shape[1]
    zero = np.zeros((p, p))
    common, common_cov, q = _gls(blocks, zero)
    rows = sum(block.y.size for block in blocks)
    if method == "FE" or rows <= p:
        value = _likelihood(blocks, zero, restricted=False)[0]
        return MixedFit(common, common_cov, zero, value, q, rows - p, converged=True)
    scale = np.sqrt(np.diag(common_cov)) * np.sqrt(len(blocks))
    best = _maximise(blocks, scale, restricted=method == "REML")
    psi = _psi(best.x, scale)
    coefficients, covariance, _ = _gls(blocks, psi)
    settled = bool(np.abs(best.jac).max() < SETTLED)
    return MixedFit(coefficients, covariance, psi, -float(best.fun), q, rows - p, converged=settled)


def _maximise(blocks: Sequence[Block], scale: Array, *, restricted: bool) -> optimize.OptimizeResult:
    p = scale.size
    lower = np.tril_indices(p)

    def loss(factor: Array) -> tuple[float, Array]:
        value, slope = _likelihood(blocks, _psi(factor, scale), restricted=restricted)
        root = np.zeros((p, p))
        root[lower] = factor
        by_root = 2 * (np.outer(scale, scale) * slope) @ root
        return -value, -by_root[lower]

    ends = []
    for start in STARTS:
        first = (start * np.eye(p))[lower]
        end = optimize.minimize(loss, first, jac=True, method="BFGS", options={"gtol": GRADIENT, "maxiter": 2000})
        ends.append(end)
    return min(ends, key=lambda end: float(end.fun))


def _psi(factor: Array, scale: Array) -> Array:
    """Return Ψ from the lower triangle of its scaled Cholesky root: never negative, zero included."""
    p = scale.size
    root = np.zeros((p, p))
    root[np.tril_indices(p)] = factor
    root *= scale[:, np.newaxis]
    return np.asarray(root @ root.T, dtype=np.float64)


def _gls(blocks: Sequence[Block], psi: Array) -> tuple[Array, Array, float]:
    """Return coefficients, their covariance and the weighted residual sum of squares."""
    inverses = [np.linalg.inv(block.S + block.X @ psi @ block.X.T) for block in blocks]
    precision = sum(b.X.T @ w @ b.X for b, w in zip(blocks, inverses, strict=True))
    weighted = sum(b.X.T @ w @ b.y for b, w in zip(blocks, inverses, strict=True))
    covariance = np.linalg.inv(np.asarray(precision))
    coefficients = covariance @ np.asarray(weighted)
    residuals = [b.y - b.X @ coefficients for b in blocks]
    q = float(sum(r @ w @ r for r, w in zip(residuals, inverses, strict=True)))
    return coefficients, covariance, q


def _likelihood(blocks: Sequence[Block], psi: Array, *, restricted: bool) -> tuple[float, Array]:
    """Return the (restricted) log likelihood, maximised over β, and its slope in Ψ."""
    coefficients, covariance, q = _gls(blocks, psi)
    p = coefficients.size
    rows = sum(block.y.size for block in blocks)
    log_det = 0.0
    slope = np.zeros((p, p))
    for block in blocks:
        V = block.S + block.X @ psi @ block.X.T
        inverse = np.linalg.inv(V)
        log_det += float(np.linalg.slogdet(V)[1])
        weighted = inverse @ (block.y - block.X @ coefficients)
        middle = np.outer(weighted, weighted) - inverse
        if restricted:
            middle += inverse @ block.X @ covariance @ block.X.T @ inverse
        slope += block.X.T @ middle @ block.X / 2
    value = -(rows * np.log(2 * np.pi) + log_det + q) / 2
    if restricted:
        design = np.concatenate([block.X for block in blocks])
        determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(design.T @ design)[1]
        value += (p * np.log(2 * np.pi) + float(determinants)) / 2
    return float(value), slope
