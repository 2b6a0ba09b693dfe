"""Funnel plot and specification curve: marks stand where the numbers say, texts do not run into each other."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import PathCollection

from hipevidence.bias import egger, trim_and_fill
from hipevidence.errors import InputError
from hipevidence.evidence import load_evidence
from hipevidence.figures import style, svg
from hipevidence.figures.funnel import funnel, funnel_description
from hipevidence.figures.multiverse import specification_curve, specification_curve_description
from hipevidence.multiverse import multiverse
from tests.figures.answers import answer, random_rows, row
from tests.figures.marks import SLACK, texts
from tests.support import ROOT

QUESTIONS = (
    "oa.hip_vs_none.pain",
    "oa.hip_added.pain",
    "pfp.strength_deficit",
    "itbs.recovery",
    "prevention.knee_pain",
)
LONG = "a name that goes on and on about everything the authors ever thought of"
ANSWERS = {
    "few": answer(random_rows(3)),
    "many": answer(random_rows(30)),
    "ratios": answer(random_rows(8), measure="OR", mcid=None),
    "proportions": answer([row(0, 2.4, 0.5), row(1, 1.0, 0.3), row(2, 0.1, 0.2)], measure="PLO", mcid=None),
    "tiny": answer([row(0, -1e-6, 1e-14), row(1, 2e-6, 1e-14)], measure="MD", mcid=None),
    "long": answer(random_rows(5), favours=[LONG, LONG]),
}


@pytest.fixture(scope="module")
def curves():
    data = load_evidence(ROOT / "data")
    return {key: multiverse(data, key) for key in QUESTIONS}


def clashes(figure):
    """Texts that run into each other or leave the figure."""
    boxes = texts(figure)
    page = figure.bbox
    off = [t for t, b in boxes if b.x0 < page.x0 or b.y0 < page.y0 or b.x1 > page.x1 or b.y1 > page.y1]
    met = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]
    return [*off, *met]


def dots(figure, face):
    """Places of round marks with that face."""
    lines = [line for line in figure.axes[0].lines if line.get_marker() == "o" and line.get_color() == face]
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in lines]


@pytest.mark.parametrize("name", ANSWERS)
def test_funnel_texts_stay_apart(name):
    shown = ANSWERS[name]
    y, v = [r.yi for r in shown.rows], [r.vi for r in shown.rows]
    figure = funnel(shown, filled=trim_and_fill(y, v), line=egger(y, v))
    assert clashes(figure) == []
    assert svg(figure, "Funnel", funnel_description(shown), key="f").startswith(b"<svg")


def test_funnel_dots_stand_where_effects_and_standard_errors_are():
    shown = ANSWERS["many"]
    places = dots(funnel(shown), style.STUDY)[: len(shown.rows)]
    x, y = np.array(places).T
    effects, errors = np.array([(r.yi, np.sqrt(r.vi)) for r in shown.rows]).T
    assert np.corrcoef(x, effects)[0, 1] == pytest.approx(1.0, abs=1e-9)
    assert np.corrcoef(y, errors)[0, 1] == pytest.approx(1.0, abs=1e-9)


def test_funnel_shows_filled_studies_as_what_they_are():
    shown = answer([row(i, -0.2 - 2 * se, se**2) for i, se in enumerate(np.linspace(0.1, 0.6, 12))])
    filled = trim_and_fill([r.yi for r in shown.rows], [r.vi for r in shown.rows])
    assert filled.missing > 0
    figure = funnel(shown, filled=filled)
    assert len(dots(figure, style.PAPER)) == filled.missing + 1  # and the key
    assert "filled in: no data" in [text for text, _ in texts(figure)]


def test_funnel_needs_two_rows_and_a_line_by_precision():
    with pytest.raises(InputError, match="two or more"):
        funnel(answer(random_rows(1)))
    with pytest.raises(InputError, match="allowed"):
        funnel(ANSWERS["few"], line=egger([1, 2, 4], [1, 2, 3], predictor="n", n=[3, 4, 9]))


@pytest.mark.parametrize("key", QUESTIONS)
def test_curve_texts_stay_apart(key, curves):
    figure = specification_curve(curves[key])
    assert clashes(figure) == []
    assert curves[key].sentence in specification_curve_description(curves[key])


def test_curve_names_its_choices_in_full(curves):
    result = curves["pfp.strength_deficit"]
    shown = " ".join(text for text, _ in texts(specification_curve(result)))
    assert "With the study measured after exercise (Garza-Borjon 2024)" in shown
    assert "…" not in shown


def test_curve_is_ascending_and_marks_each_choice_once_per_analysis(curves):
    result = curves["oa.hip_vs_none.pain"]
    figure = specification_curve(result)
    dots = [one for one in figure.axes[0].collections if isinstance(one, PathCollection)]
    estimates = [tuple(place) for one in dots if one.get_sizes()[0] == 20.0 for place in one.get_offsets()]
    places, heights = np.array(sorted(estimates)).T
    assert len(places) == result.size
    assert (np.diff(places) > 0).all()
    assert (np.diff(heights) <= 1e-9).all()  # larger values stand higher: smaller distance from the top
    choices = [one for one in dots if one.get_sizes()[0] == 14.0]
    assert sum(len(one.get_offsets()) for one in choices) == result.size * len(result.varying())


def test_curve_bytes_are_the_same_twice(curves):
    one, other = (svg(specification_curve(curves["oa.hip_added.pain"]), "a", "b", key="k") for _ in range(2))
    assert one == other


def test_nothing_to_draw_is_said(curves):
    import dataclasses

    empty = dataclasses.replace(curves["oa.hip_vs_none.pain"], specifications=())
    with pytest.raises(InputError, match="usable row"):
        specification_curve(empty)
