"""What a question's answer is made of: the rows that enter, the analyses, the rows left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hipevidence import format as fmt
from hipevidence import sheet
from hipevidence.effects.transform import BACK_TRANSFORM, back_transform
from hipevidence.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from hipevidence.evidence import LeftOut
    from hipevidence.evidence.models import Question
    from hipevidence.pooling import PoolResult


@dataclass(frozen=True, slots=True)
class RowEffect:
    """One row of the table as an effect size.

    Attributes
    ----------
    row_id, study_id, sample_id
        Keys of the row, its paper and the people it is about.
    label
        Name for tables and figures, unique within the question.
    year
        Year of publication, or ``None`` when nobody saw it.
    yi, vi
        Effect (arm 1 minus arm 2, on the analysis scale) and its sampling variance.
    ci
        Interval of ``yi``: as printed where the paper prints this effect with one, the Wald interval otherwise.
    weight
        Percent of the weight in the primary analysis.
    measure
        Effect size code.
    how
        In words, which printed figures the effect was computed from.
    method
        The formula, correction and variance, as ``effect_size`` names them.
    arm1, arm2
        The figures as printed, for the table beside the forest plot; ``""`` where the paper prints none.
    n1, n2
        People analysed per arm; ``nan`` when not printed.
    n_enrolled
        People enrolled in all arms; ``nan`` when not printed.
    design, verification, read_in, url, doi, note
        As in the table.
    """

    row_id: str
    study_id: str
    sample_id: str
    label: str
    year: int | None
    yi: float
    vi: float
    ci: Interval
    weight: float
    measure: str
    how: str
    method: str
    arm1: str
    arm2: str
    n1: float
    n2: float
    design: str
    verification: str
    read_in: str
    url: str
    doi: str
    note: str
    n_enrolled: float = math.nan

    @property
    def is_as_enrolled(self) -> bool:
        """Whether no group size is printed, so that only the people enrolled can be counted."""
        return math.isnan(self.n1) and math.isnan(self.n2)

    @property
    def people(self) -> float:
        """People analysed, else those enrolled, else ``nan``."""
        if self.is_as_enrolled:
            return self.n_enrolled
        return sum(size for size in (self.n1, self.n2) if not math.isnan(size))


@dataclass(frozen=True, slots=True)
class Analysis:
    """One pooled result of a question: the primary one, or a named change to it.

    Attributes
    ----------
    id, title
        Key and name; the primary analysis is ``primary``.
    measure
        Effect size code of the analysis.
    result
        The pooled result, or ``None`` where there was nothing to pool.
    rows
        Effects that entered, at full precision.
    zero_rows
        Rows that print no figure and counted as zero in this analysis. They are never data.
    note
        Why there is no result, or what to keep in mind; ``""`` otherwise.
    """

    id: str
    title: str
    measure: str
    result: PoolResult | None
    rows: tuple[RowEffect, ...]
    zero_rows: tuple[str, ...] = ()
    note: str = ""

    @property
    def k(self) -> int:
        """Number of effects pooled, zeros included."""
        return len(self.rows) + len(self.zero_rows)

    @property
    def row_ids(self) -> tuple[str, ...]:
        """Keys of the rows pooled."""
        return tuple(row.row_id for row in self.rows)

    @property
    def transform(self) -> str:
        """How an estimate is turned into what readers know: identity, exp, logit or freeman_tukey."""
        return BACK_TRANSFORM.get(self.measure, "identity")

    @property
    def is_proportion(self) -> bool:
        """Whether readers know the estimate as a share of people."""
        return self.transform in {"logit", "freeman_tukey"}

    def display(self, value: float) -> float:
        """Return a value of the analysis scale on the scale readers know."""
        return value if math.isnan(value) else back_transform(value, self.transform, self._harmonic_n())

    def display_interval(self, interval: Interval) -> Interval:
        """Return an interval on the scale readers know."""
        return Interval(self.display(interval.low), self.display(interval.high), interval.level)

    def _harmonic_n(self) -> float:
        """Harmonic mean of the group sizes, which the Freeman-Tukey back-transformation needs."""
        sizes = [row.n1 for row in self.rows if row.n1 > 0]
        return len(sizes) / sum(1 / size for size in sizes) if sizes else math.nan


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The answer to one question of the protocol.

    Attributes
    ----------
    question
        The protocol entry.
    primary
        The analysis the protocol names.
    sensitivity
        Every other analysis, standard ones first.
    left_out
        Rows that fit the question but did not enter, each with a reason.
    scale
        The scale of the estimates in words.
    """

    question: Question
    primary: Analysis
    sensitivity: tuple[Analysis, ...]
    left_out: tuple[LeftOut, ...]
    scale: str

    @property
    def rows(self) -> tuple[RowEffect, ...]:
        """Effects of the primary analysis."""
        return self.primary.rows

    @property
    def lower_is_better(self) -> bool:
        """Whether a lower estimate is better for the person."""
        return self.question.lower_is_better

    @property
    def awaiting(self) -> tuple[LeftOut, ...]:
        """Eligible studies whose figures nobody has read, known nulls included."""
        return tuple(row for row in self.left_out if row.kind in {"awaiting_extraction", "null_without_figures"})

    @property
    def nulls(self) -> tuple[LeftOut, ...]:
        """Of those, the ones known to have found no difference."""
        return tuple(row for row in self.left_out if row.kind == "null_without_figures")

    @property
    def transform(self) -> str:
        """How an estimate of the primary analysis is turned into what readers know."""
        return self.primary.transform

    @property
    def null_value(self) -> float:
        """Value of no difference on the analysis scale; nan where there is none (a proportion)."""
        return math.nan if self.primary.is_proportion else 0.0

    def display(self, value: float) -> float:
        """Return a value on the scale of the primary analysis as readers know it."""
        return self.primary.display(value)

    def display_interval(self, interval: Interval) -> Interval:
        """Return an interval on the scale of the primary analysis as readers know it."""
        return self.primary.display_interval(interval)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per analysis: estimate, interval, tau² and I² on the analysis scale, at full precision."""
        import pandas as pd  # noqa: PLC0415 - answers are made without pandas; only this view needs it

        return pd.DataFrame(
            [
                {
                    "analysis": analysis.title,
                    "k": analysis.k,
                    "estimate": analysis.result.estimate,
                    "ci_low": analysis.result.ci.low,
                    "ci_high": analysis.result.ci.high,
                    "tau2": analysis.result.tau2,
                    "i2": analysis.result.i2,
                    "note": analysis.note,
                }
                for analysis in (self.primary, *self.sensitivity)
                if analysis.result is not None
            ]
        )

    def _repr_html_(self) -> str:
        """Show the analyses in JupyterLab, on the scale that readers know and worded as in the report."""
        lines = [(one, one.result) for one in (self.primary, *self.sensitivity) if one.result is not None]
        columns: dict[str, Sequence[Any]] = {
            "analysis": [one.title for one, _ in lines],
            "k": [one.k for one, _ in lines],
            "estimate": [fmt.estimate(one.display(r.estimate), one.display_interval(r.ci)) for one, r in lines],
            "prediction interval": [fmt.interval(one.display_interval(r.prediction)) for one, r in lines],
            "tau²": [fmt.tau2(r.tau2) for _, r in lines],
            "I²": [fmt.i2(r.i2) for _, r in lines],
            "note": [one.note for one, _ in lines],
        }
        return sheet.paragraph(f"{self.question.title} ({self.scale})") + sheet.rows(columns)

    def analysis(self, analysis_id: str) -> Analysis:
        """Return the analysis of that id; ``KeyError`` when there is none."""
        for analysis in (self.primary, *self.sensitivity):
            if analysis.id == analysis_id:
                return analysis
        raise KeyError(analysis_id)
