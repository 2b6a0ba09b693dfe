"""Holds the beta-binomial model to scipy's distribution and a general optimiser."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, special, stats

from hipevidence.rare import beta_binomial

SETS = {
    "varied": {
        "events1": [2, 9, 0, 17, 3],
        "n1": [60, 80, 55, 90, 40],
        "events2": [8, 4, 19, 6, 0],
        "n2": [58, 82, 50, 88, 45],
    },
    "double zeros": {
        "events1": [1, 0, 3, 0],
        "n1": [80, 60, 110, 90],
        "events2": [5, 0, 9, 1],
        "n2": [82, 58, 108, 88],
    },
}


def loss(parameters, data):
    m = math.exp(parameters[2])
    total = 0.0
    for eta, arm in zip(parameters[:2], ("1", "2"), strict=True):
        p = special.expit(eta)
        total -= stats.betabinom.logpmf(data["events" + arm], data["n" + arm], p * m, (1.0 - p) * m).sum()
    return total


@pytest.mark.parametrize("name", list(SETS))
def test_against_scipy(name):
    data = SETS[name]
    result = beta_binomial(**data)
    best = optimize.minimize(
        loss,
        [-3.0, -3.0, 3.0],
        args=(data,),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000},
    )
    assert result.log_likelihood == pytest.approx(-best.fun, rel=1e-10)
    assert result.estimate == pytest.approx(best.x[0] - best.x[1], abs=1e-5)
    assert result.correlation == pytest.approx(1.0 / (1.0 + math.exp(best.x[2])), rel=1e-5)
    step, hessian = 1e-3, np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            e, f = np.eye(3)[i] * step, np.eye(3)[j] * step
            corners = [loss(best.x + s * e + t * f, data) * s * t for s in (1, -1) for t in (1, -1)]
            hessian[i, j] = sum(corners) / (4 * step**2)
    contrast = np.array([1.0, -1.0, 0.0])
    assert result.se == pytest.approx(math.sqrt(contrast @ np.linalg.inv(hessian) @ contrast), rel=1e-4)


def test_measures_are_of_the_same_risks():
    data = SETS["varied"]
    ratio, difference, odds = (beta_binomial(measure, **data) for measure in ("RR", "RD", "OR"))
    p2 = difference.estimate / (math.exp(ratio.estimate) - 1.0)
    p1 = p2 + difference.estimate
    assert odds.estimate == pytest.approx(special.logit(p1) - special.logit(p2), rel=1e-9)
    assert ratio.log_likelihood == difference.log_likelihood == odds.log_likelihood


def test_without_overdispersion_it_is_the_pooled_table():
    result = beta_binomial(events1=[3, 3, 3], n1=[50, 50, 50], events2=[6, 6, 6], n2=[50, 50, 50])
    assert result.correlation == 0.0
    assert result.certificate.kind == "boundary"
    assert result.estimate == pytest.approx(math.log((9 / 141) / (18 / 132)), rel=1e-12)
    assert result.se == pytest.approx(math.sqrt(1 / 9 + 1 / 141 + 1 / 18 + 1 / 132), rel=1e-12)


def test_an_empty_arm_has_no_estimate():
    result = beta_binomial(events1=[0, 0], n1=[10, 20], events2=[3, 2], n2=[11, 19])
    assert math.isnan(result.estimate)
    assert "no finite estimate" in result.reason
