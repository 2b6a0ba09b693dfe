"""Tools that judge risk of bias: RoB 2 and ROBINS-I, each version with its domains, its words and its algorithm.

References
----------
Sterne JAC, et al. RoB 2. BMJ 2019;366:l4898. doi:10.1136/bmj.l4898
Sterne JAC, et al. ROBINS-I. BMJ 2016;355:i4919. doi:10.1136/bmj.i4919
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

OVERALL: Final = "overall"
NO_INFORMATION: Final = "No information"
#: Levels of certainty that an overall judgement is worth; what has no place here says nothing.
SEVERITY: Final[Mapping[str, int]] = MappingProxyType(
    {"Low": 0, "Some concerns": 1, "Moderate": 1, "High": 2, "Serious": 2, "Critical": 3}
)


@dataclass(frozen=True, slots=True, eq=False)
class BiasTool:
    """One version of a tool.

    Attributes
    ----------
    name, version
        As in risk_of_bias.csv.
    domains
        Key of each domain to its name, in the order of the tool.
    words
        Judgements it knows, best first.
    """

    name: str
    version: str
    domains: Mapping[str, str]
    words: tuple[str, ...]

    @property
    def label(self) -> str:
        """Name and version for readers."""
        return f"{self.name}, {self.version}"

    def overall(self, judgements: Collection[str]) -> str:
        """Return the overall judgement that the tool's algorithm reaches from those of all domains.

        It is the worst of them; in ROBINS-I of 2016, missing information counts unless a domain is serious or critical.
        RoB 2 leaves it to the assessor to call several domains with some concerns a high risk: that takes a reason.

        Examples
        --------
        >>> tool_of("RoB 2", "2019").overall(["Low", "Some concerns", "Low", "Low", "Low"])
        'Some concerns'
        >>> tool_of("ROBINS-I", "2016").overall(["Moderate", "No information"])
        'No information'
        """
        worst = max((word for word in judgements if word in SEVERITY), key=SEVERITY.__getitem__, default=NO_INFORMATION)
        unknown = NO_INFORMATION in judgements and SEVERITY.get(worst, 0) < SEVERITY["Serious"]
        return NO_INFORMATION if unknown else worst


_RANDOMISATION: Final = {"D1": "Bias arising from the randomization process"}
_DEVIATIONS: Final = {"D2": "Bias due to deviations from intended interventions"}
_REST: Final = {
    "D3": "Bias due to missing outcome data",
    "D4": "Bias in measurement of the outcome",
    "D5": "Bias in selection of the reported result",
}
_RECRUITMENT: Final = {"D1b": "Bias arising from the timing of identification or recruitment of participants"}
_CARRYOVER: Final = {"DS": "Bias arising from period and carryover effects"}
_ROBINS_I: Final = {
    "D1": "Bias due to confounding",
    "D2": "Bias in selection of participants into the study",
    "D3": "Bias in classification of interventions",
    "D4": "Bias due to deviations from intended interventions",
    "D5": "Bias due to missing data",
    "D6": "Bias in measurement of outcomes",
    "D7": "Bias in selection of the reported result",
}
_ROBINS_I_2: Final = {
    "D1": "Bias due to confounding",
    "D2": "Bias in classification of interventions",
    "D3": "Bias in selection of participants into the study or analysis",
    "D4": "Bias due to missing data",
    "D5": "Bias arising from measurement of the outcome",
    "D6": "Bias in selection of the reported result",
}
_CONCERNS: Final = ("Low", "Some concerns", "High")
_GRADED: Final = ("Low", "Moderate", "Serious", "Critical")

#: Versions in the order in which they are offered: RoB 2 for parallel groups, clusters and crossover; ROBINS-I.
TOOLS: Final = (
    BiasTool("RoB 2", "2019", MappingProxyType(_RANDOMISATION | _DEVIATIONS | _REST), _CONCERNS),
    BiasTool("RoB 2", "2021 cluster", MappingProxyType(_RANDOMISATION | _RECRUITMENT | _DEVIATIONS | _REST), _CONCERNS),
    BiasTool("RoB 2", "2021 crossover", MappingProxyType(_RANDOMISATION | _DEVIATIONS | _CARRYOVER | _REST), _CONCERNS),
    BiasTool("ROBINS-I", "2025", MappingProxyType(_ROBINS_I_2), _GRADED),
    BiasTool("ROBINS-I", "2016", MappingProxyType(_ROBINS_I), (*_GRADED, NO_INFORMATION)),
)
_BY_NAME: Final = {(tool.name, tool.version): tool for tool in TOOLS}
_FOR_DESIGN: Final = {
    "rct": ("RoB 2", "2019"),
    "quasi_randomised": ("RoB 2", "2019"),
    "cluster_rct": ("RoB 2", "2021 cluster"),
    "crossover_rct": ("RoB 2", "2021 crossover"),
}


def tool_of(name: str, version: str) -> BiasTool | None:
    """Return a version of a tool, ``None`` where there is none."""
    return _BY_NAME.get((name, version))


def tool_for(design: str) -> BiasTool:
    """Return the tool that fits a study design: the current ROBINS-I where people were not allotted."""
    return _BY_NAME[_FOR_DESIGN.get(design, ("ROBINS-I", "2025"))]
