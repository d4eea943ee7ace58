"""Mass that follows Sersic light, against quadrature of the published formulas with scipy's constants."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import gamma, gammainc, gammaincinv

import autoarray as aa
from autoarray import exc
from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles import mass_profiles as mp
from autogalaxy.profiles.mass.cored_steep import cored_steep_convergence_from
from elliptical_quadrature import quadrature_deflections_from

RADIUS = 0.8
RADII, ANGLES = np.meshgrid(RADIUS * np.geomspace(0.01, 100.0, 17), np.linspace(0.05, 6.1, 9))
Y, X = (RADII * np.sin(ANGLES)).ravel(), (RADII * np.cos(ANGLES)).ravel()


def sersic(n: float, q: float) -> Callable[[np.ndarray], np.ndarray]:
    b = gammaincinv(2.0 * n, 0.5)
    return lambda m: 0.7 * 1.3 * np.exp(-b * ((np.sqrt(q) * m / RADIUS) ** (1.0 / n) - 1.0))


def core_sersic(n: float, q: float, r_b: float, slope: float, alpha: float) -> Callable[[np.ndarray], np.ndarray]:
    """Trujillo et al. (2004), eq. 5 and 6."""
    b = gammaincinv(2.0 * n, 0.5)
    scale = 0.7 * 1.3 * 2.0 ** (-slope / alpha) * np.exp(b * (2.0 ** (1.0 / alpha) * r_b / RADIUS) ** (1.0 / n))

    def kappa(m: np.ndarray) -> np.ndarray:
        r = np.sqrt(q) * m
        fall = np.exp(-b * ((r**alpha + r_b**alpha) / RADIUS**alpha) ** (1.0 / (alpha * n)))
        return scale * (1.0 + (r_b / r) ** alpha) ** (slope / alpha) * fall

    return kappa


def profile_from(cls: type, q: float, **parameters: float) -> mp.MassProfile:
    common = {"intensity": 0.7, "mass_to_light_ratio": 1.3, "effective_radius": RADIUS}
    return cls(ell_comps=(0.0, (1.0 - q) / (1.0 + q)), **common, **parameters)


def worst_error(profile: mp.MassProfile, q: float, kappa: Callable[[np.ndarray], np.ndarray]) -> float:
    """Of the deflection, over its length, from 0.01 to 100 effective radii."""
    expected = quadrature_deflections_from(Y, X, q, kappa)
    got = profile.deflections_yx_2d_from(aa.Grid2DIrregular(np.stack((Y, X), axis=-1))).array
    return np.max(np.linalg.norm(got - expected, axis=-1) / np.linalg.norm(expected, axis=-1))


@pytest.mark.parametrize("n", (0.5, 0.569, 0.6, 0.7, 0.9, 1.0, 1.3, 1.9, 2.5, 4.0, 5.5, 8.0, 9.9))
def test_sersic_deflections_agree_with_quadrature(n):
    for q in (0.2, 0.7, 1.0):
        assert worst_error(profile_from(mp.Sersic, q, sersic_index=n), q, sersic(n, q)) < 1e-6


@pytest.mark.parametrize(("cls", "n"), ((mp.Exponential, 1.0), (mp.DevVaucouleurs, 4.0)))
def test_profiles_of_a_fixed_index_agree_with_quadrature(cls, n):
    assert worst_error(profile_from(cls, 0.5), 0.5, sersic(n, 0.5)) < 2e-7


GRADIENTS = (
    (0.5, 0.2, -1.0, 1e-6), (0.5, 1.0, 1.0, 1e-8), (0.6, 0.6, -0.8, 1e-7), (1.0, 0.6, 0.3, 1e-8), (1.0, 0.2, 0.0, 1e-8),
    (4.0, 0.2, -0.5, 1e-8), (4.0, 0.6, 0.8, 1e-8), (8.0, 0.2, 1.0, 1e-6), (8.0, 1.0, -1.0, 1e-8),
    (9.99, 0.2, 1.0, 1e-6), (9.99, 0.2, 0.1, 3e-7),
)  # fmt: skip


@pytest.mark.parametrize(("n", "q", "gradient", "tolerance"), GRADIENTS)
def test_deflections_with_a_gradient_agree_with_quadrature(n, q, gradient, tolerance):
    profile = profile_from(mp.SersicGradient, q, sersic_index=n, mass_to_light_gradient=gradient)
    light = sersic(n, q)

    def kappa(m: np.ndarray) -> np.ndarray:
        return light(m) * (q * np.sqrt(q) * m / RADIUS) ** -gradient

    assert worst_error(profile, q, kappa) < tolerance


def test_the_mass_to_light_gradient_of_the_existing_system():
    """Convergence printed by autogalaxy 2026.10, which is accurate to the 1e-6 of its b_n."""
    profile = mp.SersicGradient(
        ell_comps=(0.2, -0.1), intensity=0.7, effective_radius=0.8, sersic_index=2.3,
        mass_to_light_ratio=1.7, mass_to_light_gradient=0.3,
    )  # fmt: skip
    grid = aa.Grid2DIrregular([(0.3, 0.4), (-0.7, 1.1)])

    assert profile.convergence_2d_from(grid).array == pytest.approx([4.4091312472748, 0.23133947143653], rel=3e-6)


CORES = (
    (0.02, 0.25, 3.0), (0.3, 0.9, 2.0), (0.4, 0.0, 3.0), (0.04, 0.0, 5.0), (0.8, 0.0, 5.0), (0.8, 1.0, 0.3),
    (1e-4, 1.0, 5.0), (1e-3, 0.1, 5.0),
)  # fmt: skip
"""Break radius, slope and sharpness."""


@pytest.mark.parametrize("n", (0.5, 1.0, 4.0, 9.99))
@pytest.mark.parametrize("shape", CORES)
def test_core_sersic_deflections_agree_with_quadrature(n, shape):
    names = dict(zip(("radius_break", "gamma", "alpha"), shape, strict=True))
    for q in (0.2, 0.6):
        profile = profile_from(mp.SersicCore, q, sersic_index=n, **names)
        assert worst_error(profile, q, core_sersic(n, q, *shape)) < 3e-7


@pytest.mark.parametrize("shape", ((0.3, 0.0, 4.9), (0.02, 0.0, 2.0)))
def test_the_slope_of_the_deflection_at_the_centre_of_a_flat_core_is_its_convergence(shape):
    """In a round lens the mean convergence inside, which is flat to (r / R_b)^alpha."""
    names = dict(zip(("radius_break", "gamma", "alpha"), shape, strict=True))
    r = RADIUS * np.array([1e-12, 1e-9, 1e-7, 1e-6, 1e-5])
    profile = profile_from(mp.SersicCore, 1.0, sersic_index=2.0, **names)

    slopes = profile.deflections_yx_2d_from(aa.Grid2DIrregular(np.stack((0.0 * r, r), axis=-1))).array[:, 1] / r

    assert slopes == pytest.approx(core_sersic(2.0, 1.0, *shape)(r), rel=1e-3)


@pytest.mark.parametrize("n", (0.5, 1.0, 4.0, 8.0))
def test_mass_within_a_circle_is_the_light_of_graham_and_driver(n):
    """2 pi n R_e^2 I_e e^b b^(-2n) gamma(2n, b x), eq. 2."""
    profile = mp.SersicSph(intensity=0.7, mass_to_light_ratio=1.3, effective_radius=RADIUS, sersic_index=n)
    b = gammaincinv(2.0 * n, 0.5)
    light = 2.0 * np.pi * n * RADIUS**2 * 0.7 * np.exp(b) * b ** (-2.0 * n) * gamma(2.0 * n)

    for r in (0.05, 0.5, 5.0):
        expected = 1.3 * light * gammainc(2.0 * n, b * (r / RADIUS) ** (1.0 / n))
        assert profile.mass_angular_within_circle_from(r) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("cls", "light"), ((mp.Sersic, lp.Sersic), (mp.SersicCore, lp.SersicCore)))
def test_convergence_is_the_light_times_the_ratio(cls, light):
    parameters = {"ell_comps": (0.2, -0.1), "intensity": 0.7, "effective_radius": RADIUS, "sersic_index": 2.3}
    parameters |= {"radius_break": 0.04} if cls is mp.SersicCore else {}
    grid = aa.Grid2DIrregular(np.stack((Y, X), axis=-1))

    convergence = cls(mass_to_light_ratio=1.7, **parameters).convergence_2d_from(grid).array

    assert convergence == pytest.approx(1.7 * light(**parameters).image_2d_from(grid).array, rel=1e-10)


@pytest.mark.parametrize(("n", "tolerance"), ((0.55, 1e-5), (1.0, 3e-6), (2.3, 1e-7), (7.0, 1e-6)))
def test_the_expansion_adds_up_to_the_convergence(n, tolerance):
    """Its error is that of half of the divergence of the deflection, over the mean convergence inside."""
    profile = profile_from(mp.Sersic, 0.6, sersic_index=n)
    unit, terms = profile._expansion_from()

    expanded = 0.7 * 1.3 * cored_steep_convergence_from(Y / unit, X / unit, profile.ell_comps, *terms)

    kappa = sersic(n, 0.6)(np.sqrt(X**2 + Y**2 / 0.6**2))
    mean = np.linalg.norm(quadrature_deflections_from(Y, X, 0.6, sersic(n, 0.6)), axis=-1) / np.hypot(Y, X)
    assert np.max(np.abs(expanded - kappa) / mean) < tolerance


@pytest.mark.parametrize("value", (0.49, 10.0))
def test_an_index_beyond_the_expansion_is_refused(value):
    with pytest.raises(exc.ProfileException, match="at least 0.5 and below 10"):
        mp.Sersic(sersic_index=value)


REFUSED = (
    ({"effective_radius": 0.01, "radius_break": 1.0, "sersic_index": 0.5}, "radius_break=1 .*radius_break=0.01"),
    ({"effective_radius": 0.6, "radius_break": 0.601}, "radius_break=0.601 .*radius_break=0.6"),
    ({"alpha": 5.1}, "alpha=5.1, wanted"),
    ({"gamma": 1.1}, "gamma=1.1, wanted"),
)


@pytest.mark.parametrize(("parameters", "message"), REFUSED)
def test_a_core_that_the_expansion_does_not_follow_is_refused(parameters, message):
    profile = mp.SersicCore()
    for name, value in parameters.items():
        setattr(profile, name, value)

    assert not profile.is_physical()
    with pytest.raises(exc.ProfileException, match=message):
        mp.SersicCore(**parameters)


@pytest.mark.parametrize("n", (0.6, 0.75, 1.0, 2.0, 4.0, 8.0))
def test_differences_by_the_index_are_the_slope(n):
    """Of the deflection, for a step that would show a jump of 1e-8; the slope is that of the quadrature."""
    h, q = 1e-4, 0.7
    grid = aa.Grid2DIrregular(np.stack((Y, X), axis=-1))
    expected = [quadrature_deflections_from(Y, X, q, sersic(n + step, q)) for step in (-h, h)]
    got = [profile_from(mp.Sersic, q, sersic_index=n + step).deflections_yx_2d_from(grid).array for step in (-h, h)]

    slopes, differences = (0.5 / h * (pair[1] - pair[0]) for pair in (expected, got))
    scale = np.linalg.norm(expected[0], axis=-1)
    assert np.max(np.linalg.norm(differences - slopes, axis=-1) / scale) < 1e-4 * np.max(
        np.linalg.norm(slopes, axis=-1) / scale
    )
