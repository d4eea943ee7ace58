"""Everything that must pass before a change lands: ``uv run nox``. One session alone: ``uv run nox -s unit``."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).parent
OLDEST, _, NEWEST = PYTHONS = ("3.11", "3.12", "3.13")
LAYERS = {
    "autoarray": ["autoarray"],
    "autogalaxy": ["autoarray", "autogalaxy"],
    "autolens": ["autoarray", "autogalaxy", "autolens"],
}
SOURCES = ["packages", "tools", "workspace_test", "benchmarks", "examples", "noxfile.py"]

# Parity scripts of whole searches, long ones.
SEARCHES = {"calibration", "chaining", "gradient_searches", "kill_and_resume", "nuts", "samplers", "smc", "verdict"}

# One call per package, made in an environment that holds nothing but it and the layers under it.
MINIMAL_CALL = {
    "autoarray": """
import autoarray as aa
mask = aa.Mask2D.circular(shape_native=(11, 11), pixel_scales=0.1, radius=0.31)
assert mask.pixels_in_mask == 29, mask.pixels_in_mask
""",
    "autogalaxy": """
import autoarray as aa, autogalaxy as ag
lens = ag.mp.IsothermalSph(einstein_radius=1.3)
deflections = lens.deflections_yx_2d_from(grid=aa.Grid2DIrregular([(2.0, 0.0)]))
assert abs(deflections.array[0, 0] - 1.3) < 1e-12, deflections.array
""",
    "autolens": """
import autolens as al
lens = al.Galaxy(redshift=0.5, mass=al.mp.IsothermalSph(einstein_radius=1.3))
tracer = al.Tracer(galaxies=[lens, al.Galaxy(redshift=1.0)])
source_plane = tracer.traced_grid_2d_list_from(grid=al.Grid2DIrregular([(2.0, 0.0)]))[-1]
assert abs(source_plane.array[0, 0] - 0.7) < 1e-12, source_plane.array
""",
}

nox.needs_version = ">=2026.2"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.reuse_existing_virtualenvs = True
# A Python that is not there is skipped with a message; nox would turn that into a failure where CI=true.
nox.options.error_on_missing_interpreters = False


def _let_pyenv_serve_every_version() -> None:
    """Make pyenv's ``python3.12`` shims work where that version is installed but not selected."""
    if not shutil.which("pyenv"):
        return
    current = subprocess.run(["pyenv", "version-name"], capture_output=True, text=True).stdout.strip()
    listed = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True).stdout.split()
    newest = [v for p in PYTHONS for v in [v for v in listed if v.startswith(f"{p}.")][-1:]]
    os.environ["PYENV_VERSION"] = ":".join(dict.fromkeys([*current.split(":"), *newest]))


_let_pyenv_serve_every_version()


def _install(session: nox.Session, package: str, extras: str) -> None:
    """Install ``package`` and the layers under it in place; uv applies the workspace's constraints."""
    args: list[str] = []
    for layer in LAYERS[package]:
        args += ["-e", f"packages/{layer}[{extras}]" if layer == package else f"packages/{layer}"]
    session.install(*args, "pytest", "hypothesis")


@nox.session(python=OLDEST)
def lint(session: nox.Session) -> None:
    """Style, import bans, layers, size ceilings, and the static check that ``xp`` is never dropped."""
    session.install("ruff", "import-linter", "pytest")
    paths = [path for path in SOURCES if (ROOT / path).exists()]
    steps = [
        ["ruff", "format", "--check", *paths],
        ["ruff", "check", *paths],
        ["lint-imports", "--no-cache"],
        ["python", "tools/check_xp.py", *(f"packages/{p}/{p}" for p in LAYERS)],
        ["python", "-m", "pytest", "-q", "tools"],
    ]
    failed = []
    for step in steps:
        try:
            session.run(*step, env={"PYTHONPATH": os.pathsep.join(f"packages/{p}" for p in LAYERS)})
        except CommandFailed:
            failed.append(" ".join(step[:2]))
    if failed:
        session.error("lint failed: " + ", ".join(failed))


@nox.session(python=OLDEST)
def types(session: nox.Session) -> None:
    """Static types of the three packages."""
    session.install("mypy", "numpy", "scipy", "astropy", "matplotlib", "typer", "rich")
    session.run("mypy")


@nox.session(python=OLDEST)
@nox.parametrize("package", list(LAYERS), ids=list(LAYERS))
def unit(session: nox.Session, package: str) -> None:
    """NumPy tests of one package, in an environment without jax that holds only the layers under it."""
    _install(session, package, "plot,cli" if package == "autolens" else "plot")
    session.run("python", "-m", "pytest", "-q", f"packages/{package}", *session.posargs)


