"""Reproduces rma.glmm() of metafor and the tables of Stijnen et al. (2010), and holds it to other algorithms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import integrate, optimize, special, stats

from hipevidence.errors import InputError
from hipevidence.rare import glmm


def numbers(result):
    return [result.estimate, result.se, result.tau2]


def test_nielweise2007_exact_conditional(nielweise, value):
    result = glmm("OR", **nielweise)
    theirs = [value("dat.nielweise2007", "rma.glmm OR CM.EL", name) for name in ("est", "se", "tau2")]
    assert [result.estimate, result.tau2] == pytest.approx([theirs[0], theirs[2]], rel=1e-5)
    # the peer differentiates numerically: its 14 optimisers spread over 2e-2 in SE², ours is analytic
    assert result.se == pytest.approx(theirs[1], rel=1e-4)
    assert result.certificate.residual < 1e-9
    assert result.certificate.optima == 1
    assert result.quadrature_error < 1e-9
    assert result.k == 17
    # page 3052, table III
    assert [result.estimate, result.se, result.tau] == pytest.approx([-1.3532, 0.3511, 0.8327], abs=6e-5)


def test_nielweise2007_approximate_conditional(nielweise, value):
    result = glmm("OR", model="CM.AL", **nielweise)
    theirs = [value("dat.nielweise2007", "rma.glmm OR CM.AL", name) for name in ("est", "se", "tau2")]
    # the peer integrates with 7 points, which moves tau² by 2e-5
    assert numbers(result) == pytest.approx(theirs, rel=4e-5)


def test_nielweise2007_unconditional(nielweise, value):
    result = glmm("OR", model="UM.FS", **nielweise)
    theirs = [value("dat.nielweise2007", "rma.glmm OR UM.FS", name) for name in ("est", "se", "tau2")]
    # the peer's optimiser stops where the log-likelihood is 1.3e-6 below its maximum; ours has gradient 0 there
    assert numbers(result) == pytest.approx(theirs, rel=1e-3)
    assert result.certificate.residual < 1e-9


def test_nielweise2007_common_effect_conditional(nielweise):
    """Where events equal their expectation under scipy's distribution."""
    tables = list(zip(*(nielweise[name] for name in ("events1", "n1", "events2", "n2")), strict=True))

    def excess(theta):
        means = (stats.nchypergeom_fisher(n1 + n2, n1, a + c, math.exp(theta)).mean() for a, n1, c, n2 in tables)
        return sum(a - mean for (a, *_), mean in zip(tables, means, strict=True))

    result = glmm("OR", model="CM.EL", method="EE", **nielweise)
    assert result.estimate == pytest.approx(optimize.brentq(excess, -5.0, 5.0, xtol=1e-12), rel=1e-8)
    assert result.tau2 == 0.0
    assert result.heterogeneity is None


def test_nielweise2007_common_effect_unconditional(nielweise):
    """Logistic regression with a level for each study, by statsmodels."""
    a, n1, c, n2 = (np.array(nielweise[name], dtype=float) for name in ("events1", "n1", "events2", "n2"))
    some = a + c > 0
    k = int(some.sum())
    events, people = np.concatenate([a[some], c[some]]), np.concatenate([n1[some], n2[some]])
    design = np.column_stack([np.repeat([1.0, 0.0], k), np.tile(np.eye(k), (2, 1))])
    fit = sm.GLM(np.column_stack([events, people - events]), design, family=sm.families.Binomial()).fit(tol=1e-14)
    result = glmm("OR", model="UM.FS", method="EE", **nielweise)
    assert [result.estimate, result.se] == pytest.approx([fit.params[0], fit.bse[0]], rel=1e-7)
    assert result.tau2 == 0.0


def test_stijnen2010_one_group(nielweise):
    # table II: the printed tau² (0.8124, 0.8265) come from 7-point quadrature
    control = glmm("PLO", events1=nielweise["events2"], n1=nielweise["n2"])
    assert [control.estimate, control.se] == pytest.approx([-3.4964, 0.2570], abs=6e-5)
    assert control.tau2 == pytest.approx(0.8124, abs=3e-4)
    treated = glmm("PLO", events1=nielweise["events1"], n1=nielweise["n1"])
    assert [treated.estimate, treated.se] == pytest.approx([-4.8121, 0.3555], abs=4e-4)  # the same cause


