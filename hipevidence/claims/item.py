"""One view of everything a statement can rest on: a study row, a published pool or an answered question."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Final, Literal

from hipevidence.results import Interval

if TYPE_CHECKING:
    from hipevidence.evidence.models import Finding

Scope = Literal["between", "within", "arm", "size", "dose"]

VERIFIED: Final = frozenset({"full_text", "abstract", "secondary"})
CONTROLLED: Final = frozenset({"rct", "cluster_rct", "crossover_rct", "quasi_randomised", "mixed_trials"})
NO_INTERVAL: Final = Interval(math.nan, math.nan)
BASELINE: Final = "baseline"  # the schema's word for a change within one group
RATIOS: Final = frozenset({"odds_ratio", "risk_ratio", "hazard_ratio", "rate_ratio"})


@dataclasses.dataclass(frozen=True, slots=True)
class ItemFigure:
    """One figure of an item.

    Attributes
    ----------
    role
        What kind of number it is, as in ``ClaimFigure.role``.
    value
        As printed or derived, sign included, in ``unit``.
    high
        Upper end where the source prints a range; ``nan`` otherwise.
    ci
        Interval of ``value`` on the same scale; limits ``nan`` where none is printed.
    unit
        Unit in words, or ``""``.
    scope
        ``between`` two groups, ``within`` one group over time, one ``arm`` at one time, ``size`` of the study, or
        ``dose``.
    arm
        Arm it belongs to, 1 or 2; 0 where it belongs to both.
    derived
        Whether it was computed from other printed figures.
    """

    role: str
    value: float
    high: float = math.nan
    ci: Interval = NO_INTERVAL
    unit: str = ""
    scope: Scope = "between"
    arm: int = 0
    derived: bool = False

    @property
    def is_range(self) -> bool:
        """Whether the source prints two ends."""
        return not math.isnan(self.high)

    @property
    def no_effect(self) -> float:
        """Value that means no difference."""
        return 1.0 if self.role in RATIOS else 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A study row, a published pool or a pooled question, seen alike.

    Attributes
    ----------
    id, kind, label, source_id
        Key, where it stands, its name for readers, and the key of its paper (``""`` for a question).
    sample_id
        People it is about; rows of one sample share it. ``""`` for pools and questions.
    population, intervention, comparator, outcome, design
        Vocabulary keys and designs; a question may have several.
    sex
        Sex of those analysed.
    finding
        What the intervention or exposure does to the outcome.
    interval_includes_no_effect
        Whether the interval of its main figure includes no difference; ``None`` without an interval. This is not
        the finding ``no_difference``: a wide interval shows neither a difference nor its absence.
    figures
        Every figure it gives.
    k_pooled, k_review
        Studies behind the pooled figure, and in the whole review; ``nan`` where they do not apply or were not seen.
    n_enrolled, n_analysed, events
        People enrolled, analysed, and with the event in the one group of a series; ``nan`` where not seen.
    arms
        The two arms in words; ``""`` where the table has none.
    time_weeks
        Weeks from the start to this measurement; ``nan`` where not stated.
    verification, seen, status, year
        As in the table.
    instrument, mcid
        Key of the instrument, and the smallest difference that matters on it; ``nan`` where none was read.
    prediction
        Prediction interval of a pooled question, on the scale of its figure.
    """

    id: str
    kind: Literal["row", "pool", "question"]
    label: str
    source_id: str
    population: tuple[str, ...]
    intervention: tuple[str, ...]
    comparator: tuple[str, ...]
    outcome: tuple[str, ...]
    design: tuple[str, ...]
    sex: str = "mixed"
    sample_id: str = ""
    finding: Finding = "not_reported"
    interval_includes_no_effect: bool | None = None
    figures: tuple[ItemFigure, ...] = ()
    k_pooled: float = math.nan
    k_review: float = math.nan
    n_enrolled: float = math.nan
    n_analysed: float = math.nan
    events: float = math.nan
    arms: tuple[str, str] = ("", "")
    time_weeks: float = math.nan
    verification: str = "full_text"
    seen: bool = True
    status: str = "extracted"
    year: int | None = None
    instrument: str = ""
    mcid: float = math.nan
    prediction: Interval = NO_INTERVAL

    @property
    def verified(self) -> bool:
        """Whether somebody saw it on a page other than the statement, and no reason was found to set it aside."""
        return self.seen and self.verification in VERIFIED and self.status != "excluded"

    @property
    def controlled(self) -> bool:
        """Whether it is a trial: the intervention was given out and compared with another group."""
        return set(self.design) <= CONTROLLED and BASELINE not in self.comparator

    @property
    def goes_across_trials(self) -> bool:
        """Whether it tells what goes together across trials, which was not given out to anybody."""
        return bool(self.of_role("correlation", "slope"))

    @property
    def has_comparison_group(self) -> bool:
        """Whether there was another group at all."""
        return "single_group" not in self.design and BASELINE not in self.comparator

    @property
    def is_experiment_on_itself(self) -> bool:
        """Whether people were compared with themselves in an experiment, not only watched over time."""
        return BASELINE in self.comparator and "single_group" not in self.design

    def of_role(self, *roles: str) -> tuple[ItemFigure, ...]:
        """Return its figures of these roles."""
        return tuple(figure for figure in self.figures if figure.role in roles)

    @property
    def could_vanish(self) -> bool:
        """Whether a new study could find no effect: the prediction interval of the answer holds it."""
        return any(self.prediction.contains(figure.no_effect) for figure in self.figures[:1])
