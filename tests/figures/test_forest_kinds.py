"""Forest plots with subgroups, risk of bias, one study added at a time, and without each study."""

from __future__ import annotations

import math

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from hipevidence.errors import InputError
from hipevidence.figures import (
    RiskOfBias,
    cumulative_forest,
    cumulative_forest_description,
    forest,
    forest_description,
    from_effects,
    leave_one_out_forest,
    leave_one_out_forest_description,
    style,
)
from hipevidence.pooling import cumulative, leave_one_out, pool, subgroups
from tests.figures.gallery import make_gallery
from tests.figures.marks import centre, overlapping, polygons, squares, texts, ticks

BCG = make_gallery.trials("13")
ANSWER = make_gallery.answer("13")
GROUPS = dict(zip(BCG.labels, BCG.allocation, strict=True))


def scale_of(figure):
    """Return the function from a log ratio to its place, by the labels of the scale."""
    found = [(x, float(label)) for x, label in ticks(figure) if label.replace(".", "").isdigit()]
    (x0, first), *_, (x1, last) = found
    return lambda value: x0 + (value - math.log(first)) * (x1 - x0) / math.log(last / first)


def written(figure):
    return [text for text, _ in texts(figure)]


def test_bcg_is_pooled_as_in_the_paper_of_metafor():
    """Viechtbauer (2010), doi:10.18637/jss.v036.i03, p. 13: estimate -0.7145, tau² 0.3132, I² 92.22 %."""
    result = ANSWER.primary.result
    assert result.estimate == pytest.approx(-0.7145, abs=5e-5)
    assert result.tau2 == pytest.approx(0.3132, abs=5e-5)
    assert result.i2 == pytest.approx(92.22, abs=5e-3)


def test_each_subgroup_has_a_diamond_at_its_own_interval():
    figure = forest(ANSWER, groups=GROUPS)
    found = subgroups(BCG.yi, BCG.vi, BCG.allocation, ci="HKSJ-modified")
    place = scale_of(figure)
    diamonds = polygons(figure, style.GROUP)
    assert len(diamonds) == 3
    for diamond, group in zip(diamonds, found.groups, strict=True):
        assert diamond.get_xy()[1][0] == pytest.approx(place(group.estimate), rel=1e-8)
        assert diamond.get_xy()[0][0] == pytest.approx(place(group.ci.low), rel=1e-8)


def test_the_test_between_subgroups_is_written_below():
    said = next(text for text in written(forest(ANSWER, groups=GROUPS)) if text.startswith("Difference"))
    found = subgroups(BCG.yi, BCG.vi, BCG.allocation, ci="HKSJ-modified").difference
    assert f"Q {found.statistic:.2f} on 2 df, P {found.p_value:.3f}" in said
    assert said in forest_description(ANSWER, groups=GROUPS)


def test_a_common_variance_gives_an_f_test():
    said = forest_description(ANSWER, groups=GROUPS, tau2="common")
    assert "F " in said
    assert "on 2 and 10 df" in said


def test_rows_without_a_group_form_their_own_and_one_study_is_not_pooled():
    groups = dict.fromkeys(BCG.labels[1:], "stated")
    figure = forest(ANSWER, groups=groups)
    assert "Not stated" in written(figure)
    assert len(polygons(figure, style.GROUP)) == 1
    assert any("not estimated" in text for text in written(figure) if text.startswith("Difference"))


def test_one_group_only_has_no_test():
    figure = forest(ANSWER, groups=dict.fromkeys(BCG.labels, "all"))
    assert not any(text.startswith("Difference") for text in written(figure))


def test_risk_of_bias_stands_in_its_row_with_its_sign():
    domains = {"D1": "first", "DS": "second"}
    judged = RiskOfBias("made up", domains, BCG.labels[:2], (("Low", "High", "High"), ("", "Low", "")))
    figure = forest(ANSWER, judgements=judged)
    rows = {text.get_text(): text.get_position()[1] for text in figure.axes[0].texts}
    discs = [patch for patch in figure.axes[0].patches if isinstance(patch, Circle)]
    first = [disc for disc in discs if abs(disc.center[1] - rows["Aronson 1948"]) < 1e-9]
    assert [to_hex(disc.get_facecolor()) for disc in sorted(first, key=lambda d: d.center[0])] == [
        "#02c100",
        "#bf0000",
        "#bf0000",
    ]
    assert len([disc for disc in discs if abs(disc.center[1] - rows["Ferguson & Simes 1949"]) < 1e-9]) == 1
    assert any("D1: first; DS: second." in text for text in written(figure))


def test_cumulative_squares_stand_at_the_pooled_effects_by_year():
    figure = cumulative_forest(ANSWER)
    years = [row.year for row in ANSWER.rows]
    fits = cumulative(BCG.yi, BCG.vi, years, ci="HKSJ-modified")
    place = scale_of(figure)
    assert [centre(square) for square in squares(figure)] == pytest.approx([place(e) for e in fits.estimate], rel=1e-8)
    labels = [text.removeprefix("+ ") for text in written(figure) if text.startswith("+ ")]
    assert labels == [BCG.labels[i] for i in np.argsort(years, kind="stable")]


def test_cumulative_by_another_order():
    said = cumulative_forest_description(ANSWER, order=[-v for v in BCG.vi])
    assert said.split("with ")[1].startswith(BCG.labels[int(np.argmax(BCG.vi))])
    with pytest.raises(InputError, match="order has 2 values"):
        cumulative_forest(ANSWER, order=[1, 2])


def test_leave_one_out_squares_stand_at_the_pooled_effects_of_the_others():
    figure = leave_one_out_forest(ANSWER)
    fits = leave_one_out(BCG.yi, BCG.vi, ci="HKSJ-modified")
    place = scale_of(figure)
    assert [centre(square) for square in squares(figure)] == pytest.approx([place(e) for e in fits.estimate], rel=1e-8)
    (diamond,) = polygons(figure, style.POOLED)
    assert diamond.get_xy()[1][0] == pytest.approx(place(ANSWER.primary.result.estimate), rel=1e-8)


def test_of_two_studies_each_line_is_the_other_study_with_its_own_interval():
    answer = from_effects(["First", "Second"], [-0.6, 0.8], [1.76, 8.16])
    said = leave_one_out_forest_description(answer)
    assert "without First 0.80 [−4.80 to 6.40]" in said
    assert "without Second −0.60 [−3.20 to 2.00]" in said
    assert any("own interval" in text for text in written(leave_one_out_forest(answer)))


@pytest.mark.parametrize("k", [2, 25, 200])
def test_any_number_of_rows_is_drawn_without_overlap(k):
    rng = np.random.default_rng(k)
    labels = [f"Study {i}" for i in range(k)]
    answer = from_effects(labels, rng.normal(0, 0.4, k), rng.uniform(0.01, 0.3, k))
    figure = forest(answer, groups={label: str(i % 4) for i, label in enumerate(labels)})
    assert len(squares(figure)) == k
    if k < 200:
        assert overlapping(figure) == []


def test_effects_become_an_answer_with_the_numbers_of_pool():
    answer = from_effects(BCG.labels, BCG.yi, BCG.vi, measure="RR", ci="wald", level=0.9)
    expected = pool(BCG.yi, BCG.vi, ci="wald", level=0.9)
    assert answer.primary.result.ci == expected.ci
    assert [row.weight for row in answer.rows] == pytest.approx(expected.weights.tolist(), rel=1e-12)
    assert "RR [90% CI]" in written(forest(answer))
    with pytest.raises(InputError, match="one value a study"):
        from_effects(["only"], [1.0, 2.0], [1.0, 1.0])
