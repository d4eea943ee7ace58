"""Reports in a browser: everything is drawn, nothing fails, zoom works, and words from files stay words."""

from __future__ import annotations

import functools
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import autolens as al

sys.path.insert(0, str(Path(__file__).parent))

import chromium

pytest.importorskip("jinja2", reason="reports need jinja2: pip install 'autolens-xp[report]'")
pytest.importorskip("plotly", reason="reports need plotly: pip install 'autolens-xp[report]'")
if chromium.executable() is None:
    pytest.skip(f"no browser is installed ({', '.join(chromium.NAMES)})", allow_module_level=True)

HOSTILE = "<img src=x onerror=hacked()><script>hacked()</script>"
PICTURES = ("data", "model", "residuals", "arcs", "lensed", "source", "convergence", "magnification", "noise")
CHARTS = ("fit0-rings", "fit0-histogram", "fit0-mass", "corner", "pair")
SHIFT = """new Promise(done => { let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 300); })"""


@functools.cache
def analysis_and_samples() -> tuple[al.AnalysisImaging, al.Samples]:
    """A lens with five free parameters at its truth."""
    lens = al.Galaxy(
        redshift=0.5,
        light=al.lp.Sersic(ell_comps=(0.05, 0.1), intensity=1.0, effective_radius=0.6, sersic_index=3.0),
        mass=al.mp.Isothermal(ell_comps=(0.05, 0.1), einstein_radius=1.2),
        shear=al.mp.ExternalShear(gamma_1=0.03, gamma_2=-0.04),
    )
    source = al.Galaxy(redshift=1.0, light=al.lp.SersicSph(centre=(0.1, 0.05), intensity=1.0, effective_radius=0.2))
    grid = al.Grid2D.uniform(shape_native=(50, 50), pixel_scales=0.1, over_sample_size=2)
    simulator = al.SimulatorImaging(exposure_time=1000.0, background_sky_level=0.1, noise_seed=1)
    dataset = simulator.via_tracer_from(al.Tracer([lens, source]), grid)
    dataset = dataset.apply_mask(al.Mask2D.circular((50, 50), radius=2.0, pixel_scales=0.1))
    mass = al.Model(al.mp.Isothermal, centre=(0.0, 0.0))
    free = al.Model(al.Galaxy, redshift=0.5, light=lens.light, mass=mass, shear=al.Model(al.mp.ExternalShear))
    model = al.Collection(galaxies=al.Collection(lens=free, source=source))
    best, sigma = np.array([0.05, 0.1, 1.2, 0.03, -0.04]), np.array([0.01, 0.01, 0.002, 0.002, 0.003])
    draws = best + np.random.default_rng(1).standard_normal((2000, 5)) * sigma
    samples = al.Samples(model, draws, -0.5 * np.sum(((draws - best) / sigma) ** 2, axis=1))
    return al.AnalysisImaging(dataset), samples


def written(folder: Path, grade: str = "good", words: str = "It was looked at.") -> Path:
    """The results folder of that lens."""
    analysis, samples = analysis_and_samples()
    result = analysis.make_result(samples, None)
    result.search_info = {"search": words, "latents": {}, "stages": [{"stage": words, "log_likelihood": 1.0}]}
    result.verdict = al.Verdict.of([al.Finding("sampling", grade, words)])
    result.write(folder)
    finding = {**dict.fromkeys(("name", "what", "effect", "mend"), words), "severity": "warning"}
    diagnosis = {"worst": "warning", "findings": [{**finding, "value": 1.0, "limit": 2.0}], "guesses": {}, "facts": {}}
    (folder / "doctor.json").write_text(json.dumps(diagnosis))
    return folder


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    return al.report(written(folder / "lens"), folder / "page.html")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    for name, grade in (("b", "good"), ("a", "check"), ("zebra", "failed"), ("torn", "good")):
        written(folder / "fits" / name, grade, HOSTILE)
    (folder / "fits" / "torn" / "result.json").write_text("{")
    return al.sample_report(folder / "fits", folder / "pages")


@pytest.fixture(scope="module")
def tab() -> Iterator[chromium.Page]:
    """One for all: a browser takes longer to start than most pages to be looked at."""
    with chromium.Page() as page:
        yield page


