"""The comparison of a dataset with what a model says about it."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from autoarray import exc
from autoarray.abstract_ndarray import InstancePytree, namespace_from
from autoarray.dataset.dataset_model import DatasetModel
from autoarray.mask.mask_2d import Mask2D
from autoarray.type import Array, Namespace


class FitDataset(InstancePytree):
    r"""Residuals, chi-squared and likelihood of ``model_data``, which a subclass computes in its constructor.

    .. math:: \ln L = -\frac{1}{2} \left[ \sum \left(\frac{d - m}{\sigma}\right)^2 + \sum \ln 2 \pi \sigma^2 \right]

    With a noise covariance C: :math:`\ln L = -\frac{1}{2} [(d - m)^T C^{-1} (d - m) + \ln \det 2 \pi C]`.
    """

    no_flatten: ClassVar[tuple[str, ...]] = ("dataset", "use_jax", "use_mask_in_fit")

    model_data: Any = None
    """What the model says the data are, ``(n,)``."""

    def __init__(
        self,
        dataset: Any,
        use_mask_in_fit: bool = False,
        dataset_model: DatasetModel | None = None,
        xp: Namespace = np,
    ) -> None:
        if dataset_model is not None and not isinstance(dataset_model, DatasetModel):
            raise exc.FitException(
                f"got dataset_model={exc.shown(dataset_model)}, wanted DatasetModel(background_sky_level=0.1), or None."
            )
        dataset.validated  # noqa: B018 - a dataset that was made unchecked raises its error here
        self.dataset = dataset
        self.use_mask_in_fit = use_mask_in_fit  # datasets hold no masked pixels, so both values mean the same here
        self.dataset_model = dataset_model
        self.use_jax = xp is not np

    @property
    def _xp(self) -> Namespace:
        return namespace_from(self.use_jax)

    @property
    def mask(self) -> Mask2D:
        """The pixels that are compared."""
        return self.dataset.mask

    @property
    def grids(self) -> Any:
        """The dataset's grids in the frame of the model: shifted and turned as ``dataset_model`` says."""
        model = self.dataset_model
        if model is None or not model.moves_grids:
            return self.dataset.grids
        angle = model.grid_rotation_angle * (np.pi / 180.0)
        return self.dataset.grids.moved_from(model.grid_offset, angle, xp=self._xp)

    @property
    def data(self) -> Any:
        """The data that are compared with the model, ``(n,)``."""
        return self.dataset.data

    @property
    def noise_map(self) -> Any:
        """Standard deviations, ``(n,)``."""
        return self.dataset.noise_map

    @property
    def signal_to_noise_map(self) -> Any:
        """Data over noise, 0 where the data are negative, ``(n,)``."""
        ratio = self.data / self.noise_map
        return ratio.with_new_array(ratio._xp.maximum(ratio.array, 0.0))

    @property
    def residual_map(self) -> Any:
        """Data minus model, ``(n,)``."""
        if self.model_data is None:
            raise exc.FitException(
                f"{type(self).__name__} has no model_data: set self.model_data in the constructor of a subclass."
            )
        return self.data - self.model_data

    @property
    def normalized_residual_map(self) -> Any:
        """Residuals in units of the noise, ``(n,)``."""
        return self.residual_map / self.noise_map

    @property
    def chi_squared_map(self) -> Any:
        """Squared normalized residuals, ``(n,)``; with a noise covariance their sum is not chi-squared."""
        return self.normalized_residual_map**2

    @property
    def whitened_residuals(self) -> Array:
        """Residuals with independent errors of 1, raw ``(n,)``: what least-squares searches minimize.

        The normalized residuals, or those times the inverse Cholesky factor where the noise has a covariance.
        """
        return self.dataset.whitened_from(self.residual_map.array, xp=self._xp)

    @property
    def chi_squared(self) -> Array:
        """Sum of squared whitened residuals, ``r^T C^-1 r``."""
        return (self.whitened_residuals**2).sum()

    @property
    def reduced_chi_squared(self) -> Array:
        """Chi-squared per pixel; free parameters are not counted."""
        return self.chi_squared / self.mask.pixels_in_mask

    @property
    def noise_normalization(self) -> Array:
        """Sum of ``ln 2 pi sigma^2``, or ``ln det(2 pi C)`` where the noise has a covariance C."""
        return self.dataset.noise_normalization

    @property
    def log_likelihood(self) -> Array:
        return -0.5 * (self.chi_squared + self.noise_normalization)

    @property
    def figure_of_merit(self) -> Array:
        """What a search maximizes."""
        return self.log_likelihood
