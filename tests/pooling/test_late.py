"""What is computed only when read is the same as what is computed at once, and results stay plain dataclasses."""

import copy
import dataclasses
import pickle
from fractions import Fraction

import numpy as np
import pytest

from hipevidence.pooling import PoolResult, fit_many, pool

YI, VI = [0.1, 0.3, 0.8, 0.2], [0.02, 0.03, 0.02, 0.05]


@pytest.mark.parametrize("method", ["REML", "DL", "EE", "PM"])
@pytest.mark.parametrize("tau2_ci", ["QP", "PL", "GENQ", None])
def test_a_single_fit_is_the_batch_of_one(method, tau2_ci):
    single = pool(YI, VI, method=method, tau2_ci=tau2_ci)
    batch = fit_many(YI, VI, method=method, tau2_ci=tau2_ci)
    for name in ("estimate", "se", "statistic", "df", "p_value", "tau2", "i2", "h2", "q", "q_df", "q_p_value"):
        np.testing.assert_equal(getattr(single, name), getattr(batch, name)[0])
    for name in ("tau2", "i2", "h2"):
        interval = getattr(single, f"{name}_ci")
        np.testing.assert_equal(interval.low, getattr(batch, f"{name}_low")[0])
        np.testing.assert_equal(interval.high, getattr(batch, f"{name}_high")[0])
    assert single.reason == batch.reason[0]


def test_an_empty_interval_is_announced_whatever_is_read_first():
    nearly_equal = ([0.1, 0.1001, 0.1002, 0.1001], VI)
    first, second = pool(*nearly_equal), pool(*nearly_equal)
    assert "interval is empty" in first.reason
    assert np.isnan(second.tau2_ci.low)
    assert second.reason == first.reason == fit_many(*nearly_equal, tau2_ci="QP").reason[0]


def test_a_result_can_be_replaced_copied_pickled_and_shown():
    result = pool(YI, VI)
    changed = dataclasses.replace(result, estimate=1.0)
    assert changed.estimate == 1.0
    for other in (changed, copy.deepcopy(pool(YI, VI)), pickle.loads(pickle.dumps(pool(YI, VI)))):  # noqa: S301 - our own bytes
        assert other.tau2_ci == result.tau2_ci
        assert other.p_value == result.p_value
    frame = pool(YI, VI).to_frame()
    assert frame.loc[0, "tau2_ci_high"] == result.tau2_ci.high
    assert "tau2_ci=Interval" in repr(pool(YI, VI))


def test_a_result_stays_frozen_and_knows_its_names():
    result = pool(YI, VI)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.tau2_ci = None
    with pytest.raises(AttributeError, match="'PoolResult' object has no attribute 'tau2_interval'"):
        _ = result.tau2_interval
    assert {"tau2_ci", "p_value", "reason"} <= {field.name for field in dataclasses.fields(PoolResult)}


def test_late_p_values_survive_chunks_and_gaps():
    generator = np.random.default_rng(4)
    vi = generator.uniform(0.02, 0.2, (9000, 10))
    yi = generator.normal(0.1, np.sqrt(vi + 0.05))
    vi[17, 3] = -1.0
    fits = fit_many(yi, vi)
    assert np.flatnonzero(np.isnan(fits.p_value)).tolist() == [17]
    for row in (0, 16, 8999):
        assert fits.p_value[row] == pytest.approx(pool(yi[row], vi[row]).p_value, rel=1e-12)
        assert fits.q_p_value[row] == pytest.approx(pool(yi[row], vi[row]).q_p_value, rel=1e-12)


def test_standard_error_of_tau2_holds_where_one_study_has_nearly_all_weight():
    """DerSimonian-Laird: 2 tr PSPS / (tr P)², in exact arithmetic."""
    vi = [1e-9, 1.0, 3e5, 2e7]
    yi = [0.0, 4.0, -900.0, 3000.0]
    result = pool(yi, vi, method="DL")
    w, tau2 = [1 / Fraction(v) for v in vi], Fraction(result.tau2)
    total, k = sum(w), range(4)
    p = [[w[i] * (i == j) - w[i] * w[j] / total for j in k] for i in k]
    ps = [[p[i][j] * (Fraction(vi[j]) + tau2) for j in k] for i in k]
    square = 2 * sum(ps[i][j] * ps[j][i] for i in k for j in k) / sum(p[i][i] for i in k) ** 2
    assert result.tau2_se == pytest.approx(float(square) ** 0.5, rel=1e-12)