@pytest.mark.parametrize(
    ("model", "printed"), [("UM.FS", [1.3318, 0.3582, 2.3053]), ("CM.EL", [1.3257, 0.3559, 2.2954])]
)
def test_rothman2008_table_15_5(model, printed):
    counts = {"events1": [3, 1], "n1": [12, 4], "events2": [104, 5], "n2": [1163, 91]}
    result = glmm("OR", **counts, model=model, method="EE", level=0.9)
    assert result.estimate == pytest.approx(printed[0], abs=6e-5)
    # the peer differentiates CM.EL numerically; its standard error is 4e-4 off the variance of scipy's distribution
    assert [result.ci.low, result.ci.high] == pytest.approx(printed[1:], abs=6e-5 if model == "UM.FS" else 5e-4)
    if model == "CM.EL":
        exact = sum(
            stats.nchypergeom_fisher(total, n1, events, math.exp(result.estimate)).var()
            for total, n1, events in ((1175, 12, 107), (95, 4, 6))
        )
        assert result.se == pytest.approx(exact**-0.5, rel=1e-9)


@pytest.mark.parametrize("model", ["UM.FS", "CM.EL"])
def test_rothman2008_rates(model):
    counts = {"events1": [32, 104, 206, 186, 102], "events2": [2, 12, 28, 28, 31]}
    times = {"time1": [52407, 43248, 28612, 12663, 5317], "time2": [18790, 10673, 5710, 2585, 1462]}
    result = glmm("IRR", **counts, **times, model=model, method="EE", level=0.9)
    assert [result.estimate, result.ci.low, result.ci.high] == pytest.approx([0.3545, 0.1779, 0.5312], abs=6e-5)


COUNTS = {
    "events1": [2, 9, 1, 7, 3],
    "n1": [60, 80, 55, 90, 40],
    "events2": [8, 4, 9, 6, 8],
    "n2": [58, 82, 50, 88, 45],
}


def exact_conditional(theta, tau, counts=COUNTS):
    """Return the log-likelihood of CM.EL with scipy's distribution and its adaptive integration."""
    total = 0.0
    for a, n1, c, n2 in zip(*counts.values(), strict=True):

        def integrand(z, a=a, n1=n1, c=c, n2=n2):
            ratio = math.exp(theta + tau * z)
            return stats.nchypergeom_fisher.pmf(a, n1 + n2, n1, a + c, ratio) * stats.norm.pdf(z)

        total += math.log(integrate.quad(integrand, -8.0, 8.0, epsabs=0.0, epsrel=1e-8, limit=100)[0])
    return total


def test_exact_conditional_likelihood_by_adaptive_integration():
    result = glmm("OR", **COUNTS)
    best = exact_conditional(result.estimate, result.tau)
    assert result.log_likelihood == pytest.approx(best, rel=1e-8)
    for theta, tau in ((0.01, 0.0), (-0.01, 0.0), (0.0, 0.01), (0.0, -0.01)):
        assert exact_conditional(result.estimate + theta, result.tau + tau) < best


def unconditional(parameters, coding):
    """Return minus the log-likelihood of UM.FS by the trapezoidal rule."""
    theta, tau, alpha = parameters[0], parameters[1], parameters[2:]
    z = np.linspace(-9.0, 9.0, 721)
    a, n1, c, n2 = (np.array(column)[:, None] for column in COUNTS.values())
    eta1 = alpha[:, None] + theta + coding * tau * z
    eta2 = alpha[:, None] + (coding - 1.0) * tau * z
    logs = stats.binom.logpmf(a, n1, special.expit(eta1)) + stats.binom.logpmf(c, n2, special.expit(eta2))
    return -np.log((np.exp(logs) * stats.norm.pdf(z)).sum(axis=1) * (z[1] - z[0])).sum()


