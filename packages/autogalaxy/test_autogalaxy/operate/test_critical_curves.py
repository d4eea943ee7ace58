"""Critical curves, caustics, areas and Einstein radii against closed forms and conservation laws."""

import warnings

import numpy as np
import pytest
from scipy.optimize import brentq

import autoarray as aa
import autogalaxy as ag
from autoarray import exc
from autogalaxy.operate.critical_curves import eigen_value_from

GRID = aa.Grid2D.uniform(shape_native=(60, 60), pixel_scales=0.1)


def calc_of(*profiles):
    return ag.LensCalc.from_mass_obj(ag.Galaxy(redshift=0.5, **{f"mass_{i}": p for i, p in enumerate(profiles)}))


def distances_of(curve, centre=(0.0, 0.0)):
    return np.hypot(*(curve.array - centre).T)


def power_law_radial(slope, einstein_radius=1.3):
    """alpha = theta_E (r / theta_E)^(2 - g), and its derivative is one here."""
    return einstein_radius * (2.0 - slope) ** (1.0 / (slope - 1.0))


@pytest.mark.parametrize(
    "lens",
    [
        ag.mp.IsothermalSph(centre=(0.1, -0.2), einstein_radius=1.3),
        ag.mp.PointMass(centre=(0.1, -0.2), einstein_radius=1.3),
        ag.mp.PowerLawSph(centre=(0.1, -0.2), einstein_radius=1.3, slope=1.7),
        ag.mp.PowerLawSph(centre=(0.1, -0.2), einstein_radius=1.3, slope=2.4),
    ],
)
def test_tangential_curve_of_a_round_lens_is_its_einstein_ring_and_its_caustic_a_point(lens):
    calc = ag.LensCalc.from_mass_obj(lens)

    (curve,) = calc.tangential_critical_curve_list_from(GRID)
    (caustic,) = calc.tangential_caustic_list_from(GRID)

    assert isinstance(curve, aa.Grid2DIrregular) and np.array_equal(curve.array[0], curve.array[-1])
    assert distances_of(curve, lens.centre) == pytest.approx(1.3, abs=1e-8)
    assert caustic.array == pytest.approx(np.broadcast_to(lens.centre, caustic.shape), abs=1e-7)
    assert calc.einstein_radius_from(GRID) == pytest.approx(1.3, rel=1e-9)
    assert calc.einstein_mass_angular_from(GRID) == pytest.approx(np.pi * 1.3**2, rel=1e-9)


def test_tangential_curve_of_the_isothermal_ellipsoid_is_the_ellipse_of_convergence_one_half():
    lens = ag.mp.Isothermal(centre=(0.2, 0.1), ell_comps=(0.15, -0.25), einstein_radius=1.4)
    q, angle = lens.axis_ratio(), np.radians(lens.angle())
    calc = ag.LensCalc.from_mass_obj(lens)

    (curve,) = calc.tangential_critical_curve_list_from(GRID)

    # theta_E / ((1 + q) m) = 1 / 2 at m^2 = x^2 + y^2 / q^2, so the area is pi q m^2
    y, x = (curve.array - (0.2, 0.1)).T
    along, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    m = 2.0 * 1.4 / (1.0 + q)
    assert np.sqrt(along**2 + (across / q) ** 2) == pytest.approx(m, abs=1e-8)
    assert calc.tangential_critical_curve_area_list_from(GRID) == pytest.approx([np.pi * q * m**2], rel=1e-9)
    assert calc.area_within_curve_list_from([curve]) == pytest.approx([np.pi * q * m**2], rel=2e-5)
    assert calc.radial_critical_curve_list_from(GRID) == []


