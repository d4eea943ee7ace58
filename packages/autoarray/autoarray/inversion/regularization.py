"""Terms that keep the coefficients of a linear inversion from running wild; ``aa.reg``.

References
----------
Warren & Dye (2003), ApJ 590, 673; Suyu, Marshall, Hobson & Blandford (2006), MNRAS 371, 983.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree, is_traced
from autoarray.concrete import number_from
from autoarray.parameter import LogUniformPrior, parameter
from autoarray.type import Array, Namespace


@dataclass(eq=False)
class Zeroth(InstancePytree):
    """Every coefficient is pulled to zero: ``H = coefficient * 1``."""

    coefficient: float = parameter(1.0, unit="", prior=LogUniformPrior(1e-6, 1e6))

    def __post_init__(self) -> None:
        value = self.coefficient
        if not is_traced(value) and not 0.0 < number_from(value) < np.inf:
            raise exc.InversionException(
                f"{type(self).__name__} got coefficient={exc.shown(value)}, wanted a finite number above zero: "
                f"reg.{type(self).__name__}(coefficient=1.0)."
            )

    def is_physical(self, xp: Namespace = np) -> Any:
        """Whether the coefficient is above zero."""
        return xp.asarray(self.coefficient > 0.0)

    def regularization_matrix_from(self, linear_obj: Any, xp: Namespace = np) -> Array:
        """H of the coefficients of ``linear_obj``, ``(k, k)``."""
        return self.coefficient * xp.eye(linear_obj.params)


@dataclass(eq=False)
class Constant(Zeroth):
    """Neighbours, in the order of a basis, are pulled to each other: ``s^T H s = coefficient sum (s_i - s_i+1)^2``.

    A tiny part of the zeroth order (1e-8) makes H invertible, which the evidence needs.
    """

    def regularization_matrix_from(self, linear_obj: Any, xp: Namespace = np) -> Array:
        """H of the coefficients of ``linear_obj``, ``(k, k)``."""
        size = linear_obj.params
        steps = xp.eye(size - 1, size, k=1) - xp.eye(size - 1, size)
        return self.coefficient * (steps.T @ steps + 1e-8 * xp.eye(size))
