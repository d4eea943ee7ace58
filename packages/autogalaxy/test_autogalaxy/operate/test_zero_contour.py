"""Curves next to a point with vertices at equal distances, and the Einstein radius along rays."""

import inspect

import numpy as np
import pytest

import autoarray as aa
import autogalaxy as ag
from autoarray import exc
from autogalaxy.operate.critical_curves import eigen_value_from
from autogalaxy.operate.einstein_rays import einstein_radius_along_rays_from


def pair():
    lenses = [ag.mp.IsothermalSph(centre=(0.0, -3.0), einstein_radius=1.0), ag.mp.PointMass(centre=(0.0, 3.0))]
    return ag.LensCalc.from_mass_obj(ag.Galaxy(redshift=0.5, first=lenses[0], second=lenses[1]))


def test_vertices_are_on_the_ring_at_equal_distances():
    calc = ag.LensCalc.from_mass_obj(ag.mp.IsothermalSph(centre=(0.1, 0.2), einstein_radius=1.3))

    (curve,) = calc.tangential_critical_curve_list_via_zero_contour_from(delta=0.1)
    (caustic,) = calc.tangential_caustic_list_via_zero_contour_from(delta=0.1)

    steps = np.linalg.norm(np.diff(curve.array, axis=0), axis=1)
    assert len(curve) - 1 == int(np.ceil(2.0 * np.pi * 1.3 / 0.1))
    assert steps == pytest.approx(2.0 * 1.3 * np.sin(np.pi / (len(curve) - 1)), rel=1e-3)
    assert np.hypot(*(curve.array - (0.1, 0.2)).T) == pytest.approx(1.3, abs=1e-6)
    assert caustic.array == pytest.approx(np.broadcast_to((0.1, 0.2), caustic.shape), abs=1e-6)


@pytest.mark.parametrize(("guess", "nearest"), [((0.9, -3.2), [0]), ([(0.0, 1.8)], [1]), ([(1, -3), (0, 4)], [0, 1])])
def test_the_curve_next_to_each_guess_is_taken(guess, nearest):
    everything = pair().einstein_radius_list_from(pixel_scale=0.1)
    centres = {0: -3.0, 1: 3.0} if everything[0] == pytest.approx(1.0, abs=0.1) else None

    curves = pair().tangential_critical_curve_list_via_zero_contour_from(init_guess=guess)

    assert centres is not None and len(curves) == len(nearest)
    middles = sorted(float(curve.array[:-1, 1].mean()) for curve in curves)
    assert middles == pytest.approx(sorted(centres[i] for i in nearest), abs=0.3)


def test_einstein_radius_is_that_of_the_area():
    calc = pair()

    radii = calc.einstein_radius_list_via_zero_contour_from()

    assert radii == pytest.approx(calc.einstein_radius_list_from(), rel=1e-7)
    assert calc.einstein_radius_via_zero_contour_from() == max(radii)


def test_radial_curves_and_caustics_of_the_power_law():
    calc = ag.LensCalc.from_mass_obj(ag.mp.PowerLawSph(einstein_radius=1.3, slope=1.9))
    radius = 1.3 * 0.1 ** (1.0 / 0.9)  # alpha = theta_E (r / theta_E)^0.1 has the derivative one there

    (curve,) = calc.radial_critical_curve_list_via_zero_contour_from(delta=0.02)
    (caustic,) = calc.radial_caustic_list_via_zero_contour_from(delta=0.02)

    assert np.hypot(*curve.array.T) == pytest.approx(radius, abs=1e-6)
    assert np.hypot(*caustic.array.T) == pytest.approx(1.3 * (radius / 1.3) ** 0.1 - radius, abs=1e-6)


def test_no_more_vertices_than_asked_for():
    calc = ag.LensCalc.from_mass_obj(ag.mp.IsothermalSph(einstein_radius=1.3))

    (curve,) = calc.tangential_critical_curve_list_via_zero_contour_from(delta=1e-4, N=64)

    assert len(curve) == 65
    with pytest.raises(exc.ProfileException, match="N=3, wanted a positive distance"):
        calc.tangential_critical_curve_list_via_zero_contour_from(N=3)


def along_rays(lens, **kwargs):
    calc = ag.LensCalc.from_mass_obj(lens)
    arguments = {"centre": None, "rays": 500, "seed_shape": (25, 25), "seed_extent": 3.0, "tolerance": 1e-6} | kwargs
    return einstein_radius_along_rays_from(
        lambda points: eigen_value_from(calc.raw_hessian_from(points), "tangential"), **arguments
    )


@pytest.mark.parametrize("ell_comps", [(0.0, 0.0), (0.2, 0.1), (-0.3, 0.3)])
@pytest.mark.parametrize("einstein_radius", [0.03, 1.2, 7.0])
def test_rays_give_the_einstein_radius_of_the_isothermal_ellipsoid(ell_comps, einstein_radius):
    lens = ag.mp.Isothermal(centre=(0.4, -0.2), ell_comps=ell_comps, einstein_radius=einstein_radius)
    q = lens.axis_ratio()

    # the ellipse of convergence 1 / 2 has the area pi q (2 theta_E / (1 + q))^2
    assert along_rays(lens) == pytest.approx(2.0 * np.sqrt(q) / (1.0 + q) * einstein_radius, rel=1e-8)


def test_rays_start_in_the_largest_lens_unless_told_otherwise():
    large, small = ag.mp.PointMass((-30.0, 0.0), 5.0), ag.mp.PointMass((30.0, 0.0), 1.0)
    lens = ag.Galaxy(redshift=0.5, large=large, small=small)

    assert along_rays(lens, seed_extent=40.0) == pytest.approx(5.0, rel=1e-3)
    assert along_rays(lens, centre=np.array([30.1, 0.0])) == pytest.approx(1.0, rel=1e-2)


def test_rays_that_meet_no_curve_give_no_number():
    assert np.isnan(along_rays(ag.mp.ExternalShear(0.1, 0.0)))
    assert np.isnan(along_rays(ag.mp.IsothermalSph(einstein_radius=15.0)))


def test_signatures_of_the_family_are_one():
    names = [name for name in dir(ag.LensCalc) if name.endswith("via_zero_contour_from")]
    expected = {"init_guess": None, "delta": 0.05, "N": 500, "pixel_scales": (0.05, 0.05), "tol": 1e-6, "max_newton": 5}

    assert len(names) == 6
    for name in [*names, "einstein_radius_jit_from"]:
        parameters = inspect.signature(getattr(ag.LensCalc, name)).parameters
        assert {k: p.default for k, p in parameters.items() if k in expected} == expected
    assert isinstance(pair().tangential_critical_curve_list_via_zero_contour_from()[0], aa.Grid2DIrregular)
