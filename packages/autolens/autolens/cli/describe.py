"""A named model of an observation as a TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autolens.cli.job import LensModel, lens_model_from
from autolens.cli.observation import seen_from
from autolens.description.writing import text_from


def text_of(folder: Path | None, options: Mapping[str, Any]) -> str:
    """The description of the model that a fit with these options has."""
    seen = seen_from(folder, options)
    lens = LensModel(options["model"], options["light"], options["lens_sersics"])
    model = lens_model_from(seen.dataset, lens, seen.facts, seen.centre)
    name = options["model"] if options["light"] == "sersic" else f"{options['model']}, {options['light']}"
    return text_from(model, title=f"{seen.files.name}, {name}")
