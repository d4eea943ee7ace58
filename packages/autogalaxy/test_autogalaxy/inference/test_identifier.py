import dataclasses
import functools
import json
import threading
from collections import deque
from pathlib import Path

import numpy as np
import pytest
from astropy import units

import autogalaxy as ag
from autoarray import UniformPrior, exc
from autogalaxy.inference import Analysis, LevenbergMarquardt
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


def key_of(lines, **attributes):
    """The key of the data of an analysis of a user, with these attributes."""

    class Own(lines.AnalysisLines):
        not_in_identifier = (*Analysis.not_in_identifier, "_calls")

    analysis = Own(lines.data_with_noise())
    for name, value in attributes.items():
        setattr(analysis, name, value)
    return Identity.of(lines.two_lines(), analysis, LevenbergMarquardt()).key["data"]


def test_attributes_of_an_analysis_of_the_user_count_but_for_those_it_names(lines):
    assert key_of(lines, _calls=0) == key_of(lines, _calls=7)
    assert key_of(lines, _kernels={}) == key_of(lines)
    assert key_of(lines, power=1.0) != key_of(lines, power=2.0)
    assert key_of(lines, _d=np.ones(3)) == key_of(lines, _d=np.ones(3)) != key_of(lines, _d=np.zeros(3))


class Holder:
    def __init__(self, data):
        self._data = data


class Slotted:
    __slots__ = ("data",)

    def __init__(self, data):
        self.data = data


class Frame:
    """Numbers with names, and methods, of a table like those of pandas."""

    def __init__(self, numbers, columns):
        self._numbers, self.columns = numbers, columns

    def mask(self):
        return self

    def __array__(self, dtype=None, copy=None):
        return self._numbers


def scaled_by(factor):
    return lambda x: factor * x


@pytest.mark.parametrize(
    "make",
    [
        lambda v: np.ma.MaskedArray([v, 2.0], mask=[False, True]),
        lambda v: np.ma.MaskedArray([1.0, 2.0], mask=[False, v == 1.0]),
        lambda v: Frame(np.array([[v]]), ["a"]),
        lambda v: Frame(np.array([[1.0]]), [f"a{v}"]),
        lambda v: functools.partial(np.add, v),
        lambda v: functools.partial(sorted if v == 1.0 else np.add, key=3),
        lambda v: functools.partial(scaled_by, factor=v),
        scaled_by,
        lambda v: (lambda x: x + 1) if v == 1.0 else (lambda x: x + 2),
        lambda v: Holder(v).__init__,
        Holder,
        Slotted,
        lambda v: {"deep": [Holder(Slotted(np.array([v])))]},
        lambda v: str(v).encode(),
        lambda v: complex(0.0, v),
        lambda v: Path(f"data_{v}.fits"),
        lambda v: deque([v]),
        lambda v: np.array([{"x": v}], dtype=object),
        lambda v: units.Quantity(1.0, "arcsec" if v == 1.0 else "deg"),
        lambda v: np.random.default_rng(int(v)),
    ],
)
def test_content_counts_wherever_it_is_held(lines, make):
    assert key_of(lines, item=make(1.0)) == key_of(lines, item=make(1.0))
    assert key_of(lines, item=make(1.0)) != key_of(lines, item=make(2.0))


def test_what_has_no_content_is_refused_by_name(lines):
    with pytest.raises(exc.SearchException, match=r"lock.* is a lock without content.*data_hash\(\)"):
        key_of(lines, _held=[{"lock": threading.Lock()}])
    key_of(lines, _calls=threading.Lock())

    class Hashed(lines.AnalysisLines):
        def data_hash(self):
            return self.tag

    def key(tag):
        analysis = Hashed(lines.data_with_noise())
        analysis.tag, analysis.lock = tag, threading.Lock()
        return Identity.of(lines.two_lines(), analysis, LevenbergMarquardt()).key["data"]

    assert key("a") == key("a") != key("b")


def test_objects_that_hold_each_other_end(lines):
    one, other = Holder(1.0), Holder(2.0)
    one._data, other._data = [other], [one]
    assert key_of(lines, item=one) == key_of(lines, item=one)


def test_free_parameters_may_be_named_in_any_way(lines):
    model = lines.two_lines()

    def identity_with(item):
        a, b = (lines.AnalysisLines(lines.data_with_noise()) for _ in range(2))
        analysis = (a + b).with_free_parameters(item)
        return Identity.of(analysis.model_for(model), analysis, LevenbergMarquardt())

    by_prior, by_path = identity_with(model.lines.a.intensity), identity_with("lines.a.intensity")
    assert by_path.key["data"] == by_prior.key["data"]
    assert identity_with("lines.b.intensity").key["model"] != by_path.key["model"]


def test_what_is_no_identity_is_none():
    assert Identity.from_dict([]) is None
    assert Identity.from_dict({field.name: {} for field in dataclasses.fields(Identity)[:2]}) is None
