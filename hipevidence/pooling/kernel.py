"""The kernel: every estimate of many meta-analyses in one vectorised pass. A single meta-analysis is a batch of one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.pooling import inference
from hipevidence.pooling.batch import Batch, arrange, as_table, chunks, keep_memory, swap_first, unusable
from hipevidence.pooling.fits import Fits, Texts, blank, concatenate
from hipevidence.pooling.options import Options
from hipevidence.pooling.prediction import prediction_half_width
from hipevidence.pooling.tau2 import Tau2, estimate_tau2, relative_residual, standard_error
from hipevidence.pooling.tau2_intervals import tau2_limits
from hipevidence.pooling.weighted import Fit, fit_at, fit_with

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipevidence.pooling.batch import Booleans, Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Solved:
    """A batch with its tau² and the weighted fits there and at tau² = 0, all in units of the batch."""

    batch: Batch
    tau2: Tau2
    tau2_se: Floats
    fit: Fit
    fit_at_zero: Fit
    q_weights: Floats | None


def fit_many(
    yi: npt.ArrayLike,
    vi: npt.ArrayLike,
    mask: npt.ArrayLike | None = None,
    *,
    method: str = "REML",
    ci: str = "HKSJ",
    level: float = 0.95,
    prediction: str | None = "metafor",
    tau2_ci: str | None = None,
    i2: str = "tau2",
    q_weights: npt.ArrayLike | None = None,
) -> Fits:
    """Fit many random-effects meta-analyses at once.

    Parameters
    ----------
    yi, vi
        Effects and sampling variances, shape (n, k).
    mask
        Which studies count, shape (n, k); all if None. What is masked out may hold anything.
    method, ci, level, prediction, tau2_ci, i2
        As in :func:`hipevidence.pooling.pool`.
    q_weights
        Weights of the generalised Q estimator, shape (n, k), for ``method="GENQ"``.

    Returns
    -------
    Fits
        Arrays of shape (n,). A meta-analysis that cannot be fitted has ``nan`` and a reason; none raises.

    Raises
    ------
    InputError
        If shapes do not match or an option is unknown.

    Examples
    --------
    >>> fits = fit_many([[0.1, 0.3, 0.2], [0.5, 0.7, 9.9]], [[0.02] * 3] * 2, [[True] * 3, [True, True, False]])
    >>> fits.estimate.round(6).tolist()
    [0.2, 0.6]
    """
    options = Options(method, ci, level, prediction, tau2_ci, i2)
    y, v, present = check_tables(yi, vi, mask)
    weights = check_q_weights(method, q_weights, y.shape)
    keep_memory()
    parts = [
        _fit_chunk(y[rows], v[rows], present[rows], options, None if weights is None else weights[rows])
        for rows in chunks(*y.shape)
    ]
    if not parts:
        return blank(np.zeros(0, dtype=np.int64))
    return parts[0] if len(parts) == 1 else concatenate(parts)


def check_tables(yi: npt.ArrayLike, vi: npt.ArrayLike, mask: npt.ArrayLike | None) -> tuple[Floats, Floats, Booleans]:
    """Return effects, variances and mask as tables of the same shape, or say why that cannot be."""
    y, v = np.atleast_2d(as_table("yi", yi)), np.atleast_2d(as_table("vi", vi))
    present = np.ones(y.shape, dtype=np.bool_) if mask is None else np.atleast_2d(np.asarray(mask, dtype=np.bool_))
    if not y.shape == v.shape == present.shape:
        raise InputError(
            f"yi, vi, mask: found shapes {y.shape}, {v.shape}, {present.shape}; allowed: the same shape for all."
        )
    return y, v, present


def check_q_weights(method: str, q_weights: npt.ArrayLike | None, shape: tuple[int, ...]) -> Floats | None:
    """Return the weights as a table of this shape; they are needed by GENQ and by nothing else."""
    if (method == "GENQ") != (q_weights is not None):
        raise InputError(
            f"q_weights: found {'none' if q_weights is None else 'weights'} with method {method!r}; "
            "allowed: positive weights, one a study, with method 'GENQ' and no other."
        )
    if q_weights is None:
        return None
    weights = np.atleast_2d(as_table("q_weights", q_weights))
    if weights.shape != shape:
        raise InputError(f"q_weights: found shape {weights.shape}; allowed: {shape}, that of the effects.")
    return weights


def _fit_chunk(y: Floats, v: Floats, present: Booleans, options: Options, q_weights: Floats | None) -> Fits:
    """Fit the meta-analyses that can be fitted and give the others a reason."""
    wrong = unusable(y, v, present)
    if q_weights is not None:
        wrong |= present & ~(np.isfinite(q_weights) & (q_weights > 0.0))
    ready = present.any(axis=1) & ~wrong.any(axis=1) if wrong.any() or not present.all() else np.ones(len(y), np.bool_)
    if ready.all() and y.size:
        return _fit_ready(y, v, present, options, q_weights)
    fits = blank(present.sum(axis=1))
    if ready.any():
        weights = None if q_weights is None else q_weights[ready]
        part = _fit_ready(y[ready], v[ready], present[ready], options, weights)
        for name in Fits.given_fields():
            getattr(fits, name)[ready] = getattr(part, name)
    for row in np.flatnonzero(~ready):
        fits.reason[row] = unusable_reason(y[row], v[row], wrong[row])
    return fits


def unusable_reason(y: Floats, v: Floats, wrong: Booleans) -> str:
    """Say in words why these studies cannot be pooled (``wrong`` marks the culprits; none: there are no studies)."""
    places = np.flatnonzero(wrong)
    if not len(places):
        return "no studies to pool"
    listed = ", ".join(str(place + 1) for place in places[:10]) + (", ..." if len(places) > 10 else "")
    return (
        f"study {listed}: found effect {y[places[0]]:g} with variance {v[places[0]]:g}; "
        "allowed: finite effects with finite variances above 0 (and weights above 0)"
    )


def solve(batch: Batch, method: str, q_weights: Floats | None = None) -> Solved:
    """Estimate tau² and fit there; with too few studies for tau² it is taken as 0 (and reported as ``nan`` later)."""
    enough = batch.k > batch.p
    fit_at_zero = fit_with(batch, 1.0 / batch.variances)
    if enough.all():
        tau2 = estimate_tau2(batch, method, q_weights, fit_at_zero)
    else:
        value, count = np.zeros(batch.size), np.zeros(batch.size, dtype=np.int64)
        tau2 = Tau2(value, count.copy(), count, np.zeros(batch.size, dtype=np.bool_))
        if enough.any():
            weights = None if q_weights is None else q_weights[enough]
            part = estimate_tau2(batch.take(enough), method, weights)
            for field in dataclasses.fields(Tau2):
                getattr(tau2, field.name)[enough] = getattr(part, field.name)
    fit = fit_at(batch, tau2.value)
    tau2_se = standard_error(batch, method, tau2.value, q_weights, fit=fit, fit_at_zero=fit_at_zero)
    return Solved(batch, tau2, tau2_se, fit, fit_at_zero, q_weights)


def _fit_ready(y: Floats, v: Floats, present: Booleans, options: Options, q_weights: Floats | None) -> Fits:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        solved = _arrange_and_solve(y, v, present, options.method, q_weights)
        return _describe(solved, options, heterogeneity_limits(solved, options))


def fit_one(y: Floats, v: Floats, options: Options, q_weights: Floats | None) -> tuple[Fits, Solved]:
    """Fit one meta-analysis of usable studies, shape (k,) each, without the limits of heterogeneity.

    These can be made later from the second thing returned, by :func:`heterogeneity_limits`.
    """
    weights = None if q_weights is None else q_weights[None]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        solved = _arrange_and_solve(y[None], v[None], np.ones((1, len(y)), dtype=np.bool_), options.method, weights)
        return _describe(solved, options, {}), solved


def _arrange_and_solve(y: Floats, v: Floats, present: Booleans, method: str, q_weights: Floats | None) -> Solved:
    batch, first = arrange(y, v, present)
    if q_weights is not None:
        q_weights = np.where(np.isfinite(batch.variances), swap_first(q_weights.copy(), first), 0.0)
    return solve(batch, method, q_weights)


def _describe(solved: Solved, options: Options, limits: dict[str, Floats]) -> Fits:
    """Turn the fitted batch into estimates in the user's units; without limits these are ``nan``."""
    batch, fit, df = solved.batch, solved.fit, solved.batch.df
    unit = batch.scale * batch.scale
    tau2, classical = solved.tau2.value, fit.covariance()[:, 0, 0]
    factor = inference.variance_factor(options.ci, fit.q, df, inference.rounding_of_q(batch, fit))
    used = classical * factor
    estimate = batch.origin + fit.coefficients()[:, 0] * batch.scale
    se = np.sqrt(used) * batch.scale
    test_df = inference.test_df(options.ci, df)
    half = inference.critical_value(options.level, test_df) * se
    prediction = _prediction(solved, options, used) * batch.scale
    i2, h2 = _heterogeneity(solved, options)
    known = np.where((df < 1.0) & (not options.common_effect), np.nan, 1.0)
    return Fits(
        estimate=estimate,
        se=se,
        ci_low=estimate - half,
        ci_high=estimate + half,
        statistic=estimate / se,
        df=np.where(test_df >= 1.0, test_df, np.nan),
        k=batch.k,
        tau2=tau2 * unit * known,
        tau2_se=solved.tau2_se * unit * known,
        i2=i2,
        h2=h2,
        q=solved.fit_at_zero.q,
        q_df=df,
        prediction_low=estimate - prediction,
        prediction_high=estimate + prediction,
        residual=relative_residual(batch, options.method, fit, tau2) * known,
        steps=solved.tau2.steps,
        optima=solved.tau2.optima,
        proven=solved.tau2.proven,
        reason=_reasons(options, df, np.isnan(factor), np.isnan(prediction), limits.get("tau2_low")),
        **(limits or dict.fromkeys(_LIMITS, _nothing(batch.size))),
    )


