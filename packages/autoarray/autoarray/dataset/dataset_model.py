"""What a model says about the dataset itself rather than about the sky."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree, is_concrete_number, is_held_by_jax
from autoarray.arguments import LARGEST
from autoarray.concrete import number_from
from autoarray.parameter import GaussianPrior, UniformPrior, parameter


@dataclass(eq=False)
class DatasetModel(InstancePytree):
    """A sky level that was not subtracted, and an astrometric shift and rotation of the dataset."""

    background_sky_level: float = parameter(0.0, unit="e- s^-1", prior=GaussianPrior(0.0, 0.1))
    """Level subtracted from the data before they are fitted."""
    grid_offset: tuple[float, float] = parameter((0.0, 0.0), unit="arcsec", prior=GaussianPrior(0.0, 0.1))
    """Position (y,x) in the dataset of the model's origin; it is subtracted from every grid."""
    grid_rotation_angle: float = parameter(0.0, unit="deg", prior=UniformPrior(-5.0, 5.0))
    """Angle by which the grids' axes are turned, counter-clockwise, about ``grid_offset``."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            numbers = value if field.name == "grid_offset" else (value,)
            if field.name == "grid_offset" and (not isinstance(value, tuple | list) or len(value) != 2):
                raise exc.DatasetException(
                    f"DatasetModel got grid_offset={exc.shown(value)}, wanted a pair (y, x) [arcsec]: "
                    f"grid_offset=(0.0, 0.0)."
                )
            if not all(_is_finite(n) for n in numbers):
                raise exc.DatasetException(f"DatasetModel got {field.name}={exc.shown(value)}, wanted finite numbers.")
            floats = tuple(_float_from(n) for n in numbers)
            setattr(self, field.name, floats if field.name == "grid_offset" else floats[0])

    @property
    def moves_grids(self) -> bool:
        """Whether the grids change; a traced shift or angle counts as one."""
        numbers = (*self.grid_offset, self.grid_rotation_angle)
        return not all(is_concrete_number(n) and n == 0.0 for n in numbers)


def _is_finite(value: Any) -> bool:
    """Whether a number is finite; what JAX holds is not looked at."""
    return is_held_by_jax(value) or abs(number_from(value)) <= LARGEST


def _float_from(value: Any) -> Any:
    return value if is_held_by_jax(value) else number_from(value)
