"""What a script is told where the part that draws is not installed."""

import subprocess
import sys

PROGRAM = """
import sys
sys.modules[{missing!r}] = None  # as if it was not installed
import autolens as al
try:
    al.plot
except al.exc.BackendException as error:
    print(error)
"""


def test_plot_says_how_to_install_matplotlib():
    program = PROGRAM.format(missing="matplotlib")
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout == "al.plot needs matplotlib, which is not installed: pip install 'autolens-xp[plot]'.\n"
