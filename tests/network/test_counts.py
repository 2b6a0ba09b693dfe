"""Networks of counts: netmeta's numbers, pairwise Mantel-Haenszel and exact models, and brute force."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import special, stats

from hipevidence.errors import InputError
from hipevidence.network import counts_network, from_arms, league_table, network, rank
from hipevidence.network.conditional import hypergeometric, multinomial
from hipevidence.network.laplacian import solve_network
from hipevidence.network.mantel_haenszel import _pooled, mantel_haenszel_trials
from hipevidence.network.trial_counts import Counts, informative
from hipevidence.network.trials import assemble
from hipevidence.rare import glmm, mantel_haenszel

PAIRS = {
    "study": ["x", "x", "y", "y", "z", "z"],
    "treatment": ["drug", "none"] * 3,
    "events": [1, 3, 0, 2, 4, 9],
    "n": [100, 100, 80, 82, 150, 140],
}
TWO_BY_TWO = {"events1": [1, 0, 4], "n1": [100, 80, 150], "events2": [3, 2, 9], "n2": [100, 82, 140]}
THREE = {
    "study": ["x"] * 3 + ["y"] * 3 + ["z"] * 2,
    "treatment": ["a", "b", "c", "a", "b", "c", "b", "c"],
    "events": [2, 3, 6, 1, 4, 2, 3, 5],
    "n": [40, 42, 38, 30, 31, 33, 50, 49],
}


@pytest.mark.parametrize(
    ("method", "call", "tolerance"),
    # the peer calls its multinomial likelihood NCH, and its search stops 1e-5 from the maximum
    [("MH", "netmetabin MH", 1e-11), ("multinomial", "netmetabin NCH", 2e-5)],
)
def test_woods_2010_as_netmetabin(method, call, tolerance, compare):
    theirs = compare.read("netmeta_values")["counts"]["Woods2010"][call]
    result = counts_network(**compare.read("arms")["networks"]["Woods2010"]["arms"], method=method, reference="Placebo")
    for name in ("Fluticasone", "Salmeterol", "SFC"):
        ours = result.versus(name, "Placebo")
        assert ours.estimate == pytest.approx(theirs[f"common {name} vs Placebo"], rel=tolerance)
        assert ours.se == pytest.approx(theirs[f"common se {name} vs Placebo"], rel=tolerance)
    assert (result.trials, result.comparisons, result.designs) == (theirs["k"], theirs["m"], theirs["d"])
    if method == "MH":
        assert (result.q, result.df) == (
            pytest.approx(theirs["Q.inconsistency"], rel=1e-9),
            theirs["df.Q.inconsistency"],
        )


def test_two_treatments_are_pairwise_mantel_haenszel():
    ours, theirs = counts_network(**PAIRS).versus("drug", "none"), mantel_haenszel("OR", **TWO_BY_TWO)
    assert [ours.estimate, ours.se] == pytest.approx([theirs.estimate, theirs.se], rel=1e-12)


@pytest.mark.parametrize(("method", "model"), [("NCH", "CM.EL"), ("multinomial", "CM.AL")])
def test_two_treatments_are_the_common_effect_conditional_model(method, model):
    ours = counts_network(**PAIRS, method=method)
    theirs = glmm("OR", **TWO_BY_TWO, model=model, method="EE")
    one = ours.versus("drug", "none")
    assert [one.estimate, one.se] == pytest.approx([theirs.estimate, theirs.se], rel=1e-9)
    if method == "NCH":  # the other leaves out the constants of the margins
        assert ours.log_likelihood == pytest.approx(theirs.log_likelihood, rel=1e-9)


def test_exact_distribution_by_listing_every_table():
    def term(x, size, log_odds):
        return math.comb(int(size), x) * math.exp(x * log_odds)

    n, theta, events = np.array([6.0, 4.0, 5.0]), np.array([0.3, -1.1, 0.8]), np.array([2.0, 1.0, 4.0])
    tables = [z for z in itertools.product(*(range(int(size) + 1) for size in n)) if sum(z) == events.sum()]
    weight = np.array([math.prod(map(term, z, n, theta)) for z in tables])
    chance, counts = weight / weight.sum(), np.array(tables, dtype=float)
    value, mean, covariance = hypergeometric(events, n, theta)
    assert value == pytest.approx(math.log(chance[tables.index((2, 1, 4))]), rel=1e-12)
    assert mean == pytest.approx(chance @ counts, rel=1e-12)
    assert covariance == pytest.approx(np.cov(counts.T, aweights=chance, ddof=0), rel=1e-10)


def test_exact_distribution_of_many_events_keeps_its_digits():
    n, theta, events = np.array([4000.0, 3000.0]), np.array([1.5, -2.0]), np.array([970.0, 30.0])
    value, mean, covariance = hypergeometric(events, n, theta)
    peer = stats.nchypergeom_fisher(7000, 4000, 1000, math.exp(3.5))
    assert value == pytest.approx(peer.logpmf(970), rel=1e-9)
    assert [mean[0], covariance[0, 0]] == pytest.approx([peer.mean(), peer.var()], rel=1e-9)


def test_multinomial_distribution():
    n, theta, events = np.array([40.0, 50.0, 60.0]), np.array([0.3, -1.1, 0.8]), np.array([2, 1, 4])
    p = n * np.exp(theta) / (n @ np.exp(theta))
    value, mean, covariance = multinomial(events.astype(float), n, theta)
    peer = stats.multinomial(7, p)
    assert value == pytest.approx(peer.logpmf(events), rel=1e-12)
    assert mean == pytest.approx(7 * p, rel=1e-12)
    assert covariance == pytest.approx(peer.cov(), rel=1e-12)


def test_covariance_of_generalised_mantel_haenszel_by_simulation():
    random = np.random.default_rng(4)
    n = np.array([[60, 80, 50], [90, 40, 70], [55, 75, 65], [80, 60, 90]])
    base = np.array([-1.5, -1.0, -2.0, -0.7])
    p = 1.0 / (1.0 + np.exp(-(base[:, None] + np.array([0.0, 0.5, -0.4]))))
    draws = [_pooled(random.binomial(n, p).astype(float), n.astype(float)) for _ in range(4000)]
    values = np.array([value - value[0] for value, _ in draws])[:, 1:]
    contrast = np.array([[-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    said = np.mean([contrast @ covariance @ contrast.T for _, covariance in draws], axis=0)
    assert values.mean(axis=0) == pytest.approx([0.5, -0.4], abs=0.02)
    assert said == pytest.approx(np.cov(values.T), rel=0.08)


def test_one_trial_of_several_arms_has_the_variances_of_its_log_odds():
    """The generalised estimates of Mickey & Elashoff (1985) are then log odds ratios, with Woolf's variances."""
    x, n = np.array([[3.0, 8.0, 5.0, 11.0]]), np.array([[40.0, 37.0, 52.0, 60.0]])
    values, covariance = _pooled(x, n)
    keep = np.eye(4) - 0.25
    assert values == pytest.approx(keep @ np.log(x[0] / (n - x)[0]), rel=1e-12)
    woolf = keep @ np.diag((1.0 / x + 1.0 / (n - x))[0]) @ keep
    assert keep @ covariance @ keep == pytest.approx(woolf, rel=1e-12)


