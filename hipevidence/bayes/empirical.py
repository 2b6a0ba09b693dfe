"""Priors of tau² that were fitted to thousands of Cochrane meta-analyses, by name.

============================================ ============== ==================== ====================================
name                                         effects        prior of log tau²    setting
============================================ ============== ==================== ====================================
turner-2015-general                          log odds ratio normal(-2.56, 1.74²) any binary outcome
turner-2015-pain-nonpharmacological-control  log odds ratio normal(-2.05, 1.71²) pain, non-drug against control
rhodes-2015-general                          SMD            t5(-3.44, 2.59²)     any continuous outcome
rhodes-2015-pain-function-nonpharmacological SMD            t5(-3.02, 2.27²)     health, pain, function; non-drug
============================================ ============== ==================== ====================================

References
----------
Turner et al. (2015), doi:10.1002/sim.6381, table IV; Rhodes et al. (2015), doi:10.1016/j.jclinepi.2014.08.012,
table 3. The tables themselves were not at hand. Each number was compared with three transcriptions, in the R packages
bayesmeta 3.4, rnmamod and hetprior, which agree on it (hetprior lacks rhodes-2015-general). hetprior has slips of its
own elsewhere, so it is no copy of the others. validation/bayes/README.md says more.
"""

from __future__ import annotations

from hipevidence.bayes.priors import LogNormal, LogT
from hipevidence.errors import InputError

EMPIRICAL_PRIORS: dict[str, LogNormal | LogT] = {
    "turner-2015-general": LogNormal(-2.56, 1.74),
    "turner-2015-pain-nonpharmacological-control": LogNormal(-2.05, 1.71),
    "rhodes-2015-general": LogT(-3.44, 2.59, 5.0),
    "rhodes-2015-pain-function-nonpharmacological": LogT(-3.02, 2.27, 5.0),
}
"""Each prior by its name."""


def empirical_prior(name: str) -> LogNormal | LogT:
    """Return an empirical prior of tau by its name.

    Parameters
    ----------
    name
        A name in the table of this module.

    Raises
    ------
    InputError
        If there is no prior of that name.

    Examples
    --------
    >>> empirical_prior("rhodes-2015-general")
    LogT(location=-3.44, scale=2.59, df=5.0)
    """
    if name not in EMPIRICAL_PRIORS:
        raise InputError(f"name: found {name!r}; allowed: {', '.join(EMPIRICAL_PRIORS)}.")
    return EMPIRICAL_PRIORS[name]
