"""Dose-response: printed examples, regressions on the same counts, plain matrices, and what must hold anyway."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import interpolate, optimize, stats

from hipevidence.errors import InputError
from hipevidence.pooling import pool
from hipevidence.risk.dose_response import (
    DoseStudy,
    covariance,
    dose_response,
    linear,
    quadratic,
    restricted_cubic_spline,
    spline_knots,
)

DESIGNS = ("case_control", "cumulative", "incidence")


def crude_errors(design, cases, total):
    """Return the standard errors of crude log ratios; the first is 0."""
    parts = {
        "case_control": 1 / cases + 1 / (total - cases),
        "cumulative": 1 / cases - 1 / total,
        "incidence": 1 / cases,
    }[design]
    return np.concatenate([[0.0], np.sqrt(parts[1:] + parts[0])])


def crude(design, dose, cases, total, label="crude"):
    """Return a study whose ratios are those of its counts."""
    cases, total = np.asarray(cases, dtype=float), np.asarray(total, dtype=float)
    rest = total - cases if design == "case_control" else total
    ratio = (cases / rest) / (cases[0] / rest[0])
    return DoseStudy(label, design, dose, ratio, crude_errors(design, cases, total), cases, total)


def drawn(seed, designs, dose, slopes):
    """Return adjusted studies: ratios off the crude ones, standard errors a tenth larger."""
    rng = np.random.default_rng(seed)
    studies = []
    for number, design in enumerate(designs):
        slope = rng.normal(*slopes)
        size = rng.uniform(200, 900, len(dose))
        total = np.round(size if design != "incidence" else size * 100)
        share = {"case_control": 0.4, "cumulative": 0.15, "incidence": 0.002}[design]
        expected = share * np.exp(slope * np.asarray(dose))
        chance = expected / (1 + expected) if design == "case_control" else expected
        cases = rng.binomial(total.astype(int), chance).astype(float)
        study = crude(design, np.asarray(dose) * rng.uniform(0.8, 1.2), cases, total, f"{design} {number}")
        off = np.exp(np.concatenate([[0.0], rng.normal(0, 0.05, len(dose) - 1)]))
        studies.append(dataclasses.replace(study, ratio=study.ratio * off, standard_error=study.standard_error * 1.1))
    return studies


@pytest.fixture(scope="module")
def mixed():
    """Return four case-control and two cumulative studies whose slopes differ."""
    return drawn(5, ["case_control"] * 4 + ["cumulative"] * 2, [0.0, 6, 18, 30], (0.02, 0.015))


@pytest.fixture(scope="module")
def cohorts():
    """Return eight cohorts with rate ratios, nearly one slope."""
    return drawn(8, ["incidence"] * 8, [0.0, 2, 9, 19, 36, 58], (0.01, 0.002))


@pytest.fixture(scope="module")
def breast(printed):
    entry = dict(printed["rohan1988"]["table"])
    return DoseStudy.from_limits(entry.pop("label"), entry.pop("design"), **entry)


@pytest.fixture(scope="module")
def coffee(printed):
    def _study(design):
        entry = printed["legrady1987"]["table"]
        columns = (entry[name] for name in ("standard_error", "cases", "total"))
        return DoseStudy(entry["label"], design, entry["dose"], np.exp(entry["log_ratio"]), *columns)

    return _study


# ------------------------------------------------------------------ printed examples


def test_rohan_mcmichael_1988_as_independent_ratios(printed, breast):
    expected = printed["rohan1988"]["independent"]
    found = dose_response([breast], covariance_method="independent", stages="one")
    assert round(found.chi2, 4) == expected["chi2"]
    assert round(found.p_value, 4) == expected["p_value"]
    assert "one study" in found.reason


def test_rohan_mcmichael_1988_crude_odds_ratios(printed, breast):
    ratios = crude("case_control", breast.dose, breast.cases, breast.total).ratio
    assert np.round(ratios, 2).tolist() == printed["rohan1988"]["crude_odds_ratio"]


def test_legrady_1987_covariances_as_dosresmeta_prints_them(printed, coffee):
    """Its counts for cumulative data keep odds ratios, which gives the correlations of rate ratios."""
    expected = np.array(printed["legrady1987"]["greenland_longnecker"])
    # errors are printed with seven digits, so their squares and products to 1e-6
    assert covariance(coffee("incidence")).matrix == pytest.approx(expected, rel=1.5e-6)
    odds = covariance(coffee("case_control"))
    parts = 1 / odds.cases - 1 / odds.total
    crude_variances = parts[0] + parts[1:]
    correlation = parts[0] / np.sqrt(np.outer(crude_variances, crude_variances))
    np.fill_diagonal(correlation, 1)
    errors = coffee("cumulative").standard_error[1:]
    assert correlation * np.outer(errors, errors) == pytest.approx(expected, rel=1.5e-6)


def test_legrady_1987_covariances_of_risk_ratios_are_a_little_larger(printed, coffee):
    ratio = covariance(coffee("cumulative")).matrix / np.array(printed["legrady1987"]["greenland_longnecker"])
    off = ratio[~np.eye(3, dtype=bool)]
    assert np.abs(off - 1).max() == pytest.approx(0.0243, abs=5e-4)


# ------------------------------------------------------------------ regression programs on the same counts


FAMILIES = {
    "case_control": (sm.families.Binomial(), False),
    "cumulative": (sm.families.Binomial(link=sm.families.links.Log()), False),
    "incidence": (sm.families.Poisson(), True),
}
CASES, PEOPLE = np.array([40.0, 55, 38, 61]), np.array([210.0, 250, 140, 190])


# risk ratios are a log link, which statsmodels warns of because risks above 1 are not ruled out
@pytest.mark.filterwarnings("ignore:The Log link function:statsmodels.tools.sm_exceptions.DomainWarning")
@pytest.mark.parametrize("method", ["greenland_longnecker", "hamling"])
@pytest.mark.parametrize("design", DESIGNS)
def test_crude_ratios_have_the_covariances_of_a_regression_on_categories(design, method):
    """Without adjustment the fitted counts are the counts, and their covariances those of maximum likelihood."""
    family, person_time = FAMILIES[design]
    study = crude(design, [0, 2, 5, 9], CASES, PEOPLE)
    # every category in two rows: estimates and information as in one, and something left for the program to explain
    categories = np.tile(np.column_stack([np.ones(4), np.eye(4)[:, 1:]]), (2, 1))
    cases, people = np.concatenate([0.45 * CASES, 0.55 * CASES]), np.tile(PEOPLE / 2, 2)
    response = cases if person_time else np.column_stack([cases, people - cases])
    offset = np.log(people) if person_time else None
    model = sm.GLM(response, categories, family=family, offset=offset)
    fit = model.fit(start_params=np.array([np.log(0.2), 0.0, 0.0, 0.0]), tol=1e-14, maxiter=200)
    found = covariance(study, method)
    assert study.log_ratio == pytest.approx(fit.params[1:], rel=1e-7)
    assert found.cases == pytest.approx(CASES, rel=1e-7)
    assert found.matrix == pytest.approx(fit.cov_params()[1:, 1:], rel=1e-7)


def test_greenland_longnecker_counts_are_a_regression_with_the_ratios_as_offset(breast, mixed, cohorts):
    """The one free number is the level; maximum likelihood sets it so that cases add up."""
    for study in (breast, *mixed, *cohorts):
        odds = study.design == "case_control"
        family = sm.families.Binomial() if odds else sm.families.Poisson()
        response = np.column_stack([study.cases, study.total - study.cases]) if odds else study.cases
        offset = np.log(study.ratio) if odds else np.log(study.ratio * study.total)
        fit = sm.GLM(response, np.ones(study.dose.size), family=family, offset=offset).fit(tol=1e-14, maxiter=200)
        fitted = fit.fittedvalues * (study.total if odds else 1.0)
        assert covariance(study).cases == pytest.approx(fitted, rel=1e-8)


def test_trend_of_rohan_mcmichael_1988_by_least_squares(breast):
    found = dose_response([breast], stages="one")
    fit = sm.GLS(breast.log_ratio, breast.dose[1:, None], sigma=covariance(breast).matrix).fit()
    assert found.coefficients == pytest.approx(fit.params, rel=1e-10)
    assert found.covariance == pytest.approx(fit.normalized_cov_params, rel=1e-10)
    curve = found.curve([11])
    half = stats.norm.ppf(0.975) * 11 * np.sqrt(fit.normalized_cov_params[0, 0])
    centre = 11 * fit.params[0]
    ours = [curve.ratio[0], curve.ci.low[0], curve.ci.high[0]]
    assert ours == pytest.approx(np.exp([centre, centre - half, centre + half]), rel=1e-10)


# ------------------------------------------------------------------ fitted counts


def test_greenland_longnecker_counts_keep_ratios_and_margins(mixed, cohorts):
    for study in (*mixed, *cohorts):
        found = covariance(study)
        rest = found.total - found.cases if study.design == "case_control" else found.total
        assert found.cases.sum() == pytest.approx(study.cases.sum(), rel=1e-12)
        assert found.total == pytest.approx(study.total)
        assert (found.cases / rest) / (found.cases[0] / rest[0]) == pytest.approx(study.ratio, rel=1e-9)


def test_hamling_counts_keep_ratios_errors_and_margins(mixed, cohorts):
    for study in (*mixed, *cohorts):
        found = covariance(study, "hamling")
        sign = {"case_control": 1, "cumulative": -1, "incidence": 0}[study.design]
        rest = found.total - found.cases if study.design == "case_control" else found.total
        before = study.total - study.cases if study.design == "case_control" else study.total
        variance = 1 / found.cases[1:] + sign / rest[1:] + 1 / found.cases[0] + sign / rest[0]
        assert found.reason == ""
        assert variance == pytest.approx(study.standard_error[1:] ** 2, rel=1e-7)
        assert (found.cases / rest) / (found.cases[0] / rest[0]) == pytest.approx(study.ratio, rel=1e-7)
        assert rest[0] / rest.sum() == pytest.approx(before[0] / before.sum(), rel=1e-7)
        assert rest.sum() / found.cases.sum() == pytest.approx(before.sum() / study.cases.sum(), rel=1e-7)


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("factor", [1.5, 4.0])
def test_hamling_counts_shrink_as_adjustment_widens_every_error(design, factor):
    """Variances times a factor are counts divided by it."""
    study = crude(design, [0, 2, 5, 9], CASES, PEOPLE)
    wider = dataclasses.replace(study, standard_error=study.standard_error * np.sqrt(factor))
    found = covariance(wider, "hamling")
    assert found.cases == pytest.approx(CASES / factor, rel=1e-7)
    assert found.total == pytest.approx(PEOPLE / factor, rel=1e-7)
    assert found.matrix == pytest.approx(covariance(study, "hamling").matrix * factor, rel=1e-7)


def test_independent_errors_are_another_answer(breast):
    assert dose_response([breast], covariance_method="independent").coefficients[0] != pytest.approx(
        dose_response([breast]).coefficients[0], rel=0.05
    )


# ------------------------------------------------------------------ likelihood and shape


def blocks_of(studies, basis):
    """Return log ratios, design and covariance of each study."""
    for study in studies:
        yield study.log_ratio, basis.columns(study.dose)[1:], covariance(study).matrix


def log_likelihood(blocks, psi, *, restricted):
    """Return the profile log-likelihood of Ψ with scipy's normal density, and the coefficients there."""
    p = psi.shape[0]
    totals = [s + x @ psi @ x.T for _, x, s in blocks]
    information = sum(x.T @ np.linalg.solve(v, x) for (_, x, _), v in zip(blocks, totals, strict=True))
    score = sum(x.T @ np.linalg.solve(v, y) for (y, x, _), v in zip(blocks, totals, strict=True))
    beta = np.linalg.solve(information, score)
    value = sum(stats.multivariate_normal(x @ beta, v).logpdf(y) for (y, x, _), v in zip(blocks, totals, strict=True))
    if restricted:
        square = sum(x.T @ x for _, x, _ in blocks)
        value += 0.5 * (np.linalg.slogdet(square)[1] - np.linalg.slogdet(information)[1] + p * np.log(2 * np.pi))
    return value, beta


