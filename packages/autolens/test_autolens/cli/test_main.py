import json
import sys

import numpy as np
import pytest
from astropy.io import fits

from autolens.cli.commands import app
from autolens.cli.main import run


def code_of(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    return int(left.value.code or 0)


@pytest.fixture
def folder(tmp_path):
    """An observation that can be read."""
    rng = np.random.default_rng(1)
    kernel = np.zeros((3, 3))
    kernel[1, 1] = 1.0
    for name, image in (("data", rng.random((15, 15))), ("noise_map", np.ones((15, 15))), ("psf", kernel)):
        fits.PrimaryHDU(image).writeto(tmp_path / f"{name}.fits")
    return tmp_path


OPTIONS = ("--pixel-scale", "0.1", "--mask-radius", "0.6", "--no-jax")


COMMANDS = [command.callback.__name__ for command in app.registered_commands]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command, capsys):
    assert code_of(command, "--help") == 0
    said = capsys.readouterr().out
    assert "Usage" in said
    assert f"\n autolens {command}" in said


def test_info_names_models_and_threads(capsys):
    assert code_of("info") == 0
    said = capsys.readouterr().out
    assert "sie+shear" in said
    assert "threads" in said
    assert "pip install 'autolens-xp[" in said or "not installed" not in said


def test_info_for_machines_is_one_object(capsys):
    assert code_of("info", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["versions"]["numpy"] == np.__version__
    assert said["threads"]["used"] >= 1
    assert all((part["version"] is None) == (part["install"] is not None) for part in said["optional"].values())


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "autolens fit FOLDER"),
        (["/nowhere"], "/nowhere"),
        (["FOLDER", *OPTIONS, "--data", "/nowhere.fits"], "/nowhere.fits"),
        (["FOLDER", *OPTIONS, "--model", "sis"], "sie+shear"),
        (["FOLDER", *OPTIONS, "--redshift-lens", "2.0"], "behind"),
        (["FOLDER", *OPTIONS, "--redshift-lens", "-1.0"], "-1.0"),
        (["FOLDER", *OPTIONS, "--data-hdu", "FLUX"], "FLUX"),
        (["FOLDER", "--pixel-scale", "-0.1"], "--pixel-scale"),
        (["FOLDER", "--pixel-scale", "0.1", "--mask-radius", "0.2"], "--mask-radius"),
        (["FOLDER", *OPTIONS, "--mask-centre", "9.0", "9.0"], "mask"),
        (["FOLDER", *OPTIONS, "--time-limit", "0"], "wanted seconds above 0"),
        (["FOLDER", *OPTIONS, "--time-limit", "60", "--search", "maximum"], "--search auto or nuts"),
    ],
)
def test_bad_input_is_one_sentence_and_code_two(folder, arguments, named, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    assert code_of("fit", *(folder if a == "FOLDER" else a for a in arguments)) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("autolens: ")
    assert named in captured.err
    assert "Traceback" not in captured.err
    assert len(captured.err.strip().splitlines()) == 1
    assert not (folder / "autolens_results").exists()


@pytest.mark.parametrize(("name", "value", "named"), [("noise_map", 0.0, "noise"), ("data", np.nan, "nan")])
def test_bad_values_in_the_circle_are_bad_input(folder, name, value, named, capsys):
    with fits.open(folder / f"{name}.fits", mode="update") as hdus:
        hdus[0].data[7, 7] = value
    assert code_of("fit", folder, *OPTIONS, "--mask-centre", "0.0", "0.0") == 2
    assert named in capsys.readouterr().err


def test_results_are_not_written_over(folder, capsys):
    (folder / "old").mkdir()
    (folder / "old" / "result.json").write_text("{}")
    assert code_of("fit", folder, *OPTIONS, "--output", folder / "old") == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (folder / "old" / "result.json").read_text() == "{}"


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_its_extra_the_command_says_how_to_install_it(missing, capsys, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == missing or name == "autolens.cli.commands"]:
        monkeypatch.delitem(sys.modules, name)
    if missing == "rich":
        for name in ("job", "report"):
            monkeypatch.delitem(sys.modules, f"autolens.cli.{name}", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    assert code_of("demo", "--no-jax") == 2
    assert "autolens-xp[cli]" in capsys.readouterr().err
