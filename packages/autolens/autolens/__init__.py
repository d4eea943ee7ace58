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
        return _plot()
    if name.startswith("__") and name != "__all__":  # asked for by the import system
        raise AttributeError(f"module 'autolens' has no attribute {name!r}")
    names = import_module("autolens.public_names")
    globals().update({public: getattr(names, public) for public in names.__all__}, __all__=names.__all__)
    if name not in globals():
        raise AttributeError(f"module 'autolens' has no attribute {name!r}")
    return globals()[name]


def _plot() -> Any:
    """The figures, or our error where the part that draws is not installed."""
    try:
        return import_module("autolens.plot")
    except ModuleNotFoundError as error:
        missing = str(error.name).split(".")[0]
        if missing not in ("matplotlib", "corner"):
            raise
        from autoarray.exc import BackendException

        raise BackendException(
            f"al.plot needs {missing}, which is not installed: pip install 'autolens-xp[plot]'."
        ) from None


def __dir__() -> list[str]:
    return sorted({*__getattr__("__all__"), *globals()})
