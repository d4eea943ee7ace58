"""The fit of galaxies, without lensing, to an image."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

import autoarray as aa
from autoarray.type import Namespace
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.operate.image import reject_linear_light


def blurred_image_2d_of(light: Any, dataset: aa.Imaging, grids: Any, xp: Namespace = np) -> aa.Array2D:
    """The image of ``light`` (galaxies, a tracer) on the dataset's pixels after its PSF, ``(n,)``."""
    reject_linear_light(light, "FitImaging")
    if dataset.psf is None:
        return light.image_2d_from(grids.lp, xp=xp)
    return light.blurred_image_2d_via_extended_from(grids.extended, dataset.psf, dataset.mask, xp=xp)


class FitImaging(aa.FitImaging):
    """Galaxies compared with an image, pixel by pixel; the model image is computed on construction."""

    def __init__(
        self,
        dataset: aa.Imaging,
        galaxies: Iterable[Galaxy],
        dataset_model: aa.DatasetModel | None = None,
        xp: Namespace = np,
    ) -> None:
        super().__init__(dataset=dataset, dataset_model=dataset_model, xp=xp)
        self.galaxies = galaxies if isinstance(galaxies, Galaxies) else Galaxies(galaxies)
        self.model_data = blurred_image_2d_of(self.galaxies, dataset, self.grids, xp=xp)

    @property
    def galaxy_model_image_dict(self) -> dict[Galaxy, aa.Array2D]:
        """Blurred image of each galaxy."""
        return {galaxy: blurred_image_2d_of(galaxy, self.dataset, self.grids, xp=self._xp) for galaxy in self.galaxies}

    @property
    def subtracted_images_of_galaxies_dict(self) -> dict[Galaxy, aa.Array2D]:
        """The data without the light of every other galaxy."""
        return {galaxy: self.data - (self.model_data - image) for galaxy, image in self.galaxy_model_image_dict.items()}
