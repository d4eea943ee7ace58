"""A result from its folder, of which nothing is trusted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autoarray import exc
from autoarray.arguments import checked
from autogalaxy.inference import archive
from autogalaxy.inference.analysis import Analysis
from autogalaxy.inference.identifier import Identity
from autogalaxy.inference.known_analyses import analysis_from
from autogalaxy.inference.model import AbstractModel, Collection
from autogalaxy.inference.result import Result
from autogalaxy.inference.result_files import RESULT
from autogalaxy.inference.samples import Samples
from autogalaxy.inference.verdict import Verdict

LARGEST_JSON = 64 * 2**20
LARGEST_FILE = 2**31
"""Bytes of a file beyond which it is not read."""


@checked(exc.FileException)
def load_result(folder: str | Path, analysis: Analysis | None = None, model: AbstractModel | None = None) -> Any:
    """The result that a search wrote to ``folder``: samples, model, verdict, and the fit to the last digit.

    Parameters
    ----------
    analysis
        Of the data that were fitted; made from the folder where not given.
    model
        That was fitted; read from the folder where not given.
    """
    folder = Path(folder)
    summary = read_summary(folder)
    hashes = summary.get("files", {})
    if not isinstance(hashes, dict):
        raise exc.FileException(f"{folder / RESULT} does not list its files; it is damaged.")
    files = _Files(folder, hashes)
    if model is None:
        model = _made(Collection.from_dict, folder / "model.json", files.json("model.json"))
    samples = Samples.from_bytes(files.read("samples.npz"), model, folder / "samples.npz")
    if analysis is None:
        analysis = files.analysis()
    result: Result = Result(samples, None) if analysis is None else analysis.make_result(samples, None)  # type: ignore
    search = summary.get("search")
    result.search_info = dict(search) if isinstance(search, dict) else {}
    result.search_info |= {n: summary[n] for n in ("latents", "versions") if isinstance(summary.get(n), dict)}
    result.read_from = folder / RESULT
    result.verdict = Verdict.from_dict(summary.get("verdict"))
    if (folder / "identity.json").is_file():
        result.identity = Identity.from_dict(files.json("identity.json"))
    return result


def read_summary(folder: Path) -> dict[str, Any]:
    """``result.json`` of a folder."""
    summary = _Files(folder, {}).json(RESULT)
    if not isinstance(summary, dict) or not isinstance(summary.get("parameters"), dict):
        raise exc.FileException(f"{folder / RESULT} is no summary of a result.")
    return summary


def _made(make: Callable[..., Any], path: Path, *content: Any) -> Any:
    """What ``make`` makes of the content of a file; our error that names it where the content is damaged."""
    try:
        return make(*content)
    except exc.AutoException:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise exc.FileException(f"{path} is damaged ({type(error).__name__}: {error}); fit anew.") from None


class _Files:
    """Reads files of one folder and no others, as they were written."""

    def __init__(self, folder: Path, hashes: dict[str, Any]) -> None:
        self.folder = folder
        self.hashes = hashes
        if wrong := [name for name in hashes if Path(name).name != name or name in (".", "..")]:
            raise exc.FileException(f"{folder / RESULT} names the file {wrong[0][:80]!r} outside its folder; not read.")

    def read(self, name: str, largest: int = LARGEST_FILE) -> bytes:
        path = self.folder / name
        if path.is_symlink():
            raise exc.FileException(f"{path} is a link, wanted a file: it may lead out of the folder and is not read.")
        try:
            if path.stat().st_size > largest:
                raise exc.FileException(f"{path} has {path.stat().st_size} bytes, wanted at most {largest}; not read.")
            content = path.read_bytes()
        except FileNotFoundError:
            raise exc.FileException(
                f"There is no file {path}. load_result(folder) wants the folder that a search wrote."
            ) from None
        except OSError as error:
            raise exc.FileException(f"{path} cannot be read ({error}).") from None
        if name in self.hashes and hashlib.sha256(content).hexdigest() != self.hashes[name]:
            raise exc.FileException(f"{path} is not what was written with this result: damaged, or of another fit.")
        return content

    def json(self, name: str) -> Any:
        try:
            return json.loads(self.read(name, LARGEST_JSON))
        except (ValueError, RecursionError) as error:
            if isinstance(error, exc.AutoException):
                raise
            raise exc.FileException(f"{self.folder / name} holds no readable JSON ({error}).") from None

    def analysis(self) -> Analysis | None:
        """The analysis of the folder, ``None`` where it could not be stored."""
        if "analysis.json" not in self.hashes:
            return None
        arrays = archive.arrays_from(self.read("dataset.npz"), str(self.folder / "dataset.npz"))
        return _made(analysis_from, self.folder / "analysis.json", arrays, self.json("analysis.json"))
