"""UM.RS: holds it to a general optimiser on a fixed grid, and reproduces metafor's numbers with its approximation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, special, stats

from hipevidence.rare import glmm
from hipevidence.rare.integral import Arm
from hipevidence.rare.kernels import Binomial
from hipevidence.rare.plane import PlaneModel, expand

COUNTS = {
    "events1": [2, 19, 1, 7, 3, 0],
    "n1": [60, 80, 55, 90, 40, 30],
    "events2": [8, 14, 4, 12, 18, 2],
    "n2": [58, 82, 50, 88, 45, 31],
}
Z = np.linspace(-7.5, 7.5, 101)
GRID = np.array(np.meshgrid(Z, Z, indexing="ij")).reshape(2, -1)
LOG_DENSITY = stats.norm.logpdf(GRID).sum(axis=0) + 2.0 * math.log(Z[1] - Z[0])


def columns(counts):
    return (np.array(column, dtype=float)[:, None] for column in counts.values())


def minus_log_likelihood(at, counts=COUNTS, coding=0.5):
    """Return minus the log-likelihood by the trapezoidal rule on one fixed grid for all studies."""
    alpha, theta, sigma, tau = at
    a, n1, c, n2 = columns(counts)
    eta1 = alpha + theta + sigma * GRID[0] + coding * tau * GRID[1]
    eta2 = alpha + sigma * GRID[0] + (coding - 1.0) * tau * GRID[1]
    logs = stats.binom.logpmf(a, n1, special.expit(eta1)) + stats.binom.logpmf(c, n2, special.expit(eta2))
    return -special.logsumexp(logs + LOG_DENSITY, axis=1).sum()


@pytest.mark.slow
@pytest.mark.parametrize("coding", [0.5, 1.0])
def test_maximum_by_a_general_optimiser(coding):
    result = glmm("OR", **COUNTS, model="UM.RS", coding=coding)
    best = optimize.minimize(
        minus_log_likelihood, [-2.5, -0.5, 0.5, 0.7], args=(COUNTS, coding), method="BFGS", options={"gtol": 1e-5}
    )
    assert result.log_likelihood == pytest.approx(-best.fun, abs=1e-8)
    ours = [result.estimate, result.sigma, result.tau]
    assert ours == pytest.approx([best.x[1], abs(best.x[2]), abs(best.x[3])], abs=1e-4)
    assert result.certificate.residual < 1e-8
    assert result.quadrature_error < 1e-10


def test_standard_error_by_differences():
    result = glmm("OR", **COUNTS, model="UM.RS", coding=1.0)
    alpha = optimize.minimize_scalar(
        lambda value: minus_log_likelihood([value, result.estimate, result.sigma, result.tau], coding=1.0),
        bounds=(-4.0, -1.0),
        method="bounded",
        options={"xatol": 1e-6},
    ).x
    at, step = np.array([alpha, result.estimate, result.sigma, result.tau]), 2e-3
    hessian = np.zeros((4, 4))
    for i, e in enumerate(step * np.eye(4)):
        for j, f in enumerate(step * np.eye(4)):
            corners = [s * t * minus_log_likelihood(at + s * e + t * f, coding=1.0) for s in (1, -1) for t in (1, -1)]
            hessian[i, j] = sum(corners) / (4.0 * step**2)
    assert result.se == pytest.approx(math.sqrt(np.linalg.inv(hessian)[1, 1]), rel=1e-4)


def laplace(at, counts):
    """Return minus the log-likelihood by Laplace's approximation, which is what the peer's one quadrature point is."""
    alpha, theta, sigma, tau = at
    total = 0.0
    for a, n1, c, n2 in zip(*counts.values(), strict=True):
        loads = np.array([[sigma, tau / 2.0], [sigma, -tau / 2.0]])
        x, n, fixed = np.array([a, c]), np.array([n1, n2]), np.array([alpha + theta, alpha])
        z = np.zeros(2)
        for _ in range(100):
            p = special.expit(fixed + loads @ z)
            curvature = np.eye(2) + loads.T @ (loads * (n * p * (1.0 - p))[:, None])
            move = np.linalg.solve(curvature, loads.T @ (x - n * p) - z)
            z = z + np.clip(move, -1.0, 1.0)
            if np.abs(move).max() < 1e-12:
                break
        p = special.expit(fixed + loads @ z)
        curvature = np.eye(2) + loads.T @ (loads * (n * p * (1.0 - p))[:, None])
        total += stats.binom.logpmf(x, n, p).sum() - 0.5 * z @ z - 0.5 * np.linalg.slogdet(curvature)[1]
    return -total


def test_nielweise2007_as_metafor_by_laplaces_approximation(nielweise, value):
    theirs = [value("dat.nielweise2007", "rma.glmm OR UM.RS", name) for name in ("est", "se", "tau2")]
    ours = glmm("OR", **nielweise, model="UM.RS")
    # the peer's approximation puts its maximum 1e-3 from the exact one
    assert [ours.estimate, ours.se, ours.tau2] == pytest.approx(theirs, rel=2e-3)
    some = np.array(nielweise["events1"]) + np.array(nielweise["events2"]) > 0
    counts = {name: np.array(nielweise[name])[some] for name in ("events1", "n1", "events2", "n2")}
    best = optimize.minimize(laplace, [-3.4, -1.3, 0.7, 0.85], args=(counts,), method="BFGS", options={"gtol": 1e-6})
    # with it the numbers are the peer's, as far as its optimiser goes
    assert [best.x[1], best.x[3] ** 2] == pytest.approx([theirs[0], theirs[2]], rel=1e-4)


def test_derivatives_are_those_of_finite_differences():
    a, n1, c, n2 = (column[:, 0] for column in columns(COUNTS))
    none = np.zeros(len(a))
    arms = (Arm(Binomial.of(a, n1, none), 1.0, 0.5), Arm(Binomial.of(c, n2, none), 0.0, -0.5))
    model, at, start = PlaneModel(arms, len(a)), np.array([-2.2, -0.4, 0.6, 0.9]), np.zeros((len(a), 2))
    here = expand(model, at, start, 61)
    assert here.value == pytest.approx(-minus_log_likelihood(at), abs=1e-9)
    for i, step in enumerate(1e-5 * np.eye(4)):
        up, down = (expand(model, at + sign * step, start, 61) for sign in (1.0, -1.0))
        assert (up.value - down.value) / 2e-5 == pytest.approx(here.gradient[i], abs=1e-7)
        assert (up.gradient - down.gradient) / 2e-5 == pytest.approx(here.hessian[i], abs=1e-6)


def test_swapping_the_arms_turns_the_sign():
    a, n1, c, n2 = COUNTS.values()
    one = glmm("OR", **COUNTS, model="UM.RS")
    other = glmm("OR", events1=c, n1=n2, events2=a, n2=n1, model="UM.RS")
    assert other.estimate == pytest.approx(-one.estimate, rel=1e-6)
    assert [other.se, other.tau2, other.sigma] == pytest.approx([one.se, one.tau2, one.sigma], rel=1e-5)


def test_equal_studies_have_both_variances_on_the_boundary():
    result = glmm("OR", events1=[3] * 4, n1=[50] * 4, events2=[6] * 4, n2=[50] * 4, model="UM.RS")
    assert (result.tau2, result.sigma) == (0.0, 0.0)
    assert result.certificate.kind == "boundary"
    assert result.heterogeneity.p_value == 1.0
    # the common logistic regression
    assert result.estimate == pytest.approx(math.log(12 / 188 / (24 / 176)), rel=1e-9)
    assert result.se == pytest.approx(math.sqrt(1 / 12 + 1 / 188 + 1 / 24 + 1 / 176), rel=1e-8)


def test_common_effect_and_test_of_heterogeneity():
    none, some = (glmm("OR", **COUNTS, model="UM.RS", method=method) for method in ("EE", "ML"))
    assert none.tau2 == 0.0
    assert none.heterogeneity is None
    assert none.certificate.kind == "assumed"
    assert some.heterogeneity.statistic == pytest.approx(2.0 * (some.log_likelihood - none.log_likelihood), rel=1e-9)


def test_rates_are_nearly_odds_where_events_are_rare():
    large = {name: 1000 * np.array(COUNTS[name]) for name in ("n1", "n2")}
    odds = glmm("OR", **(COUNTS | large), model="UM.RS")
    times = {"time1": large["n1"], "time2": large["n2"]}
    rates = glmm("IRR", events1=COUNTS["events1"], events2=COUNTS["events2"], **times, model="UM.RS")
    assert rates.estimate == pytest.approx(odds.estimate, abs=1e-3)
    assert rates.tau == pytest.approx(odds.tau, abs=1e-3)


def test_many_events_are_integrated_exactly():
    random = np.random.default_rng(2)
    n = np.array([2000, 15000, 800, 5000])
    risk = special.expit(-2.0 + 0.8 * random.normal(size=4))
    counts = {"events1": random.binomial(n, 0.7 * risk), "n1": n, "events2": random.binomial(n, risk), "n2": n}
    result = glmm("OR", **counts, model="UM.RS")
    assert result.quadrature_error < 1e-9
    assert result.certificate.residual < 1e-7


def test_no_finite_estimate():
    result = glmm("OR", events1=[0, 0], n1=[10, 20], events2=[3, 2], n2=[11, 19], model="UM.RS")
    assert math.isnan(result.estimate)
    assert "no finite estimate" in result.reason
