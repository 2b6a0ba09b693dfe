"""RevMan 5 files (.rm5): XML, read without its document type, so that nothing in it can unfold or fetch anything."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from hipevidence.errors import InputError
from hipevidence.evidence.exchange.columns import Row, as_number, effect_cells, paper
from hipevidence.evidence.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS: Final = ("DICH", "CONT", "IV", "IPD")
#: RevMan's names of effect measures, in ours.
MEASURES: Final = {
    "OR": "OR",
    "PETO_OR": "OR",
    "RR": "RR",
    "RD": "RD",
    "MD": "MD",
    "SMD": "SMD",
    "HAZARD RATIO": "HR",
    "ODDS RATIO": "OR",
    "RISK RATIO": "RR",
    "MEAN DIFFERENCE": "MD",
}


def read_rm5(data: bytes, measure: str = "") -> list[Row]:
    """Return the data of every outcome of a RevMan 5 file in our columns.

    Parameters
    ----------
    data
        Bytes of the file.
    measure
        Effect size code of generic outcomes where the file does not say it.

    Returns
    -------
    list of dict
        Our columns; the comparison and outcome stand in ``population_detail``.

    Raises
    ------
    InputError
        If it is no RevMan file, or declares entities.
    """
    root = parse_safely(data)
    papers = {node.get("ID", ""): paper(node.get("NAME", ""), node.get("YEAR", "")) for node in root.iter("STUDY")}
    rows = [row for comparison in root.iter("COMPARISON") for row in _comparison(comparison, papers, measure)]
    if not rows:
        raise InputError("found no data in this file; allowed: a RevMan 5 file with analyses. Is it a protocol only?")
    return rows


def parse_safely(data: bytes) -> ET.Element:
    """Return the root of an XML document that declares no entities.

    Raises
    ------
    InputError
        If it is no XML, or declares entities.
    """
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the C function takes no keyword
        return builder.close()
    except (expat.ExpatError, AssertionError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"found no XML ({plain(str(error))}); allowed: a RevMan 5 file (.rm5). Export it again."
        ) from error


def _refuse(*_: object) -> None:
    raise InputError("found entity declarations in the XML; allowed: a RevMan 5 file, which has none. Do not open it.")


def _comparison(comparison: ET.Element, papers: dict[str, Row], measure: str) -> Iterator[Row]:
    for kind in KINDS:
        for outcome in comparison.iter(f"{kind}_OUTCOME"):
            place = "; ".join(part for part in (_name(comparison), _name(outcome)) if part)
            said = MEASURES.get(outcome.get("EFFECT_MEASURE", "").upper(), measure)
            for node in outcome.iter(f"{kind}_DATA"):
                figures = _figures(kind, node, said)
                head = papers.get(node.get("STUDY_ID", ""), paper(node.get("STUDY_ID", "")))
                if figures:
                    yield head | {"population_detail": place} | {name: text for name, text in figures.items() if text}


def _name(node: ET.Element) -> str:
    text = node.findtext("NAME") or node.get("NAME") or ""
    return " ".join(text.split())


def _figures(kind: str, node: ET.Element, measure: str) -> Row:
    if kind == "DICH":
        return _renamed(node, events1="EVENTS_1", n1="TOTAL_1", events2="EVENTS_2", n2="TOTAL_2")
    if kind == "CONT":
        first = _renamed(node, mean1_post="MEAN_1", sd1_post="SD_1", n1="TOTAL_1")
        return first | _renamed(node, mean2_post="MEAN_2", sd2_post="SD_2", n2="TOTAL_2")
    sizes = _renamed(node, n1="TOTAL_1", n2="TOTAL_2")
    if kind == "IV" and node.get("ESTIMATE") and as_number(node.get("SE", "0")) > 0:
        return sizes | effect_cells(node.get("ESTIMATE", ""), node.get("SE", ""), measure)
    variance = as_number(node.get("VARIANCE") or node.get("VAR") or "0")
    if kind == "IPD" and variance > 0:
        estimate = as_number(node.get("O_E", "0")) / variance
        return sizes | effect_cells(repr(estimate), repr(1 / math.sqrt(variance)), measure or "HR")
    return {}


def _renamed(node: ET.Element, **names: str) -> Row:
    """Return attributes under our names; RevMan writes 0 for a size or spread that is not there."""
    found = {ours: node.get(theirs, "") for ours, theirs in names.items()}
    return {ours: "" if text == "0" and ours.startswith(("n", "sd")) else text for ours, text in found.items()}
