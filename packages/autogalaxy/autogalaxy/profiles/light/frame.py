"""Coordinates along the axes of a profile, for light whose contours are not ellipses."""

from __future__ import annotations

import numpy as np

from autoarray.type import Array, Namespace


def along_axes_from(y: Array, x: Array, ell_comps: tuple[Array, Array], xp: Namespace = np) -> tuple[Array, Array]:
    """Components (y, x) along the minor and the major axis, each ``(n,)``.

    A profile without ellipticity has its major axis along x; there the direction has the gradient zero.
    """
    e0, e1 = ell_comps
    is_round = e0**2 + e1**2 < float(np.finfo(xp.result_type(e0, e1, float)).eps)
    angle = 0.5 * xp.arctan2(xp.where(is_round, 0.0, e0), xp.where(is_round, 1.0, e1))
    cos, sin = xp.cos(angle), xp.sin(angle)
    return cos * y - sin * x, cos * x + sin * y
