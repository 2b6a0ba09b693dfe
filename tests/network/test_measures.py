"""Each measure, and additive components, against generalised least squares written down with whole matrices.

One trial of three arms joins two of two arms. Contrasts and covariances are the textbook ones, arm by arm.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg

from hipevidence.network import components, from_arms, network

STUDY = ["x", "x", "x", "y", "y", "z", "z", "w", "w"]
TREATMENT = ["a", "b", "c", "a", "b", "b", "c", "a", "c"]
TRIALS = {"x": ("a", "b", "c"), "y": ("a", "b"), "z": ("b", "c"), "w": ("a", "c")}
N = np.array([60.0, 55.0, 48.0, 80.0, 84.0, 41.0, 39.0, 70.0, 66.0])
EVENTS = np.array([12.0, 27.0, 9.0, 21.0, 14.0, 22.0, 5.0, 9.0, 31.0])
TIME = np.array([310.0, 290.5, 260.0, 402.0, 388.0, 205.0, 199.0, 355.0, 340.0])
MEAN = np.array([3.1, 2.2, 1.9, 2.7, 2.5, 4.0, 2.1, 3.3, 2.6])
SD = np.array([1.9, 2.1, 1.7, 2.4, 2.0, 1.8, 2.2, 2.5, 1.6])


def of_arms(measure):
    """Return the value and the variance of each arm for measures whose contrasts are differences of arms."""
    p = EVENTS / N
    return {
        "MD": (MEAN, SD**2 / N),
        "OR": (np.log(EVENTS / (N - EVENTS)), 1 / EVENTS + 1 / (N - EVENTS)),
        "RR": (np.log(p), 1 / EVENTS - 1 / N),
        "RD": (p, p * (1 - p) / N),
        "IRR": (np.log(EVENTS / TIME), 1 / EVENTS),
    }[measure]


def contrasts(measure):
    """Yield for each trial its arms, its differences from the first arm and their covariance."""
    for trial, arms in TRIALS.items():
        own = [place for place, study in enumerate(STUDY) if study == trial]
        first, others = own[0], own[1:]
        if measure == "SMD":
            total = N[own].sum()
            df = total - len(own)
            pooled = np.sqrt(((N[own] - 1) * SD[own] ** 2).sum() / df)
            g = (1 - 3 / (4 * df - 1)) * (MEAN[others] - MEAN[first]) / pooled
            yield arms, g, np.diag(1 / N[others]) + 1 / N[first] + np.outer(g, g) / (2 * total)
        else:
            value, variance = of_arms(measure)
            yield arms, value[others] - value[first], np.diag(variance[others]) + variance[first]


def least_squares(measure, columns):
    """Return estimates, covariance, Q, degrees of freedom and tau² (moments); ``columns`` is a row a treatment."""
    parts = list(contrasts(measure))
    x = np.vstack([columns[arm] - columns[arms[0]] for arms, _, _ in parts for arm in arms[1:]])
    y, v = np.concatenate([g for _, g, _ in parts]), linalg.block_diag(*(v for _, _, v in parts))
    shared = linalg.block_diag(*(0.5 * (np.eye(len(g)) + 1) for _, g, _ in parts))

    def fit(total):
        inverse = np.linalg.inv(total)
        covariance = np.linalg.inv(x.T @ inverse @ x)
        return covariance @ x.T @ inverse @ y, covariance, inverse - inverse @ x @ covariance @ x.T @ inverse

    beta, covariance, projection = fit(v)
    q, df = y @ projection @ y, len(y) - x.shape[1]
    tau2 = max((q - df) / np.trace(projection @ shared), 0.0)
    return (beta, covariance, q, df, tau2), fit(v + tau2 * shared)[:2]


def data(measure, names=TREATMENT):
    figures = {"n": N, "events": EVENTS, "time": TIME, "mean": MEAN, "sd": SD}
    needs = {"MD": ("n", "mean", "sd"), "SMD": ("n", "mean", "sd"), "IRR": ("events", "time")}
    options = {"correction": "approx"} if measure == "SMD" else {}
    own = {name: figures[name] for name in needs.get(measure, ("n", "events"))}
    return from_arms(measure, study=STUDY, treatment=names, **own, **options)


@pytest.mark.parametrize("measure", ["MD", "SMD", "OR", "RR", "RD", "IRR"])
def test_a_network_of_each_measure_by_least_squares(measure):
    columns = {"a": np.zeros(2), "b": np.array([1.0, 0.0]), "c": np.array([0.0, 1.0])}
    (beta, covariance, q, df, tau2), (random, random_covariance) = least_squares(measure, columns)
    result = network(data(measure), method="DL")
    assert (result.q, result.df) == (pytest.approx(q, rel=1e-10), df)
    assert result.tau2 == pytest.approx(tau2, rel=1e-9)
    assert tau2 > 0
    for model, estimate, matrix in (("common", beta, covariance), ("random", random, random_covariance)):
        found = [result.versus(name, "a", model) for name in ("b", "c")]
        assert [one.estimate for one in found] == pytest.approx(estimate, rel=1e-9)
        assert [one.se for one in found] == pytest.approx(np.sqrt(np.diag(matrix)), rel=1e-9)
        between = np.sqrt(np.array([1, -1]) @ matrix @ np.array([1, -1]))
        assert result.versus("b", "c", model).se == pytest.approx(between, rel=1e-9)


@pytest.mark.parametrize("measure", ["SMD", "OR", "IRR"])
def test_components_with_a_three_arm_trial_by_least_squares(measure):
    """Treatment c is b with something added; a is nothing."""
    renamed = {"a": "none", "b": "hip", "c": "hip + knee"}
    columns = {"a": np.zeros(2), "b": np.array([1.0, 0.0]), "c": np.array([1.0, 1.0])}
    (beta, covariance, q, df, tau2), (random, random_covariance) = least_squares(measure, columns)
    found = components(data(measure, [renamed[name] for name in TREATMENT]), inactive="none", method="DL")
    assert found.components == ("hip", "knee")
    assert (found.additive.q, found.additive.df) == (pytest.approx(q, rel=1e-10), df)
    assert found.tau2 == pytest.approx(tau2, rel=1e-9)
    for effects, estimate, matrix in (
        (found.common, beta, covariance),
        (found.random, random, random_covariance),
    ):
        assert effects.estimate == pytest.approx(estimate, rel=1e-9)
        assert effects.se == pytest.approx(np.sqrt(np.diag(matrix)), rel=1e-9)