_LIMITS = ("tau2_low", "tau2_high", "i2_low", "i2_high", "h2_low", "h2_high")


def _nothing(size: int) -> Floats:
    """Return ``nan`` for every row, to be shared by several fields and hence not to be written to."""
    nothing = np.full(size, np.nan)
    nothing.flags.writeable = False
    return nothing


def _prediction(solved: Solved, options: Options, used: Floats) -> Floats:
    """Return half the width of the prediction interval in units of the batch; ``nan`` where there is none."""
    df = solved.batch.df
    if options.prediction is None or options.common_effect:
        return np.full(solved.batch.size, np.nan)
    width = prediction_half_width(
        options.prediction,
        options.ci,
        options.level,
        fit=solved.fit,
        used=used,
        tau2=solved.tau2.value,
        df=df,
    )
    return np.where(df >= 1.0, width, np.nan)


def _heterogeneity(solved: Solved, options: Options) -> tuple[Floats, Floats]:
    """Return I² and H²."""
    df = solved.batch.df
    if options.i2 == "Q" or options.common_effect:
        q = solved.fit_at_zero.q
        return inference.i2_from_q(q, df), inference.h2_from_q(q, df)
    tau2, typical = solved.tau2.value, inference.typical_variance(solved.fit_at_zero.trace(), df)
    return inference.i2_percent(tau2, typical), inference.h2_ratio(tau2, typical)


