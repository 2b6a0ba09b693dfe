"""The small-sample bias of a standardised difference, and the factor that removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import special

from hipevidence.effects._elements import check_choice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from hipevidence.effects._elements import Array

Correction = Literal["exact", "approx", "none"]

CORRECTIONS = {
    "exact": "exact small-sample correction J (gamma functions)",
    "approx": "approximate small-sample correction 1 - 3/(4m - 1)",
    "none": "no small-sample correction (Cohen's d)",
}

_SERIES_FROM = 200.0


def hedges_j(df: ArrayLike, correction: Correction = "exact") -> Array:
    """Return the factor that makes a standardised mean difference unbiased.

    Parameters
    ----------
    df
        Degrees of freedom m of the standard deviation it was divided by; array of any shape.
    correction
        ``"exact"``, ``"approx"`` or ``"none"`` (a factor of 1).

    Returns
    -------
    numpy.ndarray
        Factor between 0 and 1; ``nan`` where there are not more than 1 degrees of freedom.

    Raises
    ------
    InputError
        If there is no such correction.

    Notes
    -----
    Exact: J(m) = Γ(m/2) / (√(m/2) Γ((m - 1)/2)); from m = 200 on by its asymptotic series, since the difference of two
    large log-gammas loses digits. Approximate: 1 - 3/(4m - 1).

    References
    ----------
    Hedges LV (1981). J Educ Stat 6:107-128. https://doi.org/10.3102/10769986006002107

    Examples
    --------
    >>> hedges_j([10, 100]).round(6).tolist()
    [0.922746, 0.992478]
    """
    check_choice("correction", correction, CORRECTIONS)
    m = np.asarray(df, dtype=np.float64)
    m = np.where(m > 1, m, np.nan)
    if correction == "none":
        return np.where(np.isnan(m), np.nan, 1.0)
    if correction == "approx":
        return np.asarray(1 - 3 / (4 * m - 1))
    return np.where(m < _SERIES_FROM, _by_gamma(np.minimum(m, _SERIES_FROM)), _by_series(np.maximum(m, _SERIES_FROM)))


def _by_gamma(m: Array) -> Array:
    return np.asarray(np.exp(special.gammaln(m / 2) - special.gammaln((m - 1) / 2)) / np.sqrt(m / 2))


def _by_series(m: Array) -> Array:
    # Γ(z + 1/2)/Γ(z) at z = (m - 1)/2; the first term left out is below 2e-13 from m = 200 on
    u = 2 / (m - 1)
    ratio = 1 - u / 8 + u**2 / 128 + 5 * u**3 / 1024 - 21 * u**4 / 32768
    return np.asarray(np.sqrt(1 - 1 / m) * ratio)
