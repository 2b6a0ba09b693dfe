"""Every number of the bias room beside metafor's and meta's: ``python validation/make_table.py bias`` prints them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.bias import (
    begg,
    deeks,
    egger,
    excess_significance,
    fail_safe_n,
    harbord,
    henmi_copas,
    macaskill,
    peters,
    pustejovsky,
    selection_model,
    trim_and_fill,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Comparison = tuple[str, str, float, float]
"""Kind, what, our number, the peer's."""

HERE = Path(__file__).parent
TESTED = 15
"""The peer tests excess significance exactly up to so many studies, and some more."""


def load(name: str) -> dict[str, Any]:
    """Return one file of reference values."""
    return dict(json.loads((HERE / name).read_text(encoding="utf-8")))


def comparisons() -> Iterator[Comparison]:
    """Yield every comparison."""
    peer = load("metafor.json")
    for case in peer["cases"]:
        yield from _tests(case)
        yield from _adjustments(case)
        yield from _step(case)
    yield from _single_values(peer)
    yield from _meta(peer["counts"]["bcg"])


def _tests(case: dict[str, Any]) -> Iterator[Comparison]:
    where, data = f"{case['name']} {case['measure']}", (case["yi"], case["vi"])
    for model, key in (("mixed", "egger_mixed"), ("linear", "egger_lm")):
        test, theirs = egger(*data, model=model), case[key]
        for quantity, value in {"statistic": test.statistic, "p": test.p_value, "limit": test.limit}.items():
            yield f"Egger, {model}", f"{where} {quantity}", value, theirs[quantity]
    rank = begg(*data)
    yield "Begg, exact", f"{where} tau", rank.tau, case["begg"]["tau"]
    yield "Begg, exact", f"{where} p", rank.p_value, case["begg"]["p"]
    theirs = case["excess_significance"]
    excess = excess_significance(*data, test="exact" if len(data[0]) < 2 * TESTED else "chi2")
    for quantity, value in {"O": excess.observed, "E": excess.expected, "p": excess.p_value}.items():
        yield "excess significance", f"{where} {quantity}", value, theirs[quantity]


def _adjustments(case: dict[str, Any]) -> Iterator[Comparison]:
    where, data = f"{case['name']} {case['measure']}", (case["yi"], case["vi"])
    for estimator in ("L0", "R0"):
        fill, theirs = trim_and_fill(*data, estimator=estimator, ci="wald"), case[f"trimfill_{estimator}"]
        yield "trim and fill, number", f"{where} {estimator}", fill.missing, theirs["k0"]
        ours = {"estimate": fill.adjusted.estimate, "se": fill.adjusted.se, "tau2": fill.adjusted.tau2}
        for quantity, value in ours.items():
            yield "trim and fill, REML", f"{where} {estimator} {quantity}", value, theirs[quantity]
    robust, theirs = henmi_copas(*data), case["henmi_copas"]
    yield "Henmi-Copas, estimate", where, robust.estimate, theirs["estimate"]
    yield "Henmi-Copas, estimate", f"{where} se", robust.se, theirs["se"]
    yield "Henmi-Copas, width", where, robust.ci.high - robust.ci.low, theirs["ci_high"] - theirs["ci_low"]
    yield "fail-safe N", where, fail_safe_n(*data).missing, case["failsafe_rosenthal"]


def _step(case: dict[str, Any]) -> Iterator[Comparison]:
    where, theirs = f"{case['name']} {case['measure']}", case["selection_step"]
    fit = selection_model(case["yi"], case["vi"])
    if not fit.held.all() or fit.tau2 == 0.0:
        return  # an interval without studies or a variance of 0: the peer stops on the way to the end of the range
    yield "step, log-likelihood", where, fit.log_likelihood, theirs["ll"]
    for quantity, value in {"estimate": fit.estimate, "se": fit.se, "tau2": fit.tau2}.items():
        yield "step, parameters", f"{where} {quantity}", value, theirs[quantity]


