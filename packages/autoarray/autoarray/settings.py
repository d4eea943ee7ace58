"""How a linear inversion is carried out."""

from __future__ import annotations

from dataclasses import dataclass

from autoarray import exc


@dataclass(frozen=True)
class Settings:
    """Switches of a linear inversion; hashable, so that it is static under JAX."""

    use_positive_only_solver: bool = True
    """Whether coefficients below zero are excluded: light is not negative. ``False`` solves without that bound."""

    def __post_init__(self) -> None:
        if not isinstance(self.use_positive_only_solver, bool):
            raise exc.InversionException(
                f"use_positive_only_solver={self.use_positive_only_solver!r}, wanted True or False."
            )
