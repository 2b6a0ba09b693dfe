"""The reason codes: what can be wrong with a statement, how much it weighs, and an example of each."""

from __future__ import annotations

import dataclasses
import enum
from typing import Final


class Severity(enum.IntEnum):
    """How much a reason weighs; the heaviest reason decides the verdict (see ``verdict.PRECEDENCE``).

    ``CONTRADICTS``  the evidence says something else;
    ``MISPLACES``    the figure, or the named source, belongs somewhere else;
    ``UNTRACEABLE``  nobody can check it;
    ``OVERREACHES``  the evidence carries less than is said;
    ``QUALIFIES``    true, but not without something that has to be added.
    """

    QUALIFIES = 1
    OVERREACHES = 2
    UNTRACEABLE = 3
    MISPLACES = 4
    CONTRADICTS = 5


class Code(enum.StrEnum):
    """What is wrong with a statement, one code per comparison that can fail."""

    NUMBER = "number"
    ROUNDED = "rounded"
    DIRECTION = "direction"
    POPULATION = "population"
    INTERVENTION = "intervention"
    COMPARATOR = "comparator"
    OUTCOME = "outcome"
    TIME = "time"
    SUBGROUP = "subgroup"
    SOURCE = "source"
    STUDY_COUNT = "study_count"
    ENROLLED_FOR_ANALYSED = "enrolled_for_analysed"
    CAUSAL_FROM_OBSERVATIONAL = "causal_from_observational"
    WITHIN_GROUP_CHANGE = "within_group_change"
    NO_COMPARISON_GROUP = "no_comparison_group"
    RELATIVE_WITHOUT_BASELINE = "relative_without_baseline"
    ODDS_READ_AS_RISK = "odds_read_as_risk"
    CERTAINTY_TOO_STRONG = "certainty_too_strong"
    NULL_OR_CONTRARY_LEFT_OUT = "null_or_contrary_left_out"
    SINGLE_SMALL_STUDY = "single_small_study"
    CI_INCLUDES_NO_DIFFERENCE = "ci_includes_no_difference"
    BELOW_MCID = "below_mcid"
    PREDICTION_INTERVAL_CROSSES_ZERO = "prediction_interval_crosses_zero"
    FIGURE_UNVERIFIED = "figure_unverified"
    FIGURE_DISAGREES_WITH_SOURCE = "figure_disagrees_with_source"
    DETAIL_UNVERIFIED = "detail_unverified"
    COMPOSITE = "composite"
    UNTRACED = "untraced"
    AWAITING_EXTRACTION = "awaiting_extraction"
    EXPIRED = "expired"


@dataclasses.dataclass(frozen=True, slots=True)
class CodeInfo:
    """What a code means.

    Attributes
    ----------
    meaning
        The comparison that failed, in one sentence.
    severities
        Weights the code can have, the usual one first; ``when`` says what decides where there is more than one.
    example
        A statement on which it fires.
    when
        What chooses between several weights, or ``""``.
    """

    meaning: str
    severities: tuple[Severity, ...]
    example: str
    when: str = ""


_FIGURE_OR_STATEMENT: Final = (
    "misplaces when a figure or the named source is about something else, or a report of a study misnames it; "
    "overreaches when evidence on a part is stretched to the whole"
)
_UNLESS_MAY: Final = "qualifies when the statement only says 'may'"

