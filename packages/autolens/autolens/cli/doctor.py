"""The work of ``autolens doctor``: files to a diagnosis, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import autoarray as aa
from autoarray import exc
from autolens.cli import extensions
from autolens.cli.extensions import Hdu
from autolens.cli.installed import is_installed
from autolens.cli.json_answer import print_json
from autolens.cli.observation import DEFAULTS, Files, info_from, pixel_scale_of
from autolens.data_doctor.arcs import centre_from
from autolens.data_doctor.diagnosis import Diagnosis
from autolens.data_doctor.examination import examined
from autolens.data_doctor.images import Images, images_of_files

NAME = "doctor"


def run_doctor(options: Mapping[str, Any]) -> int:
    """Examine what the options name and say what was found; the exit code."""
    files, bands = files_from(options)
    known = info_from(files.info)
    images = images_from(files, known, options)
    diagnosis = examined(images)
    pictures = [] if options["output"] is None else written(diagnosis, options["output"], files.name)
    if options["json"]:
        answer = diagnosis.to_dict() | {"bands": bands, "files": pictures, "exit_code": diagnosis.exit_code}
        print_json(answer)
        return diagnosis.exit_code
    for line in _lines_from(files, images, diagnosis, bands):
        print(line)
    for path in pictures:
        print(f"wrote {path}")
    return diagnosis.exit_code


def files_from(options: Mapping[str, Any]) -> tuple[Files, list[str]]:
    """Where the images are, and the bands that the file has beside."""
    place, data, noise_map, psf = (options[name] for name in ("place", "data", "noise_map", "psf"))
    extra, band = options["mask_extra_galaxies"], options["band"]
    hdus = [options[name] for name in ("data_hdu", "noise_map_hdu", "psf_hdu")]
    is_file = place is not None and place.is_file() and data is None
    if is_file and hdus[0] is not None:
        files, bands = Files.found(None, place, noise_map, psf, extra), []
    else:
        files = Files.found(place, data, noise_map, psf, extra, band, needs_psf=False)
        bands = list(extensions.bands_of(place)) if is_file else []
    chosen = [own if hdu is None else _hdu_from(hdu) for hdu, own in zip(hdus, files.hdus, strict=True)]
    return replace(files, hdus=(chosen[0], chosen[1], chosen[2])), bands


def _hdu_from(text: str) -> Hdu:
    return int(text) if text.isdecimal() else text


def images_from(files: Files, known: Mapping[str, float], options: Mapping[str, Any]) -> Images:
    """The images, with the mask that a fit would have."""
    scale = _positive("pixel_scale", options["pixel_scale"] or known.get("pixel_scale") or pixel_scale_of(files))
    places: dict[str, tuple[Path, Hdu]] = {
        "data": (files.data, files.hdus[0]),
        "noise_map": (files.noise_map, files.hdus[1]),
    }
    if places["data"] == places["noise_map"]:
        raise exc.FileException(f"data and noise map are both {files.data} HDU {files.hdus[0]}: --noise-map-hdu 1.")
    if files.psf.is_file() and (files.psf, files.hdus[2]) not in places.values():
        places["psf"] = (files.psf, files.hdus[2])
    if files.extra_galaxies is not None:
        places["mask_extra_galaxies"] = (files.extra_galaxies, 0)
    exposure = options["exposure_time"] or known.get("exposure_time")
    images = images_of_files(
        places, scale, exposure_time=None if exposure is None else _positive("exposure_time", exposure)
    )
    radius = _positive("mask_radius", options["mask_radius"] or known.get("mask_radius") or DEFAULTS["mask_radius"])
    centre = options["mask_centre"] or centre_from(images, radius) or (0.0, 0.0)
    circle = aa.Mask2D.circular(images.data.shape, radius=radius, pixel_scales=scale, centre=centre)
    return images.with_mask(circle.array)


def _positive(name: str, value: float) -> float:
    if math.isfinite(value) and value > 0.0:
        return float(value)
    raise exc.DatasetException(f"--{name.replace('_', '-')} {value}, wanted a positive number.")


def written(diagnosis: Diagnosis, folder: Path, title: str) -> list[str]:
    """The picture, where matplotlib is there, and the diagnosis as JSON."""
    import json

    from autolens.cli.json_answer import plain_from

    if folder.exists() and not folder.is_dir():
        raise exc.FileException(f"--output {folder} is a file, wanted a folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{NAME}.json"
        path.write_text(json.dumps(plain_from(diagnosis.to_dict()), indent=2))
    except OSError as error:
        raise exc.FileException(f"--output {folder} cannot be written: {error}") from None
    paths = [str(path)]
    if is_installed("matplotlib"):
        from autolens.plot.data_doctor import subplot_doctor

        picture = folder / f"{NAME}.png"
        subplot_doctor(None, diagnosis, picture, title=title)
        paths.append(str(picture))
    return paths


def _lines_from(files: Files, images: Images, diagnosis: Diagnosis, bands: list[str]) -> list[str]:
    """What is said to people."""
    ny, nx = images.data.shape
    lines = [f"{files.name}: {ny} x {nx} pixels of {images.pixel_scale:g} arcsec, {diagnosis}"]
    if len(bands) > 1:
        lines.append(f"\nThe file has the bands {', '.join(bands)}: --band {bands[-1]} for another one.")
    return lines
