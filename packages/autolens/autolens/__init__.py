"""Strong gravitational lensing: ray tracing and lens fits. ``import autolens as al`` is all a script needs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from autogalaxy import (
    NUTS,
    Analysis,
    Array,
    Array2D,
    ArrayIrregular,
    Collection,
    Convolver,
    DatasetModel,
    EllProfile,
    Fitness,
    Galaxies,
    Galaxy,
    GaussianPrior,
    Grid2D,
    Grid2DIrregular,
    Imaging,
    LensCalc,
    LevenbergMarquardt,
    LogGaussianPrior,
    LogUniformPrior,
    Mask2D,
    Model,
    ModelInstance,
    OverSampler,
    QuasiNewton,
    Result,
    Samples,
    Settings,
    TruncatedGaussianPrior,
    UniformPrior,
    VectorYX2D,
    VectorYX2DIrregular,
    adaptive_over_sampling_from,
    convert,
    cosmo,
    exc,
    lmp,
    lmp_linear,
    lp,
    lp_basis,
    lp_linear,
    lp_linear_operated,
    lp_operated,
    lp_snr,
    mge_model_from,
    mge_point_model_from,
    mp,
    over_sample,
    over_sample_size_via_radial_bins_from,
    parameter,
    preprocess,
    ps,
    reg,
    sr,
)
from autolens.analysis.named_models import model_from as lens_model_from
from autolens.analysis.positions import PositionsLH
from autolens.analysis.staged import fit_in_stages
from autolens.imaging.analysis import AnalysisImaging
from autolens.imaging.fit_imaging import FitImaging
from autolens.imaging.simulator import SimulatorImaging
from autolens.lens.tracer import Tracer

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "plot":  # on first use, because it loads matplotlib
        return import_module("autolens.plot")
    raise AttributeError(f"module 'autolens' has no attribute {name!r}")


__all__ = [
    "Analysis",
    "AnalysisImaging",
    "Array",
    "Array2D",
    "ArrayIrregular",
    "Collection",
    "Convolver",
    "DatasetModel",
    "EllProfile",
    "FitImaging",
    "Fitness",
    "Galaxies",
    "Galaxy",
    "GaussianPrior",
    "Grid2D",
    "Grid2DIrregular",
    "Imaging",
    "LensCalc",
    "LevenbergMarquardt",
    "LogGaussianPrior",
    "LogUniformPrior",
    "Mask2D",
    "Model",
    "ModelInstance",
    "NUTS",
    "OverSampler",
    "QuasiNewton",
    "Settings",
    "PositionsLH",
    "Result",
    "Samples",
    "SimulatorImaging",
    "Tracer",
    "TruncatedGaussianPrior",
    "UniformPrior",
    "VectorYX2D",
    "VectorYX2DIrregular",
    "adaptive_over_sampling_from",
    "convert",
    "cosmo",
    "exc",
    "fit_in_stages",
    "lens_model_from",
    "lmp",
    "lmp_linear",
    "lp",
    "lp_basis",
    "lp_linear",
    "lp_linear_operated",
    "lp_operated",
    "lp_snr",
    "mge_model_from",
    "mge_point_model_from",
    "mp",
    "over_sample",
    "over_sample_size_via_radial_bins_from",
    "parameter",
    "preprocess",
    "reg",
    "ps",
    "sr",
]
