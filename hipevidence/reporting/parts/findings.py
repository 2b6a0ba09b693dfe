"""Summary of findings after GRADE: one table a comparison, an outcome a line, a footnote for each reason of doubt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.certainty import Certainty, rate
from hipevidence.certainty.result import DOMAINS
from hipevidence.claims.plain import plain_lead, wording
from hipevidence.personal_risk import counted_columns, counted_risk, why_not_counted
from hipevidence.personal_risk.counted import GIVEN_OUT
from hipevidence.personal_risk.wording import of_100
from hipevidence.reporting.anchors import certainty_anchor, question_anchor, row_anchor, studies_anchor
from hipevidence.reporting.answers import answer, estimate_in_table, nulls_analysis, people
from hipevidence.reporting.averages import NO_DIFFERENCE, standing
from hipevidence.reporting.differences import behind
from hipevidence.reporting.limits import MEASURES
from hipevidence.reporting.model import Cell, Column, Footnote, Part, Row, Table
from hipevidence.reporting.numbers import joined, leading
from hipevidence.reporting.parts.certainty import UNSIGNED
from hipevidence.reporting.text import capital, lower, tidy
from hipevidence.synthesis.wording import value_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipevidence.certainty import Rating
    from hipevidence.claims import Verdict
    from hipevidence.evidence import Evidence
    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import Analysis, Synthesis

TITLE: Final = "Summary of findings"
#: More outcomes than this nobody takes in (GRADE guidelines 12, doi:10.1016/j.jclinepi.2012.01.012).
MOST: Final = 7
INTRODUCTION: Final = (
    "One table a comparison, its outcomes in the order of the protocol. Numbers of people stand only where a study "
    "counted both groups. Every figure leads to the results behind it, every sign of certainty to its reasons."
)
NORMAL: Final = "If scores were normal and equally spread in both groups, which no row shows."
NOT_COUNTED: Final = "not counted"
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def findings_part(evidence: Evidence, syntheses: tuple[Synthesis, ...], _: tuple[Verdict, ...]) -> Part | None:
    """Return the summary of findings of all questions, or ``None`` where nothing was found.

    References
    ----------
    Guyatt GH, et al. GRADE guidelines 12. J Clin Epidemiol 2013;66:158-172. doi:10.1016/j.jclinepi.2012.01.012
    """
    if not any(each.primary.result for each in syntheses):
        return None
    groups: dict[tuple[object, ...], list[Synthesis]] = {}
    for each in syntheses:
        asked = each.question
        key = (asked.population, asked.sex, asked.intervention, asked.comparator, asked.arms, asked.level)
        groups.setdefault(key, []).append(each)
    ratings = {each.question.id: rate(evidence, each) for each in syntheses}
    signed = all(rating.is_signed for rating in ratings.values())
    tables = tuple(_table(evidence, group, ratings) for group in groups.values())
    return Part("findings", TITLE, (INTRODUCTION,) if signed else (INTRODUCTION, UNSIGNED), tables=tables)


class _Notes:
    """The footnotes of one table; the same words get the same mark."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._said: dict[Cell, Footnote] = {}

    def mark(self, text: str, anchor: str) -> Cell:
        """Return the mark that leads to a footnote; the numbers in the footnote lead to ``anchor``."""
        said = leading(tidy(text), anchor)
        number = fmt.count(len(self._said) + 1)
        note = self._said.setdefault(said, Footnote(f"{self._table}-{number}", number.translate(_RAISED), said))
        return Cell(note.mark, f"#{note.id}")

    @property
    def all(self) -> tuple[Footnote, ...]:
        return tuple(self._said.values())


