"""Worked examples as papers, handbooks and books print them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from hipevidence.effects import (
    d_to_log_or,
    d_to_r,
    effect_size,
    effect_size_range,
    from_estimate_ci,
    log_or_to_d,
    r_to_d,
    sd_from_p,
    sd_of_change,
    smd_from_d,
    smd_from_f,
    smd_from_p,
    smd_from_t,
)

PRINTED = json.loads(
    (Path(__file__).parents[2] / "validation" / "effects" / "printed_statistics.json").read_text(encoding="utf-8")
)["cases"]
MORRIS_TREATED = {
    "mean_pre1": [30.6, 23.5, 0.5, 53.4, 35.6],
    "mean_post1": [38.5, 26.8, 0.7, 75.9, 36.0],
    "sd_pre1": [15.0, 3.1, 0.1, 14.5, 4.7],
    "n1": [20, 50, 9, 10, 14],
}
MORRIS_CONTROL = {
    "mean_pre2": [23.1, 24.9, 0.6, 55.7, 34.8],
    "mean_post2": [19.7, 25.3, 0.6, 60.7, 33.4],
    "sd_pre2": [13.8, 4.1, 0.2, 17.3, 3.1],
    "n2": [20, 42, 9, 11, 14],
}
MORRIS_SD_POST = [11.6, 4.1, 0.1, 4.4, 4.6]
MORRIS_R = [0.47, 0.64, 0.77, 0.89, 0.44]

BORENSTEIN_ARMS = {"mean1": 103, "sd1": 5.5, "n1": 50, "mean2": 100, "sd2": 4.5, "n2": 50}
FROM = {"d": smd_from_d, "t": smd_from_t, "f": smd_from_f, "p": smd_from_p}


def printed_effect(case, **options):
    if case["from"] == "means":
        return effect_size("SMD", **case["inputs"], **options)
    inputs = dict(case["inputs"])
    return FROM[case["from"]](inputs.pop(case["from"]), **inputs, **options)


@pytest.mark.parametrize("case", PRINTED, ids=lambda case: case["study"])
def test_g_from_printed_statistics(case):
    assert round(printed_effect(case).yi, 3) == case["g"]


@pytest.mark.parametrize("case", [case for case in PRINTED if case["se"]], ids=lambda case: case["study"])
def test_standard_error_from_printed_statistics(case):
    assert round(printed_effect(case, vtype=case["vtype"]).sei, 3) == case["se"]


@pytest.mark.parametrize("case", PRINTED, ids=lambda case: case["study"])
def test_default_variance_is_the_large_sample_one(case):
    n1, n2 = case["inputs"]["n1"], case["inputs"]["n2"]
    effect = printed_effect(case)
    assert effect.vi == pytest.approx(1 / n1 + 1 / n2 + effect.yi**2 / (2 * (n1 + n2)), rel=1e-13)
    assert "1/n1 + 1/n2 + g^2/(2N)" in effect.method


class TestMorris2008Table1Page368:
    """Five trials; change in each arm over its SD at baseline, then the difference."""

    def test_difference_of_changes(self):
        effect = effect_size("PPC", **MORRIS_TREATED, **MORRIS_CONTROL, r=MORRIS_R)
        assert effect.yi.round(2).tolist() == [0.74, 0.95, 1.81, 1.15, 0.51]
        assert effect.vi.round(4).tolist() == [0.1138, 0.0426, 0.2833, 0.1458, 0.1667]

    def test_one_correlation_for_both_arms_is_the_same_one_twice(self):
        both = effect_size("PPC", **MORRIS_TREATED, **MORRIS_CONTROL, r1=MORRIS_R, r2=MORRIS_R)
        once = effect_size("PPC", **MORRIS_TREATED, **MORRIS_CONTROL, r=MORRIS_R)
        np.testing.assert_array_equal(both.vi, once.vi)

    def test_change_by_the_sd_of_changes(self):
        effect = effect_size(
            "SMCC",
            mean1=MORRIS_TREATED["mean_post1"],
            sd1=MORRIS_SD_POST,
            mean2=MORRIS_TREATED["mean_pre1"],
            sd2=MORRIS_TREATED["sd_pre1"],
            n=MORRIS_TREATED["n1"],
            r=MORRIS_R,
        )
        assert effect.yi.round(4).tolist() == [0.5417, 1.0198, 2.6619, 1.9088, 0.0765]
        assert effect.vi.round(4).tolist() == [0.0573, 0.0304, 0.5048, 0.2822, 0.0716]

    def test_range_over_correlations_holds_the_known_one(self):
        span = effect_size_range("PPC", **MORRIS_TREATED, **MORRIS_CONTROL, r=[0.4, 0.7, 0.9])
        known = effect_size("PPC", **MORRIS_TREATED, **MORRIS_CONTROL, r=MORRIS_R)
        np.testing.assert_array_equal(span.yi_low, span.yi_high)
        assert ((span.vi_low < known.vi) & (known.vi < span.vi_high)).all()
        assert "0.4, 0.7, 0.9" in span.method


class TestCochraneHandbook51:
    def test_16_4_6_4_imputed_sd_of_differences(self):
        effect = effect_size("MC", mean_change=7.0 - 6.5, sd_change=2, n=10)
        assert (effect.yi, round(effect.sei, 3)) == (0.5, 0.632)

    def test_16_4_6_4_imputed_correlation(self):
        effect = effect_size("MC", mean1=7.0, sd1=2.38, mean2=6.5, sd2=2.21, n=10, r=0.68)
        assert (effect.yi, round(effect.sei, 3)) == (0.5, 0.583)
        assert sd_of_change(2.38, 2.21, 0.68).sd / math.sqrt(10) == pytest.approx(effect.sei, rel=1e-14)

    def test_7_7_3_3_standard_error_from_p(self):
        sd = sd_from_p(3.8, 0.008, n1=25, n2=22).sd
        assert round(sd * math.sqrt(1 / 25 + 1 / 22), 2) == 1.37


class TestBorenstein2009:
    """Introduction to Meta-Analysis."""

    def test_chapter_4_standardised_difference(self):
        d = effect_size("SMD", **BORENSTEIN_ARMS, correction="none")
        g = effect_size("SMD", **BORENSTEIN_ARMS, correction="approx", vtype="LS2")
        assert (round(d.yi, 4), round(d.vi, 4)) == (0.5970, 0.0418)
        assert (round(g.yi, 4), round(g.vi, 4)) == (0.5924, 0.0411)

    @pytest.mark.parametrize(
        ("measure", "yi", "vi"), [("RR", -0.6931, 0.2800), ("OR", -0.7472, 0.3216), ("RD", -0.05, 0.0014)]
    )
    def test_chapter_5_two_by_two_table(self, measure, yi, vi):
        effect = effect_size(measure, events1=5, n1=100, events2=10, n2=100)
        assert (round(effect.yi, 4), round(effect.vi, 4)) == (yi, vi)

    def test_chapter_6_fisher_z(self):
        effect = effect_size("ZCOR", r=0.5, n=100)
        assert (round(effect.yi, 4), round(effect.vi, 4)) == (0.5493, 0.0103)

    def test_chapter_7_conversions(self):
        d = log_or_to_d(0.9069, 0.0676)
        assert (round(d.yi, 4), round(d.vi, 4)) == (0.5000, 0.0205)
        d = r_to_d(0.5, 0.0058)
        assert (round(d.yi, 4), round(d.vi, 4)) == (1.1547, 0.0550)
        r = d_to_r(1.1547, 0.0550)
        assert (round(r.yi, 4), round(r.vi, 4)) == (0.5000, 0.0058)
        log_or = d_to_log_or(0.5, 0.0205)
        assert round(log_or.yi, 4) == 0.9069
        assert log_or.vi == pytest.approx(0.0205 * math.pi**2 / 3, rel=1e-14)


def test_hazard_ratio_of_the_running_injury_trial():
    """Leppänen 2024 prints HR 0.66 (0.45 to 0.97)."""
    effect = from_estimate_ci("HR", 0.66, 0.45, 0.97)
    assert effect.yi == pytest.approx(math.log(0.66), rel=1e-14)
    assert effect.sei == pytest.approx(math.log(0.97 / 0.45) / (2 * 1.959963984540054), rel=1e-13)
