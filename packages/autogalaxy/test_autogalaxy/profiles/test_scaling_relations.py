"""Einstein radii that follow from luminosities."""

from __future__ import annotations

import json

import numpy as np
import pytest

import autogalaxy as ag
from autoarray import exc

POINTS = np.random.default_rng(3).normal(size=(30, 2))


@pytest.mark.parametrize(("luminosity", "radius"), [(1.0, 2.8284271247461903), (2.0, 4.0), (4.0, 5.656854249492381)])
def test_einstein_radius_grows_as_the_root_of_the_luminosity(luminosity, radius):
    """Radii of autogalaxy 2026.10, which are 2 sqrt(2 L)."""
    relation = ag.sr.MassLightRelation(gradient=2.0, denominator=0.5, power=0.5)

    lens = ag.sr.IsothermalMLR(relation=relation, luminosity=luminosity, centre=(0.1, 0.2), ell_comps=(0.1, 0.2))

    assert lens.einstein_radius == pytest.approx(radius, rel=1e-14)
    expected = ag.mp.Isothermal(centre=(0.1, 0.2), ell_comps=(0.1, 0.2), einstein_radius=radius)
    for method in ("deflections_yx_2d_from", "convergence_2d_from", "potential_2d_from", "shear_yx_2d_from"):
        assert getattr(lens, method)(POINTS) == pytest.approx(getattr(expected, method)(POINTS), rel=1e-13)
    assert ag.sr.IsothermalSphMLR(relation, luminosity).average_convergence_of_1_radius == pytest.approx(radius)


def test_members_of_a_cluster_share_one_relation():
    relation = ag.Model(ag.sr.MassLightRelation, denominator=1.0, power=0.5)
    member = {"centre": (0.0, 0.0), "relation": relation}
    lenses = [ag.Model(ag.sr.IsothermalSphMLR, luminosity=light, **member) for light in (1.0, 4.0)]
    model = ag.Collection([ag.Model(ag.Galaxy, redshift=0.5, mass=lens) for lens in lenses])
    model = ag.Model.from_dict(json.loads(json.dumps(model.to_dict())))

    instance = model.instance_from_vector([1.5])

    assert model.prior_count == 1
    assert [galaxy.mass.einstein_radius for galaxy in instance] == pytest.approx([1.5, 3.0], rel=1e-14)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: ag.sr.MassLightRelation(denominator=0.0), "denominator=0.0, wanted a finite number above 0"),
        (lambda: ag.sr.MassLightRelation(gradiant=1.0), "Did you mean gradient"),
        (lambda: ag.sr.IsothermalMLR(luminosity=-1.0), "luminosity=-1.0, wanted a finite number above 0"),
        (lambda: ag.sr.IsothermalMLR(relation=0.5), "wanted one of ag.sr"),
    ],
)
def test_impossible_relations_raise(build, message):
    with pytest.raises(exc.ProfileException, match=message):
        build()