@pytest.mark.parametrize("method", ["REML", "ML", "FE"])
@pytest.mark.parametrize("basis", [linear(), quadratic()])
def test_one_stage_is_the_maximum_of_the_normal_likelihood(mixed, basis, method):
    found = dose_response(mixed, basis=basis, method=method, stages="one")
    blocks = list(blocks_of(mixed, basis))
    value, beta = log_likelihood(blocks, found.between, restricted=method == "REML")
    assert found.log_likelihood == pytest.approx(value, rel=1e-9)
    assert found.coefficients == pytest.approx(beta, rel=1e-8)
    if method == "FE":
        assert not found.between.any()
        return
    lower = np.tril_indices(basis.size)
    scale = np.array([0.02, 0.001])[: basis.size]

    def loss(factor):
        root = np.zeros((basis.size, basis.size))
        root[lower] = factor
        root *= scale[:, None]
        return -log_likelihood(blocks, root @ root.T, restricted=method == "REML")[0]

    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}
    best = optimize.minimize(loss, np.full(len(lower[0]), 0.5), method="Nelder-Mead", options=options)
    assert found.log_likelihood >= -best.fun - 1e-9
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-6)


def test_a_spline_is_the_natural_interpolant_of_its_values_at_the_knots(cohorts):
    knots = spline_knots(np.concatenate([study.dose for study in cohorts]), 4)
    basis = restricted_cubic_spline(knots)
    dose = np.linspace(knots[0], knots[-1], 50)
    interpolant = interpolate.CubicSpline(knots, basis.columns(knots), bc_type="natural")
    assert basis.columns(dose) == pytest.approx(interpolant(dose), rel=1e-9, abs=1e-9)


