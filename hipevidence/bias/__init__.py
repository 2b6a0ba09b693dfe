"""Small-study effects and selective publication: tests, adjustments, and what each can and cannot show."""

from __future__ import annotations

from hipevidence.bias.asymmetry import egger
from hipevidence.bias.caution import caution
from hipevidence.bias.counts import deeks, harbord, macaskill, peters, pustejovsky
from hipevidence.bias.excess import excess_significance
from hipevidence.bias.fail_safe import fail_safe_n
from hipevidence.bias.henmi_copas import henmi_copas
from hipevidence.bias.limit import limit_meta_analysis
from hipevidence.bias.panel import BiasPanel, PanelRow, bias_panel
from hipevidence.bias.pet_peese import pet_peese
from hipevidence.bias.rank import begg
from hipevidence.bias.result import (
    ExcessSignificance,
    FailSafe,
    HenmiCopas,
    LimitMetaAnalysis,
    PetPeese,
    RankTest,
    RegressionTest,
    TrimAndFill,
)
from hipevidence.bias.selection import SelectionModel, selection_model
from hipevidence.bias.trim import trim_and_fill

__all__ = [
    "BiasPanel",
    "ExcessSignificance",
    "FailSafe",
    "HenmiCopas",
    "LimitMetaAnalysis",
    "PanelRow",
    "PetPeese",
    "RankTest",
    "RegressionTest",
    "SelectionModel",
    "TrimAndFill",
    "begg",
    "bias_panel",
    "caution",
    "deeks",
    "egger",
    "excess_significance",
    "fail_safe_n",
    "harbord",
    "henmi_copas",
    "limit_meta_analysis",
    "macaskill",
    "pet_peese",
    "peters",
    "pustejovsky",
    "selection_model",
    "trim_and_fill",
]
