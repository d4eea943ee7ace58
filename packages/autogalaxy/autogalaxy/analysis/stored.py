"""The analysis of a dataset as plain arrays and numbers in the folder of its result, and back; images of its fit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autoarray.dataset import fits, stored
from autogalaxy.cosmology import LensingCosmology
from autogalaxy.inference.model import Collection


def parts_of(analysis: Any) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays of an analysis by name, and the rest in plain JSON types."""
    arrays, dataset = stored.parts_of(analysis.dataset)
    return arrays, {
        "dataset": dataset,
        "precision": analysis.precision,
        "settings": None if analysis.settings is None else vars(analysis.settings),
        "cosmology": Collection(cosmology=analysis.cosmology).to_dict(),
    }


def arguments_from(arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> dict[str, Any]:
    """What an analysis in NumPy is made with."""
    try:
        cosmology = Collection.from_dict(settings["cosmology"]).instance_from_vector([]).cosmology
        if not isinstance(cosmology, LensingCosmology):
            raise exc.FileException(f"the stored analysis has a {type(cosmology).__name__} where its cosmology is.")
        return {
            "dataset": stored.imaging_from(arrays, settings["dataset"]),
            "cosmology": cosmology,
            "settings": None if settings["settings"] is None else aa.Settings(**settings["settings"]),
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise exc.FileException(f"the stored analysis is damaged ({exc.shown(error)}); fit anew.") from error


def images_of(fit: Any) -> dict[str, aa.Array2D]:
    """The images of a fit by the name of their HDU."""
    return {
        "DATA": fit.data,
        "NOISE_MAP": fit.noise_map,
        "MODEL": fit.model_data,
        "RESIDUAL": fit.residual_map,
        "NORMALIZED_RESIDUAL": fit.normalized_residual_map,
    }


def write_fit(fit: Any, images: Mapping[str, aa.Array2D], folder: Path) -> dict[str, Any]:
    """Write ``fit.fits``; the figures of the fit in plain types."""
    fits.write_images(images, folder / "fit.fits", overwrite=True)
    names = ("log_likelihood", "figure_of_merit", "chi_squared", "noise_normalization")
    return {**{name: float(getattr(fit, name)) for name in names}, "pixels": int(fit.mask.pixels_in_mask)}
