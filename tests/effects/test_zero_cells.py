"""Zero cells: to whom the constant is added, and that the method says so."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipevidence.effects import effect_size

TABLES = {"events1": [0, 4, 0], "n1": [22, 40, 10], "events2": [1, 11, 0], "n2": [21, 41, 12]}


def log_or(a, n1, c, n2, add):
    return math.log((a + add) * (n2 - c + add) / ((n1 - a + add) * (c + add)))


ROWS = list(zip(*TABLES.values(), strict=True))


@pytest.mark.parametrize(
    ("to", "added"), [("only0", [0.5, 0, 0.5]), ("if0all", [0.5, 0.5, 0.5]), ("all", [0.5, 0.5, 0.5])]
)
def test_where_it_is_added(to, added):
    effect = effect_size("OR", **TABLES, to=to)
    by_hand = [log_or(*row, add) for row, add in zip(ROWS, added, strict=True)]
    np.testing.assert_allclose(effect.yi, by_hand, rtol=1e-13)


def test_if0all_adds_nothing_without_a_zero():
    effect = effect_size("OR", events1=[3, 4], n1=40, events2=[5, 11], n2=41, to="if0all")
    assert effect.yi[0] == pytest.approx(log_or(3, 40, 5, 41, 0), rel=1e-13)
    assert effect.method.endswith("no zero cell, nothing added")


def test_a_row_that_cannot_be_used_does_not_correct_the_others():
    effect = effect_size("OR", events1=[0, 4], n1=[-1, 40], events2=[5, 11], n2=41, to="if0all")
    assert effect.yi[1] == pytest.approx(log_or(4, 40, 11, 41, 0), rel=1e-13)


def test_no_events_at_all_is_kept_as_metafor_keeps_it():
    effect = effect_size("OR", events1=0, n1=10, events2=0, n2=12)
    assert effect.yi == pytest.approx(math.log(12.5 / 10.5), rel=1e-13)
    assert effect.vi == pytest.approx(2 + 2 + 1 / 10.5 + 1 / 12.5, rel=1e-13)


@pytest.mark.parametrize("options", [{"to": "none"}, {"add": 0}])
def test_nothing_added_leaves_what_does_not_exist(options):
    effect = effect_size("OR", **TABLES, **options)
    assert np.isnan(effect.yi).tolist() == [True, False, True]
    assert effect.reason[0] == "a cell is 0 and nothing was added to it"
    assert effect.method.endswith("zero cells left as they are")


@pytest.mark.parametrize("measure", ["RR", "RD", "PETO"])
def test_other_measures_of_tables_are_corrected_alike(measure):
    corrected = effect_size(measure, events1=0, n1=22, events2=1, n2=21)
    by_hand = effect_size(measure, events1=0.5, n1=23, events2=1.5, n2=22)
    assert corrected.yi == pytest.approx(by_hand.yi, rel=1e-13)
    assert corrected.vi == pytest.approx(by_hand.vi, rel=1e-13)
    assert corrected.method.endswith("0.5 added to every cell (to='only0')")


@pytest.mark.parametrize(
    ("measure", "inputs"),
    [
        ("AS", {"events1": 0, "n1": 22, "events2": 1, "n2": 21}),
        ("PAS", {"events": 0, "n": 22}),
        ("PFT", {"events": 0, "n": 22}),
    ],
)
def test_arcsines_need_no_correction(measure, inputs):
    effect = effect_size(measure, **inputs)
    assert math.isfinite(effect.yi)
    assert effect.method.endswith("zero cells left as they are")
    assert effect_size(measure, **inputs, add=0.5).yi != effect.yi


def test_rates():
    ratio = effect_size("IRR", events1=0, time1=100, events2=3, time2=110)
    assert ratio.yi == pytest.approx(math.log((0.5 / 100) / (3.5 / 110)), rel=1e-13)
    one = effect_size("IRLN", events=0, time=100)
    assert (one.yi, one.vi) == (pytest.approx(math.log(0.005), rel=1e-13), 2)


def test_a_proportion_of_all():
    effect = effect_size("PLO", events=10, n=10)
    assert effect.yi == pytest.approx(math.log(10.5 / 0.5), rel=1e-13)


def test_the_method_counts_and_places_what_was_corrected():
    assert effect_size("OR", **TABLES).method.endswith(
        "0.5 added to every cell of 2 of 3 tables (to='only0'; position 0, 2)"
    )
    assert effect_size("OR", **TABLES, to="all", add=1).method.endswith(
        "1 added to every cell of 3 of 3 tables (to='all')"
    )
    many = effect_size("PLO", events=np.zeros(12), n=20 * np.ones(12)).method
    assert many.endswith("12 of 12 tables (to='only0')")
    some = effect_size("PLO", events=np.r_[np.zeros(12), 1], n=20 * np.ones(13)).method
    assert some.endswith("12 of 13 tables (to='only0'; position 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...)")
