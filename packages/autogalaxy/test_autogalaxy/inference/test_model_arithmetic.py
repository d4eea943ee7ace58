import copy
import json
import math
import pickle

import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import GaussianPrior, LogUniformPrior, TruncatedGaussianPrior, UniformPrior
from autogalaxy.inference import Collection, Model


def two(lines):
    return Collection(a=lines.Line, b=lines.Line)


def test_an_expression_is_no_free_parameter_and_follows_its_priors(lines):
    model = two(lines)
    model.b.centre = 2 * model.a.centre - 0.5
    model.b.sigma = model.a.sigma**2 / model.a.intensity

    assert model.paths == ["a.centre", "a.sigma", "a.intensity", "b.intensity"]
    instance = model.instance_from_vector([1.5, 3.0, 4.0, 7.0])
    assert (instance.b.centre, instance.b.sigma, instance.b.intensity) == (2.5, 2.25, 7.0)
    assert isinstance(instance.b.sigma, float)


@pytest.mark.parametrize(
    "write, value",
    [
        (lambda a, b: a + b, 1.75),
        (lambda a, b: a - b, -2.25),
        (lambda a, b: 1 - (a - b), 3.25),
        (lambda a, b: -a * b, 0.5),
        (lambda a, b: abs(a) / b, 0.125),
        (lambda a, b: a / (b / 4.0), -0.5),
        (lambda a, b: a / (b * 4.0), -0.03125),
        (lambda a, b: (a + b) * (a - 1), -2.1875),
        (lambda a, b: (-b) ** 2 - (-(b**2)), 8.0),
        (lambda a, b: b ** (-1), 0.5),
        (lambda a, b: 1.0 / b**2, 0.25),
        (lambda a, b: b**a, 2.0**-0.25),
        (lambda a, b: (b**0.5) ** 2, 2.0),
        (lambda a, b: np.float64(3.0) * b + np.int64(1), 7.0),
        (lambda a, b: sum([a, b, b]), 3.75),
        (lambda a, b: +b - -a, 1.75),
        (lambda a, b: 2**b, 4.0),
    ],
)
def test_expressions_have_the_value_of_the_same_formula_of_numbers(lines, write, value):
    model = Collection(a=UniformPrior(-1.0, 1.0), b=UniformPrior(0.0, 4.0))
    model.c = write(model.a, model.b)

    assert model.prior_count == 2
    assert model.instance_from_vector([-0.25, 2.0]).c == pytest.approx(value, rel=1e-15)
    again = Collection.from_dict(json.loads(json.dumps(model.to_dict())))
    assert again.instance_from_vector([-0.25, 2.0]).c == model.instance_from_vector([-0.25, 2.0]).c
    formula = next(line for line in model.info.splitlines() if line.startswith("c ")).removeprefix("c ").strip()
    assert eval(formula, {"a": -0.25, "b": 2.0}) == pytest.approx(value, rel=1e-15)


def test_a_prior_that_stands_in_expressions_alone_is_a_free_parameter(lines):
    model = two(lines)
    total = LogUniformPrior(1.0, 100.0)
    fraction = UniformPrior(0.0, 1.0)
    model.a.intensity = total * fraction
    model.b.intensity = total * (1.0 - fraction)

    assert model.prior_count == 6
    assert model.paths[2:4] == ["a.intensity.prior_0", "a.intensity.prior_1"]
    instance = model.instance_from_vector([0.0, 1.0, 20.0, 0.25, 0.0, 1.0])
    assert (instance.a.intensity, instance.b.intensity) == (5.0, 15.0)
    assert model.physical_values_from_prior_medians[2] == pytest.approx(10.0)
    assert "a.intensity.prior_0" in model.info


def test_a_prior_that_also_stands_alone_has_its_own_path_and_place(lines):
    model = two(lines)
    model.a.centre = model.b.centre + 0.1

    assert model.paths == ["a.sigma", "a.intensity", "b.centre", "b.sigma", "b.intensity"]
    assert model.units[2] == "arcsec"
    assert model.instance_from_vector([1.0, 1.0, 0.4, 1.0, 1.0]).a.centre == 0.5


def test_a_prior_in_an_expression_is_not_linear(lines):
    model = two(lines)
    assert model.linear_indexes == (2, 5)

    model.b.intensity = 0.5 * model.a.intensity
    assert model.linear_indexes == ()
    assert model.paths == ["a.centre", "a.sigma", "a.intensity", "b.centre", "b.sigma"]


