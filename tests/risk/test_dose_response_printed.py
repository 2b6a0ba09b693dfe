"""Dose-response against what dosresmeta's article and reference print, on the tables it ships."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipevidence.risk.dose_response import (
    DoseStudy,
    covariance,
    dose_response,
    linear,
    quadratic,
    restricted_cubic_spline,
    spline_knots,
)


@pytest.fixture
def alcohol(printed):
    return printed["alcohol_cvd"]


def studies(tables, *, as_rates):
    """The tables as studies; cumulative ones as rates where dosresmeta's covariances are wanted (see the README)."""
    found = []
    for one in tables:
        cells = dict(one)
        ratio = np.exp(cells.pop("log_ratio"))
        if as_rates and cells["design"] == "cumulative":
            cells["design"] = "incidence"
        found.append(DoseStudy(ratio=ratio, **cells))
    return found


def test_greenland_longnecker_1992_corrected_trend_of_rohan_mcmichael(printed):
    values = printed["rohan1988"]
    trend = dose_response([DoseStudy.from_limits(**values["table"])], stages="one")
    expected = values["greenland_longnecker"]
    assert round(trend.coefficients[0], 4) == expected["estimate"]
    assert round(trend.standard_errors[0], 4) == expected["standard_error"]
    assert round(trend.chi2, 4) == expected["chi2"]
    assert round(trend.p_value, 4) == expected["p_value"]
    assert round(trend.log_likelihood, 4) == expected["log_likelihood"]
    curve = trend.curve([1.0])
    assert [curve.ratio[0], curve.ci.low[0], curve.ci.high[0]] == pytest.approx(expected["ratio"], abs=6e-7)
    curve = trend.curve([11.0])
    assert [curve.ratio[0], curve.ci.low[0], curve.ci.high[0]] == pytest.approx(expected["ratio_per_11"], abs=6e-7)


def test_covariances_of_six_studies(alcohol):
    for number, one in enumerate(studies(alcohol["tables"], as_rates=True), 1):
        # dosresmeta stops its own search for the counts at about six digits
        assert covariance(one).matrix == pytest.approx(np.array(alcohol["covariances"][str(number)]), rel=2e-6)


@pytest.mark.parametrize(("method", "rel"), [("greenland_longnecker", 5e-6), ("hamling", 4e-5)])
def test_counts_of_the_case_control_studies(alcohol, method, rel):
    cases = alcohol[f"{method}_cases"]
    for number, one in enumerate(studies(alcohol["tables"], as_rates=False)[:4], 1):
        assert covariance(one, method=method).cases == pytest.approx(cases[str(number)], rel=rel)


def test_linear_trend_over_studies_by_reml(alcohol):
    found, expected = dose_response(studies(alcohol["tables"], as_rates=True)), alcohol["linear_reml"]
    curve = found.curve([12.0])
    assert [curve.ratio[0], curve.ci.low[0], curve.ci.high[0]] == pytest.approx(expected["ratio_per_12"], rel=2e-6)
    assert round(found.standard_errors[0], 4) == expected["standard_error"]
    assert round(math.sqrt(found.between[0, 0]), 4) == expected["sd_between"]
    for name in ("chi2", "p_value", "q", "q_p_value"):
        assert getattr(found, name) == pytest.approx(expected[name], abs=1.01e-4)
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-4)


def test_linear_trend_over_studies_by_maximum_likelihood(alcohol):
    found, expected = dose_response(studies(alcohol["tables"], as_rates=True), method="ML"), alcohol["linear_ml"]
    assert round(found.coefficients[0], 4) == expected["estimate"]
    assert round(found.standard_errors[0], 4) == expected["standard_error"]
    assert round(math.sqrt(found.between[0, 0]), 4) == expected["sd_between"]
    assert found.chi2 == pytest.approx(expected["chi2"], abs=1e-4)
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-4)


def test_quadratic_trend_over_studies(alcohol):
    found = dose_response(studies(alcohol["tables"], as_rates=True), basis=quadratic())
    expected = alcohol["quadratic_reml"]
    assert found.coefficients == pytest.approx(expected["coefficients"], rel=1e-6)
    assert found.covariance == pytest.approx(np.array(expected["covariance"]), rel=3e-6)
    spread = np.sqrt(np.diag(found.between))
    assert np.round(spread, 4).tolist() == expected["sd_between"]
    assert found.between[0, 1] / spread.prod() == pytest.approx(expected["correlation_between"], abs=1e-4)
    for name in ("chi2", "p_value", "q", "log_likelihood"):
        assert getattr(found, name) == pytest.approx(expected[name], abs=1e-4)
    curve = found.curve(expected["dose"])
    for ours, theirs in ((curve.ratio, "ratio"), (curve.ci.low, "low"), (curve.ci.high, "high")):
        assert ours == pytest.approx(expected[theirs], rel=3e-6)


