"""Networks beside netmeta's, those of counts beside clogit's too: ``python validation/make_table.py network``."""

from __future__ import annotations

import json
import re
from itertools import combinations, permutations
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hipevidence.network import counts_network, decompose, from_arms, from_contrasts, network, rank, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hipevidence.network import NetworkData, NetworkResult

HERE = Path(__file__).parent
REFERENCES = {"Senn2013": "plac", "smokingcessation": "A", "Woods2010": "Placebo"}
SMALLER_IS_BETTER = {"Senn2013": True, "smokingcessation": False, "Woods2010": True}
DECIMALS = 4
"""Decimals of the differences and standard errors that the peer had: sitagliptin 0.1291; the arms give 0.12912."""
THREE_ARMS = "Willms (1999)"


class Number(NamedTuple):
    """One number of ours beside the peer's."""

    network: str
    what: str
    quantity: str
    ours: float
    theirs: float

    @property
    def difference(self) -> float:
        """Relative difference; absolute where the peer's value is 0."""
        return abs(self.ours - self.theirs) / (abs(self.theirs) or 1.0)


def read(name: str) -> dict[str, Any]:
    """Return one file of this folder."""
    content: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return content


def load(name: str) -> NetworkData:
    """Return the network of that name as the peer had it: Senn2013 from rounded differences, the others from arms."""
    return from_contrasts(**senn_contrasts()) if name == "Senn2013" else load_arms(name)


def load_arms(name: str) -> NetworkData:
    """Return the network of that name from its arms."""
    entry = read("arms")["networks"][name]
    return from_arms(entry["measure"], **entry["arms"])


def senn_contrasts() -> dict[str, Any]:
    """Return all pairwise differences of Senn2013, worked out from its arms and rounded as the peer had them."""
    arms = read("arms")["networks"]["Senn2013"]["arms"]
    rows: list[tuple[Any, ...]] = []
    for study in dict.fromkeys(arms["study"]):
        own = [place for place, other in enumerate(arms["study"]) if other == study]
        for one, other in combinations(own, 2):
            variance = sum(arms["sd"][arm] ** 2 / arms["n"][arm] for arm in (one, other))
            effect = round(arms["mean"][one] - arms["mean"][other], DECIMALS)
            rows.append(
                (study, arms["treatment"][one], arms["treatment"][other], effect, round(variance**0.5, DECIMALS))
            )
    names = ("study", "treatment1", "treatment2", "effect", "se")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


def senn_as_netmeta_reads_it() -> NetworkData:
    """Return Senn2013 as netmeta's ML and REML see it: the three-arm trial without its covariance."""
    table = senn_contrasts()
    keep = [
        row
        for row, study in enumerate(table["study"])
        if study != THREE_ARMS or {table["treatment1"][row], table["treatment2"][row]} != {"metf", "acar"}
    ]
    own = [table["se"][row] ** 2 for row in keep if table["study"][row] == THREE_ARMS]
    diagonal = [[own[0], 0.0], [0.0, own[1]]]
    kept: dict[str, Any] = {name: [values[row] for row in keep] for name, values in table.items()}
    return from_contrasts(**kept, covariances={THREE_ARMS: diagonal})


def numbers() -> Iterator[Number]:
    """Return every number of the peer that this package computes too, with ours."""
    for name, by_method in read("netmeta_values")["networks"].items():
        for method, entry in by_method.items():
            yield from _of_call(name, method, entry["values"])
    for name, by_call in read("netmeta_values")["counts"].items():
        for call, values in by_call.items():
            yield from _of_counts(name, call, values)
    for name, entry in read("clogit")["networks"].items():
        yield from _of_clogit(name, entry)


def _of_clogit(name: str, entry: dict[str, Any]) -> Iterator[Number]:
    """Compare the exact likelihood: every difference, its standard error, and the P-scores that the peer's give."""
    arms = read("arms")["networks"][name]["arms"]
    kept = [row for row, study in enumerate(arms["study"]) if study in entry["studies"]]
    result = counts_network(**{column: [values[row] for row in kept] for column, values in arms.items()}, method="NCH")
    treatments = [entry["reference"], *entry["treatments"]]
    estimate, covariance = np.append(0.0, entry["estimate"]), np.pad(np.array(entry["covariance"]), ((1, 0), (1, 0)))
    certainty = dict.fromkeys(treatments, 0.0)
    for (i, one), (j, other) in permutations(enumerate(treatments), 2):
        theirs, se = estimate[i] - estimate[j], (covariance[i, i] + covariance[j, j] - 2.0 * covariance[i, j]) ** 0.5
        certainty[one] += NormalDist().cdf(theirs / se) / (len(treatments) - 1)
        if i < j:
            ours = result.versus(one, other)
            yield Number(name, "counts, NCH", f"clogit {one} vs {other}", ours.estimate, theirs)
            yield Number(name, "counts, NCH", f"clogit se {one} vs {other}", ours.se, se)
    ranks = rank(result, smaller_is_better=False, draws=2)
    for treatment, theirs in certainty.items():
        ours = float(ranks.p_scores[result.index(treatment)])
        yield Number(name, "counts, NCH, P-scores", f"clogit P-score {treatment}", ours, theirs)


