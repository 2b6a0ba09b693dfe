"""Smooth weight functions of the one-sided P value, as logarithms with derivatives by their working parameters."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipevidence.pooling.batch import Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Family:
    """One family of weight functions.

    Attributes
    ----------
    formula
        The weight of the one-sided P value.
    count
        Number of parameters.
    terms
        From log p, log(1 - p) and parameters to the log-weight (shape of p) and its first (count, ...) and second
        derivatives (count, ...) by the working parameters; mixed second derivatives are zero.
    logarithmic
        Whether the search knows the parameters by their logarithm (they have no bound at 0 that could be reached).
    """

    formula: str
    count: int
    terms: Callable[[Floats, Floats, Floats], tuple[Floats, Floats, Floats]]
    logarithmic: bool = False

    def tails(self, delta: Floats) -> tuple[float, float]:
        """Return the powers of p and of 1 - p to which the weight tends; below 0 it has no bound."""
        return (float(delta[0]) - 1.0, float(delta[1]) - 1.0) if self.count == 2 else (0.0, 0.0)


def _beta(log_p: Floats, log_q: Floats, delta: Floats) -> tuple[Floats, Floats, Floats]:
    first = np.stack([delta[0] * log_p, delta[1] * log_q])
    return first.sum(axis=0) - log_p - log_q, first, first


def _half_normal(log_p: Floats, _: Floats, delta: Floats) -> tuple[Floats, Floats, Floats]:
    return _linear(-np.exp(2.0 * log_p), delta)


def _negative_exponential(log_p: Floats, _: Floats, delta: Floats) -> tuple[Floats, Floats, Floats]:
    return _linear(-np.exp(log_p), delta)


def _power(_: Floats, log_q: Floats, delta: Floats) -> tuple[Floats, Floats, Floats]:
    return _linear(log_q, delta)


def _linear(statistic: Floats, delta: Floats) -> tuple[Floats, Floats, Floats]:
    return delta[0] * statistic, statistic[None], np.zeros((1, *statistic.shape))


def _logistic(log_p: Floats, _: Floats, delta: Floats) -> tuple[Floats, Floats, Floats]:
    p = np.exp(log_p)
    x = delta[0] * p
    share = 1.0 / (1.0 + np.exp(-x))
    value = math.log(2.0) - np.logaddexp(0.0, x)
    return value, (-p * share)[None], (-p * p * share * (1.0 - share))[None]


FAMILIES = {
    "beta": Family("p^(d1 - 1) (1 - p)^(d2 - 1)", 2, _beta, logarithmic=True),
    "halfnorm": Family("exp(-d p²)", 1, _half_normal),
    "negexp": Family("exp(-d p)", 1, _negative_exponential),
    "logistic": Family("2 exp(-d p) / (1 + exp(-d p))", 1, _logistic),
    "power": Family("(1 - p)^d", 1, _power),
}
"""Weight functions by the name users call them."""
