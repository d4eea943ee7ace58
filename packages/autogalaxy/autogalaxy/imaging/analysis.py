"""The analysis of an image of galaxies without lensing."""

from __future__ import annotations

from typing import Any

import autoarray as aa
from autogalaxy.analysis.dataset import AnalysisDataset
from autogalaxy.cosmology import LensingCosmology
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.imaging.fit_imaging import FitImaging


class AnalysisImaging(AnalysisDataset):
    """Log likelihood of a model of galaxies given one ``Imaging`` dataset."""

    stored_name = "autogalaxy.AnalysisImaging"

    def __init__(
        self,
        dataset: aa.Imaging,
        cosmology: LensingCosmology | None = None,
        settings: aa.Settings | None = None,
        use_jax: bool = False,
        precision: str = "double",
    ) -> None:
        super().__init__(dataset, cosmology=cosmology, settings=settings, use_jax=use_jax, precision=precision)
        if self.use_jax:
            self._register_fit_imaging_pytrees(FitImaging, Galaxies)

    def fit_from(self, instance: Any) -> FitImaging:
        """The fit of the galaxies of an instance."""
        dataset, instance = self._as_fitted(instance)
        return FitImaging(
            dataset=dataset,
            galaxies=self.galaxies_from(instance),
            dataset_model=self.dataset_model_from(instance),
            settings=self.settings,
            xp=self._xp,
        )
