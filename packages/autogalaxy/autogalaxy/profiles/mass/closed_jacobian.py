r"""Deflections whose derivatives by position are the convergence and shear in closed form.

Differentiating a deflection costs several times the deflection, twice over for a Hessian. Its Jacobian is known,

.. math:: \frac{\partial \alpha_y}{\partial y} = \kappa - \gamma_1, \quad
          \frac{\partial \alpha_x}{\partial x} = \kappa + \gamma_1, \quad
          \frac{\partial \alpha_y}{\partial x} = \frac{\partial \alpha_x}{\partial y} = \gamma_2,

and shared by both directions. Derivatives by other parameters are left to JAX.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autoarray.type import Array, Namespace
from autogalaxy.profiles.fused import held
from autogalaxy.profiles.mass.complex_plane import Parts

Elements = tuple[Array, Array, Array]
"""Elements yy, yx and xx of a Jacobian, each ``(n,)``."""


def jacobian_from(kappa: Array, gamma: Parts) -> Elements:
    """Elements yy, yx and xx of convergence and shear, each ``(n,)``."""
    return kappa - gamma[0], gamma[1], kappa + gamma[0]


def with_closed_jacobian(
    deflections: Callable[..., Parts], with_jacobian: Callable[..., tuple[Parts, Elements]], xp: Namespace = np
) -> Callable[..., Parts]:
    """``deflections``, under JAX with the Jacobian that ``with_jacobian`` gives as derivative by y and x.

    Parameters
    ----------
    deflections
        ``(y, x, *parameters, xp=xp)`` to (y, x) deflections, each ``(n,)``; a module's function, not a closure.
    with_jacobian
        ``(y, x, *parameters, alpha, xp=xp)`` to the deflections and the elements yy, yx and xx, each ``(n,)``, finite
        everywhere. ``alpha`` are the deflections if they are known, else None: then both are to come from the same
        powers and logarithms, because XLA does not find expressions that are written twice in a loop.
    """
    return _attached(deflections, with_jacobian, xp)


@lru_cache(maxsize=64)
def _attached(deflections: Callable, with_jacobian: Callable, xp: Namespace) -> Callable[..., Parts]:
    def function(*arguments: Array) -> Parts:
        return deflections(*arguments, xp=xp)

    if xp is np:
        return function
    import jax

    zero = jax.custom_derivatives.SymbolicZero
    attached: Any = jax.custom_jvp(function)

    def tangent_from(primals: tuple, tangents: tuple) -> tuple[Parts, Parts]:
        moving = [i for i in range(2, len(primals)) if not isinstance(tangents[i], zero)]

        def of_moving(*values: Array) -> Parts:
            arguments = list(primals)
            for i, value in zip(moving, values, strict=True):
                arguments[i] = value
            return function(*arguments)

        alpha, up, right = None, 0.0, 0.0
        if moving:
            alpha, (up, right) = jax.jvp(
                of_moving, tuple(primals[i] for i in moving), tuple(tangents[i] for i in moving)
            )
            if isinstance(tangents[0], zero) and isinstance(tangents[1], zero):
                return alpha, (up, right)
        alpha, elements = with_jacobian(*primals, alpha, xp=xp)
        yy, yx, xx = held(elements, xp=xp)
        for tangent, (to_y, to_x) in zip(tangents[:2], ((yy, yx), (yx, xx)), strict=True):
            if not isinstance(tangent, zero):
                up, right = up + to_y * tangent, right + to_x * tangent
        return alpha, (up, right)

    attached.defjvp(tangent_from, symbolic_zeros=True)
    return attached