@pytest.fixture
def desktop(tab: chromium.Page, report: Path) -> chromium.Page:
    """The report of one fit, loaded once as long as no other page was asked for."""
    return tab.show(report)


@pytest.fixture(scope="module")
def screenshot(tab: chromium.Page, report: Path) -> dict[str, np.ndarray]:
    """Pixels of every figure of the report."""
    return figures_of(tab.show(report))


def figures_of(page: chromium.Page) -> dict[str, np.ndarray]:
    """Red, green and blue of every figure of a page."""
    from matplotlib.image import imread

    whole = np.asarray(imread(io.BytesIO(page.screenshot()), format="png"))[..., :3]
    places = page.places_of(".js-plotly-plot")
    return {name: whole[top : top + height, left : left + width] for name, (left, top, width, height) in places.items()}


def is_blank(pixels: np.ndarray) -> bool:
    """Whether a figure has hardly any colours."""
    colours = np.unique((pixels * 15.0).round().astype(int) @ [256, 16, 1])
    return len(colours) < 5 or float(pixels.std()) < 0.01


def test_page_loads_without_problems_and_asks_nobody(desktop: chromium.Page, report: Path) -> None:
    assert desktop.problems == []
    assert [r for r in desktop.requests if not r.startswith(("data:", "blob:"))] == [report.resolve().as_uri()]


def test_nothing_moves_while_the_page_is_drawn(desktop: chromium.Page) -> None:
    assert desktop.run(SHIFT) < 0.02


@pytest.mark.parametrize("name", [*(f"fit0-{key}" for key in PICTURES), *CHARTS])
def test_no_picture_is_blank(screenshot: dict[str, np.ndarray], name: str) -> None:
    assert not is_blank(screenshot[name])


def test_pictures_of_one_plane_share_their_zoom(desktop: chromium.Page) -> None:
    desktop.run("Plotly.relayout('fit0-data', {'xaxis.range[0]': -1, 'xaxis.range[1]': 0.5, "
                "'yaxis.range[0]': -0.5, 'yaxis.range[1]': 1}).then(() => 0)")  # fmt: skip
    desktop.run("new Promise(done => setTimeout(done, 500))")
    ranges = {key: desktop.run(f"document.getElementById('fit0-{key}').layout.xaxis.range") for key in PICTURES}
    assert ranges.pop("source") != pytest.approx([-1.0, 0.5])
    assert all(value == pytest.approx([-1.0, 0.5], abs=1e-6) for value in ranges.values())
    desktop.run("document.querySelector('[data-reset]').click()")
    desktop.run("new Promise(done => setTimeout(done, 500))")
    assert desktop.run("document.getElementById('fit0-model').layout.xaxis.range") == pytest.approx([-2.0, 2.0])


def test_mouse_drags_a_zoom(desktop: chromium.Page) -> None:
    desktop.run("document.getElementById('fit0-model').scrollIntoView({behavior: 'instant', block: 'center'})")
    box = desktop.run("(() => { const b = document.querySelector('#fit0-model .nsewdrag').getBoundingClientRect();"
                      " return [b.left, b.top, b.width, b.height]; })()")  # fmt: skip
    left, top, width, height = box
    desktop.drag((left + 0.25 * width, top + 0.25 * height), (left + 0.5 * width, top + 0.5 * height))
    desktop.run("new Promise(done => setTimeout(done, 800))")
    for key in ("model", "residuals"):
        found = desktop.run(f"document.getElementById('fit0-{key}').layout.xaxis.range")
        assert found == pytest.approx([-1.0, 0.0], abs=0.1)
    desktop.run("document.querySelector('[data-reset]').click()")


def test_hover_says_place_and_value(desktop: chromium.Page) -> None:
    text = desktop.run(
        "(() => { Plotly.Fx.hover('fit0-data', [{xval: 0.05, yval: 0.05, curveNumber: 0}]);"
        " return document.querySelector('#fit0-data .hoverlayer').textContent; })()"
    )
    value = desktop.run("document.getElementById('fit0-data').data[0].customdata[19][20]")
    assert "x 0.050″" in text and "y 0.050″" in text and f"{value:.4g}" in text


