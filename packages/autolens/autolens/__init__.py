"""Strong gravitational lensing: ray tracing and lens fits. ``import autolens as al`` is all a script needs.

Nothing is loaded before a name is used, so that the command answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autolens.public_names import *

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "plot":  # apart, because it loads matplotlib
        return import_module("autolens.plot")
    if name.startswith("__") and name != "__all__":  # asked for by the import system
        raise AttributeError(f"module 'autolens' has no attribute {name!r}")
    names = import_module("autolens.public_names")
    globals().update({public: getattr(names, public) for public in names.__all__}, __all__=names.__all__)
    if name not in globals():
        raise AttributeError(f"module 'autolens' has no attribute {name!r}")
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*__getattr__("__all__"), *globals()})
