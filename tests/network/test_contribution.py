"""Currents and the paths they take, against the list of all paths."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.errors import InputError
from hipevidence.network import contributions, from_contrasts, network


def all_paths(flow, source, sink, floor=1e-12):
    """Return every path along the current with the product of the shares it takes at each treatment."""
    forward = np.where(flow > floor, flow, 0.0)
    found, open_paths = [], [((source,), 1.0)]
    while open_paths:
        path, chance = open_paths.pop()
        here = path[-1]
        if here == sink:
            found.append((path, chance))
            continue
        shares = forward[here] / forward[here].sum()
        open_paths += [((*path, int(step)), chance * shares[step]) for step in np.flatnonzero(shares)]
    return found


@st.composite
def two_arm_networks(draw):
    count = draw(st.integers(3, 6))
    pairs = [(i, i + 1) for i in range(count - 1)]
    possible = [(i, j) for i in range(count) for j in range(i + 1, count)]
    pairs += draw(st.lists(st.sampled_from(possible), max_size=8))
    errors = draw(st.lists(st.floats(0.2, 3.0), min_size=len(pairs), max_size=len(pairs)))
    return from_contrasts(
        study=range(len(pairs)),
        treatment1=["abcdef"[i] for i, _ in pairs],
        treatment2=["abcdef"[j] for _, j in pairs],
        effect=[0.0] * len(pairs),
        se=errors,
    )


@given(two_arm_networks())
def test_the_random_walk_is_the_sum_over_all_paths(data):
    result = network(data, method="DL")
    parts = contributions(result, model="common")
    for row, (source, sink) in enumerate(parts.comparisons):
        flow = np.zeros((len(result.treatments),) * 2)
        for column, (one, other) in enumerate(parts.direct):
            i, j = result.index(one), result.index(other)
            flow[i, j], flow[j, i] = parts.hat[row, column], -parts.hat[row, column]
        expected = np.zeros(len(parts.direct))
        paths = all_paths(flow, result.index(source), result.index(sink))
        for path, chance in paths:
            for i, j in pairwise(path):
                pair = tuple(sorted((result.treatments[i], result.treatments[j])))
                expected[parts.direct.index(pair)] += chance / (len(path) - 1)
        assert sum(chance for _, chance in paths) == pytest.approx(1.0, rel=1e-9)
        np.testing.assert_allclose(parts.shares[row], expected, atol=1e-9)


@given(two_arm_networks())
def test_rows_of_the_hat_matrix_are_unit_currents(data):
    result = network(data, method="DL")
    parts = contributions(result)
    for row, (source, sink) in enumerate(parts.comparisons):
        net = dict.fromkeys(result.treatments, 0.0)
        for (one, other), current in zip(parts.direct, parts.hat[row], strict=True):
            net[one] += current
            net[other] -= current
        expected = {name: (name == source) * 1.0 - (name == sink) * 1.0 for name in net}
        assert net == pytest.approx(expected, abs=1e-9)


def test_the_hat_matrix_gives_the_network_estimates(senn):
    result = network(senn, method="DL")
    parts = contributions(result, model="common")
    from hipevidence.network.contribution import _trial_weights

    rows = senn.rows
    weights = _trial_weights(rows, 0.0, len(senn.trials))
    total = weights.sum(axis=0)
    direct = np.zeros_like(total)
    for number, trial in enumerate(senn.trials):
        places = [result.index(arm) for arm in trial.arms]
        direct[np.ix_(places, places)] += weights[number][np.ix_(places, places)] * (
            trial.values[:, None] - trial.values[None, :]
        )
    edges = np.array(
        [direct[i, j] / total[i, j] for i, j in ((result.index(a), result.index(b)) for a, b in parts.direct)]
    )
    for row, (source, sink) in enumerate(parts.comparisons):
        assert parts.hat[row] @ edges == pytest.approx(
            result.versus(source, sink, "common").estimate, rel=1e-9, abs=1e-12
        )


def test_a_comparison_without_other_ways_is_all_direct(senn):
    parts = contributions(network(senn, method="DL"))
    row, column = parts.comparisons.index(("benf", "plac")), parts.direct.index(("benf", "plac"))
    assert parts.shares[row, column] == pytest.approx(1.0, rel=1e-12)


def test_a_loop_shares_out_as_by_hand():
    """Conductances 1, 1, 1: two thirds of the current go straight, one third round in two steps."""
    data = from_contrasts(
        study="xyz", treatment1=["a", "b", "a"], treatment2=["b", "c", "c"], effect=[0, 0, 0], se=[1, 1, 1]
    )
    for method in ("random walk", "shortest path"):
        parts = contributions(network(data), method=method)
        assert parts.shares == pytest.approx(np.full((3, 3), 1 / 6) + np.eye(3) / 2, rel=1e-9)
        assert parts.trial_shares[:, [0, 2, 1]] == pytest.approx(parts.shares, rel=1e-9)


def test_negative_weights_cannot_be_shared_out():
    data = from_contrasts(
        study=["x"] * 3,
        treatment1=["a", "a", "b"],
        treatment2=["b", "c", "c"],
        effect=[1.0, 2.0, 1.0],
        se=[1.0, 1.0, 1.9],
    )
    result = network(data)
    assert result.versus("a", "b").se == pytest.approx(1.0, rel=1e-12)
    parts = contributions(result)
    assert np.isnan(parts.shares).all()
    assert np.isfinite(parts.hat).all()
    assert "negative weight" in parts.reason


def test_an_unknown_method_is_refused(senn):
    with pytest.raises(InputError, match="method: found 'longest'"):
        contributions(network(senn), method="longest")
