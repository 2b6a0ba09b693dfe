"""Profile-likelihood intervals of the two variances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from hipevidence.multilevel.maximise import Maximum, climb
from hipevidence.results import Interval

if TYPE_CHECKING:
    from hipevidence.multilevel.blocks import Blocks
    from hipevidence.pooling.batch import Booleans

_NEVER = 1e12


def profile_interval(
    blocks: Blocks, top: Maximum, free: Booleans, which: int, unit: float, level: float, *, restricted: bool
) -> Interval:
    """Return the variances whose profile log-likelihood lies within half a chi-square quantile of the maximum.

    Parameters
    ----------
    blocks
        The data.
    top
        The highest maximum.
    free
        Which variances the model has, shape (2,).
    which
        0 between studies, 1 between rows.
    unit
        Size of a variance that matters.
    level
        Coverage.
    restricted
        REML or ML.

    Returns
    -------
    Interval
        The lower limit is 0 where the likelihood does not fall far enough; the upper is infinite where it never does.
    """
    others = free.copy()
    others[which] = False
    drop = float(special.chdtri(1.0, 1.0 - level))
    guess = {"sigma2": top.fit.sigma2.copy()}

    def excess(value: float) -> float:
        start = guess["sigma2"].copy()
        start[which] = value
        found = climb(blocks, start, others, unit, restricted=restricted).fit
        guess["sigma2"] = found.sigma2
        return 2.0 * (top.fit.log_likelihood - found.log_likelihood) - drop

    best = float(top.fit.sigma2[which])
    low = 0.0
    if best > 0.0 and excess(0.0) > 0.0:
        low = float(optimize.brentq(excess, 0.0, best, xtol=1e-12 * unit, rtol=1e-12))
    near, far = best, 2.0 * best + unit
    while excess(far) < 0.0:
        near, far = far, 4.0 * far
        if far > _NEVER * unit:
            return Interval(low, np.inf, level)
    high = float(optimize.brentq(excess, near, far, xtol=1e-12 * unit, rtol=1e-12))
    return Interval(low, high, level)
