"""Every light profile, one row of a table each, against the published formula and quadrature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gamma, gammainc, gammaincinv

import autoarray as aa
from autoarray import exc
from autogalaxy import convert
from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles.light.standard.sersic import sersic_constant_from

CENTRE = (0.05, -0.03)


@dataclass(frozen=True)
class Row:
    """A profile, its light as a function of the radius sqrt(q) m, and all of its light."""

    cls: type
    parameters: dict[str, float]
    image: Callable[[np.ndarray, float], np.ndarray]
    total: Callable[[float], float]
    elliptical: bool = True
    far: float = 3e4
    """Radius of a circle outside which a share of 1e-8 of the light is left."""

    def at(self, centre: tuple = CENTRE, q: float = 0.6, angle: float = 25.0) -> lp.LightProfile:
        shape = {"ell_comps": convert.ell_comps_from(axis_ratio=q, angle=angle)} if self.elliptical else {}
        return self.cls(centre=centre, **shape, **self.parameters)


def sersic(cls: type, n: float, elliptical: bool = True, **extra: float) -> Row:
    b = gammaincinv(2.0 * n, 0.5)
    return Row(
        cls,
        {"intensity": 2.5, "effective_radius": 0.7, **extra},
        image=lambda r, q: 2.5 * np.exp(-b * ((r / 0.7) ** (1.0 / n) - 1.0)),
        total=lambda q: 2.5 * 2.0 * np.pi * n * 0.7**2 * np.exp(b) * b ** (-2.0 * n) * gamma(2.0 * n),
        elliptical=elliptical,
    )


def gaussian(cls: type, elliptical: bool = True) -> Row:
    return Row(
        cls,
        {"intensity": 1.5, "sigma": 0.4},
        image=lambda r, q: 1.5 * np.exp(-0.5 * q * r**2 / 0.4**2),
        total=lambda q: 1.5 * 2.0 * np.pi * 0.4**2 / q,
        elliptical=elliptical,
    )


def core(cls: type, n: float, elliptical: bool = True, **extra: float) -> Row:
    """Trujillo et al. (2004), eq. 5 and 6, as printed."""
    b, r_e, r_b, a, g = gammaincinv(2.0 * n, 0.5), 0.7, 0.08, 2.5, 0.3

    def image(r: np.ndarray, q: float) -> np.ndarray:
        r = np.maximum(r, 1e-8)
        prime = 1.5 * 2.0 ** (-g / a) * np.exp(b * (2.0 ** (1.0 / a) * r_b / r_e) ** (1.0 / n))
        outside = np.exp(-b * ((r**a + r_b**a) / r_e**a) ** (1.0 / (a * n)))
        return prime * (1.0 + (r_b / r) ** a) ** (g / a) * outside

    def total(q: float) -> float:
        edges = np.linspace(-28.0, 10.0, 39)
        parts = [
            quad(lambda u: np.exp(2.0 * u) * image(np.exp(u), q), low, high, epsabs=0.0, epsrel=1e-11)[0]
            for low, high in zip(edges[:-1], edges[1:], strict=True)
        ]
        return 2.0 * np.pi * sum(parts)

    parameters = {"intensity": 1.5, "effective_radius": r_e, "radius_break": r_b, "gamma": g, "alpha": a, **extra}
    return Row(cls, parameters, image=image, total=total, elliptical=elliptical)


def moffat(cls: type, elliptical: bool = True) -> Row:
    return Row(
        cls,
        {"intensity": 1.5, "alpha": 0.4, "beta": 2.7},
        image=lambda r, q: 1.5 * (1.0 + q * r**2 / 0.4**2) ** -2.7,
        total=lambda q: 1.5 * np.pi * 0.4**2 / (q * 1.7),
        elliptical=elliptical,
    )


def elson_free_fall(cls: type, elliptical: bool = True) -> Row:
    return Row(
        cls,
        {"intensity": 1.5, "effective_radius": 0.4, "eta": 2.2},
        image=lambda r, q: 1.5 * (1.0 + r**2 / 0.4**2) ** -2.2,
        total=lambda q: 1.5 * np.pi * 0.4**2 / 1.2,
        elliptical=elliptical,
    )


def chameleon(cls: type, elliptical: bool = True) -> Row:
    """Suyu et al. (2014), eq. 3; the light of a cored isothermal grows as its potential, sqrt(m^2 + s^2)."""

    def image(r: np.ndarray, q: float) -> np.ndarray:
        first, second = (r**2 / q + (2.0 * w / (1.0 + q)) ** 2 for w in (0.08, 0.6))
        return 1.5 / (1.0 + q) * (first**-0.5 - second**-0.5)

    return Row(
        cls,
        {"intensity": 1.5, "core_radius_0": 0.08, "core_radius_1": 0.6},
        image=image,
        total=lambda q: 2.0 * np.pi * 1.5 * q / (1.0 + q) * 2.0 * (0.6 - 0.08) / (1.0 + q),
        elliptical=elliptical,
        far=3e9,
    )


ROWS = {
    "sersic_0.5": sersic(lp.Sersic, 0.5, sersic_index=0.5),
    "sersic_2.3": sersic(lp.Sersic, 2.3, sersic_index=2.3),
    "sersic_6": sersic(lp.Sersic, 6.0, sersic_index=6.0),
    "sersic_sph": sersic(lp.SersicSph, 2.3, elliptical=False, sersic_index=2.3),
    "exponential": sersic(lp.Exponential, 1.0),
    "exponential_sph": sersic(lp.ExponentialSph, 1.0, elliptical=False),
    "dev_vaucouleurs": sersic(lp.DevVaucouleurs, 4.0),
    "dev_vaucouleurs_sph": sersic(lp.DevVaucouleursSph, 4.0, elliptical=False),
    "gaussian": gaussian(lp.Gaussian),
    "gaussian_sph": gaussian(lp.GaussianSph, elliptical=False),
    "sersic_core": core(lp.SersicCore, 3.3, sersic_index=3.3),
    "sersic_core_sph": core(lp.SersicCoreSph, 3.3, elliptical=False, sersic_index=3.3),
    "exponential_core": core(lp.ExponentialCore, 1.0),
    "exponential_core_sph": core(lp.ExponentialCoreSph, 1.0, elliptical=False),
    "moffat": moffat(lp.Moffat),
    "moffat_sph": moffat(lp.MoffatSph, elliptical=False),
    "elson_free_fall": elson_free_fall(lp.ElsonFreeFall),
    "elson_free_fall_sph": elson_free_fall(lp.ElsonFreeFallSph, elliptical=False),
    "chameleon": chameleon(lp.Chameleon),
    "chameleon_sph": chameleon(lp.ChameleonSph, elliptical=False),
}
ELLIPTICAL = {name: row for name, row in ROWS.items() if row.elliptical}


def scattered(n: int = 60) -> np.ndarray:
    return np.random.default_rng(3).normal(scale=1.3, size=(n, 2))


def rotated(points: np.ndarray, angle: float) -> np.ndarray:
    """(y, x) points turned counter-clockwise by ``angle`` [degrees]."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    y, x = points[:, 0], points[:, 1]
    return np.stack((cos * y + sin * x, cos * x - sin * y), axis=-1)


