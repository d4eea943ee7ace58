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
    def tracer_linear_light_profiles_to_light_profiles(self) -> Tracer:
        """The tracer with the intensities that were found, as ordinary light profiles."""
        return Tracer(self._with_intensities(self.tracer.galaxies).values(), cosmology=self.tracer.cosmology)

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

    @property
    def galaxy_model_image_dict(self) -> dict[Galaxy, aa.Array2D]:
        """Blurred, lensed image of each galaxy."""
        solved = self._with_intensities(self.tracer.galaxies)
        tracer = Tracer(solved.values(), cosmology=self.tracer.cosmology)
        return {galaxy: self._image_of(tracer.lit_by([shining])) for galaxy, shining in solved.items()}

    def _image_of(self, light: object) -> aa.Array2D:
        return TracerToInversion(self.dataset, light, grids=self.grids, xp=self._xp).profile_image
