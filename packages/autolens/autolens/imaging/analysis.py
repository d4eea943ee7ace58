"""The analysis of an image of a lens."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Self

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.concrete import number_from
from autoarray.type import Array
from autogalaxy.analysis import stored
from autogalaxy.cosmology import LensingCosmology
from autolens.analysis import latents
from autolens.analysis.positions import PositionsLH
from autolens.analysis.result import AnalysisLens, LensResult
from autolens.imaging.fit_imaging import FitImaging
from autolens.lens.tracer import Tracer


class AnalysisImaging(AnalysisLens):
    """Log likelihood of a lens model given one ``Imaging`` dataset."""

    stored_name = "autolens.AnalysisImaging"
    latent_units = latents.UNITS
    latent_periods = latents.PERIODS

    def __init__(
        self,
        dataset: aa.Imaging,
        positions_likelihood_list: list[PositionsLH] | None = None,
        cosmology: LensingCosmology | None = None,
        settings: aa.Settings | None = None,
        use_jax: bool = False,
        precision: str = "double",
        magnitude_zero_point: float | None = None,
    ) -> None:
        super().__init__(dataset, cosmology=cosmology, settings=settings, use_jax=use_jax, precision=precision)
        if isinstance(positions_likelihood_list, PositionsLH):
            positions_likelihood_list = [positions_likelihood_list]
        several = isinstance(positions_likelihood_list, list | tuple | None)
        given: Any = (positions_likelihood_list or []) if several else [positions_likelihood_list]
        self.positions_likelihood_list: list[PositionsLH] = list(given)
        if wrong := [p for p in self.positions_likelihood_list if not isinstance(p, PositionsLH)]:
            raise exc.DatasetException(
                f"positions_likelihood_list holds {exc.shown(wrong[0])}, wanted PositionsLH(positions=[...], "
                f"threshold=0.3)."
            )
        self.magnitude_zero_point = _checked_zero_point(magnitude_zero_point)
        """Magnitude of a flux of one e- s^-1; latent magnitudes need it."""
        if self.use_jax:
            self._register_fit_imaging_pytrees(FitImaging, Tracer)

    def with_dataset(self, dataset: aa.Imaging, use_jax: bool | None = None) -> AnalysisImaging:
        """An analysis of another dataset, with the same cosmology and zero point and without penalties."""
        new = super().with_dataset(dataset, use_jax=use_jax)
        assert isinstance(new, AnalysisImaging)
        new.magnitude_zero_point = self.magnitude_zero_point
        return new

    def for_dataset(self, dataset: aa.Imaging) -> Self:
        """This analysis of another dataset with the same pixels; penalties on positions belong to one lens."""
        if self.positions_likelihood_list:
            raise exc.DatasetException(
                "for_dataset of an analysis with a positions_likelihood_list, wanted none: positions are those of one "
                "lens, AnalysisImaging(dataset, positions_likelihood_list=[...], use_jax=True)."
            )
        return super().for_dataset(dataset)

    def to_stored(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        arrays, settings = super().to_stored()
        positions = [p.to_dict() for p in self.positions_likelihood_list]
        return arrays, {**settings, "positions": positions, "magnitude_zero_point": self.magnitude_zero_point}

    @classmethod
    def from_stored(cls, arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> AnalysisImaging:
        positions = [PositionsLH.from_dict(written) for written in settings.get("positions", ())]
        return cls(
            **stored.arguments_from(arrays, settings),
            positions_likelihood_list=positions,
            magnitude_zero_point=settings.get("magnitude_zero_point"),
        )

    def images_of(self, fit: FitImaging) -> dict[str, aa.Array2D]:
        """Those of every fit, and the light of the lens and of the source as it is seen, lensed and blurred."""
        source = fit.model_images_of_planes_list[-1]
        return {**super().images_of(fit), "LENS_LIGHT": fit.model_data - source, "SOURCE": source}

    def fit_from(self, instance: Any) -> FitImaging:
        """The fit of an instance."""
        dataset, instance = self._as_fitted(instance)
        return FitImaging(
            dataset=dataset,
            tracer=self.tracer_from(instance),
            dataset_model=self.dataset_model_from(instance),
            settings=self.settings,
            xp=self._xp,
        )

    def most_likely_from(self, model: Any, **settings: Any) -> LensResult | None:
        """The best fit, in stages where the light of the lens is free too."""
        from autolens.analysis.staged import most_likely_from

        return most_likely_from(model, self, **settings)

    def latents_from(self, instance: Any) -> dict[str, Any]:
        """Einstein radius and mass, magnifications, shapes, fluxes and magnitudes: ``autolens.analysis.latents``."""
        tracer = self.tracer_from(instance)
        names = latents.names_of(tracer, instance)
        if any(profile.is_linear for profile in tracer.light_profile_list):
            analysis = copy.copy(self)
            analysis.precision = "double"
            tracer = analysis.fit_from(instance).tracer_linear_light_profiles_to_light_profiles
        return latents.latents_from(tracer, names, self.dataset.grids.lp, self.magnitude_zero_point, xp=self._xp)

    def log_likelihood_penalty_from(self, instance: Any) -> Any:
        """Sum of the penalties on multiple images that do not meet on the source's plane."""
        if not self.positions_likelihood_list:
            return 0.0
        tracer = self.tracer_from(instance)
        return sum(p.log_likelihood_penalty_from(tracer, xp=self._xp) for p in self.positions_likelihood_list)

    def residual_vector_from(self, instance: Any) -> Array:
        """Normalized residuals of every pixel and, as one more, the root of twice the penalty."""
        residuals = super().residual_vector_from(instance)
        if not self.positions_likelihood_list:
            return residuals
        xp = self._xp
        penalty = self.log_likelihood_penalty_from(instance)
        positive = penalty > 0.0
        root = xp.where(positive, xp.sqrt(2.0 * xp.where(positive, penalty, 1.0)), 0.0)
        return xp.concatenate((residuals, xp.atleast_1d(root)))


def _checked_zero_point(value: Any) -> float | None:
    if value is None or abs(number_from(value)) < 1e3:
        return None if value is None else number_from(value)
    raise exc.DatasetException(
        f"magnitude_zero_point={exc.shown(value)}, wanted the magnitude of one e- s^-1: "
        "AnalysisImaging(dataset, magnitude_zero_point=25.9)."
    )
