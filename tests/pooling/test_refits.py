"""Refits of metafor (cumulative, influence, BLUP), and refits against single fits."""

from __future__ import annotations

import numpy as np
import pytest

from hipevidence.errors import InputError
from hipevidence.pooling import blup, cumulative, gosh, influence, leave_one_out, pool, regress


def test_cumulative_is_metafors(case):
    fits = cumulative(case["yi"], case["vi"], ci="wald")
    for name in ("estimate", "se", "tau2"):
        theirs = [0.0 if value is None else value for value in case["cumulative"][name]]
        ours = np.nan_to_num(getattr(fits, name)).tolist()
        # metafor calls tau² of a single study 0, and stops 1e-13 before 0 where 0 is the maximum
        assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-12), name


def test_cumulative_follows_the_order(bcg):
    year = np.array(bcg["moderators"]["year"])
    fits = cumulative(bcg["yi"], bcg["vi"], order=year)
    first_five = np.argsort(year, kind="stable")[:5]
    assert fits.estimate[4] == pytest.approx(pool(bcg["yi"][first_five], bcg["vi"][first_five]).estimate, rel=1e-12)
    assert fits.estimate[-1] == pytest.approx(pool(bcg["yi"], bcg["vi"]).estimate, rel=1e-12)


def test_leave_one_out_needs_two_studies():
    with pytest.raises(InputError, match="2 or more"):
        leave_one_out([0.1], [0.1])


def test_blups_are_metafors(case):
    result = blup(case["yi"], case["vi"], ci="wald")
    assert result.estimate.tolist() == pytest.approx(case["blup"]["pred"], rel=1e-7)
    assert result.se.tolist() == pytest.approx(case["blup"]["se"], rel=1e-7)


@pytest.mark.parametrize("name", ["dat.bcg logRR", "dat.raudenbush1985", "dat.hackshaw1998"])
def test_influence_is_metafors(metafor_case, single_value, name):
    case = metafor_case(name.removeprefix("dat.").split()[0])
    result = influence(case["yi"], case["vi"])
    ours = {
        "rstudent": result.rstudent,
        "dffits": result.dffits,
        "cook.d": result.cooks_distance,
        "cov.r": result.covariance_ratio,
        "tau2.del": result.tau2_deleted,
        "QE.del": result.q_deleted,
        "hat": result.hat,
    }
    for quantity, values in ours.items():
        theirs = [single_value(name, "influence(REML,tight)", f"{quantity}[{i}]") for i in (1, 2, 3)]
        assert values[:3].tolist() == pytest.approx(theirs, rel=1e-7), quantity


def test_influence_with_moderators_against_single_fits(bcg):
    x = np.array(bcg["moderators"]["ablat"], dtype=float)
    result = influence(bcg["yi"], bcg["vi"], x)
    whole = regress(bcg["yi"], bcg["vi"], x, ci="wald")
    keep = np.arange(13) != 3
    without = regress(bcg["yi"][keep], bcg["vi"][keep], x[keep], ci="wald")
    row = np.array([1.0, x[3]])
    expected = row @ [c.estimate for c in without.coefficients]
    variance = bcg["vi"][3] + without.tau2 + row @ without.covariance @ row
    assert result.tau2_deleted[3] == pytest.approx(without.tau2, rel=1e-9)
    assert result.rstudent[3] == pytest.approx((bcg["yi"][3] - expected) / np.sqrt(variance), rel=1e-9)
    assert result.hat.tolist() == pytest.approx(whole.leverages.tolist(), rel=1e-10)
    ratio = np.linalg.det(without.covariance) / np.linalg.det(whole.covariance)
    assert result.covariance_ratio[3] == pytest.approx(ratio, rel=1e-9)


@pytest.mark.parametrize("groups", [1, 6])
def test_a_study_alone_in_its_group_has_no_influence_to_measure(bcg, groups):
    """metafor, too, gives NA: without the study its coefficient rests on nothing."""
    alone = np.arange(13)[:groups]
    result = influence(bcg["yi"], bcg["vi"], np.eye(13)[:, :groups])
    for values in (result.rstudent, result.cooks_distance, result.covariance_ratio, result.tau2_deleted):
        assert np.flatnonzero(np.isnan(values)).tolist() == alone.tolist()


def test_hat_values_sum_to_the_number_of_coefficients(bcg):
    assert influence(bcg["yi"], bcg["vi"]).hat.sum() == pytest.approx(1.0, rel=1e-12)
    year = bcg["moderators"]["year"]
    assert influence(bcg["yi"], bcg["vi"], year).hat.sum() == pytest.approx(2.0, rel=1e-9)


def test_gosh_is_every_subset(bcg):
    yi, vi = bcg["yi"][:6], bcg["vi"][:6]
    result = gosh(yi, vi)
    assert result.complete
    assert len(result.estimate) == 2**6 - 1 - 6
    for row in (0, 17, 40, -1):
        studies = [i for i in range(6) if result.contains(i)[row]]
        single = pool(yi[studies], vi[studies])
        assert result.k[row] == len(studies)
        assert result.estimate[row] == pytest.approx(single.estimate, rel=1e-12)
        assert result.tau2[row] == pytest.approx(single.tau2, rel=1e-10, abs=1e-15)
        assert result.i2[row] == pytest.approx(single.i2, rel=1e-10, abs=1e-12)


def test_gosh_samples_where_there_are_too_many(bcg):
    result = gosh(bcg["yi"], bcg["vi"], subsets=500, seed=3)
    again = gosh(bcg["yi"], bcg["vi"], subsets=500, seed=3)
    assert not result.complete
    assert len(result.code) <= 500
    assert result.code.tolist() == again.code.tolist()


def test_gosh_has_a_limit():
    with pytest.raises(InputError, match="at most 63"):
        gosh(np.zeros(64), np.ones(64))
