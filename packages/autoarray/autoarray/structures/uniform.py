"""What every structure on a uniform, masked grid of pixels has."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.concrete import real_array_from
from autoarray.geometry import Geometry2D
from autoarray.mask import index
from autoarray.mask.mask_2d import Mask2D
from autoarray.type import Array, ArrayLike, Namespace


def raw_array_from(values: ArrayLike, xp: Namespace = np) -> Array:
    """``values`` without any structure around them, as a floating-point array of ``xp`` (a copy on NumPy)."""
    while isinstance(values, AbstractNDArray):
        values = values.array
    if xp is not np:
        return xp.asarray(values)
    if not isinstance(values, np.ndarray) and hasattr(values, "aval"):
        return values  # a JAX array held by a structure that was built with xp=np: its own array decides
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise exc.ArrayException(
            f"values are a numpy masked array with {int(values.mask.sum())} masked values, whose mask would be lost: "
            "write values.filled(0.0) and apply Mask2D(mask=values.mask, pixel_scales=0.05)."
        )
    if (array := real_array_from(values)) is not None:
        return array
    if getattr(getattr(values, "dtype", None), "kind", "") == "c":
        return np.asarray(values).astype(complex)
    unit = "; take the numbers in our unit first: values.to_value('arcsec')" if hasattr(values, "to_value") else ""
    raise exc.ArrayException(f"values are {_seen(values)}, wanted numbers{unit}.")


def _seen(values: Any) -> str:
    """Values that are no numbers, by the first of them."""
    first = values
    while isinstance(first, list | tuple | np.ndarray) and getattr(first, "shape", (1,)) != () and len(first) > 0:
        first = first[0]
    return exc.shown(values) if first is values else f"{exc.shown(values)}, which begins with {exc.shown(first)}"


def stacked_yx_from(y: ArrayLike, x: ArrayLike, xp: Namespace = np) -> Array:
    """Coordinates (y,x) ``(..., 2)`` from y and x of one shape."""
    pair = raw_array_from(y, xp=xp), raw_array_from(x, xp=xp)
    if pair[0].shape != pair[1].shape:
        raise exc.GridException(f"y of shape {pair[0].shape} and x of shape {pair[1].shape}, wanted equal shapes.")
    return xp.stack(pair, axis=-1)


def slim_from(array: Array, mask: Mask2D, trailing: tuple[int, ...] = ()) -> Array:
    """Values of the unmasked pixels, from slim ``(n, ...)`` or native ``(ny, nx, ...)`` values."""
    if array.shape == (mask.pixels_in_mask, *trailing):
        return array
    if array.shape == (*mask.shape_native, *trailing):
        rows, columns = mask.native_for_slim.T
        return array[rows, columns]
    raise exc.ArrayException(
        f"values of shape {tuple(array.shape)}, wanted {(mask.pixels_in_mask, *trailing)} (unmasked pixels) or "
        f"{(*mask.shape_native, *trailing)} (native) for a mask of {mask.shape_native} pixels of which "
        f"{mask.pixels_in_mask} are used."
    )


def native_from(array: Array, mask: Mask2D, xp: Namespace = np) -> Array:
    """Slim values put back in the image, 0 where masked, ``(n, ...) -> (ny, nx, ...)``."""
    if xp is np:
        return index.native_from(array, mask.array)
    rows, columns = mask.native_for_slim.T
    return xp.zeros(mask.shape_native + array.shape[1:], dtype=array.dtype).at[rows, columns].set(array)


class UniformStructure(AbstractNDArray):
    """A structure whose values belong to the unmasked pixels of ``mask``."""

    mask: Mask2D
    _trailing_dimensions = 0

    def __getitem__(self, key: Any) -> Any:
        """A slice of slim values is the structure on those pixels; any other index gives the raw array."""
        if not isinstance(key, slice) or self.is_native or (key.step or 1) < 0:
            return self._array[key]
        chosen = self.mask.native_for_slim[key]
        left_out = np.ones(self.mask.shape_native, dtype=bool)
        left_out[tuple(chosen.T)] = False
        return self._on_pixels(key, Mask2D(left_out, self.mask.pixel_scales, self.mask.origin))

    def _on_pixels(self, key: slice, mask: Mask2D) -> Any:
        """The structure on the slim pixels ``key``, which are those of ``mask``."""
        new = self.with_new_array(self._array[key])
        new.mask = mask
        return new

    @property
    def pixel_scales(self) -> tuple[float, float]:
        """Size of a pixel [arcsec], (y, x)."""
        return self.mask.pixel_scales

    @property
    def pixel_scale(self) -> float:
        return self.mask.pixel_scale

    @property
    def shape_native(self) -> tuple[int, int]:
        return self.mask.shape_native

    @property
    def origin(self) -> tuple[float, float]:
        return self.mask.origin

    @property
    def geometry(self) -> Geometry2D:
        return self.mask.geometry

    @property
    def is_native(self) -> bool:
        """Whether values are held in the shape of the image, masked pixels being 0."""
        return self._array.ndim == 2 + self._trailing_dimensions

    @property
    def shape_slim(self) -> int:
        return self.mask.pixels_in_mask

    @property
    def slim(self) -> Any:
        """The structure with values ``(n, ...)`` of the unmasked pixels."""
        if not self.is_native:
            return self
        rows, columns = self.mask.native_for_slim.T
        return self.with_new_array(self._array[rows, columns])

    @property
    def native(self) -> Any:
        """The structure with values ``(ny, nx, ...)``, 0 where masked."""
        if self.is_native:
            return self
        return self.with_new_array(native_from(self._array, self.mask, xp=self._xp))
