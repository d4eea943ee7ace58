"""Every mass profile, one row of a table each, against quadrature, closed forms and the laws of thin lenses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.integrate import quad

import autoarray as aa
from autogalaxy import convert
from autogalaxy.profiles import mass_profiles as mp

CENTRE = (0.05, -0.03)


def nfw_shape(m: float) -> float:
    """(1 - F) / (m^2 - 1), Wright & Brainerd (2000)."""
    if m < 1.0:
        f = np.arccosh(1.0 / m) / np.sqrt(1.0 - m**2)
    elif m > 1.0:
        f = np.arccos(1.0 / m) / np.sqrt(m**2 - 1.0)
    else:
        return 1.0 / 3.0
    return (1.0 - f) / (m**2 - 1.0)


@dataclass(frozen=True)
class Row:
    """A profile and its convergence as a function of m, written down independently, where it has one."""

    cls: type
    parameters: dict[str, float]
    kappa: Callable[[float, float], float] | None = None
    elliptical: bool = True
    circle: Callable[[float], float] | None = None

    def at(self, centre: tuple = CENTRE, q: float = 0.6, angle: float = 25.0) -> mp.MassProfile:
        keywords = {} if self.cls is mp.ExternalShear else {"centre": centre}
        if self.elliptical:
            keywords["ell_comps"] = convert.ell_comps_from(axis_ratio=q, angle=angle)
        return self.cls(**keywords, **self.parameters)


def power_law(slope: float) -> Row:
    return Row(
        mp.PowerLaw,
        {"einstein_radius": 1.3, "slope": slope},
        kappa=lambda m, q: (3.0 - slope) / (1.0 + q) * (1.3 / m) ** (slope - 1.0),
        circle=lambda r: np.pi * 1.3 ** (slope - 1.0) * r ** (3.0 - slope),
    )


def nfw(kappa_s: float, scale_radius: float) -> Row:
    def mass(r: float) -> float:
        x = r / scale_radius
        f = np.arccosh(1.0 / x) / np.sqrt(1.0 - x**2) if x < 1.0 else np.arccos(1.0 / x) / np.sqrt(x**2 - 1.0)
        return 4.0 * np.pi * kappa_s * scale_radius**2 * (np.log(x / 2.0) + f)

    return Row(
        mp.NFW,
        {"kappa_s": kappa_s, "scale_radius": scale_radius},
        kappa=lambda m, q: 2.0 * kappa_s * nfw_shape(m / scale_radius),
        circle=mass,
    )


ISOTHERMAL = Row(
    mp.Isothermal,
    {"einstein_radius": 1.3},
    kappa=lambda m, q: 1.3 / (1.0 + q) / m,
    circle=lambda r: np.pi * 1.3 * r,
)
ELLIPTICAL = {
    "isothermal": ISOTHERMAL,
    "power_law_1.4": power_law(1.4),
    "power_law_2.0": power_law(2.0),
    "power_law_2.6": power_law(2.6),
    "nfw_compact": nfw(0.3, 0.8),
    "nfw_wide": nfw(0.1, 20.0),
}
ROUND = {
    "isothermal_sph": Row(
        mp.IsothermalSph, {"einstein_radius": 1.3}, kappa=ISOTHERMAL.kappa, elliptical=False, circle=ISOTHERMAL.circle
    ),
    "power_law_sph": Row(
        mp.PowerLawSph,
        {"einstein_radius": 1.3, "slope": 2.3},
        kappa=power_law(2.3).kappa,
        elliptical=False,
        circle=power_law(2.3).circle,
    ),
    "nfw_sph": Row(
        mp.NFWSph,
        {"kappa_s": 0.3, "scale_radius": 0.8},
        kappa=nfw(0.3, 0.8).kappa,
        elliptical=False,
        circle=nfw(0.3, 0.8).circle,
    ),
    "point_mass": Row(mp.PointMass, {"einstein_radius": 1.1}, elliptical=False, circle=lambda r: np.pi * 1.1**2),
    "mass_sheet": Row(
        mp.MassSheet,
        {"kappa": -0.2},
        kappa=lambda m, q: -0.2,
        elliptical=False,
        circle=lambda r: -0.2 * np.pi * r**2,
    ),
    "external_shear": Row(
        mp.ExternalShear, {"gamma_1": 0.06, "gamma_2": -0.03}, elliptical=False, circle=lambda r: 0.0
    ),
}
ROWS = ELLIPTICAL | ROUND


def rotated(points: np.ndarray, angle: float) -> np.ndarray:
    """(y, x) points or vectors turned counter-clockwise by ``angle`` [degrees]."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    y, x = points[:, 0], points[:, 1]
    return np.stack((cos * y + sin * x, cos * x - sin * y), axis=-1)


