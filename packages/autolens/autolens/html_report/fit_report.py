"""``al.report``: one page of one fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autolens.html_report import page
from autolens.html_report.contents import FitContents
from autolens.html_report.opened import opened

NAME = "report.html"


def report(result_or_folder: Any, path: str | Path | None = None) -> Path:
    """Write one page of a fit that opens in any browser without a network; returns its path.

    Parameters
    ----------
    result_or_folder
        The folder that a search wrote, or a ``Result``.
    path
        Of the page; ``report.html`` in the folder of the result, or here for one that has none.
    """
    page.check_parts()
    fit = opened(result_or_folder)
    target = Path(path) if path is not None else (fit.folder or Path()) / NAME
    if target.is_dir():
        target = target / NAME
    return page.write_page(target, FitContents.of(fit).page())
