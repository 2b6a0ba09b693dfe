"""Work out moments of posteriors with 40 digits and write bayes.json, to say who is right where bayesmeta differs.

    pip install mpmath && python validation/exact/bayes.py     # about a minute

Everything is integrated over tau by tanh-sinh quadrature, from the formulas of the model and nothing of this package.
Moments exist where prior and likelihood fall fast enough together: for large tau the likelihood falls as tau^(1 - k)
with a flat prior of the mean and as tau^-k with a normal one, a half-Cauchy prior as tau^-2. So with three studies, the
fewest here, the density of tau falls as tau^-4 at least: all standard deviations exist (third moments need not).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mpmath as mp

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
DIGITS = 15
EDGES = ["0", "0.05", "0.1", "0.2", "0.4", "0.7", "1", "1.5", "2", "4", "8", "32", "256", "4096", "inf"]
"""Where the integrals are cut, so that every piece is smooth."""


def half_normal(scale: str) -> Callable[[Any], Any]:
    """Return the density of a half-normal prior."""
    s = mp.mpf(scale)
    return lambda t: mp.sqrt(2 / mp.pi) / s * mp.exp(-t * t / (2 * s * s))


def half_cauchy(scale: str) -> Callable[[Any], Any]:
    """Return the density of a half-Cauchy prior."""
    s = mp.mpf(scale)
    return lambda t: 2 / (mp.pi * s * (1 + (t / s) ** 2))


PRIORS = {"half_normal_0.5": half_normal("0.5"), "half_cauchy_0.5": half_cauchy("0.5")}
MU_PRIORS = {"flat": 0, "normal(0, 2)": mp.mpf(1) / 4}
"""Precision of the prior of the mean, which is around 0."""


def moments(case: dict[str, Any], prior: Callable[[Any], Any], precision: Any) -> dict[str, Any]:
    """Return means and standard deviations of mu, theta and tau."""
    y, v = ([mp.mpf(repr(value)) for value in case[name]] for name in ("yi", "vi"))

    def given(t: Any) -> tuple[Any, Any, Any]:
        w = [1 / (variance + t * t) for variance in v]
        total = sum(w) + precision
        mean = sum(a * b for a, b in zip(w, y, strict=True)) / total
        misfit = sum(a * (b - mean) ** 2 for a, b in zip(w, y, strict=True)) + precision * mean**2
        return prior(t) * mp.sqrt(mp.fprod(w) / total) * mp.exp(-misfit / 2), mean, 1 / total

    def integral(function: Callable[[Any, Any, Any], Any]) -> Any:
        def integrand(t: Any) -> Any:
            density, mean, variance = given(t)
            return density * function(t, mean, variance)

        return mp.quad(integrand, [mp.mpf(edge) for edge in EDGES])

    whole = integral(lambda *_: 1)
    center = integral(lambda _t, m, _v: m) / whole
    tau = integral(lambda t, *_: t) / whole
    return {
        "mu mean": center,
        "mu sd": mp.sqrt(integral(lambda _t, m, v: v + (m - center) ** 2) / whole),
        "theta sd": mp.sqrt(integral(lambda t, m, v: v + t * t + (m - center) ** 2) / whole),
        "tau mean": tau,
        "tau sd": mp.sqrt(integral(lambda t, *_: (t - tau) ** 2) / whole),
    }


def main() -> None:
    """Write the file."""
    mp.mp.dps = 40
    cases = json.loads((HERE.parent / "bayes" / "bayesmeta.json").read_text(encoding="utf-8"))["cases"]
    found = [
        {"case": name, "tau_prior": prior, "mu_prior": mu}
        | {key: float(mp.nstr(value, DIGITS + 2)) for key, value in moments(case, PRIORS[prior], precision).items()}
        for name, case in cases.items()
        for prior in PRIORS
        for mu, precision in MU_PRIORS.items()
    ]
    content = {
        "provenance": {
            "made_by": f"bayes.py with mpmath {mp.__version__}, 40 digits, tanh-sinh quadrature over tau",
            "data": "those of ../bayes/bayesmeta.json",
        },
        "moments": found,
    }
    (HERE / "bayes.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
