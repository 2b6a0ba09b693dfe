"""The one door of this room: reported numbers of any kind to an effect size and its sampling variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects._elements import Elements, check_choice, read_elements
from hipevidence.effects.counts import COUNTS
from hipevidence.effects.one_group import ONE_GROUP
from hipevidence.effects.result import EffectSize, finish
from hipevidence.effects.two_means import TWO_MEANS
from hipevidence.effects.zero_cells import Where, cells_of, correct
from hipevidence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from hipevidence.effects._elements import Array
    from hipevidence.effects._measure import Inputs, Measure

MEASURES: Mapping[str, Measure] = {measure.code: measure for measure in (*TWO_MEANS, *COUNTS, *ONE_GROUP)}
"""Every measure by its code."""


def effect_size(
    measure: str,
    *,
    vtype: str | None = None,
    correction: str | None = None,
    add: float | None = None,
    to: Where | None = None,
    **inputs: ArrayLike | None,
) -> EffectSize:
    """Return the effect size and sampling variance of one measure from what a paper reports.

    Arm 1 is compared with arm 2, so an effect is arm 1 minus arm 2 (a log ratio: arm 1 over arm 2).

    Parameters
    ----------
    measure
        Code of the measure; see the table below.
    vtype
        Type of sampling variance: for SMD ``"LS"`` (default), ``"LS2"``, ``"UB"`` or ``"RevMan"``; for MD ``"LS"``
        (default) or ``"HO"``.
    correction
        Bias correction: for standardised measures ``"exact"`` (default), ``"approx"`` or ``"none"`` (Cohen's d); for
        ROM and CVR ``"delta"`` (default) or ``"none"``.
    add
        Constant for zero cells: 0.5 unless given, but 0 for AS, PAS and PFT.
    to
        Where it is added: ``"only0"`` (default), ``"if0all"``, ``"all"`` or ``"none"``; see ``zero_cells.correct``.
    **inputs
        Numbers or arrays of one shape, by the names in the table; ``None`` counts as not given.

    Returns
    -------
    EffectSize
        Floats for single numbers, arrays otherwise; ``method`` names formula, variance and every correction.

    Raises
    ------
    InputError
        If the measure or an option does not exist, inputs are missing or too many, or a single number is impossible.
        In arrays an impossible element gives ``nan`` with a reason instead.

    Notes
    -----
    =======================  ======================================================================================
    measure                  inputs
    =======================  ======================================================================================
    MD SMD SMDH ROM CVR      ``mean1 sd1 n1 mean2 sd2 n2``
    SMD1                     ``mean1 n1 mean2 sd2 n2`` (divided by ``sd2``; ``sd1`` may be given, it is not used)
    VR                       ``sd1 n1 sd2 n2`` (means may be given, they are not used)
    OR RR RD PETO AS         ``events1 n1 events2 n2``
    IRR IRD                  ``events1 time1 events2 time2``
    PR PLN PLO PAS PFT       ``events n``
    IR IRLN                  ``events time``
    MN                       ``mean sd n``
    COR ZCOR                 ``r n``
    MC SMCC                  ``mean1 sd1 mean2 sd2 n r`` (1 minus 2), or ``mean_change sd_change n``
    SMCR                     ``mean1 sd1 mean2 n r``: (mean1 - mean2)/``sd1``, so for change since baseline give
                             ``mean1`` after, ``mean2`` before and ``sd1`` the SD before (``sd2`` is not used)
    PPC                      ``mean_pre1 mean_post1 sd_pre1 n1 mean_pre2 mean_post2 sd_pre2 n2`` and the correlation of
                             pre and post, ``r`` for both arms or ``r1 r2``
    =======================  ======================================================================================

    Means and SDs are in the unit of the instrument, ``n`` in persons, ``time`` in person-time, ``r`` between -1 and 1.
    Ratios come out as natural logarithms. A list of correlations gives one result each; ``effect_size_range`` gives
    what they span.

    References
    ----------
    Borenstein M (2009), in Cooper, Hedges & Valentine, Handbook of Research Synthesis, 2nd ed., ch. 12.
    Hedges LV (1981). https://doi.org/10.3102/10769986006002107
    Bonett DG (2009). https://doi.org/10.1037/a0016619
    Lajeunesse MJ (2015). https://doi.org/10.1890/14-2402.1
    Nakagawa S et al. (2015). https://doi.org/10.1111/2041-210X.12309
    Yusuf S et al. (1985). https://doi.org/10.1016/S0033-0620(85)80003-7
    Rücker G et al. (2009). https://doi.org/10.1002/sim.3511
    Freeman MF, Tukey JW (1950). https://doi.org/10.1214/aoms/1177729756
    Becker BJ (1988). https://doi.org/10.1111/j.2044-8317.1988.tb00901.x
    Gibbons RD et al. (1993). https://doi.org/10.3102/10769986018003271
    Morris SB (2008). https://doi.org/10.1177/1094428106291059

    Examples
    --------
    >>> effect = effect_size("SMD", mean1=2.6, sd1=2.1, n1=45, mean2=3.9, sd2=2.6, n2=44)
    >>> round(effect.yi, 3), round(effect.sei, 3)
    (-0.546, 0.216)

    >>> tables = effect_size("OR", events1=[4, 0], n1=[40, 22], events2=[11, 1], n2=[41, 21])
    >>> tables.yi.round(3).tolist()
    [-1.194, -1.192]
    >>> tables.method
    "log odds ratio; 0.5 added to every cell of 1 of 2 tables (to='only0'; position 1)"
    """
    entry = _find(measure)
    given = {name: value for name, value in inputs.items() if value is not None and name not in entry.unused}
    form = _match(entry, given)
    options, words = _options(entry, vtype, correction)
    elements = read_elements({name: given[name] for name in form}, ordered=entry.ordered)
    with np.errstate(all="ignore"):  # what has no value becomes nan with a reason in finish
        values, correction_words = _corrected(entry, elements, add, to)
        yi, vi = entry.forms[form](**values, **options)
        return finish(
            elements,
            yi,
            vi,
            measure=measure,
            method="; ".join([entry.label, *words, *correction_words]),
            undefined=entry.undefined,
        )


def _find(measure: str) -> Measure:
    if measure not in MEASURES:
        raise InputError(f"measure is {measure!r}; allowed: {', '.join(MEASURES)}.")
    return MEASURES[measure]


def _match(entry: Measure, given: Mapping[str, ArrayLike]) -> Inputs:
    """Return the set of inputs of this measure that was given."""
    for form in entry.forms:
        if set(form) == set(given):
            return form
    nearest = min(entry.forms, key=lambda form: len(set(form) ^ set(given)))
    missing = [name for name in nearest if name not in given]
    extra = [name for name in given if name not in nearest]
    faults = [
        f"{kind} {', '.join(names)}" for kind, names in (("missing:", missing), ("not used by it:", extra)) if names
    ]
    allowed = "; or ".join(" ".join(form) for form in entry.forms)
    raise InputError(f"{entry.code} cannot be computed from these inputs ({'; '.join(faults)}). It needs: {allowed}.")


def _options(entry: Measure, vtype: str | None, correction: str | None) -> tuple[dict[str, str], list[str]]:
    """Return the options its formula takes, and the words for them."""
    options: dict[str, str] = {}
    words: list[str] = []
    for name, value, offered in (("correction", correction, entry.corrections), ("vtype", vtype, entry.variances)):
        if offered:
            options[name] = value or next(iter(offered))
            check_choice(name, options[name], offered)
            words.append(offered[options[name]])
        elif value is not None:
            raise InputError(f"{name} is {value!r}; {entry.code} offers no choice of it. Leave it out.")
    return options, words


def _corrected(
    entry: Measure, elements: Elements, add: float | None, to: Where | None
) -> tuple[dict[str, Array], list[str]]:
    """Return the values its formula takes, zero cells treated, and the words for that."""
    if not entry.cells:
        if add is not None or to is not None:
            raise InputError(f"{entry.code} counts nothing, so no zero cell can be corrected; leave out add and to.")
        return elements.values, []
    cells, others = cells_of(entry.cells, elements.values)
    cells, words = correct(cells, entry.add if add is None else add, to or "only0")
    return {**cells, **others}, [words]
