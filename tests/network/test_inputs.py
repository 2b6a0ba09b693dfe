"""What may enter a network, and what is said where it may not."""

from __future__ import annotations

import numpy as np
import pytest

from hipevidence.effects import effect_size
from hipevidence.errors import InputError
from hipevidence.network import combine, from_arms, from_contrasts, network

MEANS = {"n": [45.0, 44.0], "mean": [2.6, 3.9], "sd": [2.1, 2.6]}
COUNTS = {"n": [40.0, 41.0], "events": [4.0, 11.0]}
RATES = {"events": [12.0, 20.0], "time": [310.5, 290.0]}


@pytest.mark.parametrize(
    ("measure", "columns"),
    [
        ("MD", MEANS),
        ("SMD", MEANS),
        ("OR", COUNTS),
        ("RR", COUNTS),
        ("RD", COUNTS),
        ("IRR", RATES),
        ("OR", {"n": [33.0, 48.0], "events": [0.0, 9.0]}),
        ("RR", {"n": [33.0, 48.0], "events": [33.0, 9.0]}),
        ("RD", {"n": [33.0, 48.0], "events": [0.0, 9.0]}),
        ("IRR", {"events": [0.0, 9.0], "time": [100.0, 120.0]}),
    ],
)
def test_a_two_arm_trial_has_the_effect_size_of_the_effects_room(measure, columns):
    data = from_arms(measure, study=["x", "x"], treatment=["a", "b"], **columns)
    inputs = {f"{name}{arm + 1}": values[arm] for name, values in columns.items() for arm in (0, 1)}
    expected = effect_size(measure, **inputs)
    trial = data.trials[0]
    assert trial.values[0] - trial.values[1] == pytest.approx(expected.yi, rel=1e-12)
    assert trial.variances[0, 1] == pytest.approx(expected.vi, rel=1e-12)


def test_smd_of_three_arms_has_the_covariance_of_gleser_and_olkin():
    n, mean, sd = np.array([10.0, 20.0, 30.0]), np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 2.5])
    data = from_arms("SMD", study=["x"] * 3, treatment=["a", "b", "c"], n=n, mean=mean, sd=sd, correction="none")
    pooled = np.sqrt(((n - 1) * sd**2).sum() / (n.sum() - 3))
    g = (mean[1:] - mean[0]) / pooled
    differences = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    covariance = differences @ data.trials[0].covariance @ differences.T
    assert differences @ data.trials[0].values == pytest.approx(g, rel=1e-12)
    assert covariance[0, 1] == pytest.approx(1 / n[0] + g[0] * g[1] / (2 * n.sum()), rel=1e-12)
    assert covariance[1, 1] == pytest.approx(1 / n[0] + 1 / n[2] + g[1] ** 2 / (2 * n.sum()), rel=1e-12)


def test_contrasts_of_three_arms_share_the_variance_of_the_common_arm():
    data = from_arms("OR", study=["x"] * 3, treatment=["a", "b", "c"], n=[50, 60, 70], events=[10, 20, 30])
    arm = {"a": 1 / 10 + 1 / 40, "b": 1 / 20 + 1 / 40, "c": 1 / 30 + 1 / 40}
    assert data.trials[0].arm_variances == pytest.approx(list(arm.values()), rel=1e-12)
    differences = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    covariance = differences @ data.trials[0].covariance @ differences.T
    assert covariance[0, 1] == pytest.approx(arm["a"], rel=1e-12)


def test_a_zero_cell_is_corrected_in_every_arm_of_its_trial_and_nowhere_else():
    data = from_arms(
        "OR",
        study=["x"] * 3 + ["y"] * 2,
        treatment=["a", "b", "c", "a", "b"],
        n=[20, 20, 20, 30, 30],
        events=[0, 5, 6, 4, 5],
    )
    assert data.trials[0].arm_variances == pytest.approx(
        [1 / 0.5 + 1 / 20.5, 1 / 5.5 + 1 / 15.5, 1 / 6.5 + 1 / 14.5], rel=1e-12
    )
    assert data.trials[1].variances[0, 1] == pytest.approx(1 / 4 + 1 / 26 + 1 / 5 + 1 / 25, rel=1e-12)


