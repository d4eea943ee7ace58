"""From files and options to a dataset that can be fitted."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import autoarray as aa
from autoarray import exc
from autoarray.concrete import number_from
from autoarray.dataset import fits
from autoarray.structures.header import CONTRADICTION, Header, agree, pixel_scales_from
from autolens.analysis.named_models import brightest_place_from
from autolens.cli import extensions
from autolens.cli.extensions import Hdu
from autolens.cli.folders import DATA, refusal

WANTED = "one with data.fits, noise_map.fits and psf.fits"
EXTRA_GALAXIES = "mask_extra_galaxies.fits"
DEFAULTS = {"redshift_lens": 0.5, "redshift_source": 1.0, "mask_radius": 3.0}
FACTS = ("pixel_scale", "redshift_lens", "redshift_source", "mask_radius")
HDUS = ("data_hdu", "noise_map_hdu", "psf_hdu")
"""Options of a command with these names say what a file does not."""
_NOT_IN_NAMES = re.compile(r"[^\w.+-]+")
"""What a band may be called, and a folder not."""


@dataclass(frozen=True)
class Files:
    """Where an observation is."""

    data: Path
    noise_map: Path
    psf: Path
    extra_galaxies: Path | None = None
    info: Path | None = None
    hdus: tuple[Hdu, Hdu, Hdu] = (0, 0, 0)

    @classmethod
    def found(
        cls,
        folder: Path | None,
        data: Path | None = None,
        noise_map: Path | None = None,
        psf: Path | None = None,
        extra_galaxies: Path | None = None,
        band: str | None = None,
        needs_psf: bool = True,
    ) -> Files:
        """The files of a folder, or of one FITS file with an HDU each, every one replaced by the one that is named."""
        if folder is not None and folder.is_file() and data is None:
            return cls._in_one_file(folder, noise_map, psf, extra_galaxies, band, needs_psf)
        if band is not None:
            raise exc.FileException(f"--band {band} without one FITS file of several bands, wanted FILE.fits.")
        if folder is None and data is None:
            raise exc.FileException("no observation was named: autolens fit FOLDER, or --data, --noise-map and --psf.")
        if folder is not None and (not folder.is_dir() or (data is None and not (folder / DATA).is_file())):
            raise refusal(folder, WANTED, "FOLDER, or --data, --noise-map and --psf")

        def chosen(named: Path | None, name: str) -> Path:
            if named is not None:
                return named
            if folder is not None and (data is None or (folder / name).is_file()):
                return folder / name
            assert data is not None
            return data

        beside = folder if folder is not None else None
        if extra_galaxies is None and beside is not None and (beside / EXTRA_GALAXIES).is_file():
            extra_galaxies = beside / EXTRA_GALAXIES
        info = beside / "info.json" if beside is not None and (beside / "info.json").is_file() else None
        return cls(
            data=chosen(data, "data.fits"),
            noise_map=chosen(noise_map, "noise_map.fits"),
            psf=chosen(psf, "psf.fits"),
            extra_galaxies=extra_galaxies,
            info=info,
        )

    @classmethod
    def _in_one_file(
        cls,
        file: Path,
        noise_map: Path | None,
        psf: Path | None,
        extra_galaxies: Path | None,
        band: str | None,
        needs_psf: bool,
    ) -> Files:
        """An observation in a file whose HDUs say by their names what they are."""
        own = {"noise_map": noise_map is None, "psf": psf is None and needs_psf}
        found = extensions.hdus_of(file, band, tuple(kind for kind, is_needed in own.items() if is_needed))
        hdus = (
            found["data"],
            found["noise_map"] if noise_map is None else 0,
            found.get("psf", found["data"]) if psf is None else 0,
        )
        return cls(file, noise_map or file, psf or file, extra_galaxies, hdus=hdus)

    def with_hdus(self, *hdus: str | None, needs_psf: bool = True) -> Files:
        """With the HDUs of data, noise map and PSF as they are typed; ``None`` leaves the one that was found."""
        chosen = [extensions.hdu_from(hdu) for hdu in hdus]
        data, noise_map, psf = (own if hdu is None else hdu for own, hdu in zip(self.hdus, chosen, strict=True))
        places = [(self.data, data), (self.noise_map, noise_map), (self.psf, psf)][: 3 if needs_psf else 2]
        if len(set(places)) < len(places):
            wanted = "data, noise map and PSF are not three" if needs_psf else "data and noise map are not two"
            raise exc.FileException(
                f"{wanted} images: {', '.join(f'{p} HDU {h}' for p, h in places)}. Name "
                "the others with --noise-map and --psf, or --data-hdu, --noise-map-hdu and --psf-hdu."
            )
        return replace(self, hdus=(data, noise_map, psf))

    @property
    def name(self) -> str:
        """A name for the results: of the folder or the file, and of the band of a file that has several."""
        name = self.data.resolve().parent.name if self.data.stem == "data" else self.data.stem
        band = extensions.band_of(self.data, self.hdus[0])
        return f"{name}_{_NOT_IN_NAMES.sub('-', band)}" if band else name


@dataclass(frozen=True)
class Facts:
    """What is known of an observation beside its images, and where that was said."""

    pixel_scale: float
    redshift_lens: float
    redshift_source: float
    mask_radius: float
    origins: dict[str, str]
    overridden: dict[str, float] = field(default_factory=dict)
    """What ``info.json`` says of those for which an option says something else."""

    @property
    def assumed(self) -> list[str]:
        """Redshifts that are defaults."""
        return [name for name in ("redshift_lens", "redshift_source") if self.origins.get(name) == "default"]

    def say_overridden(self) -> None:
        """A line on the standard error stream where an option contradicts ``info.json``."""
        said = [f"{name.replace('_', ' ')} {getattr(self, name):g}, not {v:g}" for name, v in self.overridden.items()]
        if said:
            print(f"options override info.json: {'; '.join(said)}", file=sys.stderr, flush=True)


def files_from(place: Path | None, options: Mapping[str, Any], needs_psf: bool = True) -> Files:
    """Where the images are that a place and the options of a command name."""
    data, noise_map, psf, extra = (options[name] for name in ("data", "noise_map", "psf", "mask_extra_galaxies"))
    hdus, band = [options[name] for name in HDUS], options.get("band")
    told = [data is None and hdus[0], noise_map or hdus[1], psf or hdus[2] or not needs_psf]
    if place is not None and place.is_file() and band is None and all(told):
        place, data = None, place  # its HDUs need no names that tell what they are
    files = Files.found(place, data, noise_map, psf, extra, band, needs_psf)
    return files.with_hdus(*hdus, needs_psf=needs_psf)


def facts_from(files: Files, **options: float | None) -> Facts:
    """Options first, then ``info.json``, then the header (pixel scale) or a default."""
    known = info_from(files.info)
    values: dict[str, float] = {}
    origins: dict[str, str] = {}
    for name, option in options.items():
        said = {"option": option, "info.json": known.get(name), "default": DEFAULTS.get(name)}
        for origin, value in said.items():
            if value is not None:
                values[name], origins[name] = value, origin
                break
    if "pixel_scale" not in values:
        values["pixel_scale"], origins["pixel_scale"] = pixel_scale_of(files), "header"
    for name in ("pixel_scale", "mask_radius"):
        if not (math.isfinite(values[name]) and values[name] > 0.0):
            flag = f"--{name.replace('_', '-')}"
            raise exc.DatasetException(f"{flag} {values[name]}, wanted a positive number of arc-seconds.")
    overridden = {name: known[name] for name in options if name in known and values[name] != known[name]}
    return Facts(origins=origins, overridden=overridden, **values)


def pixel_scale_of(files: Files) -> float:
    """Size of a pixel [arcsec] that the header of the image states; our error where it states two, or none."""
    header = _header_of(files.data, files.hdus[0])
    if header.pixel_scales() is None:
        raise exc.DatasetException("the pixel scale is not known: --pixel-scale 0.05 [arcsec], or an info.json.")
    _check_square_pixels(header, files.data, None)
    scales = pixel_scales_from(header, None, files.data, words="--pixel-scale {}")
    return scales if isinstance(scales, float) else scales[0]


def _header_of(path: Path, hdu: Hdu) -> Header:
    """The header of an image; an empty one where it has none."""
    return Header.of(fits.header_from(path, hdu=hdu)) or Header()


def psf_size_of(files: Files, pixel_scale: float) -> int | None:
    """Pixels of the PSF along the side of one of the image by its header, 1 where that says nothing.

    ``None`` where the header states a size that is not the image's divided by a whole number.
    """
    found = _header_of(files.psf, files.hdus[2]).pixel_scales() if files.psf.is_file() else None
    if found is None:
        return 1
    ratios = [pixel_scale / side for side in found[0]]
    size = max(1, round(ratios[0]))
    return size if all(abs(ratio / size - 1.0) <= CONTRADICTION for ratio in ratios) else None


def _psf_pixel_scale_of(files: Files, pixel_scale: float) -> float:
    """Size of a pixel of the PSF [arcsec], or our error where it cannot be used on the image's pixels."""
    size = psf_size_of(files, pixel_scale)
    if size is not None:
        return pixel_scale / size
    (y, x), keywords = _header_of(files.psf, files.hdus[2]).pixel_scales() or ((math.nan, math.nan), "")
    raise exc.DatasetException(
        f"the header of the PSF {files.psf} says pixels of {_sides(y, x)} arcsec ({keywords}), the image has "
        f"{pixel_scale:g}; wanted the same, or that divided by a whole number. Resample the PSF, or delete these "
        "keywords where they are wrong."
    )


