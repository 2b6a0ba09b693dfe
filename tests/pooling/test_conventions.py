"""Profiles of other programs, differences in words, subgroups, second opinions and self-checks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipevidence.errors import InputError
from hipevidence.pooling import certify, explain_difference, pool, regress, selfcheck, subgroups
from hipevidence.pooling.tau2 import METHODS


def test_profile_of_meta(bcg, meta_value):
    result = pool(bcg["yi"], bcg["vi"], profile="meta")
    call = "metabin RR Inverse REML method.predict=V"
    assert result.prediction.low == pytest.approx(meta_value(call, "lower.predict"), rel=1e-6)
    assert result.i2 == pytest.approx(100 * (result.q - 12) / result.q, rel=1e-14)
    assert (result.profile, result.prediction_method, result.ci_method) == ("meta", "V", "wald")


def test_a_profile_excludes_conventions_of_its_own():
    with pytest.raises(InputError, match="one or the other"):
        pool([0.1, 0.2], [0.1, 0.1], profile="meta", method="DL")
    with pytest.raises(InputError, match="revman5"):
        pool([0.1, 0.2], [0.1, 0.1], profile="stata")


def test_differences_are_explained(bcg):
    whole = pool(bcg["yi"], bcg["vi"])
    assert "interval method (HKSJ against wald)" in explain_difference(whole, pool(bcg["yi"], bcg["vi"], ci="wald"))
    assert "13 studies against 12" in explain_difference(whole, pool(bcg["yi"][1:], bcg["vi"][1:]))
    assert "Cochran's Q differs" in explain_difference(whole, pool(bcg["yi"], 2 * bcg["vi"]))
    assert "do not differ" in explain_difference(whole, whole)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "GENQ"])
def test_a_second_algorithm_agrees(case, method):
    opinion = certify(case["yi"], case["vi"], method=method)
    assert opinion.agrees, opinion


def test_generalised_q_with_inverse_variances_is_dersimonian_laird(case):
    general = pool(case["yi"], case["vi"], method="GENQ", q_weights=1 / case["vi"])
    assert general.tau2 == pytest.approx(pool(case["yi"], case["vi"], method="DL").tau2, rel=1e-10, abs=1e-16)


def test_selfcheck_passes_on_every_data_set(case):
    for method in ("REML", "DL", "PM"):
        check = selfcheck(case["yi"], case["vi"], method=method)
        assert check.passed, str(check)
    assert len(str(check).splitlines()) == len(check.checks)


def test_selfcheck_says_what_breaks(monkeypatch):
    real = pool

    def forgetful(yi, vi, **options):
        return real(np.asarray(yi) + 0.01 * np.arange(len(yi)), vi, **options)

    monkeypatch.setattr("hipevidence.pooling.selfchecks.pool", forgetful)
    check = selfcheck([0.1, 0.3, 0.8], [0.02, 0.03, 0.02])
    assert not check.passed
    assert "BROKEN  order of studies" in str(check)


GROUPS = ["a", "b", "a", "b", "a", "b", "c", "c", "c", "a", "b", "c", "a"]


def test_separate_subgroups_are_separate_pools(bcg):
    result = subgroups(bcg["yi"], bcg["vi"], GROUPS, ci="wald")
    which = np.array(GROUPS) == "b"
    single = pool(bcg["yi"][which], bcg["vi"][which], ci="wald")
    assert (result.groups[1].estimate, result.groups[1].tau2) == (single.estimate, single.tau2)
    weights = np.array([1 / row.se**2 for row in result.groups])
    estimates = np.array([row.estimate for row in result.groups])
    expected = (weights * (estimates - np.average(estimates, weights=weights)) ** 2).sum()
    assert result.difference.statistic == pytest.approx(expected, rel=1e-12)
    assert result.difference.df == 2


def test_common_tau2_subgroups_are_a_meta_regression(bcg):
    result = subgroups(bcg["yi"], bcg["vi"], GROUPS, tau2="common")
    fit = regress(bcg["yi"], bcg["vi"], {"group": GROUPS})
    assert result.difference == fit.omnibus
    assert len({row.tau2 for row in result.groups}) == 1
    assert result.groups[0].tau2 == pytest.approx(fit.tau2, rel=1e-10)
    assert result.groups[0].estimate == pytest.approx(fit.coefficients[0].estimate, rel=1e-9)


def test_a_group_of_one_study_has_no_hartung_knapp_test():
    result = subgroups([0.1, 0.2, 0.9], [0.1, 0.1, 0.1], ["x", "x", "y"])
    assert math.isnan(result.difference.p_value)
    assert result.reason == "no standard error for group y"


@pytest.mark.parametrize("groups", [["a", "a", "a"], ["a", "b"]])
def test_groups_must_fit(groups):
    with pytest.raises(InputError, match="groups"):
        subgroups([0.1, 0.2, 0.9], [0.1, 0.1, 0.1], groups)
