"""A fit from dataset to results folder, and what is said on the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import autoarray as aa
from autoarray import exc
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.model import Collection
from autogalaxy.inference.output import FolderLock
from autolens.analysis.named_models import model_from
from autolens.analysis.result import LensResult
from autolens.analysis.staged import fit_in_stages
from autolens.cli import demonstration, report, results
from autolens.cli.compile_clock import CompileClock
from autolens.cli.installed import is_installed
from autolens.cli.observation import Facts
from autolens.imaging.analysis import AnalysisImaging

DEFAULT_FOLDER = Path("autolens_results")


@dataclass(frozen=True)
class Settings:
    """What every job has."""

    name: str
    seed: int
    use_jax: bool
    output: Path | None = None
    overwrite: bool = False

    def folder(self) -> Path:
        """Where results go: the folder that was named, or the first free one of this name."""
        if self.output is None:
            free = (DEFAULT_FOLDER / (self.name if i == 1 else f"{self.name}_{i}") for i in range(1, 10_000))
            return next(folder for folder in free if self.overwrite or not folder.exists())
        if self.output.is_file():
            raise exc.FileException(f"--output {self.output} is a file, wanted a folder.")
        if (self.output / "result.json").exists() and not self.overwrite:
            raise exc.FileException(f"{self.output} holds results already: choose another --output, or --overwrite.")
        return self.output


@dataclass(frozen=True)
class LensModel:
    """What the lens is made of, by name."""

    mass: str = "sie+shear"
    light: str = "sersic"
    sersics: int | None = None


def use_jax_from(no_jax: bool) -> bool:
    """Whether to compute with JAX: where it is installed, unless that is not wanted."""
    return not no_jax and is_installed("jax")


def run_demo(truth: dict[str, Galaxy], simulated: aa.Imaging, settings: Settings) -> None:
    """Fit the simulated lens and print truth beside fit."""
    mask = aa.Mask2D.circular(
        simulated.shape_native, radius=demonstration.MASK_RADIUS, pixel_scales=demonstration.PIXEL_SCALE
    )
    dataset = simulated.apply_mask(mask)
    redshifts = (truth["lens"].redshift, truth["source"].redshift)
    model = model_from(dataset, "sie+shear", *redshifts, lens_sersics=1)
    facts = {
        "pixel_scale": demonstration.PIXEL_SCALE,
        "mask_radius": demonstration.MASK_RADIUS,
        "redshift_lens": redshifts[0],
        "redshift_source": redshifts[1],
    }
    report.print_start("a simulated lens", dataset, model, settings.use_jax)
    with _locked(settings) as folder:
        results.write_dataset(simulated, folder / "dataset", facts)
        result, times = _fitted(dataset, model, settings)
        fit = results.write(result, folder, title=f"Simulated lens, seed {settings.seed}")
    report.print_parameters(result, truth=truth)
    report.print_end(fit, result.search_info, times, folder)


def run_fit(
    dataset: aa.Imaging,
    lens: LensModel,
    facts: Facts,
    centre: tuple[float, float],
    settings: Settings,
    noise: aa.preprocess.NoiseCorrelation | None = None,
) -> None:
    """Fit a lens from files and print what was found."""
    redshifts = (facts.redshift_lens, facts.redshift_source)
    model = model_from(dataset, lens.mass, *redshifts, centre, lens.sersics, lens.light)
    report.print_start(settings.name, dataset, model, settings.use_jax)
    report.print_facts(facts, centre)
    with _locked(settings) as folder:
        result, times = _fitted(dataset, model, settings)
        if noise is not None:
            result.search_info["noise_correlation"] = {"factor": noise.factor, "error": noise.factor_error}
        fit = results.write(result, folder, title=settings.name)
    report.print_parameters(result)
    report.print_noise(noise)
    report.print_end(fit, result.search_info, times, folder)


@contextmanager
def _locked(settings: Settings) -> Iterator[Path]:
    folder = settings.folder()
    with ExitStack() as stack:
        try:
            stack.enter_context(FolderLock(folder))
        except OSError as error:
            raise exc.FileException(f"results cannot be written to {folder}: {error}") from error
        yield folder


def _fitted(dataset: aa.Imaging, model: Collection, settings: Settings) -> tuple[LensResult, dict[str, Any]]:
    """The result of the staged fit, and how long it took; compilation apart."""
    begin = time.perf_counter()
    with CompileClock(settings.use_jax) as clock:
        analysis = AnalysisImaging(dataset, use_jax=settings.use_jax)
        result = fit_in_stages(model, analysis, seed=settings.seed)
    times = {"seconds": time.perf_counter() - begin, "compile_seconds": clock.seconds, "seed": settings.seed}
    result.search_info["command"] = {**times, "use_jax": settings.use_jax, "pixels": dataset.mask.pixels_in_mask}
    return result, times
