"""A network in pieces is named piece by piece; nothing is invented between them."""

from __future__ import annotations

import numpy as np
import pytest

from hipevidence.network import contributions, decompose, from_contrasts, league_table, network, rank, split
from hipevidence.network.trials import name_pieces

NAMED = "the network falls into 2 pieces without any comparison between them: (1) a, b, c; (2) x, y"


def test_the_pieces_are_named(two_pieces):
    result = network(two_pieces)
    assert result.pieces == (("a", "b", "c"), ("x", "y"))
    assert result.reason == NAMED
    assert not two_pieces.connected


def test_effects_stay_inside_their_piece(two_pieces):
    result = network(two_pieces, method="DL")
    places = {name: result.index(name) for name in result.treatments}
    for model in ("common", "random"):
        effect = result.effects(model).effect
        for one in "abc":
            for other in "xy":
                assert np.isnan(effect[places[one], places[other]])
        assert np.isfinite(effect[:3, :3]).all()
        assert np.isfinite(effect[3:, 3:]).all()
    comparison = result.versus("a", "x")
    assert np.isnan(comparison.estimate)
    assert comparison.reason == NAMED
    assert result.certificate.gls_difference < 1e-12


def test_common_effects_are_those_of_each_piece_alone(two_pieces):
    together = network(two_pieces, method="DL")
    for piece in together.pieces:
        alone = network(two_pieces.of_piece(piece), method="DL")
        assert alone.reason.count("pieces") == 0
        places = [together.index(name) for name in piece]
        np.testing.assert_allclose(alone.common.effect, together.common.effect[np.ix_(places, places)], rtol=1e-12)
        np.testing.assert_allclose(alone.common.se, together.common.se[np.ix_(places, places)], rtol=1e-12)
    assert together.q == pytest.approx(
        sum(network(two_pieces.of_piece(piece), method="DL").q for piece in together.pieces), rel=1e-12
    )


def test_nothing_ranks_across_pieces(two_pieces):
    ranks = rank(network(two_pieces), smaller_is_better=True)
    assert np.isnan(ranks.p_scores).all()
    assert np.isnan(ranks.probabilities).all()
    assert ranks.reason == NAMED


def test_every_analysis_goes_on_inside_the_pieces(two_pieces):
    result = network(two_pieces, method="DL")
    for method in ("back-calculation", "design-exclusion", "node"):
        parts = split(result, method=method)
        known = dict(zip(zip(parts.treatment1, parts.treatment2, strict=True), parts.indirect, strict=True))
        assert np.isfinite(known["a", "b"])
        assert np.isnan(known["x", "y"])
        assert parts.reasons[-1] == "no other comparisons lead from one treatment to the other"
    shares = contributions(result)
    across = [one in "abc" and other in "xy" for one, other in shares.comparisons]
    assert np.isnan(shares.shares[across]).all()
    assert np.isfinite(shares.shares[~np.array(across)]).all()
    assert shares.reason == NAMED
    assert np.isnan(league_table(result).effect[0, 4])
    parts = decompose(result)
    assert (parts.total.df, parts.within.df, parts.between.df) == (2, 1, 1)


def test_a_connected_network_has_nothing_to_name():
    assert name_pieces((("a", "b"),)) == ""


def test_one_trial_of_two_arms_is_a_network():
    result = network(from_contrasts(study=["x"], treatment1=["a"], treatment2=["b"], effect=[1.0], se=[0.5]))
    assert result.versus("a", "b").ci.high == pytest.approx(1.0 + 0.5 * 1.959963984540054, rel=1e-12)
    assert (result.df, result.q) == (0, pytest.approx(0.0, abs=1e-25))
    assert contributions(result).shares.tolist() == [[1.0]]
    assert np.isnan(decompose(result).tau2_within)
    assert "tau² within designs cannot be told" in decompose(result).reason
    for method in ("back-calculation", "design-exclusion", "node"):
        assert np.isnan(split(result, method=method).indirect).all()