@pytest.mark.parametrize("coding", [0.5, 1.0])
def test_unconditional_maximum_by_a_general_optimiser(coding):
    result = glmm("OR", **COUNTS, model="UM.FS", coding=coding)
    start = np.concatenate([[-0.5, 0.7], np.full(5, -2.5)])
    best = optimize.minimize(unconditional, start, args=(coding,), method="BFGS", options={"gtol": 1e-6})
    assert result.log_likelihood == pytest.approx(-best.fun, rel=1e-9)
    assert [result.estimate, result.tau] == pytest.approx([best.x[0], abs(best.x[1])], rel=1e-4)
    step = 1e-3
    size = len(best.x)
    hessian = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            e, f = np.eye(size)[i] * step, np.eye(size)[j] * step
            corners = [unconditional(best.x + s * e + t * f, coding) * s * t for s in (1, -1) for t in (1, -1)]
            hessian[i, j] = sum(corners) / (4 * step**2)
    assert result.se == pytest.approx(math.sqrt(np.linalg.inv(hessian)[0, 0]), rel=1e-4)


RATES = {
    "events1": [2, 9, 1, 7, 3],
    "time1": [61.0, 80.5, 55.5, 92.0, 40.0],
    "events2": [8, 4, 12, 6, 8],
    "time2": [58.0, 82.5, 50.0, 88.0, 45.0],
}


def marginal(logs, z):
    """Return minus the sum over studies of the log of the trapezoidal integral against the normal density."""
    return -np.log((np.exp(logs) * stats.norm.pdf(z)).sum(axis=1) * (z[1] - z[0])).sum()


def rate_ratio(parameters):
    """Return minus the log-likelihood of the conditional model of rate ratios: binomial with the times as offset."""
    z = np.linspace(-9.0, 9.0, 721)
    a, t1, c, t2 = (np.array(column, dtype=float)[:, None] for column in RATES.values())
    eta = parameters[0] + parameters[1] * z + np.log(t1 / t2)
    return marginal(stats.binom.logpmf(a, a + c, special.expit(eta)), z)


def one_rate(parameters):
    """Return minus the log-likelihood of the Poisson-normal model of one rate."""
    z = np.linspace(-9.0, 9.0, 721)
    events, time = (np.array(RATES[name], dtype=float)[:, None] for name in ("events2", "time2"))
    return marginal(stats.poisson.logpmf(events, time * np.exp(parameters[0] + parameters[1] * z)), z)


@pytest.mark.parametrize("measure", ["IRR", "IRLN"])
def test_maximum_of_rates_by_a_general_optimiser(measure):
    minus, start = {"IRR": (rate_ratio, [-0.5, 0.7]), "IRLN": (one_rate, [-2.0, 0.3])}[measure]
    if measure == "IRR":
        result = glmm("IRR", **RATES, model="CM.EL")
    else:
        result = glmm("IRLN", events1=RATES["events2"], time1=RATES["time2"])
    best = optimize.minimize(minus, start, method="BFGS", options={"gtol": 1e-7})
    assert result.log_likelihood == pytest.approx(-best.fun, rel=1e-9)
    assert [result.estimate, result.tau] == pytest.approx([best.x[0], abs(best.x[1])], rel=1e-5)
    hessian = np.zeros((2, 2))
    for i, e in enumerate(1e-3 * np.eye(2)):
        for j, f in enumerate(1e-3 * np.eye(2)):
            hessian[i, j] = sum(s * t * minus(best.x + s * e + t * f) for s in (1, -1) for t in (1, -1)) / 4e-6
    assert result.se == pytest.approx(math.sqrt(np.linalg.inv(hessian)[0, 0]), rel=1e-4)


def test_codings_differ():
    half, one = (glmm("OR", **COUNTS, model="UM.FS", coding=coding) for coding in (0.5, 1.0))
    assert abs(half.estimate - one.estimate) > 1e-3


