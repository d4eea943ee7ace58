"""The laws of thin lenses and of light, for every exported profile and drawn parameters.

A profile enters by being exported. Values of each against quadrature are in the files of their families.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import autoarray as aa
from autoarray import exc
from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles import mass_profiles as mp
from profile_rows import classes_of, free_parameters, keywords_of, profile_from, turned, values_from

MASS, LIGHT = classes_of(mp), classes_of(lp)
UNRESOLVED = {"PointSource"}
"""Light without extent: it has no surface brightness at a point."""
SCATTERED = {"SMBHBinary"}
"""Mass that is nowhere near the centre: a circle may pass through it."""
BROKEN = {"PowerLawBroken", "PowerLawBrokenSph", "KaplinghatCoredNFWSph", "KaplinghatCoredNFWMCRLudlowSph"}
"""Mass whose convergence, or a derivative of it, has a kink."""
ROUGH: dict[str, float] = {}
"""Profiles whose stated error is larger than TOLERANCE, with that error."""
TOLERANCE = 1e-6

DRAWS = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def by_name(classes: list[type]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("cls", classes, ids=lambda cls: cls.__name__)


def numbers_of(cls: type) -> list[str]:
    return sorted({name for name, _, _ in free_parameters(cls)})


def drawn(cls: type, data: st.DataObject) -> object:
    """A profile with parameters drawn from its own declarations; draws that its domains refuse are not used."""
    units = data.draw(st.lists(st.floats(0.0, 1.0, width=32), min_size=(n := len(free_parameters(cls))), max_size=n))
    try:
        return profile_from(cls, values_from(cls, units))
    except exc.ProfileException:
        assume(False)
        raise


def singular_points(profile: object) -> np.ndarray:
    """Where the lens may be singular."""
    points = [profile.centre]
    if hasattr(profile, "separation"):
        half, angle = 0.5 * profile.separation, np.radians(profile.angle_binary)
        offset = half * np.array([np.sin(angle), np.cos(angle)])
        points = [np.add(profile.centre, offset), np.subtract(profile.centre, offset)]
    return np.array(points)


def kink_of(profile: object) -> float | None:
    """The elliptical radius at which two formulas meet, if there is one."""
    same = profile.equivalent_from() if hasattr(profile, "equivalent_from") else profile
    if hasattr(same, "interaction_radius_from"):
        return float(same.interaction_radius_from())
    # the break radius is that of the minor axis
    return same.break_radius / float(same.axis_ratio()) if hasattr(same, "break_radius") else None


def scattered(profile: object, seed: int = 3, n: int = 24, nearest: float = 0.03) -> np.ndarray:
    """Points at distances of 0.03 to 50 arcsec from the centre in all directions, none near a kink."""
    random = np.random.default_rng(seed)
    radii, angles = np.geomspace(nearest, 50.0, n), random.uniform(0.0, 2.0 * np.pi, n)
    points = np.stack((radii * np.sin(angles), radii * np.cos(angles)), axis=-1) + profile.centre
    m = profile.elliptical_radii_grid_from(points)
    kink = kink_of(profile)
    return points if kink is None else points[abs(np.log(m / kink)) > 0.35]


def steps_from(profile: object, points: np.ndarray) -> np.ndarray:
    """A step for each point that is small against the distance to what is singular."""
    distances = np.min([np.hypot(*(points - p).T) for p in singular_points(profile)], axis=0)
    return 0.03 * float(profile.axis_ratio()) * distances


def differences(function: Callable, points: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Central differences of order eight along y and x, with a step of its own for each point."""
    weights, columns = (4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0, -1.0 / 280.0), []
    for direction in np.eye(2):
        total = 0.0
        for k, weight in enumerate(weights, start=1):
            offset = k * steps[:, None] * direction
            total = total + (weight * (function(points + offset) - function(points - offset)).T / steps).T
        columns.append(total)
    return columns[0], columns[1]


def size_of(profile: object, points: np.ndarray) -> np.ndarray:
    """What derivatives of the deflection are compared with: mean convergence, convergence and shear."""
    deflections = np.hypot(*profile.deflections_yx_2d_from(points).T)
    distances = np.hypot(*(points - profile.centre).T)
    own = abs(profile.convergence_2d_from(points)) + np.hypot(*profile.shear_yx_2d_from(points).T)
    return deflections / distances + own + 1e-300


