"""Blurring by the telescope: the PSF and its convolution with an image.

Only pixels whose light reaches the mask are transformed: a box around the mask, widened by half a PSF, of the next
5-smooth size. The wrap-around of the transform stays inside that half PSF, which is thrown away, so no further padding
is needed.

A PSF on finer pixels than the image's (an over-sampled kernel, m of its pixels along a side of an image pixel) is
convolved with an image on such pixels, and the result is averaged over each image pixel. Both steps are one convolution
with the PSF spread over a pixel, of which only one value a pixel is kept.
"""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_numpy
from autoarray.arguments import checked
from autoarray.geometry import Geometry2D, pair_from, pixel_scales_from
from autoarray.mask.index import odd_kernel_shape_from
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.over_sampling import OverSampler
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.uniform import raw_array_from
from autoarray.type import Array, ArrayLike, Namespace, PixelScales

if TYPE_CHECKING:
    from autoarray.structures.grids.uniform_2d import Grid2D

LARGEST_DIRECT_KERNEL = 9
"""Kernels of at most this many pixels are summed directly: on JAX that is faster than two transforms."""


LARGEST_OVER_SAMPLE_SIZE = 32
"""More pixels of a PSF along a side of an image pixel are taken for a mistake in the units."""


def whole_size_from(size: Any) -> int:
    """A whole number of at least 1, or our error."""
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
        raise exc.KernelException(
            f"convolve_over_sample_size={exc.shown(size)}, wanted a whole number of at least 1: how many pixels "
            f"of the PSF fit "
            "along a side of an image pixel."
        )
    return int(size)


