"""Simulated images of galaxies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import autoarray as aa
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.operate.image import reject_linear_light


class SimulatorImaging(aa.SimulatorImaging):
    """A telescope pointed at galaxies; settings as in ``aa.SimulatorImaging``."""

    def via_galaxies_from(self, galaxies: Iterable[Galaxy], grid: aa.Grid2D) -> aa.Imaging:
        """The observation of galaxies, without lensing, on every pixel of the frame of ``grid``."""
        return self._via_light_from(galaxies if isinstance(galaxies, Galaxies) else Galaxies(galaxies), grid)

    def _via_light_from(self, light: Any, grid: aa.Grid2D) -> aa.Imaging:
        """The observation of anything with an image; light from half a PSF beyond the frame comes in."""
        reject_linear_light(light, type(self).__name__)
        light.set_snr_of_snr_light_profiles(
            grid=grid, exposure_time=self.exposure_time, background_sky_level=self.background_sky_level, psf=self.psf
        )
        frame = grid.padded_grid_from((1, 1))
        is_finer = self.psf is not None and self.psf.convolve_over_sample_size_on(grid.pixel_scales) > 1
        if self.psf is not None and (is_finer or light.has_operated_light):
            image = light.unmasked_blurred_image_2d_from(frame, self.psf, xp=self._xp)
            return self._observation_of(image, frame.over_sample_size, frame.over_sample_rule)
        shape = (1, 1) if self.psf is None else self.psf.shape_native
        image = light.image_2d_from(grid.padded_grid_from(shape), xp=self._xp)
        return self.via_image_from(
            image, padded=True, over_sample_size=frame.over_sample_size, over_sample_rule=frame.over_sample_rule
        )
