"""From which figures an effect can be computed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.evidence import PValue, read_p_value, usable_figures
from hipevidence.evidence.wording import plain

GROUPS = ("mean{}_pre", "sd{}_pre", "mean{}_post", "sd{}_post", "change{}_mean", "change{}_sd", "events{}", "n{}")
NUMBERS = [name.format(arm) for name in GROUPS for arm in (1, 2)] + ["effect", "ci_low", "ci_high", "statistic_value"]
EMPTY = dict.fromkeys(NUMBERS, math.nan) | dict.fromkeys(("effect_measure", "statistic", "p_value", "finding"), "")
SIZES = {"n1": 20.0, "n2": 21.0}
POST = SIZES | {"mean1_post": 1.0, "sd1_post": 1.0, "mean2_post": 2.0, "sd2_post": 1.0}
PRE = SIZES | {"mean1_pre": 1.0, "sd1_pre": 1.0, "mean2_pre": 2.0, "sd2_pre": 1.0}
CHANGE = SIZES | {"change1_mean": 1.0, "change1_sd": 1.0, "change2_mean": 2.0, "change2_sd": 1.0}
EVENTS = SIZES | {"events1": 3.0, "events2": 5.0}
CI = {"ci_low": 0.1, "ci_high": 0.9}
T = SIZES | {"statistic": "t", "statistic_value": 2.1}


def effect(measure, **cells):
    return {"effect_measure": measure, "effect": 0.5} | cells


@pytest.mark.parametrize(
    ("cells", "measure", "score", "design", "ways"),
    [
        ({}, "SMD", "either", "rct", ()),
        (POST, "SMD", "either", "rct", ("post",)),
        (POST | {"sd2_post": math.nan}, "SMD", "either", "rct", ()),
        (POST | CHANGE, "MD", "either", "rct", ("post", "change")),
        (POST | CHANGE, "MD", "post", "rct", ("post",)),
        (CHANGE, "SMD", "post", "rct", ()),
        (PRE, "SMD", "either", "rct", ()),
        (PRE, "SMD", "either", "case_control", ("baseline",)),
        (effect("SMD", **CI), "SMD", "either", "rct", ("effect",)),
        (effect("SMD", **CI), "SMD", "post", "rct", ()),
        (effect("SMD", **CI), "SMD", "post", "cohort", ("effect",)),
        (effect("SMD"), "SMD", "either", "rct", ()),
        (effect("SMD", p_value=".04"), "SMD", "either", "rct", ("effect",)),
        (effect("SMD", p_value="<.04"), "SMD", "either", "rct", ()),
        (effect("MD", **CI), "SMD", "either", "rct", ()),
        (effect("MD", **CI, **SIZES), "SMD", "either", "rct", ("effect",)),
        (effect("MD", **CI), "MD", "either", "rct", ("effect",)),
        (effect("PCT", **CI), "MD", "either", "rct", ()),
        (T, "SMD", "either", "cohort", ("statistic",)),
        (T, "MD", "either", "cohort", ()),
        (T | {"statistic": "F"}, "SMD", "either", "cohort", ()),
        (T | {"statistic": "F", "finding": "increases"}, "SMD", "either", "cohort", ("statistic",)),
        (POST | {"n2": 1.0}, "SMD", "either", "rct", ()),
        (effect("OR", p_value=".04"), "OR", "either", "cohort", ("effect",)),
        (effect("OR", p_value=".04") | {"effect": 1.0}, "OR", "either", "cohort", ()),
        (T | {"n2": math.nan}, "SMD", "either", "cohort", ()),
        (SIZES | {"p_value": ".007", "finding": "decreases"}, "SMD", "either", "cohort", ("p",)),
        (SIZES | {"p_value": ".007", "finding": "mixed"}, "SMD", "either", "cohort", ()),
        (EVENTS, "OR", "either", "rct", ("events",)),
        (effect("OR", **CI), "OR", "either", "rct", ("effect",)),
        (effect("OR", **CI), "RR", "either", "rct", ()),
        (EVENTS | {"n2": math.nan}, "PLO", "either", "single_group", ("proportion",)),
        (SIZES, "PLO", "either", "single_group", ()),
    ],
)
def test_usable_figures(cells, measure, score, design, ways):
    assert usable_figures(EMPTY | {"design": design} | cells, measure, score) == ways


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".006", PValue("=", 0.006)),
        ("= 0.05", PValue("=", 0.05)),
        ("<0.001", PValue("<", 0.001)),
        ("> .05", PValue(">", 0.05)),
        ("1", PValue("=", 1.0)),
        ("1.01", None),
        ("-0.1", None),
        ("", None),
        ("n.s.", None),
    ],
)
def test_p_values_as_papers_print_them(text, value):
    assert read_p_value(text) == value


@given(st.text())
def test_whatever_is_shown_moves_no_cursor(text):
    assert plain(text).isprintable()
