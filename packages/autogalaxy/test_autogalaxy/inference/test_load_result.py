import hashlib
import json
import os

import numpy as np
import pytest
from astropy.io import fits

import autogalaxy as ag
from autoarray import exc
from autogalaxy.inference import Samples, archive
from autogalaxy.inference import load_result as reading
from autogalaxy.inference.latent import Latent, LatentTable
from autogalaxy.inference.verdict import Finding, Verdict

SHAPE = (15, 15)


def dataset_with(**changes):
    """An image of noise around a galaxy, with a PSF and noise that differ from pixel to pixel."""
    rng = np.random.default_rng(4)
    y, x = np.mgrid[-7.0:8.0, -7.0:8.0]
    arguments = {
        "data": np.exp(-0.05 * (y**2 + 1.5 * x**2)) + rng.normal(0.0, 0.1, SHAPE),
        "noise_map": rng.uniform(0.08, 0.12, SHAPE),
        "psf": rng.uniform(0.5, 1.0, (3, 3)),
        "pixel_scales": 0.1,
    }
    mask = ag.Mask2D.circular(SHAPE, radius=0.6, pixel_scales=0.1)
    return ag.Imaging(**(arguments | changes)).apply_mask(mask)


def result_of(dataset, light=ag.lp.Sersic, **settings):
    model = ag.Collection(
        galaxies=ag.Collection(g=ag.Model(ag.Galaxy, redshift=0.5, light=ag.Model(light, centre=(0.0, 0.01))))
    )
    rng = np.random.default_rng(1)
    parameters = np.array([model.vector_from_unit_vector(u) for u in rng.uniform(0.4, 0.6, (5, model.prior_count))])
    analysis = ag.AnalysisImaging(dataset, **settings)
    log_likelihoods = [float(analysis.log_likelihood_function(model.instance_from_vector(v))) for v in parameters]
    result = analysis.make_result(Samples(model, parameters, log_likelihoods, weights=rng.uniform(size=5)), None)
    result.search_info = {"search": "Drawn", "log_evidence": -3.5, "latents": {"flux": {"median": 1.5}}}
    return result


@pytest.fixture
def result():
    return result_of(dataset_with())


@pytest.fixture
def folder(result, tmp_path):
    result.write(tmp_path / "fit")
    return tmp_path / "fit"


def sub_sizes():
    mask = dataset_with().mask
    return ag.Array2D(np.where(np.arange(mask.pixels_in_mask) % 2 == 0, 2.0, 8.0), mask)


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({}, {}),
        ({"psf": None}, {}),
        ({"use_normalized_psf": False}, {}),
        ({"over_sample_size_lp": 2, "over_sample_rule": "uniform", "over_sample_size_blurring": 3}, {}),
        ({"psf": ag.Convolver(np.random.default_rng(2).uniform(size=(5, 5)), pixel_scales=0.05)}, {}),
        ({}, {"light": ag.lp_linear.Sersic, "settings": ag.Settings(use_positive_only_solver=False)}),
        ({}, {"cosmology": ag.cosmo.FlatLambdaCDM(H0=70.1, Om0=0.3)}),
    ],
    ids=["plain", "no PSF", "PSF as it is", "sub-pixels", "finer PSF", "linear", "cosmology"],
)
def test_the_fit_comes_back_to_the_last_digit(tmp_path, changes, more):
    dataset = dataset_with(**changes)
    result = result_of(dataset, **more)
    result.write(tmp_path)

    again = ag.load_result(tmp_path)

    written = json.loads((tmp_path / "result.json").read_text())["fit"]["log_likelihood"]
    fit, before = again.max_log_likelihood_fit, result.max_log_likelihood_fit
    assert float(fit.log_likelihood) == float(before.log_likelihood) == written == result.log_likelihood
    assert np.array_equal(fit.model_data.array, before.model_data.array)
    assert np.array_equal(fit.dataset.data.array, dataset.data.array)
    assert fit.dataset.mask == dataset.mask
    assert fit.dataset.use_normalized_psf == dataset.use_normalized_psf
    assert again.analysis.cosmology.H0 == result.analysis.cosmology.H0
    assert again.analysis.settings == result.analysis.settings


