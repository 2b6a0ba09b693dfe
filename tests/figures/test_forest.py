"""The forest plot, read back from what was drawn: marks stand where the numbers say, nothing runs into anything."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.figures import forest, forest_description, style
from hipevidence.results import Interval
from tests.figures.answers import answer, random_rows, row
from tests.figures.marks import centre, outside, overlapping, polygons, read, squares, texts, ticks

HOSTILE = (
    "<script>alert('x')</script> & \"quotes\"",
    r"$x^2$ \frac{a}{b} _ ^ {",
    "abc \u202edef\u202c \u200fghi",
    "two\nlines\tand a tab",
    "\u738b \u674e \N{ELEPHANT}",
)
LONG = "The extraordinarily long-winded collaborative group of authors whose name never ends 2013 (with.a.row_id.12w)"
CASES = {
    "one row": answer(random_rows(1)),
    "three rows": answer(random_rows(3)),
    "thirteen rows": answer(random_rows(13)),
    "sixty rows": answer(random_rows(60)),
    "interval of two rows beyond the scale": answer([row(0, -0.4, 0.05), row(1, -0.9, 0.07)]),
    "long names": answer(
        [row(0, -0.4, 0.05, label=LONG, arm1=LONG), row(1, -0.2, 0.1)],
        arms=[LONG, LONG],
        favours=[LONG, LONG],
        mcid_unit=LONG * 2,
    ),
    "hostile text": answer([row(i, -0.4, 0.05, label=text) for i, text in enumerate(HOSTILE)]),
    "one huge interval": answer([row(0, -0.4, 0.05), row(1, 1.0, 400.0), row(2, -0.3, 0.06)]),
    "far from no difference": answer([row(0, -10, 0.12), row(1, -11, 0.1)]),
    "wide numbers": answer([row(0, -4e8, 1e16), row(1, 2e8, 1e15)], measure="MD", mcid=None),
    "tiny numbers": answer([row(0, -1e-6, 1e-14), row(1, 2e-6, 1e-14)], measure="MD", mcid=None),
    "odds ratios": answer([row(0, -1.3, 0.12), row(1, 0.4, 0.1)], measure="OR", mcid=None),
    "odds ratios near one": answer([row(0, 0.05, 0.0004), row(1, 0.1, 0.0009)], measure="OR", mcid=None),
    "proportions": answer([row(0, 2.4, 0.5, arm2=""), row(1, 1.0, 0.3, arm2="")], measure="PLO", mcid=None),
    "double arcsines": answer([row(0, 1.2, 0.01, arm2=""), row(1, 1.0, 0.02, arm2="")], measure="PFT", mcid=None),
}


@functools.cache
def drawn(name):
    return forest(CASES[name])


@pytest.mark.parametrize("name", CASES)
def test_no_text_runs_into_another_text_or_mark_and_nothing_leaves_the_picture(name):
    figure = drawn(name)
    assert overlapping(figure) == []
    assert outside(figure) == []


@pytest.mark.parametrize("name", CASES)
def test_every_picture_fits_a_page(name):
    width, _ = drawn(name).get_size_inches()
    assert width < 20


@pytest.mark.parametrize("name", CASES)
def test_a_scale_has_at_least_two_labels_in_order(name):
    places, labels = zip(*ticks(drawn(name)), strict=True)
    assert len(places) >= 2
    assert list(places) == sorted(places)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", ["three rows", "thirteen rows", "far from no difference", "wide numbers"])
def test_squares_stand_at_the_effects_by_the_labels_of_the_scale(name):
    synthesis, figure = CASES[name], drawn(name)
    (x0, first), *_, (x1, last) = ticks(figure)
    inch = (x1 - x0) / (read(last) - read(first))
    expected = [x0 + (r.yi - read(first)) * inch for r in synthesis.rows]
    assert [centre(square) for square in squares(figure)] == pytest.approx(expected, rel=1e-8)


def test_squares_stand_at_the_odds_ratios_by_the_labels_of_the_scale():
    synthesis, figure = CASES["odds ratios"], drawn("odds ratios")
    (x0, first), *_, (x1, last) = ticks(figure)
    inch = (x1 - x0) / math.log(read(last) / read(first))
    expected = [x0 + (r.yi - math.log(read(first))) * inch for r in synthesis.rows]
    assert [centre(square) for square in squares(figure)] == pytest.approx(expected, rel=1e-8)


def test_labels_of_the_double_arcsine_scale_are_percentages_in_their_place():
    synthesis = CASES["double arcsines"]
    layout = forest_layout(synthesis)
    for tick, label in zip(layout.scale.ticks, layout.scale.labels, strict=True):
        assert 100 * synthesis.display(tick) == pytest.approx(float(label.removesuffix("%")), abs=0.01)


def forest_layout(synthesis):
    from hipevidence.figures.forest import _table
    from hipevidence.figures.forest_table import lay_out

    with style.in_house_style():
        return lay_out(_table(synthesis, None, "separate", None))


def test_the_area_of_a_square_is_its_share_of_the_largest_weight():
    synthesis = CASES["thirteen rows"]
    areas = [square.get_width() * square.get_height() for square in squares(drawn("thirteen rows"))]
    order = np.argsort([r.weight for r in synthesis.rows])
    weights = np.array([r.weight for r in synthesis.rows])[order]
    found = np.array(areas)[order]
    assert found[-1] == pytest.approx(0.15**2)
    assert found / found[-1] == pytest.approx(np.maximum(weights / weights[-1], (0.05 / 0.15) ** 2))


def test_the_pooled_diamond_spans_its_interval():
    synthesis = CASES["thirteen rows"]
    figure, layout = drawn("thirteen rows"), forest_layout(synthesis)
    (diamond,) = polygons(figure, style.POOLED)
    xs = diamond.get_xy()[:, 0]
    result = synthesis.primary.result
    assert (xs.min(), xs.max()) == pytest.approx((layout.x(result.ci.low), layout.x(result.ci.high)), rel=1e-8)
    assert xs[1] == pytest.approx(layout.x(result.estimate), rel=1e-8)


@pytest.mark.parametrize("half", [math.inf, 1e9])
def test_an_interval_beyond_the_scale_is_cut_with_an_arrow_on_each_side(half):
    rows = random_rows(3)
    changed = [*rows, row(4, -0.3, 0.06, ci=Interval(-half, half, 0.95))]
    figure = forest(answer(changed))
    assert len(polygons(figure, style.STUDY)) == 2
    assert polygons(forest(answer(rows)), style.STUDY) == []
    assert outside(figure) == []


def test_one_row_has_no_pooled_line():
    found = [text for text, _ in texts(drawn("one row"))]
    assert "Random effects" not in found
    assert polygons(drawn("one row"), style.POOLED) == []


def test_a_fixed_effect_model_is_not_called_random():
    found = [text for text, _ in texts(forest(answer(random_rows(3), method="EE")))]
    assert "Fixed effect" in found
    assert "Random effects" not in found


def test_no_rows_is_an_error_that_says_what_to_read():
    with pytest.raises(InputError, match=r"tea\.sleep has no result to draw.*left_out"):
        forest(answer([]))


def test_hostile_text_is_drawn_as_text():
    found = [text for text, _ in texts(drawn("hostile text"))]
    assert HOSTILE[0] in found
    assert HOSTILE[1] in found
    assert "abc def ghi" in found
    assert "two lines and a tab" in found


def test_what_is_cut_in_the_picture_is_whole_in_the_description():
    found = [text for text, _ in texts(drawn("long names"))]
    assert LONG not in found
    assert any(text.endswith("\N{HORIZONTAL ELLIPSIS}") for text in found)
    assert LONG in forest_description(CASES["long names"])


def test_the_description_has_every_number_of_the_picture():
    synthesis = answer([row(0, -0.4, 0.05), row(1, -0.2, 0.1)])
    text = forest_description(synthesis)
    assert "2 results" in text
    assert "Study 0 \N{MINUS SIGN}0.40 [\N{MINUS SIGN}0.84 to 0.04]" in text
    assert "Study 1 \N{MINUS SIGN}0.20 [\N{MINUS SIGN}0.82 to 0.42]" in text
    assert "Pooled: Random effects \N{MINUS SIGN}0.33 [" in text
    assert "95% prediction interval" in text
    assert "tau² 0; I² 0%; Q 0.27 on 1 df, P 0.606. Shaded: less than 0.37 standard deviations." in text


def test_one_result_alone_is_not_called_pooled_in_the_description():
    assert "ooled" not in forest_description(CASES["one row"])


def test_the_description_of_odds_ratios_is_in_odds_ratios():
    assert "Study 0 0.27 [0.14 to 0.54]" in forest_description(CASES["odds ratios"])


effects = st.tuples(st.floats(-1e3, 1e3), st.floats(1e-4, 1e4))


@settings(max_examples=20, deadline=None)
@given(st.lists(effects, min_size=1, max_size=6))
def test_any_rows_give_a_picture_in_which_nothing_is_lost(pairs):
    synthesis = answer([row(i, yi, vi) for i, (yi, vi) in enumerate(pairs)])
    figure = forest(synthesis)
    assert len(squares(figure)) == len(pairs)
    assert outside(figure) == []
    assert overlapping(figure) == []
