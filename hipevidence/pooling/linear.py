"""The kernel's linear model, for rooms whose models are meta-regressions in disguise (networks are).

Arrange rows with a design (:func:`arrange_design`, columns from :func:`share_design` or :func:`orthonormal`), then
:func:`solve` gives tau² and the weighted fits there and at tau² = 0; :func:`relative_residual` is what vouches for
tau², :func:`solve_falling` the root finder behind Q-profile intervals. These names are kept; others in this room are
its own business.
"""

from __future__ import annotations

from hipevidence.pooling.batch import Batch, arrange_design, orthonormal
from hipevidence.pooling.kernel import Solved, solve
from hipevidence.pooling.regressions import share_design
from hipevidence.pooling.roots import solve_falling
from hipevidence.pooling.tau2 import relative_residual

__all__ = [
    "Batch",
    "Solved",
    "arrange_design",
    "orthonormal",
    "relative_residual",
    "share_design",
    "solve",
    "solve_falling",
]
