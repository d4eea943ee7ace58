"""``autolens results``: fits whose numbers are known as a table, JSON and CSV."""

import csv
import json
import os
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from autolens.cli.listing import Fit, chosen
from autolens.cli.main import run

RADIUS = "galaxies.lens.mass.einstein_radius"


def code_of(*arguments):
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    return int(left.value.code or 0)


def write(folder, grade, radius, evidence=None, name=RADIUS):
    """What ``result.json`` says of a fit with chi-squared 90 of 100 pixels."""
    search = {"search": "Auto", "seconds": 12.0, "command": {"pixels": 100}}
    if evidence is not None:
        search |= {"log_evidence": evidence, "log_evidence_error": 0.25}
    parameter = {"max_log_likelihood": radius, "median": radius, "lower_error": 0.02, "upper_error": 0.04, "unit": ""}
    summary = {
        "finished": True,
        "verdict": {"grade": grade},
        "log_likelihood": -45.0,
        "parameters": {name: parameter},
        "search": search,
        "fit": {"chi_squared": 90.0},
    }
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(json.dumps(summary))


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "a", "good", 1.1, evidence=-50.0)
    write(tmp_path / "b", "check", 1.5)
    write(tmp_path / "deep" / "c", "good", 1.3, evidence=-40.0, name="galaxies.main.mass.einstein_radius")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "result.json").write_text("{")
    return tmp_path


def answer(capsys, *arguments):
    """The one JSON object on the standard output."""
    assert code_of("results", *arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_numbers_and_errors_of_each_fit_are_listed(folder, capsys):
    said = answer(capsys, folder)
    assert said["count"] == said["of"] == 4
    assert set(said["problems"]) == {"damaged"}
    first = said["fits"][0]
    assert (first["name"], first["verdict"], first["einstein_radius"]) == ("a", "good", 1.1)
    assert (first["einstein_radius_lower_error"], first["einstein_radius_upper_error"]) == (0.02, 0.04)
    assert first["chi_squared_per_pixel"] == 0.9
    assert (first["log_evidence"], first["seconds"]) == (-50.0, 12.0)
    assert said["fits"][1]["log_evidence"] is None


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        (["verdict==good"], ["a", "deep/c"]),
        (["verdict!=good", "name!=damaged"], ["b"]),
        (["einstein_radius > 1.2"], ["b", "deep/c"]),
        (["einstein_radius>=1.3", "einstein_radius<1.5"], ["deep/c"]),
        (["verdict=='good'", "log_evidence<=-45"], ["a"]),
        (["finished==true", "lens.mass.einstein_radius==1.5"], ["b"]),
    ],
)
def test_conditions_choose_fits(folder, capsys, conditions, names):
    options = [part for condition in conditions for part in ("--where", condition)]
    assert [fit["name"] for fit in answer(capsys, folder, *options)["fits"]] == names


def test_the_highest_comes_first_and_what_has_none_last(folder, capsys):
    said = answer(capsys, folder, "--sort=-log_evidence", "--columns", "log_evidence")
    assert [fit["log_evidence"] for fit in said["fits"]] == [-40.0, -50.0, None, None]
    assert list(said["fits"][0]) == ["name", "log_evidence"]


def test_names_of_digits_and_dates_are_compared_as_they_are_typed(tmp_path, capsys):
    for name in ("0001", "1"):
        write(tmp_path / name, "good", 1.1)
    for year, name in ((2020, "0001"), (2030, "1")):
        moment = datetime(year, 6, 1).timestamp()
        os.utime(tmp_path / name / "result.json", (moment, moment))
    for condition, names in (
        ("name==0001", ["0001"]),
        ("name!='0001'", ["1"]),
        ("when>2026", ["1"]),
        ("when<2026", ["0001"]),
        ("when>2020", ["0001", "1"]),  # after "2020", which "2020.0" is not
        ("einstein_radius==1.10", ["0001", "1"]),
    ):
        assert [fit["name"] for fit in answer(capsys, tmp_path, "--where", condition)["fits"]] == names, condition


def test_values_of_all_types_have_an_order_and_nan_comes_last():
    def fit_of(name, value):
        return Fit(SimpleNamespace(values={"folder": name, "x": value}, errors={}, folder=Path(name), problem=""))

    values = {"a": "b", "b": 2.0, "c": float("nan"), "d": None, "e": 1, "f": "A", "g": [1]}
    fits = [fit_of(name, value) for name, value in values.items()]
    assert [fit.value("name") for fit in chosen(fits, order="x")] == list("ebfag") + list("cd")
    assert [fit.value("name") for fit in chosen(fits, order="-x")] == list("gafbe") + list("cd")


def test_the_table_of_people_has_a_line_for_each_fit_and_says_what_is_damaged(folder, capsys):
    assert code_of("results", folder) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert len(lines) == 2 + 4
    assert lines[2].split()[:5] == ["a", "good", "1.100", "+0.040", "-0.020"]
    assert "(parameter of lens.mass)" in lines[2] and "(parameter of main.mass)" in lines[-1]
    assert "damaged: " in captured.err


def test_the_einstein_radius_is_that_of_the_lens_where_a_fit_has_it(folder, capsys):
    path = folder / "a" / "result.json"
    latent = {"name": "einstein_radius", "maximum": 1.08, "median": 1.083, "lower_error": 0.002, "upper_error": 0.003}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"latents": {"einstein_radius": latent}}))
    first, second = answer(capsys, folder)["fits"][:2]
    assert (first["einstein_radius"], first["einstein_radius_lower_error"]) == (1.083, 0.002)
    assert (first["einstein_radius_of"], second["einstein_radius_of"]) == ("lens", "lens.mass")
    assert answer(capsys, folder, "--columns", "mass.einstein_radius")["fits"][0]["mass.einstein_radius"] == 1.1
    assert code_of("results", folder) == 0
    assert "1.0830 +0.0030 -0.0020  " in capsys.readouterr().out
    b, r = {**latent, "name": "b.einstein_radius", "median": None}, {**latent, "name": "r.einstein_radius"}
    latents = {each["name"]: each for each in (b, r)}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"latents": latents}))
    assert answer(capsys, folder)["fits"][0]["einstein_radius"] == 1.08  # of the first dataset, at the maximum


def test_the_file_has_every_digit(folder, capsys):
    assert code_of("results", folder, "--csv", folder / "t.csv", "--columns", "all") == 0
    with open(folder / "t.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["a", "b", "damaged", "deep/c"]
    assert rows[0][RADIUS] == "1.1" and rows[0][f"{RADIUS}_upper_error"] == "0.04"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--where", "verdict"], "verdict==good"),
        (["--where", "einstein_radius>wide"], "wanted a number"),
        (["--where", "einstien_radius>1"], "did you mean einstein_radius"),
        (["--where", "__import__('os')==1"], "no fit has the column"),
        (["--sort", "grade_"], "grade"),
        (["--columns", ","], "--columns name"),
    ],
)
def test_names_that_are_none_are_bad_input(folder, arguments, named, capsys):
    assert code_of("results", folder, *arguments) == 2
    captured = capsys.readouterr()
    assert named in captured.err and captured.out == ""


def test_a_wrong_folder_is_told_where_the_right_one_may_be(folder, capsys):
    (folder / "my_results").mkdir()
    assert code_of("results", folder / "my_result") == 2
    assert f"did you mean {folder / 'my_results'}" in capsys.readouterr().err
    assert code_of("results", folder / "my_results") == 2
    assert "no fit was finished there" in capsys.readouterr().err