def test_knots_are_harrells_percentiles(cohorts):
    dose = np.concatenate([study.dose for study in cohorts])
    assert spline_knots(dose, 4) == pytest.approx(np.percentile(dose, [5, 35, 65, 95]), rel=1e-12)
    assert spline_knots(dose, 3) == pytest.approx(np.percentile(dose, [10, 50, 90]), rel=1e-12)


def test_a_bent_curve_is_found_again_and_a_straight_one_is_not_bent():
    """Large cohorts on a spline: within four standard errors; on a line: the spline terms are not needed."""
    knots = [2.0, 9.0, 25.0, 50.0]
    basis = restricted_cubic_spline(knots)
    dose = np.array([0.0, 3, 8, 15, 24, 36, 55])
    rng = np.random.default_rng(3)
    for truth in (np.array([-0.02, 0.25, -0.55]), np.array([0.01, 0.0, 0.0])):
        studies = []
        for number in range(10):
            total = np.full(dose.size, 400_000.0)
            cases = rng.poisson(0.01 * total * np.exp(basis.columns(dose) @ truth)).astype(float)
            studies.append(crude("incidence", dose, cases, total, f"cohort {number}"))
        found = dose_response(studies, basis=basis, method="FE")
        assert (np.abs(found.coefficients - truth) < 4 * found.standard_errors).all()
        p_value = found.test([1, 2])[2]
        assert p_value < 1e-6 if truth[1] else p_value > 0.01


