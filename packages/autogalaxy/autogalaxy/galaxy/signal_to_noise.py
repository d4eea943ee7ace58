"""Intensities of light that is given by its signal to noise in an observation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import autoarray as aa
from autoarray import exc
from autoarray.type import GridLike
from autogalaxy.profiles.light.variants import LightProfileSNR


def set_signal_to_noise(
    profiles: Iterable[Any],
    grid: GridLike,
    exposure_time: float,
    background_sky_level: float = 0.0,
    psf: aa.Convolver | None = None,
    traced_from: Callable[[Any], Any] | None = None,
) -> None:
    """Set the intensity of those of ``profiles`` that have a signal to noise.

    ``traced_from`` is the grid, with half a PSF of further pixels on every side, where their plane is.
    """
    chosen = [profile for profile in profiles if isinstance(profile, LightProfileSNR)]
    if not chosen:
        return
    for name, value, good in (
        ("exposure_time", exposure_time, exposure_time > 0.0),
        ("background_sky_level", background_sky_level, background_sky_level >= 0.0),
    ):
        if not good:
            raise exc.GalaxyException(
                f"set_snr_of_snr_light_profiles got {name}={exc.shown(value)}, wanted exposure_time above 0 and "
                "background_sky_level of at least 0."
            )
    mask = None
    if psf is not None:
        if not isinstance(grid, aa.Grid2D):
            raise exc.GalaxyException(
                f"set_snr_of_snr_light_profiles got a psf and a {type(grid).__name__}, wanted a Grid2D: "
                "grid=Grid2D.uniform((100, 100), pixel_scales=0.05)."
            )
        mask = grid.mask.derive_mask.all_false
        grid = psf.padded_grid_from(grid)
    if traced_from is not None:
        grid = traced_from(grid)
    for profile in chosen:
        profile.set_intensity_from(grid, exposure_time, background_sky_level, psf=psf, mask=mask)
