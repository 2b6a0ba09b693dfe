"""Reproduces rma.mh() and rma.peto() of metafor, metabin() of meta, and the tables of Rothman et al. (2008), ch. 15."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from hipevidence.errors import InputError
from hipevidence.rare import mantel_haenszel, peto


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_bcg_as_metafor(measure, bcg, value):
    result = mantel_haenszel(measure, **bcg)
    theirs = [value("dat.bcg", f"rma.mh('{measure}')", name) for name in ("est", "se", "Q")]
    assert [result.estimate, result.se, result.q] == pytest.approx(theirs, rel=1e-10)
    if measure == "OR":
        tests = [result.association.statistic, result.homogeneity.statistic]
        assert tests == pytest.approx([value("dat.bcg", "rma.mh('OR')", name) for name in ("CMH", "Tarone")], rel=1e-10)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_bcg_as_meta(measure, bcg, meta_value):
    result = mantel_haenszel(measure, convention="meta", **bcg)
    names = ("TE.common", "seTE.common", "lower.common", "upper.common", "Q")
    theirs = [meta_value(f"metabin MH {measure}", name) for name in names]
    ours = [result.estimate, result.se, result.ci.low, result.ci.high, result.q]
    assert ours == pytest.approx(theirs, rel=1e-10)


def test_the_conventions_differ_in_the_variance_of_rd(bcg):
    ours = [mantel_haenszel("RD", convention=name, **bcg).se for name in ("metafor", "meta")]
    assert ours == pytest.approx([2.86656748527e-4, 2.84515921897e-4], rel=1e-10)


def test_zero_cells(nielweise, peer):
    result = mantel_haenszel("OR", **nielweise)
    theirs = list(peer["nielweise2007"]["mantel_haenszel"].values())
    assert [result.estimate, result.se, result.ci.low, result.ci.high, result.q] == pytest.approx(theirs, rel=1e-12)
    assert result.k == 17
    assert "1 studies" in result.reason


def test_peto(nielweise, bcg, peer, value):
    result = peto(**nielweise)
    assert [result.estimate, result.se] == pytest.approx(list(peer["nielweise2007"]["peto"].values()), rel=1e-12)
    result = peto(**bcg)
    theirs = [value("dat.bcg", "rma.peto", name) for name in ("est", "se", "Q")]
    assert [result.estimate, result.se, result.q] == pytest.approx(theirs, rel=1e-10)


def test_peto_is_observed_minus_expected_over_the_hypergeometric_variance(bcg):
    """Yusuf et al. (1985), with mean and variance from scipy's distribution."""
    tables = zip(bcg["n1"] + bcg["n2"], bcg["events1"] + bcg["events2"], bcg["n1"], bcg["events1"], strict=True)
    parts = [(a - stats.hypergeom(n, m, n1).mean(), stats.hypergeom(n, m, n1).var()) for n, m, n1, a in tables]
    score, variance = np.sum(parts, axis=0)
    result = peto(**bcg)
    assert [result.estimate, result.se] == pytest.approx([score / variance, variance**-0.5], rel=1e-10)


TOLBUTAMIDE = {"events1": [8, 22], "n1": [106, 98], "events2": [5, 16], "n2": [120, 85], "level": 0.9}
SMOKERS = {
    "events1": [32, 104, 206, 186, 102],
    "time1": np.array([52407, 43248, 28612, 12663, 5317]) / 10000,
    "events2": [2, 12, 28, 28, 31],
    "time2": np.array([18790, 10673, 5710, 2585, 1462]) / 10000,
    "level": 0.9,
}


@pytest.mark.parametrize(
    ("measure", "printed", "q", "homogeneity"),
    [
        ("RD", [0.0349, -0.0176, 0.0874], 0.0017, None),
        ("RR", [0.2818, -0.1442, 0.7078], 0.4472, None),
        ("OR", [0.3387, -0.1731, 0.8505], 0.3474, 0.3489),
    ],
)
def test_rothman2008_table_15_1(measure, printed, q, homogeneity):
    result = mantel_haenszel(measure, **TOLBUTAMIDE, correct=False)
    assert [result.estimate, result.ci.low, result.ci.high] == pytest.approx(printed, abs=5e-5)
    assert result.q == pytest.approx(q, abs=5e-5)
    assert result.association.statistic == pytest.approx(1.1914, abs=5e-5)
    if homogeneity is not None:
        assert result.homogeneity.statistic == pytest.approx(homogeneity, abs=5e-5)


