"""The result of a network of counts."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any, ClassVar

from hipevidence.errors import InputError
from hipevidence.network.effects import Comparison, Comparisons, Effects, compare, compare_all, place
from hipevidence.network.trials import name_pieces
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from hipevidence.network.trial_counts import Counts
    from hipevidence.network.trials import Piece


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CountsNetworkResult(Result):
    """A network meta-analysis of counts with a common effect, at full precision; effects are log odds ratios.

    Attributes
    ----------
    treatments
        The n treatments with an estimate, in alphabetical order: the order of every matrix.
    reference
        Treatment that the others are compared with first.
    pieces
        Treatments that comparisons join; effects between pieces are ``nan``.
    trials, comparisons, designs
        Numbers of informative trials, of pairwise comparisons within them, and of different sets of arms.
    common
        All comparisons; the effect is common to all trials.
    q, df, p_value
        Mantel-Haenszel: inconsistency between designs, its degrees of freedom and P value; ``nan`` for likelihoods.
    log_likelihood
        Maximum of the conditional log-likelihood; ``nan`` for Mantel-Haenszel.
    decrement
        Gain in log-likelihood that one more step of the search promises; 0 for Mantel-Haenszel, which is a closed form.
    counts
        The informative trials.
    left_out
        Trials and arms that say nothing about odds ratios, each with the reason.
    method, level
        The conventions behind the numbers.
    reason
        Why a number is ``nan``, or what was left out; empty if neither.
    """

    treatments: tuple[str, ...]
    reference: str
    pieces: tuple[Piece, ...]
    trials: int
    comparisons: int
    designs: int
    common: Effects
    q: float
    df: int
    p_value: float
    log_likelihood: float
    decrement: float
    counts: tuple[Counts, ...]
    left_out: tuple[tuple[str, str], ...]
    method: str
    level: float
    reason: str

    main_model: ClassVar[str] = "common"
    """The model that is meant where none is named."""

    def effects(self, model: str = main_model) -> Effects:
        """Return the effects of the one model there is, ``"common"``."""
        if model != self.main_model:
            raise InputError(f"model: found {model!r}; allowed: {self.main_model} (counts are pooled without tau²).")
        return self.common

    def index(self, treatment: str) -> int:
        """Return the place of a treatment in every matrix."""
        return place(treatment, self.treatments)

    def versus(self, treatment: str, other: str) -> Comparison:
        """Return one treatment minus another; a common effect leaves nothing to predict."""
        i, j = self.index(treatment), self.index(other)
        nothing = Interval(math.nan, math.nan, self.level)
        return compare(self.common, (i, treatment), (j, other), nothing, name_pieces(self.pieces))

    def against(self, reference: str | None = None) -> Comparisons:
        """Return every other treatment minus ``reference`` (the network's own if None)."""
        chosen = self.reference if reference is None else reference
        return compare_all(self.common, self.treatments, chosen, None, model="common", level=self.level)

    def to_frame(self) -> Any:
        """Return every treatment against the reference, one row each."""
        return self.against().to_frame()
