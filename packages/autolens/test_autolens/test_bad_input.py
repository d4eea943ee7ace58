"""What an astronomer gets wrong ends in an error of ours that names the value, and nothing of the caller's changes."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import autolens as al
from autolens import exc, lp, mp

SHAPE = (15, 15)
LENS = al.Galaxy(redshift=0.5, mass=mp.Isothermal(einstein_radius=0.5, ell_comps=(0.1, 0.05)))
SOURCE = al.Galaxy(redshift=1.0, bulge=lp.Sersic(centre=(0.1, 0.05), effective_radius=0.3))
TRACER = al.Tracer([LENS, SOURCE])
POINTS = al.Grid2DIrregular([(0.3, 1.4), (-0.9, 0.8)])
GRID = al.Grid2D.uniform(SHAPE, 0.1, over_sample_size=1)
DATASET = al.Imaging(np.ones(SHAPE), np.ones(SHAPE), psf=np.ones((3, 3)), pixel_scales=0.1, over_sample_size_lp=1)
PAIR = [(1.0, 0.0), (-1.0, 0.1)]
MASKED_OUT = al.Mask2D(np.ones(SHAPE), 0.1)


def model_from(change=None) -> al.Collection:
    lens = al.Model(al.Galaxy, redshift=0.5, mass=mp.Isothermal)
    source = al.Model(al.Galaxy, redshift=1.0, bulge=lp.Sersic)
    model = al.Collection(galaxies=al.Collection(lens=lens, source=source))
    if change is not None:
        change(model)
    return model


def with_mass(**values) -> al.Collection:
    return model_from(lambda m: [setattr(m.galaxies.lens.mass, name, value) for name, value in values.items()])


def analysis() -> al.AnalysisImaging:
    return al.AnalysisImaging(DATASET)


def search(**settings) -> al.LevenbergMarquardt:
    settings = {"n_starts": 1, "n_screen": 2, "max_jacobians": 1, "show_progress": False, **settings}
    return al.LevenbergMarquardt(**settings)


def fitted(**settings):
    return search(**settings).fit(model_from(), analysis())


def simulated(**settings):
    settings = {"exposure_time": 300.0, "background_sky_level": 0.1, **settings}
    return al.SimulatorImaging(**settings).via_tracer_from(TRACER, GRID)


def read(**items):
    return al.Model.from_dict({"type": "collection", "items": items})


def rows(table):
    return pytest.mark.parametrize("call, error, message", [r[1:] for r in table], ids=[r[0] for r in table])


GRIDS = [
    ("tracer, grid (2, n)", lambda: TRACER.image_2d_from(np.ones((2, 5))), exc.GridException, r"\(2, 5\), wanted"),
    (
        "calc, grid (2, n)",
        lambda: al.LensCalc.from_tracer(TRACER).hessian_from(np.ones((2, 5))),
        exc.GridException,
        "2",
    ),
    ("profile, grid (n, 3)", lambda: lp.Sersic().image_2d_from(np.ones((5, 3))), exc.GridException, r"\(5, 3\)"),
    ("cube (2, ny, nx)", lambda: al.Grid2D.no_mask(np.ones((2, 3, 3)), 0.1), exc.AutoException, r"\(2, 3, 3\)"),
    ("NaN in a grid", lambda: al.Grid2D.no_mask(np.full((3, 3, 2), np.nan), 0.1), exc.GridException, "coordinate 0 is"),
    ("NaN point", lambda: al.Grid2DIrregular([(0.0, np.nan)]), exc.GridException, "nan"),
    ("NaN in a raw grid", lambda: TRACER.traced_grid_2d_list_from(np.array([[np.nan, 1.0]])), exc.GridException, "nan"),
    ("no grid", lambda: TRACER.traced_grid_2d_list_from(None), exc.AutoException, "wanted"),
    ("an image for a grid", lambda: TRACER.image_2d_from(al.Array2D.ones(SHAPE, 0.1)), exc.GridException, "Array2D"),
    ("keyword to a tracer", lambda: TRACER.image_2d_from(GRID, blured=True), exc.ProfileException, "'blured', wanted"),
    ("keyword to a galaxy", lambda: LENS.convergence_2d_from(GRID, foo=1), exc.ProfileException, "'foo', wanted"),
    ("keyword to a profile", lambda: mp.NFW().convergence_2d_from(GRID, foo=1), exc.ProfileException, "'foo', wanted"),
    ("three pixel scales", lambda: al.Grid2D.uniform(SHAPE, (0.1, 0.1, 0.1)), exc.MaskException, "pixel_scales="),
    ("over-sampling NaN", lambda: al.Grid2D.uniform(SHAPE, 0.1, over_sample_size=np.nan), exc.GridException, "nan"),
]

MASKS = [
    ("radius a string", lambda: al.Mask2D.circular(SHAPE, "3", 0.1), exc.MaskException, "radius='3'"),
    ("radius None", lambda: al.Mask2D.circular(SHAPE, None, 0.1), exc.MaskException, "radius=None"),
    ("centre of one number", lambda: al.Mask2D.circular(SHAPE, 1.0, 0.1, centre=0.5), exc.GridException, "centre=0.5"),
    (
        "inner beyond outer",
        lambda: al.Mask2D.circular_annular(SHAPE, 1.0, 0.5, 0.1),
        exc.MaskException,
        "1.0 and .* 0.5",
    ),
    ("inner NaN", lambda: al.Mask2D.circular_annular(SHAPE, np.nan, 0.5, 0.1), exc.MaskException, "inner_radius=nan"),
    ("angle NaN", lambda: al.Mask2D.elliptical(SHAPE, 1.0, 0.5, np.nan, 0.1), exc.MaskException, "angle=nan"),
    ("nothing combined", lambda: al.Mask2D.combined([]), exc.MaskException, "one or more"),
    ("an array added", lambda: al.Mask2D.all_false(SHAPE, 0.1) + np.zeros(SHAPE), exc.MaskException, "ndarray"),
    ("centre of nothing", lambda: MASKED_OUT.mask_centre, exc.MaskException, "none of"),
    ("radius of nothing", lambda: MASKED_OUT.circular_radius, exc.MaskException, "none of"),
    ("half a pixel", lambda: al.Mask2D.from_pixel_coordinates(SHAPE, [(1.5, 2)], 0.1), exc.MaskException, "1.5"),
    ("buffer -3", lambda: al.Mask2D.from_pixel_coordinates(SHAPE, [(1, 2)], 0.1, buffer=-3), exc.MaskException, "-3"),
]

DATA = [
    (
        "numpy masked array",
        lambda: al.Imaging(np.ma.masked_less(np.ones(SHAPE), 2.0), np.ones(SHAPE), pixel_scales=0.1),
        exc.ArrayException,
        "225 masked values",
    ),
    ("path for data", lambda: al.Imaging("d.fits", "n.fits", pixel_scales=0.1), exc.ArrayException, "d.fits"),
    ("negative PSF", lambda: al.Convolver(-np.ones((3, 3)), 0.1), exc.KernelException, "sums to -9.0"),
    (
        "PSF centre of one number",
        lambda: al.Convolver.from_gaussian((5, 5), 0.1, sigma=0.1, centre=0.1),
        exc.GridException,
        "centre=0.1",
    ),
    ("noise of a string", lambda: DATASET.apply_noise_scaling(MASKED_OUT, "a"), exc.DatasetException, "'a'"),
    ("sky a string", lambda: al.DatasetModel(background_sky_level="a"), exc.DatasetException, "'a'"),
    ("device for a file", lambda: GRID.output_to_fits(os.devnull, overwrite=True), exc.FileException, os.devnull),
]

LENSES = [
    ("redshift list", lambda: al.Galaxy(redshift=[0.5]), exc.GalaxyException, r"redshift=\[0.5\]"),
    ("redshift array", lambda: al.Galaxy(redshift=np.array([0.5, 1.0])), exc.GalaxyException, "0.5"),
    ("redshift prior", lambda: al.Galaxy(redshift=al.UniformPrior(0.0, 1.0)), exc.GalaxyException, "UniformPrior"),
    ("tracer of nothing", lambda: al.Tracer(None), exc.TracerException, "galaxies=None"),
    ("tracer of a profile", lambda: al.Tracer(mp.Isothermal()), exc.TracerException, "Isothermal"),
    ("cosmology by name", lambda: al.Tracer([LENS], cosmology="Planck15"), exc.TracerException, "'Planck15'"),
    (
        "plane that is not there",
        lambda: TRACER.deflections_between_planes_from(GRID, plane_j=5),
        exc.TracerException,
        "plane_j=5",
    ),
    ("calc of a galaxy", lambda: al.LensCalc.from_tracer(LENS), exc.ProfileException, "a Galaxy, wanted"),
    ("calc of a list", lambda: al.LensCalc.from_tracer([LENS, SOURCE]), exc.ProfileException, "a list, wanted"),
    ("calc of a class", lambda: al.LensCalc.from_mass_obj(mp.Isothermal), exc.ProfileException, "LensCalc"),
    ("mass in radius -1", lambda: LENS.mass_angular_within_circle_from(-1.0), exc.ProfileException, "radius=-1.0"),
    ("mass in a string", lambda: LENS.mass_angular_within_circle_from("1"), exc.ProfileException, "radius='1'"),
    ("light in radius NaN", lambda: SOURCE.luminosity_within_circle_from(np.nan), exc.ProfileException, "radius=nan"),
    ("axis ratio 1.5", lambda: al.convert.ell_comps_from(1.5, 0.0), exc.ProfileException, "axis_ratio=1.5"),
    ("axis ratio 0", lambda: al.convert.ell_comps_from(0.0, 0.0), exc.ProfileException, "axis_ratio=0.0"),
    ("angle NaN", lambda: al.convert.ell_comps_from(0.5, np.nan), exc.ProfileException, "angle=nan"),
    ("axis ratio a string", lambda: al.convert.ell_comps_from("0.5", 0.0), exc.ProfileException, "'0.5'"),
    ("ell_comps of 1.2", lambda: al.convert.axis_ratio_from((1.2, 0.0)), exc.ProfileException, "at most 1"),
    ("ell_comps of one number", lambda: al.convert.axis_ratio_from(0.2), exc.ProfileException, "0.2, wanted a pair"),
    ("redshift a string", lambda: al.cosmo.Planck15().kpc_per_arcsec_from("a"), exc.CosmologyException, "'a'"),
    ("positions' threshold", lambda: al.PositionsLH(PAIR, None), exc.GridException, "threshold=None"),
    ("positions' factor", lambda: al.PositionsLH(PAIR, 0.3, np.nan), exc.GridException, "nan"),
]

SIMULATORS = [
    ("exposure '300'", lambda: simulated(exposure_time="300"), exc.DatasetException, "exposure_time='300'"),
    ("exposure None", lambda: simulated(exposure_time=None), exc.DatasetException, "exposure_time=None"),
    ("sky 'a'", lambda: simulated(background_sky_level="a"), exc.DatasetException, "'a'"),
    ("seed 1.5", lambda: simulated(noise_seed=1.5), exc.DatasetException, "noise_seed=1.5"),
    ("seed -7", lambda: simulated(noise_seed=-7), exc.DatasetException, "noise_seed=-7"),
    ("PSF too large", lambda: simulated(psf=al.Convolver(np.ones((31, 31)), 0.1)), exc.KernelException, "31"),
    ("a list", lambda: al.SimulatorImaging(3.0).via_tracer_from([LENS], GRID), exc.DatasetException, "a list"),
    ("points", lambda: al.SimulatorImaging(3.0).via_tracer_from(TRACER, POINTS), exc.DatasetException, "Irregular"),
    ("an array", lambda: al.SimulatorImaging(3.0).via_image_from(np.ones(SHAPE)), exc.DatasetException, "ndarray"),
]

MODELS = [
    ("number a string", lambda: with_mass(einstein_radius="1.0"), exc.ModelException, "'1.0'"),
    ("number NaN", lambda: with_mass(einstein_radius=np.nan), exc.ModelException, "einstein_radius got nan"),
    ("centre of one number", lambda: with_mass(centre=0.0), exc.ModelException, "centre=0.0"),
    ("centre of one prior", lambda: with_mass(centre=al.UniformPrior()), exc.ModelException, "2 numbers or priors"),
    ("centre NaN", lambda: with_mass(centre=(np.nan, 0.0)), exc.ModelException, "centre_0 got nan"),
    ("parameter misspelt", lambda: with_mass(einsten_radius=1.0), exc.ModelException, "Did you mean einstein_radius"),
    ("galaxy misspelt", lambda: model_from().galaxies.lense, exc.ModelException, "Did you mean lens"),
    ("vector short", lambda: model_from().instance_from_vector([1.0]), exc.ModelException, "got 1 values"),
    ("vector None", lambda: model_from().instance_from_vector(None), exc.ModelException, "got no list of values"),
    ("vectors", lambda: model_from().instance_from_vector(np.ones((12, 2))), exc.ModelException, "12 x 2"),
    ("unit short", lambda: model_from().instance_from_unit_vector([0.5]), exc.ModelException, r"\(1,\).*12"),
    ("unit of 1.5", lambda: model_from().instance_from_unit_vector([1.5] * 12), exc.ModelException, "1.5, but wants"),
    ("unit NaN", lambda: model_from().vector_from_unit_vector([np.nan] * 12), exc.ModelException, "got nan"),
    ("priors of a short", lambda: model_from().log_priors_from_vector([0.5]), exc.ModelException, r"\(1,\)"),
    (
        "assertion with NaN",
        lambda: model_from(lambda m: m.add_assertion(m.galaxies.lens.mass.einstein_radius < np.nan)),
        exc.ModelException,
        "got nan",
    ),
    (
        "file with a command",
        lambda: read(a={"type": "object", "class": "subprocess:Popen", "items": {}}),
        exc.ModelException,
        "'subprocess:Popen'",
    ),
    ("file with words", lambda: read(a={"type": "array", "values": ["x"]}), exc.ModelException, "'x'"),
]

FITS = [
    ("fitness swapped", lambda: al.Fitness(analysis(), model_from()), exc.SearchException, "got a AnalysisImaging"),
    ("fitness resamples NaN", lambda: al.Fitness(model_from(), analysis(), True, np.nan), exc.SearchException, "nan"),
    ("analysis of an array", lambda: al.AnalysisImaging(np.ones(SHAPE)), exc.DatasetException, "a ndarray, wanted"),
    ("analysis of positions", lambda: al.AnalysisImaging(DATASET, [(1.0, 2.0)]), exc.DatasetException, r"\(1.0, 2.0\)"),
    ("fit swapped", lambda: al.FitImaging(TRACER, DATASET), exc.FitException, "a Tracer and a Imaging"),
    ("fit of a list", lambda: al.FitImaging(DATASET, [LENS, SOURCE]), exc.FitException, "a list"),
    ("model of a class", lambda: search().fit(mp.Isothermal, analysis()), exc.SearchException, "got a type as model"),
    ("search swapped", lambda: search().fit(analysis(), model_from()), exc.SearchException, "as model"),
    ("no analysis", lambda: search().fit(model_from(), None), exc.SearchException, "NoneType as analysis"),
    (
        "no galaxies",
        lambda: search().fit(al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, mass=mp.Isothermal)), analysis()),
        exc.ModelException,
        r"\['lens'\] and no galaxies",
    ),
    (
        "source in front",
        lambda: search().fit(model_from(lambda m: setattr(m.galaxies.source, "redshift", 0.2)), analysis()),
        exc.TracerException,
        "redshift 0.5, behind",
    ),
    ("n_starts 1.5", lambda: search(n_starts=1.5), exc.SearchException, "n_starts=1.5"),
    ("n_screen -1", lambda: search(n_screen=-1), exc.SearchException, "n_screen=-1"),
    ("seed 'a'", lambda: search(seed="a"), exc.SearchException, "seed='a'"),
    ("agree NaN", lambda: search(agree=np.nan), exc.SearchException, "agree=nan"),
    ("tolerance NaN", lambda: search(agree_tolerance=np.nan), exc.SearchException, "agree_tolerance=nan"),
    ("robust 'a'", lambda: fitted(robust_scale="a"), exc.SearchException, "robust_scale=.a., wanted"),
    ("start of 2 values", lambda: fitted(initial_vectors=[[1.0, 2.0]]), exc.SearchException, "12 finite values"),
    ("one start, no list", lambda: fitted(initial_vectors=[1.0, 2.0]), exc.SearchException, "1.0, but wants 12"),
    ("start of NaN", lambda: fitted(candidate_vectors=[[np.nan] * 12]), exc.SearchException, "nan"),
    (
        "a file for a folder",
        lambda: fitted(output_path=__file__),
        exc.FileException,
        "test_bad_input.py cannot be made",
    ),
]


@rows(GRIDS + MASKS + DATA)
def test_bad_grid_mask_or_data_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


@rows(LENSES + SIMULATORS)
def test_bad_lens_or_simulator_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


@rows(MODELS + FITS)
def test_bad_model_or_fit_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ---------------------------------------------------------------- files of samples


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_samples_that_were_cut_short_are_named(tmp_path, keep):
    model = model_from()
    path = tmp_path / "samples.npz"
    al.Samples(model, [model.physical_values_from_prior_medians], [1.0]).to_npz(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(keep * len(whole))])

    with pytest.raises(exc.FileException, match=r"samples.npz .*no readable samples"):
        al.Samples.from_npz(path, model)


def test_samples_with_changed_bytes_are_refused_or_unharmed(tmp_path):
    model = model_from()
    path = tmp_path / "samples.npz"
    al.Samples(model, [model.physical_values_from_prior_medians], [1.0]).to_npz(path)
    whole = path.read_bytes()
    refused = 0
    for place in range(0, len(whole), 37):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            samples = al.Samples.from_npz(path, model)
        except exc.FileException:
            refused += 1
        else:
            np.testing.assert_array_equal(samples.parameters[0], model.physical_values_from_prior_medians)
    assert refused > 0


@pytest.mark.parametrize("values", [[[np.nan] * 12], np.ones((0, 12)), np.ones((2, 12, 1)), [[1.0, 2.0]]])
def test_samples_that_are_no_table_are_refused(values):
    with pytest.raises(exc.SearchException, match="Samples got"):
        al.Samples(model_from(), values, np.ones(len(values)))


def test_samples_without_one_likelihood_are_refused():
    samples = al.Samples(model_from(), [model_from().physical_values_from_prior_medians], [np.nan])
    with pytest.raises(exc.SearchException, match="nan"):
        samples.max_log_likelihood  # noqa: B018 - evaluated for its error


# ---------------------------------------------------------------- searches that cannot go on


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_search_without_a_finite_likelihood_stops_within_a_thousand_draws(value):
    class Hopeless(al.AnalysisImaging):
        calls = 0

        def residual_vector_from(self, instance):
            self.calls += 1
            return np.full(9, value)

    hopeless = Hopeless(DATASET)
    with pytest.raises(exc.SearchException, match=r"none of 1000 draws.*einstein_radius"):
        search().fit(model_from(), hopeless)
    assert hopeless.calls <= 2000  # each draw is looked at before and after its intensities are solved for


def test_second_writer_of_a_folder_is_refused_and_the_first_keeps_it(tmp_path):
    lock = {"host": os.uname().nodename, "pid": os.getpid()}
    (tmp_path / ".lock").write_text(json.dumps(lock))

    with pytest.raises(exc.FileException, match=f"process {os.getpid()}"):
        fitted(output_path=tmp_path)

    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock"]


# ---------------------------------------------------------------- nothing of the caller's changes

UNCHANGED = """
import sys
sys.modules["jax"] = sys.modules["jaxlib"] = None
import json, os, random, warnings
import scipy.sparse, scipy.special  # their filters of warnings are their own
import numpy as np


