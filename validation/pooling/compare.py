"""Every pooled number beside the peers': ``python validation/make_table.py pooling`` prints the table."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from hipevidence.pooling import blup, certify, cumulative, influence, leave_one_out, permutation_test, pool, regress
from hipevidence.pooling.tau2 import METHODS

HERE = Path(__file__).parent
CI = {"z": "wald", "knha": "HKSJ", "t": "t", "adhoc": "HKSJ-modified"}


class Tally:
    """Counts comparisons and keeps the worst relative difference of each kind."""

    def __init__(self) -> None:
        """Start with nothing compared."""
        self.count: dict[str, int] = defaultdict(int)
        self.worst: dict[str, tuple[float, str]] = defaultdict(lambda: (0.0, ""))

    def add(self, kind: str, where: str, ours: float, theirs: float | None, floor: float = 1e-12) -> None:
        """Compare two numbers; differences below ``floor`` are those of two zeros."""
        if theirs is None or (isinstance(theirs, float) and math.isnan(theirs)):
            return
        difference = abs(ours - theirs)
        relative = 0.0 if difference <= floor * (theirs == 0.0 or ours == 0.0) else difference / abs(theirs)
        self.count[kind] += 1
        if not relative <= self.worst[kind][0]:
            self.worst[kind] = (relative, where)


def read(name: str) -> dict[str, Any]:
    """Return one file of reference values."""
    return dict(json.loads((HERE / name).read_text(encoding="utf-8")))


def compare_fits(tally: Tally, case: dict[str, Any], where: str) -> None:
    """Compare rma() and predict() by method and test."""
    for fit in case["fits"]:
        result = pool(case["yi"], case["vi"], method=fit["method"], ci=CI[fit["test"]])
        ours = {
            "estimate": result.estimate, "se": result.se, "statistic": result.statistic, "p": result.p_value,
            "ci_low": result.ci.low, "ci_high": result.ci.high, "tau2": result.tau2, "se_tau2": result.tau2_se,
            "Q": result.q, "Q_p": result.q_p_value, "I2": result.i2, "H2": result.h2,
            "pi_low": result.prediction.low, "pi_high": result.prediction.high,
        }  # fmt: skip
        for name, value in ours.items():
            tally.add(f"metafor rma, {fit['method']}", f"{where} {fit['test']} {name}", value, fit[name])


def compare_refits(tally: Tally, case: dict[str, Any], where: str) -> None:
    """Compare intervals of tau², leave-one-out, cumulative analyses and BLUPs."""
    yi, vi = case["yi"], case["vi"]
    profile = pool(yi, vi)
    for name, interval in (("tau2", profile.tau2_ci), ("I2", profile.i2_ci), ("H2", profile.h2_ci)):
        for ours, theirs in zip((interval.low, interval.high), case["q_profile"][name][1:], strict=True):
            tally.add("metafor confint, Q-profile", f"{where} {name}", ours, theirs)
    likelihood = pool(yi, vi, tau2_ci="PL").tau2_ci
    for ours, theirs in zip((likelihood.low, likelihood.high), case["profile_likelihood"]["tau2"][1:], strict=True):
        tally.add("metafor confint, profile likelihood", where, ours, theirs)
    one, many, drawn = leave_one_out(yi, vi, ci="wald"), cumulative(yi, vi, ci="wald"), blup(yi, vi, ci="wald")
    pairs = {
        "metafor leave1out": [
            (getattr(one, k.lower() if k != "Q" else "q"), v) for k, v in case["leave_one_out"].items()
        ],
        "metafor cumul": [(np.nan_to_num(getattr(many, k)), v) for k, v in case["cumulative"].items()],
        "metafor blup": [(drawn.estimate, case["blup"]["pred"]), (drawn.se, case["blup"]["se"])],
    }
    for kind, columns in pairs.items():
        for ours_column, theirs_column in columns:
            for ours, theirs in zip(ours_column, theirs_column, strict=True):
                tally.add(kind, where, float(ours), theirs)


def compare_regressions(tally: Tally, case: dict[str, Any], where: str) -> None:
    """Compare meta-regressions."""
    for fit in case.get("regression", []):
        x = np.array(case["moderators"][fit["moderator"]], dtype=float)
        result = regress(case["yi"], case["vi"], x, method=fit["method"], ci=CI[fit["test"]])
        place = f"{where} ~{fit['moderator']} {fit['method']} {fit['test']}"
        for i, row in enumerate(result.coefficients):
            for name, value in (("beta", row.estimate), ("se", row.se), ("p", row.p_value)):
                tally.add("metafor rma, one moderator", f"{place} {name}", value, fit[name][i])
        for name, value in (("tau2", result.tau2), ("QE", result.q), ("R2", result.r2)):
            tally.add("metafor rma, one moderator", f"{place} {name}", value, fit[name])
        tally.add("metafor rma, one moderator", f"{place} QM", result.omnibus.statistic, fit["QM"])
        tally.add("metafor rma, one moderator", f"{place} QM_p", result.omnibus.p_value, fit["QM_p"])


def compare_single_values(tally: Tally, cases: dict[tuple[str, str], Any]) -> None:
    """Compare what metafor gave one by one: two more estimators, the ad hoc test, diagnostics, permutation."""
    diagnostics = {
        "rstudent": "rstudent", "dffits": "dffits", "cook.d": "cooks_distance", "cov.r": "covariance_ratio",
        "tau2.del": "tau2_deleted", "QE.del": "q_deleted", "hat": "hat",
    }  # fmt: skip
    for row in read("metafor_values.json")["values"]:
        name, _, measure = row["name"].removeprefix("dat.").partition(" ")
        case = cases.get((name, measure.replace("logRR", "RR") or "GEN"))
        where = f"{row['name']} {row['call']} {row['quantity']}"
        if case is None:
            continue
        if row["call"].startswith("influence"):
            quantity, place = row["quantity"].rstrip("]").split("[")
            value = getattr(influence(case["yi"], case["vi"]), diagnostics[quantity])[int(place) - 1]
            tally.add("metafor influence", where, float(value), row["value"])
        elif row["call"].startswith("permutest(REML)"):
            value = permutation_test(case["yi"], case["vi"], ci="wald").p_value[0]
            tally.add("metafor permutest, exact", where, float(value), row["value"])
        elif row["call"].startswith("rma(") and "~" not in row["call"]:
            method = row["call"].split("method='")[1].split("'")[0]
            test = row["call"].split("test='")[1].split("'")[0] if "test='" in row["call"] else "z"
            result = pool(case["yi"], case["vi"], method=method, ci=CI[test])
            value = {
                "tau2": result.tau2, "mu": result.estimate, "se": result.se, "Q": result.q, "I2": result.i2,
                "H2": result.h2, "se.tau2": result.tau2_se, "ci.lb": result.ci.low, "ci.ub": result.ci.high,
                "pi.lb": result.prediction.low, "pi.ub": result.prediction.high,
            }[row["quantity"]]  # fmt: skip
            tally.add("metafor rma, single values with HSk, PMM, ad hoc", where, value, row["value"])


def compare_meta(tally: Tally, case: dict[str, Any]) -> None:
    """Compare the prediction intervals of the R package meta."""
    for row in read("meta.json")["values"]:
        if "method.predict=" not in row["call"] or row["quantity"] == "df":
            continue
        interval = pool(case["yi"], case["vi"], prediction=row["call"].split("method.predict=")[1]).prediction
        value = interval.low if row["quantity"].startswith("lower") else interval.high
        tally.add("meta, seven prediction intervals", row["call"], value, row["value"])


def compare() -> Tally:
    """Run every comparison."""
    tally = Tally()
    cases = read("metafor.json")["cases"]
    for case in cases:
        where = f"{case['name']} {case['measure']}"
        compare_fits(tally, case, where)
        compare_refits(tally, case, where)
        compare_regressions(tally, case, where)
        for method in METHODS:
            if method != "GENQ":
                opinion = certify(case["yi"], case["vi"], method=method)
                tally.add("own second algorithm, tau²", f"{where} {method}", opinion.tau2, opinion.second_tau2, 1e-14)
    compare_single_values(tally, {(case["name"], case["measure"]): case for case in cases})
    compare_meta(tally, cases[0])
    return tally
