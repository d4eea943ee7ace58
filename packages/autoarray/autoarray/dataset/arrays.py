"""The values of a dataset apart from its pixels, so that what is compiled for one dataset serves others too.

Grids, masks and indexes are constants of a compiled likelihood; data, noise and PSF may be its arguments.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autoarray import exc
from autoarray.dataset.noise_covariance import WhitenedNoise
from autoarray.operators.convolver import Convolver
from autoarray.type import Array

if TYPE_CHECKING:
    from autoarray.dataset.imaging import Imaging


class ImagingArrays(NamedTuple):
    """What may differ between datasets that share their pixels; a pytree of raw arrays."""

    data: Array
    """Image [e- s^-1], ``(n,)``."""
    noise_map: Array
    """Standard deviations, ``(n,)``."""
    whitening: Array | None
    """Transpose of the inverse Cholesky factor of the noise covariance, ``(n, n)``, where there is one."""
    response: Array | None
    """The PSF as it is used on the mask, see ``ConvolverState.response``; ``None`` without a PSF."""


def arrays_from(dataset: Imaging) -> ImagingArrays:
    """The values of a dataset."""
    dataset.validated  # noqa: B018 - evaluated for its errors
    covariance = dataset.noise_covariance
    return ImagingArrays(
        data=dataset.data.array,
        noise_map=dataset.noise_map.array,
        whitening=None if covariance is None else covariance.whitening,
        response=None if dataset.psf is None else dataset.psf.state_from(dataset.mask).response,
    )


def with_arrays_from(dataset: Imaging, arrays: ImagingArrays) -> Imaging:
    """A dataset with other values, traced or not, on the pixels and grids of ``dataset``; nothing is checked.

    Its PSF can blur images on its mask and nothing else.
    """
    new = copy.copy(dataset)
    changes = {
        "data": dataset.data.with_new_array(arrays.data),
        "noise_map": dataset.noise_map.with_new_array(arrays.noise_map),
        "noise_covariance": None if arrays.whitening is None else WhitenedNoise(arrays.whitening),
        "psf": None if dataset.psf is None else dataset.psf.with_response(dataset.mask, arrays.response),
        "grids": dataset.grids,
        "arrays": arrays,
        "validated": True,
    }
    vars(new).update(changes)
    return new


def check_same_pixels(dataset: Imaging, other: Imaging) -> None:
    """Our error, which says what differs, unless ``other`` can use what was compiled for ``dataset``."""
    if differences := _differences_from(dataset, other):
        raise exc.DatasetException(
            f"this dataset cannot use what was compiled for another: {'; '.join(differences)}. Give it a function of "
            "its own: Fitness(model, AnalysisImaging(dataset, use_jax=True), dataset_as_argument=True)."
        )


def _differences_from(dataset: Imaging, other: Imaging) -> list[str]:
    """What is a constant of compiled functions and not the same, in words."""
    both = (dataset, other)
    facts: dict[str, list[Any]] = {
        "shape_native": [d.shape_native for d in both],
        "pixel_scales": [d.mask.pixel_scales for d in both],
        "the origin": [d.mask.origin for d in both],
        "the number of pixels in the mask": [d.mask.pixels_in_mask for d in both],
        "the PSF": ["none" if d.psf is None else _psf_in_words(d.psf) for d in both],
        "the noise": ["independent" if d.noise_covariance is None else "a covariance" for d in both],
    }
    if found := [f"{name} is {theirs}, wanted {ours}" for name, (ours, theirs) in facts.items() if ours != theirs]:
        return found
    if dataset.mask != other.mask:
        pixels = int(np.sum(dataset.mask.array != other.mask.array))
        return [f"its mask uses other pixels ({pixels} differ), wanted dataset.apply_mask(mask) with the same mask"]
    return [
        f"the sub-pixels of grids.{name} differ, wanted the same over_sample_size and over_sample_rule"
        for name in ("lp", "extended", "lensed")  # no likelihood of an image evaluates grids.pixelization
        if getattr(dataset.grids, name).over_sampler != getattr(other.grids, name).over_sampler
    ]


def _psf_in_words(psf: Convolver) -> str:
    return f"{psf.shape_native} pixels of {psf.pixel_scales} arcsec"
