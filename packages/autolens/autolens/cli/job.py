"""A fit from dataset to results folder, and what is said on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import autoarray as aa
from autoarray import exc
from autogalaxy.galaxy.galaxy import Galaxy
from autogalaxy.inference.model import Collection
from autogalaxy.inference.result_folder import AnotherFitException
from autolens.analysis.named_models import model_from
from autolens.analysis.result import LensResult
from autolens.cli import checkup, demonstration, plan, report, results, threads
from autolens.cli.answer import Outcome
from autolens.cli.compile_clock import CompileClock
from autolens.cli.installed import is_installed
from autolens.cli.notice import Notice
from autolens.cli.observation import Facts, noise_correlation_from, seen_from
from autolens.cli.searches import REGISTRY, choice_from, search_from
from autolens.cli.settings import Settings
from autolens.cli.wanted import taken_from
from autolens.data_doctor.diagnosis import Diagnosis
from autolens.description.model import model_from as described_model_from
from autolens.description.model import stated_redshifts_of
from autolens.imaging.analysis import AnalysisImaging
from autolens.lens.parameter_names import short_name_of


@dataclass(frozen=True)
class LensModel:
    """What the lens is made of, by name."""

    mass: str = "sie+shear"
    light: str = "sersic"
    sersics: int | None = None


def use_jax_from(no_jax: bool) -> bool:
    """Whether to compute with JAX: where it is installed, unless that is not wanted."""
    return not no_jax and is_installed("jax")


def checked_search(name: str, no_jax: bool = False) -> str:
    """The name of a search that can run here, or our error."""
    choice = choice_from(name)
    if choice.needs == "blackjax" and no_jax:
        raise exc.SearchException(f"--search {name} needs gradients, so JAX; leave --no-jax away, or --search auto.")
    if choice.needs is not None and not is_installed(choice.needs):
        extra = "jax" if choice.needs == "blackjax" else "samplers"
        raise exc.SearchException(
            f"--search {name} needs {choice.needs}, which is not installed: pip install 'autolens-xp[{extra}]'."
        )
    return name.lower()


def checked_time_limit(seconds: float | None, search: str) -> float | None:
    """A time limit for a search that has chains, or our error."""
    if seconds is None:
        return None
    limited = [name for name, choice in REGISTRY.items() if choice.has_chains]
    if search.lower() not in limited:
        raise exc.SearchException(
            f"--time-limit is for the chains of --search {' or '.join(limited)}, and --search {search} has none."
        )
    if not 0.0 < seconds < float("inf"):
        raise exc.SearchException(f"--time-limit {seconds:g} is no time, wanted seconds above 0: --time-limit 300.")
    return seconds


def check_is_no_file(name: str) -> None:
    """Our error for what is meant as a file of a model, and has not the ending of one."""
    path = Path(name)
    if path.is_file():
        raise exc.FileException(f"--model {name} is a file without the ending .toml, by which a description is known.")
    if path.suffix and not path.suffix[1:].isdecimal() or len(path.parts) > 1:
        there = path.with_suffix(".toml")
        meant = f", did you mean {there}" if there.is_file() else ""
        raise exc.FileException(
            f"there is no file {name}{meant}; wanted a TOML file of a model, which autolens describe FOLDER writes, or "
            "a name that autolens info lists: --model sie+shear."
        )


def lens_model_from(dataset: aa.Imaging, lens: LensModel, facts: Facts, centre: tuple[float, float]) -> Collection:
    """The model that is fitted: a named one with priors scaled to the image, or the one of a TOML file."""
    redshifts = (facts.redshift_lens, facts.redshift_source)
    if not lens.mass.lower().endswith(".toml"):
        check_is_no_file(lens.mass)
        return model_from(dataset, lens.mass, *redshifts, centre, lens.sersics, lens.light)
    if lens.light != "sersic" or lens.sersics is not None:
        raise exc.ModelException(
            f"--model {lens.mass} describes the light too; wanted it without --light and --lens-sersics."
        )
    return described_model_from(lens.mass, dataset, *redshifts)


def assumed_from(lens: LensModel, facts: Facts) -> list[str]:
    """Redshifts that nobody stated: ``redshift_lens``, ``redshift_source``."""
    if not lens.mass.lower().endswith(".toml"):
        return facts.assumed
    stated = stated_redshifts_of(lens.mass)
    return [name for name in facts.assumed if name.removeprefix("redshift_") not in stated]


def run_demo(truth: dict[str, Galaxy], simulated: aa.Imaging, settings: Settings) -> Outcome:
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
    folder = settings.folder()

    def add(_: LensResult) -> None:
        results.write_dataset(simulated, folder / "dataset", facts)

    result, times = _fitted(dataset, model, settings, folder, add)
    truths = {path: report.truth_of(path, truth) for path in result.samples.names}
    fit = results.draw(result, folder, f"Simulated lens, seed {settings.seed}", truths)
    report.print_parameters(result, truth=truth)
    page = results.write_report(folder) if settings.report else None
    report.print_end(fit, result, times, folder, page)
    if not result.is_finished:
        report.print_stopped(settings, folder)
    return Outcome(settings.name, folder, result, times, float(fit.chi_squared), {"report": page, "truth": truths})


def fit_from(folder: Path | None, options: Mapping[str, Any]) -> Outcome:
    """Fit the lens that the options of the command name."""
    seen = seen_from(folder, options)
    if (taken := taken_from(seen.files)) is not None:
        report.say(taken)
    settings = Settings(
        name=seen.files.name,
        seed=options["seed"],
        use_jax=use_jax_from(options["no_jax"]),
        output=options["output"],
        overwrite=options["overwrite"],
        search=checked_search(options["search"], options["no_jax"]),
        time_limit=checked_time_limit(options["time_limit"], options["search"]),
        resume=options["resume"],
        report=not options["no_report"],
        force=options["force"],
        arguments=options.get("arguments", ()),
    )
    settings.folder()  # a folder that cannot be used is said now, not after the fit
    lens = LensModel(options["model"], options["light"], options["lens_sersics"])
    lens_model_from(seen.dataset, lens, seen.facts, seen.centre)  # its errors come before what takes long
    diagnosis = checkup.examined(seen)
    noise = noise_correlation_from(seen.files, seen.facts)
    return run_fit(seen.dataset, lens, seen.facts, seen.centre, settings, noise, diagnosis)


def plan_from_options(folder: Path | None, options: Mapping[str, Any]) -> dict[str, Any]:
    """Measure the fit that the options name, say what it will cost, and that in plain types."""
    seen = seen_from(folder, options)
    lens = LensModel(options["model"], options["light"], options["lens_sersics"])
    model = lens_model_from(seen.dataset, lens, seen.facts, seen.centre)
    use_jax = use_jax_from(options["no_jax"])
    search = checked_search(options["search"], options["no_jax"])
    facts = {
        "name": seen.files.name,
        "search": search,
        "pixels": seen.dataset.mask.pixels_in_mask,
        "pixel_scale": seen.facts.pixel_scale,
        "sub_pixels": seen.dataset.grids.extended.over_sampler.sub_pixels,
        "short_names": [short_name_of(path) for path in model.paths],
        "engine": report.engine_of(use_jax),
        "threads": threads.in_use(),
    }
    found = plan.plan_from(
        model,
        AnalysisImaging(seen.dataset, use_jax=use_jax),
        search,
        facts,
        lambda what: report.say(f"measures {what}"),
    )
    for line in plan.lines_from(found):
        print(line)
    return found.to_dict()


def run_fit(
    dataset: aa.Imaging,
    lens: LensModel,
    facts: Facts,
    centre: tuple[float, float],
    settings: Settings,
    noise: aa.preprocess.NoiseCorrelation | None = None,
    diagnosis: Diagnosis | None = None,
) -> Outcome:
    """Fit a lens from files and print what was found."""
    model = lens_model_from(dataset, lens, facts, centre)
    checkup.say_and_judge(diagnosis, settings.name, settings.force)
    report.print_start(settings.name, dataset, model, settings.use_jax)
    report.print_facts(facts, centre)
    folder = settings.folder()
    report.print_folder(settings, folder)

    def add(result: LensResult) -> None:
        result.search_info["command"]["assumed"] = assumed_from(lens, facts)
        if noise is not None:
            result.search_info["noise_correlation"] = {"factor": noise.factor, "error": noise.factor_error}
        checkup.write(diagnosis, folder)

    result, times = _fitted(dataset, model, settings, folder, add)
    fit = results.draw(result, folder, title=settings.name)
    report.print_parameters(result)
    report.print_noise(noise)
    page = results.write_report(folder) if settings.report else None
    report.print_end(fit, result, times, folder, page)
    if not result.is_finished:
        report.print_stopped(settings, folder)
    found = None if diagnosis is None else {"worst": diagnosis.worst, "findings": len(diagnosis.findings)}
    return Outcome(settings.name, folder, result, times, float(fit.chi_squared), {"report": page, "doctor": found})


def _fitted(
    dataset: aa.Imaging, model: Collection, settings: Settings, folder: Path, add: Callable[[LensResult], None]
) -> tuple[LensResult, dict[str, Any]]:
    """The result of the search, and how long it took; compilation apart.

    A fit that was killed goes on; one that is finished is read, and its files are left as they are. What ``add`` and
    this function add to a result is there before the search writes it, so that no kill can come in between.
    """
    begin = time.perf_counter()
    with CompileClock(settings.use_jax) as clock:

        def times() -> dict[str, Any]:
            return {
                "seconds": time.perf_counter() - begin,
                "compile_seconds": clock.seconds,
                "seed": settings.seed,
            }

        def complete(result: Any) -> None:
            results.remove_pictures(folder)
            pixels = dataset.mask.pixels_in_mask
            command = {**times(), "name": settings.name, "use_jax": settings.use_jax, "pixels": pixels}
            result.search_info["command"] = command | {"arguments": list(settings.arguments)}
            add(result)
            results.add_linear_light(result)
            results.add_latents(result)

        analysis = AnalysisImaging(dataset, use_jax=settings.use_jax)
        limit = {} if settings.time_limit is None else {"time_limit": settings.time_limit}
        search = search_from(settings.search, name="fit", seed=settings.seed, output_path=folder, **limit)
        search.before_writing = complete
        search.says_verdict = False
        try:
            with Notice():
                result = search.fit(model, analysis, overwrite=settings.overwrite)
        except AnotherFitException as error:
            raise exc.FileException(report.another_fit(error, settings)) from None
        except (KeyboardInterrupt, SystemExit):
            report.print_stopped(settings, folder)
            raise
    assert isinstance(result, LensResult)
    return result, times()