def scattered(seed: int = 1, n: int = 60, nearest: float = 0.15) -> np.ndarray:
    """Points within some Einstein radii of the lens, none so close to its singular centre that differences fail."""
    points = np.random.default_rng(seed).normal(scale=1.3, size=(4 * n, 2))
    return points[np.hypot(*(points - CENTRE).T) > nearest][:n]


def differences(function: Callable, points: np.ndarray, h: float = 2e-3) -> tuple[np.ndarray, np.ndarray]:
    """Central differences of order eight along y and x."""
    weights = (4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0, -1.0 / 280.0)
    return tuple(
        sum(
            w * (function(points + (k + 1) * h * e) - function(points - (k + 1) * h * e)) for k, w in enumerate(weights)
        )
        / h
        for e in np.eye(2)
    )


def schramm_deflection(kappa: Callable, q: float, x: float, y: float) -> tuple[float, float]:
    """(y, x) deflection in the profile's frame by the line integrals of Schramm (1990, A&A 231, 19)."""

    def integrand(v: float, n: int) -> float:
        u = v**8  # tames the singular centre
        stretch = 1.0 - (1.0 - q**2) * u
        m = np.sqrt(u * (x**2 + y**2 / stretch))
        return 8.0 * v**7 * kappa(m, q) / stretch ** (n + 0.5)

    j = [quad(integrand, 0.0, 1.0, args=(n,), epsabs=0.0, epsrel=1e-11, limit=400)[0] for n in (0, 1)]
    return q * y * j[1], q * x * j[0]


@pytest.mark.parametrize("q", [0.2, 0.6, 0.95])
@pytest.mark.parametrize("name", ELLIPTICAL)
def test_deflections_are_the_quadrature_of_the_convergence(name, q):
    points = np.array([(0.4, 0.9), (-1.1, 0.2), (0.02, -0.5), (-3.0, -8.0), (0.007, 0.004)])
    lens = ELLIPTICAL[name].at(centre=(0.0, 0.0), q=q, angle=0.0)

    expected = [schramm_deflection(ELLIPTICAL[name].kappa, q, x, y) for y, x in points]

    assert lens.deflections_yx_2d_from(points) == pytest.approx(np.array(expected), rel=1e-8)


@pytest.mark.parametrize("radius", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("q", [0.2, 0.5, 0.999999])
def test_nfw_deflection_is_exact_from_a_hundredth_to_a_hundred_scale_radii(q, radius):
    row = nfw(0.2, 1.0)
    points = radius * np.array([(np.sin(a), np.cos(a)) for a in (0.1, 0.8, 1.5)])

    deflections = row.at(centre=(0.0, 0.0), q=q, angle=0.0).deflections_yx_2d_from(points)

    expected = np.array([schramm_deflection(row.kappa, q, x, y) for y, x in points])
    assert deflections == pytest.approx(expected, rel=1e-10)


def test_nfw_is_regular_at_the_foci_of_its_unit_ellipse():
    lens = mp.NFW(ell_comps=(0.0, 0.5), kappa_s=0.3, scale_radius=1.0)
    focus = np.sqrt(1.0 - lens.axis_ratio() ** 2)
    points = np.array([(0.0, focus), (0.0, focus + 1e-9), (1e-10, focus)])

    expected = schramm_deflection(lambda m, q: 0.6 * nfw_shape(m), lens.axis_ratio(), focus, 0.0)

    assert lens.deflections_yx_2d_from(points)[:, 1] == pytest.approx(expected[1], rel=1e-8)
    slope = differences(lens.deflections_yx_2d_from, points, h=1e-3)[1][:, 1]
    shear = lens.shear_yx_2d_from(points)[:, 1]
    assert lens.convergence_2d_from(points) + shear == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.kappa is not None])
def test_convergence_is_that_of_the_elliptical_radius(name):
    row, points = ROWS[name], scattered()
    q, angle = (0.6, 25.0) if row.elliptical else (1.0, 0.0)

    convergence = row.at().convergence_2d_from(points)

    y, x = rotated(points - CENTRE, -angle).T
    m = np.sqrt(x**2 + y**2 / q**2)
    assert convergence == pytest.approx(np.array([row.kappa(value, q) for value in m]), rel=1e-10)


