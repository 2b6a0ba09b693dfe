"""Where the figures of a statement come from: the item that carries a figure is its true home."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.claims.item import EvidenceItem, ItemFigure
    from hipevidence.claims.relevance import Case
    from hipevidence.evidence.models import ClaimFigure

COARSE_STEP: Final = 5.0  # "35 to 50 %" for 34.9 and 51.4: rounded to the nearest five
SLACK: Final = 1e-9  # halves are rounded up, as printed tables do; binary fractions must not decide it

SIZES: Final = frozenset({"count_studies", "count_people"})
TIMES: Final = frozenset({"weeks", "months"})
DOSES: Final = frozenset({"weeks", "months", "sessions_per_week", "sets", "repetitions", "intensity_percent"})
ONE_GROUP: Final = frozenset({"value_before", "value_after", "point_change", "percent_change", "proportion_percent"})
RATIO_ROLES: Final = frozenset({"odds_ratio", "risk_ratio", "hazard_ratio", "rate_ratio"})

# What is easily told for what: a figure of the one role may turn up as the other.
ALLIED: Final = {
    "risk_ratio": ("odds_ratio", "hazard_ratio", "rate_ratio"),
    "odds_ratio": ("risk_ratio", "hazard_ratio", "rate_ratio"),
    "hazard_ratio": ("risk_ratio", "odds_ratio", "rate_ratio"),
    "point_change": ("mean_difference",),
    "mean_difference": ("point_change",),
    "percent_change": ("percent_difference",),
    "percent_difference": ("percent_change",),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Home:
    """Where one figure of a statement was found.

    Attributes
    ----------
    stated
        The figure of the statement.
    item, figure
        The item that carries it, and its figure.
    upper
        The item that carries the upper end of a range; ``item`` itself where one item carries both.
    is_rounded
        Whether it matches only after rounding to the nearest five.
    """

    stated: ClaimFigure
    item: EvidenceItem
    figure: ItemFigure
    upper: EvidenceItem
    is_rounded: bool = False

    @property
    def items(self) -> tuple[EvidenceItem, ...]:
        """Every item that carries part of the figure."""
        return (self.item,) if self.upper is self.item else (self.item, self.upper)

    @property
    def is_composite(self) -> bool:
        """Whether the two ends come from different papers."""
        return self.item.source_id != self.upper.source_id or self.item.kind != self.upper.kind

    @property
    def is_effect(self) -> bool:
        """Whether it is a result, not the size, length or dose of a study."""
        return self.stated.role not in SIZES | DOSES


def home_of(stated: ClaimFigure, case: Case) -> Home | None:
    """Return where a figure comes from, the best fitting item first, or ``None`` if no listed item carries it.

    Verified items go before others; then those whose population, intervention, comparator and outcome fit the
    statement; then the order in which the statement lists them. A figure of the same role goes before one of an
    allied role (an odds ratio told as a risk ratio).
    """
    found = [
        (_rank(home, case, position), home)
        for position, item in enumerate(case.items)
        for home in _homes_in(stated, item, case)
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _homes_in(stated: ClaimFigure, item: EvidenceItem, case: Case) -> Iterable[Home]:
    unsaid = ("standardised_effect",) if stated.role == "mean_difference" and not stated.unit else ()
    for figure in item.of_role(stated.role, *ALLIED.get(stated.role, ()), *unsaid):
        if not units_agree(stated.unit, figure.unit):
            continue
        if stated.high is None:
            if not figure.is_range and matches(figure, stated.value, stated):
                yield Home(stated, item, figure, item)
        elif figure.is_range:
            if matches(figure, stated.value, stated) and _equal(figure.high, stated.high, stated):
                yield Home(stated, item, figure, item)
        else:
            yield from _range_homes(stated, item, figure, case)


def _range_homes(stated: ClaimFigure, item: EvidenceItem, low: ItemFigure, case: Case) -> Iterable[Home]:
    """Yield homes of a range whose lower end this item carries and whose upper end it or another one does."""
    exact = matches(low, stated.value, stated)
    if stated.high is None or not (exact or _coarse(low, stated.value)):
        return
    for other in case.items:
        for high in other.of_role(stated.role):
            is_exact = matches(high, stated.high, stated)
            if other.verified == item.verified and (is_exact or _coarse(high, stated.high)):
                yield Home(stated, item, low, other, is_rounded=not (exact and is_exact))


def matches(figure: ItemFigure, stated: float, claim_figure: ClaimFigure) -> bool:
    """Return whether a figure is the stated one after rounding to the digits that the statement prints.

    Signs are dropped, because statements drop them; a ratio may stand the other way up.
    """
    values = [figure.value]
    if figure.role in RATIO_ROLES and figure.value > 0:
        values.append(1 / figure.value)
    return any(_equal(value, stated, claim_figure) for value in values)


def _equal(value: float, stated: float, claim_figure: ClaimFigure) -> bool:
    if not math.isfinite(value):
        return False
    digits = decimals(stated) if claim_figure.decimals is None else claim_figure.decimals
    scale = 10.0**digits
    return math.floor(abs(value) * scale + 0.5 + SLACK) == round(abs(stated) * scale)


def rounds_to(printed: float, stated: float, digits: int) -> bool:
    """Return whether a printed number is the stated one after rounding, signs dropped.

    Examples
    --------
    >>> rounds_to(-1.047, 1.05, 2), rounds_to(1.04, 1.05, 2)
    (True, False)
    """
    return abs(abs(printed) - abs(stated)) <= 0.5 * 10.0**-digits + SLACK


def _coarse(figure: ItemFigure, stated: float) -> bool:
    """Return whether a two-digit percentage is the stated one after rounding to the nearest five."""
    is_coarse = stated >= 2 * COARSE_STEP and stated % COARSE_STEP == 0
    return figure.role.startswith("percent") and is_coarse and abs(abs(figure.value) - stated) <= COARSE_STEP / 2


def decimals(value: float) -> int:
    """Return how many digits after the point a number needs.

    Examples
    --------
    >>> decimals(3.3), decimals(14.0), decimals(0.75)
    (1, 0, 2)
    """
    text = repr(float(value))
    return 0 if text.endswith(".0") or "e" in text else len(text.split(".")[1])


def units_agree(stated: str, printed: str) -> bool:
    """Return whether two units can be the same: they differ only if both name a scale and the scales differ.

    Examples
    --------
    >>> units_agree("points of 0-10", "cm (0-10)"), units_agree("0-10", "0-100"), units_agree("", "cm")
    (True, False, True)
    """
    first, second = _scale(stated), _scale(printed)
    return not first or not second or first == second


def _scale(unit: str) -> str:
    """Return the ``0-10`` of a unit in words, or ``""``."""
    for word in unit.replace("–", "-").replace("(", " ").replace(")", " ").split():
        ends = word.split("-")
        if len(ends) == 2 and all(end.isdecimal() for end in ends):
            return word
    return ""


def _rank(home: Home, case: Case, position: int) -> tuple[bool | int, ...]:
    """Return the sort key of a home: the smaller, the better."""
    outcomes = _outcomes(home.stated, case)
    items = home.items
    fit = sum(
        all(test(item) for item in items)
        for test in (case.same_population, case.same_intervention, case.same_comparator)
    )
    fit += all(any(case.same_outcome(item, outcome) for outcome in outcomes) for item in items)
    return (
        not all(item.verified for item in items),
        home.is_composite,
        home.is_rounded,
        home.figure.role != home.stated.role,
        home.figure.arm == 2,
        not case.from_named_source(home.item),
        -fit,
        position,
    )


def _outcomes(stated: ClaimFigure, case: Case) -> tuple[str, ...]:
    return (stated.outcome,) if stated.outcome else case.claim.outcome


def outcomes_of(home: Home, case: Case) -> tuple[str, ...]:
    """Return the outcomes that the statement puts a figure on."""
    return _outcomes(home.stated, case)


def rivals(stated: ClaimFigure, case: Case) -> tuple[tuple[EvidenceItem, ItemFigure], ...]:
    """Return the verified figures that answer what a stated figure claims to answer, best fitting ones only.

    They are of the same role and on the same outcome, and from the named source if it was read. The size, length or
    dose of a study can only be held against the paper that is named.
    """
    outcomes = _outcomes(stated, case)
    describes_study = stated.role in SIZES | DOSES
    pool = case.named_items if describes_study or case.named_items else case.verified
    candidates = [
        (item, figure)
        for item in pool
        for figure in item.of_role(stated.role, *_between(stated.role))
        if units_agree(stated.unit, figure.unit) and figure.arm != 2
        if describes_study or any(case.context.touches("outcome", item.outcome, outcome) for outcome in outcomes)
    ]
    best = [pair for pair in candidates if any(case.fits(pair[0], outcome) for outcome in outcomes)]
    near = [pair for pair in candidates if any(case.is_on_topic(pair[0], outcome) for outcome in outcomes)]
    return tuple(best or near or candidates)


def _between(role: str) -> tuple[str, ...]:
    """Return the role of a difference between groups that a change within a group is also held against."""
    return ("mean_difference",) if role == "point_change" else ()
