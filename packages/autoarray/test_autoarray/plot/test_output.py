import subprocess
import sys

import numpy as np
import pytest

from autoarray import exc
from autoarray.plot import Output, Panel, figure_from, plot_yx

STARTS = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}


def draw(**options):
    return plot_yx([1.0, 2.0], [1.0, 3.0], **options)


@pytest.mark.parametrize("ending", list(STARTS))
def test_folder_gets_a_file_named_after_the_figure(tmp_path, ending):
    draw(output=Output(tmp_path / "new", format=ending))
    assert (tmp_path / "new" / f"plot_yx.{ending}").read_bytes().startswith(STARTS[ending])


def test_several_formats_write_several_files(tmp_path):
    draw(output=Output(tmp_path / "mine.png", format=["png", "pdf"]))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine.pdf", "mine.png"]


def test_dpi_is_that_of_the_picture(tmp_path):
    for dpi in (50, 100):
        draw(output=Output(tmp_path / f"{dpi}.png", dpi=dpi))
    widths = [int.from_bytes((tmp_path / f"{dpi}.png").read_bytes()[16:20], "big") for dpi in (50, 100)]
    assert widths[1] == pytest.approx(2 * widths[0], abs=1)


def test_notebook_displays_the_figure_as_it_is():
    assert figure_from([Panel(np.eye(2), (-1.0, 1.0, -1.0, 1.0))])._repr_png_()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Output(format="gif"), "format='gif', wanted one or several of png, pdf, svg, show"),
        (lambda: Output(format=[]), r"format=\[\], wanted one"),
        (lambda: Output(dpi=0), "dpi=0, wanted a number from 10"),
        (lambda: draw(output="figures"), "output='figures', wanted an Output"),
        (lambda: draw(path="figure.gif"), "figure.gif"),
    ],
)
def test_bad_outputs_are_refused(call, message):
    with pytest.raises(exc.PlotException, match=message):
        call()


SHOW = """
import sys
import matplotlib
matplotlib.use("agg")
from autoarray import exc
from autoarray.plot import Output, plot_yx
try:
    plot_yx([1.0, 2.0], [1.0, 3.0], output=Output(format="show"))
except exc.PlotException as error:
    assert "needs a screen" in str(error), error
else:
    raise SystemExit("nothing raised")
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
shown = []
FigureCanvasAgg.required_interactive_framework = "a screen"
pyplot.show = lambda: shown.append(pyplot.get_current_fig_manager().canvas.figure)
figure = plot_yx([1.0, 2.0], [1.0, 3.0], output=Output(format="show"))
assert shown == [figure] and pyplot.get_fignums() == []
figure.savefig(sys.argv[1] + "/afterwards.png")
"""

NOTHING_GLOBAL = """
import sys, warnings
import numpy as np
import matplotlib
before = dict(matplotlib.rcParams)
import autoarray as aa
data = np.eye(6) + 1.0
dataset = aa.Imaging(data, data, psf=aa.Convolver(np.eye(3) / 3.0, pixel_scales=0.1), pixel_scales=0.1)
aa.plot.subplot_imaging_dataset(dataset, sys.argv[1] + "/data.png", stretch="log")
aa.plot.plot_yx([1.0, 2.0], [1.0, 3.0], sys.argv[1] + "/chart.pdf")
assert "matplotlib.pyplot" not in sys.modules
assert dict(matplotlib.rcParams) == before
from matplotlib import pyplot
backend = pyplot.get_backend()
aa.plot.plot_grid([(0.0, 1.0), (1.0, 0.0)])
assert pyplot.get_fignums() == [] and pyplot.get_backend() == backend
"""


@pytest.mark.parametrize("code", [SHOW, NOTHING_GLOBAL], ids=["show", "state"])
def test_in_a_process_of_its_own(code, tmp_path):
    environment = {"MPLBACKEND": "agg", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 0, run.stderr
