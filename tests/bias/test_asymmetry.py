"""Reproduces regtest() and ranktest() of metafor and metabias() of meta, and asks what a test must not depend on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hipevidence.bias import begg, deeks, egger, harbord, macaskill, pet_peese, peters, pustejovsky
from hipevidence.errors import InputError
from hipevidence.multilevel import three_level_regression

TRIALS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2.0)), min_size=5, max_size=15, unique=True)


@pytest.mark.parametrize(("model", "key", "rel"), [("mixed", "egger_mixed", 1e-8), ("linear", "egger_lm", 1e-10)])
def test_regtest_of_metafor(case, model, key, rel):
    test = egger(case["yi"], case["vi"], model=model)
    theirs = [case[key]["statistic"], case[key]["p"], case[key]["limit"]]
    assert [test.statistic, test.p_value, test.limit] == pytest.approx(theirs, rel=rel)
    assert test.df == (math.inf if model == "mixed" else len(case["yi"]) - 2)


def test_regtest_of_metafor_on_the_variance(sample, values):
    effects = sample("bcg", "RR")
    for model, name in (("mixed", "rma"), ("linear", "lm")):
        test = egger(*effects, model=model, predictor="variance")
        theirs = values("dat.bcg logRR", f"regtest(model='{name}',predictor='vi')")
        # the peer's REML of this call stops at a step of 1e-5
        rel = 1e-6 if model == "mixed" else 1e-10
        assert [test.statistic, test.limit] == pytest.approx([theirs["stat"], theirs["est(limit)"]], rel=rel)


def test_sample_size_as_predictor_is_a_weighted_polynomial_fit(sample):
    y, v = sample("egger2001", "OR")
    n = np.linspace(40.0, 2000.0, len(y))
    test = egger(y, v, model="linear", predictor="1/sqrt(n)", n=n)
    peer = np.polynomial.polynomial.polyfit(n**-0.5, y, 1, w=v**-0.5)
    assert [test.limit, test.slope] == pytest.approx(peer.tolist(), rel=1e-9)
    assert math.isnan(egger(y, v, predictor="n", n=n).limit)


def test_ranktest_of_metafor(case):
    rank = begg(case["yi"], case["vi"])
    assert [rank.tau, rank.p_value] == pytest.approx([case["begg"]["tau"], case["begg"]["p"]], rel=1e-12, abs=1e-15)
    assert (rank.test == "normal") == bool(rank.reason)


def test_metabias_of_meta(bcg, meta_values):
    a, c = bcg["events1"], bcg["events2"]
    b, d = bcg["n1"] - a, bcg["n2"] - c
    y, v = np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
    tests = {
        "Egger": egger(y, v, model="linear"),
        "Peters": peters(**bcg),
        "Harbord": harbord(**bcg),
        "Macaskill": macaskill(**bcg),
        "Deeks": deeks(**bcg),
        "Pustejovsky": pustejovsky(y, v, n1=bcg["n1"], n2=bcg["n2"]),
        "Thompson": egger(y, v, ci="t"),
    }
    for name, test in tests.items():
        theirs = meta_values(name)
        ours = {"statistic": test.statistic, "p": test.p_value, "bias": test.slope, "se.bias": test.slope_se}
        # Thompson's test is iterated, and the peer stops at a step of 1e-5 in tau²
        assert ours == pytest.approx(theirs, rel=2e-6 if name == "Thompson" else 1e-10), name
    rank = begg(y, v, test="normal")
    theirs = meta_values("Begg")
    assert [rank.score, rank.statistic, rank.p_value] == pytest.approx(
        [theirs["bias"], theirs["statistic"], theirs["p"]], rel=1e-10
    )
    assert math.isnan(tests["Macaskill"].limit)


def test_pet_and_peese_are_the_limits_of_the_linear_regressions(sample, values):
    both = pet_peese(*sample("bcg", "RR"))
    for test, predictor in ((both.pet, "sei"), (both.peese, "vi")):
        theirs = values("dat.bcg logRR", f"regtest(model='lm',predictor='{predictor}')")
        assert test.limit == pytest.approx(theirs["est(limit)"], rel=1e-10)


def test_peese_is_chosen_where_pet_finds_an_effect(hackshaw):
    y, v = hackshaw
    strong = pet_peese(y + 1.0, v)
    assert strong.chosen == "PEESE"
    assert strong.estimate == strong.peese.limit
    none = pet_peese(y - egger(y, v, model="linear").limit, v)
    assert none.chosen == "PET"
    assert none.estimate == pytest.approx(0.0, abs=1e-12)


@given(TRIALS, st.floats(-5, 5), st.floats(0.1, 10))
def test_shift_and_scale_move_the_limit_and_nothing_else(trials, shift, scale):
    y, v = np.array(trials).T
    if np.ptp(v) < 0.05:
        return
    for model in ("mixed", "linear"):
        before, after = egger(y, v, model=model), egger(scale * y + shift, scale**2 * v, model=model)
        assert after.statistic == pytest.approx(before.statistic, rel=1e-4, abs=1e-5)
        assert after.limit == pytest.approx(scale * before.limit + shift, rel=1e-4, abs=1e-4)


@given(TRIALS)
def test_begg_is_the_mirror_of_itself(trials):
    y, v = np.array(trials).T
    one, other = begg(y, v), begg(-y, v)
    assert one.tau == pytest.approx(-other.tau, nan_ok=True)
    assert one.p_value == pytest.approx(other.p_value, nan_ok=True)


def test_begg_normal_with_ties_is_scipys(sample):
    y, v = sample("raudenbush1985", "GEN")
    rank = begg(y, v)
    weights = 1 / v
    deviates = (y - weights @ y / weights.sum()) / np.sqrt(v - 1 / weights.sum())
    peer = stats.kendalltau(deviates, v, method="asymptotic")
    assert [rank.tau, rank.p_value] == pytest.approx([peer.statistic, peer.pvalue], rel=1e-12)
    assert "ties" in rank.reason


def test_clusters_use_the_three_level_model(hackshaw):
    y, v = hackshaw
    labels = np.arange(len(y)) // 3
    test = egger(y, v, cluster=labels)
    fit = three_level_regression(y, v, labels, {"se": np.sqrt(v)}, ci="CR2", tau2_ci=None)
    # the regression scales its columns, so the last digits differ by rounding
    assert test.slope == pytest.approx(fit.coefficients[1].estimate, rel=1e-9)
    assert test.p_value == pytest.approx(fit.coefficients[1].p_value, rel=1e-9)
    assert test.df == pytest.approx(fit.df[1], rel=1e-9)
    assert test.clusters == 13
    assert test.model == "three-level"
    assert pet_peese(y, v, cluster=labels).pet.limit == pytest.approx(fit.coefficients[0].estimate, rel=1e-9)


@pytest.mark.parametrize(
    ("y", "v", "said"),
    [
        ([0.1], [0.1], "at least 3"),
        ([0.1, 0.2], [0.1, 0.2], "at least 3"),
        ([0.1, 0.2, 0.3, 0.4], [0.1] * 4, "equally precise"),
    ],
)
def test_what_cannot_be_regressed_is_nan_with_a_reason(y, v, said):
    for test in (egger(y, v), egger(y, v, model="linear"), pet_peese(y, v).pet):
        assert math.isnan(test.p_value)
        assert said in test.reason
    assert math.isnan(pet_peese(y, v).estimate)


def test_perfect_line_has_no_standard_error():
    v = np.array([0.01, 0.04, 0.09, 0.16])
    test = egger(0.5 * np.sqrt(v), v, model="linear")
    assert math.isnan(test.p_value)
    assert "on a line" in test.reason


def test_the_warning_names_few_studies(hackshaw):
    y, v = hackshaw
    assert "fewer than 10" in egger(y[:9], v[:9]).caution
    assert "fewer than 10" not in egger(y[:10], v[:10]).caution
    assert "fewer than 10" in egger(y, v, cluster=np.arange(37) // 5).caution


@pytest.mark.parametrize(
    "call",
    [
        lambda: egger([1, 2, 3], [1, 2, 3], model="square"),
        lambda: egger([1, 2, 3], [1, 2, 3], predictor="age"),
        lambda: egger([1, 2, 3], [1, 2, 3], predictor="n"),
        lambda: egger([1, 2, 3], [1, 2, 3], predictor="n", n=[1, 2]),
        lambda: egger([1, 2, 3], [1, 2, 3], model="linear", cluster=[1, 1, 2]),
        lambda: egger([1, 2, 3], [1, 2, 3], cluster=[1, 1]),
        lambda: egger([1, 2, 3], [1, -2, 3]),
        lambda: begg([1, 2, 3], [1, 2, 3], test="guess"),
        lambda: pet_peese([1, 2, 3], [1, 2, 3], threshold=2.0),
        lambda: peters(events1=[1, 2, 9], n1=[5, 5, 5], events2=[1, 1, 1], n2=[5, 5, 5]),
        lambda: peters(events1=[0, 2, 3], n1=[5, 5, 5], events2=[0, 1, 1], n2=[5, 5, 5]),
        lambda: macaskill(events1=[1, 2, 3], n1=[5, 5, 5], events2=[1, 1, 1], n2=[5, 5, 5], weights="none"),
        lambda: pustejovsky([1, 2, 3], [1, 2, 3], n1=[1, 2, 0], n2=[1, 2, 3]),
    ],
)
def test_unusable_input_is_named(call):
    with pytest.raises(InputError, match="allowed"):
        call()
