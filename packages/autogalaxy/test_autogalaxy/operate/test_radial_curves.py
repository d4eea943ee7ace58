"""Radial critical curves past and through singular satellites, against closed forms and quadrature."""

import numpy as np
import pytest
from scipy.optimize import brentq

import autoarray as aa
import autogalaxy as ag

GRID = aa.Grid2D.uniform(shape_native=(60, 60), pixel_scales=0.1)
SCALES = (0.05, 0.1)


def calc_of(*profiles):
    return ag.LensCalc.from_mass_obj(ag.Galaxy(redshift=0.5, **{f"mass_{i}": p for i, p in enumerate(profiles)}))


def signed_area_of(curve):
    y, x = curve.array.T
    return 0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])


def vertices_are_good(calc, curves, centre):
    """Zero eigenvalue to 1e-6 arcsec, or the corner in the centre."""
    for curve in curves:
        distances = np.hypot(*(curve.array - centre).T)
        points = curve.array[distances > 0.0]
        values = calc.radial_eigen_value_from(aa.Grid2DIrregular(points)).array
        step = 1e-4 * np.minimum(distances[distances > 0.0], 0.01)[:, None]
        slope = [
            calc.radial_eigen_value_from(aa.Grid2DIrregular(points + step * d)).array
            - calc.radial_eigen_value_from(aa.Grid2DIrregular(points - step * d)).array
            for d in np.eye(2)
        ]
        assert np.max(np.abs(values) / np.hypot(*slope) * 2.0 * step[:, 0]) < 1e-7


def lobe_of_two_isothermal_spheres(host, satellite, distance):
    """Area of one lobe, and of its image, of a sphere on or inside the ring of another.

    Of two singular isothermal spheres det A = (1 - H)(1 - S) - H S cos^2, with H = theta_E / R and S of the other one,
    and the angle between the directions to both. At r from the satellite, in direction phi from the line through both,
    R^2 = D^2 + r^2 + 2 D r cos(phi), and the cosine is (D cos(phi) + r) / R. The lobe, where both eigenvalues are
    negative, ends at S = 1.
    """

    def determinant(c, r):
        square = distance**2 + r**2 + 2.0 * distance * r * c
        h, s = host / np.sqrt(square), satellite / r
        return (1.0 - h) * (1.0 - s) - h * s * (distance * c + r) ** 2 / square

    nodes, weights = np.polynomial.legendre.leggauss(60)
    area = image = 0.0
    for node, weight in zip(0.5 * (nodes + 1.0), 0.5 * weights, strict=True):
        r = satellite * (1.0 - node**2)
        inside = -r / distance
        low, high = (brentq(determinant, inside, end, args=(r,), xtol=1e-16, rtol=1e-15) for end in (-1.0, 1.0))
        first, last = np.arccos(high), np.arccos(low)
        phi = first + 0.5 * (nodes + 1.0) * (last - first)
        ring = r * (last - first) * weight * 2.0 * satellite * node
        area += ring
        image += ring * np.sum(0.5 * weights * determinant(np.cos(phi), r))
    return area, image


@pytest.mark.parametrize(("offset", "satellite"), [(-0.03, 0.05), (-0.003, 0.05), (0.0, 0.05), (0.0, 0.01), (0.0, 0.2)])
def test_lobes_of_a_satellite_inside_the_ring_or_on_it_have_the_area_of_quadrature(offset, satellite):
    distance = 1.2 + offset
    centre = (distance * np.sin(0.3), distance * np.cos(0.3))
    calc = calc_of(ag.mp.IsothermalSph(einstein_radius=1.2), ag.mp.IsothermalSph(centre, satellite))
    area, image = lobe_of_two_isothermal_spheres(1.2, satellite, distance)

    for scale in SCALES:
        assert calc.radial_critical_curve_area_list_from(GRID, scale) == pytest.approx([area, area], rel=2e-6)
    curves = calc.radial_critical_curve_list_from(GRID)
    assert all(np.sum(np.all(curve.array == centre, axis=1)) >= 1 for curve in curves)
    vertices_are_good(calc, curves, centre)
    # a point of the source inside the caustic has one image in the lobe: the arc of the cut is a part of it
    images = [signed_area_of(caustic) for caustic in calc.radial_caustic_list_from(GRID)]
    assert np.abs(images) == pytest.approx([image, image], rel=1e-2)  # polygons


@pytest.mark.parametrize("offset", [-0.03, -0.003])
def test_caustic_of_a_lobe_follows_the_circle_of_the_cut(offset):
    distance = 1.2 + offset
    calc = calc_of(ag.mp.IsothermalSph(einstein_radius=1.2), ag.mp.IsothermalSph((0.0, distance), 0.05))

    for caustic in calc.radial_caustic_list_from(GRID):
        # the centre less the deflection of the host is at x = offset, and that of the satellite 0.05 in any direction
        from_cut = np.hypot(caustic.array[:, 0], caustic.array[:, 1] - offset) - 0.05
        on_cut = caustic.array[np.abs(from_cut) < 1e-6]
        assert len(on_cut) >= 2
        # lobes are where the limit of the eigenvalue (1 - H) sin^2 + cos^2 of the angle to the line is negative
        half = np.arctan(np.sqrt(1.2 / distance - 1.0))
        angles = np.arctan2(np.abs(on_cut[:, 0]), on_cut[:, 1] - offset) - 0.5 * np.pi
        assert (angles.min(), angles.max()) == pytest.approx((-half, half), abs=1e-3)
        gaps = np.hypot(*np.diff(caustic.array, axis=0).T)
        assert gaps.max() < 0.01


