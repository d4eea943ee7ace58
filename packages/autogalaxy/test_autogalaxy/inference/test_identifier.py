import dataclasses
import json

import numpy as np
import pytest

import autogalaxy as ag
from autoarray import UniformPrior
from autogalaxy.inference import LevenbergMarquardt
from autogalaxy.inference.identifier import Identity, fingerprint_of


def imaging(**changes):
    y, x = np.mgrid[-4.0:5.0, -4.0:5.0]
    image = np.exp(-0.1 * (y**2 + 1.5 * x**2))
    psf = np.exp(-0.7 * (y**2 + x**2))[3:6, 3:6]
    arguments = {"data": image, "noise_map": np.full((9, 9), 0.1), "psf": psf, "pixel_scales": 0.1}
    mask = ag.Mask2D.circular((9, 9), radius=changes.pop("radius", 0.35), pixel_scales=0.1)
    return ag.Imaging(**(arguments | changes)).apply_mask(mask)


def identity_of(dataset=None, settings=None, model=None, **search):
    model = ag.Collection(galaxies=ag.Collection(g=model or galaxy()))
    analysis = ag.AnalysisImaging(dataset or imaging(), **(settings or {}))
    return Identity.of(model, analysis, LevenbergMarquardt(**search))


def galaxy(**changes):
    return ag.Model(ag.Galaxy, redshift=0.5, light=ag.Model(ag.lp.Sersic, **changes))


def test_the_same_fit_has_the_same_identifier_whatever_it_is_called(tmp_path):
    one, other = identity_of(), identity_of(name="x", output_path=tmp_path, show_progress=False, checkpoint_interval=1)

    assert one.identifier == other.identifier and len(one.identifier) == 16
    assert other.difference_from(one) == ""
    again = Identity.from_dict(json.loads(json.dumps(one.to_dict())))
    assert again.identifier == one.identifier and again.difference_from(one) == ""


def test_what_was_computed_with_a_dataset_changes_nothing():
    dataset = imaging()
    before = identity_of(dataset)
    analysis = ag.AnalysisImaging(dataset)
    model = ag.Collection(galaxies=ag.Collection(g=galaxy()))
    analysis.log_likelihood_function(model.instance_from_prior_medians())
    assert identity_of(dataset).identifier == before.identifier


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dataset": imaging(data=np.ones((9, 9)))}, "data (at dataset.data"),
        ({"dataset": imaging(noise_map=np.full((9, 9), 0.2))}, "data (at dataset.noise_map"),
        ({"dataset": imaging(psf=np.eye(3))}, "data (at dataset.psf"),
        ({"dataset": imaging(radius=0.25)}, "data (at dataset.data"),
        ({"dataset": imaging(over_sample_size_lp=2)}, "(at dataset.over_sample_size_lp: there 4, here 2)"),
        ({"settings": {"settings": ag.Settings(use_positive_only_solver=False)}}, "data (at settings"),
        ({"settings": {"cosmology": ag.cosmo.FlatLambdaCDM(H0=70.0)}}, "data (at cosmology"),
        ({"n_starts": 5}, "settings (at n_starts: there 24, here 5)"),
        ({"seed": 2}, "settings (at seed: there 1, here 2)"),
        ({"unique_tag": "b"}, "settings (at unique_tag: there None, here b)"),
        ({"initial_vectors": np.ones((1, 7))}, "settings (at initial_vectors"),
        ({"model": galaxy(intensity=2.0)}, "model (at galaxies.g.light.intensity: there LogUniformPrior("),
        (
            {"model": galaxy(sersic_index=UniformPrior(0.8, 5.5))},
            "model (at galaxies.g.light.sersic_index: there UniformPrior(lower_limit=0.5, upper_limit=8.0), "
            "here UniformPrior(lower_limit=0.8, upper_limit=5.5))",
        ),
    ],
)  # fmt: skip
def test_another_fit_has_another_identifier_and_the_first_difference_is_named(changes, said):
    before, now = identity_of(), identity_of(**changes)

    assert now.identifier != before.identifier
    assert said in now.difference_from(before)
    assert now.difference_from(before).count("(at ") == 1
    assert [k for k in now.key if now.key[k] != before.key[k]] == [now.difference_from(before).partition(" ")[0]]


def test_the_last_bit_counts():
    data = np.array(imaging().data.native.array) + 0.0
    nearly = data.copy()
    nearly[4, 4] = np.nextafter(nearly[4, 4], 2.0)
    assert fingerprint_of(data) != fingerprint_of(nearly)
    assert fingerprint_of(data) == fingerprint_of(data.astype(">f8"))
    assert fingerprint_of(np.ones(4)) != fingerprint_of(np.ones((2, 2)))


def test_attributes_of_an_analysis_of_the_user_count_but_for_private_ones(lines):
    class Own(lines.AnalysisLines):
        def __init__(self, data, power):
            super().__init__(data)
            self.power = power
            self._calls = 0

    def key(analysis):
        return Identity.of(lines.two_lines(), analysis, LevenbergMarquardt()).key["data"]

    first = Own(lines.data_with_noise(), power=1.0)
    called = Own(lines.data_with_noise(), power=1.0)
    called._calls = 7
    assert key(first) == key(called)
    assert key(first) != key(Own(lines.data_with_noise(), power=2.0))


def test_what_is_no_identity_is_none():
    assert Identity.from_dict([]) is None
    assert Identity.from_dict({field.name: {} for field in dataclasses.fields(Identity)[:2]}) is None
