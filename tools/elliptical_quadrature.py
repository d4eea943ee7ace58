"""Deflections of elliptical lenses by quadrature, for any convergence: Bourassa & Kantowski (1975), ApJ 195, 13."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
# Panels in ln(m / M): deep enough for a cusp, narrow where the root is nearly zero.
_EDGES = np.concatenate((np.arange(-46.0, -8.0, 0.5), np.arange(-8.0, -1.0, 0.1), np.linspace(-1.0, 0.0, 51)))
_WIDTHS = np.diff(_EDGES)[:, None]
_LOG_RATIOS = (_EDGES[:-1, None] + 0.5 * _WIDTHS * (1.0 + _NODES)).ravel()
_STEPS = (0.5 * _WIDTHS * _WEIGHTS).ravel()


def quadrature_deflections_from(
    y: np.ndarray, x: np.ndarray, axis_ratio: float, kappa: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    r"""(y, x) deflections, ``(n, 2)``, of ``kappa(m)`` with the major axis along x.

    :math:`\bar\alpha = 2 q \int_0^M \kappa \, m \, dm \, / \sqrt{z^2 - (1 - q^2) m^2}`
    """
    z = (x + 1j * y)[:, None]
    outer = np.sqrt(z.real**2 + z.imag**2 / axis_ratio**2)
    m = outer * np.exp(_LOG_RATIOS)
    root = z * np.sqrt(1.0 - (1.0 - axis_ratio**2) * (m / z) ** 2)
    conjugate = 2.0 * axis_ratio * np.sum(kappa(m) * m**2 / root * _STEPS, axis=-1)
    return np.stack((-conjugate.imag, conjugate.real), axis=-1)
