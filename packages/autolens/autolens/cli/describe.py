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


def text_of(folder: Path | None, options: Mapping[str, Any]) -> str:
    """The description of the model that a fit with these options has, or that of a results folder had."""
    if folder is not None and (folder / RESULT).is_file():
        model = Collection.from_json(folder / "model.json")
        return text_from(model, title=f"the model of {folder.resolve().name}")
    seen = seen_from(folder, options)
    lens = LensModel(options["model"], options["light"], options["lens_sersics"])
    model = lens_model_from(seen.dataset, lens, seen.facts, seen.centre)
    name = options["model"] if options["light"] == "sersic" else f"{options['model']}, {options['light']}"
    return text_from(model, title=f"{seen.files.name}, {name}")
