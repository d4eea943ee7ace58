"""Critical curves of several planes: closed forms of aligned lenses, and rays traced around the vertices."""

import numpy as np
import pytest

import autolens as al
from autogalaxy.operate.critical_curves import eigen_value_from
from autogalaxy.operate.einstein_rays import einstein_radius_along_rays_from

GRID = al.Grid2D.uniform(shape_native=(60, 60), pixel_scales=0.1)


def sphere(redshift, einstein_radius, centre=(0.0, 0.0)):
    return al.Galaxy(redshift=redshift, mass=al.mp.IsothermalSph(centre=centre, einstein_radius=einstein_radius))


def test_ring_of_two_spheres_in_line_is_the_sum_of_their_rings():
    tracer = al.Tracer([sphere(0.4, 1.0), sphere(0.9, 0.4), al.Galaxy(redshift=2.0)])

    calc = al.LensCalc.from_tracer(tracer)

    # both deflections point at the same centre: beta = theta - 1.0 - 0.4
    assert calc.einstein_radius_from(GRID) == pytest.approx(1.4, rel=1e-8)
    curve = calc.tangential_critical_curve_list_from(GRID)[0]
    assert np.linalg.norm(curve.array, axis=1) == pytest.approx(1.4, abs=1e-7)
    assert al.LensCalc.from_mass_obj(tracer).einstein_radius_from(GRID) == pytest.approx(1.4, rel=1e-8)


def test_ring_for_a_nearer_source_is_scaled_by_the_ratio_of_distances():
    cosmology = al.cosmo.FlatLambdaCDM(H0=70.0, Om0=0.3)
    tracer = al.Tracer([sphere(0.4, 1.0), sphere(0.9, 0.4), al.Galaxy(redshift=2.0)], cosmology=cosmology)
    comoving = cosmology.comoving_distance_mpc_from(np.array([0.4, 0.9, 2.0]))
    beta = (comoving[1] - comoving[0]) / comoving[1] * comoving[2] / (comoving[2] - comoving[0])

    radius = al.LensCalc.from_tracer(tracer, plane_i=0, plane_j=1).einstein_radius_from(GRID)

    assert radius == pytest.approx(beta, rel=1e-8)


def test_planes_added_up_have_the_ring_of_the_summed_deflection():
    tracer = al.Tracer([sphere(0.4, 1.0), sphere(0.9, 0.4), al.Galaxy(redshift=2.0)])

    assert al.LensCalc.from_tracer(tracer, use_multi_plane=False).einstein_radius_list_from(GRID) == pytest.approx(
        [1.4]
    )


def test_areas_shrink_to_nothing_on_the_curves_of_two_planes():
    lens = al.Galaxy(
        redshift=0.4,
        mass=al.mp.PowerLaw(ell_comps=(0.1, 0.05), einstein_radius=1.2, slope=1.8),
        shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=0.05),
    )
    tracer = al.Tracer([lens, sphere(0.9, 0.2, centre=(0.3, -0.2)), al.Galaxy(redshift=2.0)])
    calc = al.LensCalc.from_tracer(tracer)
    curves = calc.tangential_critical_curve_list_from(GRID)[:1] + calc.radial_critical_curve_list_from(GRID)[:1]

    step = 1e-5
    for curve in curves:
        points = curve.array[::20]
        offsets = step * np.array([(1, 0), (-1, 0), (0, 1), (0, -1)])
        rays = al.Grid2DIrregular((points[:, None] + offsets).reshape(-1, 2))
        up, down, right, left = tracer.traced_grid_2d_list_from(rays)[-1].array.reshape(-1, 4, 2).transpose(1, 0, 2)
        y, x = (up - down) / (2 * step), (right - left) / (2 * step)
        determinant = y[:, 0] * x[:, 1] - y[:, 1] * x[:, 0]
        size = np.linalg.norm(y, axis=1) * np.linalg.norm(x, axis=1)
        assert np.max(np.abs(determinant) / np.maximum(size, 1.0)) < 1e-5


def test_caustic_of_two_planes_is_where_rays_of_the_curve_end():
    tracer = al.Tracer([sphere(0.4, 1.0), sphere(0.9, 0.4, centre=(0.2, 0.1)), al.Galaxy(redshift=2.0)])
    calc = al.LensCalc.from_tracer(tracer)

    curve, caustic = calc.tangential_critical_curve_list_from(GRID)[0], calc.tangential_caustic_list_from(GRID)[0]

    assert caustic.array == pytest.approx(tracer.traced_grid_2d_list_from(curve)[-1].array, abs=1e-12)


def test_rays_pass_islands_inside_the_curve_of_two_planes():
    lens = al.Galaxy(redshift=0.4, mass=al.mp.Isothermal(ell_comps=(0.1, -0.05), einstein_radius=1.2))
    tracer = al.Tracer([lens, sphere(0.9, 0.3, centre=(0.1, 0.2)), al.Galaxy(redshift=2.0)])
    calc = al.LensCalc.from_tracer(tracer)

    def eigen_value_at(points):
        return eigen_value_from(calc.raw_hessian_from(points), "tangential")

    radius = einstein_radius_along_rays_from(
        eigen_value_at,
        centre=None,
        rays=400,
        seed_shape=(25, 25),
        seed_extent=3.0,
        tolerance=1e-6,
    )

    # behind the singular centre of the first lens the second one acts where no ray would be without it
    assert np.any(eigen_value_at(np.random.default_rng(1).uniform(-0.4, 0.4, (500, 2))) > 0.0)
    assert radius == pytest.approx(calc.einstein_radius_from(GRID), rel=1e-8)