def _single_values(peer: dict[str, Any]) -> Iterator[Comparison]:
    (case,) = (case for case in peer["cases"] if case["name"] == "hackshaw1998")
    calls: dict[str, dict[str, float]] = defaultdict(dict)
    for row in peer["values"]:
        if "selmodel" in row["call"]:
            calls[row["call"]][row["quantity"]] = row["value"]
    for call, theirs in calls.items():
        kind = call.split("type='")[1].split("'")[0]
        steps = [float(end) for end in call.split("steps=")[1].rstrip(")").split("/") if end] or [0.025]
        fit = selection_model(case["yi"], case["vi"], weights="step" if kind == "stepfun" else kind, steps=steps)
        group = "step" if kind == "stepfun" else kind
        yield f"{group}, log-likelihood", call, fit.log_likelihood, theirs["ll"]
        for quantity, value in {"beta": fit.estimate, "se": fit.se, "tau2": fit.tau2}.items():
            yield f"{group}, parameters", f"{call} {quantity}", value, theirs[quantity]
    for row in peer["values"]:
        if "fsn(type='Rosenberg')" in row["call"] and (data := _data(peer, row["data"])):
            yield "fail-safe N", row["data"], fail_safe_n(*data, approach="Rosenberg").missing, row["value"]
        if "Q0" in row["call"] and row["quantity"] == "k0" and (data := _data(peer, row["data"])):
            yield (
                "trim and fill, number",
                f"{row['data']} Q0",
                trim_and_fill(*data, estimator="Q0").missing,
                row["value"],
            )
        if row["call"].startswith("regtest") and "'vi'" in row["call"] and (data := _data(peer, row["data"])):
            test = egger(*data, model="linear" if "'lm'" in row["call"] else "mixed", predictor="variance")
            ours = {"stat": test.statistic, "pval": test.p_value, "est(limit)": test.limit}[row["quantity"]]
            yield "Egger, on the variance", f"{row['data']} {row['call']} {row['quantity']}", ours, row["value"]


def _data(peer: dict[str, Any], name: str) -> tuple[list[float], list[float]] | None:
    names = {
        "dat.bcg logRR": "bcg RR",
        "dat.hackshaw1998": "hackshaw1998 GEN",
        "dat.raudenbush1985": "raudenbush1985 GEN",
    }
    names["dat.normand1999 SMD"] = "normand1999 SMD"
    found = [c for c in peer["cases"] if f"{c['name']} {c['measure']}" == names.get(name)]
    return (found[0]["yi"], found[0]["vi"]) if found else None


def _meta(raw: dict[str, Any]) -> Iterator[Comparison]:
    a, b, c, d = (np.array(raw[name], dtype=np.float64) for name in ("ai", "bi", "ci", "di"))
    counts = {"events1": a, "n1": a + b, "events2": c, "n2": c + d}
    y, v = np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
    tests = {
        "Egger": egger(y, v, model="linear"),
        "Thompson": egger(y, v, ci="t"),
        "Peters": peters(**counts),
        "Harbord": harbord(**counts),
        "Macaskill": macaskill(**counts),
        "Deeks": deeks(**counts),
        "Pustejovsky": pustejovsky(y, v, n1=a + b, n2=c + d),
    }
    rank = begg(y, v, test="normal")
    for row in load("meta.json")["values"]:
        name, quantity = row["call"].split()[-1], row["quantity"]
        where = f"bcg OR {name} {quantity}"
        if name == "Begg":
            se = rank.score / rank.statistic
            ours = {"statistic": rank.statistic, "p": rank.p_value, "bias": rank.score, "se.bias": se}[quantity]
            yield "as meta", where, ours, row["value"]
        elif name in tests:
            test = tests[name]
            ours = {"statistic": test.statistic, "p": test.p_value, "bias": test.slope, "se.bias": test.slope_se}[
                quantity
            ]
            yield "as meta, Thompson" if name == "Thompson" else "as meta", where, ours, row["value"]
