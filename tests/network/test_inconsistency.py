"""Where Q comes from, and single comparisons taken apart."""

from __future__ import annotations

import numpy as np
import pytest

from hipevidence.errors import InputError
from hipevidence.network import comparison_adjusted_funnel, decompose, from_contrasts, league_table, network, split
from hipevidence.pooling import pool


def test_within_designs_is_cochrans_q_of_each_two_arm_design(senn):
    parts = decompose(network(senn, method="DL"))
    for test in parts.designs:
        if len(test.design) == 2:
            own = [trial for trial in senn.trials if set(trial.arms) == set(test.design)]
            yi = [trial.values[0] - trial.values[1] for trial in own]
            single = pool(yi, [trial.variances[0, 1] for trial in own], method="FE", ci="wald")
            assert test.trials == len(own)
            assert test.within.df == len(own) - 1
            assert test.within.q == pytest.approx(single.q, rel=1e-9, abs=1e-12)


def test_detaching_a_design_leaves_the_inconsistency_of_the_network_without_it(senn):
    parts = decompose(network(senn, method="DL"))
    for test in parts.designs:
        rest = [trial for trial in senn.trials if set(trial.arms) != set(test.design)]
        data = from_contrasts_of(rest)
        between = decompose(network(data, method="DL")).between
        assert (test.detached.df, test.detached.q) == (between.df, pytest.approx(between.q, rel=1e-8, abs=1e-8))


def from_contrasts_of(trials):
    from hipevidence.network.trials import assemble

    return assemble(trials, "MD")


def test_a_design_outside_every_loop_detaches_nothing(senn):
    parts = decompose(network(senn, method="DL"))
    alone = next(test for test in parts.designs if test.design == ("benf", "plac"))
    assert alone.detached.q == pytest.approx(parts.between.q, rel=1e-9)
    assert alone.detached.df == parts.between.df


def test_exclusion_and_back_calculation_agree_where_no_trial_has_three_arms(senn):
    two_arms = from_contrasts_of([trial for trial in senn.trials if len(trial.arms) == 2])
    result = network(two_arms, method="DL")
    one, other = split(result), split(result, method="design-exclusion")
    np.testing.assert_allclose(one.indirect, other.indirect, rtol=1e-8)
    np.testing.assert_allclose(one.indirect_se, other.indirect_se, rtol=1e-8)


def test_node_splitting_of_a_three_arm_trial_prefers_neither_treatment(senn):
    """Naming the treatments the other way round changes signs only."""
    from hipevidence.network.trials import assemble

    turned_names = {name: chr(ord("z") - place) for place, name in enumerate(senn.treatments)}
    turned = assemble(
        [
            type(trial)(
                trial.name,
                tuple(turned_names[arm] for arm in trial.arms),
                trial.values,
                trial.covariance,
                trial.persons,
            )
            for trial in senn.trials
        ],
        "MD",
    )
    one, other = (split(network(data, method="DL"), method="node") for data in (senn, turned))
    known = dict(zip(zip(other.treatment1, other.treatment2, strict=True), other.difference, strict=True))
    for first, second, difference in zip(one.treatment1, one.treatment2, one.difference, strict=True):
        assert known[turned_names[second], turned_names[first]] == pytest.approx(-difference, rel=1e-7, nan_ok=True)


def test_a_given_tau2_is_kept_by_every_split(senn):
    result = network(senn, tau2=0.2)
    for method in ("back-calculation", "design-exclusion", "node"):
        assert split(result, method=method).tau2 == pytest.approx(np.full(15, 0.2))
    two_arms = from_contrasts_of([trial for trial in senn.trials if len(trial.arms) == 2])
    result = network(two_arms, tau2=0.2)
    np.testing.assert_allclose(split(result, method="node").indirect, split(result).indirect, rtol=1e-7)


def test_comparisons_in_conflict_are_named():
    """One triangle agrees, the other does not."""
    data = from_contrasts(
        study="123456",
        treatment1=["a", "b", "a", "a", "d", "a"],
        treatment2=["b", "c", "c", "d", "e", "e"],
        effect=[1.0, 1.0, 2.0, 1.0, 1.0, 5.0],
        se=[0.3] * 6,
    )
    parts = split(network(data), model="common")
    assert parts.conflicts() == (("a", "d"), ("a", "e"), ("d", "e"))
    assert parts.conflicts(alpha=1e-12) == ()


def test_splitting_refuses_what_it_does_not_know(senn):
    with pytest.raises(InputError, match="method: found 'loop'"):
        split(network(senn), method="loop")


def test_the_funnel_is_centred_on_each_comparison(senn):
    order = ["sita", "vild", "rosi", "piog", "benf", "migl", "acar", "metf", "sulf", "plac"]
    points = comparison_adjusted_funnel(network(senn, method="DL"), order=order, model="common")
    assert len(points.trial) == 28
    places = {name: place for place, name in enumerate(order)}
    assert all(places[one] < places[other] for one, other in zip(points.treatment1, points.treatment2, strict=True))
    for pair in set(zip(points.treatment1, points.treatment2, strict=True)):
        own = [i for i, names in enumerate(zip(points.treatment1, points.treatment2, strict=True)) if names == pair]
        weights = 1 / points.se[own] ** 2
        assert weights @ points.deviation[own] == pytest.approx(0.0, abs=1e-9 * weights.sum())
        assert points.trials[own].tolist() == [len(own)] * len(own)
    with pytest.raises(InputError, match="order: found sita"):
        comparison_adjusted_funnel(network(senn), order=order[:3])


def test_the_league_table_holds_direct_evidence_beside_the_network(senn):
    result = network(senn, method="DL")
    table, parts = league_table(result), split(result)
    for one, other, direct, se in zip(parts.treatment1, parts.treatment2, parts.direct, parts.direct_se, strict=True):
        i, j = result.index(one), result.index(other)
        assert table.direct[i, j] == pytest.approx(direct, rel=1e-12)
        assert table.direct[j, i] == pytest.approx(-direct, rel=1e-12)
        assert table.direct_high[i, j] - direct == pytest.approx(1.959963984540054 * se, rel=1e-9)
    assert np.isnan(table.direct[result.index("sita"), result.index("vild")])
    with pytest.raises(InputError, match="each of"):
        league_table(result, order=["plac"])


def test_hartung_knapp_and_t_change_the_interval_only(smoking):
    wald, t, hk = (network(smoking, method="DL", ci=ci) for ci in ("wald", "t", "HKSJ"))
    assert (wald.random.effect == hk.random.effect).all()
    np.testing.assert_allclose(wald.random.se, t.random.se, rtol=1e-12)
    assert t.random.df == hk.random.df == wald.df
    assert (t.random.high[0, 1:] > wald.random.high[0, 1:]).all()
    assert (hk.prediction_low == wald.prediction_low).sum() == hk.prediction_low.size


def test_agreement_to_the_last_digit_has_no_hartung_knapp_interval():
    data = from_contrasts(
        study="xyz", treatment1=["a"] * 3, treatment2=["b"] * 3, effect=[0.0] * 3, se=[0.5, 0.25, 1.0]
    )
    result = network(data, ci="HKSJ")
    assert np.isnan(result.versus("a", "b").ci.low)
    assert "Hartung-Knapp has no width" in result.reason
    assert np.isnan(result.i2_ci.low) or result.i2 == 0.0
