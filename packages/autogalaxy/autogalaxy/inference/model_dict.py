"""Models as plain JSON types. Reading looks classes up among those already imported and never imports or runs any."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree
from autoarray.parameter import (
    GaussianPrior,
    LogGaussianPrior,
    LogUniformPrior,
    Prior,
    PriorOrder,
    TruncatedGaussianPrior,
    UniformPrior,
)
from autoarray.prior_arithmetic import Expression
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.inference.model import AbstractModel, Array, Collection, Model
from autogalaxy.inference.tuple_parameter import TupleParameter

PRIORS: dict[str, type[Prior]] = {
    cls.__name__: cls
    for cls in (UniformPrior, LogUniformPrior, GaussianPrior, TruncatedGaussianPrior, LogGaussianPrior)
}


def known_classes() -> dict[str, type]:
    """Every imported class that a model may be made of, by ``module:name``."""
    found: dict[str, type] = {}
    waiting: list[type] = [InstancePytree]
    while waiting:
        cls = waiting.pop()
        found.setdefault(_key_of(cls), cls)
        waiting.extend(cls.__subclasses__())
    return found


def _key_of(cls: type) -> str:
    return f"{cls.__module__}:{cls.__qualname__}"


def _class_from(key: Any) -> type:
    known = known_classes()
    if key in known:
        return known[key]
    name = str(key).rpartition(":")[2]  # a class that moved to another module keeps its name
    same_name = [cls for known_key, cls in known.items() if known_key.rpartition(":")[2] == name]
    if len(same_name) == 1:
        return same_name[0]
    raise exc.ModelException(
        f"The model file names the class {exc.shown(key)}, but {len(same_name)} imported classes have that name. "
        "Import the module that defines it before Model.from_dict(dictionary)."
    )


# ---------------------------------------------------------------------- writing


def dict_from(model: AbstractModel) -> dict[str, Any]:
    """``model`` as dictionaries, lists, strings and numbers; a shared prior or expression keeps its ``id``."""
    ids = {id(prior): i for i, prior in enumerate(model.priors)}
    return _model_dict(model, ids, path="")


def _model_dict(model: AbstractModel, ids: dict[int, int], path: str) -> dict[str, Any]:
    items = {name: _written(item, ids, f"{path}{name}") for name, item in model.items()}
    written: dict[str, Any] = {"type": "collection", "items": items}
    if isinstance(model, Model):
        written = {"type": "model", "class": _key_of(model.cls), "items": items}
    if isinstance(model, Array):
        written = {"type": "array model", "shape": list(model.shape), "items": list(items.values())}
    if model._assertions:
        written["assertions"] = [_assertion_dict(assertion, ids, path) for assertion in model._assertions]
    return written


def _assertion_dict(assertion: PriorOrder, ids: dict[int, int], path: str) -> dict[str, Any]:
    written = {side: _written(getattr(assertion, side), ids, path) for side in ("lower", "upper")}
    written |= {} if assertion.strict else {"strict": False}
    return written if assertion.name is None else {**written, "name": assertion.name}


def _written(item: Any, ids: dict[int, int], path: str) -> Any:
    if isinstance(item, Prior):
        numbers = {f.name: _number(getattr(item, f.name)) for f in dataclasses.fields(item)}  # type: ignore[arg-type]
        return {"type": "prior", "prior": type(item).__name__, "id": ids.setdefault(id(item), len(ids)), **numbers}
    if isinstance(item, Expression):
        operands = [_written(operand, ids, path) for operand in item.operands]
        number = ids.setdefault(id(item), len(ids))
        return {"type": "expression", "id": number, "operator": item.operator, "operands": operands}
    if isinstance(item, AbstractModel):
        return _model_dict(item, ids, f"{path}.")
    if isinstance(item, TupleParameter):
        return {"type": "tuple", "items": [_written(component, ids, path) for component in item]}
    if item is None or isinstance(item, str | bool | int):
        return item
    if isinstance(item, float | np.number):
        return _number(float(item))
    if isinstance(item, tuple | list):
        return [_written(value, ids, path) for value in item]
    if isinstance(item, np.ndarray):
        return {"type": "array", "values": item.tolist()}
    if isinstance(item, InstancePytree):
        return _object_dict(item, ids, path)
    raise exc.ModelException(
        f"{path} holds {exc.shown(item)}, which cannot be written as JSON. A model that is written wants "
        f"numbers, priors, "
        "models and profiles: model.to_dict()."
    )


def _object_dict(item: InstancePytree, ids: dict[int, int], path: str) -> dict[str, Any]:
    if dataclasses.is_dataclass(item):
        attributes = {f.name: getattr(item, f.name) for f in dataclasses.fields(item) if f.init}
    else:
        attributes = {name: value for name, value in vars(item).items() if not name.startswith("_")}
    written = {name: _written(value, ids, f"{path}.{name}") for name, value in attributes.items()}
    return {"type": "object", "class": _key_of(type(item)), "items": written}


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)  # strict JSON has no infinity


# ---------------------------------------------------------------------- reading


def model_from(dictionary: dict[str, Any]) -> Any:
    """The model that :func:`dict_from` wrote."""
    if not isinstance(dictionary, dict) or dictionary.get("type") not in ("model", "collection"):
        raise exc.ModelException(
            f"A model file wants a dictionary of type 'model' or 'collection', but this is {str(dictionary)[:80]!r}. "
            "Write one with model.to_dict()."
        )
    try:
        return _read(dictionary, {})
    except exc.ModelException:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        raise exc.ModelException(
            f"The model file is damaged ({type(error).__name__}: {str(error)[:300]}). "
            "Write it anew with model.to_dict()."
        ) from error


def model_from_json(path: Path) -> Any:
    """The model in the file at ``path``."""
    try:
        return model_from(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise exc.ModelException(f"There is no file {path}. Write a model with model.to_json(path).") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise exc.ModelException(
            f"{path} holds no model ({type(error).__name__}). Write one with model.to_json(path)."
        ) from None


def _read(item: Any, priors: dict[int, Any]) -> Any:
    if isinstance(item, list):
        return tuple(_read(value, priors) for value in item)
    if not isinstance(item, dict):
        return float(item) if item in ("inf", "-inf", "nan") else item
    kind = item.get("type")
    if kind == "prior":
        return _read_prior(item, priors)
    if kind == "tuple":
        return tuple(_read(value, priors) for value in item["items"])
    if kind == "array":
        return np.array(item["values"], dtype=float)
    if kind == "expression":
        if item["id"] not in priors:
            operands = tuple(_read(operand, priors) for operand in item["operands"])
            priors[item["id"]] = Expression(item["operator"], operands)
        return priors[item["id"]]
    if kind not in ("model", "collection", "object", "array model"):
        raise exc.ModelException(
            f"The model file holds an entry of unknown type {str(kind)[:80]!r}. Write it with model.to_dict()."
        )
    return _read_object(item, priors) if kind == "object" else _read_model(item, priors)


def _read_object(item: dict[str, Any], priors: dict[int, Any]) -> Any:
    items = {name: _read(value, priors) for name, value in item["items"].items()}
    cls = _class_from(item["class"])
    if private := [name for name in items if name.startswith("_")]:
        raise exc.ModelException(
            f"The model file names {exc.shown(private[0])} of a {cls.__name__}, which is not to be set."
        )
    return ModelInstance(items) if cls is ModelInstance else cls(**items)


def _read_model(item: dict[str, Any], priors: dict[int, Any]) -> AbstractModel:
    model: AbstractModel
    if item["type"] == "array model":
        model = array = Array(item["shape"])
        if not isinstance(item["items"], list):
            raise exc.ModelException("The model file holds an array without a list of its elements.")
        array.set_elements([_read(value, priors) for value in item["items"]])
    else:
        items = {name: _read(value, priors) for name, value in item["items"].items()}
        model = Collection(**items) if item["type"] == "collection" else Model(_class_from(item["class"]), **items)
    for assertion in item.get("assertions", ()):
        lower, upper = (_read(assertion[side], priors) for side in ("lower", "upper"))
        order = PriorOrder(lower, upper, strict=bool(assertion.get("strict", True)))
        model.add_assertion(order, name=assertion.get("name"))
    return model


def _read_prior(item: dict[str, Any], priors: dict[int, Any]) -> Prior:
    if item["id"] not in priors:
        if item["prior"] not in PRIORS:
            raise exc.ModelException(
                f"The model file names the prior {item['prior']!r}, but wants one of {list(PRIORS)}."
            )
        numbers = {name: _read(value, {}) for name, value in item.items() if name not in ("type", "prior", "id")}
        priors[item["id"]] = PRIORS[item["prior"]](**numbers)
    return priors[item["id"]]