def test_trials_without_information_are_left_out_by_name():
    data = from_arms(
        "RR",
        study=["x", "x", "none", "none", "all", "all", "alone"],
        treatment=["a", "b", "a", "b", "a", "b", "a"],
        n=[20, 20, 9, 9, 8, 8, 30],
        events=[3, 5, 0, 0, 8, 8, 4],
    )
    assert [trial.name for trial in data.trials] == ["x"]
    assert dict(data.left_out) == {
        "none": "nobody had the event in any arm",
        "all": "everybody had the event in every arm",
        "alone": "it has one arm only",
    }


def test_every_impossible_arm_is_listed_at_once():
    with pytest.raises(InputError) as error:
        from_arms(
            "OR",
            study=["x", "x", "y", "y", "z", "z"],
            treatment=["a", "b", "a", "b", "a", "a"],
            n=[10, 10, np.nan, 10, 5, 5],
            events=[11, 2, 3, -1, 1, 1],
        )
    text = str(error.value)
    for part in ("'x', arm 'a': 11 events among 10", "'y', arm 'a': n is missing", "'y', arm 'b': events is -1"):
        assert part in text
    assert "'z': treatment 'a' stands in more than one arm" in text


@pytest.mark.parametrize(
    ("measure", "columns", "said"),
    [
        ("HR", COUNTS, "measure is 'HR'"),
        ("MD", COUNTS, "mean was not given"),
        ("OR", {**COUNTS, "add": -1.0}, "add is -1.0"),
        ("OR", {"n": [40.0], "events": [1.0, 2.0]}, "found shape"),
        ("OR", {"n": ["many", 3], "events": [1.0, 2.0]}, "not numbers"),
        ("OR", {"n": [4, 4], "events": [0, 2], "add": 0.0}, "add is 0"),
        ("SMD", {**MEANS, "correction": "hedges"}, "correction is 'hedges'"),
        ("MD", {**MEANS, "sd": [0.0, 1.0]}, "sd is 0"),
    ],
)
def test_what_cannot_be_used_is_refused(measure, columns, said):
    with pytest.raises(InputError, match=said):
        from_arms(measure, study=["x", "x"], treatment=["a", "b"], **columns)


def test_hotts_three_differences_are_one_trial(hott):
    trial = hott.trials[0]
    assert trial.arms == ("hip", "knee", "none")
    widths = np.array([11.2, 11.2, 11.5]) / (2 * 1.959963984540054)
    assert trial.variances[0, 2] ** 0.5 == pytest.approx(widths[0], rel=1e-12)
    assert trial.variances[1, 2] ** 0.5 == pytest.approx(widths[2], rel=1e-12)
    first = (widths[0] ** 2 + widths[1] ** 2 - widths[2] ** 2) / 2
    assert trial.arm_variances[0] == pytest.approx(first, rel=1e-12)
    result = network(hott)
    assert result.df == 0
    assert result.versus("hip", "knee").estimate == pytest.approx(0.8, rel=1e-12)
    assert result.versus("hip", "knee").se == pytest.approx(widths[1], rel=1e-12)
    assert "no degrees of freedom" in result.reason
    assert np.isnan([result.tau2, result.i2, result.prediction_low[0, 1]]).all()


def test_two_differences_with_their_covariance_say_the_same_as_all_three(hott):
    variances = hott.trials[0].variances
    shared = (variances[0, 1] + variances[0, 2] - variances[1, 2]) / 2
    other = from_contrasts(
        study=["Hott"] * 2,
        treatment1=["hip", "hip"],
        treatment2=["none", "knee"],
        effect=[1.0, 0.8],
        covariances={"Hott": [[variances[0, 2], shared], [shared, variances[0, 1]]]},
        measure="MD",
    )
    assert other.trials[0].covariance == pytest.approx(hott.trials[0].covariance, rel=1e-12)
    assert other.trials[0].values == pytest.approx(hott.trials[0].values, rel=1e-12)


