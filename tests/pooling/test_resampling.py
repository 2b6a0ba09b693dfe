"""Permutation tests and bootstraps: exact where that is possible, reproducible everywhere."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from hipevidence.errors import InputError
from hipevidence.pooling import bootstrap, permutation_test, pool, predict_bootstrap, regress


def test_exact_sign_flips_are_metafors(bcg, single_value):
    result = permutation_test(bcg["yi"], bcg["vi"], ci="wald")
    theirs = single_value("dat.bcg logRR", "permutest(REML) exact sign-flip (8192)", "pval")
    assert result.exact
    assert result.rearrangements == 8192
    assert result.p_value[0] == theirs


def test_exact_order_test_against_single_fits():
    yi, vi, x = [0.1, 0.9, 0.3, 0.7], [0.05, 0.04, 0.06, 0.05], [1.0, 4.0, 2.0, 3.5]
    result = permutation_test(yi, vi, x, method="DL")
    observed = abs(regress(yi, vi, x, method="DL").coefficients[1].statistic)
    dealt = [
        abs(regress(yi, vi, [x[i] for i in order], method="DL").coefficients[1].statistic)
        for order in itertools.permutations(range(4))
    ]
    share = np.mean([value >= observed * (1 - 1e-10) for value in dealt])
    assert result.names == ("intercept", "x1", "all")
    assert result.exact
    assert result.p_value[1] == pytest.approx(share, rel=1e-14)
    assert result.p_value[2] == result.p_value[1]


def test_drawn_orders_repeat_with_the_seed(bcg):
    first, second = (permutation_test(bcg["yi"], bcg["vi"], bcg["moderators"]["ablat"], seed=5) for _ in range(2))
    assert not first.exact
    assert first.p_value.tolist() == second.p_value.tolist()
    assert first.p_value[1] < 0.05


def test_drawn_sign_flips_come_close_to_the_exact_test(bcg):
    drawn = permutation_test(bcg["yi"], bcg["vi"], ci="wald", most_exact=100, draws=4000)
    assert not drawn.exact
    assert drawn.p_value[0] == pytest.approx(12 / 8192, abs=0.003)


def test_parametric_bootstrap_centres_on_the_estimate(bcg):
    result = bootstrap(bcg["yi"], bcg["vi"], draws=4000, seed=2)
    whole = pool(bcg["yi"], bcg["vi"], ci="wald")
    assert result.estimate.mean() == pytest.approx(whole.estimate, abs=4 * whole.se / np.sqrt(4000))
    assert result.estimate.std() == pytest.approx(whole.se, rel=0.06)
    assert result.tau2_ci.contains(whole.tau2)


def test_case_bootstrap_repeats_with_the_seed(bcg):
    first, second = (bootstrap(bcg["yi"], bcg["vi"], kind="case", draws=200, seed=9) for _ in range(2))
    assert first.i2.tolist() == second.i2.tolist()
    assert first.estimate_ci.contains(pool(bcg["yi"], bcg["vi"]).estimate)


def test_bootstrap_prediction_is_close_to_the_normal_theory_for_many_studies():
    generator = np.random.default_rng(4)
    vi = np.full(150, 0.05)
    yi = generator.normal(0.3, np.sqrt(0.05 + 0.2), 150)
    boot, theory = predict_bootstrap(yi, vi), pool(yi, vi, prediction="HTS").prediction
    assert (boot.low, boot.high) == pytest.approx((theory.low, theory.high), abs=0.06)


def test_bootstrap_prediction_is_wider_for_few_studies(bcg):
    boot, hts = (
        predict_bootstrap(bcg["yi"][:4], bcg["vi"][:4]),
        pool(bcg["yi"][:4], bcg["vi"][:4], ci="wald").prediction,
    )
    assert boot.low < hts.low
    assert boot.high > hts.high


@pytest.mark.parametrize("wrong", [{"kind": "x"}, {"draws": 0}])
def test_unknown_bootstraps_are_refused(wrong):
    with pytest.raises(InputError, match="allowed"):
        bootstrap([0.1, 0.2], [0.1, 0.1], **wrong)