def test_sub_sizes_and_covariances_of_pixels_come_back(tmp_path):
    pixels = dataset_with().mask.pixels_in_mask
    covariance = np.diag(np.full(pixels, 0.01)) + 1e-3
    dataset = dataset_with().apply_over_sampling(over_sample_size_lp=sub_sizes(), over_sample_size_lensed=2)
    dataset = dataset._with(noise_map=None, noise_covariance_matrix=covariance)
    result_of(dataset).write(tmp_path)

    again = ag.load_result(tmp_path).analysis.dataset

    assert np.array_equal(again.over_sample_size_lp.array, sub_sizes().array)
    assert again.over_sample_size_lensed == 2
    assert np.array_equal(again.noise_covariance_matrix, covariance)


def test_samples_model_and_what_was_said_come_back(tmp_path, result):
    result.verdict = Verdict.of([Finding("sampling", "good", "All is well.", 0.3, 0.7)])
    result.write(tmp_path)

    again = ag.load_result(tmp_path)

    for name in ("parameters", "log_likelihoods", "log_priors"):
        assert np.array_equal(getattr(again.samples, name), getattr(result.samples, name))
    assert again.samples.weights == pytest.approx(result.samples.weights, rel=1e-15)
    assert again.original_model.to_dict() == result.original_model.to_dict()
    assert again.max_log_likelihood_instance.galaxies.g.light.centre == (0.0, 0.01)
    assert again.search_info["log_evidence"] == -3.5 and again.search_info["latents"] == {"flux": {"median": 1.5}}
    assert again.verdict == result.verdict


def test_latents_that_were_computed_are_read(tmp_path, result):
    latents = {"flux": Latent("flux", 1.0, 1.5, 0.1, 0.2, unit="e- s^-1", draws=200)}
    result.search_info["latents"] = LatentTable(list(latents.values())).to_dict()
    result.write(tmp_path)

    assert list(ag.load_result(tmp_path).latents) == list(latents.values())


def test_the_table_of_samples_has_every_digit(folder, result):
    lines = (folder / "samples.csv").read_text().splitlines()
    table = np.array([[float(value) for value in line.split(",")] for line in lines[1:]])
    samples = result.samples

    assert lines[0].split(",") == [*samples.names, "log_likelihood", "log_prior", "weight"]
    assert np.array_equal(table[:, :-3], samples.parameters)
    assert np.array_equal(table[:, -3:].T, [samples.log_likelihoods, samples.log_priors, samples.weights])


def test_images_of_the_fit_are_written(folder, result):
    with fits.open(folder / "fit.fits") as hdus:
        images = {hdu.name: hdu.data[::-1] for hdu in hdus}
    assert images["MODEL"] == pytest.approx(result.max_log_likelihood_fit.model_data.native.array)
    assert np.sum(images["NORMALIZED_RESIDUAL"] ** 2) == pytest.approx(float(result.max_log_likelihood_fit.chi_squared))


def test_an_analysis_of_the_user_is_given_again(tmp_path, lines):
    analysis = lines.AnalysisLines(lines.data_with_noise())
    model = lines.two_lines()
    result = analysis.make_result(Samples(model, [lines.TRUTH], [-1.0]), None)
    result.write(tmp_path)

    assert ag.load_result(tmp_path, analysis=analysis).analysis is analysis
    with pytest.raises(exc.FitException, match="load_result\\(folder, analysis=analysis\\)"):
        ag.load_result(tmp_path).max_log_likelihood_fit  # noqa: B018 - evaluated for its error


def test_a_subclass_is_not_taken_for_the_class_it_was_made_from(tmp_path):
    class Own(ag.AnalysisImaging):
        def log_likelihood_function(self, instance):
            return 7.0

    result = result_of(dataset_with())
    own = Own(dataset_with()).make_result(result.samples, None)
    own.write(tmp_path)

    assert not (tmp_path / "analysis.json").exists()
    assert ag.load_result(tmp_path).analysis is None


def test_a_result_that_is_written_again_is_never_gone(folder, monkeypatch):
    result = ag.load_result(folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}

    def killed(*_):
        raise SystemExit(137)

    monkeypatch.setattr(result.analysis, "write_fit", killed)
    with pytest.raises(SystemExit):
        result.write(folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("fails", "said"),
    [(lambda *_: 1 / 0, "ZeroDivisionError: division by zero"), (lambda *_: {}["x"], "KeyError: 'x'")],
)
def test_a_result_outlives_errors_of_the_images_of_its_fit(tmp_path, monkeypatch, fails, said):
    result = result_of(dataset_with())
    monkeypatch.setattr(result.analysis, "write_fit", fails, raising=False)
    result.write(tmp_path)
    assert json.loads((tmp_path / "result.json").read_text())["fit"] == {"error": said}
    assert ag.load_result(tmp_path).log_likelihood == result.log_likelihood


