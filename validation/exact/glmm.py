"""Work out the mixed models of nielweise2007 with 40 digits and write glmm.json: who is right where metafor differs.

    pip install mpmath && python validation/exact/glmm.py     # about a minute

Likelihoods are written from the models' definitions (Stijnen, Hamza & Ozdemir 2010, doi:10.1002/sim.4040), integrals by
the trapezoidal rule on the whole line (an integrand without poles within distance d of it leaves an error of
exp(-2 pi d / step); here d = pi / tau), maxima by Newton steps on differences; nothing of this package is used.
``behind`` is how far below the exact maximum the log-likelihood lies at the peer's answer, ``rule`` what half the step
changes in the log-likelihood.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mpmath as mp
from newton import climb, differences

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
REACH = 14
"""Beyond it the normal density is below 1e-42."""
STEP = mp.mpf(1) / 5
Study = tuple[int, int, int, int]
"""Events and persons of arm 1, events and persons of arm 2."""


@functools.cache
def points(step: Any) -> list[tuple[Any, Any]]:
    """Return places and weights of the rule for the mean of a function of a standard normal variable."""
    places = [step * number for number in range(-int(REACH / step), int(REACH / step) + 1)]
    return [(place, step * mp.npdf(place)) for place in places]


def over_normal(function: Callable[[Any], Any], step: Any) -> Any:
    """Return the mean of a function of a standard normal variable."""
    return mp.fsum(weight * function(place) for place, weight in points(step))


def binomial(events: int, persons: int, log_odds: Any) -> Any:
    """Return the probability of that many events."""
    p = 1 / (1 + mp.exp(-log_odds))
    return mp.binomial(persons, events) * p**events * (1 - p) ** (persons - events)


def exact_conditional(study: Study, theta: Any, tau: Any, step: Any = STEP) -> Any:
    """Return the log-likelihood of one study in CM.EL: a non-central hypergeometric count."""
    a, n1, c, n2 = study
    events = a + c
    tables = {
        x: mp.binomial(n1, x) * mp.binomial(n2, events - x) for x in range(max(0, events - n2), min(n1, events) + 1)
    }

    def chance(z: Any) -> Any:
        ratio = mp.exp(theta + tau * z)
        return tables[a] * ratio**a / mp.polyval([tables.get(x, 0) for x in range(max(tables), -1, -1)], ratio)

    return mp.log(over_normal(chance, step))


def approximate_conditional(study: Study, theta: Any, tau: Any, step: Any = STEP) -> Any:
    """Return the same in CM.AL: a binomial count with the persons as offset."""
    a, n1, c, n2 = study
    offset = mp.log(mp.mpf(n1) / n2)
    return mp.log(over_normal(lambda z: binomial(a, a + c, theta + tau * z + offset), step))


def unconditional(study: Study, theta: Any, tau: Any, alpha: Any, step: Any = STEP) -> Any:
    """Return the same in UM.FS: two binomial counts, half of the study's deviation on either arm."""
    a, n1, c, n2 = study

    def chance(z: Any) -> Any:
        return binomial(a, n1, alpha + theta + tau * z / 2) * binomial(c, n2, alpha - tau * z / 2)

    return mp.log(over_normal(chance, step))


def conditional_model(studies: list[Study], one: Callable[..., Any]) -> Callable[[list[Any]], tuple[Any, Any, Any]]:
    """Return value and derivatives of a model with parameters theta and tau."""
    return lambda at: differences(lambda point: mp.fsum(one(study, *point) for study in studies), at)


def unconditional_model(studies: list[Study]) -> Callable[[list[Any]], tuple[Any, Any, Any]]:
    """Return the same for theta, tau and one intercept a study, each of which touches its own study only."""

    def expand(at: list[Any]) -> tuple[Any, Any, Any]:
        value, gradient, hessian = mp.mpf(0), mp.zeros(len(at), 1), mp.zeros(len(at))
        for own, study in enumerate(studies, start=2):
            places = (0, 1, own)
            part, slope, bend = differences(lambda p, s=study: unconditional(s, *p), [at[place] for place in places])
            value += part
            for i, row in enumerate(places):
                gradient[row] += slope[i]
                for j, column in enumerate(places):
                    hessian[row, column] += bend[i, j]
        return value, gradient, hessian

    return expand


def best_intercept(study: Study, theta: Any, tau: Any) -> Any:
    """Return the intercept of one study that fits best, given the other parameters."""
    a, n1, c, n2 = study
    start = mp.log((a + c + mp.mpf(1) / 2) / (n1 + n2 - a - c)) - theta / 2
    return climb(lambda at: differences(lambda p: unconditional(study, theta, tau, p[0]), at), [start])[0][0]


def main() -> None:
    """Write the file."""
    peer = json.loads((HERE.parent / "rare" / "metafor.json").read_text(encoding="utf-8"))
    table = peer["data"]["nielweise2007"]
    every = zip(table["ai"], table["n1i"], table["ci"], table["n2i"], strict=True)
    studies: list[Study] = [(int(a), int(m), int(c), int(n)) for a, m, c, n in every if a + c > 0]
    theirs = {
        (row["call"], row["quantity"]): row["value"] for row in peer["values"] if row["name"] == "dat.nielweise2007"
    }
    found = {}
    for model in ("CM.EL", "CM.AL", "UM.FS"):
        there = [mp.mpf(theirs[f"rma.glmm OR {model}", name]) for name in ("est", "tau2")]
        there[1] = mp.sqrt(there[1])
        if model == "UM.FS":
            expand = unconditional_model(studies)
            there += [best_intercept(study, *there[:2]) for study in studies]
        else:
            expand = conditional_model(studies, exact_conditional if model == "CM.EL" else approximate_conditional)
        at_peer = expand(there)[0]
        at, value, covariance = climb(expand, there)
        own = at[2:] or [None] * len(studies)
        one = {"CM.EL": exact_conditional, "CM.AL": approximate_conditional, "UM.FS": unconditional}[model]
        finer = mp.fsum(
            one(study, *at[:2], *([] if alpha is None else [alpha]), step=STEP / 2)
            for study, alpha in zip(studies, own, strict=True)
        )
        found[model] = {
            "estimate": float(at[0]), "se": float(mp.sqrt(covariance[0, 0])), "tau2": float(at[1] ** 2),
            "log_likelihood": float(value), "behind": float(value - at_peer), "rule": float(abs(finer - value)),
        }  # fmt: skip
        print(model, found[model], flush=True)
    content = {
        "provenance": {
            "made_by": f"glmm.py with mpmath {mp.__version__}, 40 digits",
            "data": "nielweise2007 of ../rare/metafor.json, studies with events",
        },
        "models": found,
    }
    (HERE / "glmm.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
