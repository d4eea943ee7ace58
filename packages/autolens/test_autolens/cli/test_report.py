"""What the command says at the end of a fit."""

from types import SimpleNamespace

import pytest

from autogalaxy.analysis.over_sampling_check import OverSamplingCheck
from autogalaxy.inference.output import read_json, write_json
from autogalaxy.inference.verdict import Finding, Verdict
from autolens.cli.report import print_end


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
