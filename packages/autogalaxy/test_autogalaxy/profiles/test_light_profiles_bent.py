"""Light with multipoles, and shapelets: formulas written down again, orthogonality and integrals over the area."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from numpy.polynomial.hermite import hermval
from scipy.special import eval_genlaguerre, gammaincinv

from autoarray import exc
from autogalaxy import convert
from autogalaxy.profiles import light_profiles as lp

CENTRE = (0.05, -0.03)
Q, ANGLE = 0.6, 25.0
ELLIPSE = {"centre": CENTRE, "ell_comps": convert.ell_comps_from(axis_ratio=Q, angle=ANGLE)}
COMPS = {"multipole_3_comps": (0.02, 0.04), "multipole_4_comps": (0.03, -0.1)}
BENT = {
    "sersic": lp.SersicMultipole(**ELLIPSE, intensity=1.5, effective_radius=0.7, sersic_index=2.3, **COMPS),
    "gaussian": lp.GaussianMultipole(**ELLIPSE, intensity=1.5, sigma=0.4, **COMPS),
}
CARTESIAN = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (3, 2), (4, 2)]
POLAR = [(0, 0), (1, 1), (1, -1), (2, 0), (2, 2), (3, -1), (4, 2), (4, 0)]
EXPONENTIAL = [(0, 0), (1, 0), (1, 1), (1, -1), (2, 2), (3, -1), (3, 0)]


def points_and_frame() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points on the sky and their (y, x) along the axes."""
    points = np.random.default_rng(3).normal(scale=0.8, size=(40, 2))
    cos, sin = np.cos(np.radians(ANGLE)), np.sin(np.radians(ANGLE))
    y, x = (points - CENTRE).T
    return points, cos * y - sin * x, cos * x + sin * y


def area_integral(light: lp.LightProfile, radius: float, power: int = 1) -> float:
    """Integral of the image over a disc."""
    t, weights = np.polynomial.legendre.leggauss(120)
    u, angles = 0.5 * (t + 1.0), 2.0 * np.pi * (np.arange(512) + 0.5) / 512
    radii = radius * u**power
    y, x = light.centre[0] + np.outer(radii, np.sin(angles)), light.centre[1] + np.outer(radii, np.cos(angles))
    image = light.image_2d_from(np.stack((y.ravel(), x.ravel()), axis=-1)).reshape(y.shape)
    return 2.0 * np.pi * np.sum(0.5 * weights * radius * power * u ** (power - 1) * radii * image.mean(axis=1))


@pytest.mark.parametrize("name", BENT)
def test_multipoles_bend_the_eccentric_radius_along_the_major_axis(name):
    points, y, x = points_and_frame()
    phi, b = np.arctan2(y, x), gammaincinv(4.6, 0.5)
    bend = 1.0 + 0.02 * np.cos(3 * phi) + 0.04 * np.sin(3 * phi) + 0.03 * np.cos(4 * phi) - 0.1 * np.sin(4 * phi)
    radii = np.sqrt(Q * x**2 + y**2 / Q) * bend

    image = BENT[name].image_2d_from(points)

    sersic = 1.5 * np.exp(-b * ((radii / 0.7) ** (1.0 / 2.3) - 1.0))
    gaussian = 1.5 * np.exp(-0.5 * Q * radii**2 / 0.4**2)
    assert image == pytest.approx({"sersic": sersic, "gaussian": gaussian}[name], rel=1e-8)


def test_multipole_image_is_that_of_autolens():
    """Numbers of autogalaxy 2026.10 for the same profile."""
    light = lp.GaussianMultipole(ell_comps=(0.1, 0.2), multipole_3_comps=(0.02, 0.04), multipole_4_comps=(0.03, 0.1))

    image = light.image_2d_from(np.array([(0.0, 0.5), (0.5, 0.0), (0.3, 0.5), (-1.0, 1.0), (0.2, -0.7)]))

    expected = [0.09543673677218528, 0.09076858696012285, 0.09024890614288943, 0.04064119319777357, 0.08810421771707971]
    assert image == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", BENT)
