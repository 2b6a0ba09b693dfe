"""The rare-event methods beside metafor's and meta's: ``python validation/make_table.py rare`` prints the table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hipevidence.rare import glmm, mantel_haenszel, peto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.rare import CommonEffectResult

Comparison = tuple[str, str, float, float]
"""Kind, what, our number, the peer's."""


def load(name: str) -> dict[str, Any]:
    """Return one file of reference values."""
    return dict(json.loads((Path(__file__).parent / name).read_text(encoding="utf-8")))


def two_by_two(data: dict[str, list[float]]) -> dict[str, Any]:
    """Return counts by the names of this package."""
    column = {name: np.array(values) for name, values in data.items()}
    if "bi" in column:
        column |= {"n1i": column["ai"] + column["bi"], "n2i": column["ci"] + column["di"]}
    return {"events1": column["ai"], "n1": column["n1i"], "events2": column["ci"], "n2": column["n2i"]}


def comparisons() -> Iterator[Comparison]:
    """Yield every comparison."""
    peer = load("metafor.json")
    values = {(row["name"], row["call"], row["quantity"]): row["value"] for row in peer["values"]}
    bcg, nielweise = two_by_two(peer["data"]["bcg"]), two_by_two(peer["data"]["nielweise2007"])
    for measure in ("OR", "RR", "RD"):
        ours = _common(mantel_haenszel(measure, **bcg))
        for quantity, value in ours.items():
            if ("dat.bcg", f"rma.mh('{measure}')", quantity) in values:
                where = f"bcg {measure} {quantity}"
                yield "Mantel-Haenszel", where, value, values["dat.bcg", f"rma.mh('{measure}')", quantity]
    for quantity, value in _common(peto(**bcg)).items():
        if ("dat.bcg", "rma.peto", quantity) in values:
            yield "Peto", f"bcg {quantity}", value, values["dat.bcg", "rma.peto", quantity]
    pooled = mantel_haenszel("OR", **nielweise)
    ours = {"estimate": pooled.estimate, "se": pooled.se, "ci_low": pooled.ci.low, "ci_high": pooled.ci.high}
    for quantity, value in (ours | {"Q": pooled.q}).items():
        reference = peer["nielweise2007"]["mantel_haenszel"][quantity]
        yield "Mantel-Haenszel", f"nielweise2007 {quantity}", value, reference
    pooled = peto(**nielweise)
    for quantity, value in {"estimate": pooled.estimate, "se": pooled.se}.items():
        yield "Peto", f"nielweise2007 {quantity}", value, peer["nielweise2007"]["peto"][quantity]
    yield from _meta(bcg)
    for model in ("CM.EL", "CM.AL", "UM.FS", "UM.RS"):
        fit = glmm("OR", model=model, **nielweise)
        for quantity, value in {"est": fit.estimate, "se": fit.se, "tau2": fit.tau2}.items():
            reference = values["dat.nielweise2007", f"rma.glmm OR {model}", quantity]
            yield f"GLMM {model}", f"nielweise2007 {quantity}", value, reference


def _common(fit: CommonEffectResult) -> dict[str, float]:
    ours = {"est": fit.estimate, "se": fit.se, "Q": fit.q}
    if fit.association is not None:
        ours["CMH"] = fit.association.statistic
    if fit.homogeneity is not None:
        ours["Tarone"] = fit.homogeneity.statistic
    return ours


def _meta(bcg: dict[str, Any]) -> Iterator[Comparison]:
    names = {"MH OR": "OR", "MH RR": "RR", "MH RD": "RD"}
    fits = {call: mantel_haenszel(measure, convention="meta", **bcg) for call, measure in names.items()}
    fits["Peto"] = peto(**bcg)
    for row in load("meta.json")["values"]:
        fit = fits[row["call"].removeprefix("metabin ")]
        ours = {"TE.common": fit.estimate, "seTE.common": fit.se, "Q": fit.q}
        ours |= {"lower.common": fit.ci.low, "upper.common": fit.ci.high}
        yield "as meta", f"{row['call']} {row['quantity']}", ours[row["quantity"]], row["value"]
