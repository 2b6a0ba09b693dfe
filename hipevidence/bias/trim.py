"""Duval and Tweedie's trim and fill."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from hipevidence.bias.asymmetry import egger
from hipevidence.bias.caution import caution
from hipevidence.bias.result import TrimAndFill
from hipevidence.errors import InputError
from hipevidence.pooling import fit_many, pool
from hipevidence.pooling.checks import check_studies

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

ESTIMATORS = ("L0", "R0", "Q0")
SIDES = ("left", "right")
_ROUNDS = 100


def trim_and_fill(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    estimator: str = "L0",
    side: str | None = None,
    method: str = "REML",
    ci: str = "HKSJ",
    inner_method: str | None = None,
    level: float = 0.95,
) -> TrimAndFill:
    """Estimate how many studies a symmetric funnel lacks, fill them in and pool again.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    estimator
        ``"L0"``, ``"R0"`` or ``"Q0"`` of the number missing.
    side
        Where studies are missing, ``"left"`` or ``"right"``; if None the side that Egger's mixed-effects regression
        points to.
    method, ci, level
        Of the pooled results, as in :func:`hipevidence.pooling.pool`.
    inner_method
        Estimator of tau² while trimming; ``method`` if None (as metafor), ``"EE"`` as meta.

    Returns
    -------
    TrimAndFill
        With fewer than three studies, or where the search goes round in circles, the number is ``nan`` with a reason
        and the adjusted result is the unadjusted one.

    Raises
    ------
    InputError
        If studies or options cannot be used.

    Notes
    -----
    With signed ranks of |y - centre| after trimming the k₀ most extreme studies: L₀ = [4 S - k(k + 1)] / (2k - 1),
    R₀ = (length of the run of highest positive ranks) - 1, Q₀ = k - 1/2 - sqrt(2k² - 4 S + 1/4), S the sum of positive
    ranks; repeated until k₀ stays. Without an Egger regression to tell the side it is ``"left"``.

    References
    ----------
    Duval & Tweedie (2000), doi:10.1111/j.0006-341X.2000.00455.x and doi:10.1080/01621459.2000.10473905.

    Examples
    --------
    >>> effects, variances = [0.1, 0.12, 0.3, 0.45, 0.6, 0.8], [0.01, 0.02, 0.04, 0.06, 0.1, 0.15]
    >>> result = trim_and_fill(effects, variances)
    >>> result.missing, result.side, round(result.adjusted.estimate, 3)
    (3.0, 'left', 0.134)
    """
    y, v = check_studies(yi, vi)
    _check(estimator, side)
    inner = method if inner_method is None else inner_method
    unadjusted = pool(y, v, method=method, ci=ci, level=level)
    where = side or ("right" if egger(y, v, method=method).slope < 0.0 else "left")
    sign = 1.0 if where == "left" else -1.0
    order = np.argsort(sign * y, kind="stable")
    mirrored, variances = sign * y[order], v[order]
    reason = "trim and fill needs at least three studies" if len(y) < 3 else ""
    raw, centre = (math.nan, unadjusted.estimate * sign) if reason else _search(mirrored, variances, estimator, inner)
    if not reason and math.isnan(raw):
        reason = "the number of missing studies goes round in circles: none is filled in"
    count = 0 if math.isnan(raw) else _whole(raw, len(y))
    missing = math.nan if math.isnan(raw) else float(count)
    filled_y, filled_v = sign * (2.0 * centre - mirrored[len(y) - count :]), variances[len(y) - count :]
    adjusted = unadjusted
    if count:
        adjusted = pool(np.r_[y, filled_y], np.r_[v, filled_v], method=method, ci=ci, level=level)
    return TrimAndFill(
        missing=missing,
        missing_se=_standard_error(raw, len(y), estimator),
        # without missing studies each of the highest ranks is positive with probability 1/2
        p_value=0.5 ** (missing + 1.0) if estimator == "R0" else math.nan,
        side=where,
        adjusted=adjusted,
        unadjusted=unadjusted,
        centre=sign * centre,
        filled_yi=filled_y,
        filled_vi=filled_v,
        estimator=estimator,
        inner_method=inner,
        reason=reason,
        caution=caution("trim_and_fill", len(y)),
    )


def _check(estimator: str, side: str | None) -> None:
    if estimator not in ESTIMATORS:
        raise InputError(f"estimator: found {estimator!r}; allowed: {', '.join(map(repr, ESTIMATORS))}.")
    if side is not None and side not in SIDES:
        raise InputError(f"side: found {side!r}; allowed: {' or '.join(map(repr, SIDES))}, or None for Egger's.")


def _search(y: Floats, v: Floats, estimator: str, method: str) -> tuple[float, float]:
    """Return the number missing on the left before rounding and the centre, for effects in order; maybe ``nan``."""
    k, count, centre = len(y), 0, math.nan
    for _ in range(_ROUNDS):
        left = k - count
        centre = float(fit_many(y[:left], v[:left], method=method, ci="wald", prediction=None).estimate[0])
        raw = _number(y - centre, estimator)
        found = _whole(raw, k)
        if found == count:
            return raw, centre
        count = found
    return math.nan, centre


def _whole(raw: float, k: int) -> int:
    """Return the number of studies to trim: one at least stays."""
    return min(int(np.rint(raw)), k - 1)


def _number(deviations: Floats, estimator: str) -> float:
    """Return the number of missing studies that one set of deviations points to, 0 or more, not rounded."""
    k = len(deviations)
    ranks = stats.rankdata(np.abs(deviations), method="ordinal")
    total = float(ranks[deviations > 0.0].sum())
    if estimator == "L0":
        number = (4.0 * total - k * (k + 1.0)) / (2.0 * k - 1.0)
    elif estimator == "R0":
        number = k - float(ranks[deviations < 0.0].max(initial=0.0)) - 1.0
    else:
        number = k - 0.5 - math.sqrt(max(0.0, 2.0 * k * k - 4.0 * total + 0.25))
    return max(0.0, number)


def _standard_error(raw: float, k: int, estimator: str) -> float:
    """Return the standard error of the number missing before it is rounded."""
    if estimator == "R0":
        return math.sqrt(2.0 * raw + 2.0)
    m = raw
    variance = k * (k + 1.0) * (2.0 * k + 1.0) + 10.0 * m**3 + 27.0 * m**2 + 17.0 * m
    variance = (variance - 18.0 * k * m**2 - 18.0 * k * m + 6.0 * k**2 * m) / 24.0
    if estimator == "L0":
        return 4.0 * math.sqrt(variance) / (2.0 * k - 1.0)
    return 2.0 * math.sqrt(variance) / math.sqrt((k - 0.5) ** 2 - m * (2.0 * k - m - 1.0))
