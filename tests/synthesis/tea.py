"""Questions on a small table about tea, and the textbook formulas their answers are held against."""

from __future__ import annotations

import math
import tomllib
from typing import TYPE_CHECKING

from scipy.special import gammaln

from hipevidence.evidence import Question, load_evidence
from hipevidence.synthesis import synthesise
from tests.support import QUESTION, study

if TYPE_CHECKING:
    from hipevidence.synthesis import RowEffect, Synthesis
    from tests.support import Tiny

Z = 1.959963984540054
NO_MEANS = {"mean1_post": "", "sd1_post": "", "mean2_post": "", "sd2_post": ""}
NO_FIGURES = NO_MEANS | {"status": "awaiting_extraction", "status_reason": "table not seen"}


def ask(tiny: Tiny, rows: list[dict[str, str]], **question: object) -> Synthesis:
    """The answer to the question on tea, with some of its entries changed, from these rows."""
    tiny.studies = rows
    (entry,) = tomllib.loads(QUESTION)["question"]
    changed = Question.model_validate({"lower_is_better": False, **entry, **question})
    return synthesise(load_evidence(tiny.write()), changed)


def only_row(tiny: Tiny, row: dict[str, str], **question: object) -> RowEffect:
    """The one effect that a table of one row gives."""
    (effect,) = ask(tiny, [row], **question).rows
    return effect


def trial(name: str, **cells: str) -> dict[str, str]:
    """A row of its own sample."""
    return study(row_id=f"{name}.sleep", sample_id=name, study=name.title(), **cells)


def hedges(d: float, n1: int, n2: int) -> tuple[float, float]:
    """g and its variance from d: Hedges 1981, exact correction, large-sample variance."""
    m = n1 + n2 - 2
    g = d * math.exp(gammaln(m / 2) - gammaln((m - 1) / 2) - 0.5 * math.log(m / 2))
    return g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))


def pooled_d(m1: float, s1: float, n1: int, m2: float, s2: float, n2: int) -> float:
    return (m1 - m2) / math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
