import copy
import json
import sys

import pytest

from autoarray import exc
from autoarray.parameter import UniformPrior
from autogalaxy.inference import Array, Collection, Model


@pytest.fixture
def whole(lines):
    """A model with one of everything."""
    model = Collection(
        galaxies=Collection(a=Model(lines.Group, redshift=UniformPrior(0.1, 1.0), s=lines.Sheet, parts=[lines.Line])),
        others=[Model(lines.Group, redshift=0.5, s=lines.Sheet(slope=0.25)), lines.Line(centre=2.0)],
        map=Array((2, 2), prior=UniformPrior(0.0, 1.0)),
    )
    model.galaxies.b = Model(lines.Group, redshift=2 * model.galaxies.a.redshift, s=lines.Sheet)
    model.galaxies.c = Model(lines.Group, redshift=model.galaxies.b.redshift, s=lines.Sheet)
    model.galaxies.b.s.centre = model.galaxies.a.s.centre
    model.map[0, 1] = abs(model.map[0, 0] - 1) ** 0.5 / 2
    model.add_assertion(model.map[1, 0] <= 0.5 * model.map[1, 1], name="rising")
    model.galaxies.a.add_assertion(model.galaxies.a.s.slope > 0.25)
    return model


def test_a_file_gives_back_the_whole_model(whole, tmp_path):
    whole.to_json(tmp_path / "folder" / "model.json")

    again = Collection.from_json(tmp_path / "folder" / "model.json")

    assert again.to_dict() == whole.to_dict() and again.info == whole.info
    assert again.paths == whole.paths and again.linear_indexes == whole.linear_indexes
    vector = whole.physical_values_from_prior_medians
    one, two = whole.instance_from_vector(vector), again.instance_from_vector(vector)
    assert two.map.tolist() == one.map.tolist()
    assert [g._plane_key for g in two.galaxies] == [g._plane_key for g in one.galaxies]
    assert two.galaxies.b._plane_key == two.galaxies.c._plane_key  # one expression is one plane
    assert two.others[0].s.slope == 0.25 and two.others[1].centre == 2.0


def test_a_file_that_is_no_model_is_refused(tmp_path):
    path = tmp_path / "model.json"
    with pytest.raises(exc.ModelException, match="no file"):
        Model.from_json(path)
    for content in (b"", b"{", b"\xff\xfe", b"[" * 10**5, b"3", b"null", b'{"type": "pickle"}'):
        path.write_bytes(content)
        with pytest.raises(exc.ModelException):
            Model.from_json(path)


def expression(**changes):
    prior = {"type": "prior", "prior": "UniformPrior", "id": 0, "lower_limit": 0.0, "upper_limit": 1.0}
    return {"type": "expression", "id": 1, "operator": "*", "operands": [2.0, prior], **changes}


def deep(levels):
    value = expression()
    for i in range(levels):
        value = {"type": "expression", "id": i + 2, "operator": "neg", "operands": [value]}
    return value


@pytest.mark.parametrize(
    "entry",
    [
        expression(operator="eval"),
        expression(operator="__import__('os').system"),
        expression(operator=["*"]),
        expression(operator="neg"),
        expression(operands=[1.0]),
        expression(operands=["nan", 1.0]),
        expression(operands=[{"type": "expression"}, 1.0]),
        expression(operands=["__import__", 1.0]),
        expression(id=[]),
        deep(300),
        deep(sys.getrecursionlimit()),
        {"type": "array model", "shape": [10**9, 10**9], "items": []},
        {"type": "array model", "shape": [2, 2], "items": [1.0]},
        {"type": "array model", "shape": [1], "items": "a"},
        {"type": "array model", "shape": None, "items": []},
        {"type": "array model", "shape": [1], "items": [{"type": "collection", "items": {}}]},
        {"type": "prior", "prior": "Popen", "id": 0},
        {"type": "prior", "prior": "UniformPrior", "id": 0, "lower_limit": 1.0, "upper_limit": 1.0},
        {"type": "object", "class": "os:system", "items": {}},
        {"type": "object", "class": "autogalaxy.inference.instance:ModelInstance", "items": {"__class__": 1}},
        {"type": "collection", "items": {"__init__": 1.0}},
        {"type": "collection", "items": [], "assertions": []},
        {"type": "collection", "items": {}, "assertions": [{"lower": 0.0}]},
        {"type": "collection", "items": {}, "assertions": [{"lower": "a", "upper": 1.0}]},
    ],
)
def test_a_hostile_entry_raises_our_error_and_runs_nothing(entry):
    whole = {"type": "collection", "items": {"a": entry}}

    with pytest.raises(exc.ModelException):
        Collection.from_dict(copy.copy(whole))


def test_the_written_model_is_strict_json(whole):
    written = whole.to_dict()
    assert json.loads(json.dumps(written, allow_nan=False)) == written
