"""Hessians between several planes against differences of the traced rays."""

from dataclasses import replace

import numpy as np
import pytest

import autolens as al
from autoarray import exc

POINTS = np.random.default_rng(3).uniform(-2.0, 2.0, (60, 2))


def tracer():
    lens = al.Galaxy(redshift=0.4, mass=al.mp.Isothermal(ell_comps=(0.1, -0.05), einstein_radius=1.2))
    shear = al.Galaxy(redshift=0.6, shear=al.mp.ExternalShear(gamma_1=0.05, gamma_2=-0.02))
    halo = al.mp.NFWSph(centre=(0.2, 0.4), kappa_s=0.2, scale_radius=3.0)
    return al.Tracer([lens, shear, al.Galaxy(redshift=0.9, mass=halo), al.Galaxy(redshift=2.0)])


@pytest.mark.parametrize("planes", [(0, -1), (0, 1), (0, 2), (1, 2), (1, 3), (2, -1)])
def test_recursion_over_planes_is_the_derivative_of_the_rays(planes):
    calc = al.LensCalc.from_tracer(tracer(), plane_i=planes[0], plane_j=planes[1])
    differences = replace(calc, closed_form=None).hessian_from(POINTS)

    assert np.array(calc.hessian_from(POINTS)) == pytest.approx(np.array(differences), abs=1e-9)


def test_several_planes_rotate_images():
    _, xy, yx, _ = al.LensCalc.from_mass_obj(tracer()).hessian_from(POINTS)

    assert np.max(np.abs(xy - yx)) > 1e-3


def test_planes_added_up_have_the_sum_of_their_hessians():
    hessian = al.LensCalc.from_tracer(tracer(), use_multi_plane=False).hessian_from(POINTS)
    parts = [al.LensCalc.from_mass_obj(galaxy).hessian_from(POINTS) for galaxy in tracer().galaxies]

    assert np.array(hessian) == pytest.approx(np.sum(parts, axis=0), rel=1e-12)


def test_a_plane_that_does_not_exist_is_named():
    with pytest.raises(exc.TracerException, match="plane_j=7, but the tracer has 4 planes"):
        al.LensCalc.from_tracer(tracer(), plane_j=7).hessian_from(POINTS)