DESIGNS = [("a", "b", "c"), ("b", "c", "d", "e"), ("a", "e"), ("c", "d")]
LOG_ODDS = {"a": 0.0, "b": 0.5, "c": -0.4, "d": 0.2, "e": -0.7}


def expected_trials(baselines, people):
    """Return trials of several designs, two of them with three and four arms, with their expected events."""
    trials = []
    for number, base in enumerate(baselines):
        arms = DESIGNS[number % len(DESIGNS)]
        n = np.array([people * (1.0 + 0.3 * ((number + place) % 3)) for place in range(len(arms))])
        chance = special.expit(base + np.array([LOG_ODDS[arm] for arm in arms]))
        trials.append(Counts(str(number), arms, n * chance, n))
    return trials


def fit_mantel_haenszel(trials):
    """Return effects against a, and their covariance."""
    data = assemble(mantel_haenszel_trials(trials)[0], "OR")
    fit = solve_network(data.rows, 0.0)
    contrast = np.hstack([-np.ones((4, 1)), np.eye(4)])
    return contrast @ fit.theta, contrast @ fit.covariance @ contrast.T


def test_covariance_of_a_network_with_many_arms_by_the_delta_method():
    """Large trials: the gradient of the estimates in every count, times the binomial variances of the counts."""
    trials = expected_trials(np.linspace(-2.0, 0.5, 12), 1e7)
    effects, covariance = fit_mantel_haenszel(trials)
    assert effects == pytest.approx([LOG_ODDS[name] for name in "bcde"], rel=1e-9)
    gradients, variances = [], []
    for number, trial in enumerate(trials):
        for place, (x, n) in enumerate(zip(trial.events, trial.n, strict=True)):
            ends = []
            for step in (1e-4 * x, -1e-4 * x):
                events = trial.events.copy()
                events[place] += step
                ends.append(
                    fit_mantel_haenszel([*trials[:number], trial._replace(events=events), *trials[number + 1 :]])[0]
                )
            gradients.append((ends[0] - ends[1]) / (2e-4 * x))
            variances.append(x * (n - x) / n)
    expected = np.array(gradients).T @ np.diag(variances) @ np.array(gradients)
    assert covariance == pytest.approx(expected, rel=1e-6)


