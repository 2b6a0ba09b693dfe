"""Coverage of intervals for dependent effects when the working model is wrong; writes coverage.csv.

Studies with one to six rows; sampling errors correlated 0.6 within a study; variance 0.05 between studies, 0.03 between
rows. The mean is 0.3. Analysed ignoring the correlation, with the correlation, and as if all rows were independent.
"""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.multilevel import cluster_robust, correlated_hierarchical, three_level

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from hipevidence.multilevel import MultilevelResult

SEED = 20261123
REPLICATIONS = 1000
STUDIES = (5, 10, 20, 40)
MEAN, BETWEEN, WITHIN, CORRELATION = 0.3, 0.05, 0.03, 0.6

ANALYSES: dict[str, Callable[..., MultilevelResult]] = {
    "independent rows, model-based": functools.partial(three_level, components=["row"], ci="wald", tau2_ci=None),
    "independent rows, CR2": functools.partial(cluster_robust, ci="CR2"),
    "three-level, wald": functools.partial(three_level, ci="wald", tau2_ci=None),
    "three-level, t": functools.partial(three_level, ci="t", tau2_ci=None),
    "three-level, CR1": functools.partial(three_level, ci="CR1", tau2_ci=None),
    "three-level, CR2": functools.partial(three_level, ci="CR2", tau2_ci=None),
    "correlated 0.6, CR2": functools.partial(correlated_hierarchical, correlation=0.6, ci="CR2", tau2_ci=None),
}


def draw(
    random: np.random.Generator, studies: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Draw effects, variances and study numbers."""
    rows = random.integers(1, 7, studies)
    study = np.repeat(np.arange(studies), rows)
    v = np.repeat(random.uniform(0.02, 0.15, studies), rows)
    shared = random.normal(size=studies)[study]
    errors = np.sqrt(v) * (np.sqrt(CORRELATION) * shared + np.sqrt(1.0 - CORRELATION) * random.normal(size=len(v)))
    effects = (
        MEAN + np.sqrt(BETWEEN) * random.normal(size=studies)[study] + np.sqrt(WITHIN) * random.normal(size=len(v))
    )
    return effects + errors, v, study


def main() -> None:
    """Run the simulation and write one row a setting and analysis."""
    random = np.random.default_rng(SEED)
    with (Path(__file__).parent / "coverage.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["studies", "analysis", "replications", "with_interval", "coverage", "median_width"])
        for studies in STUDIES:
            samples = [draw(random, studies) for _ in range(REPLICATIONS)]
            for name, analyse in ANALYSES.items():
                intervals = [analyse(*sample).ci for sample in samples]
                known = [interval for interval in intervals if interval.exists]
                covered = float(np.mean([interval.contains(MEAN) for interval in known]))
                width = float(np.median([interval.high - interval.low for interval in known]))
                row = [studies, name, REPLICATIONS, len(known), f"{covered:.4f}", f"{width:.4f}"]
                table.writerow(row)
                print(*row, sep="\t")


if __name__ == "__main__":
    main()
