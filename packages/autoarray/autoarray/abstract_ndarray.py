"""Arrays that know what they are, and the one registry that lets them and composite objects cross ``jax.jit``.

Classes are *declared* without JAX, when they are defined. The declarations are *activated* all at once, when an object
is built with ``xp=jnp``, when an ``Analysis(use_jax=True)`` is constructed, or when an object of a declared class is
created while JAX is loaded. An object older than ``import jax`` that is passed to a user's own ``jax.jit`` with nothing
activated since then is the one hole: call ``activate_pytrees()``.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, ClassVar

import numpy as np

from autoarray import exc
from autoarray.type import Array, ArrayLike, Namespace

_declared: dict[type, tuple[str, ...] | Callable[[type], tuple[str, ...]]] = {}
_active: set[type] = set()

_ALWAYS_STATIC = ("_traced", "_plane_key")


def jax_is_loaded() -> bool:
    """Whether JAX was imported by somebody; a blocked ``jax`` leaves ``None`` in ``sys.modules``."""
    return getattr(sys.modules.get("jax"), "tree_util", None) is not None


def is_traced(value: Any) -> bool:
    """Whether ``value`` is a tracer of JAX, which has no number to be validated."""
    if not jax_is_loaded():
        return False
    return isinstance(value, sys.modules["jax"].core.Tracer)


def is_numpy(array: Any) -> bool:
    """Whether ``array`` is held by NumPy (a Python number counts)."""
    return isinstance(array, np.ndarray | np.generic | float | int)


def is_concrete_number(value: Any) -> bool:
    """Whether ``value`` is one number that can be looked at: neither a tracer nor a placeholder of a pytree."""
    return isinstance(value, int | float | np.number)


def is_held_by_jax(value: Any) -> bool:
    """Whether ``value`` is an array or a tracer of JAX."""
    return jax_is_loaded() and isinstance(value, sys.modules["jax"].Array)


def namespace_from(use_jax: bool) -> Namespace:
    """``jax.numpy`` or ``numpy``; the only place where a stored ``use_jax`` becomes a module."""
    if not use_jax:
        return np
    try:
        import jax.numpy as jnp
    except ImportError as error:
        raise exc.BackendException(
            "use_jax=True needs JAX, which is not installed. Install it with: pip install 'autolens-xp[jax]'"
        ) from error
    return jnp


class Static:
    """Hashable stand-in for a constant in the auxiliary data of a pytree.

    JAX compares auxiliary data with ``==``, which is no bool for an array. Plain values are compared by value, an
    object that offers ``static_key`` by that key (so that an equal copy costs no retrace), anything else by identity.
    """

    __slots__ = ("key", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        static_key = getattr(value, "static_key", None)
        if static_key is not None:
            self.key: Any = ("key", static_key)
        elif _is_plain(value):
            self.key = ("value", type(value), value)
        else:
            self.key = ("id", id(value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Static) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"Static({self.value!r})"


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(v) for v in value)
    return value is None or isinstance(value, bool | int | float | str)


def _names_of(obj: Any, no_flatten: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the attributes that are leaves, and of those that are static."""
    attributes = vars(obj)
    freed = attributes.get("_traced", ())
    leaves = tuple(n for n in sorted(attributes) if (n not in no_flatten or n in freed) and n not in _ALWAYS_STATIC)
    return leaves, tuple(n for n in sorted(attributes) if n not in leaves)


def _activate(cls: type) -> None:
    """Register ``cls`` with JAX, once."""
    if cls in _active:
        return
    _active.add(cls)
    import jax.tree_util as tree_util

    declared = _declared[cls]
    no_flatten = declared(cls) if callable(declared) else declared
    not_carried = cls._not_carried if issubclass(cls, AbstractNDArray) else ()

    def flatten(obj: Any) -> tuple[tuple, tuple]:
        leaves, static = _names_of(obj, no_flatten)
        static = tuple(n for n in static if n not in not_carried)
        values = vars(obj)
        return tuple(_child(values[n]) for n in leaves), (leaves, tuple((n, Static(values[n])) for n in static))

    def flatten_with_keys(obj: Any) -> tuple[tuple, tuple]:
        children, aux = flatten(obj)
        return tuple((tree_util.GetAttrKey(n), c) for n, c in zip(aux[0], children, strict=True)), aux

    def unflatten(aux: tuple, children: Any) -> Any:
        obj: Any = object.__new__(cls)  # __init__ would validate or convert what are tracers or placeholders here
        vars(obj).update(zip(aux[0], children, strict=True))
        vars(obj).update((name, static.value) for name, static in aux[1])
        return obj

    tree_util.register_pytree_with_keys(cls, flatten_with_keys, unflatten, flatten)