def heterogeneity_limits(solved: Solved, options: Options) -> dict[str, Floats]:
    """Return the limits of tau² (units of the user's), I² and H², each under its name in :class:`Fits`; maybe none."""
    batch = solved.batch
    if options.tau2_ci is None or options.common_effect:
        return {}
    ends = tau2_limits(
        batch,
        options.tau2_ci,
        options.level,
        method=options.method,
        tau2=solved.tau2.value,
        fit_at_zero=solved.fit_at_zero,
        q_weights=solved.q_weights,
    )
    typical = inference.typical_variance(solved.fit_at_zero.trace(), batch.df)
    limits: dict[str, Floats] = {}
    for end, value in zip(("low", "high"), ends, strict=True):
        limits |= {f"tau2_{end}": value * batch.scale * batch.scale}
        limits |= {f"i2_{end}": inference.i2_percent(value, typical), f"h2_{end}": inference.h2_ratio(value, typical)}
    return limits


EMPTY_INTERVAL = "Q is too small for any tau²: its interval is empty"
"""Said where a Q-profile or generalised Q interval does not exist."""


def _reasons(
    options: Options, df: Floats, no_width: Booleans, no_prediction: Booleans, tau2_low: Floats | None
) -> Texts:
    """Say in words what could not be computed; empty text where everything could."""
    texts = np.full(len(df), "", dtype=object)
    single = df < 1.0
    no_interval = None if tau2_low is None else np.isnan(tau2_low)
    lacking = no_width | no_prediction if no_interval is None else no_width | no_prediction | no_interval
    if not np.count_nonzero(single | lacking):
        return texts
    name = "Hartung-Knapp" if options.ci.startswith("HKSJ") else "a t interval"
    missing = [
        (single & (options.ci != "wald"), f"{name} needs at least two studies"),
        (~single & no_width, "all effects are equal, but for rounding: Hartung-Knapp has no width"),
        (single, "heterogeneity (tau², I², H², prediction) needs at least two studies"),
    ]
    if options.common_effect:
        missing.append(
            (~single, "a common-effect model has no spread of true effects: no prediction, no interval of it")
        )
    elif options.prediction is not None:
        text = f"there are too few studies for the {options.prediction} prediction interval"
        missing.append((~single & ~no_width & no_prediction, text))
    if no_interval is not None:
        missing.append((~single & no_interval, EMPTY_INTERVAL))
    for where, text in missing:
        for row in np.flatnonzero(where):
            texts[row] = f"{texts[row]}; {text}" if texts[row] else text
    return texts
