"""Measures of counts: events among persons, events over time, in two arms or in one group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects._measure import Measure

if TYPE_CHECKING:
    from hipevidence.effects._elements import Array

TABLE = ("events1", "n1", "events2", "n2")
TABLE_ORDER = (("events1", "n1"), ("events2", "n2"))
GROUP = ("events", "n")
GROUP_ORDER = (GROUP,)
RATES = ("events1", "time1", "events2", "time2")


def log_odds_ratio(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """Return ln(ad/bc) of the table with events a, c and non-events b, d, with Woolf's variance."""
    return np.log(a) - np.log(b) - np.log(c) + np.log(d), 1 / a + 1 / b + 1 / c + 1 / d


def log_risk_ratio(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """Return the log ratio of the two risks."""
    n1, n2 = a + b, c + d
    # b/(a n1) is 1/a - 1/n1 without its cancellation
    return np.log(a / n1) - np.log(c / n2), b / (a * n1) + d / (c * n2)


def risk_difference(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """Return the difference of the two risks."""
    n1, n2 = a + b, c + d
    return a / n1 - c / n2, a * b / n1**3 + c * d / n2**3


def peto_log_odds_ratio(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """Return Peto's one-step log odds ratio, (O - E)/V with V the hypergeometric variance."""
    n1, n2, events, others = a + b, c + d, a + c, b + d
    total = n1 + n2
    v = n1 * n2 * events * others / (total**2 * (total - 1))
    return (a - n1 * events / total) / v, 1 / v


def arcsine_difference(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """Return the difference of the arcsine square roots of the two risks."""
    n1, n2 = a + b, c + d
    return np.arcsin(np.sqrt(a / n1)) - np.arcsin(np.sqrt(c / n2)), 1 / (4 * n1) + 1 / (4 * n2)


def log_rate_ratio(x1: Array, x2: Array, time1: Array, time2: Array) -> tuple[Array, Array]:
    """Return the log ratio of two incidence rates."""
    return np.log(x1 / time1) - np.log(x2 / time2), 1 / x1 + 1 / x2


def rate_difference(x1: Array, x2: Array, time1: Array, time2: Array) -> tuple[Array, Array]:
    """Return the difference of two incidence rates."""
    return x1 / time1 - x2 / time2, x1 / time1**2 + x2 / time2**2


def proportion(x: Array, m: Array) -> tuple[Array, Array]:
    """Return the raw proportion x/(x + m)."""
    n = x + m
    return x / n, x * m / n**3


def log_proportion(x: Array, m: Array) -> tuple[Array, Array]:
    """Return the log proportion."""
    n = x + m
    return np.log(x / n), m / (x * n)


def logit_proportion(x: Array, m: Array) -> tuple[Array, Array]:
    """Return the log odds."""
    return np.log(x / m), 1 / x + 1 / m


def arcsine_proportion(x: Array, m: Array) -> tuple[Array, Array]:
    """Return the arcsine square root of the proportion."""
    n = x + m
    return np.arcsin(np.sqrt(x / n)), 1 / (4 * n)


def double_arcsine_proportion(x: Array, m: Array) -> tuple[Array, Array]:
    """Return half the Freeman-Tukey double arcsine of the proportion."""
    n = x + m
    return (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2, 1 / (4 * n + 2)


def rate(x: Array, time: Array) -> tuple[Array, Array]:
    """Return the raw incidence rate."""
    return x / time, x / time**2


def log_rate(x: Array, time: Array) -> tuple[Array, Array]:
    """Return the log incidence rate."""
    return np.log(x / time), 1 / x


_ZERO = "a cell is 0 and nothing was added to it"

COUNTS = (
    Measure("OR", "log odds ratio", {TABLE: log_odds_ratio}, _ZERO, ordered=TABLE_ORDER, cells="table"),
    Measure("RR", "log risk ratio", {TABLE: log_risk_ratio}, _ZERO, ordered=TABLE_ORDER, cells="table"),
    Measure("RD", "risk difference", {TABLE: risk_difference}, ordered=TABLE_ORDER, cells="table"),
    Measure(
        "PETO",
        "log odds ratio by Peto's method",
        {TABLE: peto_log_odds_ratio},
        _ZERO,
        ordered=TABLE_ORDER,
        cells="table",
    ),
    Measure(
        "AS",
        "difference of arcsine square roots of the risks",
        {TABLE: arcsine_difference},
        ordered=TABLE_ORDER,
        cells="table",
        add=0.0,
    ),
    Measure("IRR", "log incidence rate ratio", {RATES: log_rate_ratio}, _ZERO, cells="two counts"),
    Measure("IRD", "incidence rate difference", {RATES: rate_difference}, cells="two counts"),
    Measure("PR", "proportion", {GROUP: proportion}, ordered=GROUP_ORDER, cells="proportion"),
    Measure("PLN", "log proportion", {GROUP: log_proportion}, _ZERO, ordered=GROUP_ORDER, cells="proportion"),
    Measure(
        "PLO", "log odds of a proportion", {GROUP: logit_proportion}, _ZERO, ordered=GROUP_ORDER, cells="proportion"
    ),
    Measure(
        "PAS",
        "arcsine square root of a proportion",
        {GROUP: arcsine_proportion},
        ordered=GROUP_ORDER,
        cells="proportion",
        add=0.0,
    ),
    Measure(
        "PFT",
        "Freeman-Tukey double arcsine of a proportion",
        {GROUP: double_arcsine_proportion},
        ordered=GROUP_ORDER,
        cells="proportion",
        add=0.0,
    ),
    Measure("IR", "incidence rate", {("events", "time"): rate}, cells="one count"),
    Measure("IRLN", "log incidence rate", {("events", "time"): log_rate}, _ZERO, cells="one count"),
)
