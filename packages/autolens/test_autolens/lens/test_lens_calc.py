import numpy as np
import pytest

import autolens as al

POINTS = al.Grid2DIrregular([(0.3, 1.4), (-0.9, 0.8), (0.5, -0.2), (-1.2, -1.1)])


def lens(redshift=0.5, radius=1.2):
    return al.Galaxy(redshift=redshift, mass=al.mp.IsothermalSph(centre=(0.05, -0.02), einstein_radius=radius))


def kappa_of(radius):
    return 0.5 * radius / np.linalg.norm(POINTS.array - np.array([0.05, -0.02]), axis=1)


def test_convergence_of_one_lens_is_its_own():
    calc = al.LensCalc.from_tracer(al.Tracer([lens(), al.Galaxy(redshift=1.0)]))

    assert calc.convergence_2d_via_hessian_from(POINTS).array == pytest.approx(kappa_of(1.2), rel=1e-9)


def test_convergence_for_a_nearer_source_is_scaled_by_the_ratio_of_distances():
    cosmology = al.cosmo.Planck15()
    tracer = al.Tracer([lens(), al.Galaxy(redshift=1.0), al.Galaxy(redshift=2.0)], cosmology=cosmology)
    comoving = cosmology.comoving_distance_mpc_from(np.array([0.5, 1.0, 2.0]))
    beta = (comoving[1] - comoving[0]) / comoving[1] * comoving[2] / (comoving[2] - comoving[0])

    calc = al.LensCalc.from_tracer(tracer, plane_i=0, plane_j=1)

    assert calc.convergence_2d_via_hessian_from(POINTS).array == pytest.approx(beta * kappa_of(1.2), rel=1e-9)


def test_magnification_of_two_deflectors_is_the_ratio_of_areas():
    tracer = al.Tracer([lens(), lens(1.0, 0.3), al.Galaxy(redshift=2.0)])
    step = 1e-4
    corners = POINTS.array[:, None] + step * np.array([(-1, -1), (-1, 1), (1, 1), (1, -1)])

    magnification = al.LensCalc.from_tracer(tracer).magnification_2d_from(POINTS).array

    source = tracer.traced_grid_2d_list_from(al.Grid2DIrregular(corners.reshape(-1, 2)))[-1].array
    y, x = source.reshape(-1, 4, 2).transpose(2, 0, 1)
    area = 0.5 * np.sum(x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1), axis=1)
    # the corners run from x to y, so an image that is not mirrored keeps a positive area
    assert 1.0 / magnification == pytest.approx(area / (2.0 * step) ** 2, rel=1e-6)


def test_single_plane_is_deflected_by_its_own_galaxies():
    calc = al.LensCalc.from_tracer(al.Tracer([lens()]))

    assert calc.convergence_2d_via_hessian_from(POINTS).array == pytest.approx(kappa_of(1.2), rel=1e-9)


def test_fermat_potential_of_one_lens_leaves_out_the_mass_of_the_source():
    heavy_source = al.Galaxy(redshift=1.0, mass=al.mp.IsothermalSph(einstein_radius=0.4))
    radii = np.linalg.norm(POINTS.array - np.array([0.05, -0.02]), axis=1)

    fermat = al.LensCalc.from_tracer(al.Tracer([lens(), heavy_source])).fermat_potential_from(POINTS)

    assert fermat.array == pytest.approx(0.5 * 1.2**2 - 1.2 * radii, rel=1e-9)


def test_fermat_potential_times_the_distance_is_the_time_delay():
    cosmology = al.cosmo.FlatLambdaCDM()
    tracer = al.Tracer([lens(), al.Galaxy(redshift=1.5)], cosmology=cosmology)

    fermat = al.LensCalc.from_tracer(tracer).fermat_potential_from(POINTS).array
    days = tracer.time_delays_from(POINTS).array

    megaparsec, arcsec = 3.0856775814913673e22, np.pi / 648000.0
    scale = cosmology.time_delay_distance_mpc_from(0.5, 1.5) * megaparsec * arcsec**2 / 299792458.0 / 86400.0
    assert np.diff(days) == pytest.approx(scale * np.diff(fermat), rel=1e-9)


def test_two_deflectors_have_no_fermat_potential():
    tracer = al.Tracer([lens(), lens(1.0, 0.3), al.Galaxy(redshift=2.0)])

    with pytest.raises(al.exc.ProfileException, match="time_delays_from"):
        al.LensCalc.from_tracer(tracer).fermat_potential_from(POINTS)


def test_three_planes_without_multi_plane_rays_add_up_their_own_convergences():
    tracer = al.Tracer([lens(), lens(1.0, 0.3), al.Galaxy(redshift=2.0)])

    calc = al.LensCalc.from_tracer(tracer, use_multi_plane=False)

    assert calc.convergence_2d_via_hessian_from(POINTS).array == pytest.approx(kappa_of(1.5), rel=1e-9)
