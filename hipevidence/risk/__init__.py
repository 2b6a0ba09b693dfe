"""What a relative effect means for people: absolute risks, numbers needed, shares of people, dose-response.

Arrays in, frozen results out. Between odds ratios and standardised differences stand ``d_to_log_or`` and
``log_or_to_d`` of ``hipevidence.effects``.
"""

from __future__ import annotations

from hipevidence.risk.absolute import AbsoluteRisk, absolute_risk, absolute_risk_from_counts
from hipevidence.risk.arms import risks_from_arms
from hipevidence.risk.attributable import levin_fraction, miettinen_fraction
from hipevidence.risk.combine import CombinedRatio, combine_factors
from hipevidence.risk.e_values import EValue, e_value
from hipevidence.risk.frequencies import choose_denominator, count_of
from hipevidence.risk.instrument import ResponderShares, share_above, smd_to_points
from hipevidence.risk.numbers_needed import NumberNeeded, number_needed, number_needed_from_smd
from hipevidence.risk.proportions import proportion
from hipevidence.risk.ratios import convert_effect
from hipevidence.risk.superiority import overlap, probability_of_benefit, u3

__all__ = [
    "AbsoluteRisk",
    "CombinedRatio",
    "EValue",
    "NumberNeeded",
    "ResponderShares",
    "absolute_risk",
    "absolute_risk_from_counts",
    "choose_denominator",
    "combine_factors",
    "convert_effect",
    "count_of",
    "e_value",
    "levin_fraction",
    "miettinen_fraction",
    "number_needed",
    "number_needed_from_smd",
    "overlap",
    "probability_of_benefit",
    "proportion",
    "risks_from_arms",
    "share_above",
    "smd_to_points",
    "u3",
]
