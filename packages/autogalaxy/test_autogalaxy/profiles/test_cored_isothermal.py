import numpy as np
import pytest
from scipy.integrate import quad

import autoarray as aa
import autogalaxy as ag
from autoarray import exc


def _ell_comps(axis_ratio, angle):
    f, phi = (1.0 - axis_ratio) / (1.0 + axis_ratio), np.deg2rad(angle)
    return f * np.sin(2.0 * phi), f * np.cos(2.0 * phi)


def _schramm_deflections(convergence, axis_ratio, angle, points):
    """Schramm (1990), eq. 25 and 26: deflections of a convergence of m^2 = x^2 + y^2 / q^2 as line integrals."""
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    deflections = []
    for y, x in points:
        along, across = cos * x + sin * y, cos * y - sin * x
        a = along * _schramm_integral(convergence, axis_ratio, along, across, power=0.5)
        b = across * _schramm_integral(convergence, axis_ratio, along, across, power=1.5)
        deflections.append((sin * a + cos * b, cos * a - sin * b))
    return np.array(deflections)


def _schramm_integral(convergence, axis_ratio, along, across, power):
    def integrand(t):  # u = t^2 takes the root of a singular centre away
        below = 1.0 - (1.0 - axis_ratio**2) * t**2
        return 2.0 * t * convergence(t**2 * (along**2 + across**2 / below)) / below**power

    return axis_ratio * quad(integrand, 0.0, 1.0, epsabs=0.0, epsrel=1e-12, limit=400)[0]


def _points(scale):
    radii, angles = scale * np.geomspace(0.01, 100.0, 7), np.linspace(0.2, 6.0, 7)
    return np.stack((radii * np.sin(angles), radii * np.cos(angles)), axis=-1)


@pytest.mark.parametrize("axis_ratio", [0.2, 0.7, 0.999, 1.0])
@pytest.mark.parametrize("core", [0.0, 0.01, 2.0])
def test_cored_isothermal_deflections_are_the_quadrature_of_the_convergence(axis_ratio, core):
    points = _points(max(core, 0.5))
    lens = ag.mp.IsothermalCore(ell_comps=_ell_comps(axis_ratio, 35.0), einstein_radius=1.3, core_radius=core)
    expected = _schramm_deflections(
        lambda squared: 1.3 / (1.0 + axis_ratio) / np.sqrt(core**2 + squared), axis_ratio, 35.0, points
    )

    deflections = lens.deflections_yx_2d_from(aa.Grid2DIrregular(points)).array

    assert np.abs(deflections - expected).max(axis=1) / np.hypot(*expected.T) == pytest.approx(0.0, abs=1e-13)


def test_cored_isothermal_without_core_is_the_singular_one():
    points, ell_comps = aa.Grid2DIrregular([(0.3, -1.1), (2.0, 0.4)]), _ell_comps(0.6, 20.0)
    cored = ag.mp.IsothermalCore(ell_comps=ell_comps, einstein_radius=1.3, core_radius=0.0)
    singular = ag.mp.Isothermal(ell_comps=ell_comps, einstein_radius=1.3)

    for name in ("deflections_yx_2d_from", "convergence_2d_from", "potential_2d_from", "shear_yx_2d_from"):
        assert getattr(cored, name)(points).array == pytest.approx(getattr(singular, name)(points).array, rel=1e-13)


def test_cored_isothermal_convergence_at_its_centre_and_radius():
    lens = ag.mp.IsothermalCoreSph(einstein_radius=1.3, core_radius=0.4)

    convergence = lens.convergence_2d_from(aa.Grid2DIrregular([(0.0, 0.0), (0.0, 0.3)])).array

    assert convergence == pytest.approx([0.65 / 0.4, 0.65 / 0.5], rel=1e-14)


def _dual_convergence(ra, rs, b0, axis_ratio):
    """Of m^2; the difference of the two terms is written so that it keeps its digits."""

    def convergence(squared):
        r_squared = squared * (0.5 * (1.0 + axis_ratio)) ** 2  # R = m / (1 + e)
        a, s = np.sqrt(ra**2 + r_squared), np.sqrt(rs**2 + r_squared)
        return 0.5 * b0 * rs * (ra + rs) / (a * s * (a + s))

    return convergence


