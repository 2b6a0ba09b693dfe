"""A log-likelihood at one point with its derivatives, and the normal density that all selection models weigh."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Expansion:
    """Value, gradient and Hessian of a log-likelihood; the value is -inf where the parameters are impossible.

    Attributes
    ----------
    value
        Log-likelihood with all constants.
    gradient, hessian
        By the mean, tau² and the working parameters of the weights, shape (p,) and (p, p).
    """

    value: float
    gradient: Floats
    hessian: Floats


class Likelihood(Protocol):
    """What the search for the maximum needs to know of a selection model."""

    @property
    def lower(self) -> Floats:
        """Lower bounds of the parameters, shape (p,)."""

    @property
    def upper(self) -> Floats:
        """Sizes beyond which the search has run away, shape (p,)."""

    def expand(self, theta: Floats) -> Expansion:
        """Return the log-likelihood at these parameters."""


def impossible(p: int) -> Expansion:
    """Return a likelihood of zero."""
    return Expansion(-math.inf, np.zeros(p), np.zeros((p, p)))


def log_normal(y: Floats, mean: float, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Return log-densities with derivatives by mean and variance.

    Returns
    -------
    tuple
        Values (as y); first derivatives (2, as y); second ones (3, as y): mean twice, mixed, variance twice.
    """
    error = y - mean
    square = error * error / variance
    value = -0.5 * (np.log(2.0 * math.pi * variance) + square)
    first = np.stack([error / variance, 0.5 * (square - 1.0) / variance])
    second = np.stack(
        [
            np.broadcast_to(-1.0 / variance, error.shape),
            -error / variance**2,
            (0.5 - square) / variance**2,
        ]
    )
    return value, first, second
