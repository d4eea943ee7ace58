"""What the analyses of imaging datasets share, with lensing or without."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import autoarray as aa
from autoarray import exc
from autoarray.abstract_ndarray import activate_pytrees, register_instance_pytree
from autoarray.type import Array
from autogalaxy.cosmology import LensingCosmology, Planck15
from autogalaxy.inference.analysis import Analysis


class AnalysisDataset(Analysis):
    """Log likelihood of a model given one dataset; a subclass says which fit belongs to an instance."""

    def __init__(
        self,
        dataset: aa.Imaging,
        cosmology: LensingCosmology | None = None,
        settings: aa.Settings | None = None,
        use_jax: bool = False,
    ) -> None:
        super().__init__(use_jax=use_jax)
        if not isinstance(dataset, aa.Imaging):
            raise exc.DatasetException(
                f"{type(self).__name__} got a {type(dataset).__name__}, wanted an Imaging: "
                "Imaging(data, noise_map, psf, pixel_scales=0.05), or Imaging.from_fits(...)."
            )
        self.dataset = dataset
        self.settings = settings
        self.cosmology = Planck15() if cosmology is None else cosmology
        self.log_likelihood_offset = -0.5 * float(dataset.noise_normalization)

    def with_dataset(self, dataset: aa.Imaging, use_jax: bool | None = None) -> AnalysisDataset:
        """An analysis of another dataset, with the same cosmology and without penalties."""
        use_jax = self.use_jax if use_jax is None else use_jax
        return type(self)(dataset, cosmology=self.cosmology, settings=self.settings, use_jax=use_jax)

    @abstractmethod
    def fit_from(self, instance: Any) -> Any:
        raise NotImplementedError

    def log_likelihood_function(self, instance: Any) -> Any:
        """Log likelihood of the instance, less what penalties take."""
        return self.fit_from(instance).figure_of_merit - self.log_likelihood_penalty_from(instance)

    def residual_vector_from(self, instance: Any) -> Array:
        """Whitened residuals of every pixel, ``(n,)``, and the root of twice the penalty where there is one."""
        return self.fit_from(instance).whitened_residuals

    def log_likelihood_penalty_from(self, instance: Any) -> Any:
        """What is subtracted from the log likelihood for reasons that are not in the data; nothing by default."""
        return 0.0

    def dataset_model_from(self, instance: Any) -> aa.DatasetModel | None:
        """The background and grid offset of the model, if it has any."""
        return getattr(instance, "dataset_model", None)

    def _register_fit_imaging_pytrees(self, *classes: type) -> None:
        """Make fits returnable from ``jax.jit``; idempotent, and independent of the order of registration."""
        for cls in (*classes, aa.DatasetModel):
            register_instance_pytree(cls, no_flatten=getattr(cls, "no_flatten", ()))
        activate_pytrees()
