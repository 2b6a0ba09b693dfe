"""P, test statistics, effects and intervals against the other figures of a row."""

from __future__ import annotations

import pytest

from hipevidence.evidence import validate
from tests.evidence.checks.examples import DIFFERENCE, INSTRUMENTS, NO_MEANS, RATIO
from tests.support import study

# Sharif 2020: changes of 4.67 (0.97) and 3.00 (1.25) in 15 and 15 people
CHANGE = NO_MEANS | {
    "instrument": "",
    "n1": "15",
    "n2": "15",
    "change1_mean": "-4.67",
    "change1_sd": "0.97",
    "change2_mean": "-3.00",
    "change2_sd": "1.25",
}
BALDON = NO_MEANS | {"design": "cross_sectional", "n1": "10", "n2": "10", "statistic": "t", "statistic_value": "-2.917"}
LUEDKE = NO_MEANS | {"statistic": "chi2", "statistic_value": "6.140"}
CORRELATION = NO_MEANS | {"design": "laboratory", "n1": "38", "n2": "", "effect_measure": "R", "effect": "-0.322"}


def _rules(tiny, **cells):
    tiny.studies = [study(**cells)]
    tiny.instruments = INSTRUMENTS
    return {problem.rule: problem for problem in validate(tiny.write())}


@pytest.mark.parametrize(
    ("cells", "p", "rule"),
    [
        (CHANGE, ".002", "p_recomputed"),
        (CHANGE, "<.001", None),
        (CHANGE, ".0004", None),
        (CHANGE, ">.05", "p_decision"),
        (CHANGE, "<.0001", "p_recomputed"),
        (BALDON, ".008", "p_recomputed"),
        (BALDON | {"df": "18"}, ".009", None),
        (BALDON | {"df": "18"}, ".08", "p_decision"),
        (LUEDKE | {"df": "2"}, "0.046", None),
        (LUEDKE | {"df": "1"}, "0.046", "p_recomputed"),
        (LUEDKE, "0.046", None),  # without degrees of freedom it cannot be tested
        (CORRELATION, ".049", None),
        (CORRELATION, ".03", "p_recomputed"),
        (CHANGE | {"adjusted_for": "age"}, ".002", None),
        (CHANGE | {"design": "crossover_rct"}, ".002", None),  # the same people twice: not a test of two groups
        (RATIO, ".017", None),
        (RATIO, ".02", None),
        (RATIO, ".2", "p_decision"),
        (RATIO | {"adjusted_for": "age"}, ".2", "p_decision"),  # effect, interval and P are of the same model
        (RATIO, "0.05", "p_recomputed"),  # may stand for .045 to .055: no decision to change
    ],
)
def test_p(tiny, cells, p, rule):
    assert set(_rules(tiny, **(cells | {"p_value": p}))) == ({rule} if rule else set())


def test_one_sided_p_is_named(tiny):
    found = _rules(tiny, **(NO_MEANS | {"statistic": "z", "statistic_value": "2.82", "p_value": "<0.0026"}))
    assert "one-sided" in found["p_recomputed"].action
    assert "0.005" in found["p_recomputed"].allowed


def test_a_small_p_is_worded_with_its_size(tiny):
    found = _rules(tiny, **(NO_MEANS | {"statistic": "z", "statistic_value": "3.56", "p_value": "<0.0002"}))
    assert "0.00036 to 0.00038" in found["p_recomputed"].allowed


@pytest.mark.parametrize(
    ("kind", "value", "passes"),
    [
        ("t", "1.7", True),
        ("t", "-1.7", True),
        ("F", "2.9", True),
        ("F", "1.7", False),
        ("d", "0.50", True),
        ("d", "0.9", False),
    ],
)
def test_statistics_against_means(tiny, kind, value, passes):
    found = _rules(tiny, statistic=kind, statistic_value=value)
    assert ("statistic_recomputed" in found) is not passes


def test_a_statistic_against_the_interval(tiny):
    """Bolgla 2015: 7.3 (1.3 to 13.4) goes with t 2.41, and would not with 2.81."""
    cells = NO_MEANS | {"instrument": "", "n1": "66", "n2": "36", "n_enrolled": "102", "effect_measure": "MD"}
    cells |= {"effect": "7.3", "ci_low": "1.3", "ci_high": "13.4", "statistic": "t"}
    assert _rules(tiny, **cells, statistic_value="2.41", p_value=".02") == {}
    assert set(_rules(tiny, **cells, statistic_value="2.81")) == {"statistic_recomputed"}


