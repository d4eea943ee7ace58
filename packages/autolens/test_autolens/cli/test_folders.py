"""What is said of a wrong folder."""

import pytest

from autolens.cli.folders import refusal


@pytest.fixture
def place(tmp_path):
    for name in ("lens_a", "lens_b"):
        (tmp_path / "survey" / name).mkdir(parents=True)
        (tmp_path / "survey" / name / "data.fits").touch()
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "science_frame.fits").touch()
    (tmp_path / "fitted" / "dataset").mkdir(parents=True)
    (tmp_path / "fitted" / "result.json").touch()
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("survei", "did you mean PLACE/survey"),
        ("survei/lens_a", "did you mean PLACE/survey"),
        ("survey/lens_c", "did you mean PLACE/survey/lens_"),
        ("survey", "did you mean PLACE/survey/lens_a, PLACE/survey/lens_b (autolens fit --batch for all)"),
        ("raw", "but science_frame.fits (name the image with --data)"),
        ("raw/science_frame.fits", "is a file"),
        ("fitted", "but the results of a fit"),
        ("empty", "it is empty"),
        ("something_else", "is no folder; wanted one with"),
    ],
)
def test_where_the_right_one_may_be_is_said(place, name, said):
    message = str(refusal(place / name, "one with data.fits", "autolens fit FOLDER"))
    assert said.replace("PLACE", str(place)) in message
    assert message.endswith("wanted one with data.fits: autolens fit FOLDER.")
