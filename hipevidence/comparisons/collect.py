"""From rows to contrasts: every pair of treatments is a question, and its rows enter by the rules of a question."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import TYPE_CHECKING, Any, Final

from scipy import special

from hipevidence.comparisons.result import Absent, Contrast
from hipevidence.evidence.models import Question
from hipevidence.results import Interval
from hipevidence.synthesis import RowEffect, synthesise
from hipevidence.synthesis.nulls import one_per_sample, zero_rows

if TYPE_CHECKING:
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Network, Node
    from hipevidence.synthesis import Synthesis

#: Keys of a network that are the same in the question about each of its pairs.
_COPIED: Final = (
    "population",
    "outcome",
    "designs",
    "measure",
    "score",
    "sex",
    "time_weeks",
    "time_target",
    "lower_is_better",
    "prefer_instruments",
    "only_instruments",
    "exclude",
    "assumed_sizes",
    "level",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """The question whether one treatment differs from another, with its answer."""

    first: Node
    second: Node
    answer: Synthesis


def pairs(evidence: Evidence, network: Network) -> tuple[Pair, ...]:
    """Return the answer of every ordered pair of treatments that can stand in the two arms of a row."""
    return tuple(
        Pair(first, second, synthesise(evidence, _question(network, first, second)))
        for first, second in itertools.permutations(network.nodes, 2)
        if first.intervention and second.comparator
    )


def _question(network: Network, first: Node, second: Node) -> Question:
    shared = {name: getattr(network, name) for name in _COPIED}
    return Question(
        id=f"{network.id}.{first.id}.{second.id}",
        title=f"{first.label} against {second.label}",
        plain="",
        intervention=first.intervention,
        comparator=second.comparator,
        arms=(first.label, second.label),
        favours=(first.label, second.label),
        **shared,
    )


def contrasts_of(evidence: Evidence, found: tuple[Pair, ...]) -> list[Contrast]:
    """Return the rows of all pairs that have figures, in the order of the table."""
    records = {str(record["row_id"]): record for record in evidence.records("studies")}
    place = {key: number for number, key in enumerate(records)}
    rows = [_contrast(pair, row, records[row.row_id]) for pair in found for row in pair.answer.rows]
    return sorted(rows, key=lambda one: place[one.row.row_id])


def _contrast(pair: Pair, row: RowEffect, record: dict[str, Any]) -> Contrast:
    named = dataclasses.replace(row, label=str(record["study"]))
    return Contrast(pair.first.label, pair.second.label, named, record["instrument"], record["time_weeks"])


def null_contrasts(evidence: Evidence, found: tuple[Pair, ...], used: list[Contrast]) -> tuple[list[Contrast], str]:
    """Return known null results without figures as contrasts of zero, and a note on those that could not be counted.

    Parameters
    ----------
    evidence
        The tables.
    found
        The pairs.
    used
        Contrasts with figures; their people never count a second time, and they supply the spread of a difference in
        points.
    """
    rows = tuple(one.row for one in used)
    zeros: list[Contrast] = []
    notes: list[str] = []
    records = {str(record["row_id"]): record for record in evidence.records("studies")}
    for pair in found:
        keys = one_per_sample(evidence, {row.row_id for row in pair.answer.nulls}, pair.answer.question.time_target)
        variances, note = zero_rows(evidence, keys, pair.answer.question, rows)
        if note:
            notes.append(f"{pair.answer.question.title}: {note}")
        for key, variance in variances.items():
            record = records[key]
            sizes = pair.answer.question.assumed_sizes.get(key, (record["n1"], record["n2"]))
            zeros.append(_zero(pair, record, variance, sizes))
    return zeros, " ".join(notes)


def absent_rows(evidence: Evidence, network: Network, found: tuple[Pair, ...]) -> list[Absent]:
    """Return every row on these people and this outcome that entered no pair, in the order of the table."""
    seen = {row.row_id for pair in found for row in pair.answer.rows}
    reasons = {
        row.row_id: Absent(row.row_id, row.study, row.kind, row.reason)
        for pair in found
        for row in pair.answer.left_out
    }
    return [
        reasons.get(key) or Absent(key, str(record["study"]), "no_node", _no_node(evidence, network, record))
        for record in evidence.records("studies")
        if (key := str(record["row_id"])) in reasons or (key not in seen and _about(evidence, network, record))
    ]


def _about(evidence: Evidence, network: Network, record: dict[str, Any]) -> bool:
    """Return whether a row compares two arms in these people, on this outcome, in a design that the network takes."""
    if (network.sex and record["sex"] not in network.sex) or record["design"] not in network.designs:
        return False
    return all(
        not evidence.vocabulary.broader(part, record[part]).isdisjoint(getattr(network, part))
        for part in ("population", "outcome")
    )


def _no_node(evidence: Evidence, network: Network, record: dict[str, Any]) -> str:
    """Return which arms of a row are none of the treatments."""
    owners = {
        side: [node.label for node in network.nodes if _covers(evidence, side, getattr(node, side), record[side])]
        for side in ("intervention", "comparator")
    }
    labels = [_label(evidence, side, record[side]) for side, owner in owners.items() if not owner]
    if labels:
        return f"{' and '.join(labels)}: none of the treatments compared here"
    return f"both arms are {owners['intervention'][0]}"


def _covers(evidence: Evidence, side: str, keys: tuple[str, ...], key: str) -> bool:
    return any(evidence.vocabulary.covers(side, broad, key) for broad in keys)


def _label(evidence: Evidence, side: str, key: str) -> str:
    terms = evidence.vocabulary.get(side, {})
    return terms[key].label if key in terms else key


def _zero(pair: Pair, record: dict[str, Any], variance: float, sizes: tuple[float, float]) -> Contrast:
    level = pair.answer.question.level
    half = float(special.ndtri(0.5 + level / 2)) * math.sqrt(variance)
    row = RowEffect(
        row_id=record["row_id"],
        study_id=record["study_id"],
        sample_id=record["sample_id"],
        label=str(record["study"]),
        year=None if math.isnan(record["year"]) else int(record["year"]),
        yi=0.0,
        vi=variance,
        ci=Interval(-half, half, level),
        weight=math.nan,
        measure=pair.answer.question.measure,
        how="found no difference and prints no figure: counted as zero",
        method="",
        arm1="",
        arm2="",
        n1=float(sizes[0]),
        n2=float(sizes[1]),
        design=record["design"],
        verification=record["verification"],
        read_in=record["read_in"],
        url=record["url"],
        doi=record["doi"],
        note=record["note"],
    )
    return Contrast(pair.first.label, pair.second.label, row, record["instrument"], record["time_weeks"], zero=True)