@pytest.mark.parametrize("pixel_scale", [0.02, 0.05, 0.2, (0.1, 0.3)])
def test_einstein_radius_does_not_depend_on_the_lattice(pixel_scale):
    calc = calc_of(ag.mp.PowerLaw(ell_comps=(0.1, 0.2), einstein_radius=1.3, slope=1.9), ag.mp.ExternalShear(0.05, 0.1))

    assert calc.einstein_radius_from(GRID, pixel_scale) == pytest.approx(calc.einstein_radius_from(), rel=1e-8)


@pytest.mark.parametrize("slope", [1.5, 1.9, 1.99, 1.999])
def test_radial_curve_is_found_however_small(slope):
    calc = calc_of(ag.mp.PowerLawSph(centre=(0.1, 0.1), einstein_radius=1.3, slope=slope))
    radius = power_law_radial(slope)

    (curve,) = calc.radial_critical_curve_list_from(GRID)
    (caustic,) = calc.radial_caustic_list_from(GRID)

    assert distances_of(curve, (0.1, 0.1)) == pytest.approx(radius, abs=1e-8 * radius)
    assert calc.radial_critical_curve_area_list_from(GRID, 0.05) == pytest.approx([np.pi * radius**2], rel=1e-8)
    beyond = radius - 1.3 * (radius / 1.3) ** (2.0 - slope)
    assert distances_of(caustic, (0.1, 0.1)) == pytest.approx(abs(beyond), rel=1e-7)


def test_curves_of_the_nfw_halo_are_where_mean_convergence_and_its_derivative_say():
    kappa_s, scale_radius = 0.3, 5.0

    def deflection(r):  # Bartelmann (1996): 4 kappa_s r_s [ln(u / 2) + arccosh(1 / u) / sqrt(1 - u^2)] / u
        u = r / scale_radius
        return 4.0 * kappa_s * scale_radius / u * (np.log(u / 2.0) + np.arccosh(1.0 / u) / np.sqrt(1.0 - u**2))

    tangential = brentq(lambda r: deflection(r) / r - 1.0, 0.1, 4.0, xtol=1e-13)
    radial = brentq(lambda r: (deflection(r + 1e-4) - deflection(r - 1e-4)) / 2e-4 - 1.0, 0.05, 4.0, xtol=1e-13)
    calc = calc_of(ag.mp.NFWSph(kappa_s=kappa_s, scale_radius=scale_radius))

    assert calc.einstein_radius_from(GRID) == pytest.approx(tangential, rel=1e-8)
    (curve,) = calc.radial_critical_curve_list_from(GRID)
    assert distances_of(curve) == pytest.approx(radial, abs=1e-6)


def test_point_mass_in_a_shear_has_the_radii_of_chang_and_refsdal():
    calc = calc_of(ag.mp.PointMass(einstein_radius=1.2), ag.mp.ExternalShear(gamma_1=0.2, gamma_2=0.0))

    (curve,) = calc.tangential_critical_curve_list_from(GRID)

    # on the axes the tangential direction is stretched by 1 - theta_E^2 / r^2 -+ gamma
    y, x = curve.array.T
    assert np.max(np.abs(x)) == pytest.approx(1.2 / np.sqrt(1.0 + 0.2), abs=1e-6) or np.max(np.abs(x)) == pytest.approx(
        1.2 / np.sqrt(1.0 - 0.2), abs=1e-6
    )
    gamma_1, gamma_2 = 0.2 - 1.44 * (x**2 - y**2) / (x**2 + y**2) ** 2, -1.44 * 2 * x * y / (x**2 + y**2) ** 2
    assert gamma_1**2 + gamma_2**2 == pytest.approx(1.0, abs=1e-8)


def test_magnification_is_infinite_on_the_curves():
    calc = calc_of(
        ag.mp.PowerLaw(ell_comps=(0.1, -0.2), einstein_radius=1.3, slope=1.8),
        ag.mp.ExternalShear(0.05, 0.02),
        ag.mp.IsothermalSph(centre=(-1.6, -1.2), einstein_radius=0.05),
    )
    for curve in calc.tangential_critical_curve_list_from(GRID) + calc.radial_critical_curve_list_from(GRID)[:1]:
        assert np.max(1.0 / np.abs(calc.magnification_2d_from(curve).array)) < 1e-7