@pytest.mark.parametrize("axis_ratio", [0.2, 0.7, 1.0])
@pytest.mark.parametrize(("ra", "rs"), [(0.0, 2.0), (0.1, 2.0), (1.999999999, 2.0), (2.0, 2.0), (0.01, 500.0)])
def test_dual_pseudo_isothermal_deflections_are_the_quadrature_of_the_convergence(axis_ratio, ra, rs):
    points = _points(max(ra, 0.1))
    lens = ag.mp.dPIEMassB0(ell_comps=_ell_comps(axis_ratio, 125.0), ra=ra, rs=rs, b0=1.3)
    expected = _schramm_deflections(_dual_convergence(ra, rs, 1.3, axis_ratio), axis_ratio, 125.0, points)

    deflections = lens.deflections_yx_2d_from(aa.Grid2DIrregular(points)).array

    assert np.abs(deflections - expected).max(axis=1) / np.hypot(*expected.T) == pytest.approx(0.0, abs=1e-13)


@pytest.mark.parametrize("ra", [0.0, 0.3])
def test_dual_pseudo_isothermal_potential_is_the_line_integral_of_the_quadrature(ra):
    points, ell_comps = np.array([(0.2, 0.5), (-1.5, 3.0)]), _ell_comps(0.5, 30.0)
    lens = ag.mp.dPIEMassB0(ell_comps=ell_comps, ra=ra, rs=4.0, b0=1.3)
    nodes, weights = np.polynomial.legendre.leggauss(24)
    nodes, weights = 0.5 * (nodes + 1.0), 0.5 * weights
    start, end = points
    between = start + nodes[:, None] * (end - start)
    alpha = _schramm_deflections(_dual_convergence(ra, 4.0, 1.3, 0.5), 0.5, 30.0, between)

    potential = lens.potential_2d_from(aa.Grid2DIrregular(points)).array

    assert potential[1] - potential[0] == pytest.approx(weights @ (alpha @ (end - start)), rel=1e-9)


def test_dual_pseudo_isothermal_mass_is_that_of_its_closed_form():
    """Eliasdottir et al. (2007), eq. A11 in convergence: pi b0 rs far away."""
    lens = ag.mp.dPIEMassB0Sph(ra=0.2, rs=3.0, b0=1.3)

    assert lens.mass_angular_within_circle_from(1e6) == pytest.approx(np.pi * 1.3 * 3.0, rel=1e-5)
    within = np.sqrt(0.2**2 + 1.5**2) - 0.2 - np.sqrt(3.0**2 + 1.5**2) + 3.0
    assert lens.mass_angular_within_circle_from(1.5) == pytest.approx(np.pi * 1.3 * 3.0 / 2.8 * within, rel=1e-12)


def test_pseudo_isothermal_is_the_dual_one_with_its_truncation_far_away():
    points, ell_comps = aa.Grid2DIrregular([(0.3, -1.1), (2.0, 0.4)]), _ell_comps(0.6, 20.0)
    single = ag.mp.PIEMass(ell_comps=ell_comps, ra=0.3, b0=1.3)
    dual = ag.mp.dPIEMassB0(ell_comps=ell_comps, ra=0.3, rs=1e9, b0=1.3)

    for name in ("deflections_yx_2d_from", "convergence_2d_from", "shear_yx_2d_from"):
        assert getattr(single, name)(points).array == pytest.approx(getattr(dual, name)(points).array, rel=1e-8)


def test_lenstool_parameters_are_those_of_the_deflection_scale():
    """b0 and values of autolens 2026.10, whose constants differ by 3e-7."""
    lens = ag.mp.dPIEMass(ellipticity=0.4, sigma=220.0, r_core=0.3, r_cut=9.0, redshift_object=0.5, redshift_source=1.5)

    deflections = lens.deflections_yx_2d_from(aa.Grid2DIrregular([(0.6, -0.8), (3.0, 4.0)])).array

    assert lens.equivalent_from().b0 == pytest.approx(1.184023818746916, rel=3e-7)
    assert deflections == pytest.approx(np.array([(0.5880894, -0.55829136), (0.55847469, 0.57661942)]), rel=4e-7)
    assert lens.axis_ratio() == pytest.approx(np.sqrt((1.0 - 0.4) / (1.0 + 0.4)), rel=1e-14)
    assert ag.mp.dPIEMass(ellipticity=0.4, angle_pos=30.0).angle() == pytest.approx(30.0, rel=1e-14)


