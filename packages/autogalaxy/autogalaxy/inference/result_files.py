"""The files of one result: what they hold, and reading them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference.model import AbstractModel
from autogalaxy.inference.output import read_json, write_json
from autogalaxy.inference.samples import Samples

FORMAT = 1


def dict_from(result: Any) -> dict[str, Any]:
    """What ``result.json`` holds."""
    samples = result.samples
    errors = samples.errors_at_sigma(1.0)
    best, median = samples.max_log_likelihood_vector, samples.median_pdf_vector
    return {
        "format": FORMAT,
        "identifier": None if result.identity is None else result.identity.identifier,
        "finished": result.is_finished,
        "log_likelihood": result.log_likelihood,
        "parameters": {
            name: {
                "max_log_likelihood": float(best[i]),
                "median": float(median[i]),
                "lower_error": errors[i][0],
                "upper_error": errors[i][1],
                "unit": result.original_model.units[i],
            }
            for i, name in enumerate(samples.names)
        },
        "search": result.search_info,
    }


def write(result: Any, folder: Path) -> None:
    """Write ``model.json``, ``samples.npz`` and ``result.json``, the last one when all else is there."""
    write_json(folder / "model.json", result.original_model.to_dict())
    result.samples.to_npz(folder / "samples.npz")
    write_json(folder / "result.json", dict_from(result))


def read_result(folder: Path, model: AbstractModel, analysis: Any) -> Any:
    """The result of a finished fit of ``model``."""
    samples = Samples.from_npz(folder / "samples.npz", model)
    info = read_json(folder / "result.json").get("search")
    if not isinstance(info, dict):
        raise exc.FileException(f"{folder / 'result.json'} does not say how the search went.")
    result = analysis.make_result(samples, None)
    result.search_info = info
    return result
