"""Centre, ellipticity and frames of a profile, and what is refused."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import numpy as np
import pytest

import autoarray as aa
from autogalaxy import convert
from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles import mass_profiles as mp
from autogalaxy.profiles.geometry import EllProfile


def test_axis_ratio_and_angle_of_the_elliptical_components():
    profile = EllProfile(ell_comps=(0.25 * np.sin(np.radians(60.0)), 0.25 * np.cos(np.radians(60.0))))

    assert profile.axis_ratio() == pytest.approx(0.6, rel=1e-12)
    assert profile.angle() == pytest.approx(30.0, rel=1e-7)


def test_major_axis_becomes_x_in_the_frame_of_the_profile():
    profile = EllProfile(centre=(1.0, 2.0), ell_comps=convert.ell_comps_from(axis_ratio=0.5, angle=30.0))
    along = np.array([(1.0 + np.sin(np.radians(30.0)), 2.0 + np.cos(np.radians(30.0)))])

    grid = profile.transformed_to_reference_frame_grid_from(aa.Grid2DIrregular(along))

    assert isinstance(grid, aa.Grid2DIrregular)
    assert grid.array == pytest.approx(np.array([(0.0, 1.0)]), abs=1e-7)
    back = profile.rotated_grid_from_reference_frame_from(grid.array)
    assert back == pytest.approx(along - np.array([(1.0, 2.0)]), abs=1e-12)


def test_twice_the_angle_turns_a_shear_back():
    profile = EllProfile()

    turned = profile.rotated_grid_from_reference_frame_from(np.array([(0.0, 0.1)]), angle=90.0)

    assert turned == pytest.approx(np.array([(0.1, 0.0)]), abs=1e-15)


def test_radii_of_a_point_on_the_minor_axis():
    profile = EllProfile(centre=(0.1, 0.0), ell_comps=convert.ell_comps_from(axis_ratio=0.5, angle=0.0))
    point = np.array([(1.1, 0.0)])

    assert profile.radial_grid_from(point) == pytest.approx(1.0)
    assert profile.elliptical_radii_grid_from(point) == pytest.approx(2.0)
    assert profile.eccentric_radii_grid_from(point) == pytest.approx(np.sqrt(2.0))


def test_integers_become_floats():
    light = lp.Sersic(centre=(0, 1), intensity=2, sersic_index=4)

    assert (light.centre, light.intensity, light.sersic_index) == ((0.0, 1.0), 2.0, 4.0)
    assert all(type(v) is float for v in (*light.centre, light.intensity, light.sersic_index))


def test_list_and_array_are_pairs():
    assert lp.Sersic(centre=[0.1, 0.2]).centre == (0.1, 0.2)
    assert lp.Sersic(centre=np.array([0.1, 0.2])).centre == (0.1, 0.2)


def test_copy_and_pickle_keep_the_parameters():
    light = lp.Sersic(intensity=2.0)

    assert copy.deepcopy(light).intensity == 2.0
    assert pickle.loads(pickle.dumps(light)).intensity == 2.0


@pytest.mark.parametrize(
    ("cls", "keywords", "message"),
    [
        (lp.Sersic, {"sersic_indx": 2.0}, "Did you mean sersic_index"),
        (lp.SersicSph, {"ell_comps": (0.1, 0.0)}, "wanted one of centre, intensity"),
        (lp.Exponential, {"sersic_index": 2.0}, "wanted one of"),
        (mp.ExternalShear, {"centre": (0.0, 0.0)}, "wanted one of gamma_1, gamma_2"),
        (lp.Sersic, {"centre": 1.0}, "a pair of numbers"),
        (lp.Sersic, {"centre": (1.0,)}, "a pair of numbers"),
        (lp.Sersic, {"centre": (1.0, 2.0, 3.0)}, "a pair of numbers"),
        (lp.Sersic, {"centre": (0.0, float("nan"))}, "centre=nan"),
        (mp.Isothermal, {"ell_comps": (0.8, 0.6)}, "inside the unit disc"),
        (mp.Isothermal, {"ell_comps": (-1.0, 0.0)}, "inside the unit disc"),
        (mp.Isothermal, {"einstein_radius": -1.0}, "einstein_radius=-1.0"),
        (mp.Isothermal, {"einstein_radius": float("nan")}, "einstein_radius=nan"),
        (mp.PowerLaw, {"slope": 3.5}, "slope=3.5.*above 1 and below 3"),
        (mp.PowerLaw, {"slope": 1.0}, "above 1 and below 3"),
        (mp.NFW, {"scale_radius": 0.0}, "above 0"),
        (mp.NFW, {"kappa_s": -0.1}, "at least 0"),
        (lp.Sersic, {"effective_radius": 0.0}, "above 0"),
        (lp.Sersic, {"sersic_index": -1.0}, "of at least 0.2"),
        (lp.Gaussian, {"sigma": -0.1}, "above 0"),
        (lp.Sersic, {"intensity": float("inf")}, "a finite number"),
        (lp.Sersic, {"intensity": "bright"}, "intensity='bright'"),
        (lp.Sersic, {"intensity": None}, "intensity=None, wanted a finite number"),
        (lp.Sersic, {"intensity": np.ones(2)}, "intensity="),
        (lp.Sersic, {"intensity": aa.UniformPrior(0.0, 1.0)}, r"Model\(Sersic"),
    ],
)
def test_parameter_outside_its_domain_raises(cls, keywords, message):
    with pytest.raises(aa.exc.ProfileException, match=message):
        cls(**keywords)


def test_too_many_values_or_one_twice_raise():
    with pytest.raises(aa.exc.ProfileException, match="at most 2"):
        mp.ExternalShear(0.1, 0.2, 0.3)
    with pytest.raises(aa.exc.ProfileException, match="twice"):
        mp.ExternalShear(0.1, gamma_1=0.2)


def test_physical_means_inside_the_domain():
    lens = mp.PowerLaw(ell_comps=(0.1, 0.2), slope=2.0)
    assert bool(lens.is_physical())

    lens.slope = 3.2
    assert not bool(lens.is_physical())
    lens.slope, lens.ell_comps = 2.0, (0.9, 0.9)
    assert not bool(lens.is_physical())


SIGNATURES = {
    lp.Sersic: "centre ell_comps intensity=0.1 effective_radius=0.6 sersic_index=4.0",
    lp.SersicSph: "centre intensity=0.1 effective_radius=0.6 sersic_index=4.0",
    lp.Exponential: "centre ell_comps intensity=0.1 effective_radius=0.6",
    lp.ExponentialSph: "centre intensity=0.1 effective_radius=0.6",
    lp.DevVaucouleurs: "centre ell_comps intensity=0.1 effective_radius=0.6",
    lp.DevVaucouleursSph: "centre intensity=0.1 effective_radius=0.6",
    lp.Gaussian: "centre ell_comps intensity=0.1 sigma=1.0",
    lp.GaussianSph: "centre intensity=0.1 sigma=1.0",
    mp.Isothermal: "centre ell_comps einstein_radius=1.0",
    mp.IsothermalSph: "centre einstein_radius=1.0",
    mp.PowerLaw: "centre ell_comps einstein_radius=1.0 slope=2.0",
    mp.PowerLawSph: "centre einstein_radius=1.0 slope=2.0",
    mp.NFW: "centre ell_comps kappa_s=0.05 scale_radius=1.0",
    mp.NFWSph: "centre kappa_s=0.05 scale_radius=1.0",
    mp.PointMass: "centre einstein_radius=1.0",
    mp.MassSheet: "centre kappa=0.0",
    mp.ExternalShear: "gamma_1=0.0 gamma_2=0.0",
}


@pytest.mark.parametrize("cls", SIGNATURES)
def test_parameters_and_defaults_are_the_ones_users_know(cls):
    words = [f.name if f.default == (0.0, 0.0) else f"{f.name}={f.default}" for f in dataclasses.fields(cls) if f.init]

    assert " ".join(words) == SIGNATURES[cls]
    assert [f.name for f in dataclasses.fields(cls) if f.metadata.get("linear")] == ["intensity"] * issubclass(
        cls, lp.LightProfile
    )
