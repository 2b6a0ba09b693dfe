"""Reproduces selmodel() of metafor, proves where it differs, and holds the likelihood to adaptive integration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from hipevidence.bias import selection_model
from hipevidence.bias.selection.search import climb
from hipevidence.bias.selection.smooth import SmoothLikelihood
from hipevidence.bias.selection.steps import step_likelihood
from hipevidence.bias.selection.weights import FAMILIES
from hipevidence.errors import InputError

R_TOLERANCE = np.finfo(float).eps ** 0.25
"""R's integrate() stops at this error, absolute and relative."""

WEIGHTS = {
    "beta": lambda p, d: p ** (d[0] - 1) * (1 - p) ** (d[1] - 1),
    "halfnorm": lambda p, d: math.exp(-d[0] * p * p),
    "negexp": lambda p, d: math.exp(-d[0] * p),
    "logistic": lambda p, d: 2 * math.exp(-d[0] * p) / (1 + math.exp(-d[0] * p)),
    "power": lambda p, d: (1 - p) ** d[0],
}


def by_quadrature(y, v, mean, tau2, weight, tolerance, least):
    """The log-likelihood by QUADPACK, the integrator of both R and scipy."""
    total = 0.0
    for yi, vi in zip(y, v, strict=True):
        sd = math.sqrt(vi + tau2)

        def integrand(x, vi=vi, sd=sd):
            p = min(max(stats.norm.sf(x / math.sqrt(vi)), least), 1 - least)
            return weight(p) * math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * math.sqrt(2 * math.pi))

        if tolerance:
            chance = integrate.quad(integrand, -np.inf, np.inf, epsabs=tolerance, epsrel=tolerance, limit=100)[0]
        else:
            ends = [mean - 10 * sd, mean + 10 * sd]
            kinks = [x for x in (-4.264890793922825 * vi**0.5, 4.264890793922825 * vi**0.5) if ends[0] < x < ends[1]]
            chance = integrate.quad(integrand, *ends, points=kinks, epsabs=1e-15, epsrel=1e-10, limit=400)[0]
        p = stats.norm.sf(yi / math.sqrt(vi))
        total += math.log(weight(p)) + stats.norm.logpdf(yi, mean, sd) - math.log(chance)
    return total


def call(kind, steps=""):
    return f"selmodel(ML,type='{kind}',steps={steps})"


@pytest.mark.parametrize("steps", [(0.025,), (0.025, 0.5), (0.05, 0.1, 0.5, 1)])
def test_hackshaw1998_steps(steps, hackshaw, values):
    theirs = values("dat.hackshaw1998", call("stepfun", "/".join(f"{end:g}" for end in steps)))
    fit = selection_model(*hackshaw, steps=steps)
    assert fit.log_likelihood == pytest.approx(theirs["ll"], abs=1e-9)
    assert fit.lrt == pytest.approx(theirs["LRT"], rel=1e-8)
    # the peer's optimiser is the limit: our gradient is 0
    ours, peer = [fit.estimate, fit.se, fit.tau2], [theirs["beta"], theirs["se"], theirs["tau2"]]
    assert ours == pytest.approx(peer, rel=3e-5)
    assert fit.delta.tolist() == pytest.approx([theirs[f"delta[{i + 1}]"] for i in range(len(fit.delta))], rel=2e-5)
    assert abs(fit.decrement) < 1e-12
    assert fit.optima == 1


def test_hackshaw1998_four_steps_printed(hackshaw):
    # metafor, tests/testthat/test_misc_selmodel.r
    fit = selection_model(*hackshaw, steps=(0.05, 0.1, 0.5))
    assert fit.delta.tolist() == pytest.approx([1.0, 2.422, 0.9775, 0.3967], abs=1e-4)
    assert fit.delta_se[1:].tolist() == pytest.approx([1.66085, 0.820387, 0.469235], rel=1e-4)
    assert (fit.lrt, fit.lrt_df) == (pytest.approx(7.066137, abs=1e-5), 3)
    assert math.isnan(fit.delta_se[0])


