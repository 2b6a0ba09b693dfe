"""Every conversion against people who were simulated one by one: what is computed is what happens to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from hipevidence.effects import d_to_log_or, log_or_to_d
from hipevidence.risk import (
    absolute_risk,
    convert_effect,
    e_value,
    levin_fraction,
    miettinen_fraction,
    number_needed,
    number_needed_from_smd,
    proportion,
    share_above,
    smd_to_points,
)

PEOPLE = 400_000
NEAR = 4  # standard errors


def shares(rng, baseline, risk):
    """Counted shares with the outcome in two simulated groups."""
    return (rng.random(PEOPLE) < baseline).mean(), (rng.random(PEOPLE) < risk).mean()


def spread(share):
    return math.sqrt(share * (1 - share) / PEOPLE)


@pytest.mark.parametrize("baseline", [0.02, 0.2, 0.7])
@pytest.mark.parametrize(("measure", "effect"), [("OR", 1.7), ("OR", 0.4), ("RR", 1.3), ("RD", 0.1)])
def test_an_effect_at_a_baseline(measure, effect, baseline):
    rng = np.random.default_rng(11)
    risk = float(absolute_risk(measure, effect, baseline=baseline).risk)
    without, with_it = shares(rng, baseline, risk)
    odds = with_it / (1 - with_it) / (without / (1 - without))
    seen = {"OR": odds, "RR": with_it / without, "RD": with_it - without}
    for target, value in seen.items():
        found = float(convert_effect(measure, target, effect, baseline=baseline).value)
        relative = NEAR * (spread(without) / without + spread(with_it) / with_it) / (1 - max(without, with_it))
        tolerance = NEAR * (spread(without) + spread(with_it)) if target == "RD" else relative * found
        assert value == pytest.approx(found, abs=tolerance)


def test_one_more_in_so_many_people():
    rng = np.random.default_rng(12)
    without, with_it = shares(rng, 0.2, 0.15)
    needed = number_needed(-0.05).number
    assert PEOPLE * (without - with_it) == pytest.approx(
        PEOPLE / needed, abs=NEAR * PEOPLE * (spread(0.2) + spread(0.15))
    )


@pytest.mark.parametrize("ratio", [0.6, 2.5])
def test_cases_that_vanish_when_nobody_is_exposed(ratio):
    rng = np.random.default_rng(13)
    exposed = rng.random(PEOPLE) < 0.3
    luck = rng.random(PEOPLE)
    cases = luck < np.where(exposed, 0.2 * ratio, 0.2)
    if_nobody = luck < 0.2
    vanish = 1 - if_nobody.sum() / cases.sum()
    assert levin_fraction(ratio, exposed=0.3).value == pytest.approx(vanish, abs=0.01)
    among_cases = exposed[cases].mean()
    assert miettinen_fraction(ratio, exposed_cases=among_cases).value == pytest.approx(vanish, abs=0.01)


def test_a_confounder_as_strong_as_the_e_value_explains_the_ratio_away():
    """Everybody exposed has the confounder, the others as often as the E-value says; exposure itself does nothing."""
    rng = np.random.default_rng(14)
    strength = float(e_value("RR", 2.0).value)
    confounded = rng.random(PEOPLE) < 1 / strength
    unexposed = rng.random(PEOPLE) < np.where(confounded, 0.05 * strength, 0.05)
    exposed = rng.random(PEOPLE) < 0.05 * strength
    assert exposed.mean() / unexposed.mean() == pytest.approx(2.0, rel=0.03)


@pytest.mark.parametrize(("method", "least"), [("wilson", 0.93), ("jeffreys", 0.93), ("clopper-pearson", 0.95)])
@pytest.mark.parametrize("truth", [0.05, 0.3])
def test_intervals_of_a_proportion_hold_the_truth(method, least, truth):
    rng = np.random.default_rng(15)
    found = proportion(rng.binomial(120, truth, 20_000), 120, method=method)
    inside = (np.asarray(found.ci.low) <= truth) & (truth <= np.asarray(found.ci.high))
    assert least <= inside.mean() <= 0.99


def test_a_logistic_scale_cut_anywhere_has_the_odds_ratio_of_chinn():
    rng = np.random.default_rng(16)
    d = 0.5
    scale = math.sqrt(3) / math.pi  # a logistic distribution of standard deviation 1
    control, treated = rng.logistic(0, scale, PEOPLE), rng.logistic(d, scale, PEOPLE)
    for threshold in (-1.0, 0.0, 1.0):
        one, two = (treated > threshold).mean(), (control > threshold).mean()
        seen = special.logit(one) - special.logit(two)
        assert seen == pytest.approx(float(d_to_log_or(d, 0.1).yi), abs=0.02)
        assert float(log_or_to_d(seen, 0.1).yi) == pytest.approx(d, abs=0.012)


def test_scores_that_moved_by_a_standardised_difference():
    rng = np.random.default_rng(17)
    control, treated = rng.normal(10, 20, PEOPLE), rng.normal(18, 20, PEOPLE)
    smd = 0.4
    assert treated.mean() - control.mean() == pytest.approx(float(smd_to_points(smd, sd=20).value), abs=0.2)
    found = share_above(smd, change=15, control_mean=10, sd=20)
    assert (control > 15).mean() == pytest.approx(found.control, abs=0.004)
    assert (treated > 15).mean() == pytest.approx(found.treated, abs=0.004)
    needed = number_needed_from_smd(smd, baseline=found.control).number
    assert 1 / ((treated > 15).mean() - (control > 15).mean()) == pytest.approx(needed, rel=0.03)
