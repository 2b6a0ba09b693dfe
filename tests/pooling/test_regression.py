"""Reproduces rma(yi, vi, mods) of metafor, and Berkey et al. (1995)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipevidence.errors import InputError
from hipevidence.pooling import pool, regress

CI = {"z": "wald", "knha": "HKSJ"}
ALLOC = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 3 + ["systematic"] * 4  # how the 13 trials allocated


def test_every_moderator_method_and_test(case):
    for fit in case.get("regression", []):
        x = case["moderators"][fit["moderator"]]
        ok = np.isfinite(np.array(x, dtype=float))
        result = pool(
            case["yi"][ok], case["vi"][ok], moderators=np.array(x)[ok], method=fit["method"], ci=CI[fit["test"]]
        )
        ours = {
            "beta": [row.estimate for row in result.coefficients],
            "se": [row.se for row in result.coefficients],
            "p": [row.p_value for row in result.coefficients],
            "ci_low": [row.ci.low for row in result.coefficients],
            "ci_high": [row.ci.high for row in result.coefficients],
            "tau2": result.tau2,
            "QE": result.q,
            "QM": result.omnibus.statistic,
            "QM_p": result.omnibus.p_value,
            "R2": result.r2,
        }
        for name, value in ours.items():
            if fit[name] is None:
                assert math.isnan(value)
            else:
                # far from the origin (moderator year) the intercept loses digits in any program
                assert value == pytest.approx(fit[name], rel=2e-6, abs=1e-12), (fit["moderator"], fit["method"], name)


@pytest.mark.parametrize(
    ("method", "test"),
    [("FE", "z"), ("DL", "z"), ("DL", "knha"), ("ML", "z"), ("ML", "knha"), ("REML", "z"), ("REML", "knha")],
)
@pytest.mark.parametrize("formula", ["ablat+year", "factor(alloc)"])
def test_several_columns(bcg, single_value, formula, method, test):
    moderators = {**bcg["moderators"], "alloc": ALLOC}
    chosen = {name: moderators[name] for name in (("alloc",) if "alloc" in formula else ("ablat", "year"))}
    result = regress(bcg["yi"], bcg["vi"], chosen, method=method, ci=CI[test])
    call = f"rma(~{formula},method='{method}',test='{test}',tight)"
    for i, row in enumerate(result.coefficients):
        assert row.estimate == pytest.approx(single_value("dat.bcg logRR", call, f"beta[{i + 1}]"), rel=1e-7)
        assert row.se == pytest.approx(single_value("dat.bcg logRR", call, f"se[{i + 1}]"), rel=1e-7)
    assert result.tau2 == pytest.approx(single_value("dat.bcg logRR", call, "tau2"), rel=1e-7)
    assert result.omnibus.statistic == pytest.approx(single_value("dat.bcg logRR", call, "QM"), rel=1e-7)
    assert result.omnibus.p_value == pytest.approx(single_value("dat.bcg logRR", call, "QMp"), rel=1e-7)
    assert result.r2 == pytest.approx(single_value("dat.bcg logRR", call, "R2"), rel=1e-7)


def test_berkey_1995_expected_risk_ratios(bcg):
    result = regress(bcg["yi"], bcg["vi"], {"ablat": bcg["moderators"]["ablat"]}, ci="wald")
    at = result.predict([[44.0]])[0]
    whole = np.array([1.0, 44.0])
    beta = np.array([row.estimate for row in result.coefficients])
    assert at.estimate == pytest.approx(whole @ beta, rel=1e-14)
    assert at.ci.high - at.ci.low < at.prediction.high - at.prediction.low


def test_words_are_indicators_against_the_first_level():
    yi, vi = [0.1, 0.3, 0.5, 0.8, 0.2, 0.4], [0.02, 0.03, 0.02, 0.04, 0.03, 0.05]
    words = ["b", "a", "c", "a", "b", "c"]
    result = regress(yi, vi, {"kind": words}, ci="wald")
    by_hand = regress(yi, vi, [[w == "b", w == "c"] for w in words], ci="wald")
    assert [row.name for row in result.coefficients] == ["intercept", "kind[b]", "kind[c]"]
    assert [row.estimate for row in result.coefficients] == pytest.approx([r.estimate for r in by_hand.coefficients])
    assert result.terms[0].df == 2
    assert result.terms[0].statistic == pytest.approx(result.omnibus.statistic, rel=1e-12)


def test_formula_is_the_same_model():
    yi, vi = [0.1, 0.3, 0.5, 0.8, 0.2, 0.4], [0.02, 0.03, 0.02, 0.04, 0.03, 0.05]
    data = {"kind": ["b", "a", "b", "a", "b", "b"], "x": [1.0, 2.0, 4.0, 3.0, 5.0, 9.0]}
    plain, formula = regress(yi, vi, data), regress(yi, vi, data, formula="~ kind + x")
    assert [r.estimate for r in formula.coefficients] == pytest.approx([r.estimate for r in plain.coefficients])
    assert [term.term for term in formula.terms] == ["kind", "x"]
    assert regress(yi, vi, data, formula="~ kind * x").p == 4


def test_coding_of_moderators_does_not_change_the_model(bcg):
    x = np.array(bcg["moderators"]["ablat"], dtype=float)
    plain, moved = (regress(bcg["yi"], bcg["vi"], values) for values in (x, 1000.0 + x / 7.0))
    for name in ("tau2", "i2", "q", "r2"):
        assert getattr(moved, name) == pytest.approx(getattr(plain, name), rel=1e-8)
    assert moved.omnibus.statistic == pytest.approx(plain.omnibus.statistic, rel=1e-8)


def test_intercept_only_design_is_the_plain_model(case):
    plain = pool(case["yi"], case["vi"])
    design = regress(case["yi"], case["vi"], np.ones(len(case["yi"])), intercept=False)
    assert design.tau2 == pytest.approx(plain.tau2, rel=1e-10, abs=1e-15)
    assert design.coefficients[0].estimate == pytest.approx(plain.estimate, rel=1e-10)
    assert design.i2 == pytest.approx(plain.i2, rel=1e-10, abs=1e-12)
    assert design.tau2_ci.high == pytest.approx(plain.tau2_ci.high, rel=1e-10)


@pytest.mark.parametrize(
    ("moderators", "message"),
    [
        ([1.0, 2.0, np.nan, 4.0], "study 3"),
        ([1.0, 2.0], "one value a study"),
        ([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [5.0, 10.0]], "determine each other"),
        ({"kind": ["a", "a", "a", "a"]}, "one level only"),
        (np.eye(4), "coefficients for 4 studies"),
    ],
)
def test_unusable_moderators_are_named(moderators, message):
    with pytest.raises(InputError, match=message):
        regress([0.1, 0.2, 0.4, 0.3], [0.1] * 4, moderators)


def test_wrong_formula_is_explained():
    with pytest.raises(InputError, match="cannot be evaluated"):
        regress([0.1, 0.2, 0.4, 0.3], [0.1] * 4, {"x": [1, 2, 3, 5]}, formula="~ y")
