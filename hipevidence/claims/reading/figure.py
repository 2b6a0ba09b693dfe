"""A number of a text with its role."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

RATIOS: Final = {"odds": "odds_ratio", "risk": "risk_ratio", "likely": "risk_ratio", "hazard": "hazard_ratio"}
DOSES: Final = {"sessions": "sessions_per_week", "sets": "sets", "repetitions": "repetitions"}
COUNTS: Final = {"people": "count_people", "studies": "count_studies", "outcomes": "count_outcomes"}
TIMES: Final = {"weeks": 1.0, "months": 52 / 12, "years": 52.0}
#: The role of a number that is no figure of a known kind, but may be one: it must stand somewhere in the evidence.
UNPLACED: Final = "unplaced"
ONE_GROUP: Final = frozenset({"value_before", "value_after", "point_change", "percent_change", "proportion_percent"})


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A number of the text with its role.

    Attributes
    ----------
    role
        As in ``ClaimFigure``.
    value, high, decimals, unit
        As in ``ClaimFigure``.
    start, end
        Where it stands in the part of the sentence.
    arm
        2 where the text gives it to the comparison group, else 1.
    outcome
        Key of the outcome that it is put on; ``""`` for all of them.
    limits
        Interval told with it, signs dropped from ``value`` only; ``None`` without one.
    is_relative
        Whether it is a ratio told as a percentage more or less.
    sex
        The sex that the text gives it to, where it speaks of both; ``""`` otherwise.
    """

    role: str
    value: float
    high: float | None
    decimals: int
    unit: str
    start: int
    end: int
    arm: int = 1
    outcome: str = ""
    limits: tuple[float, float] | None = None
    is_relative: bool = False
    sex: str = ""

    def as_entry(self) -> dict[str, Any]:
        """Return it as an entry of a claim."""
        entry = {
            "value": self.value,
            "high": self.high,
            "decimals": self.decimals,
            "role": self.role,
            "unit": self.unit,
        }
        return entry | ({"outcome": self.outcome} if self.outcome else {})
