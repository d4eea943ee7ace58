"""Two processes that write to one folder, disks that are full, and arrays of the caller in any order of bytes."""

import multiprocessing
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import autolens as al
from autogalaxy.inference.checkpoint import FolderCheckpoint
from autogalaxy.inference.output import FolderLock, write_json
from autolens import exc, lp, mp

SHAPE = (15, 15)
DATA = np.random.default_rng(1).uniform(0.5, 1.5, SHAPE)
NOISE = np.random.default_rng(2).uniform(0.5, 1.5, SHAPE)
PSF = np.array([[0.0, 0.1, 0.0], [0.1, 0.6, 0.1], [0.0, 0.1, 0.0]])
LENS = al.Galaxy(redshift=0.5, mass=mp.Isothermal(einstein_radius=0.5))
TRACER = al.Tracer([LENS, al.Galaxy(redshift=1.0, bulge=lp.Sersic(effective_radius=0.3))])
TRIALS = 20

# ---------------------------------------------------------------------- two writers


def hold(folder: str, start, end, winners) -> None:
    """Take the folder, if nobody has it, and keep it until both have tried."""
    start.wait()
    try:
        with FolderLock(folder):
            winners.put("held")
            end.wait(timeout=20.0)
    except exc.FileException as error:
        winners.put(str(error))
        end.wait(timeout=20.0)


def test_one_of_two_writers_has_the_folder_in_every_trial(tmp_path):
    context = multiprocessing.get_context("fork")
    for trial in range(TRIALS):
        start, end, winners = context.Barrier(2), context.Barrier(2), context.Queue()
        folder = str(tmp_path / str(trial))
        writers = [context.Process(target=hold, args=(folder, start, end, winners)) for _ in range(2)]
        for writer in writers:
            writer.start()
        said = sorted((winners.get(timeout=30.0) for _ in writers), key=len)
        for writer in writers:
            writer.join(timeout=30.0)
        assert said[0] == "held" and "is being written by" in said[1], said
        assert not list(Path(folder).iterdir())


# ---------------------------------------------------------------------- full disks


@contextmanager
def full_disk(size: int = 4096) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes: writing fails half-way, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def fits(folder: Path, value: float) -> None:
    al.Array2D.full(value, (30, 30), 0.1).output_to_fits(folder / "file", overwrite=True)


def dataset(folder: Path, value: float) -> None:
    image = np.full((30, 30), value)
    al.Imaging(image, image, pixel_scales=0.1).output_to_fits(folder / "file", overwrite=True)


def samples(folder: Path, value: float) -> None:
    model = al.Collection(a=al.Model(lp.Sersic))
    rows = np.random.default_rng(1).uniform(0.3, 0.6, (500, model.prior_count))
    al.Samples(model, rows, np.full(500, value)).to_npz(folder / "file")


def summary(folder: Path, value: float) -> None:
    write_json(folder / "file", {"values": [value] * 5000})


def model(folder: Path, value: float) -> None:
    profiles = {f"lens_{i}": al.Model(lp.Sersic, intensity=value) for i in range(20)}
    al.Collection(**profiles).to_json(folder / "file")


@pytest.mark.parametrize("write", [fits, dataset, samples, summary, model])
def test_file_is_whole_and_named_where_the_disk_is_full(tmp_path, write: Callable[[Path, float], None]):
    write(tmp_path, 1.0)
    before = (tmp_path / "file").read_bytes()
    assert len(before) > 4096

    with full_disk(), pytest.raises(exc.FileException, match="file .*(cannot|could not) be written"):
        write(tmp_path, 2.0)

    assert (tmp_path / "file").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_checkpoint_before_a_full_disk_is_the_one_that_is_read(tmp_path):
    told: list[str] = []
    kept = FolderCheckpoint(tmp_path, {"model": "a"}, warn=told.append)
    kept.save(position=np.arange(2000.0))

    with full_disk():
        kept.save(position=np.zeros(2000))
        kept.save(position=np.zeros(2000))

    assert len(told) == 1 and "not written" in told[0]
    again = FolderCheckpoint(tmp_path, {"model": "a"}).load()
    assert again is not None
    np.testing.assert_array_equal(again["position"], np.arange(2000.0))


# ---------------------------------------------------------------------- arrays of the caller


def read_only(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


class Frame:
    """A table that NumPy sees as objects, as pandas gives columns of several types."""

    def __init__(self, array: np.ndarray) -> None:
        self.held = array.astype(object)

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self.held if dtype is None else self.held.astype(dtype)


ORDERS: dict[str, Callable[[np.ndarray], object]] = {
    "read-only": read_only,
    "every second": lambda a: np.repeat(np.repeat(a, 2, axis=0), 2, axis=1)[::2, ::2],
    "Fortran": np.asfortranarray,
    "transposed twice": lambda a: np.ascontiguousarray(a.T).T,
    "backwards": lambda a: np.ascontiguousarray(a[::-1, ::-1])[::-1, ::-1],
    "big-endian": lambda a: a.astype(">f8"),
    "objects": lambda a: a.astype(object),
    "a table": Frame,
    "lists": lambda a: a.tolist(),
    "masked array without a mask": np.ma.asarray,
}


def likelihood_of(data: object, noise: object, psf: object) -> float:
    fitted = al.Imaging(data, noise, psf=psf, pixel_scales=0.1, over_sample_size_lp=1)
    return float(al.FitImaging(fitted.apply_mask(al.Mask2D.circular(SHAPE, 0.6, 0.1)), TRACER).log_likelihood)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_any_order_of_the_numbers_gives_the_same_likelihood_and_stays(order):
    given = [order(array) for array in (DATA, NOISE, PSF)]

    assert likelihood_of(*given) == likelihood_of(DATA, NOISE, PSF)
    for array, before in zip(given, (DATA, NOISE, PSF), strict=True):
        np.testing.assert_array_equal(np.asarray(array, dtype=float), before)
