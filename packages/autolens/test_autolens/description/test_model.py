"""Models of TOML files against models that are built in Python."""

from __future__ import annotations

import numpy as np
import pytest

import autolens as al
from autogalaxy.inference.identifier import Identity
from autolens.description.document import lines_of, table_from
from autolens.description.model import collection_from, model_from
from autolens.description.registry import profiles

LENS = """
title = "A lens"
assertions = ["galaxies.lens.mass.slope < 2.4", "galaxies.lens.light.effective_radius > galaxies.source.light.effective_radius"]

[galaxies.lens]
redshift = 0.222

[galaxies.lens.light]
profile = "lp.Sersic"
intensity = { prior = "log_uniform", lower = 0.01, upper = 10.0 }

[galaxies.lens.mass]
slope = { prior = "truncated_gaussian", mean = 2.0, sigma = 0.2, lower = 1.5, upper = 2.6 }
profile = "mp.PowerLaw"
centre = { same_as = "galaxies.lens.light.centre" }
ell_comps = [{ same_as = "galaxies.lens.light.ell_comps.0" }, 0.1]
einstein_radius = { prior = "uniform", lower = 0.5, upper = 3 }

[galaxies.lens.multipole]
profile = "mp.PowerLawMultipole"
m = 3
centre = { same_as = "galaxies.lens.mass.centre" }
einstein_radius = { same_as = "galaxies.lens.mass.einstein_radius" }
slope = { same_as = "galaxies.lens.mass.slope" }

[galaxies.source]
redshift = { prior = "gaussian", mean = 0.6, sigma = 0.01 }
light = "lp.SersicSph"

[[extra_galaxies]]
redshift = { same_as = "galaxies.lens.redshift" }
[extra_galaxies.mass]
profile = "mp.IsothermalSph"
centre = { prior = "gaussian", mean = [1.2, -0.4], sigma = 0.05 }
einstein_radius = { same_as = "galaxies.lens.mass.einstein_radius", times = 0.1, plus = 0.05 }

[dataset_model]
background_sky_level = { prior = "gaussian", mean = 0.0, sigma = 0.01 }
"""  # noqa: E501


def model_of(text: str, **settings: object) -> al.Collection:
    return collection_from(table_from(text, "lens.toml"), **settings)


def python_model() -> al.Collection:
    light = al.Model(al.lp.Sersic, intensity=al.LogUniformPrior(0.01, 10.0))
    mass = al.Model(
        al.mp.PowerLaw,
        einstein_radius=al.UniformPrior(0.5, 3.0),
        slope=al.TruncatedGaussianPrior(2.0, 0.2, 1.5, 2.6),
    )
    mass.centre = light.centre
    mass.ell_comps = (light.ell_comps.ell_comps_0, 0.1)
    multipole = al.Model(al.mp.PowerLawMultipole, m=3)
    multipole.centre, multipole.einstein_radius, multipole.slope = mass.centre, mass.einstein_radius, mass.slope
    lens = al.Model(al.Galaxy, redshift=0.222, light=light, mass=mass, multipole=multipole)
    source = al.Model(al.Galaxy, redshift=al.GaussianPrior(0.6, 0.01), light=al.lp.SersicSph)
    satellite = al.Model(
        al.mp.IsothermalSph,
        centre=(al.GaussianPrior(1.2, 0.05), al.GaussianPrior(-0.4, 0.05)),
        einstein_radius=mass.einstein_radius * 0.1 + 0.05,
    )
    sky = al.Model(
        al.DatasetModel,
        background_sky_level=al.GaussianPrior(0.0, 0.01),
        grid_offset=(0.0, 0.0),
        grid_rotation_angle=0.0,
    )
    model = al.Collection(galaxies=al.Collection(lens=lens, source=source))
    model.extra_galaxies = [al.Model(al.Galaxy, redshift=0.222, mass=satellite)]
    model.dataset_model = sky
    model.add_assertion(mass.slope < 2.4, name="galaxies.lens.mass.slope < 2.4")
    name = "galaxies.lens.light.effective_radius > galaxies.source.light.effective_radius"
    model.add_assertion(light.effective_radius > source.light.effective_radius, name=name)
    return model


def test_model_of_a_file_is_the_model_in_python():
    found, wanted = model_of(LENS), python_model()

    assert found.info == wanted.info
    assert found.to_dict() == wanted.to_dict()
    search = al.LevenbergMarquardt(name="x")
    assert Identity.of(found, None, search).identifier == Identity.of(wanted, None, search).identifier


def test_instance_of_a_file_is_shared_as_it_says():
    model = model_of(LENS)
    assert model.prior_count == len(set(model.paths))

    instance = model.instance_from_prior_medians()

    assert instance.galaxies.lens.mass.centre == instance.galaxies.lens.light.centre
    satellite = instance.extra_galaxies[0].mass
    assert satellite.einstein_radius == pytest.approx(0.1 * 1.75 + 0.05)
    assert satellite.centre == pytest.approx((1.2, -0.4))


