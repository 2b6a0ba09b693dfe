"""The weighted least-squares fit of a batch at given tau², and the sums of it that the estimators need.

With weights ``w = 1 / (v + tau²)`` and ``P = W - W X (X'WX)^-1 X'W`` these are ``y'Py``, ``y'PPy``, ``y'PPPy``,
``tr P``, ``tr PP`` and ``log|X'WX|``: sums over the studies, never a k by k matrix.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Protocol

import numpy as np

from hipevidence.pooling.batch import study_sum
from hipevidence.pooling.orthogonal import cross, project, weighted_columns

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Batch, Floats


class Fit(Protocol):
    """What is known of each meta-analysis of a batch at one value of tau² (all shape (n,) unless stated)."""

    @property
    def weights(self) -> Floats:
        """Inverse total variances, shape (n, k)."""

    @property
    def pulls(self) -> Floats:
        """Weighted residuals ``Py``, shape (n, k)."""

    @property
    def q(self) -> Floats:
        """Weighted residual sum of squares ``y'Py``."""

    @property
    def score(self) -> Floats:
        """``y'PPy``, minus the slope of ``y'Py`` in tau²."""

    def cubic(self) -> Floats:
        """``y'PPPy``, minus half the slope of ``y'PPy`` in tau²."""

    def trace(self) -> Floats:
        """``tr P``."""

    def trace_squared(self) -> Floats:
        """``tr PP``, minus the slope of ``tr P`` in tau²."""

    def trace_variances(self, variances: Floats) -> Floats:
        """``tr P V`` for variances of shape (n, k), absent studies zero."""

    def trace_twice(self, total: Floats) -> Floats:
        """``tr PSPS`` for total variances S of shape (n, k), absent studies zero."""

    def log_determinant(self) -> Floats:
        """``log|X'WX|`` with the orthonormal columns X."""

    def coefficients(self) -> Floats:
        """Coefficients of the orthonormal columns, shape (n, p)."""

    def covariance(self) -> Floats:
        """Their covariance ``(X'WX)^-1``, shape (n, p, p)."""

    def leverages(self) -> Floats:
        """Diagonal of the hat matrix, shape (n, k)."""


def fit_at(batch: Batch, tau2: Floats) -> Fit:
    """Fit every meta-analysis of the batch at its own tau² (in units of the batch), shape (n,)."""
    weights = batch.variances + tau2[:, None]
    np.divide(1.0, weights, out=weights)
    return fit_with(batch, weights)


def fit_with(batch: Batch, weights: Floats) -> Fit:
    """Fit every meta-analysis with these weights, shape (n, k); absent studies must have weight zero."""
    return _fit_mean(batch, weights) if batch.design is None else _fit_design(batch, batch.design, weights)


@dataclasses.dataclass(frozen=True, slots=True)
class MeanFit:
    """Fit of a common mean. The first study is the most precise one; the sums of the others are kept apart.

    Products such as ``tr P = (2 w1 R1 + R1² - R2) / S1`` then never subtract two nearly equal numbers, however
    unequal the weights are (``R`` sums without the first study, ``S`` with it).
    """

    weights: Floats
    total: Floats
    rest: Floats
    rest_squares: Floats
    mean: Floats
    residuals: Floats
    pulls: Floats
    score: Floats

    @property
    def q(self) -> Floats:
        """``y'Py``."""
        return study_sum(self.residuals, self.pulls)

    def cubic(self) -> Floats:
        """Return ``y'PPPy``."""
        # P ignores a constant, so the pulls are counted from that of the first study
        others, apart = self.weights[:, 1:], self.pulls[:, 1:] - self.pulls[:, :1]
        mean = study_sum(others, apart)
        cubic: Floats = study_sum(others, apart, apart) - mean * mean / self.total
        return cubic

    def trace(self) -> Floats:
        """Return ``tr P``."""
        first = self.weights[:, 0]
        return (2.0 * first * self.rest + self.rest * self.rest - self.rest_squares) / self.total

    def trace_squared(self) -> Floats:
        """Return ``tr PP``."""
        first, others = self.weights[:, 0], self.weights[:, 1:]
        cubes = study_sum(others, others, others)
        first2, total2 = first * first, self.total * self.total
        squares = self.rest_squares
        kept = first2 * (self.rest * self.rest + 2.0 * squares) + total2 * squares + squares * squares
        trace: Floats = (kept - 2.0 * self.total * cubes) / total2
        return trace

    def trace_variances(self, variances: Floats) -> Floats:
        """Return ``tr P V``."""
        return study_sum(self.weights, 1.0 - self.leverages(), variances)

    def trace_twice(self, total: Floats) -> Floats:
        """Return ``tr PSPS``."""
        own, shares = self.weights * total, self.leverages()
        apart = 1.0 - shares
        apart[:, 0] = self.rest / self.total
        shared, kept = own * shares, own * apart
        others = shared[:, 1:]
        rest = study_sum(others)
        pairs = 2.0 * shared[:, 0] * rest + rest * rest - study_sum(others, others)
        trace: Floats = study_sum(kept, kept) + pairs
        return trace

    def log_determinant(self) -> Floats:
        """Return ``log|X'WX|``."""
        return np.log(self.total)

    def coefficients(self) -> Floats:
        """Return the coefficients of the orthonormal columns."""
        return self.mean[:, None]

    def covariance(self) -> Floats:
        """Return ``(X'WX)^-1``."""
        return (1.0 / self.total)[:, None, None]

    def leverages(self) -> Floats:
        """Return the diagonal of the hat matrix."""
        return self.weights / self.total[:, None]


