"""The likelihood of studies with two normal random effects, by the trapezoidal rule in the plane where each lives.

Study i contributes ``log ∫∫ exp(Σ l(alpha + theta x fixed + sigma z1 + tau x random x z2)) φ(z1) φ(z2) dz1 dz2``, with
the sum over its arms. As on the line (see :mod:`hipevidence.rare.integral`) the integrand is log-concave and falls at
least as a normal density. Its axes are those in which its curvature at the peak is 1; how far it reaches along an axis
is found on its profile, the largest value over the other axis, which is log-concave too.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats
    from hipevidence.rare.integral import Arm

_PEAK_STEPS = 200
_FOUND = 1e-6
_REACH_STEPS = 30
_PROFILE_STEPS = 4
_DROP = 38.0
"""Beyond a fall of exp(-38) = 3e-17 nothing is left of an integrand."""
_COARSE = 1.5
_LOG_2PI = float(np.log(2.0 * np.pi))


@dataclasses.dataclass(frozen=True, slots=True)
class PlaneModel:
    """A model of k studies with random study effects.

    Attributes
    ----------
    arms
        Two arms; ``random`` is the share of the study's deviation from theta.
    k
        Number of studies.
    """

    arms: tuple[Arm, ...]
    k: int


@dataclasses.dataclass(frozen=True, slots=True)
class PlaneExpansion:
    """The log-likelihood with its derivatives by (alpha, theta, sigma, tau).

    Attributes
    ----------
    value, gradient, hessian
        Shapes (), (4,) and (4, 4).
    peak
        Where each integrand peaks, shape (k, 2).
    """

    value: float
    gradient: Floats
    hessian: Floats
    peak: Floats


def expand(model: PlaneModel, at: Floats, peak: Floats, points: int) -> PlaneExpansion:
    """Return the log-likelihood and its derivatives.

    Parameters
    ----------
    model
        The model.
    at
        alpha, theta, sigma, tau, shape (4,).
    peak
        Where to start looking for the peak of each integrand, shape (k, 2).
    points
        Points of the rule along each axis; more are taken where sigma or tau is above 1.5.
    """
    peak, axes = _find_peak(model, at, peak)
    reach = _find_reach(model, at, peak, axes)
    count = int(points * max(1.0, float(np.max(np.abs(at[2:]))) / _COARSE))
    places = np.linspace(-reach[:, :, 0], reach[:, :, 1], count, axis=2)
    grid = np.stack(
        [
            np.repeat(places[:, 0], count, axis=1),
            np.tile(places[:, 1], (1, count)),
        ],
        axis=2,
    )
    z = peak[:, None] + grid @ np.swapaxes(axes, 1, 2)
    cell = np.abs(np.linalg.det(axes)) * np.prod(reach.sum(axis=2) / (count - 1), axis=1)
    first, logs = np.zeros((model.k, 4, count * count)), -0.5 * (z * z).sum(axis=2) - _LOG_2PI
    loads = [_loads(arm, z) for arm in model.arms]
    terms = [arm.kernel.terms(_predictor(arm, at, z)) for arm in model.arms]
    for load, term in zip(loads, terms, strict=True):
        logs += term.value
        first += load * term.slope[:, None]
    top = logs.max(axis=1)
    weight = np.exp(logs - top[:, None])
    mass = weight.sum(axis=1)
    weight /= mass[:, None]
    mean = (first @ weight[:, :, None])[:, :, 0]
    second = (first * weight[:, None]) @ np.swapaxes(first, 1, 2)
    for load, term in zip(loads, terms, strict=True):
        second += (load * (weight * term.bend)[:, None]) @ np.swapaxes(load, 1, 2)
    value = float((top + np.log(mass * cell)).sum())
    return PlaneExpansion(value, mean.sum(axis=0), second.sum(axis=0) - mean.T @ mean, peak)


def _loads(arm: Arm, z: Floats) -> Floats:
    """Return the derivatives of an arm's predictor by the parameters, shape (k, 4, n)."""
    ones = np.ones(z.shape[:2])
    return np.stack([ones, arm.fixed * ones, z[:, :, 0], arm.random * z[:, :, 1]], axis=1)


