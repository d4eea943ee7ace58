"""The potential that belongs to tabulated deflections."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from autogalaxy.profiles.mass.input.spline import Places, Spline

_OFFSETS = (-0.25, 0.25)
_RIDGE = 1e-11
"""Share of the size of a coefficient in what is minimized: it fixes the constant of each part of the mask."""


@lru_cache(maxsize=8)
def potential_from(along_y: Spline, along_x: Spline) -> Spline:
    """The cubic spline whose gradient is nearest to the two splines in four points of every unmasked pixel."""
    from scipy.sparse import csc_array, eye_array, vstack
    from scipy.sparse.linalg import spsolve

    lattice = along_y.lattice
    rows, columns = np.divmod(lattice.unmasked, lattice.shape[1])
    offsets = [(a, b) for a in _OFFSETS for b in _OFFSETS]
    row = np.concatenate([rows + a for a, _ in offsets])
    column = np.concatenate([columns + b for _, b in offsets])
    nothing = np.zeros_like(row)
    places = Places(row=row, column=column, is_inside=nothing == 0.0, beyond_y=nothing, beyond_x=nothing)
    matrix = vstack([along_y.matrix_from(places, (1, 0)), along_y.matrix_from(places, (0, 1))], format="csc")
    used = np.flatnonzero(np.diff(matrix.indptr))
    matrix = csc_array(matrix[:, used])
    wanted = np.concatenate([table.derivatives_from(places, ((0, 0),))[0] for table in (along_y, along_x)])
    normal = matrix.T @ matrix
    normal = normal + _RIDGE * normal.diagonal().mean() * eye_array(len(used))
    coefficients = np.zeros(lattice.shape)
    coefficients.flat[used] = spsolve(csc_array(normal), matrix.T @ wanted)
    return Spline(lattice=lattice, coefficients=coefficients, order=along_y.order)