@pytest.mark.parametrize(
    ("measure", "printed", "q"),
    [("IRD", [11.4392, 6.3498, 16.5286], 26.8758), ("IRR", [0.3539, 0.1776, 0.5303], 10.4117)],
)
def test_rothman2008_table_15_2(measure, printed, q):
    result = mantel_haenszel(measure, **SMOKERS)
    assert [result.estimate, result.ci.low, result.ci.high] == pytest.approx(printed, abs=6e-5)
    assert result.q == pytest.approx(q, abs=5e-5)
    assert result.association.statistic == pytest.approx(10.7021, abs=5e-5)
    plain = mantel_haenszel(measure, **SMOKERS, correct=False)
    assert plain.association.statistic == pytest.approx(11.0162, abs=5e-5)


def test_odds_ratio_against_statsmodels(nielweise):
    columns = [np.array(nielweise[name]) for name in ("events1", "n1", "events2", "n2")]
    a, n1, c, n2 = (column[(columns[0] + columns[2]) > 0].astype(float) for column in columns)
    table = StratifiedTable(np.array([[a, n1 - a], [c, n2 - c]]))
    ours = mantel_haenszel("OR", **nielweise, correct=False)
    assert ours.estimate == pytest.approx(table.logodds_pooled, rel=1e-12)
    assert ours.se == pytest.approx(table.logodds_pooled_se, rel=1e-12)
    assert ours.association.statistic == pytest.approx(table.test_null_odds(correction=False).statistic, rel=1e-12)
    assert ours.homogeneity.statistic == pytest.approx(table.test_equal_odds(adjust=True).statistic, rel=1e-9)


def test_no_events_at_all():
    nothing = {"events1": [0, 0], "n1": [10, 20], "events2": [0, 0], "n2": [11, 19]}
    for result in (mantel_haenszel("OR", **nothing), mantel_haenszel("RD", **nothing), peto(**nothing)):
        assert math.isnan(result.estimate)
        assert result.k == 0
        assert "2 studies" in result.reason
    assert mantel_haenszel("RD", **nothing, convention="meta").estimate == 0.0


def test_one_arm_without_events():
    result = mantel_haenszel("OR", events1=[0, 0], n1=[10, 20], events2=[3, 2], n2=[11, 19])
    assert math.isnan(result.estimate)
    assert "no estimate" in result.reason


tables = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=6
)


@given(tables)
def test_swapping_the_arms_turns_the_sign(rows):
    a, c, more1, more2 = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    one = {"events1": a, "n1": a + more1, "events2": c, "n2": c + more2}
    other = {"events1": c, "n1": c + more2, "events2": a, "n2": a + more1}
    for pooling in (lambda **t: mantel_haenszel("OR", **t), lambda **t: mantel_haenszel("RD", **t), peto):
        first, second = pooling(**one), pooling(**other)
        assert first.estimate == pytest.approx(-second.estimate, rel=1e-9, abs=1e-12, nan_ok=True)
        assert first.se == pytest.approx(second.se, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"events1": [11]}, "more events than persons"),
        ({"events1": [-1]}, "negative"),
        ({"n1": [math.nan]}, "missing"),
        ({"n1": [10, 20]}, "shapes"),
        ({"n1": None}, "n1"),
        ({"measure": "HR"}, "allowed: OR"),
        ({"convention": "revman"}, "metafor, meta"),
        ({"level": 2.0}, "level"),
        ({"events1": [], "n1": [], "events2": [], "n2": []}, "no studies"),
    ],
)
def test_unusable_input(changes, words):
    arguments = {"measure": "OR", "events1": [1], "n1": [10], "events2": [2], "n2": [10]} | changes
    with pytest.raises(InputError, match=words):
        mantel_haenszel(arguments.pop("measure"), **arguments)


def test_person_time_must_be_positive():
    with pytest.raises(InputError, match="time1"):
        mantel_haenszel("IRR", events1=[1], time1=[0.0], events2=[1], time2=[1.0])
