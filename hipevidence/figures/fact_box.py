"""Fact box: what happens without and with an intervention, side by side, or a refusal that says what is missing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from hipevidence import format as fmt
from hipevidence.errors import InputError
from hipevidence.figures import style
from hipevidence.risk.frequencies import choose_denominator, count_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hipevidence.results import Interval

NOT_REPORTED: Final = "not reported"

#: Field of the form to what it asks for; the eight items on probabilities of the IPDAS instrument.
ITEMS: Final = {
    "probabilities": "the probability of each outcome",
    "reference_class": "the group of people the numbers are about",
    "event_rates": "the event rates as natural frequencies",
    "time_period": "the period in which the events happen",
    "same_denominator": "one denominator and one period for all options",
    "uncertainty": "how sure the numbers are",
    "several_views": "more than one way to see the numbers (words, numbers, a picture)",
    "balanced_framing": "gain and loss said alike",
}

#: No wider than a phone shows at the size of its own text: the name of an outcome stands above its two cells.
_WIDTH: Final = 3.36
_MARGIN: Final = 0.18
_TEXT: Final = _WIDTH - 2 * _MARGIN
_PAD: Final = 0.09
_CELL: Final = _TEXT / 2 - 2 * _PAD
_STEP: Final = 0.17
_TITLE: Final = (11.0, 0.2)


@dataclass(frozen=True, slots=True)
class IpdasForm:
    """How each of the eight items on probabilities is met; an empty text means that it is not.

    Attributes
    ----------
    probabilities, event_rates, same_denominator, several_views, balanced_framing
        Where or how the box meets the item.
    reference_class, time_period, uncertainty
        Printed in the box as they stand.
    """

    probabilities: str = ""
    reference_class: str = ""
    event_rates: str = ""
    time_period: str = ""
    same_denominator: str = ""
    uncertainty: str = ""
    several_views: str = ""
    balanced_framing: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Items that are not met, by field."""
        return tuple(field.name for field in fields(self) if not str(getattr(self, field.name)).strip())


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of a fact box.

    Attributes
    ----------
    label
        What happens.
    without, with_it
        Risks, 0 to 1, or ``None`` where the studies do not report them.
    ci, without_ci
        Interval of ``with_it`` and of ``without``, or ``None``.
    """

    label: str
    without: float | None = None
    with_it: float | None = None
    ci: Interval | None = None
    without_ci: Interval | None = None


@dataclass(frozen=True, slots=True)
class FactBox:
    """What a fact box says.

    Attributes
    ----------
    title
        What the reader decides about.
    arms
        Heads of the columns without and with the intervention.
    benefits, harms
        Outcomes; without harms the box says that none were reported.
    certainty
        How sure the evidence is, in words.
    source
        Where the numbers were read.
    form
        The eight items on probabilities.
    """

    title: str
    arms: tuple[str, str]
    benefits: tuple[Outcome, ...]
    harms: tuple[Outcome, ...]
    certainty: str
    source: str
    form: IpdasForm


def fact_box(box: FactBox, *, ax: Axes | None = None) -> Figure:
    """Draw a fact box.

    Parameters
    ----------
    box
        What it says.
    ax
        Axes to draw into; a new figure if left out.

    Returns
    -------
    matplotlib.figure.Figure
        The same denominator in every line, those with and those without the event in every cell.

    Raises
    ------
    InputError
        If an item of the form is not filled (the message names all of them), there is no benefit to compare, or a risk
        is none.

    References
    ----------
    McDowell et al. (2016), doi:10.1177/2381468316665264; Trevena et al. (2013), doi:10.1186/1472-6947-13-S2-S7.
    """
    of = _checked(box)
    size, step = _TITLE
    with style.in_house_style():
        rows = _rows(box, of)
        title = style.wrap(box.title, _TEXT, bold=True, size=size)
        lead = style.wrap(_lead(box, of), _TEXT)
        foot = [part for line in _foot(box) for part in style.wrap(line, _TEXT)]
    top = _MARGIN + step * len(title) + _STEP * len(lead) + 0.12
    height = top + sum(row.height for row in rows) + 0.1 + _STEP * len(foot) + _MARGIN
    with style.drawing(_WIDTH, height, ax) as axes:
        frame = Rectangle((0.04, 0.04), _WIDTH - 0.08, height - 0.08, facecolor="none", edgecolor=style.POOLED, lw=1.4)
        axes.add_patch(frame)
        style.write_down(axes, _MARGIN, _MARGIN, title, step=step, weight="bold", fontsize=size)
        style.write_down(axes, _MARGIN, _MARGIN + step * len(title), lead)
        y = top
        for row in rows:
            _draw_row(axes, row, y)
            y += row.height
        style.write_down(axes, _MARGIN, y + 0.1, foot, color=style.MUTED)
        return style.figure_of(axes)


def fact_box_description(box: FactBox) -> str:
    """Return in words what the fact box shows, for those who cannot see it."""
    of = _checked(box)
    parts = [
        f"{kind}: " + ("; ".join(_outcome_text(box, outcome, of) for outcome in outcomes) or NOT_REPORTED)
        for kind, outcomes in (("Benefits", box.benefits), ("Harms", box.harms))
    ]
    return style.legible(f"{box.title}. {_lead(box, of)} {'. '.join(parts)}. {' '.join(_foot(box))}")


# ------------------------------------------------------------------ what it says


def _checked(box: FactBox) -> int:
    """Return the denominator of the box, or refuse it."""
    if box.form.missing:
        wanted = "; ".join(f"{name} ({ITEMS[name]})" for name in box.form.missing)
        raise InputError(
            f"the form on probabilities lacks {wanted}; allowed: all eight items filled. Say how each of them is met."
        )
    known = [o for o in (*box.benefits, *box.harms) if o.without is not None and o.with_it is not None]
    if not any(o in known for o in box.benefits):
        raise InputError("no benefit with both risks; allowed: one or more. Without a baseline, say less in words.")
    return max(choose_denominator(o.without or 0.0, o.with_it or 0.0) for o in known)


def _lead(box: FactBox, of: int) -> str:
    return f"Out of {fmt.count(of)} people each: {box.form.reference_class}; {box.form.time_period}."


def _foot(box: FactBox) -> list[str]:
    return [box.form.uncertainty, f"Certainty of the evidence: {box.certainty}", f"Source: {box.source}"]


def _events(risk: float | None, of: int) -> tuple[str, str]:
    """Return how many of the people have the event and how many do not."""
    if risk is None:
        return NOT_REPORTED, ""
    count = count_of(risk, of)
    return f"{fmt.count(count)} of {fmt.count(of)}", f"{fmt.count(of - count)} do not"


def _interval_text(risk: float | None, ci: Interval | None, of: int) -> str:
    if ci is None or risk is None or not ci.exists:
        return ""
    low, high = (fmt.count(count_of(limit, of)) for limit in (ci.low, ci.high))
    return f"({fmt.coverage(ci.level)} CI {low} to {high})"


def _cell(risk: float | None, ci: Interval | None, of: int) -> list[str]:
    """Return what a cell says: how many have the event, how many do not, and how sure that is."""
    return [part for part in (*_events(risk, of), _interval_text(risk, ci, of)) if part]


def _outcome_text(box: FactBox, outcome: Outcome, of: int) -> str:
    sides = ((outcome.without, outcome.without_ci), (outcome.with_it, outcome.ci))
    said = ", ".join(_side_text(arm, _cell(risk, ci, of)) for arm, (risk, ci) in zip(box.arms, sides, strict=True))
    return f"{outcome.label} {said}"


def _side_text(arm: str, parts: list[str]) -> str:
    events, *rest = parts
    inner = ", ".join(part.strip("()") for part in rest)
    return f"{arm} {events} ({inner})" if inner else f"{arm} {events}"


# ------------------------------------------------------------------ layout and drawing


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table: what it is about, and below that its two cells in lines of text."""

    kind: str  # "head", "block" or "outcome"
    label: Sequence[str]
    cells: tuple[Sequence[str], Sequence[str]] = ((), ())

    @property
    def height(self) -> float:
        return (len(self.label) + max(map(len, self.cells))) * _STEP + 2 * _PAD


