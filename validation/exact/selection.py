"""Work out smooth selection models of hackshaw1998 with 40 digits and write selection.json: where metafor differs.

    pip install mpmath && python validation/exact/selection.py     # some minutes

The likelihood is written from its definition, the maximum found by Newton steps on differences from the peer's answer;
nothing of this package is used. The normalising integral: where the weight is constant beyond a smallest P value, two
normal tails and Gauss's rule between them; elsewhere the trapezoidal rule, which converges exponentially. ``behind`` is
how far below the exact maximum the exact log-likelihood lies at the peer's answer, ``integral`` how far off the peer's
own log-likelihood is there, ``rule`` what a rule twice as fine changes in the log-likelihood.
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
WEIGHTS: dict[str, Callable[[Any, list[Any]], Any]] = {
    "halfnorm": lambda p, d: mp.exp(-d[0] * p * p),
    "negexp": lambda p, d: mp.exp(-d[0] * p),
    "logistic": lambda p, d: 2 * mp.exp(-d[0] * p) / (1 + mp.exp(-d[0] * p)),
    "power": lambda p, d: (1 - p) ** d[0],
    "beta": lambda p, d: p ** (d[0] - 1) * (1 - p) ** (d[1] - 1),
}
LEAST = {"beta": "1e-5", "power": "1e-5"}
"""Beyond this P value and 1 minus it the weight is constant, as in the peer; elsewhere it never is."""
REACH = 14
"""Standard deviations beyond which the normal density is below 1e-42."""
STEP = mp.mpf(1) / 8
NODES = 96


def upper(z: Any) -> Any:
    """Return the P value of z."""
    return mp.erfc(z / mp.sqrt(2)) / 2


@functools.cache
def places(least: str, step: Any) -> list[tuple[Any, Any, Any]]:
    """Return z, P and width at the points of the rule: trapezoidal on the line, or Gauss's where the weight changes."""
    if not float(least):
        reach = int(80 / step)
        return [(step * n, upper(step * n), step) for n in range(-reach, reach + 1)]
    end = edge(least)
    nodes = int(NODES * mp.mpf(1) / 8 / step)
    roots, widths = gauss(nodes)
    return [(end * x, upper(end * x), end * w) for x, w in zip(roots, widths, strict=True)]


def edge(least: str) -> Any:
    """Return the z value of the smallest P value."""
    return mp.sqrt(2) * mp.erfinv(1 - 2 * mp.mpf(least))


def gauss(count: int) -> tuple[list[Any], list[Any]]:
    """Return nodes and weights of Gauss's rule on -1 to 1: the roots of a Legendre polynomial, by Newton steps."""
    roots, weights = [], []
    for number in range(count):
        x = mp.cos(mp.pi * (number + mp.mpf(3) / 4) / (count + mp.mpf(1) / 2))
        for _ in range(8):
            last, now = mp.mpf(1), x
            for degree in range(2, count + 1):
                last, now = now, ((2 * degree - 1) * x * now - (degree - 1) * last) / degree
            slope = count * (x * now - last) / (x * x - 1)
            x -= now / slope
        roots.append(x)
        weights.append(2 / ((1 - x * x) * slope * slope))
    return roots, weights


def log_likelihood(y: list[Any], v: list[Any], kind: str, at: list[Any], step: Any = STEP) -> Any:
    """Return the log-likelihood at mean, tau² and the parameters of the weight."""
    mean, tau2, *delta = at
    least = LEAST.get(kind, "0")
    table = [(z, WEIGHTS[kind](p, delta) * width) for z, p, width in places(least, step)]
    total = mp.mpf(0)
    for effect, variance in zip(y, v, strict=True):
        se, sd = mp.sqrt(variance), mp.sqrt(variance + tau2)
        inside = [(z, w) for z, w in table if abs(z * se - mean) < REACH * sd or float(least)]
        chance = mp.fsum(w * mp.exp(-(((z * se - mean) / sd) ** 2) / 2) for z, w in inside)
        chance *= se / (sd * mp.sqrt(2 * mp.pi))
        p = upper(effect / se)
        if float(least):
            small, large = mp.mpf(least), 1 - mp.mpf(least)
            p = min(max(p, small), large)
            chance += WEIGHTS[kind](small, delta) * upper((edge(least) * se - mean) / sd)
            chance += WEIGHTS[kind](large, delta) * upper((edge(least) * se + mean) / sd)
        total += mp.log(WEIGHTS[kind](p, delta)) + mp.log(mp.npdf(effect, mean, sd)) - mp.log(chance)
    return total


def main() -> None:
    """Write the file."""
    peer = json.loads((HERE.parent / "bias" / "metafor.json").read_text(encoding="utf-8"))
    (case,) = (case for case in peer["cases"] if case["name"] == "hackshaw1998")
    y, v = ([mp.mpf(repr(value)) for value in case[name]] for name in ("yi", "vi"))
    found = {}
    for kind in WEIGHTS:
        call = f"selmodel(ML,type='{kind}',steps=)"
        theirs = {row["quantity"]: row["value"] for row in peer["values"] if row["call"] == call}
        start = [theirs["beta"], theirs["tau2"], *(theirs[name] for name in sorted(theirs) if name.startswith("delta"))]

        def expand(at: list[Any], kind: str = kind) -> tuple[Any, Any, Any]:
            return differences(lambda point: log_likelihood(y, v, kind, point), at)

        at_peer = log_likelihood(y, v, kind, [mp.mpf(value) for value in start])
        at, value, covariance = climb(expand, start)
        finer = log_likelihood(y, v, kind, at, STEP / 2)
        found[kind] = {
            "estimate": float(at[0]), "se": float(mp.sqrt(covariance[0, 0])), "tau2": float(at[1]),
            "delta": [float(value) for value in at[2:]], "log_likelihood": float(value),
            "behind": float(value - at_peer), "integral": float(theirs["ll"] - at_peer),
            "rule": float(abs(finer - value)),
        }  # fmt: skip
        print(kind, found[kind], flush=True)
    content = {
        "provenance": {
            "made_by": f"selection.py with mpmath {mp.__version__}, 40 digits",
            "data": "hackshaw1998 of ../bias/metafor.json",
        },
        "models": found,
    }
    (HERE / "selection.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