def test_substructure_far_below_the_lattice_has_its_own_curve():
    sub = ag.mp.IsothermalSph(centre=(-1.9, 1.7), einstein_radius=0.001)
    calc = calc_of(ag.mp.IsothermalSph(einstein_radius=1.3), sub)

    main, small = calc.tangential_critical_curve_list_from(GRID)
    radii = calc.einstein_radius_list_from(GRID)

    # an isothermal sphere in the field of the other: kappa' = theta_E / 2 r, its curve is r = theta_E (1 + ...) along
    # the direction in which the external tangential eigenvalue is 1 - 2 kappa'; bounds are those of the two directions
    outside = 1.0 - 1.3 / np.hypot(-1.9, 1.7)
    assert np.all(distances_of(small, sub.centre) < 1.02 * 0.001 / outside)
    assert np.all(distances_of(small, sub.centre) > 0.98 * 0.001)
    assert radii[0] == pytest.approx(1.3, abs=1e-3) and 0.001 < radii[1] < 0.001 / outside
    assert calc.einstein_radius_from(GRID) == radii[0]


def test_two_lenses_have_two_curves_the_largest_first():
    pair = ag.Galaxies(
        [
            ag.Galaxy(redshift=0.5, mass=ag.mp.PointMass(centre=(0.0, 60.0), einstein_radius=0.5)),
            ag.Galaxy(redshift=0.5, mass=ag.mp.PointMass(centre=(0.0, -60.0), einstein_radius=1.0)),
        ]
    )
    calc = ag.LensCalc.from_mass_obj(pair)

    # so far apart that each is alone, but for a shear of theta_E^2 / 120^2
    assert calc.einstein_radius_list_from(pixel_scale=0.5) == pytest.approx([1.0, 0.5], rel=1e-4)
    assert calc.einstein_radius_from(pixel_scale=0.5) == pytest.approx(1.0, rel=1e-4)
    assert calc.einstein_mass_angular_list_from(pixel_scale=0.5) == pytest.approx([np.pi, np.pi / 4.0], rel=2e-4)


@pytest.mark.parametrize("einstein_radius", [1.2, 2.0, 50.0])
def test_a_curve_that_the_grid_cuts_or_misses_outside_is_followed(einstein_radius):
    small = aa.Grid2D.uniform(shape_native=(20, 20), pixel_scales=0.1)

    calc = calc_of(ag.mp.IsothermalSph(centre=(0.3, 0.1), einstein_radius=einstein_radius))

    assert calc.einstein_radius_list_from(small) == pytest.approx([einstein_radius], rel=1e-9)


@pytest.mark.parametrize("half_width", [None, 0.5, 2.5, 6.0])
@pytest.mark.parametrize("offset", [0.0, 0.3])
def test_a_ring_of_any_size_around_or_across_the_window_is_found(half_width, offset):
    grid = None if half_width is None else np.array([(-half_width, -half_width), (half_width, half_width)])

    for radius in np.geomspace(0.3, 60.0, 40):
        calc = calc_of(ag.mp.IsothermalSph(centre=(offset, -offset), einstein_radius=radius))
        assert calc.einstein_radius_list_from(grid, pixel_scale=0.1) == pytest.approx([radius], rel=1e-8), radius


