"""Rows of the tables and answered questions become evidence items."""

from __future__ import annotations

import math

import pytest

from hipevidence.claims.tables import pool_item, row_item
from hipevidence.evidence import Term, load_evidence
from tests.support import POOL, Tiny, study

OUTCOMES = {
    "sleep": Term(label="sleep", good="more"),
    "waking": Term(label="waking at night", good="less"),
    "hormone": Term(label="a hormone"),
}


@pytest.fixture
def items(tmp_path):
    """Return a function from rows to items, read through real files."""

    def read(*rows, pools=()):
        tiny = Tiny(tmp_path / "data", studies=list(rows), published_pools=list(pools), questions="", claims="")
        evidence = load_evidence(tiny.write())
        instruments = {row["instrument"]: row for row in evidence.records("instruments")}
        found = [row_item(row, instruments, OUTCOMES) for row in evidence.records("studies")]
        return found + [pool_item(row, instruments) for row in evidence.records("published_pools")]

    return read


def values(item, role):
    return [round(figure.value, 6) for figure in item.of_role(role)]


def test_two_arms_give_their_difference_with_an_interval(items):
    (item,) = items(study())
    (difference,) = item.of_role("mean_difference")
    assert difference.derived
    assert difference.value == pytest.approx(1.1)
    half = 1.959963984540054 * math.sqrt(2.0**2 / 24 + 2.4**2 / 23)
    assert (difference.ci.low, difference.ci.high) == pytest.approx((1.1 - half, 1.1 + half), rel=1e-8)
    assert item.interval_includes_no_effect is True
    assert (item.n_analysed, item.n_enrolled) == (47, 50)


def test_direction_follows_the_scale_and_the_outcome(items):
    up, down = {"mean1_post": "6", "mean2_post": "4"}, {"mean1_post": "4", "mean2_post": "6"}
    better, worse = items(study(**up), study(row_id="b", time_weeks="8", **down))
    assert (better.finding, worse.finding) == ("increases", "decreases")


def test_direction_is_left_open_where_the_scale_is_not_known(items):
    (item,) = items(study(instrument=""))
    assert item.finding == "not_reported"


def test_the_finding_in_words_goes_before_the_figures(items):
    (item,) = items(study(finding="no_difference"))
    assert item.finding == "no_difference"
    assert item.interval_includes_no_effect is True


def test_a_reversed_ratio_turns_the_direction(items):
    ratio = {"effect_measure": "OR", "effect": "5.35", "ci_low": "1.46", "ci_high": "19.53", "mean1_post": ""}
    ratio |= {"sd1_post": "", "mean2_post": "", "sd2_post": "", "outcome": "waking", "instrument": ""}
    straight, turned = items(study(**ratio), study(row_id="b", time_weeks="8", effect_sign="-1", **ratio))
    assert (straight.finding, turned.finding) == ("increases", "decreases")
    assert values(turned, "odds_ratio") == [5.35]


def test_changes_and_percentages_within_an_arm(items):
    (item,) = items(study(mean1_pre="6.7", sd1_pre="1", mean1_post="1.4", mean2_pre="6.6", sd2_pre="1"))
    assert values(item, "value_before") == [6.7, 6.6]
    assert values(item, "point_change") == [-5.3, -2.5]
    assert values(item, "percent_change")[0] == pytest.approx(-79.104478)
    assert [figure.arm for figure in item.of_role("value_after")] == [1, 2]


def test_events_give_a_proportion_and_their_counts(items):
    empty = dict.fromkeys(("mean1_post", "sd1_post", "mean2_post", "sd2_post", "n2", "instrument"), "")
    series = {"design": "single_group", "n_enrolled": "24", "n1": "24", "events1": "22", "finding": "increases"}
    (item,) = items(study(**empty | series))
    assert values(item, "proportion_percent") == [91.666667]
    assert {22.0, 24.0} <= set(values(item, "count_people"))
    assert (item.events, item.has_comparison_group) == (22, False)


def test_weeks_are_also_months(items):
    (item,) = items(study(time_weeks="52", mean1_post="5.2"))
    assert (values(item, "weeks"), values(item, "months")) == ([52], [12])


def test_a_dose_is_an_instrument_named_like_its_role(items):
    instruments = {"weeks": {"instrument": "weeks", "unit": "weeks"}}
    (item,) = items(study())
    row = {**POOL, "instrument": "weeks", "measure": "NONE"}
    numbers = dict.fromkeys(
        ("ci_low", "ci_high", "time_weeks", "k_pooled", "k_review", "n_pooled", "n_review"), math.nan
    )
    dose = pool_item({**row, **numbers, "estimate": 8.0, "year": math.nan}, instruments)
    assert values(dose, "weeks") == [8]
    assert dose.of_role("weeks")[0].scope == "dose"
    assert item.of_role("weeks")[0].scope == "dose"


def test_limits_without_an_estimate_are_a_range(items):
    *_, item = items(study(), pools=[POOL | {"estimate": "", "measure": "PCT", "ci_low": "10", "ci_high": "57"}])
    (shown,) = item.of_role("percent_difference")
    assert (shown.value, shown.high, shown.is_range) == (10, 57, True)


def test_a_pool_keeps_its_interval_and_counts(items):
    *_, item = items(study(), pools=[POOL | {"k_pooled": "3", "k_review": "7", "n_pooled": "200"}])
    (shown,) = item.of_role("standardised_effect")
    assert (shown.value, shown.ci.low, shown.ci.high) == (0.3, 0.1, 0.5)
    assert (item.k_pooled, item.k_review, item.n_analysed) == (3, 7, 200)
    assert values(item, "count_studies") == [3, 7]
    assert item.interval_includes_no_effect is False


def test_excluded_and_unseen_rows_are_not_verified(items):
    rows = [
        study(),
        study(row_id="b", time_weeks="8", status="excluded", status_reason="a duplicate"),
        study(row_id="c", time_weeks="9", verification="unverified", seen="false"),
    ]
    assert [item.verified for item in items(*rows)] == [True, False, False]
