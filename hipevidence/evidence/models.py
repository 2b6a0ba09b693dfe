"""The entries of questions.toml, networks.toml, claims.toml and vocabulary.toml as frozen, checked records.

Numbers that only describe (a year, a count) are plain; everything that is compared with evidence has a key of
``vocabulary.toml`` or one of the closed lists below.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.\-]*$")]
Sex = Literal["female", "male", "mixed", "not_reported"]
Finding = Literal["increases", "decreases", "no_difference", "mixed", "not_reported"]
Design = Literal[
    "rct",
    "cluster_rct",
    "crossover_rct",
    "quasi_randomised",
    "non_randomised",
    "single_group",
    "cohort",
    "case_control",
    "cross_sectional",
    "laboratory",
]


class Record(BaseModel):
    """Base of all records: frozen, and an unknown key is an error, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Term(Record):
    """One entry of the vocabulary.

    Attributes
    ----------
    good
        Which way an outcome is better for the person.
    words
        How people say it.
    hints
        What brings a treatment or exposure to mind in a sentence that names none: the part of the body it is about.
    """

    label: str
    good: Literal["more", "less"] | None = None
    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    is_a: tuple[Key, ...] = ()


class Sensitivity(Record):
    """A change to a question's primary analysis, named and run beside it.

    ``null_rows`` names figure-less rows that count as zero in this analysis; they never become data.
    """

    id: Key
    title: str
    method: str | None = None
    ci: str | None = None
    measure: str | None = None
    score: Literal["post", "change"] | None = None
    drop_rows: tuple[Key, ...] = ()
    add_rows: tuple[Key, ...] = ()
    null_rows: tuple[Key, ...] = ()