# ------------------------------------------------------------------ one stage and two


@pytest.mark.parametrize("basis", [linear(), quadratic()])
@pytest.mark.parametrize("method", ["REML", "ML", "FE"])
def test_one_and_two_stages_agree_where_every_study_has_a_curve(mixed, basis, method):
    two = dose_response(mixed, basis=basis, method=method)
    one = dose_response(mixed, basis=basis, method=method, stages="one")
    assert one.coefficients == pytest.approx(two.coefficients, rel=1e-6)
    assert one.covariance == pytest.approx(two.covariance, rel=1e-5)
    assert one.points == two.points == 18


def test_one_stage_uses_studies_with_too_few_doses(cohorts):
    first = cohorts[0]
    short = DoseStudy(
        "short", first.design, *(getattr(first, name)[:2] for name in ("dose", "ratio", "standard_error")),
        *(getattr(first, name)[:2] for name in ("cases", "total")),
    )  # fmt: skip
    two = dose_response([short, *cohorts[1:]], basis=quadratic())
    one = dose_response([short, *cohorts[1:]], basis=quadratic(), stages="one")
    assert "short left out" in two.reason
    assert (two.studies, one.studies) == (7, 8)
    assert one.reason == ""


def test_linear_two_stage_is_the_pool_of_slopes(mixed):
    slopes = [dose_response([study]) for study in mixed]
    pooled = pool([slope.coefficients[0] for slope in slopes], [slope.covariance[0, 0] for slope in slopes], ci="wald")
    found = dose_response(mixed)
    assert found.coefficients[0] == pytest.approx(pooled.estimate, rel=1e-6)
    assert found.between[0, 0] == pytest.approx(pooled.tau2, rel=1e-6)
    assert found.q == pytest.approx(pooled.q, rel=1e-8)


