"""The fit of galaxies, without lensing, to an image."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.settings import checked_settings
from autoarray.type import Array, Namespace
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.galaxy.to_inversion import (
    GalaxiesToInversion,
    LightToInversion,
    linear_places_of,
    solved_light_from,
)
from autogalaxy.profiles.light.abstract import LightProfile


class LightFit(aa.FitImaging):
    """What fits of light share, lensed or not: the model image, and the intensities of linear light."""

    no_flatten: ClassVar[tuple[str, ...]] = (*aa.FitImaging.no_flatten, "settings")

    inversion: aa.Inversion | None
    settings: aa.Settings | None

    def _compare(self, to_inversion: LightToInversion) -> None:
        """Compute the model image of this fit, solving for what is linear."""
        self.settings = checked_settings(to_inversion.settings)
        image = to_inversion.profile_image
        self.inversion = to_inversion.inversion_from(self.data - image)
        self.model_data = image if self.inversion is None else image + self.inversion.mapped_reconstructed_data

    @property
    def linear_light_profile_intensity_dict(self) -> dict[LightProfile, Array]:
        """The intensity [e- s^-1] found for each linear light profile; empty where there is none."""
        if self.inversion is None:
            return {}
        found = self.inversion.reconstruction_by_name
        return {profile: found[place] for place, profile in linear_places_of(self._light.galaxies)}

    @property
    def warnings(self) -> list[str]:
        """What is worth knowing about the linear solution of a fit that is not traced."""
        return [] if self.inversion is None else self.inversion.warnings

    @property
    def figure_of_merit(self) -> Array:
        """The log likelihood, or the log evidence where the linear light is regularized."""
        return self.log_likelihood if self._terms is None else self.log_evidence

    @property
    def log_evidence(self) -> Array:
        """Log likelihood with the regularized coefficients marginalized (Suyu et al. 2006, eq. 19)."""
        return self.log_likelihood if self._terms is None else self.log_likelihood - 0.5 * self._terms

    @property
    def _terms(self) -> Array | None:
        if self.inversion is None or not self.inversion.is_regularized:
            return None
        return self.inversion.log_evidence_terms

    @property
    @abstractmethod
    def _light(self) -> Any:
        """The galaxies or the tracer that is compared."""
        raise NotImplementedError

    @property
    def _solved_light(self) -> Any:
        """The same with intensities in place of what was linear."""
        return solved_light_from(self._light, self.inversion)

    @abstractmethod
    def _image_of(self, solved: Any, galaxy: Galaxy) -> aa.Array2D:
        """The blurred image of one of the galaxies of the solved light."""
        raise NotImplementedError

    @property
    def galaxy_model_image_dict(self) -> dict[Galaxy, aa.Array2D]:
        """Blurred image of each galaxy."""
        solved = self._solved_light
        pairs = zip(self._light.galaxies, solved.galaxies, strict=True)
        return {galaxy: self._image_of(solved, shining) for galaxy, shining in pairs}

    @property
    def subtracted_images_of_galaxies_dict(self) -> dict[Galaxy, aa.Array2D]:
        """The data without the light of every other galaxy."""
        return {galaxy: self.data - (self.model_data - image) for galaxy, image in self.galaxy_model_image_dict.items()}


class FitImaging(LightFit):
    """Galaxies compared with an image, pixel by pixel; the model image is computed on construction."""

    def __init__(
        self,
        dataset: aa.Imaging,
        galaxies: Iterable[Galaxy],
        dataset_model: aa.DatasetModel | None = None,
        settings: aa.Settings | None = None,
        xp: Namespace = np,
    ) -> None:
        if not isinstance(dataset, aa.Imaging) or not isinstance(galaxies, Iterable) or isinstance(galaxies, Galaxy):
            raise exc.FitException(
                f"ag.FitImaging got a {type(dataset).__name__} and a {type(galaxies).__name__}, wanted an Imaging and "
                "a list of galaxies: ag.FitImaging(dataset, [galaxy]), or al.FitImaging(dataset, tracer)."
            )
        super().__init__(dataset=dataset, dataset_model=dataset_model, xp=xp)
        self.galaxies = galaxies if isinstance(galaxies, Galaxies) else Galaxies(galaxies)
        self._compare(GalaxiesToInversion(dataset, self.galaxies, grids=self.grids, settings=settings, xp=xp))

    @property
    def _light(self) -> Galaxies:
        return self.galaxies

    @property
    def galaxies_linear_light_profiles_to_light_profiles(self) -> Galaxies:
        """The galaxies with the intensities that were found, as ordinary light profiles."""
        return self._solved_light

    def _image_of(self, solved: Galaxies, galaxy: Galaxy) -> aa.Array2D:
        return GalaxiesToInversion(self.dataset, [galaxy], grids=self.grids, xp=self._xp).profile_image
