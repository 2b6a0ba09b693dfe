"""From reported differences between arms to a network; the arms of a multi-arm trial are solved from them."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import special

from hipevidence.errors import InputError
from hipevidence.network.columns import labels, numbers, refuse, rows_by
from hipevidence.network.laplacian import pseudo_inverse
from hipevidence.network.trials import NetworkData, Trial, assemble, find_pieces, without_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats


class _Rows(NamedTuple):
    """The contrasts of one trial."""

    first: list[str]
    second: list[str]
    effect: list[float]
    se: list[float]
    n1: list[float]
    n2: list[float]


def from_contrasts(
    *,
    study: Iterable[Any],
    treatment1: Iterable[Any],
    treatment2: Iterable[Any],
    effect: npt.ArrayLike,
    se: npt.ArrayLike | None = None,
    ci_low: npt.ArrayLike | None = None,
    ci_high: npt.ArrayLike | None = None,
    level: float = 0.95,
    covariances: Mapping[str, npt.ArrayLike] | None = None,
    n1: npt.ArrayLike | None = None,
    n2: npt.ArrayLike | None = None,
    measure: str = "",
    closing: float = 0.1,
) -> NetworkData:
    """Make network data from one row per reported difference.

    Parameters
    ----------
    study
        Name of the trial of each row, k values.
    treatment1, treatment2
        The arms compared, k values each.
    effect
        Treatment 1 minus treatment 2 on the analysis scale (log odds ratios, not odds ratios), shape (k,).
    se
        Standard errors, shape (k,); or
    ci_low, ci_high
        confidence limits on the analysis scale, shape (k,): se = (high - low) / (2 z).
    level
        Coverage of those limits.
    covariances
        For trials given by a - 1 differences only: covariance matrix of their rows, in the order of the rows, by study.
        Their standard errors are then not needed.
    n1, n2
        People in each of the two arms, shape (k,); used by the picture only.
    measure
        Code of the measure, kept for the record.
    closing
        By how much the differences of a multi-arm trial may fail to add up, as a share of the smallest of their
        standard errors (printed figures are rounded).

    Returns
    -------
    NetworkData
        One trial per study.

    Raises
    ------
    InputError
        If a figure is missing or impossible, a multi-arm trial lacks one of its pairs (and has no covariance matrix),
        its differences contradict each other, or its standard errors do; all such trials are listed.

    Notes
    -----
    A trial of a arms gives all a(a - 1)/2 differences with variances V. The covariance of its arms about their mean is
    -JVJ/2 with J = I - 11'/a; for three arms this amounts to var_1 = (V12 + V13 - V23)/2.

    References
    ----------
    Rücker G (2012). Res Synth Methods 3:312-324. https://doi.org/10.1002/jrsm.1058
    Rücker G, Schwarzer G (2014). Stat Med 33:4353-4369. https://doi.org/10.1002/sim.6236

    Examples
    --------
    >>> trial = from_contrasts(study=["Hott"] * 3, treatment1=["hip", "hip", "knee"],
    ...                        treatment2=["none", "knee", "none"], effect=[1.0, 0.8, 0.2],
    ...                        ci_low=[-4.6, -4.8, -5.5], ci_high=[6.6, 6.4, 6.0]).trials[0]
    >>> trial.arms, (trial.arm_variances ** 0.5).round(2).tolist()
    (('hip', 'knee', 'none'), [1.96, 2.07, 2.07])
    """
    names = labels("study", study)
    k = len(names)
    columns = (
        labels("treatment1", treatment1, k),
        labels("treatment2", treatment2, k),
        numbers("effect", effect, k).tolist(),
        _standard_errors(se, ci_low, ci_high, level, k).tolist(),
        numbers("n1", n1, k).tolist(),
        numbers("n2", n2, k).tolist(),
    )
    known = {str(name): np.asarray(matrix, dtype=np.float64) for name, matrix in (covariances or {}).items()}
    unknown = sorted(set(known) - set(names))
    problems = [f"covariances: there is no study {name!r}; allowed: a study of the table." for name in unknown]
    trials = []
    for name, rows in rows_by(names).items():
        own = _Rows._make([column[row] for row in rows] for column in columns)
        try:
            trials.append(_trial(name, own, known.get(name), closing))
        except InputError as error:
            problems.append(f"study {name!r}: {error}")
    refuse(problems)
    return assemble(trials, measure)


def _standard_errors(
    se: npt.ArrayLike | None, low: npt.ArrayLike | None, high: npt.ArrayLike | None, level: float, k: int
) -> Floats:
    """Return the standard errors given, and where there is none, those behind the limits."""
    if not 0.0 < level < 1.0:
        raise InputError(f"level: found {level!r}; allowed: a number between 0 and 1, such as 0.95.")
    given = numbers("se", se, k)
    width = numbers("ci_high", high, k) - numbers("ci_low", low, k)
    return np.where(np.isnan(given), width / (2.0 * special.ndtri(0.5 + level / 2.0)), given)


def _trial(name: str, rows: _Rows, covariance: Floats | None, closing: float) -> Trial:
    arms = tuple(sorted({*rows.first, *rows.second}))
    _check_pairs(rows, arms, covariance)
    people = _people(rows, arms)
    place = {arm: position for position, arm in enumerate(arms)}
    left, right = [place[arm] for arm in rows.first], [place[arm] for arm in rows.second]
    if covariance is not None:
        differences = np.zeros((len(left), len(arms)))
        differences[np.arange(len(left)), left] = 1.0
        differences[np.arange(len(left)), right] = -1.0
        back = np.linalg.pinv(differences)
        return _checked(Trial(name, arms, back @ np.array(rows.effect), back @ covariance @ back.T, people))
    if len(arms) == 2:
        half = 0.5 * rows.effect[0] if left[0] == 0 else -0.5 * rows.effect[0]
        return Trial(name, arms, np.array([half, -half]), rows.se[0] ** 2 * _QUARTERS, people)
    values, variances = np.zeros((len(arms), len(arms))), np.zeros((len(arms), len(arms)))
    values[left, right] = rows.effect
    values -= values.T
    variances[left, right] = variances[right, left] = np.square(rows.se)
    error, smallest = _closing_error(values), min(rows.se)
    if error > closing * smallest:
        raise InputError(
            f"its differences do not add up: round a loop of three arms {error:g} is left over, with a smallest "
            f"standard error of {smallest:g}; allowed: {closing:g} of that. Check signs and figures."
        )
    keep = without_mean(len(arms))
    trial = Trial(name, arms, np.zeros(len(arms)), -0.5 * keep @ variances @ keep, people, error)
    _checked(trial)
    return Trial(name, arms, _arm_values(values, trial.covariance), trial.covariance, people, error)


def _check_pairs(rows: _Rows, arms: tuple[str, ...], covariance: Floats | None) -> None:
    """Raise unless these rows determine every difference between the arms, with its variance."""
    _check_figures(rows, arms, covariance)
    if covariance is not None:
        count = len(rows.effect)
        if covariance.shape != (count, count):
            raise InputError(f"its covariance matrix has shape {covariance.shape}; allowed: {(count, count)}.")
        if not (np.isfinite(covariance).all() and np.allclose(covariance, covariance.T, rtol=1e-8, atol=0.0)):
            raise InputError("its covariance matrix is not symmetric or not finite; allowed: a covariance matrix.")
        if count != len(arms) - 1 or len(find_pieces(arms, zip(rows.first, rows.second, strict=True))) > 1:
            raise InputError(
                f"found {count} rows with a covariance matrix for {len(arms)} arms; allowed: one row fewer than arms, "
                "joining them all."
            )
        return
    pairs = set(map(frozenset, zip(rows.first, rows.second, strict=True)))
    missing = [f"{a} v {b}" for i, a in enumerate(arms) for b in arms[i + 1 :] if frozenset((a, b)) not in pairs]
    if missing:
        raise InputError(
            f"it has {len(arms)} arms, but no difference {', '.join(missing)}; allowed: every pair, or one row fewer "
            "than arms with their covariance matrix in covariances."
        )


def _check_figures(rows: _Rows, arms: tuple[str, ...], covariance: Floats | None) -> None:
    """Raise unless each row compares two arms once, with an effect and a standard error."""
    if any(map(operator.eq, rows.first, rows.second)):
        raise InputError("an arm is compared with itself; allowed: two different treatments in each row.")
    if len(set(map(frozenset, zip(rows.first, rows.second, strict=True)))) < len(rows.first):
        raise InputError(f"a pair of {', '.join(arms)} stands there twice; allowed: once.")
    if not all(map(math.isfinite, rows.effect)):
        raise InputError("an effect is missing or not finite; allowed: a finite number in each row.")
    if covariance is None and not all(0.0 < error < math.inf for error in rows.se):
        raise InputError("a standard error is missing, 0 or negative; allowed: se greater than 0, or ci_low < ci_high.")


def _people(rows: _Rows, arms: tuple[str, ...]) -> Floats:
    """Return the people in each arm; ``nan`` where no row says."""
    found: dict[str, float] = {}
    for arm, count in (*zip(rows.first, rows.n1, strict=True), *zip(rows.second, rows.n2, strict=True)):
        if not math.isnan(count):
            found.setdefault(arm, count)
    return np.array([found.get(arm, math.nan) for arm in arms])


def _closing_error(values: Floats) -> float:
    """Return the largest |d_ij + d_jk + d_ki| over all loops of three arms."""
    loops = values[:, :, None] + values[None, :, :] + values.T[:, None, :]
    return float(np.abs(loops).max()) if len(values) > 2 else 0.0


def _checked(trial: Trial) -> Trial:
    """Return the trial if differences between its arms can have that covariance."""
    spectrum = np.linalg.eigvalsh(trial.covariance)
    if spectrum[0] < -_SLACK * spectrum[-1] or spectrum[1] <= _SLACK * spectrum[-1]:
        raise InputError(
            "its standard errors contradict each other: no three (or more) arms have differences with these variances; "
            "allowed: no standard error beyond what the other comparisons of the trial permit. Check the figures."
        )
    return trial


_SLACK = 1e-10
_QUARTERS = np.array([[0.25, -0.25], [-0.25, 0.25]])
"""The covariance of the arms of a two-arm trial about their mean, for a difference of variance 1."""


def _arm_values(values: Floats, covariance: Floats) -> Floats:
    """Return the arms' effects that fit the differences best, weighted by the trial's reduced weights."""
    laplacian = pseudo_inverse(covariance, np.ones(values.shape, dtype=np.bool_))
    return np.asarray(covariance @ (-laplacian * values).sum(axis=1), dtype=np.float64)
