"""Plots of studies with two scales: each mark stands where its number says."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import same_color
from scipy import special, stats

from hipevidence.errors import InputError
from hipevidence.figures import (
    baujat,
    bubble,
    bubble_description,
    drapery,
    drapery_description,
    gosh_description,
    gosh_plot,
    influence_panel,
    influence_panel_description,
    labbe,
    labbe_description,
    radial,
    radial_description,
    style,
)
from hipevidence.figures.influence_panel import influential
from hipevidence.pooling import gosh, influence, pool, regress
from tests.figures.gallery import make_gallery

BCG = make_gallery.trials("13")
YI, VI = np.array(BCG.yi), np.array(BCG.vi)
POOLED = pool(YI, VI)


def axes_of(figure):
    return figure.axes[0]


def points(axes):
    (found,) = [line for line in axes.lines if line.get_linestyle() == "None"]
    return np.asarray(found.get_xdata()), np.asarray(found.get_ydata())


def bubbles(axes):
    (found,) = [c for c in axes.collections if len(c.get_offsets()) == BCG.k]
    return np.asarray(found.get_offsets()), np.asarray(found.get_sizes())


def test_baujat_points_are_the_diagnostics():
    found = influence(YI, VI)
    x, y = points(axes_of(baujat(found, BCG.labels)))
    assert np.array_equal(x, found.baujat_x)
    assert np.array_equal(y, found.baujat_y)


def test_baujat_names_the_study_that_stands_out_first():
    figure = baujat(influence(YI, VI), BCG.labels)
    names = [text.get_text() for text in axes_of(figure).texts]
    assert names[0] == "Hart & Sutherland 1977"
    with pytest.raises(InputError, match="1 label for 13 studies"):
        baujat(influence(YI, VI), ["one"])


def test_gosh_cells_and_margins_hold_every_subset():
    found = gosh(YI[:8], VI[:8], method="DL")
    axes = axes_of(gosh_plot(found, measure="RR", study=3, name="x"))
    (cells,) = [c for c in axes.collections if isinstance(c, PolyCollection)]
    assert 1 < len(cells.get_paths()) <= len(found.estimate)
    for strip in axes.child_axes:
        counts = [patch.get_data().values.sum() for patch in strip.patches[::2]]
        assert sum(counts) == len(found.estimate)
        assert counts == [int((~found.contains(3)).sum()), int(found.contains(3).sum())]


def test_gosh_in_words_tells_subsets_with_a_study_from_those_without():
    found = gosh(YI[:5], VI[:5], method="DL")
    with_it = math.exp(float(np.median(found.estimate[found.contains(3)])))
    said = gosh_description(found, measure="RR", study=3, name="Hart")
    assert f"subsets with Hart: median {with_it:.2f}" in said
    with pytest.raises(InputError, match="study is 9; allowed: 0 to 4"):
        gosh_plot(found, study=9)


def test_labbe_circles_are_the_risks_and_grow_with_people():
    counts = (BCG.events1, BCG.n1, BCG.events2, BCG.n2)
    places, sizes = bubbles(axes_of(labbe(*counts, labels=BCG.labels, arms=("a", "b"))))
    assert places[:, 0] == pytest.approx(np.array(BCG.events2) / np.array(BCG.n2), rel=1e-12)
    assert places[:, 1] == pytest.approx(np.array(BCG.events1) / np.array(BCG.n1), rel=1e-12)
    people = np.array(BCG.n1) + np.array(BCG.n2)
    assert np.all(np.diff(sizes[np.argsort(people)]) >= 0)


@pytest.mark.parametrize(
    ("measure", "treated"),
    [
        ("RR", lambda p, e: p * math.exp(e)),
        ("RD", lambda p, e: p + e),
        ("OR", lambda p, e: 1 / (1 + math.exp(-(math.log(p / (1 - p)) + e)))),
    ],
)
def test_labbe_curve_is_the_pooled_effect(measure, treated):
    result = pool([-0.05, -0.1, -0.02], [0.001, 0.002, 0.001])
    counts, words = ([30, 20, 40], [100] * 3, [40, 30, 50], [100] * 3), {"labels": list("abc"), "arms": ("x", "y")}
    figure = labbe(*counts, **words, result=result, measure=measure)
    curve = next(line for line in axes_of(figure).lines if same_color(line.get_color(), style.POOLED))
    x, y = curve.get_xdata()[100], curve.get_ydata()[100]
    assert y == pytest.approx(treated(x, result.estimate), rel=1e-9)


def test_labbe_counts_what_is_missing_and_refuses_the_impossible():
    counts, words = ([1, 2], [10, math.nan], [3, 4], [10, 10]), {"labels": ["a", "b"], "arms": ("x", "y")}
    assert any("1 study" in text.get_text() for text in axes_of(labbe(*counts, **words)).texts)
    assert "b not estimated and 40.0%" in labbe_description(*counts, **words)
    with pytest.raises(InputError, match="study 2 has events outside"):
        labbe([1, 20], [10, 10], [3, 4], [10, 10], labels=["a", "b"], arms=("x", "y"))
    with pytest.raises(InputError, match="different lengths"):
        labbe([1], [10, 10], [3, 4], [10, 10], labels=["a", "b"], arms=("x", "y"))
    with pytest.raises(InputError, match="measure is 'HR'"):
        labbe([1], [10], [3], [10], labels=["a"], arms=("x", "y"), measure="HR")


def test_radial_slopes_are_the_effects():
    axes = axes_of(radial(YI, VI, POOLED, BCG.labels, measure="RR"))
    x, y = points(axes)
    assert y / x == pytest.approx(YI, rel=1e-12)
    assert x == pytest.approx(1 / np.sqrt(VI + POOLED.tau2), rel=1e-12)


def test_radial_arc_is_labelled_where_the_ray_of_that_effect_meets_it():
    axes = axes_of(radial(YI, VI, POOLED, BCG.labels, measure="RR"))
    marks = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] > points(axes)[0].max()]
    labels = [text.get_text() for text in axes.texts if text.get_text().replace(".", "").isdigit()]
    slopes = sorted(line.get_ydata()[0] / line.get_xdata()[0] for line in marks)
    assert len(labels) >= 3
    assert slopes == pytest.approx(sorted(math.log(float(label)) for label in labels), abs=1e-9)


def test_radial_names_what_lies_outside_the_band():
    y, v = [0.0, 0.1, 3.0], [0.01] * 3
    said = radial_description(y, v, pool(y, v, method="EE"), list("abc"))
    assert said.endswith("Outside the band: a, b, c.")


def test_bubbles_and_line_are_the_regression():
    found = regress(YI, VI, {"latitude": BCG.latitude})
    axes = axes_of(bubble(found, YI, labels=BCG.labels, moderator="latitude", measure="RR"))
    places, sizes = bubbles(axes)
    assert np.array_equal(places, np.column_stack([BCG.latitude, YI]))
    assert np.all(np.diff(sizes[np.argsort(found.weights)]) >= 0)
    line = next(line for line in axes.lines if same_color(line.get_color(), style.POOLED))
    at = float(line.get_xdata()[40])
    (expected,) = found.predict([[at]])
    assert line.get_ydata()[40] == pytest.approx(expected.estimate, rel=1e-9)
    prediction, ci = [c for c in axes.collections if c.get_paths() and len(c.get_offsets()) == 1]
    for band, interval in ((prediction, expected.prediction), (ci, expected.ci)):
        vertices = band.get_paths()[0].vertices
        ys = vertices[np.isclose(vertices[:, 0], at), 1]
        assert (ys.min(), ys.max()) == pytest.approx((interval.low, interval.high), rel=1e-9)


def test_bubble_says_the_slope_and_refuses_an_unknown_moderator():
    found = regress(YI, VI, {"latitude": BCG.latitude}, ci="wald")
    said = bubble_description(found, YI, labels=BCG.labels, moderator="latitude", measure="RR")
    assert "−0.029 (95% CI −0.043 to −0.015). R² 76%." in said  # as metafor prints it: -0.0291, -0.0432, -0.0150
    with pytest.raises(InputError, match=r"moderator is 'year'; allowed: .*latitude"):
        bubble(found, YI, labels=BCG.labels, moderator="year")


def test_drapery_curves_are_p_values():
    axes = axes_of(drapery(YI, VI, POOLED, measure="RR"))
    bold = next(line for line in axes.lines if line.get_linewidth() == 2.2)
    x, p = np.asarray(bold.get_xdata()), np.asarray(bold.get_ydata())
    assert p.max() == 1.0
    assert x[np.argmax(p)] == POOLED.estimate
    assert p == pytest.approx(2 * stats.t.sf(np.abs(x - POOLED.estimate) / POOLED.se, 12), rel=1e-9)
    assert np.interp(POOLED.ci.low, x, p) == pytest.approx(0.05, abs=2e-3)
    (curves,) = [c for c in axes.collections if isinstance(c, LineCollection)]
    first = np.asarray(curves.get_segments()[0])
    assert first[:, 1] == pytest.approx(2 * special.ndtr(-np.abs(first[:, 0] - YI[0]) / math.sqrt(VI[0])), rel=1e-12)
    assert len(curves.get_segments()) == BCG.k


def test_drapery_of_one_study_pools_nothing():
    one = pool([-0.9], [0.3], ci="wald")
    assert "nothing is pooled" in drapery_description([-0.9], [0.3], one)
    assert not [line for line in axes_of(drapery([-0.9], [0.3], one)).lines if line.get_linewidth() == 2.2]


def test_influence_marks_the_study_that_was_moved_and_no_other():
    y = [0.1, 0.12, 0.09, 0.11, 0.1, 2.5]
    found = influence(y, [0.02] * 6)
    assert influential(found).tolist() == [False] * 5 + [True]
    assert "Influential: f." in influence_panel_description(found, list("abcdef"))
    axes = axes_of(influence_panel(found, list("abcdef")))
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert len(diamonds) == 8
    assert len({round(float(line.get_ydata()[0]), 9) for line in diamonds}) == 1


def test_influence_marks_stand_in_the_order_of_their_values():
    found = influence(YI, VI)
    axes = axes_of(influence_panel(found, BCG.labels))
    marks = [line for line in axes.lines if line.get_marker() in {"o", "D"}]
    assert len(marks) == 8 * BCG.k
    residual = [float(line.get_xdata()[0]) for line in marks[: BCG.k]]
    fit = np.polyfit(found.rstudent, residual, 1)
    assert np.polyval(fit, found.rstudent) == pytest.approx(residual, abs=1e-9)


def test_no_bcg_trial_is_influential():
    """metafor's influence() flags none of them with the same limits."""
    assert not influential(influence(YI, VI)).any()


def test_a_study_without_which_nothing_can_be_fitted_is_a_dash():
    found = influence([0.1, 0.3, 0.9], [0.02, 0.03, 0.02])
    found = dataclasses.replace(found, dffits=np.array([math.nan, 0.2, 0.3]))
    texts = [text.get_text() for text in axes_of(influence_panel(found, list("abc"))).texts]
    assert "–" in texts
