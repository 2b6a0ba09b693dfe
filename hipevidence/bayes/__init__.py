"""Bayesian random-effects meta-analysis by deterministic quadrature: arrays in, frozen results out, no sampler."""

from __future__ import annotations

from hipevidence.bayes.empirical import EMPIRICAL_PRIORS, empirical_prior
from hipevidence.bayes.model import BayesResult, Quadrature, bayes_pool
from hipevidence.bayes.priors import HalfNormal, HalfT, LogNormal, LogT, Normal, TauPrior, Uniform, half_cauchy
from hipevidence.bayes.summary import Posterior

__all__ = [
    "EMPIRICAL_PRIORS",
    "BayesResult",
    "HalfNormal",
    "HalfT",
    "LogNormal",
    "LogT",
    "Normal",
    "Posterior",
    "Quadrature",
    "TauPrior",
    "Uniform",
    "bayes_pool",
    "empirical_prior",
    "half_cauchy",
]