@pytest.mark.parametrize("n", np.concatenate((np.geomspace(0.3, 10.0, 12), [0.21, 30.0])))
def test_sersic_constant_is_the_inverse_of_the_incomplete_gamma_function(n):
    assert sersic_constant_from(n) == pytest.approx(gammaincinv(2.0 * n, 0.5), rel=5e-10)


@pytest.mark.parametrize("name", ROWS)
def test_image_is_the_published_formula_at_the_eccentric_radius(name):
    row, points = ROWS[name], scattered()
    q, angle = (0.6, 25.0) if row.elliptical else (1.0, 0.0)

    image = row.at().image_2d_from(points)

    y, x = rotated(points - CENTRE, -angle).T
    assert image == pytest.approx(row.image(np.sqrt(q * x**2 + y**2 / q), q), rel=1e-8)


@pytest.mark.parametrize("name", ROWS)
def test_image_via_radii_is_the_published_formula(name):
    row, radii = ROWS[name], np.array([0.0, 0.01, 0.7, 3.0])
    q = 0.6 if row.elliptical else 1.0

    assert row.at().image_2d_via_radii_from(radii) == pytest.approx(row.image(radii, q), rel=1e-8)


@pytest.mark.parametrize("name", ROWS)
def test_image_at_the_centre_is_its_limit(name):
    assert ROWS[name].at().image_2d_from(np.array([CENTRE])) == pytest.approx(ROWS[name].image(0.0, 0.6), rel=1e-8)