class Question(Record):
    """One entry of questions.toml: the protocol of one pooled estimate, written before the numbers.

    Attributes
    ----------
    id
        Key, such as ``pfp.hip_vs_knee.pain``; the first part groups questions.
    population, intervention, comparator, outcome
        Vocabulary keys; a row is eligible when its term is one of these or a kind of one of these.
    measure
        Effect size code as in metafor (SMD, MD, OR, RR, PLO, PFT).
    score
        Which scores count for means: ``post``, ``change`` or ``either`` (post first).
    time_weeks
        Window (first, last) of follow-up in weeks; ``time_target`` picks one row per sample inside it.
    prefer_instruments
        Order of choice where one sample reports several instruments; empty accepts any.
    exclude
        Rows that match but must not enter, each with its written reason.
    assumed_sizes
        Group sizes taken for known null results that print only their total; used only to count them as zero.
    not_for_print
        Why the figure must not be copied into other texts; empty where it may.
    mcid, mcid_unit, mcid_source
        Smallest difference that matters on the scale of the estimate, and where it was read.
    arms
        Short names of arm 1 and arm 2 for tables and figures.
    favours
        Labels of the two sides of zero, lower side first.
    """

    id: Key
    title: str
    plain: str
    population: tuple[Key, ...]
    intervention: tuple[Key, ...]
    comparator: tuple[Key, ...]
    outcome: tuple[Key, ...]
    designs: tuple[Design, ...]
    measure: str
    score: Literal["post", "change", "either"] = "either"
    sex: tuple[Sex, ...] = ()
    time_weeks: tuple[float, float] | None = None
    time_target: float | None = None
    lower_is_better: bool = True  # direction of the estimate; a row on a scale that runs the other way is turned round
    prefer_instruments: tuple[Key, ...] = ()
    only_instruments: tuple[Key, ...] = ()
    exclude: dict[Key, str] = Field(default_factory=dict)
    assumed_sizes: dict[Key, tuple[int, int]] = Field(default_factory=dict)
    not_for_print: str = ""
    method: str = "REML"
    ci: str = "HKSJ-modified"
    level: float = Field(default=0.95, gt=0.5, lt=1.0)
    mcid: float | None = Field(default=None, gt=0)
    mcid_unit: str = ""
    mcid_source: str = ""
    arms: tuple[str, str]
    favours: tuple[str, str]
    caveats: tuple[str, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()


class Node(Record):
    """One treatment of a network: what stands in arm 1 or in arm 2 of the rows that belong to it.

    ``intervention`` holds keys for arm 1, ``comparator`` keys for arm 2; a kind of one of them belongs to it too.
    """

    id: Key
    label: str
    intervention: tuple[Key, ...] = ()
    comparator: tuple[Key, ...] = ()


class Network(Record):
    """One entry of networks.toml: which treatments are compared with each other, in whom and on which outcome.

    Attributes
    ----------
    nodes
        The treatments, two or more, each with a label of its own.
    reference
        Id of the node that the others are shown against; it changes no number.
    measure
        Effect size code of a difference between two arms (SMD where scales differ, MD, OR, RR, HR).
    id, title, plain, population, outcome, designs, score, sex, time_weeks, time_target, lower_is_better, caveats
        As in a question.
    prefer_instruments, only_instruments, exclude, assumed_sizes, method, ci, level, mcid, mcid_unit, mcid_source
        As in a question.
    """

    id: Key
    title: str
    plain: str
    population: tuple[Key, ...]
    outcome: tuple[Key, ...]
    designs: tuple[Design, ...]
    nodes: tuple[Node, ...] = Field(min_length=2)
    reference: Key
    measure: str
    score: Literal["post", "change", "either"] = "either"
    sex: tuple[Sex, ...] = ()
    time_weeks: tuple[float, float] | None = None
    time_target: float | None = None
    lower_is_better: bool = True
    prefer_instruments: tuple[Key, ...] = ()
    only_instruments: tuple[Key, ...] = ()
    exclude: dict[Key, str] = Field(default_factory=dict)
    assumed_sizes: dict[Key, tuple[int, int]] = Field(default_factory=dict)
    method: str = "REML"
    ci: str = "HKSJ-modified"
    level: float = Field(default=0.95, gt=0.5, lt=1.0)
    mcid: float | None = Field(default=None, gt=0)
    mcid_unit: str = ""
    mcid_source: str = ""
    caveats: tuple[str, ...] = ()


class ClaimFigure(Record):
    """One figure of a statement, with the role it plays in it.

    ``role`` says what kind of number it is; only figures of the same role and unit are compared.
    """

    value: float
    high: float | None = None  # upper end where the statement gives a range
    role: Literal[
        "standardised_effect",
        "mean_difference",
        "value_before",
        "value_after",
        "percent_difference",
        "percent_change",
        "proportion_percent",
        "odds_ratio",
        "risk_ratio",
        "hazard_ratio",
        "count_studies",
        "count_people",
        "count_outcomes",
        "weeks",
        "months",
        "sessions_per_week",
        "sets",
        "repetitions",
        "intensity_percent",
        "point_change",
    ]
    decimals: int | None = Field(default=None, ge=0)  # as printed; needed where the number ends in zeros (0.60 has two)
    unit: str = ""
    about: str = ""  # which arm, group or outcome it belongs to, in words
    outcome: Key | None = None  # where it differs from the claim's own outcome

    @model_validator(mode="before")
    @classmethod
    def _keep_written_decimals(cls, data: Any) -> Any:
        """Remember that 4.0 was written with a decimal and 4 without one, which the number alone forgets."""
        if not isinstance(data, dict) or data.get("decimals") is not None:
            return data
        value = data.get("value")
        if not isinstance(value, float) or not math.isfinite(value):
            return data
        places = -int(Decimal(repr(value)).as_tuple().exponent)
        return {**data, "decimals": max(places, 0)}


class ClaimSource(Record):
    """The source a statement names or leans on, and the paper it turned out to be."""

    named: str = ""  # how the statement names it, in our words; empty when it names none
    journal: str = ""
    year: int | None = None
    design: str = ""  # what the statement calls it: review, trial, cohort ...
    studies: int | None = None
    participants: int | None = None
    identified: Key | None = None  # key of references.json
    certainty: Literal["certain", "very_likely", "likely", "possible", "none"] = "none"


class Claim(Record):
    """One public statement, in our words, with what it should rest on. Verdicts are computed, never typed here.

    Attributes
    ----------
    population, intervention, comparator, outcome
        What the statement is about: vocabulary keys. ``outcome`` may hold several.
    finding
        What it says the intervention or exposure does to the first outcome.
    findings
        The same for each outcome on which it says something else (pain falls, function rises);
        read with ``finding_on``.
    relation
        ``describes`` (what a study was or found), ``associates``, ``causes``, ``recommends`` (dose, plan),
        ``promises`` (what a patient may expect).
    certainty
        Strength of wording: ``may``, ``does`` (plain), ``always`` (proven, consistently, the root cause).
    rows, pools, questions
        The evidence it should rest on: for and against, all of it.
    needs_comparison
        Whether the statement only holds if there was a comparison group.
    implied
        Meanings a reader takes away that are not said.
    """

    id: Annotated[str, Field(pattern=r"^C\d{2}$")]
    section: str
    statement: str
    population: Key
    sex: Sex = "mixed"
    intervention: Key
    comparator: Key
    outcome: tuple[Key, ...]
    instrument: Key | None = None
    time_weeks: float | None = None
    finding: Finding
    findings: dict[Key, Finding] = Field(default_factory=dict)
    relation: Literal["describes", "associates", "causes", "recommends", "promises"]
    certainty: Literal["may", "does", "always"]
    needs_comparison: bool = True
    figures: tuple[ClaimFigure, ...] = ()
    source: ClaimSource = ClaimSource()
    rows: tuple[Key, ...] = ()
    pools: tuple[Key, ...] = ()
    questions: tuple[Key, ...] = ()
    implied: tuple[str, ...] = ()
    carried: str  # the sentence that the evidence does carry, in plain words
    review_by: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]  # date after which the entry must be read again
    note: str = ""

    def finding_on(self, outcome: str) -> Finding:
        """Return what the statement says happens to ``outcome``: its own entry, else the common finding."""
        return self.findings.get(outcome, self.finding)


