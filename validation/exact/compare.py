"""Our numbers beside exact ones where a peer's were not: ``python validation/make_table.py exact`` prints the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hipevidence.bayes import HalfNormal, Normal, bayes_pool, half_cauchy
from hipevidence.bias import selection_model
from hipevidence.rare import glmm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.bayes import TauPrior

Comparison = tuple[str, str, float, float]
"""Kind, what, our number, the exact one."""
PRIORS: dict[str, TauPrior] = {"half_normal_0.5": HalfNormal(0.5), "half_cauchy_0.5": half_cauchy(0.5)}
VALIDATION = Path(__file__).parents[1]


def read(*path: str) -> dict[str, Any]:
    """Return one file of the validation's data."""
    return dict(json.loads(VALIDATION.joinpath(*path).read_text(encoding="utf-8")))


def comparisons() -> Iterator[Comparison]:
    """Yield every comparison."""
    yield from bayes()
    yield from mixed_models()
    yield from selection()


def bayes() -> Iterator[Comparison]:
    """Yield moments of posteriors."""
    cases = read("bayes", "bayesmeta.json")["cases"]
    for exact in read("exact", "bayes.json")["moments"]:
        case = cases[exact["case"]]
        mu_prior = None if exact["mu_prior"] == "flat" else Normal(0.0, 2.0)
        fit = bayes_pool(case["yi"], case["vi"], tau_prior=PRIORS[exact["tau_prior"]], mu_prior=mu_prior)
        where = f"{exact['case']}, {exact['tau_prior']}, {exact['mu_prior']}"
        for name in ("mu", "theta", "tau"):
            for moment in ("mean", "sd"):
                if (quantity := f"{name} {moment}") in exact:
                    ours = getattr(getattr(fit, name), moment)
                    yield "Bayes: mean and standard deviation", f"{where}, {quantity}", ours, exact[quantity]


def mixed_models() -> Iterator[Comparison]:
    """Yield the mixed models of rare events."""
    table = read("rare", "metafor.json")["data"]["nielweise2007"]
    counts = {"events1": table["ai"], "n1": table["n1i"], "events2": table["ci"], "n2": table["n2i"]}
    for model, exact in read("exact", "glmm.json")["models"].items():
        fit = glmm("OR", model=model, **counts)
        for quantity in ("estimate", "se", "tau2", "log_likelihood"):
            yield f"GLMM {model}", f"nielweise2007 {quantity}", getattr(fit, quantity), exact[quantity]


def selection() -> Iterator[Comparison]:
    """Yield the selection models with smooth weights."""
    (case,) = (case for case in read("bias", "metafor.json")["cases"] if case["name"] == "hackshaw1998")
    for kind, exact in read("exact", "selection.json")["models"].items():
        fit = selection_model(case["yi"], case["vi"], weights=kind)
        for quantity in ("estimate", "se", "tau2", "log_likelihood"):
            yield f"selection, {kind}", f"hackshaw1998 {quantity}", getattr(fit, quantity), exact[quantity]
        for place, delta in enumerate(exact["delta"]):
            yield f"selection, {kind}", f"hackshaw1998 delta {place + 1}", float(fit.delta[place]), delta
