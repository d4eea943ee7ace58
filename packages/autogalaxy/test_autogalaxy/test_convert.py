"""Conversions of parameters against values by hand, and against lenses and light of lenstronomy and COOLEST."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autoarray import exc
from autogalaxy import convert
from autogalaxy.profiles import light_profiles as lp
from autogalaxy.profiles import mass_profiles as mp


@pytest.mark.parametrize(
    ("q", "angle", "expected"),
    [(0.5, 0.0, (0.0, 1 / 3)), (0.5, 45.0, (1 / 3, 0.0)), (0.5, 90.0, (0.0, -1 / 3)), (1.0, 20.0, (0.0, 0.0))],
)
def test_ell_comps_of_axis_ratio_and_angle(q, angle, expected):
    assert convert.ell_comps_from(axis_ratio=q, angle=angle) == pytest.approx(expected, abs=1e-15)


def test_axis_ratio_and_angle_of_ell_comps():
    assert convert.axis_ratio_and_angle_from((-1 / 3, 0.0)) == pytest.approx((0.5, -45.0))
    assert convert.axis_ratio_from((0.0, 0.2)) == pytest.approx(2 / 3)
    assert convert.angle_from((0.0, -0.2)) == pytest.approx(90.0)
    assert convert.axis_ratio_and_angle_from((0.0, 0.0)) == (1.0, 0.0)


def test_arrays_are_converted_element_by_element():
    e0, e1 = convert.ell_comps_from(axis_ratio=np.array([0.5, 0.8]), angle=np.array([10.0, -70.0]))

    q, angle = convert.axis_ratio_and_angle_from((e0, e1))

    assert q == pytest.approx([0.5, 0.8])
    assert angle == pytest.approx([10.0, -70.0])


def test_shear_components_of_magnitude_and_angle():
    assert convert.shear_gamma_1_2_from(magnitude=0.1, angle=0.0) == pytest.approx((0.1, 0.0))
    assert convert.shear_gamma_1_2_from(magnitude=0.1, angle=45.0) == pytest.approx((0.0, 0.1), abs=1e-16)
    assert convert.shear_magnitude_and_angle_from(gamma_1=0.0, gamma_2=-0.2) == pytest.approx((0.2, 135.0))
    assert convert.shear_magnitude_from(gamma_1=0.3, gamma_2=0.4) == pytest.approx(0.5)
    assert convert.shear_angle_from(gamma_1=-0.1, gamma_2=0.0) == pytest.approx(90.0)


def test_multipole_components_of_strength_and_angle():
    assert convert.multipole_comps_from(k_m=0.02, phi_m=22.5, m=4) == pytest.approx((0.02, 0.0), abs=1e-16)
    assert convert.multipole_k_m_and_phi_m_from((0.02, 0.0), m=4) == pytest.approx((0.02, 22.5))
    assert convert.multipole_k_m_and_phi_m_from((-0.02, 0.0), m=4) == pytest.approx((0.02, 67.5))


def test_shape_angle_counts_from_the_multipole_to_the_ellipse():
    comps = convert.multipole_comps_from(0.02, m=4, shape_angle=30.0, ellipse_angle=70.0)
    assert comps == pytest.approx(convert.multipole_comps_from(0.02, phi_m=40.0, m=4))
    back = convert.multipole_k_m_phi_m_and_shape_angle_from(comps, m=4, ellipse_angle=70.0)
    assert back == pytest.approx((0.02, 40.0, 30.0))
    ell_comps = convert.ell_comps_from(axis_ratio=0.7, angle=70.0)
    assert convert.multipole_k_m_phi_m_and_shape_angle_from(comps, m=4, ell_comps=ell_comps) == pytest.approx(
        [float(v) for v in back]
    )
    with pytest.raises(exc.ProfileException, match="ellipse_angle"):
        convert.multipole_k_m_phi_m_and_shape_angle_from(comps, m=4)
    with pytest.raises(exc.ProfileException, match="shape_angle"):
        convert.multipole_comps_from(0.02, m=4)


COOLEST = json.loads((Path(__file__).parent / "coolest_reference.json").read_text())
COOLEST_POINTS = np.stack((COOLEST["points"]["y"], COOLEST["points"]["x"]), axis=-1)


def coolest_rows(profile: str) -> list[dict]:
    return [row for row in COOLEST["rows"] if row["profile"] == profile]


@pytest.mark.parametrize("row", coolest_rows("PEMD"))
def test_power_law_of_coolest_deflects_like_ours(row):
    p = row["parameters"]
    lens = mp.PowerLaw(
        centre=(p["center_y"], p["center_x"]),
        ell_comps=convert.ell_comps_from_coolest(q=p["q"], phi=p["phi"]),
        einstein_radius=convert.einstein_radius_from_intermediate(p["theta_E"], p["q"], slope=p["gamma"]),
        slope=p["gamma"],
    )

    deflections = lens.deflections_yx_2d_from(COOLEST_POINTS)

    assert deflections == pytest.approx(np.stack(row["alpha"][::-1], axis=-1), rel=1e-10)
    assert convert.coolest_q_phi_from(lens.ell_comps) == pytest.approx((p["q"], p["phi"]))
    radius = convert.intermediate_einstein_radius_from(lens.einstein_radius, p["q"], slope=p["gamma"])
    assert radius == pytest.approx(p["theta_E"], rel=1e-14)


@pytest.mark.parametrize("row", coolest_rows("ExternalShear"))
def test_shear_of_coolest_deflects_like_ours(row):
    p = row["parameters"]
    gamma_1, gamma_2 = convert.shear_from_coolest(p["gamma_ext"], p["phi_ext"])

    deflections = mp.ExternalShear(gamma_1=gamma_1, gamma_2=gamma_2).deflections_yx_2d_from(COOLEST_POINTS)

    assert deflections == pytest.approx(np.stack(row["alpha"][::-1], axis=-1), rel=1e-12)
    assert convert.coolest_shear_from(gamma_1, gamma_2) == pytest.approx((p["gamma_ext"], p["phi_ext"]))


@pytest.mark.parametrize("row", coolest_rows("Sersic"))
def test_sersic_of_coolest_shines_like_ours(row):
    p = row["parameters"]
    light = lp.Sersic(
        centre=(p["center_y"], p["center_x"]),
        ell_comps=convert.ell_comps_from_coolest(q=p["q"], phi=p["phi"]),
        intensity=p["I_eff"],
        effective_radius=p["theta_eff"],
        sersic_index=p["n"],
    )

    # its b_n is an approximation that is good to a few thousandths
    assert light.image_2d_from(COOLEST_POINTS) == pytest.approx(row["image"], rel=1e-2)


LENSTRONOMY = json.loads((Path(__file__).parent / "profiles/lenstronomy_reference.json").read_text())


@pytest.mark.parametrize("row", [row for row in LENSTRONOMY["mass"] if row["lenstronomy_profile"] in ("EPL", "NFW")])
def test_parameters_of_lenstronomy_deflect_like_ours(row):
    p = row["parameters"]
    if row["lenstronomy_profile"] == "EPL":
        ell_comps = convert.ell_comps_from_lenstronomy(p["e1"], p["e2"])
        q = convert.axis_ratio_from(ell_comps)
        radius = convert.einstein_radius_from_intermediate(p["theta_E"], q, slope=p["gamma"])
        lens = mp.PowerLaw((p["center_y"], p["center_x"]), ell_comps, radius, p["gamma"])
        assert convert.lenstronomy_e1_e2_from(lens.ell_comps) == (p["e1"], p["e2"])
        assert convert.intermediate_einstein_radius_from(radius, q, p["gamma"]) == pytest.approx(p["theta_E"])
    else:
        kappa_s, scale_radius = convert.nfw_from_lenstronomy(p["alpha_Rs"], p["Rs"])
        lens = mp.NFWSph((p["center_y"], p["center_x"]), kappa_s, scale_radius)
        assert convert.lenstronomy_nfw_from(kappa_s, scale_radius) == pytest.approx((p["alpha_Rs"], p["Rs"]))
    points = np.stack((LENSTRONOMY["points"]["y"], LENSTRONOMY["points"]["x"]), axis=-1)

    alpha = np.stack((row["alpha_y"], row["alpha_x"]), axis=-1)
    assert lens.deflections_yx_2d_from(points) == pytest.approx(alpha, rel=1e-8, abs=1e-9)


def test_elliptical_halo_of_lenstronomy_is_measured_on_the_intermediate_axis():
    alpha_rs, radius = convert.lenstronomy_nfw_from(kappa_s=0.2, scale_radius=5.0, axis_ratio=0.64)

    assert radius == pytest.approx(4.0)
    assert alpha_rs == pytest.approx(4.0 * 0.2 * 4.0 * (1.0 + np.log(0.5)))
    assert convert.nfw_from_lenstronomy(alpha_rs, radius, axis_ratio=0.64) == pytest.approx((0.2, 5.0))


def test_angles_of_shears_in_polar_form():
    assert convert.lenstronomy_shear_polar_from(0.0, 0.05) == pytest.approx((0.05, np.pi / 4))
    assert convert.shear_from_lenstronomy_polar(0.05, np.pi / 4) == pytest.approx((0.0, 0.05), abs=1e-16)
    assert convert.coolest_shear_from(0.05, 0.0) == pytest.approx((0.05, 90.0))
    assert convert.shear_from_coolest(0.05, 90.0) == pytest.approx((0.05, 0.0), abs=1e-16)


@pytest.mark.parametrize(("angle", "phi"), [(90.0, 0.0), (0.0, 90.0), (45.0, -45.0), (-60.0, 30.0), (135.0, 45.0)])
def test_angles_of_coolest_count_from_the_y_axis(angle, phi):
    assert convert.coolest_angle_from(angle) == pytest.approx(phi)
    assert (convert.angle_from_coolest(phi) - angle) % 180.0 == pytest.approx(0.0)


def test_slope_and_axis_ratio_of_a_conversion_are_checked():
    with pytest.raises(exc.ProfileException, match="slope"):
        convert.einstein_radius_from_intermediate(1.0, 0.7, slope=1.0)
    with pytest.raises(exc.ProfileException, match="axis_ratio"):
        convert.intermediate_einstein_radius_from(1.0, 0.0)
