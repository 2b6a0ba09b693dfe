"""What a ratio means for 100 people: risks that were counted, a scenario named as one, or why there is no number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from hipevidence import format as fmt
from hipevidence.certainty import rate
from hipevidence.figures.fact_box import ITEMS, FactBox, IpdasForm, Outcome, fact_box, fact_box_description
from hipevidence.figures.icon_array import Group, icon_array, icon_array_description
from hipevidence.figures.risk_curve import risk_curve, risk_curve_description
from hipevidence.personal_risk import CountedRisk, counted_risk, counted_sentences, personal_risk
from hipevidence.personal_risk.uncounted import NOBODY_COUNTED, RATIOS
from hipevidence.personal_risk.wording import change, changes, of_100
from hipevidence.reporting.averages import averages
from hipevidence.reporting.model import Cell, Column, Part, Row, Table
from hipevidence.reporting.pictures import embed
from hipevidence.reporting.text import capital, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.certainty import Rating
    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import RiskAssociation, RiskModel, RiskScenario
    from hipevidence.personal_risk import AtBaseline, PersonalRisk
    from hipevidence.reporting.model import Figure
    from hipevidence.synthesis import Synthesis

TITLE: Final = "What this means for 100 people"


def people_part(evidence: Evidence, synthesis: Synthesis) -> Part | None:
    """Return what the answer of a question means for 100 people, or ``None`` where it compares no groups of people."""
    key = f"people-{synthesis.question.id}"
    if synthesis.question.measure not in RATIOS or not synthesis.rows:
        averaged = averages(synthesis)
        return Part(key, TITLE, tuple(map(tidy, averaged))) if averaged else None
    found = [one for row in synthesis.rows if (one := counted_risk(evidence, row.row_id)) is not None]
    rating = rate(evidence, synthesis)
    parts = [_counted(one, rating, f"{key}-{place}") for place, one in enumerate(found, 1)]
    parts += [
        _modelled(evidence, model, one, f"{key}-{model.id}-{one.level}-{one.stratum or 'all'}")
        for model, one in _associations(evidence, synthesis)
        if one.row not in {counted.row_id for counted in found}
    ]
    if not parts:
        return Part(key, TITLE, (NOBODY_COUNTED,))
    if len(parts) == 1:
        only = parts[0]
        return Part(key, TITLE, only.paragraphs, only.figures, only.tables, only.parts)
    return Part(key, TITLE, parts=tuple(parts))


# ------------------------------------------------------------------ risks that were counted


def _counted(found: CountedRisk, rating: Rating, key: str) -> Part:
    given: dict[str, Any] = {"outcome": capital(found.outcome), "denominator": found.denominator}
    groups = (
        Group(capital(found.arms[0]), cast("float", found.risks.baseline), found.risks.baseline_ci),
        Group(capital(found.arms[1]), cast("float", found.risks.risk), found.risks.ci),
    )
    said = icon_array_description(*groups, **given)
    icons = embed(icon_array(*groups, **given), f"icons-{key}", f"Icon array: {tidy(found.outcome)}", said)
    box = _box(found, rating)
    missing = _missing(box)
    pictures = (icons,) if missing else (icons, _drawn(box, key))
    texts = (*counted_sentences(found), *((missing,) if missing else ()))
    tables = () if missing else (_form_table(box.form, key),)
    return Part(key, f"{tidy(found.study)}: {tidy(found.outcome)}", tuple(map(tidy, texts)), pictures, tables)


def _box(found: CountedRisk, rating: Rating) -> FactBox:
    """Return the fact box of counted risks, with the certainty of the question, as full as its form is filled."""
    risks, form = found.risks, found.form
    outcome = Outcome(
        capital(found.outcome),
        cast("float", risks.baseline),
        cast("float", risks.risk),
        risks.ci,
        risks.baseline_ci,
    )
    items = {name: getattr(form, name) for name in ITEMS} if form is not None else {}
    return FactBox(
        title=form.title if form is not None else "",
        arms=(capital(found.arms[0]), capital(found.arms[1])),
        benefits=(outcome,),
        harms=(),
        certainty=f"{rating.level.word} ({rating.state}). {form.remark if form is not None else ''}".rstrip(),
        source=found.source,
        form=IpdasForm(**items),
    )


def _missing(box: FactBox) -> str:
    if not box.form.missing:
        return ""
    wanted = "; ".join(ITEMS[name] for name in box.form.missing)
    return f"No fact box is shown, since its form in risk_models.toml does not yet say: {wanted}."


def _drawn(box: FactBox, key: str) -> Figure:
    return embed(fact_box(box), f"box-{key}", f"Fact box: {tidy(box.title)}", fact_box_description(box))


def _form_table(form: IpdasForm, key: str) -> Table:
    return Table(
        id=f"form-{key}",
        caption="How the fact box meets the eight items on probabilities (IPDAS)",
        columns=(Column("Asked for", "label", 1.0), Column("Met by", "text", 2.0)),
        rows=tuple(
            Row((Cell(capital(asked)), Cell(capital(tidy(getattr(form, name)))))) for name, asked in ITEMS.items()
        ),
    )


# ------------------------------------------------------------------ risks under an assumed baseline


def _associations(evidence: Evidence, synthesis: Synthesis) -> Iterator[tuple[RiskModel, RiskAssociation]]:
    """Yield the entries of risk models whose row this answer rests on alone; a pooled ratio is not that of a row."""
    if len(synthesis.rows) != 1:
        return
    for model in evidence.risk_models:
        for one in model.associations:
            if one.row == synthesis.rows[0].row_id:
                yield model, one


def _modelled(evidence: Evidence, model: RiskModel, one: RiskAssociation, key: str) -> Part:
    row = next(row for row in evidence.records("studies") if row["row_id"] == one.row)
    asked: dict[str, Any] = {
        "sex": row["sex"],
        "outcome": row["outcome"],
        "quartile": one.level,
        "population": row["population"],
        "stratum": one.stratum,
    }
    found = personal_risk(evidence, model, **asked)
    tables: list[Table] = []
    pictures: list[Figure] = []
    for scenario in model.scenarios:
        under = personal_risk(evidence, model, **asked, scenario=scenario.id)
        if under.at_baseline:
            tables.append(_scenario(under, scenario, f"{key}-{scenario.id}"))
            pictures.append(_curve(under, scenario, f"{key}-{scenario.id}"))
    tables += _others(evidence, found, asked, key)
    texts = (found.statement, *found.reasons[:1], *found.caveats)
    return Part(key, tidy(model.title), tuple(map(tidy, texts)), tuple(pictures), tuple(tables))


def _scenario(found: PersonalRisk, scenario: RiskScenario, key: str) -> Table:
    model = found.model
    counted = f" {model.counted}" if model.counted else ""
    level = fmt.coverage(found.at_baseline[0].risks.ci.level)
    return Table(
        id=f"scenario-{key}",
        caption=f"Scenario, observed by nobody: {tidy(scenario.title)}",
        columns=(
            Column(f"Of 100{counted} with {tidy(model.levels[model.reference_level])} (assumed)", "label", 1.4),
            Column(f"Of 100{counted} with {tidy(model.levels[found.level])} ({level} CI)", "number", 1.4),
            Column(f"Difference ({level} CI)", "number", 1.4),
            Column("Risk ratio at this baseline", "number", 1.0),
        ),
        rows=tuple(_line(one) for one in found.at_baseline),
        note="Which of these lines is true, if any, no row says. The interval is that of the ratio alone.",
    )


def _line(one: AtBaseline) -> Row:
    risks = one.risks
    ends = f"{of_100(risks.ci.low)} to {of_100(risks.ci.high)}"
    cells = (
        of_100(cast("float", risks.baseline)),
        f"{of_100(cast('float', risks.risk))} ({ends})",
        f"{change(cast('float', risks.difference))} ({changes(risks.difference_ci)})",
        fmt.number(cast("float", one.risk_ratio.value)),
    )
    return Row(tuple(map(Cell, cells)))


def _curve(found: PersonalRisk, scenario: RiskScenario, key: str) -> Figure:
    relative, model = cast("Any", found.relative), found.model
    levels = (model.reference_level, found.level)
    figures, marked = (relative.measure, relative.effect, relative.ci), scenario.baselines
    reference, exposed = (tidy(model.levels[level]) for level in levels)
    said = risk_curve_description(*figures, reference=reference, exposed=exposed, marked=marked)
    # the labels of the groups are too long for an axis
    reference, exposed = (tidy(f"{model.counted or 'people'} in the group “{level}”") for level in levels)
    highest = min(1.0, 1.2 * max(marked))
    drawn = risk_curve(*figures, reference=reference, exposed=exposed, highest=highest, marked=marked)
    title = f"Scenario: what the ratio would make of each risk ({tidy(model.title)})"
    return embed(drawn, f"curve-{key}", title, f"Scenario, observed by nobody. {said}")


def _others(evidence: Evidence, found: PersonalRisk, asked: dict[str, Any], key: str) -> list[Table]:
    """Return whom the model was asked about as well, and what it says of them."""
    model = found.model
    whom = {(model.population, sex): None for sex in ("female", "male")}
    elsewhere = [item.population for item in found.evidence if item.kind == "row"]
    whom |= {(population, "mixed"): None for population in elsewhere if population != model.population}
    rows = []
    for population, sex in whom:
        for outcome in dict.fromkeys(model.outcomes.values()):
            question = asked | {"sex": sex, "outcome": outcome, "population": population, "stratum": None}
            answer = personal_risk(evidence, model, **question)
            if answer.answer == "none" and any(item.same_question for item in answer.evidence):
                rows.append(Row((Cell(tidy(answer.statement)), Cell(tidy(answer.reasons[0])))))
    if not rows:
        return []
    columns = (Column("Answer", "label", 1.6), Column("Why", "text", 1.4))
    return [Table(f"others-{key}", "Whom the data do not reach", columns, tuple(rows))]