def test_simulated_slopes_are_found_again():
    rng = np.random.default_rng(11)
    dose = np.array([0.0, 2, 5, 10])
    total = np.full(4, 20_000.0)
    studies = []
    for number in range(12):
        slope = rng.normal(0.05, 0.01)
        cases = rng.poisson(0.02 * total * np.exp(slope * dose)).astype(float)
        ratio = (cases / total) / (cases[0] / total[0])
        se = np.sqrt(1 / cases + 1 / cases[0])
        studies.append(DoseStudy(f"study {number}", "incidence", dose, ratio, se, cases, total))
    found = dose_response(studies)
    assert found.coefficients[0] == pytest.approx(0.05, abs=4 * found.standard_errors[0])
    # crude ratios: fitted counts are the counts, so that the covariance is the reference's own 1/A exactly
    assert covariance(studies[0]).matrix[0, 1] == pytest.approx(1 / studies[0].cases[0], rel=1e-9)


# ------------------------------------------------------------------ what must hold anyway


@given(factor=st.floats(0.01, 1000))
def test_the_unit_of_dose_changes_only_the_unit_of_the_slope(factor, breast):
    numbers = (breast.ratio, breast.standard_error, breast.cases, breast.total)
    other = dose_response([DoseStudy("x", breast.design, breast.dose * factor, *numbers)])
    assert other.coefficients[0] * factor == pytest.approx(dose_response([breast]).coefficients[0], rel=1e-9)


def test_order_of_studies_does_not_matter(mixed):
    found, turned = dose_response(mixed), dose_response(mixed[::-1])
    assert turned.coefficients == pytest.approx(found.coefficients, rel=1e-7)


def test_a_curve_is_one_at_its_reference(cohorts):
    found = dose_response(cohorts, basis=quadratic())
    curve = found.curve([0, 12, 24], reference=12)
    assert (curve.ratio[1], curve.ci.low[1], curve.ci.high[1]) == (1, 1, 1)
    assert curve.to_frame().shape == (3, 6)


@given(knots=st.lists(st.floats(0.1, 10), min_size=3, max_size=5))
def test_splines_are_straight_beyond_the_outer_knots(knots):
    places = np.cumsum(knots)
    basis = restricted_cubic_spline(places)
    assert basis.columns([places[0] / 2])[0, 1:].tolist() == [0] * (len(knots) - 2)
    far = places[-1] + np.array([1.0, 2, 3])
    second = np.diff(basis.columns(far), n=2, axis=0)
    assert second == pytest.approx(np.zeros_like(second), abs=1e-6 * (1 + np.abs(basis.columns(far)).max()))


def test_covariances_are_positive_definite(mixed, cohorts):
    for study in (*mixed, *cohorts):
        for method in ("greenland_longnecker", "hamling"):
            assert np.linalg.eigvalsh(covariance(study, method).matrix).min() > 0


def test_risk_ratios_that_need_more_cases_than_people():
    study = DoseStudy("odd", "cumulative", [0, 1], [1, 9], [0, 0.3], [90, 95], [100, 100])
    assert "more cases than people" in covariance(study).reason
    found = dose_response([study])
    assert np.isnan(found.coefficients).all()
    assert "no study is left" in found.reason


def test_no_cases_have_no_counts():
    study = DoseStudy("none", "incidence", [0, 1], [1, 2], [0, 0.3], [0, 0], [100, 100])
    assert "without cases" in covariance(study).reason


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ratio": [1.1, 2]}, "the first ratio is 1.1"),
        ({"ratio": [1, -2]}, "ratio is"),
        ({"standard_error": [0, 0]}, "standard_error is"),
        ({"cases": [10, 200]}, "at most the total"),
        ({"dose": [0]}, "one number for each category"),
        ({"design": "trial"}, "design is 'trial'"),
    ],
)
def test_impossible_tables_raise(change, said):
    table = {"label": "x", "design": "cumulative", "dose": [0, 1], "ratio": [1, 2], "standard_error": [0, 0.3]}
    with pytest.raises(InputError, match=said):
        DoseStudy(**(table | {"cases": [10, 20], "total": [100, 100]} | change))


def test_bad_options_raise(breast):
    for options in ({"stages": "three"}, {"method": "DL"}, {"covariance_method": "none"}, {"level": 95}):
        with pytest.raises(InputError):
            dose_response([breast], **options)
    with pytest.raises(InputError, match="no study"):
        dose_response([])
    with pytest.raises(InputError, match="knots"):
        restricted_cubic_spline([1, 1, 2])
    with pytest.raises(InputError, match="6 knots"):
        spline_knots([1, 2, 3], 6)
