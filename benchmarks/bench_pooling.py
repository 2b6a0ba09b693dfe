"""Time the pooling kernel beside its peers on the same data.

    python benchmarks/bench_pooling.py

Python peers run here if they are installed. metafor runs through Rscript if that is there with the package; otherwise
the table quotes what metafor 5.1-12 took (R 4.2.2, two cores, reference BLAS).
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import time
import tracemalloc
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.pooling import fit_many, gosh, influence, permutation_test, pool

if TYPE_CHECKING:
    from collections.abc import Callable

QUOTED = {
    "one REML fit, k = 13": 0.007,
    "2,000 REML fits, k = 10": 17.6,
    "GOSH, 13 studies, REML, 8,191 subsets": 61.0,
    "1,000 permutations of a moderator, k = 13": 6.5,
    "8,192 sign flips, REML, k = 13": 58.0,
    "one REML fit, k = 4,000": 294.0,
    "influence, k = 160": 4.7,
}
R_CODE = {
    "one REML fit, k = 13": "rma(y, v)",
    "2,000 REML fits, k = 10": "for (i in 1:2000) rma(y, v, test='knha')",
    "GOSH, 13 studies, REML, 8,191 subsets": "gosh(rma(y, v), progbar=FALSE)",
    "1,000 permutations of a moderator, k = 13": "permutest(rma(y, v, mods=~x), iter=1000, progbar=FALSE)",
    "8,192 sign flips, REML, k = 13": "permutest(rma(y, v), exact=TRUE, progbar=FALSE)",
    "one REML fit, k = 4,000": "rma(y, v)",
    "influence, k = 160": "influence(rma(y, v))",
}


def best(function: Callable[[], object], repeats: int = 7) -> float:
    """Return the shortest of several times, in seconds: the one that others disturbed least."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times)


def data(n: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n made-up meta-analyses of k studies, always the same."""
    generator = np.random.default_rng(k)
    vi = generator.uniform(0.02, 0.3, (n, k))
    return generator.normal(0.3, np.sqrt(vi + 0.1)), vi


def ours() -> dict[str, float]:
    """Time the kernel."""
    y, v = (table[0] for table in data(1, 13))
    many_y, many_v = data(2000, 10)
    long_y, long_v = (table[0] for table in data(1, 4000))
    wide_y, wide_v = (table[0] for table in data(1, 160))
    moderator = np.arange(13.0)
    return {
        "one REML fit, k = 13": best(lambda: pool(y, v), 50),
        "2,000 REML fits, k = 10": best(lambda: fit_many(many_y, many_v), 60),
        "GOSH, 13 studies, REML, 8,191 subsets": best(lambda: gosh(y, v, smallest=1)),
        "1,000 permutations of a moderator, k = 13": best(lambda: permutation_test(y, v, moderator, ci="wald")),
        "8,192 sign flips, REML, k = 13": best(lambda: permutation_test(y, v, ci="wald")),
        "one REML fit, k = 4,000": best(lambda: pool(long_y, long_v), 20),
        "influence, k = 160": best(lambda: influence(wide_y, wide_v)),
    }


def metafor() -> dict[str, float] | None:
    """Time metafor, or return None where it cannot run."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    times: dict[str, float] = {}
    for name, code in R_CODE.items():
        k = 10 if "k = 10" in name else 4000 if "4,000" in name else 160 if "160" in name else 13
        y, v = (",".join(map(repr, table[0].tolist())) for table in data(1, k))
        script = (
            f"suppressMessages(library(metafor)); y <- c({y}); v <- c({v}); x <- seq_along(y); invisible(rma(y, v));"
        )
        script += f"cat(system.time({code})[['elapsed']])"
        run = subprocess.run([program, "-e", script], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if run.returncode:
            return None
        times[name] = float(run.stdout.split()[-1])
    return times


def python_peers() -> list[tuple[str, str, float]]:
    """Time the Python peers on what they can do: name, task, seconds."""
    rows: list[tuple[str, str, float]] = []
    y, v = data(2000, 10)
    if importlib.util.find_spec("pymare"):
        from pymare import Dataset  # noqa: PLC0415 - it may not be installed
        from pymare.estimators import VarianceBasedLikelihoodEstimator  # noqa: PLC0415 - the same

        estimator = VarianceBasedLikelihoodEstimator(method="REML")
        dataset = Dataset(y=y.T, v=v.T)

        def run() -> object:
            summary = estimator.fit_dataset(dataset).summary()
            return summary.get_fe_stats(), summary.get_heterogeneity_stats()

        rows.append(("PyMARE", "2,000 REML fits, k = 10", best(run, 15)))
    if importlib.util.find_spec("statsmodels"):
        from statsmodels.stats.meta_analysis import combine_effects  # noqa: PLC0415 - the same

        rows.append(
            ("statsmodels (Paule-Mandel)", "one fit", best(lambda: combine_effects(y[0], v[0], use_t=True), 200))
        )
    if importlib.util.find_spec("meta_analyze"):
        from meta_analyze import meta_analysis  # noqa: PLC0415 - the same

        def fit() -> object:
            return meta_analysis(effect=y[0], variance=v[0], tau2_method="reml", ci_method="hartung_knapp")

        rows.append(("PyMetaAnalysis (REML, Hartung-Knapp, Q-profile)", "one fit with interval of tau²", best(fit, 50)))
    return rows


def scaling() -> None:
    """Print time per fit and peak memory, which should not grow with the batch."""
    print("\n| batch | k | µs a fit | peak MiB beside the result |")
    print("|---:|---:|---:|---:|")
    for n, k in ((1000, 10), (10_000, 10), (100_000, 10), (1000, 100), (100, 1000), (10, 10_000)):
        y, v = data(n, k)
        seconds = best(lambda y=y, v=v: fit_many(y, v), 3)
        tracemalloc.start()
        fit_many(y, v)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        print(f"| {n} | {k} | {seconds / n * 1e6:.1f} | {peak - n * 29 * 8 / 2**20:.1f} |")


def main() -> None:
    """Print the tables."""
    measured, theirs = ours(), metafor()
    print(f"metafor: {'run here' if theirs else 'quoted, not run here'}\n")
    print("| task | hipevidence, ms | metafor, ms | times faster |")
    print("|---|---:|---:|---:|")
    for name, seconds in measured.items():
        peer = (theirs or QUOTED)[name]
        print(f"| {name} | {seconds * 1e3:.2f} | {peer * 1e3:.0f} | {peer / seconds:,.0f} |")
    print("\n| Python peer | task | ms | hipevidence, ms | times faster |")
    print("|---|---|---:|---:|---:|")
    y, v = (table[0] for table in data(2000, 10))
    single = {
        "one fit": best(lambda: pool(y, v, method="PM", tau2_ci=None), 200),
        "one fit with interval of tau²": best(lambda: pool(y, v).tau2_ci, 200),
    }
    for peer_name, task, seconds in python_peers():
        own = (measured | single)[task]
        print(f"| {peer_name} | {task} | {seconds * 1e3:.2f} | {own * 1e3:.2f} | {seconds / own:.1f} |")
    scaling()


if __name__ == "__main__":
    main()
