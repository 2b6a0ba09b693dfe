"""Components that add up; what they join, and what they leave open."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hipevidence.errors import InputError
from hipevidence.network import components, from_contrasts, network


def rows(*contrasts):
    study, one, other, effect, se = zip(*contrasts, strict=True)
    return from_contrasts(study=study, treatment1=one, treatment2=other, effect=effect, se=se)


HIP_AND_KNEE = (
    ("1", "hip", "none", -1.0, 0.3),
    ("2", "knee", "none", -0.4, 0.4),
    ("3", "hip + knee", "none", -1.6, 0.5),
    ("4", "hip + knee", "knee", -0.9, 0.3),
)


def test_without_combinations_components_are_the_network(senn):
    found, result = components(senn, inactive="plac", method="DL"), network(senn, method="DL")
    for place, name in enumerate(found.components):
        comparison = result.versus(name, "plac")
        assert found.random.estimate[place] == pytest.approx(comparison.estimate, rel=1e-9)
        assert found.random.se[place] == pytest.approx(comparison.se, rel=1e-9)
        assert found.random.low[place] == pytest.approx(comparison.ci.low, rel=1e-8)
    assert found.tau2 == pytest.approx(result.tau2, rel=1e-9)
    assert found.difference.df == 0
    np.testing.assert_allclose(found.random.effect, result.random.effect, rtol=1e-8, atol=1e-12)


def test_hip_and_knee_by_least_squares():
    found = components(rows(*HIP_AND_KNEE), inactive="none")
    x = np.array([[1, 0], [0, 1], [1, 1], [1, 0]], dtype=float)
    y, w = np.array([-1.0, -0.4, -1.6, -0.9]), 1 / np.array([0.3, 0.4, 0.5, 0.3]) ** 2
    information = x.T @ (w[:, None] * x)
    beta = np.linalg.solve(information, x.T @ (w * y))
    assert found.components == ("hip", "knee")
    assert found.common.estimate == pytest.approx(beta, rel=1e-12)
    assert found.common.se == pytest.approx(np.sqrt(np.diagonal(np.linalg.inv(information))), rel=1e-12)
    assert found.additive.q == pytest.approx(w @ (y - x @ beta) ** 2, rel=1e-9)
    assert (found.additive.df, found.standard.df, found.difference.df) == (2, 1, 1)
    assert found.difference.p_value == pytest.approx(stats.chi2.sf(found.difference.q, 1), rel=1e-12)
    both = found.treatments.index("hip + knee"), found.treatments.index("none")
    assert found.common.effect[both] == pytest.approx(beta.sum(), rel=1e-12)
    assert found.common.effect_se[both] == pytest.approx(np.sqrt(np.linalg.inv(information).sum()), rel=1e-12)


def test_shared_components_join_pieces():
    data = rows(("1", "hip", "none", -1.0, 0.3), ("2", "hip + knee", "hip + foot", -0.2, 0.4))
    assert len(data.pieces) == 2
    found = components(data, inactive="none")
    place = {name: number for number, name in enumerate(found.treatments)}
    assert found.common.effect[place["hip + knee"], place["hip + foot"]] == pytest.approx(-0.2, rel=1e-12)
    assert np.isnan(found.common.effect[place["hip + knee"], place["none"]])
    assert "do not tell these components apart from others: foot, knee" in found.reason
    assert "(1) hip, none; (2) hip + foot, hip + knee" in found.reason
    joined = components(
        rows(("1", "hip", "none", -1.0, 0.3), ("2", "hip + knee", "foot + knee", -0.2, 0.4)), inactive="none"
    )
    assert joined.components == ("foot", "hip", "knee")
    assert joined.common.estimate[:2] == pytest.approx([-0.8, -1.0], rel=1e-12)
    assert joined.common.se[0] == pytest.approx(0.5, rel=1e-12)
    assert np.isnan(joined.common.estimate[2])
    foot_and_knee = joined.treatments.index("foot + knee"), joined.treatments.index("none")
    assert np.isnan(joined.common.effect[foot_and_knee])


def test_without_an_inactive_treatment_only_differences_are_known():
    found = components(rows(("1", "hip", "none", -1.0, 0.3)), method="DL")
    assert found.components == ("hip", "none")
    assert np.isnan(found.common.estimate).all()
    assert found.common.effect[0, 1] == pytest.approx(-1.0, rel=1e-12)
    assert np.isnan(found.tau2)
    assert found.reason == "the trials do not tell these components apart from others: hip, none"


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("hip ++ knee", {}, "'hip \\+\\+ knee'; allowed: different components"),
        ("hip + hip", {}, "'hip \\+ hip'; allowed: different components"),
        ("hip", {"inactive": "water"}, "inactive: found 'water'"),
        ("hip", {"separator": ""}, "separator: found an empty text"),
        ("hip", {"method": "GENQ"}, "method: found 'GENQ'"),
    ],
)
def test_names_and_options_that_cannot_be_used_are_refused(name, options, said):
    with pytest.raises(InputError, match=said):
        components(rows(("1", name, "none", -1.0, 0.3)), **options)
