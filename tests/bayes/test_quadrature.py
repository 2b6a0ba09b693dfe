"""Holds every posterior to numbers from another algorithm: scipy's tanh-sinh quadrature and its distributions."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from hipevidence.bayes import HalfNormal, HalfT, LogNormal, LogT, Normal, Uniform, bayes_pool, half_cauchy
from hipevidence.errors import InputError

Y, V = np.array([-0.546, -0.942, -0.256, 0.31]), np.array([0.047, 0.074, 0.112, 0.09])
PRIORS = [
    HalfNormal(0.5),
    half_cauchy(0.5),
    HalfT(0.3, 4.0),
    Uniform(2.0),
    LogNormal(-2.56, 1.74),
    LogT(-3.44, 2.59, 5.0),
]


def scipy_density(prior):
    """Return the prior density of tau as scipy has it."""
    if isinstance(prior, HalfNormal):
        return stats.halfnorm(scale=prior.scale).pdf
    if isinstance(prior, HalfT):
        return lambda t: 2.0 * stats.t(prior.df, scale=prior.scale).pdf(t)
    if isinstance(prior, Uniform):
        return stats.uniform(0.0, prior.maximum).pdf
    if isinstance(prior, LogNormal):
        return lambda t: 2.0 * t * stats.lognorm(prior.sd, scale=math.exp(prior.mean)).pdf(t * t)
    return lambda t: 2.0 / t * stats.t(prior.df, prior.location, prior.scale).pdf(2.0 * np.log(t))


def over_tau(prior, function):
    """Integrate prior density x likelihood (flat mean) x function over tau: tanh-sinh quadrature in log tau."""
    density = scipy_density(prior)

    def integrand(u):
        tau = np.exp(u)
        w = 1.0 / (V + tau[..., None] ** 2)
        precision = w.sum(axis=-1)
        mean = w @ Y / precision
        misfit = (w * (Y - mean[..., None]) ** 2).sum(axis=-1)
        likelihood = np.sqrt(np.prod(w, axis=-1) / precision) * np.exp(-0.5 * misfit)
        return tau * density(tau) * likelihood * function(tau, mean, 1.0 / precision)

    top = math.log(prior.maximum) if isinstance(prior, Uniform) else 25.0
    edges = [-300.0, -60.0, -15.0, -4.0, -1.5, 0.0, top]
    return sum(integrate.tanhsinh(integrand, a, b, rtol=1e-11).integral for a, b in itertools.pairwise(edges))


@pytest.mark.parametrize("prior", PRIORS, ids=lambda prior: type(prior).__name__ + str(getattr(prior, "df", "")))
def test_moments_and_probabilities(prior):
    result = bayes_pool(Y, V, tau_prior=prior)
    total = over_tau(prior, lambda *_: 1.0)
    mean = over_tau(prior, lambda _t, m, _v: m) / total
    assert result.mu.mean == pytest.approx(mean, rel=1e-9)
    if not math.isnan(result.mu.sd) and not isinstance(prior, (HalfT, LogT)):
        second = over_tau(prior, lambda _t, m, v: v + (m - mean) ** 2) / total
        assert result.mu.sd == pytest.approx(math.sqrt(second), rel=1e-9)
        predictive = over_tau(prior, lambda t, m, v: v + t * t + (m - mean) ** 2) / total
        assert result.theta.sd == pytest.approx(math.sqrt(predictive), rel=1e-9)
    above = over_tau(prior, lambda _t, m, v: stats.norm.sf(0.0, m, np.sqrt(v))) / total
    assert result.probability_above_zero == pytest.approx(above, rel=1e-9)
    at = result.mu.central.low
    below = over_tau(prior, lambda _t, m, v: stats.norm.cdf(at, m, np.sqrt(v))) / total
    assert below == pytest.approx(0.025, rel=1e-9)


def test_shortest_intervals_have_equal_densities_and_the_right_probability():
    result = bayes_pool(Y, V, tau_prior=HalfNormal(0.5), level=0.9)
    total = over_tau(HalfNormal(0.5), lambda *_: 1.0)
    for summary, extra in ((result.mu, 0.0), (result.theta, 1.0)):

        def density(x, extra=extra):
            return over_tau(HalfNormal(0.5), lambda t, m, v: stats.norm.pdf(x, m, np.sqrt(v + extra * t * t))) / total

        def cdf(x, extra=extra):
            return over_tau(HalfNormal(0.5), lambda t, m, v: stats.norm.cdf(x, m, np.sqrt(v + extra * t * t))) / total

        assert density(summary.shortest.low) == pytest.approx(density(summary.shortest.high), rel=1e-9)
        assert cdf(summary.shortest.high) - cdf(summary.shortest.low) == pytest.approx(0.9, rel=1e-8)
        peak = optimize.minimize_scalar(lambda x, f=density: -f(x), bounds=(-1.0, 0.5), method="bounded")
        assert summary.mode == pytest.approx(peak.x, abs=1e-4)


def test_marginal_likelihood_is_the_integral_over_both_parameters():
    # the trapezoidal rule over mu and log tau; the integrand and all its derivatives vanish at the ends
    mu, u = np.linspace(-6.0, 6.0, 601), np.linspace(-40.0, 3.0, 1701)
    total = np.exp(u) * stats.halfnorm.pdf(np.exp(u), scale=0.5) * stats.norm.pdf(mu, 0.2, 0.7)[:, None]
    for y, v in zip(Y, V, strict=True):
        total = total * stats.norm.pdf(y, mu[:, None], np.sqrt(v + np.exp(2.0 * u)))
    total = total.sum() * (mu[1] - mu[0]) * (u[1] - u[0])
    result = bayes_pool(Y, V, tau_prior=HalfNormal(0.5), mu_prior=Normal(0.2, 0.7))
    assert result.log_marginal_likelihood == pytest.approx(math.log(total), rel=1e-10)


def test_without_heterogeneity_allowed_it_is_the_common_effect_model():
    result = bayes_pool(Y, V, tau_prior=Uniform(1e-9))
    w = 1.0 / V
    assert result.mu.mean == pytest.approx(w @ Y / w.sum(), rel=1e-12)
    assert result.mu.sd == pytest.approx(w.sum() ** -0.5, rel=1e-12)
    half = stats.norm.isf(0.025) * w.sum() ** -0.5
    assert result.ci.high - result.ci.low == pytest.approx(2.0 * half, rel=1e-9)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    effects=st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=8),
    unit=st.sampled_from([1e-6, 0.1, 10.0, 1e6]),
)
def test_sign_order_and_unit(effects, unit):
    y = np.array(effects)
    v = np.linspace(0.05, 0.2, len(y))
    one = bayes_pool(y, v, tau_prior=HalfNormal(0.5))
    turned = bayes_pool(-unit * y[::-1], unit**2 * v[::-1], tau_prior=HalfNormal(0.5 * unit))
    scale = one.mu.sd
    assert turned.estimate / unit == pytest.approx(-one.estimate, abs=1e-8 * scale)
    assert turned.ci.low / unit == pytest.approx(-one.ci.high, abs=1e-6 * scale)
    assert turned.tau.mean / unit == pytest.approx(one.tau.mean, rel=1e-9)
    assert turned.shrinkage_mean[::-1] / unit == pytest.approx(-one.shrinkage_mean, abs=1e-8 * scale)


def test_extreme_probabilities_keep_their_digits():
    above = bayes_pool([-2.0, -2.2, -1.9], [0.01] * 3, tau_prior=Uniform(0.2)).probability_above_zero
    below = 1.0 - bayes_pool([2.0, 2.2, 1.9], [0.01] * 3, tau_prior=Uniform(0.2)).probability_above_zero
    assert 0.0 < above < 1e-30
    assert 0.0 <= below < 1e-15


def test_moments_that_do_not_exist_are_nan_with_a_reason():
    result = bayes_pool([0.31, 0.92], [0.09, 0.16], tau_prior=half_cauchy(0.5))
    assert math.isnan(result.mu.sd)
    assert math.isnan(result.tau.sd)
    assert math.isfinite(result.mu.mean)
    assert result.ci.exists
    assert "no standard deviations" in result.reason


def test_one_study_with_a_proper_prior():
    result = bayes_pool([0.3], [0.04], tau_prior=HalfNormal(0.5))
    assert result.mu.median == pytest.approx(0.3, rel=1e-9)
    assert result.mu.sd == pytest.approx(math.sqrt(0.04 + 0.25), rel=1e-9)
    assert result.tau.median == pytest.approx(stats.halfnorm(scale=0.5).median(), rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"yi": [0.1, 0.2], "vi": [0.1, 0.1], "tau_prior": Uniform()}, "no posterior"),
        ({"yi": [0.1], "vi": [-1.0]}, "variance"),
        ({"yi": [], "vi": []}, "no studies"),
        ({"yi": [0.1], "vi": [0.1], "interval": "narrow"}, "interval"),
        ({"yi": [0.1], "vi": [0.1], "level": 95}, "level"),
    ],
)
def test_unusable_input(arguments, word):
    with pytest.raises(InputError, match=word):
        bayes_pool(**arguments)


@pytest.mark.parametrize(
    "make", [lambda: HalfNormal(0.0), lambda: HalfT(1.0, -1.0), lambda: Uniform(0.0), lambda: Normal(math.nan, 1.0)]
)
def test_unusable_priors(make):
    with pytest.raises(InputError):
        make()


def test_a_prior_that_ends_where_the_posterior_still_rises():
    result = bayes_pool([-0.5, 0.7, 1.9], [0.02, 0.05, 0.04], tau_prior=Uniform(0.5))
    assert result.tau.mode == pytest.approx(0.5, rel=1e-12)
    assert result.tau.shortest.high == pytest.approx(0.5, rel=1e-12)
    assert result.tau.shortest.low > result.tau.central.low


def test_a_flat_improper_prior_of_tau():
    result = bayes_pool(Y, V, tau_prior=Uniform())
    proper = bayes_pool(Y, V, tau_prior=Uniform(1e6))
    assert result.mu.median == pytest.approx(proper.mu.median, rel=1e-6)
    assert math.isnan(result.bayes_factor_no_heterogeneity)
    assert "proper prior of tau" in result.reason
