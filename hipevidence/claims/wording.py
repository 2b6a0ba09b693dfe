"""How reasons name figures, studies and people. Numbers become text in ``hipevidence.format`` only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hipevidence import format as fmt
from hipevidence.claims.lookup import decimals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.item import EvidenceItem, ItemFigure
    from hipevidence.evidence.models import ClaimFigure

PERCENT_ROLES = frozenset({"percent_difference", "percent_change", "proportion_percent", "intensity_percent"})
SEXES = {"female": "women", "male": "men"}
LONGEST = 4  # names in one sentence


def stated_text(figure: ClaimFigure) -> str:
    """Return a figure as the statement gives it."""
    places = _places(figure.value) if figure.decimals is None else figure.decimals
    text = fmt.number(figure.value, places)
    if figure.high is not None:
        text += f" to {fmt.number(figure.high, max(_places(figure.high), figure.decimals or 0))}"
    return text + "%" * (figure.role in PERCENT_ROLES)


def figure_text(figure: ItemFigure) -> str:
    """Return a figure of the evidence on absolute values, with its interval."""
    value = abs(figure.value)
    low, high = absolute_limits(figure)
    ends = [end for end in (low, high, figure.high) if not math.isnan(end)]
    places = max(_places(number) for number in (value, *ends))
    sign = "%" * (figure.role in PERCENT_ROLES)
    text = fmt.number(value, places) + sign
    if figure.is_range:
        return f"{text} to {fmt.number(abs(figure.high), places)}{sign}"
    return f"{text} ({fmt.interval(low, high, digits=places)})" if figure.ci.exists else text


def absolute_limits(figure: ItemFigure) -> tuple[float, float]:
    """Return the interval for the absolute value of a figure: turned round where the figure is negative."""
    low, high = figure.ci.low, figure.ci.high
    return (low, high) if figure.value >= 0 else (-high, -low)


def comparison_text(item: EvidenceItem) -> str:
    """Return the name of a study with whom it compared."""
    parts = [item.label]
    if item.sex in SEXES:
        parts.append(f"{SEXES[item.sex]} only")
    if all(item.arms):
        parts.append(" against ".join(item.arms))
    return "; ".join(parts)


def names(items: Iterable[EvidenceItem]) -> str:
    """Return the labels of items as a list in words, each once, the first few only."""
    labels = list(dict.fromkeys(item.label for item in items))
    if len(labels) > LONGEST:
        return f"{', '.join(labels[:LONGEST])} and {fmt.count(len(labels) - LONGEST)} more"
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def plain_number(value: float) -> str:
    """Return a number with the decimals it has."""
    return fmt.number(value, _places(value))


def _places(value: float) -> int:
    """Return the decimals to print: those the number has, at most two, since computed figures have sixteen."""
    return min(decimals(value), 1 if abs(value) >= 10 else 2)
