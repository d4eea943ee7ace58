"""Simulated observations of the lens that a TOML file describes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import autoarray as aa
from autoarray import exc
from autogalaxy.inference.instance import REFUSALS
from autogalaxy.inference.model import Collection
from autolens.description.document import Table, document_from, shown
from autolens.description.model import collection_from
from autolens.description.priors import number_from
from autolens.imaging.simulator import SimulatorImaging
from autolens.lens.tracer import Tracer

KEYS = ["shape", "pixel_scale", "psf", "exposure_time", "background", "mask_radius", "seed", "over_sample_size"]
LARGEST_SIDE = 4096
MOST_SUB_PIXELS = 2 * 10**7
"""Sub-pixels of an image, some 3 GiB of memory."""
FINEST = 8
"""Sub-pixels along a side of a pixel where the file does not say it: pixels are then good to a tenth of their noise."""
SIGMAS_PER_FWHM = 1.0 / (2.0 * math.sqrt(2.0 * math.log(2.0)))
PSF_REACH = 4.0
"""Half width of the kernel of a Gaussian PSF in sigma."""
TRIES = 1000
"""Draws from the priors for one lens that obeys the assertions and the domains of its profiles."""


@dataclass(frozen=True)
class Observing:
    """``[dataset]``: how the lens is observed."""

    shape: tuple[int, int]
    pixel_scale: float
    psf: aa.Convolver
    exposure_time: float
    background: float
    mask_radius: float | None
    seed: int
    over_sample_size: int


@dataclass(frozen=True)
class Simulated:
    """One simulated lens."""

    dataset: aa.Imaging
    instance: Any
    parameters: dict[str, float]
    """The true value of each free parameter of the file, by its path in a fit."""
    seed: int


@dataclass(frozen=True)
class Simulation:
    """What a file says on how to simulate lenses."""

    model: Collection
    observing: Observing
    title: str | None = None

    @classmethod
    def from_file(cls, path: str | Path) -> Simulation:
        """Read a description with ``[galaxies]`` whose parameters all have values or priors, and ``[dataset]``."""
        path = Path(path)
        top = document_from(path)
        model = collection_from(top, complete=True)
        title = top.get("title")
        if title is not None and not isinstance(title, str):
            raise top.place.at("title").error(f"is {shown(title)}, wanted a text.")
        return cls(model, observing_from(top, path.parent), title)

    def lens(self, number: int = 0, seed: int | None = None) -> Simulated:
        """Lens ``number`` of the sample of ``seed``: its parameters from the priors of the file, its own noise."""
        base = self.observing.seed if seed is None else seed
        draws, noise = np.random.SeedSequence([base, number]).spawn(2)
        noise_seed = int(noise.generate_state(1)[0] >> 1) if number else base
        vector, instance = self._draw(np.random.default_rng(draws))
        galaxies = [*instance.galaxies, *getattr(instance, "extra_galaxies", ())]
        o = self.observing
        simulator = SimulatorImaging(
            exposure_time=o.exposure_time, background_sky_level=o.background, psf=o.psf, noise_seed=noise_seed
        )
        grid = aa.Grid2D.uniform(o.shape, pixel_scales=o.pixel_scale, over_sample_size=o.over_sample_size)
        dataset = simulator.via_tracer_from(Tracer(galaxies), grid)
        return Simulated(dataset, instance, dict(zip(self.model.paths, vector, strict=True)), noise_seed)

    def _draw(self, random: np.random.Generator) -> tuple[list[float], Any]:
        refused: str = "an assertion of the file"
        for _ in range(TRIES):
            vector = self.model.vector_from_unit_vector(random.random(self.model.prior_count))
            if not self.model.assertions_hold(vector):
                continue
            try:
                instance = self.model.instance_from_vector(vector)
            except REFUSALS as error:
                refused = str(error)
                continue
            if instance.is_physical():
                return [float(v) for v in vector], instance
            refused = "a parameter outside the values that its profile may have"
        raise exc.ModelException(f"{TRIES} draws from the priors gave no lens that is possible; the last: {refused}.")


def observing_from(top: Table, folder: Path) -> Observing:
    """``[dataset]`` of a file; its PSF may be a FITS file in ``folder``."""
    if "dataset" not in top:
        raise top.place.error(
            "has no [dataset], wanted one: shape = [100, 100], pixel_scale = 0.05, psf = { fwhm = 0.1 }, "
            "exposure_time = 1000.0, background = 0.1."
        )
    table = top.table("dataset")
    table.only(KEYS)
    scale = _number(table, "pixel_scale", above=0.0)
    radius = _number(table, "mask_radius", above=0.0) if "mask_radius" in table else None
    shape = _shape(table)
    return Observing(
        shape=shape,
        pixel_scale=scale,
        psf=_psf(table, scale, folder),
        exposure_time=_number(table, "exposure_time", above=0.0),
        background=_number(table, "background"),
        mask_radius=radius,
        seed=_whole(table, "seed", 1, least=0, most=2**31 - 1),
        over_sample_size=_over_sample_size(table, shape),
    )


def _shape(table: Table) -> tuple[int, int]:
    value, place = table.get("shape"), table.place.at("shape")
    sides = [value, value] if isinstance(value, int) else value
    good = isinstance(sides, list) and len(sides) == 2 and all(type(s) is int and 3 <= s <= LARGEST_SIDE for s in sides)
    if not good:
        raise place.error(f"is {shown(value)}, wanted rows and columns from 3 to {LARGEST_SIDE}: shape = [100, 100].")
    return sides[0], sides[1]


def _over_sample_size(table: Table, shape: tuple[int, int]) -> int:
    """That of the file, or the finest for which there is memory."""
    most = math.isqrt(MOST_SUB_PIXELS // (shape[0] * shape[1]))
    size = _whole(table, "over_sample_size", min(FINEST, most), least=1, most=64)
    if size > most:
        raise table.place.at("over_sample_size").error(
            f"is {size} for {shape[0]} x {shape[1]} pixels, wanted at most {most}, as there are no more than "
            f"{MOST_SUB_PIXELS:,} sub-pixels; a smaller cut-out may be finer."
        )
    return size


def _psf(table: Table, scale: float, folder: Path) -> aa.Convolver:
    place = table.place.at("psf")
    if "psf" not in table:
        raise place.error('is not there, wanted { fwhm = 0.1 }, { sigma = 0.05 } or { file = "psf.fits" }.')
    psf = table.table("psf")
    psf.only(["fwhm", "sigma", "pixels", "file", "hdu"])
    given = [name for name in ("fwhm", "sigma", "file") if name in psf]
    if len(given) != 1:
        raise place.error(f"has {' and '.join(given) or 'none'} of fwhm, sigma and file, wanted one of them.")
    if given == ["file"]:
        return _psf_file(psf, scale, folder)
    sigma = _number(psf, given[0], above=0.0) * (SIGMAS_PER_FWHM if given == ["fwhm"] else 1.0)
    needed = 2 * math.ceil(PSF_REACH * sigma / scale) + 1
    pixels = _whole(psf, "pixels", min(max(needed, 3), 201), least=1, most=201)
    if pixels % 2 == 0:
        raise psf.place.at("pixels").error(f"is {pixels}, wanted an odd number, so that one pixel is the middle.")
    return aa.Convolver.from_gaussian((pixels, pixels), scale, sigma=sigma, normalize=True)


def _psf_file(psf: Table, scale: float, folder: Path) -> aa.Convolver:
    name, hdu = psf.get("file"), psf.get("hdu", 0)
    place = psf.place.at("file")
    if not isinstance(name, str) or not isinstance(hdu, int | str) or isinstance(hdu, bool):
        raise place.error(f'is {shown(name)}, wanted the name of a FITS file: {{ file = "psf.fits", hdu = 0 }}.')
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise place.error(f"is {shown(name)}, wanted a file in the folder of the description or below it.")
    return aa.Convolver.from_fits(path, scale, hdu=hdu, normalize=True)


def _number(table: Table, name: str, above: float | None = None) -> float:
    place = table.place.at(name)
    wanted = "a number above 0" if above is not None else "a number of at least 0"
    if name not in table:
        raise table.place.error(f"has no {name}, wanted {wanted}: {name} = {_EXAMPLES.get(name, 1.0)}.")
    number = number_from(table.get(name), place)
    if not (math.isfinite(number) and (number > 0.0 or (above is None and number == 0.0))):
        raise place.error(f"is {shown(table.get(name))}, wanted {wanted}.")
    return number


_EXAMPLES = {"pixel_scale": 0.05, "exposure_time": 1000.0, "background": 0.1}


def _whole(table: Table, name: str, default: int, least: int, most: int) -> int:
    value = table.get(name, default)
    if type(value) is not int or not least <= value <= most:
        raise table.place.at(name).error(f"is {shown(value)}, wanted a whole number from {least} to {most}.")
    return value