def _check_square_pixels(header: Header, path: Path, pixel_scale: float | None) -> None:
    """Our error for an image whose pixels are not square, which the command has no option for.

    A header that states the ``pixel_scale`` that was given says that they are.
    """
    stated = header.stated_pixel_scales()
    if pixel_scale is not None and any(agree(pixel_scale, scales) for scales, _ in stated):
        return
    for (y, x), keywords in stated[:1]:
        if abs(y / x - 1.0) > CONTRADICTION:
            raise exc.DatasetException(
                f"the header of {path} says pixels of {_sides(y, x)} arcsec, y first ({keywords}); the command "
                f"fits square ones alone. In Python: al.Imaging.from_fits(..., pixel_scales=({y:g}, {x:g}))."
            )


def _sides(y: float, x: float) -> str:
    return f"{y:g}" if y == x else f"{y:g} x {x:g}"


def info_from(path: Path | None) -> dict[str, float]:
    """The numbers of an ``info.json`` that are finite; what else it holds is of no concern."""
    if path is None:
        return {}
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise exc.FileException(f"{path} is no readable JSON ({error}).") from None
    if not isinstance(content, dict):
        raise exc.FileException(f'{path} holds a {type(content).__name__}, wanted {{"pixel_scale": 0.05}}.')
    numbers = {key: number_from(value) for key, value in content.items()}
    return {key: number for key, number in numbers.items() if math.isfinite(number)}