def rotated(vectors: np.ndarray, degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.stack((cos * vectors[:, 0] + sin * vectors[:, 1], cos * vectors[:, 1] - sin * vectors[:, 0]), axis=-1)


@by_name(MASS)
@given(data=st.data())
@DRAWS
def test_convergence_shear_and_potential_belong_to_the_deflection(cls, data):
    lens = drawn(cls, data)
    points = scattered(lens)
    steps, size = steps_from(lens, points), size_of(lens, points)
    tolerance = 10.0 * ROUGH.get(cls.__name__, TOLERANCE)

    d_y, d_x = differences(lens.deflections_yx_2d_from, points, steps)
    psi_y, psi_x = differences(lens.potential_2d_from, points, steps)

    kappa, shear = lens.convergence_2d_from(points), lens.shear_yx_2d_from(points)
    assert (d_x[:, 0] - d_y[:, 1]) / size == pytest.approx(0.0, abs=tolerance), "curl"
    assert (0.5 * (d_x[:, 1] + d_y[:, 0]) - kappa) / size == pytest.approx(0.0, abs=tolerance), "divergence"
    assert (0.5 * (d_x[:, 1] - d_y[:, 0]) - shear[:, 1]) / size == pytest.approx(0.0, abs=tolerance), "gamma_1"
    assert (0.5 * (d_x[:, 0] + d_y[:, 1]) - shear[:, 0]) / size == pytest.approx(0.0, abs=tolerance), "gamma_2"
    alpha = lens.deflections_yx_2d_from(points)
    error = np.hypot(psi_y - alpha[:, 0], psi_x - alpha[:, 1]) / (size * np.hypot(*(points - lens.centre).T))
    assert error == pytest.approx(0.0, abs=tolerance), "gradient of the potential"


@by_name(MASS)
@given(data=st.data())
@DRAWS
def test_lens_turns_and_moves_as_a_whole(cls, data):
    lens, degrees, shift = drawn(cls, data), 40.0, np.array([0.3, -1.2])
    points = scattered(lens)
    offsets = points - lens.centre
    other = turned(lens, degrees)
    moves = "centre" in keywords_of(lens)

    if moves:
        other = type(other)(**{**keywords_of(other), "centre": tuple(lens.centre + shift)})
    places = rotated(offsets, degrees) + other.centre

    assert other.convergence_2d_from(places) == pytest.approx(lens.convergence_2d_from(points), rel=1e-9, abs=1e-13)
    alpha = rotated(lens.deflections_yx_2d_from(points), degrees)
    size = np.hypot(*alpha.T)[:, None] + 1e-300
    assert other.deflections_yx_2d_from(places) / size == pytest.approx(alpha / size, abs=1e-8)


@by_name([cls for cls in MASS if any(name == "ell_comps" for name, _, _ in free_parameters(cls))])
@given(data=st.data())
@DRAWS
def test_circular_limit_is_continuous(cls, data):
    keywords = keywords_of(drawn(cls, data))
    circular = cls(**{**keywords, "ell_comps": (0.0, 0.0)})
    near = cls(**{**keywords, "ell_comps": (3e-10, -4e-10)})
    points = scattered(circular)

    alpha = circular.deflections_yx_2d_from(points)
    size = np.hypot(*alpha.T)[:, None] + 1e-300
    assert (near.deflections_yx_2d_from(points) - alpha) / size == pytest.approx(0.0, abs=1e-8)
    difference = near.convergence_2d_from(points) - circular.convergence_2d_from(points)
    assert difference / size_of(circular, points) == pytest.approx(0.0, abs=1e-8)
    round_form = getattr(mp, f"{cls.__name__}Sph", None)
    if round_form is not None:
        same = round_form(
            **{k: v for k, v in keywords.items() if k in {name for name, _, _ in free_parameters(round_form)}}
        )
        difference = same.deflections_yx_2d_from(points) - alpha
        assert difference / size == pytest.approx(0.0, abs=ROUGH.get(cls.__name__, TOLERANCE)), "round form"


@by_name([cls for cls in MASS if cls.__name__ not in SCATTERED | BROKEN])
@given(data=st.data())
@DRAWS
def test_mass_between_two_circles_is_the_integral_of_the_convergence(cls, data):
    lens = drawn(cls, data)
    inner, outer = 0.2, 1.8

    mass = [lens.mass_angular_within_circle_from(radius) for radius in (inner, outer)]

    expected = annulus(lens.convergence_2d_from, lens.centre, inner, outer)
    assert mass[1] - mass[0] == pytest.approx(expected, rel=1e-6, abs=1e-15 + 2e-6 * (abs(mass[1]) + abs(mass[0])))


def annulus(function: Callable, centre: tuple[float, float], inner: float, outer: float) -> float:
    """The integral over the area between two circles: Gauss-Legendre in ln r, trapezoidal over the directions."""
    t, weights = np.polynomial.legendre.leggauss(48)
    angles = 2.0 * np.pi * (np.arange(512) + 0.5) / 512
    radii = inner * (outer / inner) ** (0.5 * (t + 1.0))
    y, x = centre[0] + np.outer(radii, np.sin(angles)), centre[1] + np.outer(radii, np.cos(angles))
    values = function(np.stack((y.ravel(), x.ravel()), axis=-1)).reshape(y.shape)
    return float(np.pi * np.log(outer / inner) * np.sum(weights * radii**2 * values.mean(axis=1)))


@by_name([cls for cls in LIGHT if cls.__name__ not in UNRESOLVED])
@given(data=st.data())
@DRAWS
def test_light_between_two_circles_is_the_integral_of_the_image(cls, data):
    light = drawn(cls, data)
    inner, outer = 0.2, 1.8

    luminosity = [light.luminosity_within_circle_from(radius) for radius in (0.0, inner, outer)]

    expected = annulus(light.image_2d_from, light.centre, inner, outer)
    assert luminosity[0] == pytest.approx(0.0, abs=1e-12)
    size = annulus(lambda points: abs(light.image_2d_from(points)), light.centre, inner, outer)
    assert luminosity[2] - luminosity[1] == pytest.approx(expected, abs=1e-6 * size + 1e-8 * abs(luminosity[2]))


@by_name(MASS + [cls for cls in LIGHT if cls.__name__ not in UNRESOLVED])
@given(data=st.data())
@DRAWS
def test_a_value_depends_on_its_own_point_alone_and_changes_nothing(cls, data):
    profile = drawn(cls, data)
    points = np.concatenate((scattered(profile), singular_points(profile), [(3e4, -7e4)]))
    kept, state, attributes = points.copy(), np.geterr(), dict(vars(profile))

    for name in (
        "deflections_yx_2d_from",
        "convergence_2d_from",
        "potential_2d_from",
        "shear_yx_2d_from",
        "image_2d_from",
    ):
        if hasattr(profile, name):
            together = getattr(profile, name)(points)
            alone = np.concatenate([getattr(profile, name)(points[[i]]) for i in (0, 7, -2, -1)])
            assert np.isfinite(together).all(), name
            assert together[[0, 7, -2, -1]] == pytest.approx(alone, rel=1e-13, abs=1e-300), name

    assert np.array_equal(points, kept) and np.geterr() == state
    assert vars(profile) == attributes


@by_name(MASS + LIGHT)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, "one"])
def test_value_that_is_no_number_is_refused_by_name(cls, bad):
    keywords = keywords_of(
        profile_from(cls, [p.median if hasattr(p, "median") else 0.1 for *_, p in free_parameters(cls)])
    )

    for name in numbers_of(cls):
        value = (0.0, bad) if isinstance(keywords[name], tuple) else bad
        with pytest.raises(exc.ProfileException, match=name):
            cls(**{**keywords, name: value})


