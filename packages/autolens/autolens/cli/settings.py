"""What every fit of the command is told beside its data and model, and the folder that its results go to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autoarray import exc
from autogalaxy.inference.checkpoint import files_of_checkpoints
from autogalaxy.inference.output import read_json
from autogalaxy.inference.result_folder import CHECKPOINTS, IDENTITY, RESULT

DEFAULT_FOLDER = Path("autolens_results")
_MOST = 10_000


@dataclass(frozen=True)
class Settings:
    """What every job has."""

    name: str
    seed: int
    use_jax: bool
    output: Path | None = None
    overwrite: bool = False
    search: str = "auto"
    time_limit: float | None = None
    """Seconds for chains."""
    resume: bool = False
    report: bool = True
    force: bool = False
    arguments: tuple[str, ...] = ()
    """Of the command, as they were typed."""

    def folder(self) -> Path:
        """Where results go: the folder that was named, the last one that is not finished, or the first free one."""
        if self.output is not None:
            if self.output.is_file():
                raise exc.FileException(f"--output {self.output} is a file, wanted a folder.")
            return self.output
        if self.resume:
            return self._last_unfinished()
        return next(folder for folder in self._numbered() if self.overwrite or not folder.exists())

    def unfinished(self) -> Path | None:
        """The last folder of this name without a finished fit; a fit may have been killed before it wrote anything."""
        there = [folder for folder in self._numbered() if folder.is_dir()] if DEFAULT_FOLDER.is_dir() else []
        return next((folder for folder in reversed(there) if not is_finished(folder)), None)

    def _last_unfinished(self) -> Path:
        if (folder := self.unfinished()) is not None:
            return folder
        there = [folder for folder in self._numbered() if folder.is_dir()]
        if there:
            raise exc.FileException(
                f"--resume found no fit of {self.name} that is not finished: {there[-1]} is finished. Leave --resume "
                "away to fit anew, or write over it: --output FOLDER --overwrite."
            )
        raise exc.FileException(
            f"--resume found no fit of {self.name} in {DEFAULT_FOLDER}; name its folder with --output, or leave "
            "--resume away."
        )

    def _numbered(self) -> list[Path]:
        """``NAME``, ``NAME_2``, ... as far as they exist, and the first that does not."""
        folders = [DEFAULT_FOLDER / self.name]
        while folders[-1].exists() and len(folders) < _MOST:
            folders.append(DEFAULT_FOLDER / f"{self.name}_{len(folders) + 1}")
        return folders


def is_finished(folder: Path) -> bool:
    """Whether a folder holds a whole result."""
    try:
        result = read_json(folder / RESULT)
    except exc.FileException:
        return False
    return isinstance(result, dict) and result.get("finished") is True


def is_unfinished(folder: Path) -> bool:
    """Whether a fit has left something in a folder that it can go on with."""
    has_begun = (folder / IDENTITY).is_file() or bool(files_of_checkpoints(folder / CHECKPOINTS))
    return has_begun and not is_finished(folder)
