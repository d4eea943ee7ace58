import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autoarray as aa
from autoarray.structures.decorators import AbstractMaker, ArrayMaker, GridMaker, VectorYXMaker
from autoarray.structures.decorators.abstract import decorator_from

PACKAGES = Path(__file__).parents[4]


class Frame:
    """A profile's frame: the origin at ``centre``, the x-axis turned by ``angle`` [deg] counter-clockwise."""

    def __init__(self, centre=(0.0, 0.0), angle=0.0):
        self.centre = centre
        self.angle = np.radians(angle)
        self.calls = []

    def turned(self, vectors, angle):
        y, x = vectors[:, 0], vectors[:, 1]
        return np.stack((x * np.sin(angle) + y * np.cos(angle), x * np.cos(angle) - y * np.sin(angle)), axis=-1)

    @aa.decorators.to_grid
    def transformed_to_reference_frame_grid_from(self, grid, xp=np):
        self.calls.append((type(grid), xp))
        return self.turned(grid.array - np.array(self.centre), -self.angle)

    def rotated_grid_from_reference_frame_from(self, vectors, xp=np):
        return self.turned(vectors, self.angle)

    @aa.decorators.to_array
    def radius_from(self, grid, xp=np, power=1.0, **kwargs):
        self.seen = grid
        return np.hypot(grid.array[:, 0], grid.array[:, 1]) ** power + kwargs.get("offset", 0.0)

    @aa.decorators.to_grid
    def shifted_from(self, grid, xp=np):
        self.calls.append(len(grid.array))
        return grid.array + np.array([1.0, -2.0])

    @aa.decorators.to_vector_yx
    def field_from(self, grid, xp=np):
        return 2.0 * grid.array

    @aa.decorators.to_array
    def list_from(self, grid, xp=np):
        return [grid.array[:, 0], grid.array[:, 1]]

    @aa.decorators.to_array
    @aa.decorators.transform
    def x_in_frame_from(self, grid, xp=np):
        assert grid.is_transformed
        return grid.array[:, 1]

    @aa.decorators.to_array
    @aa.decorators.transform()
    def twice_x_in_frame_from(self, grid, xp=np):
        return 2.0 * self.x_in_frame_from(grid, xp=xp).array

    @aa.decorators.to_vector_yx
    @aa.decorators.transform(rotate_back=True)
    def stretched_along_x_of_frame_from(self, grid, xp=np):
        return grid.array * np.array([0.0, 1.0])

    @aa.over_sample
    @aa.decorators.to_array
    @aa.decorators.transform
    def square_of_x_from(self, grid, xp=np):
        return grid.array[:, 1] ** 2


@pytest.fixture
def mask():
    return aa.Mask2D.circular(shape_native=(9, 8), radius=0.8, pixel_scales=0.2)


@pytest.fixture
def uniform(mask):
    return aa.Grid2D.from_mask(mask, over_sample_size=2)


@pytest.fixture
def irregular():
    return aa.Grid2DIrregular([(3.0, 4.0), (0.0, -2.0)])


def test_decorators_are_reached_as_aa_decorators():
    from autoarray.structures import decorators

    assert aa.decorators is decorators
    assert {"to_array", "to_grid", "to_vector_yx", "transform"} <= set(dir(aa.decorators))  # contract A1


def test_grid_dec_is_the_deprecated_name_of_decorators():
    with pytest.warns(DeprecationWarning, match="aa.decorators"):
        assert aa.grid_dec.to_array is aa.decorators.to_array  # contract A2


def test_no_source_uses_the_deprecated_name():
    sources = [p for p in PACKAGES.glob("*/auto*/**/*.py") if p.name != "__init__.py"]

    assert len(sources) > 20
    assert [p.name for p in sources if "grid_dec" in p.read_text()] == []  # contract A3


