"""The examples of pages are found as they are written, and what a page shows is compared by its words."""

from __future__ import annotations

from docs_site.compare import first_missing, structure_of
from docs_site.page import Page

TEXT = """# A page

<!-- follows other.md -->

```toml title="lens.toml"
redshift = 0.5
```

<!-- needs data slacs_j0946 as j0946 -->
<!-- exit 1 -->
```console
$ autolens doctor j0946 \\
    --json
j0946: 281 pixels
$ ls
```

```python title="whole.py"
--8<-- "examples/whole.py"
```
"""
PRINTED = "Fitting x, 28 free parameters\n┌──┐\n mass.slope   2.01 0.03\nverdict: good\n"


def test_blocks_have_their_marks_and_commands_their_output():
    page = Page("page.md", TEXT)
    toml, console = page.blocks

    assert page.follows == "other.md"
    assert (toml.language, toml.title, toml.code) == ("toml", "lens.toml", "redshift = 0.5\n")
    assert console.needs == ("slacs_j0946", "j0946") and "exit 1" in console.marks
    assert [command.line for command in console.commands] == ["autolens doctor j0946 \\\n    --json", "ls"]
    assert console.commands[0].shown == ("j0946: 281 pixels",)
    assert TEXT.splitlines()[console.line].startswith("$ autolens doctor")


def test_numbers_and_rules_do_not_count_and_words_do():
    assert structure_of(" mass.slope   2.01 +- 0.03 ──── arcsec") == ("mass.slope", "arcsec")
    assert structure_of("one Jacobian 905 ms; 1.2 GB here") == structure_of("one Jacobian 2.07 s; 80 MB here")
    assert structure_of("one 3 minutes") == ("one", "minutes")
    assert first_missing(("Fitting y 3 free parameters",), PRINTED) == "Fitting y 3 free parameters"
    assert (
        first_missing(("Fitting x, 30 free parameters", "...", "mass.slope 1.99 0.01", "verdict: good"), PRINTED)
        is None
    )


def test_a_line_that_is_printed_before_another_is_missed_behind_it():
    assert first_missing(("verdict: good", "mass.slope 2.0"), PRINTED) == "mass.slope 2.0"