@pytest.mark.slow
def test_covariance_of_a_network_of_many_small_trials_by_simulation():
    """Sparse data: 120 trials with 4 to 6 people an arm, where the delta method of one table would not do."""
    random = np.random.default_rng(7)
    expected = expected_trials(np.resize(np.linspace(-2.0, 0.5, 9), 120), 4)
    people = [np.rint(trial.n) for trial in expected]
    chances = [trial.events / trial.n for trial in expected]
    effects, covariances = [], []
    for _ in range(1000):
        drawn = [
            trial._replace(events=random.binomial(n.astype(int), p).astype(float), n=n)
            for trial, n, p in zip(expected, people, chances, strict=True)
        ]
        found = fit_mantel_haenszel(informative(drawn)[0])
        effects.append(found[0])
        covariances.append(found[1])
    assert np.mean(effects, axis=0) == pytest.approx([LOG_ODDS[name] for name in "bcde"], abs=0.06)
    said, seen = np.mean(covariances, axis=0), np.cov(np.array(effects).T)
    np.testing.assert_allclose(np.sqrt(np.diag(said)), np.sqrt(np.diag(seen)), rtol=0.08)
    np.testing.assert_allclose(said, seen, atol=0.15 * np.diag(seen).min())


@pytest.mark.parametrize("method", ["MH", "NCH", "multinomial"])
def test_order_and_direction_do_not_matter(method):
    result = counts_network(**THREE, method=method)
    order = np.random.default_rng(1).permutation(8)
    mixed = counts_network(**{name: np.array(column)[order] for name, column in THREE.items()}, method=method)
    assert mixed.common.effect == pytest.approx(result.common.effect, abs=1e-10)
    if method == "multinomial":  # rare events and rare non-events are not the same
        return
    turned = {**THREE, "events": np.array(THREE["n"]) - THREE["events"]}
    assert counts_network(**turned, method=method).common.effect == pytest.approx(-result.common.effect, abs=1e-9)
    assert counts_network(**turned, method=method).common.se == pytest.approx(result.common.se, rel=1e-9)


def test_rare_events_make_the_likelihoods_one():
    rare = {**THREE, "n": 1000 * np.array(THREE["n"])}
    exact, near = (counts_network(**rare, method=method).common for method in ("NCH", "multinomial"))
    assert near.effect == pytest.approx(exact.effect, abs=1e-3)


@pytest.mark.parametrize("method", ["MH", "NCH", "multinomial"])
def test_what_says_nothing_is_named(method):
    arms = {
        "study": [*THREE["study"], "u", "u", "v", "v", "w"],
        "treatment": [*THREE["treatment"], "a", "b", "a", "d", "a"],
        "events": [*THREE["events"], 0, 0, 3, 0, 1],
        "n": [*THREE["n"], 20, 20, 30, 30, 10],
    }
    result = counts_network(**arms, method=method)
    assert result.common.effect == pytest.approx(counts_network(**THREE, method=method).common.effect, abs=1e-9)
    assert result.treatments == ("a", "b", "c")
    assert "u left out: nobody had the event" in result.reason
    assert "w left out: it has one arm only" in result.reason
    assert "v left out: once arms that decide nothing are gone, it has one arm only" in result.reason
    assert any(what.startswith("d") and "no events" in why for what, why in result.left_out)


def test_pieces_are_not_compared():
    arms = {
        "study": ["x", "x", "y", "y"],
        "treatment": ["a", "b", "c", "d"],
        "events": [2, 5, 3, 4],
        "n": [50, 50, 60, 60],
    }
    result = counts_network(**arms, method="NCH")
    assert math.isnan(result.versus("a", "c").estimate)
    assert math.isfinite(result.versus("a", "b").estimate)
    assert "2 pieces" in result.reason


def test_table_has_a_row_for_each_other_treatment():
    frame = counts_network(**THREE, reference="c").to_frame()
    assert frame["treatment"].tolist() == ["a", "b"]
    assert frame["prediction_low"].isna().all()


@pytest.mark.parametrize("method", ["MH", "NCH", "multinomial"])
def test_p_scores_of_two_treatments_are_the_one_sided_p_value_of_the_pair(method):
    result = counts_network(**PAIRS, method=method)
    ranking = rank(result, smaller_is_better=True, draws=2)
    pair = result.versus("drug", "none")
    assert pair.estimate < 0.0
    assert ranking.p_scores == pytest.approx([1.0 - pair.p_value / 2.0, pair.p_value / 2.0], rel=1e-12)
    assert (ranking.model, ranking.reason) == ("common", "")
    with pytest.raises(InputError, match="without tau²"):
        rank(result, smaller_is_better=True, model="random")


