import inspect

import numpy as np
import pytest

import autoarray as aa
import autogalaxy as ag
from autoarray import exc
from autogalaxy.operate.lens_calc import LensCalc

GUARDED = [
    "convergence_2d_via_hessian_from",
    "shear_yx_2d_via_hessian_from",
    "magnification_2d_via_hessian_from",
    "magnification_2d_from",
    "tangential_eigen_value_from",
    "radial_eigen_value_from",
    "time_delay_geometry_term_from",
    "fermat_potential_from",
]


class IsothermalEllipsoid:
    """Deflection in closed form: Kormann, Schneider & Bartelmann (1994), with b = 1.3 and q = 0.7."""

    b, q = 1.3, 0.7

    def deflections_yx_2d_from(self, grid, xp=np):
        y, x = grid.array[:, 0], grid.array[:, 1]
        f, psi = np.sqrt(1.0 - self.q**2), np.sqrt(self.q**2 * x**2 + y**2)
        return self.b * self.q / f * np.stack((np.arctanh(f * y / psi), np.arctan(f * x / psi)), axis=-1)

    def potential_2d_from(self, grid, xp=np):
        return np.sum(grid.array * self.deflections_yx_2d_from(grid), axis=-1)

    def convergence_of(self, points):
        return 0.5 * self.b * self.q / np.sqrt(self.q**2 * points[:, 1] ** 2 + points[:, 0] ** 2)


class Sheared:
    """A sheet of convergence 0.2 in a shear of (gamma_1, gamma_2) = (0.1, -0.05)."""

    def deflections_yx_2d_from(self, grid, xp=np):
        return aa.Grid2DIrregular(grid.array @ np.array([[0.2 - 0.1, -0.05], [-0.05, 0.2 + 0.1]]))


@pytest.fixture
def points():
    rng = np.random.default_rng(1)
    radii, angles = rng.uniform(0.05, 3.0, 200), rng.uniform(0.0, 2.0 * np.pi, 200)
    return radii[:, None] * np.stack((np.sin(angles), np.cos(angles)), axis=-1)


def grids():
    mask = aa.Mask2D.circular(shape_native=(11, 10), radius=0.9, pixel_scales=0.2)
    return [aa.Grid2D.from_mask(mask), aa.Grid2DIrregular([(0.3, 0.4), (-1.0, 0.2), (0.0, 1.5)])]


def test_convergence_via_hessian_is_that_of_the_isothermal_ellipsoid(points):
    lens = IsothermalEllipsoid()

    convergence = LensCalc.from_mass_obj(lens).convergence_2d_via_hessian_from(aa.Grid2DIrregular(points))

    assert convergence.array == pytest.approx(lens.convergence_of(points), rel=1e-10)  # contract D7


@pytest.mark.parametrize("radius", [1e-3, 1e-2, 0.1, 1.0, 30.0])
def test_steps_of_the_differences_adapt_to_the_distance_from_a_singular_centre(radius):
    lens = IsothermalEllipsoid()
    angles = np.linspace(0.1, 6.2, 50)
    points = radius * np.stack((np.sin(angles), np.cos(angles)), axis=-1)

    convergence = LensCalc.from_mass_obj(lens).convergence_2d_via_hessian_from(points)

    assert convergence == pytest.approx(lens.convergence_of(points), rel=1e-9)  # contract D7


def test_shear_columns_are_gamma_2_then_gamma_1():
    shear = LensCalc.from_mass_obj(Sheared()).shear_yx_2d_via_hessian_from(aa.Grid2DIrregular([(0.7, -0.3)]))

    assert isinstance(shear, aa.VectorYX2DIrregular)
    assert shear.array == pytest.approx(np.array([[-0.05, 0.1]]), rel=1e-10)  # contract D2


def test_shear_of_the_isothermal_ellipsoid_has_the_size_of_its_convergence_and_is_tangential(points):
    lens = IsothermalEllipsoid()

    shear = LensCalc.from_mass_obj(lens).shear_yx_2d_via_hessian_from(aa.Grid2DIrregular(points)).array

    position_angle = np.arctan2(points[:, 0], points[:, 1])
    assert shear[:, 1] == pytest.approx(-lens.convergence_of(points) * np.cos(2.0 * position_angle), abs=1e-9)
    assert shear[:, 0] == pytest.approx(-lens.convergence_of(points) * np.sin(2.0 * position_angle), abs=1e-9)


