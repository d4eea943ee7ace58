"""Sixty-one bad inputs and what becomes of each: an error that names the value and the mend, or the right answer.

``python test_bad_input_table.py`` prints the table. What is tested here is tested nowhere else.
"""

import re
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autolens as al
from autolens import exc, lp, mp

SHAPE = (12, 14)
CIRCLE = al.Mask2D.circular(SHAPE, radius=0.4, pixel_scales=0.1)
POINTS = al.Grid2DIrregular([(0.3, 1.4), (-0.9, 0.8)])


@dataclass(frozen=True)
class Row:
    """One bad input; ``call`` is given an empty folder."""

    what: str
    call: Callable[[Path], Any]
    error: type[exc.AutoException] | None = None
    """The class wanted; ``None`` where the input is fine."""
    got: str = ""
    """What the message says of the value that was given (a pattern)."""
    mend: str = ""
    """What the message says about mending it (a pattern)."""
    value: Any = None
    """What a fine input gives."""


@dataclass(frozen=True)
class Open:
    """An input to a feature that does not exist; the row is owed when ``name`` is found in ``autolens``."""

    what: str
    name: str
    why: str


def with_value(value: float) -> np.ndarray:
    array = np.ones(SHAPE)
    array[5, 6] = value
    return array


def imaging(data: Any = None, noise: Any = None, pixel_scales: Any = 0.1, **settings: Any) -> al.Imaging:
    data = np.ones(SHAPE) if data is None else data
    noise = np.ones(SHAPE) if noise is None else noise
    return al.Imaging(data, noise, pixel_scales=pixel_scales, **settings)


def solved_with_noise_of_zero() -> al.FitImaging:
    dataset = imaging(noise=with_value(0.0), check_values=False)
    return al.FitImaging(dataset, al.Tracer([al.Galaxy(redshift=0.5, bulge=al.lp_linear.Sersic())])).log_evidence


def lens_behind_source() -> al.Tracer:
    return al.Tracer([al.Galaxy(redshift=1.0, mass=mp.Isothermal()), al.Galaxy(redshift=0.5, bulge=lp.Sersic())])


def likelihood_of(data: np.ndarray) -> float:
    """Of a fit by a round Sersic profile."""
    return float(
        al.FitImaging(imaging(data=data), al.Tracer([al.Galaxy(redshift=0.5, bulge=lp.Sersic())])).log_likelihood
    )


COUNTS = np.arange(np.prod(SHAPE)).reshape(SHAPE)
SUM_TEN = np.full((3, 3), 10.0 / 9.0)


def read(folder: Path, content: bytes | None = None, hdu: int = 0) -> al.Array2D:
    path = folder / "image.fits"
    if content is not None:
        path.write_bytes(content)
    return al.Array2D.from_fits(path, pixel_scales=0.1, hdu=hdu)


def written(folder: Path, value: float = 1.0) -> Path:
    path = folder / "image.fits"
    al.Array2D.full(value, (30, 30), 0.1).output_to_fits(path)
    return path


def big_endian(folder: Path) -> np.ndarray:
    from astropy.io import fits

    fits.writeto(folder / "image.fits", COUNTS.astype(">f4"))
    image = read(folder).native.array
    return image[::-1] * (image.dtype == np.float64)  # a file begins with the bottom row


def without_data(folder: Path) -> al.Array2D:
    from astropy.io import fits

    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(np.ones((3, 3)), name="FLUX")]).writeto(folder / "image.fits")
    return read(folder)


@contextmanager
def full_disk(size: int = 4096) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes: writing fails half-way, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def write_on_a_full_disk(folder: Path) -> None:
    with full_disk():
        written(folder)


def masked_copy() -> np.ndarray:
    mine = np.ones((15, 15))
    image = al.Array2D(mine, al.Mask2D.circular((15, 15), 0.25, 0.1))
    assert image.native.array.sum() < 225
    return mine