@pytest.mark.parametrize("kind", ["halfnorm", "negexp", "logistic", "power", "beta"])
def test_hackshaw1998_smooth_weights_are_above_the_peers_optimum(kind, hackshaw, values):
    theirs = values("dat.hackshaw1998", call(kind))
    fit = selection_model(*hackshaw, weights=kind)
    # beta: the peer's likelihood is off by 2.5e-4, see the next test
    slack = 1e-3 if kind == "beta" else 2e-5
    assert theirs["ll"] - 1e-12 <= fit.log_likelihood <= theirs["ll"] + slack
    assert fit.lrt == pytest.approx(theirs["LRT"], abs=2 * slack)
    # where the likelihood differs by 1e-5, its maximum lies elsewhere by the root of that
    assert [fit.estimate, fit.tau2] == pytest.approx([theirs["beta"], theirs["tau2"]], rel=5e-3)
    assert abs(fit.decrement) < 1e-12
    assert fit.quadrature_error < 1e-11


@pytest.mark.parametrize("kind", ["halfnorm", "negexp", "logistic", "power", "beta"])
def test_the_peers_log_likelihood_is_ours_with_its_integrator(kind, hackshaw, values):
    theirs = values("dat.hackshaw1998", call(kind))
    delta = [value for name, value in theirs.items() if name.startswith("delta")]
    least = {"beta": 1e-5, "power": 1e-5}.get(kind, 0.0)
    place = (*hackshaw, theirs["beta"], theirs["tau2"], lambda p: WEIGHTS[kind](p, delta))
    assert by_quadrature(*place, R_TOLERANCE, least) == pytest.approx(theirs["ll"], abs=2e-11)
    working = np.log(delta) if kind == "beta" else np.array(delta)
    ours = SmoothLikelihood(*hackshaw, FAMILIES[kind], least).expand(np.r_[theirs["beta"], theirs["tau2"], working])
    assert ours.value == pytest.approx(by_quadrature(*place, 0.0, least), abs=1e-8)


@pytest.mark.parametrize("kind", [*FAMILIES])
@pytest.mark.parametrize("least", [0.0, 1e-5])
def test_derivatives_are_those_of_finite_differences(kind, least, hackshaw):
    likelihood = SmoothLikelihood(*hackshaw, FAMILIES[kind], least)
    theta = np.r_[0.2, 0.03, [0.3, 0.2] if kind == "beta" else [1.3]]
    check_derivatives(likelihood, theta)


def test_derivatives_of_steps(hackshaw):
    check_derivatives(step_likelihood(*hackshaw, np.array([0.05, 0.1, 0.5, 1.0])), np.array([0.1, 0.03, 0.3, -0.2, -1]))


def check_derivatives(likelihood, theta):
    def value(at):
        return likelihood.expand(at).value

    here = likelihood.expand(theta)
    assert optimize.approx_fprime(theta, value, 1e-7) == pytest.approx(here.gradient, rel=1e-4, abs=1e-4)
    for i, row in enumerate(here.hessian):
        step = np.zeros(len(theta))
        step[i] = 1e-6
        slope = (likelihood.expand(theta + step).gradient - likelihood.expand(theta - step).gradient) / 2e-6
        assert slope == pytest.approx(row, rel=1e-6, abs=1e-5)


def test_step_of_metafor(case):
    fit, theirs = selection_model(case["yi"], case["vi"]), case["selection_step"]
    assert fit.log_likelihood >= theirs["ll"] - 1e-10
    if not fit.held.all() or fit.tau2 == 0.0:
        return  # the peer stops on the way to the end of the range: the likelihood above is all that can be compared
    assert fit.log_likelihood == pytest.approx(theirs["ll"], abs=1e-8)
    assert [fit.estimate, fit.se, fit.tau2] == pytest.approx(
        [theirs["estimate"], theirs["se"], theirs["tau2"]], rel=3e-5
    )


def test_the_peers_log_likelihood_at_its_own_answer(case):
    theirs = case["selection_step"]
    y, v = np.array(case["yi"]), np.array(case["vi"])
    z = stats.norm.isf(0.025)
    sd = np.sqrt(v + theirs["tau2"])
    above = stats.norm.sf((z * np.sqrt(v) - theirs["estimate"]) / sd)
    weight = np.where(y / np.sqrt(v) >= z, 1.0, theirs["delta"][1])
    density = stats.norm.logpdf(y, theirs["estimate"], sd)
    by_hand = np.sum(np.log(weight) + density - np.log(above + theirs["delta"][1] * (1 - above)))
    # the peer prints its parameters with 15 digits
    assert by_hand == pytest.approx(theirs["ll"], abs=1e-9)


