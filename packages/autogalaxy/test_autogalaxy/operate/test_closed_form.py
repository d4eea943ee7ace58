"""Hessians in closed form against differences of the deflections, and the objects that have none."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

import autoarray as aa
import autogalaxy as ag
from profile_rows import classes_of, free_parameters, profile_from

POINTS = np.random.default_rng(3).uniform(-2.0, 2.0, (60, 2))


def differences_of(calc):
    """The Hessian by extrapolated differences."""
    return np.array(replace(calc, closed_form=None).hessian_from(POINTS))


def galaxy():
    mass = ag.mp.PowerLaw(centre=(0.1, -0.03), ell_comps=(0.15, -0.2), einstein_radius=1.2, slope=2.2)
    return ag.Galaxy(redshift=0.5, mass=mass, shear=ag.mp.ExternalShear(gamma_1=0.05, gamma_2=-0.03))


@pytest.mark.parametrize("lens", [galaxy().mass, galaxy(), ag.Galaxies([galaxy(), galaxy()])])
def test_closed_form_is_the_derivative_of_the_deflections(lens):
    calc = ag.LensCalc.from_mass_obj(lens)

    assert calc.closed_form is not None
    assert np.array(calc.hessian_from(POINTS)) == pytest.approx(differences_of(calc), abs=1e-10)


@pytest.mark.parametrize("cls", classes_of(ag.mp), ids=lambda cls: cls.__name__)
def test_every_profile_has_a_closed_form(cls):
    lens = profile_from(cls, [prior.median for _, _, prior in free_parameters(cls)])

    assert ag.LensCalc.from_mass_obj(lens).closed_form is not None


@pytest.mark.parametrize("radius", [1e-7, 1e-3, 1.0, 1e3])
def test_closed_form_of_the_isothermal_sphere_holds_at_any_distance(radius):
    points = radius * np.array([(0.6, 0.8), (-0.8, 0.6)])

    yy, xy, yx, xx = ag.LensCalc.from_mass_obj(ag.mp.IsothermalSph(einstein_radius=1.3)).hessian_from(points)

    # alpha = theta_E theta / |theta|
    y, x = points.T
    assert xx == pytest.approx(1.3 * y**2 / radius**3, rel=1e-10)
    assert yy == pytest.approx(1.3 * x**2 / radius**3, rel=1e-10)
    assert xy == pytest.approx(-1.3 * x * y / radius**3, rel=1e-10)
    assert yx == pytest.approx(-1.3 * x * y / radius**3, rel=1e-10)


@dataclass(eq=False)
class Weaker(ag.mp.Isothermal):
    """Other deflections than the base, whose convergence and shear it keeps."""

    def deflections_at(self, y, x, ell_comps, xp=np):
        return tuple(0.5 * alpha for alpha in super().deflections_at(y, x, ell_comps, xp=xp))


@dataclass(eq=False)
class WithoutShear(ag.mp.Isothermal):
    """A profile with an unfinished shear."""

    def shear_at(self, y, x, ell_comps, xp=np):
        raise NotImplementedError


class DeflectionsAlone:
    def deflections_yx_2d_from(self, grid, xp=np):
        return 1.3 * grid.array / np.linalg.norm(grid.array, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("lens", "factor"),
    [
        (Weaker(einstein_radius=1.3), 0.5),
        (WithoutShear(einstein_radius=1.3), 1.0),
        (DeflectionsAlone(), 1.0),
        (ag.Galaxy(redshift=0.5, mass=Weaker(einstein_radius=1.3)), 0.5),
    ],
)
def test_differences_are_made_where_convergence_and_shear_are_not_those_of_the_deflections(lens, factor):
    convergence = ag.LensCalc.from_mass_obj(lens).convergence_2d_via_hessian_from(aa.Grid2DIrregular(POINTS))

    assert convergence.array == pytest.approx(factor * 0.65 / np.linalg.norm(POINTS, axis=1), rel=1e-7)


def test_shear_of_galaxies_is_the_sum_over_their_profiles():
    grid = aa.Grid2DIrregular(POINTS)
    pair = ag.Galaxies([galaxy(), galaxy()])

    expected = 2.0 * (galaxy().mass.shear_yx_2d_from(grid).array + np.array([-0.03, 0.05]))

    assert isinstance(pair.shear_yx_2d_from(grid), aa.VectorYX2DIrregular)
    assert pair.shear_yx_2d_from(grid).array == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("cls", [ag.mp.IsothermalSph, ag.mp.PointMass])
def test_derivatives_on_a_singular_centre_are_those_right_beside_it(cls):
    lens = cls(centre=(0.5, -1.0), einstein_radius=1.5)
    calc, radius = ag.LensCalc.from_mass_obj(lens), 1e-7

    yy, xy, yx, xx = calc.hessian_from(np.array([(0.5, -1.0)]))

    # alpha is theta_E along theta, or theta_E^2 / r; on the x-axis the derivatives are alpha / r and d alpha / d r
    alpha, slope = (1.5, 0.0) if cls is ag.mp.IsothermalSph else (1.5**2 / radius, -((1.5 / radius) ** 2))
    assert (yy[0], xx[0]) == pytest.approx((alpha / radius, slope), rel=1e-7)
    assert (xy[0], yx[0]) == (0.0, 0.0)
    assert calc.magnification_2d_from(np.array([(0.5, -1.0)]))[0] == pytest.approx(0.0, abs=1e-6)
