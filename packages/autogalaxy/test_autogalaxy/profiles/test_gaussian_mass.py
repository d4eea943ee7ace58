import numpy as np
import pytest

import autoarray as aa
import autogalaxy as ag

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(1500)
_NODES, _WEIGHTS = 0.5 * (_NODES + 1.0), 0.5 * _WEIGHTS


def _lens(axis_ratio, angle, **values):
    f, phi = (1.0 - axis_ratio) / (1.0 + axis_ratio), np.deg2rad(angle)
    return ag.mp.Gaussian(ell_comps=(f * np.sin(2.0 * phi), f * np.cos(2.0 * phi)), **values)


def _schramm_deflections(axis_ratio, angle, sigma, points):
    """Schramm (1990), eq. 25 and 26, for kappa = exp(-(q^2 x^2 + y^2) / (2 sigma^2)), by Gauss-Legendre in sqrt(u)."""
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    deflections = []
    for y, x in points:
        along, across = cos * x + sin * y, cos * y - sin * x
        # the integrand is below 1e-30 where the ellipse is farther out than 12 sigma
        reach = min(1.0, 12.0 * sigma / axis_ratio / np.hypot(along, across))
        u = (reach * _NODES) ** 2
        below = 1.0 - (1.0 - axis_ratio**2) * u
        kappa = np.exp(-(axis_ratio**2) * u * (along**2 + across**2 / below) / (2.0 * sigma**2))
        steps = 2.0 * axis_ratio * reach**2 * _WEIGHTS * _NODES * kappa
        a, b = along * np.sum(steps / below**0.5), across * np.sum(steps / below**1.5)
        deflections.append((sin * a + cos * b, cos * a - sin * b))
    return np.array(deflections)


def _points():
    radii, angles = np.geomspace(0.01, 100.0, 12), np.deg2rad(35.0) + np.linspace(0.0, 1.5 * np.pi, 12)
    return np.stack((radii * np.sin(angles), radii * np.cos(angles)), axis=-1)


@pytest.mark.parametrize("axis_ratio", [0.2, 0.5, 0.9, 1.0 - 1e-9, 1.0])
def test_gaussian_deflections_are_the_quadrature_of_the_convergence(axis_ratio):
    points = _points()
    lens = _lens(axis_ratio, 35.0, intensity=0.7, sigma=1.1, mass_to_light_ratio=1.9)
    expected = 0.7 * 1.9 * _schramm_deflections(axis_ratio, 35.0, 1.1, points)

    deflections = lens.deflections_yx_2d_from(aa.Grid2DIrregular(points)).array

    assert np.abs(deflections - expected).max(axis=1) / np.hypot(*expected.T) == pytest.approx(0.0, abs=1e-10)


@pytest.mark.parametrize("axis_ratio", [0.2, 0.6, 1.0])
def test_gaussian_potential_is_the_integral_of_the_deflection_along_a_ray(axis_ratio):
    points = _points()[::3]
    lens = _lens(axis_ratio, 35.0, intensity=1.0, sigma=1.1)
    nodes, weights = np.polynomial.legendre.leggauss(80)
    expected = []
    for point in points:
        reach = np.arcsinh(np.hypot(*point))
        stretched = np.sinh(0.5 * reach * (nodes + 1.0))
        steps = 0.5 * reach * weights * np.sqrt(1.0 + stretched**2)
        direction = point / np.hypot(*point)
        alpha = _schramm_deflections(axis_ratio, 35.0, 1.1, stretched[:, None] * direction)
        expected.append(steps @ (alpha @ direction))

    potential = lens.potential_2d_from(aa.Grid2DIrregular(points)).array

    assert potential == pytest.approx(np.array(expected), rel=1e-10)


@pytest.mark.parametrize("axis_ratio", [0.2, 0.6, 1.0])
def test_gaussian_shear_and_convergence_are_differences_of_the_quadrature(axis_ratio):
    points, h = _points()[3:9:2], 1e-3
    lens = _lens(axis_ratio, 35.0, intensity=1.0, sigma=1.1)

    def slope(direction):
        step = h * np.array(direction)
        ahead, behind = (_schramm_deflections(axis_ratio, 35.0, 1.1, points + s * step) for s in (1.0, -1.0))
        return (ahead - behind) / (2.0 * h)

    by_y, by_x = slope((1.0, 0.0)), slope((0.0, 1.0))
    grid = aa.Grid2DIrregular(points)
    shear = lens.shear_yx_2d_from(grid).array

    assert lens.convergence_2d_from(grid).array == pytest.approx(0.5 * (by_y[:, 0] + by_x[:, 1]), abs=2e-6)
    assert shear[:, 1] == pytest.approx(0.5 * (by_x[:, 1] - by_y[:, 0]), abs=2e-6)
    assert shear[:, 0] == pytest.approx(by_x[:, 0], abs=2e-6)