def test_light_of_multipoles_in_a_circle_is_the_area_integral(name):
    assert BENT[name].luminosity_within_circle_from(0.9) == pytest.approx(
        area_integral(BENT[name], 0.9, power=6), rel=1e-9
    )


@pytest.mark.parametrize("name", BENT)
def test_light_of_multipoles_in_an_ellipse_is_the_area_integral(name):
    light, angles = BENT[name], 2.0 * np.pi * (np.arange(600) + 0.5) / 600
    t, weights = np.polynomial.legendre.leggauss(120)
    u = 0.5 * (t + 1.0)
    radii = 0.9 * u**6
    y, x = np.outer(radii, np.sin(angles) * np.sqrt(Q)), np.outer(radii, np.cos(angles) / np.sqrt(Q))
    image = light.image_at(y.ravel(), x.ravel(), (0.0, (1.0 - Q) / (1.0 + Q))).reshape(y.shape).mean(axis=1)

    expected = 2.0 * np.pi * np.sum(0.5 * weights * 0.9 * 6.0 * u**5 * radii * image)

    assert light.luminosity_within_ellipse_from(0.9) == pytest.approx(expected, rel=1e-9)


def test_multipoles_whose_contours_cross_the_centre_raise():
    with pytest.raises(exc.ProfileException, match="amplitudes that add up to less than one"):
        lp.SersicMultipole(multipole_3_comps=(0.6, 0.0), multipole_4_comps=(0.0, 0.5))


def hermite(n: int, u: np.ndarray) -> np.ndarray:
    return hermval(u, [0] * n + [1]) * np.exp(-(u**2) / 2) / np.sqrt(2**n * np.sqrt(np.pi) * factorial(n))


@pytest.mark.parametrize(("n_y", "n_x"), CARTESIAN)
def test_cartesian_shapelet_is_a_product_of_gauss_hermite_functions(n_y, n_x):
    points, y, x = points_and_frame()
    light = lp.ShapeletCartesian(n_y, n_x, **ELLIPSE, intensity=2.0, beta=0.7)

    image = light.image_2d_from(points)

    expected = 2.0 / 0.7 * hermite(n_y, y / (Q * 0.7)) * hermite(n_x, x / 0.7)
    assert image == pytest.approx(expected, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(("n", "m"), POLAR)
def test_polar_shapelet_is_that_of_massey_and_refregier(n, m):
    points, y, x = points_and_frame()
    rho, phi, a = np.hypot(y / Q, x) / 0.7, np.arctan2(y / Q, x), abs(m)
    light = lp.ShapeletPolar(n, m, **ELLIPSE, intensity=2.0, beta=0.7)

    image = light.image_2d_from(points)

    k = (n - a) // 2
    norm = 2.0 / 0.7 * (-1) ** k * np.sqrt(factorial(k) / (np.pi * factorial(k + a)))
    turn = np.cos(a * phi) if m <= 0 else -np.sin(a * phi)
    expected = norm * rho**a * eval_genlaguerre(k, a, rho**2) * np.exp(-(rho**2) / 2) * turn
    assert image == pytest.approx(expected, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (lp.ShapeletCartesian(3, 1, beta=0.7), [-0.3748837431636328, -0.18873386532064507, 0.3105693003291006]),
        (lp.ShapeletPolar(3, -1, beta=0.7), [-0.37583246144802857, 0.22019264500450234, 0.30475785853228915]),
        (lp.ShapeletPolarSph(1, 1, beta=0.7), [-0.24416119541093817, 0.14959384137361173, -0.13408661677480055]),
        (
            lp.ShapeletCartesian(2, 2, beta=0.7, ell_comps=(0.1, 0.2)),
            [-0.048121924789260626, 0.10052061148613085, 0.0352695426579004],
        ),
    ],
)
def test_shapelet_image_is_that_of_autolens(profile, expected):
    """Numbers of autogalaxy 2026.10 for the same profile."""
    image = profile.image_2d_from(np.array([(0.3, 0.5), (-1.0, 1.0), (0.2, -0.7)]))

    assert image == pytest.approx(expected, rel=1e-10)


