"""The pools that this package was made for, from the figures as the trials print them."""

from __future__ import annotations

import math

import pytest
from scipy.special import gammaln, ndtri

from hipevidence.pooling import pool

ARMS = (  # pain: mean, SD, n with and without hip strengthening
    (2.6, 2.1, 45, 3.9, 2.6, 44),
    (4.3, 3.1, 29, 6.6, 1.5, 31),
    (3.67, 3.24, 18, 4.50, 3.09, 18),
)


def hedges(arms):
    mean1, sd1, n1, mean2, sd2, n2 = arms
    df = n1 + n2 - 2
    pooled = math.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df)
    g = math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2) * (mean1 - mean2) / pooled
    return g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))


def test_pain_as_standardised_mean_difference():
    yi, vi = zip(*(hedges(arm) for arm in ARMS), strict=True)
    wald, knapp = pool(yi, vi, ci="wald"), pool(yi, vi)
    printed = (wald.estimate, wald.ci.low, wald.ci.high, knapp.ci.low, knapp.ci.high, wald.tau2)
    assert printed == pytest.approx((-0.6072, -0.9392, -0.2752, -1.3831, 0.1687, 0.0160), abs=5e-5)


def test_mean_difference_from_confidence_intervals():
    intervals = ((-0.6, -3.2, 2.0), (0.8, -4.8, 6.4))
    vi = [((high - low) / (2 * ndtri(0.975))) ** 2 for _, low, high in intervals]
    result = pool([row[0] for row in intervals], vi, ci="wald")
    assert (result.estimate, result.ci.low, result.ci.high) == pytest.approx((-0.3517, -2.7100, 2.0065), abs=5e-5)
