"""Holds numbers to exact ones (40 digits, validation/exact) where a peer is the limit, and says how far that is off."""

from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path

import pytest

VALIDATION = Path(__file__).parents[1] / "validation"


def read(*path):
    return json.loads(VALIDATION.joinpath(*path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def compare():
    """Return the script that compares."""
    spec = importlib.util.spec_from_file_location("exact_compare", VALIDATION / "exact" / "compare.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def worst(comparisons):
    return max((abs(ours / exact - 1.0), what) for _, what, ours, exact in comparisons)


def test_moments_of_posteriors_are_exact(compare):
    # double precision: a sum over some thousand nodes of weights that add up to 1
    assert worst(compare.bayes())[0] < 1e-14


def test_mixed_models_are_exact(compare):
    # where the search ends the gradient is about 1e-13 of its terms; tau² is the flattest direction
    assert worst(compare.mixed_models())[0] < 1e-11


def test_selection_models_are_exact(compare):
    # the search ends where one more Newton step gains less than 1e-13 of log-likelihood, and takes that step
    assert worst(compare.selection())[0] < 1e-10


def test_bayesmeta_cuts_a_tail_that_carries_variance():
    """Its standard deviations under a half-Cauchy prior are 3 % too small with three studies; that of tau is exact."""
    (exact,) = (
        row
        for row in read("exact", "bayes.json")["moments"]
        if (row["case"], row["tau_prior"], row["mu_prior"]) == ("three_small", "half_cauchy_0.5", "flat")
    )
    (fit,) = (
        fit
        for fit in read("bayes", "bayesmeta.json")["cases"]["three_small"]["fits"]
        if (fit["tau_prior"], fit["mu_prior"]) == ("half_cauchy_0.5", "flat")
    )
    theirs = fit["summary_shortest"]
    assert theirs["tau"]["sd"] == pytest.approx(exact["tau sd"], rel=1e-11)
    for name, lost in (("mu", 0.0277), ("theta", 0.0332)):
        assert theirs[name]["sd"] == pytest.approx(exact[f"{name} sd"] * (1.0 - lost), rel=1e-4)


@pytest.mark.parametrize(
    ("model", "quantity", "off", "behind"),
    [
        ("CM.EL", "se", 7.9e-5, 2.6e-12),  # at the maximum, but with numerical derivatives
        ("CM.AL", "tau2", 2.5e-5, 5.5e-10),  # the maximum of 7-point quadrature
        ("UM.FS", "tau2", 8.8e-4, 1.3e-6),  # the search stopped
    ],
)
def test_how_far_metafors_mixed_models_are_from_the_maximum(model, quantity, off, behind):
    exact = read("exact", "glmm.json")["models"][model]
    (theirs,) = (
        row["value"]
        for row in read("rare", "metafor.json")["values"]
        if (row["name"], row["call"], row["quantity"]) == ("dat.nielweise2007", f"rma.glmm OR {model}", quantity)
    )
    assert abs(theirs / exact[quantity] - 1.0) == pytest.approx(off, rel=0.02)
    assert exact["behind"] == pytest.approx(behind, rel=0.05)
    assert exact["rule"] < 1e-30


@pytest.mark.parametrize("kind", ["halfnorm", "negexp", "logistic", "power", "beta"])
def test_metafors_selection_models_maximise_an_inexact_integral(kind):
    """Its log-likelihood is off at its own answer, which lies below the exact maximum by no more than a bit of that."""
    exact = read("exact", "selection.json")["models"][kind]
    assert exact["rule"] < 1e-15
    assert 0.0 < exact["behind"] < 1e-4
    assert math.isfinite(exact["integral"])
