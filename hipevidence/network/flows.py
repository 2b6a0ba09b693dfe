"""A comparison as a unit current through the network, and the current taken apart into paths.

Current runs from one treatment to the other, always from higher to lower potential, so it never runs in a circle. Its
share on a direct comparison is the coefficient of that comparison in the network's estimate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hipevidence.pooling.batch import Floats

_NO_CURRENT = 1e-12


def currents(weights: Floats, covariance: Floats, source: int, sink: int) -> Floats:
    """Return the unit current from ``source`` to ``sink`` along every direct comparison, shape (n, n), antisymmetric.

    Parameters
    ----------
    weights
        Weights of the direct comparisons, shape (n, n).
    covariance
        Pseudo-inverse of the Laplacian, shape (n, n).
    source, sink
        Numbers of the two treatments.
    """
    potential = covariance[:, source] - covariance[:, sink]
    return weights * (potential[:, None] - potential[None, :])


def random_walk(flow: Floats, source: int, sink: int) -> Floats:
    """Return what each direct comparison contributes, shape (n, n), when a walker follows the current.

    Every path has the probability that a walker takes it who leaves each treatment in proportion to the currents; it is
    shared out evenly among its steps. The sum over all paths is found step by step: how a walker may have come to a
    treatment in l steps, and how many m he may still need.

    Notes
    -----
    Davies AL et al. (2022). Stat Med 41:2091-2114. https://doi.org/10.1002/sim.9346
    """
    n = len(flow)
    forward = np.where(flow > _NO_CURRENT, flow, 0.0)
    outward = forward.sum(axis=1)
    steps = forward / np.where(outward > 0.0, outward, 1.0)[:, None]
    arrive, remain = np.zeros((n, n)), np.zeros((n, n))  # [steps, treatment]
    arrive[0, source], remain[0, sink] = 1.0, 1.0
    for step in range(1, n):
        arrive[step] = arrive[step - 1] @ steps
        remain[step] = steps @ remain[step - 1]
    lengths = 1.0 / (np.arange(n)[:, None] + np.arange(n)[None, :] + 1.0)
    share: Floats = steps * (arrive.T @ lengths @ remain)
    return share


def shortest_paths(flow: Floats, source: int, sink: int) -> Floats:
    """Return what each direct comparison contributes, shape (n, n), when the shortest paths are emptied one by one.

    Of the shortest paths the one that carries most is taken, then the first in order of the treatments; what it carries
    is shared out evenly among its steps and taken from the current, until nothing is left.

    Notes
    -----
    Papakonstantinou T et al. (2018). F1000Research 7:610. https://doi.org/10.12688/f1000research.14770.3
    """
    left = np.where(flow > _NO_CURRENT, flow, 0.0)
    share = np.zeros_like(left)
    while True:
        path = _widest_shortest(left, source, sink)
        if not path:
            return share
        start, end = np.array(path[:-1]), np.array(path[1:])
        carried = left[start, end].min()
        share[start, end] += carried / len(start)
        left[start, end] -= carried
        left[left < _NO_CURRENT] = 0.0


def _widest_shortest(left: Floats, source: int, sink: int) -> list[int]:
    """Return the shortest path that carries most, as the treatments it visits; empty if nothing leads to the sink."""
    n = len(left)
    width, came_from = np.zeros(n), np.full(n, -1)
    width[source], seen = np.inf, np.zeros(n, dtype=np.bool_)
    seen[source] = True
    front = [source]
    while front and not seen[sink]:
        carried = np.minimum(width[front][:, None], left[front])
        best = carried.argmax(axis=0)
        reached = np.flatnonzero((carried.max(axis=0) > 0.0) & ~seen)
        width[reached] = carried[best, np.arange(n)][reached]
        came_from[reached] = np.array(front)[best[reached]]
        seen[reached] = True
        front = [int(place) for place in reached]
    if not seen[sink]:
        return []
    path = [sink]
    while path[-1] != source:
        path.append(int(came_from[path[-1]]))
    return path[::-1]
