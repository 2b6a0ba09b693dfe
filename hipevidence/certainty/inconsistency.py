"""Inconsistency: how much the results differ, and what a new setting may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hipevidence import format as fmt
from hipevidence.certainty.result import Step
from hipevidence.synthesis.wording import interval_text

if TYPE_CHECKING:
    from hipevidence.pooling import PoolResult
    from hipevidence.synthesis import Synthesis

MUCH_SPREAD: Final = 50.0  # I² in percent from which results are called inconsistent
VERY_MUCH_SPREAD: Final = 75.0
FEWEST: Final = 2


def inconsistency(synthesis: Synthesis, result: PoolResult) -> Step:
    """Return the levels down for results that differ.

    Notes
    -----
    One level for I² above 50 %, or for a prediction interval that includes no difference where the interval of the
    mean does not; two for both with I² above 75 %. A single result has nothing to differ from: GRADE takes no level
    down for it, and wording is kept back elsewhere (``claims.plain``).

    References
    ----------
    Guyatt GH, et al. GRADE guidelines 7. J Clin Epidemiol 2011;64:1294-1302. doi:10.1016/j.jclinepi.2011.03.017
    """
    if len(synthesis.rows) == 1:
        return Step("inconsistency", 0, "One result only: whether others would find the same is not known.")
    null, prediction = synthesis.null_value, result.prediction
    differs = result.i2 > MUCH_SPREAD
    turns = prediction.contains(null) and not result.ci.contains(null)
    levels = 2 if differs and turns and result.i2 > VERY_MUCH_SPREAD else int(differs or turns)
    said = [f"The results differ: I² {fmt.i2(result.i2)}." if differs else _alike(synthesis, result)]
    if turns:
        limits = interval_text(synthesis.primary, prediction)
        said.append(f"A new setting may see no difference (prediction interval {limits}), though the mean excludes it.")
    return Step("inconsistency", -levels, " ".join(said))


def _alike(synthesis: Synthesis, result: PoolResult) -> str:
    spread = f"The results do not differ much: I² {fmt.i2(result.i2)}"
    few = ", but two results can hardly show how much results differ" if len(synthesis.rows) == FEWEST else ""
    return f"{spread}{few}."
