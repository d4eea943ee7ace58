"""The comparison of an image with a model of it."""

from __future__ import annotations

from autoarray.dataset.imaging import Imaging
from autoarray.fit.fit_dataset import FitDataset
from autoarray.structures.arrays.uniform_2d import Array2D


class FitImaging(FitDataset):
    """An ``Imaging`` dataset and a model image; a subclass sets ``self.model_data`` in its constructor."""

    dataset: Imaging

    @property
    def data(self) -> Array2D:
        """The data without the model's sky level, ``(n,)``."""
        if self.dataset_model is None:
            return self.dataset.data
        return self.dataset.data - self.dataset_model.background_sky_level
