"""The fit of a lens to an image."""

from __future__ import annotations

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.type import Namespace
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.imaging.fit_imaging import blurred_image_2d_of
from autolens.lens.tracer import Tracer


class FitImaging(aa.FitImaging):
    """A tracer compared with an image, pixel by pixel; the model image is computed on construction."""

    def __init__(
        self,
        dataset: aa.Imaging,
        tracer: Tracer,
        dataset_model: aa.DatasetModel | None = None,
        xp: Namespace = np,
    ) -> None:
        if not isinstance(dataset, aa.Imaging) or not isinstance(tracer, Tracer):
            raise exc.FitException(
                f"FitImaging got a {type(dataset).__name__} and a {type(tracer).__name__}, wanted an Imaging and a "
                "Tracer: FitImaging(dataset, Tracer([lens, source]))."
            )
        super().__init__(dataset=dataset, dataset_model=dataset_model, xp=xp)
        self.tracer = tracer
        self.model_data = blurred_image_2d_of(tracer, dataset, self.grids, xp=xp)

    @property
    def model_images_of_planes_list(self) -> list[aa.Array2D]:
        """Blurred, lensed image of each plane; zero for a plane without light."""
        return [self._model_image_of(plane.galaxies.galaxies) for plane in self.tracer.planes]

    @property
    def subtracted_images_of_planes_list(self) -> list[aa.Array2D]:
        """The data without the light of every other plane."""
        return [self.data - (self.model_data - image) for image in self.model_images_of_planes_list]

    @property
    def galaxy_model_image_dict(self) -> dict[Galaxy, aa.Array2D]:
        """Blurred, lensed image of each galaxy."""
        return {galaxy: self._model_image_of([galaxy]) for galaxy in self.tracer.galaxies}

    def _model_image_of(self, shining: list[Galaxy]) -> aa.Array2D:
        """Blurred, lensed image of some of the galaxies."""
        return blurred_image_2d_of(self.tracer.lit_by(shining), self.dataset, self.grids, xp=self._xp)