def test_empty_interval_is_said(sample):
    fit = selection_model(*sample("pritz1997", "PR"))
    assert fit.held.tolist() == [14, 0]
    assert fit.delta.tolist() == [1.0, 0.0]
    assert "no study has P from 0.025 to 1" in fit.reason
    other_way = selection_model(*sample("bcg", "RR"))
    assert other_way.delta.tolist() == [1.0, math.inf]
    assert "right way round" in other_way.reason
    assert other_way.lrt_df == 1
    assert 0.0 < other_way.lrt_p_value < 1.0


def test_two_maxima_are_said(hackshaw):
    fit = selection_model(*hackshaw, weights="beta")
    assert fit.optima == 2
    assert fit.second_maximum > 0.0
    assert "2 maxima" in fit.reason
    lower = climb(SmoothLikelihood(*hackshaw, FAMILIES["beta"], 1e-5), np.r_[0.1, 0.01, np.log([0.67, 1.6])])
    assert lower.settled
    assert lower.at.value == pytest.approx(fit.log_likelihood - fit.second_maximum, abs=1e-6)


@pytest.mark.parametrize("weights", ["beta", "halfnorm"])
def test_no_finite_maximum_is_said(weights):
    fit = selection_model([0.5], [0.1], weights=weights)
    assert "no finite maximum" in fit.reason
    assert math.isnan(fit.estimate)
    assert math.isnan(fit.ci.low)
    assert np.isnan(fit.delta).all()


def test_variance_at_the_end_of_its_range_has_no_standard_error(sample):
    fit = selection_model(*sample("raudenbush1985", "GEN"))
    assert fit.tau2 == 0.0
    assert math.isnan(fit.tau2_se)
    assert "tau² is 0" in fit.reason
    assert fit.se > 0.0


@pytest.mark.parametrize("weights", ["step", *FAMILIES])
def test_direction_turns_everything_round(weights, hackshaw):
    y, v = hackshaw
    up, down = selection_model(y, v, weights=weights), selection_model(-y, v, weights=weights, alternative="less")
    assert down.estimate == pytest.approx(-up.estimate, rel=1e-9)
    assert down.log_likelihood == pytest.approx(up.log_likelihood, rel=1e-12)
    assert (down.ci.low, down.ci.high) == (pytest.approx(-up.ci.high, rel=1e-9), pytest.approx(-up.ci.low, rel=1e-9))


@pytest.mark.parametrize("weights", ["step", "beta", "negexp"])
def test_units_do_not_matter(weights, hackshaw):
    y, v = hackshaw
    one, other = selection_model(y, v, weights=weights), selection_model(1e3 * y, 1e6 * v, weights=weights)
    assert other.estimate == pytest.approx(1e3 * one.estimate, rel=1e-7)
    assert other.tau2 == pytest.approx(1e6 * one.tau2, rel=1e-7)
    assert other.lrt == pytest.approx(one.lrt, rel=1e-9)
    assert other.delta == pytest.approx(one.delta, rel=1e-7)


def test_weight_function_is_readable(hackshaw):
    fit = selection_model(*hackshaw, steps=(0.025, 0.5))
    assert fit.weight([0.01, 0.025, 0.2, 0.9]) == pytest.approx(fit.delta[[0, 0, 1, 2]])
    smooth = selection_model(*hackshaw, weights="negexp")
    assert smooth.weight([0.2]) == pytest.approx(np.exp(-0.2 * smooth.delta))


def test_selection_is_found_where_it_was_made():
    """Studies drawn under a step of 0.2: the model comes near the truth, the plain mean does not."""
    rng = np.random.default_rng(3)
    v = rng.uniform(0.01, 0.1, 6000)
    y = rng.normal(0.1, np.sqrt(v + 0.02))
    seen = (y / np.sqrt(v) > 1.96) | (rng.uniform(size=6000) < 0.2)
    fit = selection_model(y[seen], v[seen])
    assert abs(fit.estimate - 0.1) < 3 * fit.se
    assert fit.unadjusted > 0.1 + 5 * fit.se
    assert fit.delta[1] == pytest.approx(0.2, abs=3 * fit.delta_se[1])


@pytest.mark.parametrize(
    "options",
    [
        {"weights": "guess"},
        {"steps": (0.5, 0.1)},
        {"steps": ()},
        {"steps": (0.0, 0.5)},
        {"alternative": "both"},
        {"level": 0.0},
        {"smallest_p": 0.5},
        {"smallest_p": math.nan},
    ],
)
def test_unusable_options_are_named(options, hackshaw):
    with pytest.raises(InputError, match="allowed"):
        selection_model(*hackshaw, **options)
