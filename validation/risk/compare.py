"""Print how the dose-response numbers of this package compare with printed ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from hipevidence.risk.dose_response import DoseStudy, covariance, dose_response

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


if __name__ == "__main__":
    main()
