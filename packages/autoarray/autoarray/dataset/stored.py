"""An imaging dataset as plain arrays and numbers, and back without a change in the last digit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autoarray import exc
from autoarray.dataset.imaging import Imaging
from autoarray.mask.mask_2d import Mask2D
from autoarray.operators.convolver import Convolver
from autoarray.structures.arrays.uniform_2d import Array2D

_SIZES = (
    "over_sample_size_lp",
    "over_sample_size_pixelization",
    "over_sample_size_blurring",
    "over_sample_size_lensed",
)
"""Sub-sizes, each a number, an array or nothing."""


def parts_of(dataset: Imaging) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays of a dataset by name, and the rest in plain JSON types."""
    mask = dataset.mask
    arrays = {"data": dataset.data.array, "noise_map": dataset.noise_map.array, "mask": mask.array}
    settings: dict[str, Any] = {
        "pixel_scales": list(mask.pixel_scales),
        "origin": list(mask.origin),
        "over_sample_rule": dataset.over_sample_rule,
        "use_normalized_psf": bool(dataset.use_normalized_psf),
    }
    if (header := dataset.data.header) is not None:
        settings["header"] = {**header.of_wcs, **{key: header[key] for key in ("BUNIT",) if key in header}}
    for name in _SIZES:
        size = getattr(dataset, name)
        if isinstance(size, Array2D):
            arrays[name] = size.array
        elif size is not None:
            settings[name] = int(size)
    if dataset.psf is not None:
        arrays["psf"] = dataset.psf.kernel.native.array
        settings["psf_pixel_scales"] = list(dataset.psf.pixel_scales)
    if dataset.noise_covariance_matrix is not None:
        arrays["noise_covariance_matrix"] = dataset.noise_covariance_matrix
    return {name: np.asarray(values) for name, values in arrays.items()}, settings


def imaging_from(arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> Imaging:
    """The dataset of which :func:`parts_of` gave the parts; our error where they are not those of one."""
    try:
        mask = Mask2D(arrays["mask"], tuple(settings["pixel_scales"]), origin=tuple(settings["origin"]))
        sizes: dict[str, Any] = {
            name: Array2D(arrays[name], mask) if name in arrays else settings.get(name) for name in _SIZES
        }
        psf = None
        if "psf" in arrays:
            psf = Convolver(arrays["psf"], tuple(settings["psf_pixel_scales"]))
        dataset = Imaging(
            data=Array2D(arrays["data"], mask, header=settings.get("header")),
            noise_map=Array2D(arrays["noise_map"], mask),
            psf=psf,
            noise_covariance_matrix=arrays.get("noise_covariance_matrix"),
            over_sample_rule=settings["over_sample_rule"],
            use_normalized_psf=False,  # it has been: dividing by a sum of 1 - 1e-16 once more changes the last digit
            **sizes,
        )
        dataset._set(use_normalized_psf=bool(settings["use_normalized_psf"]))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise exc.FileException(f"the stored dataset is damaged ({exc.shown(error)}); fit the dataset anew.") from error
    return dataset