def test_redshifts_that_are_left_out_are_those_of_the_fit(tmp_path):
    path = tmp_path / "lens.toml"
    path.write_text(
        '[galaxies.lens]\nmass = "mp.Isothermal"\n[galaxies.source]\nlight = "lp.Sersic"\n'
        '[extra_galaxies.north]\nlight = "lp.SersicSph"\n'
    )

    instance = model_from(path, redshift_lens=0.3, redshift_source=1.1).instance_from_prior_medians()

    assert [galaxy.redshift for galaxy in instance.galaxies] == [0.3, 1.1]
    assert instance.extra_galaxies.north.redshift == 0.3
    with pytest.raises(al.exc.ModelException, match="line 1: galaxies.lens has no redshift"):
        model_from(path)


MGE = """
[galaxies.lens]
redshift = 0.5
[galaxies.lens.light]
profile = "mge"
total_gaussians = 10
sigma_min = 0.02
mask_radius = 3.0
[galaxies.lens.mass]
profile = "mp.Isothermal"
centre = { same_as = "galaxies.lens.light.centre" }
"""


def test_expansion_is_that_of_python():
    basis = al.mge_model_from(mask_radius=3.0, total_gaussians=10, sigma_min=0.02)
    mass = al.Model(al.mp.Isothermal)
    mass.centre = basis.profile_list[0].centre
    wanted = al.Collection(galaxies=al.Collection(lens=al.Model(al.Galaxy, redshift=0.5, light=basis, mass=mass)))

    assert model_of(MGE).to_dict() == wanted.to_dict()


def test_expansion_without_a_radius_reaches_as_far_as_the_data(tmp_path):
    mask = al.Mask2D.circular((40, 40), radius=1.5, pixel_scales=0.1)
    values = al.Array2D(np.ones(mask.pixels_in_mask), mask)
    dataset = al.Imaging(data=values, noise_map=values)
    path = tmp_path / "lens.toml"
    path.write_text(MGE.replace("mask_radius = 3.0", ""))

    model = model_from(path, dataset)

    assert model.galaxies.lens.light.profile_list[9].sigma == pytest.approx(1.5, abs=0.06)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"mp.PowerLaw"', '"mp.PowerLow"', "line 14: galaxies.lens.mass.profile is 'mp.PowerLow'.*mean mp.PowerLaw"),
        ('"mp.PowerLaw"', '"PowerLaw"', "did you mean mp.PowerLaw"),
        ('"mp.PowerLaw"', '"os.system"', "wanted a group and a name"),
        ('"mp.PowerLaw"', '"mp.MassProfile"', "is no profile"),
        ('"mp.PowerLaw"', '"mp.InputDeflections"', "made of arrays"),
        ("einstein_radius = { prior", "einstein_radios = { prior", "einstein_radios.*did you mean einstein_radius"),
        ("lower = 0.5,", "lowr = 0.5,", "line 17: galaxies.lens.mass.einstein_radius.lowr.*did you mean lower"),
        ("lower = 0.5,", "lower = 4.5,", "einstein_radius is a uniform prior with lower = 4.5, upper = 3"),
        ("lower = 0.5,", "", "uniform prior without lower"),
        ("lower = 0.5, upper = 3 }", "lower = -3, upper = -1 }", "none of these values is allowed"),
        ('"log_uniform"', '"loguniform"', "did you mean log_uniform"),
        ("redshift = 0.222", "redshift = -1", "galaxies.lens.redshift is -1, wanted a finite number of at least 0"),
        ("redshift = 0.222", "redshift = nan", "wanted a number"),
        ("redshift = 0.222", "redshift = [0.2]", "wanted 1.0"),
        ("redshift = 0.222", "redshift = true", "wanted 1.0"),
        ("redshift = 0.222", "redshift = 0.222 0.3", "is no TOML"),
        ("m = 3", 'm = { prior = "uniform", lower = 1, upper = 4 }', "multipole.m cannot be free"),
        ("m = 3", "m = 3.5", "m=3.5"),
        (", 0.1]", "]", "ell_comps is .* wanted 2 numbers"),
        (".light.centre", ".lihgt.centre", "'lihgt', which is not in galaxies.lens: did you mean light"),
        (".light.ell_comps.0", ".light.ell_comps.5", "has no component 5"),
        ('same_as = "galaxies.lens.light.centre"', 'same_as = "galaxies.lens.mass.centre"', "same as itself"),
        (
            'same_as = "galaxies.lens.light.centre"',
            'same_as = "galaxies.lens.light.intensity"',
            "parameter of 2 numbers",
        ),
        ("title = ", "titel = ", "titel is no key that is known at the top: did you mean title"),
        ("[dataset_model]", "[dataset_modle]", "did you mean dataset_model"),
        ("slope < 2.4", "slope ~ 2.4", "wanted two keys, or a key and a number"),
        ("slope < 2.4", "slop < 2.4", "did you mean slope"),
        ("mass.slope < 2.4", "mass.centre < 2.4", "has 2 numbers"),
        ("mass.slope < 2.4", "mass.ell_comps.1 < 2.4", "compares no free parameter"),
        ("[galaxies.source]", '[galaxies."a b"]', "more than letters"),
    ],
)
def test_error_names_place_and_mend(old, new, said):
    assert LENS.count(old) >= 1
    with pytest.raises(al.exc.ModelException, match=said) as found:
        model_of(LENS.replace(old, new, 1))
    assert str(found.value).startswith("lens.toml")


