"""Haloes of self-interacting dark matter, against integrals of their densities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

import autogalaxy as ag
from autogalaxy.cosmology import Planck15
from autogalaxy.profiles.mass.dark.self_interaction import (
    collapse_time_from,
    effective_cross_section_from,
    effective_dispersion_from,
)

# The NFW halo that PyAutoLens 2026.10 makes of 1e9 solar masses at redshift 0.5 for a source at 1.0
KAPPA_S, SCALE_RADIUS = 0.007590145054168396, 0.23171910770171195
SCALE_RADIUS_KPC = SCALE_RADIUS * float(Planck15().kpc_per_arcsec_from(0.5))
RHO_S = (
    KAPPA_S
    * float(Planck15().critical_surface_density_between_redshifts_solar_mass_per_kpc2_from(0.5, 1.0))
    / SCALE_RADIUS_KPC
)


def projected(density, radius: float) -> float:
    """Twice the integral of ``density`` along the line of sight."""
    return (
        2.0 * quad(lambda t: density(np.hypot(radius, np.exp(t))) * np.exp(t), -30.0, 30.0, epsrel=1e-11, limit=500)[0]
    )


def yang_density(radius: float) -> float:
    """At tau = 0.3 of the halo with kappa_s = 0.05, r_s = 2: the fit of Yang et al. (2024) by hand."""
    start = np.log(0.301) / np.log(0.001)
    rho_s = 0.025 * (2.033 + 0.22143 + 7.264 * 0.3**5 - 12.73 * 0.3**7 + 9.915 * 0.3**9 - 1.033 * start)
    r_s = 2.0 * (0.7178 - 0.03078 + 0.022266 - 0.0110133 + 0.2822 * start)
    r_c = 2.0 * (2.555 * np.sqrt(0.3) - 1.0896 + 0.19179 - 0.038205 + 0.4683 * 0.3**4)
    return rho_s * r_s / ((radius**4 + r_c**4) ** 0.25 * (1.0 + radius / r_s) ** 2)


def test_convergence_of_an_evolved_halo_is_its_projected_density():
    lens = ag.mp.YangSIDMSph(kappa_s=0.05, scale_radius=2.0, tau=0.3)
    radii = np.array([0.01, 0.3, 2.0, 30.0])

    convergence = lens.convergence_2d_from(np.stack((radii, 0.0 * radii), axis=-1))

    assert convergence == pytest.approx(np.array([projected(yang_density, r) for r in radii]), rel=1e-8)


def test_deflection_of_an_evolved_halo_is_that_of_its_projected_mass():
    lens = ag.mp.YangSIDMSph(kappa_s=0.05, scale_radius=2.0, tau=0.3)

    for radius in (0.05, 1.0, 10.0):
        mass = quad(lambda t: projected(yang_density, np.exp(t)) * np.exp(2.0 * t), -12.0, np.log(radius), epsrel=1e-9)[
            0
        ]
        deflection = lens.deflections_yx_2d_from(np.array([(0.0, radius)]))[0]
        assert deflection == pytest.approx([0.0, 2.0 * mass / radius], rel=1e-7), radius


def test_halo_that_has_not_evolved_is_the_nfw_halo():
    young, nfw = ag.mp.YangSIDMSph(kappa_s=0.1, scale_radius=3.0, tau=0.0), ag.mp.NFWSph(kappa_s=0.1, scale_radius=3.0)
    points = np.array([(0.0, 0.01), (0.5, -0.4), (3.0, 4.0), (100.0, 20.0)])

    for name in ("deflections_yx_2d_from", "convergence_2d_from", "shear_yx_2d_from"):
        assert getattr(young, name)(points) == pytest.approx(getattr(nfw, name)(points), rel=1e-7, abs=1e-12), name


def test_effective_cross_section_is_the_mean_over_the_velocities():
    weight = lambda v, power: v ** (7.0 - power) * np.exp(-(v**2) / (4.0 * 12.0**2))  # noqa: E731
    ratio = quad(weight, 0.0, 400.0, args=(3.0,))[0] / quad(weight, 0.0, 400.0, args=(0.0,))[0]

    cross_section = effective_cross_section_from(50.0, 3.0, 10.0, 12.0)

    assert cross_section == pytest.approx(50.0 * 10.0**3 * ratio, rel=1e-8)


def test_dispersion_is_0_64_of_the_largest_circular_velocity():
    radii = np.linspace(1.5, 3.0, 3001)  # in scale radii
    mass = 4.0 * np.pi * RHO_S * SCALE_RADIUS_KPC**3 * (np.log1p(radii) - radii / (1.0 + radii))
    velocity = np.sqrt(4.30091e-6 * mass / (radii * SCALE_RADIUS_KPC)).max()

    dispersion = effective_dispersion_from(RHO_S, SCALE_RADIUS_KPC)

    assert dispersion == pytest.approx(0.64 * velocity, rel=1e-3)
    assert dispersion == pytest.approx(12.605896511565687, rel=1e-4)  # PyAutoLens 2026.10


def test_age_over_the_collapse_time_is_that_of_other_codes():
    # PyAutoLens 2026.10 for the same halo, 1 cm^2/g and 10 Gyr
    assert 10.0 / collapse_time_from(1.0, RHO_S, SCALE_RADIUS_KPC) == pytest.approx(0.007073620245570459, rel=2e-4)


def test_halo_by_mass_without_scattering_is_the_nfw_halo_of_its_mass():
    cold, nfw = ag.mp.YangSIDMMCRLudlowSph(mass_at_200=1e11, sigma_over_m=0.0), ag.mp.NFWMCRLudlowSph(mass_at_200=1e11)
    points = np.array([(0.1, 0.2), (3.0, -1.0)])

    assert cold.deflections_yx_2d_from(points) == pytest.approx(nfw.deflections_yx_2d_from(points), rel=1e-7)
