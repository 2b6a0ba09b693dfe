"""Fact box and ladder of numbers needed: natural frequencies, one denominator, a refusal where something is missing."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.figures import (
    FactBox,
    IpdasForm,
    Outcome,
    Rung,
    fact_box,
    fact_box_description,
    nnt_ladder,
    nnt_ladder_description,
    style,
)
from hipevidence.figures.fact_box import ITEMS
from hipevidence.results import Interval
from hipevidence.risk import number_needed
from tests.figures.marks import colliding_texts, leaving

FORM = IpdasForm(**dict.fromkeys(ITEMS, "as asked"))
BOX = FactBox(
    "Tea for sleep",
    ("Without tea", "With tea"),
    (Outcome("Sleeps badly", 0.2, 0.15, Interval(0.1, 0.19)),),
    (),
    "low.",
    "made up.",
    FORM,
)


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def test_the_form_has_the_eight_items_of_ipdas():
    assert len(ITEMS) == 8
    assert {field.name for field in dataclasses.fields(IpdasForm)} == set(ITEMS)


@pytest.mark.parametrize("item", ITEMS)
def test_one_empty_item_is_enough_to_refuse(item):
    box = dataclasses.replace(BOX, form=dataclasses.replace(FORM, **{item: "  "}))
    for function in (fact_box, fact_box_description):
        with pytest.raises(InputError, match=f"lacks {item} "):
            function(box)


def test_all_missing_items_are_named_at_once():
    with pytest.raises(InputError) as found:
        fact_box(dataclasses.replace(BOX, form=IpdasForm(time_period="two years")))
    assert all(name in str(found.value) for name in set(ITEMS) - {"time_period"})
    assert "time_period" not in str(found.value)


def test_both_sides_of_every_risk_are_said():
    drawn = texts(fact_box(BOX))
    for words in ("20 of 100", "80 do not", "15 of 100", "85 do not", "(95% CI 10 to 19)"):
        assert words in drawn


def test_no_line_runs_past_the_table_in_pixels():
    form = dataclasses.replace(FORM, reference_class="women of 50 to 79 with or at risk of knee osteoarthritis")
    box = dataclasses.replace(BOX, form=dataclasses.replace(form, time_period="within two years"))
    with style.in_house_style():
        figure = fact_box(box)
        figure.set_dpi(110)
        renderer = figure.canvas.get_renderer()
        edge = max(patch.get_window_extent().x1 for patch in figure.axes[0].patches[1:])
        assert all(text.get_window_extent(renderer).x1 <= edge for text in figure.axes[0].texts if text.get_text())


def test_harms_nobody_reported_are_said_to_be_not_reported():
    assert texts(fact_box(BOX)).count("not reported") == 2
    assert "Harms: not reported" in fact_box_description(BOX)
    part = dataclasses.replace(BOX, harms=(Outcome("Wakes up at night"),))
    assert "Wakes up at night Without tea not reported, With tea not reported" in fact_box_description(part)


def test_one_small_risk_sets_the_denominator_of_every_line():
    box = dataclasses.replace(BOX, harms=(Outcome("Harm", 0.002, 0.004),))
    drawn = texts(fact_box(box))
    assert "200 of 1,000" in drawn
    assert "2 of 1,000" in drawn
    assert not any(text.endswith("of 100") for text in drawn)


def test_without_a_baseline_there_is_no_box():
    box = dataclasses.replace(BOX, benefits=(Outcome("Sleeps badly", None, 0.15),))
    with pytest.raises(InputError, match="no benefit with both risks"):
        fact_box(box)


RISKS = st.one_of(st.just(0.0), st.floats(0.001, 1))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), RISKS, RISKS), min_size=1, max_size=5))
def test_any_outcomes_fit_into_the_box(rows):
    box = dataclasses.replace(BOX, benefits=tuple(Outcome(label, one, other) for label, one, other in rows))
    figure = fact_box(box)
    assert leaving(figure) == []
    assert colliding_texts(figure) == []


# ------------------------------------------------------------------ numbers needed


def markers(figure):
    return [float(line.get_xdata()[0]) for line in figure.axes[0].lines if line.get_marker() == "s"]


def test_numbers_stand_on_a_scale_that_is_even_in_people():
    gains = (0.1, 0.05, -0.02)
    rungs = [Rung(str(gain), number_needed(-gain, -gain - 0.01, -gain + 0.01)) for gain in gains]
    a, b, c = markers(nnt_ladder(rungs))
    assert (a - b) / (b - c) == pytest.approx(0.05 / 0.07, rel=1e-9)


def test_ticks_of_numbers_needed_stand_at_one_over_them():
    figure = nnt_ladder([Rung("x", number_needed(-0.1, -0.3, 0.1))])
    (at,) = markers(figure)
    labels = {t.get_text(): t.get_position()[0] for t in figure.axes[0].texts if t.get_ha() == "center"}
    assert labels["∞"] < labels["10"] or labels["10"] == pytest.approx(at)
    tens = [t.get_position()[0] for t in figure.axes[0].texts if t.get_text() == "10"]
    assert any(place == pytest.approx(at, rel=1e-9) for place in tens)


@pytest.mark.parametrize(
    ("difference", "low", "high", "said"),
    [
        (-0.1, -0.25, 0.05, "10 to benefit [benefit 4 to ∞ to harm 20]"),  # Altman (1998)
        (-0.1, -0.2, -0.05, "10 to benefit [5 to 20]"),
        (0.2, 0.1, 0.4, "5 to harm [2.5 to 10]"),
        (0.0, -0.02, 0.02, "∞ [benefit 50 to ∞ to harm 50]"),
        (-0.1, -0.2, 0.0, "10 to benefit [5 to ∞]"),
    ],
)
def test_intervals_go_through_infinity(difference, low, high, said):
    assert (
        nnt_ladder_description([Rung("x", number_needed(difference, low, high))])
        == f"Ladder of numbers needed: x: {said}."
    )


def test_several_numbers_in_one_rung_are_refused():
    with pytest.raises(InputError, match="several numbers needed"):
        nnt_ladder([Rung("x", number_needed([-0.1, -0.2]))])
    with pytest.raises(InputError, match="no number needed"):
        nnt_ladder([])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=6))
def test_any_ladder_is_drawn(rows):
    found = [number_needed(d / 1000, (d - a) / 1000, (d + b) / 1000) for d, a, b in rows]
    rungs = [Rung(f"x{i}", one) for i, one in enumerate(found)]
    figure = nnt_ladder(rungs)
    assert len(markers(figure)) == len(rows)
    assert all(math.isfinite(place) for place in markers(figure))
    assert leaving(figure) == []
    assert colliding_texts(figure) == []
