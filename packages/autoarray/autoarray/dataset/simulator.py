"""Simulated observations: an image blurred, lifted by the sky, counted by a detector."""

from __future__ import annotations

from typing import Any

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import is_traced, namespace_from
from autoarray.arguments import checked
from autoarray.dataset import preprocess, validate
from autoarray.dataset.imaging import Imaging
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.type import Array, Namespace


class SimulatorImaging:
    """Settings of a simulated observation; the same seed gives the same dataset.

    ``exposure_time`` [s]; ``background_sky_level`` [e- s^-1 per pixel], subtracted again from the data when
    ``subtract_background_sky``. The noise map is the true standard deviation of the draws, ``sqrt((m + sky) t) / t``
    with the noiseless image ``m``, or ``noise_if_add_noise_false`` in every pixel when
    ``include_poisson_noise_in_noise_map=False``. ``noise_seed=-1`` draws a new seed each time.
    """

    @checked(exc.DatasetException)
    def __init__(
        self,
        exposure_time: float,
        background_sky_level: float = 0.0,
        subtract_background_sky: bool = True,
        psf: Convolver | None = None,
        normalize_psf: bool = True,
        add_poisson_noise_to_data: bool = True,
        include_poisson_noise_in_noise_map: bool = True,
        noise_if_add_noise_false: float = 0.1,
        noise_seed: int = -1,
        use_jax: bool = False,
    ) -> None:
        for name, value, lowest in (
            ("exposure_time", exposure_time, "above 0"),
            ("background_sky_level", background_sky_level, "of at least 0"),
            ("noise_if_add_noise_false", noise_if_add_noise_false, "above 0"),
        ):
            good = isinstance(value, int | float | np.number) and np.isfinite(value)
            good = good and (value > 0.0 or (value == 0.0 and name == "background_sky_level"))
            if not good:
                raise exc.DatasetException(
                    f"SimulatorImaging got {name}={exc.shown(value)}, wanted a finite number {lowest}: "
                    "SimulatorImaging(exposure_time=300.0)."
                )
        if not isinstance(noise_seed, int | np.integer) or noise_seed < -1:
            raise exc.DatasetException(
                f"SimulatorImaging got noise_seed={exc.shown(noise_seed)}, wanted a whole number of at least 0, "
                f"or -1 for a new "
                "one each time."
            )
        if psf is not None and not isinstance(psf, Convolver):
            psf = Convolver(psf)
        self.exposure_time = float(exposure_time)
        self.background_sky_level = float(background_sky_level)
        self.subtract_background_sky = subtract_background_sky
        self.psf = psf.normalized if psf is not None and normalize_psf else psf
        self.normalize_psf = normalize_psf
        self.add_poisson_noise_to_data = add_poisson_noise_to_data
        self.include_poisson_noise_in_noise_map = include_poisson_noise_in_noise_map
        self.noise_if_add_noise_false = float(noise_if_add_noise_false)
        self.noise_seed = noise_seed
        self.use_jax = use_jax

    @property
    def _xp(self) -> Namespace:
        return namespace_from(self.use_jax)

    @checked(exc.DatasetException)
    def via_image_from(
        self,
        image: Array2D,
        padded: bool = False,
        over_sample_size: Any = 4,
        over_sample_rule: str = "quadrature",
    ) -> Imaging:
        """The observation of a noiseless ``image`` [e- s^-1].

        With ``padded=True`` the image has half a PSF of further pixels on every side, which are cut off
        (``grid.padded_grid_from(psf.shape_native)``); otherwise no light comes in from outside the image. Sub-sizes
        of the dataset are those of ``over_sample_size``, a number or one per pixel, placed by ``over_sample_rule``.
        """
        if not isinstance(image, Array2D):
            raise exc.DatasetException(
                f"image of type {type(image).__name__}, wanted an Array2D: Array2D.no_mask(image, pixel_scales=0.05)."
            )
        if image.mask.array.any():
            raise exc.DatasetException(
                f"image of {image.shape_native} pixels with a mask, wanted one without: simulate every pixel, then "
                "dataset.apply_mask(mask)."
            )
        xp = self._xp
        if padded and self.psf is not None:
            image = self._blurred_and_trimmed_from(image)
        elif self.psf is not None:
            image = self.psf.convolved_image_from(image, None, xp=xp)
        return self._observation_of(image, over_sample_size, over_sample_rule)

    def _observation_of(self, image: Array2D, over_sample_size: Any, over_sample_rule: str) -> Imaging:
        """The dataset of an image [e- s^-1] that the PSF has blurred."""
        xp = self._xp
        model = self._non_negative(image.array, xp=xp) + self.background_sky_level
        noise = self._noise_from(model, xp=xp)
        if self.add_poisson_noise_to_data:
            data = preprocess.data_eps_with_poisson_noise_from(model, self.exposure_time, self.noise_seed, xp=xp)
        else:
            data = model
        if self.subtract_background_sky:
            data = data - self.background_sky_level
        return Imaging(
            data=Array2D(data, image.mask, xp=xp),
            noise_map=Array2D(noise, image.mask, xp=xp),
            psf=self.psf,
            use_normalized_psf=self.normalize_psf,
            over_sample_size_lp=over_sample_size,
            over_sample_size_pixelization=over_sample_size,
            over_sample_rule=over_sample_rule,
        )

    def _blurred_and_trimmed_from(self, image: Array2D) -> Array2D:
        assert self.psf is not None
        ny, nx = (n - k + 1 for n, k in zip(image.shape_native, self.psf.shape_native, strict=True))
        mask = image.mask.resized_from((ny, nx))
        validate.some_pixels(mask)
        return self.psf.convolved_extended_image_from(image, mask, xp=self._xp)

    def _non_negative(self, values: Array, xp: Namespace = np) -> Array:
        """The image without the rounding error of a transform below 0, which no Poisson draw allows."""
        rounding = 1e-10 * xp.abs(values).max()
        return xp.where(xp.logical_and(values < 0.0, values > -rounding), 0.0, values)

    def _noise_from(self, model: Array, xp: Namespace = np) -> Array:
        """Standard deviation of each pixel [e- s^-1]."""
        if not self.include_poisson_noise_in_noise_map:
            return xp.full(model.shape, self.noise_if_add_noise_false)
        if not is_traced(model) and (np.asarray(model) <= 0.0).any():
            model = np.asarray(model)
            raise exc.DatasetException(
                f"{int((model <= 0.0).sum())} pixels of the simulated image are empty or negative (lowest "
                f"{model.min():.3g} e- s^-1), so their Poisson noise is 0 or undefined: "
                "SimulatorImaging(..., background_sky_level=0.1)."
            )
        return xp.sqrt(model / self.exposure_time)
