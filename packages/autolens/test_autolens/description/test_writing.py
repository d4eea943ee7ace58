"""Models and lenses as text, which reads back to the same."""

from __future__ import annotations

import numpy as np
import pytest

import autolens as al
from autogalaxy.inference.declared import REQUIRED, declared_arguments
from autolens.analysis.named_models import NAMED
from autolens.description.document import table_from
from autolens.description.model import collection_from
from autolens.description.registry import profiles
from autolens.description.writing import text_from


def read(text: str) -> al.Collection:
    return collection_from(table_from(text, "lens.toml"))


@pytest.fixture(scope="module")
def dataset():
    mask = al.Mask2D.circular((30, 30), radius=1.4, pixel_scales=0.1)
    y, x = mask.grid_slim.T
    values = al.Array2D(np.exp(-((y - 0.1) ** 2) - x**2), mask)
    return al.Imaging(data=values, noise_map=values)


@pytest.mark.parametrize("light", ["sersic", "mge"])
@pytest.mark.parametrize("name", NAMED)
def test_named_model_reads_back_to_the_same(dataset, name, light):
    model = al.lens_model_from(dataset, name, light=light)

    text = text_from(model, title='with "quotes" and \\')

    assert read(text).to_dict() == model.to_dict()
    assert ('profile = "mge"' in text) == (light == "mge")
    assert len(text.splitlines()) < 50


def test_expansion_of_another_kind_is_written_gaussian_by_gaussian():
    basis = al.mge_model_from(mask_radius=3.0, total_gaussians=3)
    basis.profile_list[1].centre = (0.1, 0.0)
    model = al.Collection(galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, light=basis)))

    text = text_from(model)

    assert text.count("[[galaxies.lens.light.profile_list]]") == 3
    assert read(text).to_dict() == model.to_dict()


def test_lists_of_galaxies_and_profiles_and_expressions_read_back():
    light = al.Model(al.lp.Sersic)
    mass = al.Model(al.mp.PowerLawMultipole, m=3, centre=light.centre)
    lens = al.Model(
        al.Galaxy, redshift=al.UniformPrior(0.1, 0.3), light=[light, al.Model(al.lp.GaussianSph)], mass=mass
    )
    model = al.Collection(galaxies=al.Collection(lens=lens), extra_galaxies=[])
    model.extra_galaxies.append(al.Model(al.Galaxy, redshift=0.2, mass=al.mp.IsothermalSph))
    model.extra_galaxies[0].mass.einstein_radius = 2.0 * mass.einstein_radius * 0.25 + 0.1
    model.add_assertion(light.effective_radius < 2.0)

    text = text_from(model)

    assert "times = 0.5, plus = 0.1" in text
    vector = model.physical_values_from_prior_medians
    again = read(text)
    assert again.paths == model.paths
    assert again.instance_from_vector(vector).extra_galaxies[0].mass.einstein_radius == pytest.approx(
        model.instance_from_vector(vector).extra_galaxies[0].mass.einstein_radius, rel=1e-15
    )
    assert [a.name for a in again.assertions] == ["galaxies.lens.light.0.effective_radius < 2.0"]


def test_what_no_file_can_say_is_refused():
    model = al.Collection(galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, mass=al.mp.PowerLaw)))
    model.galaxies.lens.mass.slope = model.galaxies.lens.mass.einstein_radius**2
    with pytest.raises(al.exc.ModelException, match="galaxies.lens.mass.slope"):
        text_from(model)


def test_values_of_an_instance_read_back_to_the_last_digit():
    mass = al.mp.NFW(centre=(0.1, -0.2), ell_comps=(0.05, 1 / 3), kappa_s=0.1 + 1e-16, scale_radius=np.float64(7.3))
    model = al.Collection(galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, mass=mass)))

    again = read(text_from(model.instance_from_vector([]))).instance_from_vector([]).galaxies.lens.mass

    assert vars(again) == vars(mass)


def test_fixed_objects_are_written_as_their_numbers():
    source = al.Galaxy(redshift=1.0, light=al.lp.ExponentialSph(intensity=2.0))
    lens = al.Model(al.Galaxy, redshift=0.5, mass=al.Model(al.mp.Isothermal), shear=al.mp.ExternalShear(0.1, 0.2))
    model = al.Collection(galaxies=al.Collection(lens=lens, source=source))

    again = read(text_from(model))

    assert again.paths == model.paths
    assert again.instance_from_prior_medians().galaxies.lens.shear.gamma_2 == 0.2
    assert again.instance_from_prior_medians().galaxies.source.light.intensity == 2.0


SETTINGS = {"n_y": 1, "n_x": 2, "n": 2, "m": 2}


@pytest.mark.parametrize("name", [name for name in profiles() if name != "lp_basis.Basis"])
def test_every_profile_is_read_and_written(name):
    cls = profiles()[name]
    required = {key: SETTINGS[key] for key, field in declared_arguments(cls)[0].items() if field.default is REQUIRED}
    model = al.Collection(
        galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, part=al.Model(cls, **required)))
    )

    text = text_from(model)

    settings = "".join(f"{key} = {value}\n" for key, value in required.items())
    short = f'[galaxies.lens]\nredshift = 0.5\n[galaxies.lens.part]\nprofile = "{name}"\n{settings}'
    assert read(short).to_dict() == model.to_dict() == read(text).to_dict()
    instance = al.Collection(galaxies=al.Collection(lens=al.Galaxy(redshift=0.5, part=cls(**required))))
    assert vars(read(text_from(instance.instance_from_vector([]))).instance_from_vector([]).galaxies.lens.part) == vars(
        cls(**required)
    )
