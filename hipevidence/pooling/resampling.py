"""Bootstrap of a meta-analysis, and the prediction interval that rests on it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.pooling.batch import chunks
from hipevidence.pooling.checks import check_studies
from hipevidence.pooling.kernel import fit_many
from hipevidence.pooling.model import pool
from hipevidence.pooling.quadratic_form import upper_tail
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

KINDS = ("parametric", "case")
"""Ways to make new data: draw effects from the fitted model, or draw studies with replacement."""
_GRID = 200


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Bootstrap(Result):
    """Bootstrap distribution with percentile intervals.

    Attributes
    ----------
    estimate, tau2, i2
        Values of each draw, shape (draws,).
    estimate_ci, tau2_ci, i2_ci
        Percentile intervals.
    kind
        How data were drawn.
    seed
        Seed of the draws.
    """

    estimate: Floats
    tau2: Floats
    i2: Floats
    estimate_ci: Interval
    tau2_ci: Interval
    i2_ci: Interval
    kind: str
    seed: int


def bootstrap(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    kind: str = "parametric",
    draws: int = 2000,
    method: str = "REML",
    level: float = 0.95,
    seed: int = 1,
) -> Bootstrap:
    """Fit the model to data drawn anew, many times.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    kind
        ``"parametric"``: effects from N(estimate, v + tau²); ``"case"``: studies with replacement.
    draws
        Number of draws.
    method, level
        As in :func:`hipevidence.pooling.pool`.
    seed
        Seed of the draws.

    Returns
    -------
    Bootstrap
        The draws, and percentile intervals.

    Examples
    --------
    >>> result = bootstrap([0.1, 0.3, 0.8, 0.5], [0.02, 0.03, 0.02, 0.05], draws=500, seed=7)
    >>> result.estimate.shape, result.estimate_ci.contains(0.4)
    ((500,), True)
    """
    y, v = check_studies(yi, vi, at_least=2)
    if kind not in KINDS:
        raise InputError(f"kind: found {kind!r}; allowed: {', '.join(KINDS)}.")
    if draws < 1:
        raise InputError(f"draws: found {draws}; allowed: 1 or more.")
    fitted = pool(y, v, method=method, tau2_ci=None, prediction=None)
    generator = np.random.default_rng(seed)
    values = np.empty((3, draws))
    for rows in chunks(draws, len(y)):
        size = (rows.stop - rows.start, len(y))
        if kind == "parametric":
            new_y, new_v = generator.normal(fitted.estimate, np.sqrt(v + fitted.tau2), size), np.broadcast_to(v, size)
        else:
            places = generator.integers(0, len(y), size)
            new_y, new_v = y[places], v[places]
        fits = fit_many(new_y, new_v, method=method, ci="wald", prediction=None)
        values[:, rows] = fits.estimate, fits.tau2, fits.i2
    estimate, tau2, i2 = values
    return Bootstrap(
        estimate=estimate,
        tau2=tau2,
        i2=i2,
        estimate_ci=_percentiles(estimate, level),
        tau2_ci=_percentiles(tau2, level),
        i2_ci=_percentiles(i2, level),
        kind=kind,
        seed=seed,
    )


def _percentiles(values: Floats, level: float) -> Interval:
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(values, [tail, 1.0 - tail])
    return Interval(float(low), float(high), level)


def predict_bootstrap(
    yi: npt.ArrayLike, vi: npt.ArrayLike, *, draws: int = 25_000, level: float = 0.95, seed: int = 1
) -> Interval:
    """Predict the true effect of a new study by the parametric bootstrap of Nagashima, Noma & Furukawa.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,), k at least 2.
    draws
        Number of draws.
    level
        Coverage, which this interval keeps even with few studies.
    seed
        Seed of the draws.

    Returns
    -------
    Interval
        Prediction interval.

    Notes
    -----
    tau² is drawn from its exact confidence distribution (that of Q with weights 1 / v, a weighted sum of chi-squares),
    the mean from a t with k - 1 degrees of freedom around its estimate at that tau², the new effect around both.

    References
    ----------
    Nagashima, Noma & Furukawa (2019), doi:10.1177/0962280218773520.

    Examples
    --------
    >>> interval = predict_bootstrap([0.1, 0.3, 0.8, 0.5], [0.02, 0.03, 0.02, 0.05], draws=2000)
    >>> interval.low < 0.1 < 0.8 < interval.high
    True
    """
    y, v = check_studies(yi, vi, at_least=2)
    generator = np.random.default_rng(seed)
    tau2 = _draw_tau2(y, v, generator.random(draws))
    mean, se = np.empty(draws), np.empty(draws)
    for rows in chunks(draws, len(y)):
        weights = 1.0 / (v + tau2[rows, None])
        total = weights.sum(axis=1)
        mean[rows] = (weights * y).sum(axis=1) / total
        squares = (weights * (y - mean[rows, None]) ** 2).sum(axis=1)
        se[rows] = np.sqrt(squares / total / (len(y) - 1))
    new = mean + generator.standard_normal(draws) * np.sqrt(tau2) - generator.standard_t(len(y) - 1, draws) * se
    return _percentiles(new, level)


def _draw_tau2(y: Floats, v: Floats, uniform: Floats) -> Floats:
    """Invert P(Q > observed) as a function of tau² at uniform numbers, on a fine grid of tau²."""
    weights = 1.0 / v
    matrix = np.diag(weights) - np.outer(weights, weights) / weights.sum()
    observed = float(y @ matrix @ y)
    scale = float((len(y) - 1) / np.trace(matrix))
    top = max(observed / float(np.trace(matrix)), scale)
    while _tail(matrix, v, observed, top) < 1.0 - 1e-6:
        top *= 4.0
    grid = np.concatenate([[0.0], np.geomspace(1e-4 * scale, top, _GRID)])
    tails = np.maximum.accumulate([_tail(matrix, v, observed, float(tau2)) for tau2 in grid])
    return np.asarray(np.interp(uniform, tails, grid))


def _tail(matrix: Floats, v: Floats, observed: float, tau2: float) -> float:
    roots = np.sqrt(v + tau2)
    eigenvalues = np.linalg.eigvalsh(roots[:, None] * matrix * roots)
    return upper_tail(observed, eigenvalues[eigenvalues > 1e-12 * eigenvalues[-1]])
