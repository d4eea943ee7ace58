"""The packages keep the rules of the source, and each rule goes red where it is broken."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import source_rules as rules

FILES = rules.source_files()


def broken(rule: Callable[[str], list[str]], files: list[Path] = FILES) -> dict[str, list[str]]:
    """What ``rule`` finds, file by file."""
    return {str(path.relative_to(rules.ROOT)): found for path in files if (found := rule(path.read_text()))}


def test_there_is_source_to_look_at():
    assert len(FILES) > 3


def test_jax_is_imported_inside_functions_only():
    assert broken(rules.module_level_backend_imports) == {}


def test_astropy_io_is_imported_in_one_file_only():
    assert broken(rules.fits_imports, [path for path in FILES if path.parts[-2:] != ("dataset", "fits.py")]) == {}


def test_the_deprecated_alias_grid_dec_is_not_used():
    alias = rules.ROOT / "packages/autoarray/autoarray/__init__.py"
    assert [path for path in FILES if path != alias and "grid_dec" in path.read_text()] == []


def test_files_and_functions_are_not_too_long():
    assert broken(rules.long_file) == {}
    assert broken(rules.long_functions) == {}


def test_a_file_is_named_after_what_is_in_it():
    names = {path: {part.removesuffix(".py").removesuffix("s") for part in path.parts} for path in FILES}
    assert [path for path, parts in names.items() if parts & rules.BANNED_NAMES] == []


def test_methods_of_a_grid_take_xp():
    folders = {"profiles", "galaxy", "operate", "lens"}
    assert broken(rules.grid_methods_without_xp, [path for path in FILES if folders & set(path.parts)]) == {}


def test_every_parity_script_of_a_likelihood_makes_both_checks():
    scripts = list((rules.ROOT / "workspace_test").glob("*/scripts/jax_likelihood_functions/*/*.py"))
    assert scripts
    assert broken(rules.missing_parity_checks, scripts) == {}


def test_a_parity_script_without_the_batch_is_found():
    assert rules.missing_parity_checks("parity.round_trip(a, m)") == ["batch"]
    assert rules.missing_parity_checks("round_trip(a, m)\nbatch(a, m)") == []


def test_the_three_packages_have_one_version():
    versions = set()
    for name in rules.PACKAGES:
        project = tomllib.loads((rules.ROOT / "packages" / name / "pyproject.toml").read_text())["project"]
        assert project["name"] == f"{name}-xp"
        versions.add(project["version"])
    assert len(versions) == 1


def test_packages_declare_no_upper_pins():
    for name in rules.PACKAGES:
        project = tomllib.loads((rules.ROOT / "packages" / name / "pyproject.toml").read_text())["project"]
        extras = project["optional-dependencies"].values()
        for requirement in [*project["dependencies"], *(item for extra in extras for item in extra)]:
            assert not any(pin in requirement.replace("!=0.11.*", "") for pin in ("<", "==", "~=", "!=")), requirement


@pytest.mark.parametrize(
    "source",
    [
        "import jax",
        "import jax.numpy as jnp",
        "from jax import numpy",
        "if True:\n    import optax",
        "class A:\n    import jax",
    ],
)
def test_a_module_level_import_of_jax_is_found(source: str):
    assert len(rules.module_level_backend_imports(source)) == 1


@pytest.mark.parametrize("source", ["def f():\n    import jax", "import jaxtyping_not_jax", "from .jax import a"])
def test_other_imports_are_left_alone(source: str):
    assert rules.module_level_backend_imports(source) == []


@pytest.mark.parametrize(
    "source", ["import astropy.io.fits", "from astropy.io import fits", "def f():\n    from astropy import io"]
)
def test_an_import_of_astropy_io_is_found(source: str):
    assert len(rules.fits_imports(source)) == 1


def test_a_function_of_61_lines_is_found():
    assert rules.long_functions("def f():\n" + "    a = 1\n" * 59) == []
    assert len(rules.long_functions("def f():\n" + "    a = 1\n" * 60)) == 1


def test_a_file_of_501_lines_is_found():
    assert rules.long_file("a = 1\n" * 500) == []
    assert len(rules.long_file("a = 1\n" * 501)) == 1


def test_a_grid_method_without_xp_is_found():
    source = "class Sersic:\n    def image_2d_from(self, grid{}): ...\n    def _private_from(self, grid): ...\n"
    assert rules.grid_methods_without_xp(source.format("")) == ["2: Sersic.image_2d_from"]
    assert rules.grid_methods_without_xp(source.format(", xp=np")) == []


def test_the_packages_tell_the_version_they_are_released_with():
    for name in rules.PACKAGES:
        package = rules.ROOT / "packages" / name
        version = tomllib.loads((package / "pyproject.toml").read_text())["project"]["version"]
        assert f'__version__ = "{version}"' in (package / name / "__init__.py").read_text()


def test_links_between_documents_lead_somewhere():
    documents = [*rules.ROOT.glob("*.md"), *rules.ROOT.glob("docs/*.md"), *rules.ROOT.glob("packages/*/*.md")]
    assert len(documents) > 5
    for document in documents:
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / link).exists(), f"{document.name}: {link}"


def test_the_readme_has_exactly_two_set_up_commands():
    lines = (rules.ROOT / "README.md").read_text().splitlines()
    commands = [line.partition("#")[0].strip() for line in lines if line.startswith("pip install")]
    assert commands == ["pip install uv && uv run autolens demo", "pip install uv && uv run nox"]
