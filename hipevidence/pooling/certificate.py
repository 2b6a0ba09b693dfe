"""What vouches for an estimate of tau²: not the word "converged", but numbers that anyone can check."""

from __future__ import annotations

import dataclasses
import math

from hipevidence.pooling.tau2 import COMMON_EFFECT, ITERATED
from hipevidence.results import Result


@dataclasses.dataclass(frozen=True, slots=True)
class Certificate(Result):
    """How tau² was reached, and how sure it is.

    Attributes
    ----------
    kind
        ``closed form``, ``interior root`` (the estimating equation holds), ``boundary`` (tau² = 0 and the equation
        pulls downwards there), ``assumed`` (common-effect model) or ``none``.
    residual
        Estimating equation at tau², relative to its own terms; about 1e-15 at an exact root, 0 at the boundary.
    steps
        Evaluations of the equation.
    optima
        Local maxima of the likelihood that were found and compared (1 for other methods).
    proven
        Whether bounds exclude any other maximum, so that this one is the global one.
    """

    kind: str
    residual: float
    steps: int
    optima: int
    proven: bool


def make_certificate(
    method: str, tau2: float, residual: float, steps: int, optima: int, *, proven: bool
) -> Certificate:
    """Write the certificate of a tau² that the kernel estimated by ``method``."""
    if method in COMMON_EFFECT:
        kind = "assumed"
    elif math.isnan(tau2):
        kind = "none"
    elif method not in ITERATED:
        kind = "closed form"
    else:
        kind = "interior root" if tau2 > 0.0 else "boundary"
    return Certificate(kind, residual, int(steps), int(optima), proven)
