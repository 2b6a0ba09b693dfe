"""What every function that takes one meta-analysis asks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.pooling.batch import as_table, unusable
from hipevidence.pooling.kernel import unusable_reason

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats


def check_studies(yi: npt.ArrayLike, vi: npt.ArrayLike, at_least: int = 1) -> tuple[Floats, Floats]:
    """Return effects and variances as arrays of the same length, or say which studies cannot be used.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (k,).
    at_least
        Smallest number of studies that makes sense.
    """
    y, v = as_table("yi", yi), as_table("vi", vi)
    if y.ndim != 1 or y.shape != v.shape:
        raise InputError(f"yi, vi: found shapes {y.shape} and {v.shape}; allowed: one effect and one variance a study.")
    if not len(y):
        raise InputError("yi: found no studies, there is nothing to pool; allowed: one study or more.")
    if len(y) < at_least:
        raise InputError(f"yi: found {len(y)} studies; allowed: {at_least} or more.")
    wrong = unusable(y, v, np.ones(y.shape, dtype=np.bool_))
    if wrong.any():
        raise InputError(f"{unusable_reason(y, v, wrong)}. Correct these studies or leave them out.")
    return y, v