@pytest.mark.parametrize("method", ["MH", "NCH", "multinomial"])
def test_p_scores_are_the_mean_certainties_that_the_estimates_give(method):
    result = counts_network(**THREE, method=method)
    scores = rank(result, smaller_is_better=True).p_scores
    for place, name in enumerate(result.treatments):
        others = [result.versus(name, other) for other in result.treatments if other != name]
        assert scores[place] == pytest.approx(np.mean([stats.norm.cdf(-one.statistic) for one in others]), rel=1e-12)
    assert scores.mean() == pytest.approx(0.5, rel=1e-12)


def test_ranks_are_those_of_the_simulated_estimates_they_claim_to_describe():
    result = counts_network(**THREE, method="NCH")
    ranking = rank(result, smaller_is_better=True)
    assert ranking.probabilities.sum(axis=0) == pytest.approx([1.0] * 3)
    assert ranking.probabilities @ [1, 2, 3] == pytest.approx(ranking.mean_ranks, abs=5e-3)


def test_many_events_rank_as_the_network_of_log_odds_ratios():
    """Where nothing is rare and the trials agree, every method pools nearly the same numbers."""
    log_odds = np.array([-0.76, -0.7, -0.8]) + np.array([[-1.0], [0.0], [0.4]])
    n = np.full((3, 3), 700)
    arms = {
        "study": np.repeat(["x", "y", "z"], 3),
        "treatment": np.tile(["a", "b", "c"], 3),
        "events": np.rint(n / (1.0 + np.exp(-log_odds))).ravel(),
        "n": n.ravel(),
    }
    normal = rank(network(from_arms("OR", **arms)), smaller_is_better=True, model="common", draws=2).p_scores
    assert 0.05 < normal.min() < normal.max() < 0.95
    for method in ("MH", "NCH"):
        scores = rank(counts_network(**arms, method=method), smaller_is_better=True, draws=2).p_scores
        assert scores == pytest.approx(normal, abs=0.002)


def test_pieces_are_not_ranked():
    apart = {"study": list("xxyy"), "treatment": list("abcd"), "events": [2, 5, 3, 4], "n": [50, 50, 60, 60]}
    ranking = rank(counts_network(**apart), smaller_is_better=True)
    assert np.isnan(ranking.p_scores).all()
    assert "2 pieces" in ranking.reason


def test_the_league_table_holds_the_pairwise_estimate_of_the_same_method():
    result = counts_network(**THREE)
    table = league_table(result, order=["c", "b", "a"])
    assert table.effect[0, 1] == result.versus("c", "b").estimate
    pair = mantel_haenszel("OR", events1=[6, 2, 5], n1=[38, 33, 49], events2=[3, 4, 3], n2=[42, 31, 50])
    assert [table.direct[0, 1], table.direct_low[0, 1], table.direct_high[0, 1]] == pytest.approx(
        [pair.estimate, pair.ci.low, pair.ci.high], rel=1e-12
    )
    assert table.trials.tolist() == [[0, 3, 2], [3, 0, 2], [2, 2, 0]]


def test_direct_evidence_without_a_finite_odds_ratio_is_nan():
    arms = {"study": list("xxyyzz"), "treatment": list("abbcac"), "events": [1, 4, 3, 6, 0, 3], "n": [50] * 6}
    table = league_table(counts_network(**arms, method="NCH"))
    assert np.isnan(table.direct[0, 2])
    assert table.trials[0, 2] == 1
    assert math.isfinite(table.effect[0, 2])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"events": [1, 3, 0, 2, 4, 999]}, "whole numbers"),
        ({"events": [0.5, 3, 0, 2, 4, 9]}, "whole numbers"),
        ({"events": [math.nan, 3, 0, 2, 4, 9]}, "whole numbers"),
        ({"events": [0] * 6}, "nothing can be estimated"),
        ({"treatment": ["drug", "drug"] * 3}, "more than one arm"),
        ({"method": "IV"}, "MH"),
        ({"reference": "tea"}, "drug, none"),
        ({"level": 95}, "level"),
        ({"method": "NCH", "events": [0, 3, 0, 2, 0, 9]}, "nothing can be estimated"),
        ({"method": "MH", "events": [0, 3, 0, 2, 0, 9]}, "nothing can be estimated"),
    ],
)
def test_unusable_input(changes, words):
    with pytest.raises(InputError, match=words):
        counts_network(**(PAIRS | changes))


def test_a_group_with_all_events_has_no_finite_estimate():
    arms = {
        "study": ["x", "x", "y", "y", "z", "z", "u", "u"],
        "treatment": ["a", "b", "c", "d", "a", "c", "b", "d"],
        "events": [2, 3, 4, 2, 5, 0, 4, 0],
        "n": [20] * 8,
    }
    with pytest.raises(InputError, match="no finite estimate"):
        counts_network(**arms, method="NCH")
