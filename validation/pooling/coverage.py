"""How often do 95 % intervals of the pooled effect hold the truth? Simulated through pool_many.

    python validation/pooling/coverage.py

Writes coverage.csv beside itself: the same seed gives the same file. Sampling variances are a quarter of a chi-square
with one degree of freedom, kept between 0.009 and 0.6 (Brockwell & Gordon 2001, doi:10.1002/sim.650).
"""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import numpy as np
import pandas as pd

from hipevidence.frames import pool_many

REPLICATIONS = 10_000
TRUTH = 0.5
STUDIES = (3, 5, 10, 20)
TAU2 = (0.0, 0.1, 0.5)
INTERVALS = ("wald", "t", "HKSJ", "HKSJ-modified")
SEED = 20_260_101


def variances(generator: np.random.Generator, k: int) -> np.ndarray:
    """Return sampling variances, shape (replications, k)."""
    values = 0.25 * generator.chisquare(1.0, (REPLICATIONS, k))
    while True:
        outside = (values < 0.009) | (values > 0.6)
        if not outside.any():
            return values
        values[outside] = 0.25 * generator.chisquare(1.0, int(outside.sum()))


def main() -> None:
    """Simulate every setting and write the table."""
    generator = np.random.default_rng(SEED)
    rows = []
    for k, tau2 in itertools.product(STUDIES, TAU2):
        vi = variances(generator, k)
        yi = generator.normal(TRUTH, np.sqrt(vi + tau2))
        replication = np.repeat(np.arange(REPLICATIONS), k)
        table = pd.DataFrame({"replication": replication, "yi": yi.ravel(), "vi": vi.ravel()})
        for ci in INTERVALS:
            fits = pool_many(table, ["replication"], ci=ci, tau2_ci="QP" if ci == "wald" else None)
            hit = (fits.ci_low <= TRUTH) & (fits.ci_high >= TRUTH)
            width = float(np.median(fits.ci_high - fits.ci_low))
            rows.append(("mean", ci, k, tau2, f"{hit.mean():.4f}", f"{width:.4f}"))
            if ci == "wald":
                hit = (fits.tau2_low <= tau2) & (fits.tau2_high >= tau2)
                rows.append(
                    ("tau2", "QP", k, tau2, f"{hit.mean():.4f}", f"{np.nanmedian(fits.tau2_high - fits.tau2_low):.4f}")
                )
    with (Path(__file__).parent / "coverage.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("quantity", "interval", "k", "tau2", "coverage", "median_width"))
        writer.writerows(rows)
    for row in rows:
        print(*row)


if __name__ == "__main__":
    main()
