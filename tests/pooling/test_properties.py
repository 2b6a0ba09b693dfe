"""Laws that hold for all data, tried on data that hypothesis makes up, from tiny to huge variances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipevidence.pooling import fit_many, pool
from hipevidence.pooling.batch import arrange
from hipevidence.pooling.tau2 import METHODS, log_likelihood, score_bound

EFFECTS = st.floats(-3.0, 3.0, allow_nan=False)
METHOD = st.sampled_from([m for m in METHODS if m != "GENQ"])


@st.composite
def studies(draw, smallest=2, largest=8, decades=3.0):
    k = draw(st.integers(smallest, largest))
    logs = draw(st.lists(st.floats(-decades, decades), min_size=k, max_size=k))
    unit = np.array(draw(st.lists(EFFECTS, min_size=k, max_size=k)))
    vi = 10.0 ** np.array(logs)
    # on a grid, so that effects either are equal or differ visibly
    return np.round(unit * 64) / 64 * np.sqrt(np.median(vi)), vi


def same(first, second, scale, factor=1.0):
    for name in ("estimate", "se"):
        assert getattr(second, name) == pytest.approx(
            factor * getattr(first, name), rel=1e-8, abs=1e-8 * scale * abs(factor), nan_ok=True
        ), name
    assert second.tau == pytest.approx(abs(factor) * first.tau, rel=1e-6, abs=1e-6 * scale * abs(factor))


@given(studies(), METHOD, st.randoms(use_true_random=False))
def test_order_of_studies_does_not_matter(data, method, random):
    yi, vi = data
    order = list(range(len(yi)))
    random.shuffle(order)
    same(pool(yi, vi, method=method), pool(yi[order], vi[order], method=method), np.sqrt(vi.min()))


@given(studies(), METHOD)
def test_flipped_signs_flip_the_result(data, method):
    yi, vi = data
    first, second = pool(yi, vi, method=method), pool(-yi, vi, method=method)
    assert second.estimate == pytest.approx(-first.estimate, rel=1e-12, abs=1e-300)
    assert (second.tau2, second.se, second.q) == pytest.approx((first.tau2, first.se, first.q), rel=1e-12, nan_ok=True)


@given(studies(), METHOD, st.integers(-30, 30))
def test_another_unit_changes_nothing_else(data, method, power):
    yi, vi = data
    factor = 2.0**power
    first, second = pool(yi, vi, method=method), pool(yi * factor, vi * factor**2, method=method)
    assert (second.estimate, second.tau, second.se) == (
        pytest.approx(first.estimate * factor, rel=1e-12, abs=1e-300),
        pytest.approx(first.tau * factor, rel=1e-12),
        pytest.approx(first.se * factor, rel=1e-12, nan_ok=True),
    )
    assert (second.i2, second.q) == (pytest.approx(first.i2, rel=1e-12), pytest.approx(first.q, rel=1e-12))


@given(st.lists(studies(smallest=1), min_size=2, max_size=40), METHOD)
@settings(max_examples=50)
def test_a_batch_gives_what_its_parts_give(groups, method):
    widest = max(len(yi) for yi, _ in groups)
    shape = (len(groups), widest)
    y, v, mask = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    for row, (yi, vi) in enumerate(groups):
        y[row, : len(yi)], v[row, : len(yi)], mask[row, : len(yi)] = yi, vi, True
    whole = fit_many(y, v, mask, method=method)
    half = len(groups) // 2
    for rows in (slice(0, half), slice(half, None)):
        part = fit_many(y[rows], v[rows], mask[rows], method=method)
        for name in ("estimate", "tau2", "se", "q"):
            scale = 1e-9 * v[mask].max()
            assert getattr(part, name) == pytest.approx(getattr(whole, name)[rows], rel=1e-7, abs=scale, nan_ok=True)


@given(studies(largest=6, decades=6.0), st.sampled_from(["REML", "ML"]))
def test_no_point_of_a_grid_has_a_higher_likelihood(data, method):
    yi, vi = data
    result = pool(yi, vi, method=method)
    batch, _ = arrange(yi[None], vi[None], np.ones((1, len(yi)), dtype=bool))
    grid = np.concatenate([[0.0], np.geomspace(1e-9, 10.0 * max(float(score_bound(batch)[0]), 1e-6), 3000)])
    unit = batch.scale[0] ** 2
    many = batch.take(np.zeros(len(grid), dtype=int))
    best = log_likelihood(batch, np.array([result.tau2 / unit]), method)[0]
    heights = log_likelihood(many, grid, method)
    assert result.certificate.proven
    assert best >= heights.max() - 1e-9 * max(1.0, abs(best))


@given(studies(smallest=2, largest=12, decades=12.0), METHOD)
def test_any_variances_give_finite_results(data, method):
    yi, vi = data
    result = pool(yi, vi, method=method, ci="HKSJ-modified")
    assert np.isfinite([result.estimate, result.tau2, result.se, result.i2, result.q]).all()
    assert result.tau2 >= 0.0
    assert yi.min() - 1e-9 * np.ptp(yi) <= result.estimate <= yi.max() + 1e-9 * np.ptp(yi)
    assert result.weights.sum() == pytest.approx(100.0, rel=1e-12)
    assert abs(result.certificate.residual) < 1e-8


@given(studies(smallest=2, largest=2))
def test_two_studies_in_closed_form(data):
    yi, vi = data
    expected = max(0.0, (yi[0] - yi[1]) ** 2 / 2 - vi.mean())
    for method in ("REML", "DL", "HE", "PM"):
        result = pool(yi, vi, method=method)
        assert result.tau2 == pytest.approx(expected, rel=1e-9, abs=1e-12 * vi.max())


@given(st.lists(EFFECTS, min_size=2, max_size=12), st.floats(0.01, 10.0))
def test_equal_variances_in_closed_form(effects, variance):
    yi = np.round(np.array(effects) * 64) / 64
    expected = max(0.0, np.var(yi, ddof=1) - variance)
    for method in ("REML", "DL", "HE", "PM"):
        result = pool(yi, np.full(len(yi), variance), method=method)
        assert result.tau2 == pytest.approx(expected, rel=1e-10, abs=1e-12)
        assert result.estimate == pytest.approx(yi.mean(), rel=1e-10, abs=1e-12)


@given(studies(), st.floats(0.5, 0.99))
def test_intervals_nest(data, level):
    yi, vi = data
    narrow, wide = (pool(yi, vi, ci="t", level=value) for value in (level, (level + 1.0) / 2.0))
    assert wide.ci.low <= narrow.ci.low <= narrow.estimate <= narrow.ci.high <= wide.ci.high
    if narrow.tau2_ci.exists:
        assert wide.tau2_ci.low <= narrow.tau2_ci.low <= narrow.tau2_ci.high <= wide.tau2_ci.high


def test_several_maxima_are_all_compared():
    generator = np.random.default_rng(0)
    vi = 10 ** generator.uniform(-3, 2, (20_000, 6))
    yi = generator.normal(0, np.sqrt(vi + 0.1))
    fits = fit_many(yi, vi, prediction=None)
    several = np.flatnonzero(fits.optima > 1)
    assert len(several) > 50
    assert fits.proven.all()
    for row in several[:25]:
        batch, _ = arrange(yi[row][None], vi[row][None], np.ones((1, 6), dtype=bool))
        grid = np.concatenate([[0.0], np.geomspace(1e-6, 10 * float(score_bound(batch)[0]), 4000)])
        heights = log_likelihood(batch.take(np.zeros(len(grid), dtype=int)), grid, "REML")
        found = log_likelihood(batch, np.array([fits.tau2[row] / batch.scale[0] ** 2]), "REML")[0]
        assert found >= heights.max() - 1e-10
