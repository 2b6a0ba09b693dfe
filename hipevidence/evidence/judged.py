"""Judgements of risk of bias as they belong together: one result, one tool, its domains and the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hipevidence.evidence.bias_tools import OVERALL, tool_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hipevidence.evidence.bias_tools import BiasTool
    from hipevidence.evidence.load import Evidence


@dataclass(frozen=True, slots=True)
class DomainJudgement:
    """One line of risk_of_bias.csv.

    Attributes
    ----------
    word
        As the tool words it.
    reason, assessor, judged_on, read_in
        As in the table.
    """

    word: str
    reason: str
    assessor: str
    judged_on: str
    read_in: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged of one study and outcome.

    Attributes
    ----------
    tool
        Tool and version.
    judgements
        Key of a domain, or ``overall``, to its judgement; what nobody judged is not there.
    """

    tool: BiasTool
    judgements: Mapping[str, DomainJudgement] = field(default_factory=dict)

    def word(self, domain: str) -> str:
        """Return the judgement of a domain, ``""`` where nobody judged."""
        found = self.judgements.get(domain)
        return "" if found is None else found.word

    @property
    def overall(self) -> str:
        """The overall judgement, ``""`` where nobody judged."""
        return self.word(OVERALL)


def judged_results(evidence: Evidence) -> dict[tuple[str, str], Judged]:
    """Return study and outcome to what was judged of it."""
    lines: dict[tuple[str, str], dict[str, DomainJudgement]] = {}
    tools: dict[tuple[str, str], BiasTool] = {}
    for row in evidence.records("risk_of_bias"):
        key, tool = (row["study_id"], row["outcome"]), tool_of(row["tool"], row["version"])
        if tool is not None:
            tools[key] = tool
            line = DomainJudgement(row["judgement"], row["reason"], row["assessor"], row["judged_on"], row["read_in"])
            lines.setdefault(key, {})[row["domain"]] = line
    return {key: Judged(tool, lines[key]) for key, tool in tools.items()}


def judged_rows(evidence: Evidence, row_ids: Iterable[str]) -> dict[str, Judged]:
    """Return row of studies.csv to what was judged of its study and outcome; a row nobody judged is not there."""
    found = judged_results(evidence)
    places = {row["row_id"]: (row["study_id"], row["outcome"]) for row in evidence.records("studies")}
    return {row_id: found[places[row_id]] for row_id in row_ids if places[row_id] in found}
