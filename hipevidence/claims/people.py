"""The right sentence for a ratio: people out of 100 where somebody counted them, else the ratio named as what it is.

A text that tells odds as risk, or a ratio without what it is a ratio of, is offered one of three sentences: the counted
risks of the row behind the figure; the risks that follow from a share that the text itself tells; or the ratio with its
kind, its interval, and why it is no number of people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from hipevidence import format as fmt
from hipevidence.claims.codes import Code
from hipevidence.personal_risk import counted_risk, counted_sentences, why_not_counted
from hipevidence.personal_risk.counted import is_read
from hipevidence.personal_risk.wording import RATIOS, SEXES, of_100
from hipevidence.results import Interval
from hipevidence.risk import absolute_risk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hipevidence.claims.reading import Statement
    from hipevidence.claims.reason import Reason
    from hipevidence.evidence import Evidence
    from hipevidence.synthesis import Synthesis

CODES: Final = frozenset({Code.ODDS_READ_AS_RISK, Code.RELATIVE_WITHOUT_BASELINE})
KINDS: Final = {"OR": "odds", "RR": "risk", "HR": "rate at any moment (hazard)"}


@dataclass(frozen=True, slots=True)
class Ratio:
    """The ratio that a row prints, and what can be said of people.

    Attributes
    ----------
    measure, effect, ci
        As printed, exposed or treated against the others.
    people, outcome, exposed, reference
        Whom, what, and the two groups, in words.
    time_weeks
        Follow-up; ``nan`` where none is printed.
    counted
        Sentence on people out of 100; ``""`` where nobody counted both groups.
    missing
        Why there is none; ``""`` where there is one.
    """

    measure: str
    effect: float
    ci: Interval
    people: str
    outcome: str
    exposed: str
    reference: str
    time_weeks: float
    counted: str
    missing: str


def known_ratios(evidence: Evidence, answers: Iterable[Synthesis]) -> dict[str, Ratio]:
    """Return the ratios of the table by row, and by question where one row alone answers it.

    Parameters
    ----------
    evidence
        The tables.
    answers
        The answers to the questions of the protocol.
    """
    rows = {str(row["row_id"]): row for row in evidence.records("studies")}
    found = {key: _ratio(evidence, row) for key, row in rows.items() if _is_usable(row)}
    alone = {answer.question.id: answer.rows[0].row_id for answer in answers if len(answer.rows) == 1}
    return found | {key: found[row] for key, row in alone.items() if row in found}


def right_sentence(
    reason: Reason, statement: Statement, siblings: Iterable[Statement], known: Mapping[str, Ratio]
) -> str:
    """Return what to say in place of a ratio that is told as a risk or without what it is a ratio of.

    Parameters
    ----------
    reason
        Why the statement does not stand; other codes than these two give ``""``.
    statement
        As read.
    siblings
        The other statements of the same sentence, which may tell the share that the ratio is to be applied to.
    known
        From :func:`known_ratios`.

    Returns
    -------
    str
        ``""`` where the figure belongs to no row whose ratio is known.
    """
    ratio = next((known[key] for key in reason.evidence if key in known), None)
    if reason.code not in CODES or ratio is None:
        return ""
    if ratio.counted:
        return ratio.counted
    told = _told_share(statement, siblings)
    return " ".join(part for part in (_as_printed(ratio), _applied(ratio, told) if told else ratio.missing) if part)


def _is_usable(row: Mapping[str, Any]) -> bool:
    """Return whether a row compares two groups by a printed ratio; one printed per unit stronger is no such ratio."""
    printed = not any(math.isnan(row[name]) for name in ("effect", "ci_low", "ci_high"))
    return row["effect_measure"] in RATIOS and printed and row["effect_sign"] != -1 and is_read(row)


def _ratio(evidence: Evidence, row: Mapping[str, Any]) -> Ratio:
    key = str(row["row_id"])
    counted = counted_risk(evidence, key)
    exposed, reference = _groups(evidence, row)
    level = 0.95 if math.isnan(row["ci_level"]) else row["ci_level"] / 100
    who = _label(evidence, "population", row)
    return Ratio(
        measure=str(row["effect_measure"]),
        effect=float(row["effect"]),
        ci=Interval(float(row["ci_low"]), float(row["ci_high"]), float(level)),
        people=who if row["sex"] == "not_reported" else f"{SEXES[row['sex']]} ({who})",
        outcome=_label(evidence, "outcome", row),
        exposed=exposed,
        reference=reference,
        time_weeks=float(row["time_weeks"]),
        counted="" if counted is None else " ".join(counted_sentences(counted)[:2]),
        missing=why_not_counted(evidence, [key]),
    )


def _groups(evidence: Evidence, row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the two groups as a risk model names them, else as the row does."""
    for model in evidence.risk_models:
        for one in model.associations:
            if one.row == row["row_id"]:
                return model.levels[one.level], model.levels[model.reference_level]
    return (
        str(row["arm1"]) or _label(evidence, "intervention", row),
        str(row["arm2"]) or _label(evidence, "comparator", row),
    )


def _label(evidence: Evidence, section: str, row: Mapping[str, Any]) -> str:
    terms = evidence.vocabulary.get(section, {})
    key = str(row[section])
    return terms[key].label if key in terms else key


def _as_printed(ratio: Ratio) -> str:
    time = "" if math.isnan(ratio.time_weeks) else f" within {fmt.time_span(ratio.time_weeks)}"
    return (
        f"In {ratio.people}, those with {ratio.exposed} had {fmt.estimate(ratio.effect, ratio.ci)} times the "
        f"{KINDS[ratio.measure]} of {ratio.outcome}{time}, compared with {ratio.reference}."
    )


def _told_share(statement: Statement, siblings: Iterable[Statement]) -> float:
    """Return the one share that a text tells beside its ratio, first that of the comparison group; 0 for none."""
    for figures in (
        statement.others,
        statement.figures,
        [figure for sibling in siblings for figure in (*sibling.others, *sibling.figures)],
    ):
        shares = {figure.value / 100 for figure in figures if figure.role == "proportion_percent" and not figure.high}
        if len(shares) == 1:
            share = shares.pop()
            return share if 0 < share < 1 else 0.0
    return 0.0


def _applied(ratio: Ratio, share: float) -> str:
    """Return the risks that follow if the share told is that of the reference group, and what odds read as risk say."""
    found = absolute_risk(
        ratio.measure, ratio.effect, ratio.ci.low, ratio.ci.high, baseline=share, level=ratio.ci.level
    )
    risk = cast("float", found.risk)
    if math.isnan(risk):
        return ratio.missing
    as_risk = share * ratio.effect
    wrong = f", not {of_100(as_risk)}" if ratio.measure != "RR" and of_100(as_risk) != of_100(risk) else ""
    return (
        f"If the {fmt.exact(100 * share)}% told is the risk with {ratio.reference}, which no row prints, "
        f"{of_100(share)} of 100 become about {of_100(risk)} ({fmt.coverage(ratio.ci.level)} CI "
        f"{of_100(found.ci.low)} to {of_100(found.ci.high)}){wrong}."
    )
