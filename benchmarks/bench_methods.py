"""Time dependent effects, Bayes, networks, selection models and exact conditional models beside their peers.

    python benchmarks/bench_methods.py            # prints the tables of README.md
    python benchmarks/bench_methods.py --dense    # metafor's dense three-level model of 2,000 rows too: minutes

Two times of a peer are shown: the one quoted in the issue that set the goals (metafor 5.1-12, bayesmeta 3.4, netmeta
3.6-2; R 4.2.2, two cores, reference BLAS), and what metafor takes here, if Rscript is there with the package. All times
taken here are those of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.bayes import HalfNormal, bayes_pool
from hipevidence.bias import selection_model
from hipevidence.multilevel import three_level
from hipevidence.network import decompose, from_contrasts, network, rank, split
from hipevidence.rare import glmm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VALIDATION = Path(__file__).parents[1] / "validation"
ROWS, ROWS_A_STUDY, FEWER_ROWS = 2000, 5, 500


@dataclass(frozen=True)
class Task:
    """One analysis.

    Attributes
    ----------
    name
        What it is.
    ours
        Runs it here.
    peer
        What the peer runs.
    quoted
        Its time in seconds as the issue gives it; None if it gives none.
    goal
        How many times faster the issue asks for; None if it asks for nothing.
    r_code
        The same in R after ``r_setup``; empty if the peer is not metafor.
    r_setup
        Puts the data into R.
    """

    name: str
    ours: Callable[[], object]
    peer: str
    quoted: float | None
    goal: float | None
    r_code: str = ""
    r_setup: str = ""


def best(function: Callable[[], object], budget: float = 3.0) -> float:
    """Return the shortest of the processor times that fit into the budget (both in seconds)."""
    times: list[float] = []
    while sum(times) < budget:
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def read(*path: str) -> dict[str, Any]:
    """Return one file of the validation's data."""
    return dict(json.loads(VALIDATION.joinpath(*path).read_text(encoding="utf-8")))


def in_r(**columns: Any) -> str:
    """Return R code that holds these numbers."""
    return "; ".join(
        f"{name} <- c({','.join(map(repr, np.asarray(column).tolist()))})" for name, column in columns.items()
    )


