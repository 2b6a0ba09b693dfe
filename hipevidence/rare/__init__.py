"""Rare events: pooling of counts without, or with named, continuity corrections."""

from __future__ import annotations

from hipevidence.rare.beta_binomial import beta_binomial
from hipevidence.rare.glmm import glmm
from hipevidence.rare.mantel_haenszel import mantel_haenszel
from hipevidence.rare.panel import PanelRow, RareEventPanel, rare_event_panel
from hipevidence.rare.peto import peto
from hipevidence.rare.result import ChiSquareTest, CommonEffectResult, GlmmResult

__all__ = [
    "ChiSquareTest",
    "CommonEffectResult",
    "GlmmResult",
    "PanelRow",
    "RareEventPanel",
    "beta_binomial",
    "glmm",
    "mantel_haenszel",
    "peto",
    "rare_event_panel",
]
