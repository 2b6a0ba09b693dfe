"""Prediction intervals of meta and metafor, profile likelihood of metafor, and laws the other intervals must obey."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from hipevidence.pooling import pool
from hipevidence.pooling.quadratic_form import upper_tail

META = ("V", "HTS", "HK", "HK-PR", "KR", "KR-PR", "S")


@pytest.mark.parametrize("name", META)
def test_prediction_intervals_of_meta(bcg, meta_value, name):
    result = pool(bcg["yi"], bcg["vi"], prediction=name)
    call = f"metabin RR Inverse REML method.predict={name}"
    theirs = (meta_value(call, "lower.predict"), meta_value(call, "upper.predict"))
    # meta stops its REML iterations at 2e-7
    assert (result.prediction.low, result.prediction.high) == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize(("name", "ours"), [("riley", "HTS"), ("t", "V"), ("simple", "simple")])
@pytest.mark.parametrize("data", ["dat.bcg logRR", "dat.hackshaw1998", "dat.raudenbush1985"])
def test_prediction_intervals_of_metafor(metafor_case, single_value, data, name, ours):
    case = metafor_case(data.removeprefix("dat.").split()[0])
    result = pool(case["yi"], case["vi"], ci="wald", prediction=ours)
    theirs = [single_value(data, f"predict(REML,predtype='{name}')", f"pi[{i}]") for i in (1, 2)]
    assert [result.prediction.low, result.prediction.high] == pytest.approx(theirs, rel=1e-9)


def test_profile_likelihood_intervals(case):
    interval = pool(case["yi"], case["vi"], tau2_ci="PL").tau2_ci
    assert (interval.low, interval.high) == pytest.approx(tuple(case["profile_likelihood"]["tau2"][1:]), rel=1e-8)


def test_profile_likelihood_does_not_depend_on_the_moment_estimator(bcg):
    restricted, moments = (pool(bcg["yi"], bcg["vi"], method=name, tau2_ci="PL").tau2_ci for name in ("REML", "DL"))
    assert (moments.low, moments.high) == pytest.approx((restricted.low, restricted.high), rel=1e-9)
    assert not pool([0.3], [0.1], method="DL", ci="wald", tau2_ci="PL").tau2_ci.exists


def test_generalised_q_is_q_profile_for_equal_variances():
    yi = [0.1, 0.9, -0.4, 0.3, 1.4, 0.2]
    profile, general = (pool(yi, [0.2] * 6, tau2_ci=name).tau2_ci for name in ("QP", "GENQ"))
    assert (general.low, general.high) == pytest.approx((profile.low, profile.high), rel=1e-9)


def test_generalised_q_covers_what_it_promises(bcg):
    interval = pool(bcg["yi"], bcg["vi"], tau2_ci="GENQ").tau2_ci
    weights = 1.0 / bcg["vi"]
    matrix = np.diag(weights) - np.outer(weights, weights) / weights.sum()
    observed = bcg["yi"] @ matrix @ bcg["yi"]
    for limit, tail in ((interval.low, 0.025), (interval.high, 0.975)):
        roots = np.sqrt(bcg["vi"] + limit)
        eigenvalues = np.linalg.eigvalsh(roots[:, None] * matrix * roots)[1:]
        assert upper_tail(observed, eigenvalues) == pytest.approx(tail, rel=1e-9)


def test_weighted_chi_squares_in_closed_form():
    for a, b, x in ((1.0, 3.0, 0.1), (1.0, 3.0, 5.0), (1.0, 30.0, 100.0), (0.5, 2.0, 60.0)):
        ra, rb = 1 / (2 * a), 1 / (2 * b)
        exact = (rb * math.exp(-ra * x) - ra * math.exp(-rb * x)) / (rb - ra)
        assert upper_tail(x, np.array([a, a, b, b])) == pytest.approx(exact, rel=1e-12)


def test_equal_weights_are_a_chi_square():
    for x in (0.5, 5.0, 50.0):
        assert upper_tail(2.0 * x, np.full(7, 2.0)) == pytest.approx(stats.chi2.sf(x, 7), rel=1e-13)
    assert upper_tail(-1.0, np.ones(3)) == 1.0


@pytest.mark.parametrize("tau2_ci", ["QP", "PL", "GENQ"])
def test_intervals_follow_the_unit(bcg, tau2_ci):
    plain = pool(bcg["yi"], bcg["vi"], tau2_ci=tau2_ci).tau2_ci
    scaled = pool(bcg["yi"] * 8.0, bcg["vi"] * 64.0, tau2_ci=tau2_ci).tau2_ci
    assert (scaled.low, scaled.high) == pytest.approx((64.0 * plain.low, 64.0 * plain.high), rel=1e-9)


def test_homogeneous_studies_have_no_tau2_interval():
    result = pool([0.30, 0.301, 0.302, 0.299], [0.1, 0.2, 0.3, 0.2])
    assert not result.tau2_ci.exists
    assert not result.i2_ci.exists
    assert "interval is empty" in result.reason
