from pathlib import Path

import pytest

from autogalaxy.inference import compilation_cache


@pytest.mark.parametrize("value", ["off", "OFF", "0", "none"])
def test_cache_can_be_switched_off(monkeypatch, value):
    monkeypatch.setenv(compilation_cache.VARIABLE, value)

    assert compilation_cache.folder_from_environment() is None


def test_cache_is_where_the_variable_says(monkeypatch, tmp_path):
    monkeypatch.setenv(compilation_cache.VARIABLE, str(tmp_path / "here"))

    assert compilation_cache.folder_from_environment() == tmp_path / "here"
    assert not (tmp_path / "here").exists()


def test_cache_is_in_the_users_folder_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv(compilation_cache.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    folder = compilation_cache.folder_from_environment()

    assert folder.parts[-2:] == ("autolens", "compiled")
