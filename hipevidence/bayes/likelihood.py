"""The normal-normal model given tau: everything that has a closed form."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.bayes.priors import Normal
    from hipevidence.pooling.batch import Floats

_LOG_2PI = float(np.log(2.0 * np.pi))
_CHUNK = 1 << 20


@dataclasses.dataclass(frozen=True, slots=True)
class Conditional:
    """The posterior of the mean given tau, at n values of tau.

    Attributes
    ----------
    mean, variance
        Of the mean effect, shape (n,).
    log_likelihood
        Log density of the effects with the mean integrated out, shape (n,); the density of a flat prior of the mean is
        taken as 1.
    """

    mean: Floats
    variance: Floats
    log_likelihood: Floats


def conditional(y: Floats, v: Floats, mu_prior: Normal | None, log_tau: Floats) -> Conditional:
    """Return the posterior of the mean and the marginal likelihood at each tau.

    Parameters
    ----------
    y, v
        Effects and sampling variances, shape (k,).
    mu_prior
        Prior of the mean; None for a flat one.
    log_tau
        Logarithms of tau, shape (n,).
    """
    rows = max(1, _CHUNK // len(y))
    parts = [_conditional(y, v, mu_prior, log_tau[i : i + rows]) for i in range(0, len(log_tau), rows)]
    if len(parts) == 1:
        return parts[0]
    return Conditional(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("mean", "variance", "log_likelihood"))
    )


def _conditional(y: Floats, v: Floats, mu_prior: Normal | None, log_tau: Floats) -> Conditional:
    total = v + np.exp(2.0 * log_tau)[:, None]
    w = 1.0 / total
    prior_precision = 0.0 if mu_prior is None else mu_prior.sd**-2
    prior_mean = 0.0 if mu_prior is None else mu_prior.mean
    precision = w.sum(axis=1) + prior_precision
    shift = float(np.mean(y)) if mu_prior is None else prior_mean  # keeps the sums free of cancellation
    mean = shift + (w @ (y - shift)) / precision
    squares = (w * (y - mean[:, None]) ** 2).sum(axis=1) + prior_precision * (mean - prior_mean) ** 2
    log_prior = 0.5 * _LOG_2PI if mu_prior is None else -float(np.log(mu_prior.sd))
    logs = -0.5 * (np.log(total).sum(axis=1) + np.log(precision) + squares + len(y) * _LOG_2PI) + log_prior
    return Conditional(mean, 1.0 / precision, logs)


def log_likelihood_at(y: Floats, v: Floats, mu: float, log_tau: Floats) -> Floats:
    """Return the log density of the effects for a known mean, at each tau."""
    total = v + np.exp(2.0 * log_tau)[:, None]
    logs: Floats = -0.5 * (np.log(total) + (y - mu) ** 2 / total).sum(axis=1) - 0.5 * len(y) * _LOG_2PI
    return logs


def shrinkage(y: Floats, v: Floats, weights: Floats, log_tau: Floats, given: Conditional) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each study's own effect, shape (k,) each.

    Given tau a study's effect has mean ``B mu + (1 - B) y`` with ``B = v / (v + tau²)``; over the posterior of mu and
    tau its variance is that of the means plus the mean of the variances.
    """
    tau2 = np.exp(2.0 * log_tau)[:, None]
    keep = tau2 / (v + tau2)
    pull = v / (v + tau2)
    means = keep * y + pull * given.mean[:, None]
    variances = v * keep + pull**2 * given.variance[:, None]
    center: Floats = weights @ means
    spread: Floats = np.sqrt(weights @ (variances + (means - center) ** 2))
    return center, spread