def _rows(box: FactBox, of: int) -> list[_Row]:
    without, with_it = (style.wrap(arm, _CELL, bold=True, most=6) for arm in box.arms)
    rows = [_Row("head", (), (without, with_it))]
    for name, outcomes in (("Benefits", box.benefits), ("Harms", box.harms)):
        rows.append(_Row("block", (name,)))
        rows += [_outcome_row(outcome, of) for outcome in outcomes]
        if not outcomes:
            rows.append(_Row("outcome", (), ((NOT_REPORTED,), (NOT_REPORTED,))))
    return rows


def _outcome_row(outcome: Outcome, of: int) -> _Row:
    label = style.wrap(outcome.label, _TEXT - 2 * _PAD, most=4)
    cells = (_cell(outcome.without, outcome.without_ci, of), _cell(outcome.with_it, outcome.ci, of))
    return _Row("outcome", label, cells)


def _draw_row(axes: Axes, row: _Row, top: float) -> None:
    face = {"head": style.POOLED, "block": style.BAND}.get(row.kind, style.PAPER)
    axes.add_patch(Rectangle((_MARGIN, top), _TEXT, row.height, facecolor=face, edgecolor="none", zorder=0))
    axes.plot([_MARGIN, _MARGIN + _TEXT], [top + row.height] * 2, color=style.RULE, lw=0.7, zorder=1)
    colour = style.PAPER if row.kind == "head" else style.INK
    left, y = _MARGIN + _PAD, top + _PAD
    style.write_down(axes, left, y, row.label, weight="bold" if row.kind == "block" else "normal")
    y += _STEP * len(row.label)
    for lines in filter(None, row.cells):
        # of a cell that counts people the number is what the eye should find
        heavy = len(lines) if row.kind == "head" else int(lines[0] != NOT_REPORTED)
        style.write_down(axes, left, y, lines[:heavy], weight="bold", color=colour)
        style.write_down(axes, left, y + _STEP * heavy, lines[heavy:])
        left += _TEXT / 2
