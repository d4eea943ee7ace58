"""What ``autolens plan`` measures and what it says will follow."""

import json
import time

import numpy as np
import pytest
from astropy.io import fits

from autolens.cli import plan
from autolens.cli.main import run
from autolens.cli.plan import Batch, Timing

VALUE, GRADIENT, JACOBIAN = Timing(2.0, 0.01, 1_000), Timing(4.0, 0.02, 3_000), Timing(5.0, 0.3)
BATCH = Batch(size=125, side_by_side=2, seconds_each=0.004, memory=None, compile_seconds=1.0)


def expected(search, gradient=None):
    parts = plan.expected_from(search, VALUE, gradient, JACOBIAN, BATCH)
    return {name: part.seconds for name, part in parts.items()}


def test_a_maximum_takes_its_jacobians_and_its_programs():
    assert expected("maximum") == {"maximum": pytest.approx(110 * 0.3 + 2.0 + 4 * 5.0 + 8.0)}


def test_a_posterior_takes_its_likelihoods_and_is_added_to_the_maximum():
    assert expected("auto")["posterior"] == pytest.approx(3000 * 0.004 + 1.0)
    assert expected("importance", GRADIENT)["posterior"] == pytest.approx(3000 * 0.004 + 1.0 + 4.0)
    assert set(expected("importance")) == {"maximum", "posterior"}


def test_searches_of_the_whole_prior_have_no_maximum():
    assert expected("nautilus") == {"posterior": pytest.approx(200_000 * 0.004 + 1.0 + 8.0)}


def test_what_may_not_be_needed_is_not_in_the_sum(monkeypatch):
    monkeypatch.setattr(plan, "is_installed", lambda _: True)
    parts = plan.expected_from("auto", VALUE, GRADIENT, JACOBIAN, BATCH)
    chains = parts["if importance sampling fails"].seconds
    assert chains == pytest.approx(30_000 * 0.02 / 2 + 2 * 4.0)
    found = plan.Plan(None, {}, VALUE, GRADIENT, JACOBIAN, BATCH, parts)
    assert found.total == pytest.approx(63.0 + 17.0)
    compiled = (VALUE.compile_seconds, GRADIENT.compile_seconds, JACOBIAN.compile_seconds, BATCH.compile_seconds)
    assert found.total > sum(compiled)


def test_memory_is_what_numpy_takes_at_most_at_once():
    def call():
        for _ in range(3):
            np.ones(1_000_000)

    assert plan._peak_memory(call) == pytest.approx(8_000_000, rel=0.01)


def test_seconds_are_those_of_the_shortest_call():
    naps = iter((0.05, 0.01, 0.03))
    assert plan._least_seconds(lambda: time.sleep(next(naps))) == pytest.approx(0.01, abs=0.005)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0000123, "12.3 us"), (0.0123, "12.3 ms"), (12.3, "12.3 s"), (600.0, "10 min"), (36_000.0, "10 h")],
)
def test_durations_are_said_in_units_that_fit(seconds, said):
    assert plan._seconds(seconds) == said


def test_the_command_measures_a_small_image(tmp_path, capsys):
    kernel = np.zeros((3, 3))
    kernel[1, 1] = 1.0
    image = np.random.default_rng(1).random((15, 15))
    for name, values in (("data", image), ("noise_map", np.ones((15, 15))), ("psf", kernel)):
        fits.PrimaryHDU(values).writeto(tmp_path / f"{name}.fits")
    options = ["--pixel-scale", "0.1", "--mask-radius", "0.45", "--mask-centre", "0", "0", "--no-jax", "--json"]
    with pytest.raises(SystemExit) as left:
        run(["plan", str(tmp_path), *options])
    assert not left.value.code
    said = json.loads(capsys.readouterr().out)
    assert said["pixels"] == 69  # lattice points within 4.5 of the origin
    assert said["parameters"] == len(said["names"]) == 28  # 2 x 7 of light, 5 + 2 of mass, 7 of the source
    assert said["value_and_gradient"] is None and said["value"]["memory_bytes"] > 69 * 8
    assert 0.0 < said["value"]["seconds"] < said["jacobian"]["seconds"]
    assert said["total_seconds"] == pytest.approx(sum(part["seconds"] for part in said["expected"].values()))


def test_parameters_are_in_lines_that_a_terminal_shows():
    names = [f"lens.light_{i}.{name}" for i in range(2) for name in ("centre_0", "sersic_index", *"abcdefghijklm" * 3)]
    lines = plan._names_of(names)
    assert max(map(len, lines)) <= 100 and len(lines) == 4
    assert lines[0].startswith("  lens.light_0  centre_0, sersic_index, a,")
    assert "".join(lines).count("sersic_index") == 2
