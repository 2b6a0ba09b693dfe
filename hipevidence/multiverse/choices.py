"""Which data sets defensible choices lead to: rows, scores, verification and what becomes of known nulls.

Everything is read from answers of :func:`hipevidence.synthesis.synthesise`, so that a row enters or stays out by the
same rules as in the protocol's own analysis.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from hipevidence.evidence.models import Sensitivity
from hipevidence.synthesis import synthesise
from hipevidence.synthesis.nulls import one_per_sample, zero_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipevidence.evidence import Evidence
    from hipevidence.evidence.models import Question
    from hipevidence.synthesis import Analysis, RowEffect, Synthesis

PROTOCOL: Final = "protocol"
NOBODY: Final = "none"
LEFT_OUT: Final = "left out"
AS_ZERO: Final = "as zero"
SCORED: Final = frozenset({"SMD", "SMDH", "MD"})
#: Name of a level, and the ways of having been read that it does without.
LEVELS: Final = (
    ("all that were read", ()),
    ("paper or abstract", ("secondary",)),
    ("full text", ("secondary", "abstract")),
)


@dataclasses.dataclass(frozen=True, slots=True)
class DataSet:
    """What one combination of choices pools.

    Attributes
    ----------
    rows, omitted, score, verification, nulls
        The choices, as in ``Specification``.
    effects
        Rows with figures.
    zeros
        Rows that count as zero, key to sampling variance.
    """

    rows: str
    omitted: str
    score: str
    verification: str
    nulls: str
    effects: tuple[RowEffect, ...]
    zeros: tuple[tuple[str, float], ...]

    @property
    def k(self) -> int:
        """Number of effects, zeros included."""
        return len(self.effects) + len(self.zeros)

    @property
    def yi(self) -> list[float]:
        """Effects."""
        return [row.yi for row in self.effects] + [0.0] * len(self.zeros)

    @property
    def vi(self) -> list[float]:
        """Sampling variances."""
        return [row.vi for row in self.effects] + [variance for _, variance in self.zeros]

    def fingerprint(self) -> frozenset[tuple[str, float, float]]:
        """Return what makes the data what they are, whatever choices led to them."""
        figures = {(row.row_id, row.yi, row.vi) for row in self.effects}
        return frozenset(figures | {(key, 0.0, variance) for key, variance in self.zeros})


def data_sets(evidence: Evidence, question: Question) -> tuple[Analysis, list[DataSet], int]:
    """Return the primary analysis, all data sets that differ (the protocol's first), and how many were repeats."""
    kept: dict[frozenset[tuple[str, float, float]], DataSet] = {}
    answer, count = synthesise(evidence, question), 0
    # whole sets first: a set that a level of verification leaves is not called one without somebody
    for found in sorted(_combinations(evidence, question), key=lambda one: one.omitted != NOBODY):
        if found.effects:  # zeros alone are no evidence
            count += 1
            kept.setdefault(found.fingerprint(), found)
    return answer.primary, list(kept.values()), count - len(kept)


def _combinations(evidence: Evidence, question: Question) -> Iterator[DataSet]:
    for score in _scores(question):
        asked = question.model_copy(update={"score": score, "sensitivity": _variants(evidence, question)})
        answer = synthesise(evidence, asked)
        shown = score if question.measure in SCORED else ""
        null_sets = _null_sets(evidence, question, answer)
        for rows, level, effects in _row_sets(answer, question):
            for nulls, keys in null_sets:
                # whoever is in the whole set is never a zero, not even where the row itself is left out
                zeros = tuple(zero_rows(evidence, keys, question, effects)[0].items())
                for omitted, remaining in _less_one(effects):
                    yield DataSet(rows, omitted, shown, level, nulls, remaining, zeros)


def _scores(question: Question) -> tuple[str, ...]:
    """Return the protocol's score first, then the others where the measure has any."""
    others = ("either", "post", "change") if question.measure in SCORED else ()
    return (question.score, *(score for score in others if score != question.score))


def _variants(evidence: Evidence, question: Question) -> tuple[Sensitivity, ...]:
    """Return the analyses that change which rows enter: levels of verification, and what the protocol names."""
    read = [(str(row["row_id"]), row["verification"]) for row in evidence.records("studies")]
    levels = tuple(
        Sensitivity(id=_level_id(name), title=name, drop_rows=tuple(key for key, how in read if how in without))
        for name, without in LEVELS
        if without
    )
    return (*levels, *_named(question))


def _named(question: Question) -> tuple[Sensitivity, ...]:
    """Return the protocol's own changes of rows, without whatever else they change."""
    return tuple(
        Sensitivity(id=one.id, title=one.title, drop_rows=one.drop_rows, add_rows=one.add_rows)
        for one in question.sensitivity
        if one.measure is None and (one.drop_rows or one.add_rows)
    )


def _level_id(name: str) -> str:
    return "level_" + name.replace(" ", "_")


def _row_sets(answer: Synthesis, question: Question) -> Iterator[tuple[str, str, tuple[RowEffect, ...]]]:
    """Yield name, level of verification and rows of each set."""
    yield PROTOCOL, LEVELS[0][0], answer.rows
    for name, without in LEVELS:
        if without:
            yield PROTOCOL, name, answer.analysis(_level_id(name)).rows
    for one in _named(question):
        yield one.title, LEVELS[0][0], answer.analysis(one.id).rows


def _less_one(effects: tuple[RowEffect, ...]) -> Iterator[tuple[str, tuple[RowEffect, ...]]]:
    """Yield a set of rows, and it without each one where two or more remain."""
    yield NOBODY, effects
    if len(effects) > 2:
        for left_out in effects:
            yield left_out.label, tuple(row for row in effects if row is not left_out)


def _null_sets(evidence: Evidence, question: Question, answer: Synthesis) -> list[tuple[str, tuple[str, ...]]]:
    """Return names and rows of the ways to count known nulls; the protocol's own sets where it names them."""
    sets: list[tuple[str, tuple[str, ...]]] = [(LEFT_OUT, ())]
    named = [(one.title, one.null_rows) for one in question.sensitivity if one.null_rows]
    nulls = {row.row_id for row in answer.nulls}
    if nulls and not named:
        named = [(AS_ZERO, one_per_sample(evidence, nulls, question.time_target))]
    return sets + named
