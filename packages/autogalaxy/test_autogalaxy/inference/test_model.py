import copy
import json
import pickle

import numpy as np
import pytest

from autoarray import exc
from autoarray.parameter import GaussianPrior, LogUniformPrior, UniformPrior
from autogalaxy.inference import Collection, Model


def test_free_parameters_are_those_of_the_class_in_the_order_of_declaration(lines):
    model = lines.two_lines()

    assert model.total_free_parameters == model.prior_count == 6
    assert model.paths == [
        "lines.a.centre", "lines.a.sigma", "lines.a.intensity", "lines.b.centre", "lines.b.sigma", "lines.b.intensity"
    ]  # fmt: skip
    assert [type(prior) for prior in model.priors[:3]] == [UniformPrior, LogUniformPrior, UniformPrior]
    assert model.priors[0] is not model.priors[3]


def test_an_override_keeps_its_place_in_the_order(lines):
    model = Model(lines.Line, intensity=UniformPrior(0.0, 2.0), centre=UniformPrior(1.0, 2.0))

    assert model.paths == ["centre", "sigma", "intensity"]
    assert model.priors[0].lower_limit == 1.0


def test_tuple_parameters_have_a_prior_for_each_component_reached_by_name(lines):
    model = Model(lines.Sheet)
    assert model.paths == ["centre.centre_0", "centre.centre_1", "slope"]

    model.centre.centre_0 = 0.3
    assert model.prior_count == 2
    assert model.instance_from_vector([0.1, 1.5]).centre == (0.3, 0.1)

    model.centre = (0.5, UniformPrior(0.0, 1.0))
    assert model.instance_from_vector([0.25, 1.5]).centre == (0.5, 0.25)


