"""What stands in the picture of a network, read back from the figure."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.patches import Circle, Polygon

from hipevidence.figures import svg
from hipevidence.figures.network_graph import network_graph, network_graph_description
from hipevidence.network import from_contrasts, network
from hipevidence.network.pairs import direct_evidence, pairs_of


def circles(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, Circle)]


def shapes(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, Polygon)]


def written(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_every_treatment_has_a_circle_and_every_comparison_a_line(senn):
    result = network(senn, method="DL")
    figure = network_graph(result)
    assert len(circles(figure)) == 10
    assert len(figure.axes[0].lines) == 15
    assert set(result.treatments) <= set(written(figure))
    assert sorted(text for text in written(figure) if text.isdigit()) == sorted(trials(result))


def trials(result):
    counts = direct_evidence(pairs_of(result.data), len(result.treatments), result.tau2).trials
    return [str(count) for count in counts[np.triu_indices(len(counts), 1)] if count]


def test_areas_follow_people_and_widths_precision(smoking):
    result = network(smoking, method="DL")
    figure = network_graph(result)
    people = dict.fromkeys(result.treatments, 0.0)
    for trial in smoking.trials:
        for arm, count in zip(trial.arms, trial.persons, strict=True):
            people[arm] += count
    radii = dict(zip(result.treatments, (circle.get_radius() for circle in circles(figure)), strict=True))
    assert radii["C"] ** 2 / radii["A"] ** 2 == pytest.approx(people["C"] / people["A"], rel=1e-9)
    direct = direct_evidence(pairs_of(smoking), 4, result.tau2)
    precision = 1 / np.sqrt(direct.variance[np.triu_indices(4, 1)])
    widths = np.array([line.get_linewidth() for line in figure.axes[0].lines])
    assert widths / widths.max() == pytest.approx(precision / precision.max(), rel=1e-9)


def test_each_set_of_three_arms_is_shaded_once(smoking):
    figure = network_graph(network(smoking))
    assert len(shapes(figure)) == 2
    assert len({patch.get_facecolor() for patch in shapes(figure)}) == 2
    assert "Shaded: trials with three arms or more." in " ".join(written(figure))


def test_pieces_stand_side_by_side(two_pieces):
    result = network(two_pieces)
    figure = network_graph(result)
    x = dict(zip(["a", "b", "c", "x", "y"], (circle.center[0] for circle in circles(figure)), strict=True))
    assert max(x[name] for name in "abc") < min(x[name] for name in "xy")
    assert "Not connected: 2 pieces" in " ".join(written(figure))
    assert "Circles do not show people" in " ".join(written(figure))


@pytest.mark.parametrize("name", ["senn", "smoking", "hott", "two_pieces"])
def test_nothing_leaves_the_picture_and_no_names_collide(request, name):
    figure = network_graph(network(request.getfixturevalue(name)))
    page, renderer = figure.bbox, figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts if not text.get_text().isdigit()]
    for box in [*boxes, *(patch.get_window_extent() for patch in figure.axes[0].patches)]:
        assert box.x0 >= page.x0
        assert box.y0 >= page.y0
        assert box.x1 <= page.x1
        assert box.y1 <= page.y1
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def test_names_are_never_markup():
    data = from_contrasts(study=["x"], treatment1=["$x^2$ <b>"], treatment2=["none"], effect=[1.0], se=[0.5])
    picture = svg(network_graph(network(data)), "t", network_graph_description(network(data)), key="k")
    assert b"<b>" not in picture
    assert picture == svg(network_graph(network(data)), "t", network_graph_description(network(data)), key="k")


def test_the_description_says_what_was_compared(two_pieces, hott):
    said = network_graph_description(network(two_pieces))
    assert said.startswith("Network graph of 5 treatments, 5 trials. Compared directly: a and b (1 trial);")
    assert "x and y (2 trials)" in said
    assert said.endswith("Not connected: 2 pieces without any comparison between them.")
    assert "Not connected" not in network_graph_description(network(hott))