def _child(value: Any) -> Any:
    """A leaf as it travels; a :class:`Deferred` value is computed now, because a function cannot travel."""
    return value.resolve() if isinstance(value, Deferred) else value


class Deferred:
    """A value that is computed when it is first asked for, and at the latest when it crosses ``jax.jit``."""

    __slots__ = ("_compute", "_value")

    def __init__(self, compute: Callable[[], Any]) -> None:
        self._compute: Callable[[], Any] | None = compute
        self._value: Any = None

    def resolve(self) -> Any:
        if self._compute is not None:
            self._value, self._compute = self._compute(), None
        return self._value

    def __deepcopy__(self, memo: dict) -> Any:
        return copy.deepcopy(self.resolve(), memo)

    def __reduce__(self) -> tuple:
        return _resolved, (self.resolve(),)


def _resolved(value: Any) -> Any:
    return value


def register_instance_pytree(cls: type, no_flatten: tuple[str, ...] | Callable[[type], tuple[str, ...]] = ()) -> None:
    """Declare that objects of ``cls`` are pytrees whose ``__dict__`` is flattened, ``no_flatten`` names excepted.

    Idempotent. Names in ``no_flatten`` (dataset, settings, cosmology...) ride in the auxiliary data, wrapped in
    :class:`Static`; for a class that is declared already they are added to its own, before its first use under JAX.
    """
    before = _declared.get(cls)
    if before is None:
        _declared[cls] = no_flatten
    elif not callable(no_flatten):
        known = before(cls) if callable(before) else before
        if new := set(no_flatten) - set(known):
            if cls in _active:
                raise exc.BackendException(
                    f"{cls.__name__} is registered with JAX already, without no_flatten={sorted(new)}; call "
                    "register_instance_pytree right after the class is defined, or set its attribute no_flatten."
                )
            _declared[cls] = (*known, *sorted(new))
    if jax_is_loaded():
        _activate(cls)


def _register_as_pytree(cls: type) -> None:
    """Register a subclass of :class:`AbstractNDArray`: its arrays are leaves, mask and flags are static."""
    register_instance_pytree(cls, no_flatten=cls._static)  # type: ignore[attr-defined]


def activate_pytrees() -> None:
    """Register every declared class with JAX (imports it); what is registered already costs nothing."""
    for cls in tuple(_declared):
        _activate(cls)


def _static_names_of(cls: type) -> tuple[str, ...]:
    """Static attributes of a composite: its ``no_flatten`` and every dataclass field that is no ``parameter()``."""
    names = set(getattr(cls, "no_flatten", ()))
    if is_dataclass(cls):
        names |= {f.name for f in fields(cls) if "prior" not in f.metadata}
    return tuple(sorted(names))


class InstancePytree:
    """Base of everything a model is made of: profiles, galaxies, tracers, fits, instances.

    A field made with ``parameter()`` is traced and any other dataclass field is static; on other classes
    ``no_flatten`` names the static attributes. ``_traced`` on an object frees static names for that object alone.
    """

    no_flatten: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _declared[cls] = _static_names_of  # activated later: a dataclass decorator has not run yet

    def __new__(cls, *args: Any, **kwargs: Any) -> InstancePytree:
        if jax_is_loaded():
            _activate(cls)
        return object.__new__(cls)


def _array_static_names_of(cls: Any) -> tuple[str, ...]:
    return cls._static