def test_a_prior_assigned_twice_is_one_parameter(lines):
    model = Collection(a=lines.Sheet, b=lines.Sheet, line=lines.Line)
    model.b.centre = model.a.centre
    model.line.centre = model.a.centre.centre_1

    assert model.prior_count == 3 + 1 + 2
    instance = model.instance_from_vector([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert instance.a.centre == instance.b.centre == (0.1, 0.2)
    assert instance.line.centre == 0.2

    model.b.centre.centre_0 = 0.9  # the components are b's own, only the priors are shared
    assert isinstance(model.a.centre.centre_0, UniformPrior)


def test_medians_and_unit_vectors_map_through_the_priors(lines):
    model = Model(lines.Line, centre=UniformPrior(1.0, 3.0), sigma=LogUniformPrior(0.01, 1.0), intensity=4.0)

    assert model.physical_values_from_prior_medians == pytest.approx([2.0, 0.1])
    instance = model.instance_from_unit_vector([0.25, 0.75])
    assert (instance.centre, instance.sigma, instance.intensity) == pytest.approx((1.5, 0.01 * 10**1.5, 4.0))
    batch = np.array([[0.25, 0.75], [0.5, 0.5]])
    assert model.vector_from_unit_vector(batch)[1] == pytest.approx([2.0, 0.1])
    assert model.unit_vector_from_vector(model.vector_from_unit_vector(batch)) == pytest.approx(batch)
    assert model.log_priors_from_vector([2.0, 0.1]) == pytest.approx([np.log(0.5), -np.log(0.1 * np.log(100.0))])


def test_instances_are_iterable_in_the_order_of_the_collection(lines):
    model = Collection([lines.Line, lines.Sheet(slope=0.5)])

    instance = model.instance_from_prior_medians()

    assert len(instance) == 2 and instance[1].slope == 0.5
    assert [type(item) for item in instance] == [lines.Line, lines.Sheet]
    assert isinstance(instance[0].centre, float)


def test_keywords_are_free_where_the_constructor_takes_any(lines):
    model = Model(lines.Group, redshift=0.5, bulge=lines.Line, disk=Model(lines.Line), fixed=lines.Line(centre=2.0))

    assert model.prior_count == 6
    instance = model.instance_from_prior_medians()
    assert instance.redshift == 0.5 and instance.fixed.centre == 2.0


def test_the_plane_key_is_the_fixed_redshift_or_the_median_of_its_prior(lines):
    free = UniformPrior(0.6, 2.0)
    model = Collection(
        a=Model(lines.Group, redshift=0.5, line=lines.Line), b=Model(lines.Group, redshift=free, line=lines.Line)
    )

    instance = model.instance_from_vector([0.0, 1.0, 1.0, 1.7, 0.0, 1.0, 1.0])

    assert (instance.a._plane_key, instance.b._plane_key) == ((0.5, 0), (pytest.approx(1.3), 4))
    assert instance.b.redshift == 1.7 and instance.b._traced == ("redshift",)
    assert bool(instance.is_ordered())
    assert not bool(model.instance_from_vector([0.0, 1.0, 1.0, 0.4, 0.0, 1.0, 1.0]).is_ordered())


def test_linear_parameters_are_those_used_in_linear_fields_alone(lines):
    model = lines.two_lines()
    assert model.linear_indexes == (2, 5)

    model.lines.b.sigma = model.lines.b.intensity
    assert model.linear_indexes == (2,)


def test_assertions_compare_priors(lines):
    model = lines.two_lines()

    assert bool(model.assertions_hold([-1.0, 1.0, 1.0, 1.0, 1.0, 1.0]))
    assert not bool(model.assertions_hold([1.0, 1.0, 1.0, -1.0, 1.0, 1.0]))
    model.lines.a.add_assertion(model.lines.a.sigma > 0.5)
    assert not bool(model.assertions_hold([-1.0, 0.4, 1.0, 1.0, 1.0, 1.0]))


def test_json_round_trip_keeps_order_sharing_and_assertions(lines):
    model = Collection(
        lines=Collection(a=lines.Line, b=lines.Line), group=Model(lines.Group, redshift=1, s=lines.Sheet)
    )
    model.lines.b.sigma = model.lines.a.sigma
    model.group.s.centre = (0.0, GaussianPrior(0.1, 0.2))
    model.group.fixed = lines.Line(intensity=2.0)
    model.add_assertion(model.lines.a.centre < 3.0)

    written = json.loads(json.dumps(model.to_dict(), allow_nan=False))
    again = Collection.from_dict(written)

    assert again.to_dict() == model.to_dict()
    assert again.paths == model.paths and again.prior_count == 7
    vector = [1.0, 0.5, 3.0, 2.0, 4.0, 0.3, 1.2]
    assert again.instance_from_vector(vector).lines.b.sigma == 0.5
    assert again.instance_from_vector(vector).group.fixed.intensity == 2.0
    assert not bool(again.assertions_hold([3.5, *vector[1:]]))


def test_copies_and_pickles_are_equal_models_with_their_own_priors(lines):
    model = lines.two_lines()

    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert other.to_dict() == model.to_dict()
        assert not set(map(id, other.priors)) & set(map(id, model.priors))
        assert not bool(other.assertions_hold([1.0, 1.0, 1.0, -1.0, 1.0, 1.0]))


@pytest.mark.parametrize(
    "change",
    [
        {"type": "model", "class": "subprocess:Popen", "items": {"args": "true"}},
        {"type": "model", "class": "os:system", "items": {}},
        {"type": "pickle"},
        ["a"],
        {"type": "collection"},
    ],
)
def test_a_model_file_can_name_only_classes_a_model_is_made_of(change):
    with pytest.raises(exc.ModelException):
        Collection.from_dict(change)


def test_info_is_a_table_of_every_parameter(lines):
    model = lines.two_lines()
    model.lines.a.sigma = 0.25

    text = model.info

    assert text.splitlines()[0] == "Total free parameters: 5"
    row = next(line for line in text.splitlines() if line.startswith("lines.b.centre"))
    assert row.split() == ["lines.b.centre", "2", "UniformPrior(-5", "to", "5)", "arcsec"]
    assert any(line.split() == ["lines.a.sigma", "0.25", "arcsec"] for line in text.splitlines())
    assert text.splitlines()[-1] == "asserted: lines.a.centre < lines.b.centre"


def test_unknown_names_are_refused_with_the_nearest_known_one(lines):
    model = lines.two_lines()

    with pytest.raises(exc.ModelException, match="Did you mean sigma"):
        model.lines.a.sigm = 1.0
    with pytest.raises(exc.ModelException, match="Did you mean intensity"):
        Model(lines.Line, intensty=1.0)
    with pytest.raises(exc.ModelException, match="Did you mean centre_1"):
        _ = Model(lines.Sheet).centre.centre_2
    assert not hasattr(model, "lens")


@pytest.mark.parametrize(
    "compose, named",
    [
        (lambda lines: Model(lines.Sheet, centre=0.1), "wants 2 numbers"),
        (lambda lines: Model(lines.Sheet, centre=(0.1, 0.2, 0.3)), "wants 2 numbers"),
        (lambda lines: Model(lines.Line, sigma="wide"), "sigma got 'wide'"),
        (lambda lines: Model(lines.Line, order=UniformPrior()), "is a setting"),
        (lambda lines: Model(lines.Group, line=lines.Line), "got no redshift"),
        (lambda lines: Model(3.0), "wants a class"),
        (lambda lines: Model(lines.Line).instance_from_vector([1.0]), "got 1 values"),
        (lambda lines: Model(lines.Line).add_assertion(True), "wants a comparison"),
    ],
)
def test_compositions_that_make_no_sense_are_refused_by_value(lines, compose, named):
    with pytest.raises(exc.ModelException, match=named):
        compose(lines)


def test_append_after_a_deletion_replaces_nothing(lines):
    model = Collection(1.0, 2.0, 3.0)
    delattr(model, "0")

    model.append(4.0)

    assert list(model) == [2.0, 3.0, 4.0]


@pytest.mark.parametrize("name", ["_items", "_hidden", "cls", "items", "info", "priors", "is_physical"])
def test_names_that_a_collection_needs_itself_are_refused(name):
    with pytest.raises(exc.ModelException, match=f"name '{name}'"):
        Collection(**{name: 1.0})
    with pytest.raises(exc.ModelException, match=f"name '{name}'"):
        Collection()[name] = 1.0
    if name != "_items":
        with pytest.raises(exc.ModelException, match=f"name '{name}'"):
            setattr(Collection(), name, 1.0)