MASK_THEM = r"mask them: Imaging\.from_fits\(\.\.\., mask=mask\)"
ROWS: list[Row | Open] = [
    # ------------------------------------------------------------ values of a dataset
    Row("NaN in data", lambda f: imaging(with_value(np.nan)), exc.DatasetException, "data is nan at row 5", MASK_THEM),
    Row("inf in data", lambda f: imaging(with_value(np.inf)), exc.DatasetException, "data is inf at row 5", MASK_THEM),
    Row(
        "NaN in noise", lambda f: imaging(None, with_value(np.nan)), exc.DatasetException, "noise_map is nan", MASK_THEM
    ),
    Row("noise of 0", lambda f: imaging(None, with_value(0.0)), exc.DatasetException, r"noise_map is 0\.0", MASK_THEM),
    Row(
        "noise of -2", lambda f: imaging(None, with_value(-2.0)), exc.DatasetException, r"noise_map is -2\.0", MASK_THEM
    ),
    Row(
        "noise of 0 into an inversion",
        lambda f: solved_with_noise_of_zero(),
        exc.DatasetException,
        r"noise_map is 0\.0 at row 5, column 6",
        MASK_THEM,
    ),
    # ------------------------------------------------------------ masks
    Row(
        "mask removes all pixels",
        lambda f: imaging().apply_mask(al.Mask2D(np.ones(SHAPE), 0.1)),
        exc.MaskException,
        r"none of \(12, 14\)",
        "invert=True",
    ),
    Row(
        "mask of another shape",
        lambda f: imaging().apply_mask(al.Mask2D.all_false((12, 13), 0.1)),
        exc.MaskException,
        r"\(12, 13\), wanted \(12, 14\)",
        r"shape_native=dataset\.shape_native",
    ),
    Row(
        "mask of another pixel scale",
        lambda f: imaging().apply_mask(al.Mask2D.all_false(SHAPE, 0.2)),
        exc.MaskException,
        r"\(0\.2, 0\.2\), wanted \(0\.1, 0\.1\)",
        r"pixel_scales=dataset\.pixel_scales",
    ),
    # ------------------------------------------------------------ PSFs
    Row("PSF sums to 10", lambda f: imaging(psf=SUM_TEN).psf.sum, value=1.0),
    Row(
        "PSF sums to 10, kept",
        lambda f: imaging(psf=SUM_TEN, use_normalized_psf=False).apply_mask(CIRCLE).psf.sum,
        value=10.0,
    ),
    Row("even PSF", lambda f: imaging(psf=np.ones((4, 5))), exc.KernelException, r"\(4, 5\)", "pad or trim the PSF"),
    Row("PSF of zeros", lambda f: imaging(psf=np.zeros((3, 3))), exc.KernelException, r"sums to 0\.0", "psf=None"),
    Row(
        "NaN in PSF", lambda f: imaging(psf=np.full((3, 3), np.nan)), exc.KernelException, "9 values .*nan", "set them"
    ),
    Row(
        "PSF larger than the image",
        lambda f: imaging(psf=np.ones((31, 31))),
        exc.KernelException,
        r"\(31, 31\) .*\(12, 14\)",
        "resized_from",
    ),
    # ------------------------------------------------------------ shapes and types
    Row(
        "shapes differ",
        lambda f: imaging(noise=np.ones((12, 13))),
        exc.DatasetException,
        r"noise_map of shape \(12, 13\)",
        r"wanted \(12, 14\), the shape of the data",
    ),
    Row("3-D data", lambda f: imaging(np.ones((2, 3, 4))), exc.DatasetException, r"\(2, 3, 4\)", r"choose one plane"),
    Row(
        "1-D data without a shape",
        lambda f: al.Array2D.no_mask(np.ones(9), 0.1),
        exc.ArrayException,
        r"\(9,\)",
        r"shape_native=\(ny, nx\)",
    ),
    Row("pixel scale 0", lambda f: imaging(pixel_scales=0.0), exc.MaskException, r"pixel_scales=0\.0", r"=0\.05"),
    Row("pixel scale -0.1", lambda f: imaging(pixel_scales=-0.1), exc.MaskException, r"pixel_scales=-0\.1", r"=0\.05"),
    Row("pixel scale None", lambda f: imaging(pixel_scales=None), exc.DatasetException, "without a pixel", r"=0\.05"),
    Row("integer data", lambda f: likelihood_of(COUNTS), value=lambda: likelihood_of(COUNTS.astype(float))),
    Row(
        "float32 data", lambda f: likelihood_of(COUNTS.astype("f4")), value=lambda: likelihood_of(COUNTS.astype(float))
    ),
    Row("big-endian FITS", big_endian, value=COUNTS),
    Row("strings", lambda f: imaging(np.full(SHAPE, "a")), exc.ArrayException, "'a'", r"wanted numbers"),
    # ------------------------------------------------------------ FITS files
    Row("FITS missing", read, exc.FileException, "image.fits does not exist", "wanted the path of a file"),
    Row("FITS empty", lambda f: read(f, b""), exc.FileException, "image.fits is empty", "wanted a file with an image"),
    Row("FITS of random bytes", lambda f: read(f, bytes(range(256)) * 9), exc.FileException, "image.fits", "no FITS"),
    Row("FITS HDU missing", lambda f: (written(f), read(f, hdu=3)), exc.FileException, "HDU 3 does", "Choose .* hdu=0"),
    Row(
        "FITS truncated",
        lambda f: read(f, written(f).read_bytes()[:5000]),
        exc.FileException,
        "image.fits",
        "damaged|fetch it again",
    ),
    Row("FITS HDU without data", without_data, exc.FileException, "HDU 0 holds no data", r"wanted an image.*1 FLUX"),
    # ------------------------------------------------------------ profiles, galaxies, tracers
    Row(
        "ell_comps outside the unit disc",
        lambda f: mp.Isothermal(ell_comps=(0.9, 0.9)),
        exc.ProfileException,
        r"ell_comps=\(0\.9, 0\.9\)",
        "ell_comps_from",
    ),
    Row(
        "Einstein radius -1",
        lambda f: mp.Isothermal(einstein_radius=-1.0),
        exc.ProfileException,
        r"einstein_radius=-1\.0, wanted .*at least 0",
        r"Isothermal\(einstein_radius=1\.0\)",
    ),
    Row(
        "Einstein radius NaN",
        lambda f: mp.Isothermal(einstein_radius=np.nan),
        exc.ProfileException,
        "einstein_radius=nan",
        r"Isothermal\(einstein_radius=1\.0\)",
    ),
    Row(
        "power-law slope 3.5",
        lambda f: mp.PowerLaw(slope=3.5),
        exc.ProfileException,
        r"slope=3\.5, wanted .*below 3",
        r"PowerLaw\(slope=2\.0\)",
    ),
    Row(
        "effective radius 0",
        lambda f: lp.Sersic(effective_radius=0.0),
        exc.ProfileException,
        r"effective_radius=0\.0, wanted .*above 0",
        r"Sersic\(effective_radius=0\.6\)",
    ),
    Row(
        "Sersic index -1",
        lambda f: lp.Sersic(sersic_index=-1.0),
        exc.ProfileException,
        r"sersic_index=-1\.0, wanted .*at least 0\.2",
        r"Sersic\(sersic_index=4\.0\)",
    ),
    Row("redshift -1", lambda f: al.Galaxy(redshift=-1.0), exc.GalaxyException, r"redshift=-1\.0", r"redshift=0\.5"),
    Row("unknown keyword", lambda f: lp.Sersic(n=4.0), exc.ProfileException, "keyword 'n'", "wanted .*sersic_index"),
    Row(
        "source in front of the lens",
        lambda f: lens_behind_source(),
        exc.TracerException,
        r"at redshift 1\.0, behind .*\[0\.5\]",
        "source must lie behind",
    ),
    Row("no galaxies", lambda f: al.Tracer([]), exc.TracerException, "without galaxies", r"Tracer\(\[lens, source\]\)"),
    Row("centre 0.1", lambda f: lp.Sersic(centre=0.1), exc.ProfileException, r"centre=0\.1", r"centre=\(0\.0, 0\.0\)"),
    # ------------------------------------------------------------ priors and regularization
    Row(
        "prior upside down", lambda f: al.UniformPrior(2.0, 1.0), exc.PriorException, r"=2\.0, .*=1\.0", "lower.* below"
    ),
    Row(
        "prior of no width", lambda f: al.UniformPrior(1.0, 1.0), exc.PriorException, r"=1\.0, .*=1\.0", "lower.* below"
    ),
    Row(
        "log prior at 0", lambda f: al.LogUniformPrior(0.0, 1.0), exc.PriorException, r"limit=0\.0", r"above 0\.0: .*\("
    ),
    Row("prior sigma -1", lambda f: al.GaussianPrior(0.0, -1.0), exc.PriorException, r"sigma=-1\.0", r"sigma=0\.5\)"),
    Row("prior limit NaN", lambda f: al.UniformPrior(np.nan, 1.0), exc.PriorException, "lower_limit=nan", r"=0\.1, "),
    Row("regularization 0", lambda f: al.reg.Constant(0.0), exc.InversionException, r"=0\.0", r"coefficient=1\.0\)"),
    Row("regularization -1", lambda f: al.reg.Constant(-1.0), exc.InversionException, r"=-1\.0", r"coefficient=1\.0\)"),
    Row("regularization NaN", lambda f: al.reg.Constant(np.nan), exc.InversionException, "=nan", r"coefficient=1\.0\)"),
    Open("mesh (1, 1)", "mesh", "there are no pixelized sources yet"),
    # ------------------------------------------------------------ grids, simulations, cosmology
    Row(
        "NaN coordinate",
        lambda f: mp.Isothermal().deflections_yx_2d_from(np.array([[0.0, 1.0], [np.nan, 1.0]])),
        exc.GridException,
        r"coordinate 1 is \(nan, 1\.0\)",
        r"wanted finite \(y, x\)",
    ),
    Row(
        "grid of shape (2, n)",
        lambda f: mp.Isothermal().deflections_yx_2d_from(np.ones((2, 5))),
        exc.GridException,
        r"\(2, 5\)",
        r"np\.stack\(\(y, x\), axis=-1\)",
    ),
    Row(
        "over-sampling 0",
        lambda f: al.Grid2D.uniform(SHAPE, 0.1, over_sample_size=0),
        exc.GridException,
        "over_sample_size=0",
        "over_sample_size=4",
    ),
    Row(
        "exposure time -1",
        lambda f: al.SimulatorImaging(exposure_time=-1.0),
        exc.DatasetException,
        r"exposure_time=-1\.0, wanted .*above 0",
        r"SimulatorImaging\(exposure_time=300\.0\)",
    ),
    Row("H0 of 0", lambda f: al.cosmo.FlatLambdaCDM(H0=0.0), exc.CosmologyException, r"H0=0\.0", r"\(H0=67\.66"),
    Row(
        "redshift NaN",
        lambda f: al.cosmo.Planck15().kpc_per_arcsec_from(np.nan),
        exc.CosmologyException,
        "redshift nan",
        r"Planck15\(\)\.kpc_per_arcsec_from\(0\.5\)|redshift=0\.5",
    ),
    # ------------------------------------------------------------ writing, points, arrays of the caller
    Row(
        "write over a file",
        lambda f: al.Array2D.ones((3, 3), 0.1).output_to_fits(written(f)),
        exc.FileException,
        "image.fits exists already",
        "overwrite=True",
    ),
    Row(
        "write to a full disk",
        write_on_a_full_disk,
        exc.FileException,
        "image.fits cannot",
        "is the disk full|space",
    ),
    Open("point source outside the field", "PointSolver", "images of point sources cannot be solved for yet"),
    Row("array of the caller", lambda f: masked_copy(), value=np.ones((15, 15))),
]

