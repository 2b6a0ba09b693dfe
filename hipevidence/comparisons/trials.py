"""From contrasts to trials: rows on the same people that share an arm become one multi-arm trial."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from hipevidence.comparisons.result import Absent
from hipevidence.errors import InputError
from hipevidence.network import combine, from_contrasts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipevidence.comparisons.result import Contrast
    from hipevidence.network import NetworkData
    from hipevidence.pooling.batch import Floats

STANDARDISED: Final = frozenset({"SMD", "SMDH"})
#: Measures whose arms share a spread, so that group sizes tell how two differences with a common arm go together.
WITH_SPREAD: Final = frozenset({"MD"}) | STANDARDISED


def trials_of(
    contrasts: Sequence[Contrast], measure: str
) -> tuple[NetworkData | None, tuple[Contrast, ...], tuple[Absent, ...]]:
    """Return the trials, the contrasts they are made of, and the contrasts that cannot be joined, each with a reason.

    Parameters
    ----------
    contrasts
        One row a difference between two treatments.
    measure
        Effect size code.

    Returns
    -------
    tuple
        ``None`` where there is no trial.

    Notes
    -----
    A trial whose rows give every pair of its arms is solved from their variances. Where some pairs are missing and a
    tree is left, the covariance of two differences with a common arm 0 is s²/n_0 for a difference in points, s² the
    spread that the rows' own variances imply, and 1/n_0 + d_i d_j/(2N) for a standardised one. Other measures then
    have no covariance.

    References
    ----------
    Gleser LJ, Olkin I (2009), in: The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., ch. 19.
    Rücker G, Schwarzer G (2014). Stat Med 33:4353-4369. https://doi.org/10.1002/sim.6236
    """
    samples: dict[str, list[Contrast]] = defaultdict(list)
    for one in contrasts:
        samples[one.row.sample_id].append(one)
    names = _names(samples)
    found: list[NetworkData] = []
    used: list[Contrast] = []
    absent: list[Absent] = []
    for sample, rows in samples.items():
        kept, apart = _measured_alike(rows)
        absent += apart
        try:
            found.append(_trial(names[sample], kept, measure))
            used += kept
        except InputError as error:
            reason = f"its rows cannot be joined to one trial: {error}".removesuffix(".")
            absent += [Absent(one.row.row_id, one.row.label, "trial", reason) for one in kept]
    return (combine(*found) if found else None), tuple(used), tuple(absent)


def _names(samples: dict[str, list[Contrast]]) -> dict[str, str]:
    """Return a name for each sample, told apart by its key where two papers are called the same."""
    labels = {sample: rows[0].row.label for sample, rows in samples.items()}
    counts = Counter(labels.values())
    return {sample: label if counts[label] == 1 else f"{label} ({sample})" for sample, label in labels.items()}


def _measured_alike(rows: list[Contrast]) -> tuple[list[Contrast], list[Absent]]:
    """Return the rows measured with one instrument at one time, one a pair: the set that has most pairs."""
    sets: dict[tuple[str, float], dict[frozenset[str], Contrast]] = defaultdict(dict)
    for one in rows:
        alike = sets[one.instrument, -1.0 if np.isnan(one.weeks) else one.weeks]
        alike.setdefault(frozenset((one.treatment1, one.treatment2)), one)
    kept = list(max(sets.values(), key=len).values())  # of equal ones the first, as in the table
    reason = f"the same people and treatments are represented by {', '.join(one.row.row_id for one in kept)}"
    return kept, [Absent(one.row.row_id, one.row.label, "trial", reason) for one in rows if one not in kept]


def _trial(name: str, rows: list[Contrast], measure: str) -> NetworkData:
    arms = {arm for one in rows for arm in (one.treatment1, one.treatment2)}
    complete = len(rows) == len(arms) * (len(arms) - 1) // 2
    return from_contrasts(
        study=[name] * len(rows),
        treatment1=[one.treatment1 for one in rows],
        treatment2=[one.treatment2 for one in rows],
        effect=[one.row.yi for one in rows],
        se=[one.row.vi**0.5 for one in rows],
        covariances=None if complete else {name: _covariance(rows, measure)},
        n1=[one.row.n1 for one in rows],
        n2=[one.row.n2 for one in rows],
        measure=measure,
    )


def _covariance(rows: list[Contrast], measure: str) -> Floats:
    """Return the covariance of differences that share arms, from group sizes, shape (rows, rows)."""
    sizes = {arm: n for one in rows for arm, n in ((one.treatment1, one.row.n1), (one.treatment2, one.row.n2))}
    if measure not in WITH_SPREAD or np.isnan(list(sizes.values())).any():
        known = "every group size" if measure in WITH_SPREAD else "a difference in means"
        raise InputError(
            f"it gives {len(rows)} of the differences between its {len(sizes)} arms; allowed: all of them, or {known}, "
            "which tells how they go together. Add a row for each missing pair."
        )
    names = list(sizes)
    sides = np.array(
        [[(arm == one.treatment1) - (arm == one.treatment2) for arm in names] for one in rows], dtype=float
    )
    unit = sides @ np.diag(1.0 / np.array([sizes[arm] for arm in names])) @ sides.T
    effects, variances = np.array([one.row.yi for one in rows]), np.array([one.row.vi for one in rows])
    if measure in STANDARDISED:
        found = unit + np.outer(effects, effects) / (2.0 * sum(sizes.values()))
    else:
        weights = np.array([one.row.n1 + one.row.n2 for one in rows])
        found = unit * np.average(variances / np.diagonal(unit), weights=weights)
    np.fill_diagonal(found, variances)
    return np.asarray(found, dtype=np.float64)
