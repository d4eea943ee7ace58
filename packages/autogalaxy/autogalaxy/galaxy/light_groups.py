"""The light of a model in two groups whose sub-pixels are chosen apart: that of the first plane, and that behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Array, Namespace
from autogalaxy.galaxy.to_inversion import LightToInversion, solved_light_from
from autogalaxy.operate.light_parts import LightPart, sum_of_parts

GROUPS = ("foreground", "lensed")
_MOST_POINTS = 2**21
"""Sub-pixels that are evaluated at once; more take much memory."""


class LightGroups:
    """Images of both groups at any sub-size; linear light has the intensities that fit the dataset as it is."""

    def __init__(
        self,
        dataset: aa.Imaging,
        light: Any,
        dataset_model: aa.DatasetModel | None = None,
        settings: aa.Settings | None = None,
    ) -> None:
        self.dataset_model = dataset_model
        self.rule = dataset.over_sample_rule
        fit = aa.FitImaging(dataset, dataset_model=dataset_model)
        self.data = fit.data
        """The data less the sky level of the dataset's model, ``(n,)``."""
        solved = LightToInversion(dataset, light, grids=fit.grids, settings=settings)
        self.light = solved_light_from(light, solved.inversion_from(self.data - solved.profile_image))

    def blurred_images_from(self, dataset: aa.Imaging) -> Array:
        """Images after the PSF on the pixels of the dataset, with its sub-sizes, ``(2, n)``."""
        grids = aa.FitImaging(dataset, dataset_model=self.dataset_model).grids
        groups = [_Group(self.light, number) for number in range(len(GROUPS))]
        return np.stack([LightToInversion(dataset, group, grids=grids).profile_image.array for group in groups])

    def pixel_images_from(self, mask: aa.Mask2D, pixels: np.ndarray, size: int) -> Array:
        """Images before the PSF at some of the mask's pixels, given by their index, ``(2, m)``."""
        step = max(_MOST_POINTS // size**2, 1)
        chunks = [pixels[i : i + step] for i in range(0, len(pixels), step)]
        return np.concatenate([np.zeros((2, 0)), *(self._chunk_from(mask, chunk, size) for chunk in chunks)], axis=1)

    def _chunk_from(self, mask: aa.Mask2D, pixels: np.ndarray, size: int) -> Array:
        left_out = np.ones(mask.shape_native, dtype=bool)
        left_out[tuple(mask.native_for_slim[pixels].T)] = False
        some = aa.Mask2D(left_out, mask.pixel_scales, mask.origin)
        grid = aa.Grid2D.from_mask(some, over_sample_size=size, over_sample_rule=self.rule)
        model = self.dataset_model
        if model is not None and model.moves_grids:
            grid = grid.subtracted_and_rotated_from(model.grid_offset, model.grid_rotation_angle * (np.pi / 180.0))
        images = np.zeros((len(GROUPS), some.pixels_in_mask))
        for number, image in enumerate(images):
            parts = _Group(self.light, number).light_parts_from(grid, grid)
            sums = [sum_of_parts(parts, operated=operated) for operated in (False, True)]
            image += sum(values for values in sums if values is not None)
        return images


class _Group:
    """One of the groups as something that has an image."""

    def __init__(self, light: Any, number: int) -> None:
        self.light = light
        self.number = number

    @property
    def has_operated_light(self) -> bool:
        return bool(self.light.has_operated_light)

    def light_parts_from(self, grid: aa.Grid2D, lensed_grid: aa.Grid2D, xp: Namespace = np) -> list[LightPart]:
        """The parts of the light, those of the other group left empty."""
        parts = self.light.light_parts_from(grid, lensed_grid, xp=xp)
        return [
            replace(part, components=part.components if mine else [])
            for part, mine in zip(parts, ((i > 0) == (self.number > 0) for i in range(len(parts))), strict=True)
        ]
