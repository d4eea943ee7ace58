"""The imaging dataset: an image, its noise and the PSF it was taken through."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import register_instance_pytree
from autoarray.arguments import check_fields, checked
from autoarray.dataset import fits, noise_covariance, psf_error, validate
from autoarray.dataset.arrays import ImagingArrays, arrays_from, check_same_pixels, with_arrays_from
from autoarray.dataset.grids import GridsInterface, grids_from
from autoarray.dataset.noise_covariance import NoiseCovariance
from autoarray.dataset.wcs import WCS
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver
from autoarray.operators.over_sampling import rule_from, sub_size_array_from
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.type import Array, ArrayLike, Namespace, PixelScales


@dataclass(frozen=True, eq=False)
class Imaging:
    """A CCD image with its noise and PSF. ``eq=False``: identity makes it valid static data for ``jit``.

    Arrays are copied, converted to float64 and read-only. Plain arrays are images (ny, nx), top row first, and need
    ``pixel_scales``; an ``Array2D`` brings its mask and pixel scales.
    """

    data: Array2D
    """Image [e- s^-1], slim shape ``(n,)``."""
    noise_map: Array2D = None  # type: ignore[assignment]
    """Standard deviation of ``data``, pixel by pixel; above zero everywhere. Left out with a covariance, it is the
    root of its diagonal."""
    psf: Convolver | None = None
    """Point spread function, an odd number of pixels each way; their size is the data's or that divided by a whole
    number."""
    over_sample_size_lp: int | Array2D = 4
    """Side of the square of sub-pixels on which light profiles are evaluated; a number, or one per pixel."""
    over_sample_size_pixelization: int | Array2D = 4
    """The same for a pixelized source."""
    over_sample_size_blurring: int = 1
    """The same for the pixels around the mask."""
    over_sample_size_lensed: int | Array2D | None = None
    """The same as ``over_sample_size_lp`` for light behind a lens; ``None`` where it needs no sub-sizes of its own."""
    over_sample_rule: str = "quadrature"
    """Where sub-pixels are: at the nodes of a ``"quadrature"``, or ``"uniform"``, which needs many more of them."""
    convolve_over_sample_size_lp: int | None = None
    """How many pixels of the PSF fit along a side of a data pixel; needed for a PSF without a pixel scale only."""
    use_normalized_psf: bool = True
    """Whether the PSF is scaled to sum 1; kept by everything that makes a new dataset of this one."""
    pixel_scales: PixelScales | None = None
    """Size of a pixel [arcsec], (y, x)."""
    noise_covariance_matrix: Any = None
    """Covariance of the noise [e-^2 s^-2] of every pair of unmasked pixels in reading order, ``(n, n)``, or of all
    pixels of the image; ``None`` for independent pixels. For small cut-outs."""
    check_values: bool = True
    """Whether values are looked at now; otherwise when a mask is applied or a fit is made."""

    def __post_init__(self) -> None:
        check_fields(self, exc.DatasetException)
        data = validate.image_from(self.data, "data", self.pixel_scales)
        validate.some_pixels(data.mask)
        if self.pixel_scales is not None:
            validate.mask_fits(Mask2D.all_false(data.shape_native, self.pixel_scales, data.origin), data)
        if self.noise_covariance_matrix is not None:
            self._set(noise_covariance_matrix=noise_covariance.matrix_from(self.noise_covariance_matrix, data.mask))
        noise_map = validate.image_from(self._noise_map_on(data.mask), "noise_map", self.pixel_scales, mask=data.mask)
        validate.same_frame(data, noise_map)
        self._set(data=data, noise_map=noise_map, pixel_scales=data.pixel_scales)
        psf = validate.psf_from(self.psf, data, self.use_normalized_psf, self.convolve_over_sample_size_lp)
        self._set(psf=psf)
        for name in ("over_sample_size_lp", "over_sample_size_pixelization", "over_sample_size_blurring"):
            self._set(**{name: _sub_size_from(getattr(self, name), data.mask)})
        if self.over_sample_size_lensed is not None:
            self._set(over_sample_size_lensed=_sub_size_from(self.over_sample_size_lensed, data.mask))
        rule_from(self.over_sample_rule)
        if self.check_values:
            self.validated  # noqa: B018 - evaluated for its errors

    def _noise_map_on(self, mask: Mask2D) -> ArrayLike:
        """The noise map that was given, or the one that belongs to the covariance."""
        if self.noise_map is not None:
            return self.noise_map
        if self.noise_covariance_matrix is None:
            raise exc.DatasetException("Imaging without a noise map: Imaging(data, noise_map, psf, pixel_scales=0.05).")
        return Array2D(np.sqrt(np.abs(np.diagonal(self.noise_covariance_matrix))), mask)

    def _set(self, **attributes: Any) -> None:
        for name, value in attributes.items():
            object.__setattr__(self, name, value)

    @classmethod
    @checked(exc.DatasetException)
    def from_fits(
        cls,
        data_path: str | Path,
        noise_map_path: str | Path | None = None,
        psf_path: str | Path | None = None,
        pixel_scales: PixelScales | None = None,
        data_hdu: int | str = 0,
        noise_map_hdu: int | str = 0,
        psf_hdu: int | str = 0,
        mask: Mask2D | None = None,
        over_sample_size_lp: Any = 4,
        over_sample_size_pixelization: Any = 4,
        over_sample_size_blurring: int = 1,
        over_sample_rule: str = "quadrature",
        use_normalized_psf: bool = True,
        check_values: bool = True,
        psf_pixel_scales: PixelScales | None = None,
        noise_covariance_matrix: Any = None,
    ) -> Imaging:
        """Read a dataset; HDUs by number or name. ``psf_pixel_scales`` [arcsec] are those of a finer PSF.

        Without ``pixel_scales`` those of the header of the data are used; a header that contradicts them is an error.
        The noise map may be left out where there is a ``noise_covariance_matrix``.

        Files often hold NaN outside the useful region: give the ``mask`` here, or ``check_values=False`` and apply it
        afterwards.
        """
        data = Array2D.from_fits(data_path, pixel_scales, hdu=data_hdu)
        pixel_scales = data.pixel_scales if pixel_scales is None else pixel_scales
        noise_map = None if noise_map_path is None else fits.array_2d_from(noise_map_path, hdu=noise_map_hdu)
        psf_scales = pixel_scales if psf_pixel_scales is None else psf_pixel_scales
        dataset = cls(
            data=data,
            noise_map=noise_map,  # type: ignore[arg-type]
            noise_covariance_matrix=noise_covariance_matrix,
            psf=None if psf_path is None else Convolver.from_fits(psf_path, psf_scales, hdu=psf_hdu),
            pixel_scales=pixel_scales,
            over_sample_size_lp=over_sample_size_lp,
            over_sample_size_pixelization=over_sample_size_pixelization,
            over_sample_size_blurring=over_sample_size_blurring,
            over_sample_rule=over_sample_rule,
            use_normalized_psf=use_normalized_psf,
            check_values=check_values and mask is None,
        )
        return dataset if mask is None else dataset.apply_mask(mask)

    @property
    def mask(self) -> Mask2D:
        """The pixels that are used."""
        return self.data.mask

    @property
    def shape_native(self) -> tuple[int, int]:
        return self.data.shape_native

    @property
    def wcs(self) -> WCS | None:
        """Pixels and arc-seconds to the sky and back; ``None`` where the header of the data has no WCS."""
        return WCS.from_header(self.data.header, self.data.geometry)

    @property
    def signal_to_noise_map(self) -> Array2D:  # xp: of the data, which are no model
        """Data over noise, 0 where the data are negative, ``(n,)``."""
        return np.maximum(self.data / self.noise_map, 0.0)

    @property
    def signal_to_noise_max(self) -> float:
        return float(self.signal_to_noise_map.max())

    @cached_property
    def grids(self) -> GridsInterface:
        """The grids on which a model is evaluated, made once."""
        return grids_from(
            self.mask,
            self.psf,
            self.over_sample_size_lp,
            self.over_sample_size_lensed,
            self.over_sample_size_pixelization,
            self.over_sample_size_blurring,
            self.over_sample_rule,
        )

    def in_single_precision(self) -> Imaging:
        """The same data with grids in float32, so that models of them are float32."""
        single = copy.copy(self)
        single._set(grids=self.grids.in_single_precision())
        return single

    @cached_property
    def arrays(self) -> ImagingArrays:
        """What differs between datasets that share their pixels, as arguments of compiled functions."""
        return arrays_from(self)

    def with_arrays(self, arrays: ImagingArrays) -> Imaging:
        """This dataset with the ``arrays`` of another on the same pixels, which JAX may trace; nothing is checked."""
        return with_arrays_from(self, arrays)

    def check_same_pixels(self, other: Imaging) -> None:
        """Our error, which says what differs, unless the arrays of ``other`` fit the pixels and grids of this one."""
        check_same_pixels(self, other)

    @cached_property
    def validated(self) -> bool:
        """True when every value can be fitted; raises our error otherwise. A fit asks for it."""
        if self.noise_covariance is not None:
            self.noise_covariance.same_noise_as(self.noise_map)
        validate.values(self.data, self.noise_map)
        return True

    @cached_property
    def noise_covariance(self) -> NoiseCovariance | None:
        """The factorized covariance of the noise, ``None`` where pixels are independent."""
        return None if self.noise_covariance_matrix is None else NoiseCovariance(self.noise_covariance_matrix)

    def whitened_from(self, values: Array, xp: Namespace = np) -> Array:
        """Values on the mask in units of the noise, ``(..., n) -> (..., n)``, each with an independent error of 1.

        Divided by the noise map, or by the Cholesky factor L of the covariance: ``L^-1 v``. The sum of squares of
        whitened residuals is chi-squared, and whitened columns make the normal equations of linear light.
        """
        if self.noise_covariance is None:
            return values / self.noise_map.array
        return self.noise_covariance.whitened_from(values, xp=xp)

    @property
    def noise_normalization(self) -> Array:
        """Sum of ``ln 2 pi sigma^2``, or ``ln det(2 pi C)`` of a covariance."""
        if self.noise_covariance is not None:
            return self.noise_covariance.log_determinant
        return self.noise_map._xp.log(2.0 * np.pi * self.noise_map.array**2).sum()

    def apply_mask(self, mask: Mask2D) -> Imaging:
        """The dataset without the pixels that ``mask`` leaves out; those left out before stay out."""
        validate.mask_fits(mask, self.data)
        both = Mask2D(mask.array | self.mask.array, self.mask.pixel_scales, self.mask.origin)
        validate.some_pixels(both)
        return self._with(
            data=self.data.apply_mask(both),
            noise_map=self.noise_map.apply_mask(both),
            noise_covariance_matrix=self._covariance_among(both),
            over_sample_size_lp=_remasked(self.over_sample_size_lp, both),
            over_sample_size_lensed=_remasked(self.over_sample_size_lensed, both),
            over_sample_size_pixelization=_remasked(self.over_sample_size_pixelization, both),
            check_values=True,
        )

    def _covariance_among(self, mask: Mask2D) -> np.ndarray | None:
        """The covariance of those of the used pixels that ``mask`` uses."""
        if self.noise_covariance_matrix is None:
            return None
        kept = ~mask.array[tuple(self.mask.native_for_slim.T)]
        return self.noise_covariance_matrix[np.ix_(kept, kept)]

    def _covariance_with(self, marked: np.ndarray, noise: np.ndarray) -> np.ndarray | None:
        """The covariance with the noise of marked pixels replaced."""
        matrix = self.noise_covariance_matrix
        return None if matrix is None else noise_covariance.with_independent_from(matrix, marked, noise)

    def with_data(self, data: Array2D) -> Imaging:
        """The dataset with other data on the same pixels: the light of a galaxy subtracted, say."""
        return self._with(data=data)

    @checked(exc.DatasetException)
    def apply_over_sampling(
        self,
        over_sample_size_lp: Any = None,
        over_sample_size_pixelization: Any = None,
        over_sample_size_lensed: Any = None,
        over_sample_size_blurring: int | None = None,
        over_sample_rule: str | None = None,
    ) -> Imaging:
        """The dataset with other sub-sizes: whole numbers, or one per pixel (slim or native).

        New sizes for ``lp`` hold for lensed light too, unless it is given its own here.
        """
        given = {
            "over_sample_size_lp": over_sample_size_lp,
            "over_sample_size_pixelization": over_sample_size_pixelization,
            "over_sample_size_blurring": over_sample_size_blurring,
            "over_sample_rule": over_sample_rule,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        if over_sample_size_lp is not None or over_sample_size_lensed is not None:
            changes["over_sample_size_lensed"] = over_sample_size_lensed
        return self._with(**changes)

    @checked(exc.DatasetException)
    def apply_noise_scaling(
        self,
        mask: Mask2D,
        noise_value: float = 1e8,
        signal_to_noise_value: float | None = None,
        should_zero_data: bool = True,
    ) -> Imaging:
        """The dataset with the pixels that ``mask`` marks by ``False`` made unimportant, instead of left out.

        Their noise becomes ``noise_value``, or ``abs(data) / signal_to_noise_value`` where that is given, independent
        of other pixels, and their data become 0. A file in which non-zero marks them is read with
        ``Mask2D.from_fits(..., invert=True)``.
        """
        validate.mask_fits(mask, self.data)
        marked = ~mask.array[tuple(self.mask.native_for_slim.T)]
        data, noise = self.data.array.copy(), self.noise_map.array.copy()
        wanted = noise_value if signal_to_noise_value is None else signal_to_noise_value
        if not (isinstance(wanted, int | float | np.number) and np.isfinite(wanted) and wanted > 0.0):
            raise exc.DatasetException(
                f"apply_noise_scaling got {exc.shown(wanted)}, wanted a finite number above zero."
            )
        scaled = noise_value if signal_to_noise_value is None else np.abs(data[marked]) / signal_to_noise_value
        noise[marked] = scaled
        if should_zero_data:
            data[marked] = 0.0
        return self._with(
            data=self.data.with_new_array(data),
            noise_map=self.noise_map.with_new_array(noise),
            noise_covariance_matrix=self._covariance_with(marked, noise),
        )

    def apply_psf_error(self, psf_error_map: ArrayLike, image: ArrayLike) -> Imaging:
        """The dataset with the error of its PSF added to the noise, for light about as bright as ``image``.

        ``psf_error_map`` holds the standard deviation of each pixel of the (normalized) PSF, independent of each other.
        ``image`` is the light before the PSF, on ``grids.extended`` or on the mask; the data themselves will do for a
        first look. Variances grow by the squared errors convolved with the squared light, so a point of flux f adds
        ``(f e)^2``; a noise covariance gets the correlation between pixels too.
        """
        errors = psf_error.error_map_from(psf_error_map, self.psf)
        columns = psf_error.columns_from(errors, image, self.psf, self.mask)  # type: ignore[arg-type]
        if self.noise_covariance_matrix is not None:
            added = np.array([np.zeros(self.mask.pixels_in_mask), *columns])
            return self._with(noise_map=None, noise_covariance_matrix=self.noise_covariance_matrix + added.T @ added)
        variance = sum((column**2 for column in columns), start=self.noise_map.array**2)
        return self._with(noise_map=self.noise_map.with_new_array(np.sqrt(variance)))

    def _with(self, **changes: Any) -> Imaging:
        """A dataset that differs in ``changes`` and keeps every other setting."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Imaging(**{**fields, **changes})

    def output_to_fits(
        self,
        data_path: str | Path,
        noise_map_path: str | Path | None = None,
        psf_path: str | Path | None = None,
        overwrite: bool = False,
    ) -> None:
        """Write the images whose path is given, masked pixels as 0, with the WCS and the unit of the data."""
        said = self.data.header
        header = None if said is None else {**said.of_wcs, **{k: said[k] for k in ("BUNIT",) if k in said}}
        fits.write_array_2d(self.data, data_path, overwrite=overwrite, header=header)
        if noise_map_path is not None:
            fits.write_array_2d(self.noise_map, noise_map_path, overwrite=overwrite, header=header)
        if psf_path is not None:
            if self.psf is None:
                raise exc.DatasetException("psf_path was given, but this dataset has no PSF: leave psf_path out.")
            fits.write_array_2d(self.psf.kernel, psf_path, overwrite=overwrite)


# A simulation inside jax.jit returns a dataset: its images are traced, everything else is constant.
register_instance_pytree(
    Imaging,
    no_flatten=tuple(
        {*Imaging.__dataclass_fields__, "grids", "arrays", "validated", "noise_covariance"} - {"data", "noise_map"},
    ),
)


def _sub_size_from(size: Any, mask: Mask2D) -> int | Array2D:
    """A whole number, or one per pixel of the mask, or our error."""
    sizes = sub_size_array_from(size, mask)
    return int(sizes.flat[0]) if np.ndim(getattr(size, "array", size)) == 0 else Array2D(sizes, mask)


def _remasked(size: Any, mask: Mask2D) -> Any:
    return size.apply_mask(mask) if isinstance(size, Array2D) else size