def state():
    numbers = [np.random.get_state()[1].tobytes(), np.random.get_state()[2], random.getstate()]
    return [*numbers, np.geterr(), np.get_printoptions(), list(warnings.filters), dict(os.environ), os.getcwd()]


names = ["numpy.random", "its place", "random", "geterr", "printoptions", "warnings", "environment", "folder"]
before_import = state()
import autolens as al
shape = (15, 15)
given = {name: np.ones(shape) for name in ("data", "noise_map")}
given["psf"] = np.full((3, 3), 2.0)
given["mask"] = np.zeros(shape)
before = {name: array.tobytes() for name, array in given.items()}
dataset = al.Imaging(given["data"], given["noise_map"], psf=given["psf"], pixel_scales=0.1, use_normalized_psf=False)
dataset = dataset.apply_mask(al.Mask2D.circular(shape, 0.5, 0.1)).apply_mask(al.Mask2D(given["mask"], 0.1))
lens = al.Galaxy(redshift=0.5, mass=al.mp.Isothermal(einstein_radius=0.5))
tracer = al.Tracer([lens, al.Galaxy(redshift=1.0, bulge=al.lp.Sersic())])
likelihood = float(al.FitImaging(dataset, tracer).log_likelihood)
al.SimulatorImaging(300.0, 0.1).via_tracer_from(tracer, al.Grid2D.uniform(shape, 0.1, over_sample_size=1))
model = al.Collection(galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, bulge=al.lp.Sersic)))
settings = {"n_starts": 1, "n_screen": 2, "max_jacobians": 1, "show_progress": False}
al.LevenbergMarquardt(**settings).fit(model, al.AnalysisImaging(dataset))
try:
    al.AnalysisImaging(dataset, use_jax=True)
    said = "nothing"
except al.exc.BackendException as error:
    said = str(error)
print(json.dumps({
    "arrays": all(array.tobytes() == before[name] and array.flags.writeable for name, array in given.items()),
    "state": [name for name, a, b in zip(names, before_import, state()) if a != b],
    "psf_sum": float(dataset.psf.sum), "finite": bool(np.isfinite(likelihood)), "said": said,
}))
"""


@pytest.fixture(scope="module")
def unchanged():
    run = subprocess.run([sys.executable, "-W", "error", "-c", UNCHANGED], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_arrays_and_global_state_of_the_caller_are_left_alone(unchanged):
    assert unchanged["arrays"] and unchanged["finite"]
    assert unchanged["state"] == []


def test_psf_settings_survive_two_masks(unchanged):
    assert unchanged["psf_sum"] == pytest.approx(18.0)


def test_jax_that_is_not_installed_is_one_sentence_with_the_command(unchanged):
    assert "pip install" in unchanged["said"] and "\n" not in unchanged["said"]
