"""Cluster-robust covariance of coefficients: CR0, CR1, CR1p and CR2 with Satterthwaite degrees of freedom.

CR2 multiplies the residuals of a cluster by the symmetric matrix A with ``A (Phi - X Q X') A = Phi``. Phi is the
working covariance of the cluster and Q = (X'WX)⁻¹, W = Phi⁻¹: the estimator is then unbiased if the working model holds
(Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004). The matrices are of the size of a cluster; clusters of
one size are done at once.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.multilevel.likelihood import Inverse

if TYPE_CHECKING:
    from hipevidence.multilevel.blocks import Blocks
    from hipevidence.multilevel.likelihood import Fit
    from hipevidence.pooling.batch import Floats, Integers

ROBUST_METHODS = ("CR0", "CR1", "CR1p", "CR2")
"""Names of the estimators: no correction; m / (m - 1); m / (m - p), as metafor's robust(); bias-reduced."""


@dataclasses.dataclass(frozen=True, slots=True)
class Robust:
    """A cluster-robust covariance.

    Attributes
    ----------
    covariance
        Of the coefficients, shape (p, p).
    df
        Degrees of freedom of the t test of each coefficient, shape (p,).
    clusters
        Number of clusters.
    """

    covariance: Floats
    df: Floats
    clusters: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Adjusted:
    """What each cluster contributes.

    Attributes
    ----------
    own
        T'Phi T of each cluster with T = A W X, shape (m, p, p).
    cross
        X'T of each cluster, shape (m, p, p).
    scores
        T'e of each cluster, shape (m, p).
    """

    own: Floats
    cross: Floats
    scores: Floats


def robust_covariance(blocks: Blocks, fit: Fit, cluster: Integers, kind: str) -> Robust:
    """Return the cluster-robust covariance of the coefficients.

    Parameters
    ----------
    blocks
        The data.
    fit
        The working model.
    cluster
        Number of the cluster of each row, 0 to m - 1, in the order of the blocks, shape (k,); a study lies in one.
    kind
        One of ``ROBUST_METHODS``.
    """
    clusters, p = int(cluster.max()) + 1, blocks.x.shape[1]
    adjusted = _adjust(blocks, fit, cluster, corrected=kind == "CR2")
    q = fit.covariance
    covariance = q @ (adjusted.scores.T @ adjusted.scores) @ q
    if kind == "CR2":
        df = np.array([_satterthwaite(adjusted, q, np.eye(p)[j]) for j in range(p)])
        return Robust(covariance, df, clusters)
    few = {"CR0": 0.0, "CR1": 1.0, "CR1p": float(p)}[kind]
    factor = clusters / (clusters - few) if clusters > few else np.nan
    return Robust(covariance * factor, np.full(p, float(clusters - p)), clusters)


def _satterthwaite(adjusted: _Adjusted, q: Floats, contrast: Floats) -> float:
    """Return (tr P)² / tr P² for the quadratic form of a contrast; P is diagonal minus U Q U'."""
    direction = q @ contrast
    diagonal = np.einsum("i,mij,j->m", direction, adjusted.own, direction)
    u = adjusted.cross @ direction
    shared = np.einsum("mi,ij,mj->m", u, q, u)
    trace = (diagonal - shared).sum()
    middle = q @ (u.T @ u)
    squares = (diagonal**2).sum() - 2.0 * (diagonal * shared).sum() + np.vdot(middle, middle.T)
    return float(trace**2 / squares) if squares > 0.0 else np.nan


def _adjust(blocks: Blocks, fit: Fit, cluster: Integers, *, corrected: bool) -> _Adjusted:
    p, m = blocks.x.shape[1], int(cluster.max()) + 1
    own, cross, scores = np.zeros((m, p, p)), np.zeros((m, p, p)), np.zeros((m, p))
    order = np.argsort(cluster, kind="stable")
    size = np.bincount(cluster)
    start = np.append(0, np.cumsum(size)[:-1])
    wx = Inverse(blocks, fit.sigma2).times(blocks.x, float(fit.sigma2[0]))
    study = np.repeat(np.arange(len(blocks.start)), blocks.size)
    for n in np.unique(size):
        which = np.flatnonzero(size == n)
        at = order[start[which][:, None] + np.arange(n)]
        x, residuals = blocks.x[at], fit.residuals[at]
        phi = _working_covariance(blocks, fit.sigma2, at, study)
        t = _corrected(phi, x, fit.covariance) if corrected else wx[at]
        transposed = np.swapaxes(t, 1, 2)
        own[which] = transposed @ phi @ t
        cross[which] = np.swapaxes(x, 1, 2) @ t
        scores[which] = (transposed @ residuals[..., None])[..., 0]
    return _Adjusted(own, cross, scores)


def _working_covariance(blocks: Blocks, sigma2: Floats, at: Integers, study: Integers) -> Floats:
    """Return the working covariance of the rows of each cluster, shape (b, n, n)."""
    z = blocks.z[at]
    same = study[at][:, :, None] == study[at][:, None, :]
    phi: Floats = sigma2[0] * same * z[:, :, None] * z[:, None, :]
    n = np.arange(at.shape[1])
    phi[:, n, n] += blocks.variance[at] + sigma2[1]
    return phi


def _corrected(phi: Floats, x: Floats, q: Floats) -> Floats:
    """Return A W X of each cluster; where ``Phi - XQX'`` is singular its null space counts for nothing."""
    root = np.linalg.cholesky(phi)
    seen = phi - x @ q @ np.swapaxes(x, 1, 2)
    values, vectors = np.linalg.eigh(np.swapaxes(root, 1, 2) @ seen @ root)
    small = values <= 1e-10 * np.trace(phi @ phi, axis1=1, axis2=2)[:, None] / phi.shape[1]
    power = np.where(small, 0.0, 1.0 / np.sqrt(np.where(small, 1.0, values)))
    half = np.swapaxes(vectors, 1, 2) @ np.linalg.solve(root, x)
    result: Floats = root @ (vectors @ (power[..., None] * half))
    return result
