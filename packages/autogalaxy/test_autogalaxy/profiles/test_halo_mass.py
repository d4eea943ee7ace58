"""Haloes given by their mass, against integrals of their densities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad

import autogalaxy as ag
from autoarray import exc
from autogalaxy.cosmology import Planck15

MASS, LENS, SOURCE = 3e12, 0.4, 1.7
RADIUS = np.cbrt(
    MASS / (4.0 / 3.0 * np.pi * 200.0 * Planck15().critical_density_solar_mass_per_kpc3_from(LENS))
) / Planck15().kpc_per_arcsec_from(LENS)
"""Of 200 critical densities [arcsec]."""
CRITICAL = Planck15().critical_surface_density_between_redshifts_from(LENS, SOURCE)


def nfw(x: float) -> float:
    return 1.0 / (x * (1.0 + x) ** 2)


CASES: list[tuple[str, dict, Callable]] = [
    ("NFWMCRLudlowSph", {}, nfw),
    ("NFWMCRLudlow", {}, nfw),
    ("NFWMCRDuffySph", {}, nfw),
    ("NFWMCRScatterLudlow", {"scatter_sigma": 1.3}, nfw),
    ("NFWMCRScatterLudlowSph", {"scatter_sigma": -0.7}, nfw),
    ("cNFWMCRLudlow", {"f_c": 0.2}, lambda x: 1.0 / ((x + 0.2) * (1.0 + x) ** 2)),
    ("cNFWMCRLudlowSph", {"f_c": 1.0}, lambda x: 1.0 / (1.0 + x) ** 3),
    ("cNFWMCRScatterLudlow", {"f_c": 0.97, "scatter_sigma": 0.5}, lambda x: 1.0 / ((x + 0.97) * (1.0 + x) ** 2)),
    ("cNFWMCRScatterLudlowSph", {"f_c": 1e-3, "scatter_sigma": 0.5}, lambda x: 1.0 / ((x + 1e-3) * (1.0 + x) ** 2)),
    ("gNFWMCRLudlow", {"inner_slope": 1.6}, lambda x: x**-1.6 * (1.0 + x) ** -1.4),
    ("gNFWMCRLudlow", {"inner_slope": 0.2}, lambda x: x**-0.2 * (1.0 + x) ** -2.8),
]


@pytest.mark.parametrize(("name", "shape", "density"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_convergence_is_the_projection_of_a_density_with_the_mass_inside_r_200(name, shape, density):
    lens = getattr(ag.mp, name)(mass_at_200=MASS, redshift_object=LENS, redshift_source=SOURCE, **shape)
    r_s = float(lens.equivalent_from().scale_radius)

    # Substituted x = u^4: the densities are powers at the centre
    inside = quad(lambda u: 4.0 * np.pi * u**8 * density(u**4) * 4.0 * u**3, 0.0, (RADIUS / r_s) ** 0.25, epsrel=1e-11)[
        0
    ]
    scale = MASS / inside / CRITICAL / r_s**2  # r_s^3 of the mass, r_s along the line of sight
    for radius in (0.3, 2.0, 20.0):
        x = radius / r_s
        line = 2.0 * quad(lambda t: density(x * np.cosh(t)) * x * np.cosh(t), 0.0, 25.0, epsrel=1e-11, limit=200)[0]  # noqa: B023
        expected = scale * line
        assert lens.convergence_2d_from(np.array([(0.0, radius)]))[0] == pytest.approx(expected, rel=1e-6), radius


@pytest.mark.parametrize("name", ["NFWTruncatedMCRDuffySph", "NFWTruncatedMCRLudlowSph"])
def test_truncated_halo_is_the_nfw_halo_cut_off_at_twice_r_200(name):
    keywords = {"mass_at_200": MASS, "redshift_object": LENS, "redshift_source": SOURCE}
    lens = getattr(ag.mp, name)(**keywords)
    whole = getattr(ag.mp, name.replace("Truncated", ""))(**keywords)
    points = np.array([(0.0, 1e-3 * RADIUS)])

    assert lens.equivalent_from().truncation_radius == pytest.approx(2.0 * RADIUS, rel=1e-10)
    assert lens.deflections_yx_2d_from(points) == pytest.approx(whole.deflections_yx_2d_from(points), rel=3e-3)
    far = lens.mass_angular_within_circle_from(2e4 * RADIUS) - lens.mass_angular_within_circle_from(1e4 * RADIUS)
    assert far == pytest.approx(0.0, abs=1e-3 * lens.mass_angular_within_circle_from(1e4 * RADIUS))


def test_scatter_makes_the_truncated_halo_more_concentrated_by_0_15_dex():
    median, dense = (ag.mp.NFWTruncatedMCRScatterLudlowSph(mass_at_200=MASS, scatter_sigma=s) for s in (0.0, 1.0))

    ratio = median.equivalent_from().scale_radius / dense.equivalent_from().scale_radius

    assert ratio == pytest.approx(10**0.15, rel=1e-12)
    assert dense.equivalent_from().truncation_radius == pytest.approx(median.equivalent_from().truncation_radius)


def test_halo_of_duffy_has_the_parameters_of_other_codes():
    # Black-box values of PyAutoLens 2026.10, whose critical density has less exact constants
    lens = ag.mp.NFWMCRDuffySph(mass_at_200=1e9, redshift_object=0.5, redshift_source=1.0).equivalent_from()

    assert lens.kappa_s == pytest.approx(0.005155432747983397, rel=1e-4)
    assert lens.scale_radius == pytest.approx(0.3022581362154417, rel=1e-6)


def test_halo_in_front_of_nothing_is_refused():
    with pytest.raises(exc.ProfileException, match="source behind the lens"):
        ag.mp.NFWMCRLudlow(redshift_object=0.8, redshift_source=0.8)
    with pytest.raises(exc.ProfileException, match="redshift_object"):
        ag.mp.NFWMCRLudlow(redshift_object=0.0)
    with pytest.raises(exc.ProfileException, match="mass_at_200"):
        ag.mp.cNFWMCRLudlow(mass_at_200=-1e9)
