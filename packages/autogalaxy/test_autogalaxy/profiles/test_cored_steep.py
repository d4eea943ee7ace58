"""Sums of cored steep ellipsoids against quadrature, and fits with them against the profile they are fitted to."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from autogalaxy.profiles.mass.cored_steep import (
    cored_steep_convergence_from,
    cored_steep_deflections_from,
    cored_steep_potential_from,
    cored_steep_shear_from,
)
from autogalaxy.profiles.mass.cored_steep_fit import cored_steep_fit_from, sampled_radii_from
from elliptical_quadrature import quadrature_deflections_from

AMPLITUDES, CORES = np.array([1.0, -0.3, 2.0]), np.array([0.3, 1.1, 5.0])
Y, X = np.array([0.3, -1.7, 0.02, 9.0]), np.array([0.5, 0.4, -0.03, -6.0])


def kappa(m: np.ndarray) -> np.ndarray:
    return sum(a * (1.0 + m**2 / s**2) ** -1.5 for a, s in zip(AMPLITUDES, CORES, strict=True))


@pytest.mark.parametrize("q", (0.2, 0.6, 1.0))
def test_deflections_of_a_sum_agree_with_quadrature(q):
    ell_comps = (0.0, (1.0 - q) / (1.0 + q))

    deflections = cored_steep_deflections_from(Y, X, ell_comps, AMPLITUDES, CORES)

    assert np.stack(deflections, axis=-1) == pytest.approx(quadrature_deflections_from(Y, X, q, kappa), rel=1e-11)


def test_convergence_of_a_sum_is_a_function_of_the_elliptical_radius():
    convergence = cored_steep_convergence_from(Y, X, (0.0, 0.25), AMPLITUDES, CORES)

    assert convergence == pytest.approx(kappa(np.sqrt(X**2 + Y**2 / 0.6**2)), rel=1e-13)


def test_potential_of_a_sum_is_the_line_integral_of_the_deflection_by_quadrature():
    def along(t: float) -> float:
        alpha = quadrature_deflections_from(t * Y[1:2], t * X[1:2], 0.6, kappa)[0]
        return alpha[0] * Y[1] + alpha[1] * X[1]

    potential = cored_steep_potential_from(Y, X, (0.0, 0.25), AMPLITUDES, CORES)

    assert potential[1] == pytest.approx(quad(along, 0.0, 1.0, epsabs=0.0, epsrel=1e-11)[0], rel=1e-10)


def test_shear_of_a_sum_is_the_derivative_of_deflections_by_quadrature():
    h = 1e-4
    by_y = quadrature_deflections_from(Y + h, X, 0.6, kappa) - quadrature_deflections_from(Y - h, X, 0.6, kappa)
    by_x = quadrature_deflections_from(Y, X + h, 0.6, kappa) - quadrature_deflections_from(Y, X - h, 0.6, kappa)

    gamma_1, gamma_2 = cored_steep_shear_from(Y, X, (0.0, 0.25), AMPLITUDES, CORES)

    assert gamma_1 == pytest.approx(0.25 * (by_x[:, 1] - by_y[:, 0]) / h, abs=2e-6)
    assert gamma_2 == pytest.approx(0.5 * by_x[:, 0] / h, abs=2e-6)


def test_shear_at_the_centre_is_that_of_a_homogeneous_ellipse():
    """alpha_x = 2 q kappa x / (1 + q), alpha_y = 2 kappa y / (1 + q) inside a homogeneous elliptical cylinder."""
    gamma_1, gamma_2 = cored_steep_shear_from(np.zeros(1), np.zeros(1), (0.0, 0.25), AMPLITUDES, CORES)

    assert gamma_1 == pytest.approx([-0.25 * np.sum(AMPLITUDES)], rel=1e-13)
    assert gamma_2 == pytest.approx([0.0], abs=1e-15)


def test_turning_the_ellipse_turns_the_deflection():
    turn = np.exp(2j * np.pi / 9.0)
    z = (X + 1j * Y) * turn
    epsilon = 0.25 * turn**2

    still = cored_steep_deflections_from(Y, X, (0.0, 0.25), AMPLITUDES, CORES)
    turned = cored_steep_deflections_from(z.imag, z.real, (epsilon.imag, epsilon.real), AMPLITUDES, CORES)

    assert turned[1] + 1j * turned[0] == pytest.approx((still[1] + 1j * still[0]) * turn, rel=1e-13)


def test_the_fit_finds_a_plummer_profile_between_its_cores():
    """kappa = (1 + m^2)^-2, the convergence of a Plummer sphere, which is no finite sum of the terms."""
    cores = np.geomspace(0.05, 40.0, 40)
    radii = sampled_radii_from(cores, smallest=0.02, largest=60.0)
    fit = cored_steep_fit_from(cores, radii, weights=1.0 + radii**2)
    m = np.geomspace(0.03, 30.0, 50)

    amplitudes = fit.amplitudes_from((1.0 + fit.radii**2) ** -2.0)
    deflections = cored_steep_deflections_from(0.0 * m, m, (0.0, 0.0), amplitudes, fit.cores)

    assert deflections[1] == pytest.approx(m / (1.0 + m**2), rel=1e-6)
