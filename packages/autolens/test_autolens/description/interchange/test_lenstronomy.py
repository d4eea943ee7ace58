"""Model lists of lenstronomy against numbers that lenstronomy computed from them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import autolens as al
from autolens.description.interchange import lenstronomy
from autolens.description.interchange.converting import converted_from

PEER = json.loads((Path(__file__).parent / "lenstronomy_peer.json").read_text())
POINTS = np.stack((PEER["points"]["y"], PEER["points"]["x"]), axis=-1)
ACCURACY = {"SIE": 1e-9, "NFW_ELLIPSE_CSE": 1e-5}
"""Theirs: a core in the SIE, a sum of cored ellipses for the NFW."""


def lens_of(kind: str, row: dict, **settings: object) -> lenstronomy.Lens:
    models, kwargs = lenstronomy.LISTS[kind]
    return lenstronomy.lens_from({models: [row["name"]], kwargs: [row["kwargs"]]}, **settings)


@pytest.mark.parametrize("row", PEER["mass"], ids=lambda row: row["name"])
def test_mass_deflects_as_there_and_goes_back(row):
    lens = lens_of("lens", row)

    alpha = al.Tracer(lens.galaxies.values()).deflections_yx_2d_from(POINTS)

    assert lens.left_out == []
    expected = np.stack((row["alpha_y"], row["alpha_x"]), axis=-1)
    assert np.asarray(alpha) == pytest.approx(expected, abs=ACCURACY.get(row["name"], 1e-13))
    converted = converted_from(lens, "lenstronomy")
    assert converted.check.deflection < 1e-14
    content = json.loads(converted.text)
    if row["name"] == "SHEAR_GAMMA_PSI":
        assert content["lens_model_list"] == ["SHEAR"]
    elif "r_E" not in row["kwargs"]:
        assert content["lens_model_list"] == [row["name"]]
        back = {key: content["kwargs_lens"][0][key] for key in row["kwargs"]}
        assert back == pytest.approx(row["kwargs"], abs=1e-14)


@pytest.mark.parametrize("row", PEER["light"], ids=lambda row: row["name"])
def test_light_is_per_square_arcsecond_there_and_goes_back(row):
    lens = lens_of("lens_light", row, pixel_scale=0.05)

    image = np.asarray(lens.parts()[0][2].image_2d_from(POINTS))

    # their b_n of a Sersic is an approximation
    assert image / 0.05**2 == pytest.approx(row["surface_brightness"], rel=3e-4 if "SERSIC" in row["name"] else 1e-13)
    content = json.loads(converted_from(lens, "lenstronomy").text)
    assert content["lens_light_model_list"] == [row["name"]]
    assert content["kwargs_lens_light"][0] == pytest.approx(row["kwargs"], rel=1e-13)
    assert content["pixel_scale"] == 0.05


def test_planes_are_those_of_ray_shooting():
    case = PEER["planes"]
    lens = lenstronomy.lens_from(case["content"])

    traced = al.Tracer(lens.galaxies.values()).traced_grid_2d_list_from(POINTS)[-1].array

    assert list(lens.galaxies) == ["lens", "lens_2", "source"]
    expected = np.stack((case["beta_y"], case["beta_x"]), axis=-1)
    assert np.asarray(traced) == pytest.approx(expected, abs=1e-9)
    content = json.loads(converted_from(lens, "lenstronomy").text)
    for key in ("multi_plane", "lens_redshift_list", "z_lens", "z_source", "z_source_convention", "lens_model_list"):
        assert content[key] == case["content"][key]


def test_image_has_the_light_of_their_pixels():
    case = PEER["image"]
    lens = lenstronomy.lens_from(case["content"])
    scale, half = case["pixel_scale"], 0.5 * (case["size"] - 1)
    points = np.array([(i - half, j - half) for i, j, _ in case["pixels"]]) * scale

    image = np.asarray(al.Tracer(lens.galaxies.values()).image_2d_from(points))

    assert lens.pixel_scale == pytest.approx(scale)
    assert image == pytest.approx([value for *_, value in case["pixels"]], rel=1e-5)


def test_nested_objects_of_users_are_found():
    row = PEER["mass"][0]
    content = {
        "kwargs_model": {"lens_model_list": [row["name"]]},
        "kwargs_result": {"kwargs_lens": [row["kwargs"]]},
        "z_lens": 0.2,
    }
    assert lenstronomy.is_lenstronomy(content)
    lens = lenstronomy.lens_from(content, redshifts=(None, 1.4))
    assert {name: galaxy.redshift for name, galaxy in lens.galaxies.items()} == {"lens": 0.2, "source": 1.4}
    assert lens.notes == []


def test_unknown_models_are_listed_and_the_others_kept():
    rows = [*PEER["mass"][:1], {"name": "INTERPOL", "kwargs": {"f_": [1.0]}}]
    lens = lenstronomy.lens_from(
        {"lens_model_list": [r["name"] for r in rows], "kwargs_lens": [r["kwargs"] for r in rows]}
    )
    assert [str(part) for part in lens.left_out] == [
        "kwargs_lens[1] (INTERPOL): autolens reads no profile of this name"
    ]
    assert len(lens.parts()) == 1


def test_profiles_without_words_there_are_listed():
    galaxy = al.Galaxy(
        redshift=0.5,
        mass=al.mp.PowerLawBroken(einstein_radius=1.0, inner_slope=1.5, outer_slope=2.5, break_radius=0.1),
        stars=al.lmp.Sersic(intensity=1.0, effective_radius=0.5, sersic_index=2.5, mass_to_light_ratio=0.5),
        halo=al.mp.NFWVirialMassConcSph(virial_mass=1e13, concentration=5.0, redshift_object=0.5, redshift_source=1.0),
        octopole=al.mp.PowerLawMultipole(m=1, slope=2.0, multipole_comps=(0.01, 0.0)),
        expansion=al.lp_linear.Gaussian(sigma=1.0),
    )
    lens = lenstronomy.Lens({"lens": galaxy, "source": al.Galaxy(redshift=1.0)}, pixel_scale=0.1)

    converted = converted_from(lens, "lenstronomy")

    content = json.loads(converted.text)
    assert content["lens_model_list"] == ["NFW"]
    assert content["lens_light_model_list"] == ["SERSIC_ELLIPSE"]
    assert content["kwargs_lens_light"][0]["amp"] == pytest.approx(100.0)
    assert {part.part for part in converted.left_out} == {
        "lens.mass",
        "lens.stars",
        "lens.octopole",
        "lens.expansion",
    }
    assert converted.check.deflection < 1e-12
    assert converted.check.deflection_left_out > 0.5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"lens_model_list": ["SIS"], "kwargs_lens": []}, "no lists of the same length"),
        ({"lens_model_list": "SIS", "kwargs_lens": [{}]}, "no lists of the same length"),
        ({"lens_model_list": [["SIS"]], "kwargs_lens": [{}]}, "wanted names of profiles"),
        (
            {"lens_model_list": ["SIS"], "kwargs_lens": [{"center_x": 0.0}]},
            r"kwargs_lens\[0\] \(SIS\) has theta_E = None",
        ),
        ({"lens_model_list": ["SIS"], "kwargs_lens": [[1.0]]}, "has no parameters, wanted theta_E"),
        ({"lens_model_list": ["SIS"], "kwargs_lens": [{"theta_E": "1"}]}, "theta_E = '1', wanted a number"),
        ({"lens_model_list": ["SIS"], "kwargs_lens": [{"theta_E": 10**400}]}, "wanted a finite number"),
        ({"lens_model_list": ["SIE"], "kwargs_lens": [{"theta_E": 1.0, "e1": 0.9, "e2": 0.9}]}, "is no profile"),
        ({"lens_model_list": ["NFW"], "kwargs_lens": [{"Rs": 0.0, "alpha_Rs": 1.0}]}, r"kwargs_lens\[0\] \(NFW\)"),
        ({"lens_model_list": ["SIS"] * 2001, "kwargs_lens": [{}] * 2001}, "wanted at most 2000"),
        ({"lens_model_list": [], "z_lens": 2.0, "z_source": 1.0}, "the source must lie behind"),
        ({"lens_light_model_list": ["GAUSSIAN"], "kwargs_lens_light": [{"amp": 1.0, "sigma": 1.0}]}, "--pixel-scale"),
        (
            {
                "lens_model_list": ["SIS"],
                "kwargs_lens": [{"theta_E": 1}],
                "multi_plane": True,
                "lens_redshift_list": [],
            },
            "a redshift for each of 1",
        ),
    ],
)
def test_files_that_make_no_sense_are_refused(content, said):
    with pytest.raises(al.exc.FileException, match=said):
        lenstronomy.lens_from(content)
