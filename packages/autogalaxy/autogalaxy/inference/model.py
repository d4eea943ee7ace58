"""Composition of a model: which classes, which of their parameters are free, and how a vector becomes objects."""

from __future__ import annotations

import copy
import dataclasses
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_numpy
from autoarray.parameter import Prior, PriorOrder
from autoarray.type import Array, Namespace
from autogalaxy.inference.declared import REQUIRED, Declared, declared_arguments
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.inference.tuple_parameter import TupleParameter, number_or_prior, tuple_from, unknown_name


@dataclasses.dataclass(frozen=True)
class Entry:
    """One leaf of a model: a prior or a constant, the path to it and what its class declares."""

    path: str
    value: Any
    declared: Declared | None


class AbstractModel:
    """What :class:`Model` and :class:`Collection` have in common: named items, walked in the order of declaration."""

    _own: ClassVar[tuple[str, ...]] = ("_items", "_assertions")
    """The attributes of the model itself; every other name is an item."""

    def __init__(self) -> None:
        self._items: dict[str, Any] = {}
        self._assertions: list[PriorOrder] = []

    # ------------------------------------------------------------------ names

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._own:
            object.__setattr__(self, name, value)
        else:
            self._items[name] = self._item_from(name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._items:
            raise unknown_name(name, self._title, list(self._items))
        return self._items[name]

    def __delattr__(self, name: str) -> None:
        if name not in self._items:
            raise unknown_name(name, self._title, list(self._items))
        del self._items[name]

    def __repr__(self) -> str:
        return f"{self._title} with {self.prior_count} free parameters: {', '.join(self._items)}"

    def items(self) -> list[tuple[str, Any]]:
        """Names and what stands there: priors, numbers, tuple parameters, models, fixed objects."""
        return list(self._items.items())

    @property
    @abstractmethod
    def _title(self) -> str:
        raise NotImplementedError

    @abstractmethod
    def _item_from(self, name: str, value: Any) -> Any:
        raise NotImplementedError

    @abstractmethod
    def _declared(self, name: str) -> Declared | None:
        raise NotImplementedError

    @abstractmethod
    def _construct(self, arguments: dict[str, Any], index_of: dict[int, int]) -> Any:
        raise NotImplementedError

    # ------------------------------------------------------------------ the free parameters

    def entries(self, prefix: str = "") -> Iterator[Entry]:
        """Every leaf in the order of declaration; a prior shared by several fields appears once for each."""
        for name, item in self._items.items():
            path = f"{prefix}{name}"
            if isinstance(item, AbstractModel):
                yield from item.entries(prefix=f"{path}.")
            elif isinstance(item, TupleParameter):
                for component, value in item.items():
                    yield Entry(f"{path}.{component}", value, self._declared(name))
            else:
                yield Entry(path, item, self._declared(name))

    def _first_entries(self) -> list[Entry]:
        first: dict[int, Entry] = {}
        for entry in self.entries():
            if isinstance(entry.value, Prior):
                first.setdefault(id(entry.value), entry)
        return list(first.values())

    @property
    def priors(self) -> list[Prior]:
        """The free parameters, each once, in the order of the vector."""
        return [entry.value for entry in self._first_entries()]

    @property
    def paths(self) -> list[str]:
        """Where each free parameter first appears: ``galaxies.lens.mass.einstein_radius``."""
        return [entry.path for entry in self._first_entries()]

    @property
    def units(self) -> list[str]:
        return [entry.declared.unit if entry.declared else "" for entry in self._first_entries()]

    @property
    def prior_count(self) -> int:
        return len(self._first_entries())

    @property
    def total_free_parameters(self) -> int:
        return self.prior_count

    @property
    def linear_indexes(self) -> tuple[int, ...]:
        """Indexes of the parameters in which the image is linear wherever they are used."""
        linear: dict[int, bool] = {}
        for entry in self.entries():
            if isinstance(entry.value, Prior):
                here = entry.declared is not None and entry.declared.linear
                linear[id(entry.value)] = linear.get(id(entry.value), True) and here
        return tuple(i for i, is_linear in enumerate(linear.values()) if is_linear)

    @property
    def assertions(self) -> list[PriorOrder]:
        """Assertions of this model and of the models in it."""
        inner = [a for item in self._items.values() if isinstance(item, AbstractModel) for a in item.assertions]
        return [*self._assertions, *inner]

    def add_assertion(self, assertion: PriorOrder) -> None:
        """Keep to instances in which e.g. ``model.a.x < model.b.x``; others get the resample figure of merit."""
        if not isinstance(assertion, PriorOrder):
            raise exc.ModelException(
                f"add_assertion got {assertion!r}, but wants a comparison of priors: "
                "model.add_assertion(model.a.x < model.b.x)."
            )
        for side in (assertion.lower, assertion.upper):
            if not isinstance(side, Prior):
                number_or_prior("add_assertion", side)
        self._assertions.append(assertion)

    def assertions_hold(self, vector: Array, xp: Namespace = np) -> Any:
        """Whether every assertion holds at ``vector``, a boolean scalar of ``xp``."""
        index_of = self._index_of()
        hold = xp.asarray(True)
        for assertion in self.assertions:
            lower, upper = (self._side(side, vector, index_of) for side in (assertion.lower, assertion.upper))
            hold = xp.logical_and(hold, lower < upper)
        return hold

    def _side(self, side: Prior | float, vector: Array, index_of: dict[int, int]) -> Any:
        if not isinstance(side, Prior):
            return side
        if id(side) not in index_of:
            raise exc.ModelException(
                f"An assertion of the model names {side!r}, which is no longer one of its {len(index_of)} free "
                "parameters. Add assertions after the priors are assigned."
            )
        return vector[index_of[id(side)]]

    # ------------------------------------------------------------------ vectors and instances

    def instance_from_vector(self, vector: Array, xp: Namespace = np) -> Any:
        """The objects of the model for physical parameters ``vector``, ``(p,)``; assertions are not looked at."""
        shape = getattr(vector, "shape", (len(vector),) if hasattr(vector, "__len__") else ())
        if shape != (self.prior_count,):
            raise exc.ModelException(
                f"instance_from_vector got {' x '.join(map(str, shape)) or 'no list of'} values, but the model has "
                f"{self.prior_count} free parameters: "
                f"model.instance_from_vector(vector) takes one for each of {', '.join(self.paths)}."
            )
        if xp is np:
            vector = [float(value) if is_numpy(value) else value for value in vector]
        index_of = self._index_of()
        return self._build({key: vector[i] for key, i in index_of.items()}, index_of)

    def instance_from_unit_vector(self, unit_vector: Array, xp: Namespace = np) -> Any:
        return self.instance_from_vector(self.vector_from_unit_vector(unit_vector, xp=xp), xp=xp)

    def instance_from_prior_medians(self) -> Any:
        return self.instance_from_vector(self.physical_values_from_prior_medians)

    @property
    def physical_values_from_prior_medians(self) -> list[float]:
        return [prior.median for prior in self.priors]

    def vector_from_unit_vector(self, unit_vector: Array, xp: Namespace = np) -> Array:
        """Prior quantiles of a point of the unit cube, ``(..., p) -> (..., p)``."""
        unit = self._columns_from(unit_vector, xp=xp)
        if is_numpy(unit) and not np.all((unit >= 0.0) & (unit <= 1.0)):
            bad = unit[~((unit >= 0.0) & (unit <= 1.0))][0]
            raise exc.ModelException(f"vector_from_unit_vector got {bad}, but wants values from 0 to 1.")
        return self._each(lambda prior, value: prior.value_for(value, xp=xp), unit, xp=xp)

    def unit_vector_from_vector(self, vector: Array, xp: Namespace = np) -> Array:
        """Prior cumulative distributions of physical parameters, ``(..., p) -> (..., p)``."""
        vector = self._columns_from(vector, xp=xp)
        return self._each(lambda prior, value: prior.unit_value_for(value, xp=xp), vector, xp=xp)

    def log_priors_from_vector(self, vector: Array, xp: Namespace = np) -> Array:
        """Log prior density of each parameter, ``(..., p) -> (..., p)``."""
        vector = self._columns_from(vector, xp=xp)
        return self._each(lambda prior, value: prior.log_prior_from_value(value, xp=xp), vector, xp=xp)

    def _each(self, function: Callable[[Prior, Array], Array], values: Array, xp: Namespace = np) -> Array:
        """A function of each prior and its component of ``values``, ``(..., p) -> (..., p)``."""
        if not self.priors:
            return values
        return xp.stack([function(prior, values[..., i]) for i, prior in enumerate(self.priors)], axis=-1)

    def _columns_from(self, vector: Array, xp: Namespace = np) -> Array:
        """``vector`` with one column for each free parameter, ``(..., p)``."""
        columns = xp.asarray(vector, dtype=float)
        if columns.shape[-1:] != (self.prior_count,):
            raise exc.ModelException(
                f"{self._title} got values of shape {tuple(columns.shape)}, but wants (..., {self.prior_count}): one "
                "for each free parameter, see model.info."
            )
        return columns

    def _index_of(self) -> dict[int, int]:
        return {id(prior): i for i, prior in enumerate(self.priors)}

    def _build(self, values: dict[int, Any], index_of: dict[int, int]) -> Any:
        def built(item: Any) -> Any:
            if isinstance(item, Prior):
                return values[id(item)]
            if isinstance(item, TupleParameter):
                return tuple(built(component) for component in item)
            if isinstance(item, AbstractModel):
                return item._build(values, index_of)
            return item

        return self._construct({name: built(item) for name, item in self._items.items()}, index_of)

    # ------------------------------------------------------------------ other models

    def with_priors(self, priors: Sequence[Prior | float]) -> Any:
        """A copy of the model whose free parameters, in order, have these priors, or are fixed at these numbers."""
        old = self.priors
        if len(priors) != len(old):
            raise exc.ModelException(
                f"with_priors got {len(priors)} priors, but the model has {len(old)} free parameters: "
                "model.with_priors([...]) wants one for each."
            )
        return copy.deepcopy(self, {id(prior): new for prior, new in zip(old, priors, strict=True)})

    @property
    def info(self) -> str:
        """A table of every parameter: path, number in the vector, prior or value, unit."""
        from autogalaxy.inference.model_text import info_from

        return info_from(self)

    def to_dict(self) -> dict[str, Any]:
        """The model in plain JSON types."""
        from autogalaxy.inference.model_dict import dict_from

        return dict_from(self)

    @staticmethod
    def from_dict(dictionary: dict[str, Any]) -> Any:
        """The model written by :meth:`to_dict`; only classes that are already imported can be restored."""
        from autogalaxy.inference.model_dict import model_from

        return model_from(dictionary)


class Model(AbstractModel):
    """A class whose constructor's arguments are priors, numbers or other models.

    Fields declared with ``parameter()`` start with a copy of their prior. Any keyword is taken where the constructor
    has ``**kwargs`` (``Model(Galaxy, redshift=0.5, bulge=Sersic)``); classes become models, objects stay fixed.
    """

    _own = (*AbstractModel._own, "cls")

    def __init__(self, cls: type, **overrides: Any) -> None:
        super().__init__()
        if not isinstance(cls, type):
            raise exc.ModelException(f"Model got {cls!r}, but wants a class: Model({type(cls).__name__}, ...).")
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
        field = declared.get(name)
        if field is None:
            _check_free(name, self._title, type(self), self.cls)
            return _composed(name, value)
        if isinstance(field.default, tuple) and field.prior is not None:
            return tuple_from(name, value, len(field.default), self._title)
        if isinstance(value, Prior):
            if not field.may_be_free:
                raise exc.ModelException(
                    f"{self._title} got a prior for {name}, but it is a setting, not a parameter: "
                    f"Model({self.cls.__name__}, {name}={field.default!r})."
                )
            return value
        if field.prior is not None:
            return number_or_prior(name, value)
        return _composed(name, value)

    def _construct(self, arguments: dict[str, Any], index_of: dict[int, int]) -> Any:
        made = self.cls(**arguments)
        ordering = getattr(self.cls, "ordering_parameter", None)
        if ordering in self._items:
            item = self._items[ordering]
            # the order of planes is static and belongs to the model: a traced redshift cannot be sorted
            if isinstance(item, Prior):
                vars(made).update(_traced=(ordering,), _plane_key=(item.median, index_of[id(item)] + 1))
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

    def _construct(self, arguments: dict[str, Any], index_of: dict[int, int]) -> ModelInstance:
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
            f"{title} got the name {name!r}, which it needs itself; wanted one that begins with a letter and is no "
            f"attribute of {' or '.join(owner.__name__ for owner in owners)}: my_{str(name).strip('_')}=...)."
        )


def _composed(name: str, value: Any) -> Any:
    """What stands in a place that no ``parameter()`` declares."""
    if isinstance(value, type):
        return Model(value)
    if isinstance(value, list | dict):
        return Collection(value)
    if isinstance(value, TupleParameter) or (isinstance(value, tuple) and any(isinstance(v, Prior) for v in value)):
        return TupleParameter(name, tuple(value))
    return value