def test_shear_of_a_rotated_isothermal_ellipsoid_is_the_derivative_of_its_deflections(points):
    lens = ag.mp.Isothermal(centre=(0.1, -0.2), ell_comps=(0.2, 0.1), einstein_radius=1.3)
    grid = aa.Grid2DIrregular(points[:20])

    expected = lens.shear_yx_2d_from(grid).array
    q, angle = lens.axis_ratio(), np.radians(lens.angle())

    shear = ag.LensCalc.from_mass_obj(lens).shear_yx_2d_via_hessian_from(grid)

    assert angle > 0.3 and q < 0.7
    assert shear.array == pytest.approx(expected, rel=1e-6, abs=1e-9)  # contract A21


def test_magnification_is_signed_and_the_product_of_the_eigenvalues(points):
    lens_calc = LensCalc.from_mass_obj(IsothermalEllipsoid())
    expected = 1.0 / (1.0 - 2.0 * IsothermalEllipsoid().convergence_of(points))

    for magnification_from in (lens_calc.magnification_2d_from, lens_calc.magnification_2d_via_hessian_from):
        assert magnification_from(aa.Grid2DIrregular(points)).array == pytest.approx(expected, rel=1e-7)
    eigen_values = [
        method(aa.Grid2DIrregular(points)).array
        for method in (lens_calc.tangential_eigen_value_from, lens_calc.radial_eigen_value_from)
    ]
    assert np.min(expected) < 0.0
    assert 1.0 / np.prod(eigen_values, axis=0) == pytest.approx(expected, rel=1e-7)


def test_eigenvalues_of_a_sheared_sheet_have_their_closed_form():
    lens_calc, grid = LensCalc.from_mass_obj(Sheared()), aa.Grid2DIrregular([(0.7, -0.3), (0.0, 0.0)])
    gamma = np.sqrt(0.1**2 + 0.05**2)

    assert lens_calc.tangential_eigen_value_from(grid).array == pytest.approx(1.0 - 0.2 - gamma, rel=1e-10)
    assert lens_calc.radial_eigen_value_from(grid).array == pytest.approx(1.0 - 0.2 + gamma, rel=1e-10)


def test_jacobian_is_in_x_y_order():
    (xx, xy), (yx, yy) = LensCalc.from_mass_obj(Sheared()).jacobian_from(aa.Grid2DIrregular([(0.7, -0.3)]))

    assert [xx[0], xy[0], yx[0], yy[0]] == pytest.approx([0.7, 0.05, 0.05, 0.9], rel=1e-10)


def test_hessian_names_the_component_first_and_the_direction_second():
    lens_calc = LensCalc(lambda grid, xp: grid.array @ np.array([[0.1, 0.3], [0.2, 0.4]]))

    hessian = lens_calc.hessian_from(np.array([(0.5, 1.0)]))

    # alpha_y = 0.1 y + 0.2 x, alpha_x = 0.3 y + 0.4 x
    assert np.concatenate(hessian) == pytest.approx([0.1, 0.3, 0.2, 0.4], rel=1e-10)


def test_rotation_of_several_planes_stays_in_the_determinant_and_out_of_the_shear():
    lens_calc = LensCalc(lambda grid, xp: grid.array @ np.array([[0.1, 0.3], [0.2, 0.4]]))
    grid = aa.Grid2DIrregular([(0.5, 1.0)])

    assert lens_calc.shear_yx_2d_via_hessian_from(grid).array == pytest.approx(np.array([[0.25, 0.15]]), rel=1e-10)
    assert lens_calc.magnification_2d_from(grid).array == pytest.approx(1.0 / (0.9 * 0.6 - 0.3 * 0.2), rel=1e-10)


def test_magnification_on_a_critical_curve_is_infinite():
    sheet = LensCalc(lambda grid, xp: 1.0 * grid.array)

    assert np.all(np.isinf(sheet.magnification_2d_from(np.array([(0.0, 0.0)]))))