def test_elliptical_potential_is_that_of_the_circle_at_the_elliptical_radius():
    """Second differences of the round potential in the elliptical radius."""
    e, points = 0.25, np.array([(0.6, -0.8), (0.05, 0.1), (3.0, 4.0)])
    lens = ag.mp.dPIEPotential(ell_comps=(0.0, e), ra=0.4, rs=2.0, b0=1.3)

    def circle(y, x):
        radii = np.sqrt((1.0 - e) * x**2 + (1.0 + e) * y**2)
        a, s = np.sqrt(0.4**2 + radii**2), np.sqrt(2.0**2 + radii**2)
        return 1.3 * 2.0 / 1.6 * (a - 0.4 * np.log(a + 0.4) - s + 2.0 * np.log(s + 2.0))

    (y, x), h = points.T, 1e-3
    slope_y, slope_x = (circle(y + h, x) - circle(y - h, x)) / 2 / h, (circle(y, x + h) - circle(y, x - h)) / 2 / h
    laplacian = (circle(y + h, x) + circle(y - h, x) + circle(y, x + h) + circle(y, x - h) - 4 * circle(y, x)) / h**2
    grid = aa.Grid2DIrregular(points)
    potential = lens.potential_2d_from(grid).array

    assert np.diff(potential) == pytest.approx(np.diff(circle(y, x)), rel=1e-12)
    assert lens.deflections_yx_2d_from(grid).array == pytest.approx(np.stack((slope_y, slope_x), axis=-1), rel=1e-4)
    assert lens.convergence_2d_from(grid).array == pytest.approx(0.5 * laplacian, rel=1e-4)
    # autolens 2026.10 has the same convergence, though its deflection lacks a factor sqrt(1 -+ e)
    assert lens.convergence_2d_from(grid).array[[0, 2]] == pytest.approx([0.41494728, 0.01286867], rel=1e-6)


@pytest.mark.parametrize("cores", [(0.2, 0.5), (0.5 - 1e-10, 0.5)])
def test_chameleon_deflections_are_the_quadrature_of_the_convergence(cores):
    points = _points(0.2)
    lens = ag.mp.Chameleon(
        ell_comps=_ell_comps(0.6, 125.0),
        intensity=0.7,
        core_radius_0=cores[0],
        core_radius_1=cores[1],
        mass_to_light_ratio=1.9,
    )
    dual = _dual_convergence(*cores, 0.7 * 1.9 * (cores[1] - cores[0]) / cores[1], 0.6)
    expected = _schramm_deflections(dual, 0.6, 125.0, points)

    deflections = lens.deflections_yx_2d_from(aa.Grid2DIrregular(points)).array

    assert np.abs(deflections - expected).max(axis=1) / np.hypot(*expected.T) == pytest.approx(0.0, abs=1e-13)


def test_chameleon_convergence_is_the_published_one():
    """autolens 2026.10."""
    lens = ag.mp.Chameleon(
        ell_comps=(0.0, 0.25), intensity=0.7, core_radius_0=0.2, core_radius_1=0.5, mass_to_light_ratio=1.9
    )

    convergence = lens.convergence_2d_from(aa.Grid2DIrregular([(0.0, 0.7), (3.0, 4.0)])).array

    assert convergence == pytest.approx([2.32517547e-01, 5.15204438e-04], rel=1e-8)


@pytest.mark.parametrize(
    ("profile", "values"),
    [
        (ag.mp.dPIEMassB0, {"ra": 3.0, "rs": 2.0}),
        (ag.mp.dPIEPotential, {"ra": 3.0, "rs": 2.0}),
        (ag.mp.dPIEMass, {"r_core": 3.0, "r_cut": 2.0}),
        (ag.mp.Chameleon, {"core_radius_0": 3.0, "core_radius_1": 2.0}),
    ],
)
def test_core_larger_than_its_truncation_raises(profile, values):
    with pytest.raises(exc.ProfileException, match="wanted the core inside the truncation"):
        profile(**values)
