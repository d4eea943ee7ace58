"""Multi-plane ray tracing on raw arrays.

Planes are ordered by redshift. Deflections of a plane are reduced angles for a source on the last plane; between
planes i and j they are multiplied by ``beta_ij = D_ij D_s / (D_j D_is)``.

References
----------
Schneider, Ehlers & Falco (1992), Gravitational Lenses, section 9.1.
McCully, Keeton, Wong & Zabludoff (2014), MNRAS 443, 3631, equations 9 and 20.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.galaxy.sums import by_component


def traced_positions_from(
    points: Array,
    deflections_of_planes: Sequence[Callable[[Array], Array] | None],
    beta: Callable[[int, int], Array],
    xp: Namespace = np,
) -> list[Array]:
    """Positions [arcsec] at which rays seen at ``points`` cross each plane, a list of ``(n, 2)``.

    ``x_j = theta - sum_{i < j} beta_ij alpha_i(x_i)``. A plane without mass is ``None``; ``beta(i, j)`` is asked for
    only where plane i has mass and j is not the last plane (there it is one).
    """
    last = len(deflections_of_planes) - 1
    positions: list[Array] = []
    deflections: list[Array | None] = []
    for j, deflections_of in enumerate(deflections_of_planes):
        position = points
        for i, deflection in enumerate(deflections):
            if deflection is not None:
                factor = 1.0 if j == last else beta(i, j)
                position = by_component(lambda x, alpha, factor=factor: x - factor * alpha, position, deflection, xp=xp)
        positions.append(position)
        deflections.append(deflections_of(position) if deflections_of is not None and j != last else None)
    return positions


def traced_hessians_from(
    points: Array,
    deflections_of_planes: Sequence[Callable[[Array], Array] | None],
    hessians_of_planes: Sequence[Callable[[Array], Array] | None],
    beta: Callable[[int, int], Array],
    xp: Namespace = np,
) -> list[Array]:
    """Derivatives ``(n, 2, 2)`` of ``theta - x_j`` in theta for each plane j.

    With the Hessian ``U_i`` of plane i at ``x_i`` and ``A_i = dx_i / dtheta`` they are
    ``1 - A_j = sum_{i < j} beta_ij U_i A_i`` (Schneider, Ehlers & Falco 1992, eq. 9.14).
    """
    last = len(deflections_of_planes) - 1
    positions = traced_positions_from(points, deflections_of_planes, beta, xp=xp)
    sums: list[Array] = []
    products: list[Array | None] = []
    for j, hessian_of in enumerate(hessians_of_planes):
        total = xp.zeros((len(points), 2, 2))
        for i, product in enumerate(products):
            if product is not None:
                total = total + (1.0 if j == last else beta(i, j)) * product
        sums.append(total)
        products.append(
            hessian_of(positions[j]) @ (np.eye(2) - total) if hessian_of is not None and j != last else None
        )
    return sums


def arrival_time_from(
    positions: Sequence[Array],
    potentials: Sequence[Array | None],
    distances: Sequence[Array],
    beta: Callable[[int, int], Array],
) -> Array:
    """Arrival time [arcsec^2 times the unit of ``distances``], ``(n,)``.

    ``tau = sum_i D_i,i+1 [ |x_i - x_i+1|^2 / 2 - beta_i,i+1 psi_i(x_i) ]`` with the time-delay distances
    ``distances[i]`` between planes i and i + 1 and the potentials scaled like the deflections.
    """
    total = 0.0
    last = len(positions) - 1
    for i in range(last):
        separation = ((positions[i] - positions[i + 1]) ** 2).sum(axis=-1)
        term = 0.5 * separation
        potential = potentials[i]
        if potential is not None:
            term = term - (potential if i + 1 == last else beta(i, i + 1) * potential)
        total = total + distances[i] * term
    return total
