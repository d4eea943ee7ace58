"""Profiles against values of lenstronomy, whose parameters are converted as the docstrings say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammaincinv

from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles import mass_profiles as mp

REFERENCE = json.loads((Path(__file__).parent / "lenstronomy_reference.json").read_text())
POINTS = np.stack((REFERENCE["points"]["y"], REFERENCE["points"]["x"]), axis=-1)


def named(rows: list[dict]) -> list:
    return [pytest.param(row, id=row["name"]) for row in rows]


def geometry_from(p: dict) -> dict:
    keywords = {"centre": (p["center_y"], p["center_x"])}
    return keywords | ({"ell_comps": (p["e2"], p["e1"])} if "e1" in p else {})


def mass_profile_from(row: dict) -> mp.MassProfile:
    """Ours with the parameters of lenstronomy: its radii are on the intermediate axis, sqrt(q) m."""
    p, q = row["parameters"], row.get("axis_ratio", 1.0)
    match row["lenstronomy_profile"]:
        case "SIE":
            return mp.Isothermal(**geometry_from(p), einstein_radius=p["theta_E"] * 0.5 * (1.0 + q) / np.sqrt(q))
        case "EPL":
            t = p["gamma"] - 1.0
            radius = p["theta_E"] * (0.5 * (1.0 + q)) ** (1.0 / t) / np.sqrt(q)
            return mp.PowerLaw(**geometry_from(p), einstein_radius=radius, slope=p["gamma"])
        case "NFW" | "NFW_ELLIPSE_CSE":
            kappa_s = p["alpha_Rs"] / (4.0 * p["Rs"] * (1.0 + np.log(0.5)))
            cls = mp.NFW if "e1" in p else mp.NFWSph
            return cls(**geometry_from(p), kappa_s=kappa_s, scale_radius=p["Rs"] / np.sqrt(q))
        case "POINT_MASS":
            return mp.PointMass(**geometry_from(p), einstein_radius=p["theta_E"])
        case "SHEAR":
            return mp.ExternalShear(gamma_1=p["gamma1"], gamma_2=p["gamma2"])
        case "CONVERGENCE":
            return mp.MassSheet(centre=(p["dec_0"], p["ra_0"]), kappa=p["kappa"])
    raise AssertionError(row["lenstronomy_profile"])


@pytest.mark.parametrize("row", named(REFERENCE["mass"]))
def test_mass_profile_agrees_with_lenstronomy(row):
    lens = mass_profile_from(row)
    # lenstronomy softens its SIE and fits its elliptical NFW; "accuracy" in the file says by how much
    approximate = row["lenstronomy_profile"] in ("SIE", "NFW_ELLIPSE_CSE")
    alpha = np.stack((row["alpha_y"], row["alpha_x"]), axis=-1)

    assert lens.deflections_yx_2d_from(POINTS) == pytest.approx(alpha, rel=2e-5 if approximate else 1e-8, abs=1e-9)
    assert lens.convergence_2d_from(POINTS) == pytest.approx(row["kappa"], rel=5e-5 if approximate else 1e-8)
    potential = lens.potential_2d_from(POINTS)
    difference = pytest.approx(row["potential_difference"], abs=1e-4 if approximate else 1e-8)
    assert potential - potential[0] == difference


@pytest.mark.parametrize("row", named(REFERENCE["light"]))
def test_sersic_agrees_with_lenstronomy(row):
    p = row["parameters"]
    n = p["n_sersic"]
    galaxy = lp.Sersic(**geometry_from(p), intensity=p["amp"], effective_radius=p["R_sersic"], sersic_index=n)

    image = galaxy.image_2d_from(POINTS)

    # lenstronomy has b_n = 1.9992 n - 0.3271, which scales the logarithm of the image
    ours, theirs = np.log(image / p["amp"]), np.log(np.array(row["image"]) / p["amp"])
    assert ours / gammaincinv(2.0 * n, 0.5) == pytest.approx(theirs / (1.9992 * n - 0.3271), rel=1e-8)
