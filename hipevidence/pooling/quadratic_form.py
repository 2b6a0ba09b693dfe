"""The distribution of a weighted sum of chi-squares, by numerical inversion along a curved path.

The upper tail of ``Σ λ χ²₁`` is an integral of ``exp(K(s) - s x) / s`` with ``K(s) = -½ Σ log(1 - 2 λ s)`` along any
path between the pole at 0 and the first branch point 1 / (2 max λ) (Rice 1980, doi:10.1137/0901032). Here the path is a
parabola through the saddle point that opens to the right: on it the integrand dies like a normal density, and the
trapezoidal rule converges geometrically.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats

_NODES = 800


def upper_tail(x: float, weights: Floats) -> float:
    """Return P(Σ λ χ²₁ > x) for positive weights λ, to about 1e-12 (1e-7 if they differ a thousandfold).

    Parameters
    ----------
    x
        Value, above 0 (at or below 0 the tail is 1).
    weights
        The λ, shape (m,).
    """
    if x <= 0.0:
        return 1.0
    largest = float(weights.max())
    scaled, x = weights / largest, x / largest
    if np.allclose(scaled, 1.0, rtol=1e-14, atol=0.0):
        return float(special.chdtrc(len(scaled), x))
    saddle = optimize.brentq(_slope, 1e-12, 0.5 - 1e-12, args=(x, scaled), xtol=1e-14)
    curvature = float((2.0 * (scaled / (1.0 - 2.0 * scaled * saddle)) ** 2).sum()) + 1.0 / saddle**2
    reach = 1.0 / np.sqrt(curvature)
    # the parabola bends by its own width once it has left the saddle by as much
    bend = 1.0 / reach
    y = reach * _stretched()
    s = saddle + bend * y * y * 0.5 + 1j * y
    log_integrand = -0.5 * np.log(1.0 - 2.0 * np.multiply.outer(s, scaled)).sum(axis=1) - s * x - np.log(s)
    values = np.exp(log_integrand) * (bend * y + 1j)
    steps = reach * np.cosh(np.linspace(0.0, _SPAN, _NODES)) * (_SPAN / (_NODES - 1))
    terms = values.imag * steps
    return float(min(1.0, max(0.0, (terms.sum() - 0.5 * terms[0]) / np.pi)))


_SPAN = 10.0


def _stretched() -> Floats:
    """Return nodes sinh(t): even near the saddle, ever wider far out, where slow decay needs reach."""
    return np.sinh(np.linspace(0.0, _SPAN, _NODES))


def _slope(s: float, x: float, weights: Floats) -> float:
    """Return the slope of K(s) - s x - log s."""
    return float((weights / (1.0 - 2.0 * weights * s)).sum()) - x - 1.0 / s
