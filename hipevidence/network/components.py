"""Additive component network meta-analysis: treatments that combine components, effects that add up."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np

from hipevidence.errors import InputError
from hipevidence.network.fitting import weighted_q
from hipevidence.network.heterogeneity import check_method, estimate_heterogeneity, upper_tail
from hipevidence.network.inconsistency import QTest
from hipevidence.network.trials import name_pieces, spread
from hipevidence.pooling import inference
from hipevidence.results import Result

if TYPE_CHECKING:
    from hipevidence.network.rows import Rows
    from hipevidence.network.trials import NetworkData, Piece
    from hipevidence.pooling.batch import Booleans, Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ComponentEffects:
    """Effects by one model of additive components.

    Attributes
    ----------
    estimate, se, low, high, statistic, p_value
        Each component added to what is there already, shape (c,); ``nan`` where the trials do not tell it apart.
    effect, effect_se
        Row treatment minus column treatment, shape (n, n); ``nan`` where the trials do not determine it.
    """

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    statistic: Floats
    p_value: Floats
    effect: Floats
    effect_se: Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ComponentResult(Result):
    """A component network meta-analysis of n treatments made of c components.

    Attributes
    ----------
    components
        The c components, in alphabetical order.
    treatments
        The n treatments, in alphabetical order.
    contains
        Which treatment (row) contains which component, 0 or 1, shape (n, c).
    inactive
        Treatment without any component, or ``""``.
    pieces
        Pieces of the network without the additive model; shared components join them.
    common, random
        Effects by the two models.
    tau2
        Between-trial variance of the additive model (squared effect units).
    additive
        Q of the additive model.
    standard
        Q of the network in which every treatment has an effect of its own.
    difference
        The first less the second: what additivity costs.
    method, level
        The conventions behind the numbers.
    reason
        Which components or pieces stay undetermined; empty if none does.
    """

    components: tuple[str, ...]
    treatments: tuple[str, ...]
    contains: Floats
    inactive: str
    pieces: tuple[Piece, ...]
    common: ComponentEffects
    random: ComponentEffects
    tau2: float
    additive: QTest
    standard: QTest
    difference: QTest
    method: str
    level: float
    reason: str


def components(
    data: NetworkData, *, inactive: str = "", separator: str = "+", method: str = "REML", level: float = 0.95
) -> ComponentResult:
    """Fit an additive component network meta-analysis.

    Parameters
    ----------
    data
        Trials; treatments are named by their components, such as ``"hip + knee"``. The network may be disconnected.
    inactive
        Treatment that contains nothing (no treatment, placebo); every other name is taken as components.
    separator
        What stands between components in a name.
    method
        Estimator of tau², as in :func:`hipevidence.network.network`.
    level
        Coverage of the intervals.

    Returns
    -------
    ComponentResult
        What the trials do not determine is ``nan`` and named in ``reason``.

    Raises
    ------
    InputError
        If a name holds an empty or a repeated component, or ``inactive`` is not in the network.

    Notes
    -----
    With C the matrix of components, effects of treatments are C beta. Additivity is an assumption; ``difference`` tests
    it as far as the network can.

    References
    ----------
    Welton NJ et al. (2009). Am J Epidemiol 169:1158-1165. https://doi.org/10.1093/aje/kwp014
    Rücker G, Petropoulou M, Schwarzer G (2020). Biom J 62:808-821. https://doi.org/10.1002/bimj.201800167

    Examples
    --------
    >>> from hipevidence.network import from_contrasts
    >>> data = from_contrasts(study=["x", "y"], treatment1=["hip", "hip + knee"], treatment2=["none", "hip"],
    ...                       effect=[-1.0, -0.5], se=[0.3, 0.4])
    >>> result = components(data, inactive="none")
    >>> result.components, result.common.estimate.round(6).tolist()
    (('hip', 'knee'), [-1.0, -0.5])
    """
    check_method(method)
    inference.check_options("wald", "Q", level)
    names, contains = _components(data.treatments, inactive, separator)
    rows = data.rows
    design = rows.design @ contains
    kept = _row_space(design)
    spread_of = estimate_heterogeneity(rows.effects, rows.variances, design @ kept.T, method, level)
    tau2 = 0.0 if math.isnan(spread_of.tau2) else spread_of.tau2
    common = _effects(rows, design, kept, contains, 0.0, level)
    random = common if tau2 == 0.0 else _effects(rows, design, kept, contains, tau2, level)
    additive = QTest(spread_of.q, spread_of.df, spread_of.p_value)
    q, df = weighted_q(rows.effects, rows.variances, rows.design, 0.0)
    standard = QTest(q, df, upper_tail(q, df))
    more = max(additive.q - q, 0.0)
    return ComponentResult(
        components=names,
        treatments=data.treatments,
        contains=contains,
        inactive=inactive,
        pieces=data.pieces,
        common=common,
        random=random,
        tau2=spread_of.tau2,
        additive=additive,
        standard=standard,
        difference=QTest(more, additive.df - df, upper_tail(more, additive.df - df)),
        method=method,
        level=level,
        reason=_reason(data, names, common),
    )


def _components(treatments: tuple[str, ...], inactive: str, separator: str) -> tuple[tuple[str, ...], Floats]:
    """Return the components and which treatment contains which."""
    if not separator:
        raise InputError("separator: found an empty text; allowed: what stands between components, such as '+'.")
    if inactive and inactive not in treatments:
        raise InputError(f"inactive: found {inactive!r}; allowed: {', '.join(treatments)}, or '' for none.")
    parts = {name: [] if name == inactive else [part.strip() for part in name.split(separator)] for name in treatments}
    wrong = [name for name, own in parts.items() if "" in own or len(set(own)) < len(own)]
    if wrong:
        raise InputError(
            f"treatments: {', '.join(map(repr, wrong))}; allowed: different components joined by {separator!r}, none "
            "empty."
        )
    names = tuple(sorted({part for own in parts.values() for part in own}))
    return names, np.array([[float(name in parts[treatment]) for name in names] for treatment in treatments])


def _row_space(design: Floats) -> Floats:
    """Return an orthonormal basis of what the rows can tell about the components, shape (rank, c)."""
    _, singular, right = np.linalg.svd(design, full_matrices=False)
    basis: Floats = right[singular > 1e-10 * singular.max(initial=0.0)]
    return basis


def _effects(rows: Rows, design: Floats, kept: Floats, contains: Floats, tau2: float, level: float) -> ComponentEffects:
    """Return the estimates at ``tau2``; combinations of components outside the row space are ``nan``."""
    roots = 1.0 / np.sqrt(rows.variances + tau2)
    columns, triangle = np.linalg.qr(roots[:, None] * (design @ kept.T))
    inverse = np.linalg.inv(triangle)
    beta = kept.T @ (inverse @ (columns.T @ (roots * rows.effects)))
    covariance = kept.T @ inverse @ inverse.T @ kept
    known = _inside(np.eye(len(beta)), kept)
    estimate = np.where(known, beta, np.nan)
    se = np.where(known, np.sqrt(np.diagonal(covariance)), np.nan)
    half = float(inference.critical_value(level, np.array([np.inf]))[0]) * se
    statistic = estimate / se
    theta = contains @ beta
    apart = _inside(contains[:, None, :] - contains[None, :, :], kept)
    variance = np.maximum(spread(contains @ covariance @ contains.T), 0.0)
    return ComponentEffects(
        estimate=estimate,
        se=se,
        low=estimate - half,
        high=estimate + half,
        statistic=statistic,
        p_value=inference.two_sided_p(statistic, np.full_like(statistic, np.inf)),
        effect=np.where(apart, theta[:, None] - theta[None, :], np.nan),
        effect_se=np.where(apart, np.sqrt(variance), np.nan),
    )


def _inside(combinations: Floats, kept: Floats) -> Booleans:
    """Return which combinations of components (last axis) the rows determine."""
    rest = combinations - combinations @ kept.T @ kept
    inside: Booleans = np.abs(rest).max(axis=-1) < 1e-8
    return inside


def _reason(data: NetworkData, names: tuple[str, ...], effects: ComponentEffects) -> str:
    unknown = [name for name, value in zip(names, effects.estimate, strict=True) if np.isnan(value)]
    said = []
    if unknown:
        said.append(f"the trials do not tell these components apart from others: {', '.join(unknown)}")
    if np.isnan(effects.effect).any():
        said.append(
            f"shared components do not join everything: {name_pieces(data.pieces) or 'the network is connected'}"
        )
    return "; ".join(said)
