"""Light and mass profiles, galaxies, lensing calculations and inference."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from autoarray import (
    Array2D,
    ArrayIrregular,
    Convolver,
    DatasetModel,
    GaussianPrior,
    Grid2D,
    Grid2DIrregular,
    Imaging,
    LogGaussianPrior,
    LogUniformPrior,
    Mask2D,
    OverSampler,
    Settings,
    TruncatedGaussianPrior,
    UniformPrior,
    VectorYX2D,
    VectorYX2DIrregular,
    exc,
    over_sample,
    over_sample_size_via_radial_bins_from,
    parameter,
    preprocess,
    reg,
)
from autogalaxy import convert
from autogalaxy import cosmology as cosmo
from autogalaxy.analysis.multi_gaussian import mge_model_from, mge_point_model_from
from autogalaxy.analysis.over_sampling import adaptive_over_sampling_from
from autogalaxy.galaxy.galaxies import Galaxies
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.imaging.analysis import AnalysisImaging
from autogalaxy.imaging.fit_imaging import FitImaging
from autogalaxy.imaging.simulator import SimulatorImaging
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.combined import CombinedAnalysis
from autogalaxy.inference.fitness import Fitness
from autogalaxy.inference.instance import ModelInstance
from autogalaxy.inference.load_result import load_result
from autogalaxy.inference.model import Array, Collection, Model
from autogalaxy.inference.result import Result
from autogalaxy.inference.results_table import results
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.search.auto import Auto
from autogalaxy.inference.search.drawer import Drawer
from autogalaxy.inference.search.dynesty import DynestyDynamic, DynestyStatic
from autogalaxy.inference.search.emcee import Emcee
from autogalaxy.inference.search.lbfgs import LBFGS
from autogalaxy.inference.search.levenberg_marquardt import LevenbergMarquardt
from autogalaxy.inference.search.multi_start_adam import MultiStartAdam
from autogalaxy.inference.search.nautilus import Nautilus
from autogalaxy.inference.search.nuts import NUTS
from autogalaxy.inference.search.quasi_newton import QuasiNewton
from autogalaxy.inference.search.smc import SMC
from autogalaxy.inference.verdict import Finding, Verdict
from autogalaxy.operate.lens_calc import LensCalc
from autogalaxy.profiles import basis as lp_basis
from autogalaxy.profiles import light_and_mass_profiles as lmp
from autogalaxy.profiles import light_linear_and_mass_profiles as lmp_linear
from autogalaxy.profiles import light_linear_operated_profiles as lp_linear_operated
from autogalaxy.profiles import light_linear_profiles as lp_linear
from autogalaxy.profiles import light_operated_profiles as lp_operated
from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles import light_snr_profiles as lp_snr
from autogalaxy.profiles import mass_profiles as mp
from autogalaxy.profiles import point_sources as ps
from autogalaxy.profiles import scaling_relations as sr
from autogalaxy.profiles.geometry import EllProfile

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "plot":  # apart, because it loads matplotlib
        return import_module("autogalaxy.plot")
    raise AttributeError(f"module 'autogalaxy' has no attribute {name!r}")


__all__ = [
    "LBFGS",
    "MultiStartAdam",
    "NUTS",
    "Analysis",
    "AnalysisImaging",
    "Array",
    "Array2D",
    "ArrayIrregular",
    "Auto",
    "Collection",
    "CombinedAnalysis",
    "Convolver",
    "DatasetModel",
    "Drawer",
    "DynestyDynamic",
    "DynestyStatic",
    "EllProfile",
    "Emcee",
    "Finding",
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
    "Nautilus",
    "SMC",
    "OverSampler",
    "QuasiNewton",
    "Result",
    "Samples",
    "Settings",
    "SimulatorImaging",
    "TruncatedGaussianPrior",
    "UniformPrior",
    "VectorYX2D",
    "VectorYX2DIrregular",
    "Verdict",
    "adaptive_over_sampling_from",
    "convert",
    "cosmo",
    "exc",
    "lmp",
    "lmp_linear",
    "load_result",
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
    "ps",
    "reg",
    "results",
    "sr",
]
