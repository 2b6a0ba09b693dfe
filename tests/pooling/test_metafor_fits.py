"""Reproduces rma(yi, vi, method, test) and predict() of metafor on 24 published data sets."""

from __future__ import annotations

import pytest

from hipevidence.pooling import fit_many, pool

CI = {"z": "wald", "knha": "HKSJ", "t": "t"}
ITERATED = ("ML", "REML", "PM", "EB")


def test_every_method_and_test(case):
    for fit in case["fits"]:
        result = pool(case["yi"], case["vi"], method=fit["method"], ci=CI[fit["test"]])
        ours = {
            "estimate": result.estimate,
            "se": result.se,
            "statistic": result.statistic,
            "p": result.p_value,
            "ci_low": result.ci.low,
            "ci_high": result.ci.high,
            "tau2": result.tau2,
            "se_tau2": result.tau2_se,
            "Q": result.q,
            "Q_p": result.q_p_value,
            "I2": result.i2,
            "H2": result.h2,
            "pi_low": result.prediction.low,
            "pi_high": result.prediction.high,
        }
        theirs = {name: fit[name] for name in ours if fit[name] is not None}
        tolerance = 1e-6 if fit["method"] in ITERATED else 1e-8
        assert {name: ours[name] for name in theirs} == pytest.approx(theirs, rel=tolerance, abs=1e-300)
        assert result.k == fit["k"]
        assert (fit["pi_low"] is None) == (not result.prediction.exists)


def test_score_equation_holds_at_every_estimate(case):
    for method in ITERATED:
        certificate = pool(case["yi"], case["vi"], method=method).certificate
        assert abs(certificate.residual) < 1e-13
        assert certificate.proven
        assert certificate.kind in ("interior root", "boundary")


def test_q_profile_intervals(case):
    result = pool(case["yi"], case["vi"])
    for name, interval in (("tau2", result.tau2_ci), ("I2", result.i2_ci), ("H2", result.h2_ci)):
        assert (interval.low, interval.high) == pytest.approx(tuple(case["q_profile"][name][1:]), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("name", ["bcg", "raudenbush1985", "hackshaw1998"])
@pytest.mark.parametrize("method", ["DL", "REML", "PM"])
def test_modified_hartung_knapp_is_metafors_adhoc(metafor_case, single_value, name, method):
    case = metafor_case(name)
    call = f"rma(...,method='{method}',test='adhoc',tight)"
    result = pool(case["yi"], case["vi"], method=method, ci="HKSJ-modified")
    data = "dat.bcg logRR" if name == "bcg" else f"dat.{name}"
    theirs = [single_value(data, call, quantity) for quantity in ("se", "ci.lb", "ci.ub", "pi.lb", "pi.ub")]
    ours = [result.se, result.ci.low, result.ci.high, result.prediction.low, result.prediction.high]
    assert ours == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("method", ["HSk", "PMM"])
@pytest.mark.parametrize("name", ["bcg", "raudenbush1985", "hackshaw1998"])
def test_two_more_estimators(metafor_case, single_value, name, method):
    case = metafor_case(name)
    result = pool(case["yi"], case["vi"], method=method, ci="wald")
    data = "dat.bcg logRR" if name == "bcg" else f"dat.{name}"
    call = f"rma(yi,vi,method='{method}',control=tight)"
    theirs = [single_value(data, call, quantity) for quantity in ("tau2", "mu", "se", "I2", "H2", "se.tau2")]
    ours = [result.tau2, result.estimate, result.se, result.i2, result.h2, result.tau2_se]
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_leave_one_out_through_a_mask(case):
    k = len(case["yi"])
    mask = [[i != j for i in range(k)] for j in range(k)]
    fits = fit_many([case["yi"]] * k, [case["vi"]] * k, mask, ci="wald")
    theirs = case["leave_one_out"]
    for name, ours in {"estimate": fits.estimate, "se": fits.se, "tau2": fits.tau2, "I2": fits.i2, "Q": fits.q}.items():
        assert ours.tolist() == pytest.approx(theirs[name], rel=1e-6, abs=1e-14)
