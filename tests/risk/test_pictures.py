"""Icon array and risk curve: what is drawn is what was computed, and it can be read without seeing it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from hipevidence.errors import InputError
from hipevidence.figures import style, svg
from hipevidence.figures.icon_array import Group, icon_array, icon_array_description
from hipevidence.figures.risk_curve import risk_curve, risk_curve_description
from hipevidence.results import Interval
from hipevidence.risk.frequencies import choose_denominator, count_of

STRONG = Group("hip strength in the highest quarter", 0.2)
WEAK = Group("hip strength in the lowest quarter", 0.298, Interval(0.2157, 0.394))
ODDS = ("OR", 1.7, Interval(1.1, 2.6))


def panels(figure):
    """Each panel's icons as (places, colours), without the key; a panel draws each of its four kinds at once."""
    lines = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    drawn = [lines[start : start + 4] for start in range(0, len(lines), 4)]
    found = []
    for kinds in drawn:
        places = [place for kind in kinds for place in zip(kind.get_xdata(), kind.get_ydata(), strict=True)]
        colours = [to_hex(kind.get_markerfacecolor()) for kind in kinds for _ in kind.get_xdata()]
        found += [(places, colours)] if len(places) > 1 else []
    return found


def test_icons_are_counted_contiguous_and_from_the_bottom():
    first, second = panels(icon_array(STRONG, WEAK, outcome="worse pain"))
    assert first[1].count(style.STUDY.lower()) == 20
    assert second[1].count(style.STUDY.lower()) == 20
    assert second[1].count(style.ALTERNATIVE.lower()) == 10
    for places, colours in (first, second):
        assert len(places) == 100
        filled = [place for place, colour in zip(places, colours, strict=True) if colour != style.BAND]
        # the axes count inches from the top, so that the bottom row has the greatest height
        assert min(place[1] for place in filled) >= max(
            place[1] for place, colour in zip(places, colours, strict=True) if colour == style.BAND
        ) - 1e-9  # fmt: skip


def test_who_is_spared_is_outlined():
    _, (_, colours) = panels(icon_array(Group("usual", 0.05), Group("exercise", 0.01), outcome="pain"))
    assert colours.count(style.STUDY.lower()) == 1
    assert colours.count("#ffffff") == 4


@given(first=st.floats(0.001, 1), second=st.floats(0.001, 1))
def test_the_denominator_is_the_same_and_shows_the_difference(first, second):
    of = choose_denominator(first, second)
    drawn = panels(icon_array(Group("a", first), Group("b", second), outcome="c", denominator=100))
    assert {len(places) for places, _ in drawn} == {100}
    assert of in {100, 1000}
    if of == 1000:
        assert min(first, second) < 0.01 or count_of(first, 100) == count_of(second, 100)


def test_small_risks_get_a_thousand_icons_and_smaller_ones_none():
    assert choose_denominator(0.004, 0.006) == 1000
    assert len(panels(icon_array(Group("a", 0.004), Group("b", 0.006), outcome="c"))[0][0]) == 1000
    with pytest.raises(InputError, match="1 in 1,000"):
        icon_array(Group("a", 0.0004), Group("b", 0.006), outcome="c")


@pytest.mark.parametrize("risk", [-0.1, 1.1, float("nan")])
def test_what_is_no_risk_is_not_drawn(risk):
    for denominator in (None, 100):
        with pytest.raises(InputError, match="0 to 1"):
            icon_array(Group("a", risk), Group("b", 0.2), outcome="c", denominator=denominator)
    with pytest.raises(InputError, match="denominator is 50"):
        icon_array(STRONG, WEAK, outcome="c", denominator=50)


def test_the_description_says_the_counts():
    said = icon_array_description(STRONG, WEAK, outcome="worse pain")
    assert "20 of 100" in said
    assert "30 of 100 (95% CI 22 to 39)" in said
    assert said.endswith("10 more of 100.")


@pytest.mark.parametrize("label", ["x" * 300, "<script>$x^2$", "many words " * 30, ""])
def test_texts_stay_inside_the_figure(label):
    figure = icon_array(Group(label, 0.2), Group(label, 0.3), outcome=label)
    renderer = figure.canvas.get_renderer()
    for text in figure.axes[0].texts:
        if text.get_text():
            box = text.get_window_extent(renderer)
            assert box.x0 >= 0
            assert box.x1 <= figure.bbox.x1
            assert box.y0 >= 0
            assert box.y1 <= figure.bbox.y1


def test_an_icon_is_drawn_once_and_repeated():
    drawn = icon_array(Group("a", 0.004), Group("b", 0.006), outcome="pain")
    markup = svg(drawn, "Icons", "words", key="icons").decode()
    icons = re.findall(r'<g[^>]* style="[^"]*"><use [^>]*/>(?:<use [^>]*/>)*</g>', markup)
    assert sum(one.count("<use ") for one in icons) == 2000 + 2
    assert markup.count("<path") < 60
    assert len(markup) < 200_000


def test_svg_is_the_same_twice_and_has_a_title():
    one, other = (svg(icon_array(STRONG, WEAK, outcome="pain"), "Icons", "words", key="icons") for _ in range(2))
    assert one == other
    root = ET.fromstring(one)  # noqa: S314 - drawn by this program a moment ago
    assert root.attrib["role"] == "img"
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))


def test_the_curve_is_the_formula():
    axes = risk_curve(*ODDS, reference="strong", exposed="weak", marked=[0.1, 0.2]).axes[0]
    no_difference, curve, points = axes.lines
    x = np.asarray(curve.get_xdata()) / 100
    odds = 1.7 * x / (1 - x)
    assert np.asarray(curve.get_ydata()) / 100 == pytest.approx(odds / (1 + odds), abs=1e-9)
    assert np.array_equal(no_difference.get_xdata(), no_difference.get_ydata())
    assert np.asarray(points.get_ydata()) == pytest.approx([15.888, 29.825], abs=1e-3)


def test_a_risk_ratio_stops_where_there_is_no_risk():
    axes = risk_curve("RR", 3.0, Interval(2.0, 4.0), reference="a", exposed="b", highest=0.8).axes[0]
    curve = np.asarray(axes.lines[1].get_ydata())
    assert np.isnan(curve).any()
    assert np.nanmax(curve) <= 100 + 1e-9


def test_the_curve_in_words():
    said = risk_curve_description(*ODDS, reference="strong", exposed="weak", marked=[0.1, 0.2])
    assert "20 of 100 becomes 30 (22 to 39)" in said


def test_impossible_ranges_raise():
    with pytest.raises(InputError, match="highest is 0"):
        risk_curve(*ODDS, reference="a", exposed="b", highest=0)
    with pytest.raises(InputError, match="marked is"):
        risk_curve(*ODDS, reference="a", exposed="b", highest=0.2, marked=[0.3])