def _fit_mean(batch: Batch, weights: Floats) -> MeanFit:
    others = weights[:, 1:]
    rest = study_sum(others)
    total = weights[:, 0] + rest
    # the first effect is the origin, hence zero: leaving it out of the sum loses nothing and keeps its residual exact
    mean = study_sum(others, batch.effects[:, 1:]) / total
    residuals = batch.effects - mean[:, None]
    pulls = weights * residuals
    return MeanFit(
        weights=weights,
        total=total,
        rest=rest,
        rest_squares=study_sum(others, others),
        mean=mean,
        residuals=residuals,
        pulls=pulls,
        score=study_sum(pulls, pulls),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class DesignFit:
    """Fit of a meta-regression through weighted orthonormal columns, as ``H = UU'`` with U of shape (p, n, k)."""

    weights: Floats
    roots: Floats
    columns: Floats
    triangle: Floats
    loads: Floats
    pulls: Floats
    q: Floats
    score: Floats

    def cubic(self) -> Floats:
        """Return ``y'PPPy``."""
        scaled = self.roots * self.pulls
        rest = study_sum(scaled, scaled)
        for column in self.columns:
            rest -= study_sum(column, scaled) ** 2
        return rest

    def trace(self) -> Floats:
        """Return ``tr P``."""
        return study_sum(self.weights, 1.0 - self.leverages())

    def trace_squared(self) -> Floats:
        """Return ``tr PP``."""
        return study_sum(self.weights, self.weights, 1.0 - 2.0 * self.leverages()) + cross(self.columns, self.weights)

    def trace_variances(self, variances: Floats) -> Floats:
        """Return ``tr P V``."""
        return study_sum(self.weights, 1.0 - self.leverages(), variances)

    def trace_twice(self, total: Floats) -> Floats:
        """Return ``tr PSPS``."""
        own = self.weights * total
        return study_sum(own, own, 1.0 - 2.0 * self.leverages()) + cross(self.columns, own)

    def log_determinant(self) -> Floats:
        """Return ``log|X'WX|``."""
        return 2.0 * study_sum(np.log(np.abs(np.diagonal(self.triangle, axis1=1, axis2=2))))

    def coefficients(self) -> Floats:
        """Return the coefficients of the orthonormal columns."""
        solution = np.linalg.solve(self.triangle, self.loads[:, :, None])[:, :, 0]
        return np.asarray(solution, dtype=np.float64)

    def covariance(self) -> Floats:
        """Return ``(X'WX)^-1``."""
        inverse = np.asarray(np.linalg.inv(self.triangle), dtype=np.float64)
        covariance: Floats = inverse @ np.swapaxes(inverse, 1, 2)
        return covariance

    def leverages(self) -> Floats:
        """Return the diagonal of the hat matrix."""
        leverages: Floats = np.einsum("pnk,pnk->nk", self.columns, self.columns)
        return leverages


def _fit_design(batch: Batch, design: Floats, weights: Floats) -> DesignFit:
    roots = np.sqrt(weights)
    columns, triangle = weighted_columns(design, roots)
    loads, residuals = project(columns, roots * batch.effects)
    pulls = roots * residuals
    return DesignFit(
        weights=weights,
        roots=roots,
        columns=columns,
        triangle=triangle,
        loads=loads,
        pulls=pulls,
        q=study_sum(residuals, residuals),
        score=study_sum(pulls, pulls),
    )
