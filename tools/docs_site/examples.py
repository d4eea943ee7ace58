"""Run the examples of the pages: ``python tools/docs_site/examples.py [PAGE...]``.

Each page has an empty folder, or that of the page it follows. Blocks of Python run as one module, with JAX; commands
run in a shell, and what a page shows of their output has to be there. ``--write`` puts what was printed into the page.
Python of pages that a unit test runs (``run("page.md"``) is left to that test. Comments in front of a block:

- ``<!-- needs data NAME as FOLDER -->``: runs where ``../shared/data/NAME`` is there, with a copy of it (without ``as``
  it is called as what follows the first underscore of its name),
- ``<!-- with examples -->``: the scripts of ``examples/`` are copied to the folder first,
- ``<!-- long -->``: runs with ``--long`` alone,
- ``<!-- exit 1 -->``: the status with which its commands end,
- ``<!-- fragment -->``: is compiled, not run,
- ``<!-- shortened -->``: ``--write`` leaves what it shows; lines ``...`` may stand for what is left out.

A block of another language with a title is a file of that name.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

from compare import first_missing
from page import DOCS, Block, Command, Page

ROOT = DOCS.parent
DATA = ROOT.parent / "shared" / "data"


def main() -> int:
    """Run what was asked for, two pages at a time in processes of their own; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", help="pages, as docs names them; all where none is named")
    parser.add_argument("--write", action="store_true", help="write the output of commands into the pages")
    parser.add_argument("--long", action="store_true", help="run the examples that take minutes as well")
    parser.add_argument("--here", action="store_true", help="run them in this process, one after the other")
    options = parser.parse_args()
    groups = [group for group in groups_of_pages() if not options.pages or {p.name for p in group} & {*options.pages}]
    if options.here:
        return max(_run(group, options.write, options.long) for group in groups)
    flags = ["--here", *(["--write"] if options.write else []), *(["--long"] if options.long else [])]
    commands = [[sys.executable, __file__, group[0].name, *flags] for group in groups]
    with ThreadPoolExecutor(max_workers=2) as pool:
        failures = 0
        for done in pool.map(lambda command: subprocess.run(command, capture_output=True, text=True), commands):
            print(done.stdout + (done.stderr if done.returncode else ""), end="", flush=True)
            failures += bool(done.returncode)
    print(f"{failures} of {len(groups)} failed" if failures else f"{len(groups)} run", flush=True)
    return bool(failures)


def groups_of_pages() -> list[list[Page]]:
    """Pages that share a folder: one, and those that follow it. Those that run the longest begin."""
    pages = [page for page in Page.all() if page.blocks]
    groups = [[page, *(other for other in pages if other.follows == page.name)] for page in pages if not page.follows]
    return sorted(groups, key=lambda group: -sum("autolens fit" in page.text or "fit(" in page.text for page in group))


def _run(group: list[Page], write: bool, long: bool) -> bool:
    """Run the pages of a group in an empty folder; whether one failed."""
    os.environ.update(COLUMNS="100", MPLBACKEND="agg", NO_COLOR="1")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with tempfile.TemporaryDirectory(prefix="docs-") as folder, contextlib.chdir(folder):
        for page in group:
            start = time.perf_counter()
            problem = _problem_of(page, write, long)
            print(f"{'FAILED' if problem else 'passed'} {page.name} in {time.perf_counter() - start:.0f} s", flush=True)
            if problem:
                print(problem, flush=True)
                return True
    return False


def _problem_of(page: Page, write: bool, long: bool) -> str | None:
    """Run one page where it stands; what went wrong, if anything."""
    module = ModuleType(re.sub(r"\W", "_", page.name.removesuffix(".md")))
    sys.modules[module.__name__] = module  # dataclasses look their module up
    elsewhere = tested_elsewhere(page.name)
    for block in page.blocks:
        if block.language in elsewhere or ("long" in block.marks and not long):
            continue
        if block.needs is not None and not _brought(*block.needs):
            print(f"left out, {page.name} line {block.line}: no {DATA / block.needs[0]}")
            continue
        if "with examples" in block.marks:
            for script in (ROOT / "examples").glob("*.py"):
                shutil.copy(script, ".")
        if block.title is not None:
            Path(block.title).write_text(block.code)
        if block.language == "python":
            problem = _python_problem(page, block, module)
        elif block.language == "console":
            problem = _console_problem(page, block, write)
        else:
            problem = None
        if problem:
            return f"docs/{page.name}, line {block.line + 1}: {problem}"
    return None


def tested_elsewhere(name: str) -> set[str]:
    """The languages whose blocks in a page a unit test runs."""
    found = set()
    for test in ROOT.glob("packages/*/test_*/test_*.py"):
        text = test.read_text()
        if f'run("{name}"' in text:
            found.add("python")
        if "Page.read(" in text and f'"{name}"' in text:
            found.add("console")
    return found


def _brought(name: str, folder: str) -> bool:
    """Copy real data beside the examples, once."""
    if (DATA / name).is_dir() and not Path(folder).exists():
        shutil.copytree(DATA / name, folder)
    return (DATA / name).is_dir()


def _python_problem(page: Page, block: Block, module: ModuleType) -> str | None:
    try:
        code = compile("\n" * block.line + block.code, str(DOCS / page.name), "exec")
        if "fragment" not in block.marks:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(code, vars(module))
    except Exception as error:
        line = error.__traceback__.tb_next.tb_lineno if error.__traceback__ and error.__traceback__.tb_next else 0
        return f"line {line}: {type(error).__name__}: {error}"
    return None


def _console_problem(page: Page, block: Block, write: bool) -> str | None:
    for command in block.commands:
        done = subprocess.run(["bash", "-c", command.line], capture_output=True, text=True, check=False)
        wanted = next((int(mark.removeprefix("exit ")) for mark in block.marks if mark.startswith("exit ")), 0)
        if done.returncode != wanted:
            return (
                f"$ {command.line}\nended with {done.returncode}, the page says {wanted}:\n{done.stdout}{done.stderr}"
            )
        printed = done.stdout or done.stderr  # progress goes to the error stream, and so does what is wrong
        if write and "shortened" not in block.marks:
            _write(page.name, command, printed)
        elif missing := first_missing(command.shown, printed):
            return f"$ {command.line}\ndid not print, or not there: {missing!r}\nIt printed:\n{printed}"
    return None


def _write(name: str, command: Command, printed: str) -> None:
    """Put ``printed`` below the command in the page, where the page shows any output of it."""
    if not command.shown:
        return
    path = DOCS / name
    before = "\n".join([f"$ {command.line}", *command.shown])
    after = "\n".join([f"$ {command.line}", *(line.rstrip() for line in printed.strip("\n").splitlines())])
    text = path.read_text()
    if before not in text:
        raise ValueError(f"{name} changed while its examples ran: {command.line}")
    path.write_text(text.replace(before, after, 1))


if __name__ == "__main__":
    sys.exit(main())
