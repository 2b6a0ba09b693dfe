"""What an answer about a person's risk is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from hipevidence import sheet
from hipevidence.results import Interval

if TYPE_CHECKING:
    from hipevidence.evidence.models import RiskModel, Sex
    from hipevidence.risk import AbsoluteRisk, EValue
    from hipevidence.risk._quantity import Quantity

Role = Literal["estimate", "more", "less", "no_difference", "mixed", "not_reported"]
Answer = Literal["absolute", "relative", "none"]
BaselineKind = Literal["given", "row", "scenario"]

_NO_INTERVAL: Final = Interval(math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One row or published pool that stands for or against the answer.

    Attributes
    ----------
    kind
        ``row`` of studies.csv or ``pool`` of published_pools.csv.
    id, study
        Its key and the name of the study or review.
    population, sex, outcome
        Whom and what it is about: vocabulary keys.
    people, outcome_label
        The same in words.
    role
        ``estimate`` (the answer is computed from it), or what the exposed had: ``more`` or ``less`` of the outcome,
        ``no_difference``, ``mixed``, ``not_reported``.
    measure, effect, low, high, effect_sign
        As printed; ``nan`` and ``""`` where nothing is. An ``effect_sign`` of -1 says that the paper prints the other
        direction (per unit stronger).
    same_question
        Whether it is about the outcome, people and sex that were asked for.
    verification, read_in, doi, url
        Where it was read.
    note
        What else the table says.
    """

    kind: Literal["row", "pool"]
    id: str
    study: str
    population: str
    sex: str
    outcome: str
    people: str
    outcome_label: str
    role: Role
    measure: str
    effect: float
    low: float
    high: float
    effect_sign: float
    same_question: bool
    verification: str
    read_in: str
    doi: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Relative:
    """The ratio an answer rests on.

    Attributes
    ----------
    row_id
        Row it was read from.
    measure, effect, ci
        As printed, exposed against the reference group.
    time_weeks
        Follow-up; ``nan`` where none is printed.
    adjusted_for
        What the table says of adjustment.
    """

    row_id: str
    measure: str
    effect: float
    ci: Interval
    time_weeks: float
    adjusted_for: str


@dataclass(frozen=True, slots=True)
class AtBaseline:
    """The risks at one baseline.

    Attributes
    ----------
    kind
        ``given`` by the person who asks, observed in a ``row``, or part of a ``scenario``.
    label
        Where the baseline comes from, in words.
    risks
        Risks without and with the exposure.
    risk_ratio
        The ratio as a risk ratio at this baseline.
    e_value
        Of that risk ratio: what an unmeasured confounder would need; ``None`` where the ratio does not exist.
    """

    kind: BaselineKind
    label: str
    risks: AbsoluteRisk
    risk_ratio: Quantity
    e_value: EValue | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The dose-response across the groups of an exposure.

    Attributes
    ----------
    measure, ratio, ci
        Ratio for each group further from the reference; ``nan`` where no trend can be fitted.
    p_value
        Of no trend.
    row_ids
        Rows it was fitted to.
    reason
        Why there is none, ``""`` where there is one.
    """

    measure: str = ""
    ratio: float = math.nan
    ci: Interval = _NO_INTERVAL
    p_value: float = math.nan
    row_ids: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PersonalRisk:
    """The answer: absolute risks, a ratio alone, or none.

    Attributes
    ----------
    model
        The model that was asked.
    sex, outcome, level, population, stratum
        What was asked, as keys; ``stratum`` is ``""`` for everybody.
    answer
        ``absolute``, ``relative`` (no baseline that serves these people) or ``none`` (the data do not reach).
    statement
        The answer in one or two sentences.
    reasons
        Why it is not more than that; empty for absolute risks.
    relative
        The ratio; ``None`` where there is no answer.
    at_baseline
        The risks, one entry a baseline; empty unless ``absolute``.
    evidence
        Everything the model lists: what the answer rests on, what is about the same question, and the rest.
    trend
        The dose-response across the groups, or why there is none.
    caveats
        What has to be said with every figure.
    """

    model: RiskModel
    sex: Sex
    outcome: str
    level: str
    population: str
    stratum: str
    answer: Answer
    statement: str
    reasons: tuple[str, ...]
    relative: Relative | None
    at_baseline: tuple[AtBaseline, ...]
    evidence: tuple[EvidenceItem, ...]
    trend: Trend
    caveats: tuple[str, ...]

    def _repr_html_(self) -> str:
        """Show the answer, why it is no more than that, and what has to be said with it in JupyterLab."""
        statement = "".join(sheet.paragraph(line) for line in self.statement.splitlines())
        reasons = sheet.items("Why it is not more than that:", self.reasons)
        return statement + reasons + sheet.items("To be said with it:", self.caveats)
