"""From effects and sampling variances to pooled effects: arrays in, frozen results out."""

from __future__ import annotations

from hipevidence.pooling.certificate import Certificate
from hipevidence.pooling.diagnostics import Influence, influence, residual_limit
from hipevidence.pooling.fits import Fits
from hipevidence.pooling.kernel import fit_many
from hipevidence.pooling.model import PoolResult, pool
from hipevidence.pooling.permutation import Permutation, permutation_test
from hipevidence.pooling.profiles import PROFILES, explain_difference
from hipevidence.pooling.refits import Gosh, cumulative, gosh, leave_one_out
from hipevidence.pooling.regression import Coefficient, Forecast, RegressionResult, TermTest, regress
from hipevidence.pooling.resampling import Bootstrap, bootstrap, predict_bootstrap
from hipevidence.pooling.second_opinion import SecondOpinion, certify
from hipevidence.pooling.selfchecks import Check, SelfCheck, selfcheck
from hipevidence.pooling.shrinkage import Shrunken, blup
from hipevidence.pooling.subgroup_analysis import Subgroup, Subgroups, subgroups

__all__ = [
    "PROFILES",
    "Bootstrap",
    "Certificate",
    "Check",
    "Coefficient",
    "Fits",
    "Forecast",
    "Gosh",
    "Influence",
    "Permutation",
    "PoolResult",
    "RegressionResult",
    "SecondOpinion",
    "SelfCheck",
    "Shrunken",
    "Subgroup",
    "Subgroups",
    "TermTest",
    "blup",
    "bootstrap",
    "certify",
    "cumulative",
    "explain_difference",
    "fit_many",
    "gosh",
    "influence",
    "leave_one_out",
    "permutation_test",
    "pool",
    "predict_bootstrap",
    "regress",
    "residual_limit",
    "selfcheck",
    "subgroups",
]