@pytest.mark.parametrize("scale_radius", [10.0, 30.0, 60.0, 100.0])
def test_a_wide_halo_has_both_its_curves_in_any_window(scale_radius):
    def deflection(r):  # Bartelmann (1996), as above
        u = r / scale_radius
        return 4.0 * 0.3 * scale_radius / u * (np.log(u / 2.0) + np.arccosh(1.0 / u) / np.sqrt(1.0 - u**2))

    tangential = brentq(lambda r: deflection(r) / r - 1.0, 0.05 * scale_radius, 0.9 * scale_radius, xtol=1e-13)
    step = 1e-4 * scale_radius
    radial = brentq(
        lambda r: (deflection(r + step) - deflection(r - step)) / (2.0 * step) - 1.0,
        0.02 * scale_radius,
        tangential,
        xtol=1e-13,
    )
    calc = calc_of(ag.mp.NFWSph(kappa_s=0.3, scale_radius=scale_radius))

    for grid in (None, GRID, np.array([(-0.7, -0.7), (0.5, 0.5)])):
        assert calc.einstein_radius_list_from(grid) == pytest.approx([tangential], rel=1e-8)
        (area,) = calc.radial_critical_curve_area_list_from(grid)
        assert np.sqrt(area / np.pi) == pytest.approx(radial, rel=1e-6)


@pytest.mark.parametrize("einstein_radius", [2.0, 7.5, 13.0, 29.0])
def test_an_ellipse_is_found_around_a_window_of_any_size(einstein_radius):
    lens = ag.mp.Isothermal(centre=(0.2, 0.1), ell_comps=(0.15, -0.25), einstein_radius=einstein_radius)
    q = lens.axis_ratio()
    sheared = calc_of(lens, ag.mp.ExternalShear(0.05, -0.08))
    whole = sheared.einstein_radius_list_from(np.array([(-90.0, -90.0), (90.0, 90.0)]), pixel_scale=0.5)

    for half in (0.5, 1.1, 2.5, 6.0, 20.0):
        grid = np.array([(-half, -half), (half, half)])
        expected = [2.0 * np.sqrt(q) / (1.0 + q) * einstein_radius]
        assert calc_of(lens).einstein_radius_list_from(grid, 0.1) == pytest.approx(expected, rel=1e-8)
        assert sheared.einstein_radius_list_from(grid, 0.1) == pytest.approx(whole, rel=1e-7)


def test_a_window_beside_the_centre_of_a_large_lens_is_inside_its_curve():
    calc = calc_of(ag.mp.IsothermalSph(einstein_radius=20.0), ag.mp.PointMass((300.0, 300.0), 1.0))

    for low in (-13.0, -3.0, 4.0, 11.0):  # one corner of a wider window leaves the curve before the others do
        radii = calc.einstein_radius_list_from(np.array([(low, low), (low + 2.0, low + 2.0)]))
        assert radii == pytest.approx([20.0], rel=1e-4)  # in a shear of 1 / (300^2 + 300^2)


def test_both_holes_of_a_wide_binary_have_a_curve():
    binary = ag.mp.SMBHBinary(centre=(0.3, -0.2), separation=20.0, angle_binary=40.0, mass=1e12, mass_ratio=3.0)
    total = np.sqrt(ag.mp.SMBH(mass=1e12).mass_angular_within_circle_from(1.0) / np.pi)

    radii = ag.LensCalc.from_mass_obj(binary).einstein_radius_list_from()

    # 20 arcsec apart each is alone but for a shear of (theta_E / 20)^2
    assert radii == pytest.approx([np.sqrt(0.75) * total, np.sqrt(0.25) * total], rel=1e-4)


def test_curves_outside_the_grid_are_not_listed():
    calc = calc_of(ag.mp.IsothermalSph(centre=(0.0, 10.0), einstein_radius=0.5))

    assert calc.tangential_critical_curve_list_from(GRID) == []
    assert calc.einstein_radius_list_from() == pytest.approx([0.5], rel=1e-9)


@pytest.mark.parametrize(
    "profile", [ag.mp.ExternalShear(0.1, 0.0), ag.mp.MassSheet(kappa=1.0), ag.mp.MassSheet(kappa=1.2)]
)
def test_without_a_curve_lists_are_empty_and_the_einstein_radius_says_why(profile):
    calc = calc_of(profile)

    assert calc.tangential_critical_curve_list_from(GRID) == calc.radial_critical_curve_list_from(GRID) == []
    assert calc.einstein_radius_list_from(GRID) == calc.einstein_mass_angular_list_from(GRID) == []
    with pytest.raises(exc.ProfileException, match=r"where 1 - kappa - gamma is .* einstein_radius_list_from\(grid\)"):
        calc.einstein_radius_from(GRID)