HEADLINE = {"clear": 53, "correct": 6, "open": 2}
"""The peer: 24 clear, 10 obscure, 12 silent NaN, 10 silent and wrong, 5 correct."""


def outcome_of(row: Row | Open, folder: Path) -> tuple[str, str]:
    """What became of an input, in one word, and what was said or given."""
    if isinstance(row, Open):
        return ("owed" if row.name in al.__all__ else "open"), row.why
    try:
        value = row.call(folder)
    except exc.AutoException as error:
        text = str(error)
        named = row.error is not None and isinstance(error, row.error) and "\n" not in text
        named = named and all(re.search(pattern, text) for pattern in (row.got, row.mend))
        return ("clear" if named else "unclear"), f"{type(error).__name__}: {text}"
    except Exception as error:
        return "obscure", f"{type(error).__name__}: {error}"
    wanted = row.value() if callable(row.value) else row.value
    good = row.error is None and np.allclose(np.asarray(value, dtype=float), wanted, rtol=1e-12, atol=0.0)
    return ("correct" if good else "silent"), f"{value!r:.80}"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, tuple[str, str]]:
    return {row.what: outcome_of(row, tmp_path_factory.mktemp(f"row{i}")) for i, row in enumerate(ROWS)}


@pytest.mark.parametrize("row", ROWS, ids=[row.what for row in ROWS])
def test_bad_input_is_named_with_its_mend_or_handled(row, outcomes):
    outcome, said = outcomes[row.what]
    wanted = "open" if isinstance(row, Open) else "clear" if row.error else "correct"
    assert outcome == wanted, said


def test_none_of_sixty_one_bad_inputs_is_silent(outcomes):
    counts = Counter(outcome for outcome, _ in outcomes.values())
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())), f"of {len(ROWS)}; 0 silent")
    assert len(ROWS) == len(outcomes) == 61
    assert counts == HEADLINE


if __name__ == "__main__":
    import tempfile

    for row in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            outcome, said = outcome_of(row, Path(folder))
        sys.stdout.write(f"{row.what:32s} {outcome:8s} {said}\n")
