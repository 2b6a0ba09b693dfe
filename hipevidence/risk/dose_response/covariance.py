"""How the ratios of one study go together: they share their reference category.

Papers print standard errors and no covariances. Greenland and Longnecker find counts that agree with the adjusted
ratios and with the printed margins, Hamling and others find counts that agree with ratios and standard errors; either
set of counts gives correlations.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from scipy import optimize, special

from hipevidence.effects._elements import Array, check_choice
from hipevidence.results import Result

if TYPE_CHECKING:
    from hipevidence.risk.dose_response.study import DoseStudy

CovarianceMethod = Literal["greenland_longnecker", "hamling", "independent"]

METHODS: Final = ("greenland_longnecker", "hamling", "independent")
TOLERANCE: Final = 1e-9
SIGNS: Final = {"case_control": 1, "cumulative": -1, "incidence": 0}
"""How what cases are compared with enters the variance of a log ratio: its reciprocal added, subtracted or left out."""


@dataclasses.dataclass(frozen=True, slots=True)
class CovarianceMatrix(Result):
    """Covariances of a study's log ratios, and the counts they come from.

    Attributes
    ----------
    matrix
        Shape (categories - 1, categories - 1), squared natural logarithms; ``nan`` where it cannot be had.
    cases, total
        Fitted cases, and people or person-time, of every category with the reference first; ``nan`` where the method
        fits none.
    method
        Name of the method.
    reason
        Why there is no matrix, ``""`` where there is one.
    """

    matrix: Array
    cases: Array
    total: Array
    method: CovarianceMethod
    reason: str = ""


def covariance(study: DoseStudy, method: CovarianceMethod = "greenland_longnecker") -> CovarianceMatrix:
    """Return the covariance matrix of a study's log ratios.

    Parameters
    ----------
    study
        The dose-response table.
    method
        ``"greenland_longnecker"``, ``"hamling"`` or ``"independent"`` (zero covariances: wrong, for comparison).

    Returns
    -------
    CovarianceMatrix
        Its diagonal holds the printed variances.

    Raises
    ------
    InputError
        If there is no such method.

    Notes
    -----
    With fitted cases A, controls B and totals N, the reference having index 0, the covariance of two crude log ratios
    is c = 1/A₀ + 1/B₀ (case-control), 1/A₀ - 1/N₀ (cumulative) or 1/A₀ (incidence), and their variances are that plus
    the same sum of their own counts. Greenland-Longnecker takes correlations from these and standard errors from the
    paper; of Hamling's counts the variances are the printed ones already.

    References
    ----------
    Greenland S, Longnecker MP (1992). https://doi.org/10.1093/oxfordjournals.aje.a116237
    Hamling J, Lee P, Weitkunat R, Ambühl M (2008). https://doi.org/10.1002/sim.3013
    """
    check_choice("method", method, METHODS)
    variances = study.standard_error[1:] ** 2
    if method == "independent":
        empty = np.full(study.dose.shape, np.nan)
        return CovarianceMatrix(np.diag(variances), empty, empty, method)
    cases, total, reason = _margin_counts(study) if method == "greenland_longnecker" else _hamling_counts(study)
    if reason:
        return CovarianceMatrix(np.full((variances.size, variances.size), np.nan), cases, total, method, reason)
    shared, own = _crude_variances(study.design, cases, total)
    # Hamling's counts have the printed variances; of the others only the correlations are taken
    stretch = np.ones_like(own) if method == "hamling" else np.sqrt(variances / (shared + own))
    matrix = shared * np.outer(stretch, stretch)
    np.fill_diagonal(matrix, variances)
    return CovarianceMatrix(matrix, cases, total, method)


def _crude_variances(design: str, cases: Array, total: Array) -> tuple[float, Array]:
    """Return what the crude log ratios share, and what each has of its own."""
    rest = total - cases if design == "case_control" else total
    parts = 1 / cases + SIGNS[design] / rest
    return float(parts[0]), parts[1:]


def _margin_counts(study: DoseStudy) -> tuple[Array, Array, str]:
    """Return the counts with the printed totals and all cases of which the ratios are the printed ones."""
    all_cases = float(study.cases.sum())
    if study.design == "case_control":
        # ln odds of the reference is the one unknown; the fitted cases rise with it, so there is one root
        def excess(log_odds: float) -> float:
            fitted = study.total * special.expit(log_odds + np.log(study.ratio))
            return float(fitted.sum()) - all_cases

        if not 0 < all_cases < study.total.sum():
            return _none(study, "without cases, or with nothing but cases, there are no counts to fit")
        root = optimize.brentq(excess, -60.0, 60.0, xtol=1e-13, rtol=1e-14)
        cases = study.total * special.expit(root + np.log(study.ratio))
    else:
        cases = study.ratio * study.total * all_cases / float((study.ratio * study.total).sum())
    if study.design == "cumulative" and np.any(cases >= study.total):
        return _none(study, "the ratios and totals would need more cases than people in a category")
    if not np.all(cases > 0):
        return _none(study, "without cases there are no counts to fit")
    return cases, study.total.copy(), ""


def _none(study: DoseStudy, reason: str) -> tuple[Array, Array, str]:
    empty = np.full(study.dose.shape, np.nan)
    return empty, empty, reason


def _hamling_counts(study: DoseStudy) -> tuple[Array, Array, str]:
    """Return the counts that keep ratios, standard errors, share of unexposed and ratio of cases as printed."""
    others = _others(study)
    share = others[0] / others.sum()
    per_case = others.sum() / study.cases.sum()

    def misfit(logs: Array) -> Array:
        cases, rest = _from_reference(study, *np.exp(logs))
        with np.errstate(all="ignore"):  # a step outside the domain; the solver turns back
            return np.array([np.log(rest[0] / rest.sum() / share), np.log(rest.sum() / cases.sum() / per_case)])

    # counts scaled until the smallest printed variance leaves room for the reference's own
    smallest = float((study.standard_error[1:] ** 2).min())
    base = np.array([study.cases[0], others[0]])
    sign = SIGNS[study.design]
    needed = (1 / base[0] + sign / base[1]) / smallest
    for factor in (1.5, 1.1, 2, 3, 5, 10):
        start = np.log(base * max(needed * factor, 1e-3))
        with np.errstate(all="ignore"):  # as above
            found = optimize.root(misfit, start, tol=1e-13)
        cases, rest = _from_reference(study, *np.exp(found.x))
        fits = bool(np.all(np.isfinite(found.fun)) and np.abs(found.fun).max() < TOLERANCE)
        if fits and np.all(cases > 0) and np.all(rest > 0):
            total = cases + rest if study.design == "case_control" else rest
            return cases, total, ""
    return _none(study, "no positive counts give the printed ratios and standard errors")


def _others(study: DoseStudy) -> Array:
    """Return what the cases are compared with: controls, everybody, or person-time."""
    return study.total - study.cases if study.design == "case_control" else study.total


def _from_reference(study: DoseStudy, cases0: float, rest0: float) -> tuple[Array, Array]:
    """Return all counts that follow from those of the reference by the ratios and standard errors."""
    ratio, variance = study.ratio[1:], study.standard_error[1:] ** 2
    sign = SIGNS[study.design]
    with np.errstate(all="ignore"):  # a step outside the domain; the solver turns back
        room = variance - 1 / cases0 - sign / rest0
        cases = (1 + sign * ratio * cases0 / rest0) / room
        rest = (rest0 / (ratio * cases0) + sign) / room
    return np.concatenate([[cases0], cases]), np.concatenate([[rest0], rest])
