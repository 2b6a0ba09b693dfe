"""The same network by another road: generalised least squares on baseline contrasts, as a check of the graph's answer.

Each trial's arms are compared with its first arm. These a - 1 contrasts have the sampling covariance of the trial plus
tau² on the diagonal and tau²/2 beside it. Nothing here is shared with the Laplacian: no rotation to principal axes, no
pseudo-inverse, but Cholesky factors of the trials and an orthogonal factorisation of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.network.laplacian import Potentials
    from hipevidence.network.stacks import Stack
    from hipevidence.network.trials import NetworkData
    from hipevidence.pooling.batch import Floats, Integers


def gls_difference(data: NetworkData, piece: Integers, fits: list[tuple[float, Potentials]]) -> float:
    """Return how far fits of the graph are from generalised least squares.

    Parameters
    ----------
    data
        The network.
    piece
        Number of the piece of each treatment, shape (n,).
    fits
        Values of tau², each with the graph's fit there.

    Returns
    -------
    float
        Largest difference of an effect (in its standard errors), of a standard error (relative) or of Q (relative to
        Q or 1, whichever is larger).
    """
    base = np.unique(piece, return_index=True)[1]
    home, others = base[piece], np.delete(np.arange(len(piece)), base)
    tau2 = np.array([value for value, _ in fits])
    white = np.concatenate([_whitened(part, len(piece), tau2) for part in data.stacks], axis=1)
    effects, errors, q = _solve(np.delete(white, base, axis=2))
    worst = 0.0
    for number, (_, fit) in enumerate(fits):
        graph = fit.theta[others] - fit.theta[home[others]]
        own = np.diagonal(fit.covariance)
        theirs = np.sqrt(own[others] + own[home[others]] - 2.0 * fit.covariance[others, home[others]])
        gap = np.abs([(graph - effects[number]) / errors[number], theirs / errors[number] - 1.0]).max()
        worst = max(worst, float(gap), abs(fit.q - float(q[number])) / max(float(q[number]), 1.0))
    return worst


def _whitened(part: Stack, count: int, tau2: Floats) -> Floats:
    """Return baseline contrasts as rows of unit covariance: their design and, last, their value.

    Shape (values of tau², rows, treatments + 1).
    """
    trials, others = np.arange(len(part.trial)), np.arange(part.places.shape[1] - 1)
    contrasts = np.zeros((len(trials), len(others), count + 1))
    contrasts[trials[:, None], others, part.places[:, :1]] = -1.0
    contrasts[trials[:, None], others, part.places[:, 1:]] = 1.0
    contrasts[:, :, -1] = part.values[:, 1:] - part.values[:, :1]
    own = part.covariance
    sampling = own[:, 1:, 1:] - own[:, 1:, :1] - own[:, :1, 1:] + own[:, :1, :1]
    shared = 0.5 * (np.eye(len(others)) + 1.0)
    factors = np.linalg.cholesky(sampling + tau2[:, None, None, None] * shared)
    return np.linalg.solve(factors, np.broadcast_to(contrasts, (len(tau2), *contrasts.shape))).reshape(
        len(tau2), -1, count + 1
    )


def _solve(white: Floats) -> tuple[Floats, Floats, Floats]:
    """Return effects and standard errors, shape (values of tau², p), and Q, shape (values of tau²,)."""
    p = white.shape[2] - 1
    triangle = np.asarray(np.linalg.qr(white, mode="r"))
    inverse = np.linalg.inv(triangle[:, :p, :p])
    effects = (inverse @ triangle[:, :p, p:])[:, :, 0]
    return effects, np.sqrt((inverse**2).sum(axis=2)), (triangle[:, p:, p] ** 2).sum(axis=1)