def test_gaussian_mass_is_that_of_its_closed_form():
    lens = _lens(0.5, 35.0, intensity=0.7, sigma=1.1, mass_to_light_ratio=1.9)

    assert lens.mass_angular_within_circle_from(1e4) == pytest.approx(2 * np.pi * 0.7 * 1.9 * 1.1**2 / 0.5, rel=1e-9)


def test_gaussian_shear_of_its_centre():
    """Of equal-density ellipses of constant convergence: -f / 2 * 2 kappa = -f kappa along the major axis."""
    lens = ag.mp.Gaussian(ell_comps=(0.0, 0.25), intensity=0.7, sigma=1.1)

    shear = lens.shear_yx_2d_from(aa.Grid2DIrregular([(0.0, 0.0)])).array

    assert shear == pytest.approx(np.array([(0.0, -0.25 * 0.7)]), abs=1e-14)


def test_gaussian_deflections_are_the_published_ones():
    """autolens 2026.10."""
    lens = ag.mp.Gaussian(ell_comps=(0.0, 0.25), intensity=0.7, sigma=1.1, mass_to_light_ratio=1.9)

    deflections = lens.deflections_yx_2d_from(aa.Grid2DIrregular([(0.0, 0.7), (0.9, 0.0), (3.0, 4.0)])).array

    expected = [(0.0, 0.67136725), (1.28944257, 0.0), (0.71741303, 0.80445216)]
    assert deflections == pytest.approx(np.array(expected), abs=1e-8)


@pytest.mark.parametrize(
    ("sigma", "gradient", "radius", "ratio"),
    [(1.1, 0.6, 0.8, 2.3125620585069306), (2.2, 0.6, 0.8, 3.4957065877384976), (2.2, -0.3, 0.3, 1.0436918574724587)],
)
def test_gaussian_gradient_scales_the_mass_to_light_ratio_with_sigma(sigma, gradient, radius, ratio):
    """Ratios of autolens 2026.10."""
    lens = ag.mp.GaussianGradient(
        intensity=0.7,
        sigma=sigma,
        mass_to_light_ratio_base=1.9,
        mass_to_light_gradient=gradient,
        mass_to_light_radius=radius,
    )

    convergence = lens.convergence_2d_from(aa.Grid2DIrregular([(0.0, 0.0), (0.0, 0.5)])).array

    assert lens.mass_to_light_ratio == pytest.approx(ratio, rel=1e-13)
    assert convergence == pytest.approx(0.7 * ratio * np.exp([0.0, -0.125 / sigma**2]), rel=1e-13)


def test_gaussian_has_the_values_of_lenstronomy():
    """GAUSSIAN_ELLIPSE_KAPPA of lenstronomy 1.14.2 with amp=1, sigma=1.1, e1=0.25, sigma on the intermediate axis."""
    lens = ag.mp.Gaussian(ell_comps=(0.0, 0.25), intensity=1.0 / (2.0 * np.pi * 1.21), sigma=1.1 * np.sqrt(0.6))
    grid = aa.Grid2DIrregular([(0.9, 0.3), (0.6, -0.8), (3.0, 4.0)])

    deflections = np.array([(0.11457993, 0.0240248), (0.08027115, -0.06641777), (0.04110254, 0.04928383)])
    assert lens.deflections_yx_2d_from(grid).array == pytest.approx(deflections, abs=1e-8)
    assert lens.potential_2d_from(grid).array == pytest.approx([0.06261886, 0.05567856, 0.45153639], abs=1e-8)
    shear = np.array([(-0.0098799, 0.00467191), (0.01887882, -0.0179847), (-0.01282954, -0.00166344)])
    assert lens.shear_yx_2d_from(grid).array == pytest.approx(shear, abs=1e-8)
