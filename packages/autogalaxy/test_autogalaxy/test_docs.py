"""The documented way of adding a profile works as it is written."""

from __future__ import annotations

import numpy as np
import pytest

import autogalaxy as ag
from documented_code import run


def test_profile_of_the_documentation_is_a_lens_like_any_other():
    names = run("add-a-profile.md", with_jax=False)

    lens = names["Plummer"](centre=(0.2, -0.1), kappa_0=1.8, scale_radius=0.7)
    points = np.random.default_rng(1).normal(size=(30, 2))
    calc = ag.LensCalc(lens.deflections_yx_2d_from)
    assert calc.convergence_2d_via_hessian_from(points) == pytest.approx(lens.convergence_2d_from(points), rel=1e-8)
    assert calc.shear_yx_2d_via_hessian_from(points) == pytest.approx(lens.shear_yx_2d_from(points), abs=1e-8)
    assert float(names["radial_deflection"](2.0)) == pytest.approx(1.2)
