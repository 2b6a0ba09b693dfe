"""Size of tests and coverage of adjusted effects, where the truth is known; writes simulation.csv.

python validation/bias/simulate.py     # some minutes

Egger's tests run in one batch a cell through the regression kernel. Seeds are fixed, so the file is the same every time
the code is.
"""

from __future__ import annotations

import csv
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.bias import henmi_copas, limit_meta_analysis, pet_peese, selection_model
from hipevidence.pooling import fit_many
from hipevidence.pooling.batch import orthonormal
from hipevidence.pooling.options import Options
from hipevidence.pooling.regressions import fit_regressions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.pooling.batch import Floats

HERE = Path(__file__).parent
TRUE = 0.3
REPEATS_EGGER = 10_000
REPEATS_ADJUSTED = 500
TESTS = (("mixed, Wald", "REML", "wald"), ("mixed, Hartung-Knapp", "REML", "HKSJ"), ("linear", "EE", "HKSJ"))
Row = tuple[str, str, int, float, float, float]
"""What, where, number of studies, tau², chance of publication if not significant, share."""


def variances(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Return sampling variances as trials of 20 to 400 people have them."""
    return 4.0 / np.exp(rng.uniform(np.log(20.0), np.log(400.0), shape))


def egger_size() -> Iterator[Row]:
    """Yield the share of P values below 0.05 without any small-study effect."""
    for seed, (k, tau2) in enumerate(itertools.product((5, 10, 20, 40), (0.0, 0.05, 0.2))):
        rng = np.random.default_rng(seed)
        v = variances(rng, (REPEATS_EGGER, k))
        y = rng.normal(TRUE, np.sqrt(v + tau2))
        columns, back = orthonormal(np.stack([np.ones_like(v), np.sqrt(v)], axis=2))
        mask = np.ones(v.shape, dtype=np.bool_)
        for name, method, ci in TESTS:
            fits = fit_regressions(y, v, mask, columns, back, Options(method, ci))
            yield "Egger, P < 0.05", name, k, tau2, 1.0, float((fits.p_value[:, 1] < 0.05).mean())


def published(rng: np.random.Generator, k: int, tau2: float, chance: float) -> tuple[Floats, Floats]:
    """Return k studies that were published: all that are significant, and this share of the others."""
    v = variances(rng, (60 * k,))
    y = rng.normal(TRUE, np.sqrt(v + tau2))
    seen = (y / np.sqrt(v) > 1.959963984540054) | (rng.uniform(size=len(v)) < chance)
    return y[seen][:k], v[seen][:k]


def adjusted_coverage() -> Iterator[Row]:
    """Yield how often each adjustment's 95% interval holds the truth or is missing, and how often the test rejects."""
    for seed, (k, tau2, chance) in enumerate(itertools.product((10, 20, 40), (0.02, 0.1), (1.0, 0.2))):
        rng = np.random.default_rng(1000 + seed)
        found: dict[str, list[float]] = {}
        rejected = []
        for _ in range(REPEATS_ADJUSTED):
            y, v = published(rng, k, tau2, chance)
            plain = fit_many(y, v, ci="HKSJ-modified", prediction=None)
            found.setdefault("none", []).append(float(plain.ci_low[0] <= TRUE <= plain.ci_high[0]))
            selection = selection_model(y, v)
            rejected.append(float(selection.lrt_p_value < 0.05))
            for name, result in (
                ("step selection", selection),
                ("PET-PEESE", pet_peese(y, v)),
                ("limit", limit_meta_analysis(y, v)),
                ("Henmi-Copas", henmi_copas(y, v)),
            ):
                found.setdefault(name, []).append(float(result.ci.contains(TRUE)) if result.ci.exists else np.nan)
        yield "selection test, P < 0.05", "step selection", k, tau2, chance, float(np.mean(rejected))
        for name, hits in found.items():
            yield "coverage of 95% intervals", name, k, tau2, chance, float(np.nanmean(hits))
            yield "without an interval", name, k, tau2, chance, float(np.isnan(hits).mean())


def main() -> None:
    """Write every cell."""
    with (HERE / "simulation.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["what", "method", "k", "tau2", "published_if_not_significant", "share"])
        for row in (*egger_size(), *adjusted_coverage()):
            writer.writerow([*row[:-1], f"{row[-1]:.4f}"])


if __name__ == "__main__":
    main()
