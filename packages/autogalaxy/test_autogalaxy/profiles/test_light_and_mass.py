"""Stars that shine and lens: the convergence is the light times the mass-to-light ratio."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest
from scipy.special import gammaincinv

import autogalaxy as ag
from autoarray import exc

POINTS = np.random.default_rng(3).normal(size=(30, 2))
NAMES = [name for name in ag.lmp.__all__ if name != "LightMassProfile"]
LINEAR = [name for name in ag.lmp_linear.__all__ if name != "LightMassProfile"]


def shape_of(cls: type) -> dict:
    """An off-centre ellipse where the class has one."""
    shape = {"centre": (0.1, -0.2), "ell_comps": (0.1, 0.2)}
    return {name: value for name, value in shape.items() if name in inspect.signature(cls).parameters}


@pytest.mark.parametrize("name", NAMES)
def test_convergence_is_light_times_the_mass_to_light_ratio(name):
    cls = getattr(ag.lmp, name)
    ratio = {"mass_to_light_ratio_base" if name == "GaussianGradient" else "mass_to_light_ratio": 2.5}

    stars = cls(**shape_of(cls), **ratio)

    assert stars.convergence_2d_from(POINTS) == pytest.approx(2.5 * stars.image_2d_from(POINTS), rel=1e-12)


@pytest.mark.parametrize("name", [n for n in NAMES if hasattr(ag.mp, n)])
def test_lens_is_that_of_the_mass_profile(name):
    cls = getattr(ag.lmp, name)

    stars, mass = cls(**shape_of(cls)), getattr(ag.mp, name)(**shape_of(cls))

    for method in ("deflections_yx_2d_from", "potential_2d_from", "shear_yx_2d_from"):
        assert getattr(stars, method)(POINTS) == pytest.approx(getattr(mass, method)(POINTS), rel=1e-14)
    assert isinstance(stars, ag.lmp.LightMassProfile)


def test_light_is_that_of_autolens():
    """Image of autogalaxy 2026.10 for the same profile, whose constant b_n is a short series."""
    image = ag.lmp.Sersic(sersic_index=2.0).image_2d_from(np.array([(0.3, 0.4), (1.0, 0.2)]))

    assert image == pytest.approx([0.13770502, 0.03278294], rel=3e-6)


def test_a_gradient_makes_light_and_mass_differ_by_a_power_of_the_radius():
    stars = ag.lmp.ExponentialGradientSph(effective_radius=0.5, mass_to_light_ratio=2.0, mass_to_light_gradient=0.4)
    radii = np.hypot(*POINTS.T)

    ratio = stars.convergence_2d_from(POINTS) / stars.image_2d_from(POINTS)

    assert ratio == pytest.approx(2.0 * (radii / 0.5) ** -0.4, rel=1e-12)


def test_galaxy_shines_and_lenses_with_one_profile():
    stars = ag.lmp.Exponential(centre=(0.1, 0.0), intensity=2.0, effective_radius=0.5, mass_to_light_ratio=1.5)
    galaxy = ag.Galaxy(redshift=0.5, stars=stars)
    point = np.array([(0.1, 20.0)])

    b = gammaincinv(2.0, 0.5)
    light = 2.0 * np.pi * 0.5**2 * 2.0 * np.exp(b) / b**2
    assert galaxy.image_2d_from(np.array([(0.1, 0.5)])) == pytest.approx(2.0, rel=1e-13)
    assert galaxy.luminosity_within_circle_from(20.0) == pytest.approx(light, rel=1e-9)
    far_out = 1.5 * light / np.pi / 20.0  # there the deflection is that of all mass in a point
    assert galaxy.deflections_yx_2d_from(point)[0] == pytest.approx([0.0, far_out], rel=1e-6, abs=1e-12)
    assert galaxy.light_profiles == galaxy.mass_profiles == [stars]


@pytest.mark.parametrize("name", NAMES)
def test_intensity_that_lenses_is_not_a_linear_parameter(name):
    model = ag.Model(getattr(ag.lmp, name))

    read = ag.Model.from_dict(json.loads(json.dumps(model.to_dict())))

    assert read.cls is model.cls
    assert model.linear_indexes == ()
    assert "intensity" in dict(model.items())


@pytest.mark.parametrize("name", LINEAR)
def test_linear_form_has_no_intensity_and_the_mass_of_intensity_one(name):
    cls, base = getattr(ag.lmp_linear, name), getattr(ag.lmp, name)

    stars, expected = cls(**shape_of(cls)), base(**shape_of(base), intensity=1.0)

    assert [*inspect.signature(cls).parameters] == [p for p in inspect.signature(base).parameters if p != "intensity"]
    for method in ("image_2d_from", "deflections_yx_2d_from", "convergence_2d_from"):
        assert getattr(stars, method)(POINTS) == pytest.approx(getattr(expected, method)(POINTS), rel=1e-14)
    assert stars.is_linear and isinstance(stars, ag.lp_linear.LightProfileLinear)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: ag.lmp.Chameleon(core_radius_0=0.0), "core_radius_0=0.0, wanted a finite number above 0"),
        (lambda: ag.lmp.Chameleon(core_radius_0=0.3, core_radius_1=0.2), "core_radius_1"),
        (lambda: ag.lmp.Sersic(sersic_index=0.3), "sersic_index=0.3, wanted a finite number of at least 0.5"),
        (lambda: ag.lmp.Exponential(mass_to_light_ratio=-1.0), "wanted a finite number of at least 0"),
    ],
)
def test_each_parameter_has_the_values_that_light_and_mass_allow(build, message):
    with pytest.raises(exc.ProfileException, match=message):
        build()
