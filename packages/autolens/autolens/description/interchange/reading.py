"""A lens from a file or folder, whatever kind it is."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from autoarray import exc
from autogalaxy.inference.load_result import load_result
from autogalaxy.inference.result_files import RESULT
from autolens.description.document import LARGEST, document_from, shown
from autolens.description.interchange import coolest, lenstronomy
from autolens.description.interchange.lens import Lens
from autolens.description.interchange.posterior import instances_from
from autolens.description.model import collection_from
from autolens.description.priors import number_from
from autolens.imaging.analysis import AnalysisImaging

KINDS = ("result", "autolens", "coolest", "lenstronomy")


def lens_from(
    path: str | Path,
    pixel_scale: float | None = None,
    redshifts: tuple[float | None, float | None] = (None, None),
) -> tuple[Lens, str]:
    """The lens at ``path`` and which of ``KINDS`` it was: told by what is in the file, not by its name.

    ``pixel_scale`` and ``redshifts`` of lens and source go before those of the file.
    """
    path = Path(path)
    if path.is_dir():
        if (path / RESULT).is_file():
            return _of_result(path, pixel_scale), "result"
        if (path / "truth.toml").is_file():
            path = path / "truth.toml"
        else:
            raise exc.FileException(f"{path} holds no {RESULT}; {_WANTED}{_to_fit_first(path)}")
    text = text_of(path)
    if text.lstrip().startswith("{"):
        return _of_json(text, path, pixel_scale, redshifts)
    return _of_toml(path, pixel_scale), "autolens"


_WANTED = "wanted the results folder of a fit, a TOML description, a COOLEST template or lists of lenstronomy."
_IMAGE = b"SIMPLE  ="


def _to_fit_first(folder: Path) -> str:
    is_data = (folder / "data.fits").is_file()
    return f" It holds the images of a lens: run autolens fit {folder} first." if is_data else ""


def _is_image(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_IMAGE)) == _IMAGE


def text_of(path: Path) -> str:
    """The text of a file that is not too long."""
    try:
        if _is_image(path):
            raise exc.FileException(f"{path} is a FITS image, which holds no model of a lens; {_WANTED}")
        if path.stat().st_size > LARGEST:
            raise exc.FileException(f"{path} has {path.stat().st_size} bytes, wanted at most {LARGEST}.")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise exc.FileException(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise exc.FileException(f"{path} cannot be read as text ({error}).") from None


def _of_json(
    text: str, path: Path, pixel_scale: float | None, redshifts: tuple[float | None, float | None]
) -> tuple[Lens, str]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise exc.FileException(f"{path} holds no readable JSON ({error}).") from None
    return lens_of_content(content, str(path), pixel_scale, redshifts)


def lens_of_content(
    content: Any,
    name: str,
    pixel_scale: float | None = None,
    redshifts: tuple[float | None, float | None] = (None, None),
) -> tuple[Lens, str]:
    """The lens of a JSON object of another code."""
    try:
        if coolest.is_coolest(content):
            return coolest.lens_from(content, pixel_scale), "coolest"
        if lenstronomy.is_lenstronomy(content):
            return lenstronomy.lens_from(content, pixel_scale, redshifts), "lenstronomy"
    except exc.FileException as error:
        raise exc.FileException(f"{name}: {error}") from None
    keys = list(content)[:5] if isinstance(content, dict) else content
    raise exc.FileException(
        f"{name} holds {shown(keys)}, wanted a COOLEST template (lensing_entities) or model lists of lenstronomy "
        "(lens_model_list and kwargs_lens)."
    )


def _of_toml(path: Path, pixel_scale: float | None) -> Lens:
    top = document_from(path)
    model = collection_from(top)
    instance = model.instance_from_prior_medians()
    title = top.get("title")
    lens = Lens(named_galaxies(instance), pixel_scale, title if isinstance(title, str) else None)
    for table in (top.table("dataset"), top):
        if lens.pixel_scale is None and "pixel_scale" in table:
            place = table.place.at("pixel_scale")
            lens.pixel_scale = number_from(table.get("pixel_scale"), place)
            if not 0.0 < lens.pixel_scale < math.inf:
                raise place.error(f"is {lens.pixel_scale}, wanted a positive number of arc-seconds.")
    if model.prior_count:
        free = f"{model.prior_count} parameters have priors, their medians were taken"
        lens.notes.append(f"{free}: {', '.join(model.paths[:4])}{', ...' if model.prior_count > 4 else ''}")
    return lens


def _of_result(folder: Path, pixel_scale: float | None) -> Lens:
    """The most likely lens of a fit, with the intensities that were solved for."""
    result = load_result(folder)
    instance = result.max_log_likelihood_instance
    galaxies = named_galaxies(instance)
    analysis = result.analysis
    if not isinstance(analysis, AnalysisImaging):
        notes = ["the data are not in the folder: intensities that were solved for are not known"]
        return Lens(galaxies, pixel_scale, notes=notes)
    fit = analysis.with_dataset(analysis.dataset, use_jax=False).fit_from(instance)
    draws = [named_galaxies(each) for each in instances_from(result.samples)]
    if fit.inversion is not None:
        solved = fit.tracer_linear_light_profiles_to_light_profiles
        galaxies = dict(zip(galaxies, solved.galaxies, strict=True))
    scale = float(np.prod(analysis.dataset.mask.pixel_scales) ** 0.5) if pixel_scale is None else pixel_scale
    return Lens(galaxies, scale, folder.resolve().name, draws=draws)


def named_galaxies(instance: Any) -> dict[str, Any]:
    """Galaxies of an instance by name; those of ``extra_galaxies`` follow, under names that are free."""
    found: dict[str, Any] = dict(instance.galaxies.items())
    for name, galaxy in instance.extra_galaxies.items() if hasattr(instance, "extra_galaxies") else ():
        key = f"extra_{name}" if str(name).isdecimal() or name in found else name
        found[key if key not in found else f"extra_galaxy_{name}"] = galaxy
    return {f"galaxy_{n}" if str(n).isdecimal() else n: galaxy for n, galaxy in found.items()}
