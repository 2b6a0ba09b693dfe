"""Reproduces trimfill(), hc(), fsn() and tes() of metafor; limit meta-analysis against its own definition."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.bias import (
    bias_panel,
    excess_significance,
    fail_safe_n,
    henmi_copas,
    limit_meta_analysis,
    trim_and_fill,
)
from hipevidence.bias.excess import at_least
from hipevidence.errors import InputError
from hipevidence.pooling import pool, regress

TRIALS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2.0)), min_size=4, max_size=12, unique=True)


@pytest.mark.parametrize("estimator", ["L0", "R0"])
def test_trimfill_of_metafor(case, estimator):
    fill, theirs = trim_and_fill(case["yi"], case["vi"], estimator=estimator, ci="wald"), case[f"trimfill_{estimator}"]
    assert (fill.missing, fill.side) == (theirs["k0"], theirs["side"])
    # the peer fits the filled data by scoring that stops at a step of 1e-5 in tau², whatever its first fit did
    assert fill.adjusted.tau2 == pytest.approx(theirs["tau2"], rel=1e-6, abs=1e-5)
    assert fill.adjusted.certificate.residual == pytest.approx(0.0, abs=1e-12)
    assert fill.adjusted.estimate == pytest.approx(theirs["estimate"], rel=2e-5, abs=1e-7)
    assert len(fill.filled_yi) == fill.missing


@pytest.mark.parametrize("name", ["dat.bcg logRR", "dat.raudenbush1985", "dat.hackshaw1998", "dat.normand1999 SMD"])
def test_trimfill_q0_of_metafor(name, sample, values):
    key = {"dat.bcg logRR": ("bcg", "RR"), "dat.normand1999 SMD": ("normand1999", "SMD")}
    data = sample(*key.get(name, (name.removeprefix("dat."), "GEN")))
    theirs = values(name, "trimfill(REML,estimator='Q0')")
    fill = trim_and_fill(*data, estimator="Q0")
    assert fill.missing == theirs["k0"]
    assert fill.adjusted.estimate == pytest.approx(theirs["mu"], rel=2e-5, abs=1e-6)


def test_trimfill_prints_its_standard_error(sample, hackshaw):
    # metafor prints 4.0399 for these data by REML, and 2.3309 for the log odds ratios of the BCG trials
    assert trim_and_fill(*hackshaw).missing_se == pytest.approx(4.0399, abs=5e-5)
    assert trim_and_fill(*sample("bcg", "OR")).missing_se == pytest.approx(2.3309, abs=5e-5)
    # R0: sqrt(2 k0 + 2), and P = 0.5^(k0 + 1)
    runs = trim_and_fill(*hackshaw, estimator="R0")
    assert (runs.missing_se, runs.p_value) == (4.0, 0.5**8)


@given(TRIALS)
def test_filled_studies_mirror_the_most_extreme_ones(trials):
    y, v = np.array(trials).T
    fill = trim_and_fill(y, v, side="left", method="DL")
    count = len(fill.filled_yi)
    extreme = np.argsort(y, kind="stable")[len(y) - count :]
    assert fill.filled_yi == pytest.approx(2 * fill.centre - y[extreme])
    assert fill.filled_vi == pytest.approx(v[extreme])
    mirrored = trim_and_fill(-y, v, side="right", method="DL")
    assert mirrored.missing == pytest.approx(fill.missing, nan_ok=True)


def test_trimming_common_effect_inside_as_meta(hackshaw):
    fill = trim_and_fill(*hackshaw, inner_method="EE", side="left")
    assert fill.inner_method == "EE"
    assert fill.adjusted.method == "REML"
    trimmed = np.sort(hackshaw[0])[: 37 - int(fill.missing)]
    kept = np.isin(hackshaw[0], trimmed)
    assert fill.centre == pytest.approx(pool(hackshaw[0][kept], hackshaw[1][kept], method="EE").estimate)


def test_two_studies_cannot_be_trimmed():
    fill = trim_and_fill([0.1, 0.5], [0.1, 0.2])
    assert math.isnan(fill.missing)
    assert "three studies" in fill.reason
    assert fill.adjusted.estimate == fill.unadjusted.estimate


def test_hc_of_metafor(case):
    result, theirs = henmi_copas(case["yi"], case["vi"]), case["henmi_copas"]
    assert [result.estimate, result.se] == pytest.approx([theirs["estimate"], theirs["se"]], rel=1e-12)
    # the peer's root is found to 1.2e-4 in units of the standard error
    assert result.ci.high == pytest.approx(theirs["ci_high"], abs=4e-4 * result.se)
    assert result.ci.low == pytest.approx(theirs["ci_low"], abs=4e-4 * result.se)


def test_henmi_copas_by_simulated_moments(sample):
    """The moments of Q given the mean, which the interval rests on, against draws."""
    from hipevidence.bias.henmi_copas import _moments

    v = sample("normand1999", "SMD")[1]
    weights, tau2 = 1 / v, 0.3
    draws = np.random.default_rng(1).normal(size=(400_000, len(v))) * np.sqrt(v + tau2)
    mean = draws @ weights / weights.sum()
    q = ((draws - mean[:, None]) ** 2) @ weights
    r2 = (draws @ weights) ** 2 / weights.sum()
    moments = _moments(weights, tau2)
    near = np.abs(r2 - 2 * r2.mean()) < 0.1 * r2.mean()
    expected = moments.mean + moments.mean_slope * 2 * r2.mean()
    spread = math.sqrt(moments.variance + moments.variance_slope * 2 * r2.mean())
    assert q[near].mean() == pytest.approx(expected, rel=0.01)
    assert q[near].std() == pytest.approx(spread, rel=0.02)


def test_henmi_copas_of_one_study_has_no_interval():
    result = henmi_copas([0.4], [0.1])
    assert math.isnan(result.ci.low)
    assert "two studies" in result.reason


def test_fsn_of_metafor(case):
    assert fail_safe_n(case["yi"], case["vi"]).missing == case["failsafe_rosenthal"]


@pytest.mark.parametrize(("data", "rosenthal", "rosenberg"), [("hackshaw1998", 393, 202), ("raudenbush1985", 26, 0)])
def test_fsn_printed(data, rosenthal, rosenberg, sample):
    # metafor, tests/testthat/test_misc_fsn.r
    effects = sample(data, "GEN")
    assert fail_safe_n(*effects).missing == rosenthal
    assert fail_safe_n(*effects, approach="Rosenberg").missing == rosenberg


def test_orwin(sample):
    y, v = sample("hackshaw1998", "GEN")
    assert fail_safe_n(y, v, approach="Orwin").missing == 37
    halved = fail_safe_n(y, v, approach="Orwin", target=y.mean() / 5).exact
    assert (37 * y.mean()) / (37 + halved) == pytest.approx(y.mean() / 5)
    assert fail_safe_n(y, v, approach="Orwin", target=0.0).missing == math.inf
    weighted = fail_safe_n(y, v, approach="Orwin", weighted=True)
    assert weighted.estimate == pytest.approx(pool(y, v, method="EE").estimate)
    with pytest.raises(InputError, match="same sign"):
        fail_safe_n(y, v, approach="Orwin", target=-0.1)


def test_rosenthal_adds_nulls_until_significance_is_gone(hackshaw):
    y, v = hackshaw
    missing = int(fail_safe_n(y, v).missing)
    z = (y / np.sqrt(v)).sum()
    assert z / math.sqrt(37 + missing - 1) > 1.6448536269514722 >= z / math.sqrt(37 + missing)


def test_tes_of_metafor(case):
    # the peer tests exactly, but for the 37 studies of hackshaw1998
    test = "chi2" if case["name"] == "hackshaw1998" else "exact"
    result, theirs = excess_significance(case["yi"], case["vi"], test=test), case["excess_significance"]
    assert result.observed == theirs["O"]
    assert [result.expected, result.p_value] == pytest.approx([theirs["E"], theirs["p"]], rel=1e-11)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=7))
def test_sum_of_unlike_events_is_what_counting_all_outcomes_gives(chances):
    chances = np.array(chances)
    for count in range(len(chances) + 1):
        by_hand = sum(
            math.prod(p if bit else 1 - p for bit, p in zip(bits, chances, strict=True))
            for bits in itertools.product([0, 1], repeat=len(chances))
            if sum(bits) >= count
        )
        assert at_least(count, chances) == pytest.approx(by_hand, abs=1e-12)


def test_excess_of_one_direction(hackshaw):
    y, v = hackshaw
    up, down = excess_significance(y, v, alternative="greater"), excess_significance(-y, v, alternative="less")
    assert (up.observed, up.p_value) == (down.observed, pytest.approx(down.p_value))
    assert excess_significance(y, v, test="binomial").p_value == pytest.approx(0.1980945172930714, rel=1e-9)


def test_limit_is_the_regression_on_total_standard_errors(hackshaw):
    y, v = hackshaw
    result = limit_meta_analysis(y, v)
    s = np.sqrt(v + result.tau2)
    line = np.polynomial.polynomial.polyfit(s, y, 1, w=1 / s)
    assert [result.intercept, result.bias] == pytest.approx(line.tolist(), rel=1e-9)
    assert result.estimate == pytest.approx(line[0] + math.sqrt(result.tau2) * line[1], rel=1e-9)
    # what the estimate means: the mean of studies whose sampling variances have shrunk to nothing
    tiny = line[0] + np.sqrt(1e-12 * v + result.tau2) * line[1]
    assert tiny == pytest.approx(np.full(37, result.estimate), rel=1e-5)
    design = np.stack([1 / s, np.ones(37)], axis=1)
    direction = np.array([1.0, math.sqrt(result.tau2)])
    assert result.se == pytest.approx(math.sqrt(direction @ np.linalg.inv(design.T @ design) @ direction), rel=1e-9)


def test_limit_splits_q(hackshaw):
    y, v = hackshaw
    result = limit_meta_analysis(y, v)
    residual = regress(y, v, {"se": np.sqrt(v)}, method="EE", ci="wald")
    assert result.q == pytest.approx(result.q_small + result.q_residual)
    assert result.q_residual == pytest.approx(residual.q)
    assert result.q_small == pytest.approx(residual.coefficients[1].statistic ** 2, rel=1e-9)
    assert 0.0 <= result.g2 <= 1.0


def test_limit_without_heterogeneity_is_eggers_limit():
    v = np.array([0.01, 0.04, 0.09, 0.16])
    y = 0.2 + 0.01 * np.array([1, -1, 1, -1]) + np.sqrt(v)
    result = limit_meta_analysis(0.1 * y, v)
    assert result.tau2 == 0.0
    assert result.estimate == result.intercept
    assert result.g2 == pytest.approx(0.0, abs=1e-9)
    assert "equally precise" in limit_meta_analysis([1, 2, 3], [1, 1, 1]).reason


def test_panel_holds_every_method_and_goes_on_where_one_cannot(hackshaw):
    panel = bias_panel(*hackshaw)
    assert len(panel.to_frame()) == 8
    assert not panel.few
    assert all(row.caution for row in panel.rows)
    lone = bias_panel([0.3], [0.1])
    assert lone.few
    assert all(row.reason for row in lone.rows if row.method in {"Egger", "Begg", "Trim and fill", "Henmi-Copas"})
    clustered = bias_panel(*hackshaw, cluster=np.arange(37) // 2)
    assert [row.method.split()[0] for row in clustered.rows] == ["Egger", "PET-PEESE"]


@pytest.mark.parametrize(
    "call",
    [
        lambda: trim_and_fill([1, 2, 3], [1, 2, 3], estimator="S0"),
        lambda: trim_and_fill([1, 2, 3], [1, 2, 3], side="up"),
        lambda: henmi_copas([1, 2], [1, 2], level=1.5),
        lambda: fail_safe_n([1, 2], [1, 2], approach="Fisher"),
        lambda: fail_safe_n([1, 2], [1, 2], alpha=0.0),
        lambda: fail_safe_n([1, 2], [1, 2], target=1.0),
        lambda: excess_significance([1, 2], [1, 2], test="guess"),
        lambda: excess_significance([1, 2], [1, 2], alternative="up"),
        lambda: excess_significance([1, 2], [1, 2], alpha=2.0),
    ],
)
def test_unusable_options_are_named(call):
    with pytest.raises(InputError, match="allowed"):
        call()