def areas_of_a_cored_sphere(satellite, distance):
    """Area where the radial eigenvalue of a cored isothermal sphere and a singular one is negative, by rays."""
    core, einstein_radius = 0.2, 1.5

    def eigen_value(r, theta):
        x, y = r * np.cos(theta) - distance, r * np.sin(theta)
        root = np.sqrt(r**2 + core**2)
        kappa = 0.5 * einstein_radius / root
        gamma = einstein_radius * (root - core) / r**2 - kappa
        other = 0.5 * satellite / np.hypot(x, y)
        between = 2.0 * (theta - np.arctan2(y, x))
        return 1.0 - kappa - other + np.sqrt(gamma**2 + other**2 + 2.0 * gamma * other * np.cos(between))

    u = (np.arange(6000) + 0.5) / 6000
    theta, width = np.pi * u**3, 3.0 * np.pi * u**2 / 6000
    radii = distance + 0.3 * np.linspace(-1.0, 1.0, 800) ** 3 * (1.0 + 1e-3)
    signs = eigen_value(radii, theta[:, None]) < 0.0
    assert signs[:, 0].all() and not signs[:, -1].any()
    ray, step = np.nonzero(signs[:, 1:] != signs[:, :-1])
    low, high, leaves = radii[step], radii[step + 1], signs[ray, step]
    for _ in range(45):
        middle = 0.5 * (low + high)
        is_before = (eigen_value(middle, theta[ray]) < 0.0) == leaves
        low, high = np.where(is_before, middle, low), np.where(is_before, high, middle)
    return np.sum(np.where(leaves, 1.0, -1.0) * low**2 * width[ray])


RADIAL = brentq(lambda r: 1.5 / np.hypot(r, 0.2) - 1.5 * (np.hypot(r, 0.2) - 0.2) / r**2 - 1.0, 0.1, 1.0, xtol=1e-15)


@pytest.mark.parametrize(("offset", "number"), [(-0.03, 1), (-1e-3, 1), (0.0, 1), (1e-4, 2), (1e-3, 2), (0.03, 2)])
def test_radial_curve_of_a_cored_host_past_a_satellite_on_it_has_the_area_of_rays(offset, number):
    distance = RADIAL + offset
    centre = (distance * np.sin(0.3), distance * np.cos(0.3))
    host = ag.mp.IsothermalCoreSph(einstein_radius=1.5, core_radius=0.2)
    calc = calc_of(host, ag.mp.IsothermalSph(centre, 0.03))
    expected = areas_of_a_cored_sphere(0.03, distance)

    for scale in SCALES:
        areas = calc.radial_critical_curve_area_list_from(GRID, scale)
        assert len(areas) == number
        assert areas[0] - sum(areas[1:]) == pytest.approx(expected, rel=1e-6)  # the smaller one is a hole
    vertices_are_good(calc, calc.radial_critical_curve_list_from(GRID), centre)


@pytest.mark.parametrize("offset", [-0.01, 0.0, 0.01])
@pytest.mark.parametrize("kind", ["radial", "tangential"])
def test_a_satellite_at_a_curve_of_an_elliptical_halo_has_curves_that_do_not_depend_on_the_lattice(kind, offset):
    halo = ag.mp.NFW(ell_comps=(0.05, 0.1), kappa_s=0.3, scale_radius=5.0)
    eigen_value = getattr(calc_of(halo), f"{kind}_eigen_value_from")
    bounds = (0.05, 1.0) if kind == "radial" else (1.0, 3.0)
    distance = offset + brentq(lambda x: eigen_value(aa.Grid2DIrregular([(0.0, x)])).array[0], *bounds, xtol=1e-14)
    calc = calc_of(halo, ag.mp.IsothermalSph((0.0, distance), 0.04))

    areas = [calc.radial_critical_curve_area_list_from(GRID, scale) for scale in (0.05, 0.1)]

    assert areas[0] == pytest.approx(areas[1], rel=1e-6)
    vertices_are_good(calc, calc.radial_critical_curve_list_from(GRID), (0.0, distance))


def test_curves_through_two_satellites_that_a_coarse_lattice_does_not_see():
    calc = calc_of(
        ag.mp.IsothermalCore(ell_comps=(-0.056, 0.017), einstein_radius=1.5, core_radius=0.15),
        ag.mp.ExternalShear(-0.021, 0.059),
        ag.mp.Isothermal((-0.682, -1.001), (0.2, 0.24), 0.045),
        ag.mp.IsothermalSph((-0.613, -1.035), einstein_radius=0.029),
    )

    fine, coarse = (calc.radial_critical_curve_area_list_from(GRID, scale) for scale in (0.03, 0.1))

    assert len(fine) == 4 and fine == pytest.approx(coarse, rel=1e-6)


def test_a_window_that_cuts_the_radial_curve_at_a_satellite_on_it_has_the_whole_of_it():
    host = ag.mp.IsothermalCoreSph(einstein_radius=1.5, core_radius=0.2)
    calc = calc_of(host, ag.mp.IsothermalSph((0.0, RADIAL), 0.03))
    small = np.array([(-0.2, 0.2), (0.2, 0.8)])

    assert calc.radial_critical_curve_area_list_from(small) == pytest.approx(
        [areas_of_a_cored_sphere(0.03, RADIAL)], rel=1e-6
    )
