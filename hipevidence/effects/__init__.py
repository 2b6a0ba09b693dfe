"""From what a paper reports to an effect size and its sampling variance.

``effect_size`` is the door for means, counts, rates and correlations. What papers print instead is turned by the
modules around it:

- ``convert``: effect sizes from test statistics, P values, intervals and standard errors
- ``scales``: from one effect-size scale to another
- ``deviations``: standard deviations from what is printed instead of them
- ``summaries``: means and SDs from medians and ranges; arms joined or divided
"""

from __future__ import annotations

from hipevidence.effects.bias_correction import hedges_j
from hipevidence.effects.convert import (
    from_estimate_ci,
    from_estimate_se,
    smd_from_d,
    smd_from_f,
    smd_from_p,
    smd_from_t,
)
from hipevidence.effects.deviations import (
    Correlation,
    StandardDeviation,
    correlation_of_change,
    sd_from_ci,
    sd_from_p,
    sd_from_se,
    sd_from_t,
    sd_of_change,
)
from hipevidence.effects.measures import MEASURES, effect_size
from hipevidence.effects.ranges import EffectRange, effect_size_range
from hipevidence.effects.result import EffectSize
from hipevidence.effects.scales import d_to_log_or, d_to_r, log_or_to_d, r_to_d
from hipevidence.effects.summaries import (
    Arm,
    MeanSD,
    SharedArm,
    combine_arms,
    mean_sd_from_quantiles,
    split_shared_arm,
)

__all__ = [
    "MEASURES",
    "Arm",
    "Correlation",
    "EffectRange",
    "EffectSize",
    "MeanSD",
    "SharedArm",
    "StandardDeviation",
    "combine_arms",
    "correlation_of_change",
    "d_to_log_or",
    "d_to_r",
    "effect_size",
    "effect_size_range",
    "from_estimate_ci",
    "from_estimate_se",
    "hedges_j",
    "log_or_to_d",
    "mean_sd_from_quantiles",
    "r_to_d",
    "sd_from_ci",
    "sd_from_p",
    "sd_from_se",
    "sd_from_t",
    "sd_of_change",
    "smd_from_d",
    "smd_from_f",
    "smd_from_p",
    "smd_from_t",
    "split_shared_arm",
]
