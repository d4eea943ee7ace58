import json
import shutil

import numpy as np
import pytest

import autogalaxy as ag
from autoarray import exc
from autogalaxy.inference import Collection, Result, Samples
from autogalaxy.inference.verdict import Finding, Verdict


def write(folder, number, lines, grade="good", more=None):
    """A fit whose line is at 0.01 times its number."""
    model = Collection(line=ag.Model(lines.Line, sigma=1.0))
    samples = Samples(model, [[0.01 * number, 4.0]], [-float(number)])
    result = Result(samples, lines.AnalysisLines(lines.data_with_noise()), {"search": "Drawn", **(more or {})})
    result.verdict = Verdict.of([Finding("sampling", grade, "Because.")])
    result.write(folder)


written = []
"""Where the fits below were written once: each of their files is flushed to the disk, which takes its time."""


@pytest.fixture
def folder(tmp_path, tmp_path_factory, lines):
    if not written:
        root = tmp_path_factory.mktemp("written")
        for number, grade in ((1, "good"), (2, "check"), (3, "good")):
            write(root / "a" / f"fit_{number}", number, lines, grade, {"log_evidence": -9.5} if number == 3 else None)
        write(root / "b" / "deep" / "fit_4", 4, lines, more={"interrupted": True})
        written.append(root)
    shutil.copytree(written[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_every_fit_below_the_folder_has_a_row(folder):
    table = ag.results(folder).table

    assert list(table["folder"]) == ["a/fit_1", "a/fit_2", "a/fit_3", "b/deep/fit_4"]
    assert table["log_likelihood"].tolist() == [-1.0, -2.0, -3.0, -4.0]
    assert table["line.centre"].tolist() == pytest.approx([0.01, 0.02, 0.03, 0.04])
    assert table["grade"].tolist() == ["good", "check", "good", "good"]
    assert table["finished"].tolist() == [True, True, True, False]
    assert np.isnan(table["log_evidence"][:2]).all() and table["log_evidence"][2] == -9.5


def test_conditions_on_columns_or_rows(folder):
    results = ag.results(folder)

    assert results.filter(grade="good", log_likelihood_min=-3.0).table["log_likelihood"].tolist() == [-1.0, -3.0]
    assert len(results.filter(lambda row: row["line.centre"] > 0.015)) == 3
    assert len(results.filter(lambda row: row["log_evidence"] < 0.0)) == 1
    assert len(results.filter(grade=["check", "failed"])) == 1
    assert len(results.filter(finished=True, log_likelihood_max=-2.0).filter(grade="good")) == 1
    with pytest.raises(exc.FileException, match="no result has the column 'gread'.*grade"):
        results.filter(gread="good")


def test_iterating_loads_one_result_after_the_other(folder):
    results = ag.results(folder).filter(grade="good")

    assert [result.log_likelihood for result in results] == [-1.0, -3.0, -4.0]
    assert results[1].samples.parameters.tolist() == [[0.03, 4.0]]


def test_only_summaries_are_read_for_the_table(folder):
    for path in folder.rglob("*.npz"):
        path.unlink()
    assert len(ag.results(folder).table) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "holds no readable JSON"),
        (b"[]", "no summary of a result"),
        (b'{"parameters": {}}', "search"),
        (b'{"parameters": {"x": 3}, "search": {}, "log_likelihood": 1.0}', "subscriptable"),
        (b'{"parameters": {}, "search": {}, "log_likelihood": "x"}', "convert"),
    ],
)
def test_damaged_results_are_listed_with_the_reason(folder, content, said):
    (folder / "a" / "fit_2" / "result.json").write_bytes(content)
    results = ag.results(folder)

    assert len(results) == len(results.table) == 4
    assert said in results.problems["a/fit_2"] and said in results.table["problem"][1]
    assert [result.log_likelihood for result in results] == [-1.0, -3.0, -4.0]
    assert len(results.filter(log_likelihood_min=-100.0)) == 3


def test_links_are_not_followed(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "a" / "fit_2" / "result.json").rename(elsewhere / "result.json")
    (folder / "a" / "fit_2" / "result.json").symlink_to(elsewhere / "result.json")
    (folder / "c").symlink_to(elsewhere)

    results = ag.results(folder)

    assert len(results) == 4 and "is a link" in results.problems["a/fit_2"]


def test_a_thousand_results(tmp_path, lines):
    write(tmp_path / "0000", 0, lines)
    summary = json.loads((tmp_path / "0000" / "result.json").read_text())
    for number in range(1, 1000):
        (tmp_path / f"{number:04d}").mkdir()
        summary["log_likelihood"] = -float(number)
        (tmp_path / f"{number:04d}" / "result.json").write_text(json.dumps(summary))

    results = ag.results(tmp_path)

    assert results.table["log_likelihood"].sum() == -sum(range(1000))
    assert results.filter(log_likelihood_min=-9.0).table["folder"].tolist() == [f"{n:04d}" for n in range(10)]


def test_a_folder_that_is_none_is_our_error(tmp_path):
    with pytest.raises(exc.FileException, match="is no folder"):
        ag.results(tmp_path / "none")
    assert len(ag.results(tmp_path)) == 0 and len(ag.results(tmp_path).table) == 0


def test_seconds_are_those_of_the_whole_fit_where_a_search_has_stages(tmp_path, lines):
    write(tmp_path / "staged", 1, lines, more={"seconds": 0.063, "total_seconds": 121.0})
    write(tmp_path / "whole", 1, lines, more={"seconds": 7.0})

    assert [row.values["seconds"] for row in ag.results(tmp_path).rows] == [121.0, 7.0]
