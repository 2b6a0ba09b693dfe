"""Network meta-analysis: many treatments, compared directly and through each other.

Start with :func:`from_arms` or :func:`from_contrasts`, fit with :func:`network`, and hand its result to the others. For
few events :func:`counts_network` pools the counts themselves.
"""

from __future__ import annotations

from hipevidence.network.arms import from_arms
from hipevidence.network.components import ComponentEffects, ComponentResult, components
from hipevidence.network.contrasts import from_contrasts
from hipevidence.network.contribution import Contributions, contributions
from hipevidence.network.counts import counts_network
from hipevidence.network.counts_result import CountsNetworkResult
from hipevidence.network.effects import Comparison, Comparisons, Effects
from hipevidence.network.funnel import FunnelPoints, comparison_adjusted_funnel
from hipevidence.network.inconsistency import Decomposition, DesignTest, QTest, decompose
from hipevidence.network.league import LeagueTable, league_table
from hipevidence.network.model import NetworkCertificate, NetworkResult, network
from hipevidence.network.ranking import Ranking, rank
from hipevidence.network.splitting import Split, split
from hipevidence.network.trials import NetworkData, Trial, combine

__all__ = [
    "Comparison",
    "Comparisons",
    "ComponentEffects",
    "ComponentResult",
    "Contributions",
    "CountsNetworkResult",
    "Decomposition",
    "DesignTest",
    "Effects",
    "FunnelPoints",
    "LeagueTable",
    "NetworkCertificate",
    "NetworkData",
    "NetworkResult",
    "QTest",
    "Ranking",
    "Split",
    "Trial",
    "combine",
    "comparison_adjusted_funnel",
    "components",
    "contributions",
    "counts_network",
    "decompose",
    "from_arms",
    "from_contrasts",
    "league_table",
    "network",
    "rank",
    "split",
]
