"""The dose-response numbers beside printed ones: ``python validation/make_table.py risk`` prints the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.risk.dose_response import (
    DoseStudy,
    covariance,
    dose_response,
    quadratic,
    restricted_cubic_spline,
    spline_knots,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


Comparison = tuple[str, object, object]
"""What, our numbers, the printed ones."""


def compare() -> dict[str, tuple[int, float]]:
    """Return, by what was compared, how many numbers there are and the largest relative difference."""
    table = {}
    for what, found, printed in comparisons():
        ours, theirs = np.asarray(found, dtype=float), np.asarray(printed, dtype=float)
        table[what] = theirs.size, float(np.max(np.abs(ours / theirs - 1.0)))
    return table


def comparisons() -> Iterator[Comparison]:
    """Yield every comparison."""
    values: dict[str, Any] = json.loads((HERE / "dose_response.json").read_text(encoding="utf-8"))
    rohan, legrady = values["rohan1988"], values["legrady1987"]
    breast = DoseStudy.from_limits(**rohan["table"])
    trend = dose_response([breast], covariance_method="independent", stages="one")
    expected = rohan["independent"]
    yield (
        "Rohan 1988, ratios taken as independent: chi-squared, P",
        [trend.chi2, trend.p_value],
        [expected["chi2"], expected["p_value"]],
    )
    table = dict(legrady["table"])
    ratio = np.exp(table.pop("log_ratio"))
    for design in ("incidence", "cumulative"):
        study = DoseStudy(design=design, ratio=ratio, **table)
        yield (
            f"LeGrady 1987, covariances, taken as {design}",
            covariance(study).matrix,
            legrady["greenland_longnecker"],
        )
    yield from corrected(breast, rohan["greenland_longnecker"])
    yield from six_studies(values["alcohol_cvd"])
    yield from eight_cohorts(values["alcohol_crc"])


def corrected(study: DoseStudy, expected: dict[str, Any]) -> Iterator[Comparison]:
    """Yield the trend of one study with covariances."""
    trend = dose_response([study], stages="one")
    found = [trend.coefficients[0], trend.standard_errors[0], trend.chi2, trend.p_value, trend.log_likelihood]
    names = ("estimate", "standard_error", "chi2", "p_value", "log_likelihood")
    yield ("Rohan 1988, corrected trend: all that is printed", found, [expected[name] for name in names])


def six_studies(values: dict[str, Any]) -> Iterator[Comparison]:
    """Yield what dosresmeta prints on six studies; cumulative ones as rates, which is how it treats them."""
    studies = []
    for one in values["tables"]:
        cells = dict(one)
        cells["design"] = {"cumulative": "incidence"}.get(cells["design"], cells["design"])
        studies.append(DoseStudy(ratio=np.exp(cells.pop("log_ratio")), **cells))
    printed = [values["covariances"][str(number)] for number in range(1, 7)]
    found = [covariance(one).matrix for one in studies]
    flat = [np.concatenate([np.ravel(block) for block in blocks]) for blocks in (found, printed)]
    yield ("six studies of alcohol, covariances", *flat)
    for method in ("greenland_longnecker", "hamling"):
        ours = np.concatenate([covariance(one, method=method).cases for one in studies[:4]])  # type: ignore[arg-type]  # both are names of methods
        theirs = np.concatenate([values[f"{method}_cases"][str(number)] for number in range(1, 5)])
        yield (f"four of them, counts by {method}", ours, theirs)
    curve = dose_response(studies).curve([12.0])
    yield (
        "linear, two stages, REML: ratio and limits",
        [curve.ratio, curve.ci.low, curve.ci.high],
        np.reshape(values["linear_reml"]["ratio_per_12"], (3, 1)),
    )
    bent = dose_response(studies, basis=quadratic())
    expected = values["quadratic_reml"]
    yield ("quadratic, two stages, REML: coefficients", bent.coefficients, expected["coefficients"])
    yield ("quadratic: covariances of coefficients", bent.covariance, expected["covariance"])
    curve = bent.curve(expected["dose"])
    yield (
        "quadratic: curve with limits",
        [curve.ratio, curve.ci.low, curve.ci.high],
        [expected["ratio"], expected["low"], expected["high"]],
    )


def eight_cohorts(values: dict[str, Any]) -> Iterator[Comparison]:
    """Yield what the article on dosresmeta prints on eight cohorts: a straight line and a spline."""
    tables = [dict(one) for one in values["tables"]]
    studies = [DoseStudy(ratio=np.exp(cells.pop("log_ratio")), **cells) for cells in tables]
    line, spline, curves = (values["jss"][name] for name in ("linear", "spline", "curves"))
    straight = dose_response(studies)
    curve = straight.curve([12.0])
    yield (
        "eight cohorts, linear: ratio and limits",
        [curve.ratio, curve.ci.low, curve.ci.high],
        np.reshape(line["ratio_per_12"], (3, 1)),
    )
    knots = spline_knots(np.concatenate([one.dose for one in studies]), len(spline["knots_at_percent"]))
    bent = dose_response(studies, basis=restricted_cubic_spline(knots))
    yield (
        "eight cohorts, spline of four knots: coefficients and errors",
        [*bent.coefficients, *bent.standard_errors],
        [*spline["coefficients"], *spline["standard_errors"]],
    )
    names = ("chi2", "q", "q_p_value", "log_likelihood")
    found, printed = [getattr(bent, name) for name in names], [spline[name] for name in names]
    yield ("eight cohorts, spline: chi-squared, Q, its P, log-likelihood", found, printed)
    curve = bent.curve(curves["dose"])
    yield (
        "eight cohorts, spline: curve with limits",
        np.column_stack([curve.ratio, curve.ci.low, curve.ci.high]),
        curves["spline"],
    )
