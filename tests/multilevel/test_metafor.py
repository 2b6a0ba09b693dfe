"""Reproduces metafor's rma.mv() and robust() and clubSandwich on published data sets."""

from __future__ import annotations

import numpy as np
import pytest

from hipevidence.multilevel import cluster_robust, three_level, three_level_regression


@pytest.mark.parametrize("method", ["ML", "REML"])
def test_konstantopoulos2011_three_levels(method, districts, value):
    result = three_level(*districts, method=method)
    call = f"rma.mv(~1|district/study,'{method}')"
    names = ("mu", "se", "sigma2[1]", "sigma2[2]", "ll")
    theirs = [value("dat.konstantopoulos2011", call, name) for name in names]
    ours = [result.estimate, result.se, result.study.sigma2, result.row.sigma2, result.log_likelihood]
    assert ours == pytest.approx(theirs, rel=1e-6)
    assert ours[-1] == pytest.approx(theirs[-1], rel=1e-10)  # flat at its maximum, so exact
    assert result.certificate.kind == "interior root"
    assert result.certificate.residual < 1e-12
    assert result.certificate.optima == 1


def test_konstantopoulos2011_q_and_printed_values(districts, peer):
    # Konstantopoulos (2011) and metafor's analysis of it print these, four digits
    result = three_level(*districts)
    assert result.q == pytest.approx(peer["konstantopoulos2011"]["three_level"]["Q"], rel=1e-12)
    assert result.q_df == 55
    limits = [result.study.ci.low, result.study.ci.high, result.row.ci.low, result.row.ci.high]
    assert limits == pytest.approx([0.0222, 0.2072, 0.0163, 0.0628], abs=5e-5)
    assert result.study.sigma2 / result.tau2 == pytest.approx(0.6653, abs=5e-5)


def test_konstantopoulos2011_robust(districts, peer):
    one = three_level(*districts, ci="CR1p", tau2_ci=None)
    assert [one.se, one.p_value] == pytest.approx(list(peer["konstantopoulos2011"]["robust_cr1"].values()), rel=1e-8)
    two = three_level(*districts, ci="CR2", tau2_ci=None)
    theirs = peer["konstantopoulos2011"]["robust_cr2"]
    assert [two.se, two.df, two.p_value] == pytest.approx([theirs["se"], theirs["df"], theirs["p"]], rel=1e-7)


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR1p", "CR2"])
@pytest.mark.parametrize("name", ["trial", "alloc"])
def test_bcg_cluster_robust(kind, name, peer, value):
    data = peer["data"]["bcg"]
    cluster = data["alloc"] if name == "alloc" else list(range(13))
    result = cluster_robust(data["yi"], data["vi"], cluster, ci=kind)
    call = f"vcovCR(REML,cluster={name},type='{kind}')"
    assert result.se**2 == pytest.approx(value("dat.bcg logRR", call, "var"), rel=1e-9)
    if (kind, name) == ("CR2", "trial"):
        call = "coef_test CR2 Satterthwaite cluster=trial"
        theirs = [value("dat.bcg logRR", call, quantity) for quantity in ("df", "t")]
        assert [result.df, result.statistic] == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize(("kind", "factor"), [("CR0", 1.0), ("CR1", 13 / 12), ("CR1p", 13 / 10)])
def test_bcg_regression_robust(kind, factor, peer):
    """Latitude and year: the sandwich written out, with the factor of its kind for 13 trials and 3 coefficients."""
    data = peer["data"]["bcg"]
    moderators = {"ablat": data["ablat"], "year": data["year"]}
    result = three_level_regression(
        data["yi"], data["vi"], list(range(13)), moderators, components=["row"], ci=kind, tau2_ci=None
    )
    x = np.column_stack([np.ones(13), data["ablat"], data["year"]])
    weights = 1.0 / (np.array(data["vi"]) + result.row.sigma2)
    bread = np.linalg.inv(x.T @ (weights[:, None] * x))
    beta = bread @ x.T @ (weights * np.array(data["yi"]))
    scores = x * (weights * (np.array(data["yi"]) - x @ beta))[:, None]
    expected = np.sqrt(np.diag(factor * bread @ scores.T @ scores @ bread))
    assert [one.estimate for one in result.coefficients] == pytest.approx(beta, rel=1e-7)
    # years are counted from 0, which costs the inverse some digits
    assert [one.se for one in result.coefficients] == pytest.approx(expected, rel=1e-6)
