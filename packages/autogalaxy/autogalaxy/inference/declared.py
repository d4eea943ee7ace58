"""What the constructor of a class declares of its arguments."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

from autoarray import exc
from autoarray.parameter import Prior


@dataclasses.dataclass(frozen=True)
class Declared:
    """What a class declares of one argument of its constructor."""

    default: Any
    prior: Prior | None = None
    unit: str = ""
    linear: bool = False
    may_be_free: bool = True


REQUIRED = object()
"""Default of an argument that has none."""


_arguments_of: dict[type, tuple[dict[str, Declared], bool]] = {}


def declared_arguments(cls: type) -> tuple[dict[str, Declared], bool]:
    """Arguments of the constructor of ``cls`` in order, and whether it takes any keyword."""
    if cls not in _arguments_of:
        from_fields = _from_fields if dataclasses.is_dataclass(cls) else _from_signature
        _arguments_of[cls] = from_fields(cls)
    return _arguments_of[cls]


def _from_fields(cls: Any) -> tuple[dict[str, Declared], bool]:
    declared = {}
    for field in dataclasses.fields(cls):
        if not field.init:
            continue
        default: Any = field.default
        if default is dataclasses.MISSING:
            factory: Callable | Any = field.default_factory
            default = REQUIRED if factory is dataclasses.MISSING else factory()
        meta = field.metadata
        declared[field.name] = Declared(
            default, meta.get("prior"), meta.get("unit", ""), meta.get("linear", False), may_be_free="prior" in meta
        )
    return declared, False


def _from_signature(cls: type) -> tuple[dict[str, Declared], bool]:
    declared, takes_any = {}, False
    try:
        signature = inspect.signature(cls)
    except ValueError:
        raise exc.ModelException(f"Model got {exc.shown(cls)}, wanted a class of profiles or galaxies.") from None
    for name, argument in signature.parameters.items():
        if argument.kind is inspect.Parameter.VAR_KEYWORD:
            takes_any = True
        elif argument.kind is not inspect.Parameter.VAR_POSITIONAL:
            declared[name] = Declared(REQUIRED if argument.default is inspect.Parameter.empty else argument.default)
    return declared, takes_any
