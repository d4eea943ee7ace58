"""The page on models runs as it is written, its assertions with it."""

from __future__ import annotations

import pytest

from documented_code import run


def test_page_on_models_runs_and_its_relations_hold():
    model = run("models.md", with_jax=False)["model"]

    vector = dict(zip(model.paths, model.physical_values_from_prior_medians, strict=True))
    vector["extra_galaxies.0.light.intensity.prior_0"] = 4.0  # the total
    vector["extra_galaxies.0.light.intensity.prior_1"] = 0.25  # the fraction in the first
    vector["extra_galaxies.1.light.intensity"] = 9.0
    vector["extra_galaxies.0.mass.einstein_radius"] = 0.2
    instance = model.instance_from_vector(list(vector.values()))

    north, south = instance.extra_galaxies
    assert north.light.intensity == 1.0
    assert south.mass.einstein_radius == pytest.approx(0.6, rel=1e-15)
    assert south.mass.centre == south.light.centre
