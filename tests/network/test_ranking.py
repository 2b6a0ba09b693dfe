"""P-scores in closed form, and a simulation that must agree with what is known exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hipevidence.errors import InputError
from hipevidence.network import from_contrasts, network, rank


def test_two_treatments_rank_by_the_normal_tail():
    data = from_contrasts(study=["x"], treatment1=["a"], treatment2=["b"], effect=[-1.0], se=[0.8])
    ranks = rank(network(data), smaller_is_better=True, model="common")
    certain = 0.5 * math.erfc(-1.25 / math.sqrt(2))
    assert ranks.p_scores == pytest.approx([certain, 1 - certain], rel=1e-12)
    assert ranks.probabilities[0, 0] == pytest.approx(certain, abs=1e-3)
    assert ranks.mean_ranks.sum() == pytest.approx(3.0, rel=1e-12)


def test_three_equal_treatments_rank_by_the_angle_between_them():
    """P(a is best) of three treatments without differences is 1/4 + asin(r)/(2π), r the correlation of b-a and c-a."""
    data = from_contrasts(study=["x", "y"], treatment1=["b", "c"], treatment2=["a", "b"], effect=[0, 0], se=[1.0, 2.0])
    ranks = rank(network(data), smaller_is_better=True, model="common")
    correlation = {"a": 1 / math.sqrt(5), "b": 0.0, "c": 4 / math.sqrt(20)}
    best = [0.25 + math.asin(r) / (2 * math.pi) for r in correlation.values()]
    assert ranks.probabilities[:, 0] == pytest.approx(best, abs=3 * ranks.simulation_error)
    assert ranks.probabilities[:, 2] == pytest.approx(best, abs=3 * ranks.simulation_error)


def test_mean_ranks_of_the_simulation_are_those_of_the_p_scores(senn):
    ranks = rank(network(senn, method="DL"), smaller_is_better=True)
    np.testing.assert_allclose(ranks.probabilities.sum(axis=0), 1.0, atol=1e-12)
    np.testing.assert_allclose(ranks.probabilities.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(ranks.probabilities @ np.arange(1, 11), ranks.mean_ranks, atol=0.02)


def test_the_seed_decides_the_simulation(smoking):
    result = network(smoking)
    one, again, other = (rank(result, smaller_is_better=False, seed=seed) for seed in (1, 1, 2))
    assert (one.probabilities == again.probabilities).all()
    assert (one.probabilities != other.probabilities).any()
    np.testing.assert_allclose(one.probabilities, other.probabilities, atol=6 * one.simulation_error)


@pytest.mark.parametrize("draws", [0, 1, 1000])
def test_draws_are_a_power_of_two(smoking, draws):
    with pytest.raises(InputError, match="power of 2"):
        rank(network(smoking), smaller_is_better=False, draws=draws)


def test_an_unknown_model_is_refused(smoking):
    with pytest.raises(InputError, match="model: found 'fixed'"):
        rank(network(smoking), smaller_is_better=False, model="fixed")