@pytest.mark.parametrize("name", ROWS)
def test_half_the_divergence_of_the_deflection_is_the_convergence_and_its_curl_is_zero(name):
    lens, points = ROWS[name].at(), scattered()

    d_y, d_x = differences(lens.deflections_yx_2d_from, points)

    assert 0.5 * (d_y[:, 0] + d_x[:, 1]) == pytest.approx(lens.convergence_2d_from(points), abs=1e-9)
    assert d_y[:, 1] == pytest.approx(d_x[:, 0], abs=1e-9)


@pytest.mark.parametrize("name", ROWS)
def test_shear_is_that_of_the_differentiated_deflection(name):
    lens, points = ROWS[name].at(), scattered()

    d_y, d_x = differences(lens.deflections_yx_2d_from, points)

    shear = lens.shear_yx_2d_from(points)
    assert shear[:, 0] == pytest.approx(d_x[:, 0], abs=1e-9)
    assert shear[:, 1] == pytest.approx(0.5 * (d_x[:, 1] - d_y[:, 0]), abs=1e-9)


@pytest.mark.parametrize("name", ROWS)
def test_gradient_of_the_potential_is_the_deflection(name):
    lens, points = ROWS[name].at(), scattered()

    gradient = np.stack(differences(lens.potential_2d_from, points), axis=-1)

    assert gradient == pytest.approx(lens.deflections_yx_2d_from(points), abs=1e-9)