def test_to_array_follows_the_type_of_the_grid(uniform, irregular):
    on_pixels, at_points = Frame().radius_from(uniform), Frame().radius_from(irregular)

    assert type(on_pixels) is aa.Array2D and on_pixels.mask is uniform.mask  # contract A4
    assert type(at_points) is aa.ArrayIrregular and at_points.array == pytest.approx([5.0, 2.0])


def test_to_grid_follows_the_type_of_the_grid_and_moves_its_sub_pixels(uniform, irregular):
    frame = Frame()

    moved, points = frame.shifted_from(uniform), frame.shifted_from(irregular)

    assert type(moved) is aa.Grid2D and type(points) is aa.Grid2DIrregular  # contract A5
    assert moved.mask is uniform.mask and moved.over_sample_size == 2
    assert frame.calls == [len(uniform), 2], "sub-pixels were computed though nobody asked for them"
    assert points.array == pytest.approx(np.array([(4.0, 2.0), (1.0, -4.0)]))
    assert moved.over_sampled.array == pytest.approx(uniform.over_sampled.array + np.array([1.0, -2.0]))


def test_to_vector_yx_follows_the_type_of_the_grid_and_keeps_it(uniform, irregular):
    on_pixels, at_points = Frame().field_from(uniform), Frame().field_from(irregular)

    assert type(on_pixels) is aa.VectorYX2D and on_pixels.grid is uniform and on_pixels.mask is uniform.mask
    assert type(at_points) is aa.VectorYX2DIrregular and at_points.grid is irregular  # contract A6
    assert at_points.magnitudes.array == pytest.approx([10.0, 4.0])


def test_makers_share_one_base():
    assert all(issubclass(maker, AbstractMaker) for maker in (ArrayMaker, GridMaker, VectorYXMaker))  # contract A7
    assert AbstractMaker.__module__ == "autoarray.structures.decorators.abstract"


def test_grid_and_xp_may_be_positional_or_named_and_further_arguments_are_forwarded(irregular):
    frame, expected = Frame(), [25.5, 4.5]

    assert frame.radius_from(irregular, np, 2.0, offset=0.5).array == pytest.approx(expected)  # contract A8
    assert frame.radius_from(grid=irregular, xp=np, power=2.0, offset=0.5).array == pytest.approx(expected)
    assert frame.radius_from(irregular, power=2.0, offset=0.5).array == pytest.approx(expected)
    assert Frame.radius_from.__name__ == "radius_from"


def test_a_maker_is_asked_for_the_type_of_its_grid_alone(uniform, irregular):
    class Named(AbstractMaker):
        def via_grid_2d(self, result):
            return "uniform"

        def via_grid_2d_irr(self, result):
            return "irregular"

    class Probe:
        @decorator_from(Named)
        def method(self, grid, xp=np):
            return grid.array

    assert Probe().method(uniform) == "uniform" and Probe().method(irregular) == "irregular"  # contract A9


def test_function_sees_the_grid_itself_and_its_raw_result_is_wrapped_once(uniform):
    frame = Frame()

    result = frame.radius_from(uniform)

    assert frame.seen is uniform  # contract A10
    assert type(result.array) is np.ndarray


def test_a_list_is_wrapped_item_by_item(uniform, irregular):
    y, x = Frame().list_from(uniform)

    assert type(y) is type(x) is aa.Array2D  # contract A11
    assert [type(part) for part in Frame().list_from(irregular)] == [aa.ArrayIrregular] * 2
    assert y.array == pytest.approx(uniform.array[:, 0])


class HeldByJax(aa.Grid2DIrregular):
    use_jax = True


def test_grid_of_jax_with_xp_numpy_names_the_fix():
    with pytest.raises(aa.exc.BackendException, match=r"radius_from\(grid, xp=jnp\)"):
        Frame().radius_from(HeldByJax([(0.0, 1.0)]))  # contract A12


