"""Every posterior summary beside bayesmeta's: ``python validation/make_table.py bayes`` prints the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hipevidence.bayes import HalfNormal, Normal, bayes_pool, half_cauchy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.bayes import BayesResult, Posterior, TauPrior

Comparison = tuple[str, str, float]
"""Kind, where, difference: of places in posterior standard deviations, of everything else relative."""
PRIORS: dict[str, TauPrior] = {
    "half_normal_0.5": HalfNormal(0.5),
    "half_normal_1": HalfNormal(1.0),
    "half_cauchy_0.5": half_cauchy(0.5),
}
"""The priors of the reference file."""
LIMITS = {"95% lower": "low", "95% upper": "high"}


def load() -> dict[str, Any]:
    """Return the reference values."""
    return dict(json.loads((Path(__file__).parent / "bayesmeta.json").read_text(encoding="utf-8")))


def fit(case: dict[str, Any], reference: dict[str, Any]) -> BayesResult:
    """Return our posterior of one case under the priors of one reference."""
    mu_prior = None if reference["mu_prior"] == "flat" else Normal(0.0, 2.0)
    return bayes_pool(case["yi"], case["vi"], tau_prior=PRIORS[reference["tau_prior"]], mu_prior=mu_prior)


def comparisons() -> Iterator[Comparison]:
    """Yield every comparison; values that the peer gives as 0 or leaves out are skipped."""
    for name, case in load()["cases"].items():
        for reference in case["fits"]:
            where = f"{name}, {reference['tau_prior']}, {reference['mu_prior']}"
            for kind, ours, theirs, scale in _one(fit(case, reference), reference):
                if isinstance(theirs, float) and theirs != 0.0:
                    yield kind, where, abs(ours - theirs) / (scale or abs(theirs))


def _one(ours: BayesResult, reference: dict[str, Any]) -> Iterator[tuple[str, float, Any, float]]:
    for quantity in ("tau", "mu", "theta"):
        yield from _summary(quantity, getattr(ours, quantity), reference)
    shrinkage = reference["shrinkage"]
    for mean, sd, value in zip(ours.shrinkage_mean, ours.shrinkage_sd, shrinkage["mean"], strict=True):
        yield "shrinkage, mean", float(mean), value, float(sd)
    for sd, value in zip(ours.shrinkage_sd, shrinkage["sd"], strict=True):
        yield "shrinkage, sd", float(sd), value, 0.0
    factors = reference["bayes_factor"]
    yield "log marginal likelihood", ours.log_marginal_likelihood, reference["log_marginal_likelihood"], 0.0
    yield "Bayes factor, no heterogeneity", ours.bayes_factor_no_heterogeneity, factors["tau0"], 0.0
    yield "Bayes factor, no effect", ours.bayes_factor_no_effect, factors["mu0"], 0.0


def _summary(quantity: str, summary: Posterior, reference: dict[str, Any]) -> Iterator[tuple[str, float, Any, float]]:
    theirs = reference["summary_shortest"][quantity]
    # tau is a scale: its differences are relative
    scale = 0.0 if quantity == "tau" else summary.sd
    for statistic in ("median", "mean", "mode"):
        kind = f"{quantity}: mode" if statistic == "mode" else f"{quantity}: median, mean"
        yield kind, getattr(summary, statistic), theirs[statistic], scale
    yield f"{quantity}: sd", summary.sd, theirs["sd"], 0.0
    for limit, end in LIMITS.items():
        yield f"{quantity}: shortest interval", getattr(summary.shortest, end), theirs[limit], scale
    for end, value in zip(("low", "high"), reference["central"][quantity], strict=True):
        yield f"{quantity}: central interval", getattr(summary.central, end), value, scale