def test_sigma_of_a_gaussian_is_on_the_minor_axis():
    light = lp.Gaussian(ell_comps=convert.ell_comps_from(axis_ratio=0.5, angle=0.0), intensity=1.0, sigma=0.3)

    image = light.image_2d_from(np.array([(0.3, 0.0), (0.0, 0.6)]))

    assert image == pytest.approx(np.exp(-0.5), rel=1e-12)


@pytest.mark.parametrize("name", ELLIPTICAL)
def test_light_turns_and_moves_with_its_parameters(name):
    row, points, shift = ELLIPTICAL[name], scattered(), np.array([0.3, -1.2])

    first = row.at(centre=(0.0, 0.0), angle=25.0).image_2d_from(points)
    second = row.at(centre=tuple(shift), angle=65.0).image_2d_from(rotated(points, 40.0) + shift)

    assert second == pytest.approx(first, rel=1e-11)


@pytest.mark.parametrize("name", ROWS)
def test_light_in_a_large_circle_is_the_total(name):
    row = ROWS[name]
    q = 0.6 if row.elliptical else 1.0

    assert row.at().luminosity_within_circle_from(row.far) == pytest.approx(row.total(q), rel=1e-7)


@pytest.mark.parametrize("name", ROWS)
def test_light_in_a_circle_is_the_area_integral_of_the_image(name):
    light = ROWS[name].at(q=0.3)
    t, weights = np.polynomial.legendre.leggauss(80)
    u, angles = 0.5 * (t + 1.0), 2.0 * np.pi * (np.arange(400) + 0.5) / 400
    radii = 0.9 * u**6  # spaced towards the cusp
    y, x = CENTRE[0] + np.outer(radii, np.sin(angles)), CENTRE[1] + np.outer(radii, np.cos(angles))

    image = light.image_2d_from(np.stack((y.ravel(), x.ravel()), axis=-1)).reshape(y.shape)

    expected = 2.0 * np.pi * np.sum(0.5 * weights * 0.9 * 6.0 * u**5 * radii * image.mean(axis=1))
    assert light.luminosity_within_circle_from(0.9) == pytest.approx(expected, rel=1e-8)


def test_half_of_the_light_is_inside_the_effective_radius():
    light = lp.SersicSph(effective_radius=0.8, sersic_index=3.3)

    half = light.luminosity_within_circle_from(0.8)

    assert half / light.luminosity_within_circle_from(1e5) == pytest.approx(0.5, rel=1e-8)


def test_standard_light_is_not_operated():
    light, points = lp.Sersic(), scattered(5)

    assert np.all(light.image_2d_from(points, operated_only=True) == 0.0)
    for choice in (None, False):
        assert np.all(light.image_2d_from(points, operated_only=choice) > 0.0)


@pytest.mark.parametrize("name", ROWS)
def test_pixel_of_a_grid_is_the_mean_of_its_sub_pixels(name):
    light = ROWS[name].at()
    grid = aa.Grid2D.uniform((3, 3), pixel_scales=0.4, over_sample_size=4, over_sample_rule="uniform")

    image = light.image_2d_from(grid)

    assert isinstance(image, aa.Array2D)
    steps = 0.4 * (np.arange(4) - 1.5) / 4.0
    sub_pixels = [(0.4 + dy, -0.4 + dx) for dy in steps for dx in steps]
    assert image.array[0] == pytest.approx(light.image_2d_from(np.array(sub_pixels)).mean(), rel=1e-12)
    assert light.image_2d_from(grid, binned=False).shape == (9 * 16,)


def test_raw_grid_gives_a_raw_image():
    points = scattered(5)

    image = lp.Sersic().image_2d_from(points)

    assert type(image) is np.ndarray
    assert image == pytest.approx(lp.Sersic().image_2d_from(aa.Grid2DIrregular(points)).array, rel=1e-14)


def test_unknown_keyword_to_the_image_raises():
    with pytest.raises(aa.exc.ProfileException, match="Did you mean operated_only"):
        lp.Sersic().image_2d_from(scattered(5), operatd_only=True)


@pytest.mark.parametrize("cls", [lp.Sersic, lp.SersicSph])
def test_sersic_index_begins_where_its_constant_is_known(cls):
    with pytest.raises(exc.ProfileException, match=r"sersic_index=0\.19, wanted a finite number of at least 0\.2"):
        cls(sersic_index=0.19)
    assert cls(sersic_index=0.2).is_physical()
    assert gammainc(0.4, sersic_constant_from(0.2)) == pytest.approx(0.5, rel=1e-8)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.0 + 1e-9, 1.0 + 1e-4, 4.0])
