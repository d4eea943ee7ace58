"""What every part of a model can do: list its free parameters, and become an instance at a vector."""

from __future__ import annotations

import copy
import dataclasses
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_held_by_jax, is_numpy
from autoarray.concrete import real_array_from
from autoarray.parameter import Prior, PriorOrder
from autoarray.prior_arithmetic import Expression, Operand, priors_of, value_of
from autoarray.type import Array, Namespace
from autogalaxy.inference.declared import Declared
from autogalaxy.inference.tuple_parameter import TupleParameter, folded, unknown_name


@dataclasses.dataclass(frozen=True)
class Entry:
    """One leaf of a model: a prior, an expression or a constant, the path to it and what its class declares."""

    path: str
    value: Any
    declared: Declared | None


class _ValuesById(dict[int, Any]):
    """Components of a vector by ``id`` of their prior, taken from it when they are first asked for."""

    def __init__(self, vector: Any, index_of: dict[int, int]) -> None:
        super().__init__()
        self._vector, self._index_of = vector, index_of

    def __missing__(self, key: int) -> Any:
        value = self[key] = self._vector[self._index_of[key]]
        return value


class ValuesAt:
    """What the leaves of a model are at one vector; an expression that stands in several places is computed once."""

    def __init__(self, vector: Any, index_of: dict[int, int]) -> None:
        self.vector = vector
        self.index_of = index_of
        self.values = _ValuesById(vector, self.index_of)

    def of(self, item: Any) -> Any:
        return value_of(item, self.values)

    def number_of(self, item: Operand) -> int:
        """A number of its own for each prior, in the order of the vector, and for each expression after them."""
        return self.index_of.setdefault(id(item), len(self.index_of))


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
    def _construct(self, arguments: dict[str, Any], at: ValuesAt) -> Any:
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

    @property
    def free_entries(self) -> list[Entry]:
        """The entry of each free parameter; of one that stands in expressions alone, a path below the first of them."""
        entries = list(self.entries())
        first: dict[int, Entry] = {}
        for entry in entries:
            if isinstance(entry.value, Prior):
                first.setdefault(id(entry.value), entry)
        placed: dict[int, Entry] = {}
        for entry in entries:
            if isinstance(entry.value, Prior):
                placed.setdefault(id(entry.value), entry)
            elif isinstance(entry.value, Expression):
                inner = [prior for prior in priors_of(entry.value) if id(prior) not in first]
                for i, prior in enumerate(inner):
                    placed.setdefault(id(prior), Entry(f"{entry.path}.prior_{i}", prior, None))
        return list(placed.values())

    @property
    def priors(self) -> list[Prior]:
        """The free parameters, each once, in the order of the vector."""
        return [entry.value for entry in self.free_entries]

    @property
    def paths(self) -> list[str]:
        """Where each free parameter first appears: ``galaxies.lens.mass.einstein_radius``."""
        return [entry.path for entry in self.free_entries]

    @property
    def units(self) -> list[str]:
        return [entry.declared.unit if entry.declared else "" for entry in self.free_entries]

    @property
    def prior_count(self) -> int:
        return len(self.free_entries)

    @property
    def total_free_parameters(self) -> int:
        return self.prior_count

    @property
    def linear_indexes(self) -> tuple[int, ...]:
        """Indexes of the parameters in which the image is linear wherever they are used; not those in an expression."""
        linear = {id(prior): False for prior in self.priors}
        linear |= {id(e.value): True for e in self.entries() if isinstance(e.value, Prior)}
        for entry in self.entries():
            if entry.declared is None or not entry.declared.linear or isinstance(entry.value, Expression):
                linear |= {id(prior): False for prior in priors_of(entry.value)}
        return tuple(i for i, is_linear in enumerate(linear.values()) if is_linear)

    @property
    def assertions(self) -> list[PriorOrder]:
        """Assertions of this model and of the models in it."""
        inner = [a for item in self._items.values() if isinstance(item, AbstractModel) for a in item.assertions]
        return [*self._assertions, *inner]

    def add_assertion(self, assertion: PriorOrder, name: str | None = None) -> None:
        """Keep to instances in which e.g. ``model.a.x < model.b.x``; others get the resample figure of merit.

        Either side may be a number or an expression, ``model.a.x + model.b.x <= 1.0``; ``name`` is what messages say.
        """
        if not isinstance(assertion, PriorOrder):
            raise exc.ModelException(
                f"add_assertion got {exc.shown(assertion)}, but wants a comparison of priors: "
                "model.add_assertion(model.a.x < model.b.x). Two that are equal are one prior: model.b.x = model.a.x."
            )
        self._assertions.append(assertion if name is None else dataclasses.replace(assertion, name=str(name)))

    def assertions_hold(self, vector: Array, xp: Namespace = np) -> Any:
        """Whether every assertion holds and every quotient of priors is finite, booleans, ``(..., p) -> (...)``."""
        quotients = [e.value for e in self.entries() if isinstance(e.value, Expression) and e.value.can_be_infinite]
        vector = xp.asarray(vector, dtype=float)
        if not (quotients or self.assertions):
            return xp.ones(vector.shape[:-1], dtype=bool)
        at = ValuesAt(xp.moveaxis(vector, -1, 0), self._index_of())
        hold = self._assertions_at(at) + [xp.isfinite(at.of(quotient)) for quotient in quotients]
        return xp.all(xp.stack([xp.broadcast_to(each, vector.shape[:-1]) for each in hold]), axis=0)

    def assertions_each(self, vector: Array, xp: Namespace = np) -> list[Any]:
        """Whether each of :attr:`assertions` holds at ``vector``, ``(..., p)``."""
        return self._assertions_at(ValuesAt(xp.moveaxis(xp.asarray(vector, dtype=float), -1, 0), self._index_of()))

    def _assertions_at(self, at: ValuesAt) -> list[Any]:
        for assertion in self.assertions:
            for prior in assertion.priors:
                if id(prior) not in at.index_of:
                    raise exc.ModelException(
                        f"An assertion of the model names {exc.shown(prior)}, which is no longer one of its "
                        f"{self.prior_count} "
                        "free parameters. Add assertions after the priors are assigned."
                    )
        return [assertion.holds(at.values) for assertion in self.assertions]

    # ------------------------------------------------------------------ vectors and instances

    def instance_from_vector(self, vector: Array, xp: Namespace = np) -> Any:
        """The objects of the model for physical parameters ``vector``, ``(p,)``; assertions are not looked at."""
        vector = _sized(vector)
        shape = getattr(vector, "shape", (len(vector),) if hasattr(vector, "__len__") else ())
        index_of = self._index_of()
        if shape != (len(index_of),):
            raise exc.ModelException(
                f"instance_from_vector got {' x '.join(map(str, shape)) or 'no list of'} values, but the model has "
                f"{len(index_of)} free parameters: "
                f"model.instance_from_vector(vector) takes one for each of {', '.join(self.paths)}."
            )
        if xp is np:
            vector = [float(value) if is_numpy(value) else value for value in vector]
        return self._build(ValuesAt(vector, index_of))

    def instance_from_unit_vector(self, unit_vector: Array, xp: Namespace = np) -> Any:
        return self.instance_from_vector(self.vector_from_unit_vector(unit_vector, xp=xp), xp=xp)

    def instance_from_prior_medians(self) -> Any:
        return self.instance_from_vector(self.physical_values_from_prior_medians)

    @property
    def physical_values_from_prior_medians(self) -> list[float]:
        return [prior.median for prior in self.priors]

    def vector_from_unit_vector(self, unit_vector: Array, xp: Namespace = np) -> Array:
        """Prior quantiles of a point of the unit cube, ``(..., p) -> (..., p)``."""
        unit = _columns_from(unit_vector, xp=xp)
        if is_numpy(unit) and not np.all((unit >= 0.0) & (unit <= 1.0)):
            bad = unit[~((unit >= 0.0) & (unit <= 1.0))][0]
            raise exc.ModelException(f"vector_from_unit_vector got {bad}, but wants values from 0 to 1.")
        return self._each(lambda prior, value: prior.value_for(value, xp=xp), unit, xp=xp)

    def unit_vector_from_vector(self, vector: Array, xp: Namespace = np) -> Array:
        """Prior cumulative distributions of physical parameters, ``(..., p) -> (..., p)``."""
        return self._each(lambda prior, value: prior.unit_value_for(value, xp=xp), vector, xp=xp)

    def log_priors_from_vector(self, vector: Array, xp: Namespace = np) -> Array:
        """Log prior density of each parameter, ``(..., p) -> (..., p)``."""
        return self._each(lambda prior, value: prior.log_prior_from_value(value, xp=xp), vector, xp=xp)

    def _each(self, function: Callable[[Prior, Array], Array], values: Array, xp: Namespace = np) -> Array:
        """A function of each prior and its component of ``values``, ``(..., p) -> (..., p)``."""
        columns = _columns_from(values, xp=xp)
        priors = self.priors
        if columns.shape[-1:] != (len(priors),):
            raise exc.ModelException(
                f"{self._title} got values of shape {tuple(columns.shape)}, but wants (..., {len(priors)}): one "
                "for each free parameter, see model.info."
            )
        if not priors:
            return columns
        return xp.stack([function(prior, columns[..., i]) for i, prior in enumerate(priors)], axis=-1)

    def _index_of(self) -> dict[int, int]:
        return {id(prior): i for i, prior in enumerate(self.priors)}

    def _build(self, at: ValuesAt) -> Any:
        def built(item: Any) -> Any:
            if isinstance(item, AbstractModel):
                return item._build(at)
            if isinstance(item, TupleParameter):
                return tuple(at.of(component) for component in item)
            return at.of(item)

        return self._construct({name: built(item) for name, item in self._items.items()}, at)

    # ------------------------------------------------------------------ other models

    def with_priors(self, priors: Sequence[Prior | float]) -> Any:
        """A copy of the model whose free parameters, in order, have these priors, or are fixed at these numbers."""
        old = self.priors
        if len(priors) != len(old):
            raise exc.ModelException(
                f"with_priors got {len(priors)} priors, but the model has {len(old)} free parameters: "
                "model.with_priors([...]) wants one for each."
            )
        new = copy.deepcopy(self, {id(prior): new for prior, new in zip(old, priors, strict=True)})
        new._fold_constants()
        return new

    def _fold_constants(self) -> None:
        """Numbers in place of expressions without a prior, and no assertion that holds whatever the vector is."""
        for name, item in self._items.items():
            if isinstance(item, AbstractModel):
                item._fold_constants()
            elif isinstance(item, TupleParameter):
                item.fold_constants()
            else:
                self._items[name] = folded(item)
        self._assertions = [a for a in self._assertions if a.priors or not bool(a.holds({}))]

    def fixed_at(self, values: Any, only: Any = None) -> Any:
        """A copy of the model in which free parameters are fixed; this model stays as it is.

        Parameters
        ----------
        values
            A vector ``(p,)``, ``{path: number}``, an instance of the model, or a ``Result`` or ``Samples`` of it.
        only
            What is fixed, everything where not given: paths (``"galaxies.lens.mass"``), parts of the model or priors.
        """
        from autogalaxy.inference.subsets import fixed_at

        return fixed_at(self, values, only)

    def free_only(self, free: Any, values: Any = None) -> Any:
        """A copy in which the parameters of ``free`` stay free, all others are fixed at ``values``; see ``fixed_at``.

        Without ``values`` they are fixed at the medians of their priors.
        """
        from autogalaxy.inference.subsets import free_only

        return free_only(self, free, values)

    @property
    def info(self) -> str:
        """A table of every parameter by component, with priors, expressions and units, and of what is asserted."""
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

    def to_json(self, path: str | Path) -> None:
        """Write the model to a file."""
        from autogalaxy.inference.output import write_json

        write_json(Path(path), self.to_dict())

    @staticmethod
    def from_json(path: str | Path) -> Any:
        """The model in a file written by :meth:`to_json`; nothing in the file can run code."""
        from autogalaxy.inference.model_dict import model_from_json

        return model_from_json(Path(path))


def _sized(vector: Any) -> Any:
    """Lists and arrays as they are, numbers of anything else."""
    if vector is None or isinstance(vector, list | tuple | np.ndarray) or is_held_by_jax(vector):
        return vector
    return _columns_from(vector)


def _columns_from(values: Array, xp: Namespace = np) -> Array:
    """Numbers of a vector or of several; what JAX holds is not looked at."""
    if xp is not np or is_held_by_jax(values):
        return xp.asarray(values, dtype=float)
    numbers = real_array_from(values)
    if numbers is None:
        raise exc.ModelException(f"got {exc.shown(values)}, but wants one number for each free parameter: [0.5, ...].")
    return numbers
