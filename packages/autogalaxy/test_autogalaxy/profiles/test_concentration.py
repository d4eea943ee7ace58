"""Concentrations and NFW parameters of haloes given by their mass."""

from __future__ import annotations

import numpy as np
import pytest

from autogalaxy.cosmology import FlatLambdaCDM, Planck15
from autogalaxy.profiles.mass.dark.concentration import (
    duffy_08_concentration_from,
    ludlow_16_concentration_from,
    nfw_parameters_from,
    virial_radius_kpc_from,
)


def test_duffy_concentration_at_the_pivot_mass_is_the_amplitude_of_its_table():
    pivot = 2e12 / 0.6774  # 2e12 solar mass / h

    assert duffy_08_concentration_from(pivot, 0.0) == pytest.approx(5.71, rel=1e-12)
    assert duffy_08_concentration_from(10.0 * pivot, 1.0) == pytest.approx(5.71 * 10**-0.084 * 2.0**-0.47, rel=1e-12)


def test_ludlow_concentration_today_is_its_fit_worked_out_by_hand():
    # M = 1e10 / h solar mass: xi = 1, sigma = 22.26 / 5.89, nu_0 = 3.41322, c_0 = 3.395, beta = 0.307
    ratio = 1.686 / (22.26 / 5.89) / 3.41322
    expected = 3.395 * ratio**-0.628 * (1.0 + ratio ** (1.0 / 0.307)) ** (-0.307 * (0.317 - 0.628))

    assert ludlow_16_concentration_from(1e10 / 0.6774, 0.0) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("mass", "redshift", "expected"),
    # Black-box values of PyAutoLens 2026.10, which integrates the power spectrum for the peak height
    [(1e7, 0.5, 15.1288), (1e9, 0.2, 13.4720), (1e9, 1.0, 9.8841), (1e12, 0.5, 7.3698), (1e15, 1.0, 3.2319)],
)
def test_ludlow_concentration_is_within_three_per_cent_of_an_integrated_power_spectrum(mass, redshift, expected):
    assert ludlow_16_concentration_from(mass, redshift) == pytest.approx(expected, rel=0.03)


def test_scatter_is_in_units_of_0_15_dex():
    median = ludlow_16_concentration_from(1e12, 0.3)

    assert ludlow_16_concentration_from(1e12, 0.3, scatter_sigma=2.0) / median == pytest.approx(10**0.3, rel=1e-12)


def test_mean_density_inside_the_virial_radius_is_the_overdensity():
    astropy_cosmology = pytest.importorskip("astropy.cosmology")
    radius = virial_radius_kpc_from(3e12, 0.4, overdensity=180.0)

    density = 3e12 / (4.0 / 3.0 * np.pi * radius**3)

    critical = astropy_cosmology.Planck15.critical_density(0.4).to("solMass/kpc3").value
    assert density / critical == pytest.approx(180.0, rel=1e-4)


@pytest.mark.parametrize(
    ("lens", "source", "mass", "concentration", "scale_radius", "deflection"),
    # LensCosmo(z_lens, z_source, Planck15).nfw_physical2angle(M, c) of lenstronomy 1.14.2: Rs and alpha(Rs) [arcsec]
    [
        (0.5, 1.0, 1e9, 10.0, 0.27909149489306445, 0.001980881115614572),
        (0.2, 0.6, 1e13, 5.0, 24.934522821660607, 0.9366743381396657),
    ],
)
def test_nfw_parameters_are_those_of_lenstronomy(lens, source, mass, concentration, scale_radius, deflection):
    halo = nfw_parameters_from(mass, concentration, lens, source)

    assert halo.scale_radius == pytest.approx(scale_radius, rel=1e-8)
    # Its solar mass times G is 2.8e-4 above the nominal one
    expected = deflection / (4.0 * scale_radius * (1.0 + np.log(0.5))) * 1.3271244e20 / (6.67384e-11 * 1.9891e30)
    assert halo.kappa_s == pytest.approx(expected, rel=1e-5)


def test_sphere_of_the_virial_radius_holds_the_mass():
    integrate = pytest.importorskip("scipy.integrate")
    halo = nfw_parameters_from(1e12, 8.0, 0.3, 1.5)
    r_s = float(halo.scale_radius * halo.kpc_per_arcsec)

    def shell(radius: float) -> float:
        x = radius / r_s
        return 4.0 * np.pi * radius**2 * float(halo.rho_s) / (x * (1.0 + x) ** 2)

    mass = integrate.quad(shell, 0.0, float(halo.virial_radius * halo.kpc_per_arcsec))[0]

    assert mass == pytest.approx(1e12, rel=1e-9)


def test_another_cosmology_is_used_where_it_is_given():
    cosmology = FlatLambdaCDM(H0=100.0, Om0=0.3)

    assert duffy_08_concentration_from(2e12, 0.0, cosmology=cosmology) == pytest.approx(5.71, rel=1e-12)
    assert virial_radius_kpc_from(1e12, 0.0, cosmology=cosmology) < virial_radius_kpc_from(
        1e12, 0.0, cosmology=Planck15()
    )