def test_lowest_exponential_shapelet_is_an_exponential_disc():
    light = lp.ShapeletExponentialSph(0, 0, beta=0.7)

    image = light.image_2d_from(np.array([(0.3, 0.4), (0.0, 0.0)]))

    assert image == pytest.approx(np.sqrt(2.0 / np.pi) / 0.7 * np.exp([-0.5 / 0.7, 0.0]), rel=1e-13)


ORTHOGONAL = {
    "cartesian": ([lp.ShapeletCartesian(*o, **ELLIPSE, beta=0.4) for o in CARTESIAN], [1.0] * 7, 6.0),
    "polar": (
        [lp.ShapeletPolar(*o, **ELLIPSE, beta=0.4) for o in POLAR],
        [1.0 if m == 0 else 0.5 for _, m in POLAR],
        6.0,
    ),
    "exponential": (
        [lp.ShapeletExponential(*o, **ELLIPSE, beta=0.1) for o in EXPONENTIAL],
        [1.0 if m == 0 else 0.5 for _, m in EXPONENTIAL],
        40.0,
    ),
}


@pytest.mark.parametrize("family", ORTHOGONAL)
def test_shapelets_are_orthogonal(family):
    shapelets, norms, radius = ORTHOGONAL[family]
    t, weights = np.polynomial.legendre.leggauss(200)
    u, angles = 0.5 * (t + 1.0), 2.0 * np.pi * (np.arange(128) + 0.5) / 128
    radii = radius * u**2
    y, x = CENTRE[0] + np.outer(radii, np.sin(angles)), CENTRE[1] + np.outer(radii, np.cos(angles))
    points = np.stack((y.ravel(), x.ravel()), axis=-1)
    area = np.repeat(weights * radius * u * radii * 2.0 * np.pi / 128, 128)

    images = np.stack([s.image_2d_from(points) for s in shapelets])

    assert (images * area) @ images.T == pytest.approx(np.diag(norms) * Q, abs=1e-10)


@pytest.mark.parametrize("family", ORTHOGONAL)
@pytest.mark.parametrize("radius", [0.1, 1.3])
def test_light_of_shapelets_in_a_circle_is_the_area_integral(family, radius):
    for light in ORTHOGONAL[family][0]:
        expected = area_integral(light, radius, power=2)
        assert light.luminosity_within_circle_from(radius) == pytest.approx(expected, abs=1e-12)


def test_light_of_a_shapelet_in_an_ellipse_is_that_of_a_gaussian():
    light = lp.ShapeletCartesian(0, 0, **ELLIPSE, beta=0.4)
    gaussian = lp.Gaussian(**ELLIPSE, intensity=1.0 / (0.4 * np.sqrt(np.pi)), sigma=0.4 * Q)

    for radius in (0.0, 0.3, 50.0):
        expected = gaussian.luminosity_within_ellipse_from(radius)
        assert light.luminosity_within_ellipse_from(radius) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: lp.ShapeletCartesian(-1, 0), r"n_y=-1, wanted a whole number of at least 0"),
        (lambda: lp.ShapeletCartesian(0, 1.5), r"n_x=1\.5, wanted a whole number"),
        (lambda: lp.ShapeletPolar(2, 1), "wanted an even difference"),
        (lambda: lp.ShapeletPolar(2, 4), r"m=4, wanted a whole number of at least -2 and at most 2"),
        (lambda: lp.ShapeletExponential(1, 2), r"m=2, wanted a whole number of at least -1 and at most 1"),
        (lambda: lp.ShapeletExponentialSph(1, 1, beta=0.0), r"beta=0\.0, wanted a finite number above 0"),
    ],
)
def test_impossible_orders_raise(build, message):
    with pytest.raises(exc.ProfileException, match=message):
        build()