# ---------------------------------------------------------------------- hostile folders


def rewrite(folder, name, change):
    """Change a JSON file and its hash in ``result.json``."""
    content = json.loads((folder / name).read_text())
    change(content)
    (folder / name).write_text(json.dumps(content))
    forget_hash_of(folder, name)


def forget_hash_of(folder, name):
    summary = json.loads((folder / "result.json").read_text())
    if name in summary["files"]:
        summary["files"][name] = hash_of(folder / name)
        (folder / "result.json").write_text(json.dumps(summary))


def hash_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(folder, match):
    with pytest.raises(exc.AutoException, match=match):
        ag.load_result(folder)


def test_a_class_that_is_no_part_of_a_model_is_not_made(folder):
    def os_system(content):
        content["items"]["galaxies"]["items"]["g"]["class"] = "os:system"

    rewrite(folder, "model.json", os_system)
    refused(folder, "names the class 'os:system'")


@pytest.mark.parametrize("name", ["os.system", "autogalaxy.inference.search.auto.Auto", ["x"], None, 3])
def test_an_analysis_that_is_not_known_is_not_made(folder, name):
    rewrite(folder, "analysis.json", lambda content: content.update(analysis=name))
    refused(folder, "wanted one of .*autogalaxy.AnalysisImaging")


@pytest.mark.parametrize("key", ["dataset", "cosmology", "settings"])
@pytest.mark.parametrize("value", [3, ["x"], "x", {"use_jax": 1}, {"type": "model", "class": "os:system", "items": {}}])
def test_damaged_settings_are_our_error(folder, key, value):
    rewrite(folder, "analysis.json", lambda content: content.update({key: value}))
    refused(folder, None)


def test_a_cosmology_that_is_a_galaxy_is_refused(folder):
    galaxy = ag.Collection(cosmology=ag.Model(ag.Galaxy, redshift=0.5)).to_dict()
    rewrite(folder, "analysis.json", lambda content: content.update(cosmology=galaxy))
    refused(folder, "has a Galaxy where its cosmology is")


@pytest.mark.parametrize("name", ["model.json", "samples.npz", "dataset.npz", "analysis.json", "result.json"])
@pytest.mark.parametrize("damage", ["truncated", "empty", "missing", "link", "folder", "other"])
def test_a_damaged_file_is_named(folder, name, damage, tmp_path):
    path = folder / name
    content = path.read_bytes()
    path.unlink()
    if damage == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "link":
        (tmp_path / "elsewhere").write_bytes(content)
        path.symlink_to(tmp_path / "elsewhere")
    elif damage == "folder":
        path.mkdir()
    elif damage == "other":
        path.write_bytes(b"[1, 2]")
    refused(folder, name.replace(".", "\\."))


@pytest.mark.parametrize("name", ["../../outside.npz", "/etc/passwd", "a/b", "..", "a/../../b"])
def test_a_file_outside_of_the_folder_is_not_opened(folder, name):
    rewrite(folder, "result.json", lambda content: content["files"].update({name: "0" * 64}))
    refused(folder, "outside its folder")


def test_deep_json_is_our_error(folder):
    (folder / "model.json").write_text("[" * 100_000)
    forget_hash_of(folder, "model.json")
    refused(folder, "model.json holds no readable JSON")


def test_a_file_that_is_too_large_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_FILE", 100)
    with open(folder / "samples.npz", "ab") as file:
        os.truncate(file.fileno(), 3 * 2**31)  # a sparse file takes no room
    refused(folder, "samples.npz has .* bytes")


def test_pickles_and_bombs_among_the_samples_are_not_unpacked(folder, monkeypatch):
    rewrite_arrays(folder, "samples.npz", parameters=np.array([{}], dtype=object))
    refused(folder, "not numbers")
    (folder / "samples.npz").write_bytes(archive.bytes_of({"names": np.zeros(10**6)}, compressed=True))
    forget_hash_of(folder, "samples.npz")
    monkeypatch.setattr(archive, "LARGEST_ARCHIVE", 10**5)
    refused(folder, "unpacks to 8000128 bytes")


def test_samples_of_another_model_are_refused(folder, tmp_path):
    result_of(dataset_with(), light=ag.lp.Gaussian).write(tmp_path / "other")
    (folder / "samples.npz").write_bytes((tmp_path / "other" / "samples.npz").read_bytes())
    refused(folder, "samples.npz is not what was written with this result")
    forget_hash_of(folder, "samples.npz")
    refused(folder, "holds samples of .*sigma")