def test_fermat_potential_of_the_isothermal_sphere_has_its_closed_form():
    def deflections(grid, xp=np):
        return 1.2 * grid.array / np.linalg.norm(grid.array, axis=-1, keepdims=True)

    lens_calc = LensCalc(deflections, potential_2d_from=lambda grid, xp=np: 1.2 * np.linalg.norm(grid.array, axis=-1))
    grid = aa.Grid2DIrregular([(3.0, 4.0), (0.0, -2.0)])

    assert lens_calc.time_delay_geometry_term_from(grid).array == pytest.approx(0.5 * 1.2**2, rel=1e-12)
    assert lens_calc.fermat_potential_from(grid).array == pytest.approx(0.5 * 1.2**2 - 1.2 * np.array([5.0, 2.0]))


def test_gradient_of_the_fermat_potential_is_the_lens_equation_at_the_image():
    lens = IsothermalEllipsoid()
    image, step = np.array([0.8, 0.9]), 1e-5
    beta = image - lens.deflections_yx_2d_from(aa.Grid2DIrregular(image))[0]

    def arrival(point):
        potential = lens.potential_2d_from(aa.Grid2DIrregular(point))[0]
        return 0.5 * np.sum((point - beta) ** 2) - potential

    gradient = [(arrival(image + d) - arrival(image - d)) / (2.0 * step) for d in step * np.eye(2)]
    fermat = LensCalc.from_mass_obj(lens).fermat_potential_from(aa.Grid2DIrregular(image)).array[0]

    assert gradient == pytest.approx([0.0, 0.0], abs=1e-9)
    assert fermat == pytest.approx(arrival(image), rel=1e-12)


@pytest.mark.parametrize("name", GUARDED)
def test_results_have_the_type_that_fits_the_grid(name):
    method = getattr(LensCalc.from_mass_obj(IsothermalEllipsoid()), name)
    uniform, irregular = (method(grid) for grid in grids())
    is_vector = name.startswith("shear")

    assert type(uniform) is (aa.VectorYX2D if is_vector else aa.Array2D)  # contract D1, D4
    assert type(irregular) is (aa.VectorYX2DIrregular if is_vector else aa.ArrayIrregular)
    assert uniform.mask is grids()[0].mask or uniform.mask == grids()[0].mask
    assert type(method(grids()[1].array)) is np.ndarray


@pytest.mark.parametrize("name", GUARDED)
def test_a_uniform_grid_is_evaluated_at_its_pixel_centres(name):
    method = getattr(LensCalc.from_mass_obj(IsothermalEllipsoid()), name)
    grid = grids()[0]

    assert np.array_equal(method(grid).array, method(grid.array))
    assert np.array_equal(method(grid.native).array, method(grid.array))


@pytest.mark.parametrize("name", [*GUARDED, "hessian_from", "jacobian_from"])
def test_xp_is_numpy_unless_told_otherwise(name):
    assert inspect.signature(getattr(LensCalc, name)).parameters["xp"].default is np  # contract C1, C5


def test_lens_without_potential_has_no_fermat_potential():
    with pytest.raises(exc.ProfileException, match="potential_2d_from="):
        LensCalc.from_mass_obj(Sheared()).fermat_potential_from(aa.Grid2DIrregular([(0.0, 1.0)]))


def test_object_without_deflections_is_named():
    with pytest.raises(exc.ProfileException, match="got a float, which has no deflections_yx_2d_from"):
        LensCalc.from_mass_obj(1.0)


class PlanePair:
    """Tracer of which the deflection between planes i and j is (10 i + j) times the position."""

    total_planes = 3

    def deflections_between_planes_from(self, grid, xp=np, plane_i=0, plane_j=-1):
        return (10.0 * plane_i + plane_j) * grid.array

    def deflections_of_planes_summed_from(self, grid, xp=np):
        return 0.5 * grid.array


def test_tracer_is_asked_for_the_two_planes():
    point = aa.Grid2DIrregular([(0.3, 0.6)])

    between = LensCalc.from_tracer(PlanePair(), plane_i=1, plane_j=2)
    total = LensCalc.from_tracer(PlanePair(), use_multi_plane=False)

    assert between.convergence_2d_via_hessian_from(point).array == pytest.approx(12.0, rel=1e-10)
    assert total.convergence_2d_via_hessian_from(point).array == pytest.approx(0.5, rel=1e-10)