@by_name(MASS + LIGHT)
def test_value_outside_its_domain_is_refused_by_name(cls):
    keywords = keywords_of(profile_from(cls, [p.median for *_, p in free_parameters(cls)]))

    for name, domain in cls.domains.items():
        outside = [v for v in (domain.lower - 1e-9, domain.upper) if np.isfinite(v)]
        outside += [] if domain.closed or not np.isfinite(domain.lower) else [domain.lower]
        for value in outside:
            with pytest.raises(exc.ProfileException, match=name):
                cls(**{**keywords, name: value})
    for name in numbers_of(cls):
        with pytest.raises(exc.ProfileException, match=name):
            cls(**{**keywords, name: (0.1, 0.2, 0.3)})


@by_name(MASS + LIGHT)
def test_parameters_that_scale_the_profile_have_a_domain(cls):
    scales = ("radius", "sigma", "mass", "slope", "index", "_ratio", "alpha", "beta", "concentration")
    missing = [n for n in numbers_of(cls) if n.endswith(scales) and n not in cls.domains and n != "mass_ratio"]

    assert missing == []


def test_unphysical_values_are_seen_where_they_cannot_be_refused():
    lens = mp.PowerLaw(slope=2.1)

    lens.slope = 3.2

    assert not lens.is_physical()
    assert isinstance(lens, aa.abstract_ndarray.InstancePytree)
