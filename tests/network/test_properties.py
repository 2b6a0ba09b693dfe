"""What must hold whatever the numbers: order, signs, units, stars, loops."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipevidence.network import (
    contributions,
    decompose,
    from_arms,
    from_contrasts,
    league_table,
    network,
    rank,
    split,
)
from hipevidence.network.trials import assemble
from hipevidence.pooling import pool

NAMES = "abcde"


@st.composite
def networks(draw):
    """Return a connected network of means: a chain through all treatments and random trials of 2 to 4 arms."""
    count = draw(st.integers(3, 5))
    chain = [[NAMES[i], NAMES[i + 1]] for i in range(count - 1)]
    more = draw(st.lists(st.sets(st.sampled_from(NAMES[:count]), min_size=2, max_size=4).map(sorted), max_size=6))
    study, treatment = [], []
    for number, arms in enumerate(chain + more):
        study += [f"t{number}"] * len(arms)
        treatment += arms
    size = len(study)
    column = lambda low, high: draw(st.lists(st.floats(low, high), min_size=size, max_size=size))  # noqa: E731 - short and local
    mean, sd = column(-5.0, 5.0), column(0.5, 4.0)
    n = draw(st.lists(st.integers(5, 400), min_size=size, max_size=size))
    return from_arms("MD", study=study, treatment=treatment, n=n, mean=mean, sd=sd)


def same(ours, theirs, rel=1e-8, scale=None):
    """Compare matrices up to rounding of their own scale."""
    scale = np.nanmax(np.abs(theirs)) if scale is None else scale
    np.testing.assert_allclose(ours, theirs, rtol=rel, atol=rel * max(scale, 1e-12))


@given(networks(), st.sampled_from(["DL", "REML", "PM"]))
def test_gls_on_baseline_contrasts_agrees_with_the_graph(data, method):
    result = network(data, method=method)
    assert result.certificate.gls_difference < 1e-9


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_arms_and_trials_does_not_matter(data, random):
    trials = []
    for trial in data.trials:
        order = list(range(len(trial.arms)))
        random.shuffle(order)
        trials.append(
            dataclasses.replace(
                trial,
                arms=tuple(trial.arms[i] for i in order),
                values=trial.values[order],
                covariance=trial.covariance[np.ix_(order, order)],
                persons=trial.persons[order],
            )
        )
    random.shuffle(trials)
    ours, theirs = network(assemble(trials, "MD"), method="DL"), network(data, method="DL")
    same(ours.random.effect, theirs.random.effect)
    same(ours.random.se, theirs.random.se)
    same(split(ours, model="common").proportion, split(theirs, model="common").proportion)


@given(networks())
def test_the_reference_changes_no_number(data):
    results = [network(data, method="DL", reference=name) for name in (data.treatments[0], data.treatments[-1])]
    assert (results[0].random.effect == results[1].random.effect).all()
    assert set(results[1].to_frame()["other"]) == {data.treatments[-1]}
    assert (results[0].against(data.treatments[-1]).estimate == results[1].against().estimate).all()


def scaled(data, factor):
    trials = [
        dataclasses.replace(trial, values=trial.values * factor, covariance=trial.covariance * factor**2)
        for trial in data.trials
    ]
    return assemble(trials, data.measure)


@given(networks(), st.sampled_from([1e-6, 0.1, 7.0, 1e5]))
def test_units_scale_everything(data, factor):
    ours, theirs = network(scaled(data, factor)), network(data)
    same(ours.random.effect, theirs.random.effect * factor, rel=1e-6)
    same(ours.random.se, theirs.random.se * factor, rel=1e-6)
    same(ours.tau2, theirs.tau2 * factor**2, rel=1e-5, scale=factor**2 * theirs.common.se.max() ** 2)
    assert ours.q == pytest.approx(theirs.q, rel=1e-8, abs=1e-8)
    same(contributions(ours, model="common").shares, contributions(theirs, model="common").shares, scale=1.0)


@given(networks())
def test_turning_the_outcome_round_turns_every_sign_and_rank(data):
    turned = [dataclasses.replace(trial, values=-trial.values) for trial in data.trials]
    ours, theirs = network(assemble(turned, "MD"), method="DL"), network(data, method="DL")
    same(ours.random.effect, -theirs.random.effect)
    lower, higher = (rank(result, smaller_is_better=True, draws=2).p_scores for result in (ours, theirs))
    same(lower, 1.0 - higher, scale=1.0)


@given(networks())
def test_effects_are_transitive_and_antisymmetric(data):
    effect = network(data).random.effect
    same(effect, -effect.T)
    same(effect[:, :1] + effect[:1, :], effect, scale=np.abs(effect).max() + 1.0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-3, 3), st.floats(0.1, 2)), min_size=1, max_size=12))
def test_a_star_is_its_separate_pairwise_analyses(rows):
    names, effects, errors = zip(*rows, strict=True)
    data = from_contrasts(
        study=range(len(rows)), treatment1=names, treatment2=["none"] * len(rows), effect=effects, se=errors
    )
    result = network(data, tau2=0.3)
    for name in set(names):
        own = [place for place, other in enumerate(names) if other == name]
        vi = np.array([errors[place] ** 2 for place in own])
        for model, tau2 in (("common", 0.0), ("random", 0.3)):
            single = pool([effects[place] for place in own], vi + tau2, method="FE", ci="wald")
            comparison = result.versus(name, "none", model)
            assert comparison.estimate == pytest.approx(single.estimate, rel=1e-8, abs=1e-10)
            assert comparison.se == pytest.approx(single.se, rel=1e-8)
    assert decompose(result).between.df == 0
    assert all(split(result).reasons)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 3)), min_size=3, max_size=9))
def test_one_comparison_is_an_ordinary_meta_analysis(rows):
    effects, errors = np.array(rows).T
    k = len(rows)
    data = from_contrasts(study=range(k), treatment1=["a"] * k, treatment2=["b"] * k, effect=effects, se=errors)
    for method in ("REML", "DL", "PM"):
        result, single = (
            network(data, method=method, ci="HKSJ-modified"),
            pool(effects, errors**2, method=method, ci="HKSJ-modified", prediction="V"),
        )
        comparison = result.versus("a", "b")
        assert result.tau2 == pytest.approx(single.tau2, rel=1e-6, abs=1e-9)
        assert comparison.estimate == pytest.approx(single.estimate, rel=1e-6, abs=1e-9)
        assert comparison.se == pytest.approx(single.se, rel=1e-6)
        assert comparison.ci.high == pytest.approx(single.ci.high, rel=1e-6, abs=1e-9)
        assert comparison.prediction.low == pytest.approx(single.prediction.low, rel=1e-6, abs=1e-9)
        assert result.tau2_ci.high == pytest.approx(single.tau2_ci.high, rel=1e-6, abs=1e-9, nan_ok=True)


@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.lists(st.floats(0.1, 3), min_size=3, max_size=3))
def test_a_loop_of_two_arm_trials_is_buchers(effects, errors):
    data = from_contrasts(
        study="xyz", treatment1=["a", "b", "a"], treatment2=["b", "c", "c"], effect=effects, se=errors
    )
    result, variances = network(data, method="DL"), np.square(errors)
    ab, bc, ac = effects
    for method in ("back-calculation", "design-exclusion", "node"):
        parts = split(result, method=method, model="common")
        same(parts.indirect, [ac - bc, ab + bc, ac - ab], scale=10.0)
        same(parts.direct, [ab, ac, bc], scale=10.0)
        same(parts.difference, parts.direct - parts.indirect, scale=10.0)
        same(parts.difference_se, np.full(3, np.sqrt(variances.sum())))
        same(parts.indirect_se, np.sqrt(variances.sum() - variances[[0, 2, 1]]))
        same(parts.difference**2 / parts.difference_se**2, np.full(3, (ab + bc - ac) ** 2 / variances.sum()), scale=1.0)
    between = decompose(result).between
    assert between.df == 1
    assert between.q == pytest.approx((ab + bc - ac) ** 2 / variances.sum(), rel=1e-8, abs=1e-10)


@given(networks())
def test_shares_add_up_and_proportions_are_shares(data):
    result = network(data, method="DL")
    for method in ("random walk", "shortest path"):
        parts = contributions(result, method=method)
        np.testing.assert_allclose(parts.shares.sum(axis=1), 1.0, atol=1e-9)
        np.testing.assert_allclose(parts.trial_shares.sum(axis=1), 1.0, atol=1e-9)
        assert (parts.shares > -1e-12).all()
    evidence = split(result)
    assert ((evidence.proportion > 0) & (evidence.proportion <= 1)).all()


@given(networks())
def test_q_adds_up_and_p_scores_have_mean_one_half(data):
    result = network(data, method="DL")
    parts = decompose(result)
    assert parts.within.q + parts.between.q == pytest.approx(parts.total.q, rel=1e-8, abs=1e-8)
    assert parts.within.df + parts.between.df == parts.total.df
    assert rank(result, smaller_is_better=True, draws=2).p_scores.mean() == pytest.approx(0.5, rel=1e-12)


@given(networks())
def test_node_splitting_without_heterogeneity_agrees_with_the_interaction_of_one_loop(data):
    """Freeing one comparison can lower Q by no more than all inconsistency there is."""
    result = network(data, method="DL")
    node = split(result, method="node", model="common")
    gain = np.nan_to_num(node.statistic**2)
    assert (gain <= result.q + 1e-6).all()


@given(networks())
def test_the_league_table_is_the_network_in_another_order(data):
    result = network(data, method="DL")
    table = league_table(result, order=data.treatments[::-1])
    assert (table.effect == result.random.effect[::-1, ::-1]).all()
