"""The fit of a lens to an image."""

from __future__ import annotations

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.type import Namespace
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.imaging.fit_imaging import LightFit
from autolens.lens.to_inversion import TracerToInversion
from autolens.lens.tracer import Tracer


class FitImaging(LightFit):
    """A tracer compared with an image, pixel by pixel; the model image is computed on construction."""

    def __init__(
        self,
        dataset: aa.Imaging,
        tracer: Tracer,
        dataset_model: aa.DatasetModel | None = None,
        settings: aa.Settings | None = None,
        xp: Namespace = np,
    ) -> None:
        if not isinstance(dataset, aa.Imaging) or not isinstance(tracer, Tracer):
            raise exc.FitException(
                f"FitImaging got a {type(dataset).__name__} and a {type(tracer).__name__}, wanted an Imaging and a "
                "Tracer: FitImaging(dataset, Tracer([lens, source]))."
            )
        super().__init__(dataset=dataset, dataset_model=dataset_model, xp=xp)
        self.tracer = tracer
        self._compare(TracerToInversion(dataset, tracer, grids=self.grids, settings=settings, xp=xp))

    @property
    def _light(self) -> Tracer:
        return self.tracer

    @property
    def tracer_linear_light_profiles_to_light_profiles(self) -> Tracer:
        """The tracer with the intensities that were found, as ordinary light profiles."""
        return self._solved_light

    @property
    def model_images_of_planes_list(self) -> list[aa.Array2D]:
        """Blurred, lensed image of each plane; zero for a plane without light."""
        images = self.galaxy_model_image_dict
        zero = self.model_data * 0.0
        return [sum((images[g] for g in plane.galaxies), start=zero) for plane in self.tracer.planes]

    @property
    def subtracted_images_of_planes_list(self) -> list[aa.Array2D]:
        """The data without the light of every other plane."""
        return [self.data - (self.model_data - image) for image in self.model_images_of_planes_list]

    def _image_of(self, solved: Tracer, galaxy: Galaxy) -> aa.Array2D:
        lit = solved.lit_by([galaxy])
        return TracerToInversion(self.dataset, lit, grids=self.grids, xp=self._xp).profile_image
