"""From what each arm of each trial reports to a network: contrasts with the covariances that shared arms bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipevidence.effects._elements import check_choice
from hipevidence.effects.bias_correction import CORRECTIONS, Correction, hedges_j
from hipevidence.effects.counts import log_proportion, log_rate, logit_proportion, proportion
from hipevidence.errors import InputError
from hipevidence.network.columns import labels, numbers, refuse, rows_by
from hipevidence.network.trials import NetworkData, Trial, assemble, centred

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    import numpy.typing as npt

    from hipevidence.pooling.batch import Floats

NEEDS = {
    "MD": ("n", "mean", "sd"),
    "SMD": ("n", "mean", "sd"),
    "OR": ("n", "events"),
    "RR": ("n", "events"),
    "RD": ("n", "events"),
    "IRR": ("events", "time"),
}
"""The columns each measure is computed from."""

Columns = dict[str, "Floats"]


def from_arms(
    measure: str,
    *,
    study: Iterable[Any],
    treatment: Iterable[Any],
    n: npt.ArrayLike | None = None,
    mean: npt.ArrayLike | None = None,
    sd: npt.ArrayLike | None = None,
    events: npt.ArrayLike | None = None,
    time: npt.ArrayLike | None = None,
    add: float = 0.5,
    correction: Correction = "exact",
) -> NetworkData:
    """Make network data from one row per arm.

    Parameters
    ----------
    measure
        ``MD``, ``SMD``, ``OR``, ``RR``, ``RD`` or ``IRR``; ratios are analysed as logarithms.
    study, treatment
        Name of the trial and of the treatment of each arm, k values each.
    n
        People in each arm, shape (k,).
    mean, sd
        Mean and standard deviation of each arm in the units of the outcome, shape (k,); for ``MD`` and ``SMD``.
    events
        People with the event (or number of events for ``IRR``), shape (k,).
    time
        Person-time of each arm, shape (k,); for ``IRR``.
    add
        Added to every cell of every arm of a trial in which some cell is 0 (``OR``, ``RR``, ``RD``, ``IRR``).
    correction
        Small-sample correction J of ``SMD``: ``"exact"``, ``"approx"`` or ``"none"`` (Cohen's d).

    Returns
    -------
    NetworkData
        Trials with one arm, and for ``OR``, ``RR`` and ``IRR`` trials in which nobody or everybody had the event, are
        listed in ``left_out``.

    Raises
    ------
    InputError
        If a figure is missing or impossible, or a trial names a treatment twice; all such places are listed.

    Notes
    -----
    Two contrasts of one trial share an arm, so their covariance is that arm's variance. ``MD``: sd²/n. ``SMD``: one
    standard deviation s pooled over all arms of the trial, g = J(N - a)(mean_i - mean_j)/s, variance
    1/n_i + 1/n_j + g²/(2N) and covariance 1/n_0 + g_i g_j/(2N) against a common arm 0. ``OR``: 1/events + 1/others;
    ``RR``: 1/events - 1/n; ``RD``: p(1 - p)/n; ``IRR``: 1/events.

    References
    ----------
    Franchini AJ et al. (2012). Res Synth Methods 3:142-160. https://doi.org/10.1002/jrsm.1049
    Gleser LJ, Olkin I (2009), in: The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., ch. 19.

    Examples
    --------
    >>> data = from_arms("OR", study=["x", "x", "x"], treatment=["hip", "knee", "none"], n=[20, 20, 20],
    ...                  events=[5, 8, 10])
    >>> data.trials[0].arm_variances.round(4).tolist()
    [0.2667, 0.2083, 0.2]
    """
    if measure not in NEEDS:
        raise InputError(f"measure is {measure!r}; allowed: {', '.join(NEEDS)}.")
    if not (np.isfinite(add) and add >= 0.0):
        raise InputError(f"add is {add!r}; allowed: 0 or more (0.5 is usual).")
    check_choice("correction", correction, CORRECTIONS)
    names = labels("study", study)
    treatments = labels("treatment", treatment, len(names))
    given = {"n": n, "mean": mean, "sd": sd, "events": events, "time": time}
    columns = {name: numbers(name, values, len(names)) for name, values in given.items()}
    refuse(_problems(measure, names, treatments, columns))
    trials: list[Trial] = []
    left_out: list[tuple[str, str]] = []
    for name, rows in rows_by(names).items():
        own = {column: values[rows] for column, values in columns.items()}
        reason = _uninformative(measure, own)
        if reason:
            left_out.append((name, reason))
            continue
        cells = _without_zeros(measure, own, add)
        values, covariance = _standardised_mean(cells, correction) if measure == "SMD" else _FORMULAS[measure](cells)
        trials.append(centred(name, [treatments[row] for row in rows], values, covariance, own["n"]))
    return assemble(trials, measure, left_out)


def _problems(measure: str, study: tuple[str, ...], treatment: tuple[str, ...], columns: Columns) -> list[str]:
    found = []
    for column in NEEDS[measure]:
        values = columns[column]
        if np.isnan(values).all():
            return [f"{measure} needs {', '.join(NEEDS[measure])}; {column} was not given."]
        wrong = ~np.isfinite(values) | (values < _LOWEST[column])
        if column in ("sd", "time"):
            wrong |= values <= 0.0
        found += [_found(study, treatment, row, column, values[row]) for row in np.flatnonzero(wrong).tolist()]
    if "events" in NEEDS[measure] and "n" in NEEDS[measure]:
        more = columns["events"] > columns["n"]
        found += [
            f"study {study[row]!r}, arm {treatment[row]!r}: {columns['events'][row]:g} events among "
            f"{columns['n'][row]:g} people; allowed: not more events than people."
            for row in np.flatnonzero(more).tolist()
        ]
    for name, rows in rows_by(study).items():
        arms = [treatment[row] for row in rows]
        twice = sorted({arm for arm in arms if arms.count(arm) > 1})
        found += [
            f"study {name!r}: treatment {arm!r} stands in more than one arm; allowed: once. Combine these arms first."
            for arm in twice
        ]
    return found


_LOWEST = {"n": 1.0, "sd": 0.0, "events": 0.0, "time": 0.0, "mean": -np.inf}
_ALLOWED = {
    "n": "1 or more",
    "mean": "a finite number",
    "sd": "a finite number greater than 0",
    "events": "0 or more",
    "time": "a finite number greater than 0",
}


def _found(study: tuple[str, ...], treatment: tuple[str, ...], row: int, column: str, value: float) -> str:
    what = "missing" if np.isnan(value) else f"{value:g}"
    return f"study {study[row]!r}, arm {treatment[row]!r}: {column} is {what}; allowed: {_ALLOWED[column]}."


def _uninformative(measure: str, own: Columns) -> str:
    """Return why a trial says nothing about differences between treatments, or an empty text."""
    if len(next(iter(own.values()))) < 2:
        return "it has one arm only"
    if measure in ("OR", "RR", "IRR") and not own["events"].any():
        return "nobody had the event in any arm"
    if measure in ("OR", "RR") and bool((own["events"] == own["n"]).all()):
        return "everybody had the event in every arm"
    if measure == "SMD" and not own["n"].sum() - len(own["n"]) > 1:
        return "the pooled standard deviation needs more than one degree of freedom"
    return ""


def _without_zeros(measure: str, own: Columns, add: float) -> Columns:
    """Return the trial's cells, with ``add`` in every one of them if any is 0."""
    if "events" not in NEEDS[measure]:
        return own
    cells = {"x": own["events"]} if measure == "IRR" else {"x": own["events"], "others": own["n"] - own["events"]}
    if any((cell == 0.0).any() for cell in cells.values()):
        if add == 0.0 and measure != "RD":
            raise InputError(f"add is 0, but a trial has a cell of 0, for which {measure} has no value; allowed: 0.5.")
        cells = {name: cell + add for name, cell in cells.items()}
    return {**own, **cells}


def _mean(own: Columns) -> tuple[Floats, Floats]:
    return own["mean"], np.diag(own["sd"] ** 2 / own["n"])


def _standardised_mean(own: Columns, correction: Correction) -> tuple[Floats, Floats]:
    n = own["n"]
    df = n.sum() - len(n)
    top = own["sd"].max()
    pooled = top * np.sqrt(((n - 1.0) * (own["sd"] / top) ** 2).sum() / df)
    values = hedges_j(df, correction) * (own["mean"] - own["mean"].mean()) / pooled
    return values, np.diag(1.0 / n) + np.outer(values, values) / (2.0 * n.sum())


def _of_cells(formula: Callable[[Floats, Floats], tuple[Floats, Floats]], second: str) -> Callable[..., Any]:
    def of_arms(own: Columns) -> tuple[Floats, Floats]:
        values, variances = formula(own["x"], own[second])
        return values, np.diag(variances)

    return of_arms


_FORMULAS: dict[str, Callable[[Columns], tuple[Floats, Floats]]] = {
    "MD": _mean,
    "OR": _of_cells(logit_proportion, "others"),
    "RR": _of_cells(log_proportion, "others"),
    "RD": _of_cells(proportion, "others"),
    "IRR": _of_cells(log_rate, "time"),
}
"""From the columns of one trial to the effects of its arms and their covariance (SMD needs its correction too)."""