class AbstractNDArray(np.lib.mixins.NDArrayOperatorsMixin):
    """An array that keeps its type through arithmetic, held by NumPy or by JAX.

    ``hash`` is by identity; ``==`` is element by element.
    """

    _static: ClassVar[tuple[str, ...]] = ("mask", "is_transformed", "over_sample_size", "header")
    """Attributes that JAX does not trace."""

    _not_carried: ClassVar[tuple[str, ...]] = ("header",)
    """Of these, those that are no part of the pytree either: JAX would compile again where they differ, and refuse to
    combine arrays that differ in them. What comes out of ``jax.jit`` has the value of the class."""

    __array_priority__ = 1000
    __hash__ = object.__hash__

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _declared[cls] = _array_static_names_of

    def __init__(self, array: ArrayLike, xp: Namespace = np) -> None:
        while isinstance(array, AbstractNDArray):
            array = array.array
        if xp is not np:
            array = xp.asarray(array)
            activate_pytrees()
        elif not hasattr(array, "dtype"):
            array = np.asarray(array, dtype=float)
        if jax_is_loaded():
            activate_pytrees()
        self._array = array

    @classmethod
    def from_raw(cls, array: Array, **attributes: Any) -> Any:
        """The structure around a raw array that is known to be right: no checks, no copy."""
        if jax_is_loaded():
            activate_pytrees()
        new = object.__new__(cls)
        vars(new).update(attributes)
        new._array = array
        return new

    @property
    def array(self) -> Array:
        """The raw ``numpy.ndarray`` or ``jax.Array``."""
        return self._array

    @property
    def use_jax(self) -> bool:
        """Whether the array is held by JAX; follows the array, not a flag."""
        return not is_numpy(self._array)

    @property
    def _xp(self) -> Namespace:
        return namespace_from(self.use_jax)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._array.shape

    @property
    def ndim(self) -> int:
        return self._array.ndim

    @property
    def size(self) -> int:
        return self._array.size

    @property
    def dtype(self) -> Any:
        return self._array.dtype

    def with_new_array(self, array: Array) -> Any:
        """The same structure (type, mask, pixel scales) holding the raw ``array``."""
        new = object.__new__(type(self))
        vars(new).update(vars(self))
        new._array = array
        return new

    def __len__(self) -> int:
        return len(self._array)

    def __iter__(self) -> Any:
        return iter(self._array)

    def __getitem__(self, key: Any) -> Any:
        """A plain slice keeps the type; any other index gives the raw array."""
        if isinstance(key, slice):
            return self.with_new_array(self._array[key])
        return self._array[key]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = np.asarray(self._array, dtype=dtype)
        return np.array(array) if copy else array

    def __bool__(self) -> bool:
        """As of the raw array: an error unless there is one value, and a tracer has no truth value."""
        return bool(self._array)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """NumPy functions and operators on any mix of structures and raw arrays keep the type of the structure.

        In place they make a new structure (``a += b`` rebinds ``a``); reductions give raw values.
        """
        check_same_mask(inputs)
        out = kwargs.pop("out", None)
        if out is not None and not any(isinstance(o, AbstractNDArray) for o in out):
            kwargs["out"] = out
        raw = [i.array if isinstance(i, AbstractNDArray) else i for i in inputs]
        function: Any = ufunc
        if any(_is_jax_array(r) for r in raw):
            function = getattr(namespace_from(True), ufunc.__name__)
        if method != "__call__":
            return getattr(function, method)(*raw, **kwargs)
        result = function(*raw, **kwargs)
        if "out" in kwargs:
            return result
        if isinstance(result, tuple):
            return tuple(self._after(function, inputs, r) for r in result)
        if getattr(result, "shape", None) != self.shape:  # matmul, broadcasting: no longer this structure
            return result
        return self._after(function, inputs, result)

    def _after(self, function: Any, inputs: tuple, result: Array) -> Any:
        """The structure of ``result = function(*inputs)``."""
        return self.with_new_array(result)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Other NumPy functions (``np.sum``, ``np.mean``...) see the raw array."""
        return function(*_raw(args), **_raw(kwargs))

    def __deepcopy__(self, memo: dict) -> Any:
        new = object.__new__(type(self))
        for name, value in vars(self).items():
            setattr(new, name, value if name == "mask" else copy.deepcopy(value, memo))
        return new

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._array!r})"

    def sum(self, *args: Any, **kwargs: Any) -> Any:
        return self._array.sum(*args, **kwargs)

    def mean(self, *args: Any, **kwargs: Any) -> Any:
        return self._array.mean(*args, **kwargs)

    def max(self, *args: Any, **kwargs: Any) -> Any:
        return self._array.max(*args, **kwargs)

    def min(self, *args: Any, **kwargs: Any) -> Any:
        return self._array.min(*args, **kwargs)


def check_same_mask(inputs: tuple) -> None:
    """Values of different pixels are not combined."""
    masks = [i.mask for i in inputs if isinstance(i, AbstractNDArray) and hasattr(i, "mask")]
    for mask in masks[1:]:
        if mask is not masks[0] and mask != masks[0]:
            raise exc.ArrayException(
                f"structures on different masks ({masks[0]} and {mask}) cannot be combined; wanted one mask: "
                "array.apply_mask(mask)."
            )


def _is_jax_array(value: Any) -> bool:
    return not is_numpy(value) and hasattr(value, "aval")


def _raw(value: Any) -> Any:
    if isinstance(value, AbstractNDArray):
        return value.array
    if isinstance(value, tuple | list):
        return type(value)(_raw(v) for v in value)
    if isinstance(value, dict):
        return {k: _raw(v) for k, v in value.items()}
    return value
