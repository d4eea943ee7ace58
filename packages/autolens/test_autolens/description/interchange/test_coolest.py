"""A template that the COOLEST package wrote, against numbers that it computed from it."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import numpy as np
import pytest

import autolens as al
from autolens.description.interchange import coolest
from autolens.description.interchange.converting import converted_from
from autolens.description.interchange.lens import Lens

PEER = json.loads((Path(__file__).parent / "coolest_peer.json").read_text())
POINTS = np.stack((PEER["points"]["y"], PEER["points"]["x"]), axis=-1)


def test_template_deflects_and_shines_as_there():
    lens = coolest.lens_from(PEER["template"])

    alpha = al.Tracer(lens.galaxies.values()).deflections_yx_2d_from(POINTS)

    assert lens.left_out == []
    assert {name: galaxy.redshift for name, galaxy in lens.galaxies.items()} == {"a_lens": 0.3, "a_source": 1.5}
    assert np.asarray(alpha) == pytest.approx(np.stack((PEER["alpha_y"], PEER["alpha_x"]), axis=-1), abs=1e-13)
    light = lens.galaxies["a_lens"].light
    surface_brightness = np.asarray(light.image_2d_from(POINTS)) / 0.1**2  # in pixels of 0.1 arcsec
    assert surface_brightness == pytest.approx(PEER["surface_brightness"]["a lens.0"], rel=3e-4)


def test_template_goes_back_to_its_numbers():
    converted = converted_from(coolest.lens_from(PEER["template"]), "coolest")

    content = json.loads(converted.text)
    assert converted.left_out == []
    assert converted.check.deflection < 1e-14
    assert [e["type"] for e in content["lensing_entities"]] == ["Galaxy", "MassField", "Galaxy"]
    for found, wanted in zip(content["lensing_entities"], PEER["template"]["lensing_entities"], strict=True):
        for kind in ("light_model", "mass_model"):
            assert [p["type"] for p in found.get(kind, [])] == [p["type"] for p in wanted.get(kind, [])]
            for ours, theirs in zip(found.get(kind, []), wanted.get(kind, []), strict=True):
                values = {k: v["point_estimate"]["value"] for k, v in theirs["parameters"].items()}
                back = {k: v["point_estimate"]["value"] for k, v in ours["parameters"].items()}
                assert back == pytest.approx(values, abs=1e-13)


def test_template_of_a_lens_without_pixels_states_no_size_of_them():
    lens = Lens({"lens": al.Galaxy(0.5, mass=al.mp.Isothermal(einstein_radius=1.2))})
    template = coolest.content_from(lens)[0]
    assert template["instrument"]["pixel_size"] is None and template["instrument"]["readout_noise"] is None
    assert coolest.lens_from(template).pixel_scale is None
    lens.pixel_scale = 0.05
    assert coolest.content_from(lens)[0]["instrument"]["pixel_size"] == 0.05


def test_median_of_the_posterior_stands_in_for_a_point_estimate():
    template = copy.deepcopy(PEER["template"])
    parameter = template["lensing_entities"][0]["mass_model"][0]["parameters"]["gamma"]
    parameter["point_estimate"]["value"] = None
    with pytest.raises(al.exc.FileException, match=r"a lens.mass_model\[0\] \(PEMD\) has no value of gamma"):
        coolest.lens_from(template)
    parameter["posterior_stats"] = {"median": 1.9, "mean": 1.8}
    assert coolest.lens_from(template).galaxies["a_lens"].mass.slope == 1.9


def test_profiles_that_only_one_side_knows_are_listed():
    template = copy.deepcopy(PEER["template"])
    template["lensing_entities"][0]["mass_model"][1]["type"] = "NIE"
    lens = coolest.lens_from(template)
    assert [str(part) for part in lens.left_out] == [
        "a lens.mass_model[1] (NIE): autolens reads no profile of this name"
    ]

    galaxy = al.Galaxy(redshift=0.5, mass=al.mp.NFWSph(), sheet=al.mp.MassSheet(centre=(0.1, 0.0), kappa=0.1))
    converted = converted_from(
        Lens({"lens": galaxy, "s": al.Galaxy(1.0, light=al.lp.ExponentialSph())}, 0.1), "coolest"
    )
    assert {part.part for part in converted.left_out} == {"lens.mass", "lens.sheet"}
    assert converted.check.deflection_left_out > 0.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t["lensing_entities"].append("x"), "wanted a Galaxy or a MassField"),
        (lambda t: t["lensing_entities"][0].update(redshift="a"), r"lensing_entities\[0\] has redshift = 'a'"),
        (lambda t: t["lensing_entities"][0].update(redshift=-1.0), "redshift=-1"),
        (lambda t: t["lensing_entities"][0].update(mass_model="SIE"), "wanted a list of profiles"),
        (lambda t: t["lensing_entities"][0]["mass_model"].append({}), "wanted a profile with a type"),
        (
            lambda t: t["lensing_entities"][0]["mass_model"][0]["parameters"]["q"]["point_estimate"].update(value=0.0),
            "PEMD",
        ),
        (lambda t: t["lensing_entities"][0]["mass_model"][0]["parameters"].clear(), "has no value of theta_E"),
        (lambda t: t.update(instrument={}), "--pixel-scale"),
        (lambda t: t.update(lensing_entities=t["lensing_entities"] * 1000), "wanted at most 2000"),
    ],
)
def test_templates_that_make_no_sense_are_refused(change, said):
    template = copy.deepcopy(PEER["template"])
    change(template)
    with pytest.raises(al.exc.AutoException, match=said):
        coolest.lens_from(template)
