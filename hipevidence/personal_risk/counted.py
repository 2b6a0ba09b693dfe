"""Risks that a study counted in both of its groups: the only absolute figures that need no baseline from elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from hipevidence import format as fmt
from hipevidence.evidence.questions import VERIFIED
from hipevidence.personal_risk.wording import SEXES
from hipevidence.risk import choose_denominator, count_of, number_needed, risks_from_arms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import FactBoxForm
    from hipevidence.results import Interval
    from hipevidence.risk import AbsoluteRisk, NumberNeeded

COUNTS: Final = ("events1", "n1", "events2", "n2")
#: Designs in which somebody gave out the treatment, so that a number needed to treat makes sense.
GIVEN_OUT: Final = frozenset({"rct", "cluster_rct", "crossover_rct", "quasi_randomised"})


@dataclass(frozen=True, slots=True)
class CountedRisk:
    """The risks of the two groups of one row; they hold for its people over its time, and for nobody else.

    Attributes
    ----------
    row_id, study
        The row, and the name of its study.
    people, outcome
        Whom and what it is about, in words.
    population
        Vocabulary key of the people.
    arms
        Without and with treatment or exposure, in words.
    counts
        Events and people without, events and people with.
    time_weeks
        When they were counted; ``nan`` where the row does not say.
    risks
        Risks with intervals.
    needed
        Number needed to treat or harm; ``None`` where nobody gave the treatment out, or no side is known to be better.
    source
        Where the counts were read.
    form
        What was filled in for a fact box; ``None`` where nobody did.
    clustered
        Whether groups, not people, were randomised.
    """

    row_id: str
    study: str
    people: str
    outcome: str
    population: str
    arms: tuple[str, str]
    counts: tuple[int, int, int, int]
    time_weeks: float
    risks: AbsoluteRisk
    needed: NumberNeeded | None
    source: str
    form: FactBoxForm | None
    clustered: bool

    @property
    def denominator(self) -> int:
        """People out of whom the risks are told: 100, or 1,000 where that is too few to show them."""
        return choose_denominator(cast("float", self.risks.baseline), cast("float", self.risks.risk))


def counted_risk(evidence: Evidence, row_id: str) -> CountedRisk | None:
    """Return the risks that a row counted in both groups, ``None`` where it prints no such counts.

    Parameters
    ----------
    evidence
        The data folder.
    row_id
        Key of the row.

    Returns
    -------
    CountedRisk or None
        Also ``None`` where nobody verified the row or it was excluded, and where a risk is above 0 but below 1 in
        1,000, which no number of people shows.

    Examples
    --------
    >>> from hipevidence.evidence import load_evidence
    >>> found = counted_risk(load_evidence("data"), "coppack_nd.new_pfp.14w")
    >>> found.counts, found.denominator
    ((36, 743, 10, 759), 100)
    """
    row = next((row for row in evidence.records("studies") if row["row_id"] == row_id), None)
    if row is None or not is_read(row) or any(math.isnan(row[name]) for name in COUNTS):
        return None
    events, n, control_events, control_n = (int(row[name]) for name in COUNTS)
    risks = risks_from_arms(events, n, control_events=control_events, control_n=control_n)
    if any(0 < 1000 * cast("float", risk) < 1 for risk in (risks.baseline, risks.risk)):
        return None
    return CountedRisk(
        row_id=row_id,
        study=str(row["study"]),
        people=_people(evidence, row),
        outcome=_label(evidence, "outcome", str(row["outcome"])),
        population=str(row["population"]),
        arms=(_arm(evidence, row, "arm2", "comparator"), _arm(evidence, row, "arm1", "intervention")),
        counts=(control_events, control_n, events, n),
        time_weeks=float(row["time_weeks"]),
        risks=risks,
        needed=_needed(evidence, row, risks),
        source=", ".join(part for part in (str(row["study"]), str(row["read_in"]), _doi(row)) if part),
        form=_form(evidence, row_id),
        clustered=row["design"] == "cluster_rct",
    )


def is_read(row: Mapping[str, Any]) -> bool:
    """Return whether the figures of a row were seen in a source and the row stands."""
    return row["verification"] in VERIFIED and bool(row["seen"]) and row["status"] == "extracted"


def counted_sentences(found: CountedRisk) -> tuple[str, ...]:
    """Return counted risks as people out of 100 or 1,000, what was counted, and the number needed."""
    a, n, b, m = (fmt.count(number) for number in found.counts)
    counted = f"Counted in {found.study}: {a} of {n} without, {b} of {m} with. It holds for these people and this time."
    if found.clustered:
        counted += " Groups, not single people, were randomised; the intervals ignore that."
    return tuple(text for text in (_main(found), counted, _needed_sentence(found)) if text)


def counted_words(found: CountedRisk) -> dict[str, str]:
    """Return counted risks as pieces for texts: the whole sentence, each group, and the difference."""
    of = fmt.count(found.denominator)
    without, with_it = _people_of(found)
    return {
        "people_of_100": _main(found),
        "people_without": f"{fmt.count(without)} of {of}",
        "people_with": f"{fmt.count(with_it)} of {of}",
        "people_difference": f"{_more_or_fewer(with_it - without)} of {of}",
    }


def _people_of(found: CountedRisk) -> tuple[int, int]:
    risks, of = found.risks, found.denominator
    return count_of(cast("float", risks.baseline), of), count_of(cast("float", risks.risk), of)


def counted_columns(found: CountedRisk) -> tuple[str, str, str]:
    """Return counted risks for a table: without, with, and the difference, each with its interval."""
    risks, of = found.risks, found.denominator
    words = counted_words(found)
    return (
        f"{words['people_without']} ({_ends(risks.baseline_ci, of)})",
        f"{words['people_with']} ({_ends(risks.ci, of)})",
        f"{words['people_difference']} ({_change_ends(found)})",
    )


def _main(found: CountedRisk) -> str:
    risks, of = found.risks, found.denominator
    without, with_it = _people_of(found)
    time = "" if math.isnan(found.time_weeks) else f" within {fmt.time_span(found.time_weeks)}"
    return (
        f"Of {fmt.count(of)} {found.people} with {found.arms[0]}, about {fmt.count(without)} "
        f"({fmt.coverage(risks.ci.level)} CI {_ends(risks.baseline_ci, of)}) had {found.outcome}{time}; with "
        f"{found.arms[1]}, about {fmt.count(with_it)} ({_ends(risks.ci, of)}) of {fmt.count(of)} had: "
        f"{_more_or_fewer(with_it - without)} ({_change_ends(found)})."
    )


def _change_ends(found: CountedRisk) -> str:
    low, high = found.risks.difference_ci.low, found.risks.difference_ci.high
    return " to ".join(_change(limit, found.denominator) for limit in ((high, low) if high <= 0 else (low, high)))


def _more_or_fewer(change: int) -> str:
    if change == 0:
        return "no more and no fewer"
    return f"{fmt.count(abs(change))} {'more' if change > 0 else 'fewer'}"


def _ends(ci: Interval, of: int) -> str:
    return f"{fmt.count(count_of(ci.low, of))} to {fmt.count(count_of(ci.high, of))}"


def _change(difference: float, of: int) -> str:
    count = count_of(abs(difference), of)
    return f"{fmt.count(count)} {'more' if difference > 0 else 'fewer'}"


def _needed_sentence(found: CountedRisk) -> str:
    needed = found.needed
    if needed is None or needed.direction == "none":
        return ""
    number = _up(cast("float", needed.number))
    goal = "to spare one" if needed.direction == "benefit" else "for one to be harmed"
    piece = needed.benefit if needed.direction == "benefit" else needed.harm
    if needed.through_infinity:
        return (
            f"About {number} people {goal}; that any are needed is not shown, since the interval holds no difference."
        )
    ends = f"{_up(piece.low)} to {_up(piece.high)}"
    return f"It takes about {number} people ({fmt.coverage(piece.level)} CI {ends}) {goal}."


def _up(number: float) -> str:
    """Return a number needed as whole people: a part of a person is one more."""
    return fmt.count(math.ceil(number - 1e-9))


def _needed(evidence: Evidence, row: dict[str, Any], risks: AbsoluteRisk) -> NumberNeeded | None:
    term = evidence.vocabulary.get("outcome", {}).get(str(row["outcome"]))
    if row["design"] not in GIVEN_OUT or term is None or term.good not in {"less", "more"}:
        return None
    ci = risks.difference_ci
    return number_needed(risks.difference, ci.low, ci.high, event="bad" if term.good == "less" else "good")


def _form(evidence: Evidence, row_id: str) -> FactBoxForm | None:
    return next(
        (
            one.fact_box
            for model in evidence.risk_models
            for one in model.baselines
            if one.row == row_id and one.fact_box
        ),
        None,
    )


def _label(evidence: Evidence, section: str, key: str) -> str:
    terms = evidence.vocabulary.get(section, {})
    return terms[key].label if key in terms else key


def _people(evidence: Evidence, row: dict[str, Any]) -> str:
    who = str(row["population_detail"]) or _label(evidence, "population", str(row["population"]))
    return f"{who} ({SEXES[row['sex']]})" if row["sex"] in {"female", "male"} else who


def _arm(evidence: Evidence, row: dict[str, Any], column: str, section: str) -> str:
    return str(row[column]) or _label(evidence, section, str(row[section]))


def _doi(row: dict[str, Any]) -> str:
    return f"doi:{row['doi']}" if row["doi"] else ""
