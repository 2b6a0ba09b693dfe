"""What the analyses of one question have in common: every specification, and what holds in how many of them."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from hipevidence import sheet
from hipevidence.multiverse.wording import sentence
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    import pandas as pd

    from hipevidence.evidence.models import Question
    from hipevidence.synthesis import Analysis

CHOICES = ("rows", "omitted", "score", "verification", "nulls", "estimator", "interval")
"""What a specification chooses, in the order of the picture."""


@dataclasses.dataclass(frozen=True, slots=True)
class Specification(Result):
    """One way of analysing a question.

    Attributes
    ----------
    rows
        Which rows: those of the protocol, or a change to them that it names.
    omitted
        The one row left out of them; ``none`` for all.
    score
        Which scores count: ``post``, ``change`` or ``either``; ``""`` where the measure has no such choice.
    verification
        How well rows have to have been read.
    nulls
        What becomes of known null results without figures.
    estimator, interval
        Estimator of tau² and interval, as in :func:`hipevidence.pooling.pool`; ``none`` and ``wald`` for one result.
    k
        Effects pooled, zeros included.
    estimate, ci, p_value
        Pooled effect on the analysis scale.
    tau2
        Between-study variance; ``nan`` for one result.
    row_ids, zero_rows
        Rows with figures, and those that counted as zero. These are never data.
    primary
        Whether it is the analysis of the protocol.
    reason
        Why a number is ``nan``; empty if none is.
    """

    rows: str
    omitted: str
    score: str
    verification: str
    nulls: str
    estimator: str
    interval: str
    k: int
    estimate: float
    ci: Interval
    p_value: float
    tau2: float
    row_ids: tuple[str, ...]
    zero_rows: tuple[str, ...]
    primary: bool
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Multiverse(Result):
    """Every specification of a question, with what holds in them.

    Attributes
    ----------
    question
        The entry of the protocol.
    primary
        Its primary analysis, which also knows how values of the analysis scale are shown.
    specifications
        Every specification, those on the same data and with the same method once.
    repeated
        Combinations of choices that led to data already there.
    lower, higher
        Specifications with an estimate below and above no difference; both 0 for a proportion, which has none.
    excludes_null
        Specifications whose interval exists and excludes no difference.
    reaches_mcid, surely_reaches_mcid
        Specifications whose estimate, or whole interval, is at least as far from no difference as the smallest
        difference that matters, on the better side; -1 where the protocol names none.
    low, high
        Smallest and largest estimate, analysis scale.
    sentence
        What holds in all of them and what does not.
    """

    question: Question
    primary: Analysis
    specifications: tuple[Specification, ...]
    repeated: int
    lower: int
    higher: int
    excludes_null: int
    reaches_mcid: int
    surely_reaches_mcid: int
    low: float
    high: float
    sentence: str

    @property
    def size(self) -> int:
        """Number of specifications."""
        return len(self.specifications)

    def varying(self) -> tuple[str, ...]:
        """Return the choices that differ between specifications."""
        return tuple(name for name in CHOICES if len({getattr(one, name) for one in self.specifications}) > 1)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a specification, at full precision."""
        import pandas as pd  # noqa: PLC0415 - answers are made without pandas; only this view needs it

        return pd.concat([one.to_frame() for one in self.specifications], ignore_index=True)

    def _repr_html_(self) -> str:
        """Show the sentence and the specifications in JupyterLab."""
        return sheet.paragraph(self.sentence) + sheet.frame(self.to_frame())


def summarise(
    question: Question, primary: Analysis, specifications: tuple[Specification, ...], repeated: int
) -> Multiverse:
    """Count what holds in how many specifications, and say so."""
    values = [one.estimate for one in specifications if math.isfinite(one.estimate)]
    compared = () if primary.is_proportion else specifications
    counts = {
        "lower": sum(one.estimate < 0.0 for one in compared),
        "higher": sum(one.estimate > 0.0 for one in compared),
        "excludes_null": sum(one.ci.exists and not one.ci.contains(0.0) for one in compared),
        "reaches_mcid": -1,
        "surely_reaches_mcid": -1,
    }
    if question.mcid is not None and not primary.is_proportion:
        better = -1.0 if question.lower_is_better else 1.0
        nearer = [one.ci.high if question.lower_is_better else one.ci.low for one in compared]
        counts["reaches_mcid"] = sum(better * one.estimate >= question.mcid for one in compared)
        counts["surely_reaches_mcid"] = sum(better * limit >= question.mcid for limit in nearer)
    low, high = min(values, default=math.nan), max(values, default=math.nan)
    text = sentence(question, primary, len(specifications), counts, (low, high))
    return Multiverse(
        question=question,
        primary=primary,
        specifications=specifications,
        repeated=repeated,
        low=low,
        high=high,
        sentence=text,
        **counts,
    )