CODES: Final[dict[Code, CodeInfo]] = {
    Code.NUMBER: CodeInfo(
        "The evidence that the statement rests on prints another figure of the same kind.",
        (Severity.OVERREACHES, Severity.CONTRADICTS),
        "'Pain fell 5 to 6 points' where the pooled differences are 1.5 and 3.3 points.",
        "overreaches when the stated figure is larger than any in the evidence; contradicts when it is not",
    ),
    Code.ROUNDED: CodeInfo(
        "The figure matches only after coarse rounding, to the nearest five.",
        (Severity.QUALIFIES,),
        "'35 to 50 %' where the study prints 34.9 % and 51.4 %.",
    ),
    Code.DIRECTION: CodeInfo(
        "All evidence on exactly this population, comparison and outcome found no difference or the opposite.",
        (Severity.CONTRADICTS,),
        "'Hip strengthening reduces pelvic drop' where the trials that measured it found no change.",
    ),
    Code.POPULATION: CodeInfo(
        "The evidence is about other people than the statement.",
        (Severity.MISPLACES, Severity.OVERREACHES),
        "'Eases knee pain (0.60)' where the 0.60 comes from people with knee osteoarthritis only.",
        _FIGURE_OR_STATEMENT,
    ),
    Code.INTERVENTION: CodeInfo(
        "The evidence is about another treatment or exposure than the statement.",
        (Severity.MISPLACES, Severity.OVERREACHES),
        "'Hip strengthening improves function by 10 to 57 %' where the range belongs to mixed conservative care.",
        _FIGURE_OR_STATEMENT,
    ),
    Code.COMPARATOR: CodeInfo(
        "The figure belongs to a comparison with something else than the statement names.",
        (Severity.MISPLACES, Severity.OVERREACHES),
        "'3.3 points better than knee training alone' where 3.3 is against no training and 1.5 against knee training.",
        _FIGURE_OR_STATEMENT,
    ),
    Code.OUTCOME: CodeInfo(
        "The evidence measured something else than the statement says, or only part of it.",
        (Severity.MISPLACES, Severity.OVERREACHES),
        "A ratio of 1.7 told of new and of worse pain alike, where it was found for worse pain only.",
        _FIGURE_OR_STATEMENT,
    ),
    Code.TIME: CodeInfo(
        "The evidence measured at another time than the statement speaks of.",
        (Severity.OVERREACHES,),
        "'Lasts a year' where the last measurement was after eight weeks.",
    ),
    Code.SUBGROUP: CodeInfo(
        "The evidence holds for one sex only; the statement does not say so.",
        (Severity.OVERREACHES,),
        "'Runners have weaker hips' where only the women had.",
    ),
    Code.SOURCE: CodeInfo(
        "Journal, year or design of the source are not what the statement says, or the figure is from another paper.",
        (Severity.MISPLACES,),
        "'A 2012 paper in journal A' where the study appeared in 2011 in journal B.",
    ),
    Code.STUDY_COUNT: CodeInfo(
        "The number of studies named is not the number behind the figure.",
        (Severity.OVERREACHES,),
        "'Seven studies show 0.60' where three of the review's seven studies were pooled.",
    ),
    Code.ENROLLED_FOR_ANALYSED: CodeInfo(
        "The number of people is the number enrolled; fewer were analysed.",
        (Severity.OVERREACHES,),
        "'Followed 832 runners' where 629 were analysed.",
    ),
    Code.CAUSAL_FROM_OBSERVATIONAL: CodeInfo(
        "The statement says that one thing causes another; the evidence only watched people.",
        (Severity.OVERREACHES,),
        "'Weak hips cause knee pain' on the ground of cross-sectional studies.",
    ),
    Code.WITHIN_GROUP_CHANGE: CodeInfo(
        "A change within one group is told as the effect of the treatment, or a difference between groups as a change.",
        (Severity.OVERREACHES,),
        "'The programme cut pain from 6.7 to 1.4' without what the comparison group did.",
    ),
    Code.NO_COMPARISON_GROUP: CodeInfo(
        "The evidence has no comparison group.",
        (Severity.OVERREACHES, Severity.QUALIFIES),
        "'92 % returned to running after the programme' from a series of 24 runners.",
        "overreaches when the statement only holds with a comparison group; qualifies when it only tells a change",
    ),
    Code.RELATIVE_WITHOUT_BASELINE: CodeInfo(
        "A ratio is given without saying how many people that is.",
        (Severity.QUALIFIES,),
        "'1.7 times the odds' with no number of people affected.",
    ),
    Code.ODDS_READ_AS_RISK: CodeInfo(
        "A ratio of odds is told as a ratio of risks, or one kind of ratio as another.",
        (Severity.OVERREACHES,),
        "'1.7 times as likely' where the study prints an odds ratio of 1.7.",
    ),
    Code.CERTAINTY_TOO_STRONG: CodeInfo(
        "The wording is stronger than the evidence: not all of it agrees, or no pooled trial result excludes zero.",
        (Severity.OVERREACHES, Severity.QUALIFIES),
        "'The research is clear' where trials disagree; 'equally good' where the interval holds large differences.",
        "qualifies when the statement only reports that a study found no difference",
    ),
    Code.NULL_OR_CONTRARY_LEFT_OUT: CodeInfo(
        "Evidence that found no difference, or the opposite, is not mentioned.",
        (Severity.OVERREACHES, Severity.QUALIFIES),
        "'Weak hips raise the risk' where other cohorts found no link.",
        _UNLESS_MAY,
    ),
    Code.SINGLE_SMALL_STUDY: CodeInfo(
        "Only one study with fewer than 100 people carries the statement.",
        (Severity.QUALIFIES,),
        "'Exercise cuts pain' from one trial of 28 women.",
    ),
    Code.CI_INCLUDES_NO_DIFFERENCE: CodeInfo(
        "The interval of the result that carries the statement includes no difference.",
        (Severity.OVERREACHES, Severity.QUALIFIES),
        "'Improves function' where the difference is 1.0 (-4.6 to 6.6) points.",
        "qualifies when the statement only says 'may', or reports another study than the one with that interval",
    ),
    Code.BELOW_MCID: CodeInfo(
        "The difference is smaller than the smallest one that matters to people.",
        (Severity.QUALIFIES,),
        "'Better than knee training' where the difference is 1.5 points and 2 matter.",
    ),
    Code.PREDICTION_INTERVAL_CROSSES_ZERO: CodeInfo(
        "A new study could well find no difference: the prediction interval includes it.",
        (Severity.QUALIFIES,),
        "'Eases pain' where the average is clear but the prediction interval runs from -1.9 to 0.7.",
    ),
    Code.FIGURE_UNVERIFIED: CodeInfo(
        "The figure stands in the table only as cited by the statement itself, or from memory.",
        (Severity.UNTRACEABLE,),
        "'From 6.7 to 1.4' where nobody has seen the trial's table.",
    ),
    Code.FIGURE_DISAGREES_WITH_SOURCE: CodeInfo(
        "The figures imply another result than the one the authors print.",
        (Severity.UNTRACEABLE,),
        "6.7 to 1.4 is a fall of 79.1 %, the authors quote 82 %.",
    ),
    Code.DETAIL_UNVERIFIED: CodeInfo(
        "A number or name that only describes the source could not be checked.",
        (Severity.QUALIFIES,),
        "'A review of 14 studies' where the number of studies was not seen.",
    ),
    Code.COMPOSITE: CodeInfo(
        "The figure is put together from several studies, or an amount that was used is told as one that was tested.",
        (Severity.UNTRACEABLE, Severity.QUALIFIES),
        "'3 to 5 sessions a week' where one trial used three and another five, and none compared them.",
        "untraceable when put together from several studies; qualifies when one study used the amount as it is told",
    ),
    Code.UNTRACED: CodeInfo(
        "Nothing in the table carries the statement or its figure.",
        (Severity.UNTRACEABLE,),
        "'Hop distance improves 10 to 16 %' where no listed study prints it.",
    ),
    Code.AWAITING_EXTRACTION: CodeInfo(
        "Eligible studies have not been read yet.",
        (Severity.QUALIFIES,),
        "A trial on the same comparison whose table nobody has seen.",
    ),
    Code.EXPIRED: CodeInfo(
        "The date by which the entry had to be read again has passed.",
        (Severity.QUALIFIES,),
        "An entry to be reviewed by 2027-11-23, judged on a later day.",
    ),
}
