"""tau² by a second algorithm that shares nothing with the kernel: matrices of all pairs of studies, one fit at a time.

Likelihoods go through the eigenvalues of the variances seen by the residuals, searched on a grid; moment estimators
through the matrices of their definitions. It is slow, and there to disagree.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg, optimize, special

from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.model import pool
from hipevidence.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats
    from hipevidence.pooling.certificate import Certificate

_AGREE = 1e-8
_GRID = 4000


@dataclasses.dataclass(frozen=True, slots=True)
class SecondOpinion(Result):
    """What a second algorithm says of tau².

    Attributes
    ----------
    tau2, second_tau2
        From the kernel and from the second algorithm, squared units of the effects.
    difference
        Their difference relative to tau² plus the typical sampling variance.
    agrees
        Whether that is below 1e-8.
    certificate
        What the kernel itself vouches for.
    """

    tau2: float
    second_tau2: float
    difference: float
    agrees: bool
    certificate: Certificate


def certify(yi: npt.ArrayLike, vi: npt.ArrayLike, *, method: str = "REML") -> SecondOpinion:
    """Estimate tau² twice, by the kernel and by an independent algorithm, and compare.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,), two studies or more.
    method
        Any estimator that needs no weights of the user's.

    Returns
    -------
    SecondOpinion
        Both values and the certificate of the kernel.

    Examples
    --------
    >>> certify([0.1, 0.3, 0.8], [0.02, 0.03, 0.02]).agrees
    True
    """
    y, v = check_studies(yi, vi, at_least=2)
    result = pool(y, v, method=method, tau2_ci=None, prediction=None)
    unit = float(np.median(v))
    second = _second_tau2(y / np.sqrt(unit), v / unit, method) * unit
    difference = abs(result.tau2 - second) / (result.tau2 + unit)
    return SecondOpinion(result.tau2, second, difference, difference < _AGREE, result.certificate)


def _projection(weights: Floats) -> Floats:
    """Return the k by k matrix P of a common mean with these weights."""
    projection: Floats = np.diag(weights) - np.outer(weights, weights) / weights.sum()
    return projection


def _second_tau2(y: Floats, v: Floats, method: str) -> float:
    if method in ("EE", "FE"):
        return 0.0
    if method in ("REML", "ML"):
        return _likelihood(y, v, restricted=method == "REML")
    if method in ("PM", "EB", "PMM"):
        target = float(special.chdtri(len(y) - 1, 0.5)) if method == "PMM" else float(len(y) - 1)
        return _root(lambda tau2: float(y @ _projection(1.0 / (v + tau2)) @ y) - target)
    return max(0.0, _moments(y, v, method))


def _moments(y: Floats, v: Floats, method: str) -> float:
    k = len(y)
    if method in ("HS", "HSk"):
        q = float(y @ _projection(1.0 / v) @ y) * (k / (k - 1) if method == "HSk" else 1.0)
        return (q - k) / float((1.0 / v).sum())
    if method == "SJ":
        start = float(np.var(y))
        return start * float(y @ _projection(1.0 / (v + start)) @ y) / (k - 1) if start > 0.0 else 0.0
    weights = {"DL": 1.0 / v, "HE": np.ones(k)}
    if method in ("DL2", "CA2"):
        first = max(0.0, _moments(y, v, "DL" if method == "DL2" else "HE"))
        weights[method] = 1.0 / (v + first)
    matrix = _projection(weights[method])
    return float((y @ matrix @ y - (np.diag(matrix) * v).sum()) / np.trace(matrix))


def _root(falling: Callable[[float], float]) -> float:
    """Return the root of a falling function above 0, or 0."""
    if falling(0.0) <= 0.0:
        return 0.0
    far = 1.0
    while falling(far) > 0.0:
        far *= 4.0
    return float(optimize.brentq(falling, 0.0, far, xtol=1e-15, rtol=1e-14))


def _likelihood(y: Floats, v: Floats, *, restricted: bool) -> float:
    """Maximise the likelihood on a grid, then find the root of its slope between the neighbours of the best point."""
    contrasts = linalg.null_space(np.ones((1, len(y))))
    eigenvalues, vectors = np.linalg.eigh(contrasts.T @ (v[:, None] * contrasts))
    squares = (vectors.T @ contrasts.T @ y) ** 2
    spread = eigenvalues if restricted else v

    def height(tau2: Floats) -> Floats:
        logs = np.log(spread + tau2[:, None]).sum(axis=1)
        return np.asarray(-0.5 * (logs + (squares / (eigenvalues + tau2[:, None])).sum(axis=1)))

    def slope(tau2: float) -> float:
        return float((squares / (eigenvalues + tau2) ** 2).sum() - (1.0 / (spread + tau2)).sum())

    top = float(squares.sum()) + float(v.max())
    grid = np.concatenate([[0.0], np.geomspace(1e-8 * float(v.min()), top, _GRID)])
    best = int(np.argmax(height(grid)))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    if slope(float(low)) <= 0.0:
        return 0.0 if best <= 1 else float(grid[best])
    return float(optimize.brentq(slope, float(low), float(high), xtol=1e-15, rtol=1e-14))
