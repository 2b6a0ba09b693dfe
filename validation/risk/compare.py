"""Print how the dose-response numbers of this package compare with printed ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from hipevidence.risk.dose_response import DoseStudy, covariance, dose_response, quadratic

HERE = Path(__file__).parent


def line(what: str, found: object, printed: object) -> None:
    """Print one line of the table: how many numbers, and the largest relative difference."""
    ours, theirs = np.asarray(found, dtype=float), np.asarray(printed, dtype=float)
    print(f"| {what} | {theirs.size} | {np.max(np.abs(ours / theirs - 1.0)):.1e} |")


def main() -> None:
    """Print the table of the README."""
    values: dict[str, Any] = json.loads((HERE / "dose_response.json").read_text(encoding="utf-8"))
    rohan, legrady = values["rohan1988"], values["legrady1987"]
    breast = DoseStudy.from_limits(**rohan["table"])
    print("| what | numbers | largest relative difference |\n|---|---|---|")
    trend = dose_response([breast], covariance_method="independent", stages="one")
    expected = rohan["independent"]
    line("Rohan 1988, ratios taken as independent: chi-squared, P", [trend.chi2, trend.p_value],
         [expected["chi2"], expected["p_value"]])  # fmt: skip
    table = dict(legrady["table"])
    ratio = np.exp(table.pop("log_ratio"))
    for design in ("incidence", "cumulative"):
        study = DoseStudy(design=design, ratio=ratio, **table)
        line(f"LeGrady 1987, covariances, taken as {design}", covariance(study).matrix, legrady["greenland_longnecker"])
    corrected(breast, rohan["greenland_longnecker"])
    six_studies(values["alcohol_cvd"])


def corrected(study: DoseStudy, expected: dict[str, Any]) -> None:
    """Print the trend of one study with covariances."""
    trend = dose_response([study], stages="one")
    found = [trend.coefficients[0], trend.standard_errors[0], trend.chi2, trend.p_value, trend.log_likelihood]
    names = ("estimate", "standard_error", "chi2", "p_value", "log_likelihood")
    line("Rohan 1988, corrected trend: all that is printed", found, [expected[name] for name in names])


def six_studies(values: dict[str, Any]) -> None:
    """Print what dosresmeta prints on six studies; cumulative ones as rates, which is how it treats them."""
    studies = []
    for one in values["tables"]:
        cells = dict(one)
        cells["design"] = {"cumulative": "incidence"}.get(cells["design"], cells["design"])
        studies.append(DoseStudy(ratio=np.exp(cells.pop("log_ratio")), **cells))
    printed = [values["covariances"][str(number)] for number in range(1, 7)]
    found = [covariance(one).matrix for one in studies]
    flat = [np.concatenate([np.ravel(block) for block in blocks]) for blocks in (found, printed)]
    line("six studies of alcohol, covariances", *flat)
    for method in ("greenland_longnecker", "hamling"):
        ours = np.concatenate([covariance(one, method=method).cases for one in studies[:4]])  # type: ignore[arg-type]  # both are names of methods
        theirs = np.concatenate([values[f"{method}_cases"][str(number)] for number in range(1, 5)])
        line(f"four of them, counts by {method}", ours, theirs)
    curve = dose_response(studies).curve([12.0])
    line("linear, two stages, REML: ratio and limits", [curve.ratio, curve.ci.low, curve.ci.high],
         np.reshape(values["linear_reml"]["ratio_per_12"], (3, 1)))  # fmt: skip
    bent = dose_response(studies, basis=quadratic())
    expected = values["quadratic_reml"]
    line("quadratic, two stages, REML: coefficients", bent.coefficients, expected["coefficients"])
    line("quadratic: covariances of coefficients", bent.covariance, expected["covariance"])
    curve = bent.curve(expected["dose"])
    line("quadratic: curve with limits", [curve.ratio, curve.ci.low, curve.ci.high],
         [expected["ratio"], expected["low"], expected["high"]])  # fmt: skip


if __name__ == "__main__":
    main()