def _of_counts(name: str, call: str, values: dict[str, float]) -> Iterator[Number]:
    """Compare a network of counts; what the peer calls NCH is the multinomial likelihood."""
    method = {"netmetabin MH": "MH", "netmetabin NCH": "multinomial"}[call]
    result = counts_network(**read("arms")["networks"][name]["arms"], method=method)
    plain = {
        "k": result.trials,
        "m": result.comparisons,
        "n": len(result.treatments),
        "d": result.designs,
        "Q.inconsistency": result.q,
        "df.Q.inconsistency": result.df,
    }
    for quantity, theirs in values.items():
        if quantity in plain:
            ours = float(plain[quantity])
        else:
            one, other = quantity.removeprefix("common ").removeprefix("se ").split(" vs ")
            comparison = result.versus(one, other)
            ours = comparison.se if " se " in quantity else comparison.estimate
        yield Number(name, f"counts, {method}", f"{call} {quantity}", ours, theirs)


def _of_call(name: str, method: str, values: dict[str, float]) -> Iterator[Number]:
    """Compare all values of one call; the peer's ML and REML use the peer's own tau² (see the README)."""
    data = load(name)
    if method == "DL":
        result = network(data, method="DL", reference=REFERENCES[name])
    else:
        peer = network(senn_as_netmeta_reads_it(), method=method)
        yield Number(name, "tau² (ML, REML; peer's covariance)", f"{method} tau2", peer.tau2, values["tau2"])
        result = network(data, tau2=values["tau2"], reference=REFERENCES[name])
    readers = _readers(result, SMALLER_IS_BETTER[name])
    for quantity, theirs in values.items():
        if quantity == "tau2" and method != "DL":
            continue
        what, ours = next((what, read_it(quantity)) for what, fits, read_it in readers if re.search(fits, quantity))
        yield Number(name, what, f"{method} {quantity}", ours, theirs)


Reader = tuple[str, str, "Callable[[str], float]"]


def _readers(result: NetworkResult, smaller_is_better: bool) -> list[Reader]:  # noqa: FBT001 - handed on
    """Return what each kind of quantity is called, the pattern of its name, and how to read it from our results."""
    parts, splits = decompose(result), split(result)
    ranks = {
        model: rank(result, smaller_is_better=smaller_is_better, model=model, draws=2) for model in ("common", "random")
    }

    def effect(quantity: str) -> float:
        model, pair = re.fullmatch(r"(common|random)(?: se)? (.+ vs .+)", quantity).groups()  # type: ignore[union-attr]  # the pattern chose it
        one, other = pair.split(" vs ")
        comparison = result.versus(one, other, model)
        return comparison.se if " se " in quantity else comparison.estimate

    def prediction(quantity: str) -> float:
        end, pair = re.fullmatch(r"predict (lo|hi) (.+)", quantity).groups()  # type: ignore[union-attr]  # the same
        interval = result.versus(*pair.split(" vs ")).prediction
        return interval.low if end == "lo" else interval.high

    def score(quantity: str) -> float:
        model, treatment = re.match(r"P-score (\w+) (\S+) ", quantity).groups()  # type: ignore[union-attr]  # the same
        return float(ranks[model].p_scores[result.index(treatment)])

    def part(quantity: str) -> float:
        kind, pair = re.fullmatch(r"netsplit (.+) (\S+:\S+)", quantity).groups()  # type: ignore[union-attr]  # the same
        one, other = pair.split(":")
        sign, place = _find(splits.treatment1, splits.treatment2, one, other)
        fields = {"random direct": splits.direct, "random indirect": splits.indirect, "random z": splits.statistic}
        return float(splits.proportion[place]) if kind == "prop.random" else sign * float(fields[kind][place])

    plain = {
        "k": result.trials,
        "m": result.comparisons,
        "n": len(result.treatments),
        "d": result.designs,
        "Q": result.q,
        "df.Q": result.df,
        "pval.Q": result.p_value,
        "I2": result.i2 / 100.0,
        "lower.I2": result.i2_ci.low / 100.0,
        "upper.I2": result.i2_ci.high / 100.0,
        "tau2": result.tau2,
        "Q.heterogeneity": parts.within.q,
        "df.Q.heterogeneity": parts.within.df,
        "Q.inconsistency": parts.between.q,
        "df.Q.inconsistency": parts.between.df,
        "decomp Total Q": parts.total.q,
        "decomp Total df": parts.total.df,
        "decomp Within designs Q": parts.within.q,
        "decomp Within designs df": parts.within.df,
        "decomp Between designs Q": parts.between.q,
        "decomp Between designs df": parts.between.df,
        "Q.inc.random (design-by-treatment)": parts.interaction.q,
        "tau.within": parts.tau2_within**0.5,
    }
    return [
        ("effects and standard errors", r"^(common|random) ", effect),
        ("prediction intervals", r"^predict ", prediction),
        ("P-scores", r"^P-score ", score),
        ("net splitting", r"^netsplit ", part),
        ("Q decomposition, interaction", r"^decomp |^Q\.|^df\.Q\.|^tau\.within", lambda name: float(plain[name])),
        ("Q, I², tau² (DL), counts", r"", lambda name: float(plain[name])),
    ]


def _find(first: tuple[str, ...], second: tuple[str, ...], one: str, other: str) -> tuple[float, int]:
    pairs = list(zip(first, second, strict=True))
    return (1.0, pairs.index((one, other))) if (one, other) in pairs else (-1.0, pairs.index((other, one)))