def _table(evidence: Evidence, group: list[Synthesis], ratings: dict[str, Rating]) -> Table:
    question = group[0].question
    key = f"findings-{question.id}"
    with_it, without = map(tidy, question.arms) if all(question.arms) else ("With", "Without")
    notes = _Notes(key)
    rows = tuple(_row(evidence, each, ratings[each.question.id], notes) for each in group[:MOST])
    more = len(group) - len(rows)
    return Table(
        id=key,
        caption=_title(group),
        columns=(
            Column("Outcome", "label", 1.6),
            Column("People (results)", "text", 0.9),
            Column(f"Effect ({fmt.coverage(question.level)} CI)", "text", 1.65),
            Column(without, "text", 0.95),
            Column(with_it, "text", 0.95),
            Column("Difference", "text", 1.5),
            Column("Certainty", "text", 1.1),
            Column("In plain words", "text", 1.85),
        ),
        rows=rows,
        note=f"{fmt.plural(more, 'more outcome')} of this comparison: among the questions." if more else "",
        footnotes=notes.all,
        reflows=True,
    )


def _title(group: list[Synthesis]) -> str:
    """Return what the titles of the questions say before their last comma, where that is the same; else the arms."""
    titles = [each.question.title for each in group]
    shared = {title.rpartition(", ")[0] for title in titles} if len(titles) > 1 else set(titles)
    same = shared.pop() if len(shared) == 1 else ""
    return tidy(same or " against ".join(filter(None, group[0].question.arms)))


def _row(evidence: Evidence, synthesis: Synthesis, rating: Rating, notes: _Notes) -> Row:
    outcome, anchor = _outcome(evidence, synthesis), studies_anchor(synthesis.question.id)
    counted = f"{people(synthesis.rows) or 'people not printed'} ({fmt.count(len(synthesis.rows))})"
    studied = Cell(counted, f"#{anchor}") if synthesis.rows else Cell("none")
    result = synthesis.primary.result
    if result is None:
        said = answer(synthesis, wording(rating, synthesis))[0]
        return Row((outcome, studied, *(Cell(fmt.DASH),) * 4, _certainty(rating, notes), said))
    return Row(
        (
            outcome,
            studied,
            _effect(synthesis, result, notes),
            *_absolute(evidence, synthesis, result, notes),
            _certainty(rating, notes),
            leading(tidy(plain_lead(synthesis, evidence)), anchor),
        )
    )


