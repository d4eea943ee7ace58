import copy
import operator
import pickle

import numpy as np
import pytest

import autoarray as aa
from autoarray.abstract_ndarray import (
    AbstractNDArray,
    InstancePytree,
    Static,
    _declared,
    _names_of,
    _static_names_of,
    register_instance_pytree,
)

MASK = aa.Mask2D.circular(shape_native=(6, 5), radius=0.5, pixel_scales=0.2)


def structures():
    n = MASK.pixels_in_mask
    rng = np.random.default_rng(1)
    grid, points = aa.Grid2D.from_mask(MASK), aa.Grid2DIrregular(rng.uniform(1.0, 2.0, (4, 2)))
    return {
        "Array2D": aa.Array2D(rng.uniform(1.0, 2.0, n), MASK),
        "ArrayIrregular": aa.ArrayIrregular(rng.uniform(1.0, 2.0, 4)),
        "Grid2D": aa.Grid2D(rng.uniform(1.0, 2.0, (n, 2)), MASK),
        "Grid2DIrregular": points,
        "VectorYX2D": aa.VectorYX2D(rng.uniform(1.0, 2.0, (n, 2)), grid),
        "VectorYX2DIrregular": aa.VectorYX2DIrregular(rng.uniform(1.0, 2.0, (4, 2)), points),
    }


@pytest.fixture(params=list(structures()))
def structure(request):
    return structures()[request.param]


OPERATORS = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
]


def test_structures_share_one_base(structure):
    assert isinstance(structure, AbstractNDArray)  # contract B1


@pytest.mark.parametrize("operation", OPERATORS)
def test_operators_and_their_reflections_keep_type_and_mask(structure, operation):
    raw = structure.array
    for left, right, expected in [
        (structure, 3.0, operation(raw, 3.0)),
        (3.0, structure, operation(3.0, raw)),
        (structure, 2.0 * raw, operation(raw, 2.0 * raw)),
        (2.0 * raw, structure, operation(2.0 * raw, raw)),
        (structure, structure, operation(raw, raw)),
    ]:
        result = operation(left, right)

        assert type(result) is type(structure)  # contract B2
        assert np.array_equal(result.array, expected)
        assert getattr(result, "mask", None) is getattr(structure, "mask", None)


@pytest.mark.parametrize("function", [np.negative, np.abs, np.sqrt, np.exp, np.log, np.positive])
def test_numpy_functions_keep_the_type(structure, function):
    result = function(structure)

    assert type(result) is type(structure)  # contract B2
    assert np.array_equal(result.array, function(structure.array))


def test_unary_operators_keep_the_type(structure):
    for result, expected in ((-structure, -structure.array), (abs(-structure), structure.array)):
        assert type(result) is type(structure)
        assert np.array_equal(result.array, expected)


def test_product_of_matrices_is_no_structure(structure):
    if structure.ndim == 2:
        product = structure @ np.array([[0.0, 1.0], [1.0, 0.0]])
        assert np.array_equal(np.asarray(product), structure.array[:, ::-1])
    scalar = structure.array.ravel() @ structure.array.ravel()
    assert (structure * structure).sum() == pytest.approx(scalar)  # contract B2


def test_array_is_the_raw_array_itself(structure):
    assert structure.array is structure._array  # contract B3
    assert type(structure.array) is np.ndarray


def test_nested_structures_are_unwrapped(structure):
    if isinstance(structure, aa.ArrayIrregular | aa.Grid2DIrregular):
        cls = type(structure)
        nested = cls(cls(cls(structure)))
        assert type(nested.array) is np.ndarray and np.array_equal(nested.array, structure.array)  # contract B4


def test_base_unwraps_three_levels():
    raw = np.array([1.0, 2.0])

    assert AbstractNDArray(AbstractNDArray(AbstractNDArray(raw))).array is raw  # contract B4


def test_hash_is_by_identity_and_equality_element_by_element(structure):
    assert {structure: 1}[structure] == 1  # contract B5
    assert np.all(np.asarray(structure == structure.array))
    assert not np.any(np.asarray(structure != structure.array))


def test_deep_copy_is_independent_of_its_source(structure):
    duplicate = copy.deepcopy(structure)
    before = structure.array.copy()

    duplicate.array[...] = -1.0

    assert np.array_equal(structure.array, before)  # contract B5
    assert type(duplicate) is type(structure)


def test_pickle_keeps_type_values_and_mask(structure):
    duplicate = pickle.loads(pickle.dumps(structure))

    assert type(duplicate) is type(structure)
    assert np.array_equal(duplicate.array, structure.array)
    assert getattr(duplicate, "mask", None) == getattr(structure, "mask", None)


def test_backend_follows_the_array_that_is_held(structure):
    assert structure.use_jax is False and structure._xp is np  # contract B6


def test_plain_slice_keeps_the_type_and_any_other_index_is_raw(structure):
    if structure.ndim == 2:
        assert type(structure[:, 0]) is np.ndarray  # contract A17
    assert type(structure[0:2]) is type(structure)
    assert np.array_equal(structure[0:2].array, structure.array[:2])


def test_callers_array_is_never_written_to():
    values = np.ones(MASK.pixels_in_mask)

    image = aa.Array2D(values, MASK)
    image.array[0] = 7.0

    assert values[0] == 1.0


class Part(InstancePytree):
    no_flatten = ("settings",)

    def __init__(self):
        self.settings, self.value, self.redshift = "fast", 1.0, 0.5


class Galaxylike(InstancePytree):
    no_flatten = ("redshift",)

    def __init__(self, traced):
        self.redshift = 0.5
        if traced:
            self._traced = ("redshift",)