class RiskAssociation(Record):
    """A row whose ratio a risk model turns into absolute risks, and the group and stratum it is about."""

    row: Key
    level: Key
    stratum: Key | None = None


class FactBoxForm(Record):
    """What a person has to say before a row with counts in both arms becomes a fact box.

    ``remark`` stands behind the certainty of the question, which is computed or signed and never typed here. The last
    eight are the items on probabilities of the IPDAS instrument, each with how the box meets it; one left empty is
    enough for the box to be refused.
    """

    title: str
    remark: str = ""
    probabilities: str = ""
    reference_class: str = ""
    event_rates: str = ""
    time_period: str = ""
    same_denominator: str = ""
    uncertainty: str = ""
    several_views: str = ""
    balanced_framing: str = ""


class RiskBaseline(Record):
    """An observed risk without the exposure: the events of one arm of a row; it serves that row's people only."""

    id: Key
    row: Key
    arm: Literal[1, 2]
    label: str
    fact_box: FactBoxForm | None = None


class RiskScenario(Record):
    """Baseline risks that nobody observed, printed together and called a scenario."""

    id: Key
    title: str
    baselines: Annotated[tuple[Annotated[float, Field(gt=0, lt=1)], ...], Field(min_length=1)]


class RiskModel(Record):
    """One entry of risk_models.toml: which rows speak on what an exposure means for a person's risk.

    Attributes
    ----------
    population
        Vocabulary key of the people it is about when nobody names others.
    levels
        Groups of the exposure, key to label, the reference among them.
    reference_level
        The group the others are compared with: a baseline risk is theirs.
    strata
        Parts of those people for which rows of their own exist, key to label.
    counted
        What a risk is counted in where that is not people: ``legs``.
    exposed
        What those with more of the exposure have, in short: ``weaker hips``.
    outcomes
        Short word for the command to vocabulary key.
    associations
        Rows with a ratio of a level against the reference.
    rows, pools
        Everything else that was found on these outcomes, for and against; its role is read from its finding.
    caveats
        What has to be said with every figure.
    """

    id: Key
    title: str
    population: Key
    levels: dict[Key, str]
    reference_level: Key
    strata: dict[Key, str] = Field(default_factory=dict)
    counted: str = ""
    exposed: str = ""
    outcomes: dict[Key, Key]
    associations: tuple[RiskAssociation, ...]
    rows: tuple[Key, ...] = ()
    pools: tuple[Key, ...] = ()
    baselines: tuple[RiskBaseline, ...] = ()
    scenarios: tuple[RiskScenario, ...] = ()
    caveats: tuple[str, ...] = ()
