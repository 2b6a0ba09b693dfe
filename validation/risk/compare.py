"""Print how the dose-response numbers of this package compare with printed ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from hipevidence.risk.dose_response import DoseStudy, covariance, dose_response

HERE = Path(__file__).parent


def difference(found: object, printed: object) -> tuple[int, float]:
    """Return how many numbers there are, and the largest relative difference."""
    ours, theirs = np.asarray(found, dtype=float), np.asarray(printed, dtype=float)
    return theirs.size, float(np.max(np.abs(ours / theirs - 1.0)))


def compare() -> dict[str, tuple[int, float]]:
    """Return, by what was compared, how many numbers and the largest difference."""
    values: dict[str, Any] = json.loads((HERE / "dose_response.json").read_text(encoding="utf-8"))
    rohan, legrady = values["rohan1988"], values["legrady1987"]
    breast = DoseStudy.from_limits(**rohan["table"])
    trend = dose_response([breast], covariance_method="independent", stages="one")
    expected = rohan["independent"]
    what = "Rohan 1988, ratios taken as independent: chi-squared, P"
    table = {what: difference([trend.chi2, trend.p_value], [expected["chi2"], expected["p_value"]])}
    columns = dict(legrady["table"])
    ratio = np.exp(columns.pop("log_ratio"))
    for design in ("incidence", "cumulative"):
        study = DoseStudy(design=design, ratio=ratio, **columns)
        what = f"LeGrady 1987, covariances, taken as {design}"
        table[what] = difference(covariance(study).matrix, legrady["greenland_longnecker"])
    return table


def main() -> None:
    """Print the table of the README."""
    print("| what | numbers | largest relative difference |\n|---|---|---|")
    for what, (count, worst) in compare().items():
        print(f"| {what} | {count} | {worst:.1e} |")


if __name__ == "__main__":
    main()
