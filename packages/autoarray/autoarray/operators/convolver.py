"""Blurring by the telescope: the PSF and its convolution with an image.

Only pixels whose light reaches the mask are transformed: a box around the mask, widened by half a PSF, of the next
5-smooth size. The wrap-around of the transform stays inside that half PSF, which is thrown away, so no further padding
is needed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.geometry import Geometry2D, pair_from, pixel_scales_from
from autoarray.mask.index import odd_kernel_shape_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.uniform import raw_array_from
from autoarray.type import Array, ArrayLike, Namespace, PixelScales

LARGEST_DIRECT_KERNEL = 9
"""Kernels of at most this many pixels are summed directly: on JAX that is faster than two transforms."""


def fast_length_from(length: int) -> int:
    """The smallest number without a prime factor above 5 that is not below ``length``."""
    size = max(int(length), 1)
    while True:
        rest = size
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return size
        size += 1


def validated_kernel_from(kernel: Array) -> Array:
    """The kernel as it is, or an error: two odd sides, finite values, a sum that is not zero."""
    if kernel.ndim != 2:
        raise exc.KernelException(
            f"PSF of shape {tuple(kernel.shape)}, wanted one image (ny, nx): Convolver(array_2d, pixel_scales=0.05)."
        )
    odd_kernel_shape_from(kernel.shape)
    if bad := int(np.sum(~np.isfinite(kernel))):
        raise exc.KernelException(
            f"PSF has {bad} values that are not finite (nan or inf), wanted none: set them to 0 or read another HDU."
        )
    total, size = float(kernel.sum()), float(np.abs(kernel).sum())
    if total <= 1e-12 * size or size == 0.0:
        raise exc.KernelException(
            f"PSF sums to {total}, wanted a sum above zero: an empty PSF leaves no light. "
            "Without a PSF write Imaging(data, noise_map, psf=None)."
        )
    return kernel


class ConvolverState:
    """Everything about one PSF on one mask that does not depend on the image, computed once.

    ``n_ext`` values on ``extended_mask`` go in, ``n`` values on ``mask`` come out.
    """

    def __init__(self, kernel: Array, mask: Mask2D) -> None:
        self.mask = mask
        self.extended_mask = mask.derive_mask.extended_from(kernel.shape)
        half = np.array(kernel.shape) // 2
        extended = self.extended_mask.native_for_slim
        used = mask.native_for_slim + half  # in the padded frame of the extended mask
        self.slim_for_extended = np.full(self.extended_mask.shape_native, -1)
        self.slim_for_extended[tuple(extended.T)] = np.arange(len(extended))
        self.extended_for_mask = self.slim_for_extended[tuple(used.T)]
        """Position of each pixel of the mask among the extended ones, ``(n,)``."""
        self.extended_for_ring = np.setdiff1d(np.arange(len(extended)), self.extended_for_mask)
        """Position of each pixel of the ring among the extended ones."""
        self.extended_for_parts = np.argsort(np.concatenate((self.extended_for_mask, self.extended_for_ring)))
        """Reorders mask values followed by ring values, ``(n_ext,)``."""
        self.is_direct = kernel.size <= LARGEST_DIRECT_KERNEL
        if self.is_direct:
            self._prepare_direct(kernel, used)
        else:
            self._prepare_fft(kernel, extended, used)

    def _prepare_direct(self, kernel: Array, used: Array) -> None:
        half = np.array(kernel.shape) // 2
        steps = np.argwhere(np.ones(kernel.shape, dtype=bool)) - half
        sources = used[:, None, :] - steps[None, :, :]  # minus: a convolution, no correlation
        self.sources = self.slim_for_extended[sources[..., 0], sources[..., 1]]
        self.weights = kernel.ravel()

    def _prepare_fft(self, kernel: Array, extended: Array, used: Array) -> None:
        corner, last = extended.min(axis=0), extended.max(axis=0)
        self.fft_shape = tuple(fast_length_from(n) for n in last - corner + 1)
        width = self.fft_shape[1]
        self.box_for_extended = (extended[:, 0] - corner[0]) * width + extended[:, 1] - corner[1]
        self.box_for_mask = (used[:, 0] - corner[0]) * width + used[:, 1] - corner[1]
        # The box filled by a gather (from a row of zeros where it is empty): faster than a scatter on JAX.
        self.extended_for_box = np.full(self.fft_shape[0] * width, len(extended))
        self.extended_for_box[self.box_for_extended] = np.arange(len(extended))
        centred = np.zeros(self.fft_shape)
        centred[: kernel.shape[0], : kernel.shape[1]] = kernel
        centred = np.roll(centred, [-(k // 2) for k in kernel.shape], axis=(0, 1))
        self.transform = np.fft.rfft2(centred)
        """Transform of the PSF centred on pixel [0, 0]."""

    @property
    def pixels_extended(self) -> int:
        """Number of values that go in, ``n_ext``."""
        return self.extended_mask.pixels_in_mask

    def convolve(self, values: Array, xp: Namespace = np) -> Array:
        """Blurred values on the mask, ``(..., n_ext) -> (..., n)``; leading axes go through one batched transform."""
        if values.shape[-1] != self.pixels_extended:
            raise exc.KernelException(
                f"values of shape {tuple(values.shape)}, wanted (..., {self.pixels_extended}): one value for each "
                "pixel of mask.derive_mask.extended_from(kernel.shape_native)."
            )
        if self.is_direct:
            return (values[..., self.sources] * xp.asarray(self.weights, dtype=values.dtype)).sum(axis=-1)
        leading = values.shape[:-1]
        box = self._box_from(values, xp=xp).reshape(*leading, *self.fft_shape)
        spectrum = xp.fft.rfft2(box)
        blurred = xp.fft.irfft2(spectrum * xp.asarray(self.transform, dtype=spectrum.dtype), s=self.fft_shape)
        return blurred.reshape(*leading, -1)[..., self.box_for_mask]

    def _box_from(self, values: Array, xp: Namespace = np) -> Array:
        """Values in the box that is transformed, zero where it is empty, ``(..., n_ext) -> (..., n_box)``."""
        if xp is np:
            box = np.zeros((*values.shape[:-1], len(self.extended_for_box)), dtype=values.dtype)
            box[..., self.box_for_extended] = values
            return box
        zero = xp.zeros((*values.shape[:-1], 1), dtype=values.dtype)
        return xp.concatenate((values, zero), axis=-1)[..., self.extended_for_box]

    def extended_from(self, values: Array, ring_values: Array, xp: Namespace = np) -> Array:
        """Values on mask and ring in the order of the extended mask, ``(n,), (n_ext - n,) -> (n_ext,)``."""
        if ring_values.shape[-1] != len(self.extended_for_ring):
            raise exc.KernelException(
                f"blurring image of {ring_values.shape[-1]} pixels, wanted {len(self.extended_for_ring)}: evaluate it "
                "on mask.derive_mask.blurring_from(kernel.shape_native)."
            )
        return xp.concatenate((values, ring_values), axis=-1)[..., self.extended_for_parts]


class Convolver:
    """A PSF that blurs images by convolution (never a correlation)."""

    def __init__(self, kernel: ArrayLike, pixel_scales: PixelScales | None = None, normalize: bool = False) -> None:
        if isinstance(kernel, Convolver):
            kernel = kernel.kernel
        values = raw_array_from(kernel.native if isinstance(kernel, Array2D) else kernel)
        values = validated_kernel_from(values)
        if normalize:
            values = values / values.sum()
        if pixel_scales is None:
            if not isinstance(kernel, Array2D):
                raise exc.KernelException(
                    "PSF without a pixel scale: Convolver(kernel=array_2d, pixel_scales=0.05) [arcsec]."
                )
            pixel_scales = kernel.pixel_scales
        self.kernel: Array2D = Array2D.no_mask(values, pixel_scales)
        """Values of the PSF, every pixel used."""
        self.kernel.array.flags.writeable = False
        digest = hashlib.blake2b(self.kernel.array.tobytes(), digest_size=16).hexdigest()
        self.static_key = ("Convolver", self.shape_native, self.pixel_scales, digest)
        self._states: dict[Any, ConvolverState] = {}

    def __deepcopy__(self, memo: dict) -> Convolver:
        return self  # immutable

    def __repr__(self) -> str:
        return f"Convolver(shape_native={self.shape_native}, pixel_scales={self.pixel_scales}, sum={self.sum:.6g})"

    @classmethod
    def from_fits(
        cls,
        file_path: str | Path,
        pixel_scales: PixelScales,
        hdu: int | str = 0,
        normalize: bool = False,
    ) -> Convolver:
        """Read a PSF; ``hdu`` by number or name."""
        from autoarray.dataset import fits

        return cls(fits.array_2d_from(file_path, hdu=hdu), pixel_scales, normalize=normalize)

    @classmethod
    def from_gaussian(
        cls,
        shape_native: tuple[int, int],
        pixel_scales: PixelScales,
        sigma: float,
        centre: tuple[float, float] = (0.0, 0.0),
        axis_ratio: float = 1.0,
        angle: float = 0.0,
        normalize: bool = False,
    ) -> Convolver:
        r"""A Gaussian at the pixel centres.

        .. math:: P = \exp[-(q^2 x'^2 + y'^2) / (2 \sigma^2)]

        ``sigma`` [arcsec] is the minor-axis value, ``angle`` [deg] the major axis counter-clockwise from the x-axis.
        """
        if not (np.isfinite(sigma) and sigma > 0.0 and 0.0 < axis_ratio <= 1.0):
            raise exc.KernelException(
                f"Gaussian PSF with sigma={sigma!r} and axis_ratio={axis_ratio!r}, wanted sigma > 0 [arcsec] and "
                "0 < axis_ratio <= 1."
            )
        geometry = Geometry2D(odd_kernel_shape_from(shape_native), pixel_scales_from(pixel_scales))
        pixels = np.moveaxis(np.indices(geometry.shape_native), 0, -1)
        y, x = np.moveaxis(geometry.grid_scaled_from(pixels) - np.array(pair_from(centre, "centre")), -1, 0)
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        major, minor = cos * x + sin * y, cos * y - sin * x
        values = np.exp(-0.5 * ((axis_ratio * major) ** 2 + minor**2) / sigma**2)
        return cls(values, pixel_scales, normalize=normalize)

    @classmethod
    def no_blur(cls, pixel_scales: PixelScales) -> Convolver:
        """A PSF of one pixel."""
        return cls(np.ones((1, 1)), pixel_scales)

    @property
    def shape_native(self) -> tuple[int, int]:
        return self.kernel.shape_native

    @property
    def pixel_scales(self) -> tuple[float, float]:
        """Size of a pixel [arcsec], (y, x)."""
        return self.kernel.pixel_scales

    @property
    def sum(self) -> float:
        """Sum of the PSF; 1 conserves light."""
        return float(self.kernel.array.sum())

    @property
    def normalized(self) -> Convolver:
        """The PSF with sum 1; itself when it has it already."""
        return self if abs(self.sum - 1.0) < 1e-14 else Convolver(self.kernel, normalize=True)

    def state_from(self, mask: Mask2D) -> ConvolverState:
        """What belongs to this PSF on ``mask``, computed on the first call."""
        if mask.static_key not in self._states:
            self._states[mask.static_key] = ConvolverState(self.kernel.native.array, mask)
        return self._states[mask.static_key]

    def convolved_image_from(
        self, image: Array2D, blurring_image: Array2D | None, mask: Mask2D | None = None, xp: Namespace = np
    ) -> Array2D:
        """Blurred image on the mask of ``image``, ``(n,)``.

        ``blurring_image`` holds the light around the mask that the PSF brings in, on
        ``mask.derive_mask.blurring_from(kernel.shape_native)``; ``None`` when there is none.
        """
        mask = image.mask if mask is None else mask
        state = self.state_from(mask)
        values = raw_array_from(image.slim, xp=xp)
        if blurring_image is None:
            ring = xp.zeros(len(state.extended_for_ring), dtype=values.dtype)
        else:
            ring = raw_array_from(blurring_image.slim, xp=xp)
        blurred = state.convolve(state.extended_from(values, ring, xp=xp), xp=xp)
        return Array2D.from_raw(blurred, mask=mask, header=None)

    def convolved_extended_image_from(self, image: ArrayLike, mask: Mask2D, xp: Namespace = np) -> Array2D:
        """Blurred image on ``mask`` from one on ``mask.derive_mask.extended_from(kernel.shape_native)``."""
        values = raw_array_from(image.slim if isinstance(image, Array2D) else image, xp=xp)
        return Array2D.from_raw(self.state_from(mask).convolve(values, xp=xp), mask=mask, header=None)
