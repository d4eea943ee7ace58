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
from autolens.cli.observation import FACTS, Facts, Files, facts_from, files_from, info_from, psf_size_of
from autolens.data_doctor.arcs import centre_from
from autolens.data_doctor.diagnosis import Diagnosis
from autolens.data_doctor.examination import examined
from autolens.data_doctor.images import Images, images_of_files

NAME = "doctor"


def run_doctor(options: Mapping[str, Any]) -> int:
    """Examine what the options name and say what was found; the exit code."""
    place = options["place"]
    files = files_from(place, options, needs_psf=options["psf"] is not None)
    bands = list(extensions.bands_of(place)) if place is not None and place == files.data else []
    facts = facts_from(files, **{name: options.get(name) for name in FACTS})
    exposure_time = _exposure_time_from(files, options["exposure_time"])
    images = images_from(files, facts, options["mask_centre"], exposure_time)
    diagnosis = examined(images)
    facts.say_overridden()
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


def images_from(
    files: Files, facts: Facts, mask_centre: tuple[float, float] | None = None, exposure_time: float | None = None
) -> Images:
    """The images, with the mask that a fit would have."""
    places: dict[str, tuple[Path, Hdu]] = {
        "data": (files.data, files.hdus[0]),
        "noise_map": (files.noise_map, files.hdus[1]),
    }
    if files.psf.is_file() and (files.psf, files.hdus[2]) not in places.values():
        places["psf"] = (files.psf, files.hdus[2])
    if files.extra_galaxies is not None:
        places["mask_extra_galaxies"] = (files.extra_galaxies, 0)
    images = images_of_files(places, facts.pixel_scale, exposure_time=exposure_time)
    if "psf" in places and (size := psf_size_of(files, facts.pixel_scale) or 1) > 1:  # which a fit takes it for
        headers = {name: header for name, header in images.headers.items() if name != "psf"}
        images = replace(images, psf_size=size, headers=headers)
    radius = facts.mask_radius
    centre = mask_centre or centre_from(images, radius) or (0.0, 0.0)
    circle = aa.Mask2D.circular(images.data.shape, radius=radius, pixel_scales=facts.pixel_scale, centre=centre)
    return images.with_mask(circle.array)


def _exposure_time_from(files: Files, option: float | None) -> float | None:
    """Seconds, by the option or ``info.json``; ``None`` where nobody says."""
    value = info_from(files.info).get("exposure_time") if option is None else option
    if value is None or (math.isfinite(value) and value > 0.0):
        return value
    raise exc.DatasetException(f"--exposure-time {value}, wanted a positive number of seconds.")


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
