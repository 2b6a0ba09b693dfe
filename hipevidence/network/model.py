"""Network meta-analysis: `network`, the one call, and its result."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.effects import Comparison, Comparisons, Effects, compare, compare_all, matrices, place
from hipevidence.network.gls import gls_difference
from hipevidence.network.heterogeneity import Heterogeneity, check_method, estimate_heterogeneity
from hipevidence.network.laplacian import Potentials, solve_network
from hipevidence.network.trials import NetworkData, Piece, name_pieces, spread
from hipevidence.pooling import inference
from hipevidence.results import Interval, Result

if TYPE_CHECKING:
    from hipevidence.network.rows import Rows
    from hipevidence.pooling.batch import Floats

MODELS = ("random", "common")
"""Names of the two models in every result."""


@dataclasses.dataclass(frozen=True, slots=True)
class NetworkCertificate(Result):
    """What vouches for a network's numbers.

    Attributes
    ----------
    residual, steps, optima, proven
        For tau², as in :class:`hipevidence.pooling.Certificate`; nothing vouches for a tau² that was given.
    gls_difference
        Largest relative difference of effects, standard errors and Q of both models from generalised least squares on
        baseline contrasts, an independent computation; about 1e-14.
    """

    residual: float
    steps: int
    optima: int
    proven: bool
    gls_difference: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NetworkResult(Result):
    """A network meta-analysis of n treatments, at full precision.

    Attributes
    ----------
    data
        The trials it rests on.
    treatments
        The n treatments, in alphabetical order: the order of rows and columns of every matrix.
    reference
        Treatment that the others are compared with first.
    pieces
        Treatments that comparisons join; effects between pieces are ``nan``.
    trials, comparisons, designs
        Numbers of trials, of pairwise comparisons within trials, and of different sets of arms.
    common, random
        Effects by the common-effect and the random-effects model.
    prediction_low, prediction_high
        Where the true effect of a new trial is expected, t with ``df`` degrees of freedom, shape (n, n).
    tau2, tau2_ci, tau
        Between-trial variance, the same for every comparison (squared effect units); its Q-profile interval; its root.
    q, df, p_value
        Q of heterogeneity and inconsistency together, its degrees of freedom and P value.
    i2, i2_ci
        I² in percent from Q, and its test-based interval.
    method, ci_method, level
        The conventions behind the numbers; ``method`` is ``given`` where tau² was.
    reason
        Why a number is ``nan``; empty if none is. Names the pieces of a disconnected network.
    certificate
        What vouches for the numbers.
    """

    data: NetworkData
    treatments: tuple[str, ...]
    reference: str
    pieces: tuple[Piece, ...]
    trials: int
    comparisons: int
    designs: int
    common: Effects
    random: Effects
    prediction_low: Floats
    prediction_high: Floats
    tau2: float
    tau2_ci: Interval
    tau: float
    q: float
    df: int
    p_value: float
    i2: float
    i2_ci: Interval
    method: str
    ci_method: str
    level: float
    reason: str
    certificate: NetworkCertificate

    main_model: ClassVar[str] = "random"
    """The model that is meant where none is named."""

    def effects(self, model: str = main_model) -> Effects:
        """Return the effects of one model, ``"random"`` or ``"common"``."""
        if model not in MODELS:
            raise InputError(f"model: found {model!r}; allowed: {', '.join(MODELS)}.")
        return self.random if model == "random" else self.common

    def index(self, treatment: str) -> int:
        """Return the place of a treatment in every matrix."""
        return place(treatment, self.treatments)

    def versus(self, treatment: str, other: str, model: str = "random") -> Comparison:
        """Return one treatment minus another by one model, with its prediction interval."""
        i, j = self.index(treatment), self.index(other)
        low, high = (self.prediction_low[i, j], self.prediction_high[i, j]) if model == "random" else (math.nan,) * 2
        prediction = Interval(float(low), float(high), self.level)
        return compare(self.effects(model), (i, treatment), (j, other), prediction, name_pieces(self.pieces))

    def against(self, reference: str | None = None, model: str = "random") -> Comparisons:
        """Return every other treatment minus ``reference`` (the network's own if None) by one model."""
        chosen = self.reference if reference is None else reference
        predicted = None if model == "common" else (self.prediction_low, self.prediction_high)
        return compare_all(self.effects(model), self.treatments, chosen, predicted, model=model, level=self.level)

    def to_frame(self) -> Any:
        """Return every treatment against the reference by the random-effects model, one row each."""
        return self.against().to_frame()


def network(
    data: NetworkData,
    *,
    method: str = "REML",
    reference: str | None = None,
    ci: str = "wald",
    level: float = 0.95,
    tau2: float | None = None,
) -> NetworkResult:
    """Fit a network meta-analysis by the common-effect and the random-effects model.

    Parameters
    ----------
    data
        Trials, from :func:`from_arms` or :func:`from_contrasts`.
    method
        Estimator of tau²: REML, ML, DL (the generalised method of moments), PM, or any other of the pooling kernel.
    reference
        Treatment to compare the others with; the first one in alphabetical order if None. It changes no number.
    ci
        Interval of the random-effects model: ``"wald"`` normal, as usual for networks; ``"t"`` the same variance with
        t; ``"HKSJ"`` or ``"HKSJ-modified"`` Hartung-Knapp.
    level
        Coverage of all intervals.
    tau2
        A given between-trial variance (squared effect units) in place of an estimate.

    Returns
    -------
    NetworkResult
        A disconnected network is fitted with one tau² for all pieces; effects between pieces are ``nan`` and ``reason``
        names the pieces.

    Raises
    ------
    InputError
        If an option or the reference is unknown.

    Notes
    -----
    Treatments are the joints and comparisons the conductors of an electrical network. Multi-arm trials enter with the
    weights that their covariances leave them; random effects add tau² to the variance of every difference and tau²/2
    to covariances of differences that share an arm. Effects are the potentials, variances the resistances.

    References
    ----------
    Rücker G (2012). Res Synth Methods 3:312-324. https://doi.org/10.1002/jrsm.1058
    Rücker G, Schwarzer G (2014). Stat Med 33:4353-4369. https://doi.org/10.1002/sim.6236
    Jackson D, White IR, Riley RD (2013). Biom J 55:231-245. https://doi.org/10.1002/bimj.201200152

    Examples
    --------
    >>> from hipevidence.network import from_contrasts
    >>> data = from_contrasts(study=["x", "y", "z"], treatment1=["hip", "knee", "hip"],
    ...                       treatment2=["none", "none", "knee"], effect=[-1.0, -0.6, -0.1], se=[0.3, 0.3, 0.3])
    >>> result = network(data, reference="none")
    >>> round(result.versus("hip", "knee").estimate, 6)
    -0.2
    """
    check_method(method)
    inference.check_options(ci, "Q", level)
    if tau2 is not None and not (np.isfinite(tau2) and tau2 >= 0.0):
        raise InputError(f"tau2: found {tau2!r}; allowed: a finite number, 0 or more, or None.")
    chosen = data.treatments[0] if reference is None else reference
    if chosen not in data.treatments:
        raise InputError(f"reference: found {chosen!r}; allowed: {', '.join(data.treatments)}.")
    rows = data.rows
    found = estimate_heterogeneity(rows.effects, rows.variances, rows.basis(), method, level)
    between = found.tau2 if tau2 is None else float(tau2)
    used = 0.0 if math.isnan(between) else between
    at_zero = solve_network(rows, 0.0)
    at_tau2 = at_zero if used == 0.0 else solve_network(rows, used)
    random = _with_interval(rows, at_tau2, found.df, ci, level)
    low, high = _prediction(random, at_tau2, between, found.df, level)
    return NetworkResult(
        data=data,
        treatments=data.treatments,
        reference=chosen,
        pieces=data.pieces,
        trials=len(data.trials),
        comparisons=sum(len(trial.arms) * (len(trial.arms) - 1) // 2 for trial in data.trials),
        designs=len({frozenset(trial.arms) for trial in data.trials}),
        common=_with_interval(rows, at_zero, found.df, "wald", level),
        random=random,
        prediction_low=low,
        prediction_high=high,
        tau2=between,
        tau2_ci=found.tau2_ci,
        tau=math.sqrt(between),
        q=found.q,
        df=found.df,
        p_value=found.p_value,
        i2=found.i2,
        i2_ci=found.i2_ci,
        method=method if tau2 is None else "given",
        ci_method=ci,
        level=level,
        reason=_reason(data, found, ci),
        certificate=_certificate(
            found, gls_difference(data, rows.piece, [(0.0, at_zero), (used, at_tau2)]), given=tau2 is not None
        ),
    )


def _certificate(found: Heterogeneity, difference: float, *, given: bool) -> NetworkCertificate:
    if given:
        return NetworkCertificate(math.nan, 0, 0, proven=False, gls_difference=difference)
    return NetworkCertificate(found.residual, found.steps, found.optima, found.proven, difference)


def _with_interval(rows: Rows, fit: Potentials, df: int, ci: str, level: float) -> Effects:
    degrees = np.array([float(df)])
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = inference.variance_factor(ci, np.array([fit.q]), degrees)[0]
    return matrices(rows, fit, factor if factor > 0.0 else math.nan, float(inference.test_df(ci, degrees)[0]), level)


def _prediction(random: Effects, fit: Potentials, tau2: float, df: int, level: float) -> tuple[Floats, Floats]:
    """Return prediction limits: classical variance of the effect plus tau², t with the residual degrees of freedom."""
    critical = float(inference.critical_value(level, np.array([float(df)]))[0])
    half = critical * np.sqrt(spread(fit.covariance) + tau2)
    np.fill_diagonal(half, 0.0)
    return random.effect - half, random.effect + half


def _reason(data: NetworkData, found: Heterogeneity, ci: str) -> str:
    said = [name_pieces(data.pieces)]
    if found.df < 1:
        said.append(
            "heterogeneity (tau², I², prediction) and intervals that rest on it need more comparisons than the "
            "network's tree: there are no degrees of freedom"
        )
    elif not found.i2_ci.exists:
        said.append("the test-based interval of I² needs two degrees of freedom")
    if found.df >= 1 and not found.tau2_ci.exists:
        said.append("Q is too small for any tau²: its interval is empty")
    if found.df >= 1 and ci == "HKSJ" and found.q <= 0.0:
        said.append("all trials agree exactly: Hartung-Knapp has no width")
    return "; ".join(text for text in said if text)