def nested(rows: int) -> dict[str, Any]:
    """Return made-up effects of several rows a study, always the same."""
    generator = np.random.default_rng(rows)
    study = np.repeat(np.arange(rows // ROWS_A_STUDY), ROWS_A_STUDY)
    v = generator.uniform(0.02, 0.3, rows)
    between = generator.normal(0.0, 0.05**0.5, rows // ROWS_A_STUDY)[study]
    return {"y": 0.3 + between + generator.normal(0.0, np.sqrt(0.03 + v)), "v": v, "study": study}


def three_level_tasks(*, dense: bool) -> Iterator[Task]:
    """Yield the three-level models."""
    code = "rma.mv(y, v, random = ~ 1 | study / id{})"
    for rows in (FEWER_ROWS, ROWS):
        data = nested(rows)

        def run(data: dict[str, Any] = data) -> object:
            return three_level(data["y"], data["v"], data["study"], tau2_ci=None)

        setup = in_r(**data, id=np.arange(rows))
        big = rows == ROWS
        run_dense = code.format("") if dense or not big else ""
        name = f"three-level model, {rows:,} rows"
        yield Task(name, run, "metafor, dense", 387.0 if big else 5.3, 100.0 if big else None, run_dense, setup)
        sparse = code.format(", sparse = TRUE")
        yield Task(name, run, "metafor, sparse", 3.4 if big else 0.55, 3.0 if big else None, sparse, setup)


def network_tasks() -> Iterator[Task]:
    """Yield the network: what netmeta() gives, the model alone, and with P-scores."""
    arms = read("network", "arms.json")["networks"]["Senn2013"]
    differences = differences_of(**arms["arms"])

    def fit() -> Any:
        return network(from_contrasts(**differences), method="DL")

    def everything() -> Any:
        result = fit()
        return result, decompose(result), split(result), split(result, model="common")

    def ranked() -> object:
        result, *others = everything()
        return others, rank(result, smaller_is_better=True, draws=2)

    yield Task("network of 26 trials, Senn 2013: all that netmeta() gives", everything, "netmeta", 6.0, 1000.0)
    yield Task("the same, both models without the parts of Q and the splits", fit, "netmeta", 6.0, None)
    yield Task("the same, with P-scores and decomp.design", ranked, "netmeta, decomp.design", 8.0, None)


def differences_of(
    study: list[str], treatment: list[str], n: list[float], mean: list[float], sd: list[float]
) -> dict[str, list[Any]]:
    """Return every difference of means within the trials, which is what netmeta() is given."""
    pairs = [(one, other) for one, other in itertools.combinations(range(len(study)), 2) if study[one] == study[other]]
    return {
        "study": [study[one] for one, _ in pairs],
        "treatment1": [treatment[one] for one, _ in pairs],
        "treatment2": [treatment[other] for _, other in pairs],
        "effect": [mean[one] - mean[other] for one, other in pairs],
        "se": [(sd[one] ** 2 / n[one] + sd[other] ** 2 / n[other]) ** 0.5 for one, other in pairs],
    }


def tasks(*, dense: bool) -> Iterator[Task]:
    """Yield every task."""
    yield from three_level_tasks(dense=dense)
    bcg = read("bayes", "bayesmeta.json")["cases"]["bcg_RR"]
    yield Task(
        "Bayesian random effects, k = 13",
        lambda: bayes_pool(bcg["yi"], bcg["vi"], tau_prior=HalfNormal(0.5)),
        "bayesmeta",
        15.0,
        1000.0,
    )
    yield from network_tasks()
    (smoke,) = (case for case in read("bias", "metafor.json")["cases"] if case["name"] == "hackshaw1998")
    yield Task(
        "beta selection model, k = 37",
        lambda: selection_model(smoke["yi"], smoke["vi"], weights="beta"),
        "metafor",
        15.0,
        100.0,
        "selmodel(fit, type = 'beta')",
        in_r(y=smoke["yi"], v=smoke["vi"]) + "; fit <- rma(y, v, method = 'ML')",
    )
    table = read("rare", "metafor.json")["data"]["nielweise2007"]
    yield Task(
        "exact conditional GLMM, k = 18",
        lambda: glmm("OR", events1=table["ai"], n1=table["n1i"], events2=table["ci"], n2=table["n2i"], model="CM.EL"),
        "metafor",
        12.0,
        20.0,
        "rma.glmm(measure = 'OR', ai = ai, n1i = n1i, ci = ci, n2i = n2i, model = 'CM.EL')",
        in_r(**table),
    )


def time_in_r(task: Task) -> float | None:
    """Return how long the peer takes here, in seconds; None where it cannot run."""
    program = shutil.which("Rscript")
    if program is None or not task.r_code:
        return None
    script = f"suppressMessages(library(metafor)); {task.r_setup}; cat(sum(system.time({task.r_code})[1:2]))"
    command = [program, "-"]
    run = subprocess.run(command, input=script, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    return None if run.returncode else float(run.stdout.split()[-1])


def version_of_metafor() -> str:
    """Return the version of metafor that can run here, empty if none."""
    program = shutil.which("Rscript")
    if program is None:
        return ""
    command = [program, "-e", "cat(as.character(packageVersion('metafor')))"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    return "" if run.returncode else run.stdout.strip()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dense", action="store_true", help="run metafor's dense model of 2,000 rows too")
    version = version_of_metafor()
    print(f"metafor here: {version or 'cannot run'}\n")
    print("| task | hipevidence, ms | peer | quoted, s | times faster | goal | here, s | times faster |")
    print("|---|---:|---|---:|---:|---:|---:|---:|")
    for task in tasks(dense=parser.parse_args().dense):
        seconds, here = best(task.ours), time_in_r(task)
        cells = [task.name, f"{seconds * 1e3:.1f}", task.peer]
        cells += [f"{task.quoted:g}", f"{task.quoted / seconds:,.0f}"] if task.quoted else ["", ""]
        cells += [f"{task.goal:,.0f}" if task.goal else ""]
        cells += [f"{here:.2f}", f"{here / seconds:,.0f}"] if here else ["", ""]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
