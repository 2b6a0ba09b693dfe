"""Bayesian random-effects meta-analysis by deterministic quadrature: `bayes_pool` and its result."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.bayes.likelihood import conditional, log_likelihood_at, shrinkage
from hipevidence.bayes.priors import HalfNormal, Normal, TauPrior
from hipevidence.bayes.quadrature import Grid, integrate
from hipevidence.bayes.summary import (
    NormalMixture,
    Posterior,
    TauDistribution,
    central_interval,
    shortest_interval,
)
from hipevidence.errors import InputError
from hipevidence.pooling.checks import check_studies
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.bayes.likelihood import Conditional
    from hipevidence.pooling.batch import Floats

INTERVALS = ("shortest", "central")
"""Names of the interval types."""


@dataclasses.dataclass(frozen=True, slots=True)
class Quadrature(Result):
    """What vouches for the integrals.

    Attributes
    ----------
    nodes
        Nodes over tau.
    error
        Estimated error of the total probability, relative: what halving every panel changed.
    """

    nodes: int
    error: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class BayesResult(Result):
    """The posterior of a random-effects meta-analysis, at full precision.

    Attributes
    ----------
    estimate, se, ci
        Posterior median and standard deviation of the mean effect, and its interval of the type ``interval``; units of
        the effects.
    k
        Number of studies.
    mu, tau
        Summaries of the mean effect and of the heterogeneity (a standard deviation).
    theta
        Summary of the true effect of a new study.
    prediction
        Interval of ``theta`` of the type ``interval``.
    probability_above_zero, probability_new_above_zero
        Posterior probability that the mean effect, and that the effect of a new study, is above 0.
    shrinkage_mean, shrinkage_sd
        Posterior mean and standard deviation of each study's own effect, shape (k,).
    log_marginal_likelihood
        Log density of the data under the model; ``nan`` for an improper prior, where it has no meaning.
    bayes_factor_no_effect
        Marginal likelihood with the mean at 0 over that of the model: below 1 speaks against "no effect".
    bayes_factor_no_heterogeneity
        The same for tau = 0.
    tau_prior, mu_prior
        The priors; ``mu_prior`` None for a flat one.
    interval
        ``shortest`` or ``central``.
    level
        Probability inside all intervals.
    reason
        Why a number is ``nan``; empty if none is.
    certificate
        What vouches for the integrals.
    """

    estimate: float
    se: float
    ci: Interval
    k: int
    mu: Posterior
    tau: Posterior
    theta: Posterior
    prediction: Interval
    probability_above_zero: float
    probability_new_above_zero: float
    shrinkage_mean: Floats
    shrinkage_sd: Floats
    log_marginal_likelihood: float
    bayes_factor_no_effect: float
    bayes_factor_no_heterogeneity: float
    tau_prior: TauPrior
    mu_prior: Normal | None
    interval: str
    level: float
    reason: str
    certificate: Quadrature


def bayes_pool(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    tau_prior: TauPrior | None = None,
    mu_prior: Normal | None = None,
    interval: str = "shortest",
    level: float = 0.95,
) -> BayesResult:
    """Pool effects in a Bayesian random-effects meta-analysis, without a sampler.

    Parameters
    ----------
    yi
        Effects, shape (k,), on a scale where a normal distribution is reasonable.
    vi
        Their sampling variances, shape (k,), squared units of the effects.
    tau_prior
        Prior of the heterogeneity tau; half-normal with scale 0.5 unless given, which suits log odds ratios and
        standardised mean differences and no other scale.
    mu_prior
        Prior of the mean effect; None for a flat one.
    interval
        ``"shortest"`` or ``"central"``: which interval ``ci`` and ``prediction`` are. Both are in ``mu``, ``tau``,
        ``theta``.
    level
        Probability inside the intervals.

    Returns
    -------
    BayesResult
        What does not exist (a standard deviation with two studies and a half-Cauchy prior) is ``nan`` and ``reason``
        says so.

    Raises
    ------
    InputError
        If the studies cannot be used, or the prior is improper and the studies are too few for a posterior.

    Notes
    -----
    Given tau the mean effect is normal in closed form. The posterior of tau is one-dimensional; Gauss-Legendre panels
    over log tau integrate it to about 1e-14. All other posteriors are mixtures of normals over its nodes, so that
    quantiles and intervals are roots, not samples.

    References
    ----------
    Roever (2020), doi:10.18637/jss.v093.i06; Roever et al. (2021), doi:10.1002/jrsm.1475.

    Examples
    --------
    >>> result = bayes_pool([-0.55, -0.94, -0.26], [0.047, 0.074, 0.112], tau_prior=HalfNormal(0.5))
    >>> round(result.estimate, 3), round(result.ci.low, 3), round(result.ci.high, 3)
    (-0.605, -1.136, -0.061)
    """
    y, v = check_studies(yi, vi)
    prior = HalfNormal(0.5) if tau_prior is None else tau_prior
    if interval not in INTERVALS:
        raise InputError(f"interval: found {interval!r}; allowed: {', '.join(INTERVALS)}.")
    if not 0.0 < level < 1.0:
        raise InputError(f"level: found {level!r}; allowed: a number between 0 and 1, such as 0.95.")
    tail = prior.tail + len(y) - (1 if mu_prior is None else 0)
    if tail <= 1.0:
        raise InputError(
            f"tau_prior: found {prior}, which has no posterior with {len(y)} studies; allowed: a proper prior, or more "
            "studies. Give a half-normal prior or an upper limit."
        )
    grid = _tau_grid(y, v, prior, mu_prior, second_moment=tail > 3.0)
    given = conditional(y, v, mu_prior, grid.nodes)
    return _result(y, v, prior, mu_prior, grid, given, tail, interval, level)


def _tau_grid(y: Floats, v: Floats, prior: TauPrior, mu_prior: Normal | None, *, second_moment: bool) -> Grid:
    def density(log_tau: Floats) -> Floats:
        return conditional(y, v, mu_prior, log_tau).log_likelihood + prior.log_density(log_tau) + log_tau

    center = 0.5 * math.log(float(np.median(v)) + float(np.var(y)))
    return integrate(density, min(center, math.log(prior.upper)), math.log(prior.upper), second_moment=second_moment)


def _result(
    y: Floats,
    v: Floats,
    prior: TauPrior,
    mu_prior: Normal | None,
    grid: Grid,
    given: Conditional,
    tail: float,
    interval: str,
    level: float,
) -> BayesResult:
    tau2 = np.exp(2.0 * grid.nodes)
    mu_mixture = NormalMixture(grid.weights, given.mean, np.sqrt(given.variance))
    theta_mixture = NormalMixture(grid.weights, given.mean, np.sqrt(given.variance + tau2))
    mu_tail = math.inf if mu_prior is not None else tail
    mu = _mixture_summary(mu_mixture, level, mu_tail)
    theta = _mixture_summary(theta_mixture, level, tail)
    means, sds = shrinkage(y, v, grid.weights, grid.nodes, given)
    evidence = _evidence(y, v, prior, mu_prior, grid)
    return BayesResult(
        estimate=mu.median,
        se=mu.sd,
        ci=getattr(mu, interval),
        k=len(y),
        mu=mu,
        tau=_tau_summary(grid, level, tail),
        theta=theta,
        prediction=getattr(theta, interval),
        probability_above_zero=_above(mu_mixture),
        probability_new_above_zero=_above(theta_mixture),
        shrinkage_mean=means,
        shrinkage_sd=sds,
        log_marginal_likelihood=evidence[0],
        bayes_factor_no_effect=evidence[1],
        bayes_factor_no_heterogeneity=evidence[2],
        tau_prior=prior,
        mu_prior=mu_prior,
        interval=interval,
        level=level,
        reason=_reason(prior, mu_prior, tail),
        certificate=Quadrature(len(grid.nodes), grid.error),
    )


def _above(mixture: NormalMixture) -> float:
    """Return the probability above 0, exact in the tail: that below 0 of the mirrored mixture."""
    return NormalMixture(mixture.weights, -mixture.means, mixture.sds).cdf(0.0)


def _mixture_summary(mixture: NormalMixture, level: float, tail: float) -> Posterior:
    central = central_interval(mixture, level)
    return Posterior(
        mode=mixture.mode(),
        median=mixture.quantile(0.5),
        mean=mixture.mean if tail > 2.0 else math.nan,
        sd=mixture.sd if tail > 3.0 else math.nan,
        shortest=shortest_interval(mixture, central, -math.inf),
        central=central,
    )


def _tau_summary(grid: Grid, level: float, tail: float) -> Posterior:
    distribution = TauDistribution(grid)
    tau = np.exp(grid.nodes)
    mean = float(grid.weights @ tau)
    central = central_interval(distribution, level)
    return Posterior(
        mode=distribution.mode(),
        median=distribution.quantile(0.5),
        mean=mean if tail > 2.0 else math.nan,
        sd=float(np.sqrt(grid.weights @ (tau - mean) ** 2)) if tail > 3.0 else math.nan,
        shortest=shortest_interval(distribution, central, 0.0),
        central=central,
    )


def _evidence(y: Floats, v: Floats, prior: TauPrior, mu_prior: Normal | None, grid: Grid) -> tuple[float, float, float]:
    """Return the log marginal likelihood and the Bayes factors of mu = 0 and of tau = 0."""
    if prior.tail <= 0.0:
        return math.nan, math.nan, math.nan
    without = float(conditional(y, v, mu_prior, np.array([-np.inf])).log_likelihood[0])
    no_heterogeneity = math.exp(without - grid.log_constant)
    if mu_prior is None:
        return math.nan, math.nan, no_heterogeneity

    def density(log_tau: Floats) -> Floats:
        return log_likelihood_at(y, v, 0.0, log_tau) + prior.log_density(log_tau) + log_tau

    center = 0.5 * math.log(float(np.median(v)) + float(np.mean(y**2)))
    log_upper = math.log(prior.upper)
    null = integrate(density, min(center, log_upper), log_upper, second_moment=False)
    return grid.log_constant, math.exp(null.log_constant - grid.log_constant), no_heterogeneity


def _reason(prior: TauPrior, mu_prior: Normal | None, tail: float) -> str:
    reasons = []
    if tail <= 3.0:
        missing = "means and standard deviations" if tail <= 2.0 else "standard deviations"
        reasons.append(f"with so few studies and so heavy a tail of the prior the posterior has no {missing}")
    if prior.tail <= 0.0:
        reasons.append("marginal likelihood and Bayes factors need a proper prior of tau")
    elif mu_prior is None:
        reasons.append("the marginal likelihood and the Bayes factor of no effect need a proper prior of the mean")
    return "; ".join(reasons)
