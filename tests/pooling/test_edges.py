"""What cannot be computed says why; what cannot be used is named."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipevidence.errors import InputError
from hipevidence.pooling import fit_many, pool, regress


def test_nothing_to_pool():
    with pytest.raises(InputError, match="nothing to pool"):
        pool([], [])


def test_one_study_is_its_own_estimate():
    result = pool([0.4], [0.25], ci="wald")
    assert (result.estimate, result.se, result.weights.tolist()) == (0.4, 0.5, [100.0])
    assert (result.ci.low, result.ci.high) == pytest.approx(
        (0.4 - 0.979981992270027, 0.4 + 0.979981992270027), rel=1e-14
    )
    assert math.isnan(result.tau2)
    assert "needs at least two studies" in result.reason


def test_one_study_has_no_hartung_knapp_interval():
    result = pool([0.4], [0.25])
    assert result.estimate == 0.4
    assert not result.ci.exists
    assert "Hartung-Knapp needs at least two studies" in result.reason


def test_equal_effects_have_no_hartung_knapp_interval():
    result = pool([0.3, 0.3, 0.3], [0.1, 0.2, 0.3])
    assert (result.estimate, result.tau2, result.i2, result.q) == (0.3, 0.0, 0.0, 0.0)
    assert math.isnan(result.se)
    assert "all effects are equal" in result.reason
    assert pool([0.3, 0.3, 0.3], [0.1, 0.2, 0.3], ci="HKSJ-modified").ci.exists


@pytest.mark.parametrize("shift", [0.0, 1.0, 1e6, -1e-9])
def test_effects_that_differ_by_rounding_alone_have_no_hartung_knapp_interval(shift):
    yi = np.array([0.1 + 0.2, 0.3, 0.3, np.nextafter(0.3, 1.0)]) + shift
    result = pool(yi, [0.02, 0.03, 0.02, 0.05])
    assert not result.ci.exists
    assert "rounding: Hartung-Knapp has no width" in result.reason
    assert pool(yi, [0.02, 0.03, 0.02, 0.05], ci="HKSJ-modified").ci.exists


def test_effects_that_differ_by_more_than_rounding_keep_their_interval():
    result = pool([1.0, 1.0 + 1e-12, 1.0 - 1e-12], [0.02, 0.03, 0.02])
    assert result.ci.exists
    assert "Hartung-Knapp" not in result.reason


def test_a_regression_through_all_effects_has_no_hartung_knapp_width():
    x = np.arange(6.0)
    result = regress(0.1 + 0.3 * x, np.full(6, 0.02), x)
    assert np.isnan(result.coefficients[1].se)
    assert "Hartung-Knapp has no width" in result.reason


def test_two_studies_are_too_few_for_the_hts_interval():
    result = pool([0.1, 0.5], [0.1, 0.2], prediction="HTS")
    assert not result.prediction.exists
    assert "too few studies for the HTS prediction interval" in result.reason


def test_common_effect_has_no_prediction():
    result = pool([0.1, 0.5], [0.1, 0.2], method="EE")
    assert result.tau2 == 0.0
    assert result.certificate.kind == "assumed"
    assert "no prediction" in result.reason


@pytest.mark.parametrize(
    ("yi", "vi", "position"),
    [([1.0, np.nan], [1, 1], "study 2"), ([1, 2, 3], [1, 0, -1], "study 2, 3"), ([1, 2], [np.inf, 1], "study 1")],
)
def test_unusable_studies_are_named(yi, vi, position):
    with pytest.raises(InputError, match=position):
        pool(yi, vi)


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "reml"},
        {"ci": "z"},
        {"level": 95},
        {"prediction": "x"},
        {"tau2_ci": "x"},
        {"i2": "x"},
        {"method": "GENQ"},
    ],
)
def test_unknown_options_list_the_known_ones(wrong):
    with pytest.raises(InputError, match="allowed"):
        pool([1.0, 2.0], [1.0, 1.0], **wrong)


def test_shapes_must_match():
    with pytest.raises(InputError, match="shape"):
        pool([1.0, 2.0], [1.0])
    with pytest.raises(InputError, match="shape"):
        fit_many([[1.0, 2.0]], [[1.0, 1.0]], [[True]])


def test_a_batch_never_raises_for_its_groups():
    yi = [[0.1, 0.2, 0.3], [0.1, np.nan, 0.3], [0.1, 0.2, 0.3], [0.1, 0.2, np.nan]]
    vi = [[0.1, 0.1, 0.1], [0.1, 0.1, 0.1], [0.1, 0.1, 0.1], [0.1, 0.1, np.nan]]
    fits = fit_many(yi, vi, [[True] * 3, [True] * 3, [False] * 3, [True, True, False]], ci="wald")
    assert fits.estimate == pytest.approx([0.2, np.nan, np.nan, 0.15], nan_ok=True)
    assert fits.k.tolist() == [3, 3, 0, 2]
    assert fits.reason[0] == ""
    assert "study 2" in fits.reason[1]
    assert fits.reason[2] == "no studies to pool"


def test_an_empty_batch_gives_empty_arrays():
    assert len(fit_many(np.zeros((0, 3)), np.ones((0, 3))).estimate) == 0


def test_result_as_a_row():
    frame = pool([0.1, 0.5, 0.2], [0.1, 0.2, 0.1]).to_frame()
    assert frame.shape[0] == 1
    assert {"estimate", "ci_low", "tau2_ci_high", "certificate_proven"} <= set(frame.columns)
