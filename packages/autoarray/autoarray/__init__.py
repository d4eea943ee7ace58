"""Arrays on the sky: masks, grids, images, datasets and their fits."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

from autoarray import exc
from autoarray.abstract_ndarray import AbstractNDArray
from autoarray.dataset import preprocess
from autoarray.dataset.arrays import ImagingArrays
from autoarray.dataset.dataset_model import DatasetModel
from autoarray.dataset.grids import GridsInterface
from autoarray.dataset.imaging import Imaging
from autoarray.dataset.prepare import Prepared, RawFrame
from autoarray.dataset.simulator import SimulatorImaging
from autoarray.dataset.wcs import WCS
from autoarray.fit.fit_dataset import FitDataset
from autoarray.fit.fit_imaging import FitImaging
from autoarray.geometry import Geometry2D
from autoarray.inversion import regularization as reg
from autoarray.inversion.inversion import Inversion
from autoarray.inversion.linear_obj import LinearObj
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver
from autoarray.operators.over_sampling import OverSampler, over_sample, over_sample_size_via_radial_bins_from
from autoarray.parameter import (
    GaussianPrior,
    LogGaussianPrior,
    LogUniformPrior,
    TruncatedGaussianPrior,
    UniformPrior,
    parameter,
)
from autoarray.settings import Settings
from autoarray.structures import decorators
from autoarray.structures.arrays.irregular import ArrayIrregular
from autoarray.structures.arrays.uniform_2d import Array2D
from autoarray.structures.grids.irregular_2d import Grid2DIrregular
from autoarray.structures.grids.uniform_2d import Grid2D
from autoarray.structures.header import Header
from autoarray.structures.vectors.irregular import VectorYX2DIrregular
from autoarray.structures.vectors.uniform import VectorYX2D

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "grid_dec":
        warnings.warn("aa.grid_dec is deprecated: write aa.decorators.", DeprecationWarning, stacklevel=2)
        return decorators
    if name == "plot":  # apart, because it loads matplotlib
        return import_module("autoarray.plot")
    raise AttributeError(f"module 'autoarray' has no attribute {name!r}")


__all__ = [
    "AbstractNDArray",
    "Array2D",
    "ArrayIrregular",
    "Convolver",
    "DatasetModel",
    "FitDataset",
    "FitImaging",
    "GaussianPrior",
    "Geometry2D",
    "Grid2D",
    "Grid2DIrregular",
    "GridsInterface",
    "Header",
    "Inversion",
    "LinearObj",
    "Imaging",
    "ImagingArrays",
    "LogGaussianPrior",
    "LogUniformPrior",
    "Mask2D",
    "OverSampler",
    "Prepared",
    "RawFrame",
    "Settings",
    "SimulatorImaging",
    "TruncatedGaussianPrior",
    "UniformPrior",
    "VectorYX2D",
    "VectorYX2DIrregular",
    "WCS",
    "decorators",
    "exc",
    "over_sample",
    "over_sample_size_via_radial_bins_from",
    "parameter",
    "preprocess",
    "reg",
]
