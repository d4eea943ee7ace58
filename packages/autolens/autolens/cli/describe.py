"""A named model of an observation as a TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autogalaxy.inference.model import Collection
from autogalaxy.inference.result_files import RESULT
from autolens.cli.job import LensModel, lens_model_from
from autolens.cli.observation import seen_from
from autolens.description.writing import text_from

DIGITS = 12


def text_of(folder: Path | None, options: Mapping[str, Any]) -> str:
    """The description of the model that a fit with these options has, or that of a results folder had."""
    if folder is not None and (folder / RESULT).is_file():
        model = Collection.from_json(folder / "model.json")
        return text_from(rounded(model), title=f"the model of {folder.resolve().name}")
    seen = seen_from(folder, options)
    lens = LensModel(options["model"], options["light"], options["lens_sersics"])
    model = lens_model_from(seen.dataset, lens, seen.facts, seen.centre)
    name = options["model"] if options["light"] == "sersic" else f"{options['model']}, {options['light']}"
    return text_from(rounded(model), title=f"{seen.files.name}, {name}")


def rounded(model: Collection) -> Collection:
    """A copy whose priors have numbers of 12 digits: 0.34 for a limit that was computed as 0.33999999999999997.

    Values are left as they are: the sizes of a series of Gaussians are known by their last digit.
    """
    copied = Collection.from_dict(_rounded(model.to_dict()))
    assert isinstance(copied, Collection)
    return copied


def _rounded(part: Any) -> Any:
    if isinstance(part, list):
        return [_rounded(value) for value in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "prior":
        return {key: float(f"{v:.{DIGITS}g}") if isinstance(v, float) else v for key, v in part.items()}
    return {key: _rounded(value) for key, value in part.items()}