def test_stretch_and_lines_can_be_chosen(desktop: chromium.Page) -> None:
    count = "document.getElementById('fit0-data').data.length"
    top = "document.getElementById('fit0-data').data[0].zmax"
    assert desktop.run(count) == 2
    stretched = desktop.run(top)
    desktop.run("document.querySelector('[data-lines]').click()")
    desktop.run("document.querySelector('[data-stretch=linear]').click()")
    desktop.run("new Promise(done => setTimeout(done, 300))")
    assert desktop.run(count) == 1
    assert desktop.run(top) != stretched
    desktop.run("document.querySelector('[data-lines]').click()")
    desktop.run("document.querySelector('[data-stretch=asinh]').click()")


def test_table_sorts_by_a_click(desktop: chromium.Page) -> None:
    column = "[...document.querySelectorAll('#parameters tbody')][0].rows"
    desktop.run("document.querySelectorAll('#parameters th button')[1].click()")
    values = desktop.run(f"[...{column}].map(row => Number(row.cells[1].dataset.v))")
    assert values == sorted(values) and len(values) == 5


def test_parameters_of_the_corner_can_be_chosen(desktop: chromium.Page) -> None:
    panels = "document.getElementById('corner').data.filter(t => t.mode === 'lines').length"
    assert desktop.run(panels) == 6
    desktop.run("[...document.querySelectorAll('#choices button')].find(b => b.ariaPressed === 'true').click()")
    assert desktop.run(panels) == 5


def test_button_turns_the_page_dark_and_back(desktop: chromium.Page) -> None:
    colour = "document.getElementById('fit0-rings').layout.font.color"
    light = desktop.run(colour)
    desktop.run("document.getElementById('theme').click()")
    desktop.run("new Promise(done => setTimeout(done, 300))")
    assert desktop.run("document.documentElement.dataset.theme") == "dark"
    assert desktop.run(colour) != light
    desktop.run("document.getElementById('theme').click()")
    assert desktop.problems == []


def test_images_have_words_for_those_who_cannot_see(desktop: chromium.Page) -> None:
    assert desktop.run("[...document.querySelectorAll('img')].filter(i => !i.alt).length") == 0
    assert desktop.run("[...document.querySelectorAll('.canvas')].filter(i => !i.ariaLabel).length") == 0


def test_script_that_got_in_would_not_run(desktop: chromium.Page) -> None:
    desktop.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked = 1\">')")
    desktop.run("document.body.append(Object.assign(document.createElement('script'), {text: 'window.hacked = 1'}))")
    answer = desktop.run("fetch('https://localhost:1/').then(() => 'answered', error => 'refused')")
    desktop.run("new Promise(done => setTimeout(done, 300))")
    assert desktop.run("typeof window.hacked") == "undefined"
    assert answer == "refused"
    assert any("Content Security Policy" in problem for problem in desktop.problems)
    desktop.shown = ()  # no other test gets this page


@pytest.mark.parametrize("which", ["report", "sample"])
def test_page_fits_a_phone_in_the_dark(which: str, tab: chromium.Page, request: pytest.FixtureRequest) -> None:
    page = tab.show(request.getfixturevalue(which), width=390, height=844, dark=True, touch=True)
    assert page.run("document.documentElement.scrollWidth") <= 390
    assert page.run("document.documentElement.dataset.theme") == "dark"
    assert page.problems == []


def test_sample_filters_sorts_and_leads_to_the_fits(tab: chromium.Page, sample: Path) -> None:
    page = tab.show(sample)
    shown = "[...document.querySelectorAll('#fits tbody tr')].filter(r => !r.hidden).map(r => r.cells[0].innerText)"
    assert page.run(shown) == ["a", "b", "torn", "zebra"]
    page.run("document.querySelectorAll('#fits th button')[1].click()")
    assert page.run(shown) == ["b", "a", "zebra", "torn"]
    page.run("document.querySelector('button[data-grade=problem]').click()")
    assert page.run(shown) == ["b", "a", "zebra"]
    page.run("(f => { f.value = 'ZEBRA'; f.dispatchEvent(new Event('input')); })(document.getElementById('filter'))")
    assert page.run(shown) == ["zebra"]
    assert not is_blank(figures_of(page)["scatter"])
    link = page.run("document.querySelector('#fits a').getAttribute('href')")
    page.open(sample.parent / link)
    assert not is_blank(figures_of(page)["fit0-data"])
    assert page.run("typeof window.hacked") == "undefined"
    assert page.run("document.querySelectorAll('img[onerror], main script').length") == 0
    assert page.problems == []
