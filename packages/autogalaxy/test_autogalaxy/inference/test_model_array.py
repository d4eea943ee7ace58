import json

import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import UniformPrior
from autogalaxy.inference import Collection, Model
from autogalaxy.inference.array_model import Array


def test_elements_are_priors_or_numbers_and_become_an_array():
    model = Collection(map=Array((2, 3)))
    shared = UniformPrior(0.0, 4.0)
    model.map[0, 1] = UniformPrior(0.0, 2.0)
    model.map[1] = shared
    model.map[-1, 0] = 2 * shared + 1
    model.map[0, 2] = 5

    assert model.paths == ["map.element_0_1", "map.element_1_1"]
    array = model.instance_from_vector([0.5, 3.0]).map
    assert array.tolist() == [[0.0, 0.5, 5.0], [7.0, 3.0, 3.0]]
    assert model.map[1, 2] is shared and model.map[0, 2] == 5.0


def test_a_prior_is_copied_for_every_element():
    model = Array((2, 2), prior=UniformPrior(1.0, 3.0))

    assert model.prior_count == 4 and model.shape == (2, 2)
    assert model.instance_from_vector([1.0, 2.0, 3.0, 4.0]).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert model.instance_from_prior_medians().tolist() == [[2.0, 2.0], [2.0, 2.0]]
    model[:, 0] = [0.25, 0.5]
    assert model.instance_from_vector([9.0, 8.0]).tolist() == [[0.25, 9.0], [0.5, 8.0]]
    assert model[:, 1].tolist() == model.priors


def test_an_array_without_free_elements_is_a_constant(lines):
    model = Collection(map=Array(3), line=lines.Line)
    model.map[...] = [1.0, 2.0, 3.0]

    assert model.prior_count == 3
    assert model.instance_from_prior_medians().map.tolist() == [1.0, 2.0, 3.0]
    assert Array(2, prior=UniformPrior()).with_priors([1, 2]).instance_from_vector([]).tolist() == [1.0, 2.0]


def test_json_and_info_hold_the_array(lines):
    model = Collection(map=Array((1, 2), prior=UniformPrior(0.0, 2.0)), line=lines.Line)
    model.map[0, 1] = model.line.centre / 2
    model.add_assertion(model.map[0, 0] < model.line.centre)

    again = Collection.from_dict(json.loads(json.dumps(model.to_dict())))

    assert again.to_dict() == model.to_dict() and again.paths == model.paths
    assert again.instance_from_vector([0.5, 3.0, 1.0, 1.0]).map.tolist() == [[0.5, 1.5]]
    rows = [line.split() for line in model.info.splitlines()]
    assert ["map.element_0_1", "line.centre", "/", "2"] in rows
    assert "map.element_0_0 < line.centre" in model.info


@pytest.mark.parametrize("shape", [(), (0, 2), (-1,), (2.0, 2), "33", (10**6, 10**6), (101, 100), True, (1,) * 9])
def test_shapes_that_make_no_array_are_refused(shape):
    with pytest.raises(exc.ModelException, match="lengths of at least 1"):
        Array(shape)


def test_indexes_and_values_that_do_not_fit_are_refused(lines):
    model = Array((2, 2))
    with pytest.raises(exc.ModelException, match="inside its shape"):
        model[2, 0] = 1.0
    with pytest.raises(exc.ModelException, match="inside its shape"):
        _ = model["a"]
    with pytest.raises(exc.ModelException, match="values of shape"):
        model[0] = [1.0, 2.0, 3.0]
    with pytest.raises(exc.ModelException, match="wants a number or a prior"):
        model[0, 0] = np.nan
    with pytest.raises(exc.ModelException, match="wants a number or a prior"):
        Model(lines.Line, centre=Array(2, prior=UniformPrior()))
    with pytest.raises(exc.ModelException, match="is a setting"):
        Model(lines.Line, order=Array(2, prior=UniformPrior()))
