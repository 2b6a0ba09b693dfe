"""The likelihood of studies with a normal random effect, by the trapezoidal rule where each integrand lives.

Study i contributes ``log ∫ exp(Σ l(alpha x local + theta x fixed + tau x random x z)) φ(z) dz``, summed over its arms.
The integrand g is log-concave: it has one peak and falls at least as a normal density, so a range beyond which nothing
is left is found for certain. On it the trapezoidal rule converges exponentially (Trefethen & Weideman 2014,
doi:10.1137/130932132), also where a zero cell makes g a plateau with a sharp edge, which defeats Gauss-Hermite
quadrature. Derivatives are moments under the weights of the points.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats
    from hipevidence.rare.kernels import Kernel, Terms

_PEAK_STEPS = 100
_PEAK_FOUND = 1e-4
"""The peak only places the points: this part of a standard deviation is near enough."""
_REACH_STEPS = 20
_COARSE = 1.5
_DROP = 38.0
"""Beyond a fall of exp(-38) = 3e-17 nothing is left of an integrand."""
_LOG_2PI = float(np.log(2.0 * np.pi))


@dataclasses.dataclass(frozen=True, slots=True)
class Arm:
    """One count a study and how it depends on the parameters.

    Attributes
    ----------
    kernel
        Its likelihood.
    fixed
        Coefficient of the pooled effect theta: 1 or 0.
    random
        Coefficient of the study's deviation from theta.
    """

    kernel: Kernel
    fixed: float
    random: float


@dataclasses.dataclass(frozen=True, slots=True)
class Model:
    """A model of k studies.

    Attributes
    ----------
    arms
        One arm (conditional likelihoods, single groups) or two.
    k
        Number of studies.
    local
        Whether every study has an intercept of its own.
    """

    arms: tuple[Arm, ...]
    k: int
    local: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Expansion:
    """The log-likelihood with its derivatives by (theta, tau, alpha), study by study.

    Attributes
    ----------
    value
        Shape (k,).
    gradient
        Shape (k, 3).
    hessian
        Shape (k, 3, 3).
    peak
        Where the integrand peaks in z, shape (k,).
    """

    value: Floats
    gradient: Floats
    hessian: Floats
    peak: Floats


def expand(model: Model, theta: float, tau: float, alpha: Floats, peak: Floats, points: int) -> Expansion:
    """Return the log-likelihood and its derivatives.

    Parameters
    ----------
    model
        The model.
    theta, tau
        Pooled effect and between-study standard deviation.
    alpha
        Intercepts, shape (k,); ignored unless the model is local.
    peak
        Where to start looking for the peak of each integrand, shape (k,).
    points
        Points of the trapezoidal rule; more are taken where tau is above 1.5.
    """
    base = alpha if model.local else np.zeros(model.k)
    if tau == 0.0:
        return _without_integral(model, theta, base, peak)
    peak, width = _find_peak(model, theta, tau, base, peak)
    reach = _find_reach(model, theta, tau, base, peak, width)
    # the likelihood changes over a distance of 1 / tau
    points = int(points * max(1.0, tau / _COARSE))
    z = np.linspace(peak - reach[:, 0], peak + reach[:, 1], points, axis=1)
    terms = [arm.kernel.terms(base[:, None] + arm.fixed * theta + arm.random * tau * z) for arm in model.arms]
    logs = sum((term.value for term in terms), -0.5 * (z * z + _LOG_2PI))
    top = logs.max(axis=1)
    weight = np.exp(logs - top[:, None])
    mass = weight.sum(axis=1)
    value = top + np.log(mass * (reach.sum(axis=1) / (points - 1)))
    gradient, hessian = _moments(model, terms, z, weight / mass[:, None])
    return Expansion(value, gradient, hessian, peak)


def _height(model: Model, theta: float, tau: float, base: Floats, z: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log of each integrand, its slope and its bend at z of shape (k, n)."""
    value, slope, bend = -0.5 * z * z, -z, np.full_like(z, -1.0)
    for arm in model.arms:
        step = arm.random * tau
        terms = arm.kernel.terms(base[:, None] + arm.fixed * theta + step * z)
        value, slope, bend = value + terms.value, slope + step * terms.slope, bend + step * step * terms.bend
    return value, slope, bend


def _find_peak(model: Model, theta: float, tau: float, base: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Return peak and width of each integrand, by Newton steps of limited length."""
    z = z[:, None]
    for _ in range(_PEAK_STEPS):
        _, slope, bend = _height(model, theta, tau, base, z)
        move = np.clip(-slope / bend, -2.0, 2.0)
        z = z + move
        if float(np.max(np.abs(move))) < _PEAK_FOUND:
            break
    return z[:, 0], 1.0 / np.sqrt(-bend[:, 0])


def _find_reach(model: Model, theta: float, tau: float, base: Floats, peak: Floats, width: Floats) -> Floats:
    """Return how far to go below and above each peak until the integrand has fallen to nothing, shape (k, 2).

    How far it has fallen is a convex function of the distance. So Newton steps from a distance too far come back
    without passing the right one; at ``sqrt(2 x drop)`` even the normal density alone has fallen far enough.
    """
    sides = np.array([-1.0, 1.0])
    farthest = np.sqrt(2.0 * _DROP)
    reach = np.minimum(farthest * width, farthest)[:, None] * np.ones(2)
    start = _height(model, theta, tau, base, peak[:, None])[0]
    for _ in range(_REACH_STEPS):
        value, slope, _ = _height(model, theta, tau, base, peak[:, None] + sides * reach)
        missing = _DROP - (start - value)
        short = missing > 0.0
        closer = reach + missing / np.maximum(-sides * slope, 1.0)
        reach = np.where(short, np.minimum(2.0 * reach, farthest), np.maximum(closer, 0.5 * reach))
        if not (short & (reach < farthest)).any() and (missing > -0.5 * _DROP).all():
            break
    found: Floats = np.where(short, farthest, reach)
    return found


def _moments(model: Model, terms: list[Terms], z: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return derivatives as moments: the mean of the second derivatives plus the covariance of the first."""
    first = np.zeros((3, *z.shape))
    second = np.zeros((3, 3, model.k))
    for arm, term in zip(model.arms, terms, strict=True):
        load = np.stack([np.full_like(z, arm.fixed), arm.random * z, np.full_like(z, float(model.local))])
        first += load * term.slope
        second += np.einsum("akn,bkn,kn->abk", load, load, weight * term.bend)
    mean = np.einsum("akn,kn->ak", first, weight)
    away = first - mean[:, :, None]
    hessian = second + np.einsum("akn,bkn,kn->abk", away, away, weight)
    return mean.T, np.moveaxis(hessian, 2, 0)


def _without_integral(model: Model, theta: float, base: Floats, peak: Floats) -> Expansion:
    """Return the same for tau = 0, where the second derivative by tau is the mean bend plus the squared slope."""
    z = np.zeros((model.k, 1))
    terms = [arm.kernel.terms(base[:, None] + arm.fixed * theta) for arm in model.arms]
    gradient, hessian = _moments(model, terms, z, np.ones_like(z))
    loads = [arm.random for arm in model.arms]
    slope, bend, value = np.zeros((3, model.k))
    for load, term in zip(loads, terms, strict=True):
        slope += load * term.slope[:, 0]
        bend += load**2 * term.bend[:, 0]
        value += term.value[:, 0]
    hessian[:, 1, 1] = slope**2 + bend
    return Expansion(value, gradient, hessian, peak)
