"""The pages on descriptions run as they are written: their Python, and their commands with what these print."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from autolens.cli.main import run as run_command
from docs_site.compare import first_missing
from docs_site.page import Page
from documented_code import run


@pytest.mark.parametrize("name", ["describe-a-lens.md", "convert.md"])
def test_commands_of_a_page_print_what_it_shows(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    count = 0
    for block in Page.read(name).blocks:
        if block.title is not None:
            Path(block.title).write_text(block.code)
        if block.language != "console" or "long" in block.marks:
            continue
        for command in block.commands:
            count += 1
            words = shlex.split(command.line.replace("\\\n", " "))
            printed = _printed(words, 2 if "exit 2" in block.marks else 0, capsys)
            assert first_missing(command.shown, printed) is None, printed
    assert count >= 3


def _printed(words: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command of a page prints; ``autolens`` runs in this process."""
    if words[0] in ("cat", "ls"):
        place = Path(words[1])
        return place.read_text() if place.is_file() else "\n".join(sorted(path.name for path in place.iterdir()))
    assert words[0] == "autolens"
    targets = {}
    for mark in (">", "2>"):
        if mark in words:
            at = words.index(mark)
            targets[mark] = Path(words[at + 1])
            del words[at : at + 2]
    with pytest.raises(SystemExit) as left:
        run_command(words[1:])
    assert int(left.value.code or 0) == code
    captured = capsys.readouterr()
    for mark, text in ((">", captured.out), ("2>", captured.err)):
        if mark in targets:
            targets[mark].write_text(text)
    return captured.out or captured.err


def test_python_of_the_page_on_descriptions_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = run("describe-a-lens.md", with_jax=False)["model"]
    assert model.prior_count == 3 + 2 + 3
