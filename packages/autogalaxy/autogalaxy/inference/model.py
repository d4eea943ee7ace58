"""Composition of a model: which classes, which of their parameters are free, and how a vector becomes objects."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from autoarray import exc
from autoarray.parameter import Prior
from autoarray.prior_arithmetic import Expression, Operand
from autogalaxy.inference.abstract_model import AbstractModel, Entry, ValuesAt
from autogalaxy.inference.array_model import Array
from autogalaxy.inference.declared import REQUIRED, Declared, declared_arguments
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.inference.tuple_parameter import TupleParameter, number_or_prior, tuple_from, unknown_name

__all__ = ["AbstractModel", "Array", "Collection", "Entry", "Model", "TupleParameter"]


class Model(AbstractModel):
    """A class whose constructor's arguments are priors, numbers or other models.

    Fields declared with ``parameter()`` start with a copy of their prior. Any keyword is taken where the constructor
    has ``**kwargs`` (``Model(Galaxy, redshift=0.5, bulge=Sersic)``); classes become models, objects stay fixed.
    """

    _own = (*AbstractModel._own, "cls")

    def __init__(self, cls: type, **overrides: Any) -> None:
        super().__init__()
        if not isinstance(cls, type):
            raise exc.ModelException(
                f"Model got {exc.shown(cls)}, but wants a class: Model({type(cls).__name__}, ...)."
            )
        self.cls = cls
        declared, _ = declared_arguments(cls)
        for name, item in declared.items():
            if name in overrides or item.default is REQUIRED:
                self._items[name] = REQUIRED  # keeps its place in the order of declaration
            elif item.prior is None:
                self._items[name] = item.default
            elif isinstance(item.default, tuple):
                self._items[name] = TupleParameter(name, [item.prior.copy() for _ in item.default])
            else:
                self._items[name] = item.prior.copy()
        for name, value in overrides.items():
            self._items[name] = self._item_from(name, value)
        if missing := [name for name, item in self._items.items() if item is REQUIRED]:
            raise exc.ModelException(
                f"Model({cls.__name__}) got no {missing[0]}, but wants it: Model({cls.__name__}, {missing[0]}=...)."
            )

    @property
    def _title(self) -> str:
        return f"Model({self.cls.__name__})"

    def _declared(self, name: str) -> Declared | None:
        return declared_arguments(self.cls)[0].get(name)

    def _item_from(self, name: str, value: Any) -> Any:
        declared, takes_any = declared_arguments(self.cls)
        if name not in declared and not takes_any:
            raise unknown_name(name, self._title, list(declared))
        if name == getattr(self.cls, "ordering_parameter", None):
            return number_or_prior(name, value)
        field = declared.get(name)
        if field is None:
            _check_free(name, self._title, type(self), self.cls)
            return _composed(name, value)
        if isinstance(field.default, tuple) and field.prior is not None:
            return tuple_from(name, value, len(field.default), self._title)
        if isinstance(value, Operand | Array):
            if not field.may_be_free:
                raise exc.ModelException(
                    f"{self._title} got a prior for {name}, but it is a setting, not a parameter: "
                    f"Model({self.cls.__name__}, {name}={field.default!r})."
                )
            if isinstance(value, Operand) or not isinstance(field.default, float | int):
                return value
        if field.prior is not None:
            return number_or_prior(name, value)
        return _composed(name, value)

    def _construct(self, arguments: dict[str, Any], at: ValuesAt) -> Any:
        made = self.cls(**arguments)
        ordering = getattr(self.cls, "ordering_parameter", None)
        if ordering in self._items:
            item = self._items[ordering]
            # the order of planes is static and belongs to the model: a traced redshift cannot be sorted
            if isinstance(item, Prior | Expression):
                vars(made).update(_traced=(ordering,), _plane_key=(item.median, at.number_of(item) + 1))
            else:
                vars(made).update(_plane_key=(float(item), 0))
        return made


class Collection(AbstractModel):
    """Models by name, or by position (``collection[0]``); its instance iterates over theirs."""

    def __init__(self, *models: Any, **named: Any) -> None:
        super().__init__()
        only = models[0] if len(models) == 1 else None
        if isinstance(only, dict):
            models, named = (), {**only, **named}
        for model in only if isinstance(only, list | tuple) else models:
            self.append(model)
        for name, value in named.items():
            self._items[name] = self._item_from(name, value)

    @property
    def _title(self) -> str:
        return "Collection"

    def append(self, value: Any) -> None:
        """Add an item under the next number, above that of every item."""
        numbers = [int(name) + 1 for name in self._items if name.isdecimal()]
        setattr(self, str(max(len(self._items), *numbers, 0)), value)

    def __getitem__(self, key: int | str) -> Any:
        if isinstance(key, int):
            return list(self._items.values())[key]
        return getattr(self, key)

    def __setitem__(self, key: int | str, value: Any) -> None:
        name = list(self._items)[key] if isinstance(key, int) else key
        self._items[name] = self._item_from(name, value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: Any) -> bool:
        return item in self._items or any(item is value for value in self._items.values())

    def _declared(self, name: str) -> Declared | None:
        return None

    def _item_from(self, name: str, value: Any) -> Any:
        _check_free(name, self._title, type(self), ModelInstance)
        return _composed(name, value)

    def _construct(self, arguments: dict[str, Any], at: ValuesAt) -> ModelInstance:
        return ModelInstance(arguments)


def _check_free(name: Any, title: str, *owners: type) -> None:
    """Raise where an item named ``name`` would hide, or be hidden by, what the model or its instance needs itself."""
    if (
        not isinstance(name, str)
        or name.startswith("_")
        or name == "cls"
        or any(hasattr(owner, name) for owner in owners)
    ):
        raise exc.ModelException(
            f"{title} got the name {exc.shown(name)}, which it needs itself; wanted one that begins with a "
            f"letter and is no "
            f"attribute of {' or '.join(owner.__name__ for owner in owners)}: my_{str(name).strip('_')}=...)."
        )


def _composed(name: str, value: Any) -> Any:
    """What stands in a place that no ``parameter()`` declares."""
    if isinstance(value, float) and not math.isfinite(value):
        raise exc.ModelException(f"{name} got {value}, wanted a finite number, a prior or a model.")
    if isinstance(value, type):
        return Model(value)
    if isinstance(value, list | dict):
        return Collection(value)
    if isinstance(value, tuple) and any(isinstance(v, AbstractModel | type) for v in value):
        return Collection(value)
    if isinstance(value, TupleParameter) or (isinstance(value, tuple) and any(isinstance(v, Operand) for v in value)):
        return TupleParameter(name, tuple(value))
    return value
