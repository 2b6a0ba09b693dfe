"""Maxima of log-likelihoods with 40 digits: Newton steps on central differences, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mpmath as mp

if TYPE_CHECKING:
    from collections.abc import Callable

mp.mp.dps = 40
STEP = mp.mpf(10) ** -9
"""Of the differences: its square is the error of a derivative, relative to the next but one."""
SETTLED = mp.mpf(10) ** -15
MOST_STEPS = 30


def differences(function: Callable[[list[Any]], Any], at: list[Any]) -> tuple[Any, Any, Any]:
    """Return value, gradient and Hessian of a function of several numbers."""
    size = len(at)

    def moved(*places: tuple[int, int]) -> Any:
        point = list(at)
        for place, sign in places:
            point[place] += sign * STEP
        return function(point)

    value = function(at)
    up, down = ([moved((i, sign)) for i in range(size)] for sign in (1, -1))
    gradient = mp.matrix([(up[i] - down[i]) / (2 * STEP) for i in range(size)])
    hessian = mp.zeros(size)
    for i in range(size):
        hessian[i, i] = (up[i] - 2 * value + down[i]) / STEP**2
        for j in range(i):
            corners = sum(s * t * moved((i, s), (j, t)) for s in (1, -1) for t in (1, -1))
            hessian[i, j] = hessian[j, i] = corners / (4 * STEP**2)
    return value, gradient, hessian


def promised(gradient: Any, hessian: Any) -> float:
    """Return the gain in log-likelihood that one more Newton step promises: 0 at a maximum."""
    return float(-(gradient.T * mp.lu_solve(hessian, gradient))[0] / 2)


def climb(expand: Callable[[list[Any]], tuple[Any, Any, Any]], start: list[Any]) -> tuple[list[Any], Any, Any]:
    """Return the maximum, the log-likelihood there and the covariance of the parameters.

    Parameters
    ----------
    expand
        Gives value, gradient and Hessian.
    start
        A point near the maximum.
    """
    at = [mp.mpf(value) for value in start]
    for _ in range(MOST_STEPS):
        value, gradient, hessian = expand(at)
        step = mp.lu_solve(hessian, gradient)
        at = [place - move for place, move in zip(at, step, strict=True)]
        if mp.norm(step) < SETTLED * (1 + mp.norm(mp.matrix(at))):
            return at, value, mp.inverse(-hessian)
    raise RuntimeError(f"no maximum found from {start}")
