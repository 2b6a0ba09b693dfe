"""One effect on another scale: closed forms, inverses, limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.risk import absolute_risk, convert_effect

risks = st.floats(1e-3, 0.99)
ratios = st.floats(0.05, 20)


def test_petrosino_2013_as_cochrane_teaches_it():
    """Cochrane Consumers and Communication, Summary of Findings Tables, p. 23: OR to RR and to people per 1,000."""
    figures, baseline = (1.68, 1.20, 2.36), 98 / 358
    ratio = convert_effect("OR", "RR", *figures, baseline=baseline)
    assert [round(x, 2) for x in (ratio.value, ratio.ci.low, ratio.ci.high)] == [1.42, 1.14, 1.72]
    risks = absolute_risk("OR", *figures, baseline=baseline)
    assert [round(1000 * x) for x in (risks.ci.low, risks.ci.high)] == [311, 471]


@pytest.mark.parametrize(("baseline", "printed"), [(0.18, (1.84, 1.65, 2.03)), (0.68, (1.22, 1.18, 1.25))])
def test_zhang_and_yu_1998_as_wang_2013_applies_it_to_szal_1999(baseline, printed):
    """Journal of Statistical Software 55(5), section 4: adjusted odds ratio of a long first stage of labour."""
    found = convert_effect("OR", "RR", 2.25, 1.92, 2.63, baseline=baseline)
    assert tuple(round(x, 2) for x in (found.value, found.ci.low, found.ci.high)) == printed


@given(ratio=ratios, baseline=risks)
def test_zhang_and_yu_1998_formula(ratio, baseline):
    expected = ratio / (1 - baseline + baseline * ratio)
    assert convert_effect("OR", "RR", ratio, baseline=baseline).value == pytest.approx(expected, rel=1e-8)


@given(ratio=ratios, baseline=risks, target=st.sampled_from(["RR", "HR", "RD"]))
def test_there_and_back(ratio, baseline, target):
    there = convert_effect("OR", target, ratio, baseline=baseline).value
    assert convert_effect(target, "OR", there, baseline=baseline).value == pytest.approx(ratio, rel=1e-7)


@given(ratio=ratios)
def test_rare_outcomes_make_all_ratios_one(ratio):
    for source, target in (("OR", "RR"), ("RR", "HR"), ("HR", "OR")):
        assert convert_effect(source, target, ratio, baseline=0).value == ratio
        assert convert_effect(source, target, ratio, baseline=1e-9).value == pytest.approx(ratio, rel=1e-6)


@given(ratio=st.floats(1.01, 20), baseline=risks)
def test_the_odds_ratio_lies_further_from_one_than_the_risk_ratio(ratio, baseline):
    risk_ratio = convert_effect("OR", "RR", ratio, baseline=baseline).value
    hazard_ratio = convert_effect("OR", "HR", ratio, baseline=baseline).value
    assert 1 < risk_ratio < hazard_ratio < ratio


@given(baseline=risks, source=st.sampled_from(["OR", "RR", "HR"]))
def test_no_effect_is_none_on_every_scale(baseline, source):
    for target in ("OR", "RR", "HR"):
        assert convert_effect(source, target, 1, baseline=baseline).value == pytest.approx(1, rel=1e-12)
    assert convert_effect(source, "RD", 1, baseline=baseline).value == 0


@pytest.mark.parametrize(
    ("source", "target", "effect", "baseline"),
    [("RR", "OR", 8, 0.2), ("RD", "RR", 0.1, 0), ("OR", "HR", 2, 1), ("RD", "OR", 0.5, 0.7), ("RR", "OR", 2, 1)],
)
def test_what_does_not_exist_says_so(source, target, effect, baseline):
    found = convert_effect(source, target, effect, baseline=baseline)
    assert math.isnan(found.value)
    assert found.reason


def test_everybody_has_it_at_baseline_one():
    assert convert_effect("OR", "RR", 5, baseline=1).value == 1


def test_limits_go_through_the_same_formula():
    found = convert_effect("OR", "RR", 1.7, 1.1, 2.6, baseline=0.2)
    assert found.ci.low == pytest.approx(1.1 / 1.02, rel=1e-12)
    assert found.ci.high == pytest.approx(2.6 / 1.32, rel=1e-12)


def test_unknown_measures_raise():
    with pytest.raises(InputError, match="target is 'NNT'"):
        convert_effect("OR", "NNT", 2, baseline=0.2)
