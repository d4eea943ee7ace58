"""The files of one result.

``model.json``, ``samples.npz`` and ``samples.csv``, the data and the analysis (``dataset.npz``, ``analysis.json``),
``fit.fits``, and ``result.json``: a summary with the hashes of the others, written when all of them are there. No file
holds a path or the name of a machine, and none can run code when it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Any

from autoarray import exc
from autogalaxy.inference import archive
from autogalaxy.inference.known_analyses import stored_from
from autogalaxy.inference.output import json_bytes, write_atomic, write_json

FORMAT = 1
RESULT = "result.json"
FITS = "fit.fits"
_APART = ("verdict", "latents", "versions")
"""Parts of what a search says that stand at the top of ``result.json``."""


def dict_from(result: Any) -> dict[str, Any]:
    """What ``result.json`` holds, but for the hashes of the other files."""
    samples = result.samples
    errors = samples.errors_at_sigma(1.0)
    best, median = samples.max_log_likelihood_vector, samples.median_pdf_vector
    verdict = result.verdict
    return {
        "format": FORMAT,
        "identifier": None if result.identity is None else result.identity.identifier,
        "finished": result.is_finished,
        "log_likelihood": result.log_likelihood,
        "verdict": None if verdict is None else verdict.to_dict(),
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
        "latents": result.search_info.get("latents"),
        "sky": _sky_of(result),
        "search": {name: value for name, value in result.search_info.items() if name not in _APART},
        "versions": result.search_info.get("versions"),
    }


def _sky_of(result: Any) -> dict[str, Any] | None:
    """Where the galaxies of the best fit are on the sky; ``None`` where the data do not say."""
    try:
        summary = result.analysis.sky_summary_from(result.max_log_likelihood_instance)
        json_bytes(summary)
    except Exception:  # neither a bad header nor a model of the user is a reason to lose the result
        return None
    return summary


def write(result: Any, folder: Path) -> None:
    """Write every file, ``result.json`` last; samples come first, so that they are there whatever fails later.

    Files that are there already are left alone, and a ``result.json`` that speaks of them is replaced in one step.
    """
    contents = {
        "model.json": json_bytes(result.original_model.to_dict()),
        "samples.npz": result.samples.to_bytes(),
        "samples.csv": result.samples.to_csv().encode(),
    }
    if (stored := stored_from(result.analysis)) is not None:
        arrays, settings = stored
        contents |= {"dataset.npz": archive.bytes_of(arrays, compressed=True), "analysis.json": json_bytes(settings)}
    changed = {name: content for name, content in contents.items() if not _holds(folder / name, content)}
    if changed:
        with contextlib.suppress(FileNotFoundError):
            (folder / RESULT).unlink()  # it would speak of files that are about to change
    for name, content in changed.items():
        write_atomic(folder / name, content)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    summary = {**dict_from(result), "fit": _fit_written_to(folder, result)}
    if (folder / FITS).is_file() and "error" not in summary["fit"]:
        hashes[FITS] = hashlib.sha256((folder / FITS).read_bytes()).hexdigest()
    write_json(folder / RESULT, {**summary, "files": hashes})


def _holds(path: Path, content: bytes) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _fit_written_to(folder: Path, result: Any) -> dict[str, Any]:
    """Figures of the fit, which may be written by code of the user; what fails there is noted, the result is kept."""
    try:
        figures = result.analysis.write_fit(result.max_log_likelihood_instance, folder)
        json_bytes(figures)
    except exc.AutoException as error:
        return {"error": str(error)}
    except Exception as error:  # the samples are worth more than the images of one of them
        return {"error": f"{type(error).__name__}: {error}"}
    return figures if isinstance(figures, dict) else {}