def test_attributes_are_leaves_unless_no_flatten_names_them():
    assert _names_of(Part(), _static_names_of(Part)) == (("redshift", "value"), ("settings",))  # contract E5


def test_an_object_may_free_a_static_attribute_for_itself():
    static = _static_names_of(Galaxylike)

    assert _names_of(Galaxylike(traced=False), static)[0] == ()
    assert _names_of(Galaxylike(traced=True), static)[0] == ("redshift",)


def test_static_values_are_compared_by_value_key_or_identity():
    array = np.ones(3)
    copy_of_mask = aa.Mask2D(MASK.array, MASK.pixel_scales)

    assert Static(0.5) == Static(0.5) and Static((1, "a")) == Static((1, "a"))
    assert Static(1) != Static(1.0) and Static(True) != Static(1)
    assert Static(MASK) == Static(copy_of_mask) and hash(Static(MASK)) == hash(Static(copy_of_mask))
    assert Static(MASK) != Static(aa.Mask2D(~MASK.array, MASK.pixel_scales))
    assert Static(array) == Static(array) and Static(array) != Static(array.copy())  # contract E6


def test_registering_needs_no_jax_and_the_first_declaration_stays():
    import inspect

    class Fit:
        pass

    register_instance_pytree(Fit, no_flatten=("dataset",))
    register_instance_pytree(Fit, no_flatten=())

    from autoarray.abstract_ndarray import _declared

    assert _declared.pop(Fit) == ("dataset",)
    parameters = inspect.signature(register_instance_pytree).parameters
    assert list(parameters) == ["cls", "no_flatten"] and parameters["no_flatten"].default == ()  # contract E1


def test_arithmetic_with_numbers_moves_the_sub_pixels_of_a_grid():
    grid = aa.Grid2D.uniform((3, 4), 0.5, over_sample_size=2)
    turned = grid.subtracted_and_rotated_from((0.1, 0.2), 0.3)

    for moved, wanted in (
        (2.0 * grid, 2.0 * grid.over_sampled.array),
        (turned + 0.5, turned.over_sampled.array + 0.5),
        (grid - np.array([0.1, 0.2]), grid.over_sampled.array - np.array([0.1, 0.2])),
        (grid - turned, grid.over_sampled.array - turned.over_sampled.array),
    ):
        assert type(moved) is aa.Grid2D and moved.over_sample_size == 2
        assert moved.over_sampled.array == pytest.approx(wanted, rel=1e-14)


def test_grid_less_a_value_per_pixel_has_one_sample_per_pixel():
    grid = aa.Grid2D.uniform((3, 4), 0.5, over_sample_size=2)

    moved = grid - aa.VectorYX2D(0.1 * grid.array**2, grid)

    assert moved.over_sample_size == 1
    assert moved.over_sampled.array == pytest.approx(grid.array - 0.1 * grid.array**2, rel=1e-14)


def test_structure_of_several_values_has_no_truth_value():
    with pytest.raises(ValueError, match="truth value"):
        bool(aa.ArrayIrregular([0.0, 0.0]) > 1.0)
    assert bool(aa.ArrayIrregular([1.0]) > 0.0) and not bool(aa.ArrayIrregular([1.0]) > 2.0)


def test_structures_on_different_masks_do_not_combine():
    one, two = (aa.Mask2D.from_pixel_coordinates((3, 3), [pixel], 0.1) for pixel in ((0, 0), (2, 2)))

    with pytest.raises(aa.exc.ArrayException, match="different masks"):
        aa.Array2D([1.0], one) - aa.Array2D([1.0], two)


def test_operators_in_place_and_reductions():
    structure = aa.ArrayIrregular([1.0, 2.0])
    alias, raw = structure, np.ones(2)

    structure += 1.0
    raw += structure

    assert type(structure) is aa.ArrayIrregular and list(structure) == [2.0, 3.0] and list(alias) == [1.0, 2.0]
    assert type(raw) is np.ndarray and list(raw) == [3.0, 4.0]
    assert np.add.reduce(structure) == 5.0


def test_slice_of_a_masked_structure_takes_its_pixels_and_sub_pixels_along():
    mask = aa.Mask2D.circular((5, 5), 0.2, 0.1)
    grid = aa.Grid2D.from_mask(mask, over_sample_size=np.arange(1, 1 + mask.pixels_in_mask))
    array = aa.Array2D(np.arange(mask.pixels_in_mask), mask)

    assert array[2:5].native.array.sum() == 2.0 + 3.0 + 4.0 and array[2:5].mask.pixels_in_mask == 3
    part = grid[1:3]
    assert part.over_sampler.sub_pixels == 2**2 + 3**2
    assert sorted(map(tuple, part.over_sampled.array)) == sorted(
        map(tuple, aa.Grid2D.from_mask(part.mask, over_sample_size=[2, 3]).over_sampled.array)
    )


def test_native_grid_gives_the_values_of_the_slim_one():
    class Profile:
        @aa.decorators.to_array
        def radius_from(self, grid, xp=np):
            return xp.sqrt((grid.array**2).sum(axis=-1))

    grid = aa.Grid2D.uniform((3, 4), 0.5, over_sample_size=1)

    assert Profile().radius_from(grid.native).array == pytest.approx(np.sqrt((grid.array**2).sum(axis=1)))


def test_names_registered_for_a_class_of_ours_are_added_to_its_own():
    class Fit(InstancePytree):
        no_flatten = ("dataset",)

    register_instance_pytree(Fit, no_flatten=("settings",))

    assert set(_declared[Fit]) == {"dataset", "settings"}