def test_light_of_a_moffat_is_smooth_through_an_exponent_of_one(exponent):
    light = lp.MoffatSph(intensity=1.0, alpha=0.3, beta=exponent)

    expected = quad(lambda r: 2.0 * np.pi * r * (1.0 + r**2 / 0.3**2) ** -exponent, 0.0, 2.0, epsrel=1e-12)[0]

    assert light.luminosity_within_circle_from(2.0) == pytest.approx(expected, rel=1e-11)


def test_half_of_the_light_of_a_star_cluster_is_inside_its_half_light_radius():
    light = lp.ElsonFreeFallSph(effective_radius=0.4, eta=2.2)

    half = light.luminosity_within_circle_from(0.4 * np.sqrt(2.0 ** (1.0 / 1.2) - 1.0))

    assert half / light.luminosity_within_circle_from(3e9) == pytest.approx(0.5, rel=1e-9)


CORES = [
    {"sersic_index": n, "effective_radius": r_e, "radius_break": r_b, "gamma": g, "alpha": a}
    for n, r_e, r_b, g, a in [(0.5, 5.0, 1e-3, 0.9, 9.0), (8.0, 0.3, 1.0, 0.0, 1.0), (4.0, 0.6, 0.025, 0.5, 10.0)]
]


@pytest.mark.parametrize("shape", CORES)
@pytest.mark.parametrize("radius", [3e-3, 0.3, 40.0])
def test_light_of_a_core_sersic_is_the_integral_of_its_image(shape, radius):
    light = lp.SersicCoreSph(intensity=1.0, **shape)
    edges = np.linspace(np.log(radius) - 34.0, np.log(radius), 103)

    def ring(u: float) -> float:
        return 2.0 * np.pi * np.exp(2.0 * u) * light.image_2d_via_radii_from(np.array(np.exp(u)))

    expected = sum(quad(ring, *edge, epsabs=0.0, epsrel=1e-11)[0] for edge in zip(edges[:-1], edges[1:], strict=True))

    assert light.luminosity_within_ellipse_from(radius) == pytest.approx(expected, rel=1e-6)


def test_intensity_of_a_core_sersic_is_the_brightness_at_the_break():
    light = lp.SersicCoreSph(intensity=0.7, radius_break=0.3, gamma=0.6, alpha=1.7)

    assert light.image_2d_from(np.array([(0.3, 0.0)])) == pytest.approx(0.7, rel=1e-13)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: lp.SersicCore(radius_break=0.0), r"radius_break=0\.0, wanted a finite number above 0"),
        (
            lambda: lp.SersicCore(effective_radius=0.01, sersic_index=0.5, radius_break=1.0),
            r"radius_break=1 with effective_radius=0\.01.*radius_break=0\.001",
        ),
        (lambda: lp.SersicCore(gamma=2.0), r"gamma=2\.0, wanted a finite number of at least 0 and below 2"),
        (lambda: lp.ExponentialCore(alpha=-1.0), r"alpha=-1\.0, wanted a finite number of at least 0\.1"),
        (lambda: lp.Moffat(alpha=0.0), r"alpha=0\.0, wanted a finite number above 0"),
        (lambda: lp.ElsonFreeFall(eta=float("nan")), r"eta=nan, wanted a finite number above 0"),
        (lambda: lp.Chameleon(core_radius_0=0.3, core_radius_1=0.2), r"core_radius_0=0\.3 and core_radius_1=0\.2"),
    ],
)
def test_parameters_outside_their_domain_raise(build, message):
    with pytest.raises(exc.ProfileException, match=message):
        build()


@pytest.mark.parametrize("gamma", (0.5, 1.95, 1.999))
def test_light_of_a_steep_cusp_is_that_of_a_power_law(gamma):
    """Far inside the break: 2 pi I_b 2^(-gamma / alpha) R_b^gamma r^(2 - gamma) / (2 - gamma) times the exponential."""
    profile = lp.SersicCoreSph(effective_radius=100.0, radius_break=10.0, intensity=0.3, gamma=gamma, alpha=5.0)
    grown = np.exp(gammaincinv(8.0, 0.5) * 0.1**0.25 * (2.0**0.05 - 1.0)) * 2.0 ** (-gamma / 5.0)

    expected = 2.0 * np.pi * 0.3 * grown * 10.0**gamma * 1e-3 ** (2.0 - gamma) / (2.0 - gamma)
    assert profile.luminosity_within_circle_from(1e-3) == pytest.approx(expected, rel=1e-9)
