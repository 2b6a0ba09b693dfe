"""The dependent-effects models beside metafor's and clubSandwich's: ``python validation/make_table.py multilevel``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hipevidence.multilevel import cluster_robust, three_level

if TYPE_CHECKING:
    from collections.abc import Iterator

Comparison = tuple[str, str, float, float]
"""Kind, what, our number, the peer's."""


def load() -> dict[str, Any]:
    """Return the reference values."""
    return dict(json.loads((Path(__file__).parent / "metafor.json").read_text(encoding="utf-8")))


def comparisons() -> Iterator[Comparison]:
    """Yield every comparison."""
    peer = load()
    values = {(row["name"], row["call"], row["quantity"]): row["value"] for row in peer["values"]}
    data = peer["data"]["konstantopoulos2011"]
    sample = (data["yi"], data["vi"], data["district"])
    for method in ("ML", "REML"):
        fit = three_level(*sample, method=method, tau2_ci=None)
        call = f"rma.mv(~1|district/study,'{method}')"
        ours = {"mu": fit.estimate, "se": fit.se, "sigma2[1]": fit.study.sigma2, "sigma2[2]": fit.row.sigma2}
        ours["ll"] = fit.log_likelihood
        for quantity, value in ours.items():
            kind = "three-level, log-likelihood" if quantity == "ll" else "three-level"
            yield kind, f"{method} {quantity}", value, values["dat.konstantopoulos2011", call, quantity]
    yield "three-level, Q", "Q", fit.q, peer["konstantopoulos2011"]["three_level"]["Q"]
    yield from _robust_districts(sample, peer["konstantopoulos2011"])
    yield from _bcg(peer["data"]["bcg"], values)


def _robust_districts(sample: tuple[Any, ...], peer: dict[str, Any]) -> Iterator[Comparison]:
    for kind, name in (("CR1p", "robust_cr1"), ("CR2", "robust_cr2")):
        fit = three_level(*sample, ci=kind, tau2_ci=None)
        for quantity, value in {"se": fit.se, "p": fit.p_value, "df": fit.df}.items():
            if quantity in peer[name]:
                yield f"robust, {kind}", f"konstantopoulos2011 {quantity}", value, peer[name][quantity]


def _bcg(data: dict[str, Any], values: dict[tuple[str, str, str], float]) -> Iterator[Comparison]:
    trial = list(range(len(data["yi"])))
    for name, cluster in (("trial", trial), ("alloc", data["alloc"])):
        for kind in ("CR0", "CR1", "CR1p", "CR2"):
            fit = cluster_robust(data["yi"], data["vi"], cluster, ci=kind)
            call = f"vcovCR(REML,cluster={name},type='{kind}')"
            yield f"robust, {kind}", f"bcg {name} var", fit.se**2, values["dat.bcg logRR", call, "var"]
            if name == "trial" and kind == "CR2":
                call = "coef_test CR2 Satterthwaite cluster=trial"
                yield "robust, CR2", "bcg df", fit.df, values["dat.bcg logRR", call, "df"]
                yield "robust, CR2", "bcg t", fit.statistic, values["dat.bcg logRR", call, "t"]