def test_complete_description_wants_every_parameter():
    text = '[galaxies.lens]\nredshift = 0.5\n[galaxies.lens.mass]\nprofile = "mp.Isothermal"\ncentre = [0.0, 0.0]\n'
    with pytest.raises(
        al.exc.ModelException, match=r"no ell_comps, einstein_radius, wanted for example: ell_comps = \["
    ):
        model_of(text, complete=True)


@pytest.mark.parametrize("values", ["ell_comps = [0.8, 0.7]", "einstein_radius = -1.0", "einstein_radius = inf"])
def test_value_outside_the_domain_is_refused_at_reading(values):
    text = '[galaxies.lens]\nredshift = 0.5\n[galaxies.lens.mass]\nprofile = "mp.Isothermal"\n'
    with pytest.raises(al.exc.ModelException, match="line 5: galaxies.lens.mass"):
        model_of(text + values)


def test_conditions_between_parameters_are_looked_at_where_all_are_known():
    text = (
        '[galaxies.lens]\nredshift = 0.5\n[galaxies.lens.mass]\nprofile = "mp.dPIEMassB0Sph"\ncentre = [0.0, 0.0]\n'
        "ra = 3.0\nrs = 1.0\nb0 = 1.0\n"
    )
    with pytest.raises(al.exc.ModelException, match="line 3: galaxies.lens.mass is no profile"):
        model_of(text)


def test_files_that_are_none_are_named(tmp_path):
    with pytest.raises(al.exc.FileException, match="There is no file"):
        model_from(tmp_path / "lens.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(al.exc.FileException, match="cannot be read as text"):
        model_from(tmp_path / "binary.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * (4 * 2**20 + 1))
    with pytest.raises(al.exc.FileException, match="wanted at most"):
        model_from(tmp_path / "large.toml")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(al.exc.ModelException, match="is no TOML"):
        model_from(tmp_path / "deep.toml")


def test_files_without_end_are_cut_short():
    head, link = (
        "[galaxies.lens]\nredshift = 0.5\n",
        'einstein_radius = {{ same_as = "galaxies.lens.m{0}.einstein_radius" }}\n',
    )
    parts = [f'[galaxies.lens.m{i}]\nprofile = "mp.IsothermalSph"\n' for i in range(2001)]
    with pytest.raises(al.exc.ModelException, match="over more than 32 steps"):
        model_of(head + "".join(part + link.format(i + 1) for i, part in enumerate(parts[:100])) + parts[100])
    with pytest.raises(al.exc.ModelException, match="wanted at most 2000"):
        model_of(head + "".join(parts))


def test_lines_are_those_of_keys_in_tables_and_lists():
    lines = lines_of("a = 1\n[b.c]\nd = 2\n[[e]]\nf = 3\n[[e]]\n[e.g]\nh = 4\n")
    assert lines["a",] == 1
    assert lines["b", "c", "d"] == 3
    assert lines["e", "0", "f"] == 5
    assert lines["e", "1", "g", "h"] == 8


def test_every_profile_of_a_file_is_public():
    for name, cls in profiles().items():
        group, _, profile = name.partition(".")
        assert getattr(getattr(al, group), profile) is cls


def test_a_number_of_a_galaxy_under_another_name_is_the_redshift():
    text = '[galaxies.lens]\nredshfit = 0.6\nmass = "mp.Isothermal"\n'
    with pytest.raises(al.exc.ModelException, match=r"line 2: galaxies.lens.redshfit is 0.6.*did you mean redshift\?"):
        model_of(text)
    with pytest.raises(al.exc.ModelException, match=r"galaxies.lens.flux is 0.6.*wanted redshift, or a profile"):
        model_of(text.replace("redshfit", "flux"))


def test_a_key_at_the_top_has_its_line():
    with pytest.raises(al.exc.ModelException, match=r"lens.toml, line 4: galaxy .*did you mean galaxies\?"):
        model_of("[galaxies.lens]\nredshift = 0.5\n\n[galaxy.source]\nredshift = 1.0\n")


def test_source_behind_the_lens_is_wanted_where_both_redshifts_are_numbers(tmp_path):
    path = tmp_path / "lens.toml"
    path.write_text('[galaxies.lens]\nredshift = 0.5\n[galaxies.source]\nlight = "lp.Sersic"\n')
    with pytest.raises(al.exc.ModelException, match=r"line 3: galaxies.source is 0.4, not behind the lens at 0.5"):
        model_from(path, None, 0.5, 0.4)
    assert model_from(path, None, 0.5, 0.6).galaxies.source.redshift == 0.6
