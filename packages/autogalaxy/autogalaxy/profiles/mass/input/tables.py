"""Checks of the tables that a lens is made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import Mask2D, exc

EXTRAPOLATIONS = ("nearest", "zero")


def checked_mask(owner: str, mask: Any) -> Mask2D:
    """``mask`` where it is one with unmasked pixels."""
    if not isinstance(mask, Mask2D) or mask.pixels_in_mask == 0:
        raise exc.ProfileException(
            f"{owner} got mask={exc.shown(mask)}, wanted a mask with unmasked pixels: "
            "mask=aa.Mask2D.all_false(shape_native=(50, 50), pixel_scales=0.1)."
        )
    return mask


def checked_values(owner: str, name: str, values: Any, mask: Mask2D) -> np.ndarray:
    """``values`` as one finite number for each unmasked pixel, ``(n,)``."""
    array = np.asarray(getattr(values, "array", values), dtype=float)
    if array.shape == mask.shape_native:
        array = array[~np.asarray(mask.array)]
    if array.shape != (mask.pixels_in_mask,) or not np.isfinite(array).all():
        raise exc.ProfileException(
            f"{owner} got {name} of shape {array.shape} with {int(np.sum(~np.isfinite(array)))} values that are not "
            f"finite, wanted one finite number for each of the {mask.pixels_in_mask} unmasked pixels: "
            f"{name}=aa.Array2D(values, mask=mask)."
        )
    return array


def check_grid(owner: str, grid: Any, mask: Mask2D) -> None:
    """Raise where ``image_plane_grid`` is not the centres of the unmasked pixels, in their order."""
    points, wanted = np.asarray(getattr(grid, "array", grid), dtype=float), np.asarray(mask.grid_slim)
    tolerance = 1e-3 * min(mask.pixel_scales)
    if points.shape != wanted.shape or not np.allclose(points, wanted, rtol=0.0, atol=tolerance):
        raise exc.ProfileException(
            f"{owner} got image_plane_grid of shape {points.shape}, wanted the {len(wanted)} centres of the unmasked "
            "pixels in their order: image_plane_grid=aa.Grid2D.from_mask(mask)."
        )


def check_extrapolation(owner: str, extrapolate: Any) -> None:
    """Raise where it is none of those known."""
    if extrapolate not in EXTRAPOLATIONS:
        raise exc.ProfileException(
            f"{owner} got extrapolate={exc.shown(extrapolate)}, wanted 'nearest' or 'zero': extrapolate='nearest'."
        )


def check_no_operators(owner: str, **operators: Any) -> None:
    """Raise where a matrix of differences was given: derivatives are those of the interpolating spline."""
    for name, operator in operators.items():
        if operator is not None:
            raise exc.ProfileException(
                f"{owner} got {name}={type(operator).__name__}, wanted None: derivatives are those of the spline "
                f"through the table, so leave {name} out."
            )
