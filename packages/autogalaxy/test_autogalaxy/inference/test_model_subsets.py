import math

import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import UniformPrior
from autogalaxy.inference import Collection, Model, Result, Samples
from autogalaxy.inference.array_model import Array

VECTOR = [0.25, 1.5, 3.0, -0.5, 0.75, 2.0]


def test_all_or_some_parameters_are_fixed_and_the_model_stays_as_it_is(lines):
    model = lines.two_lines()

    assert model.fixed_at(VECTOR).prior_count == 0
    fixed = model.fixed_at(VECTOR, only=["lines.a", model.lines.b.sigma])

    assert fixed.paths == ["lines.b.centre", "lines.b.intensity"]
    instance = fixed.instance_from_vector([0.0, 9.0])
    assert (instance.lines.a.centre, instance.lines.a.sigma, instance.lines.a.intensity) == (0.25, 1.5, 3.0)
    assert (instance.lines.b.centre, instance.lines.b.sigma) == (0.0, 0.75)
    assert model.prior_count == 6
    assert bool(fixed.assertions_hold([0.5, 1.0])) and not bool(fixed.assertions_hold([0.0, 1.0]))


def test_only_a_part_stays_free(lines):
    model = Collection(a=lines.Sheet, b=lines.Sheet)

    assert model.free_only(model.b.centre).paths == ["b.centre.centre_0", "b.centre.centre_1"]
    assert model.free_only([model.a, "b.slope"]).paths == [*model.paths[:3], "b.slope"]
    at = model.free_only("a.slope", values=[0.1, 0.2, 1.1, 0.3, 0.4, 1.2]).instance_from_vector([1.9])
    assert (at.a.centre, at.a.slope, at.b.centre, at.b.slope) == ((0.1, 0.2), 1.9, (0.3, 0.4), 1.2)
    assert model.free_only("a").instance_from_prior_medians().b.slope == 1.0  # the median of 0 to 2


def test_values_come_from_a_vector_paths_an_instance_samples_or_a_result(lines):
    model = lines.two_lines()
    samples = Samples(model, [VECTOR, [0.0] * 6], [-1.0, -2.0])
    result = Result(samples, lines.AnalysisLines(lines.data_with_noise()))
    by_path = dict(zip(model.paths, VECTOR, strict=True))

    for values in (VECTOR, np.array(VECTOR), by_path, model.instance_from_vector(VECTOR), samples, result):
        fixed = model.fixed_at(values, only="lines.b").instance_from_vector([1.0, 1.0, 1.0])
        assert (fixed.lines.b.centre, fixed.lines.b.sigma, fixed.lines.b.intensity) == (-0.5, 0.75, 2.0)


def test_expressions_of_fixed_priors_become_numbers(lines):
    model = Collection(a=lines.Sheet, b=lines.Sheet, map=Array(2, prior=UniformPrior()))
    model.b.slope = 2 * model.a.slope
    model.b.centre = (model.a.centre.centre_0 + model.map[0], -model.a.centre.centre_1)
    model.map[1] = model.a.slope / 4
    instance = model.instance_from_vector([0.1, 0.2, 0.5, 0.3])

    fixed = model.fixed_at(instance, only=model.a)

    assert fixed.b.slope == 1.0 and fixed.b.centre.centre_1 == -0.2 and fixed.map[1] == 0.125
    assert fixed.paths == ["map.element_0"]
    assert fixed.instance_from_vector([0.3]).b.centre[0] == pytest.approx(instance.b.centre[0], rel=1e-15)


def test_a_shared_prior_is_found_at_each_of_its_paths(lines):
    model = Collection(a=lines.Sheet, b=lines.Sheet)
    model.b.slope = model.a.slope

    assert "a.slope" not in model.fixed_at({"b.slope": 0.5}, only="b.slope").paths
    assert model.fixed_at({"b.slope": 0.5}, only="b.slope").a.slope == 0.5


def test_what_stands_for_nothing_is_refused(lines):
    model = Model(lines.Line)

    with pytest.raises(exc.ModelException, match="did you mean sigma"):
        model.fixed_at([1.0, 1.0, 1.0], only=["sigm"])
    with pytest.raises(exc.ModelException, match="stands for no free"):
        model.free_only(UniformPrior())
    with pytest.raises(exc.ModelException, match="shape"):
        model.fixed_at([1.0])
    with pytest.raises(exc.ModelException, match="no value for centre"):
        model.fixed_at({"sigma": 1.0})
    with pytest.raises(exc.ModelException, match="wanted a finite number"):
        model.fixed_at([1.0, math.nan, 1.0])
    with pytest.raises(exc.ModelException, match="to be one of this model"):
        model.fixed_at(lines.Group(0.5))
