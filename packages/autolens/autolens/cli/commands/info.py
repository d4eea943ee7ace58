"""``autolens info``: what is installed."""

from __future__ import annotations


def info() -> None:
    """Versions, devices and optional parts that are installed."""
    from autolens.cli.report import print_info

    print_info()