def test_a_curve_that_never_closes_is_returned_open_with_a_warning():
    def deflections(grid, xp=np):  # a slab of convergence exp(-x^2) / 0.7, which goes on for ever in y
        x = grid.array[:, 1]
        from scipy.special import erf

        return np.stack((np.zeros_like(x), np.sqrt(np.pi) / 0.7 * erf(x)), axis=-1)

    calc = ag.LensCalc(deflections)

    with pytest.warns(UserWarning, match="2 of 2 tangential critical curves do not close"):
        curves = calc.tangential_critical_curve_list_from(GRID)
    # the eigenvalue along x, 1 - 2 exp(-x^2) / 0.7
    assert [np.abs(curve.array[:, 1]).max() for curve in curves] == pytest.approx(
        [np.sqrt(np.log(2 / 0.7))] * 2, abs=1e-6
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert calc.einstein_radius_list_from(GRID) == []


def test_a_lens_with_deflections_only_has_the_same_curves():
    lens = ag.mp.PowerLaw(ell_comps=(0.1, 0.1), einstein_radius=1.3, slope=1.95)
    bare = ag.LensCalc(lens.deflections_yx_2d_from)

    assert bare.einstein_radius_from(GRID) == pytest.approx(calc_of(lens).einstein_radius_from(GRID), rel=1e-9)
    assert bare.radial_critical_curve_area_list_from(GRID) == pytest.approx(
        calc_of(lens).radial_critical_curve_area_list_from(GRID), rel=1e-7
    )


def test_a_singular_halo_inside_a_lens_has_radial_curves_that_end_in_its_centre():
    halo = ag.mp.IsothermalSph(centre=(1.0, 0.9), einstein_radius=0.03)
    calc = calc_of(ag.mp.Isothermal(ell_comps=(0.1, 0.1), einstein_radius=1.3), ag.mp.ExternalShear(0.05, -0.03), halo)

    curves = calc.radial_critical_curve_list_from(GRID)

    assert len(curves) == 2
    for curve in curves:
        assert np.min(distances_of(curve, halo.centre)) == 0.0
        points = curve.array[distances_of(curve, halo.centre) > 0.0]
        assert np.max(np.abs(calc.radial_eigen_value_from(aa.Grid2DIrregular(points)).array)) < 1e-6


def test_the_eigenvalues_of_a_rotating_mapping_have_the_determinant_as_product():
    hessian = np.array([[[0.1, 0.3], [0.2, 0.4]]])
    product = eigen_value_from(hessian, "tangential") * eigen_value_from(hessian, "radial")

    assert product == pytest.approx(np.linalg.det(np.eye(2) - hessian), rel=1e-12)


def test_grid_may_be_masked_irregular_or_raw():
    calc = calc_of(ag.mp.IsothermalSph(einstein_radius=1.3))
    masked = aa.Grid2D.from_mask(aa.Mask2D.circular((40, 40), radius=1.8, pixel_scales=0.1))

    for grid in (masked, aa.Grid2DIrregular([(-2.0, -2.0), (2.0, 2.0)]), np.array([(-2.0, -2.0), (2.0, 2.0)]), None):
        assert calc.einstein_radius_from(grid=grid) == pytest.approx(1.3, rel=1e-9)
    with pytest.raises(exc.GridException, match="has no area to look for curves in"):
        calc.einstein_radius_from(aa.Grid2DIrregular([(1.0, 1.0)]))


def test_deflection_at_one_point_is_the_einstein_radius_outwards():
    deflection = calc_of(ag.mp.IsothermalSph(einstein_radius=1.3)).deflections_yx_scalar(3.0, -4.0, (0.05, 0.05))

    assert deflection == pytest.approx([1.3 * 0.6, -1.3 * 0.8], rel=1e-12)


def test_a_thin_end_that_the_lattice_loses_is_found_on_a_finer_one():
    calc = calc_of(
        ag.mp.Isothermal(centre=(0.225, 0.265), ell_comps=(0.1, 0.2), einstein_radius=1.2245),
        ag.mp.ExternalShear(0.05, -0.1),
        ag.mp.PointMass(centre=(1.086, -0.077), einstein_radius=0.998),
    )
    areas = calc.radial_critical_curve_area_list_from(GRID, 0.05)

    assert len(areas) > 0
    assert areas == pytest.approx(calc.radial_critical_curve_area_list_from(GRID, 0.01), rel=1e-6)


def area_of_two_isothermal_spheres(einstein_radius, distance):
    """Area [arcsec^2] where the tangential eigenvalue of a sphere of 1.2" and another one is negative.

    In polar coordinates about the first, by bisection along 20000 rays that may cross the curve more than once.
    """

    def eigen_value(r, theta):  # each has kappa = gamma = theta_E / 2 r, with the shear across the line to its centre
        x, y = r * np.cos(theta) - distance, r * np.sin(theta)
        host, other = 0.6 / r, 0.5 * einstein_radius / np.hypot(x, y)
        between = 2.0 * (theta - np.arctan2(y, x))
        return 1.0 - host - other - np.sqrt(host**2 + other**2 + 2.0 * host * other * np.cos(between))

    u = (np.arange(20000) + 0.5) / 20000
    theta, width = np.pi * u**3, 3.0 * np.pi * u**2 / 20000
    radii = 1.2 + 0.3 * np.linspace(-1.0, 1.0, 600) ** 3
    signs = eigen_value(radii, theta[:, None]) < 0.0
    assert signs[:, 0].all() and not signs[:, -1].any()
    ray, step = np.nonzero(signs[:, 1:] != signs[:, :-1])
    low, high, leaves = radii[step], radii[step + 1], signs[ray, step]
    for _ in range(40):
        middle = 0.5 * (low + high)
        is_before = (eigen_value(middle, theta[ray]) < 0.0) == leaves
        low, high = np.where(is_before, middle, low), np.where(is_before, high, middle)
    return np.sum(np.where(leaves, 1.0, -1.0) * low**2 * width[ray])


@pytest.mark.parametrize("offset", [-0.03, 0.0, 0.002, 0.02])
def test_curve_past_a_satellite_on_it_has_the_area_of_rays(offset):
    distance = 1.2 + offset
    satellite = ag.mp.IsothermalSph((distance * np.sin(0.3), distance * np.cos(0.3)), einstein_radius=0.05)
    calc = calc_of(ag.mp.IsothermalSph(einstein_radius=1.2), satellite)
    expected = area_of_two_isothermal_spheres(0.05, distance)

    for pixel_scale in (0.05, 0.1):
        areas = calc.tangential_critical_curve_area_list_from(GRID, pixel_scale)
        # the smaller ones, of the offset 0.002, are holes in the largest
        assert areas[0] - sum(areas[1:]) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("offset", [-0.03, -0.011])
def test_radial_curve_that_passes_a_singular_centre_twice_is_listed_once_as_its_lobes(offset):
    distance = 1.2 + offset
    satellite = ag.mp.IsothermalSph((0.0, distance), einstein_radius=0.05)
    calc = calc_of(ag.mp.IsothermalSph(einstein_radius=1.2), satellite)

    areas = calc.radial_critical_curve_area_list_from(GRID)

    # the lens is the same when it is turned over, y -> -y, and the lobes lie on both sides
    assert len(areas) == 2 and areas[0] == pytest.approx(areas[1], rel=1e-4)
