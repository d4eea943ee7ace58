"""Rules of the source that no linter knows; ``test_source_rules`` applies them to the packages."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("autoarray", "autogalaxy", "autolens")
BACKEND = frozenset({"jax", "jaxlib", "optax", "optimistix", "blackjax", "equinox", "lineax"})
FILE_LINES, FUNCTION_LINES = 500, 60
BANNED_NAMES = frozenset({"util", "helper", "misc", "mock", "manager", "config", "preloads"})


def source_files() -> list[Path]:
    """Python files of the three packages, tests apart."""
    return sorted(path for name in PACKAGES for path in (ROOT / "packages" / name / name).rglob("*.py"))


def imports_from(tree: ast.AST, inside_function: bool = False) -> list[tuple[int, str, bool]]:
    """(line, module, whether inside a function) of every import."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name, inside_function) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [(node.lineno, f"{node.module}.{alias.name}", inside_function) for alias in node.names]
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        found += imports_from(node, inside_function or is_function)
    return found


def module_level_backend_imports(source: str) -> list[str]:
    """Imports of jax and what builds on it that run when the module is imported."""
    return [
        f"{line}: {module}"
        for line, module, inside in imports_from(ast.parse(source))
        if module.partition(".")[0] in BACKEND and not inside
    ]


def fits_imports(source: str) -> list[str]:
    """Imports of ``astropy.io``."""
    imports = imports_from(ast.parse(source))
    return [f"{line}: {module}" for line, module, _ in imports if f"{module}.".startswith("astropy.io.")]


def long_file(source: str) -> list[str]:
    """The file, where it is longer than the ceiling."""
    lines = len(source.splitlines())
    return [f"{lines} lines, at most {FILE_LINES}"] if lines > FILE_LINES else []


def long_functions(source: str) -> list[str]:
    """Functions longer than the ceiling."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}")
    return found


def grid_methods_without_xp(source: str) -> list[str]:
    """Public methods ``*_from(self, grid, ...)`` that do not end their signature in ``xp=np``.

    Those that find curves (a ``pixel_scale`` or a ``contour_array`` beside the grid) have as many results as the lens
    has curves, and those that set parameters (``exposure_time``) return nothing: neither can be traced.
    """
    found = []
    for owner in ast.walk(ast.parse(source)):
        for node in owner.body if isinstance(owner, ast.ClassDef) else []:
            if not isinstance(node, ast.FunctionDef) or not node.name.endswith("_from") or node.name.startswith("_"):
                continue
            names = [argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]]
            if "grid" in names and not {"xp", "pixel_scale", "contour_array", "exposure_time"} & set(names):
                found.append(f"{node.lineno}: {owner.name}.{node.name}")
    return found


def missing_parity_checks(source: str) -> list[str]:
    """Which of the two checks of a parity script it does not call."""
    called = {node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
    names = {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in called}
    return sorted({"round_trip", "batch"} - names)
