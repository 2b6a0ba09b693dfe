"""Holds the O(rows) algebra to the same model written with whole matrices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg, optimize

from hipevidence.multilevel import cluster_robust, constant_correlation, three_level, three_level_regression
from hipevidence.multilevel.covariance import study_rows
from hipevidence.multilevel.estimate import prepare
from hipevidence.multilevel.likelihood import curvature_at, fit_at
from hipevidence.pooling import pool


def sample(seed, studies=8, most=5):
    """Draw unbalanced data in shuffled order."""
    random = np.random.default_rng(seed)
    study = np.repeat(np.arange(studies), random.integers(1, most + 1, studies))
    random.shuffle(study)
    v = random.uniform(0.02, 0.3, len(study))
    y = 0.4 + random.normal(0.0, 0.4, studies)[study] + random.normal(0.0, np.sqrt(v + 0.05))
    return y, v, study


def whole(v, study, correlation, sigma2):
    """Return the marginal covariance as one matrix."""
    same = study[:, None] == study[None, :]
    sampling = same * correlation * np.sqrt(np.outer(v, v))
    np.fill_diagonal(sampling, v)
    return sampling + sigma2[0] * same + sigma2[1] * np.eye(len(v))


def log_likelihood(y, x, m, *, restricted):
    """Return the log-likelihood from the definition."""
    w = np.linalg.inv(m)
    information = x.T @ w @ x
    e = y - x @ np.linalg.solve(information, x.T @ w @ y)
    p = x.shape[1] if restricted else 0
    value = -0.5 * ((len(y) - p) * np.log(2.0 * np.pi) + np.linalg.slogdet(m)[1] + e @ w @ e)
    if restricted:
        value += 0.5 * (np.linalg.slogdet(x.T @ x)[1] - np.linalg.slogdet(information)[1])
    return value


@pytest.mark.parametrize(("restricted", "correlation"), list(itertools.product([True, False], [0.0, 0.7])))
def test_likelihood_and_its_derivatives(restricted, correlation):
    y, v, study = sample(1)
    x = np.column_stack([np.ones(len(y)), np.linspace(-1.0, 1.0, len(y))])
    blocks = prepare(y, v, x, study, correlation, None)
    at = np.array([0.11, 0.06])
    fit = fit_at(blocks, at, restricted=restricted)
    assert fit.log_likelihood == pytest.approx(
        log_likelihood(y, x, whole(v, study, correlation, at), restricted=restricted), rel=1e-12
    )
    curvature = curvature_at(blocks, fit, restricted=restricted)
    step = 1e-4

    def value(s):
        return log_likelihood(y, x, whole(v, study, correlation, s), restricted=restricted)

    for i in range(2):
        e = np.eye(2)[i] * step
        slope = (value(at - 2 * e) - 8 * value(at - e) + 8 * value(at + e) - value(at + 2 * e)) / (12 * step)
        assert curvature.gradient[i] == pytest.approx(slope, rel=1e-6)
        ends = [
            curvature_at(blocks, fit_at(blocks, at + t * e, restricted=restricted), restricted=restricted)
            for t in (-1, 1)
        ]
        bend = -(ends[1].gradient - ends[0].gradient) / (2 * step)
        assert curvature.observed[i] == pytest.approx(bend, rel=1e-4)
    w = np.linalg.inv(whole(v, study, correlation, at))
    projection = w - w @ x @ np.linalg.solve(x.T @ w @ x, x.T @ w) if restricted else w
    directions = [(study[:, None] == study[None, :]).astype(float), np.eye(len(y))]
    expected = [[0.5 * np.trace(projection @ a @ projection @ b) for b in directions] for a in directions]
    assert curvature.expected == pytest.approx(np.array(expected), rel=1e-10)


@pytest.mark.parametrize("seed", range(6))
def test_maximum_against_a_general_optimiser(seed):
    y, v, study = sample(seed + 10, studies=5)
    x = np.ones((len(y), 1))
    result = three_level(y, v, study, tau2_ci=None)

    def loss(s):
        return -log_likelihood(y, x, whole(v, study, 0.0, s), restricted=True)

    starts = [(0.0, 0.0), (0.3, 0.01), (0.01, 0.3), (1.0, 1.0)]
    best = min(
        (optimize.minimize(loss, start, method="L-BFGS-B", bounds=[(0.0, None)] * 2, tol=1e-14) for start in starts),
        key=lambda found: found.fun,
    )
    assert result.log_likelihood >= -best.fun - 1e-9
    assert [result.study.sigma2, result.row.sigma2] == pytest.approx(best.x.tolist(), abs=2e-4)


def test_profile_interval_ends_where_the_likelihood_has_fallen_far_enough():
    y, v, study = sample(3, studies=12)
    x = np.ones((len(y), 1))
    result = three_level(y, v, study, level=0.9)
    for which, component in enumerate((result.study, result.row)):
        for end in (component.ci.low, component.ci.high):
            if end == 0.0:
                continue

            def loss(other, which=which, end=end):
                s = [end, other] if which == 0 else [other, end]
                return -log_likelihood(y, x, whole(v, study, 0.0, s), restricted=True)

            best = optimize.minimize_scalar(loss, bounds=(0.0, 5.0), method="bounded", options={"xatol": 1e-10})
            drop = 2.0 * (result.log_likelihood + min(best.fun, loss(0.0)))
            assert drop == pytest.approx(2.705543454095404, rel=1e-6)


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_cr2_against_whole_matrices(correlation):
    y, v, study = sample(7, studies=7)
    x = np.column_stack([np.ones(len(y)), np.linspace(-1.0, 1.0, len(y)) ** 2])
    cluster = study // 2
    result = three_level_regression(
        y, v, study, {"z": x[:, 1]}, ci="CR2", sampling_correlation=correlation, cluster=cluster, tau2_ci=None
    )
    phi = whole(v, study, correlation, [result.study.sigma2, result.row.sigma2])
    w = np.linalg.inv(phi)
    q = np.linalg.inv(x.T @ w @ x)
    hat = x @ q @ x.T @ w
    e = y - hat @ y
    scores, columns = [], []
    for number in np.unique(cluster):
        at = cluster == number
        upper = np.linalg.cholesky(phi[np.ix_(at, at)]).T
        lift = (np.eye(len(y)) - hat)[at]
        middle = upper @ lift @ phi @ lift.T @ upper.T
        adjust = upper.T @ np.real(linalg.inv(linalg.sqrtm(middle))) @ upper
        scores.append(x.T @ w[:, at] @ adjust @ e[at])
        columns.append(lift.T @ adjust @ w[at] @ x @ q)
    meat = sum(np.outer(score, score) for score in scores)
    assert result.covariance == pytest.approx(q @ meat @ q, rel=1e-8)
    for j in range(2):
        g = np.column_stack([column[:, j] for column in columns])
        p = g.T @ phi @ g
        assert result.df[j] == pytest.approx(np.trace(p) ** 2 / np.trace(p @ p), rel=1e-8)


def test_cr2_is_unbiased_if_the_working_model_holds():
    # the expectation of the robust variance under the model, from the quadratic form, is the model-based variance
    y, v, study = sample(11)
    result = three_level(y, v, study, tau2_ci=None)
    phi = whole(v, study, 0.0, [result.study.sigma2, result.row.sigma2])
    total, root = 0.0, np.linalg.cholesky(phi)
    basis = root @ np.eye(len(y)) * 1.0
    from hipevidence.multilevel.estimate import Options, estimate

    for column in basis.T:
        blocks = prepare(column, v, np.ones((len(y), 1)), study, 0.0, None)
        fitted = estimate(
            blocks, Options(ci="CR2", tau2_ci=None), fixed=np.array([result.study.sigma2, result.row.sigma2])
        )
        total += fitted.covariance[0, 0]
    assert total == pytest.approx(result.se**2, rel=1e-9)


def test_rows_of_their_own_are_ordinary_random_effects():
    y, v, _ = sample(5)
    ours = three_level(y, v, np.arange(len(y)), ci="wald", components=["row"], tau2_ci=None)
    theirs = pool(y, v, ci="wald")
    assert [ours.estimate, ours.se, ours.tau2, ours.i2, ours.q] == pytest.approx(
        [theirs.estimate, theirs.se, theirs.tau2, theirs.i2, theirs.q], rel=1e-8
    )
    assert ours.weights == pytest.approx(theirs.weights, rel=1e-8)
    assert [ours.prediction.low, ours.prediction.high] == pytest.approx(
        [theirs.prediction.low, theirs.prediction.high], rel=1e-8
    )


def test_covariance_in_every_form():
    y, v, study = sample(2)
    blocks = constant_correlation(v, study, 0.4)
    matrix = np.zeros((len(y), len(y)))
    for block, at in zip(blocks, study_rows(study, len(y)), strict=True):
        matrix[np.ix_(at, at)] = block
    by_number = three_level(y, v, study, sampling_correlation=0.4)
    by_blocks = three_level(y, v, study, covariance=blocks)
    by_matrix = three_level(y, v, study, covariance=matrix)
    assert by_number.estimate == by_blocks.estimate == by_matrix.estimate
    assert by_number.weights == pytest.approx(by_matrix.weights, rel=1e-12)
    w = np.linalg.inv(whole(v, study, 0.4, [by_number.study.sigma2, by_number.row.sigma2])).sum(axis=1)
    assert by_number.weights == pytest.approx(100.0 * w / w.sum(), rel=1e-9)
    assert by_number.estimate == pytest.approx(w @ y / w.sum(), rel=1e-11)


@given(seed=st.integers(0, 10_000), unit=st.sampled_from([1e-5, 0.01, 100.0, 1e5]))
def test_order_sign_and_unit(seed, unit):
    y, v, study = sample(seed, studies=6)
    order = np.random.default_rng(seed).permutation(len(y))
    one = three_level(y, v, study, ci="CR2", tau2_ci=None)
    other = three_level(-unit * y[order], unit**2 * v[order], study[order].astype(str), ci="CR2", tau2_ci=None)
    assert -other.estimate / unit == pytest.approx(one.estimate, abs=1e-8 * one.se)
    assert other.se / unit == pytest.approx(one.se, rel=1e-6)
    assert other.df == pytest.approx(one.df, rel=1e-5)
    assert other.tau2 / unit**2 == pytest.approx(one.tau2, rel=1e-6, abs=1e-12)
    assert other.weights[np.argsort(order)] == pytest.approx(one.weights, rel=1e-5, abs=1e-8)


@given(seed=st.integers(0, 10_000))
def test_cluster_of_every_row_is_the_same_for_cr0_and_scaled_for_cr1(seed):
    y, v, _ = sample(seed)
    rows = np.arange(len(y))
    m = len(y)
    zero, one = (cluster_robust(y, v, rows, ci=kind) for kind in ("CR0", "CR1"))
    assert one.se**2 == pytest.approx(zero.se**2 * m / (m - 1), rel=1e-12)