def masked_dataset_from(
    files: Files, facts: Facts, mask_centre: tuple[float, float] | None = None
) -> tuple[aa.Imaging, tuple[float, float]]:
    """The dataset in its circle, less extra galaxies, and the (y, x) centre of the circle."""
    dataset = _dataset_from(files, facts)
    free = aa.Mask2D.all_false(dataset.shape_native, facts.pixel_scale)
    if files.extra_galaxies is not None:
        free = free + aa.Mask2D.from_fits(files.extra_galaxies, facts.pixel_scale)
    centre = mask_centre
    if centre is None:
        seen = dataset.data.apply_mask(free)
        centre = brightest_place_from(seen, near=(0.0, 0.0), within=facts.mask_radius)
    circle = aa.Mask2D.circular(
        dataset.shape_native, radius=facts.mask_radius, pixel_scales=facts.pixel_scale, centre=centre
    )
    return dataset.apply_mask(circle + free), centre


@dataclass(frozen=True)
class Seen:
    """An observation that can be fitted."""

    files: Files
    facts: Facts
    dataset: aa.Imaging
    centre: tuple[float, float]


def seen_from(folder: Path | None, options: Mapping[str, Any]) -> Seen:
    """What the options of a command say of an observation, read and masked."""
    from autolens.cli.wanted import check_files

    files = files_from(folder, options)
    check_files(files)
    facts = facts_from(files, **{name: options[name] for name in FACTS})
    dataset, centre = masked_dataset_from(files, facts, options["mask_centre"])
    facts.say_overridden()
    return Seen(files, facts, dataset, centre)


def noise_correlation_from(files: Files, facts: Facts) -> aa.preprocess.NoiseCorrelation | None:
    """How correlated the noise is, from the empty regions of the whole image; ``None`` where these are too small."""
    dataset = _dataset_from(files, facts)
    try:
        return aa.preprocess.noise_correlation_from(dataset.data, dataset.noise_map)
    except exc.DatasetException:
        return None


def _dataset_from(files: Files, facts: Facts) -> aa.Imaging:
    """The whole dataset, unchecked."""
    data_hdu, noise_map_hdu, psf_hdu = files.hdus
    _check_square_pixels(_header_of(files.data, data_hdu), files.data, facts.pixel_scale)
    return aa.Imaging.from_fits(
        data_path=files.data,
        noise_map_path=files.noise_map,
        psf_path=files.psf,
        pixel_scales=facts.pixel_scale,
        data_hdu=data_hdu,
        noise_map_hdu=noise_map_hdu,
        psf_hdu=psf_hdu,
        psf_pixel_scales=_psf_pixel_scale_of(files, facts.pixel_scale),
        check_values=False,  # files often hold NaN outside the circle
    )
