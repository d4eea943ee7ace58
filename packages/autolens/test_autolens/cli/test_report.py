"""What the command says at the end of a fit."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from autogalaxy.analysis.over_sampling_check import OverSamplingCheck
from autogalaxy.inference.output import read_json, write_json
from autogalaxy.inference.result_folder import AnotherFitException
from autogalaxy.inference.verdict import Finding, Verdict
from autolens.cli.report import another_fit, print_end, print_stopped, words_of
from autolens.cli.settings import Settings


@pytest.mark.parametrize(("change", "is_fine"), [(0.3, True), (-64.0, False)])
def test_a_fit_on_too_few_sub_pixels_is_said_to_be_one(change, is_fine, tmp_path, capsys):
    check = OverSamplingCheck(delta_log_likelihood=change, largest_change=0.05, sub_pixels=100).to_dict()
    fit = SimpleNamespace(chi_squared=100.0, log_likelihood=-50.0, mask=SimpleNamespace(pixels_in_mask=100))

    verdict = Verdict.of([Finding("over_sampling", "good" if is_fine else "check", "Sub-pixels.")])
    result = SimpleNamespace(search_info={"over_sampling": check}, verdict=verdict)
    print_end(fit, result, {"seconds": 1.0, "compile_seconds": 0.0}, tmp_path)
    write_json(tmp_path / "result.json", check)

    said = capsys.readouterr().out
    assert f"verdict: {'good' if is_fine else 'check'}" in said
    line = next(line for line in said.splitlines() if line.startswith("over-sampling:"))
    assert f"change ln L by {change:.2f}" in line
    assert ("NOT fine enough" in line) is not is_fine
    written = read_json(tmp_path / "result.json")
    assert written["holds"] is is_fine and ("NOT fine enough" in written["summary"]) is not is_fine


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("galaxies.lens.mass.centre.centre_0", "lens.mass centre y"),
        ("galaxies.lens.mass.centre.centre_1", "lens.mass centre x"),
        ("galaxies.source.light.ell_comps.ell_comps_0", "source.light e0 (sin)"),
        ("galaxies.lens.shear.gamma_2", "lens.shear gamma_2 (sin)"),
        ("galaxies.lens.mass.einstein_radius", "lens.mass einstein radius"),
    ],
)
def test_parameters_are_said_in_words(path, words):
    assert words_of(path) == words


def test_another_fit_in_the_folder_is_refused_in_words_of_the_command(tmp_path):
    what = "a fit that differs in its model (at lens: there Sersic, here Basis), settings (at seed: there 1, here 2)"
    said = another_fit(AnotherFitException(tmp_path, what), Settings("one", 1, False, resume=True))
    assert "model (--model, --light" in said and "search (--search, --seed" in said
    assert "there 1, here 2" in said and "again" in said and "--overwrite" in said
    assert "search.fit(" not in said and "output_path" not in said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"output": Path("first")}, "stopped; the same command goes on from FOLDER"),
        ({}, "stopped; the same command with --resume goes on from FOLDER"),
        ({"resume": True}, "stopped; the same command goes on from FOLDER"),
    ],
)
def test_a_fit_that_was_stopped_says_how_it_goes_on(settings, said, tmp_path, capsys):
    write_json(tmp_path / "identity.json", {})
    print_stopped(Settings("one", 1, False, **settings), tmp_path)
    assert capsys.readouterr().err == said.replace("FOLDER", str(tmp_path)) + "\n"


def test_nothing_goes_on_where_nothing_was_saved(tmp_path, capsys):
    print_stopped(Settings("one", 1, False), tmp_path / "none")
    assert "before anything could be saved" in capsys.readouterr().err
