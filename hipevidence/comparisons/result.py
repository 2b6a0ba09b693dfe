"""What the comparison of several treatments is made of: contrasts, pieces of the network, what cannot be in it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hipevidence.results import Result

if TYPE_CHECKING:
    from hipevidence.evidence.models import Network
    from hipevidence.network import Contributions, Decomposition, LeagueTable, NetworkResult, Ranking, Split
    from hipevidence.synthesis import Analysis, RowEffect


@dataclasses.dataclass(frozen=True, slots=True)
class Contrast(Result):
    """One row of the table as a difference between two treatments.

    Attributes
    ----------
    treatment1, treatment2
        Labels of the treatments; the effect is the first minus the second.
    row
        The effect of the row, as in a question.
    instrument, weeks
        What it was measured with and when; ``""`` and ``nan`` where not stated.
    zero
        Whether the row prints no figure and counts as zero. Such a contrast is never data.
    """

    treatment1: str
    treatment2: str
    row: RowEffect
    instrument: str
    weeks: float
    zero: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Absent(Result):
    """A row on these people and this outcome that is not in the network.

    Attributes
    ----------
    row_id, study
        Its key, and how the study is named.
    kind
        Why, as one of the words of ``LeftOut``, or ``no_node`` (an arm is none of the treatments) or ``trial`` (it
        cannot be joined with the other rows of its trial).
    reason
        Why, in a sentence without a full stop.
    """

    row_id: str
    study: str
    kind: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Treatments that trials join, directly or through others, with all that can be said of them.

    Attributes
    ----------
    result
        The network meta-analysis of this piece.
    model
        ``random``, or ``common`` where the trials leave no degree of freedom to see how results differ.
    league, ranking, decomposition, split, contributions
        Its tables, by that model.
    """

    result: NetworkResult
    model: str
    league: LeagueTable
    ranking: Ranking
    decomposition: Decomposition
    split: Split
    contributions: Contributions

    @property
    def treatments(self) -> tuple[str, ...]:
        """Labels of the treatments, best P-score first."""
        return self.league.treatments


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TreatmentComparison:
    """The answer to one network of the protocol.

    Attributes
    ----------
    network
        The protocol entry.
    contrasts
        Rows that entered, in the order of the table.
    result
        All trials as one network, for its graph; ``None`` where there is no trial.
    pieces
        One analysis for each connected piece, the largest first; one piece where all treatments are joined.
    nulls, with_nulls
        Known null results that print no figure, counted as zero, and the pieces with them; empty where there are none.
    absent
        Rows that are not in the network, each with a reason.
    isolated
        Labels of treatments that no trial with figures has.
    scale
        The scale of the effects in words.
    shown
        Knows how values of the analysis scale are shown.
    note
        What to keep in mind about the null results counted; ``""`` otherwise.
    """

    network: Network
    contrasts: tuple[Contrast, ...]
    result: NetworkResult | None
    pieces: tuple[Piece, ...]
    nulls: tuple[Contrast, ...]
    with_nulls: tuple[Piece, ...]
    absent: tuple[Absent, ...]
    isolated: tuple[str, ...]
    scale: str
    shown: Analysis
    note: str

    @property
    def awaiting(self) -> tuple[Absent, ...]:
        """Eligible rows whose figures nobody has read, known nulls included."""
        return tuple(row for row in self.absent if row.kind in {"awaiting_extraction", "null_without_figures"})

    @property
    def known_nulls(self) -> tuple[Absent, ...]:
        """Of those, the ones known to have found no difference."""
        return tuple(row for row in self.absent if row.kind == "null_without_figures")
