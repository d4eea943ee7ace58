"""Which folder the results of a fit go to."""

import json

import pytest

from autolens import exc
from autolens.cli.settings import Settings, is_finished, is_unfinished


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def folder_of(tmp_path, name, finished=None):
    """A folder with a result, or with the beginning of one."""
    folder = tmp_path / "autolens_results" / name
    folder.mkdir(parents=True)
    (folder / "identity.json").write_text("{}")
    if finished is not None:
        (folder / "result.json").write_text(json.dumps({"finished": finished}))
    return folder


def settings(**options):
    return Settings("lens", seed=1, use_jax=False, **options)


def test_resume_takes_the_last_fit_that_is_not_finished(tmp_path):
    folder_of(tmp_path, "lens")
    folder_of(tmp_path, "lens_2", finished=False)
    folder_of(tmp_path, "lens_3", finished=True)
    folder_of(tmp_path, "lens_5")  # not of this row
    assert str(settings(resume=True).folder()) == "autolens_results/lens_2"
    assert str(settings().folder()) == "autolens_results/lens_4"


def test_a_fit_that_was_killed_before_it_wrote_anything_is_not_finished(tmp_path):
    (tmp_path / "autolens_results" / "lens").mkdir(parents=True)
    assert str(settings(resume=True).folder()) == "autolens_results/lens"


def test_resume_without_anything_to_go_on_with_is_bad_input(tmp_path):
    with pytest.raises(exc.FileException, match="no fit of lens in autolens_results"):
        settings(resume=True).folder()
    folder_of(tmp_path, "lens", finished=True)
    with pytest.raises(exc.FileException, match="autolens_results/lens is finished"):
        settings(resume=True).folder()


def test_an_interrupted_fit_is_not_finished(tmp_path):
    folder = folder_of(tmp_path, "lens", finished=False)
    assert is_unfinished(folder) and not is_finished(folder)
    (folder / "result.json").write_text("{")
    assert is_unfinished(folder)
    (folder / "result.json").write_text('{"finished": true}')
    assert is_finished(folder) and not is_unfinished(folder)


def test_a_folder_that_is_named_is_taken_as_it_is(tmp_path):
    assert settings(output=tmp_path / "mine", resume=True).folder() == tmp_path / "mine"
    (tmp_path / "file").touch()
    with pytest.raises(exc.FileException, match="is a file"):
        settings(output=tmp_path / "file").folder()