def test_heterogeneity_test_is_halved():
    result = glmm("OR", **COUNTS)
    none = glmm("OR", **COUNTS, method="EE")
    statistic = 2.0 * (result.log_likelihood - none.log_likelihood)
    assert result.heterogeneity.statistic == pytest.approx(statistic, rel=1e-9)
    assert result.heterogeneity.p_value == pytest.approx(0.5 * stats.chi2.sf(statistic, 1), rel=1e-9)


@pytest.mark.parametrize("model", ["CM.EL", "CM.AL", "UM.FS"])
def test_swapping_the_arms_turns_the_sign(model):
    one = glmm("OR", **COUNTS, model=model)
    a, n1, c, n2 = COUNTS.values()
    other = glmm("OR", events1=c, n1=n2, events2=a, n2=n1, model=model)
    assert other.estimate == pytest.approx(-one.estimate, rel=1e-7)
    assert [other.se, other.tau2] == pytest.approx([one.se, one.tau2], rel=1e-6)


@pytest.mark.parametrize("model", ["CM.EL", "CM.AL", "UM.FS"])
def test_no_finite_estimate(model):
    result = glmm("OR", events1=[0, 0], n1=[10, 20], events2=[3, 2], n2=[11, 19], model=model)
    assert math.isnan(result.estimate)
    assert "no finite estimate" in result.reason


def test_contradicting_studies_have_no_finite_variance():
    result = glmm("OR", events1=[0, 50, 0, 50], n1=[50] * 4, events2=[50, 0, 50, 0], n2=[50] * 4)
    assert math.isnan(result.tau2)
    assert "no finite estimate" in result.reason


def test_equal_studies_have_tau2_on_the_boundary():
    result = glmm("OR", events1=[3] * 4, n1=[50] * 4, events2=[6] * 4, n2=[50] * 4)
    assert result.tau2 == 0.0
    assert result.certificate.kind == "boundary"
    assert result.heterogeneity.p_value == 1.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"events1": [1.5]}, "whole numbers"),
        ({"points": 7}, "21 or more"),
        ({"model": "UM"}, "CM.EL"),
        ({"method": "REML"}, "ML, EE"),
        ({"measure": "RR"}, "OR, IRR"),
        ({"events1": [0], "events2": [0]}, "nothing can be estimated"),
        ({"n2": None}, "n2"),
        ({"measure": "IRR", "time1": [1.0], "time2": [1.0], "model": "CM.AL"}, "exact for rates"),
    ],
)
def test_unusable_input(changes, words):
    arguments = {"measure": "OR", "events1": [1], "n1": [10], "events2": [2], "n2": [10]} | changes
    with pytest.raises(InputError, match=words):
        glmm(arguments.pop("measure"), **arguments)


def test_two_maxima_are_named():
    counts = {"events1": [3, 0, 1], "n1": [134, 71, 44], "events2": [7, 21, 0], "n2": [33, 195, 83]}
    result = glmm("OR", **counts)
    none = glmm("OR", **counts, method="EE")
    assert result.certificate.optima == 2
    assert result.tau2 > 0.0
    assert result.log_likelihood - none.log_likelihood == pytest.approx(0.0294, abs=5e-5)
    assert result.second_maximum == pytest.approx(result.log_likelihood - none.log_likelihood, rel=1e-9)
    assert "2 maxima" in result.reason
    # both are maxima: the likelihood falls from tau = 0 before it rises to the higher one
    at_zero, near, best = (
        exact_conditional(theta, tau, counts)
        for theta, tau in ((none.estimate, 0.0), (none.estimate, 0.3), (result.estimate, result.tau))
    )
    assert near < at_zero < best


@pytest.mark.parametrize("seed", range(12))
def test_random_tables_are_integrated_exactly_and_settled(seed):
    random = np.random.default_rng(seed)
    n1, n2 = random.integers(5, 200, (2, 4))
    a, c = (n * random.uniform(0.0, 1.0, 4) ** 3 + 1.0 for n in (n1, n2))
    result = glmm(
        "OR", events1=a.astype(int), n1=n1 + 1, events2=c.astype(int), n2=n2 + 1, model=["CM.EL", "UM.FS"][seed % 2]
    )
    assert result.quadrature_error < 1e-10
    assert result.certificate.residual < 1e-8
