"""From rows, studies and covariances to a fitted three-level model with everything but its words."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.multilevel.blocks import Blocks, arrange_blocks
from hipevidence.multilevel.covariance import as_blocks, constant_correlation, study_rows
from hipevidence.multilevel.likelihood import Fit, Inverse, curvature_at, fit_at
from hipevidence.multilevel.maximise import Maximum, climb, find_maxima
from hipevidence.multilevel.profile import profile_interval
from hipevidence.multilevel.result import VarianceComponent
from hipevidence.multilevel.robust import ROBUST_METHODS, robust_covariance
from hipevidence.pooling.certificate import Certificate
from hipevidence.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipevidence.pooling.batch import Booleans, Floats

METHODS = ("REML", "ML")
"""Estimators of the variances."""
COMPONENTS = ("study", "row")
"""Variances a model may have."""
CI_METHODS = ("wald", "t", "t-rows", *ROBUST_METHODS)
"""Interval methods: normal; t with studies - p, and with rows - p degrees of freedom; cluster-robust."""
_FLAT = 0.01
_FEWEST_CLUSTERS = 2
_NOTHING = 1e-24
_NO_INTERVAL = float("nan")


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """How a three-level model is fitted: the names of every convention, checked when made.

    Attributes
    ----------
    method
        Estimator of the variances.
    ci
        Interval method of the coefficients.
    level
        Coverage of all intervals.
    components
        Which variances the model has.
    tau2_ci
        ``PL`` for profile-likelihood intervals of the variances, None for none.
    """

    method: str = "REML"
    ci: str = "t"
    level: float = 0.95
    components: tuple[str, ...] = COMPONENTS
    tau2_ci: str | None = "PL"

    def __post_init__(self) -> None:
        """Check every name."""
        if self.method not in METHODS:
            raise InputError(f"method: found {self.method!r}; allowed: {', '.join(METHODS)}.")
        if self.ci not in CI_METHODS:
            raise InputError(f"ci: found {self.ci!r}; allowed: {', '.join(CI_METHODS)}.")
        if not 0.0 < self.level < 1.0:
            raise InputError(f"level: found {self.level!r}; allowed: a number between 0 and 1, such as 0.95.")
        if not set(self.components) <= set(COMPONENTS):
            raise InputError(f"components: found {self.components!r}; allowed: any of {', '.join(COMPONENTS)}.")
        if self.tau2_ci not in ("PL", None):
            raise InputError(f"tau2_ci: found {self.tau2_ci!r}; allowed: PL, None.")

    @property
    def restricted(self) -> bool:
        """Whether the likelihood is the restricted one."""
        return self.method == "REML"


@dataclasses.dataclass(frozen=True, slots=True)
class Estimated:
    """A fitted model.

    Attributes
    ----------
    blocks, fit
        The data, and the model at the estimated variances.
    study, row
        The two variances.
    i2
        Share of both in the total variance, percent.
    covariance, df, clusters
        Covariance of the coefficients by the interval method, degrees of freedom of their tests, number of clusters.
    q, q_df
        Cochran's Q and its degrees of freedom.
    second_maximum
        How much lower the next maximum of the log-likelihood lies; ``nan`` if there is only one.
    reasons
        What could not be told.
    certificate
        What vouches for the variances.
    """

    blocks: Blocks
    fit: Fit
    study: VarianceComponent
    row: VarianceComponent
    i2: float
    covariance: Floats
    df: Floats
    clusters: int
    q: float
    q_df: int
    second_maximum: float
    reasons: tuple[str, ...]
    certificate: Certificate


def prepare(
    y: Floats,
    v: Floats,
    design: Floats,
    study: npt.ArrayLike,
    sampling_correlation: float,
    covariance: npt.ArrayLike | Sequence[npt.ArrayLike] | None,
) -> Blocks:
    """Return the rows sorted by study and turned."""
    rows = study_rows(study, len(y))
    blocks = None
    if covariance is not None:
        if sampling_correlation:
            raise InputError("covariance: found together with sampling_correlation; allowed: one of them.")
        blocks = as_blocks(covariance, rows, v)
    elif sampling_correlation:
        blocks = constant_correlation(v, study, sampling_correlation)
    return arrange_blocks(y, v, design, rows, blocks)


def estimate(
    blocks: Blocks, options: Options, cluster: npt.ArrayLike | None = None, fixed: Floats | None = None
) -> Estimated:
    """Fit the model.

    Parameters
    ----------
    blocks
        The data.
    options
        Conventions by name.
    cluster
        Label of each row's cluster in the order given, for robust standard errors; None for the studies.
    fixed
        Variances to take as known, shape (2,); None to estimate them.
    """
    free, reasons = _estimable(blocks, options)
    zero = fit_at(blocks, np.zeros(2), restricted=options.restricted)
    unit = _unit(blocks, zero)
    tops = _maxima(blocks, free, unit, options, fixed)
    top = tops[0]
    reasons |= _doubts(tops, free)
    intervals = _intervals(blocks, top, free, unit, options, fixed)
    typical = _typical_variance(blocks, zero)
    parts = _components(top.fit.sigma2, intervals, typical, options, reasons)
    covariance, df, clusters = _uncertainty(blocks, top.fit, options, cluster)
    total = float(top.fit.sigma2.sum())
    return Estimated(
        blocks=blocks,
        fit=top.fit,
        study=parts[0],
        row=parts[1],
        i2=100.0 * total / (total + typical),
        covariance=covariance,
        df=df,
        clusters=clusters,
        q=zero.q,
        q_df=blocks.k - blocks.x.shape[1],
        second_maximum=_gap(tops),
        reasons=tuple(reasons.values()),
        certificate=_certificate(tops, free, fixed),
    )


def _estimable(blocks: Blocks, options: Options) -> tuple[Booleans, dict[str, str]]:
    """Return which variances the data can tell, and why not the others."""
    free = np.array([name in options.components for name in COMPONENTS])
    reasons: dict[str, str] = {}
    if blocks.k <= blocks.x.shape[1]:
        if free.any():
            reasons["both"] = "variances need more rows than coefficients"
        return np.zeros(2, dtype=np.bool_), reasons
    if free[0] and len(blocks.size) <= blocks.x.shape[1]:
        reasons["study"] = "the variance between studies needs more studies than coefficients"
        free[0] = False
    elif free.all() and bool((blocks.size == 1).all()):
        reasons["study"] = (
            "every study has one row, so variances between studies and between rows cannot be told apart; "
            "all of it is reported between rows"
        )
        free[0] = False
    return free, reasons


def _unit(blocks: Blocks, zero: Fit) -> float:
    """Return the size of a variance that matters in these data."""
    spread = float(np.mean(zero.residuals**2))
    return max(spread, 1e-3 * float(np.median(blocks.variance)))


def _maxima(blocks: Blocks, free: Booleans, unit: float, options: Options, fixed: Floats | None) -> list[Maximum]:
    if fixed is not None or not free.any():
        at = np.zeros(2) if fixed is None else fixed
        return [climb(blocks, at, np.zeros(2, dtype=np.bool_), unit, restricted=options.restricted)]
    return find_maxima(blocks, free, unit, restricted=options.restricted)


def _doubts(tops: list[Maximum], free: Booleans) -> dict[str, str]:
    """Say if there is a second maximum, if the likelihood is flat, or if the climb did not settle."""
    top, doubts = tops[0], {}
    if len(tops) > 1:
        doubts["optima"] = f"the likelihood has {len(tops)} maxima; second_maximum says how close they are"
    expected = top.curvature.expected
    if free.all() and np.linalg.det(expected) <= _FLAT * expected[0, 0] * expected[1, 1]:
        doubts["flat"] = (
            "the likelihood is nearly flat along the sum of both variances: hardly any study has several rows that "
            "could tell them apart"
        )
    if not top.converged:
        doubts["climb"] = "the search for the maximum of the likelihood did not settle"
    return doubts


def _gap(tops: list[Maximum]) -> float:
    return tops[0].fit.log_likelihood - tops[1].fit.log_likelihood if len(tops) > 1 else np.nan


def _intervals(
    blocks: Blocks, top: Maximum, free: Booleans, unit: float, options: Options, fixed: Floats | None
) -> list[Interval]:
    missing = Interval(_NO_INTERVAL, _NO_INTERVAL, options.level)
    if options.tau2_ci is None or fixed is not None:
        return [missing, missing]
    return [
        profile_interval(blocks, top, free, which, unit, options.level, restricted=options.restricted)
        if free[which]
        else missing
        for which in (0, 1)
    ]


def _typical_variance(blocks: Blocks, zero: Fit) -> float:
    """Return (k - p) / tr P with both variances 0 (Higgins & Thompson 2002)."""
    df = blocks.k - blocks.x.shape[1]
    return df / curvature_at(blocks, zero, restricted=True).trace if df > 0 else np.nan


def _components(
    sigma2: Floats, intervals: list[Interval], typical: float, options: Options, reasons: dict[str, str]
) -> list[VarianceComponent]:
    total = float(sigma2.sum()) + typical
    parts = []
    for which, name in enumerate(COMPONENTS):
        unknown = name in options.components and (name in reasons or "both" in reasons)
        value = np.nan if unknown else float(sigma2[which])
        parts.append(VarianceComponent(value, intervals[which], 100.0 * value / total))
    return parts


def _uncertainty(
    blocks: Blocks, fit: Fit, options: Options, cluster: npt.ArrayLike | None
) -> tuple[Floats, Floats, int]:
    p, studies = blocks.x.shape[1], len(blocks.size)
    if options.ci in ROBUST_METHODS:
        robust = robust_covariance(blocks, fit, _cluster_numbers(blocks, cluster), options.ci)
        if robust.clusters < _FEWEST_CLUSTERS:
            return np.full((p, p), np.nan), np.full(p, np.nan), robust.clusters
        # residuals that are all 0 are no evidence of certainty
        some = np.all(np.diag(robust.covariance) > _NOTHING * np.diag(fit.covariance))
        return robust.covariance if some else np.full((p, p), np.nan), robust.df, robust.clusters
    df = {"wald": np.inf, "t": float(studies - p), "t-rows": float(blocks.k - p)}[options.ci]
    return fit.covariance, np.full(p, df), studies


def _cluster_numbers(blocks: Blocks, cluster: npt.ArrayLike | None) -> npt.NDArray[np.int64]:
    """Return the number of each row's cluster in the order of the blocks; a study must lie in one cluster."""
    study = np.repeat(np.arange(len(blocks.size)), blocks.size)
    if cluster is None:
        return study
    labels = np.asarray(cluster)
    if labels.shape != (blocks.k,):
        raise InputError(f"cluster: found shape {labels.shape}; allowed: ({blocks.k},), one label a row.")
    numbers = np.unique(labels, return_inverse=True)[1][blocks.order]
    if (numbers != numbers[blocks.start][study]).any():
        raise InputError("cluster: found a study whose rows lie in different clusters; allowed: whole studies.")
    return numbers.astype(np.int64)


def _certificate(tops: list[Maximum], free: Booleans, fixed: Floats | None) -> Certificate:
    top = tops[0]
    if fixed is not None or not free.any():
        return Certificate("assumed", 0.0, 0, 1, proven=False)
    kind = "interior root" if (top.fit.sigma2[free] > 0.0).all() else "boundary"
    return Certificate(kind, top.residual(free), top.steps, len(tops), proven=False)


def row_weights(estimated: Estimated) -> Floats:
    """Return the weight of each row in the pooled effect, percent, in the order given, shape (k,)."""
    blocks, sigma2 = estimated.blocks, estimated.fit.sigma2
    turned = Inverse(blocks, sigma2).times(blocks.x[:, :1], float(sigma2[0]))[:, 0]
    weights = blocks.turned_back(turned)
    percent: Floats = 100.0 * weights / weights.sum()
    return percent
