"""Haloes of self-interacting dark matter, against integrals of their densities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

import autogalaxy as ag
from autoarray import exc
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

    assert dispersion == pytest.approx(0.64 * velocity, rel=1e-5)
    assert dispersion == pytest.approx(12.605896511565687, rel=1e-4)  # PyAutoLens 2026.10


def test_age_over_the_collapse_time_is_that_of_other_codes():
    # PyAutoLens 2026.10 for the same halo, 1 cm^2/g and 10 Gyr
    assert 10.0 / collapse_time_from(1.0, RHO_S, SCALE_RADIUS_KPC) == pytest.approx(0.007073620245570459, rel=2e-4)


def test_halo_by_mass_without_scattering_is_the_nfw_halo_of_its_mass():
    cold, nfw = ag.mp.YangSIDMMCRLudlowSph(mass_at_200=1e11, sigma_over_m=0.0), ag.mp.NFWMCRLudlowSph(mass_at_200=1e11)
    points = np.array([(0.1, 0.2), (3.0, -1.0)])

    assert cold.deflections_yx_2d_from(points) == pytest.approx(nfw.deflections_yx_2d_from(points), rel=1e-7)


def isothermal_halo(edge: float) -> tuple:
    """Density of rho_s = r_s = 1 with an isothermal sphere inside ``edge``, whose ODE is shot at the matching here."""

    def sphere(log_density: float) -> object:
        # ln rho and mass / (4 pi) of r, with the velocity dispersion that puts the NFW density at the edge
        def residual(square: float) -> float:
            return end_of(log_density, square)[0] + np.log(edge * (1.0 + edge) ** 2)

        return brentq(residual, 1e-3, 10.0, xtol=1e-14)

    def end_of(log_density: float, square: float) -> np.ndarray:
        return shoot(log_density, square).y[:, -1]

    def shoot(log_density: float, square: float):
        start = 1e-5
        return solve_ivp(
            lambda r, y: [-y[1] / (square * r**2), r**2 * np.exp(y[0])],
            (start, edge),
            [log_density, np.exp(log_density) * start**3 / 3.0],
            rtol=1e-11,
            atol=1e-14,
            dense_output=True,
        )

    mass = np.log1p(edge) - edge / (1.0 + edge)
    at_edge = -np.log(edge * (1.0 + edge) ** 2)
    log_density = brentq(lambda q: end_of(q, sphere(q))[1] - mass, at_edge + 1.0, at_edge + 4.0, xtol=1e-12)
    inner = shoot(log_density, sphere(log_density)).sol

    def density(radius: float) -> float:
        return float(np.exp(inner(max(radius, 1e-5))[0])) if radius < edge else 1.0 / (radius * (1.0 + radius) ** 2)

    return density, np.exp(log_density)


def test_isothermal_core_is_projected_from_the_solution_of_its_differential_equation():
    density, central = isothermal_halo(0.8)
    lens = ag.mp.KaplinghatCoredNFWSph(kappa_s=1.0, scale_radius=1.0, interaction_radius=0.8)

    assert central == pytest.approx(0.1745367830506488 / 0.05, rel=1e-4)  # PyAutoLens 2026.10
    for radius in (0.02, 0.3, 0.7):
        turn = np.sqrt(0.8**2 - radius**2)
        pieces = [(0.0, turn), (turn, 10.0), (10.0, 1e3), (1e3, 1e6)]
        line = sum(quad(lambda z: density(np.hypot(radius, z)), a, b, epsrel=1e-9, limit=200)[0] for a, b in pieces)  # noqa: B023
        assert lens.convergence_2d_from(np.array([(0.0, radius)]))[0] == pytest.approx(2.0 * line, rel=1e-7), radius


def test_isothermal_core_deflects_like_other_codes():
    # Black-box values of PyAutoLens 2026.10, whose quadrature is good to 1e-5
    lens = ag.mp.KaplinghatCoredNFWSph(kappa_s=0.2, scale_radius=3.0, interaction_radius=2.0)
    points = np.array([(0.0, 0.01), (0.0, 0.1), (0.0, 0.5), (0.0, 2.0)])

    deflections = lens.deflections_yx_2d_from(points)[:, 1]

    assert deflections == pytest.approx([0.00694352, 0.06920473, 0.32092104, 0.69341098], rel=1e-5)


def test_halo_outside_its_isothermal_core_is_the_nfw_halo():
    lens = ag.mp.KaplinghatCoredNFWSph(kappa_s=0.1, scale_radius=2.0, interaction_radius=1.5)
    nfw = ag.mp.NFWSph(kappa_s=0.1, scale_radius=2.0)
    points = np.array([(1.6, 0.0), (3.0, 4.0), (0.0, 100.0)])

    for name in ("deflections_yx_2d_from", "convergence_2d_from", "shear_yx_2d_from"):
        assert getattr(lens, name)(points) == pytest.approx(getattr(nfw, name)(points), rel=1e-8, abs=1e-15), name


def test_particle_at_the_interaction_radius_has_scattered_once():
    lens = ag.mp.KaplinghatCoredNFWMCRLudlowSph(mass_at_200=1e12, sigma_over_m=0.5, t_age=5.0).equivalent_from()
    cosmology, r_s = Planck15(), float(lens.scale_radius)
    r_s_kpc = r_s * float(cosmology.kpc_per_arcsec_from(0.5))
    critical = float(cosmology.critical_surface_density_between_redshifts_solar_mass_per_kpc2_from(0.5, 1.0))
    rho_s = float(lens.kappa_s) * critical / r_s_kpc
    x = float(lens.interaction_radius) / r_s
    # Hydrostatic equilibrium at the edge: d ln rho / dr = -G M / (sigma^2 r^2), by a difference of the density
    density, _ = isothermal_halo(x)
    slope = (np.log(density(0.999 * x)) - np.log(density(0.997 * x))) / 0.002
    mass = 4.0 * np.pi * rho_s * r_s_kpc**3 * (np.log1p(x) - x / (1.0 + x))
    dispersion = np.sqrt(4.30091e-6 * mass / (x * r_s_kpc) / -slope)
    per_gyr = 0.5 * 1.0227 * rho_s / (x * (1.0 + x) ** 2) * 2.0885e-10 * 4.0 / np.sqrt(np.pi) * dispersion

    assert 5.0 * per_gyr == pytest.approx(1.0, rel=0.01)


def test_isothermal_sphere_that_does_not_fit_is_refused():
    with pytest.raises(exc.ProfileException, match="interaction_radius"):
        ag.mp.KaplinghatCoredNFWSph(scale_radius=1.0, interaction_radius=4.0)
    with pytest.raises(exc.ProfileException, match="interaction_radius"):
        ag.mp.KaplinghatCoredNFWSph(interaction_radius=-1.0)