def test_a_centre_is_shared_component_by_component(lines):
    model = Collection(bulge=lines.Sheet, mass=lines.Sheet, halos=[lines.Sheet, lines.Sheet])
    model.mass.centre = model.bulge.centre
    model.halos[1].centre = model.halos[0].centre
    model.halos[0].slope = model.bulge.slope

    again = Collection.from_dict(json.loads(json.dumps(model.to_dict())))
    for each in (model, again, copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert each.prior_count == 3 + 1 + 2 + 1
        assert each.mass.centre.centre_0 is each.bulge.centre.centre_0
        assert each.mass.centre.centre_1 is each.bulge.centre.centre_1
        instance = each.instance_from_vector([0.1, 0.2, 1.1, 1.2, 0.3, 0.4, 1.3])
        assert instance.mass.centre == instance.bulge.centre == (0.1, 0.2)
        assert instance.halos[0].centre == instance.halos[1].centre == (0.3, 0.4)
        assert (instance.halos[0].slope, instance.halos[1].slope) == (1.1, 1.3)
    assert "bulge.centre.centre_1 (shared)" in model.info


def test_expressions_in_components_of_a_tuple(lines):
    model = Collection(a=lines.Sheet, b=lines.Sheet)
    model.b.centre = (model.a.centre.centre_0 + 0.5, -model.a.centre.centre_1)

    instance = model.instance_from_vector([0.25, 0.75, 1.0, 1.5])
    assert instance.b.centre == (0.75, -0.75) and instance.b.slope == 1.5


def test_the_domain_of_a_profile_is_checked_on_the_value_of_an_expression(lines):
    from autogalaxy.inference import Fitness

    model = Collection(lines=Collection(a=lines.Line, b=lines.Line))
    model.lines.b.sigma = model.lines.a.centre - 1.0
    fitness = Fitness(model, lines.AnalysisLines(lines.data_with_noise()))

    assert fitness([2.0, 1.0, 1.0, 0.0, 1.0]) > -1e6
    assert fitness([0.5, 1.0, 1.0, 0.0, 1.0]) == -1e99  # a sigma of -0.5


def test_what_has_no_finite_value_is_refused_and_no_error(lines):
    model = Collection(a=UniformPrior(-1.0, 1.0), b=UniformPrior(-1.0, 1.0))
    model.c = model.a / model.b
    model.d = model.a**0.5

    instance = model.instance_from_vector([-0.25, 0.0])
    assert instance.c == -math.inf and math.isnan(instance.d)
    assert not bool(model.assertions_hold([-0.25, 0.5]))
    assert not bool(model.assertions_hold([0.25, 0.0]))
    assert bool(model.assertions_hold([0.25, 0.5]))


def test_a_redshift_may_be_an_expression(lines):
    far = UniformPrior(0.6, 2.0)
    model = Collection(
        a=Model(lines.Group, redshift=0.5, s=lines.Sheet),
        b=Model(lines.Group, redshift=far, s=lines.Sheet(slope=1.0)),
        c=Model(lines.Group, redshift=far + 1.0, s=lines.Sheet(slope=1.0)),
    )

    instance = model.instance_from_vector([0.0, 0.0, 1.0, 1.4])
    with pytest.raises(exc.ModelException, match="redshift got Sheet"):
        model.c.redshift = lines.Sheet()
    assert instance.c.redshift == 2.4 and instance.c._traced == ("redshift",)
    assert instance.c._plane_key[0] == pytest.approx(2.3) and instance.c._plane_key != instance.b._plane_key
    assert bool(instance.is_ordered())


# ---------------------------------------------------------------------- assertions


@pytest.mark.parametrize(
    "compare, holds",
    [
        (lambda a, b: a < b, True),
        (lambda a, b: a > b, False),
        (lambda a, b: a + b < 1.0, True),
        (lambda a, b: a + b > 1.0, False),
        (lambda a, b: 1.0 > a + b, True),
        (lambda a, b: a + a <= b, True),
        (lambda a, b: a + a < b, False),
        (lambda a, b: a + a >= b, True),
        (lambda a, b: 0.5 <= b, True),
        (lambda a, b: abs(a - b) < 2 * a, True),
    ],
)
def test_assertions_compare_expressions_at_the_vector(compare, holds):
    model = Collection(a=UniformPrior(0.0, 1.0), b=UniformPrior(0.0, 1.0))
    model.add_assertion(compare(model.a, model.b))

    again = Collection.from_dict(json.loads(json.dumps(model.to_dict())))
    for each in (model, again, copy.deepcopy(model)):
        assert bool(each.assertions_hold([0.25, 0.5])) is holds


def test_a_name_of_an_assertion_is_written_and_read(lines):
    model = two(lines)
    model.add_assertion(model.a.sigma + 0.1 <= model.b.sigma, name="narrow first")

    again = Collection.from_dict(model.to_dict())
    for each in (model, again):
        assert each.info.splitlines()[-1] == "asserted: narrow first: a.sigma + 0.1 <= b.sigma"


def test_a_chain_of_comparisons_is_refused_with_what_to_write():
    a, b = UniformPrior(), UniformPrior()

    with pytest.raises(exc.PriorException, match="one after the other"):
        _ = 0.0 < a < b
    with pytest.raises(exc.ModelException, match="one prior: model.b.x = model.a.x"):
        Collection(a=a, b=b).add_assertion(a == b)


@pytest.mark.parametrize("operand", ["wide", None, math.nan, math.inf, True, (1.0, 2.0), np.ones(3), 10**400])
def test_arithmetic_with_what_is_no_number_is_refused(operand):
    prior = UniformPrior()

    with pytest.raises(exc.ModelException, match="wants a finite number"):
        _ = prior * operand
    with pytest.raises(exc.ModelException, match="wants a finite number"):
        _ = operand - prior
    with pytest.raises(exc.ModelException, match="wants a finite number"):
        _ = prior < operand


def test_an_expression_has_a_largest_size():
    expression = UniformPrior()
    with pytest.raises(exc.ModelException, match="at most 200"):
        for _ in range(8):
            expression = expression + expression


@pytest.mark.parametrize(
    "make",
    [
        lambda: UniformPrior(1.0, 1.0),
        lambda: LogUniformPrior(2.0, 2.0),
        lambda: TruncatedGaussianPrior(0.0, 1.0, 3.0, 3.0),
        lambda: TruncatedGaussianPrior(0.0, 0.1, 5.0, 6.0),
        lambda: GaussianPrior(0.0, 0.0),
    ],
)
def test_a_prior_of_zero_volume_is_refused(make):
    with pytest.raises(exc.PriorException, match="but wants"):
        make()
