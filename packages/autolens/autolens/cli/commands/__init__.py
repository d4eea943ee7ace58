"""The sub-commands, one file each: its options, and a call of what does the work.

A file here loads nothing but typer before its command runs, so that ``autolens --help`` answers at once.
"""

from __future__ import annotations

import typer

from autolens.cli.commands.convert import convert
from autolens.cli.commands.demo import demo
from autolens.cli.commands.describe import describe
from autolens.cli.commands.doctor import doctor
from autolens.cli.commands.fit import fit
from autolens.cli.commands.info import info
from autolens.cli.commands.plan import plan
from autolens.cli.commands.prepare import prepare
from autolens.cli.commands.report import report
from autolens.cli.commands.results import results
from autolens.cli.commands.simulate import simulate

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Strong gravitational lenses: fit a simulated one, or your own from FITS files.",
)
for command in (convert, demo, describe, doctor, fit, info, plan, prepare, report, results, simulate):
    app.command()(command)
