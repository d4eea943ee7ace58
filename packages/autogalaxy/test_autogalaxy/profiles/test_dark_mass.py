"""Dark haloes against quadratures of their densities, which share nothing with the formulas of the profiles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate

import autogalaxy as ag
from autoarray import exc

mp = ag.mp
RADII = np.array([1e-4, 0.01, 0.1, 0.45, 0.55, 1.0, 1.7, 2.3, 10.0, 100.0])
"""In scale radii."""


def projected(density: Callable, m: np.ndarray) -> np.ndarray:
    """Twice the integral of ``density(sqrt(m^2 + z^2))`` over z > 0, by the trapezoidal rule in ``arsinh(z / m)``."""
    t, step = np.linspace(0.0, 40.0, 321, retstep=True)
    values = density(np.multiply.outer(m, np.cosh(t))) * np.multiply.outer(m, np.cosh(t))
    return 2.0 * step * (np.sum(values, axis=-1) - 0.5 * values[..., 0])


def mass_in_cylinder(density: Callable, radius: float) -> float:
    """Integral of the projected density inside a circle, over shells."""

    def shell(log_r: float) -> float:
        r = np.exp(log_r)
        seen = radius**2 / (r**2 * (1.0 + np.sqrt(1.0 - (radius / r) ** 2))) if r > radius else 1.0
        return 4.0 * np.pi * r**3 * density(r) * seen

    edges = np.log(radius) + np.array([-60.0, -10.0, -3.0, 0.0, 1.0, 5.0, 15.0, 40.0])
    return sum(
        integrate.quad(shell, a, b, epsrel=1e-11, epsabs=0.0, limit=200)[0]
        for a, b in zip(edges, edges[1:], strict=False)
    )


def potential_in_circle(density: Callable, radius: float) -> float:
    """Twice the integral of ``kappa r ln(R / r)``, of a round lens."""
    t, step = np.linspace(-4.0, 4.0, 401, retstep=True)
    u = 1.0 / (1.0 + np.exp(-np.pi * np.sinh(t)))
    weight = step * np.pi * np.cosh(t) * u / (1.0 + np.exp(np.pi * np.sinh(t)))
    return float(np.sum(-2.0 * weight * projected(density, radius * u) * radius**2 * u * np.log(u)))


def on_axis(radii: np.ndarray) -> np.ndarray:
    return np.stack((0.0 * radii, radii), axis=-1)


def test_projection_of_the_tests_agrees_with_adaptive_quadrature():
    def density(r: np.ndarray) -> np.ndarray:
        return r**-1.7 * (1.0 + r) ** -1.3

    expected = [
        2.0 * integrate.quad(lambda z, m=m: density(np.hypot(m, z)), 0.0, np.inf, epsrel=1e-11)[0] for m in RADII[2:]
    ]
    assert projected(density, RADII[2:]) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("tau", [0.05, 0.6, 1.0, 4.0, 300.0])
def test_truncated_nfw_is_the_projection_of_its_density(tau):
    def density(r: np.ndarray) -> np.ndarray:
        return tau**2 / (r * (1.0 + r) ** 2 * (r**2 + tau**2))

    lens = mp.NFWTruncatedSph(kappa_s=0.3, scale_radius=1.4, truncation_radius=1.4 * tau)
    points = on_axis(1.4 * RADII)

    mass = np.array([mass_in_cylinder(density, r) for r in RADII])
    potential = np.array([potential_in_circle(density, r) for r in RADII])
    assert lens.convergence_2d_from(points) == pytest.approx(0.3 * projected(density, RADII), rel=1e-10)
    assert lens.deflections_yx_2d_from(points)[:, 1] == pytest.approx(0.3 * 1.4 * mass / (np.pi * RADII), rel=1e-9)
    assert lens.potential_2d_from(points) == pytest.approx(0.3 * 1.4**2 * potential, rel=1e-9)


def test_truncated_nfw_without_truncation_is_the_nfw():
    points = on_axis(RADII[:-1])
    truncated = mp.NFWTruncatedSph(kappa_s=0.3, scale_radius=1.0, truncation_radius=1e6)
    nfw = mp.NFWSph(kappa_s=0.3, scale_radius=1.0)

    assert truncated.deflections_yx_2d_from(points) == pytest.approx(nfw.deflections_yx_2d_from(points), rel=2e-5)


def test_truncated_nfw_refuses_a_truncation_radius_of_zero():
    with pytest.raises(exc.ProfileException, match="truncation_radius"):
        mp.NFWTruncatedSph(truncation_radius=0.0)