ROWS = {
    "study": ["x", "x", "x"],
    "treatment1": ["a", "a", "b"],
    "treatment2": ["b", "c", "c"],
    "effect": [1.0, 2.0, 1.0],
    "se": [1.0, 1.0, 1.0],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"effect": [1.0, 2.0, -1.0]}, "study 'x': its differences do not add up: round a loop of three arms 2"),
        ({"se": [1.0, 1.0, 5.0]}, "study 'x': its standard errors contradict each other"),
        ({"se": [1.0, 1.0, 0.0]}, "standard error is missing, 0 or negative"),
        ({"effect": [1.0, np.nan, 1.0]}, "an effect is missing"),
        ({"treatment2": ["a", "c", "c"]}, "compared with itself"),
        ({"treatment1": ["a", "a", "c"], "treatment2": ["b", "c", "a"]}, "stands there twice"),
        ({"study": ["x", "x", ""]}, "study: row 3 has no name"),
        ({"treatment1": ["a", "a"]}, "treatment1: found 2 values"),
        ({"se": None}, "standard error is missing"),
        ({"level": 1.0}, "level"),
        ({"covariances": {"y": [[1.0]]}}, "there is no study 'y'"),
        ({"covariances": {"x": [[1.0]]}}, "covariance matrix has shape"),
        ({"covariances": {"x": np.eye(3)}}, "found 3 rows with a covariance matrix for 3 arms"),
        ({"covariances": {"x": np.triu(np.ones((3, 3)))}}, "not symmetric"),
    ],
)
def test_contrasts_that_cannot_be_used_are_refused_by_study(change, said):
    with pytest.raises(InputError, match=said):
        from_contrasts(**{**ROWS, **change})


def test_a_missing_pair_of_a_multi_arm_trial_is_named():
    with pytest.raises(InputError, match="no difference b v c"):
        from_contrasts(study=["x", "x"], treatment1=["a", "a"], treatment2=["b", "c"], effect=[1, 2], se=[1, 1])


def test_all_trials_with_problems_are_named_together():
    with pytest.raises(InputError, match=r"study 'x': .* \| study 'y': "):
        from_contrasts(study=["x", "y"], treatment1=["a", "b"], treatment2=["a", "c"], effect=[1, 2], se=[1, -1])


def test_rounded_differences_may_miss_by_a_tenth_of_a_standard_error():
    trial = from_contrasts(**{**ROWS, "effect": [1.05, 2.0, 1.0]}).trials[0]
    assert trial.closing_error == pytest.approx(0.05)
    assert trial.values.sum() == pytest.approx(0.0, abs=1e-15)
    with pytest.raises(InputError, match="do not add up"):
        from_contrasts(**{**ROWS, "effect": [1.05, 2.0, 1.0]}, closing=0.01)


def test_networks_of_arms_and_of_contrasts_are_combined():
    arms = from_arms("MD", study=["x", "x"], treatment=["a", "b"], **MEANS)
    contrasts = from_contrasts(study=["y"], treatment1=["b"], treatment2=["c"], effect=[1.0], se=[0.5], measure="MD")
    assert combine(arms, contrasts).treatments == ("a", "b", "c")
    with pytest.raises(InputError, match="x found more than once"):
        combine(arms, arms)
    with pytest.raises(InputError, match="one measure"):
        combine(arms, from_arms("OR", study=["z", "z"], treatment=["a", "b"], **COUNTS))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "EE"}, "method: found 'EE'"),
        ({"reference": "water"}, "reference: found 'water'"),
        ({"ci": "exact"}, "ci: found 'exact'"),
        ({"level": 95}, "level: found 95"),
        ({"tau2": -0.1}, "tau2: found -0.1"),
    ],
)
def test_unknown_options_are_refused(hott, options, said):
    with pytest.raises(InputError, match=said):
        network(hott, **options)


def test_nothing_to_compare():
    with pytest.raises(InputError, match=r"none that compares two treatments; .* x: it has one arm only"):
        from_arms("OR", study=["x"], treatment=["a"], n=[10], events=[3])