@nox.session(python=PYTHONS)
def parity(session: nox.Session) -> None:
    """JAX against NumPy: every script of workspace_test, each in a process of its own.

    The oldest Python resolves to jax 0.10, the next to 0.12. The newest has the jax of the one before it, so there only
    the likelihoods of lenses are run. What searches find does not depend on the version of jax: one of them has to do.
    """
    _install(session, "autolens", "all")
    lenses = ROOT / "workspace_test/autolens_workspace_test/scripts/jax_likelihood_functions/imaging"
    scripts = [
        path
        for path in ROOT.glob("workspace_test/*/scripts/**/*.py")
        if not path.name.startswith("test_") and (session.python != NEWEST or path.parent == lenses)
    ]
    if session.python == OLDEST:
        scripts = [path for path in scripts if path.stem not in SEARCHES]
    scripts.sort(key=lambda path: (len(path.parts), path))  # the long ones, which are no deeper, first
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:  # compilation keeps one core busy
        for script, (returncode, seconds, output) in zip(scripts, pool.map(_timed_run(session), scripts), strict=True):
            name = str(script.relative_to(ROOT))
            if returncode:
                failed.append(name)
            print(output, end="", flush=True)
            session.log(f"{'FAILED' if returncode else 'passed'} {name} in {seconds:.0f} s")
    print(f"{len(scripts) - len(failed)} passed, {len(failed)} failed", flush=True)
    if failed:
        session.error("parity failed: " + ", ".join(failed))


def _timed_run(session: nox.Session) -> Callable[[Path], tuple[int, float, str]]:
    """A function that runs a script with the Python of ``session``: exit status, seconds, what it printed."""
    python = str(Path(session.bin) / "python")

    def run(script: Path) -> tuple[int, float, str]:
        start = time.perf_counter()
        done = subprocess.run(
            [python, str(script)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return done.returncode, time.perf_counter() - start, done.stdout

    return run


@nox.session(python=OLDEST)
def lenses(session: nox.Session) -> None:
    """Answers: the README's example, and real lenses where ``../shared/data`` is there. Tests of workspace_test."""
    _install(session, "autolens", "all")
    session.run(
        "python",
        "-m",
        "pytest",
        "-q",
        "--durations=10",
        "workspace_test",
        "--ignore=workspace_test/docs",
        *session.posargs,
    )


@nox.session(python=OLDEST)
def docs(session: nox.Session) -> None:
    """The site, strictly, and every example of its pages; ``-- --long`` adds the examples that take minutes.

    ``nox -s docs -- --write`` puts what the commands print into the pages.
    """
    _install(session, "autolens", "all")
    session.install("--group", "docs")
    session.run("mkdocs", "build", "--strict", "--quiet", env={"NO_MKDOCS_2_WARNING": "1"})
    session.run("python", "tools/docs_site/examples.py", *session.posargs)
    session.run("python", "tools/docs_site/notebooks.py")
    session.run("python", "-m", "pytest", "-q", "workspace_test/docs")


@nox.session(python=OLDEST)
def demo(session: nox.Session) -> None:
    """The main job: simulate a lens, fit it, write the results folder, recover the truth."""
    _install(session, "autolens", "all")
    output = Path(session.create_tmp()).resolve() / "demo"
    shutil.rmtree(output, ignore_errors=True)
    session.run("autolens", "demo", "--output", str(output))
    results = list(output.rglob("result.json"))
    if len(results) != 1:
        session.error(f"autolens demo should write one result.json, but wrote {len(results)}.")
    if not json.loads(results[0].read_text()):
        session.error("autolens demo wrote an empty result.json.")


@nox.session(python=OLDEST, venv_backend="venv", reuse_venv=False)
@nox.parametrize("package", list(LAYERS), ids=list(LAYERS))
def minimal(session: nox.Session, package: str) -> None:
    """Plain pip, a fresh environment, one package and the layers under it: import it and make one call."""
    session.install(*(f"./packages/{layer}" for layer in LAYERS[package]))
    with session.chdir(session.create_tmp()):
        session.run("python", "-W", "error", "-c", MINIMAL_CALL[package])


@nox.session(python=OLDEST, default=False)
def bench(session: nox.Session) -> None:
    """The imaging likelihood beside four peers, each in an environment of its own; takes minutes, on a quiet machine.

    ``nox -s bench -- --autolens PYTHON`` uses an environment that is there; other options are those of ``compare.py``.
    """
    _install(session, "autolens", "all")
    arguments = list(session.posargs)
    environments = tomllib.loads((ROOT / "benchmarks/likelihood/environments.toml").read_text())
    for peer, wanted in environments.items():
        if f"--{peer}" in arguments or "--gpu" in arguments:
            continue
        folder = Path(session.create_tmp()).resolve().parent / f"bench-{peer}"
        python = str(folder / "bin/python")
        if not Path(python).exists():
            session.run("uv", "venv", "--python", wanted["python"], str(folder), external=True)
        overrides = folder / "overrides.txt"
        overrides.write_text("\n".join(wanted.get("overrides", [])))
        command = ["uv", "pip", "install", "--python", python, "--override", str(overrides), *wanted["requirements"]]
        with session.chdir(tempfile.gettempdir()):  # out of reach of this workspace's constraints
            session.run(*command, external=True)
        arguments += [f"--{peer}", python]
    session.run("python", "benchmarks/likelihood/compare.py", *arguments)


@nox.session(python=OLDEST, default=False)
def calibrate(session: nox.Session) -> None:
    """Simulation-based calibration of the default search on lenses drawn from their priors; takes a quarter of an hour.

    Goes on where it was stopped; options are those of ``calibrate.py``.
    """
    _install(session, "autolens", "all")
    session.run("python", "benchmarks/calibrate.py", *session.posargs)