def _lines(*cells: Cell) -> Cell:
    """Return cells one below the other as one cell."""
    broken = [Cell("\n") if place % 2 else cells[place // 2] for place in range(2 * len(cells) - 1)]
    return joined(*broken)


def _marked(cell: Cell, *marks: Cell) -> Cell:
    """Return a cell with the marks of its footnotes, held on the line of its last word."""
    return joined(cell, *(piece for mark in marks for piece in (Cell(fmt.NO_BREAK), mark)))


# ------------------------------------------------------------------ what was measured


def _outcome(evidence: Evidence, synthesis: Synthesis) -> Cell:
    terms = evidence.vocabulary["outcome"]
    names = [tidy(terms[key].label if key in terms else key) for key in synthesis.question.outcome]
    name = Cell(capital(" and ".join(names)), f"#{question_anchor(synthesis.question.id)}")
    used = {row.row_id for row in synthesis.rows}
    rows = [row for row in evidence.records("studies") if row["row_id"] in used]
    scales = dict.fromkeys(tidy(evidence.instrument(row["instrument"])["name"]) for row in rows if row["instrument"])
    how = "; ".join(filter(None, (_times([row["time_weeks"] for row in rows]), *scales)))
    return _lines(name, Cell(how)) if how else name


def _times(weeks: Iterable[float]) -> str:
    known = sorted({week for week in weeks if not math.isnan(week)})
    if not known:
        return ""
    first = f"{fmt.exact(known[0])} to " if len(known) > 1 else ""
    return f"after {first}{fmt.time_span(known[-1])}"


# ------------------------------------------------------------------ how large the effect is


def _effect(synthesis: Synthesis, result: PoolResult, notes: _Notes) -> Cell:
    question, main = synthesis.question, synthesis.primary
    measure = MEASURES.get(question.measure, question.measure)
    lines = [_linked(synthesis, main), Cell(measure)]
    nulls = nulls_analysis(synthesis)
    if nulls is not None and nulls.result is not None and nulls.zero_rows:
        lines.append(joined(Cell("known nulls as zero: "), _linked(synthesis, nulls)))
    if question.not_for_print:
        lines[0] = _marked(lines[0], notes.mark(f"Not for print: {question.not_for_print}.", ""))
    return _lines(*(line for line in lines if line.text)) if result.ci.exists else lines[0]


def _linked(synthesis: Synthesis, analysis: Analysis) -> Cell:
    result = analysis.result
    text = fmt.NOT_ESTIMATED if result is None else estimate_in_table(analysis, result.estimate, result.ci)
    return Cell(text, f"#{behind(synthesis, analysis)}")


def _absolute(evidence: Evidence, synthesis: Synthesis, result: PoolResult, notes: _Notes) -> tuple[Cell, Cell, Cell]:
    """Return what happens without, what with, and the difference, where somebody counted or averaged it."""
    anchor = studies_anchor(synthesis.question.id)
    rows = [row.row_id for row in synthesis.rows]
    counted = counted_risk(evidence, rows[0]) if len(rows) == 1 else None
    if counted is not None:
        without, with_it, difference = counted_columns(counted)
        to_row = f"#{row_anchor(rows[0])}"
        return Cell(without, to_row), Cell(with_it, to_row), Cell(difference, to_row)
    why = notes.mark(why_not_counted(evidence, rows), anchor)
    missing = _marked(Cell(NOT_COUNTED), why)
    if synthesis.primary.is_proportion:
        low, high = (of_100(synthesis.display(limit)) for limit in (result.ci.low, result.ci.high))
        share = f"{of_100(synthesis.display(result.estimate))} of 100 ({low} to {high})"
        return missing, Cell(share, f"#{anchor}"), missing
    if synthesis.question.measure in {"MD", "SMD"}:
        return missing, missing, _difference(synthesis, result, notes)
    return missing, missing, missing


def _difference(synthesis: Synthesis, result: PoolResult, notes: _Notes) -> Cell:
    """Return a difference between averages in words: how much, which way, and what that means among 100 people."""
    question = synthesis.question
    unit = "SD" if question.measure == "SMD" else tidy(question.mcid_unit)
    size = _way(synthesis, result.estimate, f" {unit}" if unit else "")
    if result.ci.exists:
        size += f" ({_way(synthesis, result.ci.low)} to {_way(synthesis, result.ci.high)})"
    anchor, found = studies_anchor(question.id), standing(synthesis)
    if found is None:
        return Cell(size, f"#{anchor}")
    share, low, high = map(fmt.count, found)
    ranks = (
        f"the average person does better than {share} of 100 ({low} to {high}) with "
        f"{tidy(lower(question.arms[1]))}; {NO_DIFFERENCE} is no difference"
    )
    return _lines(Cell(size, f"#{anchor}"), _marked(leading(ranks, anchor), notes.mark(NORMAL, "")))


def _way(synthesis: Synthesis, value: float, unit: str = "") -> str:
    if value == 0.0:
        return "no difference"
    given = {row.design for row in synthesis.rows} <= GIVEN_OUT
    words = ("better" if synthesis.lower_is_better else "worse", "worse" if synthesis.lower_is_better else "better")
    way = (words if given else ("lower", "higher"))[value > 0.0]
    return f"{value_text(synthesis.primary, abs(value))}{unit} {way}"


# ------------------------------------------------------------------ how certain it is


def _certainty(rating: Rating, notes: _Notes) -> Cell:
    anchor = certainty_anchor(rating.question) if rating.steps else ""
    level = Cell(f"{rating.level.signs} {rating.level.word}", f"#{anchor}" if anchor else "")
    reasons = [f"{DOMAINS[step.domain]}: {step.reason}" for step in rating.reasons if step.levels]
    if rating.start is not Certainty.HIGH:
        reasons.insert(0, f"It starts {rating.start.word}: {rating.start_reason}.")
    marked = _marked(level, *(notes.mark(reason, anchor) for reason in reasons))
    return _lines(marked, Cell(tidy(rating.state)))
