"""Run the notebooks of ``docs``: ``python tools/docs_site/notebooks.py [FOLDER]``; they end in it with their output."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main(output: Path | None) -> None:
    """Run each notebook in an empty folder; the first cell that raises ends it."""
    for path in sorted(DOCS.rglob("*.ipynb")):
        start = time.perf_counter()
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory(prefix="notebook-") as folder:
            NotebookClient(notebook, timeout=600, resources={"metadata": {"path": folder}}).execute()
        if output is not None:
            output.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, output / path.name)
        print(f"passed {path.name} in {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