def rewrite_arrays(folder, name, **changes):
    """Change arrays of an archive and its hash in ``result.json``; ``None`` takes one away."""
    with np.load(folder / name) as file:
        arrays = {**file, **changes}
    np.savez_compressed(folder / name, **{key: a for key, a in arrays.items() if a is not None})
    forget_hash_of(folder, name)


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": np.array([["x"] * 5] * 5)},
        {"parameters": np.full((5, 5), 1.0 + 2.0j)},
        {"parameters": np.zeros((5, 9))},
        {"parameters": np.zeros((0, 5))},
        {"parameters": np.full((5, 5), np.nan)},
        {"weights": np.ones((5, 1))},
        {"weights": np.array(["a"] * 5)},
        {"weights": -np.ones(5)},
        {"log_likelihoods": np.ones(4)},
        {"log_priors": np.zeros(())},
        {"names": np.zeros(())},
        {"names": None},
        {"covariance": np.eye(2)},
        {"covariance": np.full((5, 5), "x")},
    ],
)
def test_damaged_samples_are_an_error_that_names_their_file(folder, changes):
    rewrite_arrays(folder, "samples.npz", **changes)
    with pytest.raises(exc.FileException, match=r"samples\.npz"):
        ag.load_result(folder)


@pytest.mark.parametrize(
    "latents",
    [
        {"flux": 3},
        {"flux": {"median": 1.0}},
        {"flux": [1, 2]},
        {"flux": {"name": "flux", "maximum": "x", "median": 1, "lower_error": 1, "upper_error": 1}},
        {"flux": {"name": "flux", "maximum": 1, "median": 1, "lower_error": 1, "upper_error": 1, "other": 1}},
        {"flux": {"name": "flux", "maximum": [1], "median": 1, "lower_error": 1, "upper_error": 1}},
    ],
)
def test_damaged_latents_are_an_error_that_names_their_file(folder, latents):
    rewrite(folder, "result.json", lambda content: content.update(latents=latents))
    with pytest.raises(exc.FileException, match=r"fit/result\.json holds a latent 'flux'"):
        ag.load_result(folder).latents  # noqa: B018 - evaluated for its error


@pytest.mark.parametrize("name", ["data", "mask", "noise_map", "psf"])
@pytest.mark.parametrize("values", [np.zeros(3), np.zeros((2, 2, 2)), np.array(["x"]), np.zeros(())])
def test_damaged_arrays_of_a_dataset_are_our_error(folder, name, values):
    with np.load(folder / "dataset.npz") as file:
        (key,) = [key for key in file if key.rpartition(".")[2] == name][:1] or [next(iter(file))]
    rewrite_arrays(folder, "dataset.npz", **{key: values})
    refused(folder, None)


@pytest.mark.parametrize("change", [{"items": 3}, {"type": []}, {"items": {"a": {"type": "prior"}}}, {"items": [[]]}])
def test_a_damaged_model_is_our_error(folder, change):
    rewrite(folder, "model.json", lambda content: content.update(change))
    refused(folder, None)


def test_no_more_is_unpacked_than_an_archive_and_its_model_have_room_for(folder, monkeypatch):
    read = []
    array_from = archive._array_from
    monkeypatch.setattr(archive, "_array_from", lambda a, m, *rest: read.append(m.filename) or array_from(a, m, *rest))
    rewrite_arrays(folder, "samples.npz", bomb=np.zeros(10**6))
    assert len(ag.load_result(folder).samples) == 5
    assert "bomb.npy" not in read

    read.clear()
    rewrite_arrays(folder, "samples.npz", parameters=np.zeros((5, 10**5)))
    refused(folder, r"parameters.npy of shape \(5, 100000\), wanted \(n, 5\)")
    assert read == ["names.npy"]

    bomb = archive.bytes_of({"a": np.zeros(10 * 2**20)}, compressed=True)
    assert len(bomb) < 10**5
    with pytest.raises(exc.FileException, match=r"bomb unpacks to 83886208 bytes, wanted at most 67108864"):
        archive.arrays_from(bomb, "bomb")
    noise = np.random.default_rng(1).random(10**5)
    assert np.all(archive.arrays_from(archive.bytes_of({"a": noise}, compressed=True), "noise")["a"] == noise)
