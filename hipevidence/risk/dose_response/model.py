"""Dose-response meta-analysis in one or two stages."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, Literal, cast

import numpy as np
from scipy import stats

from hipevidence.effects._elements import check_choice
from hipevidence.effects.result import check_level, normal_quantile
from hipevidence.errors import InputError
from hipevidence.results import Interval, Result
from hipevidence.risk._quantity import Elementwise
from hipevidence.risk.dose_response.basis import Basis, linear
from hipevidence.risk.dose_response.covariance import CovarianceMethod, covariance
from hipevidence.risk.dose_response.mixed import Block, Method, MixedFit, fit_mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from hipevidence.effects._elements import Array
    from hipevidence.risk.dose_response.study import DoseStudy

Stages = Literal["one", "two"]

METHODS: Final = ("REML", "ML", "FE")
ALONE: Final = "one study: differences between studies cannot be estimated and stand at zero"
NOT_SETTLED: Final = "the likelihood is nearly flat at its maximum; the between-study covariances are uncertain"


@dataclasses.dataclass(frozen=True, slots=True)
class Curve(Elementwise):
    """A dose-response curve.

    Attributes
    ----------
    dose
        Doses, shape (n,).
    ratio
        Ratio against the reference dose, shape (n,).
    ci
        Pointwise limits, arrays of shape (n,).
    reference
        Dose at which the ratio is 1.
    """

    dose: Array
    ratio: Array
    ci: Interval
    reference: float


@dataclasses.dataclass(frozen=True, slots=True)
class DoseResponse(Result):
    """A pooled dose-response model, on the scale of natural logarithms of ratios.

    Attributes
    ----------
    coefficients
        One for each column of the basis, shape (p,); ``nan`` where nothing could be fitted.
    covariance
        Their covariance matrix, (p, p).
    between
        Between-study covariance matrix of the coefficients, (p, p).
    chi2, df, p_value
        Wald test that the whole curve is flat.
    q, q_df, q_p_value
        Cochran's Q test that the studies share one curve (two stages), or that one curve fits all points (one stage).
    log_likelihood
        At the optimum; restricted for REML.
    studies, points
        Number of studies, and of ratios beside the references, that entered.
    basis
        Shape of the curve.
    stages, method, covariance_method
        How it was fitted.
    level
        Coverage of intervals.
    reason
        Which studies had to stay out and why, or what else a reader has to know; ``""`` otherwise.
    """

    coefficients: Array
    covariance: Array
    between: Array
    chi2: float
    df: int
    p_value: float
    q: float
    q_df: int
    q_p_value: float
    log_likelihood: float
    studies: int
    points: int
    basis: Basis
    stages: Stages
    method: Method
    covariance_method: CovarianceMethod
    level: float
    reason: str = ""

    @property
    def standard_errors(self) -> Array:
        """Standard errors of the coefficients, shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype=np.float64)

    @property
    def ci(self) -> Interval:
        """Normal-theory limits of the coefficients, arrays of shape (p,)."""
        half = normal_quantile(self.level) * self.standard_errors
        return Interval(cast("float", self.coefficients - half), cast("float", self.coefficients + half), self.level)

    def curve(self, dose: ArrayLike, *, reference: float = 0.0) -> Curve:
        """Return the curve at some doses.

        Parameters
        ----------
        dose
            Doses, shape (n,). Beyond those of the studies the curve is only what its shape says.
        reference
            Dose with which they are compared.

        Returns
        -------
        Curve
            Ratios with pointwise limits; exactly 1 at the reference.
        """
        x = np.atleast_1d(np.asarray(dose, dtype=np.float64))
        contrast = self.basis.columns(x) - self.basis.columns(reference)
        centre = contrast @ self.coefficients
        se = np.sqrt(np.einsum("ij,jk,ik->i", contrast, self.covariance, contrast))
        half = normal_quantile(self.level) * se
        limits = (np.exp(centre - half), np.exp(centre + half))
        ci = Interval(cast("float", limits[0]), cast("float", limits[1]), self.level)
        return Curve(x, np.asarray(np.exp(centre), dtype=np.float64), ci, reference)

    def test(self, columns: Sequence[int]) -> tuple[float, int, float]:
        """Return the Wald test that some coefficients are zero: chi-squared, degrees of freedom, P value.

        Parameters
        ----------
        columns
            Positions of the coefficients; all but the first of a spline test its departure from a straight line.
        """
        picked = list(columns)
        part = self.coefficients[picked]
        chi2 = float(part @ np.linalg.solve(self.covariance[np.ix_(picked, picked)], part))
        return chi2, len(picked), float(stats.chi2.sf(chi2, len(picked)))


