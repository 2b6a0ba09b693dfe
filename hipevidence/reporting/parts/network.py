"""Several treatments compared at once: what the networks of the protocol say, and how little they rest on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.comparisons import compare_treatments
from hipevidence.comparisons.wording import answer
from hipevidence.figures.network_forest import network_forest, network_forest_description
from hipevidence.figures.network_graph import network_graph, network_graph_description
from hipevidence.reporting import network_tables as tables
from hipevidence.reporting.model import Part
from hipevidence.reporting.numbers import leading_part
from hipevidence.reporting.pictures import embed
from hipevidence.reporting.text import tidy

if TYPE_CHECKING:
    from hipevidence.claims import Verdict
    from hipevidence.comparisons import Piece, TreatmentComparison
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Network
    from hipevidence.reporting.model import Figure, Table
    from hipevidence.synthesis import Synthesis

TITLE: Final = "Several treatments at once"
INTRODUCTION: Final = (
    (
        "A network compares treatments directly, where a trial has both, and through each other, where no trial does. "
        "That holds only if each trial would have found the same differences in the patients of the others; nothing in "
        "the figures can show that it would."
    ),
    (
        "Ranks belong beside the differences, not in their place: one small trial can rank a treatment first, and a "
        "rank says neither how large a difference is nor whether it matters."
    ),
)


def network_section(evidence: Evidence, _: tuple[Synthesis, ...], __: tuple[Verdict, ...]) -> Part | None:
    """Return one part a network of the protocol, or ``None`` where it has none."""
    parts = tuple(_network(evidence, entry) for entry in evidence.networks)
    return Part("networks", TITLE, INTRODUCTION, parts=parts) if parts else None


def _network(evidence: Evidence, entry: Network) -> Part:
    found = compare_treatments(evidence, entry)
    key = f"network-{entry.id}"
    inconsistent = tuple(_inconsistency(piece) for piece in found.pieces)
    paragraphs = (entry.plain, *answer(found), *inconsistent, *entry.caveats)
    part = Part(
        key,
        tidy(entry.title),
        tuple(tidy(text) for text in paragraphs if text),
        figures=_figures(found, key),
        tables=_tables(found, key),
    )
    return leading_part(part, tables.rows_anchor(key)) if found.contrasts else part


def _figures(found: TreatmentComparison, key: str) -> tuple[Figure, ...]:
    if found.result is None:
        return ()
    title = tidy(found.network.title)
    graph = embed(
        network_graph(found.result), f"{key}-graph", f"Network graph: {title}", network_graph_description(found.result)
    )
    forests = (
        embed(
            network_forest(found, piece),
            f"{key}-forest{_number(found, place)}",
            f"Treatments against {tidy(piece.result.reference)}: {title}",
            network_forest_description(found, piece),
        )
        for place, piece in enumerate(found.pieces)
    )
    return (graph, *forests)


def _tables(found: TreatmentComparison, key: str) -> tuple[Table, ...]:
    made: list[Table] = []
    rows = tables.rows_anchor(key)
    for place, piece in enumerate(found.pieces):
        own = f"{key}{_number(found, place)}"
        made += [
            tables.against_reference(found, piece, own).resting_on(rows, 1),
            tables.league(found, piece, own).resting_on(rows, 0),
            tables.ranks(piece, own).resting_on(rows, 1),
            tables.directness(piece, own).resting_on(rows, 1),
            tables.shares(piece, own).resting_on(rows, 0),
        ]
    if found.contrasts:
        made.append(tables.rows_used(found, key))
    if found.absent:
        made.append(tables.rows_left_out(found, key))
    return tuple(made)


def _number(found: TreatmentComparison, place: int) -> str:
    return f"-{fmt.count(place + 1)}" if len(found.pieces) > 1 else ""


def _inconsistency(piece: Piece) -> str:
    """Say whether direct and indirect evidence can be compared at all, and what the test between designs says."""
    parts = piece.decomposition
    if not parts.between.df:
        return (
            "No loop of comparisons comes from different trials, so direct and indirect evidence cannot be held "
            "against each other; that no inconsistency shows here means nothing."
        )
    degrees = fmt.plural(parts.between.df, "degree")
    text = (
        f"Direct and indirect evidence as a whole: Q between designs {fmt.number(parts.between.q)} on {degrees} of "
        f"freedom, P {fmt.p_value(parts.between.p_value)}"
    )
    if not math.isnan(parts.interaction.p_value):
        text += f"; with differences between trials allowed for, P {fmt.p_value(parts.interaction.p_value)}"
    return f"{text}. With so few trials such a test finds little, and a large P is no proof of agreement."
