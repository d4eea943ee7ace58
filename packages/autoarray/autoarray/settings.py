"""How a linear inversion is carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autoarray import exc


@dataclass(frozen=True)
class Settings:
    """Switches of a linear inversion; hashable, so that it is static under JAX."""

    use_positive_only_solver: bool = True
    """Whether coefficients below zero are excluded: light is not negative. ``False`` solves without that bound."""

    def __post_init__(self) -> None:
        if not isinstance(self.use_positive_only_solver, bool):
            raise exc.InversionException(
                f"use_positive_only_solver={exc.shown(self.use_positive_only_solver)}, wanted True or False."
            )


def checked_settings(settings: Any) -> Settings | None:
    """``settings`` if they are some, or ``None``; our error otherwise."""
    if settings is None or isinstance(settings, Settings):
        return settings
    got = f"the class {settings.__name__}" if isinstance(settings, type) else f"a {type(settings).__name__}"
    raise exc.InversionException(f"got {got} as settings, wanted Settings(use_positive_only_solver=True), or None.")