def test_linear_trend_of_eight_cohorts(printed):
    values = printed["alcohol_crc"]
    cohorts = studies(values["tables"], as_rates=False)
    fixed = dose_response(cohorts, method="FE")
    assert round(fixed.coefficients[0], 4) == values["linear_fixed"]["estimate"]
    assert round(fixed.log_likelihood, 4) == values["linear_fixed"]["log_likelihood"]
    # dosresmeta's one-stage REML likelihood leaves out a constant that does not move its maximum
    doses = np.concatenate([one.dose[1:] - one.dose[0] for one in cohorts])
    one_stage = dose_response(cohorts, stages="one").log_likelihood - math.log(doses @ doses) / 2
    assert one_stage == pytest.approx(values["linear_one_stage_reml"]["log_likelihood"], abs=5e-5)


@pytest.fixture
def cohorts(printed):
    return studies(printed["alcohol_crc"]["tables"], as_rates=False)


def rounded(curve):
    return np.round(np.column_stack([curve.ratio, curve.ci.low, curve.ci.high]), 2).tolist()


def test_crippa_orsini_2016_linear_trend_of_eight_cohorts(printed, cohorts):
    """Journal of Statistical Software 72, Code Snippet 1, p. 8 of the copy that the package carries."""
    expected = printed["alcohol_crc"]["jss"]["linear"]
    found = dose_response(cohorts)
    assert round(found.coefficients[0], 4) == expected["estimate"]
    assert round(found.standard_errors[0], 4) == expected["standard_error"]
    # dosresmeta stops its own search for the counts at about six digits
    assert found.chi2 == pytest.approx(expected["chi2"], rel=1e-5)
    for name in ("q", "q_p_value", "log_likelihood"):
        assert getattr(found, name) == pytest.approx(expected[name], abs=1.01e-4)
    curve = found.curve([12.0])
    assert [curve.ratio[0], curve.ci.low[0], curve.ci.high[0]] == pytest.approx(expected["ratio_per_12"], abs=6e-7)


@pytest.mark.parametrize("stages", ["two", "one"])
def test_crippa_orsini_2016_restricted_cubic_spline_of_eight_cohorts(printed, cohorts, stages):
    """P. 9 to 11 there, after Orsini et al. (2012): knots at the percentiles 5, 35, 65 and 95, two stages, REML."""
    expected = printed["alcohol_crc"]["jss"]["spline"]
    knots = spline_knots(np.concatenate([one.dose for one in cohorts]), len(expected["knots_at_percent"]))
    found = dose_response(cohorts, basis=restricted_cubic_spline(knots), stages=stages)
    assert np.round(found.coefficients, 4).tolist() == expected["coefficients"]
    assert np.round(found.standard_errors, 4).tolist() == expected["standard_errors"]
    assert np.round(np.sqrt(np.diag(found.between)), 4).tolist() == expected["sd_between"]
    assert found.chi2 == pytest.approx(expected["chi2"], rel=2e-5)
    chi2, degrees, p_value = found.test([1, 2])
    assert (round(chi2, 1), degrees, round(p_value, 3)) == (
        expected["nonlinear_chi2"],
        2,
        expected["nonlinear_p_value"],
    )
    if stages == "two":  # one stage has another likelihood and another Q, of 40 ratios
        assert found.q == pytest.approx(expected["q"], rel=2e-5)
        assert found.q_p_value == pytest.approx(expected["q_p_value"], abs=1e-4)
        assert found.log_likelihood == pytest.approx(expected["log_likelihood"], abs=1e-4)


def test_crippa_orsini_2016_relative_risks_by_dose(printed, cohorts):
    """The table on p. 11: linear and bent, from 0 to 60 grams a day."""
    expected = printed["alcohol_crc"]["jss"]["curves"]
    knots = spline_knots(np.concatenate([one.dose for one in cohorts]), 4)
    for basis, name in ((linear(), "linear"), (restricted_cubic_spline(knots), "spline")):
        assert rounded(dose_response(cohorts, basis=basis).curve(expected["dose"])) == expected[name]