@pytest.mark.parametrize("name", ELLIPTICAL)
def test_lens_turns_with_its_ellipticity(name):
    row, offsets = ELLIPTICAL[name], scattered() - CENTRE
    turned = rotated(offsets, 40.0)

    first = row.at(centre=(0.0, 0.0), angle=25.0).deflections_yx_2d_from(offsets)
    second = row.at(centre=(0.0, 0.0), angle=65.0).deflections_yx_2d_from(turned)

    assert second == pytest.approx(rotated(first, 40.0), rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("name", [name for name in ROWS if name != "external_shear"])
def test_lens_moves_with_its_centre(name):
    points, shift = scattered(), np.array([0.3, -1.2])

    first = ROWS[name].at(centre=CENTRE).deflections_yx_2d_from(points)
    second = ROWS[name].at(centre=tuple(CENTRE + shift)).deflections_yx_2d_from(points + shift)

    assert second == pytest.approx(first, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("name", ["isothermal", "power_law_2.6", "nfw_compact"])
def test_circular_limit_is_the_mass_inside_the_circle(name):
    row, points = ELLIPTICAL[name], scattered()
    radii = np.hypot(*(points - CENTRE).T)

    deflections = row.at(q=1.0).deflections_yx_2d_from(points)

    expected = np.array([row.circle(r) / (np.pi * r**2) for r in radii])[:, None] * (points - CENTRE)
    assert deflections == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", ["isothermal", "power_law_1.4", "power_law_2.6", "nfw_compact"])
def test_deflection_is_smooth_through_the_circular_limit(name):
    row, points = ELLIPTICAL[name], scattered()
    circular = row.at(q=1.0).deflections_yx_2d_from(points)

    mean = sum(row.at(q=1.0 - 1e-5, angle=a).deflections_yx_2d_from(points) for a in (0.0, 90.0)) / 2.0

    # the normalization may change in proportion to 1 - q, nothing else does at first order
    ratio = mean / circular
    assert ratio == pytest.approx(ratio[0, 0], abs=3e-5)
    assert ratio == pytest.approx(1.0, abs=2e-5)


@pytest.mark.parametrize("name", ROUND)
def test_mass_inside_a_circle_of_a_round_lens(name):
    for radius in (0.3, 1.7):
        mass = ROUND[name].at().mass_angular_within_circle_from(radius)
        assert mass == pytest.approx(ROUND[name].circle(radius), rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("name", ELLIPTICAL)
def test_mass_between_two_circles_is_the_area_integral_of_the_convergence(name):
    lens = ELLIPTICAL[name].at(q=0.3)
    t, weights = np.polynomial.legendre.leggauss(40)
    angles = 2.0 * np.pi * (np.arange(400) + 0.5) / 400
    radii = 0.1 * 9.0 ** (0.5 * (t + 1.0))
    y, x = CENTRE[0] + np.outer(radii, np.sin(angles)), CENTRE[1] + np.outer(radii, np.cos(angles))

    kappa = lens.convergence_2d_from(np.stack((y.ravel(), x.ravel()), axis=-1)).reshape(y.shape)

    expected = np.pi * np.log(9.0) * np.sum(weights * radii**2 * kappa.mean(axis=1))
    mass = lens.mass_angular_within_circle_from(0.9) - lens.mass_angular_within_circle_from(0.1)
    assert mass == pytest.approx(expected, rel=1e-9)


def test_mean_convergence_is_one_inside_the_einstein_radius_of_a_circular_lens():
    assert mp.IsothermalSph(einstein_radius=1.3).average_convergence_of_1_radius == pytest.approx(1.3, rel=1e-10)
    assert mp.PowerLawSph(einstein_radius=0.7, slope=2.4).average_convergence_of_1_radius == pytest.approx(0.7)
    assert mp.PointMass(einstein_radius=2.1).average_convergence_of_1_radius == pytest.approx(2.1)
    with pytest.raises(aa.exc.ProfileException, match="no circle"):
        _ = mp.ExternalShear(gamma_1=0.1).average_convergence_of_1_radius


def test_deflection_of_a_circular_isothermal_lens_is_the_einstein_radius():
    lens = mp.IsothermalSph(einstein_radius=1.3)
    grid = aa.Grid2DIrregular([(0.0, 0.7), (2.0, 0.0)])

    deflections = lens.deflections_yx_2d_from(grid=grid)

    assert isinstance(deflections, aa.VectorYX2DIrregular)
    assert deflections.array == pytest.approx(np.array([(0.0, 1.3), (1.3, 0.0)]), rel=1e-12)


def test_shear_stretches_along_its_positive_direction():
    deflections = mp.ExternalShear(gamma_1=0.1, gamma_2=0.02).deflections_yx_2d_from(np.array([(0.0, 1.0), (1.0, 0.0)]))

    assert deflections == pytest.approx(np.array([(0.02, 0.1), (-0.1, 0.02)]))


@pytest.mark.parametrize("name", ROWS)
def test_everything_is_finite_and_the_deflection_zero_at_the_centre(name):
    lens, centre = ROWS[name].at(), np.array([CENTRE])
    methods = (lens.convergence_2d_from, lens.potential_2d_from, lens.shear_yx_2d_from)

    assert all(np.isfinite(method(centre)).all() for method in methods)
    if name != "external_shear":
        assert lens.deflections_yx_2d_from(centre) == pytest.approx(np.zeros((1, 2)))


@pytest.mark.parametrize("name", ROWS)
def test_type_of_the_output_follows_the_grid(name):
    lens, mask = ROWS[name].at(), aa.Mask2D.circular(shape_native=(7, 7), radius=0.8, pixel_scales=0.3)
    uniform, irregular = aa.Grid2D.from_mask(mask, over_sample_size=1), aa.Grid2DIrregular(scattered(n=5))

    for method, types in (
        (lens.deflections_yx_2d_from, (aa.VectorYX2D, aa.VectorYX2DIrregular)),
        (lens.shear_yx_2d_from, (aa.VectorYX2D, aa.VectorYX2DIrregular)),
        (lens.convergence_2d_from, (aa.Array2D, aa.ArrayIrregular)),
        (lens.potential_2d_from, (aa.Array2D, aa.ArrayIrregular)),
    ):
        assert (type(method(uniform)), type(method(irregular))) == types
        assert type(method(irregular.array)) is np.ndarray
        assert method(irregular.array) == pytest.approx(method(irregular).array, rel=1e-14)
        assert method(uniform).array == pytest.approx(method(uniform.array), rel=1e-14)


@pytest.mark.parametrize("name", ROWS)
def test_unknown_keyword_to_a_method_raises(name):
    lens = ROWS[name].at()

    for method in ("deflections_yx_2d_from", "convergence_2d_from", "potential_2d_from", "shear_yx_2d_from"):
        with pytest.raises(aa.exc.ProfileException, match="radii"):
            getattr(lens, method)(scattered(), radii=3)


def test_grid_in_the_frame_of_the_profile_gives_values_in_that_frame():
    lens, points = ISOTHERMAL.at(), scattered()
    grid = aa.Grid2DIrregular(points)
    framed = lens.transformed_to_reference_frame_grid_from(grid)
    framed.is_transformed = True

    assert lens.convergence_2d_from(framed).array == pytest.approx(lens.convergence_2d_from(points), rel=1e-7)
    back = lens.rotated_grid_from_reference_frame_from(lens.deflections_yx_2d_from(framed).array)
    assert back == pytest.approx(lens.deflections_yx_2d_from(points), rel=1e-10)
