"""Pictures: one a module, each a plain function from a result to a matplotlib figure.

Every picture draws into ``ax`` where axes are given, and has a ``*_description`` that says in words what it shows.
"""

from __future__ import annotations

from hipevidence.figures.baujat import baujat, baujat_description
from hipevidence.figures.bubble import bubble, bubble_description
from hipevidence.figures.claim_board import claim_board, claim_board_description
from hipevidence.figures.drapery import drapery, drapery_description
from hipevidence.figures.evidence_map import evidence_map, evidence_map_description, map_evidence
from hipevidence.figures.fact_box import FactBox, IpdasForm, Outcome, fact_box, fact_box_description
from hipevidence.figures.forest import forest, forest_description
from hipevidence.figures.forest_sequence import (
    cumulative_forest,
    cumulative_forest_description,
    leave_one_out_forest,
    leave_one_out_forest_description,
)
from hipevidence.figures.from_effects import from_effects
from hipevidence.figures.funnel import funnel, funnel_description
from hipevidence.figures.gosh_plot import gosh_description, gosh_plot
from hipevidence.figures.icon_array import Group, icon_array, icon_array_description
from hipevidence.figures.influence_panel import influence_panel, influence_panel_description
from hipevidence.figures.judgements import RiskOfBias, risk_of_bias
from hipevidence.figures.labbe import labbe, labbe_description
from hipevidence.figures.multiverse import specification_curve, specification_curve_description
from hipevidence.figures.network_graph import network_graph, network_graph_description
from hipevidence.figures.nnt_ladder import Rung, nnt_ladder, nnt_ladder_description
from hipevidence.figures.prisma_flow import prisma_flow, prisma_flow_description
from hipevidence.figures.radial import radial, radial_description
from hipevidence.figures.risk_curve import risk_curve, risk_curve_description
from hipevidence.figures.risk_of_bias_bars import risk_of_bias_bars, risk_of_bias_bars_description
from hipevidence.figures.saving import pdf, svg
from hipevidence.figures.traffic_light import traffic_light, traffic_light_description

__all__ = [
    "FactBox",
    "Group",
    "IpdasForm",
    "Outcome",
    "RiskOfBias",
    "Rung",
    "baujat",
    "baujat_description",
    "bubble",
    "bubble_description",
    "claim_board",
    "claim_board_description",
    "cumulative_forest",
    "cumulative_forest_description",
    "drapery",
    "drapery_description",
    "evidence_map",
    "evidence_map_description",
    "fact_box",
    "fact_box_description",
    "forest",
    "forest_description",
    "from_effects",
    "funnel",
    "funnel_description",
    "gosh_description",
    "gosh_plot",
    "icon_array",
    "icon_array_description",
    "influence_panel",
    "influence_panel_description",
    "labbe",
    "labbe_description",
    "leave_one_out_forest",
    "leave_one_out_forest_description",
    "map_evidence",
    "network_graph",
    "network_graph_description",
    "nnt_ladder",
    "nnt_ladder_description",
    "pdf",
    "prisma_flow",
    "prisma_flow_description",
    "radial",
    "radial_description",
    "risk_curve",
    "risk_curve_description",
    "risk_of_bias",
    "risk_of_bias_bars",
    "risk_of_bias_bars_description",
    "specification_curve",
    "specification_curve_description",
    "svg",
    "traffic_light",
    "traffic_light_description",
]
