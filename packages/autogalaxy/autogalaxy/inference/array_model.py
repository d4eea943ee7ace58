"""A model of a NumPy array whose elements are priors, expressions or numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_numpy, namespace_from
from autoarray.parameter import Prior
from autoarray.prior_arithmetic import Operand
from autogalaxy.inference.abstract_model import AbstractModel, ValuesAt
from autogalaxy.inference.declared import Declared
from autogalaxy.inference.tuple_parameter import number_or_prior, unknown_name

LARGEST_ARRAY = 10_000
"""Most elements: each may be a free parameter, and no search knows what to do with more."""


class Array(AbstractModel):
    """A model of an array: ``array[0, 1] = prior``, and slices like those of NumPy; an array in the instance.

    Parameters
    ----------
    shape
        One length for each axis, or a number for one axis.
    prior
        Copied for every element, so that each is a free parameter; without it the elements are zero.
    """

    _own = (*AbstractModel._own, "_shape")

    def __init__(self, shape: int | Sequence[int], prior: Prior | None = None) -> None:
        super().__init__()
        self._shape = _checked_shape(shape)
        if prior is not None and not isinstance(prior, Prior):
            raise exc.ModelException(
                f"Array got prior={exc.shown(prior)}, but wants a prior or None: Array((3, 3), "
                f"prior=aa.UniformPrior(0.0, 1.0))."
            )
        for index in np.ndindex(self._shape):
            self._items[_name_of(index)] = 0.0 if prior is None else prior.copy()

    @property
    def shape(self) -> tuple[int, ...]:
        return self._shape

    @property
    def ndim(self) -> int:
        return len(self._shape)

    @property
    def size(self) -> int:
        return math.prod(self._shape)

    def __len__(self) -> int:
        return self._shape[0]

    def __getitem__(self, key: Any) -> Any:
        """The prior or number of an element, an object array of them for a slice."""
        return self._elements[self._places(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        """Set an element, or those of a slice; one prior for several elements is one parameter they share."""
        places = np.atleast_1d(np.arange(self.size).reshape(self._shape)[self._places(key)])
        several = isinstance(value, list | tuple | np.ndarray)
        values = np.empty(np.shape(value) if several else (), dtype=object)
        values[...] = value
        try:
            values = np.broadcast_to(values, places.shape)
        except ValueError:
            raise exc.ModelException(
                f"{self._title}[{exc.shown(key)}] has the shape {places.shape}, but got values of shape "
                f"{values.shape}: "
                "array[0, 1] = aa.UniformPrior(0.0, 1.0), or array[0] = 1.0 for a row."
            ) from None
        all_names = list(self._items)
        names = [all_names[place] for place in places.flat]
        self._items |= {name: number_or_prior(name, v) for name, v in zip(names, values.flat, strict=True)}

    def set_elements(self, values: Sequence[Any]) -> None:
        """Set every element, in the order of the flattened array."""
        if len(values) != self.size:
            raise exc.ModelException(f"{self._title} got {len(values)} values, but wants {self.size}.")
        self._items = {name: number_or_prior(name, v) for name, v in zip(self._items, values, strict=True)}

    @property
    def _elements(self) -> np.ndarray:
        elements = np.empty(self.size, dtype=object)
        elements[:] = list(self._items.values())
        return elements.reshape(self._shape)

    def _places(self, key: Any) -> Any:
        try:
            np.empty(self._shape, dtype=bool)[key]
        except (IndexError, TypeError, ValueError):
            example = ", ".join("0" * self.ndim)
            raise exc.ModelException(
                f"{self._title} got the index {exc.shown(key)}, but wants one inside its shape {self._shape}: "
                f"array[{example}]."
            ) from None
        return key

    @property
    def _title(self) -> str:
        return f"Array({' x '.join(map(str, self._shape))})"

    def __delattr__(self, name: str) -> None:
        raise exc.ModelException(f"{self._title} cannot lose {name}; fix it with array[...] = 0.0.")

    def _item_from(self, name: str, value: Any) -> Any:
        if name not in self._items:
            raise unknown_name(name, self._title, list(self._items)[:9])
        return number_or_prior(name, value)

    def _declared(self, name: str) -> Declared | None:
        return None

    def _build(self, at: ValuesAt) -> Any:
        items = list(self._items.values())
        free = [item for item in items if isinstance(item, Operand)]
        if not free or not all(isinstance(item, Prior) for item in free) or is_numpy(at.of(free[0])):
            return super()._build(at)
        xp = namespace_from(use_jax=True)
        places = np.array([at.index_of[id(item)] if isinstance(item, Prior) else -1 for item in items])
        fixed = np.array([0.0 if isinstance(item, Prior) else item for item in items], dtype=float)
        taken = xp.asarray(at.vector)[np.maximum(places, 0)]  # one gather, not a slice for each element
        return xp.where(places >= 0, taken, fixed).reshape(self._shape)

    def _construct(self, arguments: dict[str, Any], at: ValuesAt) -> Any:
        elements = list(arguments.values())
        if all(map(is_numpy, elements)):
            return np.array(elements, dtype=float).reshape(self._shape)
        xp = namespace_from(use_jax=True)
        return xp.stack([xp.asarray(element, dtype=float) for element in elements]).reshape(self._shape)


def _name_of(index: tuple[int, ...]) -> str:
    return "_".join(["element", *map(str, index)])


def _checked_shape(shape: Any) -> tuple[int, ...]:
    lengths = (shape,) if isinstance(shape, int) else tuple(shape) if isinstance(shape, list | tuple) else ()
    are_lengths = all(isinstance(n, int | np.integer) and not isinstance(n, bool) and n >= 1 for n in lengths)
    if not lengths or len(lengths) > 8 or not are_lengths or math.prod(map(int, lengths)) > LARGEST_ARRAY:
        raise exc.ModelException(
            f"Array got shape={str(shape)[:80]}, but wants one to eight lengths of at least 1 and at most "
            f"{LARGEST_ARRAY} elements: Array((3, 3), prior=aa.UniformPrior(0.0, 1.0))."
        )
    return tuple(map(int, lengths))