def _predictor(arm: Arm, at: Floats, z: Floats) -> Floats:
    alpha, theta, sigma, tau = at
    predictor: Floats = alpha + arm.fixed * theta + sigma * z[:, :, 0] + arm.random * tau * z[:, :, 1]
    return predictor


def _height(model: PlaneModel, at: Floats, z: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log of each integrand, its gradient and Hessian at z of shape (k, n, 2)."""
    value, slope = -0.5 * (z * z).sum(axis=2), -z
    bend = np.broadcast_to(-np.eye(2), (*z.shape[:2], 2, 2)).copy()
    for arm in model.arms:
        step = np.array([at[2], arm.random * at[3]])
        terms = arm.kernel.terms(_predictor(arm, at, z))
        value = value + terms.value
        slope = slope + terms.slope[:, :, None] * step
        bend += terms.bend[:, :, None, None] * np.outer(step, step)
    return value, slope, bend


def _find_peak(model: PlaneModel, at: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Return the peak of each integrand (k, 2), by Newton steps of limited length, and its axes (k, 2, 2)."""
    z = z[:, None]
    for _ in range(_PEAK_STEPS):
        _, slope, bend = _height(model, at, z)
        move = -np.linalg.solve(bend, slope[:, :, :, None])[:, :, :, 0]
        z = z + np.clip(move, -2.0, 2.0)
        if float(np.max(np.abs(move))) < _FOUND:
            break
    triangle = np.linalg.cholesky(-_height(model, at, z)[2][:, 0])
    return z[:, 0], np.swapaxes(np.linalg.inv(triangle), 1, 2)


def _find_reach(model: PlaneModel, at: Floats, peak: Floats, axes: Floats) -> Floats:
    """Return how far to go down and up each axis until the profile has fallen to nothing, shape (k, 2, 2)."""
    top = _height(model, at, peak[:, None])[0]
    # the integrand falls at least as a normal density: this far it has to have fallen
    farthest = np.sqrt(2.0 * _DROP * np.diagonal(np.linalg.inv(np.swapaxes(axes, 1, 2) @ axes), axis1=1, axis2=2))
    return np.stack([_reach_along(model, at, peak, axes, top, farthest[:, axis], axis) for axis in (0, 1)], axis=1)


def _reach_along(
    model: PlaneModel, at: Floats, peak: Floats, axes: Floats, top: Floats, farthest: Floats, axis: int
) -> Floats:
    """Return the reach along one axis, shape (k, 2): doubling until far enough, Newton steps back."""
    sides, limit = np.array([-1.0, 1.0]), farthest[:, None]
    reach = np.full((len(peak), 2), np.sqrt(2.0 * _DROP))
    other = np.zeros_like(reach)
    for _ in range(_REACH_STEPS):
        for _ in range(_PROFILE_STEPS):
            w = np.empty((*reach.shape, 2))
            w[:, :, axis], w[:, :, 1 - axis] = sides * reach, other
            value, slope, bend = _height(model, at, peak[:, None] + w @ np.swapaxes(axes, 1, 2))
            slope = slope @ axes
            curve = np.swapaxes(axes, 1, 2)[:, None] @ bend @ axes[:, None]
            other = other - np.clip(slope[:, :, 1 - axis] / curve[:, :, 1 - axis, 1 - axis], -2.0, 2.0)
        missing = _DROP - (top - value)
        short = missing > 0.0
        closer = reach + missing / np.maximum(-sides * slope[:, :, axis], 1.0)
        reach = np.where(short, np.minimum(2.0 * reach, limit), np.maximum(closer, 0.5 * reach))
        if not (short & (reach < limit)).any() and (missing > -0.5 * _DROP).all():
            break
    found: Floats = np.where(short, limit, reach)
    return found
