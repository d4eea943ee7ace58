import json
import re
import shutil

import pytest
from typer.testing import CliRunner

import autolens as al
from autolens.cli.commands import app

pytest.importorskip("jinja2", reason="pip install 'autolens-xp[report]'")
pytest.importorskip("plotly", reason="pip install 'autolens-xp[report]'")


@pytest.fixture
def sample(folder, tmp_path):
    """Two fits and two that are damaged."""
    root = tmp_path / "fits"
    for name in ("one", "deep/two", "torn", "three <script>alert(1)<"):
        shutil.copytree(folder, root / name)
    (root / "torn" / "result.json").write_text("{")
    (root / "three <script>alert(1)<" / "samples.npz").write_bytes(b"")
    return root


def test_every_fit_is_a_row_and_those_that_can_be_read_have_pages(sample, tmp_path):
    seen = []
    path = al.sample_report(sample, tmp_path / "pages", on_progress=lambda done, of: seen.append((done, of)))
    text = path.read_text()
    assert path == tmp_path / "pages" / "index.html"
    links = re.findall(r'href="(fits/[^"]*)"', text)
    assert len(links) == 2 and all((path.parent / link).is_file() for link in links)
    assert 'src="../plotly.min.js"' in (path.parent / links[0]).read_text()
    assert len(re.findall('<tr data-grade="problem">', text)) == 2
    assert "holds no readable JSON" in text
    assert "<script>alert(1)" not in text
    assert seen == [(i, 4) for i in (1, 2, 3, 4)]


def test_pages_share_one_script(sample, tmp_path):
    path = al.sample_report([sample / "one", sample / "deep"], tmp_path / "sample.html")
    scripts = list(tmp_path.glob("*.js"))
    assert [script.name for script in scripts] == ["plotly.min.js"]
    pages = sum(page.stat().st_size for page in [path, *(tmp_path / "fits").glob("*.html")])
    assert pages < scripts[0].stat().st_size


def test_folder_without_results_is_a_row_with_the_problem(tmp_path):
    (tmp_path / "empty").mkdir()
    text = al.sample_report([tmp_path / "empty", tmp_path / "none"], tmp_path / "pages").read_text()
    assert "is no folder" in text and "There is no file" in text


def test_no_folders_are_our_error(tmp_path):
    with pytest.raises(al.exc.FileException, match="got no folders"):
        al.sample_report([], tmp_path)


def test_command_answers_with_the_path_and_with_problems(folder, sample, tmp_path):
    run = CliRunner().invoke(app, ["report", str(folder), "--output", str(tmp_path / "a.html"), "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout) == {"report": str(tmp_path / "a.html"), "fits": 1, "problems": {}, "exit_code": 0}

    run = CliRunner().invoke(app, ["report", str(sample), "--json"])
    answer = json.loads(run.stdout)
    assert (run.exit_code, answer["fits"], sorted(answer["problems"])) == (1, 4, ["three <script>alert(1)<", "torn"])
    assert answer["report"] == str(sample / "report" / "index.html")


def test_command_refuses_a_folder_that_is_not_there(tmp_path):
    run = CliRunner().invoke(app, ["report", str(tmp_path / "none")])
    assert isinstance(run.exception, al.exc.FileException)
    assert "wanted a folder with results" in str(run.exception)
