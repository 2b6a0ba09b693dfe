"""The precision-effect test and the precision-effect estimate with standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipevidence.bias.asymmetry import egger
from hipevidence.bias.caution import caution
from hipevidence.bias.result import PetPeese
from hipevidence.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt


def pet_peese(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    *,
    model: str = "linear",
    threshold: float = 0.1,
    cluster: npt.ArrayLike | None = None,
    method: str = "REML",
    level: float = 0.95,
) -> PetPeese:
    """Estimate the effect of an infinitely precise study by PET-PEESE.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    model, cluster, method
        As in :func:`egger`; with clusters the model is mixed.
    threshold
        PEESE is used where the two-sided P value of the effect in PET lies below this.
    level
        Coverage of the interval.

    Returns
    -------
    PetPeese
        With fewer than three studies ``nan`` with a reason.

    Raises
    ------
    InputError
        If studies or options cannot be used.

    Notes
    -----
    PET regresses effects on their standard error, PEESE on their variance: without an effect the bias grows with the
    standard error, with one more nearly with its square. 0.1 is 0.05 for an effect in the direction expected.

    References
    ----------
    Stanley & Doucouliagos (2014), doi:10.1002/jrsm.1095.

    Examples
    --------
    >>> result = pet_peese([0.3, 0.32, 0.35, 0.5, 0.8], [0.01, 0.02, 0.04, 0.09, 0.16])
    >>> result.chosen, round(result.estimate, 3)
    ('PEESE', 0.261)
    """
    if not 0.0 < threshold < 1.0:
        raise InputError(f"threshold: found {threshold}; allowed: between 0 and 1.")
    used = "mixed" if cluster is not None else model
    pet, peese = (
        egger(yi, vi, model=used, predictor=predictor, cluster=cluster, method=method, level=level)
        for predictor in ("se", "variance")
    )
    chosen, name = (peese, "PEESE") if pet.limit_p_value < threshold else (pet, "PET")
    return PetPeese(
        estimate=chosen.limit,
        se=chosen.limit_se,
        ci=chosen.limit_ci,
        p_value=chosen.limit_p_value,
        chosen=name,
        pet=pet,
        peese=peese,
        threshold=threshold,
        reason=chosen.reason,
        caution=caution("extrapolation", chosen.clusters),
    )