def dose_response(
    studies: Sequence[DoseStudy],
    *,
    basis: Basis | None = None,
    stages: Stages = "two",
    method: Method = "REML",
    covariance_method: CovarianceMethod = "greenland_longnecker",
    level: float = 0.95,
) -> DoseResponse:
    """Pool dose-response tables of one or more studies into one curve.

    Parameters
    ----------
    studies
        Tables with doses in one unit.
    basis
        Shape of the curve; a straight line on the logarithmic scale if left out.
    stages
        ``"two"``: a curve for each study, then a multivariate meta-analysis of the coefficients; studies with fewer
        ratios than coefficients stay out. ``"one"``: all ratios at once, every study enters.
    method
        Between-study covariances by ``"REML"`` or ``"ML"``, or none (``"FE"``).
    covariance_method
        How the covariances within each study are had, as in ``covariance``.
    level
        Coverage of intervals.

    Returns
    -------
    DoseResponse
        Coefficients, tests, and ``curve`` for ratios.

    Raises
    ------
    InputError
        If there is no study or an option does not exist.

    Notes
    -----
    Each study is modelled without intercept in differences from its own reference dose. Where every study has at
    least as many ratios as coefficients both ways give the same estimate, because the study's coefficients are
    sufficient.

    References
    ----------
    Greenland S, Longnecker MP (1992). https://doi.org/10.1093/oxfordjournals.aje.a116237
    Orsini N, Li R, Wolk A, Khudyakov P, Spiegelman D (2012). https://doi.org/10.1093/aje/kwr265
    Crippa A, Discacciati A, Bottai M, Spiegelman D, Orsini N (2019). https://doi.org/10.1177/0962280218773122

    Examples
    --------
    >>> from hipevidence.risk.dose_response import DoseStudy
    >>> rohan = DoseStudy.from_limits(
    ...     "Rohan 1988",
    ...     "case_control",
    ...     dose=[0, 2, 6, 11],
    ...     ratio=[1, 0.80, 1.16, 1.57],
    ...     low=[1, 0.51, 0.73, 0.99],
    ...     high=[1, 1.27, 1.85, 2.51],
    ...     cases=[165, 74, 90, 122],
    ...     total=[337, 167, 186, 212],
    ... )
    >>> trend = dose_response([rohan])
    >>> trend.coefficients.round(4), trend.standard_errors.round(4)
    (array([0.0454]), array([0.0207]))
    """
    check_choice("stages", stages, ("one", "two"))
    check_choice("method", method, METHODS)
    check_level(level)
    if not studies:
        raise InputError("no study; allowed: one or more. Give at least one dose-response table.")
    shape = basis or linear()
    blocks, notes = _blocks(studies, shape, stages, covariance_method)
    fit = _fit(blocks, shape.size, method if len(blocks) > 1 else "FE")
    if len(blocks) == 1 and method != "FE":
        notes.append(ALONE)
    if not fit.converged:
        notes.append(NOT_SETTLED)
    return _result(fit, blocks, studies, shape, stages, method, covariance_method, level, "; ".join(notes))


def _fit(blocks: dict[str, Block], p: int, method: Method) -> MixedFit:
    design = np.concatenate([block.X for block in blocks.values()]) if blocks else np.empty((0, p))
    if np.linalg.matrix_rank(design) < p:
        gone = np.full(p, np.nan)
        square = np.full((p, p), np.nan)
        return MixedFit(gone, square, square, np.nan, np.nan, 0, converged=True)
    return fit_mixed(list(blocks.values()), method)


def _blocks(
    studies: Sequence[DoseStudy], basis: Basis, stages: Stages, method: CovarianceMethod
) -> tuple[dict[str, Block], list[str]]:
    """Return what each study gives the model, and who had to stay out."""
    blocks: dict[str, Block] = {}
    notes = []
    for position, study in enumerate(studies):
        found = covariance(study, method)
        design = basis.columns(study.dose)[1:] - basis.columns(study.dose[:1])
        if found.reason:
            notes.append(f"{study.label} left out: {found.reason}")
        elif stages == "two" and np.linalg.matrix_rank(design) < basis.size:
            notes.append(f"{study.label} left out: too few doses for a curve of its own; one stage would use it")
        else:
            block = Block(study.log_ratio, design, found.matrix)
            blocks[f"{position} {study.label}"] = _own_curve(block) if stages == "two" else block
    if not blocks:
        notes.append("no study is left to fit")
    return blocks, notes


def _own_curve(block: Block) -> Block:
    """Return a study's own coefficients as the responses of the second stage."""
    alone = fit_mixed([block], "FE")
    return Block(alone.coefficients, np.eye(alone.coefficients.size), alone.covariance)


def _result(
    fit: MixedFit,
    blocks: dict[str, Block],
    studies: Sequence[DoseStudy],
    basis: Basis,
    stages: Stages,
    method: Method,
    covariance_method: CovarianceMethod,
    level: float,
    reason: str,
) -> DoseResponse:
    chi2 = float(fit.coefficients @ np.linalg.solve(fit.covariance, fit.coefficients))
    entered = [study for position, study in enumerate(studies) if f"{position} {study.label}" in blocks]
    tested = fit.q_df > 0
    return DoseResponse(
        coefficients=fit.coefficients,
        covariance=fit.covariance,
        between=fit.psi,
        chi2=chi2,
        df=basis.size,
        p_value=float(stats.chi2.sf(chi2, basis.size)),
        q=fit.q if tested else np.nan,
        q_df=fit.q_df,
        q_p_value=float(stats.chi2.sf(fit.q, fit.q_df)) if tested else np.nan,
        log_likelihood=fit.log_likelihood,
        studies=len(entered),
        points=sum(study.dose.size - 1 for study in entered),
        basis=basis,
        stages=stages,
        method=method,
        covariance_method=covariance_method,
        level=level,
        reason=reason,
    )