@pytest.mark.parametrize("name", ["radius_from", "field_from", "x_in_frame_from", "square_of_x_from"])
def test_raw_grid_gives_the_raw_values_of_the_irregular_one(name, irregular):
    frame = Frame(centre=(0.1, -0.3), angle=35.0)

    raw = getattr(frame, name)(irregular.array)

    assert type(raw) is np.ndarray  # contract A13
    assert np.array_equal(raw, getattr(frame, name)(irregular).array)


def test_maker_knows_its_backend(irregular):
    maker = ArrayMaker(Frame.radius_from, Frame(), irregular, np)

    assert maker.use_jax is False and maker._xp is np  # contract A14


def test_array_is_the_raw_array_of_every_grid(uniform, irregular):
    for grid in (uniform, irregular):
        assert type(grid.array[:, 0]) is np.ndarray  # contract A16
        assert np.array_equal(grid.array[:, 0], np.asarray(grid)[:, 0])


def test_transform_asks_the_object_once_and_hands_a_grid_over(irregular):
    frame = Frame(centre=(1.0, 2.0))

    x = frame.x_in_frame_from(irregular)

    assert frame.calls == [(aa.Grid2DIrregular, np)]  # contract A18
    assert x.array == pytest.approx([2.0, -4.0])


def test_nested_methods_transform_once_and_leave_the_callers_grid_alone(irregular):
    frame = Frame(centre=(1.0, 2.0))

    twice = frame.twice_x_in_frame_from(irregular)

    assert len(frame.calls) == 1 and irregular.is_transformed is False  # contract A19
    assert twice.array == pytest.approx([4.0, -8.0])


@pytest.mark.parametrize("angle", [0.0, 25.0, 120.0, 301.0])
def test_rotate_back_returns_vectors_to_the_sky(angle, irregular):
    field = Frame(centre=(0.5, -0.5), angle=angle).stretched_along_x_of_frame_from(irregular)

    axis = np.array([np.sin(np.radians(angle)), np.cos(np.radians(angle))])  # x-axis of the frame, (y, x)
    along = (irregular.array - np.array([0.5, -0.5])) @ axis
    assert field.array == pytest.approx(along[:, None] * axis, abs=1e-12)  # contract A20


def test_transform_without_rotate_back_leaves_scalars_unrotated(irregular):
    x = Frame(angle=90.0).x_in_frame_from(irregular)

    assert x.array == pytest.approx(irregular.array[:, 0], abs=1e-12)  # contract A20


def test_over_sampled_value_is_the_mean_over_the_sub_pixels(uniform):
    frame = Frame(angle=35.0)

    image = frame.square_of_x_from(uniform)

    axis = np.array([np.sin(np.radians(35.0)), np.cos(np.radians(35.0))])
    offsets = 0.2 / np.sqrt(12.0) * np.array([(1, -1), (1, 1), (-1, -1), (-1, 1)])  # Gauss-Legendre
    sub_pixels = ((uniform.array[:, None] + offsets) @ axis) ** 2
    assert type(image) is aa.Array2D
    assert image.array == pytest.approx(sub_pixels.mean(axis=1), rel=1e-12)  # contract A22


def test_irregular_grids_are_not_over_sampled(irregular):
    values = Frame().square_of_x_from(irregular)

    assert type(values) is aa.ArrayIrregular and values.array == pytest.approx([16.0, 4.0])  # contract A22


def test_unbinned_values_are_those_of_the_sub_pixels(uniform):
    values = Frame().square_of_x_from(uniform, binned=False)

    assert values.array == pytest.approx(uniform.over_sampled.array[:, 1] ** 2)  # contract A22


def test_irregular_grids_take_the_keyword_binned_too(irregular):
    assert Frame().square_of_x_from(irregular, binned=False).array == pytest.approx([16.0, 4.0])


def test_importing_autoarray_loads_neither_jax_nor_matplotlib():
    code = "import sys, autoarray; print(sorted({'jax', 'matplotlib', 'astropy'} & set(sys.modules)))"

    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"  # contract C2
