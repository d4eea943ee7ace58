"""Pages for the browser: one of a fit, one of a sample of fits; they open without a server or a network."""

from autolens.html_report.fit_report import report
from autolens.html_report.sample_report import sample_report

__all__ = ["report", "sample_report"]
