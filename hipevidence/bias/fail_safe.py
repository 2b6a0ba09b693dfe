"""How many null results would undo a finding."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from hipevidence.bias.caution import caution
from hipevidence.bias.result import FailSafe
from hipevidence.errors import InputError
from hipevidence.pooling.checks import check_studies

if TYPE_CHECKING:
    import numpy.typing as npt

APPROACHES = ("Rosenthal", "Orwin", "Rosenberg")


def fail_safe_n(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    approach: str = "Rosenthal",
    alpha: float = 0.05,
    target: float | None = None,
    weighted: bool = False,
) -> FailSafe:
    """Return how many further studies with no effect would undo significance (Rosenthal, Rosenberg) or size (Orwin).

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    approach
        ``"Rosenthal"``: Stouffer's sum of z; ``"Rosenberg"``: the weighted mean; ``"Orwin"``: the mean effect.
    alpha
        One-sided (Rosenthal) or two-sided (Rosenberg) P value that undoes significance.
    target
        Orwin: effect that no longer matters, of the same sign as the mean; half the mean if None.
    weighted
        Orwin: weigh by inverse variance.

    Returns
    -------
    FailSafe
        The number rounded up, and before rounding.

    Raises
    ------
    InputError
        If studies or options cannot be used.

    Notes
    -----
    Rosenthal: (Σz / z_α)² - k. Orwin: k (mean / target - 1). Rosenberg: k [(mean / z_{α/2})² Σw - 1].

    References
    ----------
    Rosenthal (1979), doi:10.1037/0033-2909.86.3.638; Orwin (1983), doi:10.3102/10769986008002157; Rosenberg (2005),
    doi:10.1111/j.0014-3820.2005.tb01004.x.

    Examples
    --------
    >>> fail_safe_n([0.5, 0.4, 0.6], [0.04, 0.03, 0.05]).missing
    18.0
    """
    y, v = check_studies(yi, vi)
    if approach not in APPROACHES:
        raise InputError(f"approach: found {approach!r}; allowed: {', '.join(map(repr, APPROACHES))}.")
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha: found {alpha}; allowed: between 0 and 1.")
    if target is not None and approach != "Orwin":
        raise InputError(f"target: found {target} with {approach!r}; allowed: with 'Orwin' only.")
    k, weights = len(y), 1.0 / v
    aim = alpha
    if approach == "Rosenthal":
        estimate = float(np.sum(y / np.sqrt(v))) / math.sqrt(k)
        exact = k * (estimate / float(special.ndtri(alpha))) ** 2 - k
    elif approach == "Rosenberg":
        estimate = float(weights @ y / weights.sum())
        exact = k * ((estimate / float(special.ndtri(0.5 * alpha))) ** 2 * float(weights.sum()) - 1.0)
    else:
        estimate = float(weights @ y / weights.sum()) if weighted else float(y.mean())
        aim = 0.5 * estimate if target is None else target
        exact = _orwin(estimate, aim, k)
    missing = exact if math.isnan(exact) or math.isinf(exact) else max(0.0, float(math.ceil(exact - 1e-9)))
    reason = "the mean effect is 0: there is nothing to undo" if math.isnan(exact) else ""
    return FailSafe(missing, exact, approach, estimate, aim, k, reason, caution("fail_safe", k))


def _orwin(estimate: float, target: float, k: int) -> float:
    if estimate == 0.0:
        return math.nan
    if target == 0.0:
        return math.inf
    if estimate * target < 0.0:
        raise InputError(f"target: found {target} with a mean effect of {estimate}; allowed: one of the same sign.")
    return k * (estimate / target - 1.0)
