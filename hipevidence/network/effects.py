"""Every treatment against every other: the matrices of a model, and one comparison taken out of them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.trials import spread
from hipevidence.pooling import inference
from hipevidence.results import Interval, Result, Table

if TYPE_CHECKING:
    from hipevidence.network.laplacian import Potentials
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Effects of n treatments by one model; matrices hold row treatment minus column treatment, shape (n, n).

    Attributes
    ----------
    effect, se
        Effect and its standard error; ``nan`` between pieces of a disconnected network.
    low, high
        Confidence limits.
    statistic, p_value
        effect / se and its two-sided P value; ``nan`` on the diagonal.
    df
        Degrees of freedom of tests and intervals, infinite for normal ones.
    theta, covariance
        Effects counted from the mean of each piece, shape (n,), and their covariance, shape (n, n).
    weights
        Weight of each direct comparison (reduced weights where trials have several arms), shape (n, n).
    """

    effect: Floats
    se: Floats
    low: Floats
    high: Floats
    statistic: Floats
    p_value: Floats
    df: float
    theta: Floats
    covariance: Floats
    weights: Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison(Result):
    """One treatment minus another.

    Attributes
    ----------
    treatment, other
        What is compared with what.
    estimate, se, ci
        Effect, standard error, confidence interval.
    statistic, p_value
        Test against no difference.
    prediction
        Where the true effect of a new trial is expected (random effects only).
    reason
        Why there is no number; empty if there is one.
    """

    treatment: str
    other: str
    estimate: float
    se: float
    ci: Interval
    statistic: float
    p_value: float
    prediction: Interval
    reason: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Comparisons(Table):
    """Several treatments against others, by one model; arrays have shape (m,).

    Attributes
    ----------
    treatment, other
        What is compared with what.
    estimate, se, low, high
        Treatment minus other, standard error, confidence limits.
    statistic, p_value
        Test against no difference.
    prediction_low, prediction_high
        Where the true effect of a new trial is expected (random effects only).
    model, level
        Model and coverage.
    """

    treatment: tuple[str, ...]
    other: tuple[str, ...]
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    statistic: Floats
    p_value: Floats
    prediction_low: Floats
    prediction_high: Floats
    model: str
    level: float


def matrices(rows: Rows, fit: Potentials, factor: float, df: float, level: float) -> Effects:
    """Return all comparisons of a fit, variances multiplied by ``factor``, tested by t with ``df``."""
    covariance = fit.covariance * factor
    apart = rows.piece[:, None] != rows.piece[None, :]
    effect = fit.theta[:, None] - fit.theta[None, :]
    se = np.sqrt(np.maximum(spread(covariance), 0.0))
    effect[apart], se[apart] = np.nan, np.nan
    half = float(inference.critical_value(level, np.array([df]))[0]) * se
    np.fill_diagonal(half, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = effect / se
    np.fill_diagonal(statistic, np.nan)
    p_value = inference.two_sided_p(statistic, np.full_like(statistic, df))
    weights = -fit.laplacian
    np.fill_diagonal(weights, 0.0)
    return Effects(effect, se, effect - half, effect + half, statistic, p_value, df, fit.theta, covariance, weights)


def compare(
    effects: Effects, first: tuple[int, str], second: tuple[int, str], prediction: Interval, apart: str
) -> Comparison:
    """Take one comparison out of the matrices; ``apart`` says why it may be missing."""
    (i, treatment), (j, other) = first, second
    estimate = float(effects.effect[i, j])
    return Comparison(
        treatment,
        other,
        estimate,
        float(effects.se[i, j]),
        Interval(float(effects.low[i, j]), float(effects.high[i, j]), prediction.level),
        float(effects.statistic[i, j]),
        float(effects.p_value[i, j]),
        prediction,
        apart if np.isnan(estimate) else "",
    )


def place(treatment: str, treatments: tuple[str, ...]) -> int:
    """Return where a treatment stands in every matrix.

    Raises
    ------
    InputError
        If there is no such treatment.
    """
    if treatment not in treatments:
        raise InputError(f"treatment: found {treatment!r}; allowed: {', '.join(treatments)}.")
    return treatments.index(treatment)


def compare_all(
    effects: Effects,
    treatments: tuple[str, ...],
    reference: str,
    prediction: tuple[Floats, Floats] | None,
    *,
    model: str,
    level: float,
) -> Comparisons:
    """Take every comparison with ``reference`` out of the matrices; without ``prediction`` nothing is predicted."""
    j = place(reference, treatments)
    rows = np.delete(np.arange(len(treatments)), j)
    nothing = np.full(len(rows), np.nan)
    low, high = (nothing, nothing) if prediction is None else (limit[rows, j] for limit in prediction)
    return Comparisons(
        treatment=tuple(treatments[row] for row in rows),
        other=(reference,) * len(rows),
        estimate=effects.effect[rows, j],
        se=effects.se[rows, j],
        low=effects.low[rows, j],
        high=effects.high[rows, j],
        statistic=effects.statistic[rows, j],
        p_value=effects.p_value[rows, j],
        prediction_low=low,
        prediction_high=high,
        model=model,
        level=level,
    )
