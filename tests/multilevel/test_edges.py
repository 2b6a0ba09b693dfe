"""What data cannot tell is nan with a reason; what cannot be used is an error that says what to do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipevidence.errors import InputError
from hipevidence.multilevel import (
    cluster_robust,
    constant_correlation,
    shared_arm_covariance,
    three_level,
    three_level_regression,
)


def test_one_row():
    result = three_level([0.1], [0.04], ["a"])
    assert result.estimate == 0.1
    assert result.se == pytest.approx(0.2)
    assert math.isnan(result.tau2)
    assert not result.ci.exists
    assert "more rows" in result.reason


def test_one_study():
    result = three_level([0.1, 0.3, 0.6], [0.02, 0.02, 0.02], ["a", "a", "a"])
    assert math.isnan(result.study.sigma2)
    assert math.isfinite(result.row.sigma2)
    assert math.isnan(result.tau2)
    assert "more studies" in result.reason


def test_every_study_with_one_row():
    result = three_level([0.1, 0.9, 0.6], [0.02, 0.02, 0.03], ["a", "b", "c"])
    assert math.isnan(result.study.sigma2)
    assert result.tau2 == result.row.sigma2 > 0.0
    assert "told apart" in result.reason


def test_equal_effects_give_no_robust_certainty():
    result = three_level([0.1] * 4, [0.02] * 4, ["a", "a", "b", "b"], ci="CR2")
    assert result.tau2 == 0.0
    assert result.certificate.kind == "boundary"
    assert math.isnan(result.se)
    assert "no evidence of certainty" in result.reason


def test_one_cluster_gives_no_robust_error():
    result = cluster_robust([0.1, 0.4], [0.02, 0.01], ["a", "a"])
    assert math.isnan(result.se)
    assert "two clusters" in result.reason


def test_few_clusters_are_named():
    result = three_level([0.1, 0.3, 0.5, 0.6], [0.02, 0.03, 0.02, 0.04], ["a", "a", "b", "c"], ci="CR2")
    assert result.df < 4.0
    assert "not to be trusted" in result.reason


def test_fixed_effects_with_a_known_covariance():
    # generalised least squares by hand: the average of two equally precise correlated rows, then of both studies
    result = three_level([0.1, 0.3, 0.8], [0.1, 0.1, 0.1], ["a", "a", "b"], components=[], sampling_correlation=0.5)
    weight = np.array([1.0 / 0.15, 1.0 / 0.15, 1.0 / 0.1])
    assert result.estimate == pytest.approx(weight @ [0.1, 0.3, 0.8] / weight.sum(), rel=1e-12)
    assert result.se == pytest.approx(weight.sum() ** -0.5, rel=1e-12)
    assert result.tau2 == 0.0


def test_frame_has_one_row():
    frame = three_level([0.1, 0.3, 0.8], [0.1, 0.1, 0.1], ["a", "a", "b"]).to_frame()
    assert frame.shape[0] == 1
    assert frame.loc[0, "study_sigma2"] >= 0.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"study": ["a", "b"]}, "one label a row"),
        ({"study": [1.0, np.nan, 2.0]}, "nan"),
        ({"vi": [0.1, -0.1, 0.1]}, "study 2"),
        ({"method": "DL"}, "REML, ML"),
        ({"ci": "HKSJ"}, "CR2"),
        ({"level": 1.0}, "between 0 and 1"),
        ({"components": ["district"]}, "study, row"),
        ({"tau2_ci": "QP"}, "PL"),
        ({"sampling_correlation": 1.0}, "not including 1"),
        ({"covariance": np.eye(2)}, "shape"),
        ({"covariance": np.eye(3)}, "diagonal"),
        ({"covariance": [[0.1, 0.0, 0.01], [0.0, 0.1, 0.0], [0.01, 0.0, 0.1]]}, "between studies"),
        ({"covariance": [[0.1, 0.2, 0.0], [0.2, 0.1, 0.0], [0.0, 0.0, 0.1]]}, "positive definite"),
        ({"covariance": np.diag([0.1] * 3), "sampling_correlation": 0.5}, "one of them"),
        ({"ci": "CR2", "cluster": [1, 2, 3]}, "whole studies"),
        ({"ci": "CR2", "cluster": [1, 2]}, "one label a row"),
    ],
)
def test_unusable_input(changes, words):
    arguments = {"yi": [0.1, 0.3, 0.8], "vi": [0.1, 0.1, 0.1], "study": ["a", "a", "b"]} | changes
    with pytest.raises(InputError, match=words):
        three_level(**arguments)


def test_moderators_that_say_the_same():
    with pytest.raises(InputError, match="Leave one out"):
        three_level_regression([0.1, 0.2, 0.3], [0.1] * 3, ["a", "b", "c"], {"x": [1, 2, 3], "z": [2, 4, 6]})


def test_shared_arm_covariances():
    # Gleser & Olkin's formulas by hand
    assert shared_arm_covariance("MD", n2=20, sd2=3.0) == pytest.approx(0.45)
    assert shared_arm_covariance("SMD", n2=20, smd=(0.5, 0.8), n_total=60) == pytest.approx(0.05 + 0.4 / 120)
    assert shared_arm_covariance("OR", n2=50, events2=10) == pytest.approx(0.125)
    assert shared_arm_covariance("RR", n2=50, events2=10) == pytest.approx(0.08)
    assert shared_arm_covariance("RD", n2=50, events2=10) == pytest.approx(0.2 * 0.8 / 50)
    assert shared_arm_covariance("RD", n2=50, events2=0) == 0.0
    for arguments, words in (
        ({"measure": "ROM", "n2": 5}, "allowed: MD"),
        ({"measure": "OR", "n2": 50}, "events2"),
        ({"measure": "OR", "n2": 50, "events2": 50}, "fewer than all"),
        ({"measure": "SMD", "n2": 50}, "both"),
        ({"measure": "MD", "n2": 0, "sd2": 1.0}, "greater than 0"),
    ):
        with pytest.raises(InputError, match=words):
            shared_arm_covariance(**arguments)


def test_blocks_follow_the_order_of_appearance():
    blocks = constant_correlation([1.0, 4.0, 9.0], ["b", "a", "b"], 0.5)
    assert [block.tolist() for block in blocks] == [[[1.0, 1.5], [1.5, 9.0]], [[4.0]]]


def test_two_maxima_are_named():
    y, v = [2.08, -0.16, -0.86, 0.35, 0.79, 0.85, 0.42], [0.46, 0.58, 0.037, 0.00013, 0.0013, 0.0011, 2.9]
    result = three_level(y, v, [0, 0, 0, 1, 2, 2, 2], tau2_ci=None)
    assert result.certificate.optima == 2
    assert "2 maxima" in result.reason
    # the second one, approached from its own side, is lower
    only_study = three_level(y, v, [0, 0, 0, 1, 2, 2, 2], tau2_ci=None, components=["study"])
    assert only_study.log_likelihood < result.log_likelihood
    assert result.second_maximum == pytest.approx(3.59, abs=0.01)


def test_a_nearly_flat_likelihood_is_named():
    random = np.random.default_rng(4)
    study = [*range(400), 0]
    v = np.full(401, 0.5)
    result = three_level(random.normal(0.0, 1.0, 401), v, study, tau2_ci=None)
    assert "nearly flat" in result.reason