def test_an_effect_the_other_way_round(tiny):
    turned = {"effect": "-1.1", "ci_low": "-2.4", "ci_high": "0.2"}
    assert _rules(tiny, **(DIFFERENCE | turned | {"effect_sign": "-1"})) == {}
    found = _rules(tiny, **(DIFFERENCE | turned))
    assert "effect_sign" in found["effect_recomputed"].action


@pytest.mark.parametrize(
    ("cells", "passes"),
    [
        ({"effect_measure": "SMD", "effect": "0.50"}, True),  # d
        ({"effect_measure": "SMD", "effect": "0.47"}, True),  # g
        ({"effect_measure": "SMD", "effect": "0.80"}, False),
        (NO_MEANS | {"effect_measure": "RR", "effect": "0.48", "events1": "5", "events2": "10"}, True),
        (NO_MEANS | {"effect_measure": "OR", "effect": "0.34", "events1": "5", "events2": "10"}, True),
        (NO_MEANS | {"effect_measure": "OR", "effect": "0.48", "events1": "5", "events2": "10"}, False),
        (
            NO_MEANS | {"effect_measure": "RR", "effect": "2.09", "effect_sign": "-1", "events1": "5", "events2": "10"},
            True,
        ),
        (NO_MEANS | {"effect_measure": "RD", "effect": "-0.23", "events1": "5", "events2": "10"}, True),
        (NO_MEANS | {"effect_measure": "PR", "effect": "0.96", "n1": "50", "n2": "", "events1": "48"}, True),
        (NO_MEANS | {"effect_measure": "PR", "effect": "96", "n1": "50", "n2": "", "events1": "48"}, True),
        (NO_MEANS | {"effect_measure": "PR", "effect": "98", "n1": "50", "n2": "", "events1": "48"}, False),
        (NO_MEANS | {"effect_measure": "OR", "effect": "9.9", "events1": "0", "events2": "10"}, True),  # no odds
    ],
)
def test_effects_against_arms(tiny, cells, passes):
    assert ("effect_recomputed" in _rules(tiny, **cells)) is not passes


@pytest.mark.parametrize(
    ("cells", "passes"),
    [
        ({"effect_measure": "RR", "effect": "20.02", "ci_low": "6.21", "ci_high": "64.47"}, True),  # Bennell 2010
        ({"effect_measure": "RR", "effect": "35.34", "ci_low": "6.21", "ci_high": "64.47"}, False),
        ({"effect_measure": "BETA", "effect": "-0.25", "ci_low": "-0.48", "ci_high": "-0.01"}, True),
        ({"effect_measure": "BETA", "effect": "-0.25", "ci_low": "-0.48", "ci_high": "-0.10"}, False),
        (
            {"effect_measure": "SMD", "effect": "-1.68", "ci_low": "-2.57", "ci_high": "-0.86"},
            True,
        ),  # leans to one side
        ({"effect_measure": "SMD", "effect": "-1.48", "ci_low": "-2.57", "ci_high": "-0.86"}, False),
        ({"effect_measure": "R", "effect": "0.60", "ci_low": "0.35", "ci_high": "0.77"}, True),
        ({"effect_measure": "R", "effect": "0.51", "ci_low": "0.35", "ci_high": "0.77"}, False),
        (
            {"effect_measure": "PR", "effect": "0.92", "ci_low": "0.74", "ci_high": "0.98"},
            True,
        ),  # not made to be symmetric
    ],
)
def test_symmetry(tiny, cells, passes):
    assert ("ci_asymmetric" in _rules(tiny, **(NO_MEANS | cells))) is not passes


def test_published_pools_are_asked_too(tiny):
    tiny.published_pools = [tiny.published_pools[0] | {"estimate": "0.40"}]
    (problem,) = validate(tiny.write())
    assert (problem.rule, problem.file, problem.column) == (
        "ci_asymmetric",
        "published_pools.csv",
        "estimate, ci_low, ci_high",
    )
