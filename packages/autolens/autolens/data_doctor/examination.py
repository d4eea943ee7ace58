"""``al.doctor``: every check of an observation, in the order in which one depends on another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autolens.data_doctor import arcs as arcs_of_lens
from autolens.data_doctor import background, layout, mask, noise, pixels, psf, stars
from autolens.data_doctor.arcs import Arcs
from autolens.data_doctor.diagnosis import SEVERITIES, DataFinding, Diagnosis
from autolens.data_doctor.images import LARGEST, Images, Place, images_of_dataset, images_of_files
from autolens.data_doctor.sky import Sky, sky_from


def doctor(
    dataset: aa.Imaging | None = None,
    mask: aa.Mask2D | None = None,
    files: Mapping[str, Place] | None = None,
    pixel_scales: float | None = None,
    exposure_time: float | None = None,
    extra_galaxies: aa.Mask2D | None = None,
) -> Diagnosis:
    """What is wrong with an observation, what that does to a fit, and how it is mended.

    ``dataset`` before a mask was applied says most, as the sky is measured far from the lens; ``mask`` is that of the
    fit to come. ``files`` - ``{"data": ("data.fits", 0), "noise_map": ..., "psf": ..., "mask_extra_galaxies": ...}``
    with HDUs by number or name - adds headers and the PSF before it was normalized, or stands for the dataset where
    ``pixel_scales`` [arcsec] is given. With the ``exposure_time`` [s] Poisson noise is tested too.
    """
    if dataset is not None:
        images = images_of_dataset(dataset, mask, extra_galaxies, files, exposure_time)
    elif files is not None and pixel_scales is not None:
        images = images_of_files(files, pixel_scales, mask, exposure_time)
    else:
        raise exc.DatasetException(
            "doctor without data: al.doctor(dataset), or al.doctor(files=..., pixel_scales=0.05)."
        )
    return examined(images)


def examined(images: Images) -> Diagnosis:
    """The diagnosis of raw images."""
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):  # values may be of any size
        whole, images = images, images.cut_about(arcs_of_lens.middle_of(images), LARGEST)
        reach = _reach_of(images)
        centre = arcs_of_lens.centre_from(images, reach)
        sky = sky_from(images, centre or (0.0, 0.0)) if images.good.any() else None
        arcs = None if centre is None else arcs_of_lens.arcs_from(images, sky, centre, reach)
        findings = sorted(_findings_from(whole, images, sky, arcs), key=lambda f: -SEVERITIES.index(f.severity))
        return Diagnosis(
            findings=tuple(findings),
            guesses=_guesses_from(images, sky, arcs),
            facts=_facts_from(whole, images, sky),
            maps=_maps_from(images, sky, arcs),
        )


def _reach_of(images: Images) -> float:
    """Radius [arcsec] in which the lens and its arcs lie."""
    return min(arcs_of_lens.FARTHEST, 0.5 * images.pixel_scale * min(images.data.shape))


def _findings_from(whole: Images, images: Images, sky: Sky | None, arcs: Arcs | None) -> Iterator[DataFinding]:
    yield from layout.findings_from(whole)
    yield from layout.cut_findings_from(whole, images)
    yield from pixels.not_finite_from(whole)
    yield from pixels.findings_from(images, sky)
    yield from noise.findings_from(images, sky)
    yield from psf.findings_from(images)
    yield from stars.findings_from(images, sky)
    yield from background.findings_from(images, sky)
    if images.used.any() or not whole.used.any():  # a mask of pixels beyond the cut-out is not empty
        yield from mask.findings_from(images, arcs)


def _maps_from(images: Images, sky: Sky | None, arcs: Arcs | None) -> dict[str, np.ndarray]:
    """What the picture shows."""
    maps = {"data": images.data, "noise_map": images.noise_map, "good": images.good, "used": images.used}
    if images.psf is not None:
        maps["psf"] = images.psf
    if sky is not None:
        maps |= {"empty": sky.empty, "wrong": ~images.good & images.known}
        if images.is_one_frame:
            maps["wrong"] = maps["wrong"] | pixels.sharp_from(images, sky)
        if sky.correlation is not None:
            maps["auto_correlation"] = sky.correlation.auto_correlation
    if arcs is not None:
        maps["residual"] = arcs.residual
    return maps


def _guesses_from(images: Images, sky: Sky | None, arcs: Arcs | None) -> dict[str, Any]:
    return {
        "lens_centre": None if arcs is None else arcs.centre,
        "einstein_radius": None if arcs is None else arcs.einstein_radius,
        "arc_positions": [] if arcs is None else arcs_of_lens.positions_from(arcs, images),
        "background": None if sky is None else sky.level,
        "sky_scatter": None if sky is None else sky.scatter,
    }


def _facts_from(whole: Images, images: Images, sky: Sky | None) -> dict[str, Any]:
    """What was measured."""
    facts: dict[str, Any] = {
        "shape": whole.data.shape,
        "examined_shape": images.data.shape,
        "examined_middle": images.middle,
        "pixel_scale": images.pixel_scale,
        "header_pixel_scales": {name: layout.scale_of_header(header) for name, header in images.headers.items()},
        "pixels_fitted": int(whole.used.sum()),
    }
    if images.is_one_frame and images.good.any():
        equal = noise.equal_from(images)
        facts |= {
            "noise_median": float(np.median(images.noise_map[images.good])),
            "noise_equal_fraction": equal[0],
            "noise_equal_value": equal[1],
            "signal_to_noise_max": float(np.max(images.data[images.good] / images.noise_map[images.good])),
        }
    if images.psf is not None and np.all(np.isfinite(images.psf)) and images.psf.sum() > 0.0:
        facts |= {
            "psf_shape": images.psf.shape,
            "psf_sum": float(images.psf.sum()),
            "psf_centroid": psf.centroid_of(images.psf),
            "psf_lost": psf.edge_of(images.psf)["lost"],
        }
    return facts | _facts_of_sky(images, sky)


def _facts_of_sky(images: Images, sky: Sky | None) -> dict[str, Any]:
    if sky is None:
        return {"sky_pixels": 0}
    bright = noise.bright_noise_from(images, sky) if images.is_one_frame else None
    return {
        "sky_pixels": sky.pixels,
        "sky_level": sky.level,
        "sky_level_significance": sky.level_significance,
        "sky_rise": sky.slope[0],
        "sky_rise_significance": sky.slope[1],
        "sky_scatter": sky.scatter,
        "noise_ratio": sky.ratio,
        "noise_ratio_error": sky.ratio_error,
        "noise_ratio_bright": None if bright is None else bright.ratio,
        "noise_ratio_bright_error": None if bright is None else bright.error,
        "correlation_factor": None if sky.correlation is None else sky.correlation.factor,
        "correlation_factor_error": None if sky.correlation is None else sky.correlation.factor_error,
    }
