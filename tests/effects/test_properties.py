"""What must hold whatever the numbers: signs, units, inverses, limits, extremes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hipevidence.effects import (
    combine_arms,
    correlation_of_change,
    d_to_log_or,
    d_to_r,
    effect_size,
    from_estimate_ci,
    from_estimate_se,
    hedges_j,
    log_or_to_d,
    r_to_d,
    sd_from_ci,
    sd_from_p,
    sd_from_se,
    sd_from_t,
    sd_of_change,
    smd_from_d,
    smd_from_f,
    smd_from_p,
    smd_from_t,
)

means = st.floats(-1e3, 1e3)
positive_means = st.floats(0.1, 1e3)
sds = st.floats(0.01, 1e3)
sizes = st.integers(3, 5000)
correlations = st.floats(-0.99, 0.99)


@st.composite
def arms(draw, centre=means):
    return {
        "mean1": draw(centre),
        "sd1": draw(sds),
        "n1": draw(sizes),
        "mean2": draw(centre),
        "sd2": draw(sds),
        "n2": draw(sizes),
    }


@st.composite
def tables(draw):
    n1, n2 = draw(sizes), draw(sizes)
    return {"events1": draw(st.integers(0, n1)), "n1": n1, "events2": draw(st.integers(0, n2)), "n2": n2}


def swapped(inputs):
    return {name[:-1] + ("2" if name[-1] == "1" else "1"): value for name, value in inputs.items()}


def assert_opposite(measure, inputs):
    one, other = effect_size(measure, **inputs), effect_size(measure, **swapped(inputs))
    assert other.yi == pytest.approx(-one.yi, rel=1e-9, abs=1e-12)
    assert other.vi == pytest.approx(one.vi, rel=1e-9)


@given(arms())
@pytest.mark.parametrize("measure", ["MD", "SMD", "SMDH"])
def test_swapping_arms_flips_the_sign_of_differences(measure, inputs):
    assert_opposite(measure, inputs)


@given(arms(positive_means))
@pytest.mark.parametrize("measure", ["ROM", "CVR"])
def test_swapping_arms_flips_the_sign_of_ratios_of_means(measure, inputs):
    assert_opposite(measure, inputs)


@given(tables())
@pytest.mark.parametrize("measure", ["OR", "RR", "RD", "AS"])
def test_swapping_arms_flips_the_sign_of_tables(measure, inputs):
    one, other = effect_size(measure, **inputs), effect_size(measure, **swapped(inputs))
    assert other.yi == pytest.approx(-one.yi, rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(other.vi, one.vi, rtol=1e-9)  # nan where every person had the event in both arms


@given(tables())
@pytest.mark.parametrize("measure", ["OR", "PETO"])
def test_counting_the_others_inverts_the_odds_ratio(measure, inputs):
    others = {
        **inputs,
        "events1": inputs["n1"] - inputs["events1"],
        "events2": inputs["n2"] - inputs["events2"],
    }
    one, other = effect_size(measure, **inputs), effect_size(measure, **others)
    assert other.yi == pytest.approx(-one.yi, rel=1e-9, abs=1e-9)
    assert other.vi == pytest.approx(one.vi, rel=1e-9)


@given(arms(positive_means), st.floats(1e-6, 1e6))
@pytest.mark.parametrize("measure", ["SMD", "SMDH", "SMD1", "ROM", "VR", "CVR"])
def test_a_change_of_unit_changes_nothing(measure, inputs, unit):
    scaled = {name: value if name[0] == "n" else value * unit for name, value in inputs.items()}
    one, other = effect_size(measure, **inputs), effect_size(measure, **scaled)
    assert other.yi == pytest.approx(one.yi, rel=1e-8, abs=1e-9)
    assert other.vi == pytest.approx(one.vi, rel=1e-8)


@given(arms(), st.floats(1e-3, 1e3))
def test_the_mean_difference_carries_its_unit(inputs, unit):
    scaled = {name: value if name[0] == "n" else value * unit for name, value in inputs.items()}
    one, other = effect_size("MD", **inputs), effect_size("MD", **scaled)
    assert other.yi == pytest.approx(unit * one.yi, rel=1e-9, abs=1e-9)
    assert other.vi == pytest.approx(unit**2 * one.vi, rel=1e-9)


@given(st.integers(-140, 140))
@pytest.mark.parametrize("measure", ["SMD", "SMDH", "SMD1", "ROM", "CVR", "VR"])
def test_huge_and_tiny_units_stay_finite(measure, exponent):
    unit = 10.0**exponent
    plain = {"mean1": 10.4, "sd1": 3.1, "n1": 25, "mean2": 8.9, "sd2": 2.6, "n2": 31}
    scaled = {name: value if name[0] == "n" else value * unit for name, value in plain.items()}
    assert effect_size(measure, **scaled).yi == pytest.approx(effect_size(measure, **plain).yi, rel=1e-10)
    assert effect_size(measure, **scaled).vi == pytest.approx(effect_size(measure, **plain).vi, rel=1e-10)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD", "PETO", "AS"])
def test_trials_of_a_thousand_million_persons(measure):
    effect = effect_size(measure, events1=3, n1=1e9, events2=5, n2=1e9)
    assert math.isfinite(effect.yi)
    assert effect.vi > 0


@given(st.floats(2, 500))
def test_exact_correction_is_the_ratio_of_gammas(m):
    by_hand = math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2)
    assert hedges_j(m) == pytest.approx(by_hand, rel=1e-11)


@pytest.mark.parametrize("m", [199.0, 200.0, 201.0, 250.0])
def test_the_series_takes_over_where_it_is_exact(m):
    by_hand = math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2)
    assert hedges_j(m) == pytest.approx(by_hand, rel=1e-12)


@given(st.floats(10, 1e9))
def test_exact_and_approximate_correction_meet_in_large_trials(m):
    assert abs(float(hedges_j(m)) - float(hedges_j(m, "approx"))) <= 0.05 / m**2 + 1e-15


@given(arms(), st.sampled_from(["LS", "LS2", "UB", "RevMan"]))
def test_d_t_f_and_p_of_the_same_arms_agree(inputs, vtype):
    direct = effect_size("SMD", vtype=vtype, **inputs)
    d = effect_size("SMD", correction="none", **inputs).yi
    n = {"n1": inputs["n1"], "n2": inputs["n2"]}
    t = d / math.sqrt(1 / n["n1"] + 1 / n["n2"])
    sign = 1 if t >= 0 else -1
    routes = [smd_from_d(d, **n, vtype=vtype), smd_from_t(t, **n, vtype=vtype)]
    routes.append(smd_from_f(t**2, sign=sign, **n, vtype=vtype))
    p = 2 * stats.t.sf(abs(t), n["n1"] + n["n2"] - 2)
    if p > 1e-280:
        routes.append(smd_from_p(p, sign=sign, **n, vtype=vtype))
    for route in routes:
        assert route.yi == pytest.approx(direct.yi, rel=1e-7, abs=1e-9)
        assert route.vi == pytest.approx(direct.vi, rel=1e-7)


@given(tables(), st.floats(0.5, 0.999))
@pytest.mark.parametrize("measure", ["OR", "RR"])
def test_a_printed_interval_gives_back_the_variance(measure, inputs, level):
    effect = effect_size(measure, **inputs)
    interval = effect.ci(level)
    back = from_estimate_ci(measure, math.exp(effect.yi), math.exp(interval.low), math.exp(interval.high), level)
    assert back.yi == pytest.approx(effect.yi, rel=1e-9, abs=1e-12)
    assert back.vi == pytest.approx(effect.vi, rel=1e-7)


@given(means, sds, st.integers(2, 500))
def test_a_t_interval_gives_back_the_variance(mean, se, df):
    half = stats.t.isf(0.025, df) * se
    back = from_estimate_ci("MD", mean, mean - half, mean + half, df=df)
    assert back.vi == pytest.approx(se**2, rel=1e-8)
    assert back.vi == pytest.approx(from_estimate_se("MD", mean, se).vi, rel=1e-8)


@given(st.floats(-5, 5), st.floats(1e-3, 10), st.sampled_from(["logistic", "cox"]))
def test_d_and_log_odds_ratio_round_trip(d, v, method):
    log_or = d_to_log_or(d, v, method=method)
    back = log_or_to_d(log_or.yi, log_or.vi, method=method)
    assert (back.yi, back.vi) == (pytest.approx(d, rel=1e-12), pytest.approx(v, rel=1e-12))


@given(st.floats(-5, 5), st.floats(1e-3, 10))
def test_d_and_correlation_round_trip(d, v):
    r = d_to_r(d, v)
    back = r_to_d(r.yi, r.vi)
    assert (back.yi, back.vi) == (pytest.approx(d, rel=1e-9), pytest.approx(v, rel=1e-9))


@given(st.floats(-5, 5), st.floats(1e-3, 10), st.integers(1, 100))
def test_arms_of_one_size_are_the_default_of_the_correlation(d, v, n):
    assert d_to_r(d, v, n1=n, n2=n).yi == pytest.approx(d_to_r(d, v).yi, rel=1e-13)


def test_unequal_arms_give_the_correlation_with_the_arm():
    n1, n2 = 10_000, 30_000
    outcome = np.concatenate([np.linspace(0, 1, n1), np.linspace(-0.2, 0.8, n2)])
    arm = np.repeat([1.0, 0.0], [n1, n2])
    d = effect_size(
        "SMD",
        correction="none",
        mean1=outcome[:n1].mean(),
        sd1=outcome[:n1].std(ddof=1),
        n1=n1,
        mean2=outcome[n1:].mean(),
        sd2=outcome[n1:].std(ddof=1),
        n2=n2,
    )
    # the formula takes N where the sample correlation has N - 2, hence 1e-4
    assert d_to_r(d.yi, d.vi, n1=n1, n2=n2).yi == pytest.approx(np.corrcoef(outcome, arm)[0, 1], rel=1e-4)


@given(sds, st.integers(2, 1000), st.integers(2, 1000), st.floats(0.5, 100))
def test_every_route_leads_back_to_the_sd(sd, n1, n2, t):
    for n, se, df in (
        ({"n": n1}, sd / math.sqrt(n1), n1 - 1),
        ({"n1": n1, "n2": n2}, sd * math.sqrt(1 / n1 + 1 / n2), n1 + n2 - 2),
    ):
        half = stats.t.isf(0.025, df) * se
        assert sd_from_se(se, **n).sd == pytest.approx(sd, rel=1e-12)
        assert sd_from_ci(-half, half, **n).sd == pytest.approx(sd, rel=1e-12)
        assert sd_from_ci(-1.959963984540054 * se, 1.959963984540054 * se, **n, distribution="normal").sd == (
            pytest.approx(sd, rel=1e-12)
        )
        assert sd_from_t(-t * se, t, **n).sd == pytest.approx(sd, rel=1e-12)
        p = 2 * stats.t.sf(t, df)
        if p > 1e-280:
            assert sd_from_p(t * se, p, **n).sd == pytest.approx(sd, rel=1e-8)


@given(sds, sds, correlations)
def test_sd_of_change_and_correlation_round_trip(before, after, r):
    change = sd_of_change(before, after, r).sd
    assert change == pytest.approx(math.sqrt(before**2 + after**2 - 2 * r * before * after), rel=1e-6)
    assert correlation_of_change(before, after, change).r == pytest.approx(
        r, abs=1e-12 * max(before / after, after / before)
    )


@given(st.lists(st.lists(st.floats(-100, 100), min_size=2, max_size=20), min_size=2, max_size=5))
def test_combined_arms_are_all_persons_together(groups):
    groups = [[*group, 200.0 + i] for i, group in enumerate(groups)]  # no arm without spread
    everyone = np.concatenate(groups)
    arm = combine_arms(
        n=[len(group) for group in groups],
        mean=[np.mean(group) for group in groups],
        sd=[np.std(group, ddof=1) for group in groups],
    )
    assert arm.n == everyone.size
    assert arm.mean == pytest.approx(everyone.mean(), rel=1e-9, abs=1e-9)
    assert arm.sd == pytest.approx(everyone.std(ddof=1), rel=1e-9)


@given(correlations, st.integers(5, 10**6))
def test_fisher_z_is_odd(r, n):
    assert effect_size("ZCOR", r=-r, n=n).yi == -effect_size("ZCOR", r=r, n=n).yi


@given(arms(), correlations)
def test_a_paired_change_is_the_change_with_its_sd(inputs, r):
    pair = {name: inputs[name] for name in ("mean1", "sd1", "mean2", "sd2")} | {"n": inputs["n1"], "r": r}
    sd_change = sd_of_change(pair["sd1"], pair["sd2"], r).sd
    change = {"mean_change": pair["mean1"] - pair["mean2"], "sd_change": sd_change, "n": pair["n"]}
    for measure in ("MC", "SMCC"):
        assert effect_size(measure, **pair).yi == effect_size(measure, **change).yi
        assert effect_size(measure, **pair).vi == effect_size(measure, **change).vi