def shared_sub_size_from(sub_size: Array, convolve_over_sample_size: int) -> Array:
    """Sub-sizes of pixels shared by the finer pixels of a PSF: together no fewer sub-pixels along a side.

    One point a fine pixel is kept for a sub-size of 1 only, because it is no mean over that pixel.
    """
    shared = -(-sub_size // convolve_over_sample_size)
    return np.where(sub_size == 1, 1, np.maximum(shared, 2)) if convolve_over_sample_size > 1 else sub_size


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
    if kernel.dtype.kind == "c":
        raise exc.KernelException("PSF of complex numbers, wanted real ones: Convolver(array_2d.real, ...).")
    if bad := int(np.sum(~(np.abs(kernel) < 1e100))):
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


def finer_mask_from(mask: Mask2D, size: int) -> Mask2D:
    """The same pixels, each divided into ``size`` x ``size``."""
    if size == 1:
        return mask
    fine = np.repeat(np.repeat(mask.array, size, axis=0), size, axis=1)
    return Mask2D(fine, (mask.pixel_scales[0] / size, mask.pixel_scales[1] / size), mask.origin)


def spread_kernel_from(kernel: Array, size: int) -> Array:
    """The kernel whose convolution is the mean over ``size`` x ``size`` pixels of the one with ``kernel``."""
    ny, nx = kernel.shape
    spread = np.zeros((ny + size - 1, nx + size - 1))
    for i in range(size):
        for j in range(size):
            spread[i : i + ny, j : j + nx] += kernel / size**2
    return spread


class ConvolverState:
    """Everything about one PSF on one mask that does not depend on the image, computed once.

    ``n_ext`` values on ``extended_mask`` go in, ``n`` values on ``mask`` come out. The extended mask has the pixels of
    the PSF, ``convolve_over_sample_size`` of them along a side of one of ``mask``.
    """

    def __init__(self, kernel: Array, mask: Mask2D, convolve_over_sample_size: int = 1) -> None:
        self.mask = mask
        self.convolve_over_sample_size = size = convolve_over_sample_size
        self.extended_mask = finer_mask_from(mask, size).derive_mask.extended_from(kernel.shape)
        half = np.array(kernel.shape) // 2
        extended = self.extended_mask.native_for_slim
        used = size * mask.native_for_slim + half  # first of each pixel, in the padded frame of the extended mask
        self.slim_for_extended = np.full(self.extended_mask.shape_native, -1)
        self.slim_for_extended[tuple(extended.T)] = np.arange(len(extended))
        steps = np.argwhere(np.ones((size, size), dtype=bool))
        self.extended_for_mask = self.slim_for_extended[tuple((used[:, None, :] + steps).reshape(-1, 2).T)]
        """Position of each pixel of the mask among the extended ones, all of the finer ones in turn, ``(m^2 n,)``."""
        self.extended_for_ring = np.setdiff1d(np.arange(len(extended)), self.extended_for_mask)
        """Position of each pixel of the ring among the extended ones."""
        self.extended_for_parts = np.argsort(np.concatenate((self.extended_for_mask, self.extended_for_ring)))
        """Reorders mask values followed by ring values, ``(n_ext,)``."""
        spread = spread_kernel_from(kernel, size) if size > 1 else kernel
        centre = half + size - 1
        self.is_direct = spread.size <= LARGEST_DIRECT_KERNEL
        if self.is_direct:
            self._prepare_direct(spread, centre, used)
        else:
            self._prepare_fft(spread, centre, extended, used)

    def _prepare_direct(self, kernel: Array, centre: Array, used: Array) -> None:
        steps = np.argwhere(np.ones(kernel.shape, dtype=bool)) - centre
        sources = used[:, None, :] - steps[None, :, :]  # minus: a convolution, no correlation
        self.sources = self.slim_for_extended[sources[..., 0], sources[..., 1]]
        self.weights = kernel.ravel()

    def _prepare_fft(self, kernel: Array, centre: Array, extended: Array, used: Array) -> None:
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
        centred = np.roll(centred, -centre, axis=(0, 1))
        self.transform = np.fft.rfft2(centred)
        """Transform of the PSF centred on pixel [0, 0]."""

    @property
    def pixels_extended(self) -> int:
        """Number of values that go in, ``n_ext``."""
        return self.extended_mask.pixels_in_mask

    @property
    def response(self) -> Array:
        """All that depends on the values of the PSF and not on its shape: weights of pixels, or a transform."""
        return self.weights if self.is_direct else self.transform

    def with_response(self, response: Array) -> ConvolverState:
        """The same for another PSF of this shape; its response may be traced."""
        new = copy.copy(self)
        setattr(new, "weights" if self.is_direct else "transform", response)
        return new

    def convolve(self, values: Array, xp: Namespace = np) -> Array:
        """Blurred values on the mask, ``(..., n_ext) -> (..., n)``; leading axes go through one batched transform."""
        if values.shape[-1] != self.pixels_extended:
            raise exc.KernelException(
                f"values of shape {tuple(values.shape)}, wanted (..., {self.pixels_extended}): one value for each "
                "pixel of dataset.grids.extended, psf.state_from(mask).extended_mask."
            )
        if self.is_direct:
            return (values[..., self.sources] * xp.asarray(self.weights, dtype=values.dtype)).sum(axis=-1)
        leading = values.shape[:-1]
        now = np if is_numpy(values) else xp  # what is known when JAX traces is transformed once
        box = self._box_from(values, xp=now).reshape(*leading, *self.fft_shape)
        spectrum = now.fft.rfft2(box)
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

    def unblurred_from(self, values: Array) -> Array:
        """The same without blurring, ``(..., n_ext) -> (..., n)``: for light that is convolved already."""
        on_mask, size = values[..., self.extended_for_mask], self.convolve_over_sample_size
        return on_mask if size == 1 else on_mask.reshape(*values.shape[:-1], -1, size**2).mean(axis=-1)

    def extended_from(self, values: Array, ring_values: Array, xp: Namespace = np) -> Array:
        """Values on mask and ring in the order of the extended mask, ``(n,), (n_ext - n,) -> (n_ext,)``."""
        if self.convolve_over_sample_size > 1:
            raise exc.KernelException(
                f"a PSF with pixel_scales={self.extended_mask.pixel_scales} and an image of {self.mask.pixel_scales} "
                "arcsec, wanted an image on the pixels of the PSF: evaluate it on dataset.grids.extended for "
                "psf.convolved_extended_image_from(image, mask)."
            )
        if ring_values.shape[-1] != len(self.extended_for_ring):
            raise exc.KernelException(
                f"blurring image of {ring_values.shape[-1]} pixels, wanted {len(self.extended_for_ring)}: evaluate it "
                "on mask.derive_mask.blurring_from(kernel.shape_native)."
            )
        return xp.concatenate((values, ring_values), axis=-1)[..., self.extended_for_parts]


class Convolver:
    """A PSF that blurs images by convolution (never a correlation).

    ``pixel_scales`` [arcsec] are those of the kernel: the image's, or the image's divided by a whole number. With
    ``convolve_over_sample_size=m`` the image's are given instead and those of the kernel are an m-th of them. A kernel
    on finer pixels is one without the response of the image's pixels, which the mean over them adds.
    """

    @checked(exc.KernelException)
    def __init__(
        self,
        kernel: ArrayLike,
        pixel_scales: PixelScales | None = None,
        normalize: bool = False,
        convolve_over_sample_size: int = 1,
    ) -> None:
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
        size = whole_size_from(convolve_over_sample_size)
        scales = pixel_scales_from(pixel_scales)
        self.kernel: Array2D = Array2D.no_mask(values, (scales[0] / size, scales[1] / size))
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
    @checked(exc.KernelException)
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
    @checked(exc.KernelException)
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
                f"Gaussian PSF with sigma={exc.shown(sigma)} and axis_ratio={exc.shown(axis_ratio)}, wanted "
                f"sigma > 0 [arcsec] and "
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
    @checked(exc.KernelException)
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

    def convolve_over_sample_size_on(self, pixel_scales: PixelScales) -> int:
        """How many pixels of the PSF fit along a side of an image pixel; 1 where they are equal."""
        image = pixel_scales_from(pixel_scales)
        ratios = np.array(image) / np.array(self.pixel_scales)
        size = int(np.rint(ratios[0]))
        if not 1 <= size <= LARGEST_OVER_SAMPLE_SIZE or not np.allclose(ratios, size, rtol=1e-6, atol=0.0):
            raise exc.KernelException(
                f"PSF has pixel_scales={self.pixel_scales} and the image has pixel_scales={image}, wanted {image} "
                f"arcsec or that divided by a whole number up to {LARGEST_OVER_SAMPLE_SIZE}: resample the PSF, or "
                "correct Convolver(kernel, pixel_scales=...)."
            )
        return size

    def shape_on(self, pixel_scales: PixelScales) -> tuple[int, int]:
        """Image pixels from which light reaches one of them, an odd number each way."""
        size = self.convolve_over_sample_size_on(pixel_scales)
        ny, nx = (2 * -(-(k // 2) // size) + 1 for k in self.shape_native)
        return ny, nx

    def padded_grid_from(self, grid: Grid2D) -> Grid2D:
        """Where light is evaluated for a blurred image on every pixel of the frame of ``grid``.

        Half a PSF of further pixels on every side, on the pixels of the PSF where these are finer.
        """
        size = self.convolve_over_sample_size_on(grid.pixel_scales)
        if size == 1:
            return grid.padded_grid_from(self.shape_native)
        shared = shared_sub_size_from(grid.over_sampler.padded_sub_size_from((1, 1)), size)
        sizes = np.repeat(np.repeat(shared, size, axis=0), size, axis=1)
        pads = [(k // 2, k // 2) for k in self.shape_native]
        mask = self.state_from(grid.mask.derive_mask.all_false).extended_mask
        sampler = OverSampler(mask, np.pad(sizes, pads, mode="edge"), grid.over_sample_rule, size)
        return type(grid)(mask.grid_slim, mask, over_sampler=sampler)

    def state_from(self, mask: Mask2D) -> ConvolverState:
        """What belongs to this PSF on ``mask``, computed on the first call."""
        if mask.static_key not in self._states:
            size = self.convolve_over_sample_size_on(mask.pixel_scales)
            self._states[mask.static_key] = ConvolverState(self.kernel.native.array, mask, size)
        return self._states[mask.static_key]

    def with_response(self, mask: Mask2D, response: Array) -> Convolver:
        """Another PSF of this shape, known on ``mask`` alone by its ``state_from(mask).response``, traced or not."""
        new = copy.copy(self)
        new._states = {mask.static_key: self.state_from(mask).with_response(response)}
        del new.kernel, new.static_key  # those of this one
        return new

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
        """Blurred image on ``mask`` from one on ``psf.state_from(mask).extended_mask``: mask and ring together."""
        values = raw_array_from(image.slim if isinstance(image, Array2D) else image, xp=xp)
        return Array2D.from_raw(self.state_from(mask).convolve(values, xp=xp), mask=mask, header=None)
